"""The slide of a town: where it is, its figures and programmes, its projects, towns like it.

Laid out as the slide of a project, so that both stand in one deck.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from villeactive.analysis.proximity import projects_within
from villeactive.analysis.similar_towns import similar
from villeactive.atlas import Atlas
from villeactive.documents import slide_parts
from villeactive.filtering import applied_to
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.extent import ZONES, project, zone_at
from villeactive.maps.scene.layout import Layout, layout
from villeactive.maps.scene.print_style import Inks, inks
from villeactive.maps.scene.spec import Box, Item, Label, MapSpec, Scene, Sign, Style, Symbol, Text
from villeactive.programmes import first_town_layers
from villeactive.selection import DEFAULT_WITHIN_KM
from villeactive.text import NBSP, in_departement, number, typographic, within
from villeactive.typography.font_metrics import ASCENT, DESCENT, block, widest_of
from villeactive.typography.text_fit import Column
from villeactive.wording.facts import NO_PROGRAMME, Row
from villeactive.wording.sources import document, ground_licence
from villeactive.wording.town_facts import five_figures, labels_said

_ACROSS = 11.0
"""Of the mark of the town, points."""
_NAME = 14.0
"""Size of its name, points."""
_MOST = 5
"""Of the lists: projects around, towns alike."""


def town_scene(code_insee: str, atlas: Atlas, *, spec: MapSpec) -> Scene:
    """Compose the slide of a town.

    Parameters
    ----------
    code_insee, atlas
        A current commune, and the whole atlas.
    spec
        Style, date, footer.

    Returns
    -------
    Scene
        Of the size of a slide; title, subtitle and sources where they stand on every slide.

    Raises
    ------
    UnknownValueError
        No commune has this code.
    """
    page, ink = layout("project"), inks(spec.style)
    scene = _situation(code_insee, atlas, spec=replace(spec, layout="project", subtitle=None))
    head, top = _head(code_insee, atlas, page, ink)
    named = f"{NBSP}; ".join(document(one, atlas) for one in atlas.collections.values())
    first = f"Projets{NBSP}: d’après {named}. Ressemblance{NBSP}: mesure de l’atlas."
    head += _facts(code_insee, atlas, page, ink, top)
    licence = ground_licence(atlas.collections.values())
    sources = slide_parts.source_lines(first, page, ink, spec, licence=licence)
    listed = (
        "Projets ici, projets autour, villes comme elle",
        _lists(code_insee, atlas, page, ink),
    )
    return slide_parts.slide(scene, spec, head=head, listed=listed, sources=sources)


def town_notes(code_insee: str, atlas: Atlas) -> tuple[str, ...]:
    """Give what stands in the notes of the slide: the town, then its labels."""
    row = atlas.communes.loc[code_insee]
    return (f"{row['name']} ({row['departement_name']})", *labels_said(code_insee, atlas))


def _situation(code_insee: str, atlas: Atlas, *, spec: MapSpec) -> Scene:
    """Draw the town among the labelled towns around."""
    page, here = layout(spec.layout), atlas.communes.loc[[code_insee]]
    name = here["name"].iloc[0]
    around = slide_parts.towns_around(here, atlas, page=page)
    nothing = applied_to([], atlas)
    wanted = replace(
        spec, extent="selection", layers=first_town_layers(), labels="towns", title=name
    )
    scene = compose(nothing, atlas, spec=wanted, towns=around)
    scene = marked(slide_parts.map_alone(scene), (code_insee,), atlas)
    said = f"Carte de situation{NBSP}: {name} et les communes labellisées autour."
    return replace(scene, description=said, title=name)


def marked(scene: Scene, codes: Sequence[str], atlas: Atlas) -> Scene:
    """Mark towns on a map, each with its name where it has room.

    Parameters
    ----------
    scene
        A map.
    codes
        ``code_insee`` of the towns; one that lies in no window is left out.
    atlas
        The whole atlas.
    """
    for code in codes:
        pair = _mark(code, scene, atlas)
        if pair is None:
            continue
        symbol, label = pair
        scene = scene.with_items({"villes": [symbol], "etiquettes": [label]})
    return scene


def _mark(code_insee: str, scene: Scene, atlas: Atlas) -> tuple[Symbol, Label] | None:
    """Mark the town at its place, with its name."""
    row, ink = atlas.communes.loc[code_insee], inks(scene.spec.style)
    zone = zone_at(row["lon"], row["lat"])
    metres = project(np.array([[row["lon"], row["lat"]]], dtype=float), zone)
    views = [v for v in scene.views if v.epsg == ZONES[zone] and v.name in {"main", zone}]
    spots = ((view, *view.to_page(metres)[0]) for view in views)
    view, x, y = next((s for s in spots if s[0].frame.holds(Box(s[1], s[2], 0, 0))), (None, 0, 0))
    if view is None:
        return None
    name = typographic(row["name"])
    signs = (
        Sign("circle", _ACROSS + 4, Style(fill=ink.paper)),
        Sign("circle", _ACROSS, Style(fill=ink.paper, stroke=ink.ink, width=3.0)),
    )
    symbol = Symbol(code_insee, "town", x, y, _ACROSS / 2, signs, name, code_insee=code_insee,
                    home=(x, y))  # fmt: skip

    texts = [_named(name, *spot, ink) for spot in _around(x, y)]
    room, taken = view.frame.inset(8), _taken(scene)
    held = [text for text in texts if room.holds(text.box)] or texts
    text = min(held, key=lambda one: sum(one.box.meets(box) for box in taken))
    return symbol, Label(code_insee, replace(text, halo=ink.paper))


def _around(x: float, y: float) -> list[tuple[float, float, str]]:
    """Give where a name may stand (anchor, top, side): right of its mark, left, above, below."""
    above = y - _ACROSS - _NAME * (ASCENT + DESCENT)
    return [(x + _ACROSS, y - 9, "start"), (x - _ACROSS, y - 9, "end"), (x, above, "middle"),
            (x, y + _ACROSS, "middle")]  # fmt: skip


def _named(name: str, x: float, top: float, side: str, ink: Inks) -> Text:
    """Set the name of a mark; its box has room for wider letters."""
    text = block("label", name, x=x, top=top, size=_NAME, colour=ink.ink, weight=700, align=side)
    wide = widest_of(name, _NAME, weight=700)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[side]
    return replace(text, box=replace(text.box, left=left, width=wide))


def _taken(scene: Scene) -> list[Box]:
    """Give what names keep off: other names and signs of projects."""
    names = [i.text.box for i in scene.layer("etiquettes") if isinstance(i, Label)]
    signs = [s for s in scene.symbols() if s.role in {"project", "mention"}]
    return names + [Box(s.x - s.radius, s.y - s.radius, 2 * s.radius, 2 * s.radius) for s in signs]


def _head(code_insee: str, atlas: Atlas, page: Layout, ink: Inks) -> tuple[list[Item], float]:
    """Set name and place; give where the facts may begin."""
    row = atlas.communes.loc[code_insee]
    where = within(row["departement_name"], row["region_name"], code=row["departement"])
    return slide_parts.heading(row["name"], where, page, ink, ink.accent)


def _facts(code_insee: str, atlas: Atlas, page: Layout, ink: Inks, top: float) -> list[Item]:
    """Set figures and labels, as many as the column holds."""
    box = slide_parts.beside_map(page, top)
    figures = five_figures(code_insee, atlas, within_km=DEFAULT_WITHIN_KM)
    rows = [(one.label, one.note if one.said == "–" else f"{one.said}, {one.note}")
            for one in figures]  # fmt: skip
    rows.append(("Programmes", ", ".join(labels_said(code_insee, atlas)) or NO_PROGRAMME))
    for size, lines in ((13.0, 99), (12.0, 99), (11.0, 99), (11.0, 3), (10.0, 2), (10.0, 1)):
        column = Column(box, ink, size)
        if all(column.fact(name, typographic(text), lines) for name, text in rows):
            break
    return column.items


def _lists(code_insee: str, atlas: Atlas, page: Layout, ink: Inks) -> list[Item]:
    """Set the three lists under the map."""
    found = projects_within(code_insee, DEFAULT_WITHIN_KM, atlas, counted=True)
    here, near = found[found["distance_km"] == 0], found[found["distance_km"] > 0]
    alike = similar(code_insee, atlas, n=_MOST)
    lists = {
        "Projets ici": [_project(key, "", atlas) for key in here.index],
        f"Ailleurs à moins de {DEFAULT_WITHIN_KM}{NBSP}km": [
            _project(key, f"{row['town']}, à {number(row['distance_km'])}{NBSP}km", atlas)
            for key, row in near.head(_MOST).iterrows()
        ],
        "Des villes comme elle": [
            Row(in_departement(row.name, row.departement), f"{number(row.likeness)} sur 100")
            for row in alike.itertuples(index=False)
        ],
    }
    items: list[Item] = []
    for (title, rows), box in zip(
        lists.items(), slide_parts.under_map(page, len(lists)), strict=True
    ):
        items += slide_parts.section(title, rows or [Row("", "Aucun")], box, ink, ink.accent).items
    return items


def _project(key: str, where: str, atlas: Atlas) -> Row:
    """Name a project, and say where it is."""
    return Row(where, atlas.sheets[key].title.fr)
