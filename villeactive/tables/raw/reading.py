"""A file → its rows as texts, read in a fresh process that has limits."""

import functools
import json
import os
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from villeactive.errors import DataFileError, reason
from villeactive.tables.raw.limits import LIFTED_SECONDS, WALL_SECONDS

_HEAD = 16
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Raw:
    """What a file holds, before anything is understood.

    ``rows``: line of the file (of JSON, number of the record) and cells; ``keys``: the headers of
    JSON, else None; ``cut``: lines of cells that were too long; ``sheets``: those of a workbook.
    """

    kind: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    rows: list[tuple[int, list[str]]]
    keys: list[str] | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)


def read_raw(path: Path, *, sheet: str | None = None, any_length: bool = False) -> Raw:
    """Read a table: CSV, XLSX, ODS, Parquet, GeoJSON or a list of JSON records, by its content.

    Parameters
    ----------
    path
        The file.
    sheet
        Name of the sheet to read, instead of the one with most rows.
    any_length
        Whether rows may be of any number: the limit is that of pages, not of the terminal.

    Raises
    ------
    DataFileError
        The file is missing, is no table, or weighs too much: one French sentence.
    """
    check_file(path)
    name = _name(path)
    with tempfile.TemporaryFile() as out:
        refusal = _run(path, sheet, out, lifted=any_length)
        out.seek(0)
        first = out.readline()
        try:
            what = json.loads(first)
            rows = [json.loads(line) for line in out] if not refusal else []
        except ValueError:
            what, rows = {}, []
    refusal = what.get("refused") or refusal or ("" if what else "le fichier est illisible")
    if refusal:
        raise DataFileError(
            f"{name} : {refusal}. Donnez un tableau CSV, XLSX, ODS, Parquet, GeoJSON ou JSON."
        )
    # one text for equal cells; half a surrogate pair is no character
    clean = functools.cache(lambda cell: cell.encode("utf-8", "replace").decode())
    if "keys" in what:
        what["keys"] = [clean(key) for key in what["keys"]]
    return Raw(rows=[(line, [clean(cell) for cell in cells]) for line, cells in rows], **what)


def check_file(path: Path) -> bytes:
    """Return how a file begins.

    Raises
    ------
    DataFileError
        It is missing, cannot be read, or is no regular file.
    """
    name = _name(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataFileError(
                f"{name} : ce n’est pas un fichier. Donnez un CSV, XLSX, ODS, Parquet ou JSON."
            )
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError) as error:
        if isinstance(error, DataFileError):
            raise
        why = reason(error) if isinstance(error, OSError) else "nom impossible"
        raise DataFileError(f"{name} : fichier illisible ({why}). Vérifiez le chemin.") from error


def _name(path: Path) -> str:
    return (path.name or str(path))[:80]


def _run(path: Path, sheet: str | None, out: Any, *, lifted: bool) -> str:
    """Run the reader; return why it stopped, or nothing."""
    command = [sys.executable, "-m", "villeactive.tables.raw.child"]
    command += [str(path.absolute()), sheet or "", "lifted" if lifted else ""]
    search = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": search},
            timeout=LIFTED_SECONDS if lifted else WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "la lecture est trop longue"
    return "" if done.returncode == 0 else "le fichier est trop grand ou abîmé"
