"""A collection tried on a server that keeps none: an atlas of the session, gone with it."""

import gc
from dataclasses import dataclass
from weakref import WeakSet

import streamlit as st

from villeactive.atlas import Atlas, beside
from villeactive.collections.folder import Folder
from villeactive.errors import DataFileError
from villeactive.store.records import Kept
from villeactive.ui.shared import TRIED, shared_atlas

MOST_AT_ONCE = 20
"""Readers of a public server who may have a table, or a trial, at the same time."""

_TRIAL = "trial"


class Seat:
    """A place among those who bring a table to a public server; free again with its session."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A collection tried: ``kept`` as it would be kept; ``atlas`` is ``shared`` with it."""

    kept: Kept
    folder: Folder
    seat: Seat | None
    shared: Atlas
    atlas: Atlas


def current_atlas() -> Atlas:
    """Read the atlas that this reader sees: the shared one, with the collection tried if any.

    Raises
    ------
    VilleActiveError
        The shipped data is damaged, or the store cannot be read.
    """
    shared, trial = shared_atlas(), current()
    if trial is None:
        return shared
    if trial.shared is not shared:  # a collection was kept meanwhile, by who runs the server
        if trial.folder.collection.id in shared.collections:
            end()
            return shared
        trial = _begun(trial.kept, trial.folder, trial.seat, shared)
    return trial.atlas


def current() -> Trial | None:
    """Give what this session tries."""
    return st.session_state.get(_TRIAL)


def begin(kept: Kept, folder: Folder, seat: Seat | None) -> None:
    """Try a collection, instead of the one tried before.

    Parameters
    ----------
    kept, folder
        As it would be kept; the same, checked beside the others.
    seat
        The place that its reader has taken.
    """
    _begun(kept, folder, seat, shared_atlas())


def _begun(kept: Kept, folder: Folder, seat: Seat | None, shared: Atlas) -> Trial:
    # what stood when the first atlas was read is spared by the collector (``shared``): a session
    # that had begun by then would keep for ever what it tries
    gc.unfreeze()
    trial = Trial(kept, folder, seat, shared, beside(shared, folder))
    TRIED.add(trial)
    st.session_state[_TRIAL] = trial
    return trial


def end() -> None:
    """Forget what is tried."""
    st.session_state.pop(_TRIAL, None)


@st.cache_resource(show_spinner=False)
def seats() -> WeakSet:
    """Give the places taken among those who bring a table to a public server."""
    return WeakSet()


def take_seat(held: Seat | None) -> Seat:
    """Take a place among the readers of a public server, or keep one's own.

    Parameters
    ----------
    held
        That of what this session already brings.

    Raises
    ------
    DataFileError
        All are taken.
    """
    trial = current()
    if held or (trial and trial.seat):
        return held or trial.seat
    if len(seats()) >= MOST_AT_ONCE:
        gc.collect()  # sessions that ended may not have been collected yet
    if len(seats()) >= MOST_AT_ONCE:
        msg = (
            f"{MOST_AT_ONCE} tableaux sont déjà ouverts sur ce serveur. Revenez dans quelques "
            "minutes, ou installez l’atlas chez vous."
        )
        raise DataFileError(msg)
    seat = Seat()
    seats().add(seat)
    TRIED.add(seat)  # from now on: what is frozen while a trial is made would outlive its session
    return seat
