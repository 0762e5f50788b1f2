"""Names of places for the map on the screen: where they may stand, which are known first.

The browser chooses and places them (``names.js``). Régions and départements come with the file of
the circles (``divisions.json``), labelled towns with their own (``towns.json``), the communes of a
département with one of :func:`communes_json`, fetched once one is near.
"""

from functools import cache

import pandas as pd
import shapely

from villeactive.geography.referential import read_communes, read_programmes
from villeactive.programmes import drawn_at_first
from villeactive.text import compact_json

LARGE = 100_000
"""Inhabitants from which a commune is named with the labelled towns."""

_LINES = 9
_PLACES = (0.5, 0.3, 0.7)
"""Where a name may stand along a line through its territory, the middle first."""


def rooms(shape: shapely.Geometry, most: int) -> list[float]:
    """Give where the name of a territory may stand: where it has most room first.

    Parameters
    ----------
    shape
        Outline, degrees.
    most
        Greatest number of places.

    Returns
    -------
    list of float
        ``lon, lat`` of each place in turn: middles of names, inside the largest part.
    """
    part = max(shapely.get_parts(shape), key=shapely.area)
    west, south, east, north = part.bounds
    found = []
    for line in range(1, _LINES + 1):
        aside = abs(2 * line / (_LINES + 1) - 1)
        lat = south + (north - south) * line / (_LINES + 1)
        across = shapely.intersection(part, shapely.LineString([(west, lat), (east, lat)]))
        room = max(shapely.get_parts(across), key=shapely.length)
        start, _, end, _ = room.bounds
        for place in _PLACES:
            worth = (end - start) * (1 - aside / 2) * (1 if place == _PLACES[0] else 0.6)
            found.append((-worth, round(start + (end - start) * place, 2), round(lat, 2)))
    return [value for _, lon, lat in sorted(found)[:most] for value in (lon, lat)]


@cache
def large_communes() -> list[list]:
    """Give the large communes that no programme drawn at first labels, the most peopled first.

    Returns
    -------
    list of list
        ``[code, name, lon, lat]`` each, degrees.
    """
    communes, carried = read_communes(), read_programmes()
    others = ~communes.index.isin(
        carried[carried["programme"].isin(drawn_at_first())]["code_insee"]
    )
    return _rows(communes[others & (communes["population"] >= LARGE)])


def communes_json(departement: str) -> str:
    """Write the static file of the names of a département's communes.

    Returns
    -------
    str
        ``[[code, name, lon, lat], ...]``, degrees, the most peopled first: same bytes twice.
    """
    communes = read_communes()
    own = communes[communes["departement"] == departement]
    return compact_json(_rows(own)) + "\n"


def in_order(communes: pd.DataFrame) -> pd.DataFrame:
    """Return communes as they are named: the most peopled first, then by code."""
    return communes.sort_index().sort_values("population", ascending=False, kind="stable")


def _rows(communes: pd.DataFrame) -> list[list]:
    """Give communes as the map reads them."""
    return [
        [row.Index, row.name, round(row.lon, 3), round(row.lat, 3)]
        for row in in_order(communes).itertuples()
    ]
