"""A collection of 35 000 projects, kept beside the book. Run: ``python -m benchmarks.large``."""

import asyncio
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from benchmarks import load, traffic
from benchmarks.browser import again, chromium, first_map, settled, watched
from benchmarks.results import Row, median, percentile, show
from benchmarks.server import Server
from benchmarks.visitor import Visitor
from villeactive.geography.referential import read_communes
from villeactive.imports.importing import draft, keep
from villeactive.imports.projects import Wish
from villeactive.store.database import Store
from villeactive.store.location import VARIABLE

TITLE = "Une collection de 35 000 projets"
NOTE = (
    "Un tableau de 35 000 lignes (titre, code INSEE, thème, année, montant), importé, choisi seul "
    "(`?collection=`) : ce que coûte un filtre de région, page de la liste comprise ; cinquante "
    "personnes, comme plus haut ; la première carte, serveur chaud, à côté de celle du livre ; "
    "l’image d’une carte que l’on déplace, symboles et noms compris, sans carte graphique."
)
N_ROWS, BYTES = 35_000, 20_000
QUERY = "collection=grand"
THEMES = ("Eau", "Énergie", "Commerce", "Santé", "Mobilité")
PAGES, STEPS = 5, 240

_WATCH = """() => {
  window.taken = [];
  let before = 0;
  const next = (now) => {
    if (before) window.taken.push(now - before);
    before = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""
"""Notes the time between two images."""


def table() -> str:
    """Write the table, always the same one."""
    chance = np.random.default_rng(7)
    codes = chance.choice(read_communes().index.to_numpy(), N_ROWS)
    years, euros = chance.integers(2015, 2026, N_ROWS), chance.integers(1, 900, N_ROWS) * 1000
    rows = (
        f"P{rank};Projet {rank};{code};{THEMES[rank % len(THEMES)]};{year};{euro}"
        for rank, (code, year, euro) in enumerate(zip(codes, years, euros, strict=True))
    )
    return "\n".join(["Identifiant;Titre;Code INSEE;Thème;Année;Montant (€)", *rows])


def kept(folder: Path) -> str:
    """Keep the table as a collection in a store of its own; give the store's address."""
    address = f"sqlite:///{folder / 'c.sqlite'}"
    path = folder / "grand.csv"
    path.write_text(table(), encoding="utf-8")
    keep(draft(path, Wish("grand", "Grand"), Store(address)), Store(address))
    return address


async def _held(server: Server, query: str) -> float:
    """Give the memory of a server at rest, its map opened once, MB."""
    visitor = Visitor(server.address, query=query)
    await visitor.open()
    await traffic.at_rest(server)
    await visitor.close()
    return server.memory_mb()


def memory(at_store: dict[str, str]) -> Row:
    """Compare a server of the collection with one of the book alone."""
    held = []
    for query, environment in (("", {}), (QUERY, at_store)):
        with Server("app.py", **environment) as server:
            server.wait()
            held.append(asyncio.run(_held(server, query)))
    book, ours = held
    return Row("Mémoire de plus que le livre seul", ours - book, "Mo", 150)


def first(browser: Browser, address: str) -> Row:
    """Open the map of the collection and that of the book, by readers who have nothing of them."""
    taken: dict[str, list[float]] = {"": [], QUERY: []}
    for turn in range(PAGES + 1):
        for query, times in taken.items():
            page = watched(browser)
            time = first_map(page, f"{address}/?{query}")
            if turn:  # the first of all warms the server
                times.append(time)
            settled(page)
            page.context.close()
    book, ours = (median(times) for times in taken.values())
    return Row("Première carte, serveur chaud, et celle du livre", ours, "s", None,
               ours / book, 1.5)  # fmt: skip


def frames(browser: Browser, address: str) -> list[Row]:
    """Move the map, seen whole and from near."""
    rows = []
    for said, view in (("France", ""), ("de près", "&view=48.8,2.4,9")):
        page = again(browser.new_context(viewport={"width": 1440, "height": 900}))
        page.goto(f"{address}/?{QUERY}{view}")
        frame = page.wait_for_selector(".st-key-carte iframe").content_frame()
        frame.wait_for_selector("#map_div[data-lines=drawn]")
        page.wait_for_selector("body[data-va-runs] [data-testid=stApp]:not(:has(.va-awaited))")
        box = page.locator(".st-key-carte iframe").bounding_box()
        x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6
        page.mouse.move(x, y)
        page.mouse.down()
        frame.evaluate(_WATCH)
        page.mouse.move(x - 200, y - 150, steps=STEPS)
        taken = frame.evaluate("window.taken")
        page.mouse.up()
        rows.append(Row(f"Image d’une carte déplacée, {said}, médiane", median(taken), "ms", 33))
        rows.append(Row(f"Image d’une carte déplacée, {said}, 95 % sous",
                        percentile(taken, 0.95), "ms"))  # fmt: skip
        page.context.close()
    return rows


def run() -> list[Row]:
    """Measure on a store and servers of its own."""
    regions = sorted(set(read_communes()["region"]))
    with tempfile.TemporaryDirectory() as folder:
        at_store = {VARIABLE: kept(Path(folder))}
        rows = [memory(at_store)]
        with Server("app.py", **at_store) as server:
            server.wait()
            rows += asyncio.run(traffic.measure(server, regions, query=QUERY, most=BYTES))
        with Server("app.py", **at_store) as server:
            server.wait()
            rows += asyncio.run(load.measure(server, regions, query=QUERY, p95_s=0.4, idle_mb=0.5))
            with chromium() as browser:
                rows += [first(browser, server.address), *frames(browser, server.address)]
        return rows


if __name__ == "__main__":
    show(run)
