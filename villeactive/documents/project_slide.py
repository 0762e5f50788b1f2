"""The slide of a project: its surroundings, its facts, then calendar, money and strengths.

The page is a scene like any other map, so that the same code writes it to PPTX and PDF. Every
text is measured: it is set smaller, then shortened with « … », never cut nor run over.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.documents import slide_parts
from villeactive.filtering import applied_to
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.layout import Layout, layout
from villeactive.maps.scene.print_style import Inks, inks, theme_signs
from villeactive.maps.scene.spec import Box, Item, MapSpec, Scene, Symbol
from villeactive.maps.symbols import theme_symbol
from villeactive.programmes import first_town_layers
from villeactive.text import NBSP, plural, typographic
from villeactive.typography.font_metrics import block
from villeactive.typography.text_fit import Column, fitted, roomy
from villeactive.wording import facts
from villeactive.wording.own_fields import own_fields
from villeactive.wording.sources import ground_licence, source

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
_SCALES = (1.4, 1.3, 1.2, 1.1, 1.0)
"""Factors on sizes, so that a sheet of few words fills its slide too."""
_TOLD = {"Calendrier": "Quand", "Argent": "Combien"}
"""List → the fact that it says in full."""


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
    shown = applied_to([sheet.id], atlas)
    towns = atlas.towns.iloc[:0]
    if sheet.places:
        towns = slide_parts.towns_around(shown.sites, atlas, page=layout(spec.layout))
    scene = slide_parts.map_alone(compose(shown, atlas, spec=wanted, towns=towns))
    towns = [atlas.communes.loc[one.code_insee, "name"] for one in sheet.places]
    said = f"Carte de situation{NBSP}: {', '.join(dict.fromkeys(towns))} et ses environs."
    if not towns:
        said = f"Carte de France{NBSP}: le projet n’est pas localisé."
    return replace(scene, description=said, title=sheet.title.fr)


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
    licence = ground_licence([atlas.collection_of(sheet)])
    sources = slide_parts.source_lines(
        _sources(sheet, atlas), layout(name), ink, spec, licence=licence
    )
    listed = ("Calendrier, argent, points forts", lists)
    return slide_parts.slide(scene, spec, head=said, listed=listed, sources=sources)


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
    column = Column(
        slide_parts.beside_map(page, top), ink, 11.0 * scale, _accent(sheet, atlas, ink)
    )
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
    first = atlas.projects.loc[sheet.id]
    where = ", ".join(filter(None, (first["town"], first["departement_name"])))
    if len(sheet.places) > 1:
        where += f" et {plural(len(sheet.places) - 1, 'autre lieu', 'autres lieux')}"
    accent = _accent(sheet, atlas, ink)
    items, y = slide_parts.heading(sheet.title.fr, where, page, ink, accent, tall=88 * scale)
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
    box = slide_parts.beside_map(page, top)

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
    boxes = slide_parts.under_map(page, len(main))
    for scale in _SCALES:
        sizes = (slide_parts.LIST_SIZES[0] * scale,) if scale > 1 else slide_parts.LIST_SIZES
        columns = [
            slide_parts.section(title, rows, box, ink, accent, sizes=sizes)
            for (title, rows), box in zip(main, boxes, strict=True)
        ]
        whole = all(column.size == sizes[0] for column in columns)
        for title, rows in rest:
            by_room = sorted(columns, key=lambda c: c.y)
            whole &= any(_added(column, title, rows) for column in by_room)
        if whole:
            break
    return [item for column in columns for item in column.items], whole


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
