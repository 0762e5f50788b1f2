"""The « Note pour l’élu » as two slides: native texts, a native table, a native map."""

from functools import partial

import numpy as np

from villeactive.atlas import Atlas
from villeactive.documents.brief import Note
from villeactive.documents.brief_map import brief_map
from villeactive.documents.brief_table import brief_table, table_xml
from villeactive.maps.render.pptx_slides import scenes_to_pptx
from villeactive.maps.scene.layout import LEAST, LEAST_SOURCE, layout
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import LAYERS, Box, Item, Layer, Line, MapSpec, Scene, Style, Text
from villeactive.programmes import producers
from villeactive.text import NBSP
from villeactive.typography.font_metrics import block, wide_of, widest_of
from villeactive.typography.text_fit import Column, accent_bar, fitted, lines_of
from villeactive.wording.facts import Row
from villeactive.wording.sources import briefly

_PAGE, _INK = layout("brief"), inks("light")


def _sources(atlas: Atlas) -> str:
    """Name the sources in one line."""
    return (
        f"Sources{NBSP}: {briefly(atlas)}, INSEE, {', '.join(producers())}, IGN. Leur détail et "
        "la mesure de la ressemblance sont à la page suivante."
    )


def brief_pptx(note: Note, atlas: Atlas) -> bytes:
    """Write a note as PPTX.

    Returns
    -------
    bytes
        Two slides of native texts and shapes: the town and those like it, then the projects
        worth a visit; same note, same bytes.
    """
    spec = MapSpec(layout="brief", date=note.day.isoformat())
    first, room = _first(note, atlas, spec)
    table = brief_table(note, room)
    pages = [(first, _first_notes(note)), (_second(note, spec), _second_notes(note))]
    return scenes_to_pptx(
        pages,
        title=f"Note pour l’élu{NBSP}: {note.told['title']}",
        date=spec.date,
        more=lambda pen: table_xml(pen, table) if pen.scene is first and table.rows else "",
    )


def _scene(made: dict[str, list[Item]], note: Note, spec: MapSpec, *, title: str) -> Scene:
    """Freeze a slide."""
    names = LAYERS | {"legende": "Clé de la carte"}
    layers = tuple(Layer(key, name, tuple(made.get(key, ()))) for key, name in names.items())
    return Scene(
        width=_PAGE.width,
        height=_PAGE.height,
        ground=_INK.paper,
        layers=layers,
        views=(),
        title=title,
        description=note.told["alt"],
        sources=" ".join(note.told["sources"]),
        key=(),
        spec=spec,
    )


# ------------------------------------------------------------------ slide one: the town


def _first(note: Note, atlas: Atlas, spec: MapSpec) -> tuple[Scene, Box]:
    """Compose the slide of the town; give the room that it leaves to the table."""
    told, box = note.told, _PAGE.text
    over = block("count", f"Ville active · Note pour l’élu, {told['day']}", x=box.left, top=18.0,
                 size=LEAST, colour=_INK.soft)  # fmt: skip
    title = fitted("title", told["title"], Box(box.left, 34.0, box.width, 34), weight=600,
                   sizes=(28, 26, 24, 22, 20), colour=_INK.ink)  # fmt: skip
    under = fitted("subtitle", told["where"], Box(box.left, title.box.bottom + 1, box.width, 16),
                   sizes=(14, 13, 12, 11), colour=_INK.soft)  # fmt: skip
    bar = accent_bar(box.left, under.box.bottom + 6, _INK.accent)
    heads: list[Item] = [over, title, under, bar]
    figures, y = _figures(told["figures"], under.box.bottom + 16)
    labels, y = _labels(told, y + 9)
    heading = block("section", "Les villes comme la vôtre", x=box.left, top=y + 8, size=13.0,
                    colour=_INK.ink, weight=600)  # fmt: skip
    left = box.left + widest_of(heading.words, 13.0, weight=600) + 10
    intro = fitted("note", told["intro"], Box(left, heading.box.top + 3, box.right - left, 12),
                   sizes=(LEAST,), colour=_INK.soft)  # fmt: skip
    made = brief_map(note, atlas, spec)
    made["titre"] = [*heads, *figures, *labels, heading, intro]
    source = fitted("source", _sources(atlas), Box(box.left, 513, box.width, 10), sizes=(8.5,),
                    colour=_INK.soft)  # fmt: skip
    made["sources"] = [source]
    top = heading.box.bottom + 5
    room = Box(box.left, top, box.width, 508 - top)
    return _scene(made, note, spec, title=told["title"]), room


def _figures(figures: list[dict], top: float) -> tuple[list[Item], float]:
    """Set the five figures side by side; give where they end."""
    columns = Box(_PAGE.text.left, top, _PAGE.text.width, 0).columns(len(figures), 6.0)
    items: list[Item] = []
    for one, column in zip(figures, columns, strict=True):
        y = top
        for role, words, tall, sizes, colour, weight in (
            ("figure", one["said"], 19, (18, 16, 14, 12), _INK.ink, 600),
            ("figure-label", one["label"], 25, (LEAST,), _INK.ink, 400),
            ("figure-note", one["note"], 37, (LEAST,), _INK.soft, 400),
        ):
            room = Box(column.left + 7, y, column.width - 7, tall)
            made = fitted(role, words, room, sizes=sizes, colour=colour, weight=weight)
            items.append(made)
            y = made.box.bottom + 1
    bottom = max(item.box.bottom for item in items)
    style = Style(stroke=_INK.accent, width=1.6)
    for column in columns:
        x = column.left + 1
        items.append(Line("accent", np.array([[x, top], [x, bottom]]), style))
    return items, bottom


def _labels(told: dict, top: float) -> tuple[list[Item], float]:
    """Set what the town carries, and beside it what the others carry; give where they end."""
    lists = {
        "Programmes portés aujourd’hui": told["labels"],
        "Ce que des villes comme la vôtre portent en plus": told["missing"],
    }
    items: list[Item] = []
    columns = Box(_PAGE.text.left, top, _PAGE.text.width, 14).columns(2, 20.0)
    for (title, rows), box in zip(lists.items(), columns, strict=True):
        head = fitted("section", title, box, sizes=(11, 10.5, 10), colour=_INK.ink,
                      weight=600)  # fmt: skip
        items.append(head)
        room = Box(box.left, head.box.bottom + 2, box.width, 48)
        text = fitted("row", " · ".join(rows), room, sizes=(11, 10.5, LEAST),
                      colour=_INK.ink)  # fmt: skip
        items.append(text)
    return items, max(item.box.bottom for item in items)


def _first_notes(note: Note) -> list[str]:
    """Give the notes of the slide of the town: all its words, none of them shortened."""
    told = note.told
    figures = [f"{one['label']}{NBSP}: {one['said']}, {one['note']}" for one in told["figures"]]
    carried = f"Programmes portés aujourd’hui{NBSP}: {', '.join(told['labels'])}"
    return [f"{told['title']}, {told['where']}", *figures, carried, *told["missing"],
            told["intro"]]  # fmt: skip


# ------------------------------------------------------------------ slide two: the projects


def _second(note: Note, spec: MapSpec) -> Scene:
    """Compose the slide of the projects to visit, of the measure and of the sources."""
    told, box, wide = note.told, _PAGE.text, _PAGE.width - 2 * _PAGE.margin
    title = told["heading"]
    head = fitted("title", title, Box(box.left, 28, wide, 34), sizes=(26, 24, 22), weight=600,
                  colour=_INK.ink)  # fmt: skip
    under = fitted("subtitle", told["chosen"], Box(box.left, head.box.bottom + 1, wide, 16),
                   sizes=(12, 11, 10), colour=_INK.soft)  # fmt: skip
    top = under.box.bottom + 18
    foot, y = _foot(told, wide)
    cards = _cards(told, Box(box.left, top, wide, y - 12 - top))
    bar = accent_bar(box.left, under.box.bottom + 6, _INK.accent)
    items = [head, under, bar, *cards, *foot]
    footer = fitted("source", told["footer"], Box(box.left + 66, 513, wide - 66, 11),
                    sizes=(8.5,), colour=_INK.soft)  # fmt: skip
    return _scene({"titre": items, "sources": [footer]}, note, spec, title=title)


def _cards(told: dict, box: Box) -> list[Item]:
    """Set the projects side by side, all of them at the largest size that holds."""
    if not told["visits"]:
        column = Column(box, _INK, 12.0, _INK.accent)
        column.note("Aucun projet ne convient.")
        return column.items
    columns = box.columns(3, 22.0)
    rooms = [Box(one.left + 9, one.top, one.width - 9, one.height) for one in columns]
    pairs = list(zip(told["visits"], rooms, strict=False))
    for size, most in ((12, 99), (11.5, 99), (11, 99), (10.5, 99), (10, 99), (10, 5), (10, 4),
                       (10, 3), (10, 2), (10, 1)):  # fmt: skip
        made = [_card(one, room, float(size), most) for one, room in pairs]
        if all(column is not None for column in made):
            break
    items: list[Item] = []
    for column in made:
        if column is not None:
            x, style = column.box.left - 8, Style(stroke=_INK.accent, width=1.6)
            items += column.items
            items.append(Line("accent", np.array([[x, box.top], [x, column.y - 4]]), style))
    return items


def _card(one: dict, box: Box, size: float, most: int) -> Column | None:
    """Set a project; None when its room is too small."""
    title = fitted("section", one["title"], Box(box.left, box.top, box.width, 54), weight=600,
                   sizes=(15, 14, 13, 12), colour=_INK.ink, leading=1.12)  # fmt: skip
    column = Column(box, _INK, size, _INK.accent, [title], title.box.bottom + 2,
                    apart=2.5)  # fmt: skip
    facts = {
        "Le projet": one["summary"],
        "Pourquoi cela vous concerne": one["because"],
    }
    fits = column.note(one["where"])
    fits &= all(column.fact(name, text, most) for name, text in facts.items())
    fits &= all(column.row(Row("", text), most=most) for text in one["strengths"])
    fits &= all(column.fact("Contact", text, 5) for text in _contacts(one))
    check = [one["check"]] if one["contacts"] else []
    fits &= all(column.note(text) for text in [*check, f"{one['cite']}."])
    if not fits:
        return None
    return column


def _contacts(one: dict) -> list[str]:
    """Say whom to call, or that the book does not."""
    if one["contacts"]:
        return [", ".join(part for part in row if part) for row in one["contacts"]]
    owner = f" Maîtrise d’ouvrage{NBSP}: {one['owner']}." if one["owner"] else ""
    return [f"Pas de contact donné.{owner}"]


def _foot(told: dict, wide: float) -> tuple[list[Text], float]:
    """Set measure and sources at the bottom, side by side; give where they begin."""
    gap, bottom = 22.0, 508.0
    one = (wide - gap) / 2
    left = _PAGE.text.left
    parts = (
        ("Comment la ressemblance est mesurée", [told["method"]], left, LEAST),
        ("Sources", told["sources"], left + one + gap, LEAST_SOURCE),
    )
    made = []
    for title, rows, x, size in parts:
        head = block("section", title, x=x, top=0, size=LEAST, colour=_INK.ink, weight=600)
        made.append([head])
        y = head.box.bottom + 2
        for row in rows:
            lines = lines_of(row, one, partial(wide_of, size=size))
            text = block("note", lines, x=x, top=y, size=size, colour=_INK.soft)
            made[-1].append(text)
            y = text.box.bottom + 2
    top = bottom - max(texts[-1].box.bottom for texts in made)
    return [text.moved(top) for texts in made for text in texts], top


def _second_notes(note: Note) -> list[str]:
    """Give the notes of the slide of the projects: all their words, none of them shortened."""
    lines = []
    for one in note.told["visits"]:
        lines += [f"{one['title']}, {one['where']}", one["summary"], f"{one['fits']}.",
                  *one["strengths"], *_contacts(one), one["cite"]]  # fmt: skip
    return [*lines, note.told["method"], *note.told["sources"]]
