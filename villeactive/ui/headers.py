"""What goes with each answer of the server, and whom it answers.

``Content-Security-Policy``, found by trial in Chromium on every page; beyond ``'self'``:

- ``script-src blob:``: where Streamlit puts the scripts of our components; the print of the one
  line of script in its own page;
- in the frames of components alone, ``script-src 'unsafe-inline' 'unsafe-eval'``:
  streamlit-folium runs the map that folium wrote; and IGN's host, the only one, for the tiles of
  « Plan IGN » once a reader asks for them;
- ``style-src 'unsafe-inline'``: Streamlit and Leaflet style as they go;
- ``img-src data:``, ``font-src data:``: symbols, drawn maps and letters held in pages and styles;
- ``frame-ancestors *``: whoever wants may show the atlas in a page of theirs.
"""

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from villeactive.text import NBSP
from villeactive.ui.own_files import base_path, is_lasting

LOOPBACK = ("localhost", "127.0.0.1", "::1")

_INLINE = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""Of the script in Streamlit's page; a browser that refuses another gives the right one."""

_UNKNOWN = (
    "Cette adresse n’est pas de celles que sert l’atlas. Pour l’ajouter, relancez-le avec "
    "STREAMLIT_SERVER_ALLOWED_HOSTS (voir LISEZMOI.md)."
)
_SIGN_IN = "/auth/login"
_NO_PROVIDER = f"""<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ville active</title>
<style>body{{font:18px/1.6 system-ui,sans-serif;text-align:center;padding:20vh 16px}}</style>
<h1>Ville active</h1>
<p role="alert">La connexion n’est pas possible{NBSP}: le service qui vous identifie ne répond pas.
Réessayez dans un moment.</p>
<p><a href="ROOT/collections">Revenir aux collections</a></p>
</html>
"""
"""In place of two words of Streamlit's, in English, on a page without a way out."""


def _policy(*, scripts: str, images: str = "") -> str:
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {scripts}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: {images}".rstrip(),
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "*",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
"""Of what never changes: else asked for again, whole, at each visit, and its script read anew."""

_PAGE = _policy(scripts=f"blob: {_INLINE}")
_FRAME = _policy(scripts="'unsafe-inline' 'unsafe-eval'", images="https://data.geopf.fr")


class Guard:
    """Say with each answer what its page may do; refuse strange hosts, and Streamlit's metrics.

    A provider that does not answer is told in French.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._root = base_path()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        if scope["type"] != "http":  # Streamlit itself looks at the host of a socket
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._root)
        added = {
            "Content-Security-Policy": _FRAME if path.startswith("/component/") else _PAGE,
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }

        failed = False

        async def with_headers(message: Message) -> None:
            nonlocal failed
            if message["type"] == "http.response.start":
                kept = message["status"] == 200 and is_lasting(path)
                MutableHeaders(scope=message).update(added | (_KEPT if kept else {}))
                failed = path == _SIGN_IN and message["status"] == 400
            if not failed:
                await send(message)

        answer = self._app
        if not is_host_allowed(Headers(scope=scope).get("host")):
            answer = PlainTextResponse(_UNKNOWN, status_code=400)
        elif path == "/_stcore/metrics":
            answer = PlainTextResponse("Fermé.", status_code=404)
        await answer(scope, receive, with_headers)
        if failed:
            told = HTMLResponse(_NO_PROVIDER.replace("ROOT", self._root), 503)
            await told(scope, receive, with_headers)


def keep_to_loopback() -> None:
    """Answer this machine's own names alone when the server listens to this machine alone.

    A page elsewhere could else reach it by a name of its own that it points here.
    """
    listens = st.get_option("server.address")
    if listens in LOOPBACK and not st.get_option("server.allowedHosts"):
        named = [*LOOPBACK, st.get_option("browser.serverAddress")]
        config.set_option("server.allowedHosts", named)
