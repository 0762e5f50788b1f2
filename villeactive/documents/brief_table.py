"""The table of a brief, PowerPoint's own: towns alike, and why."""

from dataclasses import dataclass
from functools import partial
from itertools import product

from villeactive.documents.brief import Note
from villeactive.maps.render.pptx_colours import colour_xml
from villeactive.maps.render.pptx_shapes import LINE_HEIGHT, Pen, emu, said
from villeactive.maps.scene.layout import LEAST_KEY
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import Box
from villeactive.text import plural
from villeactive.typography.font_metrics import widest_of
from villeactive.typography.text_fit import lines_of, shortened

_INK = inks("light")
_COLUMNS = (("N°", 18.0), ("Commune", 124.0), ("Habitants", 57.0), ("Sur 100", 48.0),
            ("Pourquoi", 367.0))  # fmt: skip
_NAME, _WHY = 1, 4
"""Columns."""
_SIZES = (11.0, 10.5, 10.0, 9.5, LEAST_KEY)
_PAD = 5.0
"""At the right of a cell, points."""
_AIR = 3.0
"""Above and below the text of a row, together, points."""
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own table style without ground nor lines."""


@dataclass(frozen=True)
class Table:
    """Rows of words, the size of their text, and how tall each row is."""

    rows: list[list[str]]
    heights: list[float]
    size: float
    box: Box


def brief_table(note: Note, room: Box) -> Table:
    """Choose the largest size at which the table holds in its room, in any font.

    What is too long at the least size loses ends of reasons, then whole rows, and says so.
    """
    rows = [
        [str(rank), town["name"], town["people"], town["likeness"], town["why"]]
        for rank, town in enumerate(note.told["towns"], start=1)
    ]
    for size in _SIZES:
        if sum(heights := _heights(rows, size)) <= room.height:
            return Table(rows, heights, size, room)
    short = list(rows)
    for lines, last in product((2, 1), reversed(range(len(rows)))):
        short[last] = [*rows[last][:_WHY], _reason(rows[last][_WHY], size, lines)]
        if sum(heights := _heights(short, size)) <= room.height:
            return Table(short, heights, size, room)
    for kept in range(len(rows) - 1, -1, -1):
        more = plural(len(rows) - kept, "autre commune", "autres communes")
        fewer = [*short[:kept], ["", "", "", "", f"… et {more}, dans la note en PDF"]]
        if sum(heights := _heights(fewer, size)) <= room.height:
            break
    return Table(fewer, heights, size, room)


def _reason(words: str, size: float, lines: int) -> str:
    """Keep what holds in so many lines of the last column."""
    most = _COLUMNS[_WHY][1] - _PAD
    return shortened(words, most, partial(widest_of, size=size), lines=lines)


def _heights(rows: list[list[str]], size: float) -> list[float]:
    """Measure the head and each row."""
    names = [name for name, _ in _COLUMNS]
    return [_tall(names, size, head=True), *(_tall(row, size) for row in rows)]


def _tall(row: list[str], size: float, *, head: bool = False) -> float:
    """Measure a row in the widest letters; a name breaks after its hyphens."""
    lines = max(
        len(lines_of(words.replace("-", "- ") if column == _NAME else words, wide - _PAD,
                     partial(widest_of, size=size, weight=600 if head or column == _NAME else 400)))
        for column, (words, (_, wide)) in enumerate(zip(row, _COLUMNS, strict=True))
    )  # fmt: skip
    return lines * size * LINE_HEIGHT + _AIR


def table_xml(pen: Pen, table: Table) -> str:
    """Write the table as PowerPoint's own, its first row as head."""
    names = [name for name, _ in _COLUMNS]
    grid = "".join(f'<a:gridCol w="{emu(wide)}"/>' for _, wide in _COLUMNS)
    rows = "".join(
        f'<a:tr h="{emu(tall)}">'
        + "".join(
            _cell(pen, words, column, table.size, head=rank == 0)
            for column, words in enumerate(row)
        )
        + "</a:tr>"
        for rank, (row, tall) in enumerate(zip([names, *table.rows], table.heights, strict=True))
    )
    box = table.box
    return (
        f"<p:graphicFrame><p:nvGraphicFramePr>{pen.named('Villes comme la vôtre')}"
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{emu(box.left)}" y="{emu(box.top)}"/>'
        f'<a:ext cx="{emu(sum(wide for _, wide in _COLUMNS))}" cy="{emu(sum(table.heights))}"/>'
        "</p:xfrm><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
        f'<a:tblPr firstRow="1"><a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr>'
        f"<a:tblGrid>{grid}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic>"
        "</p:graphicFrame>"
    )


def _cell(pen: Pen, words: str, column: int, size: float, *, head: bool) -> str:
    """Write a cell over a thin rule."""
    bold = ' b="1"' if head or column == _NAME else ""
    right = column in (2, 3)
    rule = colour_xml(_INK.departement, pen.style)
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{"r" if right else "l"}"/>'
        f'<a:r><a:rPr lang="fr-FR" sz="{round(size * 100)}"{bold}><a:solidFill>'
        f"{colour_xml(_INK.ink, pen.style)}</a:solidFill></a:rPr><a:t>{said(words)}</a:t></a:r>"
        f'</a:p></a:txBody><a:tcPr marL="{emu(_PAD) if column == _WHY else 0}" '
        f'marR="{0 if column == _WHY else emu(_PAD)}" marT="{emu(_AIR / 2)}" '
        f'marB="{emu(_AIR / 2)}">'
        f'<a:lnB w="6300"><a:solidFill>{rule}</a:solidFill></a:lnB></a:tcPr></a:tc>'
    )
