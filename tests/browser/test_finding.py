"""The finder on the page of the map: it goes to a commune, a project, an organisation."""

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import (
    COLOURS,
    WIDTHS,
    answered,
    at,
    count_map_pixels,
    darkened,
    found,
    lightened,
    main_link,
    map_frame,
    no_sideways_scroll,
    opened,
    painted,
    query,
    settled,
    title,
    violations,
    walked_to_map,
)
from villeactive.maps import symbols

pytestmark = pytest.mark.browser
LENS = [50.4293, 2.8324, 11]


def view(frame: Frame) -> list[float]:
    return [float(value) for value in frame.evaluate("VilleActive.view()").split(",")]


def usinerie(atlas) -> list[float]:
    """Give the latitude and longitude of a project."""
    point = atlas.projects.geometry["usinerie"]
    return [point.y, point.x]


def is_at(frame: Frame, wanted: list[float]) -> None:
    """Wait until the map has moved there."""
    condition = (
        "([lat, lon, zoom]) => { const at = VilleActive.view().split(',').map(Number);"
        " return Math.abs(at[0] - lat) < 0.01 && Math.abs(at[1] - lon) < 0.01"
        " && Math.abs(at[2] - zoom) < 0.2; }"
    )
    frame.wait_for_function(condition, arg=wanted)


def box(page: Page):
    return page.get_by_label("Aller à une commune, un projet, un acteur")


def card(page: Page):
    return page.locator(".st-key-commune-ouverte")


def choose(page: Page, words: str, answer: str) -> None:
    box(page).fill(words)
    found(page, words)
    answers = page.locator(".st-key-trouves-chercher")
    one = answers.get_by_role("button", name=answer).or_(answers.get_by_role("link", name=answer))
    one.first.click()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_commune_moves_the_map_and_opens_its_card_and_back_closes_it(new_page, app, width):
    page = new_page(width=width, height=844)
    frame = opened(page, app)
    assert view(frame)[2] < 7
    choose(page, "lens", "Lens — Pas-de-Calais (62)")
    is_at(frame, LENS)
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Lens")
    expect(card(page).get_by_role("heading", level=2)).to_be_in_viewport()
    expect(card(page)).to_contain_text("32\u202f920 habitants en 2023")
    expect(card(page)).to_contain_text("depuis le 20 septembre 2018, entrée en phase 1")
    assert query(page) == {"commune": "62498"}
    expect(box(page)).to_have_value("")
    expect(title(page)).to_have_text("20 projets")
    no_sideways_scroll(page)
    page.go_back()
    expect(card(page)).to_have_count(0)
    is_at(frame, LENS)
    page.go_forward()
    expect(card(page)).to_be_visible()
    card(page).get_by_role("button", name="Fermer").click()
    expect(card(page)).to_have_count(0)
    assert query(page) == {}


def test_a_card_leads_to_projects_and_pages_and_the_map_stays(browser_page, app):
    page = browser_page
    frame = opened(page, f"{app}/?commune=62498")
    is_at(frame, LENS)
    frame.get_by_title("Dézoomer", exact=True).click()
    is_at(frame, [*LENS[:2], 10])
    before = view(frame)
    card(page).get_by_role("button", name="L’école de production automobile de Lens").click()
    sheet = page.locator(".st-key-fiche")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("L’école de production")
    assert query(page) == {"projet": "lens-ecole-production", "commune": "62498"}
    sheet.get_by_role("button", name="Fermer").click()
    expect(card(page)).to_be_visible()
    card(page).get_by_role("button", name="Projets autour, à moins de 50\u00a0km").click()
    expect(title(page)).to_contain_text("à moins de 50\u00a0km de Lens")
    expect(card(page)).to_be_visible()
    assert view(frame) == before, "the map keeps its place"
    card(page).get_by_role("link", name="Ma ville").click()
    page.wait_for_url("**/ma_ville?commune=62498")
    page.go_back()
    card(page).get_by_role("link", name="Page de la commune").click()
    page.wait_for_url("**/commune?commune=62498")
    expect(title(page)).to_have_text("Lens")


def test_the_same_choice_moves_the_map_again_and_a_row_never(browser_page, app, atlas):
    page = browser_page
    frame = opened(page, f"{app}/?layers=projects")
    ink = symbols.palette().ink
    choose(page, "62498", "Lens — Pas-de-Calais (62)")
    is_at(frame, LENS)
    frame.get_by_role("button", name="La Réunion").first.click()
    expect(box(page)).to_have_value("")
    choose(page, "62498", "Lens — Pas-de-Calais (62)")
    is_at(frame, LENS)
    frame.locator("#map_div[data-outlined='62498']").wait_for(state="attached")
    painted(frame)
    found = count_map_pixels(page, ink)
    frame.evaluate("() => { VilleActive.outlineCommune(null); }")
    painted(frame)
    # 2 px wide, about 90 px across
    assert found - count_map_pixels(page, ink) > 150
    settled(page)
    with answered(page):
        card(page).get_by_role("button", name="Fermer").click()
    frame.locator("#map_div:not([data-outlined])").wait_for(state="attached")
    frame = walked_to_map(page, app)
    choose(page, "usinerie", "L’Usinerie, l’industrie 4.0")
    is_at(frame, [*usinerie(atlas), 10])
    expect(page.locator(".st-key-fiche").get_by_role("heading", level=2)).to_be_in_viewport()
    assert query(page) == {"projet": "usinerie"}
    page.locator(".st-key-fiche").get_by_role("button", name="Fermer").click()
    expect(page.locator(".st-key-fiche")).to_have_count(0)
    frame.get_by_title("Dézoomer", exact=True).click()
    is_at(frame, [*usinerie(atlas), 9])
    before = view(frame)
    page.locator("tr[data-id=usinerie]").click()
    expect(page.locator(".st-key-fiche")).to_be_visible()
    assert view(frame) == before


def test_a_project_opens_over_the_map_and_an_organisation_on_its_page(new_page, app, atlas):
    page = new_page(width=390, height=844)
    frame = opened(page, app)
    choose(page, "usinerie", "L’Usinerie, l’industrie 4.0")
    is_at(frame, [*usinerie(atlas), 10])
    sheet = page.locator(".st-key-fiche")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("L’Usinerie")
    assert query(page) == {"projet": "usinerie"}
    sheet.get_by_role("button", name="Retour à la carte").click()
    expect(sheet).to_have_count(0)
    choose(page, "cnam", "Conservatoire national des arts et métiers — ")
    expect(title(page)).to_have_text("Conservatoire national des arts et métiers")
    assert query(page) == {"actor": "cnam"}


def test_enter_opens_the_first_answer_and_arrows_go_through_them(browser_page, app):
    page = browser_page
    frame = opened(page, app)
    box(page).focus()
    page.keyboard.type("62498")
    page.keyboard.press("Enter")  # at once, before any answer
    is_at(frame, LENS)
    assert query(page) == {"commune": "62498"}
    box(page).fill("lens")
    found(page, "lens")
    expect(main_link(page, "Lens-Lestang")).to_be_visible()
    box(page).press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(".st-key-trouves-chercher").locator("a, button").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box(page)).to_be_focused()


def test_the_finder_of_the_map_is_used_with_the_keyboard_alone(browser_page, app):
    page = browser_page
    frame = opened(page, app)
    box(page).focus()
    page.keyboard.type("ouessant")
    found(page, "ouessant")
    answer = main_link(page, "Ouessant — Finistère (29)")
    expect(answer).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        if "Ouessant" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    is_at(frame, [48.455, -5.097, 11])
    expect(card(page)).to_contain_text("aucune")
    expect(card(page)).to_contain_text("Le plus proche, à")


def test_a_commune_of_another_page_is_shown_where_it_is(browser_page, app):
    page = browser_page
    frame = opened(page, app)
    frame.get_by_title("Zoomer", exact=True).click()
    at(page, f"{app}/commune?commune=23008")
    main_link(page, "Aubusson sur la carte").click()
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Aubusson")
    is_at(map_frame(page), [45.957, 2.169, 11])


def test_a_dead_code_is_said_and_the_map_stays(browser_page, app):
    page = browser_page
    frame = opened(page, f"{app}/?commune=99999")
    expect(page.get_by_text("n’existe pas ou plus").first).to_be_visible()
    expect(card(page)).to_have_count(0)
    assert view(frame)[2] < 7


@pytest.mark.parametrize("width", WIDTHS)
def test_accessibility_of_answers_and_card(new_page, app, width):
    page = new_page(width=width)
    opened(page, f"{app}/?commune=62498")
    expect(card(page)).to_be_visible()
    assert violations(page) == []
    darkened(page)
    assert violations(page, rules=COLOURS) == []
    box(page).fill("lens")
    found(page, "lens")
    expect(main_link(page, "Lens-Lestang")).to_be_visible()
    assert violations(page) == []
    lightened(page)
    assert violations(page, rules=COLOURS) == []
