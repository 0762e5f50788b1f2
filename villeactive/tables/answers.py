"""Distinct questions → places: what was answered is remembered from one table to the next."""

from itertools import islice

import numpy as np

from villeactive.tables.asked import Questions
from villeactive.tables.places import Place
from villeactive.tables.placing import place

_MANY = 200_000
"""Answers remembered at most: beyond, all are forgotten but those of the table at hand."""

_known: dict[tuple[str, ...], dict[tuple, Place]] = {}
"""Roles that say something → what they say → its place."""


def answers(questions: Questions) -> np.ndarray:
    """Return the place of each distinct question, in the order of the questions."""
    roles = tuple(questions.said)
    found = list(map(_known.setdefault(roles, {}).get, questions))
    new = {}
    if any(answer is None for answer in found):
        for kind, said in enumerate(questions):
            if found[kind] is None:
                found[kind] = new[said] = place(questions.asked(kind))
        if len(new) + sum(map(len, _known.values())) > _MANY:
            forget()
            new = dict(islice(zip(questions, found, strict=True), _MANY))
        _known.setdefault(roles, {}).update(new)
    told = np.empty(len(found), dtype=object)
    told[:] = found
    return told


def forget() -> None:
    """Forget every answer."""
    _known.clear()
