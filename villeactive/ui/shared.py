"""The atlas that all sessions share, read once."""

import gc

import streamlit as st

from villeactive.analysis.search import prepare
from villeactive.atlas import Atlas, read_atlas
from villeactive.ui.background import later

BY_REVISION = {Atlas: lambda atlas: atlas.revision}
"""How a cache of Streamlit tells one atlas from another."""

REST = 6.0
"""Seconds left to the first page before the search makes its index."""


@st.cache_resource(show_spinner=False)
def shared_atlas() -> Atlas:
    """Read the atlas once; shared by all sessions, never mutated.

    The server asks for it as it starts (``ui/start.py``); who comes sooner waits for it.

    Raises
    ------
    VilleActiveError
        The shipped data is damaged.
    """
    atlas = read_atlas()
    _keep()
    later(REST, _complete, atlas)
    return atlas


def _complete(atlas: Atlas) -> None:
    """Make the index of the search, which stays as long as the server."""
    prepare(atlas)
    _keep()


def _keep() -> None:
    """Spare the collector what stays; there is next to nothing to collect before."""
    gc.freeze()
