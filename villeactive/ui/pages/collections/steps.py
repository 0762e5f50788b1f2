"""The four steps: which one the address asks for, the way from one to the next, faults told."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

import streamlit as st

from villeactive.errors import VilleActiveError
from villeactive.text import NBSP
from villeactive.ui import address, shell
from villeactive.ui.pages.collections import work

TITLE = "Collections"
LIST, FILE, COLUMNS, PLACES, PUBLISH = range(5)
DONE = "c-done"
"""In the session once something was kept, taken back or removed, until another table is brought."""

_NAMES = {FILE: "Fichier", COLUMNS: "Colonnes", PLACES: "Lieux", PUBLISH: "Publier"}
_LOST = (
    f"Le tableau que vous apportiez n’est plus là{NBSP}: il ne tient que tant que la page reste "
    "ouverte, et un rechargement l’efface. Donnez-le de nouveau."
)


@cache
def style() -> str:
    """Give the style of this page, our own constant file."""
    sheet = files("villeactive.ui") / "assets" / "collections.css"
    return f"<style>{sheet.read_text(encoding='utf-8')}</style>"


def asked() -> int:
    """Read the step of the address: 0 for the list of what is kept."""
    given = st.query_params.get("step", "")
    step = int(given) if given in {"1", "2", "3", "4"} else LIST
    if step > FILE and work.current() is None:
        if DONE in st.session_state:  # Back, once it is kept
            return LIST
        st.warning(_LOST, icon=":material/history:")
        return FILE
    return step


def go(step: int) -> None:
    """Write a step to the address: Back undoes it."""
    address.write({"step": str(step)} if step else {})


def show_steps(step: int) -> None:
    """Show where one is."""
    items = "".join(
        f"<li{' aria-current=step tabindex=-1' if n == step else ''}"
        f"{' class=done' if n < step else ''}><b>{n}</b> {name}</li>"
        for n, name in _NAMES.items()
    )
    st.html(f"<ol class='va-steps' aria-label='Étapes'>{items}</ol>")
    if step in (COLUMNS, PLACES):  # of which there may be dozens to pass
        st.html("<a class='va-skip' href='#suite'>Passer à la suite</a>")


def show_way(step: int, *, keep: str = "") -> bool:
    """Show what leads to the step before and to the next; tell whether ``keep`` was asked for.

    Parameters
    ----------
    step
        The one shown.
    keep
        Words of the button that ends the last step, once all is ready.
    """
    asked = False
    with st.container(horizontal=True, key="c-way"):
        st.html("<span id='suite' tabindex='-1'></span>", width="content")
        if step > FILE:
            st.button(
                "Retour",
                key=f"c-back-{step}",
                icon=":material/arrow_back:",
                on_click=go,
                args=(step - 1,),
            )
        if step < PUBLISH:
            st.button(
                "Suivant",
                key=f"c-next-{step}",
                type="primary",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=go,
                args=(step + 1,),
            )
        if keep:
            asked = st.button(keep, key="c-keep", type="primary", icon=":material/save:")
        if st.button("Abandonner", key=f"c-leave-{step}", type="tertiary"):
            _confirm_leaving()
    return asked


@st.dialog("Abandonner ce tableau")
def _confirm_leaving() -> None:
    """Say what would be lost, and forget it."""
    st.markdown(
        "Rôles et lieux réglés à la main seront oubliés. Rien de ce qui est gardé ne change."
    )
    if st.button("Abandonner", key="c-leave-sure", type="primary"):
        work.drop()
        go(LIST)
        st.rerun()


@contextmanager
def told() -> Iterator[None]:
    """Show in French any fault of what is brought or kept; the page goes on."""
    try:
        yield
    except VilleActiveError as error:
        show_fault(str(error))


def show_fault(said: str) -> None:
    """Show what is wrong, one line a fault, the first ones."""
    lines = said.split("\n")
    st.error("\n\n".join(shell.markdown(line) for line in lines[:5]), icon=":material/error:")
    if len(lines) > 5:
        st.caption(f"Et {len(lines) - 5} autres fautes.")
