"""The slide of a project: its surroundings, its facts, then calendar, money and strengths.

The page is a scene like any other map, so that the same code writes it to PPTX and PDF. Every
text is measured: it is set smaller, then shortened with « … », never cut nor run over.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import hypot

import geopandas as gpd

from villeactive.analysis.towns import carrying
from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.filtering import Applied, applied_to
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.layout import DECK_TITLE, Layout, layout
from villeactive.maps.scene.print_style import Inks, inks, theme_signs
from villeactive.maps.scene.spec import (
    Box,
    Item,
    Label,
    Layer,
    Line,
    MapSpec,
    Scene,
    Symbol,
    Text,
)
from villeactive.maps.symbols import theme_symbol
from villeactive.programmes import drawn_at_first, first_town_layers, producers
from villeactive.text import NBSP, day, plural, typographic
from villeactive.typography.font_metrics import block
from villeactive.typography.text_fit import Column, accent_bar, fitted, lines_of, roomy, shortened
from villeactive.wording import facts
from villeactive.wording.own_fields import own_fields
from villeactive.wording.sources import LICENCE, ground_licence, source

_POINTS_A_TOWN = 40
"""Width of the map for each town that it shows, so that names find their place."""

_DEGREES = 1.15
"""How far around to the north and south, degrees."""
_APART = 0.32
"""How far from one another, in degrees of latitude, for one site; more when they spread."""
_FACTS = ("Lieux", facts.LACKING, "Habitants", "Programmes", "Quand", "Combien",
          "Maîtrise d’ouvrage", "Financeurs", "Partenaires", "Maîtrise d’œuvre", "Prestataires",
          "Labels et dispositifs")  # fmt: skip
_NAMES = {
    "Lieux",
    "Maîtrise d’ouvrage",
    "Financeurs",
    "Partenaires",
    "Maîtrise d’œuvre",
    "Prestataires",
}
_MOST_SECTIONS = 3
_ORDER = ("Calendrier", "Argent", "Points forts", "Effets constatés", "Chiffres",
          "Effets attendus", "Projet", "Points de vue")  # fmt: skip
_SIZES = (11.5, 11.0, 10.5, 10.0)
"""Of the lists, points: the largest that fits."""
_SCALES = (1.4, 1.3, 1.2, 1.1, 1.0)
"""Factors on sizes, so that a sheet of few words fills its slide too."""
_TOLD = {"Calendrier": "Quand", "Argent": "Combien"}
"""List → the fact that it says in full."""


def only(project: str, atlas: Atlas) -> Applied:
    """Give a selection of one sheet."""
    return applied_to([project], atlas)


def towns_around(sites: gpd.GeoDataFrame, atlas: Atlas, *, page: Layout) -> gpd.GeoDataFrame:
    """Give the labelled towns that best say where some places are.

    Parameters
    ----------
    sites
        Points (EPSG:4326): the sites of a project, or a commune.
    atlas
        The whole atlas.
    page
        How wide the map is.

    Returns
    -------
    GeoDataFrame
        Rows of ``atlas.towns`` (EPSG:4326): the largest, each far enough from the sites and
        from one another that its name finds a place.
    """
    xmin, ymin, xmax, ymax = sites.total_bounds
    tall, wide = _DEGREES, _DEGREES * page.panel.width / page.panel.height
    near = atlas.towns.cx[xmin - wide : xmax + wide, ymin - tall : ymax + tall]
    near = carrying(near, drawn_at_first(), "any")
    apart = _APART * (ymax - ymin + 2 * tall) / (2 * tall) * (258 / page.panel.height) ** 0.5
    taken = [(p.x, p.y) for p in sites.geometry]
    kept = []
    for town in near.sort_values("population", ascending=False, kind="stable").itertuples():
        if all(hypot((town.lon - x) * 0.7, town.lat - y) > apart for x, y in taken):
            taken.append((town.lon, town.lat))
            kept.append(town.Index)
    return near.loc[kept[: round(page.panel.width / _POINTS_A_TOWN)]]


def surroundings(sheet: Project, atlas: Atlas, *, spec: MapSpec) -> Scene:
    """Draw the map round a project.

    Parameters
    ----------
    sheet, atlas
        The sheet and the whole atlas.
    spec
        Layout (``project`` or ``sheet``), style and date.

    Returns
    -------
    Scene
        The map alone: no title, legend or source.
    """
    wanted = replace(
        spec,
        extent="selection" if sheet.places else "france",
        layers=("projects", "mentions", *first_town_layers()) if sheet.places else (),
        labels="towns",
        title=sheet.title.fr,
    )
    shown = only(sheet.id, atlas)
    towns = atlas.towns.iloc[:0]
    if sheet.places:
        towns = towns_around(shown.sites, atlas, page=layout(spec.layout))
    scene = compose(shown, atlas, spec=wanted, towns=towns)
    layers = map_alone(scene)
    towns = [atlas.communes.loc[one.code_insee, "name"] for one in sheet.places]
    said = f"Carte de situation{NBSP}: {', '.join(dict.fromkeys(towns))} et ses environs."
    if not towns:
        said = f"Carte de France{NBSP}: le projet n’est pas localisé."
    return replace(scene, layers=tuple(layers), description=said, title=sheet.title.fr)


def map_alone(scene: Scene) -> list[Layer]:
    """Keep the map alone, without the towns beyond its edge nor the lines that lead to them."""
    frame = scene.views[0].frame.inset(5)

    def seen(x: float, y: float) -> bool:
        return frame.left <= x <= frame.right and frame.top <= y <= frame.bottom

    gone = {s.id for s in scene.symbols() if s.role == "town" and not seen(*s.home)}
    layers = []
    for layer in scene.layers:
        kept = layer.items
        if layer.id in ("legende", "titre", "sources"):
            kept = ()
        elif layer.id == "villes":
            kept = [i for i in kept if not isinstance(i, Symbol) or seen(*i.home)]
            kept = [i for i in kept if not isinstance(i, Line) or all(seen(*p) for p in i.points)]
        elif layer.id == "etiquettes":
            kept = [i for i in kept if not isinstance(i, Label) or i.symbol not in gone]
        layers.append(Layer(layer.id, layer.name, tuple(kept)))
    return layers


def project_scene(
    sheet: Project, atlas: Atlas, *, spec: MapSpec, first: Sequence[tuple[str, str]] = ()
) -> Scene:
    """Compose the slide of a project.

    Parameters
    ----------
    sheet, atlas
        The sheet and the whole atlas.
    spec
        Style, date, footer.
    first
        Facts (name, text) to say before those of the sheet.

    Returns
    -------
    Scene
        Of the size of a slide; title, subtitle and sources where they stand on every slide.
    """
    ink = inks(spec.style)
    name, said, lists = _composed(sheet, atlas, spec, first)
    scene = surroundings(sheet, atlas, spec=replace(spec, layout=name, subtitle=None))
    made = {
        "titre": said,
        "legende": lists,
        "sources": source_lines(
            _sources(sheet, atlas),
            layout(name),
            ink,
            spec,
            licence=ground_licence([atlas.collection_of(sheet)]),
        ),
    }
    names = {"legende": "Calendrier, argent, points forts"}
    layers = tuple(
        Layer(k.id, names.get(k.id, k.name), (*k.items, *made.get(k.id, ()))) for k in scene.layers
    )
    sources = " ".join(text.words for text in made["sources"])
    return replace(scene, layers=layers, sources=sources, spec=replace(spec, layout="slide"))


def _composed(
    sheet: Project, atlas: Atlas, spec: MapSpec, first: Sequence[tuple[str, str]]
) -> tuple[str, list[Item], list[Item]]:
    """Choose the largest map beside which all stands whole, then the largest letters.

    Returns
    -------
    tuple
        Name of the layout, what stands in the left column, and under the map.
    """
    ink, found = inks(spec.style), _lists(sheet, atlas)
    rows = _fact_rows(sheet, atlas, first)
    for scale in _SCALES[:-1]:
        said = _words(sheet, atlas, layout("project-whole"), spec, rows, found, scale)
        if said:
            return "project-whole", said, []
    name = "project-tall"
    lists, whole = _sections(found, layout(name), ink, _accent(sheet, atlas, ink))
    if not whole:
        name = "project"
        lists, _ = _sections(found, layout(name), ink, _accent(sheet, atlas, ink))
    page = layout(name)
    for scale in _SCALES:
        said = _words(sheet, atlas, page, spec, rows, [], scale)
        if said:
            return name, said, lists
    head, top = _head(sheet, atlas, page, spec)
    return name, [*head, *_facts(rows, page, ink, top, n_whole=len(first))], lists


def _words(
    sheet: Project,
    atlas: Atlas,
    page: Layout,
    spec: MapSpec,
    rows: list[tuple[str, str]],
    lists: list[tuple[str, list[facts.Row]]],
    scale: float,
) -> list[Item]:
    """Set head, facts and lists in the left column, larger by ``scale``; nothing if too tall."""
    ink = inks(spec.style)
    head, top = _head(sheet, atlas, page, spec, scale)
    room = Box(page.text.left, top, page.text.width, page.sources.top - 4 - top)
    column = Column(room, ink, 11.0 * scale, _accent(sheet, atlas, ink))
    listed = {_TOLD.get(title) for title, _ in lists}
    kept = [row for row in rows if row[0] not in listed]
    held = all(column.fact(name, text, 99) for name, text in kept)
    held = held and all(_added(column, title, found) for title, found in lists)
    return [*head, *column.items] if held else []


def _accent(sheet: Project, atlas: Atlas, ink: Inks) -> str:
    """Give the colour of a sheet."""
    return ink.ink if ink.mono else theme_symbol(atlas.themes[sheet.theme]).colour


def _head(
    sheet: Project, atlas: Atlas, page: Layout, spec: MapSpec, scale: float = 1.0
) -> tuple[list[Item], float]:
    """Set title, place, kind and summary; give where the facts may begin."""
    box, ink = page.text, inks(spec.style)
    room = Box(box.left, box.top - 3, box.width, 88 * scale)
    title = fitted("title", typographic(sheet.title.fr), room, sizes=(DECK_TITLE,),
                   colour=ink.ink, weight=600, leading=1.1)  # fmt: skip
    first = atlas.projects.loc[sheet.id]
    where = ", ".join(filter(None, (first["town"], first["departement_name"])))
    if len(sheet.places) > 1:
        where += f" et {plural(len(sheet.places) - 1, 'autre lieu', 'autres lieux')}"
    room = Box(box.left, title.box.bottom + 3, box.width, 34)
    under = fitted("subtitle", typographic(where), room, sizes=(14, 13, 12), colour=ink.soft)
    y = under.box.bottom + 11
    items: list[Item] = [title, under, accent_bar(box.left, y, _accent(sheet, atlas, ink))]
    y += 14
    kinds = f"{atlas.themes[sheet.theme].short} · {atlas.label('kinds', sheet.kind)}"
    signs = theme_signs(sheet.theme, atlas.taxonomy, 9.0, spec.style)
    items.append(Symbol(f"legend:{sheet.theme}", "legend", box.left + 6, y + 4, 6.0, signs, kinds))
    kind = block(
        "legend", kinds, x=box.left + 18, top=y - 1.5, size=10.5, colour=ink.ink, weight=600
    )
    room = Box(box.left, y + 17, box.width, 112 * scale * scale)
    said = fitted("summary", typographic(str(sheet.summary or "")), room, colour=ink.ink,
                  sizes=tuple(size * scale for size in (12.5, 12, 11.5, 11, 10.5)))  # fmt: skip
    return [*items, roomy(kind, box.width - 18), said], said.box.bottom + 10


def _facts(
    rows: list[tuple[str, str]], page: Layout, ink: Inks, top: float, *, n_whole: int
) -> list[Item]:
    """Set the key facts under the summary, as many as the column holds; the first are whole.

    The room that is left goes to those that are cut: whole ones where it can.
    """
    box = Box(page.text.left, top, page.text.width, page.sources.top - 4 - top)

    def column(size: float, most: list[int]) -> tuple[Column, bool]:
        made = Column(box, ink, size)
        found = zip(rows, most, strict=True)
        return made, all(made.fact(*row, n, names=row[0] in _NAMES) for row, n in found)

    for size, lines in ((11.0, 99), (10.5, 99), (10.0, 99), (10.0, 4), (10.0, 3), (10.0, 2),
                        (10.0, 1)):  # fmt: skip
        most = [99] * n_whole + [lines] * (len(rows) - n_whole)
        kept, whole = column(size, most)
        if whole:
            break
    for more, rank in product((99, lines + 1), range(n_whole, len(rows))):
        longer, whole = column(size, [*most[:rank], more, *most[rank + 1 :]])
        if whole:
            kept, most = longer, [*most[:rank], more, *most[rank + 1 :]]
    return kept.items


def _fact_rows(
    sheet: Project, atlas: Atlas, first: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Give the facts of a slide, name and text; ``first`` come before those of the sheet."""
    rows = dict(facts.key_facts(sheet, atlas, brief=True))
    kept = [(name, typographic(text)) for name, text in first]
    own = [name for name, _ in own_fields(sheet, atlas) if name not in _FACTS]
    return kept + [(name, typographic(rows[name])) for name in (*_FACTS, *own) if name in rows]


def _lists(sheet: Project, atlas: Atlas) -> list[tuple[str, list[facts.Row]]]:
    """Give the lists that a slide may hold, first come first served."""
    known = facts.lists(sheet, atlas)
    if sheet.description:
        known["Projet"] = [facts.Row("", sheet.description.fr)]
    return [(facts.heading(title, sheet), known[title]) for title in _ORDER if title in known]


def _sections(
    found: list[tuple[str, list[facts.Row]]], page: Layout, ink: Inks, accent: str
) -> tuple[list[Item], bool]:
    """Set up to three columns under the map, then what still finds room below them.

    Returns
    -------
    tuple
        Items, and whether all that there is was set at its full size.
    """
    main, rest = found[:_MOST_SECTIONS], found[_MOST_SECTIONS:]
    left, gap = page.panel.left + 14, 22.0
    room = page.width - page.margin - left
    top, bottom = page.panel.bottom + 14, page.height - page.margin
    wide = (room - gap * (len(main) - 1)) / max(len(main), 1)
    boxes = [Box(left + k * (wide + gap), top, wide, bottom - top) for k in range(len(main))]
    for scale in _SCALES:
        sizes = (_SIZES[0] * scale,) if scale > 1 else _SIZES
        columns = [
            section(title, rows, box, ink, accent, sizes=sizes)
            for (title, rows), box in zip(main, boxes, strict=True)
        ]
        whole = all(column.size == sizes[0] for column in columns)
        for title, rows in rest:
            by_room = sorted(columns, key=lambda c: c.y)
            whole &= any(_added(column, title, rows) for column in by_room)
        if whole:
            break
    return [item for column in columns for item in column.items], whole


def section(
    title: str,
    rows: list[facts.Row],
    box: Box,
    ink: Inks,
    accent: str,
    *,
    sizes: Sequence[float] = _SIZES,
) -> Column:
    """Set one list: smaller until it fits, then its notes in two lines, then its first rows alone.

    It says how many it leaves. A row is whole, or left out: the first alone is cut, when even it
    finds no room.
    """
    for size, note in (*((size, 99) for size in sizes), (_SIZES[-1], 2)):
        column = Column(box, ink, size, accent)
        column.heading(title)
        if all(column.row(row, note=note) for row in rows):
            return column
    column = Column(Box(box.left, box.top, box.width, box.height - 14), ink, _SIZES[-1], accent)
    column.heading(title)
    shown = 0
    while shown < len(rows) and column.row(rows[shown], note=2):
        shown += 1
    if not shown:
        shown = int(any(column.row(rows[0], most=most) for most in range(8, 0, -1)))
    if shown < len(rows):
        column.box = box
        column.note(f"… et {plural(len(rows) - shown, 'autre', 'autres')}, voir la fiche")
    return column


def _added(column: Column, title: str, rows: list[facts.Row]) -> bool:
    """Set a whole list below another one, or nothing of it."""
    n_items, y = len(column.items), column.y
    column.y += 8
    if column.heading(title) and all(column.row(row) for row in rows):
        return True
    del column.items[n_items:]
    column.y = y
    return False


def _sources(sheet: Project, atlas: Atlas) -> str:
    """Say where the facts come from."""
    return f"D’après {source(sheet, atlas)}. Montants et dates tels que parus."


def source_lines(
    first: str, page: Layout, ink: Inks, spec: MapSpec, *, licence: str = LICENCE
) -> list[Text]:
    """Set the sources on the lines where they stand on every slide.

    Parameters
    ----------
    first
        Where the facts of this slide come from; what all slides share follows.
    page, ink, spec
        Of the slide.
    licence
        As :func:`villeactive.wording.sources.ground_licence` says it.
    """
    box, size = page.sources, page.sizes["source"]
    said = [first]
    lists = ", ".join(producers())
    said.append(f"Programmes{NBSP}: {lists}. Population{NBSP}: Insee. Contours{NBSP}: IGN.")
    tail = [licence] + ([day(spec.date)] if spec.date else [])
    said.append(" · ".join(tail))
    said += [shortened(spec.footer, size, box.width)] if spec.footer else []
    lines, y = [], box.bottom
    for text in reversed(said):
        broken = lines_of(typographic(text), size, box.width)
        made = block("source", broken, x=box.left, top=0, size=size, colour=ink.soft)
        y -= len(made.lines) * size * 1.22
        lines.append(replace(made, y=made.y + y, box=replace(made.box, top=made.box.top + y)))
    return lines[::-1]
