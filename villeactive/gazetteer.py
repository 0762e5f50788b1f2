"""The names of places, indexed once: current and former names, codes, postcodes, spellings.

Every index is built on first use and kept; none is to be changed by who reads it.
"""

import functools
from typing import NamedTuple

import numpy as np

from villeactive import referential
from villeactive.text import fold

ARTICLES = ("l", "le", "la", "les", "aux", "au", "las", "los")


class Candidate(NamedTuple):
    """A commune that the question may have meant; ``population`` is municipal, 2023."""

    code_insee: str
    name: str
    departement: str
    departement_name: str
    population: int


@functools.cache
def departements() -> dict[str, frozenset]:
    """Map folded numbers and names to départements; 20 is the old number of all Corsica."""
    names: dict[str, frozenset] = {"20": frozenset({"2A", "2B"}), "corse": frozenset({"2A", "2B"})}
    for code, name in referential.read_departements().name.items():
        for key in (code.lower(), code.lstrip("0").lower(), fold(name), without_article(name)):
            names[key] = frozenset({code})
    return names


@functools.cache
def communes() -> dict[str, Candidate]:
    """Map code to its candidate."""
    table = referential.read_communes()
    columns = [table[c] for c in ("name", "departement", "departement_name", "population")]
    return {row[0]: Candidate(*row) for row in zip(table.index, *columns, strict=True)}


@functools.cache
def current_names() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Map folded names to codes: as they are, and without their article."""
    full: dict[str, list[str]] = {}
    bare: dict[str, list[str]] = {}
    for code, row in communes().items():
        key = fold(row.name)
        full.setdefault(key, []).append(code)
        if "(" in row.name:
            key = fold(row.name.partition(" (")[0])
        bare.setdefault(_without_article(key), []).append(code)
    return full, bare


@functools.cache
def old_names() -> tuple[dict[str, list[tuple]], dict[str, list[tuple]]]:
    """Map folded former names to (current code, former name, type): as is, and without article."""
    full: dict[str, list[tuple]] = {}
    bare: dict[str, list[tuple]] = {}
    table = referential.read_old_communes()
    for name, kind, code in zip(table.name, table.type, table.code_insee, strict=True):
        if name:
            key = fold(name)
            full.setdefault(key, []).append((code, name, kind))
            bare.setdefault(_without_article(key), []).append((code, name, kind))
    return full, bare


@functools.cache
def old_codes() -> dict[str, tuple]:
    """Map former codes to (current code, former name, type); current codes are not in it."""
    table = referential.read_old_communes()
    rows = zip(table.code, table.code_insee, table.name, table.type, strict=True)
    return {old: (code, name, kind) for old, code, name, kind in rows if old not in communes()}


@functools.cache
def postcodes() -> tuple[dict[str, frozenset], dict[str, frozenset]]:
    """Map commune to postcodes, and postcode to communes."""
    table = referential.read_postcodes().postcodes
    of_commune = {code: frozenset(text.split()) for code, text in table.items()}
    communes: dict[str, set] = {}
    for code, postcodes in of_commune.items():
        for postcode in postcodes:
            communes.setdefault(postcode, set()).add(code)
    return of_commune, {postcode: frozenset(codes) for postcode, codes in communes.items()}


@functools.cache
def trigram_index() -> tuple[list[tuple[str, str]], dict[str, np.ndarray], np.ndarray]:
    """Index every name, current or former, by its trigrams."""
    names = [(key, code) for key, codes in current_names()[0].items() for code in codes]
    names += [(key, code) for key, rows in old_names()[0].items() for code, _, _ in rows]
    names.sort()
    postings: dict[str, list[int]] = {}
    for position, (key, _) in enumerate(names):
        for trigram in trigrams(key):
            postings.setdefault(trigram, []).append(position)
    sizes = np.array([len(trigrams(key)) for key, _ in names])
    return names, {t: np.array(p, dtype=np.int32) for t, p in postings.items()}, sizes


def trigrams(key: str) -> set[str]:
    """Cut a folded name into runs of three letters, its edges included."""
    padded = f"  {key} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


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
