"""Our own files, as pages and the frames of their maps take them.

Styles and scripts of ``ui/assets`` go with a page; what a map asks for is served under a name that
its content makes, so that a browser keeps it for good (``headers``), and the server what it once
compressed of it: another content, another name.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from villeactive.documents.whole_files import in_own_folder

_LASTING = re.compile(
    rf"/component/({re.escape(__name__)}\.[a-z]+-[0-9a-f]{{12}}/"
    r"|streamlit_folium\.st_folium/static/\S+\.[0-9a-f]{8}\.(js|css)$)"
)
"""Addresses of what never changes: our folders, and the files that streamlit-folium names so."""

_MOST_KEPT = 16_000_000
"""Of compressed files in the memory of a process, bytes: all that the book asks for is 3 MB."""

_ASKS_FOR_LESS = ("range", "if-none-match", "if-modified-since")
"""Headers of who wants a part, or nothing where nothing has changed."""

_REMARK = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


@cache
def text_of(*names: str) -> str:
    """Give the text of some files, one after the other."""
    folder = files("villeactive.ui") / "assets"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


def script_of(*names: str) -> str:
    """Give the text of some scripts without the lines that are remarks."""
    return _REMARK.sub("", text_of(*names))


def style(*names: str) -> str:
    """Give some styles as HTML."""
    return f"<style>{text_of(*names)}</style>"


@cache
def component(name: str, *scripts: str, styles: tuple[str, ...] = (), html: str | None = None):
    """Register a component once, and give what mounts it.

    Parameters
    ----------
    name
        Its own.
    scripts, styles
        Files; of several, each uses what the ones before it define. The scripts go with each mount,
        so the remarks of their lines stay here.
    html
        What the scripts fill.
    """
    css = text_of(*styles) or None
    return st.components.v2.component(name, html=html, css=css, js=script_of(*scripts))


def serve(name: str, files: Mapping[str, str | bytes]) -> str:
    """Serve files to the frames of maps, and give the address of their folder.

    Parameters
    ----------
    name
        What they are, in small letters: the print of their content goes after it.
    files
        Name → text, or bytes.

    Raises
    ------
    OutputError
        The temporary folder of the machine cannot be written.
    """
    told = sha256()
    for one, whole in sorted(files.items()):
        told.update(one.encode() + b"\0")
        told.update(whole if isinstance(whole, bytes) else whole.encode())
    return serve_folder(name, in_own_folder(files), told.hexdigest())


def serve_folder(name: str, folder: Path, content: str) -> str:
    """Serve a folder to the frames of maps, and give its address.

    Streamlit registers a folder only during a run of a page.

    Parameters
    ----------
    name, folder
        What it is, in small letters; where it is.
    content
        The print, hexadecimal, of what it holds.

    Returns
    -------
    str
        Relative to the frame of streamlit-folium: it holds behind any base path.
    """
    whole = f"{name}-{content[:12]}"
    components.declare_component(whole, path=str(folder))
    return f"../{__name__}.{whole}/"


def is_lasting(path: str) -> bool:
    """Tell an address whose content never changes, its base path left out."""
    return bool(_LASTING.match(path))


def base_path() -> str:
    """Give the path under which the atlas is served: « /atlas », or nothing."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""


class Compressed:
    """Answer what never changes as it was first compressed; all else goes as it is.

    Streamlit compresses it anew for each reader: at a first visit, 50 ms of the one process.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._base = base_path()
        self._kept: OrderedDict[str, tuple[Message, bytes]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        if scope["type"] != "http" or not self._may_be_kept(scope):
            await self._app(scope, receive, send)
            return
        start, body = self._kept.get(scope["path"]) or await self._answer(scope, receive)
        # a list of its own: more headers are put in it on its way
        await send({**start, "headers": list(start["headers"])})
        await send({"type": "http.response.body", "body": body})

    def _may_be_kept(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        return (
            scope["method"] == "GET"
            and is_lasting(scope["path"].removeprefix(self._base))
            and "gzip" in headers.get("accept-encoding", "")
            and not any(name in headers for name in _ASKS_FOR_LESS)
        )

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """Have a file answered whole, and keep that if it is one that was compressed."""
        sent: list[Message] = []

        async def noted(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, noted)
        start, body = sent[0], b"".join(part.get("body", b"") for part in sent[1:])
        if start["status"] == 200 and "content-encoding" in Headers(raw=start["headers"]):
            self._kept[scope["path"]] = start, body
            while sum(len(one) for _, one in self._kept.values()) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return start, body
