"""The atlas that all sessions share, read once."""

import ctypes
import gc
import logging
import time
from contextlib import suppress
from threading import Lock
from typing import NamedTuple
from weakref import WeakSet

import streamlit as st

from villeactive.analysis.search import prepare
from villeactive.atlas import Atlas, read_atlas
from villeactive.errors import StoreError
from villeactive.kept_with import kept_with_first
from villeactive.store.location import configured
from villeactive.ui.background import REST, later

_LOG = logging.getLogger(__name__)
_READING = Lock()

LOOK = 1.0
"""Seconds from one look at the store to the next: what another server publishes shows after it."""

RETRY = 5.0
"""Seconds from one look at a store that cannot be read to the next: each may wait for long."""

TRIED: WeakSet = WeakSet()
"""What sessions try now, and the places of those who are about to (``ui/trial.py``)."""


class _Last(NamedTuple):
    """The atlas read last; ``until`` when it is shown without a look at the store."""

    atlas: Atlas
    until: float


_LAST: dict[str, _Last] = {}
"""By address of the store: that of another one is no answer."""


def shared_atlas() -> Atlas:
    """Read the atlas; shared by all sessions, never mutated, read anew when a collection changes.

    The server asks for it as it starts (``ui/start.py``); who comes sooner waits for it. While the
    store cannot be read the last one is shown: who reads need not know that a server restarts. The
    page of the collections, which asks the store itself, says what is wrong.

    Raises
    ------
    VilleActiveError
        The shipped data is damaged, or the store could not be read yet.
    """
    asked = configured()
    with _READING:  # read once, however many come at the same moment
        last = _LAST.get(asked)
        if last and time.monotonic() < last.until:
            return last.atlas
        try:
            atlas = read_atlas(within=LOOK)
        except StoreError as error:
            if last is None:
                raise
            _LOG.error("%s", error)  # noqa: TRY400
            _LAST[asked] = _Last(last.atlas, time.monotonic() + RETRY)
            return last.atlas
        _LAST.clear()
        _LAST[asked] = _Last(atlas, 0.0)
    _begin(atlas)
    return atlas


@kept_with_first()
def _begin(atlas: Atlas) -> None:
    """Begin, once, what the pages of an atlas will need."""
    later(REST, _settle, atlas)
    _spare()


@st.cache_resource(show_spinner=False)
def _spare() -> None:
    """Spare the collector what the first atlas holds: there is next to nothing to collect then."""
    gc.freeze()


def _settle(atlas: Atlas) -> None:
    """Make what the search needs, then spare the collector the atlas and all that hangs on it.

    It would walk millions of values for half a second in the middle of an answer. What was frozen
    before is looked at first: sessions that have ended, an atlas that this one follows. What a
    session tries must go with it: nothing is frozen while one does. What the reading used for a
    moment goes back to the system.
    """
    prepare(atlas)
    gc.unfreeze()
    gc.collect()
    _give_back()
    if not TRIED:
        gc.freeze()


def _give_back() -> None:
    """Give back to the system the memory that is free, which the C library of Linux would keep."""
    with suppress(AttributeError, OSError, TypeError):  # another library, or another system
        ctypes.CDLL(None).malloc_trim(0)
