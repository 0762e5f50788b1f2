"""What the slides of a project and of a town share: their map, their head, lists, sources."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import hypot

import geopandas as gpd

from villeactive.analysis.towns import carrying
from villeactive.atlas import Atlas
from villeactive.maps.scene.layout import DECK_TITLE, Layout
from villeactive.maps.scene.print_style import Inks
from villeactive.maps.scene.spec import Box, Item, Label, Line, MapSpec, Scene, Symbol, Text
from villeactive.programmes import drawn_at_first, producers
from villeactive.text import NBSP, day, plural, typographic
from villeactive.typography.font_metrics import block, wide_of
from villeactive.typography.text_fit import Column, accent_bar, fitted, lines_of, shortened
from villeactive.wording.facts import Row
from villeactive.wording.sources import LICENCE

LIST_SIZES = (11.5, 11.0, 10.5, 10.0)
"""Of the lists, points: the largest that fits."""

_POINTS_A_TOWN = 40
"""Width of the map for each town that it shows, so that names find their place."""

_DEGREES = 1.15
"""How far around to the north and south, degrees."""
_APART = 0.32
"""How far from one another, in degrees of latitude, for one site; more when they spread."""


def towns_around(sites: gpd.GeoDataFrame, atlas: Atlas, *, page: Layout) -> gpd.GeoDataFrame:
    """Give the labelled towns that best say where some places are.

    Parameters
    ----------
    sites
        Points (EPSG:4326): the sites of a project, or a commune.
    atlas
        The whole atlas.
    page
        How wide the map is.

    Returns
    -------
    GeoDataFrame
        Rows of ``atlas.towns`` (EPSG:4326): the largest, each far enough from the sites and
        from one another that its name finds a place.
    """
    xmin, ymin, xmax, ymax = sites.total_bounds
    tall, wide = _DEGREES, _DEGREES * page.panel.width / page.panel.height
    near = atlas.towns.cx[xmin - wide : xmax + wide, ymin - tall : ymax + tall]
    near = carrying(near, drawn_at_first(), "any")
    apart = _APART * (ymax - ymin + 2 * tall) / (2 * tall) * (258 / page.panel.height) ** 0.5
    taken = [(p.x, p.y) for p in sites.geometry]
    kept = []
    for town in near.sort_values("population", ascending=False, kind="stable").itertuples():
        if all(hypot((town.lon - x) * 0.7, town.lat - y) > apart for x, y in taken):
            taken.append((town.lon, town.lat))
            kept.append(town.Index)
    return near.loc[kept[: round(page.panel.width / _POINTS_A_TOWN)]]


def map_alone(scene: Scene) -> Scene:
    """Keep the map alone, without the towns beyond its edge nor the lines that lead to them."""
    frame = scene.views[0].frame.inset(5)

    def seen(x: float, y: float) -> bool:
        return frame.left <= x <= frame.right and frame.top <= y <= frame.bottom

    gone = {s.id for s in scene.symbols() if s.role == "town" and not seen(*s.home)}
    layers = []
    for layer in scene.layers:
        kept = layer.items
        if layer.id in ("legende", "titre", "sources"):
            kept = ()
        elif layer.id == "villes":
            kept = [i for i in kept if not isinstance(i, Symbol) or seen(*i.home)]
            kept = [i for i in kept if not isinstance(i, Line) or all(seen(*p) for p in i.points)]
        elif layer.id == "etiquettes":
            kept = [i for i in kept if not isinstance(i, Label) or i.symbol not in gone]
        layers.append(replace(layer, items=tuple(kept)))
    return replace(scene, layers=tuple(layers))


def heading(
    title: str, where: str, page: Layout, ink: Inks, accent: str, *, tall: float = 88.0
) -> tuple[list[Item], float]:
    """Set a title, the place under it and the bar; give where what follows may begin."""
    box = page.text
    room = Box(box.left, box.top - 3, box.width, tall)
    head = fitted("title", typographic(title), room, sizes=(DECK_TITLE,), colour=ink.ink,
                  weight=600, leading=1.1)  # fmt: skip
    room = Box(box.left, head.box.bottom + 3, box.width, 34)
    under = fitted("subtitle", typographic(where), room, sizes=(14, 13, 12), colour=ink.soft)
    y = under.box.bottom + 11
    return [head, under, accent_bar(box.left, y, accent)], y + 14


def beside_map(page: Layout, top: float) -> Box:
    """Give the room of the facts, from ``top`` down to the sources."""
    return Box(page.text.left, top, page.text.width, page.sources.top - 4 - top)


def under_map(page: Layout, count: int) -> tuple[Box, ...]:
    """Give so many columns under the map."""
    left, top = page.panel.left + 14, page.panel.bottom + 14
    right, bottom = page.width - page.margin, page.height - page.margin
    return Box(left, top, right - left, bottom - top).columns(count, 22.0)


def section(
    title: str,
    rows: list[Row],
    box: Box,
    ink: Inks,
    accent: str,
    *,
    sizes: Sequence[float] = LIST_SIZES,
) -> Column:
    """Set one list: smaller until it fits, then its notes in two lines, then its first rows alone.

    It says how many it leaves. A row is whole, or left out: the first alone is cut, when even it
    finds no room.
    """
    for size, note in (*((size, 99) for size in sizes), (LIST_SIZES[-1], 2)):
        column = Column(box, ink, size, accent)
        column.heading(title)
        if all(column.row(row, note=note) for row in rows):
            return column
    column = Column(Box(box.left, box.top, box.width, box.height - 14), ink, LIST_SIZES[-1], accent)
    column.heading(title)
    shown = 0
    while shown < len(rows) and column.row(rows[shown], note=2):
        shown += 1
    if not shown:
        shown = int(any(column.row(rows[0], most=most) for most in range(8, 0, -1)))
    if shown < len(rows):
        column.box = box
        column.note(f"… et {plural(len(rows) - shown, 'autre', 'autres')}, voir la fiche")
    return column


def source_lines(
    first: str, page: Layout, ink: Inks, spec: MapSpec, *, licence: str = LICENCE
) -> list[Text]:
    """Set the sources on the lines where they stand on every slide.

    Parameters
    ----------
    first
        Where the facts of this slide come from; what all slides share follows.
    page, ink, spec
        Of the slide.
    licence
        As :func:`villeactive.wording.sources.ground_licence` says it.
    """
    box, size = page.sources, page.sizes["source"]
    measure = partial(wide_of, size=size)
    said = [first]
    lists = ", ".join(producers())
    said.append(f"Programmes{NBSP}: {lists}. Population{NBSP}: Insee. Contours{NBSP}: IGN.")
    tail = [licence] + ([day(spec.date)] if spec.date else [])
    said.append(" · ".join(tail))
    said += [shortened(spec.footer, box.width, measure)] if spec.footer else []
    lines, y = [], box.bottom
    for text in reversed(said):
        broken = lines_of(typographic(text), box.width, measure)
        made = block("source", broken, x=box.left, top=0, size=size, colour=ink.soft)
        y -= len(made.lines) * size * 1.22
        lines.append(made.moved(y))
    return lines[::-1]


def slide(
    scene: Scene,
    spec: MapSpec,
    *,
    head: list[Item],
    listed: tuple[str, list[Item]],
    sources: list[Text],
) -> Scene:
    """Give a slide: its map, what stands around it; ``listed`` is named for who hears it."""
    name, items = listed
    made = scene.with_items({"titre": head, "legende": items, "sources": sources})
    layers = (replace(k, name=name) if k.id == "legende" else k for k in made.layers)
    said = " ".join(text.words for text in sources)
    return replace(made, layers=tuple(layers), sources=said, spec=replace(spec, layout="slide"))
