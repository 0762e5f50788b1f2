"""The service as ``deploy/start`` runs it: nginx and two processes, in Chromium; one is killed."""

import json
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from benchmarks.service import Service
from tests.browser.conftest import (
    PATIENCE,
    START,
    answered,
    answers,
    map_frame,
    opened,
    pill,
    query,
    settled,
    title,
)
from tests.browser.test_server import SOCKET, answer, held
from tests.kept_table import with_table
from villeactive.store.database import Store
from villeactive.ui.watch import METRICS
from villeactive.ui.watch import READY as PATH

pytestmark = pytest.mark.browser
UPLOAD = "PUT /_stcore/upload_file/a/b HTTP/1.1\nHost: HOST\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
OPENING = "GET /_stcore/stream HTTP/1.1\nHost: HOST\n" + "".join(
    f"{name}: {value}\n" for name, value in SOCKET.items()
)
"""Of a WebSocket; more headers may follow."""

CHECK = f"GET {PATH} HTTP/1.1\nHost: HOST\n\n"


class Running(Service):
    """A service, what it writes of requests, and what is sent to it as it is written."""

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

    def sent(self, request: str, *, by: str = "127.0.0.1") -> socket.socket:
        """Send a request as it is written, and leave its answer to be read."""
        host = urlsplit(self.address)
        to = (host.hostname, host.port)
        given = socket.create_connection(to, timeout=PATIENCE / 1000, source_address=(by, 0))
        given.sendall(request.replace("HOST", host.netloc).replace("\n", "\r\n").encode())
        return given

    def status(self, request: str, *, by: str = "127.0.0.1") -> int:
        """Give the status of the answer to a request as it is written."""
        with self.sent(request, by=by) as given:
            return status_of(given)


def status_of(given: socket.socket) -> int:
    return int(given.makefile("rb").readline().split()[1])


SLOW = {
    "header": "GET /_stcore/health HTTP/1.1\nHost: HOST\n",
    "body": f"{UPLOAD}Content-Length: 9\n\n",
}
"""What a visitor who never ends sends: nothing that other tests look for in the journal."""


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("service")
    running = Running(folder / "run", f"sqlite:///{folder / 'c.sqlite'}")
    running.slow = {name: running.sent(said, by="127.0.0.5") for name, said in SLOW.items()}
    yield running
    for given in running.slow.values():
        given.close()
    assert running.end() == 0


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


def test_what_is_not_for_visitors_is_closed(service):
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
    secret = service.folder / "cookie-secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert secret.read_text() not in shown


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://HOST", 101),
        ("http://piege.example", 403),
        ("http://127.0.0.1.piege.example", 403),
        ("null", 403),
    ],
)
def test_a_page_of_another_site_opens_no_websocket(service, origin, status):
    assert service.status(f"{OPENING}Origin: {origin}\n\n") == status


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET /_villeactive/wait.html HTTP/1.1\nHost: HOST\n\n", 404),
        (f"GET /x/..{METRICS} HTTP/1.1\nHost: HOST\n\n", 404),
        ("GET /_stcore/%6detrics HTTP/1.1\nHost: HOST\n\n", 404),
        ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\nHost: HOST\n\n", 400),
        ("GET /static/..%2f..%2fapp.py HTTP/1.1\nHost: HOST\n\n", 400),
        ("GET / HTTP/1.0\n\n", 400),
        ("GET / HTTP/1.1\nHost: HOST\nHost: piege.example\n\n", 400),
        ("GET / HTTP/1.1\nHost: HOST@piege.example\n\n", 400),
        ("TRACE / HTTP/1.1\nHost: HOST\n\n", 405),
        (f"{UPLOAD}Content-Length: 1\nTransfer-Encoding: chunked\n\n0\n\n", 400),
        (f"{UPLOAD}Content-Length: 3\n\nabc", 403),  # without the mark of a page of ours
        (f"{UPLOAD}Content-Length: 21000000\nExpect: 100-continue\n\n", 100),
        (f"{UPLOAD}Content-Length: 30000000\n\n", 413),
        (f"{UPLOAD}Transfer-Encoding: chunked\n\n{22_020_097:x}\nx", 413),
    ],
)
def test_what_nginx_or_the_atlas_refuses_of_a_request(service, request_, status):
    assert service.status(request_) == status


def test_the_deep_check_is_refused_whatever_a_visitor_says_of_himself(service):
    said = CHECK.replace("\n\n", "\nX-Forwarded-For: 127.0.0.1\nX-Real-IP: 127.0.0.1\n\n")
    assert service.status(said, by="127.0.0.2") == 403
    assert service.status(said) == 200


def test_a_burst_of_requests_is_told_to_wait_and_nobody_else(service):
    with service.sent(CHECK * 1000, by="127.0.0.3") as given:
        answers_ = given.makefile("rb")
        told = [next(answers_)]
        while b" 429 " not in told[-1]:
            told.append(next(answers_))
        assert sum(line.startswith(b"HTTP/1.1 403 ") for line in told) > 400
        given.shutdown(socket.SHUT_WR)
        assert b"Retry-After: 2\r\n" in answers_.read()
    assert service.status(CHECK) == 200


def test_connections_beyond_those_of_an_office_are_refused(service):
    waits = f"{UPLOAD}Content-Length: 1\nExpect: 100-continue\n\n"
    with ExitStack() as held:
        office = [held.enter_context(service.sent(waits, by="127.0.0.4")) for _ in range(400)]
        assert {one.recv(len(GO_ON)) for one in office} == {GO_ON}
        assert service.status(CHECK, by="127.0.0.4") == 429
        assert service.status(CHECK) == 200
        # one that has ended leaves its place to the next, asked on the same connection
        more = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        office[0].sendall(b"x" + more.encode())
        assert office[0].makefile("rb").read().count(b"HTTP/1.1 403 ") == 2


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


def opening(service: Running, process: str) -> BinaryIO:
    """Open a WebSocket on a process; give what is answered."""
    with service.sent(f"{OPENING}Cookie: va={process}\n\n") as given:
        return given.makefile("rb")


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
        for _ in range(12):  # so that each process of nginx has found it gone
            moved = cookie_of(answer(service.address, Cookie=f"va={gone}").headers)["va"].value
            assert f"127.0.0.1:{moved}" in {*service.pids} - {last["process"]}
    # the new process counts its runs anew, one or two: the page has its map already
    page.wait_for_function("() => Number(document.body.dataset.vaRuns) < 4")
    settled(page)
    map_frame(page)
    assert query(page) == asked
    expect(title(page)).to_have_text(before)
    expect(pill(page, "f-layers-territoires", "Départements")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.get_by_test_id("stTopNavSection").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stToast")).to_have_count(0)  # nothing was asked meanwhile
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
    assert len({one["process"] for one in since} - {""}) == 1  # what nginx cut reached none
    # one that is named is asked, also while the first who named it holds his answer
    with ExitStack() as sockets:
        for _ in range(6):
            head = list(iter(sockets.enter_context(opening(service, gone)).readline, b"\r\n"))
            assert b" 101 " in head[0]
            assert not [line for line in head if line.startswith(b"Set-Cookie: va=")]


def test_a_click_that_a_process_leaves_unanswered_is_told(service, new_page):
    page = new_page()
    page.context.clear_cookies()
    opened(page, f"{service.address}/?region=53")
    settled(page)
    theme, programme = (
        page.locator(f".st-key-f-{name} [role=toolbar] button").first
        for name in ("theme", "programme")
    )
    last = next(one for one in reversed(service.journal()) if one["what"] == "GET /")["process"]
    release = held(page, "**/_stcore/health")  # of the process that it will find
    os.kill(service.pids[last], signal.SIGSTOP)  # it hears the click, and answers nothing
    theme.click()
    os.kill(service.pids[last], signal.SIGKILL)
    expect(programme).to_be_disabled()  # nothing is taken while nobody answers
    release()
    expect(page.get_by_test_id("stToast")).to_contain_text("Si votre dernier choix manque")
    settled(page)
    assert query(page) == {"region": "53"}
    expect(theme).to_have_attribute("aria-pressed", "false")
    with answered(page):
        theme.click()
    assert set(query(page)) == {"region", "theme"}
    service.until("atlas started")
    assert answers(f"http://{last}")


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


@pytest.mark.parametrize("name", SLOW)
def test_what_never_ends_has_been_cut(service, name):
    """Begun with the service, so that the tests between wait in its place."""
    assert service.slow[name].recv(1) == b""
