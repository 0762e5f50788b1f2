"""The page « Ma ville » as Streamlit runs it, without a browser."""

import re

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.test_pages import address, run, title_of, words
from villeactive.documents.brief import note_of
from villeactive.maps.scene.similar_towns_map import alike_svg
from villeactive.programmes import known_programmes
from villeactive.ui.pages.compare import scale
from villeactive.ui.pages.ma_ville import Asked
from villeactive.ui.pages.similar_towns import listed_said
from villeactive.wording.town_facts import five_figures, labels_said, ordinal

PAGE = "pages/ma_ville.py"
NBSP = "\u00a0"
TOWNS = {
    "62498": "Lens",
    "97411": "Saint-Denis",
    "97611": "Mamoudzou",
    "29155": "Ouessant",
    "75056": "Paris",
    "55039": "Beaumont-en-Verdunois",
}
LEVELS = ("size", "density", "role", "programmes", "distance")


@pytest.fixture(scope="module", autouse=True)
def fresh_caches():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def likeness(test: AppTest) -> list[str]:
    return re.findall(r"<b>(\d+) sur 100</b>", words(test))


def test_without_a_town_one_is_asked_for():
    test = run(PAGE)
    assert not test.exception
    assert title_of(test) == f"Quelle est votre ville{NBSP}?"
    test.text_input(key="chercher-ma-ville").set_value("saint denis").run()
    found = "\n".join(button.label for button in test.button)
    assert "Saint\\-Denis — La Réunion \\(974\\)" in found
    assert "Saint\\-Denis — Seine\\-Saint\\-Denis \\(93\\)" in found
    assert "désigne 6 communes" in words(test)
    assert "Choisissez dans la liste." in words(test)
    test.text_input(key="chercher-ma-ville").set_value("usinerie").run()
    assert not any("Usinerie" in button.label for button in test.button), "communes alone"
    test.text_input(key="chercher-ma-ville").set_value("zzzzqqqqxx").run()
    assert "Aucune commune ne répond" in test.info[0].value


@pytest.mark.parametrize(("code", "name"), TOWNS.items())
def test_every_kind_of_town_is_answered(code, name):
    test = run(PAGE, commune=code)
    assert not test.exception
    assert not test.error
    assert not test.warning
    assert title_of(test) == name
    assert len(likeness(test)) == 10
    assert [int(v) for v in likeness(test)] == sorted(map(int, likeness(test)), reverse=True)
    assert [one.value for one in test.header] == [
        "Des villes comme la vôtre", "Ce qu’elles ont fait",
        "Les programmes qu’elles portent, et pas vous", "Comparer côte à côte",
        "Comment la ressemblance est mesurée", "Une autre ville",
    ]  # fmt: skip
    assert not re.search(r" [:;!?%»]", re.sub(r"<[^>]*>", "", words(test))), "espaces"


def test_a_candidate_keeps_the_choices_of_the_address():
    test = run(PAGE, commune="62498", weights="size=3", compare="62510")
    test.text_input(key="chercher-62498").set_value("arras").run()
    test.button(key="chercher-62498-commune-62041").click().run()
    assert address(test) == {"commune": "62041", "weights": "size=3"}
    assert title_of(test) == "Arras"


def test_a_dead_code_is_said_and_an_old_one_leads_on():
    test = run(PAGE, commune="99999")
    assert title_of(test) == f"Quelle est votre ville{NBSP}?"
    assert "99999" in test.warning[0].value
    test = run(PAGE, commune="22151")
    assert title_of(test) == "Lamballe-Armor"
    assert "est ancien" in test.info[0].value


def test_what_the_address_says_wrongly_is_said():
    test = run(PAGE, commune="62498", weights="taille=9", within="7", compare="99999,62510")
    said = [warning.value for warning in test.warning]
    assert len(said) == 3
    assert test.multiselect(key="mv-comparer").value == ["62510"]
    assert test.select_slider(key="mv-rayon").value == 50


def test_hostile_words_of_the_address_stay_words():
    attack = "<img src=x onerror=alert(1)>**{{7*7}}**"
    for key in ("commune", "weights", "within", "compare"):
        test = run(PAGE, **({"commune": "62498"} | {key: attack}))
        assert not test.exception
        assert test.warning
        assert not re.search(r"(?<!\\)<img src=x", words(test).lower())


def test_sliders_are_the_address_and_change_the_list():
    test = run(PAGE, commune="62498")
    before = words(test)
    test.select_slider(key="mv-distance").set_value("décisif").run()
    assert address(test) == {"commune": "62498", "weights": "distance=3"}
    assert "Liévin" in words(test)
    assert words(test) != before
    assert test.select_slider(key="mv-distance").value == "décisif"
    test.button(key="mv-depart").click().run()
    assert address(test) == {"commune": "62498"}
    assert likeness(test) == re.findall(r"<b>(\d+) sur 100</b>", before)


def test_weights_all_without_effect_are_refused():
    test = run(PAGE, commune="62498", weights="density=0,role=0,programmes=0")
    test.select_slider(key="mv-size").set_value("sans effet").run()
    assert "doit compter" in test.warning[0].value
    assert test.select_slider(key="mv-size").value == "normal"
    assert address(test)["weights"] == "density=0,role=0,programmes=0"


def test_the_region_and_the_distance_are_the_address():
    test = run(PAGE, commune="62498")
    test.toggle(key="mv-region").set_value(True).run()
    assert address(test) == {"commune": "62498", "same_region": "1"}
    assert "en région Hauts\\-de\\-France" in words(test)
    test.select_slider(key="mv-rayon").set_value(100).run()
    assert address(test)["within"] == "100"


@pytest.mark.parametrize("code", ["62498", "30033", "97411"])
def test_page_and_note_list_the_same_projects_by_the_rule_they_state(code, atlas, day):
    told = note_of(code, atlas, day=day).told
    said = words(run(PAGE, commune=code)).replace("\\", "")
    assert told["chosen"] in said
    at = [said.index(f"{one['title']} — ") for one in told["visits"]]
    assert len(at) == 3
    assert at == sorted(at)
    assert said[at[0] : at[-1]].count(" — ") == 2  # no other project between them


def test_projects_that_do_not_fit_are_said_to_be_so():
    said = words(run(PAGE, commune="97411", compare="62498"))
    assert f"km{NBSP}: à défaut, les plus proches dont un contact est donné." in said.replace(
        "\\", ""
    )
    assert "bien plus près" in said
    assert ">non<" in said


def test_towns_to_compare_are_the_address():
    test = run(PAGE, commune="62498", compare="62510")
    said = words(test)
    for part in ("Habitants", "votre ville", "Liévin (62)", "moins peuplée", "Programme"):
        assert part in said, part
    test.multiselect(key="mv-comparer").set_value([]).run()
    assert address(test) == {"commune": "62498"}
    assert test.multiselect(key="mv-comparer").value == []


def test_an_address_leaves_out_what_is_usual():
    assert Asked("62498").to_query() == {"commune": "62498"}
    told = Asked("62498", same_region=True, within=25, compare=("62510",)).to_query()
    assert told == {"commune": "62498", "same_region": "1", "within": "25", "compare": "62510"}


def test_five_figures_worked_by_hand(atlas):
    five = {one.label: (one.said, one.note) for one in five_figures("62498", atlas, within_km=50)}
    row = atlas.communes.loc["62498"]
    group = atlas.communes[atlas.communes["epci"] == row["epci"]]
    share = round(100 * row["population"] / group["population"].sum())
    assert five["Part de l’intercommunalité"][0] == f"{share}{NBSP}%"
    assert f"1re de {len(group)} communes" in five["Part de l’intercommunalité"][1]
    assert five["Ville bien plus grande"] == (f"à 28{NBSP}km", "Lille")
    assert "Action cœur de ville" in labels_said("62498", atlas)
    assert [ordinal(rank) for rank in (1, 2)] == ["1re", "2e"]


def test_an_island_outside_any_epci_says_so(atlas):
    five = {one.label: one.note for one in five_figures("29155", atlas, within_km=50)}
    assert five["Part de l’intercommunalité"] == "hors de toute intercommunalité"


def test_an_island_outside_any_epci_has_no_share_to_compare():
    said = words(run(PAGE, commune="29155", compare="62498"))
    (share,) = re.findall(r"<section><h3>Part de l’intercommunalité</h3>.*?</section>", said)
    own, other = share.split("</li>")[:2]
    assert "<b>–, hors intercommunalité</b>" in own
    assert "width:0.0%" in own
    assert "1re commune" in other
    assert "<small></small>" in other
    assert "(quatre îles) est mesurée comme seule" in said


def test_each_programme_of_a_compared_town_is_in_the_table(atlas):
    carried = atlas.communes.loc["22093", "programmes"]
    assert "TI1" in carried
    said = words(run(PAGE, commune="22093", compare="29155"))
    table = said[said.index("mv-labels-grid") :]
    assert re.findall(r"<th scope='row'>([^<]*)<", table) == [
        known_programmes()[code].label for code in carried
    ]


def test_the_towns_listed_are_said_to_have_projects_or_not():
    towns = pd.DataFrame({"name": ["L'Une", "Deux", "Trois"]}, index=["a", "b", "c"])
    found = pd.DataFrame({"code_insee": ["x", "b", "b"]})
    then = f"{NBSP}; voici"
    said = listed_said(towns, (), found.head(1))
    assert said == f"Aucune de ces trois villes n’a de projet{then} ceux d’autres villes."
    said = listed_said(towns, ("b",), found)
    assert said == (f"Une de ces trois villes a un projet (Deux){then} 3 projets, "
                    "dont 2 de cette ville.")  # fmt: skip
    said = listed_said(towns, ("a", "b"), found.tail(2))
    assert said == (f"Deux de ces trois villes ont un projet (L’Une et Deux){then} "
                    "2 projets de ces villes.")  # fmt: skip
    said = listed_said(towns, ("a",), found)
    assert said.startswith("Une de ces trois villes a un projet (L’Une)")
    assert listed_said(towns.head(1), (), found).startswith("Cette ville n’a pas de projet")


def test_projects_say_how_far_they_are_and_that_the_region_is_not_theirs():
    test = run(PAGE, commune="62498", same_region="1")
    assert "projets viennent toujours de toute la France" in words(test)
    assert "projets viennent toujours" not in words(run(PAGE, commune="62498"))


def test_bars_stand_on_one_scale_and_names_are_escaped():
    html = scale("Habitants", [("<b>A</b>", 50, "50", "votre ville"), ("B", 200, "200", "4 fois")])
    assert "width:25.0%" in html
    assert "width:100.0%" in html
    assert "&lt;b&gt;A" in html
    assert scale("Rien", [("A", 0, "0", "")]).count("width:0.0%") == 1


def test_the_map_numbers_the_towns_apart(atlas):
    codes = ["62510", "62427", "62119", "97411"]
    svg = alike_svg("62498", codes, atlas.sites.iloc[:3], atlas)
    assert re.findall(r">(\d+)</text>", svg) == ["1", "2", "3", "4"]
    spots = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor', svg)
    assert len(set(spots)) == 4
    x = [float(a) for a, _ in spots]
    y = [float(b) for _, b in spots]
    for one in range(4):
        for other in range(one):
            assert ((x[one] - x[other]) ** 2 + (y[one] - y[other]) ** 2) ** 0.5 > 34
    assert alike_svg("62498", codes, atlas.sites.iloc[:3], atlas) == svg


def test_what_is_over_is_not_said_to_be_carried_today(atlas):
    assert "TI1" in atlas.communes.loc["62498", "programmes"]
    said = labels_said("62498", atlas)
    assert "Territoires d’industrie (2023-2027), territoire Lens – Hénin" in said
    assert not any("2018" in one for one in said)


def test_a_fourth_town_to_compare_is_said_to_be_left_aside():
    test = run(PAGE, commune="59183", compare="59350,75056,13055,69123", same_region="x")
    said = [one.value for one in test.warning]
    assert any("Lyon est laissée de côté" in one for one in said)
    assert any("Dans ma région" in one for one in said)
