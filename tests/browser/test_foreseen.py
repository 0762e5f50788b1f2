"""A filter shows on the map before the server answers, and the answer finds nothing to change."""

import re
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.conftest import (
    answered,
    at,
    map_frame,
    menu_page,
    opened,
    pill,
    query,
    settled,
    walked_to_map,
)

pytestmark = pytest.mark.browser

ACV = ("f-programme", "Action cœur de ville")
PVD = ("f-programme", "Petites villes de demain")
ORT = ("f-programme", "Opération de revitalisation de territoire")
LEARN = ("f-theme", "Apprendre")
GAP = 60
"""Milliseconds between two clicks of a hasty hand."""

# Within one task, so that nothing from the server can come between the click and what is read.
_CLICK = """
(target) => {
  const map = document.querySelector(".st-key-carte iframe").contentDocument;
  const read = () => ({
    symbols: [...map.querySelectorAll(".va-site")].map((e) => (
      [e.dataset.id, e.className, e.style.transform, e.style.marginLeft].join(" "))).sort(),
    legend: [...map.querySelectorAll(".va-legend li")].map((e) => e.textContent),
    view: document.querySelector(".st-key-carte iframe").contentWindow.VilleActive.view(),
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


def ready(page: Page, address: str, *, go: Callable[..., Frame] = opened, **held: str) -> None:
    """Open the map with its filters, its answers told and parsed."""
    frame = go(page, address, **held)
    page.wait_for_function("() => document.villeActiveTold")
    frame.wait_for_function("() => VilleActive.asked && VilleActive.known")


def pressed(page: Page, target: Locator) -> tuple[dict, dict]:
    """Click; give what was shown and what is foreseen, once the answer has confirmed it."""
    with answered(page):
        before, foreseen = target.evaluate(_CLICK)
    assert page.evaluate("readMap()") == foreseen
    assert page.evaluate("changed") == []
    return before, foreseen


def chosen(page: Page, box: str, words: str) -> Locator:
    """Open a list, by the key of its widget, and give one of its options."""
    page.locator(f".st-key-{box} input").press("ArrowDown")
    return page.get_by_role("option", name=words).first


def test_pills_a_region_a_departement_a_topic_and_a_cross_show_at_once(browser_page, app):
    page = browser_page
    for asked in ("", "/?theme=filieres-productions&projet=lainamac&layers=projects,mentions"):
        ready(page, f"{app}{asked}", go=walked_to_map if asked else opened)
        if asked:
            frame = map_frame(page)
            frame.wait_for_selector(".va-selected[data-id=lainamac]")
        for key, words in (ACV, PVD, LEARN, ACV):
            before, foreseen = pressed(page, pill(page, key, words))
            assert foreseen != before
    ready(page, app, go=walked_to_map)
    first, occitanie = pressed(page, chosen(page, "f-region", "Occitanie"))
    assert len(occitanie["symbols"]) < len(first["symbols"])
    assert occitanie["view"] != first["view"], "it is framed at the click"
    assert any(
        re.search(r"Petites villes de demain\d+\ssur\s1", row) for row in occitanie["legend"]
    )
    page.keyboard.press("Escape")
    _, two = pressed(page, chosen(page, "f-region", "Grand Est"))
    assert len(two["symbols"]) > len(occitanie["symbols"])
    page.keyboard.press("Escape")
    _, narrowed = pressed(page, chosen(page, "f-topic", ""))
    assert narrowed != two
    assert narrowed["view"] == two["view"] != occitanie["view"]
    page.keyboard.press("Escape")
    cross = page.locator(".st-key-chip-region button").first
    _, lifted = pressed(page, cross)
    near = [float(value) for value in first["view"].split(",")]
    assert [float(v) for v in lifted["view"].split(",")] == pytest.approx(near, abs=0.05)
    frame = map_frame(page)
    for name, code in (("departement", "29"), ("epci", "242900629")):
        ready(page, f"{app}/?{name}={code}", go=walked_to_map, held=code)
        frame.wait_for_selector(f"#map_div[data-territory='{code}']")
        cross = page.locator(f".st-key-chip-{name} button").first
        first, lifted = pressed(page, cross)
        assert float(lifted["view"].split(",")[2]) < float(first["view"].split(",")[2]) - 2
        frame.wait_for_selector("#map_div[data-territory='']")


def shown(page: Page) -> list[str]:
    """Give the symbols on the map."""
    return page.evaluate(
        "() => [...document.querySelector('.st-key-carte iframe')"
        ".contentDocument.querySelectorAll('.va-site')].map((e) => e.dataset.id).sort()"
    )


def hurried(page: Page, choices: Iterable[tuple[str, str]]) -> None:
    """Click with a real mouse that is pressed for :data:`GAP`, and never waits."""
    spots = [pill(page, *choice).bounding_box() for choice in choices]
    for box in spots:
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(x, y, delay=GAP)


def test_hasty_clicks_are_all_kept(browser_page, app):
    ready(browser_page, app)
    choices = (ACV, LEARN, ORT)
    hurried(browser_page, choices)
    # the last address of all, and the end of its run
    expect(browser_page).to_have_url(re.compile(r"\?programme=ACV(,|%2C)ORT&theme=apprendre"))
    settled(browser_page)
    for choice in choices:
        expect(pill(browser_page, *choice)).to_have_attribute("aria-pressed", "true")
    expect(pill(browser_page, *PVD)).to_have_attribute("aria-pressed", "false")
    hasty = shown(browser_page)
    ready(browser_page, browser_page.url)
    assert hasty == shown(browser_page)


def test_a_double_click_is_off_again(browser_page, app):
    ready(browser_page, app)
    before = shown(browser_page)
    hurried(browser_page, (ACV, ACV, LEARN))  # the third one tells when the two are answered
    expect(browser_page).to_have_url(re.compile(r"/\?theme=apprendre-travailler$"))
    settled(browser_page)
    expect(pill(browser_page, *ACV)).to_have_attribute("aria-pressed", "false")
    hurried(browser_page, (LEARN,))
    expect(browser_page).to_have_url(re.compile(r"/$"))
    settled(browser_page)
    assert shown(browser_page) == before


# Keeps the ends of pages from who listens, and what was told by then.
_HELD = """
() => {
  window.told = [];
  window.holds = (event) => {
    event.stopImmediatePropagation();
    window.told.push(document.villeActiveTold);
  };
  document.addEventListener("villeactive-end", window.holds, true);
}
"""
_LATE = """
() => {
  document.removeEventListener("villeactive-end", window.holds, true);
  for (const told of window.told) {
    document.villeActiveTold = told;
    document.dispatchEvent(new Event("villeactive-told"));
    document.dispatchEvent(new Event("villeactive-end"));
  }
}
"""


def test_a_browser_that_hears_late_of_the_end_of_each_page_shows_the_last(browser_page, app):
    ready(browser_page, app)
    browser_page.evaluate(_HELD)
    for choice in (ACV, LEARN):
        pressed(browser_page, pill(browser_page, *choice))
    last = browser_page.evaluate("readMap()")
    browser_page.evaluate(_LATE)
    assert browser_page.evaluate("told.length") == 2
    assert browser_page.evaluate("readMap()") == last


# The sheet is closed as soon as it can be, by a browser that is busy before and after: it takes the
# end of one run and the whole of the next at once.
_BUSY = """(() => {
  const busy = (ms) => { const since = performance.now(); while (performance.now() - since < ms); };
  new MutationObserver((_, watcher) => {
    const cross = document.querySelector(".st-key-fermer button");
    if (!cross) return;
    watcher.disconnect();
    busy(300);
    cross.click();
    busy(1500);
  }).observe(document, { childList: true, subtree: true });
})()"""


def test_filters_that_a_slow_browser_shows_late_are_those_of_the_address(context, app):
    page = context.new_page()  # of its own: its script stays with it
    page.add_init_script(_BUSY)
    asked = "region=75&programme=PVD&text=atelier&amount=known"
    opened(page, f"{app}/?projet=lainamac&{asked}")
    expect(page).to_have_url(f"{app}/?{asked}")
    settled(page)
    expect(page.locator(".st-key-f-region")).to_contain_text("Nouvelle-Aquitaine")
    expect(pill(page, *PVD)).to_have_attribute("aria-pressed", "true")
    with answered(page):
        pill(page, *ACV).click()
    kept = {"region": "75", "text": "atelier", "amount": "known"}
    assert query(page) == kept | {"programme": "PVD,ACV"}
    page.close()


def said(page: Page) -> set[str]:
    """Give the names that the browser tells assistive tools."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return {node["name"]["value"] for node in tree if node.get("name")}


def test_counts_are_heard_lists_still_filter_and_a_click_that_chooses_nothing_shows_nothing(
    browser_page, app
):
    page = at(browser_page, app)
    expect(pill(page, *PVD)).to_be_visible()
    assert {"Petites villes de demain 6 projets", "Apprendre et travailler 10 projets"} <= said(
        page
    )
    page.locator(".st-key-f-region input").fill("bre")
    expect(page.get_by_role("option")).to_have_text(["Bretagne", "Bourgogne-Franche-Comté"])
    assert "Bretagne 2 projets" in said(page)  # an open list hides the rest
    page.keyboard.press("Escape")
    ready(page, f"{app}/?region=76", go=walked_to_map, held="76")
    sidebar = page.get_by_test_id("stSidebar")
    arrow = sidebar.locator(".st-key-f-region [aria-haspopup=listbox]")
    for target in (arrow, sidebar.locator(".st-key-f-theme label").first):
        before, foreseen = target.evaluate(_CLICK)
        assert foreseen == before
    page.keyboard.press("Escape")
    assert page.evaluate("Boolean(document.villeActiveTold)")
    menu_page(page, "Méthode", "Données et méthode")
    expect(page.locator("h1").first).to_contain_text("Données")
    page.wait_for_function("() => !document.villeActiveTold")


def test_without_its_sites_the_map_waits_for_the_server(browser_page, app):
    browser_page.route("**/sites.json", lambda route: route.fulfill(status=503))
    opened(browser_page, app)
    settled(browser_page)
    with answered(browser_page):
        before, foreseen = pill(browser_page, *PVD).evaluate(_CLICK)
    assert foreseen == before
    expect(
        browser_page.frame_locator(".st-key-carte iframe").locator(".va-site")
    ).not_to_have_count(len(before["symbols"]))
