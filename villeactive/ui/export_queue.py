"""Heavy exports take turns: two at once for the whole server, the others wait and are told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

AT_ONCE = 2


@dataclass
class _Queue:
    """Places for heavy exports, and how many are asked for."""

    places: threading.BoundedSemaphore
    lock: threading.Lock
    asked: int = 0


@st.cache_resource
def _queue() -> _Queue:
    """Give the queue of the whole server."""
    return _Queue(threading.BoundedSemaphore(AT_ONCE), threading.Lock())


def asked() -> int:
    """Return how many heavy exports are made or waited for."""
    return _queue().asked


def drawing() -> str:
    """Say that a map is drawn, and how many exports come before when it may have to wait."""
    before = max(0, _queue().asked + 1 - AT_ONCE)
    return _waiting(before) if before else "Dessin de la carte…"


def _waiting(before: int) -> str:
    return f"Export en file d’attente : {before} avant le vôtre…"


@contextmanager
def place(*, said: bool = True) -> Iterator[None]:
    """Wait for a place; say how many exports come before when one has to wait.

    Parameters
    ----------
    said
        False outside a run of the page (a download prepared on click): nothing can be shown.
    """
    queue = _queue()
    with queue.lock:
        queue.asked += 1
        before = max(0, queue.asked - AT_ONCE)
    try:
        if said and before:
            with st.spinner(_waiting(before)):
                queue.places.acquire()
        else:
            queue.places.acquire()
        try:
            yield
        finally:
            queue.places.release()
    finally:
        with queue.lock:
            queue.asked -= 1
