"""How sure a spelling is: the one notion that finding a place and choosing an answer share.

Two names are the same for sure when all their words are, once folded, or when one letter differs in
one word of five letters or more that names no territory (Marne is not Maine). Whether another place
is meant as well is for who asks to look up.
"""

import functools

from rapidfuzz.distance import OSA

from villeactive.geography import referential
from villeactive.text import fold

LEAST_LETTERS = 5
"""Letters of a word that may bear a slip."""


@functools.cache
def territory_words() -> frozenset[str]:
    """Words of the names of départements and régions, folded: two of them are never confused."""
    names = [*referential.read_departements().name, *referential.read_regions().name]
    return frozenset(word for name in names for word in fold(name).split() if len(word) > 3)


def one_letter_off(asked: str, name: str) -> bool:
    """Tell whether a name is another one with one slip: a letter more, less, changed or swapped.

    Parameters
    ----------
    asked, name
        Folded names.
    """
    mine, theirs = asked.split(), name.split()
    if len(mine) != len(theirs):
        return False
    apart = [pair for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1 or min(map(len, apart[0])) < LEAST_LETTERS:
        return False
    if any(word.isdigit() or word in territory_words() for word in apart[0]):
        return False
    return OSA.distance(*apart[0], score_cutoff=1) == 1


def compact(key: str) -> str:
    """Run the words of a folded name together: « roc h » and « roch » are then one."""
    return key.replace(" ", "")
