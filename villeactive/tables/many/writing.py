"""``--output`` of a Parquet file: every row of a table with its place, as many as there are."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

from villeactive.documents.parquet_parts import (
    has_parts,
    join_parts,
    open_folder,
    remove_parts,
    told_of,
)
from villeactive.errors import DataFileError, VilleActiveError
from villeactive.geography.checksums import sums_print
from villeactive.tables.columns import Column
from villeactive.tables.located import TABLE_COLUMNS, check_placing, own_roles
from villeactive.tables.many.added import FIELDS
from villeactive.tables.many.block import SHOWN
from villeactive.tables.many.crew import ALONE, Crew, Hands, hired
from villeactive.tables.many.plan import Plan, unreadable
from villeactive.tables.many.staged import stage
from villeactive.tables.mapping import Mapping
from villeactive.tables.raw.columnar import ERRORS, MAGIC
from villeactive.tables.raw.limits import MAX_ROWS
from villeactive.tables.raw.reading import check_file

_FORM = "1"
"""Of what is written: another one takes up no part of this one."""

_STAGED = "table.parquet"

Progress = Callable[[int, int, int], None]
"""Told parts done, of how many, and rows placed."""


class StoppedError(VilleActiveError):
    """Somebody stopped the work: what is done of it is kept."""


@dataclass
class Written:
    """What was written of a table.

    ``counts``: status → number of rows; ``unsure``: line and reason of the first rows that are
    not placed; ``fields``: what is added → name of its column.
    """

    columns: tuple[Column, ...]
    fields: dict[str, str]
    counts: Counter = field(default_factory=Counter)
    unsure: list[tuple[int, str]] = field(default_factory=list)


def _unheard(done: int, parts: int, rows: int) -> None:
    """Tell nobody."""


def write_places(
    source: Path,
    target: Path,
    *,
    mapping: Mapping | None = None,
    sheet: str | None = None,
    fields: tuple[str, ...] = FIELDS,
    crew: Crew = ALONE,
    progress: Progress = _unheard,
) -> Written:
    """Write a table as Parquet, with what is found of the place of each row.

    Parts are written one by one in a folder beside the target: the same work, asked for again
    after it was stopped, takes them up.

    Parameters
    ----------
    source
        A CSV, XLSX, ODS, Parquet, GeoJSON or JSON file, known by its content.
    target
        The Parquet file to write: the columns as they are, then ``fields``.
    mapping
        Roles settled by hand.
    sheet
        Name of the sheet to read, instead of the one with most rows.
    fields
        What is added: :data:`added.FIELDS`, or ``located.TABLE_COLUMNS``; in these, headers that
        are ours mean what they say.
    crew
        Who places the parts.
    progress
        Is told of each part.

    Raises
    ------
    DataFileError
        The table cannot be read, or the mapping is of another one.
    OutputError
        The target cannot be written.
    StoppedError
        By Ctrl+C.
    """
    mapping = mapping or Mapping()
    sheet = sheet or mapping.sheet
    work = _work(source, target, sheet, mapping, fields)
    settling = own_roles if fields == TABLE_COLUMNS else lambda _: mapping
    read = source if is_parquet(source) else None
    with hired(crew) as hands:
        if read:  # nothing is made for a file that cannot be read
            plan = hands.settled(read, source.name, fields=fields, settling=settling)
        folder = open_folder(target, work)
        try:
            if read is None:
                read = folder / _STAGED
                if not read.exists():
                    stage(source, read, sheet=sheet, settling=settling)
                plan = hands.settled(read, source.name, fields=fields, settling=settling)
            if fields == TABLE_COLUMNS:
                check_placing(plan.recognised.columns, source)
            written = _placed(plan, folder, hands, progress)
        except VilleActiveError as error:
            if isinstance(error, DataFileError) or not has_parts(folder):
                remove_parts(folder)
            raise
        except KeyboardInterrupt as stop:
            raise StoppedError(
                f"arrêté. Ce qui est fait est gardé dans « {folder.name} » : la même commande "
                "reprend de là."
            ) from stop
    join_parts(folder, len(plan.parts), target, schema=plan.schema)
    return written


def count_places(
    source: Path, *, mapping: Mapping | None, crew: Crew, progress: Progress
) -> Written:
    """Return what :func:`write_places` would tell of a Parquet file, and keep nothing.

    Raises
    ------
    DataFileError
        The table cannot be read, or the mapping is of another one.
    OutputError
        The temporary folder of the machine cannot be written.
    """
    mapping = mapping or Mapping()
    with hired(crew) as hands, TemporaryDirectory(prefix="ville-active-") as folder:
        plan = hands.settled(source, source.name, fields=FIELDS, settling=lambda _: mapping)
        return _placed(plan, Path(folder), hands, progress)


def is_long(source: Path) -> bool:
    """Tell a Parquet file of more rows than a page takes: they are not all kept in memory.

    Raises
    ------
    DataFileError
        The file is missing, or is none.
    """
    if not is_parquet(source):
        return False
    try:
        return pq.read_metadata(source).num_rows > MAX_ROWS
    except ERRORS as error:
        raise unreadable(source.name) from error


def _placed(plan: Plan, folder: Path, hands: Hands, progress: Progress) -> Written:
    """Place the parts that are not there, and put together what all of them tell."""
    told = {number: told_of(folder, number) for number in range(len(plan.parts))}
    missing = [number for number, one in told.items() if one is None]
    written = Written(plan.recognised.columns, plan.fields)
    for one in filter(None, told.values()):
        written.counts.update(one["counts"])
    done = len(plan.parts) - len(missing)
    for number, one in hands.each_part(plan, missing, folder):
        told[number] = one
        done += 1
        written.counts.update(one["counts"])
        progress(done, len(plan.parts), written.counts.total())
    unsure = (tuple(row) for number in sorted(told) for row in told[number]["unsure"])
    written.unsure = list(islice(unsure, SHOWN))
    return written


def is_parquet(source: Path) -> bool:
    """Tell a Parquet file by how it begins.

    Raises
    ------
    DataFileError
        The file is missing, or is none.
    """
    return check_file(source).startswith(MAGIC)


def _work(
    source: Path, target: Path, sheet: str | None, mapping: Mapping, fields: tuple[str, ...]
) -> str:
    """Return the print of all that the answer depends on."""
    check_file(source)
    if target.exists() and target.samefile(source):
        raise DataFileError(f"{target.name} : c’est le fichier lu. Écrivez dans un autre.")
    with source.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    told = [_FORM, content, sheet, mapping.columns, fields, sums_print()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
