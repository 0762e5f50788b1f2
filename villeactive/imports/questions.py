"""Sites whose place is not sure, put together as questions that a hand settles once for all.

What a hand settled of one row alone (:mod:`villeactive.imports.by_row`) comes first.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from villeactive.collections.project import TERRITORY_SCALES
from villeactive.geography.gazetteer import communes, departement_names, old_names, place_key
from villeactive.geography.territories import territories_of
from villeactive.imports.identity import is_of_row, place_cells, site_keys
from villeactive.tables.asked import said_by
from villeactive.tables.places import (
    AMBIGUOUS,
    CORRECTED,
    MISSING,
    Place,
    at_commune,
    at_territory,
    missing,
)
from villeactive.tables.understanding import Understood
from villeactive.text import in_departement, typographic
from villeactive.vocabulary import label

NOWHERE = {"nowhere": True}
"""The decision that a row has no place."""

BY_HAND = "by_hand"
_BY_HAND = {"reason_code": BY_HAND, "reason": "placé à la main"}
DIVISIONS = ("departement", "region")
"""Scales whose noun is said with a name: that of an EPCI says what it is."""


@dataclass(frozen=True)
class Question:
    """Sites that say the same of their place, which is not sure.

    ``key`` names the question from one import to the next; ``cells`` is what they say, by header;
    ``rows`` are theirs in the table, each once, counted from 1; ``name`` is what they ask for.
    """

    key: str
    cells: dict[str, str]
    rows: tuple[int, ...]
    place: Place
    name: str


def question(understood: Understood, site: int) -> str:
    """Return what a site asks, as the key of a decision: its cells of place, by header."""
    return json.dumps(place_cells(understood, site), ensure_ascii=False, sort_keys=True)


def questions(understood: Understood, decisions: Mapping[str, Any] | None = None) -> list[Question]:
    """Return what is left to settle, the largest groups first.

    Parameters
    ----------
    understood
        The table, as understood.
    decisions
        What was settled by hand, by question or by row.
    """
    groups: dict[str, list[int]] = {}
    for site, (place, own) in enumerate(_by_row(understood, decisions or {})):
        if place.status in (AMBIGUOUS, MISSING) and not own:
            groups.setdefault(question(understood, site), []).append(site)
    left = [
        Question(
            key,
            {header: cell for header, cell in json.loads(key).items() if cell},
            tuple(row + 1 for row in understood.sites.rows_of(at)),
            understood.places[at[0]],
            said_by(understood.columns, understood.sites.rows[at[0]]).name,
        )
        for key, at in groups.items()
        if key not in (decisions or {})
    ]
    return sorted(left, key=lambda one: (-len(one.rows), one.rows))


def settled(understood: Understood, decisions: Mapping[str, Any]) -> list[Place]:
    """Return the place of each site, as settled by hand: by its row, else by its question."""
    places = []
    for site, (place, own) in enumerate(_by_row(understood, decisions)):
        if place.status in (AMBIGUOUS, MISSING):
            place = decided(place, decisions.get(question(understood, site)))
        places.append(decided(place, own))
    return places


def _by_row(
    understood: Understood, decisions: Mapping[str, Any]
) -> Iterator[tuple[Place, Mapping[str, Any] | None]]:
    """Give the place of each site as understood, and what was settled by hand of it alone."""
    if not any(map(is_of_row, decisions)):
        return zip(understood.places, repeat(None))
    return zip(understood.places, map(decisions.get, site_keys(understood)), strict=True)


def choices(place: Place, name: str) -> list[tuple[dict[str, str], str]]:
    """Return what a row may mean: decisions, each named with its département.

    A commune that bears another name than the one asked for says that it did « autrefois »; those
    that bear it today come first.

    Parameters
    ----------
    place
        As found; a code of two figures is of the division that its reason names.
    name
        The one asked for.
    """
    offered: list[tuple[dict[str, str], str]] = []
    once = _bore_it(name)
    for code in sorted(place.candidates, key=once.__contains__):
        if commune := communes().get(code):
            where = departement_names()[commune.departement]
            said = f"{in_departement(commune.name, commune.departement)}, {where}"
            said += f", autrefois {once[code]}" if code in once else ""
            offered.append(({"code_insee": code}, typographic(said)))
        elif epci := territories_of("epci").get(code):
            offered.append(({"siren": code}, f"{epci.name} ({epci.departement})"))
        else:
            offered += [
                ({scale: code}, f"{one.name} ({label('place_scales', scale).lower()})")
                for scale in DIVISIONS
                if (one := territories_of(scale).get(code)) and one.name in place.reason
            ]
    return offered


def _bore_it(name: str) -> dict[str, str]:
    """Map the communes that bore a name, and bear another, to that name."""
    key = place_key(name)
    return {
        one.code_insee: one.name
        for one in old_names()[0].get(key, ())
        if one.code_insee in communes() and place_key(communes()[one.code_insee].name) != key
    }


def decided(place: Place, decision: Mapping[str, Any] | None) -> Place:
    """Return the place of a row, as settled by hand where it was.

    Parameters
    ----------
    place
        As found.
    decision
        ``code_insee``, ``siren``, ``departement`` or ``region`` → code; :data:`NOWHERE`; None or
        empty where nothing was settled. One whose territory is no more, or is that of the place,
        leaves it as found: at its point, if it has one.
    """
    if not decision:
        return place
    if decision.get("nowhere"):
        return missing("no_town", "sans lieu, dit à la main")
    if code := decision.get("code_insee"):
        other = code in communes() and code != place.code_insee
        return at_commune(code, CORRECTED, **_BY_HAND) if other else place
    for key, scale in TERRITORY_SCALES.items():
        territory = territories_of(scale).get(decision.get(key, ""))
        if territory:
            return at_territory(territory, CORRECTED, **_BY_HAND)
    return place
