"""What one process does, in figures, for who runs the server: ``/_villeactive/metrics``.

Streamlit's own page of metrics stays closed: it weighs every cache, for seconds, and may name who
is signed in. Here are its counts of sessions, and ours; OpenMetrics, which Prometheus reads.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.stats import (
    ACTIVE_SESSIONS_FAMILY,
    SESSION_DURATION_FAMILY,
    SESSION_EVENTS_FAMILY,
)

from villeactive.ui.keeping import is_own

PATH = "/_villeactive/metrics"
MEDIA = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_OF_SESSIONS = (ACTIVE_SESSIONS_FAMILY, SESSION_EVENTS_FAMILY, SESSION_DURATION_FAMILY)
_BEGUN = time.monotonic()


class Metrics:
    """Answer the figures to this machine alone, not through a proxy; nobody else knows of them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        base = st.get_option("server.baseUrlPath").strip("/")
        self._path = f"/{base}{PATH}" if base else PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        if scope["type"] != "http" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        answer = PlainTextResponse("Fermé.", 404)
        if is_own(Headers(scope=scope), listens=st.get_option("server.address")):
            text = await run_in_threadpool(told)
            answer = PlainTextResponse(
                text, headers={"Cache-Control": "no-store"}, media_type=MEDIA
            )
        await answer(scope, receive, send)


def told() -> str:
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
