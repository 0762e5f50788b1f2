"""Two clicks before the page has answered the first both count, on every page that has choices."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import at, query, settled

pytestmark = pytest.mark.browser

TOGETHER = "(all) => { for (const one of all) one.click(); }"


def at_once(page: Page, *widgets: Locator) -> None:
    """Click within one task: nothing from the server can come between."""
    page.evaluate(TOGETHER, [widget.first.element_handle() for widget in widgets])


def test_towns_keep_a_programme_and_how_they_combine(browser_page, app):
    page = at(browser_page, f"{app}/villes?programme=ACV")
    pills = page.locator(".st-key-v-programme [role=toolbar] button")
    at_once(page, pills.nth(1), page.locator(".st-key-v-mode label").filter(has_text="tous"))
    expect(page).to_have_url(re.compile(r"programme=ACV(,|%2C)PVD"))
    settled(page)
    assert query(page)["mode"] == "all"


def test_the_workshop_keeps_three_choices(browser_page, app):
    page = at(browser_page, f"{app}/atelier?region=53")
    choices = (("layout", "A4 portrait"), ("labels", "Aucune"), ("style", "Noir et blanc"))
    at_once(page, *(
        page.locator(f".st-key-a-{key} button").filter(has_text=words) for key, words in choices
    ))  # fmt: skip
    expect(page).to_have_url(re.compile("style=mono"))
    settled(page)
    asked = query(page)
    assert (asked["layout"], asked["labels"], asked["region"]) == ("a4", "none", "53")


def test_my_town_keeps_its_region_and_forgets_its_weights(browser_page, app):
    page = at(browser_page, f"{app}/ma_ville?commune=62498&weights=size%3D3")
    at_once(
        page,
        page.locator(".st-key-mv-depart button"),
        page.locator(".st-key-mv-region input"),
    )
    expect(page).to_have_url(re.compile("same_region=1"))
    settled(page)
    assert "weights" not in query(page)


def test_two_are_taken_off_and_one_is_moved(browser_page, app):
    names = ("lainamac", "cocotte-minute", "usinerie", "62498")
    page = at(browser_page, f"{app}/ma_selection?shortlist={','.join(names)}")
    at_once(
        page,
        *(page.locator(f".st-key-retirer-{name} button") for name in names[:2]),
        page.locator(".st-key-monter-62498 button"),
    )
    expect(page).to_have_url(re.compile("shortlist=62498(,|%2C)usinerie$"))


def test_several_values_of_one_key_outlive_the_next_choice(browser_page, app):
    page = at(browser_page, f"{app}/?region=53&region=11")
    page.locator(".st-key-f-programme [role=toolbar] button").first.click()
    expect(page).to_have_url(re.compile("programme=ACV"))
    settled(page)
    assert query(page)["region"] in {"53,11", "11,53"}
