"""Distinct questions → places: what was answered is remembered from one table to the next."""

from collections.abc import Callable, Iterable
from itertools import islice

import numpy as np

from villeactive.tables.asked import Questions
from villeactive.tables.places import Asked, Place
from villeactive.tables.placing import place

_MANY = 200_000
"""Answers remembered at most: beyond, all are forgotten but those of the table at hand."""

_known: dict[tuple[str, ...], dict[tuple, Place]] = {}
"""Roles that say something → what they say → its place."""


Ask = Callable[[Callable[[Asked], Place], list[Asked]], Iterable[Place]]
"""Puts questions to who answers them, as ``map`` does."""


def answers(questions: Questions, ask: Ask = map) -> np.ndarray:
    """Return the place of each distinct question, in the order of the questions."""
    roles = tuple(questions.said)
    found = list(map(_known.setdefault(roles, {}).get, questions))
    if not all(found):
        kinds = [kind for kind, answer in enumerate(found) if answer is None]
        asked = list(map(questions.asked, kinds))
        for kind, answer in zip(kinds, ask(place, asked), strict=True):
            found[kind] = answer
        keys = list(questions)
        new = {keys[kind]: found[kind] for kind in kinds}
        if len(new) + sum(map(len, list(_known.values()))) > _MANY:
            forget()
            new = dict(islice(zip(keys, found, strict=True), _MANY))
        _known.setdefault(roles, {}).update(new)
    told = np.empty(len(found), dtype=object)
    told[:] = found
    return told


def forget() -> None:
    """Forget every answer."""
    _known.clear()
