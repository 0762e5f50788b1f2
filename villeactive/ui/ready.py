"""The deep check, for who watches the server: ``/_villeactive/ready``, closed to all others."""

import logging
import time
from threading import Lock
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from villeactive.errors import DataFileError, VilleActiveError
from villeactive.store.readiness import ready

PATH = "/_villeactive/ready"

_HOLDS = 2.0
"""Seconds for which an answer is given again: who asks too often costs nothing."""

_LOG = logging.getLogger(__name__)
_LOOKING = Lock()
_LAST: dict[str, tuple[float, int, dict[str, Any]]] = {}


class Ready:
    """Answer the deep check; what is wrong is said whole in the log, by its kind alone outside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        base = st.get_option("server.baseUrlPath").strip("/")
        self._path = f"/{base}{PATH}" if base else PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        if scope["type"] == "http" and scope["path"] == self._path:
            status, told = await run_in_threadpool(_looked)
            await JSONResponse(told, status, {"Cache-Control": "no-store"})(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _looked() -> tuple[int, dict[str, Any]]:
    with _LOOKING:
        last = _LAST.get(PATH)
        if last is None or time.monotonic() - last[0] > _HOLDS:
            last = _LAST[PATH] = (time.monotonic(), *_look())
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
