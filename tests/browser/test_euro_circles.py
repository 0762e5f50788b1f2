"""Circles of euros on the live map: chosen by keys, filtered, read as assistive tools do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from benchmarks.ports import free_port
from tests.browser.conftest import (
    answered,
    count_pixels,
    darkened,
    launch,
    main_link,
    map_frame,
    opened,
    painted,
    screenshot,
    told,
    violations,
    walked_to_map,
)
from tests.browser.test_groups import grouped
from tests.browser.test_one_file import asked, open_file  # noqa: F401
from tests.kept_table import with_table
from villeactive.documents.map_files import map_file
from villeactive.maps import symbols
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import Selection

pytestmark = pytest.mark.browser

TABLE = """Commune;Intitulé;Subvention;Coût total
Rennes;Marché;250 000 €;900 000 €
Lorient;Base;1 210 000 €;5 000 000 €
Lens;Halle;100 000 €;400 000 €
Laval (53);Verger;;
Laon;Rempart;-800 €;
Saint-Denis (974);Fab lab;1 234 567 €;
Département de la Creuse;Haies;30 000 €;31 000 €
"""
OWN = "collection=appel&layers=projects"


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Iterator[tuple]:
    """Keep the table; give its atlas and the address of its store."""
    folder = tmp_path_factory.mktemp("appel")
    url = f"sqlite:///{folder / 'c.sqlite'}"
    with pytest.MonkeyPatch.context() as patch:
        yield with_table(TABLE, folder, patch, url), url


@pytest.fixture(scope="module")
def app(kept) -> Iterator[str]:
    address, process = launch("app.py", free_port(), VILLEACTIVE_STORE=kept[1])
    yield address
    process.terminate()
    process.wait()


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def names(frame: Frame) -> set[str]:
    """Read the circles as assistive tools do."""
    read = frame.locator(".va-circle").evaluate_all(
        "all => all.map((e) => e.getAttribute('aria-label'))"
    )
    return set(map(plain, read))


def legend(frame: Frame) -> str:
    return plain(frame.locator(".va-legend li[data-code=group]").inner_text())


def previous_by_keys(page: Page) -> None:
    """Choose what stands before the choice in force, the last one after the first."""
    page.locator(".st-key-f-group input:checked").focus()
    with answered(page):
        page.keyboard.press("ArrowUp")


FRANCE = {
    "Bretagne : 1,5 M€, 2 projets",
    "Hauts-de-France : 99 k€, 2 projets",
    "La Réunion : 1,2 M€, 1 projet",
    "Nouvelle-Aquitaine : 30 k€, 1 projet",
}


def test_euros_are_chosen_by_keys_filtered_and_undone(browser_page, app):
    page = browser_page
    frame = opened(page, f"{app}/?{OWN}")
    previous_by_keys(page)
    expect(frame.locator(".va-legend li[data-code=group]")).to_contain_text("Coût total")
    previous_by_keys(page)
    grouped(frame, "euros:regions")
    expect(frame.locator(".va-legend li[data-code=group]")).to_contain_text("Subvention")
    assert names(frame) == FRANCE
    assert "2,8 M€ en tout ; 1 projet sans montant" in legend(frame)
    assert "euros" in page.url
    expect(frame.locator(".va-site")).to_have_count(0)
    regions = page.locator(".st-key-f-region input")
    regions.scroll_into_view_if_needed()
    painted(page.main_frame)  # a list closes when what holds it scrolls
    regions.fill("Bretagne")
    expect(page.get_by_role("option")).to_have_text(["Bretagne"])
    page.keyboard.press("ArrowDown")
    with answered(page):
        page.keyboard.press("Enter")
    expect(frame.locator(".va-circle")).to_have_count(2)
    grouped(frame, "euros:departements")  # the région fills the frame
    assert names(frame) == {"Morbihan : 1,2 M€, 1 projet", "Ille-et-Vilaine : 250 k€, 1 projet"}
    assert "1,5 M€ en tout" in legend(frame)
    told(frame)
    with answered(page):
        page.go_back()
    grouped(frame, "euros:regions")
    assert names(frame) == FRANCE


def test_an_address_fixes_the_territory_a_circle_leads_to_symbols_that_stay_without_an_amount(
    browser_page, app
):
    page = browser_page
    frame = opened(page, f"{app}/?{OWN}&group=euros:subvention:town")
    grouped(frame, "euros:communes")
    assert names(frame) == {
        "Lorient : 1,2 M€, 1 projet", "Rennes : 250 k€, 1 projet", "Lens : 100 k€, 1 projet",
        "Saint-Denis : 1,2 M€, 1 projet",
    }  # fmt: skip
    assert "hors des figures, 30 k€ de territoires plus larges" in legend(frame)
    assert "-800 € dans 1 territoire de total négatif" in legend(frame).replace("\u2212", "-")
    lorient, rennes = (
        frame.locator(f".va-circle[data-code='{code}'] .va-disc").bounding_box()["width"] ** 2
        for code in ("56121", "35238")
    )
    assert lorient / rennes == pytest.approx(1_210 / 250, rel=0.05)
    frame.locator(".va-circle[data-code='35238']").press("Enter")
    grouped(frame, "")
    expect(frame.locator(".va-site[data-id^=appel-marche]")).to_be_visible()

    frame = walked_to_map(page, f"{app}/?{OWN}&group=euros:subvention&region=52", held="52")
    grouped(frame, "")
    assert legend(frame) == "Subvention par régionAucun montant ; 1 projet sans montant"
    expect(frame.locator(".va-site")).to_have_count(1)
    frame = walked_to_map(page, f"{app}/?{OWN}&group=euros:zut")
    expect(page.get_by_text("«\u00a0euros:zut\u00a0» n’existe pas")).to_be_visible()
    frame.wait_for_function("() => !VilleActive.state.land")
    grouped(frame, "")


def test_circles_are_seen_and_said_and_lead_to_euros_per_inhabitant(browser_page, app):
    page = browser_page
    for dark in (False, True):
        if dark:
            darkened(page)
            frame = map_frame(page)
        else:
            frame = opened(page, f"{app}/?{OWN}&group=euros:subvention")
        grouped(frame, "euros:regions")
        totals = frame.locator(".va-inset-crowd")
        expect(totals).to_have_count(1)
        expect(totals).to_have_text("1,2\u00a0M€")
        painted(frame)
        colour = symbols.circle(dark=dark).colour
        assert count_pixels(screenshot(page), colour, tolerance=40) > 120
        assert violations(page) == []
    main_link(page, "Les mêmes euros par habitant, dans l’Atelier").click()
    page.wait_for_url(re.compile("drawn=per-head(:|%3A)departement(:|%3A)subvention"))
    expect(page.get_by_text("Par habitant, par département")).to_be_visible()


def test_the_map_as_one_file_draws_them_without_a_server(kept, open_file, tmp_path):  # noqa: F811
    atlas, _ = kept
    spec = MapSpec(layers=("towns:ACV", "circles:region:subvention"), date="2026-11-29")
    path = Path(tmp_path / "carte.html")
    path.write_bytes(map_file("html", Selection(collection=("appel",)), atlas, spec=spec))
    frame = open_file(path).main_frame
    grouped(frame, "euros:regions")
    assert names(frame) == FRANCE
    assert "2,8 M€ en tout" in legend(frame)
