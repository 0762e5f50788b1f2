"""Slides of native shapes: one scene, one slide, all of it to be edited in PowerPoint.

The map is a group with an alternative text; inside it each layer is a group that bears its
name. Title, subtitle and sources are placeholders; the projects are listed in the notes.
"""

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from itertools import pairwise

from villeactive.maps.render.crowd import without_crowd
from villeactive.maps.render.pptx_colours import colour_xml
from villeactive.maps.render.pptx_parts import (
    FOOTER,
    NUMBER,
    SPACES,
    SUBTITLE,
    TITLE,
    boxes,
    empty_deck,
    number_field,
    place,
    run,
    slide_xml,
)
from villeactive.maps.render.pptx_shapes import (
    ASCENT,
    LINE_HEIGHT,
    Pen,
    draw,
    emu,
    group,
    legible,
    paragraph,
    room_of,
    said,
    text_box,
)
from villeactive.maps.scene.layout import layout
from villeactive.maps.scene.spec import Item, Layer, Picture, Scene, Text
from villeactive.text import in_departement

MAP_LAYERS = ("fond", "departements", "regions", "territoires", "villes", "projets", "etiquettes")
"""Layers that make the map itself, in drawing order."""

_EPOCH = datetime.datetime(2000, 1, 1)
_PLACED = {"title": TITLE, "subtitle": SUBTITLE}


def to_pptx(scene: Scene, *, notes: Sequence[str] = ()) -> bytes:
    """Write a scene as a presentation of one slide.

    Parameters
    ----------
    scene
        What is drawn.
    notes
        Lines of the notes, such as the projects of the map (:func:`notes_of`).

    Returns
    -------
    bytes
        Same scene, same notes: same bytes.
    """
    return scenes_to_pptx([(scene, tuple(notes))])


def scenes_to_pptx(
    slides: Sequence[tuple[Scene, Sequence[str]]],
    *,
    title: str = "",
    date: str | None = None,
    progress: Callable[[], None] = lambda: None,
    more: Callable[[Pen], str] = lambda _: "",
) -> bytes:
    """Write scenes of one size as the slides of one presentation.

    Parameters
    ----------
    slides
        Scene and lines of notes of each slide, the first one gives style and size.
    title
        Title of the document; that of the first scene by default.
    date
        ISO day of the document; that of the first scene by default.
    progress
        Called before each slide; may raise to cancel.
    more
        Writes further shapes of the slide of a pen, read before its sources.

    Returns
    -------
    bytes
    """
    first = slides[0][0]
    deck = empty_deck(first.spec.style, first.spec.layout if _is_page(first) else "slide")
    for rank, (scene, notes) in enumerate(slides, start=1):
        progress()
        _add_slide(deck, scene, notes, rank if len(slides) > 1 else 0, more)
    when = date or first.spec.date
    day = datetime.datetime.fromisoformat(when) if when else _EPOCH
    _describe(deck, title or first.title, first.description, day)
    out = io.BytesIO()
    deck.save(out)
    return _rezipped(out.getvalue(), day)


def notes_of(projects) -> tuple[str, ...]:
    """List projects for the notes of a slide.

    Parameters
    ----------
    projects
        Rows of ``atlas.projects``.

    Returns
    -------
    tuple of str
        « Title – town (département) », one a line, after their number.
    """
    rows = [
        f"{row.title} – {in_departement(row.town, row.departement)}"
        for row in projects.itertuples()
    ]
    noun = "projet" if len(rows) < 2 else "projets"
    return (
        f"{len(rows)} {noun} sur cette carte" if rows else "Aucun projet sur cette carte",
        *rows,
    )


def _is_page(scene: Scene) -> bool:
    """Tell whether a scene fills the page of its layout."""
    page = layout(scene.spec.layout)
    return (page.width, page.height) == (scene.width, scene.height)


def _add_slide(
    deck, scene: Scene, notes: Sequence[str], rank: int, more: Callable[[Pen], str]
) -> None:
    """Add a slide and write it; its notes say what is a picture for want of room."""
    from pptx.oxml import parse_xml

    scene, told = without_crowd(scene)
    slide = deck.slides.add_slide(deck.slide_layouts[1 if rank == 1 else 0])
    shapes = _tree(Pen(scene, pictures=_pictures(slide, scene)), rank, more)
    # the part whole: to move 2 000 shapes from tree to tree takes a second
    slide.part._element = parse_xml(slide_xml(shapes))
    if notes or told:
        _write_notes(slide, (*told, *notes))


def _pictures(slide, scene: Scene) -> dict[bytes, str]:
    """Store the pictures of a scene in the deck; PowerPoint gets an SVG as a drawing of 300 dpi."""
    found = {}
    for layer in scene.layers:
        for item in layer.items:
            if isinstance(item, Picture):
                data = item.data if item.data[:1] in (b"\x89", b"\xff") else _drawn(item)
                found[item.data] = slide.part.get_or_add_image_part(io.BytesIO(data))[1]
    return found


def _drawn(picture: Picture) -> bytes:
    """Turn an SVG logo into PNG."""
    import typst

    box = picture.box
    source = (
        f"#set page(width: {box.width}pt, height: {box.height}pt, margin: 0pt, fill: none)\n"
        f'#image("logo.svg", width: {box.width}pt, height: {box.height}pt, fit: "contain")'
    )
    files = {"main.typ": source.encode(), "logo.svg": picture.data}
    return typst.compile(files, format="png", ppi=300.0)


def _tree(pen: Pen, rank: int, more: Callable[[Pen], str]) -> str:
    """Write all the shapes of a slide: heads, map, legend, sources; each read in this order."""
    scene = pen.scene
    layers = {layer.id: layer for layer in scene.layers}
    parts = [_head(pen, item) for item in layers["titre"].items]
    inside = [
        group(pen, layers[i].name, drawn) for i in MAP_LAYERS if (drawn := _all(pen, layers[i]))
    ]
    if inside:
        parts.append(group(pen, "Carte", inside, description=scene.description).xml)
    if drawn := _all(pen, layers["legende"]):
        parts.append(group(pen, layers["legende"].name, drawn).xml)
    parts.append(more(pen))
    parts.append(_footer(pen, [i for i in layers["sources"].items if isinstance(i, Text)]))
    if rank > 1:
        parts.append(_number(pen, rank))
    return "".join(parts)


def _all(pen: Pen, layer: Layer) -> list:
    """Write the items of a layer."""
    pieces = []
    for item, following in pairwise([*layer.items, None]):
        if isinstance(item, Text) and isinstance(following, Text) and following.after:
            pieces.append(text_box(pen, item, tail=following))
        elif not (isinstance(item, Text) and item.after):
            pieces += draw(pen, item)
    return pieces


def _head(pen: Pen, item: Item) -> str:
    """Write what stands above the legend: title and subtitle are placeholders."""
    kind = _PLACED.get(getattr(item, "role", ""))
    if not isinstance(item, Text) or kind is None:
        return "".join(piece.xml for piece in draw(pen, item))
    # from the first line's ascender down; LibreOffice shrinks what is taller than this
    top = item.y - ASCENT * item.leading / LINE_HEIGHT
    tall = len(item.lines) * item.leading + 0.03 * item.size
    wide = max(layout(pen.scene.spec.layout).text.width, room_of(item)) + 8
    if len(item.lines) == 1:
        tall = item.size * LINE_HEIGHT
    body = paragraph(item, pen.style)
    return _placed(pen, kind, item.words, (item.x, top, wide, tall), body)


def _placed(pen: Pen, kind: str, name: str, box: tuple[float, ...], body: str) -> str:
    """Fill a placeholder, where the scene wants it."""
    left, top, wide, tall = (emu(v) for v in box)
    return (
        f'<p:sp><p:nvSpPr>{pen.named(name[:60])}<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr>{place(kind)}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm>"
        f'<a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm></p:spPr>'
        f"<p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{body}</p:txBody></p:sp>"
    )


def _footer(pen: Pen, lines: list[Text]) -> str:
    """Put the sources into the footer, one paragraph each."""
    box = boxes(layout("slide"))[FOOTER]
    if pen.scene.spec.layout != "slide" and lines:
        low, high = lines[0].box.top, lines[-1].box.bottom
        box = box.__class__(
            lines[0].x, low - 4, layout(pen.scene.spec.layout).sources.width, high - low + 4
        )
    if not lines:
        return ""
    body = "".join(f"<a:p>{_source_run(line, pen.style)}</a:p>" for line in lines)
    where = (box.left, box.top, box.width, box.height)
    return _placed(pen, FOOTER, "Sources", where, body)


def _source_run(line: Text, look: str) -> str:
    """Write one line of the sources."""
    colour = f"<a:solidFill>{colour_xml(line.colour, look)}</a:solidFill>"
    size = round(line.size * 100)
    return (
        f'<a:r><a:rPr lang="fr-FR" sz="{size}">{colour}</a:rPr><a:t>{said(line.words)}</a:t></a:r>'
    )


def _number(pen: Pen, rank: int) -> str:
    """Write the number of a slide."""
    box = boxes(layout("slide"))[NUMBER]
    where = (box.left, box.top, box.width, box.height)
    return _placed(pen, NUMBER, "Numéro de page", where, f"<a:p>{number_field(str(rank))}</a:p>")


def _write_notes(slide, lines: Sequence[str]) -> None:
    """Write the notes of a slide, in French."""
    from pptx.oxml import parse_xml

    body = slide.notes_slide.notes_text_frame._txBody
    for old in body.p_lst:
        body.remove(old)
    for line in lines:
        body.append(parse_xml(f"<a:p {SPACES}>{run(line)}</a:p>"))


def _describe(deck, title: str, description: str, day: datetime.datetime) -> None:
    """Write the properties of the document."""
    told = deck.core_properties
    told.title, told.subject = legible(title)[:250], legible(description)[:250]
    told.language = "fr-FR"
    told.author = told.last_modified_by = "Ville active"
    told.created = told.modified = told.last_printed = day
    told.revision, told.keywords, told.comments = 1, "", ""


def _rezipped(data: bytes, day: datetime.datetime) -> bytes:
    """Pack a file again with one date for all of it, so that bytes depend on contents only."""
    out = io.BytesIO()
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            new.writestr(_entry(name, stamp), old.read(name))
    return out.getvalue()


def _entry(name: str, stamp: tuple[int, ...]) -> zipfile.ZipInfo:
    """Make the entry of a file, alike on every machine."""
    info = zipfile.ZipInfo(name, stamp)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info
