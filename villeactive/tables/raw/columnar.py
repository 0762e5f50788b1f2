"""Parquet → cells: the texts that the values of a column are read as, each distinct one once."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from villeactive.tables.raw.limits import RefusedError, as_cell, check_columns, check_rows

MAGIC = b"PAR1"
ERRORS = (pa.ArrowException, OSError, ValueError)
"""What pyarrow raises of a file that is cut or is not what it says."""

DAMAGED = "le fichier Parquet est abîmé ou chiffré"
_ROWS = 20_000  # made texts at once


def read_parquet(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read the rows of a Parquet file as texts, each with its number; and its headers."""
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            check_rows(file.metadata.num_rows)
            check_columns(len(file.schema_arrow.names))
            rows: list[tuple[int, list[str]]] = []
            for batch in file.iter_batches(_ROWS):
                columns = [row_texts(column) for column in batch.columns]
                made = map(list, zip(*columns, strict=True)) if columns else ()
                rows += enumerate(made, start=len(rows) + 1)
            return list(file.schema_arrow.names), rows
    except ERRORS as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(DAMAGED) from error


def row_texts(column: pa.Array | pa.ChunkedArray) -> list[str]:
    """Return what the rows of a column say."""
    codes, texts = distinct_texts(column)
    return [texts[code] for code in codes.tolist()]


def distinct_texts(column: pa.Array | pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """Return the place of the text of each row among others, and these; empty for no value."""
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    try:
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # a list, a record
        return np.arange(len(column)), list(map(_text, column.to_pylist()))
    texts = coded.dictionary.to_pylist()
    if coded.dictionary.null_count or not _is_text(coded.dictionary.type):
        texts = list(map(_text, texts))
    codes = coded.indices
    if codes.null_count:
        codes, texts = codes.fill_null(len(texts)), [*texts, ""]
    return codes.to_numpy(zero_copy_only=False).astype(np.int64), texts


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return _point(value)
    return as_cell(value)


def _point(value: bytes) -> str:
    """Write the point of a geometry, of a surface one in it; other bytes say nothing."""
    try:
        shape = shapely.from_wkb(value)
    except shapely.errors.GEOSException:
        return ""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        shape = shape.representative_point()
    if shape.geom_type != "Point" or shape.is_empty:
        return ""
    return f"POINT ({shape.x} {shape.y})"
