"""A kept collection → files, to hand it over: the table as it came, or a folder of YAML."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import yaml

from villeactive.collections.folder import HEAD, ORGANISATIONS
from villeactive.documents.csv_geojson import defused, feature_collection
from villeactive.documents.whole_files import new_folder, write_whole
from villeactive.frames import CRS
from villeactive.geography.referential import read_communes
from villeactive.store.records import Kept

KINDS = (".xlsx", ".csv", ".geojson", ".gpkg", ".zip")
"""Endings of files; ``.zip`` is the folder of YAML, as one file."""

REASON = "Lieu à revoir"
"""Header of the column that says why a row has no place."""


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
        A file of :data:`KINDS`; anything else is a folder, which must be empty or new.

    Raises
    ------
    OutputError
        It cannot be written; nothing is left half-written.
    """
    if out.suffix.lower() not in KINDS:
        _folder(kept, out)
        return
    kind = out.suffix.lower()
    write_whole(out, file_of(kept, kind, day=day, personal=personal, unplaced=unplaced))


def file_of(
    kept: Kept, kind: str, *, day: date, personal: bool = True, unplaced: bool = False
) -> bytes:
    """Return a collection as the content of a file; ``kind`` is one of :data:`KINDS`."""
    table = rows_of(kept, personal=personal, unplaced=unplaced)
    return _WRITERS[kind](kept, table, day)


def _folder(kept: Kept, out: Path) -> None:
    """Write the folder of a collection, as ``VILLEACTIVE_COLLECTIONS`` reads it."""
    new_folder(out)
    new_folder(out / "projects")
    for name, data in _files(kept).items():
        write_whole(out / name, data)


def _files(kept: Kept) -> dict[str, bytes]:
    """Return the files of the folder of a collection, its head last."""
    head, projects, organisations = kept.values()
    files = {f"projects/{name}.yaml": _yaml(data) for name, data in projects.items()}
    if organisations:
        files[ORGANISATIONS] = _yaml(organisations)
    return files | {HEAD: _yaml(head)}


def _zip(kept: Kept, _table: pd.DataFrame, day: date) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(kept).items():
            entry = zipfile.ZipInfo(f"{kept.id}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _yaml(values: Any) -> bytes:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=100).encode()


def _xlsx(kept: Kept, table: pd.DataFrame, day: date) -> bytes:
    from villeactive.documents.workbook import to_workbook

    return to_workbook({"Projets": table}, day=day, title=kept.head["title"], sources=[])


def _csv(_kept: Kept, table: pd.DataFrame, _day: date) -> bytes:
    return (
        table.map(defused).to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig")
    )


def _located(kept: Kept, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the rows, each at its first place; without one, no geometry."""
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
    return gpd.GeoDataFrame(table, geometry=geometry, crs=CRS)


def _geojson(kept: Kept, table: pd.DataFrame, day: date) -> bytes:
    told = feature_collection(_located(kept, table), table, day=day, sources=[kept.head["title"]])
    return json.dumps(told, ensure_ascii=False).encode()


def _gpkg(kept: Kept, table: pd.DataFrame, day: date) -> bytes:
    from villeactive.documents.gis_files import to_geopackage

    title = kept.head["title"]
    return to_geopackage(_located(kept, table), day=day, title=title, layer="projets")


_WRITERS: dict[str, Callable[[Kept, pd.DataFrame, date], bytes]] = {
    ".xlsx": _xlsx, ".csv": _csv, ".geojson": _geojson, ".gpkg": _gpkg, ".zip": _zip,
}  # fmt: skip
