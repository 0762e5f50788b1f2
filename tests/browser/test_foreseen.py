"""A filter shows on the map before the server answers, and the answer finds nothing to change."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import menu_page, opened, settled

pytestmark = pytest.mark.browser

HEARD = 350
"""Milliseconds after which a click is no longer taken for a hasty one (``ahead.js``)."""

# Within one task, so that nothing from the server can come between the click and what is read.
_CLICK = """
(target) => {
  const map = document.querySelector(".st-key-carte iframe").contentDocument;
  const read = () => ({
    symbols: [...map.querySelectorAll(".va-site")].map((e) => (
      [e.dataset.id, e.className, e.style.transform, e.style.marginLeft].join(" "))).sort(),
    legend: [...map.querySelectorAll(".va-legend li")].map((e) => e.textContent),
  });
  window.watcher?.disconnect();
  const before = read();
  target.click();
  const foreseen = read();
  window.changed = [];
  window.watcher = new MutationObserver((all) => {
    for (const { target: { className } } of all) window.changed.push(className);
  });
  // a symbol or a row made anew; the frame itself may be resized by the page
  for (const part of map.querySelectorAll(".leaflet-marker-pane, .va-legend .va-content"))
    window.watcher.observe(part, { subtree: true, childList: true });
  window.readMap = read;
  return [before, foreseen];
}
"""


def ready(page: Page, address: str) -> None:
    """Open the map with its filters, its answers told."""
    with page.expect_response("**/sites.json"):
        frame = opened(page, address)
    settled(page)
    frame.wait_for_function("VilleActive.asked")


def pressed(page: Page, target: Locator) -> tuple[dict, dict]:
    """Click; give what was shown and what is foreseen, once the answer has confirmed it."""
    page.wait_for_timeout(HEARD)
    address = page.url
    before, foreseen = target.evaluate(_CLICK)
    page.wait_for_url(lambda url: url != address)  # the server has heard
    settled(page)
    assert page.evaluate("readMap()") == foreseen
    assert page.evaluate("changed") == []
    return before, foreseen


def pill(page: Page, words: str) -> Locator:
    return page.get_by_test_id("stSidebar").locator("button").filter(has_text=words).first


def chosen(page: Page, box: str, words: str) -> Locator:
    page.get_by_test_id("stSidebar").get_by_role("combobox", name=box).click()
    return page.get_by_role("option", name=words).first


@pytest.mark.parametrize(
    "query", ["", "/?theme=filieres-productions&projet=lainamac&layers=projects,mentions"]
)
def test_a_pill_shows_at_once_what_the_server_then_confirms(browser_page, app, query):
    ready(browser_page, f"{app}{query}")
    for words in ("ACV", "PVD", "Apprendre", "ACV"):
        before, foreseen = pressed(browser_page, pill(browser_page, words))
        assert foreseen != before


def test_a_region_a_topic_and_a_cross_show_at_once(browser_page, app):
    ready(browser_page, app)
    first, occitanie = pressed(browser_page, chosen(browser_page, "Région", "Occitanie"))
    assert len(occitanie["symbols"]) < len(first["symbols"])
    browser_page.keyboard.press("Escape")
    _, two = pressed(browser_page, chosen(browser_page, "Région", "Grand Est"))
    assert len(two["symbols"]) > len(occitanie["symbols"])
    browser_page.keyboard.press("Escape")
    _, narrowed = pressed(browser_page, chosen(browser_page, "Sujet", ""))
    assert narrowed != two
    browser_page.keyboard.press("Escape")
    cross = browser_page.locator(".st-key-chip-region button").first
    pressed(browser_page, cross)


def test_a_click_that_chooses_nothing_shows_nothing(browser_page, app):
    ready(browser_page, f"{app}/?region=76")
    sidebar = browser_page.get_by_test_id("stSidebar")
    arrow = sidebar.locator(".st-key-f-region [aria-haspopup=listbox]")
    for target in (arrow, sidebar.locator(".st-key-f-theme label").first):
        before, foreseen = target.evaluate(_CLICK)
        assert foreseen == before


def test_answers_go_with_their_page(browser_page, app):
    ready(browser_page, app)
    assert browser_page.evaluate("Boolean(document.villeActiveTold)")
    menu_page(browser_page, "Méthode", "Données et méthode")
    expect(browser_page.locator("h1").first).to_contain_text("Données")
    browser_page.wait_for_function("!document.villeActiveTold")


_HASTY = """
(words) => {
  const pills = [...document.querySelectorAll("[data-testid=stSidebar] [role=toolbar] button")];
  for (const word of words) pills.find((one) => one.textContent.includes(word)).click();
}
"""


def test_hasty_clicks_end_where_the_server_says(browser_page, app):
    ready(browser_page, app)
    for words in ("ACV", "Apprendre", "ORT"):
        pill(browser_page, words).wait_for()
    # within one task: the page that the first one asks for writes other numbers on the others
    browser_page.evaluate(_HASTY, ["ACV", "Apprendre", "ORT"])
    expect(browser_page).to_have_url(re.compile("programme=ACV.*ORT.*theme=|theme=.*ACV.*ORT"))
    expect(browser_page.locator("[data-va-held]")).to_have_count(0)
    settled(browser_page)
    hasty = browser_page.evaluate(
        "() => [...document.querySelector('.st-key-carte iframe')"
        ".contentDocument.querySelectorAll('.va-site')].map((e) => e.dataset.id).sort()"
    )
    slow = opened(browser_page, browser_page.url)
    settled(browser_page)
    assert hasty == slow.evaluate(
        "() => [...document.querySelectorAll('.va-site')].map((e) => e.dataset.id).sort()"
    )


def test_without_its_sites_the_map_waits_for_the_server(browser_page, app):
    browser_page.route("**/sites.json", lambda route: route.fulfill(status=503))
    opened(browser_page, app)
    settled(browser_page)
    before, foreseen = pill(browser_page, "PVD").evaluate(_CLICK)
    assert foreseen == before
    settled(browser_page)
    expect(
        browser_page.frame_locator(".st-key-carte iframe").locator(".va-site")
    ).not_to_have_count(len(before["symbols"]))
