"""A table becomes a collection: imported, changed, taken back, handed over."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.kept_table import settled_by_hand
from tests.test_pages import run, words
from villeactive.atlas import compose, read_atlas
from villeactive.cli import main
from villeactive.collections.folder import read_folder
from villeactive.imports.importing import draft, keep
from villeactive.imports.projects import Wish, id_of_file, slug
from villeactive.imports.questions import NOWHERE, questions
from villeactive.store.database import store
from villeactive.wording.own_fields import own_fields

TABLE = """Réf;Commune;Dép;Intitulé;Type;Subvention;Porteur;Contact
A1;Lens;62;Halle aux métiers;Commerce;26 112 €;Ville de Lens;m.martin@exemple.fr
A2;Saint-Denis;;École de musique;Culture;1,2 M€;Association Do;
A3;SAINT DENIS;;=1+1;Culture;;Association Do;
A4;Communauté de communes du Pays de Tronçais;03;Navettes;Transport;12 000;;
A5;Zzyzx;;Un rêve;Transport;;;
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "appel 2024.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def told(capsys, *arguments):
    """Run a command; give its exit code and its JSON."""
    capsys.readouterr()
    code = main(["collection", *map(str, arguments), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("kept")
def test_a_table_is_imported_shown_and_served(table, capsys):
    code, said = told(capsys, "import", table)
    assert code == 1
    assert {key: said[key] for key in ("id", "key", "new", "changed", "gone", "revision")} == {
        "id": "appel-2024", "key": "Réf", "new": 5, "changed": 0, "gone": 0, "revision": 1,
    }  # fmt: skip
    assert (said["found"], said["ambiguous"], said["missing"]) == (2, 2, 1)
    atlas = read_atlas()
    mine = atlas.projects[atlas.projects["collection"] == "appel-2024"]
    assert list(mine.index) == [f"appel-2024-a{n}" for n in range(1, 6)]
    assert mine["n_sites"].tolist() == [1, 0, 0, 1, 0]
    assert atlas.label("kinds", mine["kind"].iloc[0]) == "Projet"
    assert mine["amount_eur"].fillna(-1).tolist() == [26112, 1_200_000, -1, 12_000, -1]
    assert list(atlas.themes)[-3:] == [
        f"appel-2024-{c}" for c in ("commerce", "culture", "transport")
    ]
    halle = atlas.sheets["appel-2024-a1"]
    assert halle.fields["Intitulé"] == "Halle aux métiers"
    assert [one.organisation for one in halle.holders] == ["ville-de-lens"]
    assert atlas.organisations["ville-de-lens"].name == "Ville de Lens"
    assert atlas.sheets["appel-2024-a4"].first.scale == "epci"
    assert "Zzyzx" in atlas.sheets["appel-2024-a5"].unlocated.fr
    code, shown = told(capsys, "show", "appel-2024")
    assert (code, shown["projects"], shown["unplaced"], shown["revision"]) == (0, 5, 3, 1)
    assert [one["file"] for one in shown["imports"]] == ["appel 2024.csv"]
    assert [one["id"] for one in told(capsys, "list")[1]] == ["appel-2024"]


def test_themes_are_refused_by_the_mapping_and_stay_so(kept, table, tmp_path, capsys):
    mapping = tmp_path / "m.yaml"
    mapping.write_text("columns:\n  Intitulé: title\nthemed: false\n", encoding="utf-8")
    assert told(capsys, "import", table, "--mapping", mapping)[0] == 1
    for _ in range(2):  # the next import remembers it
        assert {one.data.get("theme") for one in kept.read("appel-2024").records.values()} == {None}
        table.write_text(TABLE.replace("Navettes", "Navette"), encoding="utf-8")
        told(capsys, "import", table)
    mapping.write_text("columns: {}\nthemed: peut-être\n", encoding="utf-8")
    assert main(["collection", "import", str(table), "--mapping", str(mapping)]) == 2
    assert "table de correspondance" in capsys.readouterr().err


@pytest.mark.usefixtures("kept")
def test_what_is_personal_is_kept_for_its_owner_alone(table, tmp_path, capsys):
    assert told(capsys, "import", table)[0] == 1
    assert main(["projects", "--collection", "appel-2024", "--format", "json"]) == 0
    assert "martin" not in capsys.readouterr().out
    folder = tmp_path / "dossier"
    assert main(["collection", "export", "appel-2024", str(folder)]) == 0
    assert not [p for p in folder.rglob("*.yaml") if "martin" in p.read_text(encoding="utf-8")]
    for option, there in (([], False), (["--personal"], True)):
        assert main(["collection", "export", "appel-2024", str(tmp_path / "a.csv"), *option]) == 0
        assert ("martin" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")) is there
    told(capsys, "import", table, "--share", "Contact")
    assert read_atlas().sheets["appel-2024-a1"].fields["Contact"] == "m.martin@exemple.fr"


@pytest.mark.usefixtures("kept")
def test_an_update_says_what_is_new_changed_and_gone_before_it_writes(table, capsys):
    told(capsys, "import", table)
    rows = TABLE.replace("Halle aux métiers", "Halle des métiers").splitlines()[:-1]
    table.write_text("\n".join([*rows, "A6;Dieppe;76;Port;Commerce;;;"]), encoding="utf-8")
    wanted = {"new": 1, "changed": 1, "gone": 1}
    for option, revision in (("--dry-run", 1), ("--id=appel-2024", 2), ("--id=appel-2024", 2)):
        code, said = told(capsys, "import", table, option)
        assert (code, said["revision"]) == (1, revision)
        assert {key: said[key] for key in wanted} == wanted
        wanted = wanted if option == "--dry-run" else dict.fromkeys(wanted, 0)
    assert main(["collection", "undo", "appel-2024"]) == 0
    assert "appel-2024-a5" in read_atlas().sheets
    assert told(capsys, "import", table)[1]["new"] == 1


def test_a_place_is_settled_once_for_all_rows_that_say_the_same(kept, table):
    first = draft(table, Wish("appel", "Appel"), kept)
    asked = questions(first.understood)
    assert [(one.cells, one.rows) for one in asked] == [
        ({"Commune": "Saint-Denis"}, (2,)), ({"Commune": "SAINT DENIS"}, (3,)),
        ({"Commune": "Zzyzx"}, (5,)),
    ]  # fmt: skip
    settled = {asked[0].key: {"code_insee": "93066"}, asked[2].key: NOWHERE}
    made = settled_by_hand(table, Wish("appel", "Appel"), kept, settled)
    assert made.unplaced == 2
    assert questions(made.understood, settled) == asked[1:2]
    keep(made, kept)
    again = draft(table, Wish("appel", "Appel"), kept)  # what was settled by hand survives
    assert again.kept.records["appel-a2"].data["places"] == [{"code_insee": "93066"}]
    assert not any((again.change.new, again.change.changed, again.change.gone))
    assert keep(again, kept).already


@pytest.mark.parametrize("ending", [".xlsx", ".geojson"])
def test_export_then_import_is_the_same_table(kept, table, tmp_path, ending):
    one = draft(table, Wish("appel", "Appel"), kept)
    keep(one, kept)
    out = tmp_path / f"rendu{ending}"
    assert main(["collection", "export", "appel", str(out), "--personal"]) == 0
    again = draft(out, Wish("encore", "Encore"), kept)
    for before, after in zip(one.kept.records.values(), again.kept.records.values(), strict=True):
        own = {h: cell for h, cell in after.row.items() if "(géométrie)" not in h}
        assert own == before.row
        assert after.data.get("places") == before.data.get("places")


def test_a_folder_exported_and_read_again_gives_equal_projects(kept, table, tmp_path):
    one = draft(table, Wish("appel", "Appel"), kept)
    keep(one, kept)
    assert main(["collection", "export", "appel", str(tmp_path / "dossier")]) == 0
    again = read_folder(tmp_path / "dossier")
    assert again.sheets == one.folder.sheets
    assert again.collection == one.folder.collection
    assert len(compose([again]).projects) == 5


@pytest.mark.parametrize("given", ["", "ODbL"])
def test_the_files_of_a_collection_and_the_method_say_whose_it_is(kept, table, tmp_path, given):
    wish = Wish("appel", "Appel", "Région Bretagne", "tableau du service", given)
    keep(draft(table, wish, kept), kept)
    out = tmp_path / "appel.geojson"
    assert main(["collection", "export", "appel", str(out)]) == 0
    under = f"Licence\u00a0: {given}." if given else "Licence non précisée."
    source = json.loads(out.read_text(encoding="utf-8"))["source"]
    assert source == f"Appel, Région Bretagne. tableau du service. {under}"
    method = words(run("app.py", "pages/methode.py"))
    assert "Collection\u00a0\\: Appel" in method
    last = given or "licence non précisée"
    assert f"Appel \\(Région Bretagne\\) · 5 fiches · {last}" in method


def test_a_folder_that_holds_something_is_left_alone(kept, table, tmp_path, capsys):
    keep(draft(table, Wish("appel", "Appel"), kept), kept)
    assert main(["collection", "export", "appel", str(tmp_path)]) == 2
    assert "n’est pas vide" in capsys.readouterr().err
    assert table.exists()


def test_a_geopackage_opens_in_gdal(kept, table, tmp_path):
    keep(draft(table, Wish("appel", "Appel"), kept), kept)
    out = tmp_path / "appel.gpkg"
    assert main(["collection", "export", "appel", str(out)]) == 0
    said = subprocess.run(["ogrinfo", "-so", str(out), "projets"], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    assert "Feature Count: 5" in said


@pytest.mark.usefixtures("kept")
def test_rows_without_a_place_come_back_with_the_reason(table, tmp_path, capsys):
    told(capsys, "import", table)
    out = tmp_path / "a-revoir.csv"
    assert main(["collection", "export", "appel-2024", str(out), "--unplaced"]) == 0
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].endswith(";Lieu à revoir")
    assert [line[:2] for line in lines[1:]] == ["A2", "A3", "A5"]
    assert "'=1+1" in lines[2]  # no spreadsheet runs it
    assert all(len(line.rpartition(";")[2]) > 10 for line in lines[1:])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "zut"], "« zut » est inconnu"),
        (["undo", "zut"], "« zut » est inconnu"),
        (["export", "zut", "a.csv"], "« zut » est inconnu"),
        (["list", "--format", "csv"], "« csv » est inconnu"),
        (["import", "rien.csv"], "rien.csv"),
        (["import", "vide.csv"], "aucune ligne de données"),
        (["import", "appel.csv", "--id", "ville-active"], "l’identifiant de collection"),
        (["import", "appel.csv", "--id", "Appel"], "écrivez minuscules"),
        (["import", "appel.csv", "--mapping", "m.yaml"], "pas de colonne « Zut »"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_what_cannot_be_done_is_one_sentence(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    Path("appel.csv").write_text(TABLE, encoding="utf-8")
    Path("vide.csv").write_text("Commune;Projet\n", encoding="utf-8")
    Path("m.yaml").write_text("columns: {Zut: title}", encoding="utf-8")
    try:
        code = main(["collection", *arguments])
    except SystemExit as error:
        code = error.code
    told_ = capsys.readouterr()
    assert (code, told_.out) == (2, "")
    assert said in told_.err
    assert len(told_.err.splitlines()) == 1
    assert store().listed() == []


def test_the_pages_show_a_collection_as_soon_as_it_is_kept_and_no_longer_than_it_is(kept, table):
    before = run("app.py", "pages/carte.py")
    assert not before.exception
    assert "Collection" not in words(before)
    keep(draft(table, Wish("appel", "Appel de 2024"), kept), kept)
    assert "5 projets, dont 3 non localisés" in words(
        run("app.py", "pages/carte.py", collection="appel")
    )
    panel = words(run("app.py", "pages/carte.py", collection="appel", theme="appel-culture"))
    assert "Subvention\u00a0: <b>1\u202f200\u202f000\u00a0€ (1 projet sans montant)</b>" in panel
    assert "Apprendre" not in panel.partition("Par thème")[2].partition("</section>")[0]
    assert "Halle aux métiers" in words(run("app.py", "pages/projet.py", projet="appel-a1"))
    assert not run("app.py", "pages/carte.py", collection="appel").exception
    kept.undo("appel")
    assert "Halle aux métiers" not in words(run("app.py", "pages/projet.py", projet="appel-a1"))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Été 2024.csv", "ete-2024"), ("2024.csv", "collection-2024"), ("日本.csv", "collection")],
)
def test_a_file_gives_its_collection_an_id(name, wanted):
    assert id_of_file(Path(name)) == wanted


def test_the_fields_of_a_row_are_told_in_french_and_links_can_be_clicked(kept, tmp_path):
    path = tmp_path / "appel.csv"
    path.write_text(
        "Commune;Intitulé;Aide;Décision;Site;Publics\n"
        "Lens;Halle;1 234 567,80 €;2023-04-01;https://exemple.fr/a?b=1&c=2;élus | habitants\n"
        "Dieppe;<b>Port</b>;12 k€;15/03/2022;javascript:alert(1);habitants | élus\n",
        encoding="utf-8",
    )
    made = draft(path, Wish("appel", "Appel"), kept)
    keep(made, kept)
    atlas = read_atlas()
    assert own_fields(atlas.sheets["appel-halle-62498"], atlas) == [
        ("Aide", "1\u202f234\u202f567,80\u00a0€"),
        ("Décision", "1er avril 2023"),
        ("Site", "https://exemple.fr/a?b=1&c=2"),
        ("Publics", "élus et habitants"),
    ]
    halle = words(run("app.py", "pages/projet.py", projet="appel-halle-62498"))
    assert "<a href='https://exemple.fr/a?b=1&amp;c=2' target='_blank'" in halle
    port = words(run("app.py", "pages/projet.py", projet="appel-b-port-b-76217"))
    assert "15 mars 2022" in port
    assert "<b>Port" not in port
    assert "href='javascript" not in port


def test_a_slug_is_an_identifier_of_bounded_length():
    assert slug("Montant de l’aide (€ HT)") == "montant-de-l-aide-ht"
    assert len(slug("mot " * 40)) <= 48
