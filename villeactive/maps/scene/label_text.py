"""Give each symbol of a window its name or number, and each département its name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely

from villeactive.maps.scene import labels
from villeactive.maps.scene.ground import outlines
from villeactive.maps.scene.labels import Placed, Wish
from villeactive.maps.scene.layout import Layout
from villeactive.maps.scene.print_style import Inks
from villeactive.maps.scene.spec import Box, Label, Line, Style, Symbol, Text
from villeactive.maps.scene.windows import Window
from villeactive.text import fold, typographic
from villeactive.typography.font_metrics import ASCENT, DESCENT, block, widest_of, width_of, wrap

_SPACING = 0.7
_LEAST_ROOM = 2.5
_ROOM = 4.0
"""Air between a département's name and the middle of any symbol, points."""
_BESIDE = (-80.0, -60.0, -40.0, -20.0, 20.0, 40.0, 60.0, 80.0)
"""Where the name of a project may stand, from its middle, points."""
_TITLE_WIDTH = 13.0
"""Widest title of a project on the map, in parts of its size."""


@dataclass(frozen=True)
class Name:
    """What is to be written beside one town or one project.

    ``key`` orders numbers; ``row`` is its line in the key.
    """

    id: str
    symbols: tuple[int, ...]
    lines: tuple[str, ...]
    row: str
    key: str
    size: float
    weight: int
    rank: float
    tight: bool = False

    @property
    def gives_way(self) -> bool:
        """Whether it is left out where it finds no place: the name of a town without project."""
        return self.weight < 600


def names_of(
    window: Window,
    *,
    wanted: str,
    page: Layout,
    towns: dict[str, str],
    titles: dict[str, str],
    named: frozenset[str],
) -> list[Name]:
    """List the names that a window wants.

    Parameters
    ----------
    window
        Its symbols.
    wanted
        ``towns``, ``all``, ``titles``, ``numbers`` or ``none``.
    page
        Sizes.
    towns, titles
        ``code_insee`` → town; project id → title.
    named
        Programmes whose towns are named.

    Returns
    -------
    list of Name
        One a commune (``towns``, ``all``) or one a project's symbol (``titles``, ``numbers``).
    """
    if wanted == "none":
        return []
    symbols = window.symbols
    groups: dict[str, list[int]] = {}
    for index, symbol in enumerate(symbols):
        if symbol.role == "town" and named.isdisjoint(symbol.programmes):
            continue
        own = symbol.role != "town" and wanted in {"titles", "numbers"}
        groups.setdefault(symbol.id if own else symbol.code_insee, []).append(index)
    made = [
        _name(key, indices, symbols, wanted, page, towns, titles) for key, indices in groups.items()
    ]
    if wanted == "numbers":
        told = {s.code_insee for s in window.projects}
        made = [n for n in made if n.id not in told]
    return made


def _name(
    key: str,
    indices: list[int],
    symbols: tuple[Symbol, ...],
    wanted: str,
    page: Layout,
    towns: dict[str, str],
    titles: dict[str, str],
) -> Name:
    """Word one name."""
    projects = [i for i in indices if symbols[i].role != "town"]
    main = symbols[(projects or indices)[0]]
    town = typographic(towns[main.code_insee])
    size = page.sizes["label"] if projects else _town_size(symbols, page)
    if main.role == "mention":
        size = page.sizes["town"]
    weight = 600 if projects else 400
    title = typographic(titles.get(main.project, ""))
    lines = (town,)
    if wanted == "titles" and projects:
        size = page.sizes["town"]
    if wanted == "titles" and projects and main.id.endswith("#0"):
        lines = wrap(title, size * _TITLE_WIDTH, partial(width_of, size=size, weight=weight))
    row = town
    if projects and wanted in {"titles", "numbers"}:
        row = title if town in title else f"{title}, {town}"
    # in a group of symbols of one town, the name stands by any of them
    largest = max(symbols[i].radius for i in indices)
    rank = (0 if projects else 1) - largest / 1000
    return Name(key, tuple(projects or indices), lines, row, fold(town) + key, size, weight, rank)


def _town_size(symbols: tuple[Symbol, ...], page: Layout) -> float:
    """Give the size of towns' names: the fewer, the larger."""
    count = sum(s.role == "town" for s in symbols)
    low, high = page.sizes["town"], page.sizes["label"]
    return high if count <= 20 else (low + high) / 2 if count <= 60 else low


def _wish(name: Name, lines: tuple[str, ...], size: float, weight: int) -> Wish:
    """Measure a name, with room for wider letters on a slide."""
    wide = max(widest_of(line, size, weight=weight) for line in lines)
    tall = (ASCENT + DESCENT) * size + (len(lines) - 1) * size * 1.12
    return Wish(name.id, name.symbols, wide + 1.0, tall, name.rank, name.tight, fine=weight >= 600)


@dataclass(frozen=True)
class Written:
    """Labels of a window, the names that found no place, and what numbers stand for."""

    labels: tuple[Label, ...]
    left: tuple[Name, ...]


def write(
    window: Window,
    names: list[Name],
    *,
    frame: Box,
    blocks: list[Box],
    ink: Inks,
    memo: dict,
) -> Written:
    """Place names; those that find no place are given back.

    Parameters
    ----------
    window
        Its symbols are not covered; towns without a name are ground: a label may stand nearer to
        one than to its own symbol.
    names
        What to write.
    frame
        Labels stay inside.
    blocks
        Boxes to keep free.
    ink
        Colours.
    memo
        Kept between calls for one and the same window.
    """
    symbols = window.symbols
    named = {i for n in names for i in n.symbols} | {
        i for i, s in enumerate(symbols) if s.role != "town"
    }
    own_towns = {symbols[i].code_insee for i in named}
    solid = [i for i, s in enumerate(symbols) if i in named or s.code_insee in own_towns]
    ground = [s for i, s in enumerate(symbols) if i not in solid]
    index = {old: new for new, old in enumerate(solid)}
    found = labels.place(
        [
            replace(w, symbols=_with_town(n, symbols, index, own_towns))
            for n in names
            for w in [_wish(n, n.lines, n.size, n.weight)]
        ],
        centres=np.array([(symbols[i].x, symbols[i].y) for i in solid]).reshape(-1, 2),
        radii=np.array([symbols[i].radius + 0.6 for i in solid]),
        frame=frame,
        blocks=blocks,
        memo=memo,
        dots=np.array([(s.x, s.y) for s in ground]).reshape(-1, 2),
    )
    by_id = {n.id: n for n in names}
    drawn = tuple(
        _label(by_id[key], placed, symbols[solid[placed.symbol]], ink)
        for key, placed in sorted(found.items())
    )
    return Written(drawn, tuple(n for n in names if n.id not in found))


def _with_town(
    name: Name, symbols: tuple[Symbol, ...], index: dict[int, int], own: set[str]
) -> tuple[int, ...]:
    """Give the indices that a name may stand by: those of the same town count as its own."""
    code = symbols[name.symbols[0]].code_insee
    if name.id != code or code not in own:
        return tuple(index[i] for i in name.symbols)
    return tuple(index[i] for i, s in enumerate(symbols) if s.code_insee == code and i in index)


def _label(name: Name, placed: Placed, symbol: Symbol, ink: Inks) -> Label:
    """Set a placed name: flush with its symbol's side."""
    box = placed.box
    middle = box.centre[0]
    side = "start" if middle > symbol.x + 4 else "end" if middle < symbol.x - 4 else "middle"
    x = {"start": box.left + 0.5, "middle": middle, "end": box.right - 0.5}[side]
    text = block(
        "label" if name.weight >= 600 else "town",
        name.lines,
        x=x,
        top=box.top,
        size=name.size,
        colour=ink.ink if name.weight >= 600 else ink.soft,
        weight=name.weight,
        align=side,
        halo=ink.halo,
        leading=1.12,
    )
    leader = None
    if placed.leader:
        ends = np.round(np.array(placed.leader).reshape(2, 2), 2)
        leader = Line("leader", ends, Style(stroke=ink.soft, width=0.6))
    return Label(symbol.id, replace(text, box=box, room=box.width - 1), leader)


def numbered(names: list[Name], *, size: float, start: int = 1) -> list[tuple[Name, Name]]:
    """Give each name its number, in the order of the alphabet: (name, number) pairs."""
    ordered = sorted(names, key=lambda n: (n.key, n.id))
    return [
        (
            n,
            replace(
                n,
                lines=(str(start + k),),
                size=size,
                weight=600,
                rank=n.rank - 10,
                tight=True,
            ),
        )
        for k, n in enumerate(ordered)
    ]


def territory_names(
    window: Window,
    codes: frozenset[str],
    *,
    size: float,
    ink: Inks,
    frame: Box,
    blocks: Sequence[Box] = (),
) -> list[Text]:
    """Name départements, each inside itself where symbols leave most room.

    Parameters
    ----------
    window
        The symbols to keep clear of.
    codes
        Départements to name.
    size
        Font size, points.
    ink, frame, blocks
        Colours; names stay inside the frame and off the blocks.

    Returns
    -------
    list of Text
        In capitals; a département too small for its name gets its number.
    """
    points, beside = _kept_clear(window)
    known, made = outlines("departements", window.zone), []
    view = window.view
    seen = shapely.box(
        view.x0 + (frame.left - view.frame.left) / view.scale,
        view.y0 - (frame.bottom - view.frame.top) / view.scale,
        view.x0 + (frame.right - view.frame.left) / view.scale,
        view.y0 - (frame.top - view.frame.top) / view.scale,
    )
    for code in sorted(codes & set(known)):
        label, whole = known[code]
        shape = shapely.intersection(whole, seen)
        if shape.area < 0.25 * whole.area:
            continue
        words = typographic(label).upper()
        room = _Room(shape, window, frame, tuple(blocks))
        lines, spot = _fitted(words, code, size, room, beside)
        if lines == (code,):
            lines, spot = _fitted(words, code, size, room, points)
        tall = ((len(lines) - 1) * 1.1 + ASCENT + DESCENT) * size
        made.append(
            block("territory", lines, x=float(spot[0]), top=float(spot[1]) - tall / 2,
                  size=size, colour=ink.region, weight=600, align="middle",
                  spacing=_SPACING, leading=1.1)
        )  # fmt: skip
    return made


def _kept_clear(window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Give the points that a département's name keeps clear of: symbols, then also their names.

    Beside a project its own name will stand, and it comes before that of its département.
    """
    turns = np.arange(8) * np.pi / 4
    points = [(s.x, s.y) for s in window.symbols]
    points += [
        (s.x + s.radius * np.cos(turn), s.y + s.radius * np.sin(turn))
        for s in window.projects
        for turn in turns
    ]
    beside = [(s.x + step, s.y) for s in window.projects for step in _BESIDE]
    return np.array(points).reshape(-1, 2), np.array(points + beside).reshape(-1, 2)


def _halves(words: str) -> tuple[str, ...]:
    """Break a name in two at the hyphen or space nearest its middle."""
    breaks = [i + 1 for i, char in enumerate(words[:-1]) if char in "- "]
    if not breaks:
        return (words,)
    middle = min(breaks, key=lambda i: (abs(i - len(words) / 2), i))
    return words[:middle].rstrip(" "), words[middle:]


@dataclass(frozen=True)
class _Room:
    """Where the name of one département may stand: its shape (metres), the page round it."""

    shape: shapely.Geometry
    window: Window
    frame: Box
    blocks: tuple[Box, ...]

    def spots(self, half: np.ndarray) -> np.ndarray:
        """List the middles (points) where a box of half this size fits."""
        view, frame = self.window.view, self.frame
        xmin, ymin, xmax, ymax = self.shape.bounds
        grid = np.stack(np.meshgrid(np.linspace(xmin, xmax, 33), np.linspace(ymin, ymax, 33)), -1)
        metres, reach = grid.reshape(-1, 2), half / view.scale
        spots = view.to_page(metres)
        low, high = spots - half, spots + half
        fits = (low > [frame.left, frame.top]) & (high < [frame.right, frame.bottom])
        for kept in self.blocks:
            apart = (low > [kept.right, kept.bottom]) | (high < [kept.left, kept.top])
            fits &= apart.any(axis=1, keepdims=True)
        inside = fits.all(axis=1)
        shapely.prepare(self.shape)
        inside[inside] = shapely.contains(
            self.shape, shapely.box(*(metres[inside] - reach).T, *(metres[inside] + reach).T)
        )
        return spots[inside]


def _fitted(
    words: str, code: str, size: float, room: _Room, points: np.ndarray
) -> tuple[tuple[str, ...], np.ndarray]:
    """Choose how a département is named: lines, place.

    The first way that leaves air round every symbol wins, else the airiest, else the code.
    """
    best: tuple[float, tuple] | None = None
    for lines in dict.fromkeys(((words,), _halves(words))):
        spot, air = _roomiest(room, lines, size, points)
        if spot is not None and (best is None or air > best[0] + 0.5):
            best = (air, (lines, spot))
        if spot is not None and air >= _ROOM:
            return lines, spot
    if best is not None and best[0] >= _LEAST_ROOM:
        return best[1]
    spot, _ = _roomiest(room, (code,), size, points)
    if spot is None:
        inner = shapely.get_coordinates(room.shape.representative_point())
        spot = room.window.view.to_page(inner)[0]
    return (code,), spot


def _roomiest(
    room: _Room, lines: tuple[str, ...], size: float, points: np.ndarray
) -> tuple[np.ndarray | None, float]:
    """Find where a name fits inside a shape, far from symbols and near the middle; its air."""
    wide = max(widest_of(line, size, weight=600, spacing=_SPACING) for line in lines)
    half = np.array([wide / 2, (len(lines) * 1.1 - 0.1) * size / 2])
    spots = room.spots(half)
    if not len(spots):
        return None, 0.0
    air = np.full(len(spots), 12.0)
    if len(points):
        boxes = np.column_stack([spots - half, spots + half])
        air = np.minimum(labels.distance(boxes, points).min(axis=1), 12.0)
    middle = room.window.view.to_page(shapely.get_coordinates(room.shape.centroid))[0]
    score = np.minimum(air, _ROOM + 2) * 12 - np.hypot(*(spots - middle).T)
    best = int(np.argmax(np.round(score, 6)))
    return np.round(spots[best], 2), float(air[best])
