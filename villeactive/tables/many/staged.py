"""A table of another kind → Parquet, its cells as they are: then it is placed as any other."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from villeactive.documents.parquet_parts import write_parquet
from villeactive.tables.headers import Table, find_table
from villeactive.tables.many.plan import LINE, PUT_BACK, Settling, recognise_first
from villeactive.tables.oddities import straightened
from villeactive.tables.raw.reading import read_raw

_ROWS = 50_000  # of a group


def stage(source: Path, target: Path, *, sheet: str | None, settling: Settling) -> None:
    """Write the rows of a table as Parquet, with what its columns hold.

    Parameters
    ----------
    source
        A CSV, XLSX, ODS, GeoJSON or JSON file.
    target
        Where to write: columns of texts, then :data:`LINE` and :data:`PUT_BACK`.
    sheet
        Name of the sheet to read, instead of the one with most rows.
    settling
        Gives the roles settled by hand.

    Raises
    ------
    DataFileError
        The file cannot be read, or the mapping is of another table.
    OutputError
        The target cannot be written.
    """
    table = find_table(read_raw(source, sheet=sheet, any_length=True))
    recognised = recognise_first(table, settling, source.name)
    better, shifted = straightened(table, list(recognised.columns))
    moved = {row: better.rows[row - 1] for row in shifted}
    about = recognised.to_metadata()
    write_parquet(target, _blocks(table, moved, about))


def _blocks(
    table: Table, moved: dict[int, list[str]], about: dict[bytes, bytes]
) -> Iterator[pa.Table]:
    fields = [pa.field(header, pa.string()) for header in table.headers]
    hidden = [pa.field(LINE, pa.int64()), pa.field(PUT_BACK, pa.list_(pa.string()))]
    schema = pa.schema([*fields, *hidden], metadata=about)
    for first in range(0, max(1, len(table.rows)), _ROWS):
        rows = table.rows[first : first + _ROWS]
        columns = [pa.array([row[i] for row in rows], pa.string()) for i in range(len(fields))]
        numbers = range(first + 1, first + len(rows) + 1)
        columns.append(pa.array(table.lines[first : first + _ROWS], pa.int64()))
        columns.append(pa.array(list(map(moved.get, numbers)), pa.list_(pa.string())))
        yield pa.table(columns, schema=schema)
