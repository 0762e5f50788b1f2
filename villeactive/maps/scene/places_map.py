"""A drawn map of the places of a table: dots on France, the larger the more rows are there."""

from collections import Counter
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from villeactive.geography.gazetteer import departement_names
from villeactive.maps.scene import mini_maps
from villeactive.maps.symbols import circle, palette

_LEAST, _MOST = 8.0, 40.0
"""Radii of one row, and of many, in units of the drawing."""

_CELL = 4
"""Units within which places fall together."""


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
    ground, views = mini_maps.ground_of(frozenset(departement_names()), dark=dark)
    parts = [ground]
    departements = [departement for *_, departement in places]
    lons, lats = ([place[axis] for place in places] for axis in (0, 1))
    points = gpd.GeoSeries(gpd.points_from_xy(lons, lats), crs="EPSG:4326")
    for view in views:
        here = points[mini_maps.held(view, departements)]
        if here.empty:
            continue
        at = view.to_page(shapely.get_coordinates(here.to_crs(view.epsg)))
        counts = Counter(map(tuple, np.round(at / _CELL).astype(int).tolist()))
        parts.append(f'<g clip-path="url(#c{view.name})">{_dots(counts, dark=dark)}</g>')
    return mini_maps.svg_of(views, "".join(parts))


def _dots(counts: Counter, *, dark: bool) -> str:
    """Draw the dots of a window, the largest below."""
    colour, halo = circle(dark=dark).colour, palette(dark=dark).paper
    return "".join(
        f'<circle cx="{x * _CELL}" cy="{y * _CELL}" r="{min(_MOST, _LEAST * n**0.5):.1f}" '
        f'fill="{colour}" fill-opacity="0.8" stroke="{halo}" stroke-width="1.5"/>'
        for (x, y), n in counts.most_common()
    )
