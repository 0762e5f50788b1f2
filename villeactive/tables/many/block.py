"""A part of a table → the same rows with their places, written whole or not at all."""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from villeactive.documents.parquet_parts import write_part
from villeactive.tables import roles
from villeactive.tables.answers import answers
from villeactive.tables.asked import questions_in
from villeactive.tables.distinct import Coded
from villeactive.tables.many.added import DEGREES, added
from villeactive.tables.many.plan import LINE, PUT_BACK, Plan, lean, unreadable
from villeactive.tables.places import AMBIGUOUS, MISSING, Place
from villeactive.tables.raw.columnar import ERRORS, distinct_texts
from villeactive.tables.understanding import NO_PLACE_COLUMN, places_something, put_back

SHOWN = 20
"""Rows to look at that a part tells."""


def place_part(plan: Plan, number: int, folder: Path) -> dict[str, Any]:
    """Place the rows of a part and write it.

    Returns
    -------
    dict
        ``counts``: status → number of rows; ``unsure``: line and reason of the first rows that
        are not placed.

    Raises
    ------
    DataFileError
        The table cannot be read any further.
    OutputError
        The part cannot be written.
    """
    lean()
    told: dict[str, Any] = {"counts": Counter(), "unsure": []}
    # of texts that are added, the least and the greatest are not worth their cost
    texts = {name for field, name in plan.fields.items() if field not in DEGREES}
    measured = [name for name in plan.schema.names if name not in texts]
    write_part(folder, number, _tables(plan, number, told), told, measured=measured)
    return told


def _texts(plan: Plan) -> list[str]:
    """Return the columns of place that are texts: they are read as their distinct values."""
    fields = [
        plan.schema.field(c.index) for c in plan.recognised.columns if c.role in roles.PLACE_ROLES
    ]
    return [
        field.name
        for field in fields
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]


def _tables(plan: Plan, number: int, told: dict[str, Any]) -> Iterator[pa.Table]:
    """Give the rows of a part, block by block, with their places; add up what they tell."""
    for before, block in _blocks(plan, number):
        yield _with_places(plan, block, before, told)


def _blocks(plan: Plan, number: int) -> Iterator[tuple[int, pa.Table]]:
    """Read the blocks of a part, one at least, each with the number of rows before it."""
    groups = list(plan.parts[number])
    try:
        with pq.ParquetFile(plan.source, read_dictionary=_texts(plan)) as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
            before = sum(sizes[n] for part in plan.parts[:number] for n in part)
            rows = sum(sizes[n] for n in groups)
            if not rows:
                yield before, file.schema_arrow.empty_table()
                return
            size = math.ceil(rows / math.ceil(rows / plan.block_rows))
            for block in file.iter_batches(size, row_groups=groups):
                yield before, pa.Table.from_batches([block])
                before += len(block)
    except ERRORS as error:
        raise unreadable(plan.source.name) from error


def _with_places(plan: Plan, table: pa.Table, before: int, told: dict[str, Any]) -> pa.Table:
    columns = added(tuple(plan.fields)).columns(*_placed(plan, table))
    status = columns["status"]
    counts = np.bincount(status.indices.to_numpy(), minlength=len(status.dictionary)).tolist()
    words = status.dictionary.to_pylist()
    told["counts"].update({word: n for word, n in zip(words, counts, strict=True) if n})
    odd = [code for code, word in enumerate(words) if word in (AMBIGUOUS, MISSING)]
    unsure = np.flatnonzero(np.isin(status.indices.to_numpy(), odd))
    lines = table.column(LINE) if LINE in table.column_names else None
    for row in unsure[: SHOWN - len(told["unsure"])].tolist():
        line = lines[row].as_py() if lines else before + row + 1
        told["unsure"].append((line, columns["reason"][row].as_py()))
    table = table.drop_columns([n for n in (LINE, PUT_BACK) if n in table.column_names])
    for field, column in columns.items():
        table = table.append_column(plan.fields[field], column)
    return table


def _placed(plan: Plan, table: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Return distinct places, and which of them each row has."""
    columns = list(plan.recognised.columns)
    if not places_something(columns):
        return np.array([NO_PLACE_COLUMN], dtype=object), np.zeros(len(table), dtype=np.int64)

    def cells(index: int) -> Coded:
        codes, texts = distinct_texts(table.column(index))
        return Coded(codes, np.array(texts, dtype=object))

    asked, _ = questions_in(columns, cells, len(table), manner=plan.recognised.manner)
    places, kinds = answers(asked), asked.kinds
    if PUT_BACK in table.column_names:
        rows = table.column(PUT_BACK).to_pylist()
        moved = [number for number, row in enumerate(rows) if row is not None]
        for number in moved:
            place = _put_back(plan, columns, rows[number])
            kinds[number] = len(places)
            places = np.append(places, None)
            places[-1] = place
    return places, kinds


def _put_back(plan: Plan, columns: list, row: list[str]) -> Place:
    """Return the place of a row that was shifted."""

    def cells(index: int) -> Coded:
        return Coded(np.zeros(1, dtype=np.int64), np.array([row[index]], dtype=object))

    asked, _ = questions_in(columns, cells, 1, manner=plan.recognised.manner)
    return put_back(asked.asked(0), answers(asked)[0])
