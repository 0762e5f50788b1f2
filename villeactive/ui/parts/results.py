"""The list under the map: the same rows, sortable, usable by keyboard, and its downloads."""

import math
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

import numpy as np
import streamlit as st

from villeactive.atlas import Atlas
from villeactive.collections.collection import Taxonomy
from villeactive.documents.list_files import projects_listing
from villeactive.facet_index import columns_of
from villeactive.filtering import Applied
from villeactive.kept_with import kept_with_first
from villeactive.maps.symbols import symbol_svg
from villeactive.ordering import sorted_rows
from villeactive.programmes import known_programmes, of_today
from villeactive.selection import SORTS, Selection
from villeactive.text import NBSP, compact_json, number, typographic
from villeactive.ui import address, shell
from villeactive.ui.own_files import component
from villeactive.ui.parts import blocks

_COLUMNS = ("Projet", "Ville", "Région", "Habitants", "Programmes", "Sujet", "Type")
"""What stands over the columns, in the order of :data:`villeactive.selection.SORTS`."""

_CELLS = ("theme", "kind", "title", "town", "n_sites", "region_name", "population", "programmes",
          "topic")  # fmt: skip
"""Columns of ``atlas.projects`` of which a row is made."""

_CAPTION = "La sélection en liste : un clic ouvre la fiche, un titre trie.".replace(
    " :", f"{NBSP}:"
)
_KEY = "liste"

PAGE = 50
"""Rows that a browser is given at once."""


_TURNS = (
    "<nav aria-label='Pages de la liste{}' hidden><button type='button'>Page précédente</button>"
    "<span{}></span><button type='button'>Page suivante</button></nav>"
)
_HTML = (
    _TURNS.format("", " role='status'")
    + "<table><caption></caption><thead></thead><tbody></tbody></table>"
    + _TURNS.format(", sous elle", "")
)


def show_skip_link() -> None:
    """Let the keyboard pass over the map, whose symbols are many: the list is its equal."""
    st.html("<a class='va-skip' href='#liste'>Passer la carte, aller à la liste</a>")


def _rows(rows: np.ndarray, atlas: Atlas) -> list[list]:
    """Describe sheets for the list: its sign, then its cells; a list of codes: programmes."""
    columns = columns_of(atlas.projects)
    cells = (columns.values(column)[rows].tolist() for column in _CELLS)
    return [
        [
            name,
            f"{theme}|{kind}",
            title,
            typographic(town) + (f" (+{NBSP}{n_sites - 1})" if n_sites > 1 else ""),
            region,
            int(population) if n_sites else None,
            [code for code in programmes if code in of_today()],
            atlas.label("topics", topic),
            atlas.kinds[kind].label,
        ]
        for name, theme, kind, title, town, n_sites, region, population, programmes, topic in zip(
            atlas.projects.index[rows].tolist(), *cells, strict=True
        )
    ]


def _bytes(value: object) -> bytes:
    """Write JSON as bytes: in a text Streamlit would write six signs for each accent."""
    return compact_json(value).encode()


@lru_cache(maxsize=16)
def _constants(taxonomy: Taxonomy, *, dark: bool) -> bytes:
    """Give what the list says whatever its rows: headings, signs, programmes."""
    shown = {code: known_programmes()[code] for code in of_today()}
    return _bytes(
        {
            "columns": _COLUMNS,
            "sorts": SORTS,
            "caption": _CAPTION,
            "signs": {
                f"{theme.code}|{kind.code}": symbol_svg(theme, kind.size, dark=dark)
                for theme in taxonomy.theme_list
                for kind in taxonomy.kind_list
            },
            "words": {c: [t.short, f"{t.label}{NBSP}: {t.meaning}"] for c, t in shown.items()},
        }
    )


@st.fragment
@shell.faults_told()
def show_list(selection: Selection, atlas: Atlas) -> None:
    """Show a page of the projects of a selection; opening one writes it to the address.

    A page turned, or rows sorted, ask this list alone anew.
    """
    st.html("<span id='liste' tabindex='-1'></span>")
    # constant, so that a browser which has it is not sent it again
    told = component(
        "villeactive_liste", "grid.js", "list.js", styles=("grid.css", "list.css"), html=_HTML
    )(
        data=_constants(atlas.taxonomy, dark=shell.is_dark()),
        key=_KEY,
        on_open_change=lambda: address.change(projet=st.session_state[_KEY].open),
        on_sort_change=lambda: address.change(sort=st.session_state[_KEY].sort, page=1),
        on_page_change=lambda: address.change(page=st.session_state[_KEY].page),
    )
    if told.open:
        st.rerun()
    asked = address.asked(atlas)
    turned = {name: getattr(asked, name) for name in ("projet", "sort", "page")}
    wanted = replace(selection.filters, layers=selection.layers, **turned)
    component("villeactive_lignes", "rows.js")(data=_page(atlas, wanted), key="lignes")


@kept_with_first(256)
def _page(atlas: Atlas, asked: Selection) -> bytes:
    """Write the page asked for of the list, once for all who ask it."""
    found = shell.applied(asked, atlas).listed_rows(asked, atlas)
    rows = sorted_rows(found, atlas, asked.sort)
    pages = max(1, math.ceil(len(rows) / PAGE))
    page = min(asked.page, pages)
    first = (page - 1) * PAGE
    shown = rows[first : first + PAGE]
    said = f"{number(first + 1)}–{number(first + len(shown))} sur {number(len(rows))}"
    return _bytes(
        {
            "rows": _rows(shown, atlas),
            "selected": asked.projet,
            "sort": asked.sort,
            "page": page,
            "pages": pages,
            "said": said if pages > 1 else "",
        }
    )


def show_downloads(applied: Applied, selection: Selection, atlas: Atlas, sentence: str) -> None:
    """Offer the list as files; each is made when asked for."""
    if not len(applied.listed_rows(selection, atlas)):
        return
    today = date.today()
    with st.container(horizontal=True, key="telechargements", vertical_alignment="center"):
        st.markdown("Télécharger la liste\u00a0:", width="content")
        name = f"ville-active-{today.isoformat()}"
        made = partial(projects_listing, applied, selection, atlas, title=sentence)
        blocks.show_list_files(made, name, day=today, key="liste")
