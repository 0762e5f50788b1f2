"""Colours, shapes and sizes of every map, on the screen and on paper.

The only module that names a colour or a shape; those of themes are data. Values come from the
visual guide of the atlas;
dark hues are computed from the light ones so that each keeps a contrast of 3:1 on the land
(WCAG 1.4.11). Nothing here ever holds text that a user wrote: the SVG strings are constants.
"""

import colorsys
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from villeactive.collections.collection import Theme
from villeactive.collections.collection import palette as spare_signs
from villeactive.programmes import Sign, known_programmes

GRAPHIC_RATIO = 3.0
"""Least contrast of a graphic on its ground (WCAG 1.4.11)."""

_DARK_RATIO = 4.0
"""Contrast aimed at on dark land: small signs need more than the least to stay crisp there."""

_ENLARGED = 1.8
"""Signs of programmes in legends, larger than on the map, where they stay quiet."""

TOUCH = 24
"""Least side of a target, in CSS pixels (WCAG 2.5.8)."""

STATES = ("plain", "faded", "selected")
FADED_OPACITY = 0.38


@dataclass(frozen=True)
class Palette:
    """Ground colours of one theme; ``region`` and ``departement`` are border colours."""

    ink: str
    ink_soft: str
    paper: str
    land: str
    other_land: str
    sea: str
    region: str
    departement: str
    coast: str
    halo: str


@dataclass(frozen=True)
class Symbol:
    """Sign of a theme: its shape says it too, colour is never alone."""

    shape: str
    colour: str


@dataclass(frozen=True)
class Circle:
    """Proportional circle: its area follows a count, the land stays seen under it.

    ``radii`` give the largest circle of each level on a map of the whole country (points on a
    slide, CSS pixels on the screen), ``least`` the smallest; ``tint`` is the part of the colour
    in the filling, the rest being paper.
    """

    colour: str
    radii: dict[str, float]
    least: float
    width: float
    tint: float
    opacity: float


@dataclass(frozen=True)
class Line:
    """Outline of a territory: ``width`` in CSS pixels."""

    colour: str
    width: float


_GROUNDS = {
    "ink": ("#1B2733", "#E8ECEF"),
    "ink_soft": ("#52616E", "#B3BDC5"),
    "paper": ("#FFFFFF", "#14202B"),
    "land": ("#F4F1EA", "#22303C"),
    "other_land": ("#E9E6E0", "#1B2731"),
    "sea": ("#DDE8EE", "#111A23"),
    "region": ("#8E979C", "#71808C"),
    "departement": ("#DAD6CB", "#35444F"),
    "coast": ("#A9B4BA", "#4A5964"),
    "halo": ("#FFFFFF", "#14202B"),
}
"""Field of :class:`Palette` → its colour in the light theme, and in the dark one."""

_LIGHT, _DARK = (
    Palette(**dict(zip(_GROUNDS, theme, strict=True)))
    for theme in zip(*_GROUNDS.values(), strict=True)
)

ACCENT = Symbol("circle", "#0B6A8F")
"""First sign of the atlas, in its name at the head of the pages; also the colour of circles."""

SECOND = Symbol("square", "#C2501A")
"""Second sign of the atlas, in its name; also the accent of printed maps."""

_EMPHASIS = "#5A6B7B"
"""Of what a map tells by an area: a commune among others, shares of a population."""

_LINES = {
    "epci": Line("#7A5FA8", 0.8),
    "departements": Line("#52616E", 0.9),
    "communes": Line("#7D7468", 0.7),
}


def channels(colour: str) -> tuple[float, ...]:
    """Give red, green, blue of a ``#RRGGBB`` colour, between 0 and 1."""
    return tuple(value / 255 for value in bytes.fromhex(colour[1:]))


def luminance(colour: str) -> float:
    """Relative luminance of a ``#RRGGBB`` colour (WCAG 2.1)."""
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, from 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str, *, ratio: float = GRAPHIC_RATIO) -> str:
    """Move a hue away from its ground, by steps of 1 % of lightness, until it is seen.

    Parameters
    ----------
    colour, ground
        ``#RRGGBB``.
    ratio
        Least contrast wanted.

    Returns
    -------
    str
        The colour itself when it already holds.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(colour))
    step = 0.01 if luminance(ground) < 0.18 else -0.01
    found = colour
    while contrast(found, ground) < ratio and 0 < lightness < 1:
        lightness = min(1.0, max(0.0, lightness + step))
        rgb = colorsys.hls_to_rgb(hue, lightness, saturation)
        found = "#" + "".join(f"{round(c * 255):02X}" for c in rgb)
    return found


def palette(*, dark: bool = False) -> Palette:
    """Give the ground colours of one theme."""
    return _DARK if dark else _LIGHT


def _on_land(colour: str, *, dark: bool) -> str:
    """Fit a hue to the land of one theme."""
    ratio = _DARK_RATIO if dark else GRAPHIC_RATIO
    return readable(colour, palette(dark=dark).land, ratio=ratio)


def accents(*, dark: bool = False) -> tuple[Symbol, Symbol]:
    """Give the two signs of the atlas itself, fitted to the land of one theme."""
    return tuple(replace(s, colour=_on_land(s.colour, dark=dark)) for s in (ACCENT, SECOND))


@cache
def theme_symbol(theme: Theme | None, *, dark: bool = False) -> Symbol:
    """Give the sign of a theme; a neutral circle for projects without one."""
    if theme is None or theme.sign is None:
        return Symbol("circle", palette(dark=dark).ink_soft)
    return Symbol(theme.sign.shape, _on_land(theme.sign.colour, dark=dark))


def theme_text(theme: Theme | None) -> str:
    """Give the colour in which words of a theme are written on paper."""
    if theme and theme.sign and theme.sign.text:
        return theme.sign.text
    return theme_symbol(theme).colour


LEGEND_SIZE = 95.0
"""Size of a theme's sign where no kind is meant: points² on a slide."""


def pixels_of(size: float) -> float:
    """Give the diameter of a kind on the screen, CSS pixels; other shapes have the same area.

    Parameters
    ----------
    size
        Area of its box on a slide, points².
    """
    return round(1.75 * math.sqrt(size), 1)


@cache
def programme_marks(*, dark: bool = False) -> dict[str, Sign]:
    """Give programme code → sign on the land, in drawing order (inner sign first)."""
    signs = {code: one.sign for code, one in known_programmes().items()}
    return {
        code: sign.model_copy(update={"colour": _on_land(sign.colour, dark=dark)})
        for code, sign in signs.items()
    }


def emphasis(*, dark: bool = False) -> str:
    """Give the colour of an area that stands out."""
    return _on_land(_EMPHASIS, dark=dark)


def border_lines(*, dark: bool = False) -> dict[str, Line]:
    """Give layer code → :class:`Line` of the outlines that one asks for."""
    return {c: replace(one, colour=_on_land(one.colour, dark=dark)) for c, one in _LINES.items()}


def line_svg(code: str, *, dark: bool) -> str:
    """Draw the outline of a layer of :func:`border_lines`, for the legend."""
    line = border_lines(dark=dark)[code]
    width = _number(max(1.2, 1.6 * line.width))
    style = f'fill="none" stroke="{line.colour}" stroke-width="{width}" stroke-linejoin="round"'
    return _svg(TOUCH, f'<path d="M-10 -4L-2 -7L9 -2L5 7L-7 6z" {style}/>')


def circle(*, dark: bool = False) -> Circle:
    """Give the proportional circle of every map."""
    colour = accents(dark=dark)[0].colour
    radii = {"region": 26.0, "departement": 15.0}
    return Circle(colour, radii, least=2.0, width=1.2, tint=0.3, opacity=0.88)


def _regular(sides: int, turn: float) -> tuple[tuple[float, float], ...]:
    """Corners of a regular polygon with the area of a circle of diameter 1."""
    radius = math.sqrt(math.pi / 4 / (sides / 2 * math.sin(2 * math.pi / sides)))
    angles = [turn + 2 * math.pi * k / sides for k in range(sides)]
    return tuple((radius * math.cos(a), radius * math.sin(a)) for a in angles)


_UP = math.pi / 2
SHAPES = {
    "circle": _regular(72, _UP),
    "square": _regular(4, math.pi / 4),
    "diamond": _regular(4, 0.0),
    "triangle": _regular(3, _UP),
    "triangle-down": _regular(3, -_UP),
    "pentagon": _regular(5, _UP),
    "hexagon": _regular(6, _UP),
}
"""Corners of each shape, y upwards, all of the same area: that of a circle of diameter 1."""


def _number(value: float) -> str:
    """Write a coordinate shortly and always alike."""
    return f"{round(value, 2) + 0.0:g}"


def _svg(side: float, inside: str) -> str:
    """Wrap centred drawing instructions; decoration for assistive tools (the name is outside)."""
    half, full = _number(-side / 2), _number(side)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{full}" height="{full}" '
        f'viewBox="{half} {half} {full} {full}" aria-hidden="true">{inside}</svg>'
    )


def _shape(shape: str, diameter: float, style: str) -> str:
    """Draw one shape centred on 0, y downwards."""
    if shape == "circle":
        return f'<circle r="{_number(diameter / 2)}" {style}/>'
    corners = " ".join(
        f"{_number(x * diameter)},{_number(-y * diameter)}" for x, y in SHAPES[shape]
    )
    return f'<polygon points="{corners}" {style}/>'


def _reach(shape: str, diameter: float) -> float:
    """Distance from the centre to the farthest corner."""
    return diameter * max(math.hypot(x, y) for x, y in SHAPES[shape])


def symbol_side(theme: Theme | None, size: float, *, state: str) -> int:
    """Give the side of a symbol's box in CSS pixels: even, never below :data:`TOUCH`."""
    reach = _reach(theme_symbol(theme).shape, pixels_of(size))
    side = 2 * math.ceil(reach + (8 if state == "selected" else 2))
    return max(TOUCH, side)


def symbol_svg(
    theme: Theme | None,
    size: float,
    *,
    dark: bool = False,
    state: str = "plain",
    pixels: float | None = None,
) -> str:
    """Draw the sign of a project.

    Parameters
    ----------
    theme
        Of the taxonomy of the atlas; ``None`` for a project without theme.
    size
        That of the kind, points² on a slide.
    dark
        Draw for the dark theme.
    state
        ``plain``, ``faded`` (a site of a matching project that does not match itself) or
        ``selected`` (ringed with ink).
    pixels
        Diameter; that of the kind by default.

    Returns
    -------
    str
        A constant SVG: no text, no identifier.

    Raises
    ------
    ValueError
        The state is not one of :data:`STATES`.
    """
    if state not in STATES:
        msg = f"state: {state!r}"
        raise ValueError(msg)
    sign, ground = theme_symbol(theme, dark=dark), palette(dark=dark)
    diameter = pixels or pixels_of(size)
    reach = _reach(sign.shape, diameter)
    style = f'fill="{sign.colour}" stroke="{ground.halo}" stroke-width="3" paint-order="stroke"'
    drawn = _shape(sign.shape, diameter, style + ' stroke-linejoin="round"')
    if state == "selected":
        ring = f'<circle r="{_number(reach + 4)}" fill="none" stroke='
        drawn = (
            f'{ring}"{ground.halo}" stroke-width="6"/>{ring}"{ground.ink}" stroke-width="2.5"/>'
            + drawn
        )
    if state == "faded":
        drawn = f'<g opacity="{FADED_OPACITY}">{drawn}</g>'
    side = 2 * math.ceil(reach + 2) if pixels else symbol_side(theme, size, state=state)
    return _svg(side, drawn)


def symbols_svg(themes: Iterable[Theme], size: float, *, dark: bool = False, state: str) -> str:
    """Draw the signs of several themes side by side as one, for a row of a legend.

    Parameters
    ----------
    themes
        From left to right.
    size, dark, state
        As of :func:`symbol_svg`.

    Returns
    -------
    str
        A constant SVG as wide as a touch target.
    """
    themes = tuple(themes)
    width = TOUCH / len(themes)
    signs = (symbol_svg(t, size, dark=dark, state=state, pixels=width - 2) for t in themes)
    drawn = (
        f'<g transform="translate({_number((i + 0.5) * width - TOUCH / 2)} 0)">{_inside(sign)}</g>'
        for i, sign in enumerate(signs)
    )
    return _svg(TOUCH, "".join(drawn))


def _inside(svg: str) -> str:
    """Take an SVG out of its frame."""
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")]


def kind_svg(size: float, *, dark: bool) -> str:
    """Draw a kind alone, for the legend: its size, in neutral ink."""
    diameter = pixels_of(size)
    colour = palette(dark=dark).ink_soft
    return _svg(TOUCH, f'<circle r="{_number(diameter / 2)}" fill="none" stroke="{colour}" '
                'stroke-width="1.5"/>')  # fmt: skip


def _mark(mark: Sign) -> str:
    """Draw one programme's sign centred on 0."""
    radius, width = mark.radius * _ENLARGED, _number(mark.width * _ENLARGED)
    if mark.shape == "dot":
        return f'<circle r="{_number(radius)}" fill="{mark.colour}"/>'
    line = f'fill="none" stroke="{mark.colour}" stroke-width="{width}"'
    if mark.shape == "hatch":
        return _hatch(radius, line)
    if mark.shape == "ring":
        return f'<circle r="{_number(radius)}" {line}/>'
    turn = 0.0 if mark.shape == "diamond" else math.pi / 4
    reach = radius if mark.shape == "diamond" else radius * math.sqrt(2)
    corners = [
        (math.cos(turn + k * _UP) * reach, math.sin(turn + k * _UP) * reach) for k in range(4)
    ]
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    return f'<polygon points="{points}" {line}/>'


def _hatch(radius: float, line: str) -> str:
    """Draw a hatched box: three strokes rising to the right inside a frame."""
    r = _number(radius)
    strokes = "".join(
        f"M{_number(max(-radius, c - radius))} {_number(min(radius, c + radius))}"
        f"L{_number(min(radius, c + radius))} {_number(max(-radius, c - radius))}"
        for c in (-radius * 0.9, 0.0, radius * 0.9)
    )
    full = _number(2 * radius)
    return f'<path d="M-{r} -{r}h{full}v{full}h-{full}z{strokes}" {line}/>'


def town_svg(programmes: tuple[str, ...], *, dark: bool = False) -> str:
    """Draw the sign of a town: the signs of its programmes, one round the other.

    Parameters
    ----------
    programmes
        Programme codes; one alone gives that programme's legend sign. Unknown ones are ignored.
    dark
        Draw for the dark theme.
    """
    marks = [m for code, m in programme_marks(dark=dark).items() if code in programmes]
    reach = max((m.radius * math.sqrt(2 if m.shape == "square" else 1) for m in marks), default=0)
    side = max(TOUCH, 2 * math.ceil(reach * _ENLARGED + 2))
    return _svg(side, "".join(_mark(mark) for mark in marks))


def colours() -> frozenset[str]:
    """Give every colour of both themes, for checks."""
    grounds = {colour for pair in _GROUNDS.values() for colour in pair}
    found = {
        sign.colour
        for dark in (False, True)
        for signs in (programme_marks, border_lines)
        for sign in signs(dark=dark).values()
    }
    spare = {sign.colour for sign in spare_signs()} | {s.text for s in spare_signs() if s.text}
    fitted = {_on_land(colour, dark=dark) for colour in spare for dark in (False, True)}
    areas = {emphasis(dark=dark) for dark in (False, True)}
    return frozenset(grounds | found | areas | spare | fitted)
