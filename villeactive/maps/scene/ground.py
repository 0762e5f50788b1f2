"""The ground of a drawn map: outlines projected once, cut to a view, laid on the page."""

from functools import cache, lru_cache

import geopandas as gpd
import numpy as np
import shapely

from villeactive.geography.referential import (
    read_communes,
    read_departements,
    read_fine_outlines,
    read_outlines,
)
from villeactive.maps.scene.extent import DROM, REGION_OF, project, zone_at
from villeactive.maps.scene.print_style import Inks, mix
from villeactive.maps.scene.spec import Area, Box, Style, View

_CUT = 0.7
"""Shapes are cut so far outside their frame that its line, or a mask, covers the cut; points."""
COARSE_M = 1_250.0
"""Step of the outlines of France as a whole, metres (``geodata/README.md``)."""
_SEEN = 1.0
"""Length from which that step is seen on a page, points: finer outlines are read then."""
_STRAIT = 1.3
"""Width of the waters that a map of one territory leaves out, points."""
_POOL = 10.0
"""Least water left inside land once straits are filled, in squares of their width."""
_NEIGHBOURS = {"973": ("076", "740")}
"""Neighbouring countries drawn beside an overseas zone; the others stand round the métropole."""


@cache
def outlines(level: str, zone: str) -> dict[str, tuple[str, shapely.Geometry]]:
    """Project a level of outlines, once per process.

    Parameters
    ----------
    level
        ``regions``, ``departements``, ``communes/974``, ``epci``, ``neighbours`` or
        ``territoires_industrie:PHASE``; ``fine/regions``, ``fine/departements``, ``fine/974``
        (its communes) at the sources' own step.
    zone
        Key of :data:`villeactive.maps.scene.extent.ZONES`; only its units are given.

    Returns
    -------
    dict
        Code → (French name, polygon in metres).
    """
    if level == "fine/regions":
        return _united(zone)
    name, _, phase = level.partition(":")
    frame = _fine_frame(name) if name.startswith("fine/") else read_outlines(name)
    if phase:
        frame = frame[frame["phase"].astype(str) == phase]
        frame = frame.rename(columns={"ti_id": "code", "ti_name": "name"})
    if name == "neighbours":
        overseas = {code for codes in _NEIGHBOURS.values() for code in codes}
        near = set(_NEIGHBOURS.get(zone, ()))
        kept = frame["code"].isin(near) if zone in DROM else ~frame["code"].isin(overseas)
    else:
        inner = frame.geometry.representative_point()
        zones = [zone_at(x, y) for x, y in zip(inner.x, inner.y, strict=True)]
        kept = np.array([z == zone for z in zones], dtype=bool)
    frame = frame[kept]
    shapes = [shapely.transform(s, lambda p: project(p, zone)) for s in frame.geometry]
    shapes = [s if s.is_valid else shapely.make_valid(s) for s in shapes]
    rows = zip(frame["code"], frame["name"], shapes, strict=True)
    return {code: (label, shape) for code, label, shape in rows}


def _fine_frame(level: str) -> gpd.GeoDataFrame:
    """Read a level at the sources' own step."""
    unit = level.removeprefix("fine/")
    return read_fine_outlines(None if unit == "departements" else unit)


def _united(zone: str) -> dict[str, tuple[str, shapely.Geometry]]:
    """Unite the fine départements of each région: their borders match."""
    parts: dict[str, list[shapely.Geometry]] = {}
    for code, (_, shape) in outlines("fine/departements", zone).items():
        parts.setdefault(region_of()[code], []).append(shape)
    names = outlines("regions", zone)
    return {code: (names[code][0], shapely.union_all(shapes)) for code, shapes in parts.items()}


def _detail(view: View) -> str:
    """Choose how fine outlines must be for a view: the prefix of their level."""
    return "fine/" if view.scale * COARSE_M > _SEEN else ""


@cache
def region_of() -> dict[str, str]:
    """Give département code → région code."""
    return read_departements()["region"].to_dict()


def zone_bounds(zone: str, codes: tuple[str, ...] = ()) -> np.ndarray:
    """Give the bounds of a zone, or of some of its départements, in metres."""
    known = outlines("departements", zone)
    return shapely.total_bounds([known[code][1] for code in (codes or known)])


def rectangle(box: Box) -> tuple[np.ndarray, ...]:
    """Give a box as one closed ring."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    return (np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]),)


def window(view: View, *, margin: float = 4.0) -> tuple[float, float, float, float]:
    """Give what a view shows, in metres: ``xmin, ymin, xmax, ymax``; ``margin`` in points."""
    air = margin / view.scale
    wide, tall = view.frame.width / view.scale, view.frame.height / view.scale
    return view.x0 - air, view.y0 - tall - air, view.x0 + wide + air, view.y0 + air


def page_rings(
    shape: shapely.Geometry, view: View, *, tolerance: float = 0.12, strait: float = 0.0
) -> tuple[np.ndarray, ...]:
    """Cut a shape to a view and lay it on the page.

    Parameters
    ----------
    shape
        Polygon, metres in the projection of the view.
    view
        The window; shapes are cut at its frame.
    tolerance
        Detail dropped, points.
    strait
        Waters no wider than this are filled, and lands apart no larger than its square dropped,
        points: the lines of their two banks would make a blot.

    Returns
    -------
    tuple of numpy.ndarray
        Closed rings, page points; empty when nothing is seen.
    """
    shown = window(view, margin=_CUT)
    xmin, ymin, xmax, ymax = shape.bounds
    if xmax < shown[0] or xmin > shown[2] or ymax < shown[1] or ymin > shown[3]:
        return ()
    if xmin < shown[0] or xmax > shown[2] or ymin < shown[1] or ymax > shown[3]:
        shape = shapely.clip_by_rect(shape, *shown)
    if strait:
        shape = _without_straits(shape, strait / view.scale)
    shape = shapely.simplify(shape, tolerance / view.scale, preserve_topology=False)
    polygons = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    found = [view.to_page(shapely.get_coordinates(r)) for r in shapely.get_rings(polygons)]
    return tuple(np.round(ring, 2) for ring in found if len(ring) > 3)


def _without_straits(shape: shapely.Geometry, wide: float) -> shapely.Geometry:
    """Fill waters, and drop lands, that are hardly wider than a line (metres)."""
    filled = shape.buffer(wide / 2, quad_segs=2).buffer(-wide / 2, quad_segs=2)
    parts = shapely.get_parts(filled)
    kept = parts[shapely.area(parts) > wide**2]
    pools = _POOL * wide**2
    whole = [
        shapely.Polygon(p.exterior, [h for h in p.interiors if shapely.Polygon(h).area > pools])
        for p in kept
    ]
    return shapely.MultiPolygon(whole) if whole else filled


def _drawn(shape: shapely.Geometry, view: View) -> tuple[np.ndarray, ...]:
    """Lay a département or région on the page, as finely as the page shows."""
    if not _detail(view):
        return page_rings(shape, view)
    return page_rings(shape, view, tolerance=0.2, strait=_STRAIT)


def ground(
    view: View,
    zone: str,
    ink: Inks,
    *,
    shown: frozenset[str] | None = None,
    level: str = "departements",
) -> dict[str, list[Area]]:
    """Draw neighbours, départements and régions of a view.

    Parameters
    ----------
    view, zone
        The window and its zone.
    ink
        Colours.
    shown
        Codes of the units of ``level`` that fill the frame; the others fade. None: all shown.
    level
        ``departements`` or ``epci``: what ``shown`` names.

    Returns
    -------
    dict
        ``fond``, ``departements``, ``regions`` → areas. New lists of shared areas: the same
        view is cut once per process.
    """
    return {name: list(areas) for name, areas in _cut(view, zone, ink, shown, level).items()}


@lru_cache(maxsize=64)
def _cut(
    view: View, zone: str, ink: Inks, shown: frozenset[str] | None, level: str
) -> dict[str, list[Area]]:
    """Cut every level to a view."""
    quiet = Style(fill=ink.neighbour)
    areas = [
        Area("neighbour", rings, quiet, code, name)
        for code, (name, shape) in outlines("neighbours", zone).items()
        if (rings := page_rings(shape, view))
    ]
    if shown is not None and (zone in DROM or level == "epci" or len(shown) == 1):
        return {"fond": areas, **_fine(view, zone, ink, shown, level)}
    return {
        "fond": areas,
        "departements": _departements(view, zone, ink, shown),
        "regions": _regions(view, zone, ink, shown),
    }


def _fine(
    view: View, zone: str, ink: Inks, shown: frozenset[str], level: str
) -> dict[str, list[Area]]:
    """Draw one département or EPCI that fills the page with its communes, its border round them.

    The neighbouring départements lie under them.
    """
    communes = read_communes()
    members = communes[communes[level.removesuffix("s")].isin(shown)]
    codes = sorted(members["departement"].unique())
    plain = Style(fill=ink.land, stroke=ink.departement, width=0.5)
    faded = Style(fill=ink.faded)
    inside, around, shapes = [], [], []
    for departement in codes:
        for code, (name, shape) in outlines(f"fine/{departement}", zone).items():
            mine = code in members.index
            if mine:
                shapes.append(shape)
            if rings := page_rings(shape, view):
                area = Area(
                    "commune" if mine else "faded", rings, plain if mine else faded, code, name
                )
                (inside if mine else around).append(area)
    border = Style(stroke=ink.region, width=1.2)
    edge = _drawn(shapely.union_all(shapes), view)
    ground = [] if zone in DROM else _departements(view, zone, ink, frozenset())
    return {
        "departements": [*ground, *around, *inside],
        "regions": [Area("region", edge, border, *sorted(shown)[:1])],
    }


def _departements(view: View, zone: str, ink: Inks, shown: frozenset[str] | None) -> list[Area]:
    """Draw each département, faded outside what is shown."""
    plain = Style(fill=ink.land, stroke=ink.departement, width=0.5)
    faded = Style(fill=ink.faded, stroke=ink.departement, width=0.35)
    framed = Style(fill=ink.land, stroke=ink.region, width=0.6)
    drawn: list[tuple[bool, Area]] = []
    for code, (name, shape) in outlines(f"{_detail(view)}departements", zone).items():
        rings = _drawn(shape, view)
        if not rings:
            continue
        main = shown is None or code in shown
        style = plain if shown is None else framed if main else faded
        drawn.append((main, Area("departement" if main else "faded", rings, style, code, name)))
    return [area for _, area in sorted(drawn, key=lambda pair: pair[0])]


def _regions(view: View, zone: str, ink: Inks, shown: frozenset[str] | None) -> list[Area]:
    """Draw the borders of régions over the départements; those that fade are lighter."""
    main = {region_of()[code] for code in shown} if shown is not None else None
    strong = Style(stroke=ink.region, width=0.9 if shown is None else 1.2)
    light = Style(stroke=mix(ink.faded, ink.region, 0.45), width=0.7)
    drawn: list[tuple[bool, Area]] = []
    for code, (name, shape) in outlines(f"{_detail(view)}regions", zone).items():
        if rings := _drawn(shape, view):
            here = main is None or code in main
            drawn.append((here, Area("region", rings, strong if here else light, code, name)))
    return [area for _, area in sorted(drawn, key=lambda pair: pair[0])]


def departements_of(kind: str, code: str) -> frozenset[str]:
    """Give the départements of a région (or the département itself)."""
    if kind == "departement":
        return frozenset({code})
    overseas = [zone for zone, region in REGION_OF.items() if region == code]
    return frozenset(overseas or {d for d, region in region_of().items() if region == code})
