"""Choices that a browser keeps for a page: format, style, footer, logo."""

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from villeactive.documents.logo import LOGO_BYTES, plain_logo
from villeactive.errors import DataFileError
from villeactive.text import typed
from villeactive.ui.own_files import component

_LOGO = "a-logo-kept"
_READ = "a-logo-read"


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
        component("villeactive_memoire", "memory.js")(
            data={"name": "atelier", "values": values}, key="a-memory-kept"
        )
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

    component("villeactive_memoire", "memory.js")(
        data={"name": "atelier"}, key="a-memory", on_kept_change=seed
    )


def _kept_logo(text: Any) -> bytes | None:
    """Read the logo that the browser kept; what is not a small picture is forgotten."""
    if not isinstance(text, str) or len(text) > 2 * LOGO_BYTES:
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    try:
        return plain_logo(data)
    except DataFileError:
        return None


def logo(show: Callable[..., Any] = st.file_uploader) -> bytes | None:
    """Take, show and keep the logo of one's organisation, as a plain PNG."""
    given = show(f"Logo (PNG ou JPEG, {LOGO_BYTES // 1000} ko au plus)", ["png", "jpg", "jpeg"],
                 key="a-logo")  # fmt: skip
    if given is not None and (fault := _take(given)):
        st.warning(f"{fault} Il n’est pas posé sur la carte.")
    kept = st.session_state.get(_LOGO)
    if kept and given is None:
        st.image(kept, width=120)
        st.button(
            "Retirer le logo", key="a-logo-off", on_click=lambda: st.session_state.pop(_LOGO, None)
        )
    return kept


def _take(given: Any) -> str | None:
    """Keep a file as the logo, read once however often the page runs; say why it is none."""
    known, fault = st.session_state.get(_READ, (None, None))
    if known == given.file_id:
        return fault
    try:
        st.session_state[_LOGO], fault = plain_logo(given.getvalue()), None
    except DataFileError as error:
        fault = str(error)
    st.session_state[_READ] = (given.file_id, fault)
    return fault
