"""A drawn map of a town, the towns like it as numbers, and projects as signs.

Numbers that would hide one another step aside, a line leading back to the true place.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from villeactive.atlas import Atlas
from villeactive.maps.scene import mini_maps
from villeactive.maps.scene.spec import Box, View
from villeactive.maps.symbols import palette, symbol_svg
from villeactive.typography.font_metrics import FAMILY

_RADIUS = 17.0
_TURNS = 16
_STEPS = (0.0, 1.7, 2.6, 3.6, 4.8, 6.2)


def _filled(code_insee: str, atlas: Atlas, shown: gpd.GeoDataFrame, *, region: bool) -> frozenset:
    """Give the départements that fill the frame: the région, or the lands of what is shown."""
    if region:
        own = atlas.communes.loc[code_insee, "region"]
        return frozenset(d for d, r in atlas.departement_region.items() if r == own)
    zones = {mini_maps.zone_of(code) for code in shown["departement"]}
    return frozenset(d for d in atlas.departements if mini_maps.zone_of(d) in zones)


def alike_svg(
    code_insee: str,
    alike: Sequence[str],
    sites: gpd.GeoDataFrame,
    atlas: Atlas,
    *,
    region: bool = False,
    dark: bool = False,
    factor: float = 1.0,
) -> str:
    """Draw a town (a full dot in a ring), those like it (numbered in order), and projects.

    Parameters
    ----------
    code_insee, alike
        The town, and the codes of those like it, the most alike first.
    sites
        Rows of ``atlas.sites`` (EPSG:4326) drawn with the signs of their themes.
    atlas
        The whole atlas.
    region
        Fill the frame with the région of the town; otherwise with the lands of what is shown.
    dark
        Colours of the dark theme.
    factor
        Enlargement of signs and numbers, for a map that will be shown small.

    Returns
    -------
    str
        An SVG of numbers and colours.
    """
    towns = atlas.communes.loc[[code_insee, *alike]]
    filled = _filled(code_insee, atlas, towns, region=region)
    ground, views = mini_maps.ground_of(filled, dark=dark)
    parts = [ground]
    for view in views:
        spots = _placed(view, towns)
        signs = _projects(view, sites, atlas, dark=dark, factor=factor)
        parts.append(f'<g clip-path="url(#c{view.name})">{signs}</g>')
        badges = [(rank, at) for rank, at in spots if rank]
        own = [at for rank, at in spots if not rank]
        parts.append(_numbers(badges, own, view.frame, dark=dark, radius=_RADIUS * factor))
        parts += [_own(at, dark=dark, radius=_RADIUS * factor) for at in own]
    return mini_maps.svg_of(views, "".join(parts))


def _placed(view: View, towns: gpd.GeoDataFrame) -> list[tuple[int, np.ndarray]]:
    """Give rank and place, in units, of the towns of a window."""
    ranks = np.flatnonzero(mini_maps.held(view, towns["departement"])).tolist()
    if not ranks:
        return []
    points = towns.geometry.iloc[ranks].to_crs(view.epsg)
    return list(zip(ranks, view.to_page(shapely.get_coordinates(points)), strict=True))


def _projects(
    view: View, sites: gpd.GeoDataFrame, atlas: Atlas, *, dark: bool, factor: float
) -> str:
    """Draw the sites of a window at their true places."""
    here = sites[mini_maps.held(view, sites["departement"])]
    if here.empty:
        return ""
    at = view.to_page(shapely.get_coordinates(here.geometry.to_crs(view.epsg)))
    drawn = []
    for (x, y), theme, kind in zip(at, here["theme"], here["kind"], strict=True):
        size = atlas.kinds[kind].size
        sign = symbol_svg(atlas.themes[theme], size, dark=dark, pixels=19 * factor)
        side = float(sign.split('width="', 1)[1].split('"', 1)[0])
        spot = f'<svg x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" '
        drawn.append(sign.replace("<svg ", spot, 1))
    return "".join(drawn)


def aside(at: np.ndarray, taken: list[np.ndarray], frame: Box, radius: float) -> np.ndarray:
    """Find the nearest free place for a number, inside its window."""
    low = np.array([frame.left, frame.top]) + radius + 2
    high = np.array([frame.right, frame.bottom]) - radius - 2
    angles = np.arange(_TURNS) * 2 * np.pi / _TURNS
    for step in _STEPS:
        for angle in angles if step else angles[:1]:
            spot = at + step * radius * np.array([np.cos(angle), np.sin(angle)])
            inside = bool(((spot >= low) & (spot <= high)).all())
            free = all(np.hypot(*(spot - other)) > 2.15 * radius for other in taken)
            if inside and free:
                return spot
    return np.clip(at, low, high)


def _numbers(
    badges: list[tuple[int, np.ndarray]],
    own: list[np.ndarray],
    frame: Box,
    *,
    dark: bool,
    radius: float,
) -> str:
    """Draw numbers in circles; lines first, so that no line crosses a number."""
    ground, taken = palette(dark=dark), list(own)
    lines, drawn = [], []
    for rank, at in badges:
        x, y = spot = aside(at, taken, frame, radius)
        taken.append(spot)
        if np.hypot(*(spot - at)) > 1:
            lines.append(
                f'<path d="M{at[0]:.1f} {at[1]:.1f}L{x:.1f} {y:.1f}" stroke="{ground.ink}" '
                f'stroke-width="2"/><circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" '
                f'r="{radius / 4:.1f}" fill="{ground.ink}"/>'
            )
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{ground.paper}" '
            f'stroke="{ground.ink}" stroke-width="{radius / 8:.1f}"/>'
            f'<text x="{x:.1f}" y="{y + radius * 0.42:.1f}" text-anchor="middle" '
            f'font-family="{FAMILY}, sans-serif" font-weight="600" '
            f'font-size="{radius * 1.2:.1f}" fill="{ground.ink}">{rank}</text>'
        )
    return "".join([*lines, *drawn])


def _own(at: np.ndarray, *, dark: bool, radius: float) -> str:
    """Draw the town itself: a full dot in a ring."""
    ground, (x, y) = palette(dark=dark), at
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * 0.95:.1f}" fill="{ground.paper}" '
        f'stroke="{ground.ink}" stroke-width="{radius / 5:.1f}"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * 0.55:.1f}" fill="{ground.ink}"/>'
    )
