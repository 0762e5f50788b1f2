"""The map as one file, opened from the disk in Chromium, the network refused."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import count_pixels
from tests.shipped import read_atlas
from tests.shipped import signs as theme_signs
from villeactive.collections.fields import Text
from villeactive.documents.map_files import map_file
from villeactive.filtering import apply
from villeactive.maps import symbols
from villeactive.maps.scene.extent import extent_of
from villeactive.maps.scene.spec import MapSpec
from villeactive.maps.web import one_file
from villeactive.selection import Selection

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    atlas = read_atlas()
    path = tmp_path_factory.mktemp("cle") / "carte.html"
    made = one_file.to_html(apply(Selection(), atlas), atlas, day_of="2026-11-23")
    path.write_text(made, encoding="utf-8")
    return path


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def open_file(browser, asked) -> Callable[..., Page]:
    """Open a file; anything but the file itself, or a JavaScript error, fails the test."""
    pages, errors = [], []

    def make(path: Path, *, width: int = 1440, height: int = 900, after: str = "") -> Page:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(path.as_uri() + after)
        page.wait_for_selector("#map_div[data-ground=drawn]")
        page.wait_for_selector("#map_div[data-towns]", state="attached")
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.close()
    assert errors == []
    assert {urlsplit(url).scheme for url in asked} <= {"file", "data"}


def pixels(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def test_at_first_sight_all_is_painted_overseas_too_in_french_and_its_font(
    open_file, written, asked
):
    page = open_file(written)
    assert page.locator(".va-site").count() == 25
    assert int(page.locator("#map_div").get_attribute("data-towns")) > 1800
    image = pixels(page)
    for sign in theme_signs().values():
        assert count_pixels(image, sign.colour) > 500
    assert count_pixels(image, symbols.palette().land) > 20_000
    assert count_pixels(image, symbols.programme_marks()["ACV"].colour, tolerance=40) > 300
    assert len(asked) == 1
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.title() == "La ville active, Forum des solutions"
    assert page.locator(".va-legend li").count() >= 6
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    loaded = "[...document.fonts].map(face => [face.family, face.weight, face.status])"
    found = [("Source Sans Pro", weight, "loaded") for weight in ("400", "600")]
    assert [(f.strip('"'), *rest) for f, *rest in page.evaluate(loaded)] == found
    acv = symbols.programme_marks()["ACV"].colour
    for inset in page.locator(".va-inset").all():
        seen = Image.open(io.BytesIO(inset.screenshot())).convert("RGB")
        assert count_pixels(seen, symbols.palette().land) > 400
        assert count_pixels(seen, acv, tolerance=40) > 5
    assert page.locator(".va-inset").count() == 5
    page.get_by_role("button", name="Aller à Mayotte").click()
    assert page.evaluate("VilleActive.map.getCenter().lat") == pytest.approx(-12.8, abs=0.3)
    assert len(asked) == 1


def test_places_are_named_without_another_file(open_file, written, asked):
    page = open_file(written)
    page.wait_for_selector("#map_div[data-names=regions]", state="attached")
    named = "(name) => VilleActive.names().some((one) => one.name === name)"
    page.wait_for_function(named, arg="Bretagne")
    page.evaluate("() => { VilleActive.map.setView([46.8, 2.4], 9); }")
    page.wait_for_function(named, arg="Bourges")
    page.evaluate("() => { VilleActive.map.setView([47.08, 2.4], 11); }")
    page.wait_for_function(named, arg="Mehun-sur-Yèvre")
    assert len(asked) == 1


def test_a_symbol_opens_its_sheet_back_closes_it_search_finds_and_layers_hide(open_file, written):
    page = open_file(written)
    page.click('.va-site[data-id="lainamac"]')
    title = page.locator(".sa-panel h2")
    expect(title).to_contain_text("Lainamac")
    expect(page.locator(".sa-panel")).to_contain_text("Paru en 2022")
    expect(page.locator('.va-site.sa-open[data-id="lainamac"]')).to_have_count(1)
    page.go_back()
    expect(title).to_have_text("20 projets")
    assert page.locator(".sa-open").count() == 0

    before = page.locator("#map_div").get_attribute("data-towns")
    page.get_by_label("Petites villes de demain").uncheck()
    expect(page.locator("#map_div")).not_to_have_attribute("data-towns", before)
    assert int(page.locator("#map_div").get_attribute("data-towns")) < int(before)
    assert page.locator('.va-legend [data-code="PVD"]').count() == 0

    page.fill("#sa-text", "AUBUSSON")
    page.wait_for_selector(".sa-found button")
    assert "Lainamac" in page.locator(".sa-found button").first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    # the address changes first, the panel follows it
    expect(page.locator(".sa-panel h2")).to_contain_text("Lainamac")
    page.fill("#sa-text", "quimperle")
    page.wait_for_selector(".sa-found button")
    page.keyboard.press("Enter")
    expect(page.locator(".va-card")).to_contain_text("Quimperlé")
    page.fill("#sa-text", "zzzz")
    expect(page.locator(".sa-found")).to_contain_text("Aucun")


def test_a_sheet_opens_from_its_address_and_from_the_keyboard(open_file, written):
    page = open_file(written, after="#projet=usinerie")
    assert "Usinerie" in page.locator(".sa-panel h2").inner_text()
    page.locator('.va-site[data-id="laval-level"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sa-panel h2")).to_contain_text("Laval")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_runs_over(open_file, written, width):
    page = open_file(written, width=width, height=844, after="#projet=lainamac")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    over = "e => [...document.querySelectorAll(e)].filter(n => n.scrollWidth > n.clientWidth + 1)"
    assert page.evaluate(f"({over})('.sa-panel').length") == 0


def test_it_stands_in_a_frame(open_file, written, tmp_path):
    host = tmp_path / "hote.html"
    host.write_text(
        f'<!doctype html><title>Hôte</title><div id="map_div" data-ground="drawn" data-towns="">'
        f'.</div><iframe src="{written.as_uri()}" width="1000" height="700"></iframe>',
        encoding="utf-8",
    )
    page = open_file(host)
    frame = page.frames[1]
    frame.wait_for_selector("#map_div[data-ground=drawn]")
    frame.click('.va-site[data-id="lainamac"]')
    # the address changes first, the panel follows it
    expect(frame.locator(".sa-panel h2")).to_contain_text("Lainamac")


def test_hostile_words_are_shown_as_they_are(open_file, tmp_path):
    words = "</script><img src=x onerror=alert(1)> {{7*7}} `${alert(1)}` <b>gras</b>"
    atlas = read_atlas()
    sheet = atlas.sheets["lainamac"].model_copy(update={"title": Text(fr=words)})
    sites = atlas.sites.assign(title=words)
    atlas = replace(atlas, sheets=atlas.sheets | {sheet.id: sheet}, sites=sites)
    path = tmp_path / "carte.html"
    made = one_file.to_html(apply(Selection(), atlas), atlas, title=words)
    path.write_text(made, encoding="utf-8")
    page = open_file(path, after="#projet=lainamac")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    assert page.locator(".sa-panel h2").inner_text() == words
    assert page.locator(".sa-head h1").inner_text() == words.replace("'", "’")
    assert page.locator(".sa-panel img, .sa-panel b b").count() == 0
    page.hover('.va-site[data-id="lainamac"]')
    expect(page.locator(".va-card")).to_contain_text(words)


@pytest.mark.parametrize(
    ("extent", "inside", "outside"),
    [("region:53", (48.1, -2.9), (44.8, -0.6)), ("departement:974", (-21.1, 55.5), (48.9, 2.3))],
)
def test_the_map_follows_the_territory(extent, inside, outside, open_file, tmp_path):
    path = tmp_path / "carte.html"
    path.write_bytes(map_file("html", Selection(), read_atlas(), spec=MapSpec(extent=extent)))
    page = open_file(path)
    shown = "(p) => VilleActive.map.getBounds().contains(p)"
    assert page.evaluate(shown, inside)
    assert not page.evaluate(shown, outside)
    box = page.evaluate("VilleActive.state.land[2]")
    assert page.evaluate("(b) => VilleActive.map.getBounds().contains(b)", box)
    # as near as the territory allows
    assert (
        page.evaluate("(b) => VilleActive.map.getBoundsZoom(b) - VilleActive.map.getZoom()", box)
        < 1
    )


def test_the_territory_filtered_is_framed_outlined_and_counted(open_file, tmp_path):
    path = tmp_path / "carte.html"
    asked = Selection(epci=("242900314",))
    path.write_bytes(map_file("html", asked, read_atlas(), spec=MapSpec(extent=extent_of(asked))))
    page = open_file(path)
    page.wait_for_selector("#map_div[data-territory='242900314']")
    assert page.evaluate("VilleActive.map.getBounds().contains([48.39, -4.49])")  # Brest
    assert page.evaluate("VilleActive.map.getZoom()") > 10
    page.get_by_label("Opération de revitalisation de territoire").check()
    row = page.locator(".va-legend [data-code=ORT] .va-count")
    expect(row).to_have_text("1\u00a0sur\u00a02\u202f260")
    assert count_pixels(pixels(page), symbols.palette().ink, tolerance=40) > 1000


def test_an_address_cut_within_a_letter_opens_the_map(written, open_file):
    page = open_file(written, after="#projet=%E0%A4%A")
    page.evaluate("window.location.hash = 'projet=usinerie'")
    expect(page.locator("h2").filter(has_text="Usinerie").first).to_be_visible()
