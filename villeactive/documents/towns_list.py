"""The labelled towns as a list: French headings for readers, plain fields for machines."""

import json
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.documents.csv_geojson import feature_collection
from villeactive.vocabulary import terms

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
    "acv_since": "Action cœur de ville depuis",
    "pvd_since": "Petites villes de demain depuis",
    "ort_since": "ORT depuis",
    "ti_name": "Territoire d’industrie (2023-2027)",
    "ti1_name": "Territoire d’industrie (2018-2022)",
    "fabriques": "Fabriques de territoire",
    "manufactures": "Manufactures de proximité",
    "lon": "Longitude",
    "lat": "Latitude",
}
_FROM_LISTS = {
    "acv_since": ("ACV", "since"),
    "pvd_since": ("PVD", "since"),
    "ort_since": ("ORT", "since"),
    "ti_name": ("TI", "territory_name"),
    "ti1_name": ("TI1", "territory_name"),
    "fabriques": ("FABT", "site"),
    "manufactures": ("MANUP", "site"),
}


def _listed(programme: str, column: str, codes: pd.Index, atlas: Atlas) -> pd.Series:
    """Give what the lists say of a programme, commune by commune; several are joined."""
    rows = atlas.carried[atlas.carried["programme"] == programme].dropna(subset=[column])
    said = rows.groupby("code_insee")[column].agg(lambda texts: " ; ".join(dict.fromkeys(texts)))
    found = said.reindex(codes)
    return found.astype(object).where(found.notna(), None)


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
        population`` (municipal, 2023), ``programmes`` (codes joined by a comma), ``acv_since,
        pvd_since, ort_since`` (ISO dates or None), ``ti_name, ti1_name, fabriques,
        manufactures`` (names or None), ``lon, lat`` (6 decimals), ``geometry``. Codes are text.
    """
    columns: dict[str, Any] = {"name": towns["name"], "code_insee": towns.index.to_series()}
    for name in ("departement", "departement_name", "region", "region_name", "epci", "epci_name"):
        columns[name] = towns[name]
    columns["population"] = towns["population"].astype(int)
    columns["programmes"] = towns["programmes"].map(",".join)
    for name, (programme, column) in _FROM_LISTS.items():
        columns[name] = _listed(programme, column, towns.index, atlas)
    columns["lon"], columns["lat"] = towns.geometry.x.round(6), towns.geometry.y.round(6)
    table = pd.DataFrame(columns, index=towns.index).reset_index(drop=True)
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=4326)
    return gpd.GeoDataFrame(table, geometry=points)


def towns_table(towns: gpd.GeoDataFrame, atlas: Atlas) -> pd.DataFrame:
    """Make the list that users download: French headings, programmes by their short names."""
    frame = pd.DataFrame(towns_frame(towns, atlas).drop(columns="geometry"))
    short = {code: term.short for code, term in terms("programmes").items()}
    frame["programmes"] = [
        ", ".join(short[code] for code in codes.split(",") if code) for codes in frame["programmes"]
    ]
    return frame.rename(columns=_HEADINGS)


def towns_geojson(towns: gpd.GeoDataFrame, atlas: Atlas, *, day: date) -> bytes:
    """Write the towns as GeoJSON (RFC 7946), provenance inside; programmes are lists of codes."""
    frame = towns_frame(towns, atlas)
    values = pd.DataFrame(frame.drop(columns=["geometry", "lon", "lat"]))
    values["programmes"] = values["programmes"].str.split(",")
    return json.dumps(feature_collection(frame, values, day=day), ensure_ascii=False).encode()
