"""Speed of slides, decks, sheets and the page of one file: medians, after imports.

The floor is the one of drawn maps: plain geopandas and matplotlib on the same layers.
Run: ``python -m benchmarks.slides``.
"""

import shutil
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.printed import CASES, median, ours, plain
from villeactive.atlas import read_atlas
from villeactive.documents import decks
from villeactive.documents.project_sheet import sheet_pdf
from villeactive.filtering import apply
from villeactive.maps.render.pptx_slides import to_pptx
from villeactive.maps.scene.spec import MapSpec
from villeactive.maps.web import one_file
from villeactive.selection import Selection

DAY = date(2026, 11, 23)
PAGES = 5
"""How often the page of one file is opened."""
# A message sent while an image is prepared is read once it is on the screen.
_PAINTED = """
  const note = () => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.painted = performance.now(); };
    channel.port2.postMessage(0);
  };
  const look = () => {
    if (document.querySelector(".va-site")) note();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def row(name: str, taken: float, limit: float, floor: float, size: int, most: int) -> None:
    """Print one measure beside what it should not pass."""
    print(
        f"{name:34}{taken:8.3f}s{limit:8.2f}s{taken / floor:9.2f}×"
        f"{size / 1000:9.0f}{most or '–':>8}"
    )


def once(work) -> tuple[float, bytes]:
    """Time what takes seconds, once."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def painted(page: str) -> float:
    """Open a page in Chromium and give when its symbols are painted, seconds; 0 without it."""
    path = shutil.which("chromium")
    if path is None:
        return 0.0
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "carte.html"
        file.write_text(page, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        times = []
        for _ in range(PAGES + 1):
            opened = browser.new_page(viewport={"width": 1440, "height": 900})
            opened.add_init_script(_PAINTED)
            opened.goto(file.as_uri())
            opened.wait_for_function("window.painted")
            times.append(opened.evaluate("window.painted") / 1000)
            opened.close()
        browser.close()
    return statistics.median(times[1:])


def main() -> None:
    """Print one row a file."""
    atlas = read_atlas()
    everything = apply(Selection(), atlas)
    print(f"{'fichier':34}{'médiane':>9}{'seuil':>9}{'rapport':>10}{'ko':>9}{'seuil':>8}")
    floors = {name: median(plain(spec)) for name, spec in CASES.items()}
    for (name, spec), most in zip(CASES.items(), (150, 200), strict=True):
        work = ours(spec, to_pptx)
        row(f"PPTX, {name}", median(work), 0.5, floors[name], len(work(99)), most)
    floor = floors["20 projets"]
    for sheet in ("lainamac", "laval-level"):
        taken = median(lambda turn, s=sheet: sheet_pdf(atlas.sheets[s], atlas, day=_day(turn)))
        made = sheet_pdf(atlas.sheets[sheet], atlas, day=DAY)
        row(f"fiche PDF, {sheet}", taken, 1.0, floor, len(made), 0)
    spec, regions = MapSpec(date=DAY.isoformat()), tuple(atlas.regions)
    for kind in ("pptx", "pdf"):
        taken, made = once(
            lambda k=kind: decks.deck_file(k, everything, atlas, spec=spec, regions=regions)
        )
        row(f"dossier {kind.upper()}, 18 régions", taken, 12, floor, len(made), 0)
    taken, made = once(lambda: decks.deck_file("pptx", everything, atlas, by="project", spec=spec))
    row("dossier PPTX, 20 projets", taken, 12, floor, len(made), 0)
    taken = median(lambda turn: one_file.to_html(everything, atlas, title=f"Carte {turn}"))
    page = one_file.to_html(everything, atlas)
    row("HTML d’un fichier", taken, 1.0, floor, len(page.encode()), 1000)
    print(f"{'HTML, symboles peints':34}{painted(page):8.3f}s{0.5:8.2f}s")


def _day(turn: int) -> date:
    """Give another day each time."""
    return date(2026, 11, 1 + turn)


if __name__ == "__main__":
    main()
