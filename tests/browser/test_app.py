"""The whole application in Chromium, with every request off the machine refused."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.conftest import (
    WIDTHS,
    accessible,
    answered,
    at,
    count_map_pixels,
    count_pixels,
    darkened,
    lightened,
    map_frame,
    menu_page,
    no_sideways_scroll,
    opened,
    pill,
    query,
    screenshot,
    settled,
    still,
    title,
    walked,
    walked_to_map,
    zoomed,
)
from tests.browser.hostile_demo import ATTACK
from tests.browser.test_server import held
from tests.shipped import sign as theme_sign
from villeactive.maps import symbols
from villeactive.ui.own_files import text_of

pytestmark = pytest.mark.browser


def sidebar(page: Page):
    return page.get_by_test_id("stSidebar")


def rows(page: Page):
    return page.locator(".st-key-liste tbody tr")


def panel(page: Page):
    return page.locator(".st-key-panneau")


def matching(frame: Frame):
    return frame.locator(".va-site:not(.va-faded)")


def choose(page: Page, label: str, words: str) -> None:
    box = sidebar(page).get_by_role("combobox", name=label)
    box.click()
    box.fill(words)
    page.get_by_role("option", name=words).first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    settled(page)


def view(frame: Frame) -> list[float]:
    return [float(v) for v in frame.evaluate("VilleActive.view()").split(",")]


def menu(page: Page):
    return page.get_by_test_id("stTopNavLink")


LONGEST = re.search(r"const LONGEST = (\d+)", text_of("page.js"))[1]
ENDLESS = f"""{{
  const later = window.setTimeout;
  window.setTimeout = (f, delay, ...more) => (delay === {LONGEST} ? 0 : later(f, delay, ...more));
}}"""
"""Has the page wait for its map however long that takes, as a slow machine may take."""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_at_first_sight_the_map_is_alone_then_the_rest_comes(new_page, app, width, height):
    browser_page = new_page(width=width, height=height)
    release = held(browser_page, "**/regions.geojson")
    with browser_page.add_init_script(ENDLESS):
        browser_page.goto(app)
    expect(title(browser_page)).to_have_text(re.compile("^20 projets"))
    browser_page.wait_for_selector(".st-key-carte iframe")
    browser_page.wait_for_selector(".va-room")
    place = browser_page.locator(".st-key-carte iframe").bounding_box()
    assert menu(browser_page).count() == 0
    expect(browser_page.locator(".va-awaited")).to_have_count(1)
    assert browser_page.locator(".st-key-liste").count() == 0
    release()
    expect(rows(browser_page)).to_have_count(20)
    expect(browser_page.locator(".va-awaited")).to_have_count(0)
    settled(browser_page)
    if width > 1000:  # folded on a phone
        expect(pill(browser_page, "f-theme", "Apprendre")).to_be_visible()
        expect(menu(browser_page).first).to_be_visible()
    assert browser_page.locator(".st-key-carte iframe").bounding_box() == pytest.approx(
        place, abs=2
    )


def data_and_method(page: Page) -> None:
    """See what « Données et méthode » tells."""
    expect(page.get_by_role("cell", name="1\u202f646")).to_be_visible()
    expect(page.get_by_text("Code officiel géographique 2026").first).to_be_visible()
    expect(page.locator("dt", has_text="Petites villes de demain")).to_be_visible()
    page.get_by_text("Coquilles, lues ainsi").click()
    expect(page.get_by_text("Lainama »")).to_be_visible()


def test_the_menu_is_there_at_once_on_another_page_and_stays(browser_page, app):
    browser_page.goto(f"{app}/methode")
    expect(menu(browser_page).first).to_be_visible()
    data_and_method(browser_page)
    browser_page.evaluate(
        """() => { window.gone = false; new MutationObserver(() => {
          if (!document.querySelector("[data-testid=stTopNavLink]")) window.gone = true;
        }).observe(document.body, { childList: true, subtree: true }); }"""
    )
    menu(browser_page).filter(has_text="Carte").first.click()
    expect(rows(browser_page)).to_have_count(20)
    assert not browser_page.evaluate("window.gone")


def test_the_tab_has_its_icon_and_the_page_of_a_project_steps_and_prints(browser_page, app):
    page = browser_page
    icon = at(page, app).locator("link[rel~=icon]").get_attribute("href")
    assert not icon.startswith("data:")  # it would go along with every run
    width = """async (src) => {
        const image = Object.assign(new Image(), { src });
        await image.decode();
        return image.width;
    }"""
    assert page.evaluate(width, icon) == 128
    walked(page, f"{app}/projet?projet=issoire-industrie-40")
    expect(title(page)).to_have_text("Issoire, un master Industrie 4.0 en alternance")
    expect(page).to_have_title("Issoire, un master Industrie 4.0 en alternance · Ville active")
    expect(page.locator(".va-money .bar")).to_have_count(4)
    expect(page.locator(".va-money .part")).to_have_count(1)
    assert page.locator(".va-time li").count() > 1
    page.get_by_role("button", name="Suivant").click()
    expect(title(page)).to_contain_text("La Cocotte-Minute")
    page.get_by_role("button", name="Précédent").click()
    expect(title(page)).to_contain_text("Issoire")
    page.get_by_role("button", name="L’Usinerie").first.click()
    expect(title(page)).to_contain_text("L’Usinerie")
    page.wait_for_url("**/projet?projet=usinerie")
    page.go_back()
    expect(title(page)).to_contain_text("Issoire")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.locator(".st-key-pas")).to_be_hidden()
    expect(page.locator("article")).to_be_visible()
    page.emulate_media(media="screen")


def test_the_map_says_what_it_is_in_its_place_and_a_filter_or_a_sheet_is_left(browser_page, app):
    page = browser_page
    opened(page, app)
    expect(page.locator(".st-key-puces")).to_contain_text("Les projets du livre La ville active")
    place = page.locator(".st-key-carte iframe").bounding_box()
    for region, found, lat in (("53", "2 projets · Bretagne", 48), ("94", "0 projet · Corse", 42)):
        frame = walked_to_map(page, f"{app}/?region={region}", held=region)
        expect(title(page)).to_have_text(found)
        assert view(frame)[0] == pytest.approx(lat, abs=0.6)
        assert page.locator(".st-key-carte iframe").bounding_box() == place
    expect(panel(page)).to_contain_text("Aucun projet ne répond à tous ces filtres")
    expect(panel(page)).to_contain_text("2 villes Action cœur de ville")
    walked_to_map(page, f"{app}/?region=53&theme=apprendre-travailler", held="53")
    expect(title(page)).to_contain_text("0 projet")
    with answered(page):
        page.get_by_role("button", name="Lever ce filtre").click()
    expect(title(page)).to_have_text("10 projets · Apprendre et travailler en cœur de ville")
    walked_to_map(page, f"{app}/?projet=lainamac&region=75", held="75")
    expect(panel(page).get_by_role("heading", level=2)).to_contain_text("Lainamac")
    page.keyboard.press("Escape")
    expect(panel(page).get_by_role("heading", level=2)).to_have_text("La sélection en chiffres")
    assert query(page) == {"region": "75"}


def test_the_map_left_by_the_menu_is_found_again(browser_page, app):
    page = browser_page
    opened(page, f"{app}/?region=53&programme=PVD&layers=projects")
    menu_page(page, "Projets", "Thèmes")
    back = page.get_by_role("link", name="Retrouver ma carte\u00a0: Bretagne · Petites villes")
    expect(back).to_be_visible()
    menu(page).filter(has_text="Carte").click()
    expect(title(page)).to_have_text("20 projets")
    settled(page)
    page.get_by_role("button", name="Retrouver ma carte\u00a0: Bretagne · Petites villes").click()
    expect(title(page)).to_have_text("2 projets · Bretagne · Petites villes de demain")
    settled(page)
    assert query(page) == {"region": "53", "programme": "PVD", "layers": "projects"}
    page.locator(".st-key-reset button").click()
    expect(title(page)).to_have_text("20 projets")
    settled(page)
    expect(page.get_by_text("Retrouver ma carte")).to_have_count(0)


def test_a_map_without_its_outlines_keeps_nothing_waiting(browser_page, app):
    browser_page.route("**/regions.geojson", lambda route: route.fulfill(status=503))
    browser_page.goto(app)
    frame = browser_page.frame_locator(".st-key-carte iframe")
    expect(frame.locator(".va-notice")).to_contain_text("regions.geojson")
    expect(rows(browser_page)).to_have_count(20)


def test_tiles_that_do_not_come_are_said_and_our_ground_stays(browser_page, app):
    browser_page.route("**/*TILEMATRIX*", lambda route: route.fulfill(status=503))
    frame = opened(browser_page, f"{app}/?layers=projects,plan-ign")
    expect(frame.get_by_role("alert")).to_contain_text("Plan IGN")
    assert frame.evaluate("VilleActive.map.getPane('fond').style.display") == ""


def test_every_site_is_at_its_place_overseas_one_gesture_away_and_insets_at_their_side(
    browser_page, app, atlas
):
    page = browser_page
    frame = opened(page, f"{app}/?layers=projects")
    counted = atlas.projects.index[atlas.projects["kind"] != "mention"]
    sites = atlas.sites[atlas.sites["project"].isin(counted)]
    assert len(counted) == 20
    assert len(sites) == 25
    expect(frame.locator(".va-site")).to_have_count(25)
    corner = page.locator(".st-key-carte iframe").bounding_box()
    picture = screenshot(page)
    shared = sites["code_insee"].duplicated(keep=False)
    for site, alone in zip(sites.itertuples(), ~shared, strict=True):
        point = f"VilleActive.map.latLngToContainerPoint([{site.geometry.y}, {site.geometry.x}])"
        at = frame.evaluate(f"(({{ x, y }}) => [x, y])({point})")
        x, y = corner["x"] + at[0], corner["y"] + at[1]
        reach = 9 if alone else 20  # two projects of one town stand side by side
        box = (x - reach, y - 9, x + reach, y + 9)
        colour = theme_sign(site.theme).colour
        assert count_pixels(picture.crop(box), colour, tolerance=12) > 60, (site.project, site.town)

    frame = walked_to_map(page, app)
    insets = frame.locator(".va-inset")
    before = [insets.nth(i).bounding_box()["x"] for i in range(5)]
    home = view(frame)
    for name, lat in (("Guadeloupe", 16.2), ("Martinique", 14.6), ("Guyane", 4.0),
                      ("La Réunion", -21.1), ("Mayotte", -12.8)):  # fmt: skip
        frame.get_by_role("button", name=name).click()
        assert view(frame)[0] == pytest.approx(lat, abs=0.5)
    assert count_map_pixels(page, symbols.palette().land) > 20_000
    frame.get_by_role("button", name="Métropole").click()
    assert view(frame) == pytest.approx(home, abs=0.05)
    page.get_by_role("textbox", name="Filtrer par des mots").fill("xyzxyz")
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text("0 projet")
    settled(page)
    assert [insets.nth(i).bounding_box()["x"] for i in range(5)] == before


def test_filters_change_everything_alike_back_undoes_and_what_is_left_is_downloaded(
    browser_page, app
):
    page = browser_page
    frame = opened(page, app)
    expect(title(page)).to_have_text("20 projets")
    expect(rows(page)).to_have_count(20)
    home = view(frame)
    choose(page, "Région", "Nouvelle-Aquitaine")
    framed = view(frame)
    assert framed[:2] == pytest.approx([45.2, 0.4], abs=1)
    assert framed[2] > home[2] + 0.5
    # Lesparre-Médoc, Rochefort, Aubusson, and the Observatoire at Angoulême and Cognac
    expect(title(page)).to_have_text("4 projets · Nouvelle-Aquitaine")
    expect(rows(page)).to_have_count(4)
    expect(matching(frame)).to_have_count(5)
    pill(page, "f-programme", "Petites villes de demain 2 projets").click()
    expect(title(page)).to_have_text("2 projets · Nouvelle-Aquitaine · Petites villes de demain")
    expect(rows(page)).to_have_count(2)
    expect(matching(frame)).to_have_count(2)
    expect(panel(page).get_by_text("2 projets · 2 villes")).to_be_visible()
    assert query(page) == {"region": "75", "programme": "PVD"}
    assert view(frame) == framed, "the map keeps its place"
    page.go_back()
    expect(title(page)).to_have_text("4 projets · Nouvelle-Aquitaine")
    expect(rows(page)).to_have_count(4)
    assert query(page) == {"region": "75"}
    page.go_back()
    expect(title(page)).to_have_text("20 projets")
    page.go_forward()
    page.wait_for_url("**/?region=75")
    page.go_forward()
    expect(title(page)).to_have_text("2 projets · Nouvelle-Aquitaine · Petites villes de demain")
    expect(pill(page, "f-programme", "Petites villes de demain 2 projets")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.locator(".st-key-chip-region button").first.click()
    expect(title(page)).to_have_text("6 projets · Petites villes de demain")
    with answered(page):
        page.get_by_role("button", name="Tout effacer", exact=True).last.click()
    expect(title(page)).to_have_text("20 projets")
    expect(page.locator(".st-key-puces button")).to_have_count(0)
    assert view(frame) == pytest.approx(home, abs=0.05)
    walked_to_map(page, f"{app}/?region=75", held="75")
    files = {}
    for name in ("Excel", "CSV", "GeoJSON"):
        with page.expect_download() as caught:
            if name == "GeoJSON":
                page.get_by_text("Pour un SIG", exact=True).click()
            page.get_by_role("button", name=name).click()
        files[name] = Path(caught.value.path()).read_bytes()
        suffix = {"Excel": ".xlsx", "CSV": ".csv", "GeoJSON": ".geojson"}[name]
        assert caught.value.suggested_filename.endswith(suffix)
    book = openpyxl.load_workbook(io.BytesIO(files["Excel"]))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert "17299" in cells
    assert not any(cell.startswith("=") for cell in cells)
    text = files["CSV"].decode("utf-8-sig")
    assert sum("Rochefort" in ";".join(row) for row in csv.reader(io.StringIO(text))) >= 1
    features = json.loads(files["GeoJSON"])["features"]
    assert {f["properties"]["code_insee"] for f in features} >= {"17299", "23008", "33240"}


def test_symbol_row_and_enter_open_the_sheet_and_the_map_is_passed_by_keyboard(browser_page, app):
    page = browser_page
    frame = opened(page, app)
    frame.locator("[data-id=lainamac]").click()
    heading = panel(page).get_by_role("heading", level=2)
    expect(heading).to_have_text("Lainamac, la laine et la tapisserie au service de la Creuse")
    assert query(page) == {"projet": "lainamac"}
    expect(frame.locator(".va-selected")).to_have_attribute("data-id", "lainamac")
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-id", "lainamac")
    page.locator("tr[data-id=lens-ecole-production]").click()
    expect(heading).to_have_text("L’école de production automobile de Lens")
    expect(heading).to_be_in_viewport()
    page.locator("tr[data-id=laval-level] button").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Level, un tiers-lieu coopératif à Laval")
    panel(page).get_by_role("button", name="Projet suivant").click()
    expect(heading).to_have_text("L’IFTO élargit ses formations à Cholet")
    page.go_back()
    expect(heading).to_have_text("Level, un tiers-lieu coopératif à Laval")
    with answered(page):
        panel(page).get_by_role("button", name="Fermer").click()
    expect(heading).to_have_text("La sélection en chiffres")
    assert query(page) == {}
    link = page.get_by_role("link", name="Passer la carte, aller à la liste")
    link.focus()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = "document.activeElement.shadowRoot?.activeElement ?? document.activeElement"
    assert page.evaluate(f"({focused}).textContent") == "Projet"
    scroller = page.get_by_role("region", name="Fiche ou chiffres de la sélection")
    assert scroller.get_attribute("tabindex") == "0"


def uncovered(part: Locator) -> bool:
    """Tell whether an element is on the screen, with nothing over its corners and its middle."""
    return part.evaluate(
        """(part) => {
          const { left, right, top, bottom } = part.getBoundingClientRect();
          const [x, y] = [(left + right) / 2, (top + bottom) / 2];
          return [[left + 2, top + 2], [right - 2, bottom - 2], [x, y]].every(([a, b]) => {
            const hit = document.elementFromPoint(a, b);
            return hit && (part.contains(hit) || hit.contains(part));
          });
        }"""
    )


@pytest.mark.parametrize(
    ("width", "height", "by"),
    [(1440, 900, "click"), (1280, 720, "Enter"), (390, 844, "click")],
)
def test_a_row_opens_a_sheet_whose_heading_and_buttons_are_seen(new_page, app, width, height, by):
    page = new_page(width=width, height=height)
    opened(page, app)
    back = "Retour à la carte" if width < 640 else "Fermer"
    for row in (rows(page).last, rows(page).nth(9)):
        row.scroll_into_view_if_needed()
        with answered(page):
            row.click() if by == "click" else row.locator("button").press("Enter")
        sheet = panel(page).locator(".st-key-fiche")
        heading = sheet.get_by_role("heading", level=2)
        expect(heading).to_be_in_viewport(ratio=1)
        assert uncovered(heading)
        assert uncovered(sheet.locator(".st-key-barre"))
        for name in (back, "Projet suivant"):
            assert uncovered(sheet.get_by_role("button", name=name))
        if width < 640:
            with answered(page):
                sheet.get_by_role("button", name=back).click()


def test_a_low_screen_shows_the_whole_map_and_takes_the_first_click(new_page, app):
    page = new_page(width=1280, height=720)
    frame = opened(page, app)
    # all of it but a tenth of a pixel, its height being no whole number
    expect(frame.locator(".va-legend")).to_be_in_viewport(ratio=0.999)
    box = page.locator(".st-key-carte iframe").bounding_box()
    assert box["y"] + box["height"] <= 720
    symbol = frame.locator("[data-id=lainamac]").bounding_box()
    page.mouse.click(symbol["x"] + symbol["width"] / 2, symbol["y"] + symbol["height"] / 2)
    expect(panel(page).get_by_role("heading", level=2)).to_contain_text("Lainamac")


def test_the_first_click_counts_where_the_map_is_half_out_of_sight(new_page, app):
    page = new_page(width=1280, height=520)
    frame = opened(page, app)
    symbol = frame.locator("[data-id=dieppe-cnam]").bounding_box()
    page.mouse.click(symbol["x"] + symbol["width"] / 2, symbol["y"] + symbol["height"] / 2)
    expect(panel(page).get_by_role("heading", level=2)).to_contain_text("Dieppe")


def test_address_opened_afresh_shows_the_same(browser_page, app):
    address = f"{app}/?region=75&programme=PVD&layers=projects,mentions,TI&projet=cocotte-minute"
    frame = opened(browser_page, address)
    page = browser_page
    expect(title(page)).to_have_text("2 projets · Nouvelle-Aquitaine · Petites villes de demain")
    expect(panel(page).get_by_role("heading", level=2)).to_contain_text("La Cocotte-Minute")
    frame.wait_for_selector("#map_div[data-areas=TI]")
    assert frame.locator("#map_div").get_attribute("data-towns") in {None, ""}
    for key, words in (
        ("f-layers-projets", "Lieux cités"),
        ("f-layers-territoires", "Territoires d’industrie (2023-2027)"),
        ("f-programme", "Petites villes de demain 2 projets"),
    ):
        expect(pill(page, key, words)).to_have_attribute("aria-pressed", "true")
    layer = pill(page, "f-layers-villes-dessinees", "Action cœur de ville")
    expect(layer).to_have_attribute("aria-pressed", "false")


def test_view_survives_a_visit_to_a_project_and_is_shared(new_page, app):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    frame = opened(page, f"{app}/?theme=filieres-productions")
    frame.get_by_role("button", name="La Réunion").click()
    zoomed(frame)
    there = view(frame)
    # what the page keeps for the link and for the way back
    kept = frame.evaluate("VilleActive.view()")
    page.wait_for_function("(view) => window.villeactive.view === view", arg=kept)
    page.locator("tr[data-id=lainamac] button").click()
    panel(page).get_by_role("link", name="Fiche complète").first.click()
    expect(title(page)).to_contain_text("Lainamac")
    page.get_by_role("link", name="Voir sur la carte").click()
    page.wait_for_selector(".st-key-carte iframe")
    frame = map_frame(page)
    assert view(frame) == there
    page.get_by_role("button", name="Partager").click()
    expect(page.get_by_role("status").filter(has_text="Lien copié")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = new_page(width=1200, height=800)
    afresh = opened(other, link)
    assert view(afresh) == there
    expect(title(other)).to_have_text("10 projets · Filières et productions locales")
    expect(panel(other).get_by_role("heading", level=2)).to_contain_text("Lainamac")


def test_what_a_reader_left_of_a_territory_is_found_again_until_it_changes(browser_page, app):
    page = browser_page
    frame = opened(page, f"{app}/?region=53&projet=plouhinec-ateliers-jean-moulin")
    frame.wait_for_selector("#map_div[data-territory='53']")
    framed = view(frame)
    frame.evaluate("() => { VilleActive.map.setView([48.1, -4.1], 9, { animate: false }); }")
    there = view(frame)
    for turned in (darkened, lightened):  # the map is made anew
        turned(page)
        frame = map_frame(page)
        frame.wait_for_selector("#map_div[data-territory='53']")
        assert view(frame) == pytest.approx(there, abs=0.001)
    panel(page).get_by_role("link", name="Fiche complète").first.click()
    page.get_by_role("link", name="Voir sur la carte").click()
    page.wait_for_selector(".st-key-carte iframe")
    frame = map_frame(page)
    frame.wait_for_selector("#map_div[data-territory='53']")
    assert view(frame) == pytest.approx(there, abs=0.001)
    settled(page)
    menu_page(page, "Projets", "Thèmes")
    menu(page).filter(has_text="Carte").click()
    frame = map_frame(page)
    expect(title(page)).to_have_text("20 projets")
    settled(page)
    assert view(frame)[2] < framed[2], "France, once the territory is lifted"


def test_the_list_sorts_and_what_is_unknown_or_ambiguous_is_said(browser_page, app):
    page = at(browser_page, app)
    page.get_by_role("button", name="Habitants").click()
    expect(rows(page).first).to_contain_text("Lainamac")  # Aubusson, 3 018 inhabitants
    page.get_by_role("button", name="Habitants").click()
    expect(rows(page).first).to_contain_text("Strasbourg")
    region = page.get_by_role("combobox", name="Région")
    region.fill("xyz")
    expect(page.get_by_role("option")).to_have_text("Aucun résultat")
    region.fill("")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    field = sidebar(page).get_by_label("Autour de")
    field.fill("Saint-Nazaire")
    field.press("Enter")
    sidebar(page).get_by_role("button", name="Saint-Nazaire (Loire-Atlantique)").click()
    expect(title(page)).to_contain_text("à moins de 50\u00a0km de Saint-Nazaire")
    assert query(page) == {"near": "44184", "within": "50", "sort": "-population"}


def test_phone(new_page, app):
    page = new_page(width=390, height=844)
    frame = opened(page, app)
    no_sideways_scroll(page)
    expect(sidebar(page)).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").get_by_text("keyboard_double_arrow_right").click()
    expect(page.locator(".st-key-f-text")).to_be_in_viewport()
    pill(page, "f-programme", "Petites villes de demain 6 projets").click()
    expect(title(page)).to_have_text("6 projets · Petites villes de demain")
    sidebar(page).get_by_role("button", name="Fermer les filtres").click()
    expect(sidebar(page)).not_to_be_in_viewport()
    card = page.locator("tr[data-id=lainamac]")
    assert card.evaluate("(e) => getComputedStyle(e).display") == "block"
    card.scroll_into_view_if_needed()
    no_sideways_scroll(page)
    card.click()
    sheet = page.locator(".st-key-fiche")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("Lainamac")
    box = sheet.bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    sheet.get_by_role("button", name="Retour à la carte").click()
    expect(sheet).to_have_count(0)
    expect(matching(frame)).not_to_have_count(0)
    walked(page, f"{app}/projet?projet=shop-in-romans")
    expect(title(page)).to_contain_text("Shop’in Romans")
    still(page)
    no_sideways_scroll(page)
    walked(page, f"{app}/methode")
    expect(title(page)).to_have_text("Données et méthode")
    still(page)
    no_sideways_scroll(page)


def test_the_dark_theme_and_programmes_explained_on_hover(browser_page, app):
    page = browser_page
    page.emulate_media(color_scheme="dark")
    opened(page, f"{app}/?projet=usinerie")
    dark = symbols.palette(dark=True)
    assert count_map_pixels(page, dark.land) > 40_000
    assert count_pixels(screenshot(page), dark.paper, tolerance=2) > 200_000
    for place in (panel(page), page.locator(".st-key-liste")):
        meaning = place.locator("abbr").first.get_attribute("title")
        assert "villes moyennes" in meaning


SHEET = "projet=issoire-industrie-40"


NONE = "region=04&theme=filieres-productions"


STANDS = {
    "/": ("20 projets", ""),
    "/?region=53": ("2 projets · Bretagne", "53"),
    f"/?{NONE}": ("0 projet", "04"),
    f"/?region=84&{SHEET}": ("Auvergne-Rhône-Alpes", "84"),
    f"/projet?{SHEET}": ("Issoire", ""),
    "/projet": ("projet", None),
}
"""Pages of the map and of a project: words of their title, the territory of their map."""


def test_accessibility(browser_page, app):
    page = browser_page
    for rank, (path, (words, codes)) in enumerate(STANDS.items()):
        if codes is None:
            walked(page, f"{app}{path}")
        else:
            walked_to_map(page, f"{app}{path}", held=codes)
        expect(title(page)).to_contain_text(words)
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        accessible(page, dark=bool(rank % 2), widths=WIDTHS[:1])


def test_hostile_words_neither_run_nor_break(browser_page, server):
    page = browser_page
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    address = server("tests/browser/hostile_demo.py")
    frame = opened(page, f"{address}/?projet=usinerie")
    expect(panel(page).get_by_role("heading", level=2)).to_have_text(ATTACK)
    expect(frame.locator("[data-id=usinerie]")).to_have_attribute(
        "aria-label",
        f"{ATTACK}, Chalon-sur-Saône, Apprendre et travailler · Projet détaillé, "
        "Programmes\u00a0: ACV, ORT, TI, TI 2018-2022",
    )
    expect(page.locator("tr[data-id=usinerie] button")).to_have_text(ATTACK)
    expect(frame.locator(".va-site")).to_have_count(25)
    for path in ("projet?projet=usinerie", "projet?projet=dieppe-cnam", "projet"):
        walked(page, f"{address}/{path}")
        still(page)
        expect(page.get_by_text("<img src=x onerror=alert(3)>").first).to_be_visible()
    expect(page.locator("#proof")).to_have_text("intact")
    assert page.locator("img[src='x']").count() == 0
