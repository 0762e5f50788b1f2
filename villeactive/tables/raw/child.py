"""The reader of one file, in a process of its own: ``python -m villeactive.tables.raw.child``.

Arguments: path, sheet (empty for none), whether rows may be of any number (empty for no). What
it writes is JSON, one value a line: what the file is, or ``{"refused": sentence}``; then the
rows, ``[line, [cells]]``.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from villeactive.tables.raw import limits
from villeactive.tables.raw.decoding import decode, undoubled
from villeactive.tables.raw.delimited import NAMES, read_delimited
from villeactive.tables.raw.limits import RefusedError, problem

try:
    import resource
except ImportError:  # where the system has no limits, the time that the parent gives is one
    resource = None

_FOREIGN = (
    (b"%PDF", "c’est un PDF"),
    (b"\xd0\xcf\x11\xe0", "c’est un ancien classeur (.xls) ou un document protégé"),
    (b"SQLite format 3", "c’est une base de données"),
    (b"\x1f\x8b", "c’est une archive"),
    (b"7z\xbc\xaf", "c’est une archive"),
    (b"Rar!", "c’est une archive"),
    (b"\x89PNG", "c’est une image"),
    (b"\xff\xd8\xff", "c’est une image"),
    (b"GIF8", "c’est une image"),
    (b"{\\rtf", "c’est un document"),
)
_FORMULA = re.compile(rb"<f[ >/]|table:formula=")


def limit() -> None:
    """Bound the memory and the processor time of this process."""
    if resource:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (limits.PROCESSOR_SECONDS,) * 2)


def read(data: bytes, sheet: str | None) -> tuple[dict[str, Any], list[tuple[int, list[str]]]]:
    """Read a file by what it holds, whatever its name."""
    if not data.strip():
        raise RefusedError("le fichier est vide")
    for head, what in _FOREIGN:
        if data.startswith(head):
            raise RefusedError(f"{what}, non un tableau")
    if data.startswith(b"PK"):
        return _workbook(data, sheet)
    if data.startswith(b"PAR1"):
        from villeactive.tables.raw.columnar import read_parquet

        keys, rows = read_parquet(data)
        what = {"kind": "parquet", "encoding": None, "delimiter": None, "sheet": None}
        return what | {"problems": [], "keys": keys}, rows
    text, encoding, broken = decode(data)
    problems = []
    if broken:
        problems.append(problem("Des caractères abîmés sont montrés par « \ufffd »."))
    once = undoubled(text) if encoding.startswith("utf-8") else None
    if once:
        text = once
        problems.append(problem("Les accents étaient encodés deux fois (« Ã© ») : ils sont remis."))
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        raise RefusedError("c’est un fichier XML ou HTML, non un tableau")
    what = {"encoding": encoding, "delimiter": None, "sheet": None, "problems": problems}
    if start == "{" or (start == "[" and _is_json(text)):
        from villeactive.tables.raw.json_records import read_json

        keys, rows, kind, told = read_json(text.lstrip("\ufeff"))
        problems += told
        return what | {"kind": kind, "keys": keys}, rows
    rows, delimiter, loose = read_delimited(text)
    if loose:
        problems.append(
            problem("Un guillemet n’est pas fermé : les guillemets sont lus tels quels.")
        )
    return what | {"kind": "csv", "delimiter": NAMES.get(delimiter, delimiter)}, rows


def _is_json(text: str) -> bool:
    """Tell a JSON list from a CSV whose first cell begins with a bracket."""
    after = text.lstrip("\ufeff \t\r\n")[1:].lstrip()[:1]
    return after in {"{", "[", "]", '"'} or (after.isdigit() and text.rstrip().endswith("]"))


def _workbook(data: bytes, sheet: str | None) -> tuple[dict[str, Any], list[tuple[int, list[str]]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            limits.check_unpacked(archive)
            names = set(archive.namelist())
            computed = _has_formulas(archive)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError("le classeur est abîmé") from error
    kind = "xlsx" if "xl/workbook.xml" in names else "ods" if "content.xml" in names else None
    if not kind:
        raise RefusedError("c’est une archive, non un classeur XLSX ou ODS")
    from villeactive.tables.raw.workbooks import read_workbook

    rows, name, sheets = read_workbook(data, sheet)
    what = {"kind": kind, "encoding": None, "delimiter": None, "sheet": name, "problems": []}
    what["sheets"] = sheets
    if computed:
        said = (
            "Le classeur a des formules : leurs valeurs enregistrées sont lues, rien n’est calculé."
        )
        what["problems"].append(problem(said))
    return what, rows


def _has_formulas(archive: zipfile.ZipFile) -> bool:
    """Tell whether a sheet of a workbook holds a formula."""
    for name in archive.namelist():
        if not (name.startswith("xl/worksheets/") or name == "content.xml"):
            continue
        with archive.open(name) as sheet:
            end = b""
            while part := sheet.read(1_000_000):
                if _FORMULA.search(end + part):
                    return True
                end = part[-20:]
    return False


def _cut(rows: list[tuple[int, list[str]]]) -> list[int]:
    """Cut cells that are too long, in place; return their lines."""
    lines = []
    for line, row in rows:
        for position, cell in enumerate(row):
            if len(cell) > limits.MAX_CELL:
                row[position] = cell[: limits.MAX_CELL]
                lines.append(line)
    return lines


def answer(path: str, sheet: str | None) -> Iterator[str]:
    """Write what a file is, then its rows."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(limits.UNPACKED_BYTES + 1)
        if len(data) > limits.UNPACKED_BYTES:
            raise RefusedError("le fichier dépasse 150 Mo")
        what, rows = read(data, sheet)
        what["cut"] = _cut(rows)
    except RefusedError as error:
        yield json.dumps({"refused": str(error)})
        return
    except MemoryError:
        yield json.dumps({"refused": "le fichier demande trop de mémoire"})
        return
    yield json.dumps(what)
    for row in rows:
        yield json.dumps(row)


def main() -> None:
    """Read the file of the arguments."""
    path, sheet, lifted = sys.argv[1:4]
    if lifted:
        limits.lift()
    limit()
    with open(1, "w", encoding="utf-8") as out:
        for line in answer(path, sheet or None):
            out.write(f"{line}\n")


if __name__ == "__main__":
    main()
