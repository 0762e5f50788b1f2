"""Commune, Villes, Thèmes and Acteurs in Chromium, with every request off the machine refused."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import (
    WIDTHS,
    accessible,
    answered,
    at,
    count_pixels,
    fits,
    found,
    main_link,
    map_frame,
    painted,
    pill,
    query,
    screenshot,
    settled,
    still,
    title,
    violations,
    walked,
)
from villeactive.maps import symbols

pytestmark = pytest.mark.browser
PAIR = ("programme", "region")
"""Filters of the page of towns that stand one under the other on a phone."""


def box(page: Page) -> Locator:
    """Give the finder of a page; that of the page before has gone once it is alone."""
    return page.locator("[class*=st-key-trouver-] input[type=search]")


def find(page: Page, words: str) -> None:
    expect(box(page)).to_have_count(1)
    box(page).fill(words)
    found(page, words)


def test_the_finder_leads_to_a_commune_a_project_and_an_organisation(new_page, app):
    page = at(new_page(width=390), f"{app}/commune")
    find(page, "saint dié des vosge")  # typed without Enter, and unfinished
    with answered(page):
        main_link(page, "Saint-Dié-des-Vosges — Vosges (88)").click()
    expect(title(page)).to_have_text("Saint-Dié-des-Vosges")
    assert query(page) == {"commune": "88413"}
    still(page)
    expect(box(page)).to_have_value("")
    find(page, "usinerie")
    with answered(page):
        main_link(page, "L’Usinerie, l’industrie 4.0").click()
    page.wait_for_url("**/projet?projet=usinerie")
    with answered(page):
        page.go_back()
    expect(title(page)).to_have_text("Saint-Dié-des-Vosges")
    still(page)
    find(page, "cnam")
    main_link(page, "Conservatoire national des arts et métiers — ").click()
    expect(title(page)).to_have_text("Conservatoire national des arts et métiers")
    assert query(page) == {"actor": "cnam"}
    fits(page)


def test_the_finder_is_used_with_the_keyboard_and_a_site_of_the_small_map_opens(browser_page, app):
    page = at(browser_page, f"{app}/commune")
    box(page).focus()
    page.keyboard.type("ouessant")
    found(page, "ouessant")
    expect(main_link(page, "Ouessant — Finistère (29)")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        if "Ouessant" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Ouessant")
    settled(page)

    walked(page, f"{app}/commune?commune=29197")
    frame = map_frame(page, key="carte-commune")
    frame.locator("[data-id=plouhinec-ateliers-jean-moulin]").click()
    page.wait_for_url("**/projet?projet=plouhinec-ateliers-jean-moulin")


def test_a_commune_and_its_neighbours(browser_page, app):
    page = at(browser_page, f"{app}/commune?commune=56121")
    expect(page.get_by_text("58\u202f329 habitants en 2023")).to_be_visible()
    expect(page.get_by_text("Pays de Lorient – Quimperlé, phase 2")).to_be_visible()
    insee = page.get_by_role("link", name="Dossier complet de la commune, INSEE")
    assert insee.get_attribute("href").endswith("?geo=COM-56121")
    frame = map_frame(page, key="carte-commune")
    expect(frame.locator(".va-site")).to_have_count(1)
    frame.locator("#map_div[data-outlined='56121']").wait_for(state="attached")
    fits(page)
    main_link(page, "Lanester (56)").click()
    expect(title(page)).to_have_text("Lanester")
    page.go_back()
    expect(title(page)).to_have_text("Lorient")


def test_towns_are_drawn_counted_listed_and_opened(browser_page, app):
    page = at(browser_page, f"{app}/villes?region=53&programme=ACV,PVD")
    expect(title(page)).to_contain_text("146 communes labellisées sur 2\u202f575 · Bretagne")
    frame = map_frame(page, key="carte-villes")
    frame.locator("#map_div[data-towns='146']").wait_for(state="attached")
    drawing = page.locator(".st-key-carte-villes iframe")
    drawing.scroll_into_view_if_needed()
    painted(frame)
    box = drawing.bounding_box()
    clip = {key: round(value) for key, value in box.items()}
    colours = symbols.programme_marks()
    assert count_pixels(screenshot(page, clip=clip), colours["PVD"].colour, tolerance=24) > 100
    rows = page.locator(".st-key-villes tbody tr")
    expect(rows).to_have_count(50)
    fits(page)  # narrow at the end: the rest is done on a phone
    page.get_by_role("button", name="Afficher 50 de plus").click()
    expect(rows).to_have_count(100)
    rows.first.get_by_role("button").click()
    expect(title(page)).to_have_text("Quimper")
    assert query(page) == {"commune": "29232"}


def test_the_table_of_towns_sorts_all_and_a_choice_is_the_address(browser_page, app):
    page = at(browser_page, f"{app}/villes")
    expect(title(page)).to_have_text("2\u202f575 communes labellisées")
    rows = page.locator(".st-key-villes tbody tr")
    expect(rows.first).to_contain_text("Paris")
    heading = page.locator(".st-key-villes").get_by_role("button", name="Habitants")
    heading.click()
    expect(rows.first).to_contain_text("Paris")
    heading.click()
    expect(rows.first).not_to_contain_text("Paris")
    with answered(page):
        pill(page, "v-programme", "ACV").click()
    expect(title(page)).to_contain_text("245 communes labellisées sur 2\u202f575")
    assert query(page) == {"programme": "ACV"}
    with answered(page):
        page.locator(".st-key-v-mode").get_by_text("aucun", exact=True).click()
    expect(title(page)).to_contain_text("2\u202f330 communes labellisées sur 2\u202f575 · sans ACV")
    page.go_back()
    expect(title(page)).to_contain_text("245 communes labellisées sur 2\u202f575")


def test_files_are_made_when_asked(browser_page, app):
    page = at(browser_page, f"{app}/villes?departement=974")
    starts = {"Excel": b"PK", "GeoPackage": b"SQLite format 3", "GeoParquet": b"PAR1"}
    for name, begins in starts.items():
        if name == "GeoPackage":
            with answered(page):
                page.get_by_text("Pour un SIG", exact=True).click()
            assert violations(page) == []
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        data = waiting.value.path().read_bytes()
        assert data.startswith(begins), name
        if name == "Excel":
            assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    fits(page)  # on a phone, filters stand one under the other: no hole where none is asked
    above, below = (page.locator(f".st-key-v-{key}").bounding_box() for key in PAIR)
    assert 0 < below["y"] - above["y"] - above["height"] < 20


def test_from_a_theme_to_a_topic_to_a_project(browser_page, app):
    page = at(browser_page, f"{app}/themes")
    main_link(page, "Filières et productions locales (carte").click()
    expect(title(page)).to_have_text("Filières et productions locales")
    frame = map_frame(page, key="carte-filieres-productions")
    frame.wait_for_selector(".va-site")
    fits(page)
    with answered(page):
        main_link(page, "Savoir-faire et filières de territoire").click()
    expect(title(page)).to_have_text("Savoir-faire et filières de territoire")
    assert query(page) == {"topic": "savoir-faire"}
    still(page)
    expect(page.get_by_text("Produire est une culture", exact=True)).to_have_count(1)
    main_link(page, "Lainamac").click()
    page.wait_for_url("**/projet?projet=lainamac")


def test_from_the_list_of_organisations_to_one(new_page, app):
    page = at(new_page(width=390), f"{app}/acteurs")
    expect(page.locator(".st-key-acteurs tbody tr")).to_have_count(50)
    page.get_by_test_id("stMain").locator("button").filter(has_text=re.compile("^Région$")).click()
    rows = page.locator(".st-key-acteurs tbody tr")
    expect(rows).to_have_count(4)
    rows.get_by_role("button", name="Région Auvergne-Rhône-Alpes").click()
    expect(title(page)).to_have_text("Région Auvergne-Rhône-Alpes")
    expect(page.get_by_text("20\u202f000\u00a0€ HT (investissement)")).to_be_visible()
    fits(page)


PAGES = (
    "commune?commune=62498", "villes", "themes?theme=filieres-productions", "acteurs", "methode",
    "ma_ville?commune=62498", "atelier", "collections",
    "ma_selection?shortlist=lainamac,usinerie",  # the last one: what is gathered goes along
)  # fmt: skip
SOME_ONE_AND_NONE = (
    "commune", "commune?commune=29155", "villes?programme=ACV,PVD&mode=all", "themes",
    "themes?topic=inconnu", "acteurs?actor=cnam", "acteurs?actor=puca", "atelier?region=53",
    "themes?region=94&text=usinerie", "atelier?region=94&text=usinerie",
)  # fmt: skip


def each(page: Page, app: str, paths: Iterable[str]) -> Iterator[bool]:
    """Open a page after another; tell whether it stands in the dark, as the one before was left."""
    for rank, path in enumerate(paths):
        walked(page, f"{app}/{path}")
        expect(title(page)).to_be_visible()
        yield bool(rank % 2)


def test_each_page_is_accessible_and_asks_no_more_than_it_may(browser_page, app):
    for dark in each(browser_page, app, PAGES):
        expect(browser_page.locator("html")).to_have_attribute("lang", "fr")
        accessible(browser_page, dark=dark)


def test_accessibility_with_some_with_one_and_with_none(browser_page, app):
    for dark in each(browser_page, app, SOME_ONE_AND_NONE):
        accessible(browser_page, dark=dark, widths=WIDTHS[:1])


def test_the_map_of_towns_draws_those_that_answer_and_a_click_opens_one(browser_page, app):
    page = at(browser_page, f"{app}/villes?departement=974&programme=PVD")
    frame = map_frame(page, key="carte-villes")
    frame.locator("#map_div[data-towns='11'][data-territory='974']").wait_for(state="attached")
    held = frame.evaluate("VilleActive.shownTowns().every(({ code }) => code.startsWith('974'))")
    assert held
    walked(page, f"{app}/villes")
    heading = "245 villes sur 2\u202f575\u00a0: Action cœur de ville"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    frame = map_frame(page, key="carte-villes")
    frame.locator("#map_div[data-towns='245']").wait_for(state="attached")
    frame.evaluate("() => { VilleActive.map.setView([50.43, 2.83], 10, { animate: false }); }")
    x, y = frame.evaluate(
        "() => { const { latlng } = VilleActive.shownTowns().find(({ code }) => code === '62498');"
        " const p = VilleActive.map.latLngToContainerPoint(latlng); return [p.x, p.y]; }"
    )
    spot = {"x": x, "y": y}
    frame.locator("#map_div").hover(position={"x": x - 7, "y": y})
    frame.locator("#map_div").hover(position=spot)
    expect(frame.locator(".va-card span").first).to_have_text("Lens")
    frame.locator("#map_div").click(position=spot)
    page.wait_for_url("**/commune?commune=62498")
    expect(title(page)).to_contain_text("Lens")
