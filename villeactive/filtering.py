"""What a selection leaves of the atlas: projects, sites, towns, and the choices still open.

Within a filter any value will do; across filters all must hold, and on the same site.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod

from villeactive.atlas import Atlas
from villeactive.facet_index import columns_of
from villeactive.filters import FILTERS
from villeactive.selection import Selection, describe
from villeactive.text import fold

_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Applied:
    """The atlas under a selection.

    Attributes
    ----------
    projects
        Rows of ``atlas.projects`` that match, projects and mentions.
    sites
        All the sites of these, with a boolean column ``matches``: a site that does not match
        by itself is drawn faded.
    """

    projects: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame

    @cached_property
    def counted(self) -> gpd.GeoDataFrame:
        """The rows that count as projects (no mention)."""
        return self.projects[self.projects["counted"].to_numpy()]

    @property
    def n_mentions(self) -> int:
        """How many rows are mentions: counted without making their frame."""
        return len(self.projects) - len(self.counted)

    @property
    def n_unlocated(self) -> int:
        """How many projects have no place: they are listed, never drawn."""
        return int(self.counted["code_insee"].isna().sum())

    @cached_property
    def mentions(self) -> gpd.GeoDataFrame:
        """The places that the book only cites."""
        return self.projects[~self.projects["counted"].to_numpy()]

    def listed(self, selection: Selection, atlas: Atlas) -> gpd.GeoDataFrame:
        """Give the rows to list and to step through: projects, then mentions if asked for.

        Mentions are asked for by their layer or by their kind.
        """
        if "mentions" in selection.shown_layers(atlas):
            return self.projects.loc[[*self.counted.index, *self.mentions.index]]
        return self.counted

    def listed_rows(self, selection: Selection, atlas: Atlas) -> np.ndarray:
        """Give the positions in ``atlas.projects`` of what :meth:`listed` gives, in its order."""
        return atlas.projects.index.get_indexer(self.listed(selection, atlas).index)

    def sentence(self, selection: Selection, atlas: Atlas) -> str:
        """Say the result in words that begin with its count."""
        return describe(
            selection,
            atlas,
            n_projects=len(self.counted),
            n_mentions=self.n_mentions,
            n_unlocated=self.n_unlocated,
        )


def distances_km(frame: gpd.GeoDataFrame, *, lon: float, lat: float) -> pd.Series:
    """Measure how far each point lies from a place.

    Parameters
    ----------
    frame
        Points, EPSG:4326.
    lon, lat
        Decimal degrees.

    Returns
    -------
    Series
        Kilometres along the WGS 84 ellipsoid (exact overseas too), same index.
    """
    n_rows = len(frame)
    metres = _GEOD.inv(
        np.full(n_rows, lon), np.full(n_rows, lat), frame.geometry.x, frame.geometry.y
    )[2]
    return pd.Series(np.asarray(metres) / 1000, index=frame.index, name="distance_km")


def _in_place(selection: Selection, frame: gpd.GeoDataFrame, atlas: Atlas) -> np.ndarray:
    """Tell which rows satisfy the filters of place: territory, programme, size, distance."""
    columns = columns_of(frame)
    keep = np.ones(len(frame), dtype=bool)
    for one in FILTERS:
        if one.place and (codes := getattr(selection, one.key)):
            column = one.of_sites if one.members in frame else one.column
            keep &= columns.has(column, codes)
    if selection.min_population is not None:
        keep &= columns.values("population") >= selection.min_population
    if selection.max_population is not None:
        keep &= columns.values("population") <= selection.max_population
    if selection.near:
        centre = atlas.communes.loc[selection.near]
        far = distances_km(frame, lon=centre["lon"], lat=centre["lat"])
        keep &= far.to_numpy() <= selection.within
    return keep


def _in_sheet(selection: Selection, atlas: Atlas) -> np.ndarray:
    """Tell which sites satisfy the filters of content, which are those of their sheet."""
    columns = columns_of(atlas.sites)
    keep = np.ones(len(columns), dtype=bool)
    for one in FILTERS:
        codes = () if one.place else getattr(selection, one.key)
        if codes and one.column:
            keep &= columns.has(one.column, codes)
        elif codes:
            kept = one.projects(atlas)
            keep &= columns.has("project", set().union(*(kept[code] for code in codes)))
    for slug, tests in selection.own:
        column = atlas.own_columns.get(slug)
        keep &= columns.has("project", column.keeps(tests) if column else ())
    if selection.amount:
        keep &= columns.has("project", atlas.projects.index[atlas.projects["amount_known"]])
    if selection.text:
        told = atlas.haystack.items()
        keep &= columns.has("project", [k for k, text in told if _holds(selection.text, text)])
    return keep


def _holds(asked: str, text: str) -> bool:
    """Tell whether a folded text holds every word asked for, each at the start of a word.

    Words that fold to nothing (another script, signs alone) are held by no text.
    """
    words = fold(asked).split()
    return bool(words) and all(f" {word}" in f" {text}" for word in words)


def matching(selection: Selection, atlas: Atlas) -> np.ndarray:
    """Tell which rows of ``atlas.sites`` match the whole selection: booleans."""
    return _in_place(selection, atlas.sites, atlas) & _in_sheet(selection, atlas)


def apply(selection: Selection, atlas: Atlas) -> Applied:
    """Filter the atlas.

    A project matches when one of its sites does; its other sites stay, marked.

    Parameters
    ----------
    selection
        Valid codes, as :func:`from_query` and :func:`resolve` give them.
    atlas
        The whole atlas.

    Returns
    -------
    Applied
        New frames; an empty result is a result.
    """
    matches = matching(selection, atlas)
    columns = columns_of(atlas.sites)
    kept = set(columns.values("project")[matches])
    there = columns.has("project", kept)
    retained = np.array([key in kept for key in atlas.projects.index], dtype=bool)
    return Applied(
        projects=atlas.projects[retained],
        sites=atlas.sites[there].assign(matches=matches[there]),
    )


def apply_to_towns(selection: Selection, towns: gpd.GeoDataFrame, atlas: Atlas) -> gpd.GeoDataFrame:
    """Filter communes by the same selection.

    Parameters
    ----------
    selection
        Filters of place act on the commune itself; filters of content (theme,
        topic, amount…) keep the communes that hold a site of a matching sheet; ``text`` is
        sought in the names of the commune, its département, région and EPCI.
    towns
        ``atlas.towns`` or ``atlas.communes``.
    atlas
        The whole atlas.
    """
    keep = _in_place(selection, towns, atlas)
    content = replace(selection.filters, text="")
    if (
        content.amount
        or content.own
        or any(getattr(content, one.key) for one in FILTERS if not one.place)
    ):
        keep &= towns.index.isin(atlas.sites.loc[_in_sheet(content, atlas), "code_insee"])
    if selection.text:
        columns = ["name", "departement_name", "region_name", "epci_name"]
        named = zip(*(towns.loc[keep, column].fillna("") for column in columns), strict=True)
        found = [_holds(selection.text, fold(" ".join(names))) for names in named]
        keep[keep] = found
    return towns[keep]
