"""Rows whose place a hand settles one by one: which they are, and what is typed of each."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from villeactive.collections.project import TERRITORY_SCALES
from villeactive.geography.gazetteer import communes
from villeactive.geography.place_query import as_text
from villeactive.geography.territories import territories_of
from villeactive.imports.identity import site_keys
from villeactive.imports.questions import DIVISIONS, NOWHERE, choices
from villeactive.kept_with import kept_with_first
from villeactive.tables.agreement import is_named
from villeactive.tables.places import AMBIGUOUS, FOUND, MISSING, Asked, Place
from villeactive.tables.placing import place
from villeactive.tables.understanding import Understood
from villeactive.text import NBSP, enumeration, fold, fold_all, in_departement, number
from villeactive.vocabulary import label

NO_PLACE = "sans lieu"
_LINE = re.compile(r"ligne (\d{1,9})")
_DASHES = frozenset("-–—")
_CODES = {"commune": "code_insee", **{scale: key for key, scale in TERRITORY_SCALES.items()}}
"""Scale of a place → what a decision calls its code."""

_NAMED = 3
"""Candidates that a refusal names."""

_REMEDY = f"une commune, comme «{NBSP}Lens (62){NBSP}», ou son code INSEE"


def to_review(understood: Understood, decisions: Mapping[str, Any]) -> list[int]:
    """Return the sites that are not found as they are written, or were changed by hand."""
    keys, otherwise = site_keys(understood), _otherwise(understood)
    return [
        site
        for site, one in enumerate(understood.places)
        if one.status != FOUND or site in otherwise or decisions.get(keys[site])
    ]


@kept_with_first()
def _otherwise(understood: Understood) -> frozenset[int]:
    """Return the sites found in a commune that never bore the name they say, but for a slip."""
    named = [c.index for c in understood.columns if c.role == "name"]
    said = (
        next(filter(None, (as_text(row[index]) for index in named)), "")
        for row in understood.sites.rows
    )
    return frozenset(
        site
        for site, (name, one) in enumerate(zip(said, understood.places, strict=True))
        if name and one.scale == "commune" and not is_named(name, one.code_insee)
    )


def matching(understood: Understood, words: str) -> list[int]:
    """Return the sites whose cells hold all these words or their beginnings, or « ligne 12 »."""
    asked = fold(words)
    if line := _LINE.fullmatch(asked):
        lines = understood.table.lines
        return [site for site, row in enumerate(understood.sites.of) if lines[row] == int(line[1])]
    sought = [f" {word}" for word in asked.split()]
    return [
        site for site, text in enumerate(_texts(understood)) if all(word in text for word in sought)
    ]


@kept_with_first()
def _texts(understood: Understood) -> list[str]:
    """Return the words of each site, folded, each after a space."""
    return [f" {text}" for text in fold_all(" ".join(row) for row in understood.sites.rows)]


def meant(text: str) -> tuple[dict[str, Any] | None, Place | None]:
    """Return the decision that a text means, as a cell of the table would be read: never a guess.

    Returns
    -------
    tuple
        The decision, empty where nothing is typed, None where what is typed is not sure; and the
        place that it is, None where it is none.
    """
    said = " ".join(text.split())
    if not said:
        return {}, None
    if said in _DASHES or fold(said) == NO_PLACE:
        return dict(NOWHERE), None
    there = place(Asked(said, *[""] * 7))
    if there.status in (AMBIGUOUS, MISSING):
        return None, there
    code = _CODES[there.scale]
    return {code: getattr(there, code)}, there


def refused(line: int, text: str, there: Place) -> str:
    """Say in French why what is typed of a line is not sure, and what to type."""
    value = f"«{NBSP}{' '.join(text.split())[:60]}{NBSP}»"
    why = there.reason.rstrip(".")
    why = why[:1].lower() + why[1:]
    named = "non retenu" if value in why else f"{value} non retenu"
    offered = [written(decision) for decision, _ in choices(there, text)[:_NAMED]]
    remedy = enumeration(offered, last="ou") if offered else _REMEDY
    return f"Ligne {number(line)}, {named}{NBSP}: {why}{NBSP}; écrivez {remedy}."


def written(decision: Mapping[str, Any] | None) -> str:
    """Return what one types to mean a decision; empty where there is none."""
    if decision and decision.get("nowhere"):
        return NO_PLACE
    for scale, name in _CODES.items():
        if code := (decision or {}).get(name):
            return next(
                (text for text in _names(scale, code) if meant(text)[0] == {name: code}), code
            )
    return ""


def _names(scale: str, code: str) -> Sequence[str]:
    """Return how a territory may be named, the best first; nothing where it is no more."""
    if scale == "commune":
        one = communes().get(code)
        return [in_departement(one.name, one.departement)] if one else []
    territory = territories_of(scale).get(code)
    if territory is None:
        return []
    named = territory.name
    if scale in DIVISIONS:
        named = f"{label('place_scales', scale)} {named}"
    return [named, f"{territory.name} ({territory.departement})"]
