"""Tables as XLSX; a module of its own, since openpyxl is loaded only when a file is asked for."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from villeactive.documents.csv_geojson import defused
from villeactive.text import day as in_words
from villeactive.wording.sources import cited


def to_xlsx(
    table: pd.DataFrame, *, day: date, title: str, sources: Iterable[str] | None = None
) -> bytes:
    """Write a table as XLSX: one sheet of rows, one of sources; see :func:`to_workbook`."""
    return to_workbook({"Liste": table}, day=day, title=title, sources=sources)


def to_workbook(
    tables: Mapping[str, pd.DataFrame],
    *,
    day: date,
    title: str,
    sources: Iterable[str] | None = None,
) -> bytes:
    """Write tables as XLSX: a sheet each, then one of sources.

    Parameters
    ----------
    tables
        Name of the sheet → any table; every text cell is stored as text, never as a formula.
    day
        Date of the export.
    title
        What it holds, in words.
    sources
        As :func:`villeactive.wording.sources.credit_lines` gives them.

    Returns
    -------
    bytes
        Same tables and same day: same bytes.
    """
    book = Workbook()
    book.remove(book.active)
    for name, table in tables.items():
        _fill(book.create_sheet(name), table)
    about = book.create_sheet("Sources")
    about.column_dimensions["A"].width = 110
    for index, line in enumerate((title, f"Export du {in_words(day)}", *cited(sources)), start=1):
        _write(about.cell(index, 1), line)
    stamp = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    book.properties.title, book.properties.creator = about["A1"].value, "Ville active"
    book.properties.created = stamp
    stream = io.BytesIO()
    book.save(stream)
    return _dated(stream.getvalue(), day)


def _fill(sheet: Any, table: pd.DataFrame) -> None:
    """Write headings and rows."""
    for column, heading in enumerate(table.columns, start=1):
        _write(sheet.cell(1, column), heading).font = Font(bold=True)
        width = 60 if heading == "Résumé" else max(12, min(40, len(str(heading)) + 4))
        sheet.column_dimensions[get_column_letter(column)].width = width
    placed = []
    for column, heading in enumerate(table.columns if len(table) else (), start=1):
        first = sheet.cell(2, column)
        first.alignment = Alignment(vertical="top", wrap_text=heading == "Résumé")
        placed.append(copy(first._style))
    for index, row in enumerate(table.itertuples(index=False), start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(index, column)
            # an alignment given to each cell is looked for among all: most of the time it took
            cell._style = copy(placed[column - 1])
            _write(cell, value)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions


def _dated(data: bytes, day: date) -> bytes:
    """Replace the clock of an XLSX by a day: the same list on the same day is the same file."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in given.namelist():
            content = given.read(entry)
            if entry == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*",
                    rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode(),
                    content,
                )
            info = zipfile.ZipInfo(entry, date_time=(day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, content)
    return stream.getvalue()


def _write(cell: Any, value: Any) -> Any:
    """Store a value; a text stays a text whatever it begins with."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return cell
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value != defused(value)
    return cell
