"""What the page of a commune shows."""

from collections.abc import Callable
from html import escape

import geopandas as gpd
import pandas as pd
import streamlit as st

from villeactive.analysis import proximity
from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.geography import referential
from villeactive.layers import first_layers, in_drawing_order
from villeactive.maps.scene.mini_maps import commune_svg
from villeactive.programmes import drawn_at_first, full_names, territories
from villeactive.selection import DEFAULT_WITHIN_KM
from villeactive.text import (
    NBSP,
    enumeration,
    in_departement,
    number,
    of,
    plural,
    typographic,
    within,
)
from villeactive.ui import address, shell
from villeactive.ui.pages import shortlist
from villeactive.ui.parts import blocks, html_parts
from villeactive.ui.parts.map import show_projects_map
from villeactive.wording.facts import people
from villeactive.wording.town_facts import programme_rows

RADII = (25, 50, 100)
"""Kilometres offered for « autour »."""

_ZOOMS = {25: 9.2, 50: 8.3, 100: 7.3}
_TYPES = {
    "deleguee": "commune déléguée",
    "associee": "commune associée",
    "ancienne": "ancienne commune",
    "ancien_nom": "ancien nom",
}
_INSEE = "https://www.insee.fr/fr/statistiques/2011101?geo=COM-{code}"
_ANCT = "https://anct.gouv.fr/"
_OBSERVATOIRE = "https://www.observatoire-des-territoires.gouv.fr/"


def asked(atlas: Atlas) -> str | None:
    """Read the commune of the address; an old code leads to the commune of today."""
    code = blocks.given("commune").upper()
    if not code:
        return None
    current = proximity.current_code(code, atlas)
    if current is None:
        st.warning(
            f"Aucune commune ne porte le code {blocks.quoted(code)}. Cherchez-la par son nom.",
            icon=":material/link_off:",
        )
    elif current != code:
        name = shell.markdown(atlas.communes.loc[current, "name"])
        st.info(f"Le code {blocks.quoted(code)} est ancien{NBSP}: c’est aujourd’hui {name}.")
    return current


def _link(code: str, atlas: Atlas, *, note: str = "") -> None:
    """Link to the page of a commune."""
    row = atlas.communes.loc[code]
    words = in_departement(row["name"], row["departement"])
    words = f"{words}, {note}" if note else words
    blocks.link(
        shell.COMMUNE,
        words,
        key=f"vers-{code}",
        query={"commune": code},
        icon=":material/location_on:",
        here=True,
    )


def show_choice(atlas: Atlas) -> None:
    """Offer the communes that hold projects when the address names none."""
    shell.show_title("Quelle commune ouvrir\u00a0?")
    st.markdown("Cherchez-en une par son nom, son code ou son code postal. Celles des projets :"
                .replace(" :", f"{NBSP}:"))  # fmt: skip
    sites = atlas.sites.groupby("code_insee")["project"].nunique()
    towns = atlas.communes.loc[sites.index, "name"].sort_values().index
    for column, rank in zip(st.columns(3), range(3), strict=True):
        with column, st.container(gap="xxsmall"):
            for code in towns[rank::3]:
                _link(code, atlas, note=plural(int(sites[code]), "fiche"))


def show_title(code: str, atlas: Atlas) -> None:
    """Name the commune, and say where it is."""
    row = atlas.communes.loc[code]
    name = typographic(row["name"])
    shell.name_page(name)
    shell.show_title(name)
    where = within(row["departement_name"], row["region_name"], code=row["departement"])
    st.caption(shell.markdown(f"{where} · code INSEE {code}"))
    query = {"commune": code}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        shell.link(
            shell.CARTE,
            f"{shell.markdown(name)} sur la carte",
            query=query,
            icon=":material/map:",
        )
        shell.link(
            shell.MA_VILLE, "Des villes comme celle-ci", query=query, icon=":material/diversity_2:"
        )
        shortlist.show_toggle(code, atlas)


def _former(code: str) -> str:
    """Say what merged into the commune, and how it was called."""
    known = [(name, _TYPES[kind]) for name, old, kind in proximity.former_names(code) if name]
    unknown = [old for name, old, _ in proximity.former_names(code) if not name and old != code]
    said = [f"{name} ({kind})" for name, kind in known]
    if unknown:
        codes = enumeration(unknown)
        said.append(f"code{'s' if len(unknown) > 1 else ''} {codes}")
    return ", ".join(said)


def show_facts(code: str, atlas: Atlas) -> None:
    """Show population, density, grouping, programmes and former names."""
    row = atlas.communes.loc[code]
    area = float(row["area_km2"])
    density = (
        f"{number(row['population'] / area)}{NBSP}hab./km² ({number(area, decimals=1)}{NBSP}km²)"
    )
    codes = referential.read_postcodes()["postcodes"].get(code, "")
    rows = [
        ("Population municipale", people(row)),
        ("Densité", density),
        ("Intercommu\u00adnalité", row["epci_name"] or "aucune"),
        ("Code postal", ", ".join(codes.split())),
        *programme_rows(code, atlas),
        ("Anciens noms et codes", _former(code)),
    ]
    st.html(html_parts.facts([(title, escape(said)) for title, said in rows]))
    if set(atlas.communes.loc[code, "programmes"]) & set(territories()):
        st.caption("Un territoire d’industrie est un label du groupement de communes.")


def _radius() -> int:
    """Read the distance of the address, or give the usual one."""
    raw = blocks.given("within")
    return int(raw) if raw.isdecimal() and int(raw) in RADII else DEFAULT_WITHIN_KM


def _show_radius() -> int:
    """Choose the distance; the choice goes to the address."""
    km = _radius()
    st.session_state["rayon"] = km

    def write() -> None:
        address.keep({"within": str(st.session_state["rayon"])})

    radius_slider("Distance autour de la commune", key="rayon", on_change=write)
    return km


def radius_slider(label: str, *, key: str, on_change: Callable[[], None]) -> None:
    """Offer the distances of :data:`RADII`."""
    st.select_slider(
        label, RADII, key=key, format_func=lambda km: f"{km}{NBSP}km", on_change=on_change
    )


def show_projects(code: str, atlas: Atlas) -> None:
    """Show the sheets of the commune, then those around, on a map too."""
    every = proximity.projects_within(code, max(RADII), atlas)
    here = every[every["distance_km"] == 0]
    blocks.headed_here(here)
    blocks.project_links(
        here.index, atlas, note=lambda sheet: atlas.label("kinds", sheet.kind).lower()
    )
    st.subheader("Projets autour", anchor=False)
    km = _show_radius()
    near = every[(every["distance_km"] > 0) & (every["distance_km"] <= km)]
    if near.empty:
        nearest = "" if every[every["distance_km"] > 0].empty else " Élargissez la distance."
        none = "Aucun projet" if here.empty else "Aucun autre projet"
        st.markdown(f"{none} à moins de {km}{NBSP}km.{nearest}")

    def far(sheet: Project) -> str:
        row = near.loc[sheet.id]
        away = f"{number(row['distance_km'])}{NBSP}km"
        other = row["town"] != atlas.projects.loc[sheet.id, "town"]
        return f"à {away} ({typographic(row['town'])})" if other else f"à {away}"

    blocks.project_links(near.index, atlas, note=far)
    _show_map(code, [*here.index, *near.index], km, atlas)


def _show_map(code: str, ids: list[str], km: int, atlas: Atlas) -> None:
    """Show the sites of the sheets around; a click opens the sheet."""
    row = atlas.communes.loc[code]
    show_projects_map(
        ids,
        atlas,
        layers=in_drawing_order({*first_layers(), "mentions"}),
        focus=(float(row["lon"]), float(row["lat"]), _ZOOMS[km]),
        commune=code,
        key="carte-commune",
    )
    drawn = enumeration(full_names(drawn_at_first()))
    st.caption(
        f"La commune est entourée d’un trait, parmi les communes {drawn}, et les lieux des projets."
    )


@st.cache_resource(max_entries=256, show_spinner=False)
def _outline(code: str, dark: bool, _atlas: Atlas) -> str:
    """Draw the commune among its neighbours, once."""
    departements = {_atlas.communes.loc[code, "departement"]}
    departements |= {
        _atlas.communes.loc[c, "departement"] for c in proximity.neighbours(code, _atlas)
    }
    parts = [referential.read_outlines(f"communes/{d}") for d in sorted(departements)]
    outlines = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=4326)
    row = _atlas.communes.loc[code]
    zone = row["departement"] if row["zone"] == "drom" else "metropole"
    svg = commune_svg(code, outlines, zone=zone, dark=dark)
    words = f"Contour {of(typographic(row['name']))} parmi les communes voisines"
    return blocks.picture(svg, words)


def show_outline(code: str, atlas: Atlas) -> None:
    """Show the commune among its neighbours."""
    st.html(_outline(code, shell.is_dark(), atlas))


def show_neighbours(code: str, atlas: Atlas) -> None:
    """Link to the communes that touch this one."""
    found = proximity.neighbours(code, atlas)
    if not blocks.headed("Communes voisines", found, none="Aucune commune ne la touche."):
        return
    with st.container(horizontal=True, gap="small"):
        for other in found:
            _link(other, atlas)
    st.caption("Celles dont le territoire touche le sien, les plus peuplées d’abord.")


def show_elsewhere(code: str, atlas: Atlas) -> None:
    """Link to what others say of the commune, and to its région on the map."""
    row = atlas.communes.loc[code]
    st.subheader("Ailleurs", anchor=False)
    lines = [
        f"[Dossier complet de la commune, INSEE]({_INSEE.format(code=code)})",
        f"[Observatoire des territoires, ANCT]({_OBSERVATOIRE})",
        f"[Agence nationale de la cohésion des territoires]({_ANCT})",
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))
    shell.link(
        shell.CARTE,
        shell.markdown(
            f"Projets à moins de {DEFAULT_WITHIN_KM}{NBSP}km {of(typographic(row['name']))} "
            "sur la carte"
        ),
        query={"near": code, "within": str(DEFAULT_WITHIN_KM)},
        icon=":material/map:",
    )
    shell.link(
        shell.VILLES,
        shell.markdown(f"Villes et programmes, {row['departement_name']}"),
        query={"departement": row["departement"]},
        icon=":material/location_city:",
    )
