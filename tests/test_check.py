"""The checks on the shipped data: they pass, and each one sees the fault it is there for."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.sheet_cases import parse_project
from villeactive import check as module
from villeactive.analysis.namesakes import Site, misplaced
from villeactive.check import run_checks
from villeactive.collections.project import Project
from villeactive.collections.sheets import Sheets
from villeactive.errors import DataFileError
from villeactive.geography.checksums import NAME, sum_faults, sums_text

ROOT = Path(__file__).resolve().parents[1]


def faults() -> list[str]:
    return [fault for check in run_checks() for fault in check.faults]


@pytest.fixture
def served(monkeypatch):
    """Give ``served(atlas)``: the checks then read this one."""
    return lambda atlas: monkeypatch.setattr(module, "read_atlas", lambda: atlas)


def changed(sheet: Project, **values: object) -> Project:
    return parse_project(sheet.model_dump() | values)


def test_the_shipped_data_is_good():
    checks = run_checks()
    assert [(check.name, check.faults) for check in checks if not check.passed] == []
    assert checks[0].name == "Tables et contours tels que livrés"
    looked_at = {check.name: check.n_checked for check in checks}
    assert looked_at["Fiches lisibles"] == 29
    assert looked_at["Codes des lieux"] == 35
    assert looked_at["Communes du COG 2026"] == 34875
    assert looked_at["Contours"] == 18 + 101


def test_a_code_of_another_town_is_seen(atlas, served):
    dieppe = atlas.sheets["dieppe-cnam"]
    place = dieppe.places[0].model_dump() | {"code_insee": "76540"}
    served(replace(atlas, sheets=atlas.sheets | {"dieppe-cnam": changed(dieppe, places=[place])}))
    assert faults() == [
        "ville-active : dieppe-cnam.yaml : 76540 est Rouen, non « Dieppe »",
        # told from both ends
        "ville-active : dieppe-cnam.yaml : related : observatoire-territoires-industrie n’a pas "
        "le lien « même ville »",
        "ville-active : observatoire-territoires-industrie.yaml : related : dieppe-cnam n’a pas "
        "le lien « même ville »",
    ]


def test_a_seat_outside_its_epci_is_seen(atlas, served):
    name = "rochefort-pole-aeronautique"
    place = atlas.sheets[name].places[0].model_dump() | {"siren": "200071827"}
    served(
        replace(atlas, sheets=atlas.sheets | {name: changed(atlas.sheets[name], places=[place])})
    )
    assert faults() == [f"ville-active : {name}.yaml : Rochefort n’est pas dans l’EPCI 200071827"]


def test_a_site_listed_in_a_namesake_is_seen(atlas, served):
    carried = atlas.carried.copy()
    wrong = (carried["programme"] == "FABT") & (carried["code_insee"] == "29197")
    assert int(wrong.sum()) == 1
    carried.loc[wrong, "code_insee"] = "56169"
    served(replace(atlas, carried=carried))
    told = [fault for fault in faults() if fault.startswith("programmes.csv : FABT")]
    assert told == [
        "programmes.csv : FABT : « Association d'animation des Ateliers Jean Moulin » est placé à "
        "Plouhinec (56169), mais ses mots désignent Plouhinec (29197), où programmes.csv : MANUP "
        "le donne aussi"
    ]


def test_a_sheet_drawn_in_a_namesake_is_seen(atlas, served):
    name = "plouhinec-ateliers-jean-moulin"
    place = atlas.sheets[name].places[0].model_dump() | {"code_insee": "56169"}
    sheet = changed(atlas.sheets[name], places=[place])
    served(replace(atlas, sheets=atlas.sheets | {name: sheet}))
    assert any(
        fault.startswith(
            f"ville-active : {name}.yaml : « Ateliers Jean Moulin » est placé à Plouhinec (56169)"
        )
        for fault in faults()
    )


@pytest.mark.parametrize(
    ("code", "words", "place"),
    [
        ("97414", "Pôle d’activités de MARIE-GALANTE", "Saint-Louis (97126), Guadeloupe"),
        ("97408", "Le tiers-lieu de Mayotte", "Mayotte (976)"),
        ("17300", "Fablab de Haute-Saône", "La Rochelle (70450), Haute-Saône"),
        ("93048", "Les Chaudronneries", None),
        ("97302", "Formations Martinique Guyane", None),
        ("97410", "La salle de réunion", None),
    ],
)
def test_words_that_name_another_territory(atlas, code, words, place):
    told = misplaced([Site("liste", code, words)], atlas.communes)
    said = f"mais ses mots désignent {place}"
    assert [fault.endswith(said) for fault in told] == ([True] if place else [])


def test_neighbours_that_are_far_apart_are_seen(atlas, served):
    sheet = atlas.sheets["lorient-fabrique-prospective"]
    far = [{"id": "plouhinec-ateliers-jean-moulin", "relation": "neighbour"}]
    served(replace(atlas, sheets=atlas.sheets | {sheet.id: changed(sheet, related=far)}))
    assert faults() == [
        f"ville-active : {sheet.id}.yaml : related : plouhinec-ateliers-jean-moulin n’a pas le "
        "lien « territoire voisin »"
    ]


def test_a_sheet_written_twice_is_seen(atlas, served):
    twin = changed(atlas.sheets["usinerie"], id="usinerie-bis")
    served(replace(atlas, sheets=atlas.sheets | {"usinerie-bis": twin}))
    twice, first = (f"ville-active : {name}.yaml" for name in ("usinerie-bis", "usinerie"))
    assert faults() == [
        "ville-active : 7 fiches « projet » au lieu de 6",
        f"{twice} et {first} : même titre",
        f"{twice} et {first} : même lieu",
    ]


def test_a_lost_project_is_counted(atlas, served):
    kept = {name: sheet for name, sheet in atlas.sheets.items() if name != "usinerie"}
    related = {name: sheet.model_copy(update={"related": []}) for name, sheet in kept.items()}
    served(replace(atlas, sheets=Sheets(related)))
    assert faults() == ["ville-active : 5 fiches « projet » au lieu de 6"]


@pytest.mark.parametrize(
    ("relation", "other", "said"),
    [
        ("same-topic", "laval-level", "même sujet"),
        ("same-town", "lainamac", "même ville"),
        ("same-actor", "cholet-ifto", "acteur commun"),
    ],
)
def test_a_link_that_is_not_true_is_seen(atlas, served, relation, other, said):
    sheet = changed(atlas.sheets["usinerie"], related=[{"id": other, "relation": relation}])
    served(replace(atlas, sheets=atlas.sheets | {"usinerie": sheet}))
    assert faults() == [
        f"ville-active : usinerie.yaml : related : {other} n’a pas le lien « {said} »"
    ]


def test_an_organisation_given_twice_is_seen(atlas, served):
    twin = atlas.organisations["cnam"].model_copy(update={"id": "cnam-bis"})
    served(replace(atlas, organisations=atlas.organisations | {"cnam-bis": twin}))
    assert faults() == [
        "organisations.yaml : « conservatoire national des arts et métiers » figure deux fois"
    ]


def test_a_lost_or_maimed_commune_is_seen(atlas, served):
    maimed = atlas.communes.drop("01001")
    maimed["population"] = maimed["population"].astype(float)
    maimed.loc["01002", "population"] = None
    served(replace(atlas, communes=maimed))
    assert "34874 communes au lieu de 34875" in faults()
    assert "communes.parquet : 1 valeurs de « population » manquent" in faults()


def test_a_lost_label_and_a_dead_commune_are_seen(atlas, served):
    first, second = atlas.carried.index[atlas.carried["programme"] == "ACV"][:2]
    dead = atlas.carried.loc[[first]].assign(code_insee="99999")
    served(
        replace(
            atlas,
            carried=atlas.carried.drop([first, second]),
            unplaced=pd.concat([atlas.unplaced, dead]),
        )
    )
    assert faults() == [
        "programmes : 99999 n’est pas une commune du COG 2026",
        "ACV : 244 communes au lieu de 245",
    ]


def test_an_overseas_collectivity_is_left_out_and_counted_not_a_fault(atlas):
    assert atlas.unplaced[["programme", "code_insee"]].to_numpy().tolist() == [["FABT", "97801"]]


def test_an_outline_that_cannot_be_read_is_a_fault_among_others(atlas, served, monkeypatch):
    def missing(_level):
        raise DataFileError("Le fichier geodata/outlines/regions.geojson manque.")

    monkeypatch.setattr(module.referential, "read_outlines", missing)
    twin = changed(atlas.sheets["usinerie"], id="usinerie-bis")
    served(replace(atlas, sheets=atlas.sheets | {"usinerie-bis": twin}))
    assert "Le fichier geodata/outlines/regions.geojson manque." in faults()
    assert "ville-active : 7 fiches « projet » au lieu de 6" in faults()


# ---------------------------------------------------------------- a damaged copy, whole command


@pytest.fixture
def copy(tmp_path):
    """Give a copy of code and data that may be damaged; outlines are only linked."""
    shutil.copytree(ROOT / "villeactive", tmp_path / "villeactive")
    (tmp_path / "geodata").mkdir()
    for path in (ROOT / "geodata").iterdir():
        if path.name == "outlines":
            shutil.copytree(path, tmp_path / "geodata" / path.name, copy_function=os.symlink)
        elif path.is_dir():
            shutil.copytree(path, tmp_path / "geodata" / path.name)
        else:
            shutil.copy(path, tmp_path / "geodata" / path.name)
    return tmp_path


def checked(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "villeactive", "check"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told_by(done: subprocess.CompletedProcess) -> list[str]:
    """Give the faults that the command told; that it found some is its only complaint."""
    assert (done.returncode, done.stderr) == (1, "")
    return [line for line in done.stdout.splitlines() if line.startswith("- ")]


def test_all_faults_of_all_sheets_are_told_at_once(copy):
    sheets = copy / "geodata" / "collections" / "ville-active" / "projects"
    edit(sheets / "usinerie.yaml", "kind: projet", "kind: usine")
    edit(sheets / "lainamac.yaml", "23008", "2300")
    edit(sheets / "dieppe-cnam.yaml", "id: dieppe-cnam", "id: dieppe")
    (sheets / "vide.yaml").write_text("")
    os.mkfifo(sheets / "tube.yaml")  # refused, not waited for
    told = told_by(checked(copy))
    assert len(told) == 5
    for words in (
        "usinerie.yaml : kind : « usine »",
        "lainamac.yaml : places.0.code_insee",
        "dieppe-cnam.yaml : id : « dieppe »",
        "vide.yaml : fiche",
        "tube.yaml : fichier illisible (ce n’est pas un fichier ordinaire)",
    ):
        assert any(words in line for line in told), words
    # a sheet with faults still exists for those that refer to it
    assert not any("aucune fiche « usinerie »" in line for line in told)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("collection.yaml", "id: a\n", "collection.yaml : title"),
        ("../../signs.yaml", "- {shape: rond}\n", "signs.yaml : "),
    ],
)
def test_a_damaged_file_is_named_never_a_traceback(copy, name, content, words):
    path = copy / "geodata" / "collections" / "ville-active" / name
    path.write_text(content, encoding="utf-8")
    done = checked(copy)
    assert done.returncode in {1, 2}
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


HALF, GONE, NEW = "half", "gone", "new"


def damage(path: Path, how: str) -> None:
    """Cut a file, take it away or put one there; never through a link, into the shipped one."""
    data = b"code,name\n" if how == NEW else path.read_bytes()
    path.unlink(missing_ok=how == NEW)
    if how != GONE:
        path.write_bytes(data[: len(data) // 2] if how == HALF else data)


DAMAGES = [
    ("departements.csv", HALF, "n’est pas tel qu’il a été livré"),
    ("epci.csv", GONE, "manque"),
    ("regions.csv", GONE, "manque"),
    ("programmes.csv", HALF, "n’est pas tel qu’il a été livré"),
    ("communes.parquet", HALF, "n’est pas tel qu’il a été livré"),
    ("outlines/neighbours.geojson", GONE, "manque"),
    ("outlines/communes/29.geojson", HALF, "n’est pas tel qu’il a été livré"),
    ("outlines/towns.json", HALF, "n’est pas tel qu’il a été livré"),
    ("outlines/communes/99.geojson", NEW, "n’est pas dans SHA256SUMS"),
]


def test_tables_and_outlines_that_are_not_as_shipped_are_named_at_once(copy):
    for name, how, _ in DAMAGES:
        damage(copy / "geodata" / name, how)
    told = told_by(checked(copy))
    assert len(told) == len(DAMAGES)
    for name, _, said in DAMAGES:
        assert any(f"geodata/{name} {said}" in line for line in told), name


def test_prints_that_are_gone_are_named(copy):
    damage(copy / "geodata" / NAME, GONE)
    (told,) = told_by(checked(copy))
    assert "geodata/SHA256SUMS manque" in told


def test_half_of_the_prints_is_a_fault(copy):
    damage(copy / "geodata" / NAME, HALF)
    done = checked(copy)
    assert (done.returncode, done.stderr) == (1, "")
    assert "geodata/outlines/towns.json n’est pas dans SHA256SUMS" in done.stdout


def rebuilt(folder: Path, *options: str) -> Path:
    """Run the program that makes the data, on a copy; give the folder of what it would fetch."""
    sources = folder / "sources"
    command = [sys.executable, ROOT / "geodata" / "rebuild.py", *options]
    command += ["--out", folder / "geodata", "--sources", sources]
    subprocess.run(command, cwd=folder, check=True)
    return sources


def test_prints_are_written_without_fetching_and_a_table_written_by_hand_has_none(copy):
    with (copy / "geodata" / "departements.csv").open("a", encoding="utf-8") as table:
        table.write("\n")
    (told,) = sum_faults(copy / "geodata")
    assert "geodata/departements.csv n’est pas tel" in told
    sources = rebuilt(copy, "--sums")
    assert not sources.exists()
    written = (copy / "geodata" / NAME).read_text(encoding="utf-8")
    assert written == sums_text(copy / "geodata")
    with (copy / "geodata" / "usual_names.csv").open("a", encoding="utf-8") as table:
        table.write("Ville de l’essai,29232\n")
    done = checked(copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert "n’est pas tel" not in done.stdout


def test_the_prints_are_written_at_the_end_of_a_run(copy):
    (copy / "geodata" / NAME).unlink()
    (copy / "geodata" / "outlines" / "towns.json").unlink()
    (copy / "geodata" / "outlines" / "divisions.json").unlink()
    rebuilt(copy, "--only", "towns")
    assert (copy / "geodata" / NAME).read_bytes() == (ROOT / "geodata" / NAME).read_bytes()


def test_the_shipped_prints_are_up_to_date():
    shipped = (ROOT / "geodata" / NAME).read_text(encoding="utf-8")
    assert shipped == sums_text(), "relancez geodata/rebuild.py --sums"


def test_half_of_the_vocabulary_is_one_sentence(copy):
    damage(copy / "geodata" / "vocabulary.yaml", HALF)
    (told,) = told_by(checked(copy))
    assert "vocabulary.yaml : illisible" in told


def test_damaged_tables_of_a_collection_are_named_at_once(copy):
    folder = copy / "geodata" / "collections" / "ville-active"
    (folder / "organisations.yaml").write_text("- {id: a, name: A, kind: etat, parent: b}\n")
    (folder / "publication.yaml").write_text("about: 3\n")
    told = "\n".join(told_by(checked(copy)))
    assert "a : parent inconnu" in told
    assert "publication.yaml : about" in told


def test_no_sheet_at_all_is_a_fault(copy):
    shutil.rmtree(copy / "geodata" / "collections" / "ville-active" / "projects")
    done = checked(copy)
    assert done.returncode == 1
    assert "projects : aucune fiche dans ce dossier" in done.stdout
