"""What a drawn map says: title, subtitle, counts, sources, alternative text. No place, no ink."""

import re
from collections.abc import Iterable

from villeactive.atlas import Atlas
from villeactive.collections.collection import Collection
from villeactive.maps.scene.extent import Extent
from villeactive.maps.scene.map_content import Content, figures_of
from villeactive.maps.scene.spec import MapSpec, View
from villeactive.programmes import drawn_at_first, head, known_programmes, labelled, territories
from villeactive.selection import Selection, chips
from villeactive.text import NBSP, day, enumeration, plural, typographic
from villeactive.wording import figures as wording
from villeactive.wording.sources import collections_of, edition, ground_licence, printed

IN_REGION = {
    "01": "en Guadeloupe",
    "02": "en Martinique",
    "03": "en Guyane",
    "04": "à La Réunion",
    "06": "à Mayotte",
    "11": "en Île-de-France",
    "24": "en Centre-Val de Loire",
    "27": "en Bourgogne-Franche-Comté",
    "28": "en Normandie",
    "32": "dans les Hauts-de-France",
    "44": "dans le Grand Est",
    "52": "dans les Pays de la Loire",
    "53": "en Bretagne",
    "75": "en Nouvelle-Aquitaine",
    "76": "en Occitanie",
    "84": "en Auvergne-Rhône-Alpes",
    "93": "en Provence-Alpes-Côte d’Azur",
    "94": "en Corse",
}
"""Région code → its name with the preposition that French usage wants."""

PROJECTIONS = {
    2154: "Lambert-93",
    5490: "RGAF09, UTM 20 nord",
    2972: "RGFG95, UTM 22 nord",
    2975: "RGR92, UTM 40 sud",
    4471: "RGM04, UTM 38 sud",
}
HELD = (
    r"(?<=^en) |(?<=^à) |(?<=\bLa) |(?<=\bla) |(?<=\ble) |(?<=\bde) |(?<=^dans) |(?<=Côte) "
    r"|(?<=Grand) "
)
"""Spaces that no line breaks at: a preposition stays with what it leads to."""


def title(
    content: Content, spec: MapSpec, extent: Extent, selection: Selection | None, atlas: Atlas
) -> str:
    """Write the title from what is shown and where, unless one is given."""
    if spec.title is not None:
        return spec.title
    subject = _subject(content, spec, selection, atlas)
    region = extent.code if extent.kind == "region" else ""
    if not extent.is_territory and selection and len(selection.region) == 1:
        region = selection.region[0]
    if region in IN_REGION:
        return f"{subject} {re.sub(HELD, NBSP, IN_REGION[region])}"
    return f"{subject}, {typographic(extent.name)}" if extent.name else subject


def _subject(content: Content, spec: MapSpec, selection: Selection | None, atlas: Atlas) -> str:
    """Name what the map is about."""
    if euros := next((one for one in figures_of(spec.layers) if one.slug), None):
        header = atlas.own_columns[euros.slug].header
        return wording.title(euros.level, header, per_head=euros.kind == "per-head")
    named = known_programmes()
    if {"projects", "mentions"} & set(spec.layers) or not spec.layers:
        if selection and len(selection.theme) == 1:
            return atlas.label("themes", selection.theme[0])
        return _titles(content, atlas)
    towns = [c for c in labelled() if named[c].drawn_layer in spec.layers]
    if towns:
        return enumeration([named[c].label if len(towns) < 3 else named[c].short for c in towns])
    areas = [code for code in territories() if named[code].drawn_layer in spec.layers]
    if areas:
        return head(areas[0]).name
    if "share:departement" in spec.layers:
        return "Vivre dans une commune labellisée"
    return _titles(content, atlas)


def _shown(content: Content, atlas: Atlas) -> list[Collection]:
    """Give the collections of the projects drawn; those of the atlas where none is."""
    drawn = {*content.sites["project"], *content.mentions["project"]}
    return collections_of(drawn, atlas) or list(atlas.collections.values())


def _titles(content: Content, atlas: Atlas) -> str:
    """Name the collections drawn; several together by what they hold."""
    shown = _shown(content, atlas)
    return str(shown[0].title) if len(shown) == 1 else "Projets"


def subtitle(
    content: Content, spec: MapSpec, extent: Extent, selection: Selection | None, atlas: Atlas
) -> str:
    """Say the filters in force, unless a subtitle is given."""
    if spec.subtitle is not None:
        return spec.subtitle
    euros = any(one.slug for one in figures_of(spec.layers))  # what the title then says
    told = set() if euros else {"collection"}
    if selection and len(selection.theme) == 1 and not euros:
        told.add("theme")
    if extent.kind == "region" or (selection and len(selection.region) == 1):
        told.add("region")
    if extent.kind == "departement":
        told.add("departement")
    said = [words for key, words in chips(selection, atlas) if key not in told] if selection else []
    if said:
        return typographic(" · ".join(said))
    if "projects" in spec.layers:
        return enumeration([e for e in map(edition, _shown(content, atlas)) if e])
    if extent.is_territory:
        return ""
    return "France métropolitaine et outre-mer"


def tells_elsewhere(extent: Extent, selection: Selection | None, atlas: Atlas) -> bool:
    """Tell whether projects outside the frame are worth a word: those that other filters chose.

    In the frame of a territory, that the whole of a collection holds more goes without saying.
    """
    asked = {key for key, _ in chips(selection, atlas)} if selection else set()
    return not extent.is_territory or bool(asked - {"region", "departement", "collection"})


def counts(content: Content, spec: MapSpec, *, territories: int = 0) -> str:
    """Say what is counted: « 20 projets, 23 villes », and what is not on the map."""
    said = []
    if "projects" in spec.layers:
        n_projects = content.n_projects
        said.append(
            f"{plural(n_projects, 'projet')}, {plural(content.n_towns, 'ville')}"
            if n_projects
            else "Aucun projet"
        )
        if not n_projects and len(content.towns):
            said.append(plural(len(content.towns), "commune labellisée", "communes labellisées"))
    if "mentions" in spec.layers and len(content.mentions):
        cited = content.mentions["project"].nunique()
        said.append(plural(int(cited), "lieu cité", "lieux cités"))
    if not said and content.programmes:
        said.append(plural(len(content.towns), "commune"))
    if not said and territories:
        said.append(plural(territories, "territoire"))
    line = ", ".join(said)
    missing = []
    if content.elsewhere:
        missing.append(f"{plural(content.elsewhere, 'projet')} hors du cadre")
    if content.unlocated:
        missing.append(f"{plural(content.unlocated, 'non localisé', 'non localisés')}")
    return f"{NBSP}; ".join([line, *missing]) if line else ""


def _vintages(codes: list[str]) -> list[str]:
    """Name the lists of programmes, by producer, each with its year."""
    lists: dict[str, list[str]] = {}
    for one in map(known_programmes().__getitem__, codes):
        cited = f"{head(one.code).short} {one.vintage[:4]}"
        lists.setdefault(one.producer, []).append(cited)
    return [f"{producer}, {enumeration(names)}" for producer, names in lists.items()]


def sources(
    content: Content,
    spec: MapSpec,
    views: tuple[View, ...],
    atlas: Atlas,
    *,
    areas: Iterable[str] = (),
) -> list[str]:
    """Give the lines under a map: sources with vintages; licence, projection, date; own footer.

    Lists are cited for what is seen: programmes of towns, ``areas`` (programmes of territories).
    The address is printed only when a public one is given.
    """
    named = []
    projects = {"projects", "mentions"} & set(spec.layers)
    drawn = _shown(content, atlas) if projects else []
    named += [printed(one, atlas) for one in drawn]
    codes = [c for c in content.programmes if any(c in shown for shown in content.towns["shown"])]
    if "share:departement" in spec.layers:
        codes = list(content.programmes or drawn_at_first())
    codes += [code for code in territories() if code in areas]
    named += _vintages(codes)
    if "share:departement" in spec.layers:
        year = int(atlas.communes["population_year"].max())
        named.append(f"Insee, population municipale {year}")
    named.append("Insee, COG 2026")
    named.append("contours d’après IGN Admin Express et Natural Earth")
    first = f"Sources{NBSP}: {f'{NBSP}; '.join(named)}."
    projection = f"Projection {PROJECTIONS[views[0].epsg]}"
    if any(view.epsg != views[0].epsg for view in views):
        projection += ", légale locale outre-mer"
    second = [ground_licence(drawn), projection]
    if spec.date:
        second.append(day(spec.date).replace(" ", NBSP))
    lines = [typographic(first), " · ".join(second)]
    if spec.address:
        lines.append(spec.address)
    return lines + ([typographic(spec.footer)] if spec.footer else [])


def description(scene_title: str, said: str, entries: list[str], spec: MapSpec) -> str:
    """Write the alternative text of the map."""
    place = {"france": "Carte de France"}.get(spec.extent, "Carte")
    shown = f" Légende{NBSP}: {f'{NBSP}; '.join(entries)}." if entries else ""
    return f"{place}{NBSP}: {scene_title}. {said}.{shown}".replace(". .", ".")
