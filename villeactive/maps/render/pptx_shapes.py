"""Items of a scene as native shapes of a slide: prepared XML, to be inserted at once.

Adding shapes one by one through python-pptx takes a time that grows with the square of their
number; here each item is written once. Everything that a reader may want to recolour, move or
rewrite is a shape or a text of its own, in groups that bear the names of the layers.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from html import escape

import numpy as np
import shapely

from villeactive.maps.render.pptx_colours import colour_xml
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import (
    Area,
    Item,
    Label,
    Line,
    Picture,
    Scene,
    Sign,
    Style,
    Symbol,
    Text,
)
from villeactive.maps.symbols import SHAPES
from villeactive.typography.font_metrics import DESCENT, wide_of

EMU = 12_700
"""English metric units in a point."""

ASCENT, LINE_HEIGHT = 0.92, 1.17
"""Of a line of text at 100 %, in parts of the size: Arial's and, a little taller, DejaVu Sans's."""

_TOLERANCE = 0.3
"""Detail of outlines dropped, points: half the width of the lines that hide it."""
_GRID = 0.05
"""Step of the corners of a freeform, points."""
_STEP = 1000
"""Step of places and sizes, EMU (0.08 pt): round numbers make a small file."""
_EN_SPACE = "\u2002"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PRESETS = {"circle": "ellipse", "square": "rect", "diamond": "diamond", "triangle": "triangle"}
_HATCHES = {"up": "ltUpDiag", "down": "ltDnDiag", "cross": "diagCross", "dots": "pct10"}
_DENSE = {"ltUpDiag": "dkUpDiag", "ltDnDiag": "dkDnDiag"}
_DENSE_GAP = 3.8
"""Lines nearer to each other than this are a dense pattern, points."""
_BROKEN = {"title", "label", "town", "legend"}
"""Roles of texts whose lines stay as they are."""
_ALIGNS = {"start": "l", "middle": "ctr", "end": "r"}


def legible(text: str) -> str:
    """Drop the characters that XML refuses."""
    return _CONTROL.sub("", text)


def said(text: str) -> str:
    """Escape a text for XML."""
    return escape(legible(text))


@dataclass(frozen=True)
class Piece:
    """A written shape and its bounds, EMU."""

    xml: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass
class Pen:
    """What a slide needs to know while it is written.

    Attributes
    ----------
    scene
        The slide.
    next_id
        Identifier of the next shape; 1 is the tree itself.
    pictures
        Relationship id of each picture, by its bytes.
    """

    scene: Scene
    next_id: int = 2
    pictures: dict[bytes, str] = field(default_factory=dict)

    @property
    def style(self) -> str:
        """Style of the map."""
        return self.scene.spec.style

    def named(self, name: str, *, description: str = "") -> str:
        """Write the identifier and the name of a shape."""
        number, self.next_id = self.next_id, self.next_id + 1
        alt = f' descr="{said(description)}"' if description else ""
        return f'<p:cNvPr id="{number}" name="{said(name)}"{alt}/>'


def emu(points: float) -> int:
    """Carry points to EMU, on a grid that is finer than any eye."""
    return round(float(points) * EMU / _STEP) * _STEP  # numpy's own numbers round slowly


def group(pen: Pen, name: str, pieces: list[Piece], *, description: str = "") -> Piece:
    """Gather pieces into a group with a name; coordinates stay those of the slide."""
    left, top = min(p.left for p in pieces), min(p.top for p in pieces)
    right, bottom = max(p.right for p in pieces), max(p.bottom for p in pieces)
    place = f'x="{left}" y="{top}"/>', f'cx="{right - left}" cy="{bottom - top}"/>'
    xml = (
        f"<p:grpSp><p:nvGrpSpPr>{pen.named(name, description=description)}<p:cNvGrpSpPr/><p:nvPr/>"
        f"</p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off {place[0]}<a:ext {place[1]}<a:chOff {place[0]}"
        f"<a:chExt {place[1]}</a:xfrm></p:grpSpPr>{''.join(p.xml for p in pieces)}</p:grpSp>"
    )
    return Piece(xml, left, top, right, bottom)


def draw(pen: Pen, item: Item) -> list[Piece]:
    """Write an item of a layer."""
    if isinstance(item, Area):
        return _area(pen, item)
    if isinstance(item, Line):
        return [_line(pen, item)]
    if isinstance(item, Symbol):
        return [_symbol(pen, item)]
    if isinstance(item, Text):
        return [text_box(pen, item)]
    if isinstance(item, Label):
        leader = [_line(pen, item.leader)] if item.leader else []
        return [*leader, text_box(pen, item.text)]
    return [_picture(pen, item)]


def _fill(style: Style, look: str) -> str:
    """Write a filling; a hatch is a pattern that one can recolour."""
    if style.hatch and style.hatch_colour:
        ground = style.fill or inks(look).land
        front = colour_xml(style.hatch_colour, look, opacity=style.opacity)
        back = colour_xml(ground, look, opacity=style.opacity if style.fill else 0.0)
        preset = _HATCHES[style.hatch]
        preset = _DENSE.get(preset, preset) if style.hatch_gap < _DENSE_GAP else preset
        return (
            f'<a:pattFill prst="{preset}"><a:fgClr>{front}</a:fgClr>'
            f"<a:bgClr>{back}</a:bgClr></a:pattFill>"
        )
    if style.fill:
        colour = colour_xml(style.fill, look, opacity=style.opacity)
        return f"<a:solidFill>{colour}</a:solidFill>"
    return "<a:noFill/>"


def _stroke(style: Style, look: str) -> str:
    """Write an outline."""
    if not style.stroke or not style.width:
        return "<a:ln><a:noFill/></a:ln>"
    colour = colour_xml(style.stroke, look, opacity=style.opacity)
    width = round(style.width * EMU / 100) * 100
    return f'<a:ln w="{width}"><a:solidFill>{colour}</a:solidFill><a:round/></a:ln>'


def _shape(pen: Pen, name: str, box: tuple[float, ...], geometry: str, style: Style) -> Piece:
    """Write a shape that fills ``box`` (left, top, right, bottom; points)."""
    left, top, right, bottom = (emu(v) for v in box)
    xml = (
        f"<p:sp><p:nvSpPr>{pen.named(name)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>"
        f'<a:off x="{left}" y="{top}"/><a:ext cx="{right - left}" cy="{bottom - top}"/></a:xfrm>'
        f"{geometry}{_fill(style, pen.style)}{_stroke(style, pen.style)}</p:spPr></p:sp>"
    )
    return Piece(xml, left, top, right, bottom)


def _preset(shape: str) -> str:
    """Write one of PowerPoint's own shapes."""
    return f'<a:prstGeom prst="{shape}"><a:avLst/></a:prstGeom>'


def _freeform(rings: list[np.ndarray], *, closed: bool) -> tuple[str, tuple[float, ...]]:
    """Write broken lines as a freeform; give its box too."""
    low = np.min([ring.min(axis=0) for ring in rings], axis=0)
    high = np.max([ring.max(axis=0) for ring in rings], axis=0)
    wide, tall = (np.maximum(np.round((high - low) / _GRID), 1)).astype(int)
    paths = []
    for ring in rings:
        corners = np.round((ring - low) / _GRID).astype(int).tolist()
        (x, y), rest = corners[0], corners[1 : -1 if closed else None]
        lines = "".join(f'<a:lnTo><a:pt x="{u}" y="{v}"/></a:lnTo>' for u, v in rest)
        end = "<a:close/>" if closed else ""
        paths.append(f'<a:moveTo><a:pt x="{x}" y="{y}"/></a:moveTo>{lines}{end}')
    filled = "" if closed else ' fill="none"'
    xml = (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{wide}" h="{tall}"{filled}>{"".join(paths)}</a:path></a:pathLst>'
        "</a:custGeom>"
    )
    return xml, (*low, *high)


def _light(ring: np.ndarray) -> np.ndarray | None:
    """Drop the corners of a ring that no one would see; None for an islet that goes with them."""
    polygon = shapely.simplify(shapely.Polygon(ring), _TOLERANCE, preserve_topology=False)
    if polygon.is_empty or polygon.geom_type != "Polygon":
        return None
    return shapely.get_coordinates(polygon.exterior)


def _area(pen: Pen, area: Area) -> list[Piece]:
    """Write a polygon; a rectangle stays one."""
    name = area.name or {"sea": "Mer", "frame": "Cadre", "panel": "Fond"}.get(area.role, "Surface")
    first = area.rings[0]
    if len(area.rings) == 1 and len(first) == 5 and _is_box(first):
        box = (*first.min(axis=0), *first.max(axis=0))
        return [_shape(pen, name, box, _preset("rect"), area.style)]
    rings = [kept for ring in area.rings if (kept := _light(ring)) is not None]
    if not rings:
        return []
    geometry, box = _freeform(rings, closed=True)
    return [_shape(pen, name, box, geometry, area.style)]


def _is_box(ring: np.ndarray) -> bool:
    """Tell whether five corners are those of an upright rectangle."""
    return len(set(ring[:, 0])) == 2 and len(set(ring[:, 1])) == 2


_LINES = {
    "leader": "Trait de rappel",
    "scale": "Échelle",
    "accent": "Filet",
    "link": "Renvoi",
}


def _line(pen: Pen, line: Line) -> Piece:
    """Write a broken line; one with two ends is a connector."""
    name = _LINES.get(line.role, "Trait")
    if len(line.points) > 2:
        geometry, box = _freeform([line.points], closed=False)
        return _shape(pen, name, box, geometry, line.style)
    (x0, y0), (x1, y1) = line.points.tolist()
    left, right = sorted((emu(x0), emu(x1)))
    top, bottom = sorted((emu(y0), emu(y1)))
    flips = (' flipH="1"' if x1 < x0 else "") + (' flipV="1"' if y1 < y0 else "")
    xml = (
        f"<p:cxnSp><p:nvCxnSpPr>{pen.named(name)}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr>"
        f'<a:xfrm{flips}><a:off x="{left}" y="{top}"/><a:ext cx="{right - left}" '
        f'cy="{bottom - top}"/></a:xfrm>{_preset("line")}{_stroke(line.style, pen.style)}'
        "</p:spPr></p:cxnSp>"
    )
    return Piece(xml, left, top, right, bottom)


def _merged(signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    """Turn a halo and its shape into one shape with a white outline, which moves as one."""
    if len(signs) != 2 or signs[0].shape != signs[1].shape:
        return signs
    halo, sign = signs
    if halo.diameter != sign.diameter or halo.style.fill != halo.style.stroke or sign.style.stroke:
        return signs
    edge = halo.style.width / 2  # what is seen of the halo, outside the shape
    inner = _inner(sign.shape) * sign.diameter
    style = Style(sign.style.fill, halo.style.stroke, edge, opacity=sign.style.opacity)
    return (Sign(sign.shape, sign.diameter * (1 + edge / 2 / inner), style),)


def _inner(shape: str) -> float:
    """Give the distance from the centre of a shape to its nearest side, for a diameter of 1."""
    corners = np.array(SHAPES[shape])
    return float(np.hypot(*((corners + np.roll(corners, 1, axis=0)) / 2).T).min())


@cache
def _extent(shape: str) -> tuple[float, float, float, float]:
    """Give the box of a shape of diameter 1, ``y`` up: left, low, right, high."""
    corners = np.array(SHAPES[shape])
    return (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())


def _sign(pen: Pen, sign: Sign, symbol: Symbol) -> Piece:
    """Write one shape of a symbol."""
    if sign.shape in _PRESETS:
        left, low, right, high = _extent(sign.shape)
        across, x, y = sign.diameter, symbol.x, symbol.y
        box = (left * across + x, y - high * across, right * across + x, y - low * across)
        return _shape(pen, symbol.name, box, _preset(_PRESETS[sign.shape]), sign.style)
    corners = np.array(SHAPES[sign.shape]) * [sign.diameter, -sign.diameter]
    corners = corners + [symbol.x, symbol.y]
    geometry, box = _freeform([np.vstack([corners, corners[:1]])], closed=True)
    return _shape(pen, symbol.name, box, geometry, sign.style)


def _symbol(pen: Pen, symbol: Symbol) -> Piece:
    """Write a symbol as one thing that one can move."""
    pieces = [_sign(pen, sign, symbol) for sign in _merged(symbol.signs)]
    return pieces[0] if len(pieces) == 1 else group(pen, symbol.name, pieces)


def _picture(pen: Pen, picture: Picture) -> Piece:
    """Write a logo, or a crowd; its bytes are a part of the deck."""
    name = picture.name or "Logo"
    left, top = emu(picture.box.left), emu(picture.box.top)
    right, bottom = emu(picture.box.right), emu(picture.box.bottom)
    xml = (
        f"<p:pic><p:nvPicPr>{pen.named(name, description=name)}<p:cNvPicPr>"
        '<a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill>'
        f'<a:blip r:embed="{pen.pictures[picture.data]}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</p:blipFill><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{right - left}" '
        f'cy="{bottom - top}"/></a:xfrm>{_preset("rect")}</p:spPr></p:pic>'
    )
    return Piece(xml, left, top, right, bottom)


def run(text: Text, line: str, look: str) -> str:
    """Write a run of text with its colour, and the halo that parts it from the map."""
    glow = ""
    if text.halo:
        halo = colour_xml(text.halo, look, opacity=0.9)
        radius = round(text.size * 0.2 * EMU)
        glow = f'<a:effectLst><a:glow rad="{radius}">{halo}</a:glow></a:effectLst>'
    bold = ' b="1"' if text.weight >= 600 else ""
    spacing = f' spc="{round(text.spacing * 100)}"' if text.spacing else ""
    return (
        f'<a:r><a:rPr lang="fr-FR" sz="{round(text.size * 100)}"{bold}{spacing}><a:solidFill>'
        f"{colour_xml(text.colour, look)}</a:solidFill>{glow}</a:rPr>"
        f"<a:t>{said(line)}</a:t></a:r>"
    )


def paragraph(text: Text, look: str, *, more: str = "") -> str:
    """Write a paragraph, its lines as far apart as on the drawn map; ``more`` are further runs.

    Titles, names and the legend break where they do on the map, in any font; other texts anew.
    """
    spacing = round(text.leading / (text.size * LINE_HEIGHT) * 100) * 1000
    apart = f'<a:lnSpc><a:spcPct val="{spacing}"/></a:lnSpc>' if len(text.lines) > 1 else ""
    lines = text.lines if text.role in _BROKEN else (text.words,)
    runs = "<a:br/>".join(run(text, line, look) for line in lines)
    return f'<a:p><a:pPr algn="{_ALIGNS[text.align]}">{apart}</a:pPr>{runs}{more}</a:p>'


def room_of(text: Text) -> float:
    """Give the width of the box of a text: that of its widest line in wide letters, or its room."""
    lines = (wide_of(x, text.size, weight=text.weight, spacing=text.spacing) for x in text.lines)
    return text.room or max(lines) + 1


def text_box(pen: Pen, text: Text, *, tail: Text | None = None) -> Piece:
    """Write a text as a box that one can move and rewrite.

    A line is centred in its box, so that another font moves it less than by its top; a
    paragraph hangs from its top. LibreOffice sets letters wider than Arial's smaller.

    Parameters
    ----------
    pen, text
        The slide and the text.
    tail
        Another one, that goes on in its last line or right below.
    """
    below = tail is not None and tail.y > text.last + 1
    wide = room_of(text)
    tall = (len(text.lines) - 1) * text.leading + text.size * LINE_HEIGHT
    shift = {"start": 0.0, "middle": wide / 2, "end": wide}[text.align]
    middle = text.y - 0.355 * text.size + (len(text.lines) - 1) * text.leading / 2
    top = max(0.0, middle - tall / 2)
    if below or len(text.lines) > 1:
        top = max(0.0, text.y - ASCENT * text.leading / LINE_HEIGHT)
    if below:
        wide = max(wide, room_of(tail))
        tall = tail.last - text.y + text.size + DESCENT * tail.size
    left = min(max(0.0, text.x - shift), pen.scene.width - wide)
    box = [emu(v) for v in (left, top, left + wide, min(top + tall, pen.scene.height))]
    ground = "<a:noFill/>"
    if text.halo and pen.style == "mono":  # hatches would cross the letters
        paper = colour_xml(text.halo, pen.style, opacity=0.85)
        ground = f"<a:solidFill>{paper}</a:solidFill>"
    more = run(tail, _EN_SPACE + tail.words, pen.style) if tail and not below else ""
    body = paragraph(text, pen.style, more=more)
    body += paragraph(tail, pen.style) if below else ""
    anchor = "t" if below or len(text.lines) > 1 else "ctr"
    xml = (
        f'<p:sp><p:nvSpPr>{pen.named(text.words[:60])}<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{box[0]}" y="{box[1]}"/><a:ext cx="{box[2] - box[0]}" '
        f'cy="{box[3] - box[1]}"/></a:xfrm>{_preset("rect")}{ground}</p:spPr><p:txBody>'
        f'<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}">'
        f"<a:normAutofit/></a:bodyPr>{body}</p:txBody></p:sp>"
    )
    return Piece(xml, *box)
