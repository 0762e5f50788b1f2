"""What is made of an object, kept with it: it lives as long as the object, no longer."""

from collections.abc import Callable
from functools import lru_cache, partial, wraps
from typing import Any, TypeVar

Made = TypeVar("Made")

_MADE = "_villeactive_made"


def kept_with_first(most: int = 1) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
    """Keep what a function makes of its first argument with this very object.

    A cache of the process would hold the object for ever, or compare it by its values: what is
    made of an atlas, or of a frame, goes with it. Neither may change afterwards.

    Parameters
    ----------
    most
        How many answers are kept, for the other arguments, which can be hashed.
    """

    def keeping(make: Callable[..., Made]) -> Callable[..., Made]:
        name = f"{make.__module__}.{make.__qualname__}"

        @wraps(make)
        def asked(first: Any, *others: Any, **named: Any) -> Made:
            # in ``__dict__``: an atlas is frozen, and a frame would take an attribute for a column
            made = first.__dict__.setdefault(_MADE, {})
            if name not in made:
                made[name] = lru_cache(most)(partial(make, first))
            return made[name](*others, **named)

        return asked

    return keeping
