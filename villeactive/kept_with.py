"""What is made of an object, kept with it: it lives as long as the object, no longer."""

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import RLock
from typing import Any, TypeVar

Made = TypeVar("Made")

_KEPT = "_villeactive_kept"


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
            kept = first.__dict__.setdefault(_KEPT, {})
            if name not in kept:
                kept[name] = lru_cache(most)(lambda *_, **__: _Once())
            return kept[name](*others, **named).of(make, first, *others, **named)

        return asked

    return keeping


class _Once:
    """One answer, made by the first who asks; the others wait for it."""

    def __init__(self) -> None:
        self._lock, self._made = RLock(), []

    def of(self, make: Callable[..., Made], *given: Any, **named: Any) -> Made:
        """Give the answer; what fails is made again."""
        with self._lock:
            if not self._made:
                self._made.append(make(*given, **named))
            return self._made[0]
