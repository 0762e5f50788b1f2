"""A file → columns, places and problems: all that ``table`` tells and an import keeps."""

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from villeactive.tables import roles
from villeactive.tables.answers import Ask, answers
from villeactive.tables.asked import questions
from villeactive.tables.columns import PLACING, Column, recognise
from villeactive.tables.headers import Table, find_table
from villeactive.tables.mapping import Mapping, check_mapping
from villeactive.tables.oddities import formulas, straightened, without_impossible
from villeactive.tables.places import CORRECTED, FOUND, MISSING, Asked, Place, missing
from villeactive.tables.placing import place
from villeactive.tables.raw.limits import problem
from villeactive.tables.raw.reading import Raw, read_raw
from villeactive.tables.sites.identified import with_ids
from villeactive.tables.sites.spread import Sites, spread

_INDICATORS = 1_000
"""Rows, one a commune and of numbers only, from which a table is one of indicators."""

_NO_PLACE = "Aucune colonne ne dit un lieu : commune, code INSEE, code postal, adresse, point…"
NO_PLACE_COLUMN = missing("no_place_column", _NO_PLACE)
"""The answer to each row of a table that says no place."""


@dataclass(frozen=True)
class Understood:
    """A table of projects.

    ``sites`` are those of its projects, one a row unless ``mapping``, what a hand settled, says
    otherwise; ``places`` has one item a site.
    """

    raw: Raw
    table: Table
    columns: list[Column]
    sites: Sites
    places: list[Place]
    problems: list[dict[str, Any]]
    duplicates: list[tuple[int, int]]
    mapping: Mapping = field(default_factory=Mapping)


def understand(
    path: Path,
    *,
    sheet: str | None = None,
    mapping: Mapping | None = None,
    any_length: bool = False,
    ask: Ask = map,
) -> Understood:
    """Read a table, recognise its columns and place its rows; nothing is written.

    Parameters
    ----------
    path
        A CSV, XLSX, ODS, Parquet, GeoJSON or JSON file, known by its content.
    sheet
        Name of the sheet to read, instead of the one with most rows.
    mapping
        Roles settled by hand.
    any_length
        Whether rows may be of any number: the limit is that of pages, not of the terminal.
    ask
        Puts the distinct questions to who answers them.

    Raises
    ------
    DataFileError
        The file cannot be read, or the mapping is of another table.
    """
    mapping = mapping or Mapping()
    raw = read_raw(path, sheet=sheet or mapping.sheet, any_length=any_length)
    table = find_table(raw)
    check_mapping(mapping, table.headers, path.name)
    return placed(raw, table, mapping, ask)


def placed(raw: Raw, table: Table, mapping: Mapping, ask: Ask = map) -> Understood:
    """Recognise the columns of a table as read, and place its rows; see :func:`understand`."""
    columns = recognise(table, mapping.columns)
    if "rows" in mapping.sites:
        columns = with_ids(columns, table)
    table = without_impossible(table, columns)
    shifted: set[int] = set()
    if raw.kind != "parquet":  # whose values stand in columns of their own
        table, shifted = straightened(table, columns)
    sites, told = spread(columns, table.rows, mapping.sites)
    asked, swapped = questions(columns, sites.rows)
    problems = [*table.problems, *formulas(table), *told]
    if swapped:
        said = "Longitude et latitude sont inversées : elles sont lues à leur place."
        problems.append(problem(said, reason_code="axes_swapped"))
    if places_something(columns):
        places = answers(asked, ask)[asked.kinds].tolist()
        for site in [site for site, row in enumerate(sites.of) if row + 1 in shifted]:
            places[site] = put_back(asked.asked(asked.kinds[site]), places[site])
    else:
        problems.append(problem(_NO_PLACE, reason_code="no_place_column"))
        places = [NO_PLACE_COLUMN] * len(sites.rows)
    if _is_of_indicators(columns, places):
        said = "Une ligne par commune et des nombres seuls : des indicateurs, sans projet."
        problems.append(problem(said))
    twice = _duplicates(table.rows)
    return Understood(raw, table, columns, sites, places, problems, twice, mapping)


def places_something(columns: list[Column]) -> bool:
    """Tell whether a column of a table says where its rows are."""
    return any(column.role in PLACING for column in columns)


def put_back(asked: Asked, answer: Place) -> Place:
    """Tell a row put back that it was shifted; what its cells prove is a correction."""
    if answer.status == MISSING and ", " in asked.name:  # two cells that were one, joined again
        parts = [place(asked._replace(name=part)) for part in asked.name.split(", ")]
        if len({part.code_insee for part in parts}) == 1:
            answer = parts[0]
    status = CORRECTED if answer.status == FOUND else answer.status
    return replace(answer, status=status, reason_code="shifted")


def _duplicates(rows: list[list[str]]) -> list[tuple[int, int]]:
    """Return the pairs of rows whose cells are all the same, each with the first of its kind."""
    first: dict[tuple[str, ...], int] = {}
    pairs = []
    for number, row in enumerate(rows, start=1):
        earlier = first.setdefault(tuple(row), number)
        if earlier != number:
            pairs.append((earlier, number))
    return pairs


def _is_of_indicators(columns: list[Column], places: list[Place]) -> bool:
    """Tell a table of indicators: one row a commune, and nothing but numbers beside."""
    if len(places) < _INDICATORS:
        return False
    beside = [c for c in columns if c.role not in roles.PLACE_ROLES]
    worded = any(c.role in ("title", "description", "organisation", "link") for c in beside)
    drawn = Counter(p.code_insee for p in places if p.code_insee)
    alone = len(drawn) >= 0.95 * sum(drawn.values())
    numbers = [c for c in beside if c.type == "number"]
    return bool(not worded and drawn and alone and len(numbers) >= 0.7 * max(1, len(beside)))
