"""The pages Commune, Villes, Thèmes and Acteurs as Streamlit runs them, without a browser."""

import re

import pytest
import streamlit as st

from tests.test_pages import address, run, title_of, words

CASES = [
    ("commune", {}, "Quelle commune ouvrir\u00a0?"),
    ("commune", {"commune": "56121"}, "Lorient"),
    ("commune", {"commune": "29155"}, "Ouessant"),
    ("commune", {"commune": "97411", "within": "25"}, "Saint-Denis"),
    ("commune", {"commune": "99999"}, "Quelle commune ouvrir\u00a0?"),
    ("villes", {}, "2\u202f575 communes labellisées"),
    ("villes", {"departement": "974", "min_population": "150000"},
     "1 commune labellisée sur 2\u202f575 · La Réunion · au moins 150\u202f000 habitants"),
    ("villes", {"programme": "ACV,PVD", "mode": "all"},
     "0 commune labellisée sur 2\u202f575 · ACV et PVD à la fois"),
    ("villes", {"programme": "ORT,PVD", "mode": "none", "region": "53"}, None),
    ("villes", {"programme": "ACV", "region": "94", "min_population": "900000"},
     "0 commune labellisée sur 2\u202f575 · Corse · Action cœur de ville · au moins "
     "900\u202f000 habitants"),
    ("villes", {"mode": "some", "region": "999"}, "2\u202f575 communes labellisées"),
    ("themes", {}, "Thèmes et sujets"),
    ("themes", {"theme": "apprendre-travailler"}, "Apprendre et travailler en cœur de ville"),
    ("themes", {"topic": "industrie"}, "Industrie et ville productive"),
    ("themes", {"topic": "inconnu"}, "Thèmes et sujets"),
    ("acteurs", {}, "Les acteurs"),
    ("acteurs", {"actor": "cnam"}, "Conservatoire national des arts et métiers"),
    ("acteurs", {"actor": "puca"}, "Plan urbanisme construction architecture"),
    ("acteurs", {"actor": "inconnu"}, "Les acteurs"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_caches():
    yield
    st.cache_resource.clear()


@pytest.mark.parametrize(("name", "query", "title"), CASES)
def test_each_page_runs_alone_with_everything_one_and_none(name, query, title):
    test = run(f"pages/{name}.py", **query)
    assert not test.exception
    assert not test.error
    if title:
        assert title_of(test) == title


def test_a_commune_tells_what_it_carries():
    said = words(run("pages/commune.py", commune="22093"))
    for part in ("17\u202f241 habitants en 2023", "hab./km²", "depuis le 1er mars 2021", "FOODLAB",
                 "DIX7", "territoire Baie d’Armor Industrie, phase 2",
                 "territoire Lamballe Terre et Mer, phase 1",
                 "Meslin (commune déléguée)", "COM-22093"):  # fmt: skip
        assert part in said, part


def test_an_old_code_leads_to_the_commune_of_today():
    test = run("pages/commune.py", commune="22151")
    assert title_of(test) == "Lamballe-Armor"
    assert "est ancien" in test.info[0].value


def test_dead_keys_are_said():
    assert "99999" in run("pages/commune.py", commune="99999").warning[0].value
    assert "inconnu" in run("pages/acteurs.py", actor="inconnu").warning[0].value
    assert "inconnu" in run("pages/themes.py", topic="inconnu").warning[0].value
    assert len(run("pages/villes.py", mode="some", region="999").warning) == 2


@pytest.mark.parametrize("name", ["commune", "acteurs", "themes", "villes"])
def test_hostile_words_of_the_address_stay_words(name):
    attack = "<img src=x onerror=alert(1)>**{{7*7}}**"
    key = {"commune": "commune", "acteurs": "actor", "themes": "topic", "villes": "mode"}[name]
    test = run(f"pages/{name}.py", **{key: attack})
    assert not test.exception
    warned = test.warning[0].value
    assert "\\<" in warned.lower()
    assert not re.search(r"(?<!\\)<img", warned.lower())


def test_the_distance_is_read_from_the_address_and_written_there():
    test = run("pages/commune.py", commune="56121", within="25")
    assert test.select_slider(key="rayon").value == 25
    test.select_slider(key="rayon").set_value(100).run()
    assert address(test) == {"commune": "56121", "within": "100"}
    assert (
        run("pages/commune.py", commune="56121", within="7").select_slider(key="rayon").value == 50
    )


def test_the_filters_of_towns_are_the_address():
    test = run("pages/villes.py")
    test.multiselect(key="v-region").set_value(["53"]).run()
    assert address(test) == {"region": "53"}
    assert title_of(test) == "166 communes labellisées sur 2\u202f575 · Bretagne"
    test.button_group(key="v-programme").set_value(["FABT", "MANUP"]).run()
    test.radio(key="v-mode").set_value("all").run()
    test.select_slider(key="v-size").set_range(3_500, 1_000_000).run()
    asked = address(test)
    assert (asked["mode"], asked["min_population"]) == ("all", "3500")
    assert "max_population" not in asked
    assert "Fabrique de territoire et Manufacture de proximité à la fois" in title_of(test)


def test_no_town_found_can_be_undone():
    test = run("pages/villes.py", programme="ACV,PVD", mode="all", region="53")
    assert "Aucune ville ne répond" in words(test)
    test.button(key="v-effacer").click().run()
    assert address(test) == {}
    assert "Aucune ville ne répond" not in words(test)


def test_programmes_together_once_are_not_said_to_be_often_so():
    assert "Le plus souvent ensemble" not in words(run("pages/villes.py", region="06"))
    assert "Le plus souvent ensemble" in words(run("pages/villes.py"))


def test_the_projects_around_are_other_ones_when_there_is_one_here():
    assert "Aucun autre projet à moins de 50\u00a0km." in words(
        run("pages/commune.py", commune="62498")
    )
    assert "Aucun projet à moins de 25\u00a0km." in words(
        run("pages/commune.py", commune="29155", within="25")
    )


def test_the_name_of_a_commune_has_a_french_apostrophe():
    assert title_of(run("pages/commune.py", commune="49069")) == "Orée d’Anjou"


def test_the_finder_answers_typing_mistakes_and_says_when_nothing_does():
    test = run("pages/commune.py")
    test.text_input(key="chercher-commune").set_value("lorian").run()
    assert "Lorient — Morbihan \\(56\\)" in words(test)
    test.text_input(key="chercher-commune").set_value("zzzzqqqqxx").run()
    assert "Rien ne répond" in test.info[0].value


def test_a_theme_shows_its_lessons_and_a_topic_its_themes():
    said = words(run("pages/themes.py", theme="apprendre-travailler"))
    for part in ("Entreprendre ensemble", "Apprendre autrement", "Ranimer par les tiers-lieux",
                 "Piste 1, Raphaël Besson", "10 projets"):  # fmt: skip
        assert part in said, part
    assert "Compter avec l’immobilier" in words(run("pages/themes.py", topic="industrie"))


def test_an_organisation_shows_roles_family_and_amounts():
    said = words(run("pages/acteurs.py", actor="ca-rochefort-ocean"))
    assert "9,7\u00a0M€" in said.replace("\\", "")
    assert "financeur et maître d’ouvrage" in said
    assert "Technopôle de l’Arsenal" in said
    assert "Aucune fiche ne lui donne de rôle" in words(run("pages/acteurs.py", actor="puca"))


def test_the_card_of_a_commune_beside_the_map():
    said = words(run("pages/carte.py", commune="23008"))
    for part in ("<h2>Aubusson</h2>", "3\u202f018 habitants en 2023", "Creuse Industrie, phase 2",
                 "La Fabrique textile Aubusson-Felletin", "Projets autour"):  # fmt: skip
        assert part in said, part
    assert "<h2>L’Isle-Jourdain</h2>" in words(run("pages/carte.py", commune="32160"))
    test = run("pages/carte.py", commune="29155", region="53")
    assert "Le plus proche, à 67" in words(test)
    test.button(key="fermer-commune").click().run()
    assert address(test) == {"region": "53"}
    assert "La sélection en chiffres" in words(test)


def test_the_finder_of_the_map_opens_a_card_and_empties_its_box():
    test = run("pages/carte.py", region="53")
    test.text_input(key="chercher").set_value("lens").run()
    test.button(key="chercher-commune-62498").click().run()
    assert address(test) == {"region": "53", "commune": "62498"}
    assert test.text_input(key="chercher").value == ""
    assert "<h2>Lens</h2>" in words(test)
