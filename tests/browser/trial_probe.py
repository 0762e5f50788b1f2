"""The whole application, and what tells if a session's trial is still held once it has ended."""

import gc
import weakref
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime import Runtime

from villeactive.documents import whole_files

ROOT = Path(__file__).resolve().parents[2]
HELD: dict[str, weakref.ref] = {}
"""What a trial is made of, weakly: nothing here keeps it."""


def sessions() -> list:
    return [info.session for info in Runtime.instance()._session_mgr.list_sessions()]


def trials() -> list:
    states = [one.session_state for one in sessions()]
    return [state["trial"] for state in states if "trial" in state]


async def hold(request: Request) -> JSONResponse:
    """Note weakly all trials; tell how many there are, and which served files hold a word."""
    word = request.query_params["word"]
    found = trials()
    for n, one in enumerate(found):
        parts = {"atlas": one.atlas, "sites": one.atlas.sites, "folder": one.folder,
                 "kept": one.kept, "seat": one.seat}  # fmt: skip
        HELD.update({f"{name} {n}": weakref.ref(part) for name, part in parts.items()})
    written = [
        path.name
        for folder in whole_files._own
        for path in folder.iterdir()
        if word in path.read_text(encoding="utf-8")
    ]
    return JSONResponse({"trials": len(found), "written": written, "held": sorted(HELD)})


async def end(_request: Request) -> JSONResponse:
    """End all sessions as the server does; tell what is still there of their trials."""
    runtime = Runtime.instance()
    for name in [one.id for one in sessions()]:
        runtime.close_session(name)
    gc.collect()
    return JSONResponse([name for name, ref in HELD.items() if ref() is not None])


if __name__ == "__main__":
    st.error("Ce fichier sert app.py.")
else:
    from starlette.middleware import Middleware

    from villeactive.ui.headers import Guard
    from villeactive.ui.start import lifespan

    app = st.App(
        ROOT / "app.py",
        lifespan=lifespan,
        middleware=[Middleware(Guard)],
        routes=[Route("/probe/hold", hold), Route("/probe/end", end)],
    )
