"""Where a point falls: distances to the outlines of communes, in metres."""

import functools
import math
from collections.abc import Mapping

import numpy as np
import pyproj
import shapely

from villeactive.geography import referential
from villeactive.geography.gazetteer import communes
from villeactive.tables.distinct import Coded
from villeactive.tables.values import filled, number, pair

NEAR_M = 2_000
"""A point so near a commune's outline is the commune's."""

BORDER_M = 600
"""The outlines are simplified to so much: nearer a border, a point says nothing."""

_DEGREE_M = 111_320
_SAME = 2e-5
"""Degrees: two points written with five decimals."""
# lon min, lat min, lon max, lat max: métropole, then the five DROM
BOXES = (
    (-5.5, 41.2, 9.8, 51.3),
    (-61.9, 15.7, -60.9, 16.6),
    (-61.3, 14.3, -60.7, 15.0),
    (-54.7, 2.0, -51.5, 5.9),
    (55.1, -21.5, 55.95, -20.8),
    (44.9, -13.1, 45.4, -12.5),
)

_Point = tuple[float | None, float | None]
_NOWHERE: _Point = (None, None)
_LAMBERT = {"lon": (50_000, 1_300_000), "lat": (6_000_000, 7_200_000)}


def in_boxes(lon: float, lat: float) -> bool:
    """Tell whether a point may be in France."""
    return any(w <= lon <= e and s <= lat <= n for w, s, e, n in BOXES)


@functools.cache
def _outlines(departement: str) -> tuple[dict[str, int], np.ndarray, shapely.STRtree, float]:
    """Return the communes of a département, in units of equal length on both axes."""
    frame = referential.read_outlines(f"communes/{departement}")
    shapes = frame.geometry.to_numpy()
    middle = float(np.mean(shapely.bounds(shapes)[:, [1, 3]]))
    scale = math.cos(math.radians(middle))
    shapes = shapely.transform(shapes, lambda xy: xy * (scale, 1.0))
    return {code: i for i, code in enumerate(frame.code)}, shapes, shapely.STRtree(shapes), scale


@functools.cache
def _drawn_at() -> dict[str, tuple[float, float]]:
    """Return where each commune is drawn: what the atlas wrote may be read again."""
    frame = referential.read_communes()
    return dict(zip(frame.index, zip(frame["lon"], frame["lat"], strict=True), strict=True))


@functools.lru_cache(maxsize=200_000)
def distance_m(code: str, lon: float, lat: float) -> float:
    """Return how far a point is from a commune: 0 inside, and where it is drawn.

    A town hall may stand outside its commune, up to 2 km (``geodata/README.md``).
    """
    if math.dist(_drawn_at()[code], (lon, lat)) < _SAME:
        return 0.0
    places, shapes, _, scale = _outlines(communes()[code].departement)
    if code not in places:
        return math.inf
    point = shapely.Point(lon * scale, lat)
    return float(shapely.distance(shapes[places[code]], point)) * _DEGREE_M


@functools.cache
def _departements() -> tuple[list[str], shapely.STRtree]:
    frame = referential.read_outlines("departements")
    return list(frame.code), shapely.STRtree(frame.geometry.to_numpy())


def around(lon: float, lat: float, metres: float = BORDER_M) -> list[str]:
    """Return the communes within so many metres of a point, those that hold it first."""
    names, tree = _departements()
    reach = (metres + 2_500) / _DEGREE_M  # outlines of départements are simplified further
    window = shapely.box(lon - 1.6 * reach, lat - reach, lon + 1.6 * reach, lat + reach)
    found: dict[str, float] = {}
    for position in tree.query(window, predicate="intersects"):
        places, _, inner, scale = _outlines(names[position])
        point = shapely.Point(lon * scale, lat)
        codes = list(places)
        for index in inner.query(point, predicate="dwithin", distance=metres / _DEGREE_M):
            found[codes[index]] = distance_m(codes[index], lon, lat)
    return sorted(found, key=lambda code: (found[code], code))


def decided(codes: list[str], lon: float, lat: float) -> str | None:
    """Return the only one of some communes at which a point is, or None."""
    far = {code: distance_m(code, lon, lat) for code in codes}
    near = [code for code in codes if far[code] <= NEAR_M]
    if len(near) == 1:
        return near[0]
    inside = [code for code in near if far[code] == 0]
    if len(inside) == 1 and all(far[c] > BORDER_M for c in near if c != inside[0]):
        return inside[0]
    return None


def points_given(cells: Mapping[str, Coded]) -> list[_Point]:
    """Return the two numbers that each row gives, in the order written; none without a column.

    Read from the cells of role ``lon`` and ``lat``, else ``point``.
    """
    if "lon" in cells and "lat" in cells:
        axes = (
            np.array([number(filled(text)) for text in texts], dtype=object)[codes].tolist()
            for codes, texts in (cells["lon"], cells["lat"])
        )
        return list(zip(*axes, strict=True))
    if "point" in cells:
        codes, texts = cells["point"]
        pairs = [pair(filled(text)) or _NOWHERE for text in texts]
        return [pairs[code] for code in codes.tolist()]
    return []


def manner_of(given: list[_Point]) -> str | None:
    """Return how the numbers of a table are points, or None when they are none.

    ``straight`` (longitude, latitude), ``swapped``, or ``lambert`` (Lambert-93, EPSG:2154).
    """
    known = [two for two in given if None not in two and any(two)]
    if not known:
        return None
    straight = sum(in_boxes(*two) for two in known)
    turned = sum(in_boxes(two[1], two[0]) for two in known)
    if max(straight, turned) == 0 and _in_lambert(known):
        return "lambert"
    return "swapped" if turned > straight else "straight"


def in_degrees(given: list[_Point], manner: str | None) -> list[_Point]:
    """Return points in degrees; 0/0 is empty."""
    if manner is None:
        return [_NOWHERE] * len(given)
    if manner == "lambert":
        return _from_lambert(given)
    return [
        _NOWHERE if None in two or not any(two) else two[::-1] if manner == "swapped" else two
        for two in given
    ]


def in_lambert(axis: str, value: float) -> bool:
    """Tell whether a number may be a coordinate in Lambert-93: metres, ``lon`` x, ``lat`` y."""
    low, high = _LAMBERT[axis]
    return low <= value <= high


def _in_lambert(known: list[tuple[float, float]]) -> bool:
    fits = sum(in_lambert("lon", x) and in_lambert("lat", y) for x, y in known)
    return fits >= 0.8 * len(known)


def _from_lambert(
    given: list[tuple[float | None, float | None]],
) -> list[tuple[float | None, float | None]]:
    turn = pyproj.Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    xs = [math.nan if two[0] is None else two[0] for two in given]
    ys = [math.nan if two[1] is None else two[1] for two in given]
    lons, lats = turn.transform(xs, ys)
    made = zip(lons, lats, strict=True)
    return [
        (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else (None, None)
        for lon, lat in made
    ]
