"""Decks: a cover, a map of all, then a slide for each région, project or town.

The pages are scenes; they become a PPTX of native shapes or a tagged PDF. What is long tells
how far it is, and can be stopped between two pages.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import geopandas as gpd

from villeactive.atlas import Atlas
from villeactive.documents.project_slide import project_scene
from villeactive.documents.town_slide import marked, town_notes, town_scene
from villeactive.errors import UnknownValueError
from villeactive.filtering import Applied, applied_to, apply_to_towns
from villeactive.maps.render.pptx_slides import notes_of, scenes_to_pptx
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.extent import extent_of
from villeactive.maps.scene.layout import layout
from villeactive.maps.scene.map_content import check_layers
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import Box, Item, Layer, MapSpec, Scene, Text
from villeactive.maps.symbols import theme_symbol
from villeactive.selection import Selection
from villeactive.text import NBSP, day, plural, typographic
from villeactive.typography.font_metrics import widest_of
from villeactive.typography.text_fit import Column, accent_bar, fitted, lines_of
from villeactive.wording.facts import Row

BY = ("region", "project")
"""What a deck may have a slide for."""

Progress = Callable[[int, int], None]
"""Called with (done, total) before each step; it may raise, which stops the deck."""


@dataclass(frozen=True)
class _Asked:
    """What one asks of a deck."""

    applied: Applied
    atlas: Atlas
    by: str
    spec: MapSpec
    selection: Selection | None
    towns: gpd.GeoDataFrame | None
    title: str | None
    regions: tuple[str, ...]
    ids: tuple[str, ...]
    communes: tuple[str, ...]
    marked: tuple[str, ...]
    reasons: Mapping[str, Sequence[tuple[str, str]]]


Page = tuple[Scene, Sequence[str]]


def shortlist(ids: Sequence[str], atlas: Atlas) -> Applied:
    """Make a selection of the sheets that one gathered, in the order given.

    Raises
    ------
    UnknownValueError
        No sheet has this id.
    """
    kept = list(dict.fromkeys(ids))
    for name in kept:
        if name not in atlas.sheets:
            raise UnknownValueError("Fiche", name, [])
    return applied_to(kept, atlas)


def deck_file(
    kind: str,
    what: Applied | Sequence[str],
    atlas: Atlas,
    *,
    progress: Progress | None = None,
    **asked: object,
) -> bytes:
    """Make a deck: cover, map of all, then a slide per région, project or town.

    Parameters
    ----------
    kind
        ``pptx`` or ``pdf`` (tagged).
    what
        A selection applied to the atlas, or ids of sheets (a shortlist).
    atlas
        The whole atlas.
    by
        ``region`` or ``project``: what has a slide of its own.
    spec
        Layers, labels, style, footer, logo and date of the maps; extent and layout are the deck's.
    selection
        For the words of title and subtitle, the labelled communes that it leaves, and the one
        territory that frames the map of a deck by project.
    title
        Of the deck.
    regions
        Codes of the régions that have a slide; by default those with a project.
    communes
        ``code_insee`` of towns that have a slide each, after the others, and a mark on the maps.
    marked
        ``code_insee`` of other towns marked on the maps.
    reasons
        Id of a sheet → facts (name, text) that its slide says before its own.
    progress
        See :data:`Progress`.

    Returns
    -------
    bytes
        Same question and same date: same bytes.

    Raises
    ------
    UnknownValueError
        The kind, ``by``, an id, a layer or a style is unknown.
    """
    writers = {"pptx": _pptx, "pdf": _pdf}
    if kind not in writers:
        raise UnknownValueError("Format", kind, list(writers))
    return writers[kind](_asked(what, atlas, **asked), progress)


def _pptx(deck: _Asked, progress: Progress | None) -> bytes:
    total = 2 * _count(deck)
    pages = list(_told(deck, progress, total))
    done = iter(range(total // 2, total))
    step = (lambda: progress(next(done), total)) if progress else (lambda: None)
    return scenes_to_pptx(pages, title=pages[0][0].title, date=deck.spec.date, progress=step)


def _pdf(deck: _Asked, progress: Progress | None) -> bytes:
    from villeactive.maps.render.pdf_pages import scenes_to_pdf

    total = _count(deck) + 1
    scenes = [scene for scene, _ in _told(deck, progress, total)]
    if progress:
        progress(total - 1, total)
    return scenes_to_pdf(scenes, title=scenes[0].title, date=deck.spec.date)


def _asked(
    what: Applied | Sequence[str],
    atlas: Atlas,
    *,
    by: str = "region",
    spec: MapSpec = MapSpec(),  # noqa: B008
    selection: Selection | None = None,
    title: str | None = None,
    regions: tuple[str, ...] | None = None,
    communes: Sequence[str] = (),
    marked: Sequence[str] = (),
    reasons: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({}),
) -> _Asked:
    """Gather what is asked, and refuse what is unknown before any work."""
    if by not in BY:
        raise UnknownValueError("Diapositives par", by, list(BY))
    applied = what if isinstance(what, Applied) else shortlist(what, atlas)
    for code in regions or ():
        if code not in atlas.regions:
            raise UnknownValueError("Région", code, list(atlas.regions))
    for code in (*communes, *marked):
        if code not in atlas.communes.index:
            raise UnknownValueError("Commune", code, [])
    check_layers(spec.layers, atlas)
    spec = replace(spec, layout="deck", extent="france", title=None, subtitle=None)
    # a place that is only cited has a slide when it was gathered, or when there is nothing else
    counted = isinstance(what, Applied) and len(applied.counted)
    ids = tuple((applied.counted if counted else applied.projects).index)
    codes = _regions_of(applied, ids, atlas) if regions is None else regions
    towns = apply_to_towns(selection, atlas.towns, atlas) if selection else None
    communes = tuple(communes)
    marked = tuple(dict.fromkeys((*communes, *marked)))
    return _Asked(applied, atlas, by, spec, selection, towns, title, codes, ids, communes, marked,
                  reasons)  # fmt: skip


def _told(asked: _Asked, progress: Progress | None, total: int) -> Iterator[Page]:
    """Tell each page before it is made."""
    pages = _pages(asked)
    for done in range(_count(asked)):
        if progress:
            progress(done, total)
        yield next(pages)


def _regions_of(applied: Applied, ids: tuple[str, ...], atlas: Atlas) -> tuple[str, ...]:
    """List the régions that hold a matching site, in the order of INSEE."""
    sites = applied.sites[applied.sites["matches"] & applied.sites["project"].isin(ids)]
    held = set(sites["region"])
    return tuple(code for code in atlas.regions if code in held)


def _count(asked: _Asked) -> int:
    """Count the pages."""
    projects = len(asked.regions if asked.by == "region" else asked.ids)
    return 1 + _has_map(asked) + projects + len(asked.communes)


def _has_map(asked: _Asked) -> bool:
    """Tell whether there is a map of all; the slide of a lone région would say the same again."""
    alone = asked.by == "region" and len(asked.regions) == 1 and not asked.communes
    return _has_projects(asked) and not alone


def _has_projects(asked: _Asked) -> bool:
    """Tell whether a deck is about projects: one of towns alone is not."""
    return bool(asked.ids) or not asked.communes


def _pages(asked: _Asked) -> Iterator[Page]:
    """Make the pages, one when asked for."""
    yield _cover(asked), ()
    if _has_map(asked):
        # two slides of one title would be one to who reads their list
        title = "Les projets sur la carte" if asked.title else None
        spec = replace(asked.spec, title=title)
        if asked.selection and asked.by != "region":  # a région that is chosen fills the frame
            spec = replace(spec, extent=extent_of(asked.selection))
        yield _map(asked, spec), notes_of(asked.applied.counted)
    if asked.by == "region":
        for code in asked.regions:
            yield _region(asked, code)
    else:
        for name in asked.ids:
            yield _project(asked, name)
    for code in asked.communes:
        scene = town_scene(code, asked.atlas, spec=asked.spec)
        yield scene, town_notes(code, asked.atlas)


def _project(asked: _Asked, name: str) -> Page:
    """Compose the slide of a project."""
    sheet = asked.atlas.sheets[name]
    said = asked.reasons.get(name, ())
    scene = project_scene(sheet, asked.atlas, spec=asked.spec, first=said)
    notes = (f"{title}{NBSP}: {text}" for title, text in said)
    return scene, (sheet.title.fr, str(sheet.summary or ""), *notes)


def _map(asked: _Asked, spec: MapSpec) -> Scene:
    """Compose a map of the selection, the towns of the deck marked."""
    scene = compose(
        asked.applied, asked.atlas, spec=spec, selection=asked.selection, towns=asked.towns
    )
    scene = replace(scene, spec=replace(scene.spec, layout="slide"))
    return marked(scene, asked.marked, asked.atlas)


def _cover(asked: _Asked) -> Scene:
    """Compose the cover: a quiet map, and what the deck is about."""
    spec = replace(asked.spec, layers=("projects",), labels="none", overseas=False)
    scene = _map(asked, spec)
    page, ink = layout("slide"), inks(spec.style)
    box = page.text
    heading = typographic(asked.title or scene.title)
    title = fitted("title", heading, Box(box.left, 150, box.width, 170), colour=ink.ink,
                   sizes=(40, 36, 32, 28, 24, 20), weight=600, leading=1.1)  # fmt: skip
    items: list[Item] = [title]
    y = title.box.bottom + 8
    for text in _said(asked, scene):
        role = "subtitle" if len(items) == 1 else "count"
        room = Box(box.left, y, box.width, 60)
        items.append(fitted(role, text, room, sizes=(17, 15, 13), colour=ink.soft))
        y = items[-1].box.bottom + 8
    items.append(accent_bar(box.left, y + 8, ink.accent, across=76.0, width=5))
    kept = {"titre": tuple(items), "legende": (), "etiquettes": ()}
    layers = tuple(Layer(k.id, k.name, kept.get(k.id, k.items)) for k in scene.layers)
    return replace(scene, layers=layers, title=heading)


def _said(asked: _Asked, scene: Scene) -> list[str]:
    """Say the selection, its count and the date, for the cover."""
    old = {t.role: t.words for t in scene.layer("titre") if isinstance(t, Text)}
    said = [old.get("subtitle", "")]
    said += [old.get("count", "")] if _has_projects(asked) else []
    if asked.communes:
        kept = plural(len(asked.communes), "commune retenue", "communes retenues")
        said.append(f"{kept}, une page pour chacune")
    said.append(day(asked.spec.date) if asked.spec.date else "")
    return [text for text in said if text]


def _region(asked: _Asked, code: str) -> Page:
    """Compose the slide of a région: its map, and its projects under the legend."""
    scene = _map(asked, replace(asked.spec, extent=f"region:{code}"))
    sites = asked.applied.sites
    here = sites[sites["matches"] & (sites["region"] == code) & sites["project"].isin(asked.ids)]
    if len(here):
        scene = _with_projects(scene, asked, here)
    projects = asked.applied.projects
    return scene, notes_of(projects[projects.index.isin(set(here["project"]))])


def _with_projects(scene: Scene, asked: _Asked, sites: gpd.GeoDataFrame) -> Scene:
    """List the projects of a région in what the legend leaves of its column."""
    page = layout("slide")
    bottoms = [i.box.bottom for i in scene.layer("legende") if isinstance(i, Text) and
               i.box.left < page.panel.left]  # fmt: skip
    top = max([page.text.top + 90, *bottoms]) + 14
    foot = page.sources.bottom - _tall(scene.layer("sources"), page.sources.width) - 4
    box = Box(page.text.left, top, page.text.width, foot - top)
    rows = _project_rows(sites)
    return scene.with_items({"legende": _listed(rows, box, asked)})


def _tall(sources: Sequence[Text], wide: float) -> float:
    """Give the height that the sources take in any font, which sets their lines anew."""
    lines = (lines_of(text.words, wide, partial(widest_of, size=text.size)) for text in sources)
    return sum(len(some) * text.leading for some, text in zip(lines, sources, strict=True))


def _project_rows(sites: gpd.GeoDataFrame) -> list[tuple[str, Row]]:
    """Give theme and words of each project, with its towns."""
    rows = []
    for _, own in sites.groupby("project", sort=False):
        towns = ", ".join(dict.fromkeys(own["town"]))
        rows.append((own["theme"].iloc[0], Row(towns, own["title"].iloc[0])))
    return rows


def _listed(rows: list[tuple[str, Row]], box: Box, asked: _Asked) -> list[Item]:
    """Set projects, smaller until they hold, then say how many are left out."""
    ink = inks(asked.spec.style)
    for size, most in ((12.0, 99), (11.5, 99), (11.0, 99), (10.5, 99), (10.0, 99), (10.0, 2),
                       (10.0, 1)):  # fmt: skip
        column = Column(box, ink, size)
        shown = 0
        for theme, row in rows:
            column.accent = ink.ink if ink.mono else theme_symbol(asked.atlas.themes[theme]).colour
            shown += column.row(row, most=most, note=2 if most == 99 else 1)
        if shown == len(rows):
            return column.items
    column = Column(replace(box, height=box.height - 14), ink, 10.0)
    shown = 0
    for theme, row in rows:
        column.accent = ink.ink if ink.mono else theme_symbol(asked.atlas.themes[theme]).colour
        if not column.row(row, most=1, note=1):
            break
        shown += 1
    column.box = box
    column.note(f"… et {plural(len(rows) - shown, 'autre projet', 'autres projets')}")
    return column.items
