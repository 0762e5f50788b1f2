"""Inks of a printed map, in colour or in black and white.

No colour is named here: every one comes from :mod:`villeactive.maps.symbols`, or is computed from
those (mixed, or turned to grey).
"""

from dataclasses import dataclass
from functools import cache

from villeactive.collections.collection import Taxonomy
from villeactive.errors import UnknownValueError
from villeactive.maps import symbols
from villeactive.maps.scene.spec import STYLES, Sign, Style

CLASSES = 5
"""Classes of a choropleth."""
_MONO_HATCHES = (None, "dots", "up", "cross", None)


@dataclass(frozen=True)
class Inks:
    """Colours of one style; names as in :class:`villeactive.maps.symbols.Palette`."""

    mono: bool
    ink: str
    soft: str
    paper: str
    land: str
    faded: str
    neighbour: str
    sea: str
    region: str
    departement: str
    halo: str
    accent: str


def mix(one: str, other: str, part: float) -> str:
    """Mix two ``#RRGGBB`` colours: ``part`` of the second, 0 to 1."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)


def grey(colour: str) -> str:
    """Give the grey that is as light as a colour."""
    light = symbols.luminance(colour)
    level = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return "#" + f"{round(level * 255):02X}" * 3


@cache
def inks(style: str) -> Inks:
    """Give the inks of a style.

    Raises
    ------
    UnknownValueError
        The style is neither ``light`` nor ``mono``.
    """
    if style not in STYLES:
        raise UnknownValueError("Style", style, list(STYLES))
    ground = symbols.palette()
    if style == "mono":
        ink = grey(ground.ink)
        return Inks(
            mono=True,
            ink=ink,
            soft=grey(ground.ink_soft),
            paper=ground.paper,
            land=ground.paper,
            faded=mix(ground.paper, ink, 0.05),
            neighbour=mix(ground.paper, ink, 0.10),
            sea=mix(ground.paper, ink, 0.16),
            region=mix(ground.paper, ink, 0.65),
            departement=mix(ground.paper, ink, 0.28),
            halo=ground.paper,
            accent=ink,
        )
    return Inks(
        mono=False,
        ink=ground.ink,
        soft=ground.ink_soft,
        paper=ground.paper,
        land=ground.land,
        faded=mix(ground.land, ground.other_land, 0.75),
        neighbour=ground.other_land,
        sea=ground.sea,
        region=ground.region,
        departement=ground.departement,
        halo=ground.halo,
        accent=symbols.accents()[1].colour,
    )


def theme_signs(
    theme: str, taxonomy: Taxonomy, diameter: float, style: str, *, opacity: float = 1.0
):
    """Draw a theme: halo first, then the shape.

    In black and white the themes are told by shape, and by fill: full, empty, then grey, in
    their order.

    Returns
    -------
    tuple of Sign
    """
    ink, sign = inks(style), symbols.theme_symbol(taxonomy.themes.get(theme))
    halo = Style(fill=ink.halo, stroke=ink.halo, width=2.0, opacity=opacity)
    if ink.mono:
        fill = (ink.ink, ink.paper, mix(ink.paper, ink.ink, 0.5))[
            [*taxonomy.themes, theme].index(theme) % 3
        ]
        drawn = Style(fill=fill, stroke=ink.ink, width=1.3, opacity=opacity)
    else:
        drawn = Style(fill=sign.colour, opacity=opacity)
    return (Sign(sign.shape, diameter, halo), Sign(sign.shape, diameter, drawn))


def reach(shape: str, diameter: float) -> float:
    """Give the distance from the centre of a shape to its farthest corner."""
    return diameter * max((x * x + y * y) ** 0.5 for x, y in symbols.SHAPES[shape])


def town_signs(programmes: tuple[str, ...], factor: float, style: str):
    """Draw a town: the signs of its programmes, one round the other, largest at the bottom.

    Parameters
    ----------
    programmes
        Codes among those of :func:`villeactive.maps.symbols.programme_marks`.
    factor
        Points per unit of the marks' radius.
    style
        ``light`` or ``mono``.

    Returns
    -------
    tuple of Sign
    """
    ink, signs = inks(style), []
    for code, mark in symbols.programme_marks().items():
        if code not in programmes or mark.shape == "hatch":
            continue
        colour = ink.ink if ink.mono else mark.colour
        if mark.shape == "dot":
            colour = mix(ink.paper, ink.ink, 0.66) if ink.mono else colour
            signs.append(Sign("circle", 2 * mark.radius * factor, Style(fill=colour)))
            continue
        shape = "circle" if mark.shape == "ring" else mark.shape
        across = mark.radius * (1.4142 if mark.shape == "square" else 1.0)
        line = Style(stroke=colour, width=mark.width * factor)
        signs.append(Sign(shape, across * factor / reach(shape, 1.0), line))
    return tuple(reversed(signs))


_INNERMOST = 4.4
"""Greatest radius of the innermost sign of a map, in units of the marks."""


def compactness(programmes: tuple[str, ...]) -> float:
    """Give the factor that brings the innermost sign of a map to :data:`_INNERMOST`.

    Marks are sized to nest one round the other; alone, the outer ones would be far too large.
    """
    marks = symbols.programme_marks()
    radii = [marks[c].radius for c in programmes if marks[c].shape != "hatch"]
    return min(1.0, _INNERMOST / min(radii)) if radii else 1.0


def signs_radius(signs) -> float:
    """Give the reach of a stack of signs, strokes included, halo left out."""
    reaches = [
        reach(s.shape, s.diameter) + (s.style.width / 2 if s.style.fill is None else 0)
        for s in signs
    ]
    return max(reaches, default=0.0)


def territory_style(code: str, style: str) -> Style:
    """Hatch the areas of a programme of territories."""
    ink, mark = inks(style), symbols.programme_marks()[code]
    colour = ink.ink if ink.mono else mark.colour
    line = mix(ink.land, colour, 0.55)
    return Style(stroke=line, width=0.5, hatch="up", hatch_colour=line, hatch_gap=4.2)


def share_style(rank: int, style: str) -> Style:
    """Paint class ``rank`` (0 to 4) of a choropleth: deeper, or denser in black and white."""
    ink = inks(style)
    border = ink.departement if not ink.mono else ink.region
    deep = symbols.emphasis()
    if not ink.mono:
        fill = mix(ink.land, deep, (0.04, 0.22, 0.42, 0.66, 0.92)[rank])
        return Style(fill=fill, stroke=border, width=0.45)
    fill = mix(ink.paper, ink.ink, 0.6) if rank == CLASSES - 1 else ink.paper
    hatch = _MONO_HATCHES[rank]
    return Style(
        fill=fill,
        stroke=border,
        width=0.45,
        hatch=hatch,
        hatch_colour=ink.ink if hatch else None,
        hatch_gap=(4.0, 4.5, 4.0, 3.6, 4.0)[rank],
    )


def circle_style(style: str) -> Style:
    """Paint a proportional circle: the land stays seen under it."""
    ink = inks(style)
    sign = symbols.circle()
    if ink.mono:
        fill = mix(ink.paper, ink.ink, 0.12)
        return Style(fill=fill, stroke=ink.ink, width=sign.width, opacity=0.9)
    fill = mix(ink.paper, sign.colour, sign.tint)
    return Style(fill=fill, stroke=sign.colour, width=sign.width, opacity=sign.opacity)
