"""Our own constant files, styles and scripts of ``ui/assets``, as a page takes them."""

from functools import cache
from importlib.resources import files

import streamlit as st


@cache
def text_of(*names: str) -> str:
    """Give the text of some files, one after the other."""
    folder = files("villeactive.ui") / "assets"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


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
        Files; of several, each uses what the ones before it define.
    html
        What the scripts fill.
    """
    return st.components.v2.component(
        name, html=html, css=text_of(*styles) or None, js=text_of(*scripts)
    )
