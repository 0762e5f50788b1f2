"""The page « Collections » as Streamlit runs it: a server that keeps, one that keeps nothing."""

import gc
import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.test_pages import address, run, words
from villeactive.errors import DataFileError
from villeactive.imports.brought import MOST_BYTES, file_name, pasted, read_brought, template
from villeactive.imports.exports import file_of
from villeactive.imports.importing import alike, draft, keep, remembered
from villeactive.imports.projects import Wish, title_of_file
from villeactive.imports.questions import NOWHERE, choices, questions, settled
from villeactive.maps.scene.mini_maps import places_svg
from villeactive.tables.roles import ROLES
from villeactive.tables.understanding import understand
from villeactive.ui import shared, shell, trial
from villeactive.ui.keeping import is_own
from villeactive.ui.pages.collections.columns import LABELS
from villeactive.ui.shared import shared_atlas

PAGE = "pages/collections.py"
TABLE = """Réf\tCommune\tDép\tIntitulé\tType\tSubvention\tContact
A1\tLens\t62\tHalle *aux* métiers\tCommerce\t26 112 €\tm.martin@exemple.fr
A2\tSaint-Denis\t\tÉcole de musique\tCulture\t1,2 M€\t
A3\tSaint-Denis\t\tChorale\tCulture\t\t
A4\tZzyzx\t59\tUn rêve\tTransport\t\t
A5\tNouméa\t988\tUn voyage\tTransport\t\t
"""
DAY = date(2026, 11, 28)
OWN = {"Host": "127.0.0.1:8501"}


@pytest.fixture(scope="module", autouse=True)
def fresh_caches():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def own_store(kept):
    """Have each test of this page keep in a store of its own."""
    return kept


def brought(text: str = TABLE) -> AppTest:
    """Paste cells on the page."""
    test = run(PAGE)
    test.text_area(key="c-cells").set_value(text)
    return test.button(key="c-paste").click().run()


def following(test: AppTest, step: int) -> AppTest:
    """Go on from a step."""
    return test.button(key=f"c-next-{step}").click().run()


def button(test: AppTest, name: str):
    return next(one for one in test.button if one.label == name)


@pytest.mark.parametrize(
    ("headers", "listens", "public", "own"),
    [
        (OWN, "127.0.0.1", "", True),
        ({"host": "localhost"}, "localhost", "", True),
        ({"Host": "[::1]:8501"}, "::1", "", True),
        (OWN, "0.0.0.0", "", False),
        (OWN, None, "", False),
        (OWN, "127.0.0.1", "1", False),
        ({}, "127.0.0.1", "", False),
        ({"Host": "atlas.mairie.example"}, "127.0.0.1", "", False),
        ({"Host": "127.0.0.1.example:8501"}, "127.0.0.1", "", False),
        ({"Host": "[::1"}, "127.0.0.1", "", False),
        *((OWN | {name: "x"}, "127.0.0.1", "", False) for name in (
            "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host", "Forwarded", "via",
        )),
    ],
)  # fmt: skip
def test_only_the_one_who_runs_the_server_may_keep(headers, listens, public, own):
    assert is_own(headers, listens=listens, public=public) is own


def test_nothing_kept_says_what_one_can_do():
    test = run(PAGE)
    assert not test.exception
    assert "Aucune collection n’est gardée" in words(test)
    assert test.header[0].value == "Ajouter une collection"


def test_pasted_cells_go_through_the_steps_and_come_back():
    test = brought()
    assert address(test) == {"step": "1"}
    assert "5 lignes, 7 colonnes, en\\-têtes à la ligne 1." in test.success[0].value
    test = following(test, 1)
    roles = {box.label: box.value for box in test.selectbox}
    assert list(roles.values()) == ["id", "name", "departement", "title", "kind", "amount",
                                    "contact"]  # fmt: skip
    assert "Thème\u00a0: Type. Taille des cercles\u00a0: Subvention." in words(test)
    assert [box.label for box in test.checkbox] == ["Sans thème", "Montrer à tous"]
    assert not test.checkbox[1].value
    test = test.selectbox[3].set_value("theme").run()
    assert "Thème\u00a0: Intitulé." in words(test)
    test = test.selectbox[1].set_value(None).run()
    assert "Aucune colonne ne dit un lieu" in test.warning[0].value
    test = test.selectbox[1].set_value("name").run()
    test = test.checkbox[1].check().run()
    test = following(test, 2)
    assert address(test) == {"step": "3"}
    test = test.button(key="c-back-3").click().run()
    assert test.selectbox[3].value == "theme"
    assert test.checkbox[1].value


def test_ids_that_come_twice_are_told_of_before_they_identify_nothing():
    twice = TABLE.replace("A5", "A4") + "".join(f"B{n}\tLens\t62\tx{n}\t\t\t\n" for n in range(9))
    said = "revient aux lignes 5 et 6"
    assert said in words(following(brought(twice), 1))
    assert "revient aux" not in words(following(brought(), 1))


def test_themes_are_refused_and_the_date_is_changed():
    test = following(brought(), 1)
    assert "Thème\u00a0: Type." in words(test)
    test = test.checkbox(key="c-unthemed").check().run()
    assert "Thème\u00a0: sans thème. Taille des cercles\u00a0: Subvention." in words(test)
    test = following(following(test, 2), 3)
    for wrong, why in (("31/02/2026", "jour/mois/année"), ("01/01/2999", "elle est à venir")):
        test = test.text_input(key="c-day").set_value(wrong).run()
        assert why in test.warning[0].value
    test = test.text_input(key="c-day").set_value("14/03/2025").run()
    assert not test.warning
    test = test.button(key="c-keep").click().run()
    kept = trial_of(test).kept
    assert kept.head["updated"] == "2025-03-14"
    assert "themes" not in kept.head
    assert kept.mapping["themed"] is False
    assert {one.data.get("theme") for one in kept.records.values()} == {None}
    assert not remembered(kept, []).themed


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("aides-regionales_2024-03.xlsx", "Aides regionales 2024-03"),
        ("2024-03-01.csv", "2024-03-01"),
        ("AAP_villes--actives.csv", "AAP villes actives"),
        ("_.csv", "Collection"),
    ],
)
def test_the_name_of_a_file_gives_a_title_that_reads(name, title):
    assert title_of_file(Path(name)) == title


def test_a_question_is_settled_by_one_click_for_all_its_rows_and_taken_back():
    test = following(following(brought(), 1), 2)
    said = words(test)
    assert "1 sur 5 lignes a un lieu sûr" in said
    assert "<dt>hors de l’atlas</dt><dd>1</dd>" in said
    assert "2 lignes\u00a0: École de musique, Chorale" in said
    assert "3 questions à régler" in said
    test = button(test, "Saint\\-Denis \\(93\\), Seine\\-Saint\\-Denis").click().run()
    assert "3 sur 5 lignes ont un lieu sûr" in words(test)
    assert "<dt>placées à la main</dt><dd>2</dd>" in words(test)
    test = button(test, "Sans lieu").click().run()
    assert "<dt>sans lieu</dt><dd>1</dd>" in words(test)
    test = button(test, "Plus tard").click().run()
    assert "Plus rien à régler" in words(test)
    assert "1 question remise à plus tard" in words(test)
    for left in ("1 question à régler", "2 questions à régler"):
        test = test.button(key="c-undo-answer").click().run()
        assert left in words(test)
    assert "1 sur 5 lignes a un lieu sûr" in words(test)


SEVERAL = """Réf\tCommune\tDép\tIntitulé\tSubvention
A1\tLens, Arras\t62\tHalle\t1500
A2\tLens et Liévin\t62\tÉcole\t
A3\tCalais ; Zzyzx\t62\tPort\t2000
A4\tArras / Béthune\t62\tMusée\t
A5\tLens\t62\tGare *du* Nord\t100
A5\tArras\t62\tGare *du* Nord\t200
"""


def test_projects_with_several_sites_are_offered_off_and_read_when_asked():
    assert not following(brought(), 1).toggle
    test = following(brought(SEVERAL), 1)
    said = [
        shell.markdown(f"{start}\u00a0: en faire {what} à plusieurs lieux")
        for start, what in (
            ("3 cellules nomment plusieurs communes", "des projets"),
            ("1 identifiant revient sur plusieurs lignes (Réf)", "un projet"),
        )
    ]
    assert [(one.label, one.value) for one in test.toggle] == [(one, False) for one in said]
    test = following(test, 2)
    assert "1 sur 6 lignes" not in words(test)
    assert "2 sur 6 lignes ont un lieu sûr" in words(test)
    test = test.button(key="c-back-3").click().run()
    for how in ("cells", "rows"):
        test = test.toggle(key=f"c-sites-{how}").set_value(True).run()
    assert [(one.label, one.value) for one in test.toggle] == [(one, True) for one in said]
    assert test.selectbox[0].value == "id"
    assert "d’une ligne à l’autre des montants différents" in test.caption[0].value
    test = following(test, 2)
    assert "5 projets\u00a0: 9 sur 10 lieux sont sûrs" in words(test)
    assert "1 question à régler" in words(test)
    test = test.button(key="c-back-3").click().run()
    test = test.toggle(key="c-sites-rows").set_value(False).run()
    assert test.selectbox[0].value is None
    test = following(following(test, 2), 3)
    assert "La collection aura **6 projets**, dont 1 localisé en partie." in words(test)


def test_a_place_is_found_by_name_and_never_guessed():
    test = following(following(brought(), 1), 2)
    box = next(one for one in test.text_input if "Zzyzx" in one.label)
    test = box.set_value("rochefort").run()
    assert "1 sur 5 lignes a un lieu sûr" in words(test)
    test = button(test, "Rochefort — Savoie \\(73\\), 253 habitants").click().run()
    assert "2 sur 5 lignes ont un lieu sûr" in words(test)


def test_a_server_that_keeps_nothing_lets_one_try(own_store):
    test = following(following(following(brought(), 1), 2), 3)
    assert not test.exception
    assert "il ne garde aucune collection" in test.info[0].value
    test = test.button(key="c-keep").click().run()
    assert "«\u00a0Cellules collées\u00a0», 5 projets. Vous seul la voyez" in test.text[0].value
    assert "5 projets, dont 4 non localisés. Toutes les pages" in words(test)
    assert len(test.get("download_button")) == 8  # six kinds, rows without a place, the template
    assert not own_store.listed(), "nothing is kept"
    assert "cellules-collees" not in shared_atlas().collections
    test.text_area(key="c-cells").set_value(TABLE)
    test = test.button(key="c-paste").click().run()
    test = following(following(following(test, 1), 2), 3)
    test = test.button(key="c-keep").click().run()  # anew: it takes the place of the first
    assert list(trial_of(test).atlas.collections)[-1] == "cellules-collees"
    test = test.button(key="essai-fin").click().run()
    assert not test.text
    assert trial_of(test) is None


def trial_of(test: AppTest) -> trial.Trial | None:
    known = "trial" in test.session_state
    return test.session_state["trial"] if known else None  # it has no ``get``


def test_a_table_is_refused_in_one_sentence_and_what_was_brought_stays():
    test = following(brought(), 1)
    test = test.button(key="c-back-2").click().run()
    for cells, why in (("", "Aucune cellule n’est collée"), ("%PDF-1.4", "c’est un PDF"),
                       ("a\tb\n" + "Lens\tx\n" * 5_001, "5\u202f000 au plus")):  # fmt: skip
        test.text_area(key="c-cells").set_value(cells)
        test = test.button(key="c-paste").click().run()
        assert why in test.error[0].value
        assert "5 lignes, 7 colonnes" in test.success[0].value


def test_the_twenty_first_reader_of_a_public_server_is_told():
    gc.unfreeze()  # sessions of other tests, which the first atlas may have frozen
    others = [trial.Seat() for _ in range(trial.MOST_AT_ONCE)]
    trial.seats().update(others)
    said = "20 tableaux sont déjà ouverts"
    assert said in brought().error[0].value
    del others[0]
    assert not brought().error


def test_nothing_of_a_table_brought_to_a_public_server_is_spared_by_the_collector():
    test = brought()
    assert test.session_state["collections-work"].seat
    gc.unfreeze()
    shared._settle(shared_atlas())  # as the server does a few seconds after its start
    assert gc.get_freeze_count() == 0


def test_a_wide_table_shows_its_first_columns_then_all():
    heads = "\t".join(["Ville", *(f"Mesure {n}" for n in range(39))])
    test = following(brought(heads + "\nLens" + "\t1" * 39 + "\n"), 1)
    assert len(test.selectbox) == 30
    assert len(test.button(key="c-more-columns").click().run().selectbox) == 40


def test_what_is_brought_is_never_markup():
    evil = "<b onclick=x>q</b>"
    test = brought(f"Ville\t{evil}\tIntitulé\n<script>Zzyzx</script>\t[x](http://a.b)\t![y](z)\n")
    for step in (1, 2):
        test = following(test, step)
        assert not test.exception
        assert evil not in words(test)
        assert "<script>" not in words(test)
        marked = [str(one.value) for kind in ("markdown", "caption", "success")
                  for one in getattr(test, kind)]  # fmt: skip
        assert "](" not in "\n".join(marked)
    assert "&lt;b onclick=x&gt;" in words(test.button(key="c-back-3").click().run())


def test_a_reload_says_what_it_lost_and_begins_again():
    test = run(PAGE, step="3")
    assert "un rechargement l’efface" in test.warning[0].value
    assert test.get("file_uploader")
    assert not run(PAGE, step="zz").warning


def test_a_kept_collection_is_listed(tmp_path, own_store):
    path = tmp_path / "appel.csv"
    path.write_text(TABLE, encoding="utf-8")
    made = draft(path, Wish("appel", "Appel *2025*"), own_store)
    keep(made, own_store)
    test = run(PAGE)
    assert "1 collection gardée" in words(test)
    assert "Appel \\*2025\\*" in words(test)
    assert "5 projets, dont 4 non localisés." in words(test)
    assert len(test.get("download_button")) == 8  # six kinds, rows without a place, the template
    assert not [one for one in test.button if one.label == "Retirer"], "not on a public server"
    assert alike(own_store.mappings(), made.understood.table.headers) == "appel"
    assert alike(own_store.mappings(), ["Commune", "Titre"]) is None


def test_a_collection_as_a_zip_is_its_folder(tmp_path, own_store):
    path = tmp_path / "appel.csv"
    path.write_text(TABLE, encoding="utf-8")
    kept = draft(path, Wish("appel", "Appel"), own_store).kept
    made = file_of(kept, ".zip", day=DAY)
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert names == [*(f"appel/projects/appel-a{n}.yaml" for n in range(1, 6)),
                     "appel/collection.yaml"]  # fmt: skip
    assert b"martin" not in made


def test_the_template_is_understood_as_it_says(tmp_path):
    path = tmp_path / "modele.xlsx"
    path.write_bytes(template(DAY))
    understood = understand(path)
    assert understood.raw.sheet == "Projets"
    assert [c.role for c in understood.columns] == [
        "name", "departement", "code", "title", "description", "theme", "amount", "date",
        "organisation", "link",
    ]  # fmt: skip
    assert [place.code_insee for place in understood.places] == ["62498"]


def test_a_brought_file_has_its_sheets_and_its_limits():
    book = openpyxl.Workbook()
    book.active.append(["Commune", "Titre"])
    book.active.append(["Lens", "x"])
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.create_sheet("Notes").append(["a", "b"])
    stream = io.BytesIO()
    book.save(stream)
    raw = read_brought("../x/liste.xlsx", stream.getvalue())
    assert (raw.sheet, raw.sheets) == ("Sheet", ["Sheet", "Notes"])
    assert read_brought("l.xlsx", stream.getvalue(), sheet="Notes").rows == [(1, ["a", "b"])]
    with pytest.raises(DataFileError, match="20 Mo"):
        read_brought("x.csv", b"a" * (MOST_BYTES + 1))
    with pytest.raises(DataFileError, match="collée"):
        pasted(" \n")
    assert file_name("../a\x00/b\\c.csv") == "a b c.csv"
    assert file_name("") == "tableau"


def test_choices_are_named_and_settled(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TABLE, encoding="utf-8")
    understood = understand(path)
    first = questions(understood)[0]
    offered = {label: decision for decision, label in choices(first.place, first.name)}
    assert offered["Saint-Denis (974), La Réunion"] == {"code_insee": "97411"}
    places = settled(understood, {first.key: {"code_insee": "97411"}})
    assert [place.code_insee for place in places] == ["62498", "97411", "97411", None, None]
    places = settled(understood, {first.key: NOWHERE})
    assert places[1].reason == "sans lieu, dit à la main"


@pytest.mark.parametrize(
    ("cells", "today"),
    [(";", ["Saint-Sauveur (21), Côte-d’Or"]), ("79;86100", [])],  # « one commune… another »
)
def test_a_choice_that_bears_another_name_says_so_and_comes_last(tmp_path, cells, today):
    path = tmp_path / "t.csv"
    rows = f"Projet;Commune;Département;Code postal\nHalle;Saint-Sauveur;{cells}\nQuai;Lens;62;\n"
    path.write_text(rows, encoding="utf-8")
    first = questions(understand(path))[0]
    offered = [label for _, label in choices(first.place, first.name)]
    assert offered[-2:] == [
        "Bressuire (79), Deux-Sèvres, autrefois Saint-Sauveur",
        "Senillé-Saint-Sauveur (86), Vienne, autrefois Saint-Sauveur",
    ]
    assert set(today) <= set(offered[:-2])
    assert not [label for label in offered[:-2] if "autrefois" in label]


def test_the_map_of_places_has_a_dot_a_place():
    svg = places_svg([(2.83, 50.43, "62"), (2.83, 50.43, "62"), (55.45, -20.88, "974")])
    assert svg.count("<circle") == 2
    assert "<circle" not in places_svg([])


def test_every_role_has_its_words():
    assert set(LABELS) == set(ROLES)


def test_the_server_takes_as_much_as_the_page_says():
    config = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"
    assert f"maxUploadSize = {MOST_BYTES // 1024**2}\n" in config.read_text(encoding="utf-8")
