"""Tables that users bring: read as text, completed, written back in the same form."""

import csv
import io
import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from villeactive.errors import DataFileError, reason
from villeactive.exchange.export import defused
from villeactive.exchange.files import write_whole
from villeactive.locate_table import TABLE_COLUMNS, locate_table
from villeactive.text import fold

_DELIMITERS = ",;\t|"
_ABOVE = 5
"""Lines that may stand above the header: a title, « sep=; »."""

HEADERS = {
    "name": ("name", "commune", "nom de la commune", "nom commune", "nom", "ville", "lieu",
             "libelle commune", "commune nom"),
    "departement": ("departement", "code departement", "numero departement", "dep", "dept"),
    "code_insee": ("code insee", "insee", "code commune", "code commune insee", "codgeo",
                   "insee com", "code officiel geographique"),
    "postcode": ("postcode", "code postal", "cp"),
}  # fmt: skip
"""Column of a question → headers that it is known by, folded, the surest first."""


def place_columns(header: list[str]) -> dict[str, int]:
    """Columns of a table that say a place: name of the question → index in the header."""
    known = [fold(title) for title in header]
    found = {}
    for column, names in HEADERS.items():
        index = next((known.index(name) for name in names if name in known), None)
        if index is not None:
            found[column] = index
    return found


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode a CSV: UTF-8 (with or without mark), else Windows-1252, as spreadsheets write."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        marked = encoding == "utf-8-sig" and data.startswith(b"\xef\xbb\xbf")
        return text, encoding if marked or encoding == "cp1252" else "utf-8"
    msg = f"{name} : encodage inconnu. Enregistrez le fichier en « CSV UTF-8 »."
    raise DataFileError(msg)


def _delimiter(header: str) -> str:
    """Find the delimiter: the one that occurs most in the header."""
    return max(_DELIMITERS, key=header.count) if header else ","


def _names_a_place(line: str) -> bool:
    """Tell whether a line is a header with a column of places, whatever parts its cells."""
    cells = [cell.strip(' "\r\ufeff') for cell in re.split(r"[,;\t|]", line[:5_000])]
    return bool(place_columns(cells))


def _read_rows(text: str, name: str) -> tuple[list[list[str]], str]:
    """Cut a CSV into rows of text, all of the header's width."""
    header, *_ = [line for line in text.split("\n") if _names_a_place(line)] or [text[:500]]
    delimiter = _delimiter(header)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        msg = f"{name} : CSV mal formé ({error}). Vérifiez les guillemets."
        raise DataFileError(msg) from error
    first = next((i for i, row in enumerate(rows[:_ABOVE]) if place_columns(row)), 0)
    rows = rows[first:]
    lone = bool(rows) and len(rows[0]) == 1
    # an empty line is no row, but in a table of one column it is an empty cell
    rows = [row or [""] for row in rows if row or lone]
    if not rows or not place_columns(rows[0]).keys() - {"departement"}:
        found = ", ".join(rows[0]) if rows else "rien"
        msg = (
            f"{name} : aucune colonne de lieu (name, commune, code_insee, code postal…) dans les "
            f"{_ABOVE} premières lignes, trouvé : {found[:120]}."
        )
        raise DataFileError(msg)
    width = len(rows[0])
    wide = [index for index, row in enumerate(rows, start=first + 1) if len(row) > width]
    if wide:
        msg = f"{name} : ligne {wide[0]} plus longue que l’en-tête ({width} colonnes)."
        raise DataFileError(msg)
    return [row + [""] * (width - len(row)) for row in rows], delimiter


def locate_file(source: Path, target: Path) -> dict[str, int]:
    """Complete a CSV of places with their communes.

    Parameters
    ----------
    source
        CSV with a header that names a place (see :data:`HEADERS`): a name, a code or a postcode,
        and where present a département; a title may stand above. Any of the delimiters
        ``, ; tab |``.
    target
        Where to write: same rows, columns, order and delimiter, then ``status,
        code_insee_found, name_found, lon, lat, reason, candidates``. Written whole or not
        at all.

    Returns
    -------
    dict
        ``found``, ``ambiguous``, ``missing`` → number of rows; their sum is that of the rows.

    Raises
    ------
    DataFileError
        The source is missing, not a CSV, or no column names a place.
    OutputError
        The target cannot be written.
    """
    try:
        data = source.read_bytes()
    except OSError as error:
        msg = f"{source} : fichier illisible ({reason(error)}). Vérifiez le chemin."
        raise DataFileError(msg) from error
    text, encoding = _decode(data, source.name)
    rows, delimiter = _read_rows(text, source.name)
    header = rows[0]
    # columns of the user's that bear our names stay; ours are added after them
    frame = pd.DataFrame(rows[1:], columns=range(len(header)), dtype=str)
    asked = pd.DataFrame({name: frame[index] for name, index in place_columns(header).items()})
    answers = locate_table(asked)[list(TABLE_COLUMNS)]
    ending = "\r\n" if "\r\n" in text else "\n"
    made = _text(header, frame, answers, delimiter=delimiter, ending=ending)
    write_whole(target, made.encode(encoding, errors="replace"))
    counts = answers["status"].value_counts()
    return {status: int(counts.get(status, 0)) for status in ("found", "ambiguous", "missing")}


def _text(
    header: list[str], frame: pd.DataFrame, answers: pd.DataFrame, *, delimiter: str, ending: str
) -> str:
    """Write rows and answers as CSV; the user's cells are given back untouched."""
    lines: list[str] = []
    # written with CRLF so that a lone carriage return inside a cell is quoted, then as the source
    writer = csv.writer(
        SimpleNamespace(write=lines.append), delimiter=delimiter, lineterminator="\r\n"
    )
    writer.writerow([*header, *TABLE_COLUMNS])
    shown = answers.astype(object).where(answers.notna(), "")
    for given, added in zip(frame.to_numpy(), shown.to_numpy(), strict=True):
        writer.writerow([*given, *(defused(value) for value in added)])
    return "".join(line.removesuffix("\r\n") + ending for line in lines)
