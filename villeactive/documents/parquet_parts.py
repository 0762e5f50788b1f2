"""A Parquet file made in parts: each is whole or absent, and so is the file at the end.

The parts stand in a folder beside the file, with the print of the work that they are of: what was
stopped is taken up again, and what changed is done anew.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from villeactive.documents.parquet_join import join
from villeactive.documents.whole_files import not_written, whole_file

_PRINT = "empreinte.txt"
_TOLD = "villeactive:told"


def parts_folder(target: Path) -> Path:
    """Return where the parts of a file stand."""
    there = Path(os.path.realpath(target))
    return there.with_name(f"{there.name}.parties")


def open_folder(target: Path, work: str) -> Path:
    """Make the folder of the parts of a file, emptied unless it is of the same work.

    Parameters
    ----------
    target
        The file.
    work
        Print of all that the parts depend on.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    folder = parts_folder(target)
    try:
        known = None
        with suppress(FileNotFoundError):
            known = (folder / _PRINT).read_text(encoding="utf-8")
        if known != work:
            if known is not None:
                shutil.rmtree(folder)
            folder.mkdir(exist_ok=True)
            (folder / _PRINT).write_text(work, encoding="utf-8")
        for left in folder.glob(".*"):  # begun by a process that was killed
            left.unlink()
    except OSError as error:
        raise not_written(target, error) from error
    return folder


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.parquet"


def write_part(
    folder: Path,
    number: int,
    tables: Iterator[pa.Table],
    told: dict[str, Any],
    *,
    measured: list[str],
) -> None:
    """Write a part whole or not at all.

    Parameters
    ----------
    folder
        Of the parts.
    number
        Of the part.
    tables
        Its rows, block by block: one at least, all of the same columns.
    told
        What is kept of it beside its rows, as plain values, read at the end.
    measured
        Columns of which the least and the greatest value are written.

    Raises
    ------
    OutputError
        It cannot be written; nothing is left of it.
    """
    write_parquet(_path(folder, number), tables, told, measured=measured)


def write_parquet(
    path: Path,
    tables: Iterator[pa.Table],
    told: dict[str, Any] | None = None,
    *,
    measured: list[str] | bool = True,
) -> None:
    """Write a Parquet file block by block, one at least, whole or not at all.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    first = next(tables)
    with (
        whole_file(path) as stream,
        pq.ParquetWriter(
            stream, first.schema, compression="zstd", compression_level=1,
            write_statistics=measured,
        ) as writer,
    ):  # fmt: skip
        for table in chain([first], tables):
            writer.write_table(table)
        if told is not None:
            writer.add_key_value_metadata({_TOLD: json.dumps(told)})


def told_of(folder: Path, number: int) -> dict[str, Any] | None:
    """Return what a part tells, or None when it is not there, or not whole."""
    try:
        metadata = pq.read_metadata(_path(folder, number)).metadata
        return json.loads(metadata[_TOLD.encode()])
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError):
        return None


def has_parts(folder: Path) -> bool:
    """Tell whether a part stands in a folder."""
    return any(folder.glob("[0-9]*.parquet"))


def join_parts(folder: Path, count: int, target: Path, *, schema: pa.Schema) -> None:
    """Make the file of its parts, whole or not at all, and remove them.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    with whole_file(target) as stream:
        join([_path(folder, number) for number in range(count)], stream, schema=schema)
    remove_parts(folder)


def remove_parts(folder: Path) -> None:
    """Remove the parts of a file."""
    shutil.rmtree(folder, ignore_errors=True)
