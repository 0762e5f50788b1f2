"""« Corriger ligne par ligne » in Chromium: what is written stays with its row."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import accessible, answered, at, still, violations
from tests.browser.test_keeping import click, drop, follow
from villeactive.store.database import store

pytestmark = pytest.mark.browser
TABLE = """Commune;Dép;Intitulé
Saint-Denis;;Halle
Saint-Denis;;École
Lens;62;<b>Gare</b> ![x](http://a.b)
Zzyzx;59;=1+1
Lens;62;Musée
"""
SEARCH = "Chercher parmi toutes les lignes"


@pytest.fixture(autouse=True)
def nothing_kept():
    """Leave no collection to the tests that come after."""
    yield
    for one in store().listed():
        store().remove(one.id)


@pytest.fixture
def page(new_page, app, tmp_path) -> Page:
    """Give the step of places, its rows in the editor."""
    return bring(at(new_page(), f"{app}/collections"), tmp_path, TABLE)


def bring(page: Page, folder: Path, text: str) -> Page:
    """Give a table to the page, and go to its rows."""
    table = folder / "appel.csv"
    table.write_text(text, encoding="utf-8")
    drop(page, table)
    follow(page, 1, 2)
    with answered(page):
        page.get_by_text("Corriger ligne par ligne").click()
    return page


def editor(page: Page) -> Locator:
    """Give what is drawn of the rows, once it stands."""
    still(page)
    drawn = page.locator(".st-key-c-editor [data-testid=data-grid-canvas]")
    drawn.scroll_into_view_if_needed()
    return drawn


def reads(page: Page, *rows: tuple[str, ...]) -> None:
    """Hold what the first columns of the editor say: line, what is written, cells, title."""
    cells = editor(page).locator(f"tbody td:nth-child(-n+{len(rows[0])})")
    expect(cells).to_have_text([cell for row in rows for cell in row])


def choose(page: Page, row: int) -> None:
    """Choose by keyboard the cell to be written of a row, counted from 0, of an editor just put."""
    editor(page)
    page.get_by_label(SEARCH).focus()
    for key in ("Tab", "ArrowRight", *["ArrowDown"] * row):
        page.keyboard.press(key)


def write(page: Page, words: str) -> None:
    """Write in the cell that is chosen, as a hand would; the next one is then chosen."""
    with answered(page):
        page.keyboard.press("Enter")
        box = page.locator(".gdg-input")
        expect(box).to_be_focused()
        box.fill(words)
        page.keyboard.press("Enter")


def search(page: Page, words: str) -> None:
    with answered(page):
        page.get_by_label(SEARCH).fill(words)


def test_an_edit_stays_with_its_row_whatever_is_shown(page):
    reads(
        page,
        ("2", "", "Saint-Denis", "Halle"),
        ("3", "", "Saint-Denis", "École"),
        ("5", "", "Zzyzx · 59", "=1+1"),
    )
    choose(page, 0)
    write(page, "93066")
    expect(page.get_by_text("Ligne 2\u00a0: Saint-Denis (93).")).to_be_visible()
    write(page, "Saint-Denis")  # the next cell was chosen: nothing else than the keyboard
    expect(page.get_by_role("alert")).to_contain_text("Ligne 3, non retenu")
    write(page, "-")
    expect(page.get_by_text("Ligne 5\u00a0: sans lieu.")).to_be_visible()
    expect(page.get_by_text("3 sur 5 lignes ont un lieu sûr")).to_be_visible()
    accessible(page)
    search(page, "musée")
    reads(page, ("6", "", "Lens · 62", "Musée"))
    choose(page, 0)
    write(page, "Calais")  # found, and wrongly
    search(page, "lens")
    reads(
        page,
        ("4", "", "Lens · 62", "<b>Gare</b> ![x](http://a.b)"),
        ("6", "Calais (62)", "Lens · 62", "Musée"),
    )
    search(page, "")
    reads(
        page,
        ("2", "Saint-Denis (93)"),
        ("3", ""),
        ("5", "sans lieu"),
        ("6", "Calais (62)"),
    )
    click(page, "c-undo-answer")
    reads(
        page,
        ("2", "Saint-Denis (93)"),
        ("3", ""),
        ("5", "sans lieu"),
    )
    search(page, "musée")
    choose(page, 0)
    write(page, "Calais")
    follow(page, 3)
    click(page, "c-keep")
    expect(page.get_by_text("2 projets sont sans lieu")).to_be_visible()
    records = store().read("appel").records.values()
    assert {one.data["title"]: one.data.get("places") for one in records} == {
        "Halle": [{"code_insee": "93066"}],
        "École": None,
        "<b>Gare</b> ![x](http://a.b)": [{"code_insee": "62498"}],
        "=1+1": None,
        "Musée": [{"code_insee": "62193"}],
    }


def test_a_column_sorts_by_a_menu_in_french_and_an_edit_is_found_again_then_effaced(page, tmp_path):
    box = editor(page).bounding_box()
    page.mouse.move(box["x"] + 400, box["y"] + 18)  # « Ce que dit la ligne »; its menu at its end
    page.mouse.move(box["x"] + 515, box["y"] + 18)
    page.mouse.down()
    page.mouse.up()
    items = page.get_by_role("menuitem")
    for words in (
        "Trier, croissant",
        "Trier, décroissant",
        "Ajuster la largeur",
        "Figer la colonne",
    ):
        expect(items.filter(has_text=words)).to_be_visible()
    expect(items.locator("visible=true")).to_have_count(4)
    assert violations(page) == []
    items.filter(has_text="Trier, décroissant").click()
    reads(page, ("5", ""), ("2", ""), ("3", ""))
    choose(page, 0)
    write(page, "Lille")
    expect(page.get_by_text("Ligne 5\u00a0: Lille (59).")).to_be_visible()
    click(page, "c-undo-answer")
    reads(page, ("2", ""), ("3", ""), ("5", ""))

    choose(page, 0)
    write(page, "93066")
    follow(page, 3)
    click(page, "c-keep")
    head, *lines = TABLE.splitlines()
    bring(page, tmp_path, "\n".join([head, "Saint-Denis;;Mairie", *lines[::-1]]))
    reads(
        page,
        ("2", ""),
        ("4", ""),
        ("6", ""),
        ("7", "Saint-Denis (93)"),
    )
    choose(page, 3)
    with answered(page):
        page.keyboard.press("Delete")
    expect(page.get_by_text("Ligne 7\u00a0: comme elle est comprise.")).to_be_visible()
    follow(page, 3)
    expect(page.get_by_text("1 nouveau projet, 1 changé et 0 disparu")).to_be_visible()
    click(page, "c-keep")
    assert not store().read("appel").decisions
