"""The pages as Streamlit runs them, without a browser: what is said, and that nothing breaks."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.shipped import read_atlas
from villeactive.errors import SheetError
from villeactive.filtering import apply
from villeactive.geography import referential
from villeactive.maps.web import site_rows
from villeactive.selection import Selection
from villeactive.ui import prefetch, shared

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("carte", "projet", "atelier", "collections", "methode")
TIMEOUT = 60
TITLE = re.compile("<h1 class='va-title'>(.*)</h1>")
EVERY_PAGE = [("app.py", None), *((f"pages/{name}.py", None) for name in PAGES),
              *(("app.py", f"pages/{name}.py") for name in PAGES)]  # fmt: skip
SELECTIONS = {
    "everything": {},
    "one project": {"region": "53", "programme": "PVD", "topic": "tiers-lieux"},
    "nothing": {"region": "94"},
    "open sheet": {"projet": "usinerie", "layers": "projects,mentions,TI"},
}


@pytest.fixture(autouse=True)
def fresh_caches():
    yield
    st.cache_resource.clear()


def run(script: str = "app.py", page: str | None = None, /, **query: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / script), default_timeout=TIMEOUT)
    for key, value in query.items():
        test.query_params[key] = value
    if page and page != "pages/carte.py":
        test.run()
        test.switch_page(page)
        for key, value in query.items():
            test.query_params[key] = value
    return test.run()


def words(test: AppTest) -> str:
    """Everything written on the page, markup included."""
    kinds = ("header", "subheader", "markdown", "caption", "info", "warning", "error")
    said = [str(e.value) for kind in kinds for e in getattr(test, kind)]
    # a page run alone says its links plainly, unless this process has run the whole atlas before
    said += [e.proto.label for e in test.get("page_link")]
    said += [button.label for button in test.button]
    drawn = [e.proto.body for e in test.get("html")]
    return "\n".join([*said, *(body for body in drawn if "<style>" not in body)])


def title_of(test: AppTest) -> str:
    """The title of the page, as it is read."""
    found = (TITLE.search(e.proto.body) for e in test.get("html"))
    return unescape(next(filter(None, found))[1])


def address(test: AppTest) -> dict[str, str]:
    given = dict(test.query_params)
    return {key: v if isinstance(v, str) else ",".join(v) for key, v in given.items()}


def listed(test: AppTest) -> list[list]:
    """The page of the list, row by row: id, sign, cells."""
    components = test.get("bidi_component")
    rows = next(one.proto for one in components if one.proto.component_name.endswith("lignes"))
    return json.loads(rows.bytes)["rows"]


def selected(test: AppTest, key: str) -> list[str]:
    return list(test.session_state[key])


def test_at_first_sight_the_map_comes_before_the_filters(monkeypatch):
    asked = property(lambda _: "http://127.0.0.1/")  # a page that no browser asks for is whole
    monkeypatch.setattr(type(st.context), "url", asked)
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT).run()
    assert len(test.get("component_instance")) == 1
    assert title_of(test).startswith("20 projets")
    assert not test.sidebar.multiselect
    assert "Les filtres arrivent" in words(test)
    test.run()
    assert len(test.get("component_instance")) == 1
    assert test.sidebar.multiselect
    assert "Les filtres arrivent" not in words(test)


def test_the_end_of_a_page_is_another_one_in_each_visit():
    ends = []
    for _ in range(2):  # the browser hears nothing of what it already has
        parts = run().get("bidi_component")
        ends += [one.proto.json for one in parts if one.proto.component_name == "villeactive_fin"]
    assert len(set(ends)) == 2
    assert len({json.loads(end)[0] for end in ends}) == 1


@pytest.mark.parametrize("query", SELECTIONS.values(), ids=SELECTIONS)
@pytest.mark.parametrize(("script", "page"), EVERY_PAGE)
def test_every_page_runs_whatever_the_selection(script, page, query):
    test = run(script, page, **query)
    assert not test.exception
    assert not test.error
    assert "Traceback" not in words(test)


def test_sentence_counts_and_filters_agree():
    test = run(region="53,28", programme="PVD")
    # Lamballe-Armor and Plouhinec; Normandie's projects are in ACV towns
    assert title_of(test) == "2 projets · Bretagne ou Normandie · Petites villes de demain"
    assert selected(test, "f-region") == ["53", "28"]
    assert selected(test, "f-programme") == ["PVD"]
    towns = "294 villes Petites villes de demain"
    assert f"<b>2 projets · 2 villes · {towns}</b>" in words(test)


def test_a_filter_writes_the_address_and_its_chip_lifts_it():
    test = run()
    assert title_of(test) == "20 projets"
    test.multiselect(key="f-region").set_value(["53"]).run()
    assert address(test)["region"] == "53"
    assert title_of(test) == "2 projets · Bretagne"
    test.button(key="chip-region").click().run()
    assert "region" not in address(test)
    assert title_of(test) == "20 projets"


def test_one_reset_keeps_layers_and_open_sheet():
    test = run(region="53", text="lieu", layers="projects", projet="usinerie")
    test.button(key="reset").click().run()
    assert address(test) == {"layers": "projects", "projet": "usinerie"}


def test_dead_values_of_the_address_are_said_and_dropped():
    test = run(region="999,53", projet="inconnu")
    said = [warning.value for warning in test.warning]
    assert len(said) == 2
    assert any("Région" in line and "999" in line for line in said)
    assert any("Fiche" in line and "inconnu" in line for line in said)
    assert title_of(test) == "2 projets · Bretagne"


def test_nothing_found_says_which_filter_to_lift():
    test = run(region="94", theme="apprendre-travailler")
    assert title_of(test).startswith("0 projet · Corse")
    # ten projects have this theme, none stands in Corse
    assert test.info[0].value == (
        "Aucun projet ne répond à tous ces filtres. Sans «\u00a0Corse\u00a0», il y en aurait 10."
    )
    assert test.get("component_instance"), "the map stays"
    assert "Télécharger la liste" not in words(test), "there is none"
    assert "Télécharger la liste" in words(run())


def offered_towns(test: AppTest) -> list[str]:
    """Name the towns offered, as markdown shows them."""
    offered = [button for button in test.button if (button.key or "").startswith("near-")]
    return [button.label.replace("\\", "") for button in offered]


def test_an_ambiguous_town_is_offered_never_guessed():
    test = run()
    test.text_input(key="f-near").set_value("Rochefort").run()
    assert "near" not in address(test)
    assert "Rochefort (Charente-Maritime)" in offered_towns(test)
    test.button(key="near-17299").click().run()
    assert address(test)["near"] == "17299"
    assert title_of(test).endswith("à moins de 50\u00a0km de Rochefort")


def test_towns_are_offered_until_something_else_is_done():
    test = run()
    test.text_input(key="f-near").set_value("Saint-Denis").run()
    assert "Saint-Denis (La Réunion)" in offered_towns(test)
    test.run()
    assert offered_towns(test)
    test.session_state["f-programme"] = ["PVD"]
    test.query_params["programme"] = "PVD"
    test.run()
    assert not offered_towns(test)
    assert test.text_input(key="f-near").value == ""


def test_a_name_that_only_former_communes_bore_offers_the_towns_of_today_too():
    test = run()
    test.text_input(key="f-near").set_value("Villefranche").run()
    assert "Villefranche-sur-Saône (Rhône)" in offered_towns(test)
    assert any("toutes anciennes" in caption.value for caption in test.caption)


def test_words_are_shown_as_they_were_typed():
    test = run(text="**x** $y$ :red[z]")
    assert test.button(key="chip-text").label == "«\u00a0\\*\\*x\\*\\* \\$y\\$ \\:red\\[z\\]\u00a0»"
    test = run()
    test.text_input(key="f-near").set_value("$y$ **z**").run()
    assert any("\\$y\\$ \\*\\*z" in caption.value for caption in test.caption)


def test_a_title_that_is_too_long_is_cut_and_said():
    test = run("app.py", "pages/atelier.py")
    test.text_input(key="a-title").set_value("long " * 30).run()
    assert "Coupé à 90 signes." in [caption.value for caption in test.caption]


def test_a_sheet_beside_the_map_opens_and_closes():
    test = run(projet="issoire-industrie-40")
    assert "<h2>Issoire, un master Industrie 4.0 en alternance</h2>" in words(test)
    # 31 000 € from the university and 31 000 € from the town; the Région's 20 000 € are inside
    assert "62\u202f000\u00a0€ HT (investissement, somme de l’atlas)" in words(test)
    test.button(key="suivant").click().run()
    assert address(test)["projet"] == "cocotte-minute"
    test.button(key="fermer").click().run()
    assert "projet" not in address(test)


def test_project_page_holds_every_part_of_the_book():
    test = run("app.py", "pages/projet.py", projet="usinerie")
    said = words(test)
    for part in ("Lieu", "Habitants", "Programmes", "Quand", "Financeurs", "Maîtrise d’ouvrage",
                 "Maîtrise d’œuvre", "Calendrier", "Chiffres", "Points forts", "Effets attendus",
                 "Points de vue", "Contact", "Voir aussi", "Notes de lecture", "Fiches liées",
                 "Projets les plus proches", "Pour citer cette fiche"):  # fmt: skip
        assert part in said, part
    assert "45\u202f102 habitants en 2023 (45\u202f390 dans le livre)" in said
    assert "Paru en 2022, à vérifier." in said
    assert any(code.value.startswith("Ville active\u00a0: erreur dans") for code in test.code)
    assert test.code[0].value.endswith("p.\u00a08-13.")


def test_project_page_without_a_project_lists_them():
    test = run("app.py", "pages/projet.py")
    assert title_of(test) == "Quel projet ouvrir\u00a0?"
    lines = listed(test)
    assert [len(lines), lines[0][0], lines[-1][-1]] == [29, "usinerie", "Lieu cité"]
    assert not [button for button in test.button if button.label == lines[0][2]]


def test_project_page_lists_all_when_no_project_is_selected():
    test = run("app.py", "pages/projet.py", text="zzzz")
    assert "La sélection est vide\u00a0: voici tous les projets." in words(test)
    assert len(listed(test)) == 29


def test_project_page_finds_one_by_its_words_the_filters_kept():
    test = run("app.py", "pages/projet.py", theme="filieres-productions")
    test.text_input(key="chercher-projet").set_value("usinerie").run()
    test.button(key="chercher-projet-project-usinerie").click().run()
    assert address(test) == {"theme": "filieres-productions", "projet": "usinerie"}


def test_with_many_sites_no_next_click_is_looked_into(monkeypatch):
    asked = []
    monkeypatch.setattr(prefetch, "show_ahead", lambda selection, *_: asked.append(selection))
    monkeypatch.setattr(prefetch, "MOST", len(read_atlas().sites) - 1)
    run()
    assert asked == []
    monkeypatch.setattr(prefetch, "MOST", len(read_atlas().sites))
    run()
    assert asked


def test_mentions_are_listed_apart_when_their_layer_is_on():
    test = run(layers="projects,mentions")
    assert title_of(test) == "20 projets et 9 lieux cités"
    assert "9 lieux cités" in words(test)


@pytest.mark.parametrize(("script", "page"), EVERY_PAGE)
def test_damaged_atlas_is_said_in_french(monkeypatch, script, page):
    fault = "usinerie.yaml : title : manque"

    def broken(**_):
        raise SheetError([fault])

    st.cache_resource.clear()
    monkeypatch.setattr(shared, "read_atlas", broken)
    test = run(script, page)
    assert [e.value for e in test.error] == [
        "Les données de l’atlas sont abîmées\u00a0: cette page ne peut être montrée entière."
    ]
    assert test.code[0].value == fault
    assert not test.exception


@pytest.fixture
def no_geodata(monkeypatch, tmp_path):
    """Have tables and outlines missing once the atlas is read."""
    read_atlas()
    cached = (referential._table, referential._outlines, referential._fine_outlines)
    with monkeypatch.context() as patch:
        patch.setattr(referential, "GEODATA", tmp_path / "geodata")
        patch.setattr(referential, "OUTLINES", tmp_path / "geodata" / "outlines")
        for function in cached:
            function.cache_clear()
        yield
    for function in cached:
        function.cache_clear()


@pytest.mark.usefixtures("no_geodata")
def test_a_table_read_late_is_told_in_the_same_box():
    def script():
        from villeactive.geography import referential
        from villeactive.ui import shell

        with shell.faults_told():
            referential.read_outlines("regions")

    test = AppTest.from_function(script, default_timeout=TIMEOUT).run()
    assert not test.exception
    assert [e.value for e in test.error] == [
        "Les données de l’atlas sont abîmées\u00a0: cette page ne peut être montrée entière."
    ]
    assert "geodata/outlines/regions.geojson manque" in test.code[0].value


def test_only_symbols_names_colours():
    for path in (ROOT / "villeactive" / "ui").rglob("*"):
        if path.suffix in {".py", ".css", ".js"}:
            assert not re.search(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8")), path


def test_a_mistake_is_told_to_who_keeps_the_atlas(monkeypatch):
    monkeypatch.setenv("VILLEACTIVE_CONTACT", "atlas@exemple.fr")
    said = words(run("app.py", "pages/projet.py", projet="usinerie"))
    assert "[Signaler une erreur](mailto:atlas@exemple.fr?subject=Ville%20active" in said
    monkeypatch.setenv("VILLEACTIVE_CONTACT", "javascript:alert(1)")
    assert "[Signaler" not in words(run("app.py", "pages/projet.py", projet="usinerie"))


def test_places_only_cited_are_offered_when_no_project_answers():
    test = run("app.py", "pages/carte.py", text="dentelle")
    assert "Aucun projet ne répond à ces filtres, mais 1 lieu cité" in words(test)
    test.button(key="montrer-cites").click().run()
    assert address(test)["layers"] == "projects,mentions,ACV,PVD"
    assert "Aucun projet" not in words(test)


def test_asked_for_by_their_kind_cited_places_are_listed_and_drawn(atlas):
    selection = Selection(kind=("mention",))
    applied = apply(selection, atlas)
    assert len(applied.listed(selection, atlas)) == 9
    drawn = site_rows.drawn(applied.sites, selection.shown_layers(atlas))
    assert {row.site.project for row in drawn} == set(applied.listed(selection, atlas).index)
    assert "comptés à part" not in words(run("app.py", "pages/carte.py", kind="mention"))


@pytest.mark.parametrize(
    ("projects", "group", "said"),
    [(5_000, None, []), (5_001, "none", []), (5_001, None, ["5\u202f001\u00a0projets, trop pour"])],
)
def test_a_map_of_too_many_symbols_says_what_circles_stand_for(projects, group, said):
    def script(projects: int, group: str | None) -> None:
        from tests.shipped import read_atlas
        from villeactive.selection import Selection
        from villeactive.ui.parts.map import show_circles_note

        show_circles_note(Selection(group=group), projects, read_atlas())

    test = AppTest.from_function(script, args=(projects, group)).run()
    assert [one.value[: len(said[0])] for one in test.caption] == said
