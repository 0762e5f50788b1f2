"""How long visitors are without the process that served them, ended while all of them filter.

Run: ``python -m benchmarks.returns``.
"""

import asyncio
import contextlib
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from signal import SIGHUP, SIGKILL
from tempfile import TemporaryDirectory
from threading import Thread

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from benchmarks.browser import again, chromium, first_map, settled, watched
from benchmarks.replayed import Page, recorded
from benchmarks.results import Row, median, show
from benchmarks.server import Serving
from benchmarks.service import Service
from benchmarks.traffic import at_rest
from villeactive.atlas import read_atlas

KILLS, VISITORS = 8, 4
SECONDS = 2
TRIES = (0.25, 0.5)
"""Between them Streamlit's page waits before it tries to find its server again, seconds."""

ADDRESSES = ("/?region=53&theme=filieres-productions", "/?programme=PVD")
TITLE = "Un processus tué en charge"
NOTE = (
    f"Le service de `deploy/start`, deux processus. {len(ADDRESSES)} pages de Chromium et "
    f"{VISITORS} visiteurs du protocole, qui demandent un filtre dès qu’ils ont lu le précédent "
    f"0,3 s, sont tous servis par le même : il est tué {KILLS} fois (SIGKILL), chaque fois que "
    "l’autre est revenu et au repos ; puis les deux sont relancés en ordre (SIGHUP). Serveurs et "
    "visiteurs se partagent les cœurs. Le retour est la fin de la première réponse du processus "
    "qui recueille le dernier visiteur ; il compte ce que Streamlit attend avant d’essayer (250 à "
    "500 ms)."
)
# From a page at rest to the end of its first run in the process that takes it.
_LEAVE = """
() => {
  const app = document.querySelector("[data-testid=stApp]");
  let runs = false;
  window.vaBack = new Promise((back) => {
    new MutationObserver(() => {
      const idle = app.dataset.testScriptState === "notRunning";
      if (runs && idle) back(Date.now() / 1000);
      runs ||= !idle;
    }).observe(app, { attributes: true });
  });
}
"""
_DIALOG = "() => Boolean(document.querySelector('[role=dialog]'))"


class Visitors(Thread):
    """Visitors of the protocol who filter, and find the service again when it lets them go."""

    def __init__(self, service: Service, process: str, regions: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.service, self.process, self.regions = service, process, regions
        self.served, self.left = [0.0] * VISITORS, [0.0] * VISITORS
        """When each was last served anew, and let go (clock of ``time.time``)."""
        self.ends = False

    def run(self) -> None:
        """Filter until the end."""
        asyncio.run(self._all())

    async def _all(self) -> None:
        frames = await recorded(self.process, self.regions)
        await asyncio.gather(*(self._stay(frames, rank) for rank in range(VISITORS)))

    async def _stay(self, frames: Sequence[bytes], rank: int) -> None:
        chance = random.Random(rank)
        while not self.ends:
            page = Page(frames, rank)
            # what nginx refuses is in its journal
            with contextlib.suppress(OSError, RuntimeError):
                await page.open(self.service.address, self.process)
                self.served[rank] = time.time()
                try:
                    while not self.ends:
                        await page.filter()
                        await asyncio.sleep(0.3)
                finally:
                    self.left[rank] = time.time()
                    page.close()
            await asyncio.sleep(chance.uniform(*TRIES))

    def wait(self, since: float) -> None:
        """Wait until each is served anew."""
        while min(self.served) < since:
            time.sleep(0.05)


def _back(tabs: list[Tab], visitors: Visitors, end: Callable[[], None]) -> tuple[float, int]:
    """End the process of all; give after how long the last is back, and how many pages lost."""
    held = [(tab.url, tab.title()) for tab in tabs]
    for tab in tabs:
        tab.evaluate(_LEAVE)
    since = time.time()
    end()
    last = max(tab.evaluate("() => vaBack") for tab in tabs)
    visitors.wait(since)
    lost = 0
    for tab, before in zip(tabs, held, strict=True):
        settled(tab)
        lost += (tab.url, tab.title()) != before or tab.evaluate(_DIALOG)
    return max(last, *visitors.served) - min(visitors.left), lost


def _open(browser: Browser, service: Service, process: str) -> list[Tab]:
    """Open pages on one process."""
    first = watched(browser)
    cookie = {"name": "va", "value": process.rpartition(":")[2], "url": service.address}
    first.context.add_cookies([cookie])
    tabs = [first, *(again(first.context) for _ in ADDRESSES[1:])]
    for tab, address in zip(tabs, ADDRESSES, strict=True):
        first_map(tab, service.address + address)
        settled(tab)
    return tabs


def _rest(process: Serving) -> None:
    """Wait until a process that has started has read all it needs."""
    rests = Thread(target=asyncio.run, args=[at_rest(process)])  # this one is Playwright's
    rests.start()
    rests.join()


def measure(service: Service, regions: list[str]) -> list[Row]:
    """Kill, time after time, the process that serves everyone; then start all again in order."""
    processes, began = [*service.pids], time.time()
    visitors = Visitors(service, f"http://{processes[0]}", regions)
    visitors.start()
    killed, renewed = [], []
    with chromium() as browser:
        tabs = _open(browser, service, processes[0])
        visitors.wait(began)
        for kill in range(KILLS):
            where = processes[kill % 2]
            killed.append(_back(tabs, visitors, partial(os.kill, service.pids[where], SIGKILL)))
            service.until("atlas started")
            _rest(Serving(service.pids[where], f"http://{where}").wait())
        renewed.append(_back(tabs, visitors, partial(service.process.send_signal, SIGHUP)))
        renewed.append(_back(tabs, visitors, lambda: None))
        service.until("renewed")
        visitors.ends = True
    visitors.join()
    journal = (service.folder / "access.log").read_text(encoding="utf-8").splitlines()
    refused = sum(json.loads(line)["status"] >= 500 for line in journal)
    lost = sum(lost for _, lost in killed + renewed)
    return [
        Row("Tous de retour après SIGKILL, médiane", median(after for after, _ in killed), "s"),
        Row("Tous de retour après SIGKILL, le plus long", max(killed)[0], "s", SECONDS),
        Row("Tous de retour après SIGHUP, le plus long", max(renewed)[0], "s", SECONDS),
        Row("Pages qui perdent adresse ou titre, ou montrent un dialogue", lost, "", 0),
        Row("Réponses 5xx", refused, "", 0),
    ]


def run() -> list[Row]:
    """Measure on a service of its own."""
    regions = sorted(set(read_atlas().sites["region"]))
    with TemporaryDirectory() as folder:
        service = Service(Path(folder) / "run", f"sqlite:///{folder}/projets.sqlite")
        try:
            return measure(service, regions)
        finally:
            service.end()


if __name__ == "__main__":
    show(run)
