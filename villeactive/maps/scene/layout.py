"""Pages as data: where each part of a drawn map stands.

Adding a size is adding an entry to :data:`LAYOUTS`. Lengths are points (1/72 inch), ``y`` down;
margins are 3.5 % of the width, columns are twelfths of what is left.
"""

from dataclasses import dataclass, replace

from villeactive.errors import UnknownValueError
from villeactive.maps.scene.spec import Box

MARGIN = 0.035
COLUMNS = 12
GUTTER = 12.0


@dataclass(frozen=True)
class Layout:
    """A page.

    Attributes
    ----------
    name
        French name for a list of choices.
    width, height
        Of the page.
    text
        Column or band of title, subtitle, accent bar, and then the legend below them.
    panel
        Ground of the map, sea included; may bleed to the edges of the page.
    map_frame
        Where the main map fits when insets stand beside it.
    wide_frame
        Where it fits when there is none.
    insets
        Boxes of the five overseas frames, in the order 971, 972, 973, 974, 976.
    paris
        Box of the zoom on Paris and its inner ring.
    legend
        Where the legend may stand, None when it follows the title in ``text``.
    legend_columns
        How many columns it has.
    key, beside_key
        Where a long key stands, on the map's side; where the main map then fits.
    sources
        Box of sources, licence, date and footer; its lines end at its bottom.
    logo
        Box of the logo of one's organisation.
    sizes
        Role of a text → font size.
    most_named
        Towns of a page that are named; more than that are ground, and the legend says so.
    """

    name: str
    width: float
    height: float
    text: Box
    panel: Box
    map_frame: Box
    wide_frame: Box
    insets: tuple[Box, ...]
    paris: Box
    legend: Box | None
    legend_columns: int
    key: Box
    beside_key: Box
    sources: Box
    logo: Box
    sizes: dict[str, float]
    most_named: int = 170

    @property
    def margin(self) -> float:
        """Margin of the page."""
        return MARGIN * self.width


def _columns(width: float, first: int, last: int) -> tuple[float, float]:
    """Give left and width of columns ``first`` to ``last`` (1 to 12) of a page."""
    margin = MARGIN * width
    step = (width - 2 * margin + GUTTER) / COLUMNS
    return margin + (first - 1) * step, (last - first + 1) * step - GUTTER


def _stack(box: Box, count: int, gap: float) -> tuple[Box, ...]:
    """Cut a box into equal frames from top to bottom."""
    height = (box.height - (count - 1) * gap) / count
    return tuple(
        Box(box.left, box.top + k * (height + gap), box.width, height) for k in range(count)
    )


def _landscape(name: str, width: float, height: float, sizes: dict[str, float]) -> Layout:
    """Lay a wide page out: words in the left third, map in the rest, insets at the right."""
    margin = MARGIN * width
    left, words = _columns(width, 1, 4)
    words -= 20.0
    edge = left + words + GUTTER
    inset_left, inset_width = _columns(width, 12, 12)
    inset_left, inset_width = inset_left - 22, inset_width + 22
    inner = margin * 0.6
    foot = 66.0
    return Layout(
        name=name,
        width=width,
        height=height,
        text=Box(left, margin, words, height - 2 * margin - foot - 8),
        panel=Box(edge, 0, width - edge, height),
        map_frame=Box(edge + 8, inner, inset_left - edge - 20, height - 2 * inner),
        wide_frame=Box(edge + inner, inner, width - edge - 2 * inner, height - 2 * inner),
        insets=_stack(
            Box(inset_left, margin, inset_width, height - 2 * margin), 5, sizes["inset"] + 8
        ),
        paris=Box(edge + 14, height - margin - 118, 86, 84),
        legend=None,
        legend_columns=1,
        key=Box(width - margin - 178, margin, 178, height - 2 * margin),
        beside_key=Box(
            edge + inner, inner, width - margin - 178 - edge - inner - 22, height - 2 * inner
        ),
        sources=Box(left, height - margin - foot, words, foot),
        logo=Box(left + words - 90, height - margin - foot - 40, 90, 32),
        sizes=sizes,
    )


def _portrait(name: str, width: float, height: float, sizes: dict[str, float]) -> Layout:
    """Lay a tall page out: title above, map across, insets in a row, legend below."""
    margin = MARGIN * width
    content = width - 2 * margin
    top, bottom = 102.0, height * 0.78
    row = 78.0
    legend_top = bottom + 16
    foot = 40.0
    return Layout(
        name=name,
        width=width,
        height=height,
        text=Box(margin, margin, content, top - margin),
        panel=Box(0, top, width, bottom - top),
        map_frame=Box(margin, top + 8, content, bottom - top - row - 38),
        wide_frame=Box(margin, top + 8, content, bottom - top - 16),
        insets=Box(margin, bottom - row - 10, content, row).columns(5, 8),
        paris=Box(margin, bottom - row - 146, 92, 88),
        legend=Box(margin, legend_top, content, height - margin - foot - 6 - legend_top),
        legend_columns=3,
        key=Box(margin, bottom - 150, content, 140),
        beside_key=Box(margin, top + 8, content, bottom - top - 180),
        sources=Box(margin, height - margin - foot, content, foot),
        logo=Box(width - margin - 90, margin, 90, 36),
        sizes=sizes,
    )


LEAST = 10.0
"""Of a text of a map or a slide, points; numbers, keys and tables go to 9, sources to 8.5."""
LEAST_KEY, LEAST_SOURCE = 9.0, 8.5

_SLIDE_SIZES = {
    "title": 30.0,
    "subtitle": 15.0,
    "legend": 13.0,
    "legend-soft": 11.0,
    "label": 10.5,
    "town": 10.0,
    "number": 9.0,
    "key": 10.0,
    "source": 8.5,
    "inset": 10.0,
    "territory": 10.0,
    "scale": 10.0,
}
_SHEET_SIZES = _SLIDE_SIZES | {
    "title": 26.0,
    "subtitle": 13.0,
    "legend": 11.0,
    "legend-soft": 10.0,
    "label": 10.0,
}

_MEETING_SIZES = {
    "title": 36.0,
    "subtitle": 18.0,
    "legend": 16.0,
    "legend-soft": 13.0,
    "label": 16.0,
    "town": 14.0,
    "number": 12.0,
    "key": 12.0,
    "source": 8.5,
    "inset": 12.0,
    "territory": 12.0,
    "scale": 12.0,
}

LAYOUTS = {
    "slide": _landscape("Diapositive 16:9", 960.0, 540.0, _SLIDE_SIZES),
    "meeting": replace(_landscape("Réunion", 960.0, 540.0, _MEETING_SIZES), most_named=32),
    "a4": _portrait("A4 portrait", 595.28, 841.89, _SHEET_SIZES),
    "a4-landscape": _landscape("A4 paysage", 841.89, 595.28, _SHEET_SIZES),
}


def _inner(name: str, base: Layout, panel: Box, *, label: float = 10.0) -> Layout:
    """Keep a page but for its map, which takes less room and has names of another size."""
    frame = panel.inset(14)
    row = Box(panel.left + 14, panel.bottom - 70, 5 * 62, 56)
    return replace(
        base,
        name=name,
        panel=panel,
        map_frame=frame,
        wide_frame=frame,
        beside_key=frame,
        insets=row.columns(5, 6),
        paris=Box(panel.left + 14, panel.top + 24, 70, 64),
        sizes=base.sizes | {"label": label},
    )


_SHEET = Box(0.0, 0.0, 190.0, 176.0)
DECK_TITLE = 22.0
"""Size of every title of a deck: the longest name of a région stands in its column."""
INNER = {
    "deck": replace(
        LAYOUTS["slide"],
        name="Diapositive d’un diaporama",
        sizes=_SLIDE_SIZES | {"title": DECK_TITLE, "legend": 12.0, "legend-soft": 10.0},
    ),
    "project": _inner(
        "Diapositive d’un projet",
        LAYOUTS["slide"],
        replace(LAYOUTS["slide"].panel, height=258.0),
    ),
    "project-tall": _inner(
        "Diapositive d’un projet, peu de texte",
        LAYOUTS["slide"],
        replace(LAYOUTS["slide"].panel, height=352.0),
    ),
    "project-whole": _inner(
        "Diapositive d’un projet, presque sans texte",
        LAYOUTS["slide"],
        LAYOUTS["slide"].panel,
        label=12.0,
    ),
    "brief": replace(
        LAYOUTS["slide"],
        name="Diapositive d’une note",
        text=replace(LAYOUTS["slide"].text, width=614.0),
        panel=Box(668.0, 0.0, 292.0, 466.0),
        map_frame=Box(676.0, 14.0, 276.0, 438.0),
        sources=replace(LAYOUTS["slide"].sources, width=614.0),
        sizes=_SLIDE_SIZES | {"title": 28.0, "subtitle": 14.0},
    ),
    "sheet": replace(
        _inner("Carte d’une fiche", LAYOUTS["a4"], _SHEET),
        width=_SHEET.width,
        height=_SHEET.height,
    ),
}
"""Maps that stand inside another page: known to :func:`layout`, not offered as formats."""


def layout(name: str) -> Layout:
    """Give a layout.

    Raises
    ------
    UnknownValueError
        No layout has this name.
    """
    if name in INNER:
        return INNER[name]
    if name not in LAYOUTS:
        raise UnknownValueError("Format de page", name, list(LAYOUTS))
    return LAYOUTS[name]


LEAST_DPI, MOST_DPI = 96, 600
"""Bounds of the resolution of a picture: a screen, a fine print."""


def check_dpi(dpi: int) -> int:
    """Refuse a resolution that no print or screen asks for.

    Raises
    ------
    UnknownValueError
        Below 96 or above 600 dots per inch.
    """
    if not LEAST_DPI <= dpi <= MOST_DPI:
        says = f"n’est pas entre {LEAST_DPI} et {MOST_DPI}"
        raise UnknownValueError("Résolution (points par pouce)", str(dpi), [], says=says)
    return dpi
