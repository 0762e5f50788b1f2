"""A drawn map as data: what stands where on a page, whoever draws it.

:mod:`villeactive.maps.scene.compose` makes a :class:`Scene`; :mod:`villeactive.maps.render` turns
it into PNG, SVG and PDF, or into native shapes of a slide. Nothing here knows a renderer. All
lengths are points (1/72 inch); the origin is the top left corner of the page and ``y`` goes down.
Everything is already projected, cut to its frame, styled, wrapped and placed: a
renderer only draws the layers in their order, and in each layer the items in theirs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from villeactive.programmes import first_town_layers

LAYERS = {
    "fond": "Fond",
    "departements": "Départements",
    "regions": "Régions",
    "territoires": "Territoires",
    "villes": "Villes",
    "projets": "Projets",
    "etiquettes": "Étiquettes",
    "legende": "Légende",
    "titre": "Titre",
    "sources": "Sources",
}
"""Layer id → name that the user reads, in drawing order (first is at the bottom)."""

LABELS = ("towns", "all", "titles", "numbers", "none")
STYLES = ("light", "mono")


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, points, ``y`` down."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Abscissa of the right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Ordinate of the lower side."""
        return self.top + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """Point in the middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    def inset(self, margin: float) -> "Box":
        """Give the same box with a margin taken off (or added, if negative) on each side."""
        return Box(
            self.left + margin,
            self.top + margin,
            self.width - 2 * margin,
            self.height - 2 * margin,
        )

    def columns(self, count: int, gap: float) -> tuple["Box", ...]:
        """Cut the box into equal ones from left to right."""
        width = (self.width - (count - 1) * gap) / max(count, 1)
        return tuple(
            Box(self.left + k * (width + gap), self.top, width, self.height) for k in range(count)
        )

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes share a point."""
        return (self.left <= other.right and other.left <= self.right
                and self.top <= other.bottom and other.top <= self.bottom)  # fmt: skip

    def holds(self, other: "Box") -> bool:
        """Tell whether the other box lies within this one."""
        return (self.left <= other.left and other.right <= self.right
                and self.top <= other.top and other.bottom <= self.bottom)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a shape is painted.

    Attributes
    ----------
    fill, stroke
        ``#RRGGBB`` or None for nothing.
    width
        Stroke width, points.
    hatch
        None, ``up`` (lines rising to the right), ``down``, ``cross`` or ``dots``, drawn in
        ``hatch_colour`` over ``fill``.
    hatch_colour
        ``#RRGGBB`` or None.
    hatch_gap
        Distance between two hatch lines, points.
    opacity
        0 to 1, of the whole shape.
    """

    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0
    hatch: str | None = None
    hatch_colour: str | None = None
    hatch_gap: float = 4.0
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class Area:
    """A polygon with all its rings.

    Attributes
    ----------
    role
        What it is: ``sea``, ``neighbour``, ``land``, ``faded`` (land outside the territory that
        is shown), ``departement``, ``commune``, ``region``, ``territory`` (a Territoire
        d'industrie), ``share`` (choropleth), ``frame`` (of an inset), ``panel`` (ground of a
        text), ``mask`` (paper over the cut edge of the map), ``key``.
    rings
        Closed rings (n × 2 arrays of page points), filled by the even-odd rule.
    style
        Painting.
    code, name
        Of the territory, when it is one; ``name`` is French, for alternative texts.
    """

    role: str
    rings: tuple[np.ndarray, ...]
    style: Style
    code: str = ""
    name: str = ""


@dataclass(frozen=True, eq=False)
class Line:
    """An open broken line: a border, a leader, the scale bar, the accent bar.

    ``role`` is ``departement``, ``region``, ``coast``, ``leader``, ``scale``, ``accent`` or
    ``link``; ``points`` is an n × 2 array.
    """

    role: str
    points: np.ndarray
    style: Style

    @property
    def box(self) -> Box:
        """Box round the points, the width of the stroke left out."""
        (left, top), (right, bottom) = self.points.min(axis=0), self.points.max(axis=0)
        return Box(float(left), float(top), float(right - left), float(bottom - top))


@dataclass(frozen=True)
class Sign:
    """One drawn shape of a symbol, centred on it.

    Attributes
    ----------
    shape
        Key of :data:`villeactive.maps.symbols.SHAPES` (``circle``, ``square``, ``diamond``…).
    diameter
        Points: factor on the corners that ``SHAPES`` gives (the shape then covers the same
        area as a circle of this diameter).
    style
        Painting; the white halo of a project is the first sign of its symbol.
    """

    shape: str
    diameter: float
    style: Style


@dataclass(frozen=True)
class Symbol:
    """A sign that stands for a site, a town or a total.

    Attributes
    ----------
    id
        Unique in the scene: ``<project>@<code_insee>#<rank>`` for a site, ``code_insee`` for a
        town, ``circle:<code>`` for a proportional circle, ``legend:…`` in the legend.
    role
        ``project``, ``mention``, ``town``, ``circle``, ``legend``, ``place`` (true place of a
        symbol that was moved aside).
    x, y
        Centre on the page.
    radius
        Reach from the centre to the farthest corner, halo left out.
    signs
        Drawn one over the other, first at the bottom.
    name
        French text of the symbol, for alternative texts and tooltips.
    theme, kind, programmes, project, code_insee
        Codes, empty where they make no sense.
    home
        True place on the page; differs from ``x, y`` when the symbol was moved aside so that no
        other hides it.
    """

    id: str
    role: str
    x: float
    y: float
    radius: float
    signs: tuple[Sign, ...]
    name: str = ""
    theme: str = ""
    kind: str = ""
    programmes: tuple[str, ...] = ()
    project: str = ""
    code_insee: str = ""
    home: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Text:
    """A block of text, already wrapped.

    Attributes
    ----------
    role
        ``title``, ``subtitle``, ``count``, ``legend``, ``legend-soft``, ``key``, ``source``,
        ``inset``, ``territory``, ``scale``, ``label``, ``number``, ``link``, ``footer``.
    lines
        The lines; no renderer wraps again.
    x, y
        Anchor point: ``x`` by ``align``, ``y`` is the baseline of the first line.
    size, leading
        Font size, and distance between two baselines; points.
    colour
        ``#RRGGBB``.
    box
        What the text covers (ascenders and descenders included).
    weight
        400, 600 or 700.
    align
        ``start``, ``middle`` or ``end``.
    halo
        Colour of an outline behind the letters, or None.
    spacing
        Letter spacing, points.
    room
        Width that a text may take on a slide, where letters may be wider; 0 when nothing else is
        known than the text.
    after
        Whether it goes on where the text before it ends, or begins right below.
    """

    role: str
    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    leading: float
    colour: str
    box: Box
    weight: int = 400
    align: str = "start"
    halo: str | None = None
    spacing: float = 0.0
    room: float = 0.0
    after: bool = False

    @property
    def words(self) -> str:
        """The text on one line."""
        return " ".join(self.lines)

    @property
    def last(self) -> float:
        """Baseline of the last line."""
        return self.y + (len(self.lines) - 1) * self.leading

    def moved(self, down: float) -> "Text":
        """Give the same text farther down."""
        return replace(self, y=self.y + down, box=replace(self.box, top=self.box.top + down))


@dataclass(frozen=True, eq=False)
class Label:
    """The name or number of a symbol.

    ``symbol`` is the id of the :class:`Symbol`; ``leader`` joins them where in doubt, or None.
    ``text.box`` meets no other label's box, no labelled symbol and no frame.
    """

    symbol: str
    text: Text
    leader: Line | None = None


@dataclass(frozen=True)
class Picture:
    """A logo, or a crowd of symbols: bytes of a PNG, JPEG or SVG, fitted into ``box``."""

    role: str
    data: bytes
    box: Box
    name: str = ""


Item = Area | Line | Symbol | Text | Label | Picture


@dataclass(frozen=True, eq=False)
class Layer:
    """A named group: ``id`` is a key of :data:`LAYERS`, ``name`` its French name."""

    id: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class View:
    """A map window: the main one, or an inset.

    Attributes
    ----------
    name
        ``main``, ``paris``, ``971``, ``972``, ``973``, ``974``, ``976``.
    title
        French name, empty for the main one.
    epsg
        Its projection; units are metres.
    frame
        Where it stands on the page; what it shows is cut to it.
    scale
        Points per metre.
    x0, y0
        Projected coordinates (metres) of the top left corner of ``frame``.
    """

    name: str
    title: str
    epsg: int
    frame: Box
    scale: float
    x0: float
    y0: float

    def to_page(self, metres: np.ndarray) -> np.ndarray:
        """Carry projected coordinates (n × 2, metres) onto the page (n × 2, points)."""
        shift = np.array([self.x0, self.y0])
        corner = np.array([self.frame.left, self.frame.top])
        return (metres - shift) * np.array([self.scale, -self.scale]) + corner


@dataclass(frozen=True)
class MapSpec:
    """What one asks of a drawn map.

    Attributes
    ----------
    extent
        ``france``, ``region:CODE``, ``departement:CODE``, ``epci:SIREN`` or ``selection``.
    layout
        Key of :data:`villeactive.maps.scene.layout.LAYOUTS` (``slide``, ``meeting``, ``a4``…).
    layers
        Among ``projects``, ``mentions``, ``towns:CODE`` (a programme), ``ti``, ``ti1``,
        ``circles:LEVEL`` (``region``, ``departement``, ``epci``, ``town``: how many),
        ``circles:LEVEL:SLUG`` (euros of a column), ``per-head:LEVEL:SLUG`` (euros per inhabitant
        of ``region`` or ``departement``), ``share:departement``.
    labels
        ``towns`` (names of the towns of projects, and of the first programme drawn), ``all``
        (names of every town), ``titles`` (of projects), ``numbers`` (of projects, in the key) or
        ``none``.
    style
        ``light`` or ``mono`` (black and white: shapes and hatches carry the meaning).
    title, subtitle
        None: written from the selection.
    footer
        A line of one's own under the sources; empty for none.
    logo
        Bytes of a PNG, JPEG or SVG, or None.
    address
        Public address of the atlas, or None: then no link is printed.
    date
        Day of the map, ISO (``2026-11-23``); None leaves it out. Same inputs and same date:
        same bytes.
    overseas
        True shows the five DROM even when they hold nothing.
    """

    extent: str = "france"
    layout: str = "slide"
    layers: tuple[str, ...] = field(default_factory=lambda: ("projects", *first_town_layers()))
    labels: str = "towns"
    style: str = "light"
    title: str | None = None
    subtitle: str | None = None
    footer: str = ""
    logo: bytes | None = field(default=None, repr=False)
    address: str | None = None
    date: str | None = None
    overseas: bool = False


@dataclass(frozen=True, eq=False)
class Scene:
    """A page ready to be drawn.

    Attributes
    ----------
    width, height
        Page size, points.
    ground
        Colour of the paper, ``#RRGGBB``.
    layers
        In drawing order; every key of :data:`LAYERS`, empty ones included.
    views
        Map windows, main first.
    title
        Title of the document, on one line.
    description
        Alternative text of the whole map: what it shows, with its counts.
    sources
        Sources, licence, projection and date, on one line.
    key
        Rows (number or sign, text) of the key beside the map, in its order.
    spec
        What was asked.
    """

    width: float
    height: float
    ground: str
    layers: tuple[Layer, ...]
    views: tuple[View, ...]
    title: str
    description: str
    sources: str
    key: tuple[tuple[str, str], ...]
    spec: MapSpec

    def layer(self, name: str) -> tuple[Item, ...]:
        """Give the items of a layer, by its id."""
        return next(layer.items for layer in self.layers if layer.id == name)

    def with_items(self, more: Mapping[str, Iterable[Item]]) -> "Scene":
        """Give the page with more items over some of its layers, by id."""
        layers = (
            replace(layer, items=(*layer.items, *more.get(layer.id, ()))) for layer in self.layers
        )
        return replace(self, layers=tuple(layers))

    def symbols(self) -> Iterator[Symbol]:
        """Give the symbols of the map itself (legend left out)."""
        for name in ("territoires", "villes", "projets"):
            for item in self.layer(name):
                if isinstance(item, Symbol) and item.role != "place":
                    yield item

    def labels(self) -> Iterator[Label]:
        """Give the labels of the map."""
        return (item for item in self.layer("etiquettes") if isinstance(item, Label))
