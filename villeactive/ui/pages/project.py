"""What the page of a project adds to its panel: steps, small map, neighbours, source."""

import os
import re
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import streamlit as st

from villeactive.analysis import summary
from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.filtering import Applied
from villeactive.selection import Selection
from villeactive.text import NBSP, number
from villeactive.ui import address, shell
from villeactive.ui.export_queue import place
from villeactive.ui.parts import blocks, finder, results
from villeactive.ui.parts.map import show_map
from villeactive.vocabulary import label, terms
from villeactive.wording import sources

_ZOOM = 6.2
"""Wide enough to recognise where in France one is."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


def _open(sheet: str, title: str, *, key: str, **options: object) -> None:
    """Go to another project, the filters kept.

    A button: a link of Streamlit to the page one is on changes the page, not its address
    (streamlit 1.67), so that Back and a copied address would be wrong.
    """
    st.button(
        shell.markdown(title),
        key=f"{key}-{sheet}",
        type="tertiary",
        on_click=address.change,
        kwargs={"projet": sheet},
        **options,
    )


def show_choice(applied: Applied, selection: Selection, atlas: Atlas) -> None:
    """Offer the projects of the selection when the address names none."""
    shell.show_title("Quel projet ouvrir\u00a0?")
    acts = {"project": lambda found: address.change(projet=found)}
    finder.show_finder(atlas, key="chercher-projet", acts=acts)
    st.markdown(f"{shell.markdown(applied.sentence(selection, atlas))}.")
    if not len(applied.projects):
        st.info("La sélection est vide\u00a0: voici tous les projets.")
        selection = Selection()
    results.show_list(replace(selection, layers=("mentions",)), atlas)  # those cited too


def show_steps(sheet: Project, applied: Applied, selection: Selection, atlas: Atlas) -> None:
    """Go back to the map, or to the previous and next project of the selection."""
    query = selection.to_query()
    shell.link(shell.CARTE, "Voir sur la carte", query=query, icon=":material/map:")
    order = atlas.projects.index[applied.listed_rows(selection, atlas)].tolist()
    if sheet.id not in order:  # a place that the book only cites is among those
        order = list(applied.mentions.index)
    if sheet.id not in order:
        st.caption("Cette fiche est hors de la sélection en cours.")
        return
    here = order.index(sheet.id)
    for key, name, step, icon in (
        ("avant", "Précédent", here - 1, "chevron_left"),
        ("apres", "Suivant", here + 1, "chevron_right"),
    ):
        within = 0 <= step < len(order)
        other = order[step if within else here]
        _open(other, name, key=key, icon=f":material/{icon}:", disabled=not within)
    st.caption(f"{here + 1} sur {len(order)}", width="content")


def show_small_map(sheet: Project, atlas: Atlas) -> None:
    """Show the sites of the project, closely; say so where it has none."""
    if not sheet.places:
        why = f"\u00a0: {shell.markdown(sheet.unlocated.fr)}" if sheet.unlocated else "."
        st.info(f"Ce projet n’est pas localisé{why}")
        return
    sites = atlas.sites[atlas.sites["project"] == sheet.id].assign(matches=True)
    west, south, east, north = sites.total_bounds
    spread = max(east - west, north - south)
    zoom = _ZOOM if spread < 2 else 5.0
    show_map(
        sites,
        taxonomy=atlas.taxonomy,
        layers=("projects", "mentions"),
        selected=sheet.id,
        focus=((west + east) / 2, (south + north) / 2, zoom),
        on_click=lambda project: address.change(projet=project),
        dark=shell.is_dark(),
        compact=True,
        height=300,
        key="petite-carte",
    )


def show_neighbours(sheet: Project, atlas: Atlas) -> None:
    """Link to related sheets, then to the nearest projects."""
    if sheet.related:
        st.subheader("Fiches liées", anchor=False)
        for related in sheet.related:
            other = atlas.sheets[related.id]
            town = atlas.projects.loc[related.id, "town"]
            said = label("relations", related.relation)
            _open(related.id, f"{other.title.fr} — {town} ({said})", key="liee")
    _show_entrances(sheet, atlas)
    st.subheader("Projets les plus proches", anchor=False)
    for key, km in summary.nearby(sheet.id, atlas):
        row = atlas.projects.loc[key]
        _open(key, f"{row['title']} — {row['town']}, {number(km)}{NBSP}km", key="proche")


def _show_entrances(sheet: Project, atlas: Atlas) -> None:
    """Link to the pages of its town and of its topic."""
    st.subheader("Dans l’atlas", anchor=False)
    if sheet.first:
        code = sheet.first.code_insee
        town = shell.markdown(atlas.communes.loc[code, "name"])
        shell.link(shell.COMMUNE, f"La commune\u00a0: {town}", query={"commune": code})
    if sheet.topic:
        topic = terms("topics")[sheet.topic]
        shell.link(shell.THEMES, f"Le sujet\u00a0: {topic.label}", query={"topic": topic.code})


def show_source(sheet: Project, atlas: Atlas) -> None:
    """Tell how to cite the sheet, and whom to tell of a mistake."""
    st.subheader("Pour citer cette fiche", anchor=False)
    st.code(sources.cite(sheet, atlas), language=None, wrap_lines=True)
    if sheet.reference.url:
        st.markdown(f"Source{NBSP}: [{shell.markdown(sheet.reference.url)}]({sheet.reference.url})")
    subject = (
        f"Ville active{NBSP}: erreur dans la fiche «{NBSP}{sheet.title.fr}{NBSP}» ({sheet.id})"
    )
    with st.container(key="signaler"):
        if keeper := _keeper():
            st.markdown(f"[Signaler une erreur](mailto:{keeper}?subject={quote(subject)})")
            return
        with st.popover("Signaler une erreur", icon=":material/flag:", type="tertiary"):
            st.markdown("Complétez ces lignes et envoyez-les à qui vous a ouvert l’atlas.")
            lines = (
                subject,
                f"Ce qui est faux{NBSP}:",
                f"Ce qui est juste{NBSP}:",
                f"Source{NBSP}:",
            )
            st.code("\n".join(lines), language=None, wrap_lines=True)


def _keeper() -> str | None:
    """Give the address of who keeps this atlas, when there is one."""
    said = os.environ.get("VILLEACTIVE_CONTACT", "").strip()
    return said if _ADDRESS.fullmatch(said) else None


def show_print(sheet: Project, atlas: Atlas) -> None:
    """Offer the sheet as an A4 PDF, made when asked for."""

    def made() -> bytes:
        from villeactive.documents.project_sheet import sheet_pdf

        with place(said=False):
            return sheet_pdf(sheet, atlas, day=date.today())

    blocks.file_button(
        "Fiche PDF",
        made,
        f"ville-active-{sheet.id}.pdf",
        "application/pdf",
        icon=":material/picture_as_pdf:",
        key="fiche-pdf",
    )
