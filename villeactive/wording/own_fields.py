"""What a table says of a project, in French words: the fields of its row, in their order."""

import math
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.collections.collection import Column
from villeactive.collections.own_columns import YEAR
from villeactive.collections.project import Project
from villeactive.facet_index import columns_of
from villeactive.filtering import Applied, amounts
from villeactive.text import NBSP, day, enumeration, number, plural

_TOLD = frozenset(
    ["title", "description", "organisation", "name", "code", "departement", "region", "postcode",
     "epci", "scale", "lon", "lat", "point"]
)  # fmt: skip
"""Roles of columns that the sheet tells otherwise: its title, its text, who, where."""

_WRITTEN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
LINK = re.compile(r"https?://[^\s<>\"]+")
"""An address that one may click."""


def own_fields(sheet: Project, atlas: Atlas) -> list[tuple[str, str]]:
    """List the fields of a sheet: header, then what its cell says.

    Returns
    -------
    list of (header, text)
        In the order of the columns; empty cells, and what the sheet tells otherwise, are left out.
        Euros and dates are written as in French; other cells stay as they are.
    """
    columns = {one.header: one for one in atlas.collection_of(sheet).columns}
    return [
        (header, _said(header, value, columns.get(header), sheet))
        for header, value in sheet.fields.items()
        if header not in columns or columns[header].role not in _TOLD
    ]


def _said(header: str, value: str | Sequence[str], column: Column | None, sheet: Project) -> str:
    if header in sheet.amounts:
        return exact_euros(sheet.amounts[header])
    cells = [value] if isinstance(value, str) else list(value)
    if column and column.type == "date":
        cells = list(map(_date, cells))
    if column and column.role == "link":  # a comma beside an address would be of it
        return f"{NBSP}; ".join(cells)
    return enumeration(cells)


def own_table(projects: pd.DataFrame, atlas: Atlas) -> pd.DataFrame:
    """Return what the tables say of projects: a row each, a column per header, as people sum them.

    Parameters
    ----------
    projects
        Rows of ``atlas.projects``, of one collection or several.
    atlas
        The atlas that has them.

    Returns
    -------
    DataFrame
        Index of ``projects``; columns in the order of the tables, one for each header, without
        what a list tells otherwise (title, place, who). Euros, numbers and years are numbers
        where each cell of the column is one; other cells are texts as they came, several values
        parted by a semicolon, None where there is nothing.
    """
    columns: dict[str, dict[str, Column]] = {}
    for name in projects["collection"].unique():
        for column in atlas.collections[name].columns:
            if column.role not in _TOLD:
                columns.setdefault(column.header, {})[name] = column
    told = {name for of in columns.values() for name in of}
    fields = [
        atlas.sheets.plain_of(id_).get("fields", {}) if name in told else {}
        for id_, name in projects["collection"].items()
    ]
    texts = {header: [_text(one.get(header)) for one in fields] for header in columns}
    return pd.DataFrame(
        {header: _counted(texts[header], projects.index, of, atlas)
         for header, of in columns.items()},
        index=projects.index,
    )  # fmt: skip


def _text(value: str | Sequence[str] | None) -> str | None:
    return value if value is None or isinstance(value, str) else " ; ".join(value)


def _counted(
    texts: list[str | None], ids: pd.Index, of: dict[str, Column], atlas: Atlas
) -> pd.Series:
    """Give the cells of a column as numbers where each is one, else as texts."""
    as_texts = pd.Series(texts, index=ids, dtype=object)
    kinds = {column.type for column in of.values()}
    own = atlas.own_columns[next(iter(of.values())).slug]
    if kinds == {"date"} and all(text is None or YEAR.fullmatch(text) for text in texts):
        given = own.numbers
    elif kinds in ({"amount"}, {"number"}):
        given = own.amounts if "amount" in kinds else own.numbers
    else:
        return as_texts
    numbers = pd.Series([given.get(id_, math.nan) for id_ in ids], index=ids, dtype=float)
    if (numbers.isna() & as_texts.notna()).any():
        return as_texts  # what is not read as a number is not lost
    return whole(numbers)


def whole(numbers: pd.Series) -> pd.Series:
    """Return numbers as whole ones where each is: a spreadsheet shows « 62000 », never « 62000,0 ».

    Parameters
    ----------
    numbers
        Floats; NaN where there is none.
    """
    return numbers.astype("Int64") if numbers.dropna().mod(1).eq(0).all() else numbers


def own_amounts(applied: Applied, atlas: Atlas) -> list[tuple[str, str]]:
    """Sum the euros of the tables over the projects of a selection, column by column.

    Returns
    -------
    list of (header, text)
        Columns are never added to each other; the projects without an amount are said.
    """
    said = []
    columns = columns_of(atlas.projects)
    own = np.zeros(len(columns), dtype=bool)
    own[applied.counted_rows] = True
    for column in atlas.own_columns.values():
        if not column.euros:
            continue
        there = own & columns.has("collection", column.priced)
        if not there.any():
            continue
        values = amounts(atlas, column.slug)[there]
        given = values[~np.isnan(values)].tolist()
        without = len(values) - len(given)
        gap = f" ({plural(without, 'projet')} sans montant)" if without else ""
        said.append((column.header, f"{exact_euros(math.fsum(given))}{gap}"))
    return said


def exact(value: float) -> str:
    """Write a number, to the hundredth where it is not whole."""
    return number(value, decimals=0 if value == round(value) else 2)


def exact_euros(value: float) -> str:
    """Write an amount in euros, to the cent where it has some."""
    return f"{exact(value)}{NBSP}€"


def _date(cell: str) -> str:
    """Write a date of a table in French words; what is no date stays as it is."""
    if found := _ISO.fullmatch(cell):
        return day(found[1])
    if found := _WRITTEN.fullmatch(cell):
        of, month, year = (int(part) for part in found.groups())
        if 1 <= of <= 31 and 1 <= month <= 12:
            return day(f"{year}-{month:02}-{of:02}")
    return cell
