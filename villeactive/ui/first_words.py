"""What a reader sees until Streamlit stands: words in our colours, in the page that it sends empty.

At 200 kB a second its scripts take a quarter of a minute, during which it shows nothing. The words
stand beside its root, which it clears before it has anything to show, and go by style alone once
the page has its title. Signs drawn by a font would meanwhile be read by their English names:
they wait for it (``assets/page.js`` says when it is there).
"""

from functools import cache
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from villeactive.maps.symbols import palette

_NAME = "Ville active"
_COMING = "La page arrive… La première visite est la plus longue."
_NO_SCRIPT = (
    "Ville active a besoin de JavaScript\u00a0: autorisez-le dans votre navigateur, puis "
    "rechargez la page."
)
_ROOT = '<div id="root"></div>'


@cache
def _first() -> str:
    """Give the words and their style."""
    light, dark = (palette(dark=shade) for shade in (False, True))
    style = (
        f"#va-first{{position:fixed;inset:0;z-index:1;background:{light.paper};color:{light.ink};"
        "padding:20vh 16px 0;text-align:center;font:18px/1.6 'Source Sans',system-ui,sans-serif}"
        "#va-first p{margin:0}#va-first strong{font-size:28px}"
        f"@media(prefers-color-scheme:dark){{#va-first{{background:{dark.paper};color:{dark.ink}}}}}"
        "body[data-va-runs]>#va-first,"
        "body:has([data-testid=stMain] :is(h1,[role=alert]),[role=dialog])>#va-first{display:none}"
        "body:not([data-va-icons]) [data-testid=stIconMaterial]"
        "{visibility:hidden;max-width:1.5rem;overflow:hidden}"
    )
    return (
        f"<style>{style}</style><div id='va-first' role='status'><p><strong>{_NAME}</strong></p>"
        f"<p>{escape(_COMING)}</p></div>"
    )


def with_words(page: str) -> str:
    """Give Streamlit's empty page with our words, in French."""
    head, found, tail = page.partition(_ROOT)
    before, noscript, after = head.partition("<noscript>")
    if noscript:
        after = after.partition("</noscript>")[2]
        before += f"<noscript><p>{escape(_NO_SCRIPT)}</p></noscript>"
    before = before.replace('<html lang="en">', '<html lang="fr">')
    before = before.replace("<title>Streamlit</title>", f"<title>{_NAME}</title>")
    return f"{before}{after}{_first()}{found}{tail}" if found else page


class FirstWords:
    """Put words in the page that Streamlit sends empty; all else goes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        if scope["type"] != "http" or scope["method"] != "GET" or "/component/" in scope["path"]:
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        parts: list[bytes] = []

        async def rewritten(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    await _send_page(start, b"".join(parts), send)

        await self._app(scope, receive, rewritten)


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(raw=start["headers"])
    page = headers.get("content-type", "").startswith("text/html")
    return page and start["status"] == 200 and "content-encoding" not in headers


async def _send_page(start: Message, body: bytes, send: Send) -> None:
    text = with_words(body.decode("utf-8")).encode()
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Length"] = str(len(text))
    for name in ("ETag", "Last-Modified"):  # of the file, not of what is sent
        if name in headers:
            del headers[name]
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": text})
