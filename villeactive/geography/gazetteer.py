"""The names of places, indexed once: current and former names, codes, postcodes, spellings.

Every index is built on first use and kept; none is to be changed by who reads it.
"""

import functools
import re
from typing import NamedTuple

from villeactive.geography import referential
from villeactive.geography.spelling import compact
from villeactive.text import fold

USUAL = "usuel"
"""Kind of a name in use that INSEE never gave."""

ARTICLES = ("l", "le", "la", "les", "aux", "au", "las", "los")


class Candidate(NamedTuple):
    """A commune that the question may have meant; ``population`` is municipal, 2023."""

    code_insee: str
    name: str
    departement: str
    departement_name: str
    population: int


OUTSIDE = ("975", "977", "978", "984", "986", "987", "988", "989")
"""Overseas collectivities: what is there is outside the atlas."""

_OUTSIDE_NAMES = (
    "Saint-Pierre-et-Miquelon",
    "Terres australes et antarctiques françaises",
    "TAAF",
    "Wallis-et-Futuna",
    "Polynésie française",
    "Nouvelle-Calédonie",
    "Clipperton",
)
_OUTSIDE_ISLANDS = ("saint barthelemy", "saint martin")
_OLD_OUTSIDE_CODES = frozenset({"97123", "97127"})  # Saint-Barthélemy and Saint-Martin until 2007
_OUTSIDE_POSTCODES = frozenset({"97133", "97150"})

_OLD_DEPARTEMENTS = {
    "Basses-Alpes": "04",
    "Basses-Pyrénées": "64",
    "Charente-Inférieure": "17",
    "Côtes-du-Nord": "22",
    "Loire-Inférieure": "44",
    "Seine": "75 92 93 94",
    "Seine-et-Oise": "78 91 92 93 94 95",
    "Seine-Inférieure": "76",
}
"""Names of départements that are gone, and the départements of today on their land."""

_ALSO_DEPARTEMENTS = {
    "985": "976",
    "6AE": "67 68",
    "Collectivité européenne d'Alsace": "67 68",
    "Guyane française": "973",
    "Île de la Réunion": "974",
}
"""What else is written for départements; 6AE is the code of the collectivité of two."""

_OLD_REGIONS = {
    "Alsace": "67 68",
    "Aquitaine": "24 33 40 47 64",
    "Auvergne": "03 15 43 63",
    "Basse-Normandie": "14 50 61",
    "Bourgogne": "21 58 71 89",
    "Centre": "18 28 36 37 41 45",
    "Champagne-Ardenne": "08 10 51 52",
    "Franche-Comté": "25 39 70 90",
    "Haute-Normandie": "27 76",
    "Languedoc-Roussillon": "11 30 34 48 66",
    "Limousin": "19 23 87",
    "Lorraine": "54 55 57 88",
    "Midi-Pyrénées": "09 12 31 32 46 65 81 82",
    "Nord-Pas-de-Calais": "59 62",
    "Picardie": "02 60 80",
    "Poitou-Charentes": "16 17 79 86",
    "Rhône-Alpes": "01 07 26 38 42 69 73 74",
}
"""Régions before 2016 whose name is gone, and their départements."""


@functools.cache
def departements() -> dict[str, frozenset]:
    """Map folded numbers and names of départements and régions to codes of départements.

    20 is the old number of all Corsica, 97 begins those of the five overseas.
    """
    table = referential.read_departements()
    corsica = frozenset({"2A", "2B"})
    overseas = frozenset(code for code in table.index if code.startswith("97"))
    names: dict[str, frozenset] = {"20": corsica, "97": overseas}
    for code, name in referential.read_regions().name.items():
        names[fold(name)] = names[without_article(name)] = frozenset(
            table.index[table.region == code]
        )
    for name, codes in _OLD_REGIONS.items():
        names.setdefault(fold(name), frozenset(codes.split()))
    names["20a"], names["20b"] = frozenset({"2A"}), frozenset({"2B"})
    for name, code in (_OLD_DEPARTEMENTS | _ALSO_DEPARTEMENTS).items():
        names[fold(name)] = frozenset(code.split())
    for code, name in table.name.items():
        for key in (code.lower(), code.lstrip("0").lower(), fold(name), without_article(name)):
            names[key] = frozenset({code})
    return names


@functools.cache
def former_departements() -> dict[str, str]:
    """Map the folded names of départements that are gone to these names."""
    return {fold(name): name for name in _OLD_DEPARTEMENTS}


@functools.cache
def departement_names() -> dict[str, str]:
    """Map the code of each département to its name."""
    return referential.read_departements().name.to_dict()


@functools.cache
def arrondissements() -> frozenset[str]:
    """Names of the arrondissements of Paris, Lyon and Marseille."""
    known = (row for rows in old_names()[0].values() for row in rows)
    return frozenset(row.name for row in known if row.kind == "arrondissement")


@functools.cache
def territories() -> frozenset[str]:
    """Folded names of territories which, alone, name no commune for sure; Paris does."""
    return frozenset(key for key in departements() if not key[0].isdigit()) - {"paris"}


@functools.lru_cache(4096)
def departement_codes(cell: str) -> frozenset[str] | None:
    """Codes of the départements that a cell means, several for a région, 20 or 97.

    Parameters
    ----------
    cell
        ``62``, ``062``, ``62.0``, ``D62``, ``2a``, ``20A``, a name (old ones too) with or without
        its article, ``62 - Pas-de-Calais``, ``Pas-de-Calais (62)``, a région.

    Returns
    -------
    frozenset of str or None
        None when the cell means no département of the atlas.
    """
    key = fold(cell)
    if key in departements():
        return departements()[key]
    number = _NUMBER.fullmatch(key)
    if number:
        return departements().get(number[1].lower())
    parts = re.findall(r"\b0?(\d{1,3}|2[ab])\b", key)
    if len(parts) != 1:
        return None
    codes = departements().get(parts[0])
    words = re.sub(r"\b(\d{1,3}|2[ab])\b", " ", key)
    words = re.sub(r"^ *(?:departement|dept?|d)\b", " ", words)
    named = departements().get(" ".join(words.split()))
    return codes if codes and (not words.strip() or named == codes) else None


_NUMBER = re.compile(r"(?:fr|d|dep|dept|departement|no|n)? ?0*(\d{1,3}|2[ab])(?: 0)?")


@functools.cache
def outside_names() -> frozenset[str]:
    """Folded names of the communes and territories of the overseas collectivities."""
    return frozenset(map(fold, [*referential.read_outside().name, *_OUTSIDE_NAMES]))


def is_outside(*, code: str = "", postcode: str = "", departement: str = "") -> bool:
    """Tell whether a code, a postcode or a département is of an overseas collectivity."""
    if code in _OLD_OUTSIDE_CODES or postcode in _OUTSIDE_POSTCODES:
        return True
    if any(number[:3] in OUTSIDE for number in (code, postcode) if len(number) == 5):
        return True
    return bool(departement) and _is_outside_departement(departement)


@functools.lru_cache(4096)
def _is_outside_departement(cell: str) -> bool:
    asked = fold(cell)
    return asked[:3] in OUTSIDE or asked in {*map(fold, _OUTSIDE_NAMES), *_OUTSIDE_ISLANDS}


@functools.cache
def communes() -> dict[str, Candidate]:
    """Map code to its candidate."""
    columns = ("name", "departement", "departement_name", "population")
    rows = referential.row_by_row(referential.read_communes(), *columns)
    return {row[0]: Candidate(*row) for row in rows}


@functools.cache
def current_names() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Map folded names to codes: as they are, and without their article."""
    full: dict[str, list[str]] = {}
    bare: dict[str, list[str]] = {}
    for code, row in communes().items():
        key = place_key(row.name)
        full.setdefault(key, []).append(code)
        if "(" in row.name:
            key = place_key(row.name.partition(" (")[0])
        bare.setdefault(_without_article(key), []).append(code)
    return full, bare


class Former(NamedTuple):
    """A name that a commune bore: of which commune today, as what, lost in which year."""

    code_insee: str
    name: str
    kind: str
    until: str


@functools.cache
def old_names() -> tuple[dict[str, list[Former]], dict[str, list[Former]]]:
    """Map folded former and usual names to who bore them: as is, and without article."""
    full: dict[str, list[Former]] = {}
    bare: dict[str, list[Former]] = {}
    former = referential.read_old_communes().set_index("code_insee")
    usual = referential.read_usual_names()
    rows = [
        Former(*row) for row in referential.row_by_row(former, "name", "type", "until") if row[1]
    ]
    rows += [Former(code, name, USUAL, "") for name, code in usual.itertuples(index=False)]
    for row in rows:
        key = place_key(row.name)
        full.setdefault(key, []).append(row)
        bare.setdefault(_without_article(key), []).append(row)
    return full, bare


@functools.cache
def old_codes() -> dict[str, Former]:
    """Map former codes to what bore them; current codes are not in it."""
    table = referential.read_old_communes().set_index("code")
    rows = referential.row_by_row(table, "code_insee", "name", "type", "until")
    return {old: Former(*now) for old, *now in rows if old not in communes()}


@functools.cache
def postcodes() -> tuple[dict[str, frozenset], dict[str, frozenset]]:
    """Map commune to postcodes, and postcode to communes."""
    rows = referential.row_by_row(referential.read_postcodes(), "postcodes")
    of_commune = {code: frozenset(text.split()) for code, text in rows}
    communes: dict[str, set] = {}
    for code, postcodes in of_commune.items():
        for postcode in postcodes:
            communes.setdefault(postcode, set()).add(code)
    return of_commune, {postcode: frozenset(codes) for postcode, codes in communes.items()}


@functools.cache
def compact_names() -> dict[str, frozenset[str]]:
    """Map names run together to the folded names, current or former, that they are."""
    found: dict[str, set[str]] = {}
    for key in (*current_names()[0], *old_names()[0]):
        found.setdefault(compact(key), set()).add(key)
    return {run: frozenset(keys) for run, keys in found.items()}


@functools.cache
def names_in() -> dict[str, list[tuple[str, str]]]:
    """Map each département to the sorted (folded name, code) of its communes, former ones too."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, names in names_of().items():
        found.setdefault(communes()[code].departement, []).extend((n, code) for n in names)
    return {departement: sorted(names) for departement, names in found.items()}


@functools.cache
def every_name() -> list[tuple[str, str]]:
    """List the (folded name, code) of every commune, current and former, sorted."""
    return sorted(pair for names in names_in().values() for pair in names)


@functools.cache
def name_holders() -> dict[str, dict[str, list[str]]]:
    """Map each département to the communes of each folded name there, former ones too."""
    found: dict[str, dict[str, list[str]]] = {}
    for departement, names in names_in().items():
        there = found.setdefault(departement, {})
        for name, code in names:
            there.setdefault(name, []).append(code)
    return found


@functools.cache
def names_by_length() -> dict[str, dict[int, list[str]]]:
    """Map each département to its folded names by number of letters."""
    found: dict[str, dict[int, list[str]]] = {}
    for departement, names in name_holders().items():
        there = found.setdefault(departement, {})
        for name in names:
            there.setdefault(len(name), []).append(name)
    return found


@functools.cache
def holders() -> dict[str, list[str]]:
    """Map every folded name, current or former, to the communes that bear or bore it."""
    found: dict[str, list[str]] = {}
    for name, code in every_name():
        found.setdefault(name, []).append(code)
    return found


@functools.cache
def spellings() -> dict[str, list[str]]:
    """Map the letters that tell a name most and its rough length to the names spelt so.

    Where a nearest spelling is looked for: a small part of all.
    """
    found: dict[str, list[str]] = {}
    for name in holders():
        for key in spelling_keys(name, reach=0):
            found.setdefault(key, []).append(name)
    return found


def spelling_keys(key: str, *, reach: int = 1) -> set[str]:
    """Keys of :func:`spellings` under which a name stands, or near ones with ``reach``."""
    words = [w for w in key.split() if w not in _COMMON_WORDS] or key.split() or [""]
    size = len(key) // 3
    sizes = range(size - reach, size + reach + 1)
    return {f"{words[0][:2]}{n}" for n in sizes} | {f"{words[-1][-3:]}/{n}" for n in sizes}


_COMMON_WORDS = frozenset({*ARTICLES, "saint", "sainte", "sur", "en", "de", "du", "des", "d"})


def place_key(name: str) -> str:
    """Fold the name of a place; « lez » and « lès » are one."""
    return _LEZ.sub("les", fold(name))


_LEZ = re.compile(r"(?<= )lez\b")


def without_article(name: str) -> str:
    """Fold a name and take its leading article off."""
    return _without_article(fold(name))


def _without_article(key: str) -> str:
    """Take the leading article off a folded name."""
    first, _, rest = key.partition(" ")
    return rest if rest and first in ARTICLES else key


@functools.cache
def names_of() -> dict[str, frozenset]:
    """Map each commune to the folded names that it bears or bore, with and without article."""
    names: dict[str, set] = {}
    for table in current_names():
        for key, codes in table.items():
            for code in codes:
                names.setdefault(code, set()).add(key)
    for table in old_names():
        for key, rows in table.items():
            for row in rows:
                names.setdefault(row[0], set()).add(key)
    return {code: frozenset(keys) for code, keys in names.items()}


def rows(codes: list[str]) -> tuple:
    """Give candidates by population, the largest first; ties by code."""
    return tuple(sorted((communes()[c] for c in set(codes)), key=lambda r: (-r[4], r[0])))


def departements_of(postcode: str) -> frozenset:
    """Give the départements that use a postcode; an unknown one begins with its département."""
    used = frozenset(communes()[code][2] for code in postcodes()[1].get(postcode, ()))
    head = postcode[:3] if postcode.startswith("97") else postcode[:2]
    return used or departements().get(head, frozenset())
