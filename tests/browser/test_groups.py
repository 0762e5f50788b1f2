"""Circles that stand for symbols seen from afar, and symbols that spread on a click."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.conftest import (
    answered,
    count_map_pixels,
    opened,
    pill,
    settled,
    told,
    walked_to_map,
)
from villeactive.maps import symbols

pytestmark = pytest.mark.browser


def grouped(frame: Frame, mode: str) -> None:
    frame.locator(f"#map_div[data-group='{mode}']").wait_for(state="attached")


def counted(frame: Frame) -> dict[str, int]:
    """Read the circles as assistive tools do: code → number."""
    read = frame.locator(".va-circle").evaluate_all(
        "all => all.map((e) => [e.dataset.code, e.getAttribute('aria-label')])"
    )
    return {code: int(re.search(r": ([\d\u202f]+) ", words)[1].replace("\u202f", ""))
            for code, words in read}  # fmt: skip


def expect_circles(frame: Frame, numbers: dict[str, int]) -> None:
    """Wait for as many circles, then compare code by code."""
    expect(frame.locator(".va-circle")).to_have_count(len(numbers))
    assert counted(frame) == numbers


def by(frame, level: str) -> dict[str, int]:
    """Count projects another way."""
    sites = frame[frame["counted"].to_numpy()]
    return dict(Counter(sites.drop_duplicates(["project", level])[level]))


def view(frame: Frame) -> str:
    return frame.evaluate("VilleActive.view()")


def test_projects_by_region_then_departement_then_alone_and_towns_follow_layers(
    browser_page, app, atlas
):
    frame = opened(browser_page, f"{app}/?group=projects&projet=lainamac")
    grouped(frame, "projects:regions")
    expect(frame.locator(".va-site")).to_have_count(1)
    expect(frame.locator(".va-selected")).to_have_attribute("data-id", "lainamac")
    frame = walked_to_map(browser_page, f"{app}/?group=projects&layers=projects")
    grouped(frame, "projects:regions")
    expect_circles(frame, by(atlas.sites, "region"))
    expect(frame.locator(".va-site")).to_have_count(0)
    expect(frame.locator(".va-legend li[data-code=group]")).to_have_text("Projets par région")
    expect(frame.locator(".va-legend li")).to_have_count(1)  # no symbol is seen: none is explained
    paint = symbols.circle()
    expect(frame.get_by_role("button", name="Bretagne\u00a0: 2 projets")).to_be_visible()
    assert count_map_pixels(browser_page, paint.colour, tolerance=40) > 120
    frame.evaluate("() => { VilleActive.map.setView([46.5, 2.4], 7.5, { animate: false }); }")
    grouped(frame, "projects:departements")
    expect_circles(frame, by(atlas.sites, "departement"))
    frame.evaluate("() => { VilleActive.map.setView([46.5, 2.4], 9, { animate: false }); }")
    grouped(frame, "")
    expect(frame.locator(".va-circle")).to_have_count(0)
    expect(frame.locator(".va-site")).to_have_count(25)
    expect(frame.locator(".va-legend li[data-code=initiative]")).to_be_visible()
    frame = walked_to_map(browser_page, app)
    frame.get_by_role("button", name="Revenir à la métropole").click()
    expect(frame.locator(".va-site")).to_have_count(25)
    expect(frame.locator(".va-circle")).to_have_count(0)
    choices = browser_page.locator(".st-key-f-group")
    choices.get_by_text("Communes labellisées par territoire").click()
    browser_page.wait_for_url("**/?group=towns")
    grouped(frame, "towns:regions")
    settled(browser_page)
    frame = walked_to_map(browser_page, f"{app}/?group=towns&layers=projects,ACV")
    frame.wait_for_selector("#map_div[data-towns='245']", state="attached")
    grouped(frame, "towns:regions")
    acv = atlas.towns[["ACV" in carried for carried in atlas.towns["programmes"]]]
    expect_circles(frame, dict(Counter(acv["region"])))
    assert sum(counted(frame).values()) == 245
    frame.locator(".va-circle[data-code='53']").press("Enter")
    grouped(frame, "towns:departements")
    expect_circles(frame, dict(Counter(acv["departement"])))
    lat, lon, zoom = map(float, view(frame).split(","))
    assert 47 < lat < 49
    assert -5 < lon < -1
    assert zoom >= 6.7
    expect(browser_page).to_have_url(re.compile(r"\?group=towns&layers=projects(,|%2C)ACV$"))


def test_an_epci_bounds_the_circles_of_towns_and_a_filter_keeps_their_view(
    browser_page, app, atlas
):
    epci = "200066785"  # Oust à Brocéliande, on the edge of the Morbihan
    frame = opened(browser_page, f"{app}/?group=towns&layers=ORT,PVD&epci={epci}&view=47,2,6")
    grouped(frame, "towns:regions")
    here = atlas.towns[atlas.towns["epci"] == epci]
    shown = here[[not {"ORT", "PVD"}.isdisjoint(carried) for carried in here["programmes"]]]
    assert len(shown) > 1
    expect_circles(frame, {"53": len(shown)})
    carried = sum("PVD" in carried for carried in here["programmes"])
    expect(frame.locator(".va-legend")).to_contain_text("Communes labellisées")
    frame.evaluate("() => { VilleActive.map.setView([47.9, -2.4], 10, { animate: false }); }")
    expect(frame.locator(".va-legend li[data-code=PVD] .va-count")).to_have_text(
        f"{carried}\u00a0sur\u00a01\u202f646"
    )
    frame = walked_to_map(browser_page, f"{app}/?group=projects")
    frame.evaluate("() => { VilleActive.map.setView([47.5, -1.5], 6, { animate: false }); }")
    grouped(frame, "projects:regions")
    before = view(frame)
    with answered(browser_page):
        pill(browser_page, "f-programme", "Petites villes de demain").click()
    expect(frame.locator(".va-circle[data-code='53']")).to_have_attribute(
        "aria-label", "Bretagne\u00a0: 2 projets"
    )
    expect(frame.locator(".va-circle[data-code='27']")).to_have_count(0)
    assert view(frame) == before
    frame.locator(".va-circle[data-code='53']").click()
    grouped(frame, "projects:departements")
    told(frame)
    with answered(browser_page):
        pill(browser_page, "f-programme", "Petites villes de demain").click()
    assert "projet=" not in browser_page.url  # a project opened by the click would be there by now


def test_a_pile_spreads_and_a_second_click_opens_as_the_first_on_a_symbol_alone(browser_page, app):
    frame = opened(browser_page, f"{app}/?layers=projects&projet=corpoworking")
    pile = frame.locator("[data-id=corpoworking]").first
    pile.click(force=True)
    expect(frame.locator("#map_div")).to_have_attribute("data-fan", re.compile("[34]"))
    centres = frame.locator(".va-spread").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect())"
        ".map((r) => [r.x + r.width / 2, r.y + r.height / 2])"
    )
    gaps = [abs(complex(*a) - complex(*b)) for i, a in enumerate(centres) for b in centres[:i]]
    assert min(gaps) >= 24
    browser_page.keyboard.press("Escape")
    expect(frame.locator(".va-spread")).to_have_count(0)
    assert "projet=corpoworking" in browser_page.url
    pile.click(force=True)
    frame.locator(".va-spread[data-id=isle-jourdain-velopole]").click()
    browser_page.wait_for_url("**projet=isle-jourdain-velopole")
    expect(frame.locator(".va-selected")).to_have_count(1)
    expect(frame.locator(".va-selected")).to_have_attribute("data-id", "isle-jourdain-velopole")
    expect(frame.locator(".va-spread")).to_have_count(0)
    frame.locator("[data-id=lainamac]").click()
    browser_page.wait_for_url("**projet=lainamac")
