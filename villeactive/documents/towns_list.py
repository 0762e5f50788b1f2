"""The labelled towns as a list: French headings for readers, plain fields for machines."""

from collections import defaultdict
from typing import Any

import geopandas as gpd
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.geography.referential import TERRITORY_COLUMNS
from villeactive.programmes import Programme, known_programmes, short_names

_HEADINGS = {
    "name": "Commune",
    "code_insee": "Code INSEE",
    "departement": "Code département",
    "departement_name": "Département",
    "region": "Code région",
    "region_name": "Région",
    "epci": "SIREN de l’intercommunalité",
    "epci_name": "Intercommunalité",
    "population": "Population municipale 2023",
    "programmes": "Programmes",
    "lon": "Longitude",
    "lat": "Latitude",
}
_TOLD = ("since", "territory_name", "site")
"""What the lists tell of a programme, in the order of the columns."""


def _by_programme() -> list[Programme]:
    """Give the programmes in the order of their columns."""
    return sorted(known_programmes().values(), key=lambda one: _TOLD.index(one.told_by))


def _listed(programme: str, column: str, codes: pd.Index, atlas: Atlas) -> pd.Series:
    """Give what the lists say of a programme, commune by commune; several are joined."""
    carried = atlas.carried
    rows = carried[(carried["programme"] == programme) & carried["code_insee"].isin(codes)]
    rows = rows.dropna(subset=[column])
    said: dict[str, dict[str, None]] = defaultdict(dict)
    for code, text in zip(rows["code_insee"], rows[column], strict=True):
        said[code][text] = None
    found = [" ; ".join(said[code]) if code in said else None for code in codes]
    return pd.Series(found, index=codes, dtype=object)


def towns_frame(towns: gpd.GeoDataFrame, atlas: Atlas) -> gpd.GeoDataFrame:
    """Describe towns for machines.

    Parameters
    ----------
    towns
        Rows of ``atlas.towns`` or ``atlas.communes`` (EPSG:4326).
    atlas
        For dates, territories and sites.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, true coordinates overseas too; one row per town, in the order given:
        ``name, code_insee, departement, departement_name, region, region_name, epci, epci_name,
        population`` (municipal, 2023), ``programmes`` (a list of codes), the ``column``
        of each programme (ISO dates, then names of territories, then of sites; or None), ``lon,
        lat`` (6 decimals), ``geometry``. Codes are text.
    """
    columns: dict[str, Any] = {"name": towns["name"], "code_insee": towns.index.to_series()}
    for name in TERRITORY_COLUMNS:
        columns[name] = towns[name]
    columns["population"] = towns["population"].astype(int)
    columns["programmes"] = towns["programmes"].map(list)
    for one in _by_programme():
        columns[one.column] = _listed(one.code, one.told_by, towns.index, atlas)
    columns["lon"], columns["lat"] = towns.geometry.x.round(6), towns.geometry.y.round(6)
    table = pd.DataFrame(columns, index=towns.index).reset_index(drop=True)
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=4326)
    return gpd.GeoDataFrame(table, geometry=points)


def towns_table(towns: gpd.GeoDataFrame, atlas: Atlas) -> pd.DataFrame:
    """Make the list that users download: French headings, programmes by their short names."""
    frame = pd.DataFrame(towns_frame(towns, atlas).drop(columns="geometry"))
    frame["programmes"] = [", ".join(short_names(codes)) for codes in frame["programmes"]]
    return frame.rename(columns=_HEADINGS | {one.column: one.heading for one in _by_programme()})
