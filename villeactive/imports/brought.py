"""What people bring by hand: a file as bytes, cells copied from a sheet, the template to fill."""

import re
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from villeactive.documents.whole_files import write_whole
from villeactive.errors import DataFileError
from villeactive.tables.raw.reading import Raw, read_raw
from villeactive.text import number, typed

MOST_BYTES = 20 * 1024 * 1024
"""What a file may weigh; the server refuses more (``server.maxUploadSize``)."""

PASTED = "cellules-collees.csv"
"""Name of cells that were pasted."""

_EXAMPLE = {
    "Commune": "Lens",
    "Département": "62",
    "Code INSEE": "62498",
    "Titre": "École de production",
    "Description": "Former aux métiers du bois en produisant pour de vrais clients",
    "Thème": "Formation",
    "Subvention (€)": "150000",
    "Année": "2026",
    "Porteur": "Ville de Lens",
    "Lien": "",
}
_NAMELESS = re.compile(r"[\\/:*?\"<>|\s]+")


def read_brought(name: str, data: bytes, *, sheet: str | None = None) -> Raw:
    """Return the rows of a file that came as bytes.

    Parameters
    ----------
    name
        As its owner names it.
    data
        Its content.
    sheet
        Of a workbook, the one to read instead of the fullest.

    Raises
    ------
    DataFileError
        It is no table, or weighs too much.
    """
    if len(data) > MOST_BYTES:
        most = number(MOST_BYTES / 1024**2)
        msg = f"{file_name(name)} : le fichier dépasse {most} Mo. Partagez-le en plusieurs."
        raise DataFileError(msg)
    with tempfile.TemporaryDirectory(prefix="ville-active-") as folder:
        path = Path(folder) / file_name(name)
        write_whole(path, data)
        return read_raw(path, sheet=sheet)


def file_name(name: str) -> str:
    """Return the name of a file as every system takes it, its ending kept."""
    path = Path(_NAMELESS.sub(" ", typed(name)).strip(" .") or "tableau")
    return path.stem[:40].strip() + path.suffix[:10]


def pasted(text: str) -> bytes:
    """Return cells that were pasted as the content of a file.

    Raises
    ------
    DataFileError
        There are none.
    """
    if not text.strip():
        msg = "Aucune cellule n’est collée. Copiez-les dans Excel, en-têtes compris, puis collez."
        raise DataFileError(msg)
    return text.encode("utf-8", "replace")


def template(day: date) -> bytes:
    """Return a workbook to fill: headers that are understood, one row of example."""
    from villeactive.documents.workbook import to_workbook

    example = pd.DataFrame([_EXAMPLE], dtype=object)
    return to_workbook({"Projets": example}, day=day, title="Modèle de projets", sources=[])
