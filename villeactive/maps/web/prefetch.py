"""What each next click on a filter would show, told to the map before the click.

The browser draws the answer at once; the server's, which is the same, comes a few tenths of a
second later and finds nothing to change. All is decided here: ``ahead.js`` only looks rows up.
"""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np

from villeactive.collections.collection import Taxonomy
from villeactive.maps.web import site_rows, web_legend
from villeactive.maps.web.territory import Territory
from villeactive.text import compact_json

UNCHANGED = object()
"""Said of the territory by a choice of another filter."""


class Ahead:
    """Every site that the filters of a page may leave on its map.

    Parameters
    ----------
    sites
        As :func:`villeactive.maps.web.folium_map.site_group` takes them, all of them, all matching.
    taxonomy
        Of the atlas.

    Raises
    ------
    ValueError
        An identifier is not in kebab-case.
    """

    def __init__(self, sites: gpd.GeoDataFrame, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._sites = site_rows.read(sites)
        self._projects = np.array([site.project for site in self._sites], dtype=str)
        self._numbers = np.unique(self._projects, return_inverse=True)[1]
        communes = np.array([site.commune for site in self._sites], dtype=str)
        self._communes = np.unique(communes, return_inverse=True)[1]
        self._slots = np.array([site.slot for site in self._sites], dtype=int)
        self._themes = web_legend.ranks((site.theme for site in self._sites), taxonomy.themes)
        self._kinds = web_legend.ranks((site.kind for site in self._sites), taxonomy.kinds)
        self._cited = np.array([not site.counted for site in self._sites], dtype=bool)
        self._aside = site_rows.offsets(self._communes, self._slots)

    def file(self) -> str:
        """Write the sites, fetched once by the map.

        Returns
        -------
        str
            One row a site, in the order of the frame: ``[theme|kind, id, lon, lat, words in
            base64, px aside when all are shown, bits of the programmes, département in which it
            counts]``; JSON.
        """
        rows = [
            [f"{site.theme}|{site.kind}", site.project, site.lon, site.lat, site.text,
             int(self._aside[rank]), site.programmes, site.counts_in]
            for rank, site in enumerate(self._sites)
        ]  # fmt: skip
        return compact_json(rows) + "\n"

    def answer(
        self,
        matches: np.ndarray,
        layers: Iterable[str],
        selected: str | None = None,
        *,
        territory: Territory | None | object = UNCHANGED,
    ) -> list:
        """Write what a selection would show.

        Parameters
        ----------
        matches
            Whether each site matches by itself, in the order of the frame; booleans.
        layers, selected
            See :func:`villeactive.maps.web.folium_map.site_group`.
        territory
            Where the selection holds the map, None when nowhere.

        Returns
        -------
        list
            ``[plain, faded, aside, legend, territory]``, as ``VilleActive.foresee`` takes it
            (``ahead.js``); without the last when it is unchanged.
        """
        kept = np.zeros(len(self._sites), dtype=bool)
        kept[self._numbers[matches]] = True
        layer = np.where(self._cited, "mentions" in layers, "projects" in layers)
        drawn = kept[self._numbers] & (layer | (self._projects == selected))
        counts = drawn & matches
        aside = np.zeros(len(drawn), dtype=int)
        aside[drawn] = site_rows.offsets(self._communes[drawn], self._slots[drawn])
        moved = np.flatnonzero(drawn & (aside != self._aside))
        faded = drawn & ~matches
        legend = web_legend.numbers(
            self._themes[counts], self._kinds[counts], self._numbers[counts], self._taxonomy,
            faded=faded.any(),
        )  # fmt: skip
        codes = (*self._taxonomy.themes, *self._taxonomy.kinds, "faded")
        return [
            _mask(counts),
            _mask(faded),
            [[i, int(aside[i])] for i in moved.tolist()],
            # a row without a number (null) is not a row that is not shown (0)
            [legend.get(code, 0) for code in codes],
            *([] if territory is UNCHANGED else [_told(territory, layers)]),
        ]


def _told(territory: Territory | None, layers: Iterable[str]) -> list | None:
    """Write a territory: land, bounds of the circles, number of towns by programme shown."""
    if territory is None:
        return None
    towns = {code: number for code, number in territory.towns if code in layers}
    return [territory.land.told(), territory.bounds(), towns]


def _mask(rows: np.ndarray) -> str:
    """Write a set of rows: hexadecimal, bit *i* for row *i*."""
    return f"{int.from_bytes(np.packbits(rows, bitorder='little').tobytes(), 'little'):x}"
