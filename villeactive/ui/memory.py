"""Choices that a browser keeps for a page: format, style, footer, logo."""

import base64
import io
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from typing import Any

import streamlit as st
from PIL import Image, UnidentifiedImageError

from villeactive.text import NBSP, typed

LOGO_BYTES = 300_000
"""Largest logo, so that a browser keeps it."""

LOGO_PIXELS = 4_000_000
LOGO_SIDE = 8_000
"""Longest side: a picture of one row is no logo."""

_LOGO = "a-logo-kept"


@st.cache_resource
def _memory():
    """Register the memory once; its script is our own constant file."""
    script = files("villeactive.ui") / "assets" / "memory.js"
    return st.components.v2.component("villeactive_memoire", js=script.read_text(encoding="utf-8"))


def recall(
    choices: Mapping[str, tuple[str, Iterable[str]]],
    texts: Mapping[str, int],
    *,
    choose: Callable[[dict[str, str]], None],
) -> None:
    """Hand over what this browser kept, once a session; then keep what is chosen.

    Parameters
    ----------
    choices
        Name → the value in force, and those it may take; others are forgotten.
    texts
        Key of a text → its greatest length; the text is seeded.
    choose
        Receives name → value of the choices that this browser kept.
    """
    if st.session_state.get("a-recalled"):
        values = {name: value for name, (value, _) in choices.items()}
        values |= {name: st.session_state.get(name) for name in texts}
        logo = st.session_state.get(_LOGO)
        values[_LOGO] = base64.b64encode(logo).decode() if logo else None
        _memory()(data={"name": "atelier", "values": values}, key="a-memory-kept")
        return

    def seed() -> None:
        kept = st.session_state["a-memory"].kept or {}
        choose({name: kept[name] for name, (_, known) in choices.items()
                if kept.get(name) in known})  # fmt: skip
        for name, most in texts.items():
            if isinstance(kept.get(name), str):
                st.session_state[name] = typed(kept[name])[:most]
        st.session_state[_LOGO] = _kept_logo(kept.get(_LOGO))
        st.session_state["a-recalled"] = True

    _memory()(data={"name": "atelier"}, key="a-memory", on_kept_change=seed)


def _kept_logo(text: Any) -> bytes | None:
    """Read the logo that the browser kept; what is not a small picture is forgotten."""
    if not isinstance(text, str) or len(text) > 2 * LOGO_BYTES:
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if fault_of(data) is None else None


def fault_of(data: bytes) -> str | None:
    """Say why a file cannot be a logo, or None.

    Parameters
    ----------
    data
        The file, whatever its name: only its content counts.
    """
    if len(data) > LOGO_BYTES:
        return f"Logo trop lourd{NBSP}: {LOGO_BYTES // 1000} ko au plus."
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > LOGO_SIDE or picture.width * picture.height > LOGO_PIXELS:
                return f"Logo trop grand{NBSP}: 2{NBSP}000 × 2{NBSP}000 pixels au plus."
            picture.load()
    except Image.DecompressionBombError:
        return f"Logo trop grand{NBSP}: 2{NBSP}000 × 2{NBSP}000 pixels au plus."
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, IndexError, KeyError):
        return f"Logo illisible{NBSP}: donnez une image PNG ou JPEG entière."
    return None


def logo(show: Callable[..., Any] = st.file_uploader) -> bytes | None:
    """Take, show and keep the logo of one's organisation."""
    given = show("Logo (PNG ou JPEG, 300 ko au plus)", ["png", "jpg", "jpeg"], key="a-logo")
    if given is not None:
        fault = fault_of(given.getvalue())
        if fault:
            st.warning(f"{fault} Il n’est pas posé sur la carte.")
        else:
            st.session_state[_LOGO] = given.getvalue()
    kept = st.session_state.get(_LOGO)
    if kept and given is None:
        st.image(kept, width=120)
        st.button(
            "Retirer le logo", key="a-logo-off", on_click=lambda: st.session_state.pop(_LOGO, None)
        )
    return kept
