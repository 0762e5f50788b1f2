"""Sheets and geography → the frames of the atlas: communes, sites, projects."""

from collections.abc import Mapping
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd

from villeactive.collections.collection import Kind
from villeactive.collections.project import Place, Sheet
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

UNLOCATED = "non localisé"
"""What stands for the town of a project that has no place."""

_NOWHERE = Place.model_construct(
    role="principal", site=None, scale=None, code_insee=None, siren=None, lon=None, lat=None
)
"""The place of a sheet that has none: it is listed and counted, never drawn."""


def _site_row(sheet: Sheet, rank: int, place: Place, kinds: Mapping[str, Kind]) -> dict:
    """Describe one place of a sheet, before geography is joined."""
    return {
        "project": sheet.id,
        "collection": sheet.collection,
        "rank": rank,
        "title": sheet.title.fr,
        "kind": sheet.kind,
        "counted": kinds[sheet.kind].counted,
        "theme": sheet.theme,
        "topic": sheet.topic,
        "role": place.role,
        "site": place.site.fr if place.site else None,
        "scale": place.scale,
        "code_insee": place.code_insee,
        "siren": place.siren if place.scale == "epci" else None,
        "lon": place.lon,
        "lat": place.lat,
    }


def _members(sites: pd.DataFrame) -> dict[str, list[tuple[str, ...]]]:
    """Give the EPCI, départements and régions that each site is in, or holds: a filter takes all.

    What is wider than an EPCI is in none, although its symbol stands in the commune of one.
    """
    found: dict[str, list[tuple[str, ...]]] = {name: [] for name in _MEMBERS}
    rows = zip(*(sites[c] for c in ("scale", "siren", *_WITHIN)), strict=True)
    for scale, siren, *codes in rows:
        epcis, departements, regions = ((c,) if isinstance(c, str) else () for c in codes)
        if scale == "epci" and isinstance(siren, str):
            epcis, (departements, regions) = (siren,), divisions_over(siren)
        elif scale in ("departement", "region"):
            epcis = ()
            departements = departements_of(regions[0]) if scale == "region" else departements
        for name, held in zip(found, (epcis, departements, regions), strict=True):
            found[name].append(held)
    return found


_WITHIN = ("epci", "departement", "region")
_MEMBERS = ("epcis", "departements", "regions")


def sites_frame(
    sheets: dict[str, Sheet], communes: gpd.GeoDataFrame, kinds: Mapping[str, Kind]
) -> gpd.GeoDataFrame:
    """Make one row per place, and one without geometry for a sheet that has none.

    A code that the COG does not know is a fault of the sheet.
    """
    rows = [
        _site_row(sheet, rank, place, kinds)
        for sheet in sheets.values()
        for rank, place in enumerate(sheet.places or [_NOWHERE])
    ]
    table = pd.DataFrame(rows, columns=_OWN_COLUMNS)
    for column in ("site", "topic", "scale", "code_insee", "siren"):
        table[column] = table[column].astype(object).where(table[column].notna(), None)
    table["counted"] = table["counted"].astype(bool)
    unknown = table[table["scale"].notna() & ~known_codes(table["code_insee"], communes)]
    if len(unknown):
        raise SheetError(
            [
                f"{sheets[row.project].file} : places.{row.rank}.code_insee : {row.code_insee} "
                "n’est pas une commune du COG 2026 (métropole et DROM)"
                for row in unknown.itertuples()
            ]
        )
    geography = communes[
        [
            "name",
            "departement",
            "departement_name",
            "region",
            "region_name",
            "epci",
            "epci_name",
            "population",
            "programmes",
            "geometry",
        ]
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


def amount_eur(sheet: Sheet) -> float | None:
    """Sum the investment lines of a sheet, in euros; None when the book prints none.

    Lines that are part of another one, yearly lines and running costs are left out: they
    cannot be added to an investment.
    """
    lines = [
        line.amount_eur
        for line in sheet.budget
        if not line.part_of and line.nature == "investment" and not line.per
    ]
    return sum(lines) if lines else None


def projects_frame(
    sheets: dict[str, Sheet], sites: gpd.GeoDataFrame, sizes: Mapping[str, str | None]
) -> gpd.GeoDataFrame:
    """Make one row per sheet, placed at its principal site.

    ``sizes``: the amount of the fields that counts, by collection.
    """
    amounts = [
        amount_eur(s) if s.budget else s.amounts.get(sizes[s.collection] or "")
        for s in sheets.values()
    ]
    first = sites[sites["rank"] == 0].set_index("project")
    counts = sites[sites["scale"].notna()].groupby("project").size()
    table = pd.DataFrame(
        {
            "id": list(sheets),
            "summary": [sheet.summary.fr if sheet.summary else "" for sheet in sheets.values()],
            "page": [min(sheet.reference.pages, default=0) for sheet in sheets.values()],
            "amount_eur": pd.Series(amounts, dtype="float64"),
            "amount_known": [bool(s.budget or s.amounts) for s in sheets.values()],
        }
    ).set_index("id")
    placed = first.drop(columns=["rank", "role", "site", "scale", "slot", *_MEMBERS])
    joined = placed.join(table, validate="one_to_one").loc[list(sheets)]
    joined.insert(0, "n_sites", counts.reindex(joined.index, fill_value=0))
    joined.index.name = "id"
    return joined
