"""« Collections » in Chromium: a table dropped, four steps, kept, seen on the map, removed."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    COLOURS,
    ROOT,
    answered,
    at,
    darkened,
    fits,
    lightened,
    map_frame,
    query,
    settled,
    title,
    violations,
)
from villeactive.imports.importing import draft, keep
from villeactive.imports.projects import Wish
from villeactive.store.database import store

pytestmark = pytest.mark.browser
EXAMPLE = ROOT / "docs" / "exemple-projets.csv"
UNSURE = """Commune;Intitulé;Contact (tél.)
Lens;École;m.martin@exemple.fr
Saint-Denis;Halle;
Saint-Denis;Port;
"""


_ORDINARY = [f"Lille;École {n};{'Commerce' if n % 2 else 'Culture'};" for n in range(8)]


@pytest.fixture(autouse=True)
def nothing_kept():
    """Leave no collection to the tests that come after."""
    yield
    for one in store().listed():
        store().remove(one.id)


def drop(page: Page, path: Path) -> None:
    with answered(page):
        page.locator("[class*=st-key-c-file-] input[type=file]").set_input_files(path)


def brought(page: Page, app: str, folder: Path, text: str) -> Path:
    """Drop a table on the page of collections, up to its columns; give its file."""
    table = folder / "appel.csv"
    table.write_text(text, encoding="utf-8")
    drop(at(page, f"{app}/collections"), table)
    follow(page, 1)
    return table


def click(page: Page, key: str) -> None:
    with answered(page):
        page.locator(f".st-key-{key} button").click()


def follow(page: Page, *steps: int) -> None:
    for step in steps:
        click(page, f"c-next-{step}")
        expect(page.locator(".va-steps [aria-current]")).to_contain_text(str(step + 1))


def seen_well(page: Page) -> None:
    """Hold what every step holds: it fits both widths; on a phone, axe finds nothing."""
    fits(page)
    assert violations(page) == []


def test_a_table_is_dropped_kept_and_seen_on_the_map(new_page, app):
    page = at(new_page(), f"{app}/collections")
    expect(title(page)).to_have_text("Collections")
    seen_well(page)
    drop(page, EXAMPLE)
    expect(page.get_by_text("6 lignes, 6 colonnes, en-têtes à la ligne 2")).to_be_visible()
    seen_well(page)
    for step in (1, 2, 3):
        follow(page, step)
        assert query(page)["step"] == str(step + 1)
        seen_well(page)
    field = page.get_by_label("Titre", exact=True)
    with answered(page):
        field.fill("Programme départemental")
        field.press("Enter")
    expect(page.get_by_text("Identifiant\u00a0: programme-departemental")).to_be_visible()
    click(page, "c-keep")
    expect(page.get_by_text("est gardée\u00a0: 6 projets.")).to_be_visible()
    seen_well(page)
    assert [(one.id, one.projects) for one in store().listed()] == [("programme-departemental", 6)]
    page.get_by_role("link", name="Voir cette collection sur la carte").click()
    page.wait_for_url("**/?*collection=programme-departemental*")
    expect(title(page)).to_contain_text("6 projets")
    expect(map_frame(page).locator(".va-site")).to_have_count(6)


def test_the_same_table_again_changes_nothing_and_an_import_is_taken_back(new_page, app, tmp_path):
    page = new_page()
    table = brought(page, app, tmp_path, UNSURE)
    role = page.get_by_role("combobox", name="Rôle de la colonne « Contact (tél.) »", exact=True)
    with answered(page):
        role.click()
        page.get_by_role("option", name="Aucun rôle").click()
    expect(role).to_have_attribute("placeholder", "Aucun rôle (gardée comme champ)")
    follow(page, 2)
    expect(page.get_by_text("1 sur 3 lignes a un lieu sûr")).to_be_visible()
    with answered(page):
        page.get_by_role("button", name="Saint-Denis (93), Seine-Saint-Denis").press("Enter")
    expect(page.get_by_text("3 sur 3 lignes ont un lieu sûr")).to_be_visible()
    follow(page, 3)
    click(page, "c-keep")
    kept = store().read("appel")
    assert [one.data.get("places") for one in kept.records.values()] == [
        [{"code_insee": code}] for code in ("62498", "93066", "93066")
    ]
    assert "martin" not in json.dumps([one.data for one in kept.records.values()])
    table.write_text(UNSURE + "Arras;Musée;\n", encoding="utf-8")
    drop(page, table)
    expect(page.get_by_text("Ses colonnes sont celles de")).to_be_visible()
    follow(page, 1, 2)
    expect(page.get_by_text("4 sur 4 lignes ont un lieu sûr")).to_be_visible()
    follow(page, 3)
    expect(page.get_by_text("1 nouveau projet, 0 changé et 0 disparu")).to_be_visible()
    target = page.get_by_label("Ce tableau est")
    with answered(page):
        target.click()
        page.get_by_role("option", name="Une nouvelle collection").click()
    expect(target).to_have_attribute("placeholder", "Une nouvelle collection")
    with answered(page):
        target.click()
        page.get_by_role("option", name="La mise à jour de").click()
    expect(page.get_by_text("1 nouveau projet, 0 changé et 0 disparu")).to_be_visible()
    click(page, "c-keep")
    assert len(store().read("appel").records) == 4
    page.go_back()  # to the step that was left: all is kept, nothing is lost
    expect(page.get_by_text("est à jour")).to_be_visible()
    settled(page)
    click(page, "kept-undo-appel")
    with answered(page):
        page.get_by_role("dialog").get_by_role("button", name="Défaire", exact=True).click()
    expect(page.get_by_text("L’import de « appel.csv » est défait.")).to_be_visible()
    assert len(store().read("appel").records) == 3
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Exporter").click()
        page.get_by_role("button", name="CSV", exact=True).click()
    assert "martin" not in waiting.value.path().read_text(encoding="utf-8-sig")
    page.keyboard.press("Escape")
    click(page, "kept-remove-appel")
    assert violations(page) == []
    with answered(page):
        page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("est retirée.")).to_be_visible()
    assert store().listed() == []


SEVERAL = """Réf;Commune;Dép;Intitulé
A1;Lens, Arras;62;Halle
A2;Lens et Liévin;62;École
A3;"Calais ; Zzyzx ; Dunkerque";;Port
A4;Lille / Roubaix;59;Musée
"""


def test_cells_of_several_communes_make_projects_drawn_at_each(new_page, app, tmp_path):
    page = new_page()
    brought(page, app, tmp_path, SEVERAL)
    toggle = page.get_by_role("switch", name="3 cellules nomment plusieurs communes")
    expect(toggle).not_to_be_checked()
    with answered(page):
        toggle.press("Space")
    expect(toggle).to_be_checked()
    seen_well(page)
    follow(page, 2)
    expect(page.get_by_text("4 projets\u00a0: 8 sur 9 lieux sont sûrs")).to_be_visible()
    seen_well(page)
    follow(page, 3)
    click(page, "c-keep")
    expect(page.get_by_text("1 projet est localisé en partie")).to_be_visible()
    page.get_by_role("link", name="Voir cette collection sur la carte").click()
    page.wait_for_url("**/?*collection=appel*")
    expect(title(page)).to_contain_text("4 projets")
    expect(map_frame(page).locator(".va-site")).to_have_count(8)
    page = at(page, f"{app}/projet?projet=appel-a3&collection=appel")
    expect(page.get_by_text("Aucune commune ne s’appelle « Zzyzx »")).to_be_visible()


def test_a_bad_file_is_told_the_steps_are_seen_in_the_dark_and_left_and_a_reload_begins_again(
    new_page, app, tmp_path
):
    page = at(new_page(), f"{app}/collections")
    bad = tmp_path / "rapport.pdf"
    bad.write_bytes(b"%PDF-1.4\n")
    drop(page, bad)
    expect(page.get_by_text("rapport.pdf : c’est un PDF, non un tableau")).to_be_visible()
    large = tmp_path / "grand.csv"
    large.write_bytes(b"Commune\n" + b"Lens\n" * 4_300_000)
    page.locator("[class*=st-key-c-file-] input[type=file]").set_input_files(large)
    expect(page.get_by_text("Fichier trop lourd\u00a0: 20\u00a0Mo au plus.")).to_be_visible()

    darkened(page)
    table = tmp_path / "appel.csv"
    table.write_text(UNSURE, encoding="utf-8")
    drop(page, table)
    for step in (1, 2, 3):
        assert violations(page, rules=COLOURS) == []
        follow(page, step)
    assert violations(page, rules=COLOURS) == []
    click(page, "c-leave-4")
    with answered(page):
        page.get_by_role("dialog").get_by_role("button", name="Abandonner").press("Enter")
    expect(page.get_by_role("heading", name="Ajouter une collection")).to_be_visible()
    assert query(page) == {}
    lightened(page)

    drop(page, EXAMPLE)
    follow(page, 1, 2)
    page.go_back()
    expect(page.locator(".va-steps [aria-current]")).to_contain_text("Colonnes")
    page.reload()
    settled(page)
    expect(page.get_by_text("un rechargement l’efface")).to_be_visible()
    expect(page.locator(".va-steps [aria-current]")).to_contain_text("Fichier")


def test_an_endless_word_stays_in_its_page(new_page, app, tmp_path):
    table = tmp_path / "appel.csv"
    rows = [f"Lens;Halle;{'x' * 900};{'y' * 900}", f"Arras;{'z' * 900};Commerce;", *_ORDINARY]
    table.write_text("\n".join(["Commune;Intitulé;Thème;Description", *rows]), encoding="utf-8")
    keep(draft(table, Wish("appel", "Appel"), store()), store())
    page = new_page()
    for where in (*(f"projet?projet={one}" for one in [*store().read("appel").records][:2]),
                  "themes?collection=appel"):  # fmt: skip
        at(page, f"{app}/{where}")
        fits(page)


def tab_to(page: Page, box: str, *, most: int = 15) -> None:
    """Press Tab until the focus is in a box."""
    for _ in range(most):
        if page.evaluate("box => !!document.activeElement.closest(box)", box):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab n’arrive pas à {box}")


def test_the_keyboard_alone_goes_from_a_file_to_the_map(new_page, app, tmp_path):
    page = at(new_page(), f"{app}/collections")
    tab_to(page, "[class*=st-key-c-file-] button")
    table = tmp_path / "appel-a-projets.csv"
    unsure = "".join(f"Saint-Denis {n};Projet {n};\n" for n in range(12))
    table.write_text(UNSURE + unsure, encoding="utf-8")
    drop(page, table)  # what the system's own box of files does
    tab_to(page, ".st-key-c-next-1")
    with answered(page):
        page.keyboard.press("Enter")
    for step in (2, 3):
        expect(page.locator(".va-steps [aria-current]")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Passer à la suite")).to_be_focused()
        page.keyboard.press("Enter")
        tab_to(page, f".st-key-c-next-{step}", most=4)
        with answered(page):
            page.keyboard.press("Enter")
    tab_to(page, ".st-key-c-keep")
    with answered(page):
        page.keyboard.press("Enter")
    expect(page.get_by_text("« Appel a projets » est gardée")).to_be_visible()
    tab_to(page, "a[href*='collection=appel-a-projets']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?*collection=appel-a-projets*")
    expect(title(page)).to_contain_text("15 projets")
