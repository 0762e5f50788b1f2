"""The page for every body: fingers, little motion, the keyboard, chosen colours."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    answered,
    at,
    drawn,
    main_link,
    map_frame,
    query,
    settled,
    violations,
)

pytestmark = pytest.mark.browser
HINT = "Deux doigts déplacent la carte, un seul fait défiler la page."


def stroke(page: Page, fingers: list[tuple[int, int]], *, by: int) -> None:
    """Draw fingers up by some pixels, as a hand does: step by step."""
    session = page.context.new_cdp_session(page)

    def tell(kind: str, points: list[dict[str, int]]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def points(done: int) -> list[dict[str, int]]:
        return [{"x": x, "y": y - done, "id": i} for i, (x, y) in enumerate(fingers)]

    tell("touchStart", points(0))
    for done in range(0, by + 1, 10):
        tell("touchMove", points(done))
    tell("touchEnd", [])


def test_one_finger_scrolls_the_page_two_move_the_map_and_it_is_said_once(new_page, app):
    phone = new_page(width=390, height=844)
    phone.goto(app)
    frame = map_frame(phone)
    main = phone.get_by_test_id("stMain")
    scrolled = "([e, least]) => e.scrollTop > least"
    before = frame.evaluate("VilleActive.view()")
    stroke(phone, [(200, 700)], by=160)
    expect(frame.get_by_text(HINT)).to_be_visible()
    phone.wait_for_function(scrolled, arg=[main.element_handle(), 60])
    assert frame.evaluate("VilleActive.view()") == before
    there = main.evaluate("(e) => e.scrollTop")
    stroke(phone, [(200, 400)], by=120)
    phone.wait_for_function(scrolled, arg=[main.element_handle(), there + 40])
    assert frame.get_by_text(HINT).count() <= 1
    stroke(phone, [(150, 300), (250, 300)], by=100)
    frame.wait_for_function("(before) => VilleActive.view() !== before", arg=before)
    lat, _, zoom = map(float, frame.evaluate("VilleActive.view()").split(","))
    assert lat < float(before.split(",")[0])
    assert zoom == pytest.approx(float(before.split(",")[2]), abs=0.3)


def test_the_map_moves_as_much_as_the_reader_wants(browser_page, demo):
    frame = drawn(browser_page, demo)
    for motion in ("reduce", "no-preference"):
        browser_page.emulate_media(reduced_motion=motion)  # while the map is open
        jumps, slides, turns = frame.evaluate(
            """() => {
                const { map } = VilleActive;
                const before = map.getZoom();
                document.querySelector(".leaflet-control-zoom-in").click();
                const jumps = map.getZoom() > before;
                map.setZoom(before, { animate: false }).panBy([90, 0]);
                const slides = map.getPane("mapPane").classList.contains("leaflet-pan-anim");
                const sign = getComputedStyle(document.querySelector(".va-site svg"));
                return [jumps, slides, sign.transitionProperty !== "none"];
            }"""
        )
        moves = motion == "no-preference"
        assert (jumps, slides, turns) == (not moves, moves, moves), motion


def test_tab_makes_few_stops_in_the_map_and_arrows_go_on(browser_page, demo):
    frame = drawn(browser_page, demo)
    frame.wait_for_selector("#map_div[data-stops=one]")
    stops = frame.locator("#map_div :is(a[href], button, summary, [tabindex='0']):visible")
    stops = [e for e in stops.all() if e.evaluate("(e) => e.tabIndex === 0")]
    names = [e.get_attribute("aria-label") or e.inner_text() for e in stops]
    assert len(names) <= 7, names
    lens, sens = frame.locator("[data-id=lens]"), frame.locator("[data-id=sens]")
    lens.focus()
    expect(lens).to_have_attribute("tabindex", "0")
    for _ in range(6):
        if sens.evaluate("(e) => e === document.activeElement"):
            break
        browser_page.keyboard.press("ArrowDown")
    expect(sens).to_be_focused()
    assert frame.locator(".va-site[tabindex='0']").count() == 1
    frame.get_by_role("button", name="Revenir à la métropole").focus()
    browser_page.keyboard.press("ArrowDown")
    expect(frame.get_by_role("button", name="Aller en Guadeloupe")).to_be_focused()


SEEN = """(e) => {
    const page = getComputedStyle(document.body).backgroundColor;
    return !["rgba(0, 0, 0, 0)", page].includes(getComputedStyle(e).backgroundColor);
}"""


def test_chosen_colours_keep_sliders_and_bars_and_focus_is_seen(browser_page, app):
    page = at(browser_page, f"{app}/ma_ville?commune=62498")
    page.emulate_media(forced_colors="active")
    for thing in ("[data-testid=stSlider] [data-rac]:has(> div > input)", ".mv-track > span"):
        assert page.locator(thing).first.evaluate(SEEN), thing
    page.emulate_media(forced_colors="none")
    head = page.get_by_test_id("stTopNavSection").first
    head.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    item = page.get_by_test_id("stTopNavDropdownLink").and_(page.locator(":focus-visible"))
    expect(item).to_have_css("outline-style", "solid")
    page.keyboard.press("Escape")


def test_names_say_what_each_thing_does(new_page, app):
    page = new_page(width=390)
    map_frame(at(page, f"{app}/?region=53&programme=PVD"))
    menu = page.get_by_role("button", name="Menu et filtres (2)")
    expect(menu).to_be_visible()
    chips = page.locator(".st-key-puces")
    expect(chips.get_by_role("button", name="Bretagne, retirer le filtre")).to_be_visible()
    menu.click()
    for end, value in (("moins", "0"), ("plus", "sans limite")):
        name = f"Taille de la ville (habitants), au {end}"
        thumb = page.get_by_role("slider", name=name, exact=True)
        expect(thumb).to_have_attribute("aria-valuetext", value)
    assert violations(page) == [], "filtres ouverts"
    icons = page.get_by_test_id("stIconMaterial")
    assert icons.count() == icons.and_(page.locator("[aria-hidden=true]")).count()
    at(page, f"{app}/ma_selection?shortlist=lainamac,62498")
    assert violations(page) == []
    expect(page.get_by_label("Ville active\u00a0: la carte", exact=True).first).to_be_attached()
    expect(page.get_by_label("Navigate to home page")).to_have_count(0)
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_visible()
    rows = page.locator(".st-key-gathered-list")
    with answered(page):
        rows.get_by_role("button", name="Descendre\u00a0: Lainamac").click()
    assert query(page)["shortlist"] == "62498,lainamac"
    with answered(page):
        rows.get_by_role("button", name="Monter\u00a0: Lainamac").click()
    assert query(page)["shortlist"] == "lainamac,62498"


def test_what_is_folded_takes_no_focus_and_the_keyboard_goes_on_from_the_other_button(
    new_page, app
):
    phone = at(new_page(width=390, height=844), f"{app}/?region=53")
    map_frame(phone)
    sidebar = phone.get_by_test_id("stSidebar")
    expect(sidebar).to_be_hidden()
    for _ in range(4):  # the skip link, then what is seen
        phone.keyboard.press("Tab")
        assert phone.evaluate("document.activeElement.checkVisibility({visibilityProperty: true})")
    unfold = phone.get_by_test_id("stExpandSidebarButton")
    unfold.focus()
    phone.keyboard.press("Enter")
    fold = phone.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
    expect(fold).to_be_focused()
    phone.keyboard.press("Tab")
    assert phone.evaluate("!!document.activeElement.closest('[data-testid=stSidebar]')")
    phone.keyboard.press("Shift+Tab")
    phone.keyboard.press("Enter")
    expect(unfold).to_be_focused()
    expect(sidebar).to_be_hidden()


def test_another_page_begins_at_its_beginning(new_page, app):
    page = at(new_page(), f"{app}/projet?projet=lainamac")
    link = main_link(page, "Voir sur la carte")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/projet" not in url)
    settled(page)
    map_frame(page)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("stSkipToContent")).to_be_focused()
