"""What each next click on a filter would show, told to the map before the click.

The browser draws the answer at once; the server's, which is the same, comes a few tenths of a
second later and finds nothing to change. All is decided here: ``ahead.js`` only looks rows up.
"""

import json
from collections.abc import Iterable, Sequence

import geopandas as gpd

from villeactive.maps import web_legend, web_sites
from villeactive.maps.web_sites import Drawn
from villeactive.vocabulary import terms


class Ahead:
    """Every site that the filters of a page may leave on its map.

    Parameters
    ----------
    sites
        As :func:`villeactive.maps.web.site_group` takes them, all of them, all matching.

    Raises
    ------
    ValueError
        An identifier is not in kebab-case.
    """

    def __init__(self, sites: gpd.GeoDataFrame) -> None:
        self._sites = web_sites.read(sites)
        self._ranks = {(site.commune, site.slot): i for i, site in enumerate(self._sites)}
        together = web_sites.arranged(self._sites, ("projects", "mentions"))
        self._aside = {self._rank(row): row.dx for row in together}

    def _rank(self, row: Drawn) -> int:
        return self._ranks[row.site.commune, row.site.slot]

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
             self._aside[rank], site.programmes, site.counts_in]
            for rank, site in enumerate(self._sites)
        ]  # fmt: skip
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n"

    def answer(
        self, matches: Sequence[bool], layers: Iterable[str], selected: str | None = None
    ) -> list:
        """Write what a selection would show.

        Parameters
        ----------
        matches
            Whether each site matches by itself, in the order of the frame.
        layers, selected
            See :func:`villeactive.maps.web.site_group`.

        Returns
        -------
        list
            ``[plain, faded, aside, legend]``, as ``VilleActive.foresee`` takes it (``ahead.js``).
        """
        pairs = list(zip(self._sites, matches, strict=True))
        kept = {site.project for site, match in pairs if match}
        there = [site._replace(matches=bool(m)) for site, m in pairs if site.project in kept]
        drawn = web_sites.arranged(there, layers, selected)
        ranks = {self._rank(row): row for row in drawn}
        counts = dict(web_legend.rows(drawn, (), {}))
        codes = (*terms("themes"), *terms("kinds"), "faded")
        return [
            _mask(rank for rank, row in ranks.items() if row.site.matches),
            _mask(rank for rank, row in ranks.items() if not row.site.matches),
            [[i, row.dx] for i, row in sorted(ranks.items()) if row.dx != self._aside[i]],
            # a row without a number (null) is not a row that is not shown (0)
            [counts.get(code, 0) for code in codes],
        ]


def _mask(ranks: Iterable[int]) -> str:
    """Write a set of rows: hexadecimal, bit *i* for row *i*."""
    return f"{sum(1 << rank for rank in ranks):x}"
