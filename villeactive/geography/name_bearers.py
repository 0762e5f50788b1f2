"""Who bears or bore a name, and where it is asked for."""

from rapidfuzz.distance import OSA

from villeactive.geography.gazetteer import (
    communes,
    current_names,
    departements_of,
    names_of,
    old_names,
    postcodes,
)
from villeactive.geography.name_variants import rewritten
from villeactive.geography.near_names import begun_in, longer, one_letter_off_in
from villeactive.geography.place_query import ARRONDISSEMENT, Question
from villeactive.geography.spelling import compact


def bears(code: str, key: str) -> bool:
    """Tell whether a commune bears or bore a name, for sure; its arrondissements are its own."""
    arrondissement = ARRONDISSEMENT.fullmatch(key)
    known = names_of()[code]
    written = {key, *(other for other, _ in rewritten(key))}
    return bool(
        written & known
        or (arrondissement and arrondissement[1] in known)
        or compact(key) in map(compact, known)
    )


def narrow(codes: list[str], asked: Question) -> list[str]:
    """Keep the communes of the département, then of the postcode, or of its département."""
    kept = list(dict.fromkeys(codes))
    if asked.departements:
        kept = [c for c in kept if communes()[c][2] in asked.departements]
    if not asked.postcode:
        return kept
    exact = [c for c in kept if asked.postcode in postcodes()[0].get(c, ())]
    # A CEDEX postcode belongs to no commune of the table, but begins with its département.
    return exact or [c for c in kept if communes()[c][2] in departements_of(asked.postcode)]


def named(asked: Question) -> list[str]:
    """Give the communes that bear or bore a name, wherever they are unless a place is asked."""
    codes: list[str] = []
    for current, old in zip(current_names(), old_names(), strict=True):
        codes += current.get(asked.key, [])
        codes += [row[0] for row in old.get(asked.key, [])]
        if codes:
            break
    return codes


def near_of_postcode(asked: Question, here: list[str]) -> list[str]:
    """Give the communes of the postcode asked that are named nearly so, when none found is of it.

    « Houdemont, 54330 »: Houdemont has another postcode, and Houdelmont has this one.
    """
    there = postcodes()[1].get(asked.postcode, frozenset())
    if not there or there & set(here):
        return []
    return sorted(
        code
        for code in there
        if any(
            name.startswith(f"{asked.key} ") or OSA.distance(name, asked.key, score_cutoff=1) <= 1
            for name in names_of()[code]
        )
    )


def is_slip(key: str, code: str) -> bool:
    """Tell whether a name that no commune bears is one of a commune's, short, long or misspelt.

    Its whole words begin the commune's name, or go on after it, or one letter is off; no other
    commune of the département has a name as near.
    """
    where = [communes()[code].departement]
    near = begun_in(where, key) | set(longer(key, where)) | set(one_letter_off_in(where, key))
    return near == {code}
