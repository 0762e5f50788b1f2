"""Thousands of sites on the screen: sent once as columns; then a selection is which of them show.

The browser draws them on one canvas (``points.js``). Words come in blocks, when they are asked for.
"""

import base64
import struct
from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from villeactive.collections.collection import Taxonomy
from villeactive.maps.web import circle_groups, site_rows, web_legend
from villeactive.programmes import known_programmes
from villeactive.text import compact_json

MOST = 5_000
"""Sites of an atlas that are sent one by one, with their words; with more, as columns."""

FEW = 100
"""Sites of a selection sent one by one whatever the atlas: circles begin above (``groups.js``)."""

COLUMNS = "points.bin"
_BLOCK = 1_000
"""Sites whose words come together; those of one commune are neighbours."""


class Shown(NamedTuple):
    """What a selection shows of the points.

    Attributes
    ----------
    plain, faded
        Which points match, which belong to a project that matches elsewhere: base64, bit *i* for
        point *i* of the file.
    legend
        As :func:`villeactive.maps.web.web_legend.numbers` gives it.
    """

    plain: str
    faded: str
    legend: dict[str, int | None]


class Points:
    """All the sites of an atlas, as columns.

    Parameters
    ----------
    sites
        ``atlas.sites``; those that have no place are left out.
    taxonomy
        Themes and kinds of the atlas.
    """

    def __init__(self, sites: gpd.GeoDataFrame, taxonomy: Taxonomy) -> None:
        placed = np.flatnonzero(sites["code_insee"].notna().to_numpy())
        communes = sites["code_insee"].to_numpy(dtype=object)[placed].astype(str)
        points = sites.geometry.to_numpy()[placed]
        lon, lat = (np.round(xy(points), 5) for xy in (shapely.get_x, shapely.get_y))
        projects = np.unique(sites["project"].to_numpy(dtype=object), return_inverse=True)[1]
        # neighbours in the file are neighbours on the map, and those of one point stand together
        order = np.lexsort((projects[placed], lon, lat, communes))
        self._rows = placed[order]
        self._sites = sites
        self._taxonomy = taxonomy
        self._lon, self._lat, self._communes = lon[order], lat[order], communes[order]
        self._projects = projects[self._rows].astype(np.int32)
        self._width = int(projects.max(initial=-1)) + 1
        theme, kind = (self._column(name) for name in ("theme", "kind"))
        self._themes = web_legend.ranks(theme, taxonomy.themes)
        self._kinds = web_legend.ranks(kind, taxonomy.kinds)
        self._cited = ~self._column("counted").astype(bool)

    def _column(self, name: str) -> np.ndarray:
        return self._sites[name].to_numpy(dtype=object)[self._rows]

    def files(self) -> dict[str, bytes]:
        """Write what the browser asks for once.

        Returns
        -------
        dict
            :data:`COLUMNS`: the length of a head in bytes (little-endian, 4 bytes); the head,
            JSON ``{"count", "block", "signs", "departements"}``; then, column after column, of
            all points: longitude, latitude (int32, hundred-thousandths of a degree), number of
            the project, bits of the programmes (uint32), rank of the sign in ``signs``, rank
            plus one in ``departements`` of the one in which it counts, 0 for none (uint16).
            ``words-K.json``: ``[project, title, town]`` of the points of a block.
        """
        themes = ("", *self._taxonomy.themes)
        kinds = tuple(self._taxonomy.kinds)
        signs, sign = np.unique((self._themes + 1) * len(kinds) + self._kinds, return_inverse=True)
        counting = ~self._cited
        where = circle_groups.departements(self._communes, counting, counting)
        names, where = np.unique(np.array(where, dtype=str), return_inverse=True)
        gap = int(bool(len(names)) and names[0] == "")
        carried = self._column("programmes") if "programmes" in self._sites else ()
        bits = {codes: site_rows.bits(codes, known_programmes()) for codes in set(carried)}
        head = {
            "count": len(self._rows),
            "block": _BLOCK,
            "signs": [f"{themes[code // len(kinds)]}|{kinds[code % len(kinds)]}" for code in signs],
            "departements": names[gap:].tolist(),
        }
        written = compact_json(head).encode()
        written += b" " * (-len(written) % 4)
        columns = [
            (np.round(self._lon * 1e5), "<i4"),
            (np.round(self._lat * 1e5), "<i4"),
            (self._projects, "<u4"),
            (np.array([bits[codes] for codes in carried] or np.zeros(len(sign))), "<u4"),
            (sign, "<u2"),
            (where + 1 - gap, "<u2"),
        ]
        body = b"".join(values.astype(kind).tobytes() for values, kind in columns)
        return {COLUMNS: struct.pack("<I", len(written)) + written + body} | self._words()

    def _words(self) -> dict[str, bytes]:
        columns = [self._column(name).tolist() for name in ("project", "title", "town")]
        rows = list(zip(*columns, strict=True))
        starts = range(0, len(rows), _BLOCK)
        return {
            f"words-{k}.json": compact_json(rows[i : i + _BLOCK]).encode()
            for k, i in enumerate(starts)
        }

    def shown(
        self, matches: np.ndarray, layers: Iterable[str], selected: str | None = None
    ) -> Shown:
        """Tell which points a selection shows.

        Parameters
        ----------
        matches, layers, selected
            As for :meth:`villeactive.maps.web.prefetch.Ahead.answer`. The sites of the open
            project are counted, and not among the points: they have a symbol of their own.
        """
        here = matches[self._rows]
        kept = np.zeros(self._width, dtype=bool)
        kept[self._projects[here]] = True
        opened = np.zeros(len(here), dtype=bool)
        if selected:
            opened = (self._sites["project"] == selected).to_numpy()[self._rows]
        layer = np.where(self._cited, "mentions" in layers, "projects" in layers)
        drawn = kept[self._projects] & (layer | opened)
        counts = drawn & here
        faded = drawn & ~here
        legend = web_legend.numbers(
            self._themes[counts], self._kinds[counts], self._projects[counts], self._taxonomy,
            faded=faded.any(),
        )  # fmt: skip
        return Shown(_bits(counts & ~opened), _bits(faded & ~opened), legend)


def _bits(rows: np.ndarray) -> str:
    """Write a set of points; nothing for none."""
    if not rows.any():
        return ""
    return base64.b64encode(np.packbits(rows, bitorder="little").tobytes()).decode("ascii")
