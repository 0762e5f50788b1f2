"""Our own constant files, styles and scripts of ``ui/assets``, as a page takes them."""

import re
from functools import cache
from importlib.resources import files

import streamlit as st

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
