"""« Ma ville » in Chromium: from the home page to the brief, wide and on a phone."""

import io
import subprocess
import zipfile

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import (
    WIDTHS,
    answered,
    at,
    count_pixels,
    darkened,
    fits,
    found,
    menu_page,
    no_sideways_scroll,
    query,
    screenshot,
    settled,
    still,
    title,
)
from tests.shipped import sign as theme_sign

pytestmark = pytest.mark.browser


def towns(page: Page):
    return page.locator(".st-key-mv-villes").get_by_role("link")


def choose(page: Page, name: str, *, steps: int) -> None:
    """Move a slider with the keyboard, each step answered."""
    slider = page.locator(f".st-key-mv-{name}").get_by_role("slider")
    for _ in range(steps):
        with answered(page):
            slider.press("ArrowRight")


def file_button(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-mv-note-{name}").get_by_role("button")


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        file_button(page, name).click()
    return waiting.value.path().read_bytes()


def go_to_the_page(page: Page, width: int) -> None:
    """Open the page from the menu of the home page."""
    if width < 700:
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_role("link", name="Ma ville", exact=True).click()
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    else:
        menu_page(page, "Villes", "Ma ville")
    expect(title(page)).to_have_text("Quelle est votre ville\u00a0?")
    settled(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_home_page_to_the_brief(new_page, app, width):
    page = at(new_page(width=width, height=844), app)
    go_to_the_page(page, width)
    page.locator(".st-key-trouver-chercher-ma-ville input").fill("saint denis")
    found(page, "saint denis")
    answers = page.locator(".st-key-trouves-chercher-ma-ville")
    with answered(page):
        answers.get_by_role("button", name="Saint-Denis — La Réunion (974)").click()
    expect(title(page)).to_have_text("Saint-Denis")
    page.wait_for_url("**/ma_ville?commune=97411")
    expect(towns(page)).to_have_count(10)
    no_sideways_scroll(page)
    if width > 700:  # the file is the same
        return
    made = download(page, "pdf")
    assert made.startswith(b"%PDF")
    told = subprocess.run(["pdfinfo", "-"], input=made, check=True, capture_output=True).stdout
    assert b"Pages:           2" in told


def coloured(page: Page, drawing: Locator, *, dark: bool) -> None:
    """Check that projects are seen on the map, in the colour of their theme."""
    drawing.scroll_into_view_if_needed()
    clip = {key: round(value) for key, value in drawing.bounding_box().items()}
    colour = theme_sign("filieres-productions", dark=dark).colour
    assert count_pixels(screenshot(page, clip=clip), colour, tolerance=24) > 40


def test_a_slider_changes_list_coloured_map_and_address_and_back_undoes_it(browser_page, app):
    page = at(browser_page, f"{app}/ma_ville?commune=62498")
    expect(towns(page).nth(1)).to_have_text("2. Valenciennes (59)")
    drawing = page.get_by_role("img", name="Carte de la commune")
    coloured(page, drawing, dark=False)
    before = drawing.get_attribute("src")
    choose(page, "size", steps=2)
    expect(towns(page).nth(1)).to_have_text("2. Creil (60)")
    assert query(page)["weights"] == "size=3"
    assert drawing.get_attribute("src") != before
    fits(page)
    for weights in ("size=2", None):
        with answered(page):
            page.go_back()
        assert query(page).get("weights") == weights
    expect(towns(page).nth(1)).to_have_text("2. Valenciennes (59)")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    darkened(page)
    still(page)
    coloured(page, drawing, dark=True)


def test_towns_are_compared_and_projects_opened(browser_page, app):
    page = at(browser_page, f"{app}/ma_ville?commune=62498&compare=62510,59392")
    scales = page.locator(".mv-scales section")
    expect(scales).to_have_count(4)
    expect(scales.first.locator("li")).to_have_count(3)
    expect(scales.first).to_contain_text("Maubeuge (59)")
    expect(scales.first).to_contain_text("moins peuplée")
    fits(page)
    page.locator(".st-key-mv-projets").get_by_role("link").first.click()
    page.wait_for_url("**/projet?projet=*")


def slides_in(data: bytes) -> int:
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    return sum(name.startswith("ppt/slides/slide") for name in names)


def test_slides_are_made_when_asked_and_seen_in_the_making(browser_page, app):
    page = at(browser_page, f"{app}/ma_ville?commune=29155")
    button = file_button(page, "projets")
    # noted by the page itself: the file may be there before one has looked
    page.locator(".st-key-mv-note").evaluate(
        """(box) => new MutationObserver(() => {
          const turning = box.querySelector("button:disabled [data-testid=stSpinnerIcon]");
          if (turning?.checkVisibility()) box.dataset.seen = "";
        }).observe(box, { subtree: true, childList: true, attributeFilter: ["disabled"] })"""
    )
    assert slides_in(download(page, "projets")) == 5
    expect(page.locator(".st-key-mv-note[data-seen]")).to_be_visible()
    expect(button).to_be_enabled()
    assert slides_in(download(page, "pptx")) == 2
