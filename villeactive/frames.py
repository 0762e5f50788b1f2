"""Sheets and geography → the frames of the atlas: communes, sites, projects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from sys import intern
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from villeactive.collections.collection import NO_THEME, Kind
from villeactive.collections.project import Place, file_of
from villeactive.collections.sheets import Plain
from villeactive.errors import SheetError
from villeactive.geography import referential
from villeactive.geography.territories import departements_of, divisions_over
from villeactive.programmes import in_order, labelled

CRS = "EPSG:4326"


def communes_frame(carried: pd.DataFrame) -> gpd.GeoDataFrame:
    """Join communes and what they carry; points in EPSG:4326."""
    communes = referential.read_communes()
    labels: dict[str, list[str]] = {}
    for code, programme in zip(carried["code_insee"], carried["programme"], strict=True):
        labels.setdefault(code, []).append(programme)
    # thousands of communes carry the same few lists
    ordered_once = cache(in_order)
    ordered = {code: ordered_once(tuple(found)) for code, found in labels.items()}
    communes = communes.assign(
        programmes=[ordered.get(code, ()) for code in communes.index.tolist()]
    )
    points = gpd.points_from_xy(communes["lon"], communes["lat"], crs=CRS)
    return gpd.GeoDataFrame(communes, geometry=points)


def labelled_towns(communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the communes that carry a label of their own, not one of their grouping."""
    labels = set(labelled())
    return communes[[not labels.isdisjoint(carried) for carried in communes["programmes"]]]


def known_codes(codes: pd.Series, communes: pd.DataFrame) -> np.ndarray:
    """Tell which codes are those of communes; ``isin`` would read all communes one by one."""
    return communes.index.get_indexer(codes) >= 0


_OWN_COLUMNS = [
    "project", "collection", "rank", "title", "kind", "counted", "theme", "topic", "role", "site",
    "scale", "code_insee", "siren", "lon", "lat",
]  # fmt: skip

_OF_PROJECTS = ["id", "summary", "page", "amount_eur", "amount_known", "budget", "partly"]

UNLOCATED = "non localisé"
"""What stands for the town of a project that has no place."""

_NOWHERE: Plain = {"scale": None}
"""The place of a sheet that has none: it is listed and counted, never drawn."""


@dataclass(frozen=True)
class Rows:
    """What the frames take of the sheets, before geography is joined: a row a place, a project."""

    places: list[dict[str, Any]] = field(default_factory=list)
    projects: list[dict[str, Any]] = field(default_factory=list)


def rows_of(sheets: Iterable[Plain], sizes: Mapping[str, str | None]) -> Rows:
    """Read the sheets once.

    ``sizes``: the amount of the fields that counts, by collection.
    """
    rows = Rows()
    for one in sheets:
        rows.projects.append(_project_row(one, sizes[one["collection"]]))
        shared = {
            "project": one["id"],
            "collection": one["collection"],
            "title": one["title"]["fr"],
            "kind": one["kind"],
            "theme": one.get("theme", NO_THEME),
            "topic": one.get("topic"),
        }
        for rank, place in enumerate(one.get("places") or [_NOWHERE]):
            scale, code = place.get("scale", _SCALE), place.get("code_insee")
            rows.places.append(
                {
                    **shared,
                    "rank": rank,
                    "role": place.get("role", _ROLE),
                    "site": place["site"]["fr"] if "site" in place else None,
                    "scale": scale and intern(scale),  # rows of one text share it
                    "code_insee": code and intern(code),
                    "siren": place.get("siren") if scale == "epci" else None,
                    "lon": place.get("lon"),
                    "lat": place.get("lat"),
                }
            )
    return rows


_SCALE, _ROLE = (Place.model_fields[name].default for name in ("scale", "role"))


def _project_row(one: Plain, size: str | None) -> dict[str, Any]:
    """Describe a sheet."""
    budget, amounts = one.get("budget", ()), one.get("amounts", {})
    return {
        "id": one["id"],
        "summary": one["summary"]["fr"] if "summary" in one else "",
        "page": min(one.get("reference", {}).get("pages", ()), default=0),
        "amount_eur": _invested(budget) if budget else amounts.get(size or ""),
        "amount_known": bool(budget or amounts),
        "budget": bool(budget),
        "partly": bool(one.get("places")) and "unlocated" in one,
    }


def _invested(budget: Iterable[Plain]) -> float | None:
    """Sum the investment lines of a budget, in euros; None when the book prints none.

    Lines that are part of another one, yearly lines and running costs are left out: they
    cannot be added to an investment.
    """
    lines = [
        line["amount_eur"]
        for line in budget
        if line.get("nature") == "investment" and "part_of" not in line and "per" not in line
    ]
    return sum(lines) if lines else None


def _members(sites: pd.DataFrame) -> dict[str, list[tuple[str, ...]]]:
    """Give the EPCI, départements and régions that each site is in, or holds: a filter takes all.

    What is wider than an EPCI is in none, although its symbol stands in the commune of one.
    """
    found: dict[str, list[tuple[str, ...]]] = {name: [] for name in _MEMBERS}
    alone = cache(lambda code: (code,))  # thousands of sites share the same few
    rows = zip(*(sites[c] for c in ("scale", "siren", *_WITHIN)), strict=True)
    for scale, siren, *codes in rows:
        epcis, departements, regions = (alone(c) if isinstance(c, str) else () for c in codes)
        if scale == "epci" and isinstance(siren, str):
            epcis, (departements, regions) = alone(siren), divisions_over(siren)
        elif scale in ("departement", "region"):
            epcis = ()
            departements = departements_of(regions[0]) if scale == "region" else departements
        for name, held in zip(found, (epcis, departements, regions), strict=True):
            found[name].append(held)
    return found


_WITHIN = ("epci", "departement", "region")
_MEMBERS = ("epcis", "departements", "regions")


def sites_frame(
    places: list[dict[str, Any]], communes: gpd.GeoDataFrame, kinds: Mapping[str, Kind]
) -> gpd.GeoDataFrame:
    """Make one row per place, and one without geometry for a sheet that has none.

    A code that the COG does not know is a fault of the sheet.
    """
    table = pd.DataFrame(places, columns=_OWN_COLUMNS)
    for column in ("site", "topic", "scale", "code_insee", "siren"):
        table[column] = table[column].astype(object).where(table[column].notna(), None)
    table["counted"] = np.array([kinds[kind].counted for kind in table["kind"]], dtype=bool)
    unknown = table[table["scale"].notna() & ~known_codes(table["code_insee"], communes)]
    if len(unknown):
        raise SheetError(
            [
                f"{file_of(row.collection, row.project)} : places.{row.rank}.code_insee : "
                f"{row.code_insee} "
                "n’est pas une commune du COG 2026 (métropole et DROM)"
                for row in unknown.itertuples()
            ]
        )
    geography = communes[
        ["name", *referential.TERRITORY_COLUMNS, "population", "programmes", "geometry"]
    ].rename(columns={"name": "town"})
    joined = table.join(geography, on="code_insee", validate="many_to_one")
    joined["programmes"] = [c if isinstance(c, tuple) else () for c in joined["programmes"]]
    joined = joined.fillna({"town": UNLOCATED, "departement_name": "", "region_name": ""})
    joined = joined.assign(**_members(joined))
    # mentions come last, so that a project keeps its town when they are not drawn
    ordered = joined.sort_values("counted", ascending=False, kind="stable")
    joined["slot"] = ordered.groupby("code_insee", dropna=False).cumcount()
    sites = gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS)
    given = sites["lon"].notna()
    if given.any():
        points = gpd.points_from_xy(sites.loc[given, "lon"], sites.loc[given, "lat"], crs=CRS)
        sites.loc[given, "geometry"] = points
    return sites.drop(columns=["siren", "lon", "lat"])


def projects_frame(projects: list[dict[str, Any]], sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make one row per sheet, placed at its principal site."""
    first = sites[sites["rank"] == 0].set_index("project")
    counts = sites[sites["scale"].notna()].groupby("project").size()
    table = pd.DataFrame(projects, columns=_OF_PROJECTS).set_index("id")
    table = table.astype(
        {
            "page": "int64",
            "amount_eur": "float64",
            "amount_known": bool,
            "budget": bool,
            "partly": bool,
        }
    )
    placed = first.drop(columns=["rank", "role", "site", "scale", "slot", *_MEMBERS])
    joined = placed.join(table, validate="one_to_one").loc[table.index]
    joined.insert(0, "n_sites", counts.reindex(joined.index, fill_value=0))
    joined.index.name = "id"
    return joined
