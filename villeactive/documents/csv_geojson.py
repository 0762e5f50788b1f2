"""Lists as CSV and GeoJSON, codes as text, no live formula, source and date inside."""

import io
import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.programmes import short_names
from villeactive.wording import facts
from villeactive.wording.own_fields import own_table, whole
from villeactive.wording.sources import LICENCE, cited, provenance

_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|\s*[\t\r]")


def defused(value: Any) -> Any:
    """Prefix with an apostrophe a text that a spreadsheet would run as a formula.

    Leading blanks, seen or not, and full-width signs count too; numbers are left alone.
    """
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return value


def projects_table(projects: gpd.GeoDataFrame, atlas: Atlas) -> pd.DataFrame:
    """Make the list that users download: French headings, names instead of codes.

    Parameters
    ----------
    projects
        Rows of ``atlas.projects``.
    atlas
        The whole atlas.

    Returns
    -------
    DataFrame
        One row per sheet, in the order given; INSEE codes are text, coordinates decimal
        degrees of the principal site; then the columns of the tables that collections were
        made of, as :func:`villeactive.wording.own_fields.own_table` gives them.
    """
    rows = []
    for row in projects.itertuples():
        told = _TOLD.intersection(plain := atlas.sheets.plain_of(row.Index))
        sheet = atlas.sheets[row.Index] if told else None  # to build it takes longer than to ask
        rows.append(
            {
                "Identifiant": row.Index,
                "Projet": row.title,
                "Type de fiche": atlas.label("kinds", row.kind),
                "Thème": atlas.label("themes", row.theme),
                "Sujet": atlas.label("topics", row.topic) or None,
                "Commune": row.town,
                "Code INSEE": row.code_insee,
                "Département": row.departement_name,
                "Région": row.region_name,
                "Intercommunalité": row.epci_name,
                "Population municipale 2023": int(row.population) if row.n_sites else None,
                "Programmes de la commune": ", ".join(short_names(row.programmes)),
                "Nombre de sites": int(row.n_sites),
                "Investissement connu (€)": row.amount_eur,
                "Montants cités": (sheet and facts.total(sheet)) or None,
                "Financeurs": (sheet and facts.actors(sheet.funders, atlas, notes=False)) or None,
                "Contacts (à vérifier)": " ; ".join(
                    facts.contact_line(one, atlas) for one in (sheet.contacts if sheet else ())
                )
                or None,
                "Résumé": row.summary,
                "Pages citées": _span(plain.get("reference", {}).get("pages", [])),
                "Longitude": round(row.geometry.x, 6) if row.n_sites else None,
                "Latitude": round(row.geometry.y, 6) if row.n_sites else None,
            }
        )
    table = pd.DataFrame(rows, columns=_HEADINGS)
    table["Investissement connu (€)"] = whole(table["Investissement connu (€)"].astype(float))
    return beside(table, own_table(projects, atlas))


def beside(table: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Put columns beside others, row by row; a name that is taken, whatever its case, is told so.

    GeoPackage takes « Programmes » for « programmes ».
    """
    taken = {column.casefold() for column in table}
    names = []
    for header in own:
        name = header
        while name.casefold() in taken:
            name += " (tableau)"
        taken.add(name.casefold())
        names.append(name)
    return pd.concat([table, own.set_axis(names, axis=1).set_axis(table.index)], axis=1)


_TOLD = frozenset({"budget", "funders", "contacts"})
"""Fields of a sheet of which the list says something."""

_HEADINGS = [
    "Identifiant", "Projet", "Type de fiche", "Thème", "Sujet", "Commune", "Code INSEE",
    "Département", "Région", "Intercommunalité", "Population municipale 2023",
    "Programmes de la commune", "Nombre de sites", "Investissement connu (€)",
    "Montants cités", "Financeurs", "Contacts (à vérifier)", "Résumé", "Pages citées",
    "Longitude", "Latitude",
]  # fmt: skip


def _span(pages: list[int]) -> str | None:
    """Say pages in a way that no spreadsheet takes for a date: « 8 à 13 »."""
    if not pages:
        return None
    first, last = min(pages), max(pages)
    return str(first) if first == last else f"{first} à {last}"


def to_csv(
    table: pd.DataFrame, *, day: date, french: bool = True, sources: Iterable[str] | None = None
) -> bytes:
    """Write a table as CSV.

    Parameters
    ----------
    table
        Any table; texts that would be formulas are defused.
    day
        Date of the export, written in a column with the sources.
    french
        True: semicolons, decimal commas and a byte-order mark, as a French spreadsheet opens
        it by a double click; False: RFC 4180 commas and points, no provenance column.
    sources
        As :func:`villeactive.wording.sources.credit_lines` gives them.
    """
    # a lone carriage return is not quoted by every writer: it would open a row of its own
    safe = table.map(_one_cell)
    if not french:
        return csv_bytes(safe, lineterminator="\n")
    safe = safe.assign(Source=provenance(day, sources))
    return csv_bytes(safe, sep=";", decimal=",", lineterminator="\r\n", encoding="utf-8-sig")


_BLOCK = 2_000
"""Rows of a CSV written at once."""


def csv_bytes(table: pd.DataFrame, **manner: Any) -> bytes:
    """Return a table as CSV, in a manner of pandas, written by blocks of rows, its headers defused.

    The whole as one text would take four times what the file does.
    """
    stream = io.BytesIO()
    headers = [_one_cell(header) for header in table]
    table.to_csv(stream, index=False, header=headers, chunksize=_BLOCK, **manner)
    return stream.getvalue()


def _one_cell(value: Any) -> Any:
    """Defuse a value and write each of its line ends as a line feed."""
    if not isinstance(value, str) or (value[:1].isalnum() and "\r" not in value):
        return value  # most cells: it begins as no formula does
    return re.sub(r"\r\n?", "\n", defused(value))


def feature_collection(
    frame: gpd.GeoDataFrame | gpd.GeoSeries,
    properties: pd.DataFrame,
    *,
    day: date,
    sources: Iterable[str] | None = None,
    licence: str = LICENCE,
) -> dict[str, Any]:
    """Make an RFC 7946 collection of points.

    Parameters
    ----------
    frame
        Points in EPSG:4326.
    properties
        Same index and order; the plain values of each feature.
    day
        Date of the export.
    sources
        As :func:`villeactive.wording.sources.credit_lines` gives them.
    licence
        As :func:`villeactive.wording.sources.licence` says it.

    Returns
    -------
    dict
        With the foreign members ``source``, ``date`` and ``licence``; coordinates are true
        (overseas too), longitude first, 6 decimals; ``geometry`` is null where there is no place.
    """
    values = json.loads(properties.to_json(orient="records", force_ascii=False))
    features = [
        {
            "type": "Feature",
            "geometry": p and {"type": "Point", "coordinates": [round(p.x, 6), round(p.y, 6)]},
            "properties": value,
        }
        for p, value in zip(frame.geometry, values, strict=True)
    ]
    return {
        "type": "FeatureCollection",
        "source": " ".join(cited(sources)),
        "date": day.isoformat(),
        "licence": licence,
        "features": features,
    }


def sites_geojson(
    sites: gpd.GeoDataFrame,
    atlas: Atlas,
    *,
    day: date,
    sources: Iterable[str] | None = None,
    licence: str = LICENCE,
) -> dict[str, Any]:
    """Make the GeoJSON of sites: one point per place of a project, marked ``matches``."""
    values = sites_values(sites, atlas)
    return feature_collection(sites, values, day=day, sources=sources, licence=licence)


def sites_values(sites: gpd.GeoDataFrame, atlas: Atlas) -> pd.DataFrame:
    """Return what programs read of sites: a row each, codes, programmes as a list of codes.

    The columns of the tables that collections were made of come last, by their headers.
    """
    keep = [
        "project",
        "collection",
        "title",
        "kind",
        "theme",
        "topic",
        "role",
        "site",
        "code_insee",
        "town",
        "departement",
        "region",
        "epci",
        "population",
        "programmes",
        "matches",
    ]
    columns = [column for column in keep if column in sites.columns]
    properties = pd.DataFrame(sites[columns])
    properties["programmes"] = properties["programmes"].map(list)
    own = own_table(atlas.projects.loc[sites["project"].unique()], atlas)
    return beside(properties, own.loc[sites["project"]])
