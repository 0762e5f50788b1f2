"""One box to find a project, an organisation or a commune, on any page: it goes, never filters."""

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

from villeactive.analysis.answers import Answers, answer
from villeactive.analysis.search import Hit
from villeactive.atlas import Atlas
from villeactive.text import plural
from villeactive.ui import shell
from villeactive.ui.parts import blocks

_MOST = 8
_NOTHING = {
    None: ("Rien", "un autre nom, un code postal ou le début d’un mot"),
    "commune": ("Aucune commune", "un code postal ou le début du nom"),
}
_WHERE = {
    "commune": (shell.COMMUNE, "commune", ":material/location_on:"),
    "project": (shell.PROJET, "projet", ":material/description:"),
    "organisation": (shell.ACTEURS, "actor", ":material/groups:"),
    "region": (shell.CARTE, "region", ":material/map:"),
    "departement": (shell.CARTE, "departement", ":material/map:"),
    "epci": (shell.CARTE, "epci", ":material/map:"),
}


def _choose(act: Callable[[str], None], name: str, key: str) -> None:
    """Do what the page does of a choice, and empty the box."""
    act(name)
    st.session_state[key] = ""
    st.session_state[f"{key}-choisi"] = True


def _show(hit: Hit, act: Callable[[str], None] | None, *, key: str) -> None:
    """Show what was found: a link to its page, or a button for what the page does of it."""
    page, name, icon = _WHERE[hit.kind]
    said = f"{hit.label} — {hit.detail}" if hit.detail else hit.label
    words = shell.markdown(said)
    if act is None:
        shell.link(page, words, query={name: hit.id}, icon=icon)
    else:
        st.button(
            words,
            icon=icon,
            type="tertiary",
            key=f"{key}-{hit.kind}-{hit.id}",
            on_click=_choose,
            args=(act, hit.id, key),
        )


def found(asked: str, atlas: Atlas, only: str | None = None) -> list[Hit]:
    """Find the best answers; those of one kind may lie farther."""
    return list(answer(asked, atlas, n=_MOST, only=only).hits)


@st.fragment
@shell.faults_told()
def show_finder(
    atlas: Atlas,
    *,
    key: str = "chercher",
    label: str = "Aller à une commune, un projet, un acteur",
    acts: Mapping[str, Callable[[str], None]] | None = None,
    only: str | None = None,
    placeholder: str = "Lorient, usinerie, Cnam, 56100…",
    hidden: bool = False,
) -> None:
    """Show the box, and its answers as links while one types.

    Parameters
    ----------
    atlas
        The whole atlas.
    key
        Letters, digits and hyphens, unique on the page.
    label
        What is asked.
    acts
        Kind of hit → what the page does of its id, before it runs again, instead of going to
        another page.
    only
        The one kind of hit to answer with, of those of ``acts``; None for all.
    placeholder
        What the empty box shows when its label is seen.
    hidden
        Keep the label for assistive tools only.
    """
    if st.session_state.pop(f"{key}-choisi", False):
        st.rerun()
    with st.container(key=f"trouver-{key}", gap="xsmall"):
        asked = st.text_input(
            label,
            key=key,
            type="search",
            live="200ms",
            icon=":material/search:",
            placeholder=f"{label}…" if hidden else placeholder,
            label_visibility="collapsed" if hidden else "visible",
        )
        if not (asked or "").strip():
            return
        with st.container(key=f"trouves-{key}", gap="xxsmall"):
            answers = answer(asked, atlas, n=_MOST, only=only)
            if not answers.hits:
                what, other = _NOTHING[only]
                nothing = f"{what} ne répond à {blocks.quoted(asked.strip()[:60])}."
                st.info(f"{nothing} {answers.why or f'Essayez {other}.'}", icon=_NONE_ICON)
                return
            st.html(_told(answers, asked.strip()))
            for hit in answers.hits:
                _show(hit, (acts or {}).get(hit.kind), key=key)


_NONE_ICON = ":material/search_off:"


def _told(answers: Answers, asked: str) -> str:
    """Say how many answers there are, and what Enter does; page.js opens only what is sure.

    It waits for the answers of what is typed: ``data-asked``.
    """
    n = len(answers.hits)
    if answers.sure:
        many = "Les premières réponses" if n == _MOST else plural(n, "réponse")
        order = f"{many}, les plus proches d’abord. Entrée ouvre la première."
        said = order if n > 1 else "1 réponse. Entrée l’ouvre."
    else:
        said = f"{escape(answers.why)} Choisissez dans la liste."
    sure = " data-sure='1'" if answers.sure else ""
    return f"<p class='va-note' role='status' data-asked='{escape(asked)}'{sure}>{said}</p>"
