"""A shortlist in Chromium: gathered on three pages, carried along, compared, exported."""

import io
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pptx import Presentation

from tests.browser.conftest import fits, menu_page, opened, settled

pytestmark = pytest.mark.browser
LONG = 90_000
GATHERED = "usinerie,lainamac,62498,29155"


def gathered(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("shortlist", [""])[0].split(",")


def add(page: Page, name: str) -> None:
    """Add what is open, and wait until the address says it."""
    page.get_by_role("button", name="Ajouter à ma sélection").first.click()
    page.wait_for_url(f"**{name}*", timeout=LONG)
    expect(page.get_by_role("button", name="Retirer de ma sélection").first).to_be_visible(
        timeout=LONG
    )
    settled(page)


def download(page: Page, name: str) -> tuple[str, bytes]:
    with page.expect_download(timeout=LONG) as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def main_title(page: Page):
    return page.get_by_test_id("stMain").get_by_role("heading", level=1)


def test_gathered_on_three_pages_and_kept_by_the_menu(app, new_page):
    page = new_page()
    opened(page, f"{app}/?projet=usinerie")
    add(page, "shortlist=usinerie")
    menu_page(page, "Villes", "Communes")
    expect(main_title(page)).to_have_text("Quelle commune ouvrir\u00a0?", timeout=LONG)
    page.wait_for_url("**/commune?shortlist=usinerie", timeout=LONG)
    settled(page)
    page.get_by_role("button", name="Lens (62)").first.click()
    expect(main_title(page)).to_have_text("Lens", timeout=LONG)
    add(page, "62498")
    page.get_by_role("link", name="Des villes comme celle-ci").click()
    first = page.locator(".st-key-mv-villes").get_by_role("button", name="Ajouter").first
    first.click(timeout=LONG)
    page.wait_for_url("**62498%2C*", timeout=LONG)
    settled(page)
    assert gathered(page)[:2] == ["usinerie", "62498"]
    menu_page(page, "Présenter", "Ma sélection (3)")
    expect(main_title(page)).to_have_text("Ma sélection", timeout=LONG)
    expect(page.get_by_text("1 fiche et 2 communes").first).to_be_visible()


def test_back_finds_the_filters_and_what_was_gathered(app, new_page):
    page = new_page()
    opened(page, f"{app}/?shortlist=usinerie&region=53")
    menu_page(page, "Villes", "Communes")
    page.wait_for_url("**/commune?shortlist=usinerie", timeout=LONG)
    settled(page)
    page.go_back()
    page.wait_for_url("**/?*region=53*", timeout=LONG)
    expect(main_title(page)).to_have_text("2 projets · Bretagne", timeout=LONG)
    assert gathered(page) == ["usinerie"]


def test_compared_side_by_side_exported_three_ways_emptied_then_back(app, new_page):
    page = new_page()
    page.goto(f"{app}/ma_selection?shortlist={GATHERED}")
    side = page.get_by_role("table", name="Projets côte à côte")
    expect(side).to_be_visible(timeout=LONG)
    settled(page)
    expect(side.get_by_role("row").filter(has_text="Labels et dispositifs")).to_contain_text(
        "France Relance"
    )
    expect(page.get_by_text("non dit").first).to_be_visible()
    expect(page.get_by_text("la plus peuplée").first).to_be_visible()
    fits(page)

    page.set_viewport_size({"width": 1440, "height": 900})
    name, data = download(page, "Excel")
    assert name.startswith("ville-active-ma-selection-")
    assert load_workbook(io.BytesIO(data)).sheetnames == ["Projets", "Communes", "Sources"]
    page.get_by_role("button", name="Préparer le PowerPoint").click()
    page.get_by_role("button", name="Télécharger le PowerPoint").wait_for(timeout=LONG)
    name, data = download(page, "Télécharger le PowerPoint")
    assert name.endswith(".pptx")
    assert len(Presentation(io.BytesIO(data)).slides) == 6
    page.get_by_role("button", name="Préparer le PDF").click()
    page.get_by_role("button", name="Télécharger le PDF").wait_for(timeout=LONG)
    _, data = download(page, "Télécharger le PDF")
    told = subprocess.run(["pdfinfo", "-"], input=data, check=True, capture_output=True).stdout
    assert b"Pages:           6" in told

    page.get_by_role("button", name="Vider").click(timeout=LONG)
    expect(page.get_by_role("button", name="Rétablir")).to_be_visible(timeout=LONG)
    page.go_back()
    expect(page.get_by_text("2 fiches et 2 communes").first).to_be_visible(timeout=LONG)
    assert gathered(page) == GATHERED.split(",")
