"""Projects with several sites: a cell that names several communes, several rows of one id."""

import json
from datetime import date
from pathlib import Path

import pyogrio
import pytest

from tests.kept_table import settled_by_hand
from tests.test_figures import drawn
from villeactive.atlas import Atlas, read_atlas
from villeactive.cli import main
from villeactive.collections.folder import read_folder
from villeactive.documents.project_slide import project_scene
from villeactive.errors import DataFileError
from villeactive.filtering import apply
from villeactive.geography.gazetteer import communes
from villeactive.imports.exports import REASON, file_of, rows_of
from villeactive.imports.importing import Draft, draft, keep
from villeactive.imports.projects import Wish
from villeactive.imports.questions import questions
from villeactive.maps.render.svg import scene_svg
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import Selection
from villeactive.store.database import Store
from villeactive.store.records import SITES
from villeactive.tables.columns import Column
from villeactive.tables.mapping import Mapping, read_mapping
from villeactive.tables.raw.json_records import LAT, LON
from villeactive.tables.records import records
from villeactive.tables.roles import is_list_of_places
from villeactive.tables.sites.cells import MOST, Parting
from villeactive.tables.sites.offers import Offers, offers
from villeactive.tables.understanding import Understood, understand
from villeactive.wording.facts import key_facts
from villeactive.wording.records import sheet_record

HEADERS = "Réf;Commune;Dép;Code INSEE;Code postal;Intitulé;Type;Subvention;Année;Porteur;Contact"
CELLS = f"""{HEADERS}
A1;"Lens, Liévin et Arras";62;;;Halle;Commerce;26 112 €;2023;Ville de Lens;a@exemple.fr
A2;"Arras ; Zzyzx ; Lens";62;;;École;Culture;1,2 M€;2023;Association Do;
A3;"Saint-Denis|Lens";;;;Chorale;Culture;;2022;Association Do;
A4;Nancy;54;;;Port;Transport;12 000;2022;;
A5;"Dunkerque ; DUNKERQUE ; Calais";;"59183 ; 59183 ; 62193";;Quai;Transport;5 000;2022;;
A6;"Lille / Roubaix";59;;;Navette;Transport;5 000;2022;;
"""
ROWS = f"""{HEADERS}
A1;Lens;62;;;Halle;Commerce;26 112 €;2023;Ville de Lens;a@exemple.fr
A2;Arras;62;;;École;Culture;1,2 M€;2023;Association Do;
A1;Lille;59;;;Halle;Culture;30 000 €;2024;Ville de Lille;b@exemple.fr
A3;Nancy;54;;;Chorale;Culture;;2022;;
A1;Zzyzx;59;;;Halle;Commerce;;2024;Ville de Lens;
A2;Béthune;62;;;École;Culture;1,2 M€;2023;Association Do;
A2;Béthune;62;;;École;Culture;;2023;Association Do;
"""
BOTH = Mapping(sites=("cells", "rows"))


def column(index: int, role: str) -> Column:
    return Column(index, role, role, "text", 0, False, False, None)


PARTING = Parting([column(i, r) for i, r in enumerate(("name", "departement", "code", "postcode"))])


def parted(name: str, departement: str = "", code: str = "", postcode: str = "") -> list[list[str]]:
    """Part a row; give what each of its sites says of its place."""
    sites = PARTING.parted([name, departement, code, postcode])
    return [[cell for cell in site if cell] for site in sites]


def written(folder: Path, text: str, name: str = "appel.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def drafted(folder: Path, text: str, into: Store, mapping: Mapping | None = BOTH) -> Draft:
    return draft(written(folder, text), Wish("appel", "Appel"), into, mapping=mapping)


def kept_atlas(folder: Path, text: str, into: Store) -> Atlas:
    keep(drafted(folder, text, into), into)
    return read_atlas()


def codes(data: dict) -> list[str]:
    return [place["code_insee"] for place in data.get("places", [])]


def told_of_sites(understood: Understood) -> list[str]:
    return [one["reason"] for one in understood.problems if one["reason_code"] == "sites"]


# ----------------------------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("row", "sites"),
    [
        (("Lens ; Arras", "62"), [["Lens", "62"], ["Arras", "62"]]),
        (("Lens|Arras\nLiévin", "62"), [["Lens", "62"], ["Arras", "62"], ["Liévin", "62"]]),
        (("Lens, Arras et Béthune", "62"), [["Lens", "62"], ["Arras", "62"], ["Béthune", "62"]]),
        (("Lens, Arras, et Béthune",), [["Lens"], ["Arras"], ["Béthune"]]),
        (("Lens / Arras", "D62"), [["Lens", "D62"], ["Arras", "D62"]]),
        (("Lens (62), Arras (62)",), [["Lens (62)"], ["Arras (62)"]]),
        (("Arc et Senans, Besançon", "25"), [["Arc et Senans", "25"], ["Besançon", "25"]]),
        (("Lens ; Zzyzx", "62"), [["Lens", "62"], ["Zzyzx", "62"]]),
        (("Paris ; Lyon",), [["Paris"], ["Lyon"]]),
        (("Lens ; LENS ; Arras", "62"), [["Lens", "62"], ["Arras", "62"]]),
        (("Lens ; Lens", "62"), [["Lens", "62"]]),
        (("Lens ; n/a", "62"), [["Lens", "62"]]),
        (("Saint-Denis ; Saint-Pierre", "93 ; 974"), [["Saint-Denis", "93"],
                                                      ["Saint-Pierre", "974"]]),
        (("Saint-Denis, Saint-Pierre", "", "93066, 97416"), [["Saint-Denis", "93066"],
                                                             ["Saint-Pierre", "97416"]]),
        (("", "", "62498;62041"), [["62498"], ["62041"]]),
        (("Artois", "", "62498 / 62041"), [["62498"], ["62041"]]),
        (("Lens, Arras", "", "62498"), [["Lens"], ["Arras"]]),
        (("Lens, Arras", "", "", "62300"), [["Lens"], ["Arras"]]),
    ],
)  # fmt: skip
def test_a_cell_names_several_communes(row, sites):
    assert parted(*row) == sites


@pytest.mark.parametrize(
    "row",
    [
        ("Saint-Pierre-et-Miquelon",), ("Saint-Pierre et Miquelon",), ("Ham/Sur-Heure",),
        ("Rœux, Biache", "62"), ("Saint-Jean et Saint-Paul", "12"), ("Arc et Senans", "25"),
        ("Lens, Pas-de-Calais",), ("Lens | Pas-de-Calais",), ("Lens ; 62",),
        ("Évreux, La Madeleine",),  # a quarter of Évreux, and a town near Lille
        ("Rennes, Maurepas",), ("Paris, Lyon et Marseille",), ("Vienne, Isère",),
        ("Limoges, Vienne", "87"), ("Lens, Zzyzx", "62"), ("Saint-Denis, Saint-Pierre",),
        ("Lens, Arras", "59"), ("Lens, Arras", "", "75056"), ("Lens, Arras", "", "", "75001"),
        ("Nancy", "", "62498;62041"), ("", "", "62498;99999"), ("Zzyzx ; n/a",),
        ("Argelès/Gazost", "65"), ("Lens, Estrée, Wamin", "62"), ("Saux, Pomarède",),
        ("12, rue de Lens",),
        ("", "62"), (" ; , et /",),
    ],
)  # fmt: skip
def test_what_may_be_one_place_stays_one(row):
    whole = [*row, "", "", "", ""][:4]
    assert PARTING.parted(whole) == [whole]


def test_a_cell_of_too_many_places_stays_whole_and_is_told(tmp_path):
    names = ["Lens", "Arras", "Béthune"] * 70
    rows = [f'A{n};"{mark.join(names)}";62;;;Grand;;;;;' for n, mark in enumerate((" ; ", ", "))]
    text = "\n".join([HEADERS, *rows, "A2;Lens;62;;;Halle;;;;;"])
    understood = understand(written(tmp_path, text), mapping=BOTH)
    assert [place.status for place in understood.places][2] == "found"
    assert len(understood.places) == 3
    assert (
        told_of_sites(understood)[:2]
        == [
            f"Une cellule nomme 210 lieux, et un projet en a {MOST} au plus\u00a0: elle n’est pas "
            "partagée."
        ]
        * 2
    )


def test_the_name_of_no_commune_is_parted_into_others():
    """However it is written: with hyphens, spaces, slashes, commas."""
    wrong = []
    for code, town in communes().items():
        whole = town.name.replace("-et-", " et ")
        written = {whole, *(town.name.replace("-", mark) for mark in ("/", ", ", " "))}
        written |= {whole.replace(" et ", mark) for mark in ("/", ", ")}
        for name in (one for one in written if is_list_of_places("name", one)):
            for departement in (town.departement, ""):
                sites = PARTING.parted([name, departement, "", ""])
                if len(sites) > 1 and set(PARTING.communes(sites)) != {code}:
                    wrong.append(name)
    assert wrong == []


# ------------------------------------------------------------------------------------ rows


def test_rows_of_one_id_are_one_project(tmp_path):
    understood = understand(written(tmp_path, ROWS), mapping=Mapping(sites=("rows",)))
    assert [c.header for c in understood.columns if c.role == "id"] == ["Réf"]
    told = records(understood)
    assert [(one["row"], one.get("rows")) for one in told] == [
        (1, [1, 3, 5]), (2, [2, 6, 7]), (4, None),
    ]  # fmt: skip
    halle, school, _ = told
    assert (halle["title"], halle["theme"], halle["year"]) == ("Halle", "Commerce", 2023)
    assert halle["values"]["Commune"] == ["Lens", "Lille", "Zzyzx"]
    assert halle["values"]["Année"] == ["2023", "2024"]
    assert halle["values"]["Subvention"] == ["26 112 €", "30 000 €"]
    assert (halle["amounts"], school["amounts"]) == ({"Subvention": None}, {"Subvention": 1.2e6})
    assert school["values"]["Subvention"] == "1,2 M€"
    (said,) = told_of_sites(understood)
    assert said.startswith("«\u00a0Subvention\u00a0»\u00a0: 1 projet a d’une ligne à l’autre des")
    assert "ne sont pas additionnés" in said


def test_empty_ids_are_each_a_project_and_an_id_of_thousands_is_none(tmp_path):
    rows = [f";Lens;62;;;Sans {n};;;;;" for n in range(3)]
    rows += [f"X;Arras;62;;;Même {n};;;;;" for n in range(5_000)]
    rows += ["Y;Lens;62;;;Deux;;;;;", "Y;Arras;62;;;Deux;;;;;"]
    path = written(tmp_path, "\n".join([HEADERS, *rows]))
    understood = understand(path, mapping=Mapping({"Réf": "id"}, sites=("rows",)))
    assert len(understood.sites.projects) == 3 + 5_000 + 1
    (said,) = told_of_sites(understood)
    assert "«\u00a0X\u00a0» revient sur 5\u202f000 lignes" in said
    none = understand(written(tmp_path, "Commune\nLens\nLens\n"), mapping=BOTH)
    assert told_of_sites(none)[0].startswith("Aucune colonne d’identifiants")


# ----------------------------------------------------------------------------- what is offered


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (CELLS, Offers(3, 0, "")),
        (ROWS, Offers(0, 2, "Réf")),
        (CELLS.replace("Lille / Roubaix", "Lille"), Offers()),  # fewer than three
        (ROWS.replace("A1;Lille;59;;;Halle", "A1;Lille;59;;;Autre"), Offers()),
        (ROWS.replace("Lille;59", "Lens;62").replace("Zzyzx;59", "Lens;62"), Offers(0, 1, "Réf")),
    ],
)
def test_a_table_that_looks_like_it_is_told(tmp_path, text, offered):
    off = understand(written(tmp_path, text))
    assert offers(off) == offered
    assert len(off.places) == len(off.table.rows) == len(off.sites.projects)
    assert offers(understand(written(tmp_path, text), mapping=BOTH)) == offered


def test_the_terminal_tells_what_is_offered_and_what_is_read(tmp_path, capsys):
    path, mapping = written(tmp_path, CELLS), tmp_path / "m.yaml"
    for sites, places in (("false", 6), ("cells", 13), ("[rows, cells]", 13)):
        mapping.write_text(f"columns: {{}}\nsites: {sites}\n", encoding="utf-8")
        options = ["--mapping", str(mapping), "--save-mapping", str(tmp_path / "again.yaml")]
        main(["table", str(path), "--format", "json", *options])
        said = json.loads(capsys.readouterr().out)
        read = list(read_mapping(mapping).sites)
        assert said["sites"] == {"read": read, "cells": 3, "rows": 0}
        assert said["rows"] == 6
        assert len(said["places"]) == places
        assert said["places"][-1]["row"] == 6
        assert read_mapping(tmp_path / "again.yaml").sites == tuple(read)
    main(["table", str(path)])
    assert (
        "? 3 cellules nomment plusieurs communes\u00a0: en faire des projets à plusieurs lieux "
        "(«\u00a0sites: cells\u00a0» dans la correspondance).\n"
    ) in capsys.readouterr().out
    main(["table", str(path), "--mapping", str(mapping)])
    assert "appel.csv : 13 lieux (11 trouvés, 0 corrigé, 1 ambigu, 1 introuvable)" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("sites", ["peut-être", "[cells, zut]", "{cells: true}", "3"])
def test_what_makes_sites_is_one_of_the_words_told(tmp_path, sites):
    path = written(tmp_path, f"columns: {{}}\nsites: {sites}\n", "m.yaml")
    with pytest.raises(DataFileError, match="m.yaml : sites : .* Attendu : false, cells"):
        read_mapping(path)


# --------------------------------------------------------------- what is kept, then changed


def test_a_project_is_drawn_where_it_is_found_and_lists_what_is_not(kept, tmp_path):
    atlas = kept_atlas(tmp_path, CELLS, kept)
    mine = atlas.projects[atlas.projects["collection"] == "appel"]
    assert mine["n_sites"].tolist() == [3, 2, 1, 1, 2, 2]
    assert mine["partly"].tolist() == [False, True, True, False, False, False]
    assert mine["town"].tolist() == ["Lens", "Arras", "Lens", "Nancy", "Dunkerque", "Lille"]
    held = kept.read("appel")
    assert [codes(one.data) for one in held.records.values()][4] == ["59183", "62193"]
    assert [one.id for one in held.partly] == ["appel-a2", "appel-a3"]
    facts = dict(key_facts(atlas.sheets["appel-a2"], atlas))
    assert "Arras" in facts["Lieux"]
    assert "Zzyzx" in facts["Lieu non localisé"]
    assert "Zzyzx" in sheet_record(atlas.sheets["appel-a2"], atlas)["unlocated"]
    slide = project_scene(atlas.sheets["appel-a2"], atlas, spec=MapSpec(date="2026-11-29"))
    svg = scene_svg(slide).decode()
    assert "Zzyzx" in svg
    assert not held.unplaced


def test_a_project_counts_once_in_each_territory(kept, tmp_path):
    atlas = kept_atlas(tmp_path, ROWS.replace("Nancy;54", "Lille;59"), kept)
    for chosen, wanted in (
        ({"departement": ("62",)}, {"appel-a1", "appel-a2"}),
        ({"departement": ("59",)}, {"appel-a1", "appel-a3"}),
        ({"region": ("32",)}, {"appel-a1", "appel-a2", "appel-a3"}),
    ):
        applied = apply(Selection(collection=("appel",), **chosen), atlas)
        assert set(applied.counted.index) == wanted
    counts, words = drawn(atlas.only(["appel"]), "circles:departement")
    assert {"Nord : 2", "Pas-de-Calais : 2"} <= set(counts)
    assert "un projet à plusieurs lieux compte dans chacun" in words
    euros, words = drawn(atlas.only(["appel"]), "circles:departement:subvention")
    assert "Pas-de-Calais : 1,2 M€" in euros  # amounts that differ are not added
    assert not [one for one in euros if one.startswith("Nord : ")]
    assert "2 projets sans montant" in words
    years = atlas.own_columns["annee"]
    assert years.projects["2024"] == ("appel-a1",)
    late = Selection(collection=("appel",), own=(("annee", ("2024..2030",)),))
    assert set(apply(late, atlas).counted.index) == {"appel-a1"}


@pytest.mark.parametrize("text", [CELLS, ROWS])
def test_the_same_again_changes_nothing_and_is_taken_back(kept, tmp_path, text):
    first = drafted(tmp_path, text, kept)
    assert first.key == "Réf"
    keep(first, kept)
    again = drafted(tmp_path, text, kept, None)  # what makes sites is remembered
    assert not any((again.change.new, again.change.changed, again.change.gone))
    assert keep(again, kept).already
    more = drafted(tmp_path, text + "A9;Dieppe;76;;;Port;;;;;\n", kept, None)
    assert (more.change.new, more.change.changed, more.change.gone) == (("appel-a9",), (), ())
    keep(more, kept)
    kept.undo("appel")
    back = kept.read("appel")
    assert back.records == first.kept.records
    off = drafted(tmp_path, text, kept, Mapping())
    assert off.kept.mapping.get("sites") is None
    keep(off, kept)
    assert all(len(codes(one.data)) < 2 for one in kept.read("appel").records.values())


def test_a_site_more_is_a_change_whatever_identifies_projects(kept, tmp_path):
    for text in (CELLS, CELLS.replace("Réf;", "Remarque;")):
        keep(drafted(tmp_path, text, kept), kept)
        more = text.replace("Liévin et Arras", "Liévin, Calais et Arras")
        again = drafted(tmp_path, more, kept, None)
        assert (again.change.new, len(again.change.changed), again.change.gone) == ((), 1, ())
        kept.remove("appel")


def test_a_site_is_settled_by_hand_and_stays_so(kept, tmp_path):
    made = drafted(tmp_path, CELLS, kept)
    asked = questions(made.understood)
    assert [(one.cells, one.rows) for one in asked] == [
        ({"Commune": "Zzyzx", "Dép": "62"}, (2,)), ({"Commune": "Saint-Denis"}, (3,)),
    ]  # fmt: skip
    settled = {asked[1].key: {"code_insee": "93066"}}
    path = written(tmp_path, CELLS)
    made = settled_by_hand(path, Wish("appel", "Appel"), kept, settled, mapping=BOTH)
    keep(made, kept)
    assert made.partly == 1
    again = draft(path, Wish("appel", "Appel"), kept)
    assert codes(again.kept.records["appel-a3"].data) == ["93066", "62498"]
    assert keep(again, kept).already


@pytest.mark.usefixtures("kept")
def test_the_code_of_the_terminal_says_that_a_site_is_to_review(tmp_path, capsys):
    path, mapping = written(tmp_path, ROWS), written(tmp_path, "columns: {}\nsites: rows", "m.yaml")
    arguments = ["collection", "import", str(path), "--mapping", str(mapping)]
    assert main(arguments) == 1
    assert "1 projet dont un lieu manque : « collection export" in capsys.readouterr().out
    assert main(["collection", "show", "appel"]) == 0
    assert "3 projets, dont 1 localisé en partie" in capsys.readouterr().out
    path.write_text(ROWS.replace("Zzyzx", "Roubaix"), encoding="utf-8")
    assert main(["collection", "import", str(path)]) == 0


# ------------------------------------------------------------------------------ given back


@pytest.mark.parametrize(("text", "lines"), [(CELLS, 6), (ROWS, 7)])
@pytest.mark.parametrize("kind", [".xlsx", ".csv", ".geojson"])
def test_export_then_import_is_the_same_projects(kept, tmp_path, text, lines, kind):
    one = drafted(tmp_path, text, kept).kept
    path = tmp_path / f"rendu{kind}"
    path.write_bytes(file_of(one, kind, day=date(2026, 11, 29)))
    again = draft(path, Wish("appel", "Appel"), kept, mapping=BOTH)
    assert len(again.understood.table.rows) == lines
    assert list(again.kept.records) == list(one.records)
    for name, record in one.records.items():
        found = again.kept.records[name]
        assert codes(found.data) == codes(record.data), name
        assert {h: cell for h, cell in found.row.items() if h not in (LON, LAT)} == record.row
        ours = {h: v for h, v in found.data["fields"].items() if h not in (LON, LAT)}
        assert ours == record.data["fields"]
        for key in ("title", "theme", "amounts", "unlocated", "holders"):
            assert found.data.get(key) == record.data.get(key), (name, key)


@pytest.mark.parametrize("text", [CELLS, ROWS])
def test_a_folder_exported_and_read_again_gives_equal_projects(kept, tmp_path, text):
    one = drafted(tmp_path, text, kept)
    keep(one, kept)
    assert main(["collection", "export", "appel", str(tmp_path / "dossier")]) == 0
    assert read_folder(tmp_path / "dossier").sheets == one.folder.sheets


def test_each_row_is_drawn_at_its_own_place(kept, tmp_path):
    keep(drafted(tmp_path, ROWS, kept), kept)
    (tmp_path / "a.gpkg").write_bytes(file_of(kept.read("appel"), ".gpkg", day=date(2026, 11, 29)))
    layer = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="projets")
    assert layer["Commune"].tolist() == [
        "Lens", "Lille", "Zzyzx", "Arras", "Béthune", "Béthune", "Nancy",
    ]  # fmt: skip
    assert [point is None for point in layer.geometry] == [False, False, True, *[False] * 4]
    assert layer.geometry[1].x == pytest.approx(3.06, abs=0.05)


def test_rows_of_which_a_site_has_no_place_come_back_with_the_reason(kept, tmp_path):
    for text, wanted in ((CELLS, ["Arras ; Zzyzx ; Lens", "Saint-Denis|Lens"]), (ROWS, ["Zzyzx"])):
        rows = rows_of(drafted(tmp_path, text, kept).kept, unplaced=True)
        assert rows["Commune"].tolist() == wanted
        assert all(rows[REASON].str.len() > 10)


def test_personal_cells_of_several_rows_stay_their_owner_s(kept, tmp_path):
    held = drafted(tmp_path, ROWS, kept).kept
    assert "exemple.fr" not in json.dumps([one.data for one in held.records.values()])
    assert "exemple.fr" not in file_of(held, ".csv", day=date(2026, 11, 29), personal=False).decode(
        "utf-8-sig"
    )
    halle = held.records["appel-a1"]
    assert halle.row["Contact"] == ["a@exemple.fr", "b@exemple.fr", ""]
    assert halle.cell("Contact") == "a@exemple.fr ; b@exemple.fr"
    assert [one.get("at") for one in halle.row[SITES]] == [0, 1, None]


def test_a_header_of_nothing_that_is_kept_is_no_site(kept, tmp_path):
    rows = [{"Réf": f"A{n // 2}", "Commune": town, "\0": "x", "Intitulé": f"Halle {n // 2}"}
            for n, town in enumerate(("Lens", "Arras", "Nancy"))]  # fmt: skip
    path = written(tmp_path, json.dumps(rows), "appel.json")
    for mapping in (Mapping(), BOTH):
        keep(draft(path, Wish("appel", "Appel"), kept, mapping=mapping), kept)
        assert rows_of(kept.read("appel"))["Commune"].tolist() == ["Lens", "Arras", "Nancy"]
