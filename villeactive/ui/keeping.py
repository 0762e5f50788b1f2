"""Whether this server may keep what a reader brings: for who runs it, and for its editors."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from villeactive.ui import accounts
from villeactive.ui.headers import LOOPBACK

VARIABLE = "VILLEACTIVE_PUBLIC"
"""Set to anything, the server keeps nothing but for its editors, wherever it listens."""

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Via")


def may_keep() -> bool:
    """Tell whether the reader of this run may keep, change and remove collections.

    An editor signed in may from anywhere; without signing in, whoever is on the machine itself.
    """
    return bool(accounts.editor()) or is_own(
        st.context.headers.to_dict(),
        listens=st.get_option("server.address"),
        public=os.environ.get(VARIABLE, ""),
    )


def is_own(headers: Mapping[str, str], *, listens: str | None, public: str = "") -> bool:
    """Tell whether a request comes from the machine itself, to a server of its own.

    Parameters
    ----------
    headers
        Of the request, whatever the case of their names.
    listens
        Address that the server listens to; none or another than loopback is a network's.
    public
        Not empty where the server is said to be public.
    """
    if public or listens not in LOOPBACK:
        return False
    given = {name.casefold(): value for name, value in headers.items()}
    if any(name.casefold() in given for name in _FORWARDED):
        return False
    try:
        host = urlsplit(f"//{given.get('host', '')}").hostname
    except ValueError:
        return False
    return host in LOOPBACK
