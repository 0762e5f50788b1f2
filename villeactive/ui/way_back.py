"""The way back to one's map: its filters and layers are kept while other pages are read."""

from dataclasses import replace

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.selection import Selection, chips, from_query
from villeactive.text import NBSP
from villeactive.ui import address, shell

_KEPT = "filters-of-the-map"
_AWAY = "left-the-map"
_ICON = ":material/undo:"


def keep(selection: Selection, atlas: Atlas) -> bool:
    """Keep the filters of the map shown; a map reached without any offers those kept before.

    The menu opens the map by its bare address. Filters that the reader lifts on the map itself
    are gone: only a visit to another page keeps them. Tells whether they were offered.
    """
    kept = _kept(atlas)
    if not selection.is_empty:
        map_alone = replace(selection, projet=None, commune=None, shortlist=())
        st.session_state[_KEPT], st.session_state[_AWAY] = map_alone.to_query(), False
    elif not st.session_state.get(_AWAY):
        st.session_state.pop(_KEPT, None)
    elif kept:
        # a link to the page that one is on would leave the address as it is
        st.button(
            _words(kept, atlas),
            icon=_ICON,
            key="retrouver",
            type="tertiary",
            on_click=address.step,
            args=(lambda here: replace(kept, shortlist=here.shortlist),),
        )
        return True
    return False


def offer(atlas: Atlas) -> None:
    """Offer on another page the map that the reader left, unless that page goes on with it."""
    st.session_state[_AWAY] = True
    kept = _kept(atlas)
    if kept and not kept.to_query().keys() & st.query_params.keys():
        shell.link(shell.CARTE, _words(kept, atlas), query=kept.to_query(), icon=_ICON)


def _kept(atlas: Atlas) -> Selection | None:
    """Read the filters kept, if any."""
    kept = st.session_state.get(_KEPT)
    return from_query(kept, atlas)[0] if kept else None


def _words(kept: Selection, atlas: Atlas) -> str:
    """Say the way back, with the filters that it brings."""
    said = " · ".join(words for _, words in chips(kept, atlas))
    return shell.markdown(f"Retrouver ma carte{NBSP}: {said}")
