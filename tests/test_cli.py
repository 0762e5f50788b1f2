"""The command line: each command in each format, its contract in JSON, its exit codes."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from villeactive.cli import main
from villeactive.cli.output import print_json, print_json_list

ROOT = Path(__file__).resolve().parents[1]

SHEET = {
    "id", "collection", "title", "kind", "theme", "topic", "topic_book", "summary", "context",
    "aims", "reference",
    "description", "strengths", "impacts", "places", "programmes_cited", "programmes", "labels",
    "funders", "partners", "commissioners", "architects", "providers", "holders", "timeline",
    "budget", "figures", "voices", "related", "contacts", "links", "source",
}  # fmt: skip
PLACE = {
    "scale", "code_insee", "siren", "name", "role", "site", "departement", "region", "epci",
    "population", "population_book", "population_cited", "then", "programmes_then", "lon", "lat",
    "programmes",
}  # fmt: skip
# list of the record: the keys that its entries must have
PARTS = {
    "impacts": {"text", "status"},
    "timeline": {"date", "end", "about", "status", "label"},
    "budget": {"label", "amount_eur", "payer", "nature", "per", "tax", "part_of"},
    "figures": {"label", "value", "value_max", "unit", "text"},
    "voices": {"name", "role", "view"},
    "related": {"id", "relation"},
    "contacts": {"name", "role", "organisation", "email"},
    "links": {"kind", "url", "label"},
}
# what we say besides: never less than the contract, and nothing else
MORE = {
    "sheet": {"actor_notes", "judged_by", "notes"},
    "timeline": {"context"},
    "place": {
        "commune",
        "street",
        "population_year",
        "population_counts",
        "programmes_2022",
        "programmes_undated",
    },
    "budget": {"year"},
    "figures": {"nature", "year"},
    "voices": {"organisation"},
    "contacts": {"phone"},
}
LOCATED = {"status", "code_insee", "name", "departement", "reason", "candidates"}


@pytest.fixture
def run(capsys):
    """Give ``run(words) -> (code, stdout, stderr)``."""

    def call(*words: str) -> tuple[int, str, str]:
        try:
            code = main(words)
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def ids(run):
    """Give the ids that ``projects`` lists under some filters."""

    def call(*words: str) -> set[str]:
        code, out, err = run("projects", "--format", "json", *words)
        assert (code, err) == (0, "")
        return {record["id"] for record in json.loads(out)}

    return call


def refused(answer: tuple[int, str, str]) -> str:
    """Check that a command was refused in one line, and give the line."""
    code, out, err = answer
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("villeactive : ")
    return err


# ------------------------------------------------------------------------------------ projects


def test_projects_as_a_table(run):
    code, out, err = run("projects", "--region", "Bretagne")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].split() == ["id", "kind", "theme", "town", "departement", "programmes"]
    assert lines[-1] == "2 projets · Bretagne (et 1 lieu cité)"
    assert len(lines[1:-2]) == 3


def test_projects_as_csv(run):
    code, out, _ = run("projects", "--departement", "4", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert code == 0
    assert (row["id"], row["code_insee"]) == ("digne-les-bains-tiers-lieux", "04070")
    assert row["programmes"] == "ACV ORT FABT TI TI1"


def test_projects_as_geojson(run):
    code, out, _ = run("projects", "--kind", "outil", "--format", "geojson")
    made = json.loads(out)
    assert code == 0
    assert made["type"] == "FeatureCollection"
    assert len(made["features"]) == 7


def test_an_empty_answer_is_an_answer_in_each_format(run):
    where = ("--region", "Guadeloupe")
    assert run("projects", *where) == (0, "0 projet · Guadeloupe\n", "")
    assert run("projects", *where, "--format", "json") == (0, "[]\n", "")
    code, out, _ = run("projects", *where, "--format", "csv")
    assert (code, len(out.splitlines())) == (0, 1)
    code, out, _ = run("projects", *where, "--format", "geojson")
    assert (code, json.loads(out)["features"]) == (0, [])


@pytest.fixture(scope="module")
def records():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "villeactive", "projects", "--format", "json"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    return {record["id"]: record for record in json.loads(done.stdout.decode("utf-8"))}


def test_all_sheets_are_listed(records):
    assert len(records) == 29
    assert sum(record["kind"] != "mention" for record in records.values()) == 20


def test_the_contract_of_the_records(records):
    for record in records.values():
        assert set(record) == SHEET | MORE["sheet"]
        assert set(record["source"]) == {"document", "section", "pages"}
        for name, keys in PARTS.items():
            for entry in record[name]:
                assert set(entry) == keys | MORE.get(name, set()), name
        for place in record["places"]:
            assert set(place) == PLACE | MORE["place"]
            assert set(place["departement"]) == set(place["region"]) == {"code", "name"}
            assert place["epci"] is None or set(place["epci"]) == {"siren", "name"}
            for programme in place["programmes"]:
                assert set(programme) == {"code", "since", "phase"}


def test_texts_are_sentences_and_people_have_full_names(records):
    usinerie = records["usinerie"]
    for name in ("title", "summary"):
        assert isinstance(usinerie[name], str)
    for role in ("funders", "partners", "commissioners", "architects", "providers"):
        assert all(isinstance(name, str) and name for name in usinerie[role])
    assert any("Conservatoire national des arts et métiers" in name
               for role in ("funders", "partners", "commissioners", "providers")
               for name in usinerie[role])  # fmt: skip
    assert usinerie["source"]["pages"] == [8, 9, 10, 11, 12, 13]


def test_the_place_of_a_record(records):
    (place,) = records["usinerie"]["places"]
    assert place["code_insee"] == "71076"
    assert place["departement"] == {"code": "71", "name": "Saône-et-Loire"}
    assert place["region"] == {"code": "27", "name": "Bourgogne-Franche-Comté"}
    assert (place["population"], place["population_book"]) == (45102, 45390)
    assert (place["lon"], place["lat"]) == pytest.approx((4.85, 46.78), abs=0.02)
    assert place["programmes"] == [
        {"code": "ACV", "since": "2018-10-18", "phase": "1"},
        {"code": "ORT", "since": "2020-10-05", "phase": None},
        {"code": "TI", "since": None, "phase": "2"},
        {"code": "TI1", "since": None, "phase": "1"},
    ]
    assert place["programmes_2022"] == ["ACV", "ORT", "TI1"]


def test_a_territory_is_drawn_at_its_seat_and_says_what_its_population_counts(records):
    (place,) = records["rochefort-pole-aeronautique"]["places"]
    assert (place["scale"], place["code_insee"], place["commune"]) == ("epci", "17299", "Rochefort")
    assert (place["population_book"], place["population_counts"]) == (65000, "epci")
    assert place["siren"] == place["epci"]["siren"] == "200041762"


def test_the_budget_of_issoire(records):
    lines = [
        (line["amount_eur"], line["nature"], line["tax"], line["part_of"])
        for line in records["issoire-industrie-40"]["budget"]
    ]
    assert lines == [
        (31000.0, "investment", "HT", None),
        (20000.0, "investment", "HT", "Investissement de l’université Clermont Auvergne"),
        (31000.0, "investment", "HT", None),
        (2000.0, "running", "HT", None),
    ]


def test_programmes_of_a_sheet_are_those_of_all_its_places(records):
    # Gimont and Saverdun: PVD, ORT, TI; Blagnac: nothing
    assert records["corpoworking"]["programmes"] == ["PVD", "ORT", "TI", "TI1"]


# ------------------------------------------------------------------------------------- filters


@pytest.mark.parametrize(
    ("by_name", "by_code"),
    [
        (("--region", "Bretagne"), ("--region", "53")),
        (("--departement", "Gers"), ("--departement", "32")),
        (("--programme", "Petites villes de demain"), ("--programme", "pvd")),
        (("--theme", "Filières et productions"), ("--theme", "filieres-productions")),
        (("--topic", "Accès à la formation"), ("--topic", "formation")),
        (("--kind", "Outil partenarial"), ("--kind", "outil")),
        (("--actor", "Cnam"), ("--actor", "cnam")),
        (("--near", "Lens", "--within", "60"), ("--near", "62498", "--within", "60")),
    ],
)
def test_names_and_codes_give_the_same(ids, by_name, by_code):
    assert ids(*by_name) == ids(*by_code) != set()


def test_filters_are_or_within_and_and_across(ids):
    assert ids("--region", "53", "--region", "Normandie", "--programme", "PVD") == {
        "observatoire-territoires-industrie",
        "plouhinec-ateliers-jean-moulin",
    }
    assert ids("--near", "Rochefort (17)", "--within", "10") == {"rochefort-pole-aeronautique"}
    assert ids("--text", "tapisserie") == {"lainamac"}
    assert ids("--text", "  ", "--amount-known") == {
        "issoire-industrie-40", "shop-in-romans", "rochefort-pole-aeronautique",
    }  # fmt: skip
    assert ids("--min-population", "200 000", "--max-population", "300000") == {
        "strasbourg-industrie-magnifique"
    }


def test_fifty_kilometres_when_no_distance_is_given(ids):
    assert ids("--near", "62498") == ids("--near", "62498", "--within", "50")


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        (("projects", "--region", "Bretange"), ["« Bretange » est inconnu", "53 (Bretagne)"]),
        (("towns", "--departement", "Gironda"), ["33 (Gironde)"]),
        (("projects", "--programme", "ACW"), ["ACV (Action cœur de ville)"]),
        (("projects", "--kind", "zzz"), ["projet (Projet détaillé)", "mention (Lieu cité)"]),
        (("projects", "--actor", "cname"), ["cnam"]),
        (("projects", "--near", "Chalon-sur-Saon"), ["71076 (Chalon-sur-Saône, Saône-et-Loire)"]),
        (
            ("projects", "--near", "Saint-Omer"),
            ["désigne plusieurs communes", "62765 (Saint-Omer, Pas-de-Calais)", "14635"],
        ),
        (("projects", "--near", ""), ["Autour de"]),
        (("projects", "--region", ""), ["Région"]),
        (("projects", "--region", "a\nb"), ["a b"]),
        (("projects", "--within", "10"), ["--near"]),
        (("projects", "--near", "Lens", "--within", "0"), ["au moins 1 km"]),
        (("projects", "--within", "loin"), ["loin"]),
        (("projects", "--min-population", "-1"), ["-1"]),
        (("projects", "--min-population", "9" * 30), ["99 999 999"]),
        (("projects", "--format", "xml"), ["xml"]),
        (("projects", "--colour", "red\nblue"), ["--colour"]),
        (("projects", "--format", "xml"), ["--format : « xml » est inconnu", "geojson"]),
        (("projects", "--colour", "red"), ["en trop : --colour red"]),
        (("towns", "--format"), ["--format : une valeur est attendue"]),
        (("fly",), ["COMMANDE : « fly » est inconnu", "projects, towns, locate"]),
        ((), ["il manque : COMMANDE"]),
        (("projects", "--min", "3", "--m"), ["est ambigu : --min-population"]),
        (("locate",), ["--input"]),
        (("locate", "Lens", "--input", "a.csv", "--output", "b.csv"), ["--input"]),
        (("locate", "--input", "a.csv"), ["--output"]),
        (("locate", "Lens", "--output", "b.csv"), ["--output"]),
        (("locate", "--input", "a", "--output", "b", "--departement", "1"), ["departement"]),
        (
            ("locate", "--input", "/nowhere/a.csv", "--output", "b.csv"),
            ["a.csv", "n’existe pas"],
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(run, words, hints):
    line = refused(run(*words))
    for hint in hints:
        assert hint in line


# --------------------------------------------------------------------------------------- towns


def test_towns_as_a_table(run):
    code, out, _ = run("towns", "--departement", "71", "--programme", "ACV")
    assert code == 0
    assert out.splitlines()[-1] == "5 communes · Saône-et-Loire · Action cœur de ville"
    assert "71076       Chalon-sur-Saône" in out


def test_towns_in_json_csv_and_geojson_are_the_same(run):
    words = ("towns", "--departement", "Ain", "--min-population", "20000")
    listed = json.loads(run(*words, "--format", "json")[1])
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv")[1])))
    features = json.loads(run(*words, "--format", "geojson")[1])["features"]
    keys = ["code_insee", "name", "departement", "region", "epci", "population", "programmes",
            "lon", "lat"]  # fmt: skip
    assert all(list(town) == keys for town in listed)
    assert [town["code_insee"] for town in listed] == [row["code_insee"] for row in rows]
    assert [f["properties"] for f in features] == listed
    bourg = next(town for town in listed if town["code_insee"] == "01053")
    assert bourg["programmes"] == ["ACV", "ORT", "MANUP", "TI", "TI1"]
    assert bourg["population"] == 42372
    assert next(row for row in rows if row["code_insee"] == "01053")["programmes"] == (
        "ACV ORT MANUP TI TI1"
    )


def test_all_communes_on_demand(run):
    few = json.loads(run("towns", "--departement", "90", "--format", "json")[1])
    every = json.loads(run("towns", "--departement", "90", "--all", "--format", "json")[1])
    assert len(every) == 101  # communes of the Territoire de Belfort
    assert {town["code_insee"] for town in few} < {town["code_insee"] for town in every}


def test_an_island_outside_any_epci_says_null(run):
    (town,) = json.loads(run("towns", "--all", "--text", "Ouessant", "--format", "json")[1])
    assert (town["code_insee"], town["epci"]) == ("29155", None)


def test_no_town_is_an_answer(run):
    assert run("towns", "--text", "zzzz", "--format", "json") == (0, "[]\n", "")
    code, out, _ = run("towns", "--departement", "71", "--text", "zzzz")
    assert (code, out.splitlines()[-1]) == (0, "0 commune · Saône-et-Loire · «\u00a0zzzz\u00a0»")


# -------------------------------------------------------------------------------------- locate


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("Chalon-sur-Saône",), 0, ("found", "71076", "Chalon-sur-Saône", "71")),
        (("st omer", "--departement", "62"), 0, ("found", "62765", "Saint-Omer", "62")),
        (("Mureaux (Les)",), 0, ("found", "78440", "Les Mureaux", "78")),
        (("75119",), 0, ("found", "75056", "Paris", "75")),
        (("Saint-Omer",), 3, ("ambiguous", None, None, None)),
        (("Trifouilly-les-Oies",), 3, ("missing", None, None, None)),
        (("",), 3, ("missing", None, None, None)),
    ],
)
def test_locate_in_json(run, words, code, expected):
    got, out, err = run("locate", *words, "--format", "json")
    answer = json.loads(out)
    assert (got, err) == (code, "")
    assert set(answer) == LOCATED
    assert tuple(answer[k] for k in ("status", "code_insee", "name", "departement")) == expected
    assert answer["reason"]


def test_candidates_of_an_ambiguous_name(run):
    answer = json.loads(run("locate", "Saint-Omer", "--format", "json")[1])
    assert answer["candidates"][0] == {
        "code_insee": "62765",
        "name": "Saint-Omer",
        "departement": "62",
        "departement_name": "Pas-de-Calais",
        "population": 14382,
    }
    assert len(answer["candidates"]) > 1


def test_locate_in_words(run):
    assert run("locate", "Lens") == (0, "62498  Lens (62)\n", "")
    code, out, _ = run("locate", "Saint-Omer")
    assert code == 3
    assert "précisez le département" in out.splitlines()[0]
    assert "  62765  Saint-Omer (62)" in out.splitlines()


ADDED = ["status", "code_insee_found", "name_found", "lon", "lat", "reason", "candidates"]


def completed(tmp_path, run, data: bytes) -> tuple[list[list[str]], bytes, str]:
    source, target = tmp_path / "lieux.csv", tmp_path / "complets.csv"
    source.write_bytes(data)
    code, out, err = run("locate", "--input", str(source), "--output", str(target))
    assert (code, err) == (0, "")
    written = target.read_bytes()
    text = written.decode("utf-8-sig")
    delimiter = next(d for d in ";\t|," if d + ADDED[0] in text)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), written, out


def test_a_file_keeps_its_rows_columns_order_and_delimiter(tmp_path, run):
    rows, written, out = completed(
        tmp_path, run,
        b"note;name;departement\nb;Lens;62\na;Saint-Omer;\n;Nulle-Part;1\nb;Lens;62\n",
    )  # fmt: skip
    assert rows[0] == ["note", "name", "departement", *ADDED]
    assert [row[:3] for row in rows[1:]] == [
        ["b", "Lens", "62"], ["a", "Saint-Omer", ""], ["", "Nulle-Part", "1"], ["b", "Lens", "62"],
    ]  # fmt: skip
    assert [row[3:6] for row in rows[1:]] == [
        ["found", "62498", "Lens"], ["ambiguous", "", ""], ["missing", "", ""],
        ["found", "62498", "Lens"],
    ]  # fmt: skip
    assert float(rows[1][6]) == pytest.approx(2.83, abs=0.02)
    assert float(rows[1][7]) == pytest.approx(50.43, abs=0.02)
    assert "62765 Saint-Omer (62)" in rows[2][9]
    assert "4 lignes (2 trouvées, 1 ambiguë, 1 introuvable)" in out
    assert b"\r" not in written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(tmp_path, run, delimiter):
    data = f"name{delimiter}code_insee\nLens{delimiter}62498\n{delimiter}1004\n".encode()
    rows, _, _ = completed(tmp_path, run, data)
    assert [row[3] for row in rows] == ["code_insee_found", "62498", "01004"]
    assert rows[2][1] == "1004"


def test_one_column_with_an_empty_cell(tmp_path, run):
    rows, _, out = completed(tmp_path, run, b"name\nLens\n\nDieppe\n")
    assert [row[0] for row in rows] == ["name", "Lens", "", "Dieppe"]
    assert "3 lignes (2 trouvées, 0 ambiguë, 1 introuvable)" in out


def test_no_row_is_a_result(tmp_path, run):
    rows, _, out = completed(tmp_path, run, b"name,departement\n")
    assert rows == [["name", "departement", *ADDED]]
    assert "0 ligne (0 trouvée, 0 ambiguë, 0 introuvable)" in out


def test_a_postcode_column_narrows_homonyms(tmp_path, run):
    rows, _, _ = completed(tmp_path, run, b"name,postcode\nSaint-Omer,62500\nSaint-Omer,14220\n")
    assert [row[3] for row in rows[1:]] == ["62765", "14635"]


def test_a_spreadsheets_file_keeps_its_mark_and_line_ends(tmp_path, run):
    data = "\ufeffname;note\r\nChâlons-en-Champagne;é\r\n".encode()
    rows, written, _ = completed(tmp_path, run, data)
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == written.count(b"\n") == 2
    assert rows[1][:4] == ["Châlons-en-Champagne", "é", "found", "51108"]


def test_a_file_of_windows_stays_one(tmp_path, run):
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes("name\nChâlons-en-Champagne\n".encode("cp1252"))
    assert run("locate", "--input", str(source), "--output", str(target))[0] == 0
    assert target.read_bytes().decode("cp1252").startswith("name,status")
    assert "Châlons-en-Champagne" in target.read_bytes().decode("cp1252")


def test_cells_come_back_untouched_and_ours_are_defused(tmp_path, run):
    cells = ["=1+1", 'Lens "62"', "a;b", "deux\nlignes", "retour\rseul", " espaces "]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerows([["note", "name"], *([cell, "=1+1"] for cell in cells)])
    rows, _, _ = completed(tmp_path, run, stream.getvalue().encode())
    assert [row[:2] for row in rows[1:]] == [[cell, "=1+1"] for cell in cells]
    assert {row[2] for row in rows[1:]} == {"missing"}
    assert not [cell for row in rows[1:] for cell in row[2:] if cell.startswith(("=", "+", "@"))]


def test_our_columns_never_take_the_place_of_yours(tmp_path, run):
    rows, _, _ = completed(tmp_path, run, b"status,name,lon\nouvert,Lens,x\n")
    assert rows[0] == ["status", "name", "lon", *ADDED]
    assert rows[1][:5] == ["ouvert", "Lens", "x", "found", "62498"]


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"", "vide"),
        (b"projet;dep\nHalle;62\n", "colonne de lieu"),
        (b"PK\x03\x04\x81\x8d", "classeur est abîmé"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path, run, data, hint):
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes(data)
    assert hint in refused(run("locate", "--input", str(source), "--output", str(target)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]


@pytest.mark.parametrize("place", ["absent/b.csv", "file/b.csv"])
def test_what_cannot_be_written_leaves_nothing_half_written(tmp_path, run, place):
    (tmp_path / "a.csv").write_bytes(b"name\nLens\n")
    (tmp_path / "file").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    answer = run("locate", "--input", str(tmp_path / "a.csv"), "--output", str(tmp_path / place))
    assert "écriture impossible" in refused(answer)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("folder", [".", "", "/", "un dossier d'été"])
@pytest.mark.parametrize(
    "words",
    [
        ("map",), ("deck",), ("sheet", "usinerie"), ("locate", "--input", "absent.csv", "--output"),
        ("table", "absent.csv", "--save-mapping"),
    ],
)  # fmt: skip
def test_a_folder_given_as_the_file_to_write_is_told(tmp_path, monkeypatch, run, words, folder):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "un dossier d'été").mkdir()
    assert f"« {folder or '.'} » est un dossier" in refused(run(*words, folder))
    assert [found.name for found in tmp_path.rglob("*")] == ["un dossier d'été"]


def test_a_folder_given_as_the_file_to_read_is_named(run):
    assert "villeactive : . : ce n’est pas un fichier" in refused(run("table", "."))


def test_a_value_that_an_option_does_not_take_is_told(run):
    assert "ne prend pas de valeur, et « 3 » en est une" in refused(
        run("projects", "--amount-known=3")
    )


def test_a_file_may_be_completed_in_place(tmp_path, run):
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\nLens\n")
    assert run("locate", "--input", str(path), "--output", str(path))[0] == 0
    assert path.read_text().startswith("name,status")
    assert [found.name for found in tmp_path.iterdir()] == ["a.csv"]


# --------------------------------------------------------------------------------- the process


def test_check_finds_nothing_wrong(run):
    code, out, err = run("check")
    assert (code, err) == (0, ""), out
    assert out.rstrip().endswith("Tout est bon.")


def process(command: str) -> subprocess.CompletedProcess:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_reader_who_leaves_early_is_no_fault():
    done = process("python -m villeactive towns --format csv | head -n 1")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("code_insee,name,")


@pytest.mark.parametrize("command", ["towns --format csv", "--help"])
def test_a_full_disk_is_told(command):
    done = process(f"python -m villeactive {command} > /dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith("villeactive : sortie impossible")
    assert done.stderr.count("\n") == 1


# the door of all commands sees to it, before it reads which one is asked
@pytest.mark.parametrize("command", ["deck {}/a.pdf", "--help"])
def test_a_closed_output_is_told_before_anything_is_made(tmp_path, command):
    done = process(f"python -m villeactive {command.format(tmp_path)} >&-")
    assert done.returncode == 2
    assert done.stderr == (
        "villeactive : sortie impossible (la sortie est fermée). Laissez-la ouverte.\n"
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("closed", [">&- 2>&-", "2>&- --zzz", "--zzz 2>/dev/full"])
def test_a_closed_error_output_changes_no_exit_code(closed):
    done = process(f"python -m villeactive projects {closed}")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


@pytest.mark.parametrize("command", ["towns", "check", "--help"])
def test_every_command_bears_a_reader_who_leaves(command):
    done = process(f"python -m villeactive {command} | head -1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_accents_pass_whatever_the_locale():
    done = process("LC_ALL=C PYTHONUTF8=0 python -m villeactive locate Chalon-sur-Saône")
    assert done.returncode == 0
    assert done.stdout == "71076  Chalon-sur-Saône (71)\n"


def test_python_seldom_walks_all_that_a_command_made():
    """It would find nothing to collect; a list of 35 000 rows took a third longer for it."""
    told = "import atexit, gc, runpy, sys; sys.argv[1:] = ['towns', '--all', '--format', 'json']\n"
    told += "atexit.register(lambda: print(gc.get_stats()[2]['collections'], file=sys.stderr))\n"
    told += "runpy.run_module('villeactive', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert int(done.stderr) <= 1


def test_ctrl_c_is_told_in_one_line_while_the_modules_are_read():
    code = (
        "import importlib, runpy\n"
        "def stop(name):\n"
        "    raise KeyboardInterrupt\n"
        "importlib.import_module = stop\n"
        "runpy.run_module('villeactive', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "villeactive : arrêté.\n")


def test_a_list_is_printed_as_one_text_while_it_is_made(capsys):
    values = [{"a": [1, {}], "b": "deux\nlignes"}, [], "é", {}]

    def made():
        for rank, value in enumerate(values):
            told.append(capsys.readouterr().out)
            assert bool(told[-1]) == bool(rank)
            yield value

    told: list[str] = []
    print_json_list(made())
    printed = "".join([*told, capsys.readouterr().out])
    print_json(values)
    assert printed == capsys.readouterr().out


def test_the_modules_are_left_out_of_what_is_collected_and_those_of_workbooks_not_loaded():
    code = (
        "import gc, runpy, sys\n"
        "walks = []\n"
        "gc.callbacks.append(lambda phase, told: walks.append(told['generation']))\n"
        "sys.argv = ['villeactive', '--help']\n"
        "try:\n"
        "    runpy.run_module('villeactive', run_name='__main__')\n"
        "except SystemExit:\n"
        "    print(2 in walks, gc.isenabled(), gc.get_freeze_count() > 100_000)\n"
        "    print('openpyxl' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-2:] == ["False True True", "False"], done.stderr
