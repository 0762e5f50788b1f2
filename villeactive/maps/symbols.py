"""Colours, shapes and sizes of every map, on the screen and on paper.

The only module that names a colour or a shape. Values come from the visual guide of the atlas;
dark hues are computed from the light ones so that each keeps a contrast of 3:1 on the land
(WCAG 1.4.11). Nothing here ever holds text that a user wrote: the SVG strings are constants.
"""

import colorsys
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cache

from villeactive.programmes import Sign, known_programmes
from villeactive.vocabulary import terms

GRAPHIC_RATIO = 3.0
"""Least contrast of a graphic on its ground (WCAG 1.4.11)."""

_DARK_RATIO = 4.0
"""Contrast aimed at on dark land: small signs need more than the least to stay crisp there."""

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


_LIGHT = Palette(
    ink="#1B2733",
    ink_soft="#52616E",
    paper="#FFFFFF",
    land="#F4F1EA",
    other_land="#E9E6E0",
    sea="#DDE8EE",
    region="#8E979C",
    departement="#DAD6CB",
    coast="#A9B4BA",
    halo="#FFFFFF",
)
_DARK = Palette(
    ink="#E8ECEF",
    ink_soft="#B3BDC5",
    paper="#14202B",
    land="#22303C",
    other_land="#1B2731",
    sea="#111A23",
    region="#71808C",
    departement="#35444F",
    coast="#4A5964",
    halo="#14202B",
)

_THEMES = {
    "apprendre-travailler": Symbol("circle", "#0B6A8F"),
    "filieres-productions": Symbol("square", "#C2501A"),
}
# Themes to come take these in the order of the vocabulary; the last ones are Okabe and Ito's.
_SPARES = (
    Symbol("diamond", "#7B3F8C"),
    Symbol("triangle", "#3B7A3E"),
    Symbol("hexagon", "#CC79A7"),
    Symbol("pentagon", "#E69F00"),
    Symbol("triangle-down", "#009E73"),
)
THEME_TEXT = {"filieres-productions": "#9E3F12"}
"""Themes whose colour is too pale for text: the darker hue to write with."""

_EMPHASIS = "#5A6B7B"
"""Of what a map tells by an area: a commune among others, shares of a population."""

_LINES = {
    "epci": Line("#7A5FA8", 0.8),
    "departements": Line("#52616E", 0.9),
    "communes": Line("#7D7468", 0.7),
}

KIND_POINTS = {"projet": 150, "outil": 95, "initiative": 60, "mention": 30}
"""Size of each kind on a slide: area of its box in points²."""

KIND_PIXELS = {kind: round(1.75 * math.sqrt(area), 1) for kind, area in KIND_POINTS.items()}
"""Diameter of each kind on the screen, CSS pixels; other shapes have the same area."""


def _channels(colour: str) -> tuple[float, float, float]:
    """Give red, green, blue between 0 and 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of a ``#RRGGBB`` colour (WCAG 2.1)."""
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
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
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
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


@cache
def theme_symbols(*, dark: bool = False) -> dict[str, Symbol]:
    """Give theme code → :class:`Symbol`, in the order of the vocabulary."""
    spares = iter(_SPARES)
    chosen = {code: _THEMES.get(code) or next(spares) for code in terms("themes")}
    return {c: replace(s, colour=_on_land(s.colour, dark=dark)) for c, s in chosen.items()}


def theme_symbol(theme: str | None, *, dark: bool = False) -> Symbol:
    """Give the sign of a theme; a neutral circle for a sheet without one."""
    neutral = Symbol("circle", palette(dark=dark).ink_soft)
    return theme_symbols(dark=dark).get(theme or "", neutral)


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


def line_svg(code: str, *, dark: bool = False) -> str:
    """Draw the outline of a layer of :func:`border_lines`, for the legend."""
    line = border_lines(dark=dark)[code]
    width = _number(max(1.2, 1.6 * line.width))
    style = f'fill="none" stroke="{line.colour}" stroke-width="{width}" stroke-linejoin="round"'
    return _svg(TOUCH, f'<path d="M-10 -4L-2 -7L9 -2L5 7L-7 6z" {style}/>')


def circle(*, dark: bool = False) -> Circle:
    """Give the proportional circle of every map."""
    colour = next(iter(theme_symbols(dark=dark).values())).colour
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


def symbol_side(theme: str | None, kind: str, *, state: str = "plain") -> int:
    """Give the side of a symbol's box in CSS pixels: even, never below :data:`TOUCH`."""
    reach = _reach(theme_symbol(theme).shape, KIND_PIXELS[kind])
    side = 2 * math.ceil(reach + (8 if state == "selected" else 2))
    return max(TOUCH, side)


def symbol_svg(
    theme: str | None,
    kind: str,
    *,
    dark: bool = False,
    state: str = "plain",
    pixels: float | None = None,
) -> str:
    """Draw the sign of a project.

    Parameters
    ----------
    theme, kind
        Codes of the vocabulary; ``None`` for a sheet without theme.
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
    diameter = pixels or KIND_PIXELS[kind]
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
    side = 2 * math.ceil(reach + 2) if pixels else symbol_side(theme, kind, state=state)
    return _svg(side, drawn)


def symbols_svg(themes: Iterable[str], kind: str, *, dark: bool = False, state: str) -> str:
    """Draw the signs of several themes side by side as one, for a row of a legend.

    Parameters
    ----------
    themes
        Codes of the vocabulary, from left to right.
    kind, dark, state
        As of :func:`symbol_svg`.

    Returns
    -------
    str
        A constant SVG as wide as a touch target.
    """
    themes = tuple(themes)
    width = TOUCH / len(themes)
    signs = (symbol_svg(t, kind, dark=dark, state=state, pixels=width - 2) for t in themes)
    drawn = (
        f'<g transform="translate({_number((i + 0.5) * width - TOUCH / 2)} 0)">{_inside(sign)}</g>'
        for i, sign in enumerate(signs)
    )
    return _svg(TOUCH, "".join(drawn))


def _inside(svg: str) -> str:
    """Take an SVG out of its frame."""
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")]


def kind_svg(kind: str, *, dark: bool = False) -> str:
    """Draw a kind alone, for the legend: its size, in neutral ink."""
    diameter = KIND_PIXELS[kind]
    colour = palette(dark=dark).ink_soft
    return _svg(TOUCH, f'<circle r="{_number(diameter / 2)}" fill="none" stroke="{colour}" '
                'stroke-width="1.5"/>')  # fmt: skip


def _mark(mark: Sign, factor: float) -> str:
    """Draw one programme's sign centred on 0."""
    radius, width = mark.radius * factor, _number(mark.width * factor)
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


def town_svg(programmes: tuple[str, ...], *, dark: bool = False, factor: float = 1.8) -> str:
    """Draw the sign of a town: the signs of its programmes, one round the other.

    Parameters
    ----------
    programmes
        Programme codes; one alone gives that programme's legend sign. Unknown ones are ignored.
    dark
        Draw for the dark theme.
    factor
        Enlargement; legends draw larger than the map, where these signs stay quiet.
    """
    marks = [m for code, m in programme_marks(dark=dark).items() if code in programmes]
    reach = max((m.radius * math.sqrt(2 if m.shape == "square" else 1) for m in marks), default=0)
    side = max(TOUCH, 2 * math.ceil(reach * factor + 2))
    return _svg(side, "".join(_mark(mark, factor) for mark in marks))


def colours() -> frozenset[str]:
    """Give every colour of both themes, for checks."""
    grounds = {getattr(p, f.name) for p in (_LIGHT, _DARK) for f in fields(Palette)}
    signs = {
        sign.colour
        for dark in (False, True)
        for found in (theme_symbols, programme_marks, border_lines)
        for sign in found(dark=dark).values()
    }
    areas = {emphasis(dark=dark) for dark in (False, True)}
    return frozenset(grounds | signs | areas | set(THEME_TEXT.values()))
