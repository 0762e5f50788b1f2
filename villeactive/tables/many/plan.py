"""A Parquet table → what each of its columns holds, and its parts: settled once, for all blocks."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from villeactive.errors import DataFileError
from villeactive.tables.columns import Column, recognise
from villeactive.tables.distinct import coded
from villeactive.tables.headers import Table, find_table
from villeactive.tables.many.added import DEGREES
from villeactive.tables.mapping import Mapping, check_mapping
from villeactive.tables.points import manner_of, points_given
from villeactive.tables.raw.columnar import DAMAGED, ERRORS, row_texts
from villeactive.tables.raw.reading import Raw

Settling = Callable[[list[str]], Mapping]
"""Headers → roles settled beforehand."""

FIRST_ROWS = 10_000
"""Rows by which the columns of a Parquet file are recognised."""

LINE, PUT_BACK = "__line", "__put_back"
"""Columns that ``staged`` adds: the line in the file; the cells of a shifted row, put back."""

_KNOWN = b"villeactive:recognised"
_PART_ROWS = 100_000
_BLOCK_ROWS, _BLOCK_BYTES = 500_000, 64_000_000


@dataclass(frozen=True)
class Recognised:
    """What columns hold, and how numbers are points (see ``points.manner_of``)."""

    columns: tuple[Column, ...]
    manner: str | None

    def to_metadata(self) -> dict[bytes, bytes]:
        """Return what is kept of it in a file."""
        told = {"columns": [asdict(column) for column in self.columns], "manner": self.manner}
        return {_KNOWN: json.dumps(told).encode()}


@dataclass(frozen=True)
class Plan:
    """All that a process must know to place a part of a table.

    Attributes
    ----------
    source
        Parquet file whose rows are placed.
    recognised
        Its columns.
    parts
        Groups of rows of the file, by number, of each part.
    block_rows
        Rows placed at once, at most.
    fields
        What is added to a row → name of its column.
    schema
        Of the table with what is added, as Arrow writes it.
    """

    source: Path
    recognised: Recognised
    parts: tuple[tuple[int, ...], ...]
    block_rows: int
    fields: dict[str, str]
    schema: pa.Schema


def settle(source: Path, name: str, *, fields: Sequence[str], settling: Settling) -> Plan:
    """Settle what a Parquet file holds and how it is parted.

    Parameters
    ----------
    source, name
        The file, and how it is called in a sentence.
    fields
        What is added to each row; a name that a column of the file has ends in ``_trouve``.
    settling
        Gives the roles settled by hand.

    Raises
    ------
    DataFileError
        The file is damaged or encrypted, or the mapping is of another table.
    """
    lean()
    try:
        with pq.ParquetFile(source) as file:
            schema, metadata = file.schema_arrow, file.metadata
            known = json.loads((schema.metadata or {}).get(_KNOWN, b"null"))
            first = None if known else _first_rows(file)
    except ERRORS as error:
        raise unreadable(name) from error
    if first:
        recognised = recognise_first(find_table(first), settling, name)
    else:
        columns = tuple(Column(**column) for column in known["columns"])
        recognised = Recognised(columns, known["manner"])
    own = [field for field in schema if field.name not in (LINE, PUT_BACK)]
    names = [field.name for field in own]
    if len(set(names)) < len(names):
        raise DataFileError(f"{name} : deux colonnes ont le même nom. Renommez-en une.")
    named = _named(fields, names)
    added = [
        pa.field(column, pa.float64() if field in DEGREES else pa.string())
        for field, column in named.items()
    ]
    about = {key: value for key, value in (schema.metadata or {}).items() if key != _KNOWN}
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    weight = sum(group.total_byte_size for group in groups) / max(1, metadata.num_rows)
    return Plan(
        source=source.absolute(),
        recognised=recognised,
        parts=tuple(_parts([group.num_rows for group in groups])),
        block_rows=int(max(1_000, min(_BLOCK_ROWS, _BLOCK_BYTES / max(1, weight)))),
        fields=named,
        schema=pa.schema([*own, *added], metadata=about),
    )


def unreadable(name: str) -> DataFileError:
    """Say that a Parquet file is damaged or encrypted."""
    return DataFileError(f"{name} : {DAMAGED}. Donnez un fichier entier.")


def lean() -> None:
    """Let Arrow use one core, and give back what it frees: it would keep as much as a block.

    Parts are placed side by side, each by a process: threads of each would only wait for those of
    the others, with blocks of their own in memory.
    """
    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())


def recognise_first(table: Table, settling: Settling, name: str) -> Recognised:
    """Recognise the columns of a table.

    Raises
    ------
    DataFileError
        The mapping is of another table.
    """
    mapping = settling(table.headers)
    check_mapping(mapping, table.headers, name)
    columns = recognise(table, mapping.columns)
    first: dict[str, int] = {}
    for column in columns:
        if column.role in ("lon", "lat", "point"):
            first.setdefault(column.role, column.index)
    cells = {role: coded([row[index] for row in table.rows]) for role, index in first.items()}
    return Recognised(tuple(columns), manner_of(points_given(cells)))


def _first_rows(file: pq.ParquetFile) -> Raw:
    """Return the first rows of a file as texts."""
    columns: list[list[str]] = [[] for _ in file.schema_arrow.names]
    left = FIRST_ROWS
    for batch in file.iter_batches(FIRST_ROWS):
        kept = batch.slice(0, left)
        for texts, column in zip(columns, kept.columns, strict=True):
            texts += row_texts(column)
        left -= len(kept)
        if not left:
            break
    rows = enumerate(map(list, zip(*columns, strict=True)), start=1)
    return Raw("parquet", None, None, None, list(rows), list(file.schema_arrow.names))


def _parts(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Put small groups of rows together; a table without rows has a part all the same."""
    part: list[int] = []
    rows = 0
    for number, size in enumerate(sizes):
        if part and rows + size > _PART_ROWS:
            yield tuple(part)
            part, rows = [], 0
        part.append(number)
        rows += size
    yield tuple(part)


def _named(fields: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Name the columns added: as they are, unless the file has a column of that name."""
    taken, named = set(names), {}
    for field in fields:
        whole, count = field, 1
        while whole in taken:
            whole = f"{field}_trouve" if count == 1 else f"{field}_trouve_{count}"
            count += 1
        named[field] = whole
        taken.add(whole)
    return named
