"""A trial in Chromium on a public server: on every page, for its reader alone, gone with him."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.ports import free_port
from tests.browser.conftest import (
    answered,
    at,
    fits,
    launch,
    map_frame,
    menu_page,
    settled,
    title,
    violations,
)
from tests.browser.test_keeping import click, drop, follow

pytestmark = pytest.mark.browser
WORD = "Zzyzxique"
TABLE = f"""Commune;Dép.;Intitulé;Thème;Porteur;Montant;Contact
Lens;62;Halle {WORD};{WORD};Atelier {WORD};26 112 €;m.{WORD}@exemple.fr
Arras;62;École;{WORD};Atelier {WORD};1,2 M€;
Lille;59;Port;Commerce;;;
"""


@pytest.fixture(scope="module")
def public(tmp_path_factory) -> Iterator[str]:
    """Give the address of a server that keeps nothing."""
    folder = tmp_path_factory.mktemp("public")
    address, process = launch(
        "tests/browser/trial_probe.py",
        free_port(),
        VILLEACTIVE_PUBLIC="1",
        VILLEACTIVE_STORE=f"sqlite:///{folder / 'c.sqlite'}",
    )
    yield address
    process.terminate()
    process.wait()


def probe(public: str, path: str):
    with urllib.request.urlopen(f"{public}/probe/{path}") as answer:
        return json.load(answer)


def tried(page: Page, public: str, folder: Path, *, look: bool = False) -> None:
    """Bring the table, and try it; ``look`` whether it fits and what axe finds, on the way."""
    at(page, f"{public}/collections")
    table = folder / "essai.csv"
    table.write_text(TABLE, encoding="utf-8")
    drop(page, table)
    follow(page, 1, 2, 3)
    expect(page.get_by_text("il ne garde aucune collection")).to_be_visible()
    if look:
        fits(page)
    click(page, "c-keep")
    expect(page.locator(".st-key-essai")).to_contain_text("«\u00a0Essai\u00a0», 3 projets")
    if look:
        assert violations(page) == []
        fits(page)


def banner(page: Page) -> None:
    settled(page)
    expect(page.locator(".st-key-essai")).to_contain_text("recharger la page ou la fermer l’efface")


def test_a_trial_is_on_every_page_and_dies_with_its_session(new_page, public, tmp_path):
    page = new_page()
    tried(page, public, tmp_path, look=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator(".st-key-tried-acts").get_by_role("link", name="Ouvrir").click()
    page.wait_for_url("**/?*collection=essai*")
    banner(page)
    expect(title(page)).to_contain_text("3 projets")
    frame = map_frame(page)
    expect(frame.locator(".va-site")).to_have_count(3)
    expect(frame.locator(".va-legend")).to_contain_text(WORD)
    page.get_by_role("link", name="Carte pour présentation").click()
    expect(page.locator(".st-key-apercu img")).to_be_visible()
    banner(page)
    for head, name, seen in (
        ("Projets", "Fiches", f"Halle {WORD}"),
        ("Projets", "Thèmes", WORD),
        ("Projets", "Acteurs", f"Atelier {WORD}"),
        ("Méthode", "Données et méthode", "Essai"),
    ):
        menu_page(page, head, name)
        banner(page)
        expect(page.get_by_test_id("stMain")).to_contain_text(seen)
    menu_page(page, "Villes", "Villes et programmes")
    expect(title(page)).to_contain_text("communes labellisées")
    banner(page)
    menu_page(page, "Villes", "Communes")
    page.get_by_role("button", name="Lens (62), 1 fiche").click()
    expect(title(page)).to_have_text("Lens")
    expect(page.get_by_test_id("stMain")).to_contain_text(f"Halle {WORD}")
    banner(page)
    page.get_by_role("link", name="Des villes comme celle-ci").click()
    page.wait_for_url("**/ma_ville*")
    expect(page.get_by_test_id("stMain")).to_contain_text(f"Halle {WORD}")
    banner(page)
    menu_page(page, "Villes", "Communes")
    page.get_by_label("Aller à une commune, un projet, un acteur").fill(WORD)
    page.get_by_role("link", name=f"Halle {WORD} — Projet").click()
    expect(title(page)).to_have_text(f"Halle {WORD}")
    settled(page)
    with answered(page):
        page.get_by_role("button", name="Ajouter à ma sélection").click()
    menu_page(page, "Présenter", "Ma sélection")
    expect(title(page)).to_have_text("Ma sélection")
    expect(page.get_by_test_id("stMain")).to_contain_text(f"Halle {WORD}")
    banner(page)
    other = at(new_page(), public)
    expect(title(other)).to_contain_text("20 projets")
    expect(other.locator(".st-key-essai")).to_have_count(0)
    told = probe(public, f"hold?word={WORD}")
    assert told["trials"] == 1
    assert told["written"] == [], "aucun fichier servi ne porte un mot de l’essai"
    assert len(told["held"]) == 5
    assert probe(public, "end") == []


def test_a_trial_is_ended_by_hand_and_tried_again(new_page, public, tmp_path):
    page = new_page(width=390, height=844)
    tried(page, public, tmp_path)
    page.locator(".st-key-tried-acts").get_by_role("link", name="Ouvrir").click()
    banner(page)
    fits(page)
    drop_again = tmp_path / "essai.csv"
    at(page, f"{public}/collections")  # a reload: the trial is lost
    expect(page.locator(".st-key-essai")).to_have_count(0)
    tried(page, public, tmp_path)
    drop(page, drop_again)
    expect(page.get_by_text("à l’essai\u00a0: leurs rôles")).to_be_visible()
    click(page, "essai-fin")
    expect(page.locator(".st-key-essai")).to_have_count(0)
    expect(page.locator(".st-key-tried")).to_have_count(0)
