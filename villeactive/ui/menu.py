"""The pages of the atlas, in the order of the menu: six heads, each page in two clicks."""

from copy import copy
from functools import lru_cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from villeactive.ui import address, shell


def pages() -> dict[str, list[StreamlitPage]]:
    """Pages by head of the menu; « Ma sélection » says how many projects were gathered."""
    # a run marks the page that it opens: each run has its own
    made = _pages(address.title())
    return {head: [copy(page) for page in group] for head, group in made.items()}


@lru_cache(64)
def _pages(gathered: str) -> dict[str, tuple[StreamlitPage, ...]]:
    """Make the pages once: Streamlit looks up the file of each on the disk."""
    heads = {
        "": ((shell.CARTE, "Carte", "map"),),
        "Projets": (
            (shell.PROJET, "Fiches", "description"),
            (shell.THEMES, "Thèmes", "category"),
            (shell.ACTEURS, "Acteurs", "groups"),
        ),
        "Villes": (
            (shell.MA_VILLE, "Ma ville", "diversity_2"),
            (shell.COMMUNE, "Communes", "location_on"),
            (shell.VILLES, "Villes et programmes", "location_city"),
        ),
        "Présenter": (
            (shell.ATELIER, "Atelier cartes", "palette"),
            (shell.GATHERED, gathered, "bookmarks"),
        ),
        "Collections": ((shell.COLLECTIONS, "Collections", "folder_open"),),
        "Méthode": ((shell.METHODE, "Données et méthode", "menu_book"),),
    }
    return {
        head: tuple(
            st.Page(path, title=title, icon=f":material/{icon}:", default=path == shell.CARTE)
            for path, title, icon in named
        )
        for head, named in heads.items()
    }
