"""The five live maps of the overseas territories, beside the main one."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Frame, Locator, expect

from tests.browser.conftest import count_pixels, opened, settled
from tests.shipped import sign as theme_sign
from villeactive.maps import symbols

pytestmark = pytest.mark.browser
WITHOUT_A_VIEW = """() => ["first", "last"].map((outlines) => {
    const map = L.map(document.createElement("div"));
    const bounds = L.latLngBounds([15.8, -61.9], [16.6, -61]);
    VilleActive.panes(map);
    const shown = [];
    VilleActive.map.eachLayer((layer) => layer.inset && shown.push(layer));
    shown.sort((one, other) => Boolean(other.eachLayer) - Boolean(one.eachLayer));
    if (outlines === "last") shown.reverse();
    for (const layer of shown) layer.inset(map, bounds)?.addTo(map);
    map.setView([16.2, -61.4], 8);
    return map.getPane("limites").querySelectorAll("path").length;
})"""
"""Gives to a map without a view what the main one shows, the outlines asked for first or last."""
PLACES = {
    "Guadeloupe": (16.2, -61.4),
    "Martinique": (14.6, -61.0),
    "Guyane": (4.0, -53.1),
    "La Réunion": (-21.1, 55.5),
    "Mayotte": (-12.8, 45.2),
}
WITH_SYMBOL = {"Guadeloupe": "apprendre-travailler", "La Réunion": "filieres-productions"}


def inset(frame: Frame, name: str) -> Locator:
    return frame.locator(".va-inset").filter(has_text=name)


def pixels(shown: Locator) -> Image.Image:
    return Image.open(io.BytesIO(shown.screenshot())).convert("RGB")


def centre(frame: Frame) -> list[float]:
    return [float(v) for v in frame.evaluate("VilleActive.view()").split(",")[:2]]


def test_each_shows_its_towns_and_symbols_a_click_goes_there_and_metropole_comes_back(
    browser_page, demo
):
    frame = opened(browser_page, f"{demo}/?outre-mer")
    browser_page.get_by_text("ACV", exact=True).click()
    frame.wait_for_selector("#map_div[data-towns='245']")
    expect(frame.locator(".va-inset-sign")).to_have_count(2)
    acv = symbols.programme_marks()["ACV"].colour
    for name in PLACES:
        seen = pixels(inset(frame, name))
        assert count_pixels(seen, symbols.palette().land) > 400, name
        assert count_pixels(seen, acv, tolerance=40) > 5, name
        for place, code in WITH_SYMBOL.items():
            colour = theme_sign(code).colour
            assert (count_pixels(seen, colour) > 20) == (name == place), name
    home = centre(frame)
    back = frame.get_by_role("button", name="Revenir à la métropole")
    expect(back).to_have_attribute("aria-current", "true")
    frame.get_by_role("button", name="Aller en Guyane").click()
    assert centre(frame) == pytest.approx(PLACES["Guyane"], abs=0.5)
    expect(inset(frame, "Guyane")).to_have_attribute("aria-current", "true")
    expect(frame.locator(".va-insets [aria-current]")).to_have_count(1)
    frame.get_by_role("button", name="Aller à La Réunion").press("Enter")
    assert centre(frame) == pytest.approx(PLACES["La Réunion"], abs=0.3)
    expect(frame.locator("[data-id=saint-pierre]")).to_be_in_viewport()
    back.press("Enter")
    assert centre(frame) == pytest.approx(home, abs=0.05)
    # a symbol of an inset is a picture: no click counts as one on a project
    expect(browser_page.get_by_text("Ouvert : rien · 0 clics")).to_be_visible()


def test_they_follow_what_the_main_map_shows(browser_page, demo):
    frame = opened(browser_page, f"{demo}/?outre-mer&theme=apprendre-travailler")
    expect(inset(frame, "Guadeloupe").locator(".va-inset-sign")).to_have_count(1)
    expect(frame.locator(".va-inset-sign")).to_have_count(1)
    frame = opened(browser_page, f"{demo}/?outre-mer&theme=filieres-productions")
    expect(inset(frame, "La Réunion").locator(".va-inset-sign")).to_have_count(1)
    browser_page.get_by_text("mentions", exact=True).click()
    expect(inset(frame, "Mayotte").locator(".va-inset-sign")).to_have_count(1)
    browser_page.get_by_text("projects", exact=True).click()
    expect(frame.locator(".va-inset-sign")).to_have_count(1)
    browser_page.get_by_text("mentions", exact=True).click()
    expect(frame.locator(".va-inset-sign")).to_have_count(0)
    frame.evaluate("() => { VilleActive.borders(['departements']); }")
    frame.wait_for_selector("#map_div[data-borders=departements][data-lines=drawn]")
    # départements and régions, those of the ground and those asked for
    assert frame.evaluate(WITHOUT_A_VIEW) == [4, 4]


def test_they_fold_to_buttons_on_a_phone(new_page, demo):
    page = new_page(width=390, height=844)
    frame = opened(page, demo)
    expect(frame.locator(".va-insets")).to_be_hidden()
    buttons = frame.locator(".va-territories button")
    expect(buttons.first).to_be_hidden()
    frame.locator(".va-territories summary").click()
    expect(buttons).to_have_text(["Métropole", *PLACES])
    frame.get_by_role("button", name="Mayotte").click()
    expect(buttons.first).to_be_hidden()
    assert centre(frame) == pytest.approx(PLACES["Mayotte"], abs=0.3)
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(frame.locator(".va-inset")).to_have_count(5)
    expect(inset(frame, "Mayotte")).to_be_visible()
    expect(frame.locator(".va-territories")).to_be_hidden()


def test_the_card_of_a_symbol_stands_clear_of_the_controls(app, new_page):
    page = new_page(width=1440)
    frame = opened(page, app)
    frame.get_by_title("Zoomer", exact=True).click()
    settled(page)
    frame.locator("[data-id=cholet-ifto]").hover()
    card = frame.locator(".va-card")
    card.wait_for()
    controls = frame.locator(".leaflet-top.leaflet-left").first.bounding_box()
    assert card.bounding_box()["x"] >= controls["x"] + controls["width"]


def test_the_card_of_a_symbol_stays_inside_a_narrow_map(app, new_page):
    page = new_page(width=390)
    frame = opened(page, app)
    whole = frame.locator("#map_div").bounding_box()
    for name in (
        "cholet-ifto",
        "strasbourg-industrie-magnifique",
        "plouhinec-ateliers-jean-moulin",
    ):
        frame.locator(f"[data-id={name}]").hover()
        expect(frame.locator(".va-card")).to_have_count(1)
        card = frame.locator(".va-card").bounding_box()
        assert whole["x"] <= card["x"]
        assert card["x"] + card["width"] <= whole["x"] + whole["width"]
        page.mouse.move(200, 5)
