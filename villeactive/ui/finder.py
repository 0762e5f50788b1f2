"""One box to find a project, an organisation or a commune, on any page: it goes, never filters."""

from collections.abc import Callable, Mapping

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.search import Hit, find
from villeactive.text import plural
from villeactive.ui import explore, frame

_MOST = 8
_WHERE = {
    "commune": (frame.COMMUNE, "commune", ":material/location_on:"),
    "project": (frame.PROJET, "projet", ":material/description:"),
    "organisation": (frame.ACTEURS, "actor", ":material/groups:"),
}


def _choose(act: Callable[[str], None], found: str, key: str) -> None:
    """Do what the page does of a choice, and empty the box."""
    act(found)
    st.session_state[key] = ""
    st.session_state[f"{key}-choisi"] = True


def _show(hit: Hit, act: Callable[[str], None] | None, *, key: str) -> None:
    """Show what was found: a link to its page, or a button for what the page does of it."""
    page, name, icon = _WHERE[hit.kind]
    words = frame.markdown(f"{hit.label} — {hit.detail}" if hit.detail else hit.label)
    if act is None:
        frame.link(page, words, query={name: hit.id}, icon=icon)
    else:
        st.button(
            words,
            icon=icon,
            type="tertiary",
            key=f"{key}-{hit.kind}-{hit.id}",
            on_click=_choose,
            args=(act, hit.id, key),
        )


@st.fragment
def show_finder(
    atlas: Atlas,
    *,
    key: str = "chercher",
    label: str = "Aller à une commune, un projet, un acteur",
    acts: Mapping[str, Callable[[str], None]] | None = None,
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
            max_chars=200,
            icon=":material/search:",
            placeholder=f"{label}…" if hidden else "Lorient, usinerie, Cnam, 56100…",
            label_visibility="collapsed" if hidden else "visible",
        )
        if not (asked or "").strip():
            return
        with st.container(key=f"trouves-{key}", gap="xxsmall"):
            hits = find(asked, atlas, n=_MOST)
            if not hits:
                st.info(
                    f"Rien ne répond à {explore.quoted(asked.strip()[:60])}. Essayez un autre nom, "
                    "un code postal ou le début d’un mot.",
                    icon=":material/search_off:",
                )
                return
            many = "Les premières réponses" if len(hits) == _MOST else plural(len(hits), "réponse")
            st.html(f"<p class='va-note' role='status'>{many}, les plus proches d’abord.</p>")
            for hit in hits:
                _show(hit, (acts or {}).get(hit.kind), key=key)
