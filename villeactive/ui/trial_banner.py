"""The banner of a trial, at the head of every page: what is tried, how it is lost, its end."""

import streamlit as st

from villeactive.text import NBSP, plural, typographic
from villeactive.ui import address, trial


def show_banner() -> None:
    """Say that a collection is tried, if one is."""
    tried = trial.current()
    if tried is None:
        return
    title = typographic(tried.kept.head["title"])
    total = plural(len(tried.kept.records), "projet")
    with st.container(horizontal=True, vertical_alignment="center", key="essai"):
        st.text(
            f"À l’essai{NBSP}: «{NBSP}{title}{NBSP}», {total}. Vous seul la voyez{NBSP}; recharger "
            "la page ou la fermer l’efface.",
            width="stretch",
        )
        show_end(key="essai-fin")


def show_end(*, key: str) -> None:
    """Show what ends the trial."""
    st.button("Terminer l’essai", key=key, icon=":material/close:", type="tertiary", on_click=_end)


def _end() -> None:
    tried = trial.current()
    if tried is not None:
        address.leave(tried.kept.id)
    trial.end()
