"""Files that leave the atlas, opened again by those who will read them."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from villeactive.documents.csv_geojson import (
    defused,
    feature_collection,
    projects_table,
    sites_geojson,
    to_csv,
)
from villeactive.documents.workbook import to_xlsx
from villeactive.filtering import apply
from villeactive.selection import Selection
from villeactive.wording.sources import geography

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = [
    "Identifiant", "Projet", "Type de fiche", "Thème", "Sujet", "Commune", "Code INSEE",
    "Département", "Région", "Intercommunalité", "Population municipale 2023",
    "Programmes de la commune", "Nombre de sites", "Investissement connu (€)",
    "Montants cités", "Financeurs", "Contacts (à vérifier)", "Résumé",
    "Pages citées", "Longitude", "Latitude",
]  # fmt: skip

FORMULAS = [
    "=1+1",
    "+33",
    "-2",
    "@SUM(A1)",
    "=cmd|'/C calc'!A0",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tbonjour",
    " =1",
    "   \t =1",
    "\u00a0=1",
    "\u202f+1",
    "\u3000＝1",
    "\ufeff=1",
    "\u200b=1",
    "\x00=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "﹦1",
]
PLAIN = ["", "Dieppe", "a=1", "1-2", "01004", "'=1", "L’Isle-Jourdain", "−5", "#N/A", "« = »"]


@pytest.fixture(scope="module")
def table(atlas):
    return projects_table(atlas.projects, atlas)


def reopened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


# --------------------------------------------------------------------------------------- table


def test_the_list_has_french_headings_and_names(table):
    assert list(table.columns) == HEADINGS
    assert len(table) == 29
    row = table.set_index("Identifiant").loc["usinerie"]
    assert row["Commune"] == "Chalon-sur-Saône"
    assert row["Code INSEE"] == "71076"
    assert row["Région"] == "Bourgogne-Franche-Comté"
    assert row["Population municipale 2023"] == 45102
    assert row["Programmes de la commune"] == "ACV, ORT, TI, TI 2018-2022"
    assert row["Type de fiche"] == "Projet détaillé"
    assert row["Pages citées"] == "8 à 13"


def test_one_page_is_one_number(table):
    assert table.set_index("Identifiant").loc["dieppe-cnam", "Pages citées"] == "28"


def test_no_cell_looks_like_a_date_to_a_spreadsheet(table):
    texts = table.select_dtypes(exclude="number").to_numpy().ravel()
    assert not [text for text in texts if re.fullmatch(r"\d{1,2}[-/]\d{1,4}", str(text))]


def test_an_amount_is_a_number_or_nothing(table):
    amounts = table.set_index("Identifiant")["Investissement connu (€)"]
    assert amounts.dropna().to_dict() == {
        "issoire-industrie-40": 62000.0,
        "rochefort-pole-aeronautique": 9700000.0,
    }


def test_an_empty_list_has_all_its_headings(atlas, day):
    empty = projects_table(atlas.projects.iloc[:0], atlas)
    assert list(empty.columns) == HEADINGS
    assert len(reopened(to_xlsx(empty, day=day, title="0 projet"))["Liste"]["A"]) == 1
    assert to_csv(empty, day=day).decode("utf-8-sig").count("\r\n") == 1


# ------------------------------------------------------------------------------------ formulas


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_defused(text):
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", [*PLAIN, -12.5, 3, None])
def test_plain_values_are_left_alone(text):
    assert defused(text) == text


def test_no_live_formula_in_the_csv(day):
    hostile = pd.DataFrame({"texte": FORMULAS, "nombre": [-1.5] * len(FORMULAS)})
    for french in (True, False):
        text = to_csv(hostile, day=day, french=french).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if french else ","))
        assert [row[0] for row in rows[1:]] == ["'" + text.replace("\r", "\n") for text in FORMULAS]
        assert {row[1] for row in rows[1:]} == {"-1,5" if french else "-1.5"}


def test_no_live_formula_in_the_xlsx(day):
    hostile = pd.DataFrame({"texte": [*FORMULAS, *PLAIN], "nombre": -1.5})
    book = reopened(to_xlsx(hostile, day=day, title="=1+1"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
    shown = [cell.value for cell in book["Liste"]["A"]][1:]
    # nothing is added to what the cell shows; what XML cannot hold goes away
    assert shown[:4] == ["=1+1", "+33", "-2", "@SUM(A1)"]
    assert shown[FORMULAS.index("\x00=1")] == "=1"
    assert book["Liste"]["A2"].quotePrefix
    assert book["Sources"]["A1"].value == "=1+1"


# ---------------------------------------------------------------------------------------- xlsx


def test_the_xlsx_holds_the_list(table, day):
    sheet = reopened(to_xlsx(table, day=day, title="20 projets"))["Liste"]
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert sheet.max_row == 30
    code = HEADINGS.index("Code INSEE")
    codes = [row[code] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type == "s" and len(cell.value) == 5 for cell in codes)
    assert {"04070", "01053", "71076"} <= {cell.value for cell in codes}
    population = [row[HEADINGS.index("Population municipale 2023")] for row in sheet.iter_rows(2)]
    assert all(cell.data_type == "n" for cell in population)
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:U30"


def test_the_xlsx_says_its_sources_and_date(table, day):
    book = reopened(to_xlsx(table, day=day, title="2 projets · Bretagne"))
    lines = [cell.value for cell in book["Sources"]["A"]]
    assert lines == ["2 projets · Bretagne", "Export du 23 novembre 2026", *geography()]
    assert any("Licence Ouverte 2.0" in line for line in lines)
    assert book.properties.title == "2 projets · Bretagne"


MEASURED = """
import sys, tracemalloc
from datetime import date
import pandas as pd
from villeactive.documents.csv_geojson import to_csv
from villeactive.documents.workbook import to_xlsx

WRITERS = {"xlsx": lambda rows: to_xlsx(rows, day=DAY, title="Écoles"),
           "csv": lambda rows: to_csv(rows, day=DAY)}
DAY = date(2026, 11, 23)
kind, *sizes = sys.argv[1:]
for n_rows in map(int, sizes):
    rows = pd.DataFrame({"Projet": ["École"] * n_rows, "Résumé": ["Un tiers-lieu œuvre "] * n_rows})
    tracemalloc.start()
    data = WRITERS[kind](rows)
    print(tracemalloc.get_traced_memory()[1], len(data))
    tracemalloc.stop()
"""


def peaks(kind: str, *n_rows: int) -> list[tuple[int, int]]:
    """Give the peak of memory and the size, bytes, of files of so many rows.

    In a process of their own: what other tests left at work in this one would be counted too.
    """
    command = [sys.executable, "-c", MEASURED, kind, *map(str, n_rows)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return [tuple(map(int, line.split())) for line in told.stdout.splitlines()]


def test_the_xlsx_of_thousands_of_rows_is_never_held_whole():
    _, (few, _), (many, _) = peaks("xlsx", 1, 400, 4_000)
    assert many < 2 * few


@pytest.mark.parametrize("text", ["\x0b", "«\x00»", "a\x1fb", "\ud7ff", "x" * 40000])
def test_a_word_searched_for_never_breaks_the_file(table, day, text):
    book = reopened(to_xlsx(table.head(1), day=day, title=f"0 projet · « {text} »"))
    assert book["Sources"]["A1"].value.startswith("0 projet · «")


# ----------------------------------------------------------------------------------------- csv


def test_the_csv_of_thousands_of_rows_is_never_held_whole_as_a_text():
    ((peak, size),) = peaks("csv", 30_000)
    assert peak < 2.5 * size, peak / size


def test_the_french_csv_opens_in_a_french_spreadsheet(table, day):
    data = to_csv(table, day=day)
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(rows) == 29
    assert list(rows[0]) == [*HEADINGS, "Source"]
    digne = next(row for row in rows if row["Commune"] == "Digne-les-Bains")
    assert digne["Code INSEE"] == "04070"
    assert re.fullmatch(r"44,\d+", digne["Latitude"])
    rochefort = next(row for row in rows if row["Commune"] == "Rochefort")
    assert rochefort["Investissement connu (€)"] == "9700000"
    assert re.fullmatch(r"-0,9\d+", rochefort["Longitude"])
    assert "23 novembre 2026" in digne["Source"]
    assert "Licence Ouverte 2.0" in digne["Source"]


def test_the_plain_csv_is_rfc_4180(table, day):
    text = to_csv(table, day=day, french=False).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(rows[0]) == HEADINGS
    assert {"04070", "01053"} <= {row["Code INSEE"] for row in rows}
    assert float(rows[0]["Latitude"]) == pytest.approx(45.04, abs=0.02)


# ------------------------------------------------------------------------------------- geojson


@pytest.fixture(scope="module")
def collection(atlas):
    return sites_geojson(apply(Selection(), atlas).sites, atlas, day=date(2026, 11, 23))


def test_geojson_keeps_to_rfc_7946(collection):
    text = json.dumps(collection, allow_nan=False)
    assert json.loads(text) == collection
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    assert len(collection["features"]) == 35
    for feature in collection["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert set(feature["geometry"]) == {"type", "coordinates"}
        assert feature["geometry"]["type"] == "Point"
        lon, lat = feature["geometry"]["coordinates"]
        assert -5 < lon < 9.6  # longitude first: métropole
        assert 41 < lat < 51.2


def test_geojson_says_what_it_holds(collection):
    assert collection["date"] == "2026-11-23"
    assert "ANCT" in collection["source"]
    assert collection["licence"] == "Licence Ouverte 2.0"
    romans = next(
        f for f in collection["features"] if f["properties"]["project"] == "shop-in-romans"
    )
    assert romans["properties"] == romans["properties"] | {
        "code_insee": "26281",
        "town": "Romans-sur-Isère",
        "departement": "26",
        "region": "84",
        "population": 33464,
        "programmes": ["ACV", "ORT", "TI"],
        "matches": True,
    }
    dieppe = next(f for f in collection["features"] if f["properties"]["project"] == "dieppe-cnam")
    assert dieppe["properties"]["site"] is None


def test_sites_that_do_not_match_say_so(atlas, day):
    sites = apply(Selection(region=("53",)), atlas).sites
    made = sites_geojson(sites[sites["kind"] == "outil"], atlas, day=day)
    assert [(f["properties"]["town"], f["properties"]["matches"]) for f in made["features"]] == [
        ("Lamballe-Armor", True), ("Angoulême", False), ("Cognac", False), ("Dieppe", False),
    ]  # fmt: skip


def test_overseas_points_keep_their_true_coordinates(atlas, day):
    seats = atlas.communes.loc[["97105", "97209", "97302", "97411", "97611"]]
    made = feature_collection(seats, pd.DataFrame(seats[["name"]]), day=day)
    found = {f["properties"]["name"]: f["geometry"]["coordinates"] for f in made["features"]}
    expected = {
        "Basse-Terre": (-61.73, 16.0), "Fort-de-France": (-61.07, 14.6), "Cayenne": (-52.33, 4.94),
        "Saint-Denis": (55.45, -20.88), "Mamoudzou": (45.23, -12.78),
    }  # fmt: skip
    assert set(found) == set(expected)
    for name, point in expected.items():
        assert found[name] == pytest.approx(point, abs=0.08), name


def test_an_empty_geojson_is_a_geojson(atlas, day):
    made = sites_geojson(apply(Selection(region=("01",)), atlas).sites, atlas, day=day)
    assert made["features"] == []
    assert made["type"] == "FeatureCollection"


def test_gdal_and_geopandas_open_the_geojson(collection, tmp_path):
    path = tmp_path / "sites.geojson"
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    frame = gpd.read_file(path)
    assert len(frame) == 35
    assert frame.crs.to_epsg() == 4326
    assert set(frame["code_insee"].str.len()) == {5}
    assert "04070" in set(frame["code_insee"])
    ogrinfo = shutil.which("ogrinfo")
    assert ogrinfo, "ogrinfo manque : installez le paquet Debian « gdal-bin »."
    said = subprocess.run(
        [ogrinfo, "-ro", "-al", "-so", path], capture_output=True, text=True, check=True
    ).stdout
    assert "Feature Count: 35" in said
    assert "WGS 84" in said
    assert "Geometry: Point" in said
    assert "code_insee: String" in said
    assert "population: Integer" in said


# -------------------------------------------------------------------------------- same day


def test_the_same_list_on_the_same_day_is_the_same_file(table, atlas, day):
    for make in (
        lambda when: to_xlsx(table, day=when, title="20 projets"),
        lambda when: to_csv(table, day=when),
        lambda when: json.dumps(sites_geojson(atlas.sites, atlas, day=when)).encode(),
    ):
        assert make(day) == make(day)
        assert make(day) != make(date(2026, 11, 24))


def test_the_clock_does_not_enter_the_xlsx(table, day):
    data = to_xlsx(table, day=day, title="20 projets")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}
        assert archive.testzip() is None
    assert reopened(data).properties.modified.date() == day
