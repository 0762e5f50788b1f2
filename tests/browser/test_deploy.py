"""The service as ``deploy/start`` runs it: nginx and two processes, in Chromium; one is killed."""

import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    ROOT,
    START,
    answered,
    answers,
    free_port,
    map_frame,
    opened,
    pill,
    query,
    settled,
    title,
)
from tests.browser.test_server import SOCKET, answer
from tests.kept_table import with_table
from villeactive.store.database import Store
from villeactive.store.location import VARIABLE
from villeactive.ui.watch import METRICS
from villeactive.ui.watch import READY as PATH

pytestmark = pytest.mark.browser


class Running:
    """A service, its folder, its address, and what it says, line by line."""

    def __init__(self, folder: Path, store: str) -> None:
        self.folder, self.store = folder, store
        port, first = free_port(), free_port()
        self.address = f"http://127.0.0.1:{port}"
        words = ["--port", port, "--first", first, "--processes", 2, "--folder", folder]
        self.process = subprocess.Popen(
            [ROOT / "deploy" / "start", *map(str, words)],
            env={**os.environ, VARIABLE: store}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.pids: dict[str, int] = {}
        self.until("ready")

    def until(self, what: str) -> dict:
        """Read what it says until it says this."""
        for line in self.process.stdout:
            said = json.loads(line)
            if said["what"] == "atlas started":
                self.pids[f"127.0.0.1:{said['port']}"] = said["process"]
            if said["what"] == what:
                return said
        raise AssertionError(self.process.wait())

    def journal(self) -> list[dict]:
        """Give the lines of the journal of requests."""
        lines = (self.folder / "access.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def logged(self, what: str, seen: int) -> dict:
        """Give the line of a request among those after ``seen``: nginx writes it once answered."""
        limit = time.monotonic() + START
        while time.monotonic() < limit:
            for one in self.journal()[seen:]:
                if one["what"] == what:
                    return one
        raise AssertionError(what)


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("service")
    running = Running(folder / "run", f"sqlite:///{folder / 'c.sqlite'}")
    yield running
    running.process.terminate()
    running.until("ended")
    assert running.process.wait() == 0
    running.process.stdout.close()


def cookie_of(headers) -> SimpleCookie:
    given = SimpleCookie()
    for one in headers.get_all("Set-Cookie", []):
        given.load(one)
    return given


def test_a_visitor_is_given_a_process_and_stays_with_it(service):
    first = answer(service.address)
    given = cookie_of(first.headers)["va"]
    assert (first.status, given["httponly"], given["samesite"]) == (200, True, "Lax")
    kept = f"va={given.value}"
    for _ in range(6):
        again = answer(service.address, "/favicon.png", Cookie=kept)
        assert "va" not in cookie_of(again.headers)
    for _ in range(12):
        answer(service.address, "/themes")
    asked = service.journal()
    assert len({one["process"] for one in asked if one["what"] == "GET /favicon.png"}) == 1
    assert len({one["process"] for one in asked if one["what"] == "GET /themes"}) == 2
    forged = answer(service.address, Cookie="va=../../x")
    assert "va" in cookie_of(forged.headers)


def test_what_is_not_for_visitors_is_closed_and_what_is_too_much_refused(service):
    assert answer(service.address, "/_stcore/metrics").status == 404
    for path in (METRICS, f"/{METRICS}", METRICS.replace("_", "%5f")):
        assert "villeactive_" not in answer(service.address, path).text, path
    assert answer(service.address, Host="piege.example").status == 400
    assert answer(service.address, "/_stcore/stream", Host="piege.example", **SOCKET).status == 403
    other = HTTPConnection(urlsplit(service.address).netloc, source_address=("127.0.0.2", 0))
    with closing(other):
        for path, status in ((PATH, 403), (f"/{PATH}", 403), (PATH.replace("_", "%5f"), 403)):
            other.request("GET", path)
            given = other.getresponse()
            assert (given.status, b"migration" in given.read()) == (status, False), path
    assert "migration" not in answer(service.address, f"/x{PATH}").text
    large = answer(service.address, "/_stcore/upload_file/a/b", **{"Content-Length": "30000000"})
    assert large.status == 413
    secret = service.folder / "cookie-secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert secret.read_text() not in shown


def test_the_journal_says_what_and_how_long_never_who(service):
    seen = len(service.journal())
    answer(service.address, "/?text=lea.martin@exemple.fr", Referer="http://a.example/?q=martin")
    last = service.logged("GET /", seen)
    assert set(last) == {"at", "what", "status", "seconds", "bytes", "process"}
    assert (last["what"], last["status"]) == ("GET /", 200)
    assert "martin" not in (service.folder / "access.log").read_text(encoding="utf-8")
    assert "127.0.0.1 " not in (service.folder / "access.log").read_text(encoding="utf-8")


def test_a_publication_and_the_deep_check_through_nginx(service, new_page, tmp_path, monkeypatch):
    told = json.loads(answer(service.address, PATH).text)
    assert (told["ready"], told["collections"]) == (True, 0)
    page = new_page()
    with_table("Titre;Code INSEE\nHalle;62498\n", tmp_path, monkeypatch, service.store)
    page.goto(f"{service.address}/collections")
    expect(page.get_by_text("1 collection gardée")).to_be_visible()
    expect(page.locator(".st-key-kept-remove-appel")).to_have_count(0)  # a visitor, not an editor
    Store(service.store).remove("appel")


def test_a_killed_process_costs_a_visitor_nothing_that_the_address_holds(service, new_page):
    page = new_page()
    page.context.clear_cookies()
    opened(page, f"{service.address}/?programme=PVD")
    for layer in ("Départements", "Départements", "Départements"):  # three runs more: see below
        with answered(page):
            pill(page, "f-layers-territoires", layer).click()
    before, asked = title(page).inner_text(), query(page)
    assert set(asked) == {"programme", "layers"}
    last = next(one for one in reversed(service.journal()) if one["what"] == "GET /")
    with page.expect_websocket():  # the page finds another process by itself
        os.kill(service.pids[last["process"]], signal.SIGKILL)
        assert service.until("atlas ended")["code"] == -signal.SIGKILL
        gone = last["process"].rpartition(":")[2]
        moved = cookie_of(answer(service.address, Cookie=f"va={gone}").headers)["va"].value
        assert f"127.0.0.1:{moved}" in {*service.pids} - {last["process"]}
    # the new process counts its runs anew: the map, then the rest
    page.wait_for_function("() => document.body.dataset.vaRuns === '2'")
    settled(page)
    map_frame(page)
    assert query(page) == asked
    expect(title(page)).to_have_text(before)
    expect(pill(page, "f-layers-territoires", "Départements")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.get_by_role("dialog")).to_have_count(0)
    service.until("atlas started")
    # one that comes back takes nothing from the one that holds a page: maps, files, uploads
    assert answers(f"http://{last['process']}")
    seen = len(service.journal())
    kept = answer(service.address, "/favicon.png", Cookie=f"va={moved}")
    assert (kept.status, "va" in cookie_of(kept.headers)) == (200, False)
    assert service.logged("GET /favicon.png", seen)["process"] == f"127.0.0.1:{moved}"
    page.reload()
    map_frame(page)
    settled(page)
    since = [one for one in service.journal()[seen:] if one["what"] != "GET /favicon.png"]
    assert len({one["process"] for one in since}) == 1


def test_processes_are_renewed_one_by_one(service, new_page):
    page = new_page()
    opened(page, f"{service.address}/?region=75")
    service.process.send_signal(signal.SIGHUP)
    service.until("renewed")
    assert answer(service.address).status == 200
    settled(page)
    assert query(page) == {"region": "75"}
    page.reload()
    map_frame(page)
