"""The sites of a project → its places, why the others have none, its rows as they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from villeactive.store.records import SITES
from villeactive.tables.places import AMBIGUOUS, MISSING, Place, town_hall
from villeactive.tables.understanding import Understood
from villeactive.text import NBSP, enumeration, plural

_AT_THE_HALL = 2e-6
"""Degrees by which a point of six decimals may differ from the town hall and be it."""


@dataclass(frozen=True)
class Located:
    """Where a project is: ``places`` as it says them, each once; ``why`` of those not found.

    ``at`` has, for each site, its place among these, or None; ``reasons`` what is said of each.
    """

    places: list[dict[str, Any]]
    why: str
    at: list[int | None]
    reasons: list[str]


def located(understood: Understood, project: Sequence[int], places: Sequence[Place]) -> Located:
    """Return where a project is.

    Parameters
    ----------
    understood
        The table.
    project
        Its sites.
    places
        The place of each site of the table, as settled by hand where it was.
    """
    found: list[dict[str, Any]] = []
    at: list[int | None] = []
    reasons: list[str] = []
    for site in project:
        said = place_of(places[site])
        if said is not None and said not in found:
            found.append(said)
        at.append(None if said is None else found.index(said))
        reasons.append("" if said else _reason(understood, site, places[site], len(project)))
    return Located(found, " ".join(dict.fromkeys(filter(None, reasons))), at, reasons)


def place_of(place: Place) -> dict[str, Any] | None:
    """Return the place of a site as a project says it; None where it is not sure."""
    if place.status in (AMBIGUOUS, MISSING):
        return None
    if place.scale == "epci":
        return {"siren": place.siren}
    if place.scale in ("departement", "region"):
        return {place.scale: getattr(place, place.scale)}
    given = {"code_insee": place.code_insee}
    hall = town_hall(place.code_insee)
    if max(abs(place.lon - hall[0]), abs(place.lat - hall[1])) > _AT_THE_HALL:
        given |= {"lon": round(place.lon, 6), "lat": round(place.lat, 6)}
    return given


def rows_kept(understood: Understood, project: Sequence[int], where: Located) -> dict[str, Any]:
    """Return the rows of a project as :class:`villeactive.store.records.Record` keeps them."""
    rows = understood.table.rows
    held = understood.sites.rows_of(project)
    if len(held) == 1:
        return {c.header: cell for c in understood.columns if (cell := rows[held[0]][c.index])}
    cells = {c.header: [rows[row][c.index] for row in held] for c in understood.columns}
    said: dict[int, dict[str, Any]] = {row: {} for row in held}
    for site, at, why in zip(project, where.at, where.reasons, strict=True):
        one = said[understood.sites.of[site]]
        if at is None:
            one["why"] = " ".join(filter(None, [one.get("why"), why]))
        else:
            one.setdefault("at", at)
    return {header: told for header, told in cells.items() if any(told)} | {
        SITES: list(said.values())
    }


def gaps_said(unplaced: int, partly: int) -> str:
    """Say after a number of projects how many of them have no place, or not all of theirs."""
    said = [plural(unplaced, "non localisé", "non localisés")] if unplaced else []
    if partly:
        said.append(plural(partly, "localisé en partie", "localisés en partie"))
    return f", dont {enumeration(said)}" if said else ""


def _reason(understood: Understood, site: int, place: Place, sites: int) -> str:
    """Say why a site has no place; of several, which one it is."""
    if sites == 1:
        return place.reason
    row = understood.sites.rows[site]
    named = (row[c.index].strip() for c in understood.columns if c.role in ("name", "code"))
    name = next(filter(None, named), "")
    said = place.reason if name in place.reason else f"«{NBSP}{name}{NBSP}»{NBSP}: {place.reason}"
    return said if said.endswith(".") else f"{said}."
