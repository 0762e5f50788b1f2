"""More sites than are sent one by one, in Chromium: circles, signs of a canvas, lists."""

import pytest
from playwright.sync_api import Frame, Page, expect

from benchmarks.points import KINDS
from tests.browser.conftest import count_pixels, map_frame, map_picture, settled, told, violations
from tests.shipped import sign as theme_sign
from villeactive.maps import symbols

pytestmark = pytest.mark.browser
DEMO = "tests/browser/points_demo.py"
HERE = "Lamballe-Armor, 4\u00a0projets"
RENNES, LAMBALLE = (48.11, -1.68), (48.4686, -2.5167)


def opened(page: Page, address: str, view: tuple[float, float, int] | None = None) -> Frame:
    """Open the page; wait for the points, which the map says it has drawn."""
    asked = f"&view={','.join(map(str, view))}" if view else ""
    page.goto(f"{address}?a{asked}" if "?" not in address else f"{address}{asked}")
    frame = map_frame(page)
    frame.wait_for_selector("#map_div[data-points][data-names]", state="attached")
    return frame


@pytest.fixture
def demo(server):
    return server(DEMO)


def at(frame: Frame, place: tuple[float, float]) -> tuple[float, float]:
    """Give where a place stands on the screen."""
    box = frame.frame_element().bounding_box()
    x, y = frame.evaluate(
        "(place) => { const { x, y } = VilleActive.map.latLngToContainerPoint(place);"
        " return [x, y]; }",
        list(place),
    )
    return box["x"] + x, box["y"] + y


def clicked(page: Page, frame: Frame, place: tuple[float, float]) -> None:
    page.mouse.click(*at(frame, place))


def alone(frame: Frame) -> dict:
    """Give a project that stands alone on its point, well within the frame."""
    return frame.evaluate(
        """() => { const { points, map } = VilleActive; const size = map.getSize();
        const one = points.drawn.find(({ unit, x, y }) => {
            const at = map.layerPointToContainerPoint([x, y]);
            const near = points.drawn.some((other) => other.unit !== unit
                && Math.hypot(other.x - x, other.y - y) < 40);
            return unit.count === 1 && !near && at.x > 220 && at.x < size.x - 80
                && at.y > 80 && at.y < size.y - 200;
        });
        return { place: points.latlng(one.unit.first), rank: one.unit.first }; }"""
    )


def test_circles_count_all_in_a_few_bytes_and_a_selection_of_few_has_symbols(browser_page, demo):
    frame = opened(browser_page, demo)
    circles = frame.locator(".va-circle")
    expect(circles.first).to_be_visible()
    numbers = circles.locator(".va-number").all_inner_texts()
    counted = sum(int("".join(filter(str.isdigit, one))) for one in numbers)
    # overseas is told in the insets
    afar = frame.locator(".va-inset-crowd, .va-inset-sign")
    expect(afar.first).to_be_attached()
    kinds = [frame.locator(f".va-legend li[data-code={code}] .va-count") for code in KINDS]
    projects = sum(int("".join(filter(str.isdigit, one.inner_text()))) for one in kinds)
    assert projects >= counted > 4_000
    assert frame.locator(".va-site").count() == 0
    sent = frame.evaluate("JSON.stringify(VilleActive.state).length")
    assert sent < 4_000  # of 5 000 sites
    settled(browser_page)
    browser_page.locator(".st-key-deux label").click()
    expect(frame.locator(".va-site[data-id]")).to_have_count(2)
    expect(frame.locator("#map_div[data-points='']")).to_be_attached()
    expect(frame.locator(".va-circle")).to_have_count(0)


def test_signs_are_seen_near_and_a_click_opens_the_project(browser_page, demo):
    frame = opened(browser_page, demo, (*LAMBALLE, 10))
    picture = map_picture(browser_page)
    for theme in ("apprendre-travailler", "filieres-productions"):
        assert count_pixels(picture, theme_sign(theme).colour) > 100
    one = alone(frame)
    browser_page.mouse.move(*at(frame, one["place"]))
    expect(frame.locator(".va-card")).to_contain_text("Point ")
    clicked(browser_page, frame, one["place"])
    expect(browser_page.get_by_text("· 1 clics")).to_be_visible()
    expect(browser_page.get_by_text("Ouvert : point-")).to_be_visible()
    expect(frame.locator(".va-site.va-selected")).to_have_count(1)


def test_some_on_one_point_are_spread_shut_and_a_project_counts_once(browser_page, demo):
    frame = opened(browser_page, demo, (*LAMBALLE, 11))
    browser_page.mouse.move(*at(frame, LAMBALLE))
    expect(frame.locator(".va-card")).to_have_text("Lamballe-Armor4 projets")
    clicked(browser_page, frame, LAMBALLE)
    expect(frame.locator(".va-site.va-spread")).to_have_count(4)
    frame.locator("#map_div").press("Escape")
    expect(frame.locator(".va-site:not(.va-cursor)")).to_have_count(0)  # nothing of it is left
    clicked(browser_page, frame, LAMBALLE)
    expect(frame.locator(".va-site.va-spread")).to_have_count(4)
    told(frame)
    expect(browser_page.get_by_text("Ouvert : rien · 0 clics")).to_be_visible()
    frame.locator(".va-spread[data-id=lamballe-2]").click()
    expect(browser_page.get_by_text("Ouvert : lamballe-2 · 1 clics")).to_be_visible()
    expect(frame.locator(".va-spread")).to_have_count(0)


def test_sixty_on_one_point_are_a_list_whose_words_are_words(browser_page, demo):
    frame = opened(browser_page, demo, (*RENNES, 11))
    clicked(browser_page, frame, RENNES)
    box = frame.get_by_role("dialog", name="Rennes : 60 projets")
    expect(box.get_by_role("button")).to_have_count(61)
    expect(box.get_by_role("button").nth(1)).to_be_focused()
    expect(box.get_by_role("button", name="École n° 7 {{7*7}} <b>")).to_be_visible()
    assert not violations(browser_page)
    browser_page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    clicked(browser_page, frame, RENNES)
    box.get_by_role("button", name="École n° 7 {{7*7}} <b>").click()
    expect(browser_page.get_by_text("Ouvert : rennes-7 · 1 clics")).to_be_visible()
    expect(box).to_have_count(0)


def test_the_keyboard_goes_from_one_to_the_next_and_opens(browser_page, demo):
    frame = opened(browser_page, demo, (*LAMBALLE, 11))
    stop = frame.locator(".va-cursor")
    expect(stop).to_have_attribute("aria-label", HERE)
    stop.focus()
    browser_page.keyboard.press("ArrowRight")
    expect(stop).to_be_focused()
    expect(stop).not_to_have_attribute("aria-label", HERE)
    browser_page.keyboard.press("ArrowLeft")
    expect(stop).to_have_attribute("aria-label", HERE)
    browser_page.keyboard.press("Enter")
    expect(frame.locator(".va-spread")).to_have_count(4)


@pytest.mark.parametrize("dark", [False, True])
def test_all_the_signs_of_the_country_when_no_circle_is_wanted(browser_page, demo, dark):
    frame = opened(browser_page, f"{demo}?group=none{'&fond=sombre' if dark else ''}")
    inside = frame.evaluate(
        "new Set(VilleActive.pointPlaces().map(String).filter((one) =>"
        " VilleActive.map.getBounds().contains(one.split(',').map(Number)))).size"
    )
    assert int(frame.locator("#map_div").get_attribute("data-points")) >= inside > 4_000
    palette = symbols.palette(dark=dark)
    picture = map_picture(browser_page)
    sea = count_pixels(picture, palette.sea)
    land = count_pixels(picture, palette.land)
    assert land < sea  # signs hide it
