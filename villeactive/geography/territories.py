"""Territories wider than a commune: EPCI, départements, régions, today's and former ones."""

import functools
from dataclasses import dataclass

from villeactive.geography import referential
from villeactive.geography.gazetteer import communes
from villeactive.text import fold


@dataclass(frozen=True)
class Territory:
    """A territory, its communes of today and the one at which it is drawn.

    ``code`` is a SIREN at scale ``epci``; ``former`` is a French note (« nom de 2019 ») or empty.
    """

    scale: str
    code: str
    name: str
    nature: str
    communes: tuple[str, ...]
    drawn_at: str
    departement: str | None
    region: str
    former: str = ""


@functools.cache
def sirens() -> dict[str, Territory]:
    """Map SIREN to EPCI, today's and those gone since the year of the former table."""
    members: dict[str, list[str]] = {}
    for code, siren in referential.row_by_row(referential.read_communes(), "epci"):
        if siren:
            members.setdefault(siren, []).append(code)
    for siren, code in referential.read_ept_communes().itertuples(index=False):
        members.setdefault(siren, []).append(code)
    found = {}
    for siren, name, nature in referential.read_epci().itertuples():
        found[siren] = _epci(siren, name, nature, members[siren], "")
    for siren, name, nature, codes, year in referential.read_former_epci().itertuples(index=False):
        if siren not in found:
            note = f"intercommunalité de {year}, disparue depuis"
            found[siren] = _epci(siren, name, nature, codes.split(), note)
    return found


def _epci(siren: str, name: str, nature: str, codes: list[str], former: str) -> Territory:
    seat = max(codes, key=lambda code: (communes()[code].population, code))
    where = communes()[seat].departement
    return Territory(
        "epci", siren, name, nature, tuple(codes), seat, where, _region_codes()[where], former
    )


def region_of(departement: str) -> str:
    """Return the code of the région of a département."""
    return _region_codes()[departement]


@functools.cache
def _region_codes() -> dict[str, str]:
    return referential.read_departements().region.to_dict()


@functools.cache
def divisions() -> dict[str, dict[str, Territory]]:
    """Map level (``departement, region, former``), then code to territory.

    Régions of before 2016 stand under ``former``, by folded name.
    """
    of: dict[str, dict[str, list[str]]] = {"departement": {}, "region": {}}
    table = referential.read_communes()
    for code, dep, reg in referential.row_by_row(table, "departement", "region"):
        of["departement"].setdefault(dep, []).append(code)
        of["region"].setdefault(reg, []).append(code)
    found: dict[str, dict[str, Territory]] = {"departement": {}, "region": {}, "former": {}}
    for level, code, name, seat, reg in referential.read_seats().itertuples(index=False):
        if level == "former_region":
            note = "région d’avant 2016"
            # its members are not known: those of the région of today that holds it
            found["former"][fold(name)] = Territory(
                "region", code, name, level, tuple(of["region"][reg]), seat, None, reg, note
            )
        else:
            dep = code if level == "departement" else None
            found[level][code] = Territory(
                level, code, name, level, tuple(of[level][code]), seat, dep, reg
            )
    return found


def territories_of(scale: str) -> dict[str, Territory]:
    """Map the codes of ``epci``, ``departement`` or ``region`` to the territories of today.

    EPCI gone since 2019 stand among the others, as their members of today.
    """
    return sirens() if scale == "epci" else divisions()[scale]


@functools.cache
def divisions_over(siren: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of the départements, then of the régions, that an EPCI touches."""
    held = {communes()[code].departement for code in sirens()[siren].communes}
    return tuple(sorted(held)), tuple(sorted({region_of(code) for code in held}))


@functools.cache
def departements_of(region: str) -> tuple[str, ...]:
    """Return the codes of the départements of a région."""
    return tuple(code for code, of in _region_codes().items() if of == region)
