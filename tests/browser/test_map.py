"""The map in Chromium: what is seen is counted in pixels, nothing leaves the machine."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Frame, Page, Route, expect

from tests.browser.conftest import (
    answered,
    count_map_pixels,
    count_pixels,
    drawn,
    map_picture,
    painted,
    settled,
    told,
    walked_to_map,
    zoomed,
)
from tests.shipped import sign as theme_sign
from villeactive.maps import symbols

pytestmark = pytest.mark.browser
THEME_1 = theme_sign("apprendre-travailler").colour
THEME_2 = theme_sign("filieres-productions").colour


def tick(page: Page, label: str) -> None:
    page.get_by_text(label, exact=True).click()


def view(frame: Frame) -> list[float]:
    return [float(v) for v in frame.evaluate("VilleActive.view()").split(",")]


def symbol(frame: Frame, project: str):
    return frame.locator(f"[data-id={project}]").first


def names_for_assistive_tools(browser_page: Page, frame: Frame) -> None:
    """See that the map and its controls are named in French, and large enough."""
    region = frame.get_by_role("region", name="Carte de France des projets")
    expect(region).to_be_visible()
    iframe = browser_page.locator(".st-key-carte iframe")
    expect(iframe).to_have_attribute("title", "Carte de France des projets")
    assert frame.evaluate("document.documentElement.lang") == "fr"
    assert frame.locator("[title='Zoom in'], [title='Zoom out'], [aria-label=Marker]").count() == 0
    small = frame.evaluate(
        """[...document.querySelectorAll('.va-site, button, summary, .leaflet-bar a')]
             .map((e) => e.getBoundingClientRect())
             .filter((r) => r.width && (r.width < 24 || r.height < 24)).length"""
    )
    assert small == 0


def test_symbols_land_legend_and_names_are_seen_and_a_hostile_title_is_words(browser_page, demo):
    frame = drawn(browser_page, demo)
    expect(frame.locator(".va-site")).to_have_count(25)
    picture = map_picture(browser_page)
    assert count_pixels(picture, THEME_1) > 1500
    assert count_pixels(picture, THEME_2) > 1500
    # the land fills the frame: more than a tenth of 1 280 × 640
    assert count_pixels(picture, symbols.palette().land) > 80_000
    assert count_pixels(picture, symbols.palette().region) > 300
    rows = frame.locator(".va-legend li")
    expect(rows).to_have_text(
        [
            "Apprendre et travailler10",
            "Filières et productions10",
            "Projet détaillé6",
            "Outil partenarial2",
            "Autre projet innovant12",
        ]
    )
    names_for_assistive_tools(browser_page, frame)
    browser_page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    tick(browser_page, "Injection")
    name = "{{ cycler.__init__.__globals__.os.getcwd() }} {# <img src=x onerror=alert(1)> {%"
    hostile = symbol(frame, "usinerie")
    expect(hostile).to_have_attribute("aria-label", f"{name}, Chalon-sur-Saône, "
        "Apprendre et travailler · Projet détaillé")  # fmt: skip
    hostile.hover()
    expect(frame.locator(".va-card span").first).to_have_text(name)
    assert frame.locator(".va-card img").count() == 0
    assert frame.locator(".va-site").count() == 25


@pytest.mark.parametrize("width", [1440, 800, 390])
def test_no_symbol_is_hidden_by_another_or_by_a_control(new_page, demo, width):
    frame = drawn(new_page(width=width, height=900), demo)
    hidden = frame.evaluate(
        """() => [...document.querySelectorAll('.va-site')].filter((site) => {
          const { left, top, width, height } = site.getBoundingClientRect();
          for (let x = 2; x < width; x += 2) for (let y = 2; y < height; y += 2) {
            const hit = document.elementFromPoint(left + x, top + y);
            if (hit && site.contains(hit)) return false;
          }
          return true;
        }).map((site) => site.dataset.id)"""
    )
    assert hidden == []


def test_the_map_is_silent_until_a_symbol_is_clicked(browser_page, demo):
    sent: list[object] = []
    browser_page.on(
        "websocket", lambda socket: socket.on("framesent", lambda message: sent.append(message))
    )
    frame = drawn(browser_page, demo)
    settled(browser_page)
    told(frame)
    zoomed(frame)
    told(frame)
    with answered(browser_page):
        symbol(frame, "lainamac").click()
    expect(browser_page.get_by_text("Ouvert : lainamac · 1 clics")).to_be_visible()
    # what was told before the click would have been sent before it
    assert len(sent) == 2, "the page asks to be run once, the click once; pan and zoom say nothing"


def test_clicks_open_again_the_keyboard_keeps_its_place_overseas_is_one_gesture_away(
    browser_page, demo
):
    frame = drawn(browser_page, demo)
    settled(browser_page)
    with answered(browser_page):
        symbol(frame, "lainamac").click()
    expect(browser_page.get_by_text("Ouvert : lainamac · 1 clics")).to_be_visible()
    expect(frame.locator(".va-selected")).to_have_attribute("data-id", "lainamac")
    symbol(frame, "lainamac").click()
    expect(browser_page.get_by_text("Ouvert : lainamac · 2 clics")).to_be_visible()
    symbol(frame, "sens").click()
    expect(browser_page.get_by_text("Ouvert : sens · 3 clics")).to_be_visible()
    laval = symbol(frame, "laval")
    expect(laval).to_have_attribute(
        "aria-label", "Fiche de Laval, Laval, Apprendre et travailler · Autre projet innovant"
    )
    laval.focus()
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_text("Ouvert : laval · 4 clics")).to_be_visible()
    expect(frame.locator(".va-selected")).to_be_focused()
    home = view(frame)
    for name, lat, lon in (
        ("Guadeloupe", 16.2, -61.4),
        ("Martinique", 14.6, -61.0),
        ("Guyane", 4.0, -53.1),
        ("La Réunion", -21.1, 55.5),
        ("Mayotte", -12.8, 45.2),
    ):
        frame.get_by_role("button", name=name).click()
        assert view(frame)[:2] == pytest.approx([lat, lon], abs=0.5)  # beside the insets
        painted(frame)
        assert count_map_pixels(browser_page, symbols.palette().land) > 20_000, name
        frame.get_by_role("button", name="Métropole").click()
        assert view(frame) == pytest.approx(home, abs=0.05)
    # a target given by the page moves it once
    tick(browser_page, "Aller à Pointe-à-Pitre")
    frame.wait_for_function("() => VilleActive.view() === '16.24,-61.53,10'")
    frame.get_by_role("button", name="Métropole").click()
    home = view(frame)
    tick(browser_page, "Sud seulement")
    expect(frame.locator(".va-site")).to_have_count(13)
    assert view(frame) == home


def held(frame: Frame, codes: str) -> None:
    """Wait until the map outlines territories, or none."""
    frame.wait_for_selector(f"#map_div[data-territory='{codes}']")


def framed(frame: Frame, box: list[list[float]]) -> bool:
    """Tell whether a box is whole on the map, and as near as the frame allows."""
    return frame.evaluate(
        """(box) => {
          const { map } = VilleActive;
          const [west, east] = [box[0], box[1]].map((at) => map.latLngToContainerPoint(at).x);
          const [south, north] = [box[0], box[1]].map((at) => map.latLngToContainerPoint(at).y);
          const size = map.getSize();
          const shown = west >= 0 && east <= size.x && north >= 0 && south <= size.y;
          return shown && ((east - west) / size.x > 0.5 || (south - north) / size.y > 0.5);
        }""",
        box,
    )


def moved(frame: Frame) -> list[float]:
    """Zoom with the button; give the view once it is there."""
    zoomed(frame)
    return view(frame)


BRETAGNE = [[47.287, -5.134], [48.867, -1.017]]
FINISTERE = [[47.70, -5.14], [48.75, -3.39]]
REUNION = [[-21.39, 55.22], [-20.87, 55.84]]
BREST = [[48.325, -4.645], [48.47, -4.319]]
CORSE_AND_PACA = [[41.37, 4.23], [45.13, 9.56]]


TERRITORIES = {
    1440: (
        ("region=53", "53", BRETAGNE),
        ("region=53&departement=29", "29", FINISTERE),
        ("region=93,94", "93,94", CORSE_AND_PACA),
    ),
    390: (("region=04", "04", REUNION), ("epci=242900314", "242900314", BREST)),
}
"""Addresses, one after the other, by width: their territories, the box of these."""


@pytest.mark.parametrize("width", TERRITORIES)
def test_a_territory_fills_the_frame_and_the_rest_fades(new_page, demo, width):
    page = new_page(width=width, height=900)
    for rank, (query, codes, box) in enumerate(TERRITORIES[width]):
        if rank:
            frame = walked_to_map(page, f"{demo}/?{query}", held=codes)
        else:
            frame = drawn(page, f"{demo}/?{query}")
            held(frame, codes)
        assert framed(frame, box), query
        painted(frame)
        alone = map_picture(page)
        frame.evaluate("() => { VilleActive.veil({}); }")
        held(frame, "")
        painted(frame)
        lifted = map_picture(page)
        ink, bare = (
            count_pixels(picture, symbols.palette().ink, tolerance=40)
            for picture in (alone, lifted)
        )
        land, whole = (count_pixels(picture, symbols.palette().land) for picture in (alone, lifted))
        assert land > 15_000, query
        # the line round it, of more than a side of the frame
        assert ink - bare > width / 2, query
        if box not in (REUNION, BREST):  # beside which there is the sea, or land drawn from afar
            assert whole > 1.2 * land, query


def painted_at(page: Page, frame: Frame, at: list[float], colour: str) -> int:
    """Count the pixels of a colour round a place of the map, once it is painted."""
    x, y = frame.evaluate(
        """(at) => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() => {
          const point = VilleActive.map.latLngToContainerPoint(at);
          tell([point.x, point.y]);
        })))""",
        at,
    )
    picture = page.locator(".st-key-carte iframe").screenshot()
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    return count_pixels(whole.crop((x - 8, y - 8, x + 8, y + 8)), colour, tolerance=30)


def test_the_towns_of_a_territory_stand_out_to_its_edge(browser_page, demo):
    purple = symbols.programme_marks()["ACV"].colour
    frame = drawn(browser_page, f"{demo}/?region=03")
    held(frame, "03")
    tick(browser_page, "ACV")
    frame.wait_for_selector("#map_div[data-towns='245']")
    assert painted_at(browser_page, frame, SAINT_LAURENT, purple) > 20
    frame = walked_to_map(browser_page, f"{demo}/?region=53", held="53")
    frame.wait_for_selector("#map_div[data-towns='245']")
    assert painted_at(browser_page, frame, SAINT_LO, purple) <= 20


SAINT_LAURENT = [5.498, -54.032]  # of the Maroni, which is the border
SAINT_LO = [49.1157, -1.0906]  # of Normandie, beside Bretagne


def test_a_view_in_the_address_comes_before_the_territory_several_zones_show_the_metropole(
    browser_page, demo
):
    frame = drawn(browser_page, f"{demo}/?region=53&view=46.1,2.2,8.5")
    held(frame, "53")
    assert view(frame) == [46.1, 2.2, 8.5]
    tick(browser_page, "Sud seulement")
    expect(frame.locator(".va-site")).to_have_count(13)
    assert view(frame) == [46.1, 2.2, 8.5]
    frame = walked_to_map(browser_page, f"{demo}/?region=04,53", held="04,53")
    shown = view(frame)
    home = view(walked_to_map(browser_page, demo))
    assert shown == pytest.approx(home, abs=0.05)


def test_layers_are_seen_and_go_pan_and_zoom_survive_all_but_a_change_of_territory(
    browser_page, demo
):
    frame = drawn(browser_page, demo)
    marks = symbols.programme_marks()
    assert count_map_pixels(browser_page, marks["ACV"].colour) < 20
    tick(browser_page, "ACV")
    frame.wait_for_selector("#map_div[data-towns='245']")
    expect(frame.locator(".va-legend li[data-code=ACV] .va-count")).to_have_text(
        "245\u00a0communes"
    )
    assert count_map_pixels(browser_page, marks["ACV"].colour, tolerance=40) > 500
    tick(browser_page, "PVD")
    # 1 646 small towns and 245 larger ones; none carries both
    frame.wait_for_selector("#map_div[data-towns='1891']")
    assert count_map_pixels(browser_page, marks["PVD"].colour, tolerance=40) > 1500
    tick(browser_page, "TI")
    frame.wait_for_selector("#map_div[data-areas='TI']")
    painted(frame)
    assert count_map_pixels(browser_page, marks["TI"].colour, tolerance=60) > 1000
    for label in ("ACV", "PVD", "TI"):
        tick(browser_page, label)
    frame.wait_for_selector("#map_div[data-towns=''][data-areas='']")
    painted(frame)
    assert count_map_pixels(browser_page, marks["PVD"].colour, tolerance=6) < 20
    home = view(frame)
    before = moved(frame)
    tick(browser_page, "Sud seulement")
    expect(frame.locator(".va-site")).to_have_count(13)
    expect(frame.locator(".va-faded")).to_have_count(3)  # Saverne, Lamballe and Dieppe
    tick(browser_page, "ACV")
    frame.wait_for_selector("#map_div[data-towns='245']")
    symbol(frame, "lainamac").click()
    expect(browser_page.get_by_text("Ouvert : lainamac")).to_be_visible()
    expect(frame.locator(".va-selected")).to_have_attribute("data-id", "lainamac")
    assert view(frame) == before
    tick(browser_page, "Bretagne")
    held(frame, "53")
    assert framed(frame, BRETAGNE)
    before = moved(frame)
    tick(browser_page, "ACV")
    frame.wait_for_selector("#map_div[data-towns='']")
    assert view(frame) == before
    tick(browser_page, "Bretagne")
    held(frame, "")
    assert view(frame) == pytest.approx(home, abs=0.05)


def test_shared_address_restores_pan_and_zoom(new_page, demo):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    frame = drawn(page, f"{demo}/?theme=filieres-productions")
    zoomed(frame)
    shared = frame.evaluate("VilleActive.view()")
    page.get_by_role("button", name="Partager").click()
    expect(page.get_by_role("status")).to_have_text("Lien copié")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{demo}/?theme=filieres-productions&view={shared}"
    assert page.get_by_label("Adresse à partager").input_value() == link
    other = new_page(width=1100, height=800)
    frame = drawn(other, link)
    assert frame.evaluate("VilleActive.view()") == shared
    expect(frame.locator(".va-site")).to_have_count(13)


def test_phone_width(new_page, demo):
    page = new_page(width=390, height=844)
    frame = drawn(page, demo)
    box = page.locator(".st-key-carte iframe").bounding_box()
    legend = frame.locator(".va-legend")
    shown = legend.bounding_box()
    assert shown["height"] > 60
    assert box["height"] - shown["height"] > 0.5 * 844, "the map keeps its room above the legend"
    assert shown["y"] + shown["height"] == pytest.approx(box["y"] + box["height"], abs=2)
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    picture = map_picture(page)
    assert count_pixels(picture, THEME_1) > 800
    assert count_pixels(picture, THEME_2) > 800
    expect(frame.locator(".va-legend li").first).to_be_visible()
    frame.locator(".va-territories summary").click()
    frame.get_by_role("button", name="La Réunion").click()
    expect(frame.get_by_role("button", name="La Réunion")).to_be_hidden()
    assert view(frame)[0] == pytest.approx(-21.1, abs=0.3)


def test_dark_map(browser_page, demo):
    drawn(browser_page, f"{demo}/?fond=sombre")
    picture = map_picture(browser_page)
    assert count_pixels(picture, symbols.palette(dark=True).land) > 80_000
    theme = theme_sign("apprendre-travailler", dark=True)
    assert count_pixels(picture, theme.colour) > 1500


def test_compact_map_has_symbols_and_no_control(browser_page, demo):
    frame = drawn(browser_page, f"{demo}/?compact")
    assert frame.locator(".leaflet-control").count() == 0
    assert count_map_pixels(browser_page, THEME_1) > 1500


def test_a_map_removed_before_its_next_frame_draws_no_more(browser_page, demo):
    frame = drawn(browser_page, demo)
    told(frame)  # streamlit-folium asks the map where it is, a while after it moved
    asked_for = frame.evaluate(
        """() => {
            const { map, renderer } = VilleActive;
            L.circleMarker(map.getCenter(), { renderer: renderer(map, "villes") }).addTo(map);
            const asked = Boolean(renderer(map, "villes")._redrawRequest);
            map.fire("viewprereset").fire("viewreset"); // it draws at once
            map.remove();
            return asked;
        }"""
    )
    assert asked_for
    painted(frame)  # an error in this frame fails the test


def test_what_comes_after_the_map_is_removed_is_left_alone(browser_page, demo):
    waiting: list[Route] = []
    browser_page.route("**/divisions.json", lambda route: waiting.append(route))
    with browser_page.expect_request("**/divisions.json"):
        frame = drawn(browser_page, demo)
    told(frame)
    with browser_page.expect_response("**/divisions.json"):
        frame.evaluate("VilleActive.map.remove()")
        for one in waiting:
            one.continue_()
    painted(frame)  # an error in this frame fails the test
