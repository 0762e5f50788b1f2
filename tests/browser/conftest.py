"""Real Chromium on the real application, every request off the machine refused and counted."""

import io
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Frame,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from benchmarks.ports import free_port
from villeactive.maps import symbols

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # pages live for seconds: what V8 would make faster, or tidy, costs more than it then spares
    "--js-flags=--invocation-count-for-maglev=40000 --invocation-count-for-turbofan=300000"
    " --min-semi-space-size=64 --max-semi-space-size=128",
    # no name resolves: what is not on the machine is refused (routing would switch the cache off)
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PATIENCE = 45_000
START = 180
"""Seconds that a server may take to answer: the machine may have other work."""

expect.set_options(timeout=PATIENCE)
UNFOLDED = """
for (const key of Object.keys(localStorage)) {
  if (key.startsWith("stSidebarCollapsed")) localStorage.removeItem(key);
}
"""
"""Forgets that the filters were folded: all pages share a context, a phone folds them for all."""

DEBOUNCED = 250
"""Milliseconds that streamlit-folium (0.27.4) lets pass before it tells the page of a click."""

UNFINISHED = ".va-awaited, [data-testid=stSkeleton]"
"""What holds a place: of the filters, of a widget whose script is still coming."""

FAULTY = """() => document.body.textContent.includes("Traceback")
    || Boolean(document.querySelector("[data-testid=stException]"))"""

WIDTHS = (1440, 390)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
CUT = """() => {
    const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const written = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    const main = document.querySelector("[data-testid=stMain]");
    return [...main.querySelectorAll("*")].filter(seen).filter((e) => {
        const { left, right, width } = e.getBoundingClientRect();
        if (width < 3 || e.closest(".va-wide") || !e.textContent.trim()) return false;
        const hides = ["hidden", "clip"].includes(getComputedStyle(e).overflowX);
        const beyond = right > innerWidth + 1 || (left < -1 && right > 0);
        return (hides && e.scrollWidth > e.clientWidth + 1)
            || (beyond && [...e.childNodes].some(written));
    }).map((e) => e.textContent.slice(0, 80));
}"""
"""Words of the page that their box hides, or that go beyond the screen."""

LONGEST_WORD = 20
BROKEN = """(longest) => [...document.querySelectorAll("dt, h1, h2, h3, th")]
    .filter((e) => e.checkVisibility())
    .flatMap((e) => [...e.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE))
    .flatMap((node) => [...node.data.matchAll(/[\\p{L}\\u00ad]+/gu)].map(({ 0: word, index }) => {
        const range = new Range();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const told = word.length > longest || word.includes("\\u00ad"); // where it may go on
        return told || range.getClientRects().length < 2 ? "" : word;
    }))
    .filter(Boolean)"""
"""Words of headings and labels that go on in the next line."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""Rules that look at colours: the others say in the dark what they say in the light."""


def answers(url: str, ended: Callable[[], int | None] = lambda: None) -> bool:
    """Wait until a server answers; ``ended`` gives the code of its process once it has one."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if (code := ended()) is not None:
            pytest.fail(f"streamlit s’est arrêté (code {code})")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def launch(script: str, port: int, **environment: str) -> tuple[str, subprocess.Popen]:
    """Start a server and wait until it answers; give its address and its process."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / script)]
    options = {
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    command += [f"--{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    if not answers(address, process.poll):
        process.kill()
        pytest.fail("streamlit ne répond pas")
    return address, process


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[str], str]]:
    """Give ``start(script) -> address``: one server per script for the whole session."""
    running: dict[str, tuple[str, subprocess.Popen]] = {}

    def start(script: str) -> str:
        if script not in running:
            running[script] = launch(script, free_port())
        return running[script][0]

    yield start
    for _, process in running.values():
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def app(server) -> str:
    return server("app.py")


@pytest.fixture(scope="session")
def demo(server) -> str:
    """Give the page with the map alone, of 25 sites."""
    return server("tests/browser/map_demo.py")


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One reader for the session: files of the application, and what becomes of them, are kept."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium manque : installez le paquet Debian « chromium ».")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("chromium"),
            executable_path=path,
            args=list(ARGUMENTS),
            reduced_motion="reduce",  # what moves is painted 60 times a second
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def browser(context: BrowserContext) -> Browser:
    """Give the browser itself, to open what keeps nothing."""
    return context.browser


def forget(page: Page, origin: str) -> None:
    """Forget what the pages of an origin keep in the browser: the next test is another reader."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage"})
    session.detach()


@pytest.fixture(scope="session")
def idle() -> list[Page]:
    """Pages that a test has left: opened again, the application starts twice as fast."""
    return []


@pytest.fixture
def new_page(context: BrowserContext, idle: list[Page]) -> Iterator[Callable[..., Page]]:
    """Give ``open(width=, height=, permissions=) -> Page``, blank.

    A request off the machine, which the browser refuses, a JavaScript error, or what the server's
    policy blocks (``ui/headers.py``) fails the test.
    """
    outside: list[str] = []
    errors: list[str] = []
    pages: list[Page] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in LOOPBACK:
            outside.append(request.url)

    def fault(error: Error) -> None:
        errors.append(str(error))

    def blocked(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            errors.append(message.text)

    def fresh() -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(UNFOLDED)
        return page

    def make(*, width: int = 1440, height: int = 900, permissions: tuple[str, ...] = ()) -> Page:
        context.grant_permissions(list(permissions))
        page = idle.pop() if idle else fresh()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light", media="screen", reduced_motion="reduce")
        page.on("requestfailed", note)
        page.on("pageerror", fault)
        page.on("console", blocked)
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.remove_listener("pageerror", fault)
        page.remove_listener("console", blocked)
        page.unroute_all()
        left = urlsplit(page.url)
        page.goto("about:blank")  # what was still asked for fails now
        forget(page, f"{left.scheme}://{left.netloc}")
        page.remove_listener("requestfailed", note)
        idle.append(page)
    assert outside == [], "requêtes hors de la machine"
    assert errors == [], "erreurs JavaScript, ou ce que la page n’a pas le droit de faire"


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def map_frame(page: Page, *, key: str = "carte") -> Frame:
    """Wait for the map's ground and give its frame.

    A page that replaces another may put the map away once and show it again: the frame that one
    had found would be gone.
    """
    place = f".st-key-{key} iframe"
    page.wait_for_function(
        "([place, map]) => document.querySelector(place)?.contentDocument?.querySelector(map)",
        arg=[place, "#map_div[data-lines=drawn]"],
    )
    return page.query_selector(place).content_frame()


def painted(frame: Frame) -> None:
    """Wait until what the map says it has drawn is on the screen: a canvas paints a frame later."""
    frame.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def zoomed(frame: Frame, button: str = "Zoomer") -> None:
    """Zoom by a button of the map, to the end of its movement."""
    before = frame.evaluate("VilleActive.map.getZoom()")
    frame.get_by_title(button, exact=True).click()
    frame.wait_for_function(
        "(z) => VilleActive.map.getZoom() !== z && !VilleActive.map._animatingZoom", arg=before
    )


def told(frame: Frame) -> None:
    """Wait until streamlit-folium has told the page all that it was about to: it waits first.

    The clock of a frame rings in the order of the hours asked of it, however late: what is asked
    of it now, for later than what the map has asked, comes after that.
    """
    frame.evaluate(f"() => new Promise((done) => setTimeout(done, {2 * DEBOUNCED}))")


def screenshot(page: Page, *, clip: dict | None = None) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")


def count_pixels(image: Image.Image, colour: str, *, tolerance: int = 6) -> int:
    """Count the pixels of a ``#RRGGBB`` colour, each channel within ``tolerance``."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    masks = [
        band.point([255 if abs(v - w) <= tolerance else 0 for v in range(256)])
        for band, w in zip(image.split(), wanted, strict=True)
    ]
    both = Image.composite(masks[0], Image.new("L", image.size), masks[1])
    every = Image.composite(both, Image.new("L", image.size), masks[2])
    return every.histogram()[255]


def map_picture(page: Page, *, key: str = "carte") -> Image.Image:
    """Give what is seen of the map, for several colours to be counted in."""
    page.locator(f".st-key-{key} iframe").scroll_into_view_if_needed()
    image = page.locator(f".st-key-{key} iframe").screenshot()
    return Image.open(io.BytesIO(image)).convert("RGB")


def count_map_pixels(page: Page, colour: str, *, key: str = "carte", tolerance: int = 6) -> int:
    return count_pixels(map_picture(page, key=key), colour, tolerance=tolerance)


def settled(page: Page) -> None:
    """Wait until Streamlit has run the whole page to its end, and shows no trace of a fault."""
    app = "[data-testid=stApp][data-test-script-state=notRunning]"
    page.wait_for_selector(f"body[data-va-runs] {app}:not(:has({UNFINISHED}))")
    assert not page.evaluate(FAULTY)


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Wait until the page has answered what is done meanwhile on it, at rest before: it says so."""
    before = page.locator("body").get_attribute("data-va-runs")
    yield
    page.wait_for_function("(n) => Number(document.body.dataset.vaRuns) > n", arg=int(before))
    settled(page)


def still(page: Page) -> None:
    """Wait until nothing of the page before is left, nothing fades, and the menu has its roles."""
    settled(page)
    page.wait_for_function(
        """() => !document.querySelector("[data-stale=true]")
          && !document.querySelector("[data-testid=stSidebarNavItems]:not([role])")
          && document.getAnimations().every((a) =>
            a.playState !== "running" || a.effect.getComputedTiming().endTime === Infinity)"""
    )


def pill(page: Page, key: str, name: str) -> Locator:
    """Give a choice of a filter, or of a group of layers, by the key of its widget."""
    return page.locator(f".st-key-{key} [role=toolbar]").get_by_role("button", name=name)


def opened(page: Page, address: str) -> Frame:
    """Open a page that holds a map; give the map's frame, its ground drawn."""
    page.goto(address)
    frame = map_frame(page, key=_key(address))
    settled(page)
    return frame


def _key(address: str) -> str:
    return "petite-carte" if "/projet" in address else "carte"


def drawn(page: Page, address: str) -> Frame:
    """Open a page with a map alone; give the map's frame, its symbols drawn."""
    page.goto(address)
    frame = map_frame(page)
    frame.wait_for_selector(".va-site")
    return frame


def at(page: Page, address: str) -> Page:
    page.goto(address)
    settled(page)
    return page


BACK = """(address) => {
    history.pushState({}, "", address);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""


def walked(page: Page, address: str) -> Page:
    """Go to an address inside the page that stands, as the browser's Back would: no new load.

    A blank page opens it.
    """
    if page.url == "about:blank":
        return at(page, address)
    with answered(page):
        page.evaluate(BACK, address)
    return page


def walked_to_map(page: Page, address: str, *, held: str = "") -> Frame:
    """Go there, to a map held to these territories; give its frame, which may have stayed."""
    walked(page, address)
    frame = map_frame(page, key=_key(address))
    frame.wait_for_function(
        "(held) => (document.querySelector('#map_div').dataset.territory || '') === held", arg=held
    )
    return frame


def title(page: Page):
    return page.get_by_test_id("stMain").get_by_role("heading", level=1)


def main_link(page: Page, words: str):
    """Give a link; to the page itself, it is a button."""
    main = page.get_by_test_id("stMain")
    return main.get_by_role("link", name=words).or_(main.get_by_role("button", name=words)).first


def found(page: Page, words: str) -> None:
    """Wait for the answers to all that was typed in a finder: those of its beginning come first."""
    expect(page.locator(f'[data-asked="{words}"]')).to_have_count(1)


def menu_page(page: Page, head: str, name: str) -> None:
    """Open a page by the menu: its head, then itself; wait until it stands.

    Streamlit (1.67) takes a click on the menu before that for one on the page left.
    """
    page.get_by_test_id("stTopNavSection").filter(has_text=head).click()
    with answered(page):
        page.get_by_test_id("stTopNavDropdownLink").filter(has_text=name).click()


def query(page: Page) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(page.url).query).items()}


def darkened(page: Page) -> None:
    """Have the system turn dark: the page and its map follow without being opened again."""
    _turned(page, "dark")


def lightened(page: Page) -> None:
    """Have the system turn light again."""
    _turned(page, "light")


def _turned(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "(paper) => getComputedStyle(document.body).getPropertyValue('--va-page').trim() === paper",
        arg=symbols.palette(dark=scheme == "dark").paper,
    )
    settled(page)


def no_sideways_scroll(page: Page) -> None:
    """Hold that nothing goes beyond the side; what follows the width may take a turn to do so."""
    page.wait_for_function(
        """(width) => {
            const main = document.querySelector("[data-testid=stMain]");
            return document.documentElement.scrollWidth <= width
                && main.scrollWidth <= main.clientWidth;
        }""",
        arg=page.viewport_size["width"],
    )
    if page.viewport_size["width"] == min(WIDTHS):
        assert page.evaluate(CUT) == [], "mots coupés"
        assert page.evaluate(BROKEN, LONGEST_WORD) == [], "mots rompus"


def fits(page: Page) -> None:
    """Hold that the page, without a sidebar, scrolls up and down alone at each width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        still(page)
        no_sideways_scroll(page)


def accessible(page: Page, *, dark: bool = False, widths: tuple[int, ...] = WIDTHS) -> None:
    """Hold that axe finds nothing on a page, at each width, light then dark.

    Nor does it scroll sideways. ``dark``: the page is in the dark, and ends in the light. A page
    with a sidebar keeps its width.
    """
    for scheme in ("dark", "light") if dark else ("light", "dark"):
        (darkened if scheme == "dark" else lightened)(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            rules = RULES if scheme == "light" else COLOURS
            assert violations(page, rules=rules) == [], (page.url, width, scheme)
            if scheme == "light":
                no_sideways_scroll(page)
        widths = widths[::-1]


def excepted(rule: str, html: str) -> bool:
    """Tell the named exceptions.

    Symbols of the map, ``target-size``: towns stand where they stand (WCAG 2.5.8, « essential »);
    zooming in parts them, and the list offers the same sheets.
    """
    return rule == "target-size" and "leaflet-marker-icon" in html


def violations(page: Page, *, rules: list[str] | dict = RULES) -> list[str]:
    """Give what axe finds, once nothing fades: half seen, words lack contrast."""
    still(page)
    found = []
    for frame in page.frames:
        if frame.url.startswith("about:"):
            continue
        if frame.evaluate("!window.axe"):
            frame.evaluate(AXE)
        result = frame.evaluate(
            "(rules) => axe.run({ runOnly: rules, resultTypes: ['violations'], iframes: false })",
            rules,
        )
        found += [
            f"{rule['id']} ({rule['impact']}) {node['target']} {node['html'][:160]}"
            for rule in result["violations"]
            if rule["impact"] in {"serious", "critical"}
            for node in rule["nodes"]
            if not excepted(rule["id"], node["html"])
        ]
    return found
