"""Areas on request: EPCI, départements with their names, communes of one département."""

import re

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.conftest import (
    answered,
    count_map_pixels,
    count_pixels,
    map_picture,
    opened,
    painted,
    pill,
    walked_to_map,
)
from villeactive.maps import symbols

pytestmark = pytest.mark.browser


def coloured(frame: Frame, colour: str, *, least: int, tolerance: int = 40) -> None:
    """Check that what the map says it has drawn is seen."""
    painted(frame)
    assert count_map_pixels(frame.page, colour, tolerance=tolerance) > least


def drawn(frame: Frame, what: str, value: str) -> None:
    frame.locator(f"#map_div[data-{what}='{value}']").wait_for(state="attached")


def go(frame: Frame, lat: float, lon: float, zoom: float) -> None:
    frame.evaluate(
        "(v) => { VilleActive.map.setView([v[0], v[1]], v[2], { animate: false }); }",
        [lat, lon, zoom],
    )


def hover(frame: Frame, lat: float, lon: float) -> None:
    """Put the pointer on a place of the main map."""
    x, y = frame.evaluate(
        "(v) => { const p = VilleActive.map.latLngToContainerPoint(v); return [p.x, p.y]; }",
        [lat, lon],
    )
    frame.locator("#map_div").hover(position={"x": x - 8, "y": y})
    frame.locator("#map_div").hover(position={"x": x, "y": y})


def test_epci_are_seen_and_named_after_their_communes(browser_page, app):
    line = symbols.border_lines()["epci"].colour
    frame = opened(browser_page, f"{app}/?layers=projects&view=46.9,2.2,9")
    without = count_map_pixels(browser_page, line, tolerance=40)
    frame = walked_to_map(browser_page, f"{app}/?layers=projects,epci&view=46.9,2.2,9")
    drawn(frame, "borders", "epci")
    coloured(frame, line, least=without + 500)
    hover(frame, 47.084, 2.396)  # Bourges
    expect(frame.locator(".va-card")).to_have_text(re.compile("Bourges Plus"))
    # on the whole country, lines are thinner
    full = frame.evaluate("VilleActive.map.renderers.communes._drawFirst.layer.options.weight")
    frame.get_by_role("button", name="Revenir à la métropole").click()
    thin = frame.evaluate("VilleActive.map.renderers.communes._drawFirst.layer.options.weight")
    assert thin < full / 2
    layers = "projects,departements,epci,communes"
    frame = walked_to_map(browser_page, f"{app}/?layers={layers}")
    go(frame, 47.08, 2.4, 10.5)
    drawn(frame, "communes", "18")
    drawn(frame, "borders", "epci,departements")
    hover(frame, 47.084, 2.396)
    words = frame.locator(".va-card span")
    expect(words.first).to_have_text("Bourges")
    expect(words.last).to_have_text("Cher")
    expect(words.nth(-2)).to_have_text(re.compile("Bourges Plus"))


def test_communes_come_near_and_follow_the_map_and_further_programmes_are_layers(
    browser_page, app, atlas
):
    frame = opened(browser_page, f"{app}/?layers=projects,communes&view=47,-1.5,8")
    said = frame.locator(".va-legend [data-code=communes] .va-more")
    expect(said).to_have_text("zoomez pour voir les communes")
    line = symbols.border_lines()["communes"].colour
    without = count_map_pixels(browser_page, line, tolerance=25)
    go(frame, 47.2, -1.5, 10)
    drawn(frame, "communes", "44")
    expect(said).to_have_text("Loire-Atlantique")
    coloured(frame, line, least=without + 500, tolerance=25)
    hover(frame, 47.087, -1.282)
    expect(frame.locator(".va-card span").first).to_have_text("Clisson")
    expect(frame.locator(".va-card span").last).to_contain_text("Petites villes de demain")
    go(frame, 46.67, -1.43, 10)
    drawn(frame, "communes", "85")
    expect(said).to_have_text("Vendée")
    go(frame, 46.67, -1.43, 8)
    drawn(frame, "communes", "")
    expect(said).to_have_text("zoomez pour voir les communes")
    frame = walked_to_map(browser_page, f"{app}/?layers=projects,ORT,FABT,MANUP,TI1")
    go(frame, 47, 2, 7)
    wanted = {"ORT", "FABT", "MANUP"}
    some = sum(1 for carried in atlas.towns["programmes"] if wanted & set(carried))
    drawn(frame, "towns", str(some))
    drawn(frame, "areas", "TI1")
    for code in (*wanted, "TI1"):
        expect(frame.locator(f".va-legend li[data-code={code}]")).to_be_visible()
    painted(frame)
    picture = map_picture(browser_page)
    for code in (*wanted, "TI1"):
        assert count_pixels(picture, symbols.programme_marks()[code].colour, tolerance=50) > 60


def test_a_file_that_fails_is_said_and_asked_again(browser_page, app):
    for layers, file, told in (
        ("epci", "epci.geojson", ("borders", "epci")),
        ("communes", "communes/44.geojson", ("communes", "44")),
    ):
        browser_page.route(f"**/{file}*", lambda route: route.abort())
        address = f"{app}/?layers=projects,{layers}&view=47.2,-1.5,10"
        frame = walked_to_map(browser_page, address)
        notice = frame.get_by_role("alert")
        expect(notice).to_contain_text(f"Données de la carte indisponibles ({file})")
        expect(frame.locator(".va-site").first).to_be_attached()
        browser_page.unroute(f"**/{file}*")
        go(frame, 47.21, -1.5, 10)
        for _ in range(2):  # hidden and asked for, twice
            frame.evaluate("() => { VilleActive.borders([]); }")
            frame.evaluate("(code) => { VilleActive.borders([code]); }", layers)
        drawn(frame, *told)
        expect(notice).to_have_count(0)


def test_the_view_is_kept_under_departements_and_the_selection_framed_on_request(browser_page, app):
    frame = opened(browser_page, f"{app}/?layers=projects&view=46.5,1.5,7")
    before = frame.evaluate("VilleActive.view()")
    with answered(browser_page):
        pill(browser_page, "f-layers-territoires", "Départements").click()
    drawn(frame, "borders", "departements")
    assert frame.evaluate("VilleActive.view()") == before
    coloured(frame, symbols.border_lines()["departements"].colour, least=800)
    with answered(browser_page):
        pill(browser_page, "f-layers-territoires", "Départements").click()
    drawn(frame, "borders", "")
    frame = walked_to_map(browser_page, f"{app}/?region=53&layers=projects", held="53")
    frame.get_by_role("button", name="Cadrer sur la sélection").click()
    lat, lon, zoom = map(float, frame.evaluate("VilleActive.view()").split(","))
    assert zoom > 7
    # nothing lies over the symbols that match: a click in their middle opens them
    assert frame.evaluate(
        """() => [...document.querySelectorAll(".va-site:not(.va-faded)")].map((e) => {
          const { x, y, width, height } = e.getBoundingClientRect();
          return e.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        })"""
    ) == [True, True]
    go(frame, 46, 2, 6)
    frame.get_by_role("button", name="Cadrer sur la sélection").press("Enter")
    again = list(map(float, frame.evaluate("VilleActive.view()").split(",")))
    assert again == pytest.approx([lat, lon, zoom], abs=0.02)
