"""A kept collection → files, to hand it over: the table as it came, or a folder of YAML."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import yaml

from villeactive.collections.folder import HEAD, ORGANISATIONS
from villeactive.documents import list_files
from villeactive.documents.csv_geojson import csv_bytes, defused
from villeactive.documents.whole_files import new_folder, write_whole
from villeactive.frames import CRS
from villeactive.geography.referential import read_communes
from villeactive.store.records import Kept
from villeactive.text import NBSP
from villeactive.wording.own_fields import whole
from villeactive.wording.sources import NO_LICENCE

_ZIP = ("Dossier (ZIP)", "application/zip")

_COUNTED = ("number", "amount", "date")
_NUMBER = re.compile(r"0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9]")
"""Cells that any program writes again as they were: no zero before, at most fifteen digits."""

REASON = "Lieu à revoir"
"""Header of the column that says why a row has no place."""


def kinds() -> dict[str, tuple[str, str]]:
    """Return the kinds of file of a collection: ending → its name on a button and media type.

    Those of all lists, then ``.zip``, which is the folder of YAML as one file.
    """
    lists = {f".{ending}": (kind.name, kind.media) for ending, kind in list_files.KINDS.items()}
    return lists | {".zip": _ZIP}


def rows_of(kept: Kept, *, personal: bool = True, unplaced: bool = False) -> pd.DataFrame:
    """Return the rows of a collection as they were brought, those of a project together.

    Parameters
    ----------
    personal
        Whether personal columns are there: they are their owner's.
    unplaced
        The rows of which a site has no place alone, with why.

    Returns
    -------
    DataFrame
        One text column per header; empty cells are empty texts. The index says where each row is
        drawn: id of its project, rank of its place, None without one.
    """
    shown = {one["header"] for one in kept.head.get("columns", [])}
    headers = [h for h in kept.mapping.get("columns", {}) if personal or h in shown]
    rows, reasons, drawn = [], [], []
    for record in kept.records.values():
        for row, at, why in record.rows:
            if unplaced and at is not None and not why:
                continue
            rows.append([row.get(header, "") for header in headers])
            reasons.append(why)
            drawn.append((record.id, at))
    table = pd.DataFrame(rows, columns=headers, dtype=object)
    table.index = pd.Index(drawn, tupleize_cols=False)
    if unplaced:
        table[REASON] = reasons
    return table


def export(
    kept: Kept, out: Path, *, day: date, personal: bool = True, unplaced: bool = False
) -> None:
    """Write a collection as a file, by its ending, or as a folder of YAML.

    Parameters
    ----------
    out
        A file of :func:`kinds`; anything else is a folder, which must be empty or new.

    Raises
    ------
    OutputError
        It cannot be written; nothing is left half-written.
    """
    kind = out.suffix.lower()
    if kind not in kinds():
        _folder(kept, out)
        return
    write_whole(out, file_of(kept, kind, day=day, personal=personal, unplaced=unplaced))


def file_of(
    kept: Kept, kind: str, *, day: date, personal: bool = True, unplaced: bool = False
) -> bytes:
    """Return a collection as the content of a file; ``kind`` is one of :func:`kinds`."""
    if kind == ".zip":
        return _zip(kept, day)
    table = rows_of(kept, personal=personal, unplaced=unplaced)
    if kind == ".csv":
        return _csv(table)
    return list_files.list_file(kind[1:], _listing(kept, table), day=day)


def _folder(kept: Kept, out: Path) -> None:
    """Write the folder of a collection, as ``VILLEACTIVE_COLLECTIONS`` reads it."""
    new_folder(out)
    new_folder(out / "projects")
    for name, data in _files(kept).items():
        write_whole(out / name, data)


def _files(kept: Kept) -> dict[str, bytes]:
    """Return the files of the folder of a collection, its head last."""
    head, projects, organisations = kept.values()
    files = {f"projects/{name}.yaml": _yaml(data) for name, data in projects}
    if organisations:
        files[ORGANISATIONS] = _yaml(organisations)
    return files | {HEAD: _yaml(head)}


def _zip(kept: Kept, day: date) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(kept).items():
            entry = zipfile.ZipInfo(f"{kept.id}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _yaml(values: Any) -> bytes:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=100).encode()


def _listing(kept: Kept, table: pd.DataFrame) -> list_files.Listing:
    head = kept.head
    title, licence = head["title"], head.get("licence")
    under = f"Licence{NBSP}: {licence}" if licence else NO_LICENCE.capitalize()
    named = ", ".join([title, *head.get("publishers", [])])
    sources = [f"{line.rstrip('.')}." for line in (named, *head.get("credits", []), under)]
    return list_files.Listing(
        title, "projets", lambda: _with_numbers(kept, table),
        lambda: _with_numbers(kept, table, typed=True), lambda: _points(kept, table),
        sources, sheet="Projets", licence=licence or NO_LICENCE,
    )  # fmt: skip


def _with_numbers(kept: Kept, table: pd.DataFrame, *, typed: bool = False) -> pd.DataFrame:
    """Write numbers as numbers in the columns that count, for programs that add them up.

    A workbook takes each cell as it is; what has types (``typed``) a column of nothing else.
    """
    counted = table.copy()
    for header in [c["header"] for c in kept.head.get("columns", []) if c["type"] in _COUNTED]:
        if header not in table:
            continue
        cells = table[header].map(_counted)
        if not typed:
            counted[header] = cells
        elif not any(isinstance(cell, str) for cell in cells):
            counted[header] = whole(pd.Series(list(cells), index=table.index, dtype=float))
    return counted


def _counted(cell: str) -> str | float | None:
    """Read a number that is written as programs do; any other text stays, an empty one is none."""
    if _NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    return cell or None


def _csv(table: pd.DataFrame) -> bytes:
    # as it came, to be read again: no column of sources, no decimal comma
    return csv_bytes(table.map(defused), sep=";", lineterminator="\r\n", encoding="utf-8-sig")


def _points(kept: Kept, table: pd.DataFrame) -> gpd.GeoSeries:
    """Return where each row is, its first place; without one, None."""
    # what is kept was checked as it came: to read the sheets again would take longer than to write
    places = [
        kept.records[name].data.get("places", [{}])[at] if at is not None else {}
        for name, at in table.index
    ]
    points = read_communes()[["lon", "lat"]].reindex([one.get("code_insee") for one in places])
    lon, lat = (
        np.where(np.isnan(given), points[axis], given)
        for axis in ("lon", "lat")
        for given in [np.array([one.get(axis, np.nan) for one in places], dtype=float)]
    )
    geometry = shapely.points(lon, lat)
    geometry[np.isnan(lon)] = None
    return gpd.GeoSeries(geometry, crs=CRS)
