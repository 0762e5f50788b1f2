"""Circles of the web map that stand for many symbols: their territories and what they count.

The browser counts (``groups.js``): it knows each site's département and fetches the territories
once, when circles are wanted. Euros are told by the server (``figures.py``).
"""

from collections.abc import Iterable
from functools import cache

import shapely

from villeactive.geography.referential import read_departements, read_outlines
from villeactive.maps.web.place_names import large_communes, rooms
from villeactive.text import compact_json

_LEVELS = {"regions": 16, "departements": 8}
"""Levels of circles, and in how many places the name of a territory may stand."""


def departements(
    communes: Iterable[str], counted: Iterable[bool], matches: Iterable[bool]
) -> list[str]:
    """Give the département in which each site counts for its project.

    Parameters
    ----------
    communes, counted, matches
        Code of the site's commune, whether it counts as a project, whether it matches by itself.

    Returns
    -------
    list of str
        Codes, empty for a site that does not match or that the book only cites.
    """
    return [
        (code[:3] if code.startswith("97") else code[:2]) if match and counts else ""
        for code, counts, match in zip(communes, counted, matches, strict=True)
    ]


def _anchor(shape: shapely.Geometry) -> shapely.Point:
    """Give the middle of a territory's largest part, inside it."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    middle = largest.centroid
    return middle if largest.contains(middle) else largest.representative_point()


@cache
def anchors(level: str) -> dict[str, tuple[float, float]]:
    """Give where the circle of each ``region`` or ``epci`` stands: code → (lon, lat)."""
    rows = read_outlines({"region": "regions"}.get(level, level))
    points = map(_anchor, rows.geometry)
    return {code: (p.x, p.y) for code, p in zip(rows["code"], points, strict=True)}


@cache
def divisions_json() -> str:
    """Write the static file of régions and départements, fetched once by the map.

    Returns
    -------
    str
        ``{"regions": [...], "departements": [...], "communes": [...]}``, each row ``[code, name,
        lon, lat, [west, south, east, north], région, [lon, lat, ...]]`` in degrees: a point
        inside, the extent, the code of the région (its own for a région), where the name may
        stand. Sorted by code: same bytes twice. Communes: those of
        :func:`villeactive.maps.web.place_names.large_communes`.
    """
    parents = read_departements()["region"]
    made = {}
    for level, places in _LEVELS.items():
        rows = []
        for row in read_outlines(level).sort_values("code").itertuples():
            point, bounds = _anchor(row.geometry), row.geometry.bounds
            region = parents[row.code] if level == "departements" else row.code
            rows.append(
                [row.code, row.name, round(point.x, 3), round(point.y, 3),
                 [round(value, 2) for value in bounds], region, rooms(row.geometry, places)]
            )  # fmt: skip
        made[level] = rows
    made["communes"] = large_communes()
    return compact_json(made) + "\n"
