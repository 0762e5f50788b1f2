"""One row for each kind of file that a list leaves as; what one gathered, as one workbook."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

import geopandas as gpd
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.documents.csv_geojson import (
    feature_collection,
    projects_table,
    sites_values,
    to_csv,
)
from villeactive.documents.towns_list import towns_frame, towns_table
from villeactive.errors import UnknownValueError
from villeactive.filtering import Applied
from villeactive.frames import CRS
from villeactive.selection import Selection, split
from villeactive.text import enumeration, plural
from villeactive.wording.sources import LICENCE, collections_of, credit_lines, licence


@dataclass(frozen=True)
class Listing:
    """A list to be taken away; what a file does not need is not made.

    Attributes
    ----------
    title
        What it holds, in French words.
    name
        Of its layer in a geographic file: letters, digits and underscores.
    table
        Makes what people read in a spreadsheet: French headings.
    values
        Makes what programs read: one row a point, plain values or lists of codes.
    points
        Makes the points of ``values``, in the same order, EPSG:4326; None where there is no place.
    sources
        As :func:`villeactive.wording.sources.credit_lines` gives them.
    sheet
        Name of its sheet in a workbook.
    licence
        As :func:`villeactive.wording.sources.licence` says it.
    """

    title: str
    name: str
    table: Callable[[], pd.DataFrame]
    values: Callable[[], pd.DataFrame]
    points: Callable[[], gpd.GeoSeries]
    sources: Iterable[str] | None = None
    sheet: str = "Liste"
    licence: str = LICENCE


@dataclass(frozen=True)
class ListKind:
    """A kind of file: its name on a button, its media type, what writes a list so.

    ``for_gis`` marks what only a GIS opens: a page shows its button apart.
    """

    name: str
    media: str
    write: Callable[[Listing, date], bytes]
    for_gis: bool = False


def projects_listing(
    applied: Applied, selection: Selection, atlas: Atlas, *, title: str
) -> Listing:
    """Return the list of a selection's projects: a row a project for people, a site for programs.

    It holds what the page lists: places cited only when they are asked for.
    """
    listed = applied.listed(selection, atlas)
    sites = applied.sites[applied.sites["project"].isin(listed.index)]
    return Listing(
        title,
        "projets",
        table=lambda: projects_table(listed, atlas),
        values=lambda: sites_values(sites, atlas),
        points=lambda: sites.geometry,
        sources=credit_lines(atlas, listed.index),
        licence=licence(collections_of(listed.index, atlas)),
    )


def towns_listing(towns: gpd.GeoDataFrame, atlas: Atlas, *, title: str) -> Listing:
    """Return the list of towns, rows of ``atlas.towns`` or ``atlas.communes``."""
    frame = cache(partial(towns_frame, towns, atlas))  # values and points are of one
    return Listing(
        title,
        "villes",
        table=lambda: towns_table(towns, atlas),
        values=lambda: pd.DataFrame(frame().drop(columns="geometry")),
        points=lambda: frame().geometry,
    )


def list_file(kind: str, listing: Listing, *, day: date) -> bytes:
    """Return a list as the content of a file.

    Parameters
    ----------
    kind
        A key of :data:`KINDS`.
    listing
        What it holds.
    day
        Date of the export, written in the file.

    Raises
    ------
    UnknownValueError
        The kind is unknown.
    """
    if kind not in KINDS:
        raise UnknownValueError("Format", kind, list(KINDS))
    return KINDS[kind].write(listing, day)


def _xlsx(listing: Listing, day: date) -> bytes:
    from villeactive.documents.workbook import to_workbook

    tables = {listing.sheet: listing.table()}
    return to_workbook(tables, day=day, title=listing.title, sources=listing.sources)


def _csv(listing: Listing, day: date) -> bytes:
    return to_csv(listing.table(), day=day, sources=listing.sources)


def _geojson(listing: Listing, day: date) -> bytes:
    told = feature_collection(
        listing.points(), listing.values(), day=day, sources=listing.sources,
        licence=listing.licence,
    )  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()


def _gpkg(listing: Listing, day: date) -> bytes:
    from villeactive.documents.gis_files import to_geopackage

    return to_geopackage(_located(listing), _notes(listing, day), layer=listing.name)


def _parquet(listing: Listing, day: date) -> bytes:
    from villeactive.documents.gis_files import to_geoparquet

    return to_geoparquet(_located(listing), _notes(listing, day))


def _notes(listing: Listing, day: date) -> dict[str, str]:
    """Give what a geographic file says of itself."""
    from villeactive.documents.gis_files import about

    return about(listing.title, day=day, sources=listing.sources, licence=listing.licence)


def _located(listing: Listing) -> gpd.GeoDataFrame:
    """Put values at their points; several codes are one text, a column of theirs keeps its name."""
    values = listing.values().reset_index(drop=True)
    for name in values:
        if not any(isinstance(v, list | tuple) for v in values[name]):
            continue
        values[name] = [",".join(v) if isinstance(v, list | tuple) else v for v in values[name]]
    points = gpd.GeoSeries(listing.points().to_numpy(), crs=CRS)
    column = "geometry"
    while column in values.columns:
        column += "_"
    return gpd.GeoDataFrame(values.assign(**{column: points})).set_geometry(column)


KINDS = {
    "xlsx": ListKind(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx
    ),
    "csv": ListKind("CSV", "text/csv", _csv),
    "geojson": ListKind("GeoJSON", "application/geo+json", _geojson, for_gis=True),
    "gpkg": ListKind("GeoPackage", "application/geopackage+sqlite3", _gpkg, for_gis=True),
    "parquet": ListKind("GeoParquet", "application/vnd.apache.parquet", _parquet, for_gis=True),
}
"""Ending → kind of file; all pages and commands that offer a list as files offer these."""


def gathered_said(shortlist: Sequence[str], atlas: Atlas) -> str:
    """Count what was gathered: « 2 fiches et 1 commune »."""
    sheets, towns = split(shortlist, atlas)
    counts = ((len(sheets), "fiche"), (len(towns), "commune"))
    return enumeration([plural(n, noun) for n, noun in counts if n])


def gathered_xlsx(shortlist: Sequence[str], atlas: Atlas, *, day: date) -> bytes:
    """Write a shortlist as XLSX: projects, towns, sources.

    Parameters
    ----------
    shortlist
        Ids of sheets and ``code_insee`` of communes, in the order gathered.
    atlas
        The whole atlas.
    day
        Date of the export.

    Returns
    -------
    bytes
        Sheets « Projets », « Communes » (both always there, each in the order gathered) and
        « Sources »; codes are text.
    """
    from villeactive.documents.workbook import to_workbook

    sheets, towns = split(shortlist, atlas)
    tables = {
        "Projets": projects_table(atlas.projects.loc[list(sheets)], atlas),
        "Communes": towns_table(atlas.communes.loc[list(towns)], atlas),
    }
    title = f"Ma sélection · {gathered_said(shortlist, atlas)}"
    return to_workbook(tables, day=day, title=title, sources=credit_lines(atlas, sheets))
