"""A real Chromium that notes when a map was last painted, whoever draws it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE = 90_000
"""The longest that one change may take, ms."""

QUIET = 700
"""A map is painted when nothing of it has changed for so long, ms; not part of the measure."""

# In every frame: a change within a map (elements, attributes, canvas) notes the time at which
# the next image is on the screen.
_WATCH = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  if (window === window.top) {
    window.vaBench = { now, painted: 0, first: 0 };
    return;
  }
  let asked = false;
  const mark = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        asked = false;
        const note = window.top.vaBench;
        note.painted = now();
        if (!note.first && ready()) note.first = note.painted;
      };
      channel.port2.postMessage(0);
    });
  };
  // ours: land and symbols; an empty map: its zoom buttons
  const ready = () => {
    const map = document.querySelector(".leaflet-container");
    if (!map) return false;
    if (!window.VilleActive) return Boolean(map.querySelector(".leaflet-control-zoom"));
    return map.dataset.ground === "drawn"
      && Boolean(map.querySelector(".leaflet-marker-pane > *, .leaflet-overlay-pane > *"));
  };
  const within = ({ target }) => target.closest?.(".leaflet-container");
  const watcher = new MutationObserver((records) => { if (records.some(within)) mark(); });
  let watched = null;
  const watch = () => {
    if (watched === document) return;
    watched = document;
    watcher.observe(document, { subtree: true, childList: true, attributes: true });
  };
  // a frame keeps its window when its first, empty document gives way to the true one
  const { appendChild } = Node.prototype;
  Node.prototype.appendChild = function (child) { watch(); return appendChild.call(this, child); };
  for (const name of ["fill", "stroke", "clearRect", "drawImage"]) {
    const { prototype } = CanvasRenderingContext2D;
    const before = prototype[name];
    prototype[name] = function (...given) { mark(); return before.apply(this, given); };
  }
})();
"""

# Click, then wait until the page has run and its map is quiet: seconds from click to paint.
_CHANGE = """
async (target, [quiet, patience]) => {
  const { vaBench } = window;
  const start = vaBench.now();
  target.click();
  while (vaBench.now() - start < patience) {
    await new Promise((resume) => setTimeout(resume, 50));
    const app = document.querySelector("[data-testid=stApp]");
    const idle = app.dataset.testScriptState === "notRunning";
    if (idle && vaBench.painted > start && vaBench.now() - vaBench.painted > quiet)
      return (vaBench.painted - start) / 1000;
  }
  return null;
}
"""
_FIRST = """
async (patience) => {
  while (performance.now() < patience) {
    if (window.vaBench.first) return (window.vaBench.first - performance.timeOrigin) / 1000;
    await new Promise((resume) => setTimeout(resume, 20));
  }
  return null;
}
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the machine's Chromium; nothing off the machine is reached.

    Raises
    ------
    RuntimeError
        There is no Chromium.
    """
    path = shutil.which("chromium")
    if path is None:
        msg = "Chromium manque : installez le paquet Debian « chromium »."
        raise RuntimeError(msg)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def watched(browser: Browser) -> Page:
    """Open a page of its own context, watched from its first line."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    context.add_init_script(_WATCH)
    return again(context)


def again(context: BrowserContext) -> Page:
    """Open another page of the same context, whose cache it shares."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def _told(seconds: float | None, page: Page) -> float:
    if seconds is None:
        msg = f"{page.url} : la carte n’a pas changé en {PATIENCE // 1000} s"
        raise RuntimeError(msg)
    return seconds


def first_map(page: Page, address: str) -> float:
    """Open an address; give the seconds until its map is on the screen."""
    page.goto(address)
    return _told(page.evaluate(_FIRST, PATIENCE), page)


def change(page: Page, selector: str) -> float:
    """Click; give the seconds until the map is painted for the last time."""
    target = page.locator(selector).first
    return _told(target.evaluate(_CHANGE, [QUIET, PATIENCE]), page)


def settled(page: Page) -> None:
    """Wait until the whole page has run and its map is quiet."""
    app = "[data-testid=stApp][data-test-script-state=notRunning]"
    page.locator(f"{app}:not(:has(.va-awaited))").wait_for()
    page.evaluate(
        """async (quiet) => {
          while (vaBench.now() - vaBench.painted < quiet)
            await new Promise((resume) => setTimeout(resume, 50));
        }""",
        QUIET,
    )
