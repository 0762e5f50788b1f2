"""The pages of the atlas, in the order of the menu."""

from copy import copy
from functools import lru_cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from villeactive.ui import address, frame


def pages() -> list[StreamlitPage]:
    """Give the pages; « Ma sélection » says how many projects were gathered."""
    # a run marks the page that it opens: each run has its own
    return [copy(page) for page in _pages(address.title())]


@lru_cache(64)
def _pages(gathered: str) -> tuple[StreamlitPage, ...]:
    """Make the pages once: Streamlit looks up the file of each on the disk."""
    named = (
        (frame.CARTE, "Carte", "map"),
        (frame.MA_VILLE, "Ma ville", "diversity_2"),
        (frame.PROJET, "Projet", "description"),
        (frame.VILLES, "Villes et programmes", "location_city"),
        (frame.THEMES, "Thèmes", "category"),
        (frame.ACTEURS, "Acteurs", "groups"),
        (frame.COMMUNE, "Commune", "location_on"),
        (frame.GATHERED, gathered, "bookmarks"),
        (frame.ATELIER, "Atelier cartes", "palette"),
        (frame.METHODE, "Données et méthode", "menu_book"),
    )
    return tuple(
        st.Page(path, title=title, icon=f":material/{icon}:", default=path == frame.CARTE)
        for path, title, icon in named
    )
