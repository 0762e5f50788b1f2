"""Text → rows: CSV of any delimiter."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator

from villeactive.tables.raw.limits import MAX_CELL, UNPACKED_BYTES, check_columns, check_rows

_DELIMITERS = ";\t|,"
NAMES = {";": ";", "\t": "tab", "|": "|", ",": ","}
_SAMPLE = 200


def read_delimited(text: str) -> tuple[list[tuple[int, list[str]]], str | None, bool]:
    """Cut a text into rows.

    Returns
    -------
    tuple
        Rows, each with its line in the file (from 1), blank ones included; the delimiter
        (None for a single column); whether quotes had to be taken as mere characters.
    """
    csv.field_size_limit(UNPACKED_BYTES)
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"sep=(.)\r?", first)
    skipped = 1 if told and rest else 0
    body = rest if skipped else text
    delimiter = told[1] if skipped else find_delimiter(body)
    rows, loose = list(_rows(body, delimiter, csv.QUOTE_MINIMAL)), False
    unclosed = body.count('"') % 2 == 1
    if unclosed or any(_swallowed(cell, delimiter) for _, row in rows for cell in row):
        rows, loose = list(_rows(body, delimiter, csv.QUOTE_NONE)), True
    if skipped:
        rows = [(line + 1, row) for line, row in rows]
    return rows, delimiter, loose


def _rows(text: str, delimiter: str | None, quoting: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or "\t", quoting=quoting)
    before = 0
    for count, row in enumerate(reader):
        check_rows(count - 100)  # titles and header
        check_columns(len(row))
        yield before + 1, row
        before = reader.line_num


def _swallowed(cell: str, delimiter: str | None) -> bool:
    """Tell whether a cell holds whole lines of the table, for a quote that nothing closes."""
    if len(cell) < 2_000 or "\n" not in cell or not delimiter:
        return False
    return sum(delimiter in line for line in cell.split("\n")) > 20 or len(cell) > 50 * MAX_CELL


def find_delimiter(text: str) -> str | None:
    """Return the delimiter that cuts most rows into the same number of cells, or None."""
    best, score = None, 0.0
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text[:2_000_000], newline=""), delimiter=delimiter)
        rows = [row for row in itertools.islice(reader, _SAMPLE) if any(row)]
        widths = Counter(map(len, rows))
        if not rows or max(widths) == 1:
            continue
        width = max(widths, key=lambda w: (w > 1, widths[w] * (w - 1)))
        share = widths[width] / len(rows)
        if delimiter == "," and _mere_commas(rows):
            continue
        if (width - 1) * share**2 > score:
            best, score = delimiter, (width - 1) * share**2
    return best


def _mere_commas(rows: list[list[str]]) -> bool:
    """Tell whether commas only stand inside texts: none in the first row, a space after each."""
    after = [cell for row in rows for cell in row[1:]]
    return len(rows[0]) == 1 and all(cell.startswith(" ") for cell in after)
