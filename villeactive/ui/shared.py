"""The atlas that all sessions share, read once."""

import gc
from threading import Lock

import streamlit as st

from villeactive.analysis.search import prepare
from villeactive.atlas import Atlas, read_atlas
from villeactive.kept_with import kept_with_first
from villeactive.ui.background import later

_READING = Lock()

LOOK = 1.0
"""Seconds from one look at the store to the next: what another server publishes shows after it."""

REST = 6.0
"""Seconds left to the first page before the search makes its index."""


def shared_atlas() -> Atlas:
    """Read the atlas; shared by all sessions, never mutated, read anew when a collection changes.

    The server asks for it as it starts (``ui/start.py``); who comes sooner waits for it.

    Raises
    ------
    VilleActiveError
        The shipped data is damaged, or the store cannot be read.
    """
    with _READING:  # read once, however many come at the same moment
        atlas = read_atlas(within=LOOK)
    _begin(atlas)
    return atlas


@kept_with_first()
def _begin(atlas: Atlas) -> None:
    """Begin, once, what the pages of an atlas will need."""
    later(REST, prepare, atlas)
    _spare()


@st.cache_resource(show_spinner=False)
def _spare() -> None:
    """Spare the collector what the first atlas holds: there is next to nothing to collect then.

    Later there is: sessions that end, an atlas that another one follows.
    """
    gc.freeze()
