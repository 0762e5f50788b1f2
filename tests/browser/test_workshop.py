"""The workshop of maps in Chromium: preview, copy, files, deck, shortlist."""

import io
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Download, Page, expect
from pptx import Presentation

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
LONG = 60_000


def shown(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector(".st-key-apercu img", timeout=LONG)
    settled(page)
    return page


def saved(page: Page, button: str) -> tuple[Download, bytes]:
    with page.expect_download(timeout=LONG) as waiting:
        page.get_by_role("button", name=button).click()
    download = waiting.value
    with open(download.path(), "rb") as stream:  # noqa: PTH123
        return download, stream.read()


def query(page: Page) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(page.url).query).items()}


def test_the_map_page_leads_to_its_map_for_a_slide_copied_or_as_a_file_of_each_kind(app, new_page):
    page = new_page(permissions=("clipboard-read", "clipboard-write"))
    page.goto(f"{app}/?region=53")
    page.get_by_role("link", name="Carte pour présentation").click()
    page.wait_for_selector(".st-key-apercu img", timeout=LONG)
    settled(page)
    assert query(page)["region"] == "53"
    told = page.locator(".st-key-apercu img").get_attribute("alt")
    assert told.startswith("Aperçu de la carte\u00a0: 2 projets · Bretagne")
    expect(page.get_by_text("2 projets · Bretagne").first).to_be_visible()
    # the one région of the selection fills the frame
    expect(page.get_by_role("combobox", name="Territoire")).to_have_value("Bretagne")

    page.get_by_role("button", name="Copier l’image").click()
    expect(page.get_by_text("Image copiée")).to_be_visible()
    kinds = page.evaluate("navigator.clipboard.read().then((items) => items[0].types)")
    assert kinds == ["image/png"]
    download, data = saved(page, "Image PNG")
    assert download.suggested_filename.endswith(".png")
    assert Image.open(io.BytesIO(data)).size == (4000, 2250)
    _, data = saved(page, "Dessin SVG")
    assert "La ville active" in data.decode()
    _, data = saved(page, "PDF")
    assert data.startswith(b"%PDF")
    _, data = saved(page, "Diapositive PowerPoint")
    slide = Presentation(io.BytesIO(data)).slides[0]
    assert slide.shapes.title.text_frame.text.replace("\v", " ").startswith("La ville active")
    _, data = saved(page, "Carte à cliquer")
    assert data.decode().lower().startswith("<!doctype html")


def test_choices_change_the_picture_are_remembered_and_kept_by_the_address(app, new_page):
    page = shown(new_page(height=1000), f"{app}/atelier?region=53")
    before = page.locator(".st-key-apercu img").get_attribute("src")
    page.get_by_role("radio", name="Noir et blanc").click()
    expect(page.locator(".st-key-apercu img")).not_to_have_attribute("src", before)
    settled(page)
    page.wait_for_function("() => localStorage.getItem('villeactive-atelier')?.includes('mono')")
    assert query(page) == {"region": "53", "layout": "slide", "style": "mono"}
    other = shown(new_page(height=1000), f"{app}/atelier")
    expect(other.get_by_role("radio", name="Noir et blanc")).to_be_checked(timeout=LONG)
    # what one was sent is shown as it was sent
    shown(other, f"{app}/atelier?layout=slide")
    expect(other.get_by_role("radio", name="Couleurs")).to_be_checked()

    page.get_by_role("button", name="Pour une réunion").click()
    expect(page.get_by_role("radio", name="Réunion")).to_be_checked()
    settled(page)
    page.get_by_role("textbox", name="Titre").fill("Notre Bretagne")
    page.get_by_role("textbox", name="Titre").press("Enter")
    page.wait_for_url("**title=Notre+Bretagne**")
    settled(page)
    page.reload()
    settled(page)
    expect(page.get_by_role("textbox", name="Titre")).to_have_value("Notre Bretagne")
    expect(page.get_by_role("radio", name="Réunion")).to_be_checked()
    _, data = saved(page, "Dessin SVG")
    assert "Notre Bretagne" in data.decode()


def test_a_sheet_is_made_a_pdf_on_its_page_and_a_shortlist_becomes_a_deck(app, new_page):
    page = new_page(height=1300)
    page.goto(f"{app}/projet?projet=lainamac")
    page.wait_for_selector(".st-key-fiche-pdf")
    settled(page)
    download, data = saved(page, "Fiche PDF")
    assert download.suggested_filename == "ville-active-lainamac.pdf"
    assert data.startswith(b"%PDF")
    page.get_by_role("button", name="Ajouter à ma sélection").click()
    page.get_by_role("button", name="Retirer de ma sélection").wait_for()
    assert query(page)["shortlist"] == "lainamac"
    shown(page, f"{app}/atelier?shortlist=lainamac,usinerie")
    page.get_by_role("radio", name="Ma sélection (2 fiches)").click()
    page.get_by_role("radio", name="Une par projet").click()
    page.get_by_role("button", name="Préparer le diaporama").click()
    page.get_by_role("button", name="Télécharger le diaporama").wait_for(timeout=LONG)
    _, data = saved(page, "Télécharger le diaporama")
    deck = Presentation(io.BytesIO(data))
    assert len(deck.slides) == 4  # cover, national map, one a project
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_an_empty_selection_is_a_map_too(app, new_page):
    page = shown(new_page(), f"{app}/atelier?text=zzzz")
    expect(page.get_by_text("0 projet").first).to_be_visible()
