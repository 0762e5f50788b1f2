"""Geographic files for desktop GIS and notebooks: GeoPackage and GeoParquet, sources inside."""

import io
import json
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from villeactive.wording.sources import LICENCE, cited

_PROVENANCE = "provenance"
_STAMPED = (
    ("gpkg_contents", "last_change"),
    ("gpkg_metadata_reference", "timestamp"),
)


def about(
    title: str, *, day: date, sources: Iterable[str] | None = None, licence: str = LICENCE
) -> dict[str, str]:
    """Give what every file says of itself: title, day, sources, licence, reference system.

    Parameters
    ----------
    title
        What the file holds, in French.
    day, sources
        As for :func:`villeactive.documents.csv_geojson.to_csv`.
    licence
        As :func:`villeactive.wording.sources.licence` says it.
    """
    return {
        "title": title,
        "date": day.isoformat(),
        "source": " ".join(cited(sources)),
        "licence": licence,
        "crs": "EPSG:4326 (WGS 84, longitude, latitude)",
        "producer": "Ville active",
    }


def to_geoparquet(frame: gpd.GeoDataFrame, notes: dict[str, str]) -> bytes:
    """Write a frame as GeoParquet 1.1.

    Parameters
    ----------
    frame
        Points in EPSG:4326; codes are text.
    notes
        What :func:`about` says.

    Returns
    -------
    bytes
        zstd-compressed; ``notes`` are in the file's metadata, and come back in ``attrs``
        when pandas or geopandas reads it.
    """
    described = frame.copy()
    for name, kind in described.dtypes.items():
        # a text with nothing in it would be written without a type
        if pd.api.types.is_object_dtype(kind) and described[name].isna().all():
            described[name] = described[name].astype("str")
    described.attrs = notes
    stream = io.BytesIO()
    described.to_parquet(stream, index=False, compression="zstd", schema_version="1.1.0")
    return stream.getvalue()


def to_geopackage(frame: gpd.GeoDataFrame, notes: dict[str, str], *, layer: str) -> bytes:
    """Write a frame as GeoPackage.

    Parameters
    ----------
    frame, notes
        As for :func:`to_geoparquet`.
    layer
        Name of the layer: letters, digits and underscores.

    Returns
    -------
    bytes
        One file, closed journal. ``notes`` are in the metadata tables of the standard, where
        GDAL and QGIS read them, and in an attribute table ``provenance`` that opens as a table.
        The same frame on the same day is the same file.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{layer}.gpkg"
        frame.to_file(
            path,
            layer=layer,
            driver="GPKG",
            engine="pyogrio",
            dataset_options={"VERSION": "1.2"},  # read by every GDAL and QGIS in use
            layer_options={"IDENTIFIER": notes["title"], "DESCRIPTION": notes["source"]},
            dataset_metadata=notes,
            layer_metadata=notes,
        )
        with closing(sqlite3.connect(path)) as database, database:
            _add_provenance(database, notes)
        return path.read_bytes()


def _add_provenance(database: sqlite3.Connection, notes: dict[str, str]) -> None:
    """Add the table of sources, and replace the clock by the day."""
    database.execute(
        f"CREATE TABLE {_PROVENANCE} (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
        "key TEXT NOT NULL, value TEXT NOT NULL)"
    )
    database.executemany(
        f"INSERT INTO {_PROVENANCE} (key, value) VALUES (?, ?)", list(notes.items())
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) "
        "VALUES (?, 'attributes', ?, ?)",
        (_PROVENANCE, _PROVENANCE, json.dumps(notes, ensure_ascii=False)),
    )
    stamp = f"{notes['date']}T00:00:00.000Z"
    for table, column in _STAMPED:
        database.execute(f"UPDATE {table} SET {column} = ?", (stamp,))
