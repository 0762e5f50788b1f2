"""The workshop of maps: a few choices, a live preview, the files.

The same file asked again comes from the cache.
"""

import os
from datetime import date
from importlib.resources import files
from urllib.parse import urlencode

import streamlit as st

from villeactive.atlas import Atlas, read_atlas
from villeactive.maps.files import KINDS, map_file
from villeactive.maps.layouts import LAYOUTS
from villeactive.maps.scene import MapSpec
from villeactive.selection import Selection
from villeactive.ui import memory
from villeactive.ui.turns import place

PREVIEW_DPI = 150
TITLE, FOOTER = 90, 140
"""Most characters of a title, of a footer."""

RESOLUTIONS = (96, 150, 300, 600)

LABELS = {
    "towns": "Villes",
    "titles": "Titres des projets",
    "numbers": "Numéros et liste",
    "none": "Aucune",
}
STYLES = {"light": "Couleurs", "mono": "Noir et blanc"}
SHOWN = {
    "projects": "Projets",
    "mentions": "Lieux cités",
    "towns:ACV": "Action cœur de ville",
    "towns:PVD": "Petites villes de demain",
    "towns:ORT": "ORT",
    "towns:FABT": "Fabrique de territoire",
    "towns:MANUP": "Manufacture de proximité",
    "ti": "Territoires d’industrie",
    "ti1": "Territoires d’industrie (2018-2022)",
    "circles:region": "Cercles par région",
    "circles:departement": "Cercles par département",
    "share:departement": "Part de la population par département",
}


@st.cache_data(max_entries=64, show_spinner=False)
def made(kind: str, filters: Selection, spec: MapSpec, dpi: int) -> bytes:
    """Make a file once; asked again, it comes from the cache."""
    return map_file(kind, filters, read_atlas(), spec=spec, dpi=dpi)


def extents(selection: Selection, atlas: Atlas) -> dict[str, str]:
    """Offer the extents that the selection calls for: its own territories first."""
    offered = {"france": "France entière", "selection": "Cadrer sur la sélection"}
    offered |= {f"region:{code}": atlas.regions[code] for code in selection.region}
    offered |= {f"departement:{c}": atlas.departements[c] for c in selection.departement}
    offered |= {f"region:{code}": name for code, name in atlas.regions.items()}
    return offered | {
        f"departement:{code}": f"{name} ({code})" for code, name in atlas.departements.items()
    }


def first_extent(selection: Selection) -> str:
    """Frame the one région or département of a selection, else France."""
    if len(selection.departement) == 1:
        return f"departement:{selection.departement[0]}"
    return f"region:{selection.region[0]}" if len(selection.region) == 1 else "france"


def first_layers(selection: Selection) -> list[str]:
    """Draw what the page of the map shows."""
    names = {"projects": "projects", "mentions": "mentions", "TI": "ti", "TI1": "ti1"}
    drawn = (names.get(layer, f"towns:{layer}") for layer in selection.shown_layers)
    return [layer for layer in drawn if layer in SHOWN]


def public_address(selection: Selection) -> str | None:
    """Give the address to print on a map, when the atlas has a public one."""
    base = os.environ.get("VILLEACTIVE_ADDRESS", "").rstrip("/")
    if not base.startswith(("https://", "http://")):
        return None
    query = selection.filters.to_query()
    return f"{base}/?{urlencode(query)}" if query else base


def _line(label: str, key: str, most: int, **options: object) -> str:
    """Ask for a line, and say when it is cut: Streamlit would refuse a longer one, unsaid."""
    given = st.text_input(label, key=key, **options).strip()
    if len(given) > most:
        st.caption(f"Coupé à {most} signes.")
    return given[:most].rstrip()


def show_choices(selection: Selection, atlas: Atlas) -> MapSpec:
    """Show the choices, and give what they ask of the map."""
    memory.recall(
        {"a-layout": LAYOUTS, "a-labels": LABELS, "a-style": STYLES}, {"a-footer": FOOTER}
    )
    offered = extents(selection, atlas)
    framed = f"a-extent-{first_extent(selection)}"
    layout = st.segmented_control(
        "Format",
        list(LAYOUTS),
        format_func=lambda name: LAYOUTS[name].name,
        key="a-layout",
        default="slide",
        required=True,
    )
    extent = st.selectbox(
        "Territoire",
        list(offered),
        index=list(offered).index(first_extent(selection)),
        format_func=offered.get,
        key=framed,
    )
    layers = st.multiselect(
        "Couches",
        list(SHOWN),
        default=first_layers(selection),
        format_func=SHOWN.get,
        key="a-layers",
        placeholder="Choisissez une couche",
        select_all=False,
    )
    labels = st.segmented_control(
        "Étiquettes",
        list(LABELS),
        format_func=LABELS.get,
        key="a-labels",
        default="towns",
        required=True,
    )
    style = st.segmented_control(
        "Style", list(STYLES), format_func=STYLES.get, key="a-style", default="light", required=True
    )
    title = _line("Titre", "a-title", TITLE, placeholder="Écrit d’après la sélection")
    with st.expander("Pied de page et logo"):
        footer = _line("Pied de page", "a-footer", FOOTER)
        logo = memory.logo()
        overseas = st.toggle("Toujours montrer l’outre-mer", key="a-overseas")
    return MapSpec(
        extent=extent,
        layout=layout,
        layers=tuple(layer for layer in SHOWN if layer in layers),
        labels=labels,
        style=style,
        title=title or None,
        footer=footer,
        logo=logo,
        overseas=overseas,
        address=public_address(selection),
        date=date.today().isoformat(),
    )


@st.cache_resource
def _copy():
    """Register the copy button once; its script is our own constant file."""
    assets = files("villeactive.ui") / "assets"
    return st.components.v2.component(
        "villeactive_copier",
        html='<div><button type="button">Copier l’image</button><span role="status"></span></div>',
        css=(files("villeactive.maps") / "assets" / "share.css").read_text(encoding="utf-8"),
        js=(assets / "copy.js").read_text(encoding="utf-8"),
    )


def show_preview(selection: Selection, spec: MapSpec, sentence: str) -> None:
    """Show the picture as it will be, with what copies it."""
    with place(), st.spinner("Dessin de la carte…"):
        picture = made("png", selection.filters, spec, PREVIEW_DPI)
    with st.container(key="apercu"):
        st.image(picture, width="stretch", caption=sentence)
    _copy()(key="copier")


def show_files(selection: Selection, spec: MapSpec) -> None:
    """Offer every kind of file, each made when asked for."""
    dpi = st.select_slider(
        "Finesse de l’image PNG (points par pouce)", RESOLUTIONS, value=300, key="a-dpi"
    )

    def maker(kind: str):
        return lambda: _made_in_turn(kind, selection.filters, spec, dpi)

    name = f"ville-active-{spec.extent.replace(':', '-')}-{spec.date}"
    with st.container(horizontal=True, key="fichiers"):
        for kind, described in KINDS.items():
            st.download_button(
                described.name,
                maker(kind),
                f"{name}.{kind}",
                described.media,
                on_click="ignore",
                icon=":material/download:",
                key=f"fichier-{kind}",
            )


def _made_in_turn(kind: str, filters: Selection, spec: MapSpec, dpi: int) -> bytes:
    """Make a file when a place is free: at most two at once for the whole server."""
    with place(said=False):
        return made(kind, filters, spec, dpi)
