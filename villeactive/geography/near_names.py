"""Names near the one asked: those it cuts short, goes on after, or spells with a slip."""

import bisect
from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from villeactive.geography.gazetteer import (
    communes,
    every_name,
    holders,
    name_holders,
    names_by_length,
    names_in,
    rows,
    spelling_keys,
    spellings,
)
from villeactive.geography.name_variants import BARE_WORDS
from villeactive.geography.spelling import one_letter_off

_N_NEAREST = 5
_N_LONGER = 2  # of these, at most so many that only continue what was typed
_MIN_LIKENESS = 62  # of 100: below it a spelling is no help
_CLOSE = {"scorer": OSA.distance, "score_cutoff": 1}


def begun_in(where: Iterable[str], key: str) -> set[str]:
    """Give the communes there whose whole name begins what was asked: Cannes, of Cannes-sur-Mer."""
    words = key.split()
    heads = {" ".join(words[:size]) for size in range(1, len(words))} - BARE_WORDS
    holders = [name_holders()[place] for place in where]
    return {code for names in holders for head in heads for code in names.get(head, ())}


def one_letter_off_in(where: Iterable[str], key: str) -> list[str]:
    """Give the communes of some départements of whose names one letter is off."""
    close = set()
    for place in where:
        for size in (len(key) - 1, len(key), len(key) + 1):
            names = names_by_length()[place].get(size, [])
            for name, _, _ in process.extract_iter(key, names, **_CLOSE):
                close.update((name, code) for code in name_holders()[place][name])
    return [code for name, code in close if one_letter_off(key, name)]


def longer(key: str, where: Iterable[str] | None) -> list[str]:
    """Give the communes, of some départements, whose name goes on after the words asked."""
    codes = []
    for names in [names_in()[code] for code in where] if where else [every_name()]:
        start = bisect.bisect_left(names, (f"{key} ", ""))
        end = bisect.bisect_left(names, (f"{key} ~", ""))
        codes += [code for _, code in names[start:end]]
    return [row[0] for row in rows(codes)]


def nearest(key: str, where: frozenset[str] | None) -> tuple:
    """Give the communes whose name, current or former, is spelt most like the one asked.

    Sought among the names of the départements asked for; else among those that share the
    beginning or the end of the word that tells most.
    """
    if where:
        pools = [(list(name_holders()[code]), name_holders()[code]) for code in where]
    else:
        pools = [(spellings().get(part, []), holders()) for part in spelling_keys(key)]
    found = {
        (-score, name, code)
        for names, bearers in pools
        for name, score, _ in process.extract(
            key, names, scorer=fuzz.ratio, score_cutoff=_MIN_LIKENESS, limit=2 * _N_NEAREST
        )
        for code in bearers[name]
    }
    best = dict.fromkeys(longer(key, where)[:_N_LONGER])
    for _, _, code in sorted(found):
        if len(best) == _N_NEAREST:
            break
        best[code] = None
    return tuple(communes()[code] for code in best)
