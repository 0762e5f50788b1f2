"""Our own files, as pages and the frames of their maps take them.

Styles and scripts of ``ui/assets`` go with a page; what a map asks for is served under a name that
its content makes, so that a browser keeps it for good (``headers``): another content, another name.
"""

import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components

from villeactive.documents.whole_files import in_own_folder

_LASTING = re.compile(
    rf"/component/({re.escape(__name__)}\.[a-z]+-[0-9a-f]{{12}}/"
    r"|streamlit_folium\.st_folium/static/\S+\.[0-9a-f]{8}\.(js|css)$)"
)
"""Addresses of what never changes: our folders, and the files that streamlit-folium names so."""

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
