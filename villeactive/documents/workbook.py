"""Tables as XLSX; a module of its own, since openpyxl is loaded only when a file is asked for."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from villeactive.documents.csv_geojson import defused
from villeactive.text import day as in_words
from villeactive.wording.sources import cited


def to_xlsx(table: pd.DataFrame, *, day: date, title: str) -> bytes:
    """Write a table as XLSX: one sheet of rows, one of sources; see :func:`to_workbook`."""
    return to_workbook({"Liste": table}, day=day, title=title)


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
    book = Workbook(write_only=True)  # rows go to a file as they come: thousands are never held
    for name, table in tables.items():
        _fill(book.create_sheet(name), table)
    about = book.create_sheet("Sources")
    about.column_dimensions["A"].width = 110
    lines = (title, f"Export du {in_words(day)}", *cited(sources))
    _told(about, 1, len(lines))
    for line in lines:
        about.append([_cell(about, line)])
    stamp = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    book.properties.title = _cell(about, title).value
    book.properties.creator = "Ville active"
    book.properties.created = stamp
    stream = io.BytesIO()
    book.save(stream)
    return _dated(stream.getvalue(), day)


def _fill(sheet: Any, table: pd.DataFrame) -> None:
    """Write headings and rows."""
    styles = []
    for column, heading in enumerate(table.columns, start=1):
        width = 60 if heading == "Résumé" else max(12, min(40, len(str(heading)) + 4))
        sheet.column_dimensions[get_column_letter(column)].width = width
        placed = WriteOnlyCell(sheet)
        placed.alignment = Alignment(vertical="top", wrap_text=heading == "Résumé")
        styles.append(placed._style)
    bold = WriteOnlyCell(sheet)
    bold.font = Font(bold=True)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = _told(sheet, len(table.columns), len(table) + 1)
    sheet.append([_cell(sheet, heading, bold._style) for heading in table.columns])
    for row in table.itertuples(index=False, name=None):
        sheet.append([_cell(sheet, v, style) for v, style in zip(row, styles, strict=True)])


def _dated(data: bytes, day: date) -> bytes:
    """Replace the clock of an XLSX by a day: the same list on the same day is the same file."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, date_time=(day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name == "docProps/core.xml":
                stamp = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode()
                told = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", stamp, given.read(name))
                made.writestr(entry, told)
                continue
            with given.open(name) as content, made.open(entry, "w") as copied:
                shutil.copyfileobj(content, copied)
    return stream.getvalue()


def _told(sheet: Any, columns: int, rows: int) -> str:
    """Say how large a sheet is before its rows are written, and give it."""
    extent = f"A1:{get_column_letter(max(1, columns))}{rows}"
    sheet.calculate_dimension = lambda: extent
    return extent


def _cell(sheet: Any, value: Any, style: Any = None) -> Cell:
    """Make a cell; a text stays a text whatever it begins with."""
    cell = WriteOnlyCell(sheet)
    if style is not None:  # shared: one looked for among all, cell by cell, takes most of the time
        cell._style = style
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return cell
    if not isinstance(value, str):
        cell.value = value
        return cell
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    if value != defused(value):
        cell._style = copy(cell._style)
        cell.quotePrefix = True
    return cell
