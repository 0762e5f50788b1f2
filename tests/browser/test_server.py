"""What holds around the pages: what each answer says, whom it answers, a server that is lost."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import Message
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks.ports import free_port
from tests.browser.conftest import at, launch, opened, query, settled
from villeactive.ui.watch import METRICS

FRAME = "/component/streamlit_folium.st_folium/index.html"

SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
}

BREAKS = """
() => new Promise((told) => {
  const seen = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    seen.push(event.effectiveDirective);
    if (seen.length === 2) told(seen.sort());
  });
  const script = document.createElement("script");
  script.textContent = "window.broken = true";
  document.head.append(script);
  new Image().src = "https://ailleurs.example/mouchard.png";
})
"""


@pytest.fixture
def own_server() -> Iterator[Callable[..., tuple[str, subprocess.Popen]]]:
    """Give ``start(port=, **environment)``: a server that the test may end."""
    running = []

    def start(*, port: int | None = None, **environment: str) -> tuple[str, subprocess.Popen]:
        started = launch("app.py", port or free_port(), **environment)
        running.append(started[1])
        return started

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


class Answer(NamedTuple):
    status: int
    headers: Message
    text: str


def answer(address: str, path: str = "/", **headers: str) -> Answer:
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        with connection.getresponse() as given:
            return Answer(given.status, given.headers, given.read().decode(errors="replace"))


@pytest.mark.parametrize("path", ["/", "/projet", "/favicon.png", "/absent.js", FRAME])
def test_each_answer_says_what_its_page_may_do(app, path):
    headers = answer(app, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] is None
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "*"
    assert policy["default-src"] == "'self'"
    assert ("'unsafe-eval'" in policy["script-src"]) == (path == FRAME)
    assert ("geopf" in policy["img-src"]) == (path == FRAME)


def test_what_maps_ask_for_is_kept_by_the_browser(app, new_page):
    ask = """performance.getEntriesByType("resource")
      .filter(({ name }) => name.includes("/component/"))
      .map(({ name, transferSize }) => [name.split("/").at(-1), transferSize])"""
    for _ in range(2):
        files = dict(opened(new_page(), app).evaluate(ask))
    assert {"map.css", "regions.geojson", "neighbours.geojson"} < set(files)
    assert sum(name.endswith(".js") for name in files) == 2  # streamlit-folium's, and ours
    assert not any(files.values()), files


@pytest.fixture
def other_site(tmp_path) -> Iterator[tuple[Path, str]]:
    """Give the folder and the address of another server of this machine."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        Thread(target=serving.serve_forever, daemon=True).start()
        yield tmp_path, f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_another_site_may_show_the_atlas(app, browser_page, other_site):
    folder, address = other_site
    page = f"<!doctype html><iframe id=atlas src='{app}/themes'></iframe>"
    (folder / "intranet.html").write_text(page, encoding="utf-8")
    browser_page.goto(f"{address}/intranet.html")
    shown = browser_page.frame_locator("#atlas")
    expect(shown.get_by_test_id("stMain").get_by_role("heading", level=1)).to_be_visible()


def test_metrics_are_closed(app):
    refused = answer(app, "/_stcore/metrics")
    assert (refused.status, refused.text) == (404, "Fermé.")


def test_each_process_tells_its_figures_to_the_machine_alone(app, new_page):
    at(new_page(), f"{app}/methode")
    told = answer(app, METRICS)
    assert told.status == 200
    figures = dict(line.rsplit(" ", 1) for line in told.text.splitlines() if line[:1] != "#")
    assert int(figures["active_sessions"]) > 0
    assert 1e8 < float(figures["villeactive_memory_bytes"]) < 4e9
    assert float(figures["villeactive_processor_seconds_total"]) > 0.5
    assert (figures["villeactive_exports"], figures["villeactive_tables"]) == ("0", "0")
    assert told.text.endswith("# EOF\n")
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        assert answer(app, METRICS, **{header: "10.0.0.1"}).status == 404


def test_a_server_of_this_machine_answers_its_own_names_alone(app):
    port = urlsplit(app).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        assert answer(app, Host=host).status == 200
        assert answer(app, "/_stcore/stream", Host=host, **SOCKET).status == 101
    refused = answer(app, Host="piege.example")
    assert refused.status == 400
    assert "STREAMLIT_SERVER_ALLOWED_HOSTS" in refused.text
    assert answer(app, "/_stcore/stream", Host="piege.example", **SOCKET).status == 403


def test_a_server_of_other_names_is_told_once_lost_found_again_and_a_failed_download_too(
    own_server, browser_page, tmp_path
):
    address, process = own_server(
        TMPDIR=str(tmp_path), STREAMLIT_SERVER_ALLOWED_HOSTS="127.0.0.1 atlas.example"
    )
    assert answer(address, Host="atlas.example").status == 200
    assert answer(address, Host="piege.example").status == 400
    opened(browser_page, f"{address}/?region=53")
    assert [path.name for path in tmp_path.glob("ville-active-*")]

    process.terminate()
    process.wait(timeout=20)
    assert not [path.name for path in tmp_path.iterdir()]  # it leaves no folder
    told = browser_page.get_by_role("dialog")
    expect(told).to_contain_text("L’atlas ne répond plus")
    expect(told).to_contain_text("La page reprendra d’elle-même dès qu’il répondra.")
    assert not {"Streamlit", "Connection", "server"} & set(told.inner_text().split())

    browser_page.evaluate("delete document.body.dataset.vaRuns")
    _, process = own_server(
        port=urlsplit(address).port, TMPDIR=str(tmp_path), STREAMLIT_SERVER_ADDRESS="0.0.0.0"
    )
    settled(browser_page)
    expect(told).to_have_count(0)
    assert query(browser_page) == {"region": "53"}
    excel = browser_page.get_by_role("button", name="Excel")
    with browser_page.expect_download() as download:
        excel.click()
    assert download.value.failure() is None
    for host in ("poste-12.mairie.example:8501", "192.168.1.20:8501"):  # any, on the network
        assert answer(address, Host=host).status == 200

    settled(browser_page)
    process.send_signal(signal.SIGSTOP)  # it hears the click, and answers nothing
    excel.click()
    process.kill()
    expect(browser_page.get_by_test_id("stDownloadButtonError")).to_have_text(
        "Le téléchargement a échoué. Réessayez dans un instant."
    )


def held(page: Page, files: str) -> Callable[[], None]:
    """Hold files on their way; give what lets them come."""
    waiting = []
    page.route(files, lambda route: waiting.append(route))

    def release() -> None:
        page.route(files, lambda route: route.continue_())
        for route in waiting:
            route.continue_()

    return release


def test_a_slow_first_load_is_told_icons_wait_for_their_font_and_what_is_not_ours_is_refused(
    app, browser
):
    with browser.new_context() as context:
        page = context.new_page()
        start, font = held(page, "**/static/js/index.*"), held(page, "**/MaterialSymbols-Rounded*")
        page.goto(app, wait_until="commit")
        words = page.get_by_role("status").filter(has_text="La page arrive…")
        expect(words).to_be_visible()
        expect(words).to_have_css("text-align", "center")
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        start()
        expect(page.get_by_test_id("stMain").get_by_role("heading", level=1)).to_be_visible()
        expect(words).to_be_hidden()
        icons = page.get_by_test_id("stIconMaterial")
        expect(icons.first).to_be_attached()
        assert icons.and_(page.locator(":visible")).count() == 0
        font()
        expect(icons.and_(page.locator(":visible"))).not_to_have_count(0)
        assert page.evaluate(BREAKS) == ["img-src", "script-src-elem"]
        assert page.evaluate("window.broken") is None
