"""What stands round a map: title block, sources, scale bar, frames of insets, short links."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import shapely

from villeactive.maps.scene.extent import round_length
from villeactive.maps.scene.ground import outlines, page_rings, rectangle
from villeactive.maps.scene.layout import LEAST_SOURCE, Layout
from villeactive.maps.scene.print_style import Inks
from villeactive.maps.scene.spec import (
    Area,
    Box,
    Item,
    Line,
    Picture,
    Sign,
    Style,
    Symbol,
    Text,
    View,
)
from villeactive.maps.scene.windows import MOVED, Window
from villeactive.text import NBSP, number
from villeactive.typography.font_metrics import block, parted, wide_of, widest_of, wrap
from villeactive.typography.text_fit import accent_bar, lines_of, roomy, shortened

_LEAST_TITLE, _SMALL_TITLE = 10.0, 14.0
_TIGHT = 0.65
"""Factor on the gaps of a head that lacks room."""
_HEAD = 0.5
"""Most of a column that its head may take when the legend follows it."""


def banner(
    title: str, subtitle: str, said: str, *, page: Layout, ink: Inks, logo: bytes | None
) -> tuple[list[Item], Box]:
    """Set title, subtitle, accent bar and counts at the top of the page.

    The title shrinks until all of it stands in the band above the map (or in the upper part of
    the column that the legend shares); what is still too long then ends with « … ».

    Returns
    -------
    tuple
        Items, and what is left of the column under them.
    """
    box = page.text
    wide = box.width - (page.logo.width + 12 if logo and page.legend else 0)
    most = box.top + (box.height - 2.0 if page.legend else box.height * _HEAD)
    for lines, under, size, air in _settings(title, subtitle, page.sizes["title"], wide):
        items, y = _heading(lines, under, said, page=page, ink=ink, wide=wide, size=size, air=air)
        if y <= most:
            break
    y += 4 if said else 0
    bottom = box.bottom
    if logo:
        items.append(Picture("logo", logo, page.logo, "Logo"))
        if not page.legend:
            bottom = page.logo.top - 8
    return items, Box(box.left, y, box.width, bottom - y)


def _settings(
    title: str, subtitle: str, size: float, wide: float
) -> Iterator[tuple[tuple[str, ...], str, float, float]]:
    """Give ways to set a head, best first: lines of the title, subtitle, size, factor on gaps."""
    while size >= _LEAST_TITLE:
        lines = parted(title, wide, partial(widest_of, size=size, weight=600))
        if _stands(lines, size, wide):
            yield lines, subtitle, size, 1.0
            yield lines, subtitle, size, _TIGHT
        size -= 1
    size = _LEAST_TITLE
    bold = partial(wide_of, size=size, weight=600)
    short = shortened(subtitle, wide, partial(wide_of, size=size))
    for count in (3, 2, 1):
        cut = shortened(title, wide, bold, lines=count)
        yield lines_of(cut, wide, bold), short, size, _TIGHT


def _heading(
    lines: tuple[str, ...],
    subtitle: str,
    said: str,
    *,
    page: Layout,
    ink: Inks,
    wide: float,
    size: float,
    air: float,
) -> tuple[list[Item], float]:
    """Set the head of a page at one size of its title; ``air`` is a factor on the gaps."""
    box, sizes = page.text, page.sizes
    head = block("title", lines, x=box.left, top=box.top - size * 0.1, size=size, colour=ink.ink,
                 weight=600, leading=1.1)  # fmt: skip
    items: list[Item] = [head]
    y = head.box.bottom + size * 0.3 * air
    if subtitle:
        small = min(sizes["subtitle"], max(size * 0.8, _LEAST_TITLE))
        under = block("subtitle", subtitle, x=box.left, top=y, size=small, colour=ink.soft,
                      most=wide)  # fmt: skip
        items.append(under)
        y = under.box.bottom
    gap = (8 + (0 if page.legend else 6)) * air
    y += gap
    items.append(accent_bar(box.left, y, ink.accent))
    y += gap
    if said:
        count = block("count", said, x=box.left, top=y, size=sizes["legend"], colour=ink.ink,
                      most=wide, weight=600)  # fmt: skip
        items.append(roomy(count, wide))
        y = count.box.bottom
    return items, y


def _stands(lines: tuple[str, ...], size: float, wide: float) -> bool:
    """Tell whether a title stands in its column, on three lines unless it is set small."""
    widest = max((widest_of(line, size, weight=600) for line in lines), default=0)
    return len(lines) <= (3 if size > _SMALL_TITLE else 5) and widest <= wide


def source_lines(lines: list[str], *, page: Layout, ink: Inks, address: str | None) -> list[Text]:
    """Set sources, licence, date, address and footer; the last line ends at the box's bottom."""
    size, box = page.sizes["source"], page.sources
    while True:
        broken = [wrap(line, box.width, partial(widest_of, size=size)) for line in lines]
        tall = sum(len(b) for b in broken) * size * 1.22
        if tall <= box.height or size <= LEAST_SOURCE:
            break
        size -= 0.25
    made, y = [], box.bottom - tall
    for line, parts in zip(lines, broken, strict=True):
        role = "link" if line == address and line.startswith(("https://", "http://")) else "source"
        made.append(block(role, parts, x=box.left, top=y, size=size, colour=ink.soft))
        y += len(parts) * size * 1.22
    return made


def scale_bar(view: View, page: Layout, ink: Inks, *, frame: Box) -> list[Item]:
    """Draw a bar of a round number of kilometres at the lower left of the map's frame."""
    metres = round_length(view, most=min(110.0, page.map_frame.width * 0.2))
    wide = metres * view.scale
    left, y = page.map_frame.left + 6, frame.bottom - (10 if page.legend else 6)
    size = page.sizes["scale"]
    km = metres / 1000
    said = f"{number(km, decimals=0 if km >= 1 else 1)}{NBSP}km"
    text = block("scale", said, x=left, top=y - size * 1.35, size=size, colour=ink.ink)
    points = np.round([[left, y - 4], [left, y], [left + wide, y], [left + wide, y - 4]], 2)
    return [text, Line("scale", points, Style(stroke=ink.ink, width=1.1))]


def inset_frame(view: View, page: Layout, ink: Inks) -> tuple[Area, Text]:
    """Frame an inset and write its name above it."""
    frame = Area("frame", rectangle(view.frame), Style(stroke=ink.region, width=0.8), view.name)
    size = page.sizes["inset"]
    title = block("inset", view.title, x=view.frame.centre[0], top=view.frame.top - size * 1.15,
                  size=size, colour=ink.ink, align="middle")  # fmt: skip
    return frame, title


def zoom_mark(windows: list[Window], codes: tuple[str, ...], ink: Inks) -> list[Item]:
    """Mark on the main map the part that a zoom box shows."""
    main = windows[0].view
    shapes = [outlines("departements", "metropole")[code][1] for code in codes]
    rings = page_rings(shapely.union_all(shapes), main)
    return [Area("frame", rings, Style(fill=ink.paper, stroke=ink.ink, width=0.8), "paris")]


def masks(page: Layout, ink: Inks) -> list[Area]:
    """Cover with paper the borders that end at a side of the map inside the page."""
    panel, thick = page.panel, 2.0
    sides = [
        (panel.left > 0, Box(panel.left - thick, panel.top, thick, panel.height)),
        (panel.right < page.width, Box(panel.right, panel.top, thick, panel.height)),
        (panel.top > 0, Box(panel.left, panel.top - thick, panel.width, thick)),
        (panel.bottom < page.height, Box(panel.left, panel.bottom, panel.width, thick)),
    ]
    style = Style(fill=ink.paper)
    return [Area("mask", rectangle(box), style) for inner, box in sides if inner]


def moved_links(window: Window, ink: Inks) -> tuple[list[Line], list[Symbol]]:
    """Join symbols that were moved aside to their true places."""
    lines, dots = [], []
    hidden = {s.code_insee for s in window.projects}
    for symbol in window.symbols:
        far = float(np.hypot(symbol.x - symbol.home[0], symbol.y - symbol.home[1]))
        satellite = symbol.role == "town" and symbol.code_insee in hidden
        if far <= symbol.radius + MOVED or satellite:
            continue
        points = np.round(np.array([symbol.home, (symbol.x, symbol.y)]), 2)
        lines.append(Line("leader", points, Style(stroke=ink.soft, width=0.7)))
        sign = Sign("circle", 1.8, Style(fill=ink.soft))
        dots.append(
            Symbol(f"place:{symbol.id}", "place", *points[0].tolist(), 0.9, (sign,), symbol.name)
        )
    return lines, dots
