"""The columns of a table are filters: words, address, counts, page and terminal."""

import gc
import json
import re
from datetime import date

import pytest

from tests.kept_table import with_table
from tests.test_pages import run, words
from villeactive.analysis import summary
from villeactive.cli import main
from villeactive.collections.project import Project
from villeactive.documents.csv_geojson import projects_table, sites_geojson, to_csv
from villeactive.facets import Choices
from villeactive.filtering import apply
from villeactive.selection import Selection, chips, from_query, with_own, without

TABLE = """Commune;Intitulé;État;Année;Aide;Publics;Emplois
Lens;Halle;engagé;2019;26 112 €;élus | habitants;12
Dieppe;Port;soldé;2021;12 000 €;habitants | élèves;3
Lorient;Quai;engagé;2023;1,2 M€;élus | élèves;
Laval (53);Place;soldé;2023;;habitants | élus;7
"""


@pytest.fixture
def atlas(tmp_path, monkeypatch):
    """Read a table of four projects beside the book."""
    return with_table(TABLE, tmp_path, monkeypatch)


CASES = (
    ("etat", ("engagé",), {"halle", "quai"}),
    ("etat", ("engagé", "soldé"), {"halle", "port", "quai", "place"}),
    ("annee", ("2023",), {"quai", "place"}),
    ("annee", ("2019..2021",), {"halle", "port"}),
    ("aide", ("20000..",), {"halle", "quai"}),
    ("aide", ("..26112",), {"halle", "port"}),
    ("publics", ("élèves",), {"port", "quai"}),
    ("emplois", ("5..12",), {"halle", "place"}),
)


@pytest.mark.parametrize(("slug", "tests", "wanted"), CASES)
def test_a_value_or_a_range_keeps_its_projects_and_lives_in_the_address(atlas, slug, tests, wanted):
    selection = with_own(Selection(), slug, tests)
    found = apply(selection, atlas).projects
    assert {name.split("-")[1] for name in found.index} == wanted
    assert set(found["collection"]) == {"appel"}
    assert from_query(selection.to_query(), atlas) == (selection, [])


def test_filters_say_themselves_and_are_lifted(atlas):
    selection = with_own(Selection(region=("53",)), "etat", ("engagé",))
    selection = with_own(selection, "aide", ("1000..",))
    said = [re.sub("[\u00a0\u202f]", " ", words) for _, words in chips(selection, atlas)]
    assert said == ["Bretagne", "Aide : au moins 1 000 €", "État : engagé"]
    lifted = without(without(selection, "c.aide"), "c.etat")
    assert lifted == Selection(region=("53",))


def test_what_no_table_has_is_dropped_from_the_address_and_said(atlas):
    selection, said = from_query({"c.etat": "zut|engagé", "c.rien": "x", "c.aide": "a..b"}, atlas)
    assert selection == with_own(Selection(), "etat", ("engagé",))
    assert len(said) == 3
    assert "« zut »" in " ".join(said).replace("\u00a0", " ")


def test_counts_tell_what_each_value_would_give(atlas):
    choices = Choices(with_own(Selection(), "annee", ("2023",)), atlas)
    assert choices.own("etat") == {"engagé": 1, "soldé": 1}
    assert choices.own("annee") == {"2019": 1, "2021": 1, "2023": 2}


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        (["État=ENGAGE"], {"appel-halle-62498", "appel-quai-56121"}),
        (["annee=2020..2023", "etat=soldé"], {"appel-port-76217", "appel-place-53130"}),
        (["Publics=élèves", "Publics=élus"],
         {"appel-halle-62498", "appel-port-76217", "appel-quai-56121", "appel-place-53130"}),
    ],
)  # fmt: skip
def test_the_command_line_takes_columns_by_their_headers(capsys, where, wanted):
    options = [part for one in where for part in ("--where", one)]
    assert main(["projects", "--format", "json", *options]) == 0
    assert {one["id"] for one in json.loads(capsys.readouterr().out)} == wanted


@pytest.mark.usefixtures("atlas")
def test_the_cells_of_a_row_and_the_euros_read_in_them_are_printed(capsys):
    assert main(["projects", "--format", "json", "--where", "Année=2019"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert one["fields"]["Publics"] == ["élus", "habitants"]
    assert one["amounts"] == {"Aide": 26_112}


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize(
    ("where", "said"), [("Etta=x", "Valeurs proches : État"), ("État=engage ment", "engagé")]
)
def test_what_is_unknown_is_told_with_the_nearest(capsys, where, said):
    assert main(["projects", "--where", where]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("atlas")
def test_the_sidebar_offers_the_columns_of_the_collection_chosen():
    shown = run("app.py", "pages/carte.py", collection="appel")
    there = {one.key: one for one in shown.multiselect}
    assert there["f-c-etat"].options == ["engagé", "soldé"]
    there["f-c-etat"].select("engagé").run()
    assert "2 projets" in words(shown)
    assert shown.query_params["c.etat"] in ("engagé", ["engagé"])
    beside = run("app.py", "pages/carte.py")
    assert not [one for one in beside.multiselect if str(one.key).startswith("f-c-")]


@pytest.mark.usefixtures("atlas")
def test_a_large_bound_is_written_as_the_address_reads_it():
    shown = run("app.py", "pages/carte.py", collection="appel", **{"c.aide": "50000..1000000"})
    (slider,) = [one for one in shown.select_slider if one.key == "f-c-aide"]
    slider.set_range(1_000_000.0, 5_000_000.0).run()
    assert shown.query_params["c.aide"] in ("1000000..", ["1000000.."])
    assert not shown.exception
    assert "1 projet" in words(shown)


@pytest.mark.usefixtures("atlas")
def test_a_map_says_the_columns_that_were_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["map", "carte.svg", "--where", "État=engagé"]) == 0
    assert "engagé" in (tmp_path / "carte.svg").read_text(encoding="utf-8")


def test_a_sheet_of_a_table_is_built_when_it_is_opened(tmp_path, monkeypatch):
    def built() -> list[Project]:
        gc.collect()
        return [one for one in gc.get_objects() if isinstance(one, Project)]

    others = built()  # of what other tests have read
    atlas = with_table(TABLE, tmp_path, monkeypatch)
    selection = with_own(Selection(text="halle"), "etat", ("engagé",))
    (name,) = apply(selection, atlas).projects.index
    assert Choices(selection, atlas).counts["collection"]["appel"] == 1
    assert not summary.actors(atlas).empty
    new = [one for one in built() if not any(one is other for other in others)]
    assert [one for one in new if one.collection == "appel"] == []
    opened = atlas.sheets[name]
    assert (opened.fields["Intitulé"], atlas.sheets[name] is opened) == ("Halle", True)


def test_a_list_builds_no_sheet_of_a_table(tmp_path, monkeypatch):
    atlas = with_table("Intitulé;Commune\nÉcole;Lens\nHalle;Arras\n", tmp_path, monkeypatch)
    mine = atlas.projects[atlas.projects["collection"] == "appel"]
    table = projects_table(mine, atlas)
    assert table["Projet"].tolist() == ["École", "Halle"]
    assert not atlas.sheets._opened


def test_a_list_has_the_columns_of_its_tables_and_numbers_that_add_up(atlas, capsys):
    mine = atlas.projects[atlas.projects["collection"] == "appel"]
    own = projects_table(mine, atlas).iloc[:, len(projects_table(mine.iloc[:0], atlas).columns) :]
    assert list(own) == ["État", "Année", "Aide", "Publics", "Emplois"]
    assert own["Année"].tolist() == [2019, 2021, 2023, 2023]
    assert own["Aide"].sum() == 26_112 + 12_000 + 1_200_000
    assert own["Emplois"].sum() == 22
    assert own["Publics"].tolist()[0] == "élus ; habitants"
    beside = projects_table(atlas.projects, atlas)
    assert beside["Aide"].notna().sum() == 3
    assert main(("projects", "--where", "État=soldé", "--format", "csv")) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.endswith(",lon,lat,État,Année,Aide,Publics,Emplois")
    assert len(rows) == 2
    assert main(("projects", "--where", "État=soldé", "--format", "geojson")) == 0
    made = json.loads(capsys.readouterr().out)["features"]
    assert [one["properties"]["Année"] for one in made] == [2021, 2023]


def test_a_column_that_is_no_number_somewhere_stays_as_it_came(tmp_path, monkeypatch):
    text = "Commune;Intitulé;Aide\n" + "Lens;Halle;12 000 €\n" * 8 + "Arras;École;voir annexe\n"
    atlas = with_table(text, tmp_path, monkeypatch)
    mine = atlas.projects[atlas.projects["collection"] == "appel"]
    assert projects_table(mine, atlas)["Aide"].tolist()[-2:] == ["12 000 €", "voir annexe"]


def test_a_header_is_no_formula_and_none_takes_the_name_of_another(tmp_path, monkeypatch, capsys):
    text = "Commune;Intitulé;=1+1;PROGRAMMES\nLens;Halle;a;b\nArras;École;c;d\n"
    atlas = with_table(text, tmp_path, monkeypatch)
    mine = apply(Selection(collection=("appel",)), atlas)
    made = sites_geojson(mine.sites, atlas, day=date(2026, 11, 28))["features"][0]["properties"]
    assert (made["programmes"][0], made["PROGRAMMES (tableau)"]) == ("ACV", "b")
    table = projects_table(mine.projects, atlas)
    assert ";'=1+1;" in to_csv(table, day=date(2026, 11, 28)).decode("utf-8-sig")
    assert main(("collection", "export", "appel", str(tmp_path / "b.csv"))) == 0
    assert ";'=1+1;" in (tmp_path / "b.csv").read_text(encoding="utf-8-sig")
    capsys.readouterr()


def test_a_column_of_themes_is_no_filter_of_its_own(tmp_path, monkeypatch):
    rows = "".join(f"Halle {n};Lens (62);{('Commerce', 'Santé')[n % 2]};{('A', 'B')[n % 2]}\n"
                   for n in range(8))  # fmt: skip
    made = with_table(f"Projet;Commune;Thématique;Vague\n{rows}", tmp_path, monkeypatch)
    on = {slug: one.filter for slug, one in made.own_columns.items()}
    assert (on["thematique"], on["vague"]) == (False, True)
    assert {one.label for one in made.themes.values()} >= {"Commerce", "Santé"}
