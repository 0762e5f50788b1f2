"""Which windows a page opens on France, and where each symbol stands in them."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import shapely

from villeactive.maps.scene import extent as extents
from villeactive.maps.scene import map_content, print_style
from villeactive.maps.scene.declutter import spread
from villeactive.maps.scene.extent import DROM, PARIS, Extent
from villeactive.maps.scene.ground import outlines, zone_bounds
from villeactive.maps.scene.layout import Layout
from villeactive.maps.scene.map_content import Content
from villeactive.maps.scene.spec import Box, MapSpec, Symbol, View
from villeactive.programmes import known_programmes, territories

_FIRM = {"project": 60.0, "mention": 30.0, "town": 1.0}
_CROWD = 3
"""Symbols of Paris and its inner ring that touch, from which a zoom box is worth its room."""
CROWD = 5_000
"""Symbols of one window beyond which no paper has room for all: each stays at its true place."""
_HALO = 0.8
_MANY_REGIONS = 7
"""Régions, of 13 in the métropole, from which a selection is framed with the whole of it."""
MOVED = 3.2
"""A symbol moved farther than this (beyond its own edge) gets a line to its true place, points."""
_FAR = 3.0
"""A named town's sign moves so many times as far, at most, as one among too many to be named."""


@dataclass(frozen=True, eq=False)
class Window:
    """A view with its symbols, ready to be drawn; towns first, then projects."""

    view: View
    zone: str
    towns: tuple[Symbol, ...]
    projects: tuple[Symbol, ...]

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """All its symbols."""
        return self.towns + self.projects


def open_windows(
    content: Content, *, spec: MapSpec, extent: Extent, page: Layout, main_frame: Box
) -> list[Window]:
    """Choose the windows of a page and place the symbols in each.

    Parameters
    ----------
    content
        What to show.
    spec, extent, page
        What is asked.
    main_frame
        Where the main map fits.

    Returns
    -------
    list of Window
        The main one first, then the zoom on Paris, then the overseas ones.
    """
    drawn = partial(_drawn, content=content, page=page, spec=spec)
    view, zone = main_view(content, extent=extent, page=page, inside=main_frame)
    rows = _inside(content, zone, view)
    zoomed = zone == "metropole" and _crowded(
        *drawn(view, zone, _around_paris(rows, True), n_towns=len(rows[0]))
    )
    if zoomed:
        box = page.paris
        bounds = zone_bounds("metropole", PARIS)
        zoom = extents.fit(
            "paris", "Paris et petite couronne", zone, bounds, inside=box.inset(4), frame=box
        )
        ring = _around_paris(_inside(content, zone, zoom), True)
        shown = [(view, zone, _around_paris(rows, False)), (zoom, zone, ring)]
    else:
        shown = [(view, zone, rows)]
    framed = overseas_shown(content, extent=extent, spec=spec)
    for code, box in zip(DROM, page.insets, strict=True):
        if code != zone and code in framed:
            inset = _inset(code, box)
            shown.append((inset, code, _inside(content, code, inset)))
    quiet = len(content.towns) > page.most_named
    return [
        _arranged(view, zone, *drawn(view, zone, rows, n_towns=len(rows[0])), quiet=quiet)
        for view, zone, rows in shown
    ]


def overseas_shown(content: Content, *, extent: Extent, spec: MapSpec) -> tuple[str, ...]:
    """Tell which DROM get a frame: those that hold something, or all when asked."""
    if extent.is_territory:
        return ()
    areas = [known_programmes()[code].drawn_layer for code in territories()]
    areas.append("share:departement")
    figures = map_content.figures_of(spec.layers)
    if spec.overseas or figures or any(layer in spec.layers for layer in areas):
        return DROM
    held = {
        zone
        for rows in (content.sites, content.mentions, content.towns)
        for zone in set(rows["zone"])
    }
    return tuple(code for code in DROM if code in held)


def _inset(code: str, box: Box) -> View:
    """Fit a DROM into its frame."""
    name = outlines("departements", code)[code][0]
    return extents.fit(code, name, code, zone_bounds(code), inside=box.inset(5), frame=box)


def main_view(content: Content, *, extent: Extent, page: Layout, inside: Box) -> tuple[View, str]:
    """Fit the extent into the frame of the main map; give the view and its zone."""
    zone, bounds = extent.zone, None
    if extent.kind in ("region", "departement", "epci"):
        level = {"region": "regions", "departement": "departements"}.get(extent.kind, "epci")
        bounds = np.array(outlines(level, zone)[extent.code][1].bounds)
    elif extent.kind == "selection":
        zone, bounds = _selected(content)
    if bounds is None:
        bounds = zone_bounds("metropole")
    return extents.fit("main", "", zone, bounds, inside=inside, frame=page.panel), zone


def _selected(content: Content) -> tuple[str, np.ndarray | None]:
    """Give the zone and bounds that hold what is shown; the métropole wins over one DROM.

    What is spread over most of France is shown on the whole of it.
    """
    frames = [f for f in (content.sites, content.mentions, content.towns) if len(f)]
    if len(content.sites):
        sites = content.sites
        matching = sites[sites["matches"]] if "matches" in sites else sites
        frames = [matching if len(matching) else sites]
    if not frames:
        return "metropole", None
    zones = np.concatenate([f["zone"].to_numpy(dtype=object) for f in frames])
    points = np.concatenate([map_content.points_of(f) for f in frames])
    held = [z for z in extents.ZONES if (zones == z).any()]
    zone = held[0]
    if zone != "metropole":
        return zone, zone_bounds(zone)
    regions = set(np.concatenate([f["region"].to_numpy(dtype=object) for f in frames]))
    if len(regions) >= _MANY_REGIONS:
        return zone, None
    return zone, extents.around(extents.project(points[zones == zone], zone))


def _inside(content: Content, zone: str, view: View) -> list[pd.DataFrame]:
    """Give the towns, mentions and sites that lie in a window: what is outside is not drawn."""
    return [
        rows[_held(rows, zone, view)] for rows in (content.towns, content.mentions, content.sites)
    ]


def _held(rows: pd.DataFrame, zone: str, view: View) -> np.ndarray:
    """Tell which rows lie in a window."""
    kept = (rows["zone"] == zone).to_numpy(dtype=bool, copy=True)
    x, y = view.to_page(extents.project(map_content.points_of(rows)[kept], zone)).T
    frame = view.frame
    kept[kept] = (frame.left <= x) & (x <= frame.right) & (frame.top <= y) & (y <= frame.bottom)
    return kept


def _around_paris(parts: list[pd.DataFrame], there: bool) -> list[pd.DataFrame]:
    """Keep the rows of Paris and its inner ring, or all others."""
    return [rows[map_content.in_paris(rows["departement"]) == there] for rows in parts]


def _drawn(
    view: View,
    zone: str,
    parts: list[pd.DataFrame],
    *,
    n_towns: int,
    content: Content,
    page: Layout,
    spec: MapSpec,
) -> tuple[list[Symbol], np.ndarray]:
    """Make the symbols of a window that shows so many towns, and give their true places."""
    page_scale = page.sizes["label"] / 10.5
    factor = map_content.town_factor(n_towns, view.name) * page_scale
    factor *= print_style.compactness(content.programmes)
    scale = map_content.site_scale(view.name, len(content.sites)) * page_scale
    drawn = map_content.town_symbols(parts[0], style=spec.style, factor=factor)
    for rows in parts[1:]:
        drawn += map_content.site_symbols(rows, content.taxonomy, style=spec.style, scale=scale)
    points = np.concatenate([map_content.points_of(rows) for rows in parts])
    return drawn, view.to_page(extents.project(points, zone))


def _arranged(
    view: View, zone: str, symbols: list[Symbol], homes: np.ndarray, *, quiet: bool
) -> Window:
    """Spread the symbols, then part towns from projects; larger projects are drawn first."""
    radii = np.array([s.radius + (_HALO if s.role != "town" else 0) for s in symbols])
    weights = np.array([_FIRM[s.role] for s in symbols])
    if len(homes) > CROWD:
        spots = homes
    else:
        most = _leash(symbols, homes, radii, quiet=quiet)
        spots = spread(homes, radii, weights=weights, most=most)
    places = _kept_inside(spots, radii, view.frame).tolist()
    moved = [
        map_content.placed(symbol, *place, home)
        for symbol, place, home in zip(symbols, places, homes.tolist(), strict=True)
    ]
    towns = tuple(s for s in moved if s.role == "town")
    return Window(view, zone, towns, tuple(s for s in moved if s.role != "town"))


def _leash(
    symbols: list[Symbol], homes: np.ndarray, radii: np.ndarray, *, quiet: bool
) -> np.ndarray:
    """Say how far each symbol may be moved: projects as far as they must, towns but a little.

    Towns too many to be named move less than what calls for a line to their true place, unless
    a project stands there.
    """
    is_town = np.array([s.role == "town" for s in symbols], dtype=bool)
    most = np.where(is_town, (radii + MOVED - 0.05) * (1.0 if quiet else _FAR), np.inf)
    firm = np.flatnonzero(~is_town)
    if len(firm) and is_town.any():
        # a town as far as the largest radius from all projects is in reach of none
        towns = np.flatnonzero(is_town)
        near = shapely.STRtree(shapely.points(homes[firm])).query(
            shapely.points(homes[towns]), predicate="dwithin", distance=radii[firm].max()
        )
        town, project = towns[near[0]], firm[near[1]]
        far = np.hypot(*(homes[town] - homes[project]).T)
        more = np.zeros(len(most))
        np.maximum.at(more, town, radii[project] - far)
        most += more
    return most


def _kept_inside(places: np.ndarray, radii: np.ndarray, frame: Box) -> np.ndarray:
    """Hold symbols off the edge of their frame."""
    if not len(places):
        return places
    air = radii + 1.0
    x = np.clip(places[:, 0], frame.left + air, frame.right - air)
    y = np.clip(places[:, 1], frame.top + air, frame.bottom - air)
    return np.column_stack([x, y])


def _crowded(ring: list[Symbol], homes: np.ndarray) -> bool:
    """Tell whether symbols of Paris and its inner ring touch one another on this map."""
    if len(ring) < _CROWD:
        return False
    radii = np.array([s.radius for s in ring])
    gaps = np.hypot(*np.moveaxis(homes[:, None] - homes[None], -1, 0))
    touch = gaps < radii[:, None] + radii[None]
    return int(touch.sum() - len(ring)) // 2 >= _CROWD - 1
