"""Our own scripts and files, as pages and maps take them."""

import asyncio
import gzip
from importlib.resources import files

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from villeactive.ui import own_files
from villeactive.ui.own_files import Compressed, is_lasting, script_of, serve, text_of

SCRIPTS = sorted(
    one.name for one in (files("villeactive.ui") / "assets").iterdir() if one.name.endswith(".js")
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_lines_that_are_remarks_do_not_go_with_each_mount(name):
    whole = text_of(name).splitlines()
    assert script_of(name).splitlines() == [
        line for line in whole if not line.strip().startswith("//")
    ]
    assert len(script_of(name)) < len(text_of(name))


def test_what_maps_ask_for_has_another_address_when_it_changes():
    first, again, changed, renamed = (
        serve("essai", files) for files in ({"a": "1"}, {"a": b"1"}, {"a": "2"}, {"b": "1"})
    )
    assert first == again
    assert len({first, changed, renamed}) == 3
    assert is_lasting(f"/component/{first.removeprefix('../')}a")


@pytest.mark.parametrize(
    "path",
    [
        "/component/villeactive.ui.own_files.essai/a",
        "/component/ailleurs.essai-0123456789ab/a",
        "/component/streamlit_folium.st_folium/index.html",
        "/component/streamlit_folium.st_folium/static/js/main.js",
        "/static/js/main.521860b0.js",
        "/",
    ],
)
def test_an_address_that_may_change_is_not_kept(path):
    assert not is_lasting(path)


LASTING = f"/component/{own_files.__name__}.essai-0123456789ab/"
TEXT = "Plouhinec, " * 500


class Asked:
    """A server of one text, which counts what it is asked for, behind what keeps its answers."""

    def __init__(self):
        self.paths = []
        layers = [Middleware(Compressed), Middleware(GZipMiddleware)]
        route = Route("/{path:path}", self._answer)
        self.server = Starlette(routes=[route], middleware=layers)

    async def _answer(self, request):
        self.paths.append(request.url.path)
        return PlainTextResponse(TEXT, 404 if "gone" in request.url.path else 200)

    def get(self, path, **headers):
        """Give the status, the headers and the body of an answer."""
        sent = []
        given = {"accept-encoding": "gzip", **{k.replace("_", "-"): v for k, v in headers.items()}}
        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip

        async def receive():
            return {"type": "http.request"}

        async def send(message):
            message.get("headers", []).append((b"x-added", b"on its way"))
            sent.append(message)

        asyncio.run(self.server(scope, receive, send))
        body = b"".join(one.get("body", b"") for one in sent[1:])
        return sent[0]["status"], sent[0]["headers"], body


def test_what_never_changes_is_compressed_once():
    server = Asked()
    first, again = server.get(f"{LASTING}a"), server.get(f"{LASTING}a")
    assert first == again
    assert gzip.decompress(first[2]).decode() == TEXT
    assert [name for name, _ in first[1]].count(b"x-added") == 1
    server.get(f"{LASTING}b")
    assert server.paths == [f"{LASTING}a", f"{LASTING}b"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/component/streamlit_folium.st_folium/index.html", {}),
        (f"{LASTING}gone", {}),
        (f"{LASTING}a", {"accept_encoding": "identity"}),
        (f"{LASTING}a", {"range": "bytes=0-9"}),
        (f"{LASTING}a", {"if_none_match": "x"}),
    ],
)
def test_other_answers_are_made_each_time(path, headers):
    server = Asked()
    for _ in range(2):
        status, _, body = server.get(path, **headers)
        plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        assert (status, plain.decode()) == (404 if "gone" in path else 200, TEXT)
    assert server.paths == [path, path]


def test_what_is_kept_compressed_is_bounded(monkeypatch):
    server = Asked()
    size = len(server.get(f"{LASTING}a")[2])
    monkeypatch.setattr(own_files, "_MOST_KEPT", 2 * size)
    for name in "bcacb":
        server.get(f"{LASTING}{name}")
    assert [path[-1] for path in server.paths] == ["a", "b", "c", "a", "b"]
