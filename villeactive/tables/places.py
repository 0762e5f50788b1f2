"""What a row asks of its place, and what it is told."""

import functools
from dataclasses import dataclass
from typing import NamedTuple

from villeactive.geography.gazetteer import communes
from villeactive.geography.referential import read_communes, row_by_row
from villeactive.geography.territories import Territory, region_of
from villeactive.tables.points import in_boxes

FOUND, CORRECTED, AMBIGUOUS, MISSING = "found", "corrected", "ambiguous", "missing"


class Asked(NamedTuple):
    """What a row says of its place; texts are empty where nothing is said.

    ``lon, lat``: degrees (WGS 84), None where no point is given.
    """

    name: str
    code: str
    departement: str
    region: str
    postcode: str
    address: str
    epci: str
    scale: str
    lon: float | None = None
    lat: float | None = None


def has_point(asked: Asked) -> bool:
    """Tell whether a point is given, in France."""
    return asked.lon is not None and in_boxes(asked.lon, asked.lat)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a row.

    ``scale`` is ``commune``, ``epci``, ``departement`` or ``region``; ``departement`` and
    ``region`` are the codes of those that hold it; ``drawn_at`` is the commune at which it is
    drawn; ``lon, lat`` are degrees (WGS 84); ``by`` are the roles of the cells that prove it;
    ``candidates`` are codes of communes, départements or régions, or SIREN of EPCI.
    """

    status: str
    scale: str | None = None
    code_insee: str | None = None
    siren: str | None = None
    departement: str | None = None
    region: str | None = None
    drawn_at: str | None = None
    lon: float | None = None
    lat: float | None = None
    by: tuple[str, ...] = ()
    reason_code: str | None = None
    reason: str = ""
    candidates: tuple[str, ...] = ()


def missing(reason_code: str, reason: str, candidates: tuple[str, ...] = ()) -> Place:
    """Return the answer of a row that has no place."""
    return Place(MISSING, reason_code=reason_code, reason=reason, candidates=candidates)


def ambiguous(reason_code: str, reason: str, candidates: list[str]) -> Place:
    """Return the answer of a row that may be at several places; of one alone, it is missing."""
    candidates = list(dict.fromkeys(candidates))
    if len(candidates) < 2:
        return missing(reason_code, reason, tuple(candidates))
    return Place(
        AMBIGUOUS,
        reason_code=reason_code,
        reason=reason,
        candidates=tuple(candidates),
    )


def town_hall(code: str) -> tuple[float, float]:
    """Return where a commune is drawn: longitude and latitude of its town hall."""
    return _town_halls()[code]


def at_commune(code: str, status: str, **said: object) -> Place:
    """Return the answer of a row placed in a commune, at its town hall unless a point is given."""
    lon, lat = said.pop("point", None) or town_hall(code)
    departement = communes()[code].departement
    return Place(
        status,
        scale="commune",
        code_insee=code,
        departement=departement,
        region=region_of(departement),
        drawn_at=code,
        lon=lon,
        lat=lat,
        **said,
    )


def at_territory(territory: Territory, status: str, **said: object) -> Place:
    """Return the answer of a row placed in an EPCI, a département or a région."""
    lon, lat = town_hall(territory.drawn_at)
    return Place(
        status,
        scale=territory.scale,
        siren=territory.code if territory.scale == "epci" else None,
        departement=territory.departement,
        region=territory.region,
        drawn_at=territory.drawn_at,
        lon=lon,
        lat=lat,
        **said,
    )


@functools.cache
def _town_halls() -> dict[str, tuple[float, float]]:
    return {code: (lon, lat) for code, lon, lat in row_by_row(read_communes(), "lon", "lat")}
