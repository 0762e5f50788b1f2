"""What a selection leaves of the atlas: projects, sites, towns, and the choices still open.

Within a filter any value will do; across filters all must hold, and on the same site.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from villeactive.atlas import Atlas
from villeactive.collections.own_columns import PREFIX
from villeactive.facet_index import Members, columns_of
from villeactive.filters import BY_KEY, FILTERS
from villeactive.kept_with import kept_with_first
from villeactive.selection import Selection, describe
from villeactive.text import fold

_GEOD = Geod(ellps="WGS84")
_DEGREE_KM = 110
"""A degree of latitude is longer: what lies farther off in degrees is farther in kilometres."""


@dataclass(frozen=True, eq=False)
class Applied:
    """The atlas under a selection; its frames are made when they are asked for.

    Attributes
    ----------
    atlas
        The whole atlas.
    rows
        Positions in ``atlas.projects`` of what matches, projects and mentions.
    matches
        Which rows of ``atlas.sites`` match by themselves: booleans.
    """

    atlas: Atlas
    rows: np.ndarray
    matches: np.ndarray

    @cached_property
    def projects(self) -> gpd.GeoDataFrame:
        """The rows of ``atlas.projects`` that match, projects and mentions."""
        return self.atlas.projects.iloc[self.rows]

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """All the sites of these, with a boolean column ``matches``.

        A site that does not match by itself is drawn faded.
        """
        there = self.of_rows
        return self.atlas.sites[there].assign(matches=self.matches[there])

    @cached_property
    def of_rows(self) -> np.ndarray:
        """Which rows of ``atlas.sites`` are of what matches: booleans."""
        kept = np.zeros(len(self.atlas.projects), dtype=bool)
        kept[self.rows] = True
        return kept[self.atlas.site_rows]

    @cached_property
    def counted_rows(self) -> np.ndarray:
        """Positions in ``atlas.projects`` of what counts as a project (no mention)."""
        return self.rows[columns_of(self.atlas.projects).values("counted")[self.rows]]

    @cached_property
    def counted(self) -> gpd.GeoDataFrame:
        """The rows that count as projects."""
        return self.atlas.projects.iloc[self.counted_rows]

    @cached_property
    def counted_sites(self) -> np.ndarray:
        """Which rows of ``atlas.sites`` match, and are of a project: booleans."""
        return self.matches & columns_of(self.atlas.sites).values("counted")

    @property
    def n_projects(self) -> int:
        """How many rows count as projects."""
        return len(self.counted_rows)

    @property
    def n_mentions(self) -> int:
        """How many rows are mentions."""
        return len(self.rows) - self.n_projects

    @cached_property
    def n_unlocated(self) -> int:
        """How many projects have no place: they are listed, never drawn."""
        communes = columns_of(self.atlas.projects).values("code_insee")
        return int(pd.isna(communes[self.counted_rows]).sum())

    @cached_property
    def mentions(self) -> gpd.GeoDataFrame:
        """The places that the book only cites."""
        return self.atlas.projects.iloc[self._mentioned]

    @property
    def _mentioned(self) -> np.ndarray:
        return self.rows[~columns_of(self.atlas.projects).values("counted")[self.rows]]

    def listed_rows(self, selection: Selection, atlas: Atlas) -> np.ndarray:
        """Give the positions of the rows to list and to step through.

        Projects, then mentions if asked for, by their layer or by their kind.
        """
        return self.every_row if "mentions" in selection.shown_layers(atlas) else self.counted_rows

    @property
    def every_row(self) -> np.ndarray:
        """Positions of the rows: projects, then mentions."""
        return np.concatenate([self.counted_rows, self._mentioned])

    def listed(self, selection: Selection, atlas: Atlas) -> gpd.GeoDataFrame:
        """Give the rows to list and to step through, as :meth:`listed_rows`."""
        return self.atlas.projects.iloc[self.listed_rows(selection, atlas)]

    def sentence(self, selection: Selection, atlas: Atlas) -> str:
        """Say the result in words that begin with its count."""
        return describe(
            selection,
            atlas,
            n_projects=self.n_projects,
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


def _around(frame: gpd.GeoDataFrame, *, lon: float, lat: float, km: float) -> np.ndarray:
    """Tell which points lie at most so many kilometres from a place: booleans."""
    points = frame.geometry.to_numpy()
    high = km / _DEGREE_KM
    wide = high / np.cos(np.radians(min(abs(lat) + high, 89)))
    near = (abs(shapely.get_y(points) - lat) <= high) & (abs(shapely.get_x(points) - lon) <= wide)
    near[near] = distances_km(frame[near], lon=lon, lat=lat).to_numpy() <= km
    return near


def within(selection: Selection, frame: gpd.GeoDataFrame, atlas: Atlas) -> np.ndarray:
    """Tell which rows of a frame satisfy the filters of place, as :func:`apply_to_towns` does.

    Returns
    -------
    array
        Booleans: territory, programme, size, distance.
    """
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
        keep &= _around(frame, lon=centre["lon"], lat=centre["lat"], km=selection.within)
    return keep


def _in_sheet(selection: Selection, atlas: Atlas) -> np.ndarray:
    """Tell which sites satisfy the filters of content, which are those of their sheet."""
    columns = columns_of(atlas.sites)
    keep = np.ones(len(columns), dtype=bool)
    of_sheets = np.ones(len(atlas.projects), dtype=bool)
    for one in FILTERS:
        codes = () if one.place else getattr(selection, one.key)
        if codes and one.column:
            keep &= columns.has(one.column, codes)
        elif codes:
            of_sheets &= members(atlas, one.key).has(codes)
    for slug, tests in selection.own:
        of_sheets &= _own(slug, tests, atlas)
    if selection.amount:
        of_sheets &= columns_of(atlas.projects).values("amount_known")
    if selection.text:
        of_sheets &= _hold(selection.text, atlas.haystack.values())
    return keep & of_sheets[atlas.site_rows]


@kept_with_first(128)
def members(atlas: Atlas, key: str) -> Members:
    """Read which rows of ``atlas.projects`` each value of a filter keeps, where sets tell.

    Parameters
    ----------
    atlas
        The whole atlas.
    key
        Of a filter without column, or ``c.`` and the slug of a column of a table.
    """
    kept = (
        atlas.own_columns[key.removeprefix(PREFIX)].projects
        if key.startswith(PREFIX)
        else BY_KEY[key].projects(atlas)
    )
    return Members(kept, atlas.projects.index)


@kept_with_first(64)
def numbers(atlas: Atlas, slug: str) -> np.ndarray:
    """Give the numbers of a column of a table, one a row of ``atlas.projects``, or NaN."""
    return _aligned(atlas.own_columns[slug].numbers, atlas)


@kept_with_first(64)
def amounts(atlas: Atlas, slug: str) -> np.ndarray:
    """Give the euros of a column of a table, one a row of ``atlas.projects``, or NaN."""
    return _aligned(atlas.own_columns[slug].amounts, atlas)


def _aligned(held: Mapping[str, float], atlas: Atlas) -> np.ndarray:
    """Put what is known of projects by id in the order of ``atlas.projects``."""
    return np.array([held.get(name, np.nan) for name in atlas.projects.index.tolist()], dtype=float)


def _own(slug: str, tests: Iterable[str], atlas: Atlas) -> np.ndarray:
    """Tell which rows of ``atlas.projects`` one of some values, or ranges, of a column keeps."""
    column = atlas.own_columns.get(slug)
    if column is None:
        return np.zeros(len(atlas.projects), dtype=bool)
    listed = members(atlas, f"{PREFIX}{slug}")
    keep = listed.has(tests)
    for low, high in filter(None, map(column.bounds, tests)):
        values = numbers(atlas, slug)
        keep |= (values >= low) & (values <= high)
        keep |= listed.has(column.years(low, high))
    return keep


def _hold(asked: str, texts: Iterable[str]) -> np.ndarray:
    """Tell which folded texts hold every word asked for, each at the start of a word: booleans.

    Words that fold to nothing (another script, signs alone) are held by no text.
    """
    words = [f" {word}" for word in fold(asked).split()]
    found = [bool(words) and all(word in told for word in words)
             for told in map(" ".__add__, texts)]  # fmt: skip
    return np.array(found, dtype=bool)


def matching(selection: Selection, atlas: Atlas) -> np.ndarray:
    """Tell which rows of ``atlas.sites`` match the whole selection: booleans."""
    return within(selection, atlas.sites, atlas) & _in_sheet(selection, atlas)


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
    kept = np.zeros(len(atlas.projects), dtype=bool)
    kept[atlas.site_rows[matches]] = True
    return Applied(atlas, np.flatnonzero(kept), matches)


def applied_to(ids: Sequence[str], atlas: Atlas) -> Applied:
    """Give a selection of some sheets, in the order given, of which all sites match."""
    index = atlas.projects.index
    rows = np.array([index.get_loc(name) for name in ids], dtype=np.intp)
    kept = np.zeros(len(atlas.projects), dtype=bool)
    kept[rows] = True
    return Applied(atlas, rows, kept[atlas.site_rows])


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
    keep = within(selection, towns, atlas)
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
        keep[keep] = _hold(selection.text, (fold(" ".join(names)) for names in named))
    return towns[keep]
