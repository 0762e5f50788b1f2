"""The list under the map: the same rows, sortable, usable by keyboard, and its downloads."""

import json
from datetime import date
from functools import lru_cache
from importlib.resources import files

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.collections.collection import Taxonomy
from villeactive.documents.csv_geojson import projects_table, sites_geojson, to_csv
from villeactive.filtering import Applied
from villeactive.maps.symbols import symbol_svg
from villeactive.programmes import known_programmes, of_today
from villeactive.selection import Selection
from villeactive.text import NBSP, number, typographic
from villeactive.ui import address, shell
from villeactive.wording.sources import credit_lines

_COLUMNS = ("Projet", "Ville", "Région", "Habitants", "Programmes", "Sujet", "Type")
_CAPTION = "La sélection en liste : un clic ouvre la fiche, un titre trie.".replace(
    " :", f"{NBSP}:"
)
_KEY = "liste"

MOST_LISTED = 1_000
"""Rows that a browser is given: more would hold it for seconds."""


@st.cache_resource
def _list():
    """Register the list once; its script is our own constant file."""
    assets = files("villeactive.ui") / "assets"
    return st.components.v2.component(
        "villeactive_liste",
        html="<table><caption></caption><thead></thead><tbody></tbody></table>",
        css=(assets / "list.css").read_text(encoding="utf-8"),
        js=(assets / "list.js").read_text(encoding="utf-8"),
    )


@st.cache_resource
def _feeder():
    """Register what hands the rows to the list; its script is our own constant file."""
    script = files("villeactive.ui") / "assets" / "rows.js"
    return st.components.v2.component("villeactive_lignes", js=script.read_text(encoding="utf-8"))


def show_skip_link() -> None:
    """Let the keyboard pass over the map, whose symbols are many: the list is its equal."""
    st.html("<a class='va-skip' href='#liste'>Passer la carte, aller à la liste</a>")


def _row(row: object, atlas: Atlas) -> list:
    """Describe one sheet for the list: its sign, then its cells; a list of codes: programmes."""
    town = typographic(row.town)
    return [
        row.Index,
        f"{row.theme}|{row.kind}",
        row.title,
        town if row.n_sites < 2 else f"{town} (+{NBSP}{row.n_sites - 1})",
        row.region_name,
        int(row.population) if row.n_sites else None,
        [code for code in row.programmes if code in of_today()],
        atlas.label("topics", row.topic),
        atlas.kinds[row.kind].label,
    ]


def _bytes(value: object) -> bytes:
    """Write JSON as bytes: in a text Streamlit would write six signs for each accent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@lru_cache(maxsize=16)
def _constants(taxonomy: Taxonomy, *, dark: bool) -> bytes:
    """Give what the list says whatever its rows: headings, signs, programmes."""
    shown = {code: known_programmes()[code] for code in of_today()}
    return _bytes(
        {
            "columns": _COLUMNS,
            "caption": _CAPTION,
            "signs": {
                f"{theme.code}|{kind.code}": symbol_svg(theme, kind.size, dark=dark)
                for theme in taxonomy.theme_list
                for kind in taxonomy.kind_list
            },
            "words": {c: [t.short, f"{t.label}{NBSP}: {t.meaning}"] for c, t in shown.items()},
        }
    )


def show_list(applied: Applied, selection: Selection, atlas: Atlas) -> None:
    """Show the rows of the selection; opening one writes it to the address."""

    def open_row() -> None:
        address.change(projet=st.session_state[_KEY].open)

    st.html("<span id='liste' tabindex='-1'></span>")
    # constant, so that a browser which has it is not sent it again
    _list()(
        data=_constants(atlas.taxonomy, dark=shell.is_dark()), key=_KEY, on_open_change=open_row
    )
    found = applied.listed(selection, atlas)
    if len(found) > MOST_LISTED:
        st.caption(
            f"Les {number(MOST_LISTED)} premières fiches sur {number(len(found))}{NBSP}: filtrez "
            "pour voir les autres, ou téléchargez la liste entière."
        )
    shown = [_row(row, atlas) for row in found.iloc[:MOST_LISTED].itertuples()]
    _feeder()(data=_bytes({"rows": shown, "selected": selection.projet}), key="lignes")


def show_downloads(applied: Applied, selection: Selection, atlas: Atlas, sentence: str) -> None:
    """Offer the list as XLSX, CSV and GeoJSON; each file is made when asked for."""
    if applied.listed(selection, atlas).empty:
        return
    today, cited = date.today(), credit_lines(atlas, applied.listed(selection, atlas).index)
    name = f"ville-active-{today.isoformat()}"

    # the files hold what the list shows: mentions only when they are asked for
    def table():
        return projects_table(applied.listed(selection, atlas), atlas)

    def workbook() -> bytes:
        from villeactive.documents.workbook import to_xlsx

        return to_xlsx(table(), day=today, title=sentence, sources=cited)

    def geojson() -> str:
        listed = applied.listed(selection, atlas).index
        sites = applied.sites[applied.sites["project"].isin(listed)]
        return json.dumps(sites_geojson(sites, day=today, sources=cited), ensure_ascii=False)

    with st.container(horizontal=True, key="telechargements", vertical_alignment="center"):
        st.markdown("Télécharger la liste\u00a0:", width="content")
        st.download_button(
            "Excel",
            workbook,
            f"{name}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "CSV",
            lambda: to_csv(table(), day=today, sources=cited),
            f"{name}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "GeoJSON",
            geojson,
            f"{name}.geojson",
            "application/geo+json",
            on_click="ignore",
            icon=":material/download:",
        )
