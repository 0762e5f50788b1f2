"""Small drawn maps for the pages: their ground, a commune among its neighbours, places of a table.

An SVG in the colours of the reader's theme; every sign stands at its true place, none is moved.
The text that it holds is numbers and colours: words go around it, never inside.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely

from villeactive.geography import referential
from villeactive.geography.gazetteer import departement_names
from villeactive.maps.scene.extent import REGION_OF, ZONES, fit
from villeactive.maps.scene.spec import Box, View
from villeactive.maps.symbols import circle, emphasis, palette
from villeactive.typography.font_metrics import FAMILY

WIDTH = 1000
"""Width of the drawing, in its own units."""

_TALL = 960
_ROW = 190
_GAP = 12
_NAME = 26
"""Height above an overseas window, for its name."""
_GRID = 2
"""Steps per unit: half a kilometre on the map of the métropole, less than a pixel on the screen."""

_BLUR = 2.0
"""Units below which a bend of an outline is left out."""

_LEAST, _MOST = 8.0, 40.0
"""Radii of the dot of one row, and of many, in units of the drawing."""

_CELL = 4
"""Units within which places fall together."""

_ZONE_OF = {region: zone for zone, region in REGION_OF.items()}


def held(view: View, departements: Iterable[str]) -> np.ndarray:
    """Tell of each code of a département whether its zone is that of a window."""
    return np.fromiter((zone_of(code) == view.name for code in departements), dtype=bool)


def zone_of(departement: str) -> str:
    """Give the zone of a département: itself overseas, else the métropole."""
    return departement if departement in ZONES else "metropole"


@lru_cache(maxsize=8)
def _outlines(level: str, zone: str) -> gpd.GeoDataFrame:
    """Read the outlines of a zone, projected, with the zone of each; index ``code``."""
    frame = referential.read_outlines(level).set_index("code")
    zones = [
        _ZONE_OF.get(c, "metropole") if level == "regions" else zone_of(c) for c in frame.index
    ]
    return frame[[one == zone for one in zones]].to_crs(ZONES[zone])


def _fit(zone: str, bounds: Iterable[float], box: Box) -> View:
    """Fit projected bounds into a box, centred, with a margin."""
    inside = box.inset(0.03 * min(box.width, box.height))
    return fit(zone, "", zone, bounds, inside=inside, frame=box)


def _views(departements: frozenset[str]) -> list[View]:
    """Lay out the windows: the métropole (or the part asked for), then overseas in a row."""
    main = [code for code in departements if zone_of(code) == "metropole"]
    overseas = [zone for zone in ZONES if zone in departements]
    made, top = [], 0.0
    if main:
        bounds = _outlines("departements", "metropole").loc[main].total_bounds
        ratio = (bounds[3] - bounds[1]) / (bounds[2] - bounds[0])
        height = min(_TALL, max(520.0, WIDTH * ratio))
        made.append(_fit("metropole", bounds, Box(0, 0, WIDTH, height)))
        top = height + _GAP
    top += _NAME
    row = _ROW if main or len(overseas) > 2 else 520
    step = (WIDTH + _GAP) / max(1, len(overseas))
    for rank, zone in enumerate(overseas):
        bounds = _outlines("departements", zone).total_bounds
        made.append(_fit(zone, bounds, Box(rank * step, top, step - _GAP, row)))
    return made


def _short(value: float) -> str:
    """Write a number of half units as briefly as a path allows."""
    return {0.5: ".5", -0.5: "-.5"}.get(value) or f"{value:g}"


def _line(at: np.ndarray) -> str:
    """Write places (n × 2, units) for a path: the first, then the way from each to the next."""
    whole = np.round(at * _GRID)
    x, y = whole[0] / _GRID
    steps = np.diff(whole, axis=0) / _GRID
    way = " ".join(f"{_short(dx)},{_short(dy)}" for dx, dy in steps).replace(",-", "-")
    return f"M{x:g},{y:g}l{way}"


def _path(shape: shapely.Geometry, view: View) -> str:
    """Write the rings of a shape that reach the window, points that fall together once."""
    drawn = []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            at = np.round(view.to_page(shapely.get_coordinates(ring)) * _GRID) / _GRID
            kept = at[np.r_[True, (np.diff(at, axis=0) != 0).any(axis=1)]]
            (west, north), (east, south) = at.min(axis=0), at.max(axis=0)
            seen = Box(west, north, east - west, south - north).meets(view.frame)
            if len(kept) > 3 and seen:
                drawn.append(_line(kept[:-1]) + "z")
    return "".join(drawn)


def _simplified(level: str, view: View) -> dict[str, shapely.Geometry]:
    """Simplify outlines as far as the drawing cannot show; neighbours keep one border."""
    shapes = _outlines(level, view.name).geometry
    made = shapely.coverage_simplify(shapes.to_numpy(), _BLUR / view.scale)
    return dict(zip(shapes.index, made, strict=True))


@lru_cache(maxsize=64)
def ground_of(departements: frozenset[str], *, dark: bool) -> tuple[str, tuple[View, ...]]:
    """Draw sea, land and borders; the territory asked for stands out of its neighbours."""
    colours = palette(dark=dark)
    views = _views(departements)
    names = referential.read_departements()["name"]
    parts = []
    for view in views:
        frame = view.frame
        box = (
            f'x="{frame.left:g}" y="{frame.top:g}" width="{frame.width:g}" '
            f'height="{frame.height:g}"'
        )
        parts.append(f'<clipPath id="c{view.name}"><rect {box}/></clipPath>')
        parts.append(f'<rect {box} rx="8" fill="{colours.sea}"/>')
        land, other = [], []
        for code, shape in _simplified("departements", view).items():
            (land if code in departements else other).append(_path(shape, view))
        borders = [_path(shape, view) for shape in _simplified("regions", view).values()]
        line = f'stroke="{colours.departement}" stroke-width="1"'
        parts.append(
            f'<g clip-path="url(#c{view.name})" stroke-linejoin="round">'
            f'<path d="{"".join(other)}" fill="{colours.other_land}" {line}/>'
            f'<path d="{"".join(land)}" fill="{colours.land}" {line}/>'
            f'<path d="{"".join(borders)}" fill="none" stroke="{colours.region}" '
            'stroke-width="1.8"/></g>'
        )
        if view.name in names.index:
            parts.append(
                f'<text x="{frame.left:g}" y="{frame.top - 8:g}" font-family="{FAMILY}, sans-serif"'
                f' font-weight="600" font-size="18" fill="{colours.ink}">'
                f"{names[view.name]}</text>"
            )
    return "".join(parts), tuple(views)


def svg_of(views: Iterable[View], inside: str) -> str:
    """Close a drawing: as high as its windows, then what it holds."""
    height = max(view.frame.bottom for view in views)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}">{inside}</svg>'
    )


def commune_svg(code_insee: str, outlines: gpd.GeoDataFrame, *, zone: str, dark: bool) -> str:
    """Draw a commune among those around it.

    Parameters
    ----------
    code_insee
        The commune.
    outlines
        EPSG:4326, columns ``code, geometry``: the commune, and what surrounds it.
    zone
        Département code of an overseas zone, or ``metropole``.
    dark
        Colours of the dark theme.
    """
    colours = palette(dark=dark)
    shapes = outlines.set_index("code").to_crs(ZONES[zone])
    own = shapes.geometry[code_insee]
    west, south, east, north = own.bounds
    reach = 0.7 * max(east - west, north - south, 4_000)
    x, y = (west + east) / 2, (south + north) / 2
    bounds = (x - reach * 1.5, y - reach, x + reach * 1.5, y + reach)
    view = _fit(zone, bounds, Box(0, 0, WIDTH, 620))
    others = "".join(_path(s, view) for c, s in shapes.geometry.items() if c != code_insee)
    accent = emphasis(dark=dark)
    return svg_of(
        [view],
        f'<rect width="{WIDTH}" height="620" fill="{colours.sea}"/>'
        f'<path d="{others}" fill="{colours.land}" stroke="{colours.region}" stroke-width="2"/>'
        f'<path d="{_path(own, view)}" fill="{accent}" fill-opacity="0.35" stroke="{accent}" '
        'stroke-width="5" stroke-linejoin="round"/>',
    )


def places_svg(places: Sequence[tuple[float, float, str]], *, dark: bool = False) -> str:
    """Draw places on the whole of France.

    Parameters
    ----------
    places
        Longitude and latitude (degrees, WGS 84), code of the département; one item a row.
    dark
        Colours of the dark theme.

    Returns
    -------
    str
        An SVG of numbers and colours.
    """
    ground, views = ground_of(frozenset(departement_names()), dark=dark)
    parts = [ground]
    departements = [departement for *_, departement in places]
    lons, lats = ([place[axis] for place in places] for axis in (0, 1))
    points = gpd.GeoSeries(gpd.points_from_xy(lons, lats), crs="EPSG:4326")
    for view in views:
        here = points[held(view, departements)]
        if here.empty:
            continue
        at = view.to_page(shapely.get_coordinates(here.to_crs(view.epsg)))
        counts = Counter(map(tuple, np.round(at / _CELL).astype(int).tolist()))
        parts.append(f'<g clip-path="url(#c{view.name})">{_dots(counts, dark=dark)}</g>')
    return svg_of(views, "".join(parts))


def _dots(counts: Counter, *, dark: bool) -> str:
    """Draw the dots of a window, the largest below."""
    colour, halo = circle(dark=dark).colour, palette(dark=dark).paper
    return "".join(
        f'<circle cx="{x * _CELL}" cy="{y * _CELL}" r="{min(_MOST, _LEAST * n**0.5):.1f}" '
        f'fill="{colour}" fill-opacity="0.8" stroke="{halo}" stroke-width="1.5"/>'
        for (x, y), n in counts.most_common()
    )
