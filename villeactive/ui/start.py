"""What the server does before its first reader and after its last one.

Before: the atlas is read, the browser opened. After: its temporary folders go.

Streamlit runs no line of ours until somebody comes: the first reader would wait for the modules
and for the atlas. Here they are loaded in the background while the browser fetches the page. At
rest the page is run once for nobody: who is sent here by a process that ended need not wait for
what a first page makes.
"""

import asyncio
import gc
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module

import streamlit as st
from streamlit import runtime
from streamlit.runtime.pages_manager import PagesManager

from villeactive.documents.whole_files import remove_own_folders
from villeactive.errors import VilleActiveError
from villeactive.ui.background import REST, later
from villeactive.ui.clicks import answer_whole
from villeactive.ui.headers import keep_to_loopback
from villeactive.ui.own_files import base_path

_LISTENS = 0.3
"""Seconds after which the server surely answers: it listens once the start is over."""

_MODULES = ("folium.plugins", "villeactive.ui.shell", "villeactive.maps.web.folium_map")
"""What the first page is made of, slowest first, but streamlit-folium: imported outside a run, its
frame would not be served (``components.declare_component`` registers during a run only)."""


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the browser when the server starts, unless ``server.headless``; tidy when it ends."""
    # else Streamlit takes ``pages/`` for a menu of file names until ``st.navigation`` has run once
    PagesManager.uses_pages_directory = False
    keep_to_loopback()
    answer_whole()
    if not st.get_option("server.headless"):
        # a thread of its own: some browsers keep who calls them waiting
        later(_LISTENS, webbrowser.open, _address())
    rehearsal = asyncio.create_task(_rehearse())
    yield
    rehearsal.cancel()
    # SIGTERM: uvicorn ends in order, then by the signal itself, so that Python tidies nothing
    remove_own_folders()


async def _rehearse() -> None:
    """Run the first page once, for nobody."""
    await asyncio.sleep(REST)
    await runtime.get_instance().does_script_run_without_error()


def warm_up() -> None:
    """Load in the background what the first page needs.

    Nothing of it goes away: Python would walk it again and again to collect, a fifth of the start.
    """
    gc.disable()
    later(0, _load)


def _load() -> None:
    try:
        arrow = import_module("pyarrow")
        # it would keep for itself what frames were made of: a seventh of what a server takes
        arrow.set_memory_pool(arrow.system_memory_pool())
        for name in _MODULES:
            import_module(name)
        with suppress(VilleActiveError):  # each page says it
            import_module("villeactive.ui.shared").shared_atlas()
    finally:
        gc.enable()


def _address() -> str:
    """Give the address of the atlas, as Streamlit prints it."""
    host, port = st.get_option("browser.serverAddress"), st.get_option("server.port")
    return f"http://{host}:{port}{base_path() or '/'}"
