"""What every page begins with: the atlas, its selection applied, the theme, links to pages."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError
from streamlit.navigation.page import StreamlitPage

from villeactive.atlas import Atlas
from villeactive.errors import DataFileError, SheetError, VilleActiveError
from villeactive.facets import Choices
from villeactive.filtering import Applied, apply
from villeactive.filters import TERRITORIES
from villeactive.kept_with import kept_with_first
from villeactive.maps.symbols import palette
from villeactive.maps.web.figures import group_state
from villeactive.maps.web.territory import Territory, territory_of
from villeactive.selection import Selection
from villeactive.text import typographic
from villeactive.ui import address
from villeactive.ui.own_files import component, text_of
from villeactive.ui.shared import shared_atlas
from villeactive.ui.trial import current_atlas
from villeactive.ui.trial_banner import show_banner
from villeactive.ui.wordmark import wordmark

CARTE = "pages/carte.py"
MA_VILLE = "pages/ma_ville.py"
PROJET = "pages/projet.py"
VILLES = "pages/villes.py"
THEMES = "pages/themes.py"
ACTEURS = "pages/acteurs.py"
COMMUNE = "pages/commune.py"
GATHERED = "pages/ma_selection.py"
ATELIER = "pages/atelier.py"
METHODE = "pages/methode.py"
COLLECTIONS = "pages/collections.py"

_BEGUN = "visite-commencee"
_PAGE = "page"
_RUNS = "pages-finies"

_SEEN = "carte-vue"
"""In the session once it has had its :func:`first_sight`."""

_DAMAGED = "Les données de l’atlas sont abîmées\u00a0: cette page ne peut être montrée entière."

_UNHEARD = "La connexion s’est coupée avant la réponse. Si votre dernier choix manque, refaites-le."

_STYLES = ("page.css", "contrast.css", "print.css")

_SCRIPTS = ("ahead.js", "focus.js", "print.js", "lost.js", "page.js")
"""Of every page, in one module: the last one is what Streamlit calls."""


def open_atlas(title: str) -> Atlas:
    """Name the page and give the atlas; when the shipped data is damaged, say so and end."""
    along = address.carry()
    name_page(title)
    st.logo(wordmark(dark=is_dark()), size="large")
    mount_script(along)
    st.html(_style(dark=is_dark()))
    if st.session_state[_PAGE].back == "unheard":
        st.toast(_UNHEARD, icon=":material/sync_problem:", duration="long")
    with faults_told():
        atlas = current_atlas()
        show_banner()
        return atlas
    stop()


@kept_with_first(32)
def _restricted(atlas: Atlas, names: tuple[str, ...]) -> Atlas:
    """Restrict an atlas to collections once for all who ask it."""
    return atlas.only(names)


def open_chosen(title: str) -> Atlas:
    """Open a page on the collections chosen alone: all of them when none is."""
    whole = open_atlas(title)
    names = address.chosen(whole)
    return _restricted(whole, names) if names else whole


@contextmanager
def faults_told() -> Iterator[None]:
    """Show in French any fault of ours that is met inside: data read late is as bad as the atlas.

    ``app.py`` puts every page in it; a fragment, which runs again without the page, is in one too.
    """
    try:
        yield
    except VilleActiveError as error:
        if isinstance(error, DataFileError | SheetError):
            st.error(_DAMAGED)
            st.code(str(error), language=None)
            st.caption("`python -m villeactive check` dit chaque faute.")
        else:
            st.error(markdown(str(error)))


def first_sight() -> bool:
    """Tell, once a visit, that a page should show its map alone; the rest comes once it is drawn.

    The browser has one thread for the map and for the widgets, which take longer to stand than the
    map: sent together, they would all be seen late. ``assets/page.js`` asks for the rest, but not
    twice: a page that came back from another process has its map, and is shown whole. So is one
    that no browser asked for.
    """
    whole = not st.context.url or bool(st.session_state[_PAGE].back)
    seen = whole or st.session_state.get(_SEEN, False)
    st.session_state[_SEEN] = True
    return not seen


def opening(pages: Mapping[str, Iterable[StreamlitPage]]) -> bool:
    """Tell, at the first run of a visit, that it begins with the map: the menu then comes later.

    See :func:`first_sight`; a page opened by its own address has its menu at once.
    """
    begun = st.session_state.get(_BEGUN, False)
    st.session_state[_BEGUN] = True
    asked = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    return not begun and asked not in {
        page.url_path for group in pages.values() for page in group if page.url_path
    }


def title(words: str) -> str:
    """Give the title of a page as HTML: it may hold what a reader typed, here escaped."""
    return f"<h1 class='va-title'>{escape(typographic(words))}</h1>"


def show_title(words: str) -> None:
    """Show the title of a page; markdown would take the browser long."""
    st.html(title(words))


def name_page(title: str) -> None:
    """Give the browser's tab the name of what is shown."""
    st.set_page_config(page_title=f"{title} · Ville active")


@cache
def _style(*, dark: bool) -> str:
    """Give the style of all pages, its colours taken from the palette."""
    colours = palette(dark=dark)
    named = {"page": colours.paper, "ink-soft": colours.ink_soft, "hairline": colours.departement}
    named["link"] = st.get_option(f"theme.{'dark' if dark else 'light'}.linkColor") or colours.ink
    named["ink-printed"] = palette().ink  # on white, whatever the theme
    root = "".join(f"--va-{name}:{colour};" for name, colour in named.items())
    return f"<style>:root{{{root}}}\n{text_of(*_STYLES)}</style>"


def mount_script(along: Mapping[str, str] | None = None) -> None:
    """Do what Streamlit cannot be told from Python.

    The script says in French what Streamlit says in English, completes the address that the menu
    opens, asks for the page again when the system's theme turns or the server comes back, and
    hears the filters (``ui/prefetch.py``).
    """
    stay = address.stay
    component("villeactive_page", *_SCRIPTS)(
        key=_PAGE,
        data=dict(along or {}),
        on_theme_change=stay,
        on_drawn_change=stay,
        on_back_change=stay,
    )


def mark_end() -> None:
    """Say to the browser that the page has been run to its end: all that it shows was sent."""
    st.session_state[_RUNS] = runs = st.session_state.get(_RUNS, 0) + 1
    # the time too: what a browser already has is not heard, and a page that comes back from
    # another process may have run as often there as here
    component("villeactive_fin", "end.js")(data=[runs, time.time_ns()], key="end")


def stop() -> NoReturn:
    """End a page early: all that it shows was sent."""
    mark_end()
    st.stop()


@kept_with_first(128)
def _applied(atlas: Atlas, filters: Selection) -> Applied:
    """Apply a selection once for all who ask it; never mutated."""
    return apply(filters, atlas)


def applied(selection: Selection, atlas: Atlas) -> Applied:
    """Apply a selection."""
    return _applied(atlas, selection.filters)


@kept_with_first(512)
def _choices(atlas: Atlas, filters: Selection) -> Choices:
    """Open the choices of a selection once for all who ask it; never mutated."""
    return Choices(filters, atlas)


def choices(selection: Selection, atlas: Atlas) -> Choices:
    """Give what the next choice of each filter would give."""
    return _choices(atlas, selection.filters)


@kept_with_first(512)
def _territory(atlas: Atlas, filters: Selection) -> Territory | None:
    """Measure a territory once for all who ask it."""
    return territory_of(filters, atlas)


def territory(selection: Selection, atlas: Atlas) -> Territory | None:
    """Give where a selection holds the map."""
    return _territory(atlas, _only_territories(selection))


def _only_territories(selection: Selection) -> Selection:
    return Selection(**{name: getattr(selection, name) for name in TERRITORIES})


def territories(
    choices: Choices, offered: Mapping[str, Sequence[tuple[str, str | None]]], atlas: Atlas
) -> dict[str, list[Territory | None]]:
    """Give where each choice of a filter of territory would hold the map, by key of its widget."""
    return {
        key: [_territory(atlas, _only_territories(one)) for one in choices.after(some)]
        for key, some in offered.items()
        if some and some[0][0] in TERRITORIES
    }


@kept_with_first(64)
def _group_state(atlas: Atlas, filters: Selection, code: str | None) -> dict:
    """Tell figures once for all who ask them; never mutated."""
    return group_state(code, _applied(atlas, filters), atlas)


def circles(selection: Selection, atlas: Atlas) -> dict:
    """Give what the circles of the map stand for."""
    return _group_state(atlas, selection.filters, selection.group)


@st.cache_resource
def town_counts() -> dict[str, int]:
    """Count the communes of each programme, for the legend."""
    return shared_atlas().carried.groupby("programme")["code_insee"].nunique().to_dict()


def is_dark() -> bool:
    """Tell whether the reader's theme is dark."""
    return st.context.theme.type == "dark"


def markdown(text: str) -> str:
    """Escape what markdown would read as its own signs; apostrophes take their French shape."""
    shown = typographic(text)
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-.!|~$:" else c for c in shown)


def link(
    page: str,
    label: str,
    *,
    query: dict[str, str] | None = None,
    icon: str | None = None,
    disabled: bool = False,
) -> None:
    """Link to a page of the atlas, with its address.

    A page opened alone (without ``app.py``) knows no other: the label is then plain.
    """
    try:
        st.page_link(
            page, label=label, icon=icon, query_params=address.along(query or {}), disabled=disabled
        )
    except StreamlitPageNotFoundError:
        st.caption(label)
