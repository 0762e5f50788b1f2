"""Whether a cell agrees with a commune: after spelling, lost zeros, former names and codes."""

import functools

from rapidfuzz.distance import OSA

from villeactive.geography.gazetteer import (
    USUAL,
    communes,
    current_names,
    departement_codes,
    departements,
    departements_of,
    names_of,
    old_codes,
    old_names,
    postcodes,
)
from villeactive.geography.locate import Location, current, locate
from villeactive.geography.name_bearers import bears
from villeactive.geography.place_query import as_code, question
from villeactive.geography.territories import region_of, sirens
from villeactive.tables import points, territories
from villeactive.tables.places import Asked, has_point
from villeactive.text import fold

_LONG = 8  # letters from which a name may be misspelt twice

CONTRADICTS = {
    "code": "code_contradicts",
    "name": "locality",
    "departement": "departement_contradicts",
    "region": "departement_contradicts",
    "epci": "departement_contradicts",
    "postcode": "postcode_contradicts",
    "point": "point_far",
}
"""Role of a cell set aside → reason; the first of those that do is the row's."""

_WHY = {
    "code": "le code «\u00a0{}\u00a0» est d’ailleurs ou inconnu",
    "name": "«\u00a0{}\u00a0» n’est pas un nom de commune",
    "departement": "le département «\u00a0{}\u00a0» n’est pas le sien",
    "region": "la région «\u00a0{}\u00a0» n’est pas la sienne",
    "epci": "l’intercommunalité «\u00a0{}\u00a0» n’est pas la sienne",
    "postcode": "le code postal «\u00a0{}\u00a0» n’est pas le sien",
    "point": "le point donné en est à plus de 2\u00a0km",
}


@functools.lru_cache(maxsize=200_000)
def find(name: str, departement: str = "", code: str = "", postcode: str = "") -> Location:
    """Return what ``locate`` answers to the cells of a row."""
    return locate(name, departement=departement, code_insee=code, postcode=postcode)


@functools.lru_cache(maxsize=50_000)
def commune_of_code(cell: str) -> str | None:
    """Return the commune of today of a code, current or former."""
    return current(as_code(cell)[0])


def agreeing(asked: Asked, code: str) -> tuple[list[str], list[str]]:
    """Return the roles of the cells that agree with a commune, and of those that do not."""
    agree, aside = [], []
    for role in ("code", "name", "departement", "region", "postcode", "epci"):
        cell = getattr(asked, role)
        if cell:
            (agree if _AGREES[role](cell, code) else aside).append(role)
    if has_point(asked):
        near = points.distance_m(code, asked.lon, asked.lat) <= points.NEAR_M
        (agree if near else aside).append("point")
    elif asked.lon is not None:
        aside.append("point")
    return agree, aside


def told_aside(asked: Asked, aside: list[str]) -> str:
    """Say in French which cells were set aside, and why."""
    said = [_WHY[role].format(getattr(asked, role, "")) for role in aside]
    joined = "\u00a0; ".join(said)
    return f"Cellule écartée\u00a0: {joined}." if said else ""


def is_former(asked: Asked, code: str) -> bool:
    """Tell whether a row names its commune by a name or a code that is gone."""
    old = old_codes().get(as_code(asked.code)[0]) if asked.code else None
    if old and old.kind != "arrondissement":
        return True
    return bool(asked.name) and _by_former_name(asked.name, code)


@functools.lru_cache(maxsize=50_000)
def _key(name: str) -> str:
    return question(name, None, None, None).key


@functools.lru_cache(maxsize=50_000)
def _by_former_name(name: str, code: str) -> bool:
    key = _key(name)
    if any(code in table.get(key, ()) for table in current_names()):
        return False
    rows = [row for table in old_names() for row in table.get(key, ())]
    kinds = {row.kind for row in rows if row.code_insee == code}
    return bool(kinds - {USUAL, "arrondissement"})


def is_named(name: str, code: str) -> bool:
    """Tell whether a commune bears or bore a whole name."""
    key = _key(name)
    return bool(key) and bears(code, key)


@functools.lru_cache(maxsize=200_000)
def name_agrees(name: str, code: str) -> bool:
    """Tell whether a name is a commune's, or is found in its département to be."""
    return is_named(name, code) or find(name, communes()[code].departement).code_insee == code


@functools.lru_cache(maxsize=50_000)
def near_spellings(name: str, departement: str) -> tuple[str, ...]:
    """Return the communes of which a name may be a misspelling, near a département or elsewhere."""
    key = _key(name)
    reach = 2 if len(key) >= _LONG else 1
    offered = (*find(name, departement).candidates, *find(name).candidates)
    return tuple(
        dict.fromkeys(
            one.code_insee
            for one in offered
            if any(
                OSA.distance(key, known, score_cutoff=reach) <= reach
                for known in names_of()[one.code_insee]
            )
        )
    )


def figure_agrees(role: str, figure: str, beside: str, cell: str) -> bool:
    """Tell whether a code or a postcode is of the town, or of the département, of another cell."""
    if figure in sirens():
        return True
    if role == "postcode":
        codes = postcodes()[1].get(question(None, None, None, figure).postcode, frozenset())
    else:
        codes = frozenset(filter(None, [commune_of_code(figure)]))
    if beside == "departement":
        return any(_departement_agrees(cell, code) for code in codes)
    return any(bears(code, _key(cell)) for code in codes)


@functools.lru_cache(maxsize=50_000)
def _departement_agrees(cell: str, code: str) -> bool:
    return communes()[code].departement in (departement_codes(cell) or ())


@functools.lru_cache(maxsize=50_000)
def _region_agrees(cell: str, code: str) -> bool:
    here = communes()[code].departement
    named = departements().get(fold(cell)) if not cell.isdigit() else None
    if named:
        return here in named
    region = territories.region(cell)
    return region is not None and region.region == region_of(here)


@functools.lru_cache(maxsize=100_000)
def _postcode_agrees(cell: str, code: str) -> bool:
    digits = question(None, None, None, cell).postcode
    known = postcodes()[1]
    if digits in known:
        return code in known[digits]
    # a CEDEX postcode is of no commune, but begins with its département
    return communes()[code].departement in departements_of(digits)


@functools.lru_cache(maxsize=50_000)
def _epci_agrees(cell: str, code: str) -> bool:
    bare = cell.replace(" ", "").removesuffix(".0")
    one = sirens().get(bare)
    found = [one] if one else territories.epci_named(cell)
    # a name that means no EPCI says nothing
    return not found or any(code in territory.communes for territory in found)


_AGREES = {
    "code": lambda cell, code: commune_of_code(cell) == code,
    "name": name_agrees,
    "departement": _departement_agrees,
    "region": _region_agrees,
    "postcode": _postcode_agrees,
    "epci": _epci_agrees,
}
