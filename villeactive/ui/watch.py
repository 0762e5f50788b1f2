"""What a process tells who runs the server: the deep check, and its figures.

``/_villeactive/ready`` says what is wrong whole in the log, by its kind alone outside; nginx keeps
it to the machine. ``/_villeactive/metrics`` is OpenMetrics, which Prometheus reads: Streamlit's own
page of metrics stays closed, as it weighs every cache, for seconds, and may name who is signed in.
"""

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.stats import (
    ACTIVE_SESSIONS_FAMILY,
    SESSION_DURATION_FAMILY,
    SESSION_EVENTS_FAMILY,
)

from villeactive.errors import DataFileError, VilleActiveError
from villeactive.store.readiness import ready
from villeactive.ui.keeping import is_own
from villeactive.ui.own_files import base_path

READY, METRICS = "/_villeactive/ready", "/_villeactive/metrics"

_FRESH = {"Cache-Control": "no-store"}
_OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_OF_SESSIONS = (ACTIVE_SESSIONS_FAMILY, SESSION_EVENTS_FAMILY, SESSION_DURATION_FAMILY)
_HOLDS = 2.0
"""Seconds for which a deep check is given again: who asks too often costs nothing."""

_BEGUN = time.monotonic()
_LOG = logging.getLogger(__name__)
_LOOKING = Lock()
_LAST: dict[str, tuple[float, int, dict[str, Any]]] = {}


class Watch:
    """Answer what is asked of the process itself; all else is the atlas's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        root = base_path()
        self._answers = {f"{root}{READY}": _ready, f"{root}{METRICS}": _metrics}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        asked = self._answers.get(scope["path"]) if scope["type"] == "http" else None
        answer = await asked(scope) if asked else self._app
        await answer(scope, receive, send)


async def _ready(_scope: Scope) -> Response:
    status, told = await run_in_threadpool(_looked)
    return JSONResponse(told, status, _FRESH)


async def _metrics(scope: Scope) -> Response:
    """Give the figures to this machine alone, not through a proxy; nobody else knows of them."""
    if not is_own(Headers(scope=scope), listens=st.get_option("server.address")):
        return PlainTextResponse("Fermé.", 404)
    return PlainTextResponse(await run_in_threadpool(figures), 200, _FRESH, _OPENMETRICS)


def _looked() -> tuple[int, dict[str, Any]]:
    with _LOOKING:
        last = _LAST.get(READY)
        if last is None or time.monotonic() - last[0] > _HOLDS:
            last = _LAST[READY] = (time.monotonic(), *_look())
        return last[1:]


def _look() -> tuple[int, dict[str, Any]]:
    try:
        return 200, {"ready": True, **ready()}
    except VilleActiveError as error:
        _LOG.error("%s", error)  # noqa: TRY400
        return 503, {
            "ready": False,
            "fault": "data" if isinstance(error, DataFileError) else "store",
        }


def figures() -> str:
    """Return the figures of this process as OpenMetrics text; no name of a person among them."""
    lines = []
    for name, kind, help_, value in _figures():
        shown = f"villeactive_{name}"
        lines += [f"# TYPE {shown} {kind}", f"# HELP {shown} {help_}"]
        lines.append(f"{shown}{'_total' if kind == 'counter' else ''} {value:g}")
    families = runtime.get_instance().stats_mgr.get_stats(_OF_SESSIONS) if runtime.exists() else {}
    for stats in filter(None, families.values()):
        one = stats[0]
        lines += [f"# TYPE {one.family_name} {one.type}", f"# HELP {one.family_name} {one.help}"]
        lines += [stat.to_metric_str() for stat in stats]
    return "\n".join([*lines, "# EOF", ""])


def _figures() -> Iterator[tuple[str, str, str, float]]:
    """Give name, kind, meaning and value of each figure of ours."""
    # here: they bring the whole atlas, and the server answers before it is read
    from villeactive.ui import export_queue
    from villeactive.ui.trial import seats

    yield "up_seconds", "gauge", "Since this process began.", time.monotonic() - _BEGUN
    yield "processor_seconds", "counter", "Processor time used.", time.process_time()
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text(encoding="ascii").split()[1])
        yield "memory_bytes", "gauge", "Memory held.", pages * os.sysconf("SC_PAGE_SIZE")
    yield "exports", "gauge", "Heavy exports made or waiting.", export_queue.asked()
    yield "tables", "gauge", "Tables that visitors have brought or try.", len(seats())
