"""Write a scene as SVG: real text, named layers that Inkscape opens, symbols that say their name.

Everything is already placed; this module only spells it. Same scene, same bytes.
"""

import base64
from collections.abc import Callable
from html import escape

import numpy as np

from villeactive.maps.scene.spec import (
    Area,
    Box,
    Item,
    Label,
    Layer,
    Line,
    Picture,
    Scene,
    Sign,
    Style,
    Symbol,
    Text,
)
from villeactive.maps.symbols import SHAPES
from villeactive.typography.font_metrics import FAMILY
from villeactive.typography.web_font import font_faces

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xml:lang="fr" '
)
_FAMILIES = f"'{FAMILY}','Source Sans 3',Arial,'Liberation Sans',sans-serif"
"""Where ours is missing, a font that texts were measured for."""
_HALO = 0.26
"""Width of the outline behind letters, in parts of their size."""
_ANCHORS = {"start": "", "middle": ' text-anchor="middle"', "end": ' text-anchor="end"'}
_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def scene_svg(scene: Scene, *, words: bool = True, font: bool = False) -> bytes:
    """Write a scene.

    Parameters
    ----------
    scene
        What is drawn.
    words
        False leaves out the paper and the texts of title, legend and sources, for a document
        that sets them itself.
    font
        True carries the letters of our font, for programs that read fonts from a file.

    Returns
    -------
    bytes
        UTF-8; lengths in points.
    """
    wide, tall = _number(scene.width), _number(scene.height)
    parts = [
        f'{_HEAD}width="{wide}pt" height="{tall}pt" viewBox="0 0 {wide} {tall}" role="img">',
        f"<title>{escape(scene.title)}</title>",
        f"<desc>{escape(scene.description)} {escape(scene.sources)}</desc>",
        _patterns(scene),
    ]
    if font:
        parts.append(f"<style>{font_faces()}</style>")
    if words:
        parts.append(f'<rect width="{wide}" height="{tall}" fill="{scene.ground}"/>')
    for layer in scene.layers:
        parts.append(_layer(layer, words=words or layer.id not in ("titre", "legende", "sources")))
    return "\n".join([*parts, "</svg>\n"]).encode()


def _layer(layer: Layer, *, words: bool) -> str:
    """Write one layer as a group that Inkscape shows by name."""
    kept = [item for item in layer.items if words or not isinstance(item, Text)]
    drawn = []
    for before, item, following in zip([None, *kept], kept, [*kept[1:], None], strict=False):
        if _goes_on(item, following):
            drawn.append(_text(item, tail=following))
        elif not _goes_on(before, item):
            drawn.append(_WRITERS[type(item)](item))
    return (
        f'<g id="{layer.id}" inkscape:groupmode="layer" inkscape:label="{escape(layer.name)}">\n'
        + "\n".join(drawn)
        + "\n</g>"
    )


def _goes_on(text: Item | None, following: Item | None) -> bool:
    """Tell whether a text goes on in the last line of another one."""
    both = isinstance(text, Text) and isinstance(following, Text)
    return both and following.after and abs(following.y - text.last) < 1


def _number(value: float) -> str:
    """Write a length to a hundredth of a point, shortly."""
    return f"{round(float(value), 2) + 0.0:g}" if abs(value) < 10000 else f"{value:.0f}"


def _pattern_id(style: Style) -> str:
    """Name the hatch of a style."""
    gap = f"{style.hatch_gap:g}".replace(".", "-")
    return f"{style.hatch}-{(style.hatch_colour or '').lstrip('#')}-{gap}"


def _styles(item: Item) -> list[Style]:
    """Give the styles of an item that may be hatched."""
    if isinstance(item, Area):
        return [item.style]
    return [sign.style for sign in item.signs] if isinstance(item, Symbol) else []


def _patterns(scene: Scene) -> str:
    """Define each hatch once."""
    found = {
        _pattern_id(style): style
        for layer in scene.layers
        for item in layer.items
        for style in _styles(item)
        if style.hatch
    }
    return "<defs>" + "".join(_pattern(name, found[name]) for name in sorted(found)) + "</defs>"


def _pattern(name: str, style: Style) -> str:
    """Define one hatch."""
    gap, colour = style.hatch_gap, style.hatch_colour
    turn = {"up": -45, "down": 45, "cross": 45, "dots": 0}[style.hatch or "up"]
    g, half = _number(gap), _number(gap / 2)
    line = f'stroke="{colour}" stroke-width="0.7"'
    drawn = f'<path d="M0 {half}H{g}" {line}/>'
    if style.hatch == "cross":
        drawn = f'<path d="M0 {half}H{g}M{half} 0V{g}" {line}/>'
    if style.hatch == "dots":
        drawn = f'<circle cx="{half}" cy="{half}" r="0.6" fill="{colour}"/>'
    return (
        f'<pattern id="{name}" width="{g}" height="{g}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn})">{drawn}</pattern>'
    )


def _paint(style: Style) -> str:
    """Write a style as attributes."""
    said = f'fill="{style.fill or "none"}"'
    if style.stroke:
        said += (
            f' stroke="{style.stroke}" stroke-width="{_number(style.width)}"'
            ' stroke-linejoin="round"'
        )
    return said + (f' opacity="{_number(style.opacity)}"' if style.opacity < 1 else "")


def _path(rings: tuple[np.ndarray, ...]) -> str:
    """Write rings as path data."""
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in np.round(ring[:-1], 2).tolist()) + "Z"
        for ring in rings
    )


def _area(area: Area) -> str:
    """Write a polygon, and its hatch over it."""
    path = _path(area.rings)
    name = f"<title>{escape(area.name)}</title>" if area.name else ""
    code = f' data-code="{escape(area.code)}"' if area.code else ""
    drawn = (
        f'<path class="{area.role}"{code} d="{path}" fill-rule="evenodd" '
        f"{_paint(area.style)}>{name}</path>"
    )
    if area.style.hatch:
        fill = f'fill="url(#{_pattern_id(area.style)})"'
        drawn += f'<path class="hatch" d="{path}" fill-rule="evenodd" {fill}/>'
    return drawn


def _line(line: Line) -> str:
    """Write a broken line."""
    points = " ".join(f"{x:g},{y:g}" for x, y in np.round(line.points, 2).tolist())
    return f'<polyline class="{line.role}" points="{points}" {_paint(line.style)}/>'


def _sign(sign: Sign, x: float, y: float) -> str:
    """Write one shape of a symbol."""
    if sign.shape == "circle":
        radius = _number(sign.diameter / 2)
        return f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{radius}" {_paint(sign.style)}/>'
    corners = " ".join(
        f"{_number(x + u * sign.diameter)},{_number(y - v * sign.diameter)}"
        for u, v in SHAPES[sign.shape]
    )
    return f'<polygon points="{corners}" {_paint(sign.style)}/>'


def _symbol(symbol: Symbol) -> str:
    """Write a symbol as a group with its name."""
    signs = "".join(_sign(sign, symbol.x, symbol.y) for sign in symbol.signs)
    return (
        f'<g class="symbol {symbol.role}" data-id="{escape(symbol.id)}">'
        f"<title>{escape(symbol.name)}</title>{signs}</g>"
    )


def _text(text: Text, *, tail: Text | None = None) -> str:
    """Write a block of text over its halo; ``tail`` goes on where its last line ends."""
    said = (
        f'<text class="{text.role}" x="{_number(text.x)}" y="{_number(text.y)}" '
        f'font-family="{_FAMILIES}" font-size="{_number(text.size)}"'
    )
    said += _ANCHORS[text.align]
    said += f' font-weight="{text.weight}"' if text.weight != 400 else ""
    said += f' letter-spacing="{_number(text.spacing)}"' if text.spacing else ""
    words = _lines(text)
    drawn = f'{said} fill="{text.colour}">{words}{_tail(text, tail) if tail else ""}</text>'
    if not text.halo:
        return drawn
    # a text of its own: LibreOffice draws an outline over the letters that it belongs to
    halo = (
        f'{said} fill="{text.halo}" stroke="{text.halo}" aria-hidden="true" '
        f'stroke-width="{_number(text.size * _HALO)}" stroke-linejoin="round">{words}</text>'
    )
    return f"<g>{halo}{drawn}</g>"


def _lines(text: Text) -> str:
    """Write the lines of a text, one ``tspan`` each when there are several."""
    if len(text.lines) == 1:
        return escape(text.lines[0])
    return "".join(
        f'<tspan x="{_number(text.x)}" y="{_number(text.y + k * text.leading)}">'
        f"{escape(line)}{' ' if k < len(text.lines) - 1 else ''}</tspan>"
        for k, line in enumerate(text.lines)
    )


def _tail(text: Text, tail: Text) -> str:
    """Write what goes on after a text, wherever its letters end."""
    weight = f' font-weight="{tail.weight}"' if tail.weight != text.weight else ""
    return (
        f'<tspan class="{tail.role}" dx="{_number(text.size * 0.5)}" '
        f'font-size="{_number(tail.size)}" fill="{tail.colour}"{weight}>'
        f"{escape(tail.words)}</tspan>"
    )


def _label(label: Label) -> str:
    """Write a label with the box that it takes, for checks, and its leader."""
    box: Box = label.text.box
    sides = " ".join(_number(v) for v in (box.left, box.top, box.right, box.bottom))
    return (
        f'<g class="label" data-for="{escape(label.symbol)}" data-box="{sides}">'
        f"{_line(label.leader) if label.leader else ''}{_text(label.text)}</g>"
    )


def _picture(picture: Picture) -> str:
    """Write a logo, fitted into its box."""
    kind = next((k for sign, k in _KINDS.items() if picture.data.startswith(sign)), "image/svg+xml")
    data = base64.b64encode(picture.data).decode()
    box = picture.box
    return (
        f'<image class="{picture.role}" x="{_number(box.left)}" y="{_number(box.top)}" '
        f'width="{_number(box.width)}" height="{_number(box.height)}" '
        f'preserveAspectRatio="xMinYMid meet" href="data:{kind};base64,{data}"/>'
    )


_WRITERS: dict[type, Callable[..., str]] = {
    Area: _area,
    Line: _line,
    Symbol: _symbol,
    Text: _text,
    Label: _label,
    Picture: _picture,
}
