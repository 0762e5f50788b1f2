"""The panel beside the map: the open sheet, or the selection in figures."""

from html import escape

import numpy as np
import streamlit as st

from villeactive.analysis import summary
from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.facet_index import columns_of
from villeactive.filtering import Applied
from villeactive.kept_with import kept_with_first
from villeactive.programmes import known_programmes
from villeactive.selection import Selection
from villeactive.text import NBSP, plural, typographic
from villeactive.ui import address, shell
from villeactive.ui.pages import shortlist
from villeactive.ui.parts import html_parts, project_html
from villeactive.vocabulary import label
from villeactive.wording.facts import qualified
from villeactive.wording.own_fields import own_amounts


def show_panel(
    opened: Project | None, applied: Applied, selection: Selection, atlas: Atlas
) -> None:
    """Show the open sheet, or the selection in figures and an invitation to open one."""
    dark = shell.is_dark()
    if opened is None:
        st.html(_figures(atlas, selection.filters, dark=dark))
        return
    with st.container(key="fiche"):
        _show_bar(opened, applied, selection, atlas)
        shortlist.show_toggle(opened.id, atlas)
        project_html.show_sheet(opened.id, atlas, level=2, dark=dark)
        st.caption("Page imprimable, carte, fiches liées et projets proches\u00a0:")
        _link_to_page(opened, selection)


def _link_to_page(opened: Project, selection: Selection) -> None:
    """Link to the page of the open sheet, the filters kept."""
    query = selection.to_query() | {"projet": opened.id}
    shell.link(shell.PROJET, "Fiche complète", query=query, icon=":material/open_in_full:")


def _show_bar(opened: Project, applied: Applied, selection: Selection, atlas: Atlas) -> None:
    """Show what one does with an open sheet: close it, open its page, go to the next."""
    with st.container(horizontal=True, key="barre", vertical_alignment="center", gap="xsmall"):
        for key, name, icon in (
            ("retour", "Retour à la carte", "arrow_back"),
            ("fermer", "Fermer", "close"),
        ):
            st.button(
                name,
                icon=f":material/{icon}:",
                key=key,
                on_click=address.change,
                kwargs={"projet": None},
                type="tertiary",
            )
        _link_to_page(opened, selection)
        order = applied.listed_rows(selection, atlas)
        found = np.flatnonzero(order == atlas.projects.index.get_loc(opened.id))
        here = int(found[0]) if len(found) else None
        for key, name, by, icon in (
            ("precedent", "Projet précédent", -1, "chevron_left"),
            ("suivant", "Projet suivant", 1, "chevron_right"),
        ):
            there = None if here is None else here + by
            known = there is not None and 0 <= there < len(order)
            other = atlas.projects.index[order[there]] if known else None
            st.button(
                name,
                icon=f":material/{icon}:",
                key=key,
                disabled=other is None,
                on_click=address.change,
                kwargs={"projet": other},
                type="tertiary",
                help=name,
            )


@kept_with_first(256)
def _figures(atlas: Atlas, filters: Selection, *, dark: bool) -> str:
    """Draw a selection in figures, once for all who ask it."""
    return _draw(filters, shell.applied(filters, atlas), atlas, dark=dark)


def _draw(filters: Selection, applied: Applied, atlas: Atlas, *, dark: bool) -> str:
    """Draw the selection in figures."""
    counted, mentions = applied.n_projects, applied.n_mentions
    said = [plural(counted, "projet"), plural(summary.n_towns(applied), "ville")]
    if mentions:
        cited = plural(mentions, "lieu cité", "lieux cités")
        apart = "compté à part" if mentions == 1 else "comptés à part"
        said[-1:] = [f"{said[-1]}, et {cited}, {apart}"] if counted else [said[-1], cited]
    towns = summary.labelled(filters, atlas)
    said += [f"{plural(n, 'ville')} {known_programmes()[c].label}" for c, n in towns.items()]
    parts = ["<h2>La sélection en chiffres</h2>", f"<p><b>{escape(' · '.join(said))}</b></p>"]
    if counted or "mention" in filters.kind:
        parts.append("<p class='va-note va-screen'>Cliquez sur un symbole de la carte ou sur une "
                     "ligne de la liste pour ouvrir sa fiche.</p>")  # fmt: skip
    counts = summary.by_theme(applied, atlas).items()
    own = {theme.code for name in filters.collection for theme in atlas.collections[name].themes}
    themes = [
        (atlas.themes[c], atlas.themes[c].short, n) for c, n in counts if n or not own or c in own
    ]
    programmes = summary.by_programme(applied)
    regions = summary.by_region(applied)
    carried = [(None, known_programmes()[code].label, n) for code, n in programmes.items()]
    meanings = {term.label: term.meaning for term in known_programmes().values()}
    lands = [(None, typographic(atlas.regions[code]), n) for code, n in regions.items()]
    if len(lands) < 2 and filters.region:
        lands = []
    for title, rows in (
        ("Par thème", themes if counted else []),
        ("Par région", lands),
        ("Par programme de la commune", carried),
    ):
        if rows:
            bars = html_parts.bars(rows, dark=dark, meanings=meanings)
            parts.append(f"<section><h3>{title}</h3>{bars}</section>")
    if max(sum(regions.values()), sum(programmes.values())) > counted:
        parts.append(
            "<p class='va-note'>Un projet à plusieurs lieux, ou dans une ville à plusieurs "
            "programmes, compte dans chacun\u00a0: la somme peut dépasser le total.</p>"
        )
    parts.append(_amounts(applied, atlas))
    return f"<div class='va-sheet'><section>{''.join(parts)}</section></div>"


def _amounts(applied: Applied, atlas: Atlas) -> str:
    """Say the euros that the book prints, kept apart by what cannot be added."""
    budgets = columns_of(atlas.projects).values("budget")
    names = atlas.projects.index[applied.counted_rows[budgets[applied.counted_rows]]]
    lines = [
        f"<li>{escape(typographic(name))}{NBSP}: <b>{escape(said)}</b></li>"
        for name, said in own_amounts(applied, atlas)
    ]
    for row in summary.amounts(atlas.priced[name] for name in names):
        nature = label("budget_natures", row.nature) if row.nature else "nature non dite"
        said = qualified(row.amount_eur, row.tax, row.per)
        projects = plural(row.n_projects, "projet")
        lines.append(f"<li><b>{escape(said)}</b>, {escape(nature)} ({projects})</li>")
    return f"<section><h3>Montants connus</h3><ul>{''.join(lines)}</ul></section>" if lines else ""
