"""The table of a brief, PowerPoint's own: towns alike, and why."""

from dataclasses import dataclass

from villeactive.documents.brief import Note
from villeactive.maps.render.pptx_colours import colour_xml
from villeactive.maps.render.pptx_shapes import LINE_HEIGHT, Pen, emu, said
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import Box
from villeactive.typography.text_fit import lines_of

ROOM = 0.92
"""Part of a width that words are measured for: a note may be read with a very wide font."""

_INK = inks("light")
_COLUMNS = (("N°", 20.0), ("Commune", 128.0), ("Habitants", 58.0), ("Sur 100", 50.0),
            ("Pourquoi", 358.0))  # fmt: skip
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
    """Choose the largest size at which the table holds in its room."""
    rows = [
        [str(rank), town["name"], town["people"], town["likeness"], town["why"]]
        for rank, town in enumerate(note.told["towns"], start=1)
    ]
    for size in (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0):
        tall = [_tall(row, size) for row in rows]
        head = size * LINE_HEIGHT + _AIR
        if head + sum(tall) <= room.height:
            break
    return Table(rows, [head, *tall], size, room)


def _tall(row: list[str], size: float) -> float:
    """Measure a row."""
    cells = zip(row, _COLUMNS, strict=True)
    lines = max(
        len(lines_of(words, size, (wide - _PAD) * ROOM, weight=600 if title == "Commune" else 400))
        for words, (title, wide) in cells
    )
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
    bold = ' b="1"' if head or column == 1 else ""
    right = column in (2, 3)
    rule = colour_xml(_INK.departement, pen.style)
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{"r" if right else "l"}"/>'
        f'<a:r><a:rPr lang="fr-FR" sz="{round(size * 100)}"{bold}><a:solidFill>'
        f"{colour_xml(_INK.ink, pen.style)}</a:solidFill></a:rPr><a:t>{said(words)}</a:t></a:r>"
        f'</a:p></a:txBody><a:tcPr marL="{emu(_PAD) if column == 4 else 0}" '
        f'marR="{0 if column == 4 else emu(_PAD)}" marT="{emu(_AIR / 2)}" marB="{emu(_AIR / 2)}">'
        f'<a:lnB w="6300"><a:solidFill>{rule}</a:solidFill></a:lnB></a:tcPr></a:tc>'
    )
