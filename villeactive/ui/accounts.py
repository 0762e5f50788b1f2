"""Who is signed in, and whether they are an editor: by their e-mail, asked of a list each time.

A sign-in lasts thirty days in a browser, so what it may do is never kept with it.
"""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from villeactive.text import NBSP

EDITORS = "VILLEACTIVE_EDITORS"
"""E-mails, and domains as ``@mairie.example``, or the path of a file that lists them."""

_APART = re.compile(r"[\s,;]+")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def offered() -> bool:
    """Tell whether one can sign in here: a provider is named under ``[auth]`` of the secrets."""
    return "is_logged_in" in st.user.to_dict()


def account() -> str:
    """Give the e-mail of who is signed in, as their provider has verified it; empty without one."""
    return verified(st.user.to_dict())


def editor() -> str:
    """Give the e-mail of who is signed in and may write; empty for all others."""
    who = account()
    return who if who and may_edit(who, listed()) else ""


def verified(said: Mapping[str, Any]) -> str:
    """Return the e-mail of an account, where its provider says that it is verified."""
    who = said.get("email")
    sure = said.get("is_logged_in") is True and said.get("email_verified") is True
    return who if sure and isinstance(who, str) and _ADDRESS.fullmatch(who) else ""


def may_edit(who: str, roles: Iterable[str]) -> bool:
    """Tell whether an e-mail is on a list of e-mails and domains, whatever its case."""
    known = {one.casefold() for one in roles}
    return not known.isdisjoint({who.casefold(), f"@{who.casefold().rpartition('@')[2]}"})


def listed() -> list[str]:
    """Read the list of editors anew; nobody is on one that cannot be read."""
    given = os.environ.get(EDITORS, "").strip()
    if "/" in given:
        text = ""
        with suppress(OSError, UnicodeDecodeError):
            text = Path(given).read_text(encoding="utf-8")
        given = re.sub(r"#.*", "", text)
    return [one for one in _APART.split(given) if one.count("@") == 1]


def show() -> None:
    """Show who is signed in and what they may do, or the way to it, where there is a provider."""
    if not offered():
        return
    with st.container(horizontal=True, key="c-account", vertical_alignment="center"):
        if not st.user.to_dict()["is_logged_in"]:
            st.text("Les éditeurs gardent, changent et retirent des collections.")
            st.button("Se connecter", key="c-sign-in", icon=":material/login:", on_click=st.login)
            return
        who = account()
        if editor():
            said = f"Connecté en éditeur{NBSP}: {who}"
        elif who:
            said = f"Connecté en lecteur{NBSP}: {who}, qui n’est pas sur la liste des éditeurs"
        else:
            said = f"Connecté en lecteur{NBSP}: qui vous identifie n’a pas vérifié votre adresse"
        st.text(said)
        st.button("Se déconnecter", key="c-sign-out", type="tertiary", on_click=st.logout)
