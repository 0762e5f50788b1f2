"""The workshop of maps: a few choices, a live preview, the files.

The address says what is chosen (:mod:`villeactive.ui.pages.workshop_address`); the same file
asked again comes from the cache.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.documents.map_files import KINDS, map_file
from villeactive.kept_with import kept_with_first
from villeactive.layers import LEVELS, read_group
from villeactive.maps.scene.extent import extent_of, parse_extent
from villeactive.maps.scene.layout import LAYOUTS
from villeactive.maps.scene.map_content import figures_of, known_layers
from villeactive.maps.scene.spec import MapSpec
from villeactive.programmes import drawn_at_first, known_programmes
from villeactive.selection import Selection
from villeactive.text import NBSP, typed, typographic
from villeactive.ui import address
from villeactive.ui.export_queue import drawing, place
from villeactive.ui.own_files import component
from villeactive.ui.pages import browser_memory
from villeactive.ui.pages.workshop_address import KEYS, TITLE, AskedMap, for_a_meeting, from_query
from villeactive.ui.parts import blocks
from villeactive.ui.trial import current_atlas

PREVIEW_DPI = 150
FOOTER = 140
"""Most characters of a footer."""

RESOLUTIONS = (96, 150, 300, 600)

LABELS = {
    "towns": "Villes",
    "all": "Toutes les villes",
    "titles": "Titres des projets",
    "numbers": "Numéros et liste",
    "none": "Aucune",
}
STYLES = {"light": "Couleurs", "mono": "Noir et blanc"}
_DRAWN = {
    "projects": "Projets",
    "mentions": "Lieux cités",
    "circles:region": "Cercles par région",
    "circles:departement": "Cercles par département",
    "circles:epci": "Cercles par intercommunalité",
    "circles:town": "Cercles par commune",
    "share:departement": "Part de la population par département",
}
"""Layers of a drawn map besides the programmes."""


@kept_with_first(64)
def made(atlas: Atlas, kind: str, filters: Selection, spec: MapSpec, dpi: int) -> bytes:
    """Make a file once, when a place is free; asked again, it comes from the cache at once."""
    with place(said=False):
        return map_file(kind, filters, atlas, spec=spec, dpi=dpi)


def extents(selection: Selection, atlas: Atlas) -> dict[str, str]:
    """Offer the extents that the selection calls for: its own territories first."""
    offered = {"france": "France entière", "selection": "Cadrer sur la sélection"}
    offered |= {f"region:{code}": atlas.regions[code] for code in selection.region}
    offered |= {f"departement:{c}": atlas.departements[c] for c in selection.departement}
    offered |= {f"epci:{code}": atlas.epci[code] for code in selection.epci}
    offered |= {f"region:{code}": name for code, name in atlas.regions.items()}
    return offered | {
        f"departement:{code}": f"{name} ({code})" for code, name in atlas.departements.items()
    }


def first_layers(selection: Selection, atlas: Atlas) -> list[str]:
    """Draw what the page of the map shows."""
    names = {code: one.drawn_layer for code, one in known_programmes().items()}
    drawn = [names.get(layer, layer) for layer in selection.shown_layers(atlas)]
    group = read_group(selection.group, atlas.own_columns)
    if group and group.is_told:
        drawn.append(":".join(filter(None, ("circles", group.level or "region", group.slug))))
    return [layer for layer in drawn if layer in known_layers(atlas)]


def layer_names(selection: Selection, atlas: Atlas, drawn: Iterable[str]) -> dict[str, str]:
    """Name the layers of a drawn map: of euros, those drawn and those of the collections asked."""
    names = {one.drawn_layer: one.name for one in known_programmes().values()} | _DRAWN
    there = set(selection.collection or atlas.collections)
    for one in figures_of(known_layers(atlas)):
        column = atlas.own_columns.get(one.slug)
        if column and (there & column.priced or one.code in drawn):
            what = "Par habitant" if one.kind == "per-head" else "Cercles"
            header = typographic(column.header)
            names[one.code] = f"{what}, par {LEVELS[one.level]}{NBSP}: {header}"
    return {layer: names[layer] for layer in known_layers(atlas) if layer in names}


def public_address(selection: Selection) -> str | None:
    """Give the address to print on a map, when the atlas has a public one."""
    base = os.environ.get("VILLEACTIVE_ADDRESS", "").rstrip("/")
    if not base.startswith(("https://", "http://")):
        return None
    query = selection.filters.to_query()
    return f"{base}/?{urlencode(query)}" if query else base


def asked() -> AskedMap:
    """Read what the address asks of the map; values that no longer exist are said."""
    wish, dropped = _read()
    for sentence in dropped:
        st.warning(sentence, icon=":material/link_off:")
    return wish


def _read() -> tuple[AskedMap, list[str]]:
    """Read what the address asks for now, and what it asks for that no longer exists."""
    here = address.here()
    return from_query({key: here[key] for key in KEYS if key in here}, current_atlas())


def _change(**values: object) -> None:
    """Write what the address asks of the map, some replaced."""
    address.keep(replace(_read()[0], **values).to_query())


def _recalled(kept: dict[str, str]) -> None:
    """Take what this browser kept, unless the address says what it asks."""
    if kept and not any(key in st.query_params for key in KEYS):
        _change(**kept)


def _take(name: str) -> Callable[[], None]:
    """Give what writes the choice of a widget."""

    def take() -> None:
        value = st.session_state[f"a-{name}"]
        if name == "drawn":
            value = tuple(layer for layer in known_layers(current_atlas()) if layer in value)
        if name == "title":
            whole = typed(value)
            value = whole[:TITLE].rstrip()
            st.session_state["a-cut"] = value != whole
        _change(**{name: value})

    return take


def _footer() -> str:
    """Ask for a line under the sources, and say when it is cut."""
    given = typed(st.text_input("Pied de page", key="a-footer"))
    if len(given) > FOOTER:
        st.caption(f"Coupé à {FOOTER} signes.")
    return given[:FOOTER].rstrip()


def show_choices(selection: Selection, wish: AskedMap, atlas: Atlas) -> MapSpec:
    """Show the choices, as the address has them, and give what they ask of the map."""
    browser_memory.recall(
        {
            "layout": (wish.layout, LAYOUTS),
            "labels": (wish.labels, LABELS),
            "style": (wish.style, STYLES),
        },
        {"a-footer": FOOTER},
        choose=_recalled,
    )
    extent = wish.extent or extent_of(selection)
    layers = first_layers(selection, atlas) if wish.drawn is None else list(wish.drawn)
    offered = extents(selection, atlas)
    offered.setdefault(extent, parse_extent(extent).name)
    shown = {"layout": wish.layout, "extent": extent, "drawn": layers, "labels": wish.labels,
             "style": wish.style, "title": wish.title}  # fmt: skip
    for name, value in shown.items():
        st.session_state[f"a-{name}"] = value

    def of(name: str) -> dict[str, object]:
        return {"key": f"a-{name}", "on_change": _take(name)}

    meeting, names = replace(wish, **for_a_meeting()), layer_names(selection, atlas, layers)
    shortest = known_programmes()[drawn_at_first()[0]].label
    st.button(
        "Pour une réunion",
        icon=":material/co_present:",
        help=f"Peu de noms, écrits grand\u00a0: les projets et les villes {shortest}.",
        on_click=_change,
        kwargs=for_a_meeting(),
        disabled=meeting == wish,
        key="a-meeting",
    )
    one = {"required": True, "wrap": True}
    st.segmented_control(
        "Format", list(LAYOUTS), format_func=lambda code: LAYOUTS[code].name, **one, **of("layout")
    )
    st.selectbox("Territoire", list(offered), format_func=offered.get, **of("extent"))
    st.multiselect(
        "Couches", list(names), format_func=names.get, placeholder="Choisissez une couche",
        select_all=False, **of("drawn"),
    )  # fmt: skip
    st.segmented_control("Étiquettes", list(LABELS), format_func=LABELS.get, **one, **of("labels"))
    st.segmented_control("Style", list(STYLES), format_func=STYLES.get, **one, **of("style"))
    st.text_input("Titre", placeholder="Écrit d’après la sélection", **of("title"))
    if st.session_state.pop("a-cut", False):
        st.caption(f"Coupé à {TITLE} signes.")
    with st.expander("Pied de page et logo"):
        footer = _footer()
        logo = browser_memory.logo()
        overseas = st.toggle("Toujours montrer l’outre-mer", key="a-overseas")
    return MapSpec(
        extent=extent,
        layout=wish.layout,
        layers=tuple(layers),
        labels=wish.labels,
        style=wish.style,
        title=wish.title or None,
        footer=footer,
        logo=logo,
        overseas=overseas,
        address=public_address(selection),
        date=date.today().isoformat(),
    )


_COPY = '<div><button type="button">Copier l’image</button><span role="status"></span></div>'


def show_preview(selection: Selection, spec: MapSpec, sentence: str) -> None:
    """Show the picture as it will be, with what copies it."""
    with st.spinner(drawing()):
        picture = made(current_atlas(), "png", selection.filters, spec, PREVIEW_DPI)
    with st.container(key="apercu"):
        st.image(
            picture, width="stretch", caption=sentence, alt=f"Aperçu de la carte\u00a0: {sentence}"
        )
    component("villeactive_copier", "copy.js", styles=("share.css",), html=_COPY)(key="copier")


def show_files(selection: Selection, spec: MapSpec) -> None:
    """Offer every kind of file, each made when asked for."""
    dpi = st.select_slider(
        "Finesse de l’image PNG (points par pouce)", RESOLUTIONS, value=300, key="a-dpi"
    )

    atlas = current_atlas()  # here: a file is made outside the session, once it is asked for

    def maker(kind: str):
        return lambda: made(atlas, kind, selection.filters, spec, dpi)

    name = f"ville-active-{spec.extent.replace(':', '-')}-{spec.date}"
    with st.container(horizontal=True, key="fichiers"):
        for kind, described in KINDS.items():
            blocks.file_button(
                described.name,
                maker(kind),
                f"{name}.{kind}",
                described.media,
                key=f"fichier-{kind}",
            )
