"""A list longer than a page, under the map or where a project is chosen: turned by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import at, query, settled, violations
from villeactive.imports.importing import draft, keep
from villeactive.imports.projects import Wish
from villeactive.store.database import store

pytestmark = pytest.mark.browser
ROWS = 120


@pytest.fixture
def long(app, tmp_path):
    """Keep a table of :data:`ROWS` projects; give the address of its map."""
    path = tmp_path / "appel.csv"
    lines = [f"Halle n° {ROWS - i};62498" for i in range(ROWS)]
    path.write_text("\n".join(["Intitulé;Code INSEE", *lines]), encoding="utf-8")
    keep(draft(path, Wish("appel", "Appel"), store()), store())
    yield f"{app}/?collection=appel"
    store().remove("appel")


@pytest.fixture
def choice(long):
    """Give the address of the page of a project, without any, of the same table."""
    return long.replace("/?", "/projet?")


def rows(page: Page):
    return page.locator(".st-key-liste tbody tr")


def turn(page: Page, name: str, place: str = "Pages de la liste"):
    return page.get_by_role("navigation", name=place, exact=True).get_by_role("button", name=name)


def test_a_long_list_is_turned_and_sorted_by_keyboard(browser_page, long):
    page = at(browser_page, long)
    status = page.locator(".st-key-liste").get_by_role("status")
    expect(status).to_have_text("1–50 sur 120")
    expect(rows(page)).to_have_count(50)
    expect(turn(page, "Page précédente")).to_have_attribute("aria-disabled", "true")

    turn(page, "Page suivante", "Pages de la liste, sous elle").press("Enter")
    expect(status).to_have_text("51–100 sur 120")
    expect(turn(page, "Page suivante")).to_be_focused()
    expect(turn(page, "Page suivante")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(status).to_have_text("101–120 sur 120")
    expect(rows(page)).to_have_count(20)
    page.keyboard.press("Enter")  # there is no further one
    expect(turn(page, "Page suivante")).to_have_attribute("aria-disabled", "true")

    heading = page.locator(".st-key-liste").get_by_role("button", name="Projet")
    heading.press("Enter")
    expect(status).to_have_text("1–50 sur 120")
    expect(rows(page).first).to_contain_text("Halle n° 1Lens")
    expect(heading).to_be_focused()
    expect(page.get_by_role("columnheader", name="Projet")).to_have_attribute(
        "aria-sort", "ascending"
    )
    turn(page, "Page suivante").click()
    expect(rows(page).first).to_contain_text("Halle n° 51Lens")
    assert query(page) == {"collection": "appel", "sort": "title", "page": "2"}

    page.reload()
    settled(page)
    expect(rows(page).first).to_contain_text("Halle n° 51Lens")
    rows(page).first.get_by_role("button").press("Enter")
    expect(page.locator(".st-key-fiche")).to_contain_text("Halle n° 51")
    expect(rows(page).first).to_have_attribute("aria-current", "true")
    settled(page)
    assert query(page).pop("projet").startswith("appel-")
    page.go_back()
    expect(page.locator(".st-key-fiche")).to_have_count(0)
    expect(status).to_have_text("51–100 sur 120")
    settled(page)
    assert violations(page) == []


def test_a_project_among_thousands_is_chosen_in_the_same_list(browser_page, choice):
    page = at(browser_page, choice)
    status = page.locator(".st-key-liste").get_by_role("status")
    expect(status).to_have_text("1–50 sur 120")
    expect(rows(page)).to_have_count(50)
    turn(page, "Page suivante").press("Enter")
    expect(status).to_have_text("51–100 sur 120")
    rows(page).first.get_by_role("button").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halle n° 70")
    expect(rows(page)).to_have_count(0)
    settled(page)
    page.go_back()
    expect(status).to_have_text("51–100 sur 120")
    settled(page)
    assert violations(page) == []
