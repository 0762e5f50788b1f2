"""Makes the pictures of the page « Collections » in the manual: ``python -m docs.pictures``.

A list of invented projects goes through the steps in Chromium, in a store of its own.
"""

import os
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import (
    ARGUMENTS,
    answered,
    free_port,
    launch,
    map_frame,
    painted,
    still,
)
from villeactive.geography.referential import read_communes
from villeactive.store.location import VARIABLE

HERE = Path(__file__).parent
SIZE = {"width": 1200, "height": 760}
THEMES = ("Commerce", "Mobilité", "Culture", "Emploi")
UNSURE = (("Saint-Denis", ""), ("Saint-Denis", ""), ("Rochefort", ""), ("Sainte-Marie", ""))


def table() -> str:
    """Return the invented list, as CSV: one project in each of the larger towns."""
    communes = read_communes()
    towns = communes[communes["population"] > 30_000].iloc[::2]
    places = [*zip(towns["name"], towns["departement"], strict=True), *UNSURE]
    rows = [
        f"{name};{departement};Opération {n};{THEMES[n % 4]};"
        f"{(n * 37) % 400 + 20} 000 €;{2021 + n % 5}"
        for n, (name, departement) in enumerate(places, start=1)
    ]
    return "\n".join(["Commune;Dép.;Intitulé;Thématique;Subvention accordée;Année", *rows])


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, in few colours."""
    still(page)
    shown = Image.open(BytesIO(page.screenshot())).convert("RGB")
    shown.quantize(128, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)


def main() -> None:
    """Make the three pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        source = Path(folder) / "Appel à projets 2025.csv"
        source.write_text(table(), encoding="utf-8")
        os.environ[VARIABLE] = f"sqlite:///{folder}/collections.sqlite"
        address, server = launch("app.py", free_port())
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(ARGUMENTS)
            )
            page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
            page.goto(f"{address}/collections")
            still(page)
            with answered(page):
                page.locator("[class*=st-key-c-file-] input").set_input_files(source)
            for step, name in ((1, "collections-colonnes"), (2, "collections-lieux")):
                with answered(page):
                    page.locator(f".st-key-c-next-{step} button").click()
                picture(page, name)
            for key in ("c-next-3", "c-keep"):
                with answered(page):
                    page.locator(f".st-key-{key} button").click()
            page.get_by_role("link", name="Voir cette collection sur la carte").click()
            painted(map_frame(page))
            picture(page, "collections-carte")
            browser.close()
        finally:
            server.terminate()
            server.wait(timeout=10)


if __name__ == "__main__":
    main()
