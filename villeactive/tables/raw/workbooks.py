"""XLSX and ODS → rows, by python-calamine."""

import io
import zipfile
from collections.abc import Iterable

import python_calamine

from villeactive.tables.raw.limits import (
    MAX_COLUMNS,
    RefusedError,
    as_cell,
    check_columns,
    check_rows,
)
from villeactive.tables.raw.ods_merged import Range, merged_down

Row = tuple[int, list[str]]


def read_workbook(data: bytes, sheet: str | None) -> tuple[list[Row], str, list[str]]:
    """Read one sheet of a workbook: the one asked for, else that with most rows of data.

    Returns
    -------
    tuple
        Rows, each with its number in the sheet (from 1), blank ones left out; name of the sheet;
        names of the sheets that are seen.
    """
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = book.sheet_names
            if sheet is not None and sheet not in names:
                shown = ", ".join(names[:8])
                raise RefusedError(f"il n’y a pas de feuille « {sheet[:60]} » ; feuilles : {shown}")
            seen = _visible(book)
            asked = [sheet] if sheet is not None else seen
            merged = _merged_in_ods(data)
            read = {
                name: _read_sheet(book.get_sheet_by_name(name), merged.get(name)) for name in asked
            }
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError("le classeur est abîmé, protégé ou hors norme") from error
    if not read:
        raise RefusedError("le classeur n’a pas de feuille")
    chosen = max(read, key=lambda name: _weight(read[name]))
    return read[chosen], chosen, seen


def _visible(book: python_calamine.CalamineWorkbook) -> list[str]:
    shown = python_calamine.SheetVisibleEnum.Visible
    sheets = [s for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    return [s.name for s in sheets if s.visible == shown] or [s.name for s in sheets]


def _weight(rows: list[Row]) -> int:
    """Return how many rows hold two cells or more."""
    return sum(sum(map(bool, row)) > 1 for _, row in rows) or int(bool(rows))


def _merged_in_ods(data: bytes) -> dict[str, list[Range]]:
    """Map the sheets of an ODS to their merged cells; those of an XLSX are read with it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return merged_down(archive) if "content.xml" in archive.namelist() else {}


def _read_sheet(sheet: python_calamine.CalamineSheet, merged: list[Range] | None) -> list[Row]:
    if sheet.start is None or sheet.end is None:
        return []
    # rows come from the first of the sheet, cells from the first column that is filled
    offset = sheet.start[1]
    kept: list[Row] = []
    known: dict[str, str] = {}  # one text for equal cells
    down = _merged_down(merged or sheet.merged_cell_ranges or ())
    above: dict[int, str] = {}
    widest = 0
    for index, cells in enumerate(sheet.iter_rows()):
        texts = [known.setdefault(text, text) for text in map(as_cell, cells)]
        for place, first, last in down.get(index, ()):
            column = place - offset
            if index == first and 0 <= column < len(texts):
                above[column] = texts[column]
            elif first < index <= last and 0 <= column < len(texts):
                texts[column] = above.get(column, "")
        if any(texts):
            widest = max(widest, _filled(texts))
            kept.append((index + 1, texts))
            check_rows(len(kept) - 100)
    check_columns(widest)
    return [(line, row[:widest]) for line, row in kept]


def _filled(texts: list[str]) -> int:
    for position in range(len(texts), 0, -1):
        if texts[position - 1]:
            return position
    return 0


def _merged_down(ranges: Iterable[Range]) -> dict[int, list[tuple[int, int, int]]]:
    """Map each row to the merged columns that cross it: column, first row, last row."""
    crossed: dict[int, list[tuple[int, int, int]]] = {}
    total = 0
    for (top, left), (bottom, _) in ranges:
        height = bottom - top
        total += height
        if not height or left >= MAX_COLUMNS or total > 1_000_000:
            continue
        for row in range(top, bottom + 1):
            crossed.setdefault(row, []).append((left, top, bottom))
    return crossed
