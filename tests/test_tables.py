"""``table``: what is understood of tables of projects, row by row."""

import csv
import json
import time
from pathlib import Path

import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.table_lists import MAKERS, drawn, features, plain, workbook
from villeactive.cli import main
from villeactive.cli.tables import told
from villeactive.errors import DataFileError
from villeactive.geography.locate import locate
from villeactive.geography.place_query import says_nothing
from villeactive.geography.referential import read_communes, read_old_communes
from villeactive.tables import answers as answering
from villeactive.tables import placing, roles, values
from villeactive.tables.answers import answers, forget
from villeactive.tables.asked import Asked, address_end, questions_of
from villeactive.tables.distinct import coded
from villeactive.tables.located import locate_file
from villeactive.tables.placing import place
from villeactive.tables.records import size_column
from villeactive.tables.understanding import understand

EMPTY = Asked(*[""] * 8)
CASES = Path(__file__).resolve().parents[2] / "shared" / "cases" / "tables"
EXPECTED = CASES / "expected.json"
HAVE_CASES = EXPECTED.exists()


def read(tmp_path: Path, name: str, data: bytes, **options) -> dict:
    path = tmp_path / name
    path.write_bytes(data)
    return told(name, understand(path, **options), with_records=True)


@pytest.mark.skipif(not HAVE_CASES, reason=f"{CASES.name} is not beside the repository")
@pytest.mark.parametrize("name", json.loads(EXPECTED.read_text()) if HAVE_CASES else [])
def test_a_case_is_understood_row_by_row(name):
    expected = json.loads(EXPECTED.read_text())[name]
    got = told(name, understand(CASES / name), with_records=True)
    for key in ("encoding", "delimiter", "header_row", "sheet", "rows"):
        if key in expected:
            assert got[key] == expected[key], key
    for row, wanted in zip(got["places"], expected["places"], strict=True):
        assert row["status"] in wanted["status"], row
        for key in ("scale", "siren", "departement", "region", "reason_code"):
            if key in wanted and not (key == "scale" and row["scale"] is None):
                assert row[key] == wanted[key], row
        if row["status"] in ("found", "corrected") and "code_insee" in wanted:
            assert row["code_insee"] == wanted["code_insee"], row
        if "candidates" in wanted:
            assert set(row["candidates"]) == set(wanted["candidates"])
        if "problem" in wanted:
            codes = [p["reason_code"] for p in got["problems"] if p["row"] == row["row"]]
            assert wanted["problem"] in codes
    for header, amounts in expected.get("amounts", {}).items():
        assert [record["amounts"][header] for record in got["records"]] == amounts


def meant(row: dict) -> str | None:
    if row["scale"] == "departement":
        return f"D{row['departement']}"
    return row["code_insee"] or row["siren"]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_list_of_another_make_is_placed_and_never_wrongly(tmp_path, make):
    name, data, expected = make()
    got = read(tmp_path, name, data)
    assert (
        got["rows"]
        == len(expected)
        == got["found"] + got["corrected"] + got["ambiguous"] + (got["missing"])
    )
    placed = [(row, code) for row, code in zip(got["places"], expected, strict=True) if meant(row)]
    wrong = [(row, code) for row, code in placed if meant(row) != code]
    assert not wrong, wrong[:3]
    unplaced = [row for row in got["places"] if not meant(row)]
    assert len(placed) >= 0.99 * len(expected), unplaced[:5]
    assert all(row["lon"] is not None and row["drawn_at"] for row, _ in placed)


TABLE = "Projet;Commune;Code INSEE;Montant\n{}\n"


@pytest.mark.parametrize(
    ("row", "status", "code", "reason_code"),
    [
        ("Halle;Lens;62498;1", "found", "62498", None),
        ("Halle;Châlons-sur-Marne;51108;1", "found", "51108", "former"),
        ("Halle;Annemasse;74012;1", "found", "74012", None),
        ("Halle;Lens;99999;1", "corrected", "62498", "code_contradicts"),
        ("Halle;;;1", "missing", None, "no_town"),
        ("Halle;Saint-Omer;;1", "ambiguous", None, "homonym"),
        ("Halle;Zanzibar;;1", "missing", None, "unknown_name"),
        ("Halle;Nouméa;98818;1", "missing", None, "outside"),
        ("Halle;Lens;56161;1", "ambiguous", None, "code_contradicts"),
        ("Halle;SIVOM du Bas-Pays;;1", "missing", None, "not_an_epci"),
    ],
)
def test_a_row_is_told_why(tmp_path, row, status, code, reason_code):
    rows = "\n".join([row, "Forge;Dieppe;76217;2", "Four;Sens;89387;3", "Quai;Bastia;2B033;4"])
    got = read(tmp_path, "liste.csv", TABLE.format(rows).encode())["places"][0]
    assert (got["status"], got["code_insee"], got["reason_code"]) == (status, code, reason_code)
    assert status == "found" or got["reason"]


@pytest.mark.parametrize(
    ("asked", "status", "code", "reason_code"),
    [
        # code and name win over a département that disagrees
        ({"name": "Annemasse", "code": "74012", "departement": "01"},
         "corrected", "74012", "departement_contradicts"),
        # the point decides between code and name
        ({"name": "Molsheim", "code": "67110", "lon": 7.49, "lat": 48.54},
         "corrected", "67300", "code_contradicts"),
        # homonyms: département, région, EPCI, point
        ({"name": "Saint-Omer", "region": "Hauts-de-France"}, "found", "62765", None),
        ({"name": "Saint-Omer", "departement": "14"}, "found", "14635", None),
        ({"name": "Saint-Omer", "lon": 2.26, "lat": 50.75}, "found", "62765", None),
        # a locality
        ({"name": "Sainte Clotilde", "postcode": "97490"}, "corrected", "97411", "locality"),
        # the code against the point alone
        ({"code": "23008", "lon": 2.2, "lat": 46.2}, "corrected", "23008", "point_far"),
        # the point alone
        ({"lon": 2.83, "lat": 50.43}, "found", "62498", None),
        ({"departement": "62"}, "missing", None, "no_town"),
        ({"departement": "62", "region": "Hauts-de-France"}, "missing", None, "no_town"),
        # a name that two cells deny
        ({"name": "Lens", "departement": "73"}, "missing", None, "departement_contradicts"),
        ({"name": "Loire"}, "ambiguous", None, "homonym"),
        ({"name": "Quimper", "postcode": "29018 CEDEX"}, "found", "29232", None),
        # a région that denies name and département: a homonym may be there, or not
        ({"name": "La Villedieu", "departement": "48", "region": "Nouvelle-Aquitaine"},
         "ambiguous", None, "departement_contradicts"),
        ({"name": "Mende", "departement": "48", "region": "Nouvelle-Aquitaine"},
         "corrected", "48095", "departement_contradicts"),
        # the département of a postcode that is not the town's, and half its name
        ({"name": "Lisle", "postcode": "81120"}, "missing", None, "postcode_contradicts"),
        # a company is spelt like no town; its other cells say where it is
        ({"name": "SARL Lens"}, "missing", None, "not_an_epci"),
        ({"name": "SAS Sallen", "departement": "14"}, "missing", None, "not_an_epci"),
        ({"name": "SARL Lens", "code": "62498"}, "corrected", "62498", "locality"),
        ({"name": "Lens SARL", "postcode": "44000"}, "corrected", "44109", "locality"),
        ({"name": "Sem", "departement": "09"}, "found", "09334", "former"),
        ({"name": "Le Syndicat"}, "found", "88462", None),
    ],
)  # fmt: skip
def test_the_order_of_proof(asked, status, code, reason_code):
    got = place(EMPTY._replace(**asked))
    assert (got.status, got.code_insee, got.reason_code) == (status, code, reason_code), got


@pytest.mark.parametrize(
    ("asked", "scale", "code"),
    [
        ({"name": "CC du Pays de Tronçais"}, "epci", "240300558"),
        (
            {"name": "Communauté d'agglomération Maubeuge Val de Sambre (CAMVS)"},
            "epci",
            "200043396",
        ),
        ({"name": "Département de la Loire"}, "departement", "42"),
        ({"name": "Conseil départemental de l'Aisne"}, "departement", "02"),
        ({"name": "Région Bretagne"}, "region", "53"),
        ({"name": "Bretagne", "scale": "Région"}, "region", "53"),
        ({"name": "Loire", "code": "42"}, "departement", "42"),
        ({"name": "Picardie", "scale": "région"}, "region", "32"),
    ],
)
def test_a_territory_is_one_when_something_says_so(asked, scale, code):
    got = place(EMPTY._replace(**asked))
    assert (got.status, got.scale) == ("found", scale), got
    assert {"epci": got.siren, "departement": got.departement, "region": got.region}[scale] == code
    assert got.code_insee is None
    assert got.drawn_at and got.lon is not None


def test_the_short_way_answers_as_the_long_one():
    for town in drawn(20, 1_000):
        named = EMPTY._replace(name=plain(town.name), departement=town.departement)
        for asked in (named, named._replace(code=town.code), EMPTY._replace(code=town.code)):
            short, long = placing._plain(asked), placing._in_commune(asked)
            assert short is None or (short.status, short.code_insee, short.by) == (
                long.status, long.code_insee, long.by
            )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scale", "reason_code", "code"),
    [
        ("Picardie", "région", "former_region", "32"),
        ("Loire-Inférieure", "département", "former", "44"),
        ("Département de la Seine-Inférieure", "", "former", "76"),
        ("Côtes du Nord", "département", "former", "22"),
        ("Loire-Atlantique", "département", None, "44"),
        ("Guyane française", "département", None, "973"),
        ("Communauté urbaine de Lyon", "", "former_epci", "200046977"),
        ("Métropole de Lyon", "", None, "200046977"),
    ],
)
def test_a_former_territory_is_told(name, scale, reason_code, code):
    got = place(EMPTY._replace(name=name, scale=scale))
    meant = {"epci": got.siren, "departement": got.departement, "region": got.region}[got.scale]
    assert (got.status, got.reason_code, meant) == ("found", reason_code, code)


@pytest.mark.parametrize(
    ("name", "scale", "departements"),
    [
        ("Collectivité européenne d'Alsace", "", ["67", "68"]),
        ("Collectivité européenne d’Alsace", "département", ["67", "68"]),
        ("Collectivité européenne d'Alsace", "région", ["67", "68"]),
        ("Corse", "département", ["2A", "2B"]),
        ("Département de la Seine", "", ["75", "92", "93", "94"]),
        ("Seine-et-Oise", "département", ["78", "91", "92", "93", "94", "95"]),
    ],
)
def test_a_territory_of_several_departements_offers_them(name, scale, departements):
    got = place(EMPTY._replace(name=name, scale=scale))
    assert (got.status, sorted(got.candidates)) == ("ambiguous", departements)
    assert name in got.reason
    one = place(EMPTY._replace(name=name, scale=scale, departement=departements[0]))
    assert (one.status, one.departement) == ("found", departements[0])


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("12 rue de Lyon 71000 MÂCON", ("MÂCON", "71000")),
        ("Mairie de Calvi 20260 Calvi", ("Calvi", "20260")),
        ("3 place d'Armes, 71102 Chalon-sur-Saône CEDEX", ("Chalon-sur-Saône", "71102")),
        ("1 quai de la Loire\n44000 Nantes", ("Nantes", "44000")),
        ("rue de Paris", ("", "")),
        ("ZA de l'Ouest 29200 BREST FRANCE", ("BREST", "29200")),
        ("3 rue Neuve, Brest, France", ("Brest", "")),
        ("1 rue Haute 95700 ROISSY EN FRANCE", ("ROISSY EN FRANCE", "95700")),
        ("1 rue Haute, 95700 Roissy-en-France, France", ("Roissy-en-France", "95700")),
        ("8 rue de France", ("", "")),
        ("75012 PARIS 12", ("PARIS 12", "75012")),
        ("3 rue Haute 69003 Lyon 3e", ("Lyon 3e", "69003")),
        ("à définir", ("", "")),
        ("4 allée des Tilleuls, Lens", ("Lens", "")),
    ],
)
def test_the_end_of_an_address_names_the_town(address, town):
    assert address_end(address) == town


def test_each_distinct_question_is_answered_as_if_alone():
    """Whatever is remembered, and when all of it is forgotten in the middle."""
    table = read_communes().iloc[::35]
    spelt = [*table.name.str.upper(), *table.name, "Saint-Omer", "Vile-Inconnue", ""]
    near = [*table.departement, *["62"] * len(table), "14", "", ""]
    said = {"name": coded([*spelt, *spelt], str), "departement": coded([*near, *near], str)}
    alone = [place(Asked(n, "", d, *[""] * 5)) for n, d in zip(spelt, near, strict=True)] * 2
    forget()
    for rows in (slice(None), slice(500), slice(None)):
        asked = questions_of({role: column._replace(codes=column.codes[rows])
                              for role, column in said.items()})  # fmt: skip
        assert len(set(asked)) == len(list(asked))
        assert answers(asked)[asked.kinds].tolist() == alone[rows]


def test_a_few_answers_are_remembered(monkeypatch):
    monkeypatch.setattr(answering, "_MANY", 20)
    for first in range(0, 100, 8):
        names = read_communes().name.iloc[first : first + 16].tolist()
        asked = questions_of({"name": coded(names, str)})
        assert [one.code_insee for one in answers(asked)[asked.kinds]] == [
            place(Asked(name, *[""] * 7)).code_insee for name in names
        ]
        assert sum(map(len, answering._known.values())) <= 20


def test_persons_are_marked(tmp_path):
    rows = "Commune;Projet;Nom du contact;Courriel\nLens;Halle;A. B.;a@exemple.fr\n" * 1
    got = read(tmp_path, "liste.csv", (rows + "Dieppe;Four;C. D.;c@exemple.fr\n").encode())
    assert [c["personal"] for c in got["columns"]] == [False, False, True, True]


def test_the_themes_kept_of_many_are_the_same_in_any_order_of_rows(tmp_path):
    towns = ("Lens", "Arras", "Brest", "Lille")
    rows = [(towns[n % 4], f"Halle {n}", f"Sujet {'abcdefghijklmn'[n % 14]}") for n in range(28)]
    told_ = []
    for ordered in (rows, rows[::-1]):
        lines = ["Commune;Intitulé;Thème", *(";".join(row) for row in ordered)]
        got = read(tmp_path, "liste.csv", "\n".join(lines).encode())
        told_.append({one["values"]["Intitulé"]: one["theme"] for one in got["records"]})
    assert told_[0] == told_[1]
    assert len(set(told_[0].values())) == 12


@pytest.mark.parametrize("sign", ["x", "1", "a.", "a@", "(a", "a@b.", "12345 "])
def test_a_cell_of_thousands_of_signs_is_soon_recognised(sign):
    cell = sign * (32_000 // len(sign))
    for role in roles.ROLES:
        roles.fits(role, "Lens")
    began = time.process_time()
    for role in roles.ROLES:
        roles.fits(role, cell)
    assert time.process_time() - began < 0.2, "une lecture est le carré de sa longueur"
    assert roles.is_personal(f"{cell} m.martin@exemple.fr")


def test_themes_titles_years_and_several_values(tmp_path):
    rows = ["Commune;Thématique;Date;Partenaires"]
    rows += [f"Lens;T{i % 15};0{i % 9 + 1}/02/2021;Ville|Région" for i in range(40)]
    got = read(tmp_path, "liste.csv", "\n".join(rows).encode())
    first = got["records"][0]
    assert first["title"] == "Projet, Lens"
    assert first["year"] == 2021
    assert first["values"]["Partenaires"] == ["Ville", "Région"]
    themes = {record["theme"] for record in got["records"]}
    assert len(themes) == 12
    assert "autres" in themes


@pytest.mark.parametrize(
    ("headers", "sized"),
    [
        (["Coût", "Subvention demandée", "Subvention accordée"], "Subvention accordée"),
        (["Coût", "Montant attribué", "Subvention sollicitée"], "Montant attribué"),
        (["Coût", "Aide sollicitée", "Subvention"], "Subvention"),
        (["Budget", "Coût"], "Budget"),
    ],
)
def test_circles_are_sized_by_what_was_granted(tmp_path, headers, sized):
    data = f"Commune;{';'.join(headers)}\nLens;1 €;2 €;3 €\nDole;4 €;5 €;6 €\n"
    path = tmp_path / "liste.csv"
    path.write_text(data, encoding="utf-8")
    assert size_column(understand(path).columns).header == sized


def test_codes_and_divisions_are_no_filters(tmp_path):
    rows = ["Commune;Code programme;Arrondissement;Statut"]
    rows += [f"{name};{112 + i % 3};Lens{i % 2};{'ab'[i % 2]}" for i, name in enumerate(_names(12))]
    got = read(tmp_path, "liste.csv", "\n".join(rows).encode())
    assert [c["header"] for c in got["columns"] if c["filter"]] == ["Statut"]


def test_indicators_are_told(tmp_path):
    lines = ["codgeo;population;revenu"]
    lines += [f"{code};{n};{n * 3}" for n, code in enumerate(_codes(1_200), start=1)]
    got = read(tmp_path, "indicateurs.csv", "\n".join(lines).encode())
    assert any("indicateurs" in p["reason"] for p in got["problems"])
    assert got["found"] == 1_200


def _codes(n: int) -> list[str]:
    return list(read_communes().index[:n])


def test_equal_rows_are_reported_and_kept(tmp_path):
    got = read(tmp_path, "liste.csv", b"Commune;Projet\nLens;Halle\nDieppe;Four\nLens;Halle\n")
    assert (got["rows"], got["duplicates"]) == (3, [[1, 3]])


def test_totals_and_blank_lines_are_no_rows(tmp_path):
    data = b"Commune;Projet;Montant\nLens;Halle;10\n;;\nDieppe;Four;20\nTotal;;30\n"
    got = read(tmp_path, "liste.csv", data)
    assert (got["rows"], got["blank"], got["totals"]) == (2, 1, 1)
    assert [place["line"] for place in got["places"]] == [2, 4]


def test_without_a_place_every_row_is_missing(tmp_path):
    got = read(tmp_path, "liste.csv", b"Projet;Montant\nHalle;10\nFour;20\n")
    assert {row["reason_code"] for row in got["places"]} == {"no_place_column"}
    assert got["missing"] == got["rows"] == 2


def test_swapped_axes_are_told_once(tmp_path):
    data = b"Projet;X;Y\nHalle;50,43;2,83\nFour;49,92;1,08\n"
    got = read(tmp_path, "liste.csv", data)
    assert [p["reason_code"] for p in got["problems"]].count("axes_swapped") == 1
    assert got["places"][0]["code_insee"] == "62498"


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["Lens", "62498", "62", "CC du Pays de Tronçais", "0", "2,83", "50.43", "NULL",
                     "=1+1", "Total", "26 112 €", "01/02/2021", "Loire", "71000 MÂCON", "a@b.fr"]),
)  # fmt: skip


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=8))
def test_rows_in_are_rows_out_and_nothing_else_is_raised(tmp_path, rows):
    path = tmp_path / "liste.json"
    headers = ["commune", "code", "dep", "x", "y"]
    kept = [dict(zip(headers, row, strict=False)) for row in rows]
    path.write_text(json.dumps(kept), encoding="utf-8")
    try:
        got = told(path.name, understand(path), with_records=True)
    except DataFileError as refused:
        assert str(refused).startswith("liste.json : ")
        return
    assert got["rows"] + got["blank"] + got["totals"] == len(rows)
    assert got["rows"] == len(got["places"]) == len(got["records"])
    json.dumps(got, allow_nan=False)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(cells=st.tuples(*[CELLS] * 8), point=st.tuples(st.floats(), st.floats()))
def test_any_question_has_an_answer(cells, point):
    got = place(Asked(*cells, *point))
    assert got.status in ("found", "corrected", "ambiguous", "missing")
    assert (got.drawn_at is None) == (got.status in ("ambiguous", "missing"))
    assert got.status != "ambiguous" or len(got.candidates) >= 2, got


LIST = "Commune;Code INSEE;Projet\nLens;62498;Halle\nLens;99999;Four\nSaint-Omer;;Quai\nTotal;;3\n"


def located(tmp_path: Path, source: str, data: bytes, target: str) -> Path:
    (tmp_path / source).write_bytes(data)
    counts = locate_file(tmp_path / source, tmp_path / target)
    assert counts == {"found": 2, "ambiguous": 1, "missing": 1}
    return tmp_path / target


def test_locate_finds_what_table_corrects_and_keeps_every_line(tmp_path):
    made = located(tmp_path, "liste.csv", LIST.encode("cp1252"), "sortie.csv")
    rows = list(csv.reader(made.read_text("cp1252").splitlines(), delimiter=";"))
    assert [row[3] for row in rows] == ["status", "found", "found", "ambiguous", "missing"]
    assert "99999" in rows[2][8]
    assert rows[4][:3] == ["Total", "", "3"]


def test_locate_writes_the_kind_that_the_name_says(tmp_path):
    book = located(tmp_path, "liste.csv", LIST.encode(), "sortie.xlsx")
    assert [c.value for c in openpyxl.load_workbook(book)["Liste"][2]][:5] == [
        "Lens", "62498", "Halle", "found", "62498",
    ]  # fmt: skip
    told = json.loads(located(tmp_path, "liste.csv", LIST.encode(), "sortie.json").read_text())
    assert told[0]["code_insee_found"] == "62498"
    carte = located(tmp_path, "liste.csv", LIST.encode(), "sortie.geojson")
    first, *_, last = json.loads(carte.read_text())["features"]
    assert first["geometry"]["type"] == "Point"
    assert last["geometry"] is None


@pytest.mark.parametrize("kind", ["json", "geojson"])
def test_locate_keeps_what_the_table_holds(tmp_path, kind):
    rows = ["note;name;departement;status", "a;Issoire;63;à voir", "b;Saint-Omer;;", "c;;;",
            "d;Paris 19e;75;"]  # fmt: skip
    made = tmp_path / f"sortie.{kind}"
    (tmp_path / "liste.csv").write_text("\n".join(rows), encoding="utf-8")
    assert locate_file(tmp_path / "liste.csv", made) == {"found": 2, "ambiguous": 1, "missing": 1}
    told = _records(json.loads(made.read_text(encoding="utf-8")))
    told = [one.get("properties", one) for one in told]
    assert [one["note"] for one in told] == ["a", "b", "c", "d"]
    assert told[0]["status"] == "à voir"
    assert [one["status_trouve"] for one in told] == ["found", "ambiguous", "missing", "found"]
    assert [one["code_insee_found"] for one in told] == ["63178", "", "", "75056"]
    assert told[0]["lon"] == pytest.approx(3.25, abs=0.02)
    assert told[1]["lon"] is None
    assert told[1]["candidates"] == "62765 Saint-Omer (62) ; 14635 Saint-Omer (14)"


def _records(told: list | dict) -> list[dict]:
    return told["features"] if isinstance(told, dict) else told


def test_locate_reads_a_workbook_and_a_map(tmp_path):
    for make in (workbook, features):
        name, data, expected = make()
        (tmp_path / name).write_bytes(data)
        counts = locate_file(tmp_path / name, tmp_path / "sortie.csv")
        assert counts["found"] == len(expected)
        rows = list(
            csv.reader((tmp_path / "sortie.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
        )
        place = rows[0].index("code_insee_found")
        assert [row[place] for row in rows[1:]] == expected


@pytest.mark.parametrize(
    ("table", "roles"),
    [
        ("Ville;Population;Montant accordé (€)\nLens;14 500;12 000\nDole;79 000;5 000\n",
         ["name", None, "amount"]),
        ("Project,City,Zip code,Amount granted\nHall,Lens,62300,1250\nMill,Dole,39100,900\n",
         ["title", "name", "postcode", "amount"]),
        ("Nom du projet;Commune\nHalle;Lens\nTour;Dole\n", ["title", "name"]),
        ("Bénéficiaire;Commune\nLens;Lens\nDole;Dole\n", ["organisation", "name"]),
        ("Commune;2019;2020;2021\nLens;12000;13000;14000\nDole;9000;8000;7000\nGap;2500;1;3\n",
         ["name", None, None, None]),
        ("Ville;Lauréat;Région\nLens;Halle SAS;HDF\nDole;Tour SCIC;BFC\n",
         ["name", "organisation", "region"]),
        ("CP;Ville\n75012;Paris\n69003;Lyon 3e\n13002;Marseille 2ème\n", ["postcode", "name"]),
        ("Ville;CP\nLENS CEDEX;62307\nMONT DE MARSAN CEDEX;40025\n", ["name", "postcode"]),
        ("Ville;Code postal\nLens;62498\nDole;39198\nGap;05061\n", ["name", "code"]),
        ("SIREN;Raison sociale\n200070464;CC Coeur de Maurienne Arvan\n246200364;CA de Lens\n",
         ["epci", "name"]),
        ("Territoire;Niveau\nPicardie;Région\nAisne;département\nLaon;commune\n",
         ["name", "scale"]),
        ("nom;latitude;longitude\nHalle;50,43;2,83\nMer;48,85;2,35\nTour;43,6;1,44\n",
         ["title", "lat", "lon"]),
        ("Commune;Année\nLens;2021\nDole;2022\nGap;2023\n", ["name", "date"]),
        ("Ville;SIRET;Téléphone\nLens;12345678900011;0102030405\nGap;12345678900012;0102030406\n",
         ["name", None, "contact"]),
    ],
)  # fmt: skip
def test_columns_are_recognised_by_header_and_content(tmp_path, table, roles):
    assert [c["role"] for c in read(tmp_path, "liste.csv", table.encode())["columns"]] == roles


def test_the_fields_of_an_online_table_are_its_columns(tmp_path):
    rows = [{"id": n, "fields": {"Commune": name}} for n, name in enumerate(("Lens", "Dole"))]
    got = read(tmp_path, "liste.json", json.dumps({"records": rows}).encode())
    assert [c["header"] for c in got["columns"]] == ["id", "Commune"]
    assert got["found"] == 2


@pytest.mark.parametrize(
    "record",
    [
        {"titre": "Halle", "geo_point_2d": [50.43, 2.83]},
        {"titre": "Halle", "geo_point_2d": {"lon": 2.83, "lat": 50.43}},
        {"recordid": "a", "fields": {"titre": "Halle", "geo_point_2d": [50.43, 2.83]},
         "geometry": {"type": "Point", "coordinates": [2.83, 50.43]}, "record_timestamp": "x"},
    ],
)  # fmt: skip
def test_points_of_a_portal_are_read(tmp_path, record):
    got = read(tmp_path, "liste.json", json.dumps([record, record]).encode())
    assert [row["code_insee"] for row in got["places"]] == ["62498"] * 2
    assert got["records"][0]["title"] == "Halle"


def test_lists_and_dates_of_an_online_table_are_read(tmp_path):
    rows = [
        {
            "Commune": "Dole",
            "Date": 1700000000,
            "Jour": ["d", 1600000000],
            "Thèmes": ["L", "a", "b"],
        },
        {"Commune": "Gap", "Date": 1600000000, "Jour": ["d", 1700000000], "Thèmes": ["L", "a"]},
    ]
    got = read(tmp_path, "liste.json", json.dumps(rows).encode())
    assert [c["role"] for c in got["columns"]] == ["name", "date", "date", "theme"]
    assert [record["year"] for record in got["records"]] == [2023, 2020]
    assert [record["values"]["Thèmes"] for record in got["records"]] == [["a", "b"], ["a"]]


def test_a_column_of_dates_told_in_many_ways_is_one(tmp_path):
    cells = ["2023-05-01", "45000", "mars 2022", "2021-2022", "01/02/2020"]
    data = "\n".join(["Commune;Date", *(f"Lens;{cell}" for cell in cells)])
    got = read(tmp_path, "liste.csv", data.encode())
    assert [record["year"] for record in got["records"]] == [2023, 2023, 2022, 2021, 2020]


@pytest.mark.parametrize(
    ("row", "total"),
    [
        ("Total;;;12 000", True), ("TOTAL GÉNÉRAL;3 villes;;", True), ("Sous-total Nord;;;5", True),
        ("Total;Bretagne;;12 000", True), ("Ensemble;;;30", True), ("Cumul;;;", False),
        ("Total;Lens;62498;12 000", False), ("Ensemble;Lens;;12 000", False),
    ],
)  # fmt: skip
def test_a_project_called_total_is_a_row(tmp_path, row, total):
    data = f"Structure;Ville;INSEE;Montant\nHalle;Dole;39198;10\nTour;Gap;05061;20\n{row}\n"
    got = read(tmp_path, "liste.csv", data.encode())
    assert (got["rows"], got["totals"]) == ((2, 1) if total else (3, 0))


def test_a_total_of_towns_is_one_and_a_division_is_no_theme(tmp_path):
    data = "Ville;Arrondissement\nLens;Lens\nLiévin;Lens\nArras;Arras\nTotal;3 villes\n"
    got = read(tmp_path, "liste.csv", data.encode())
    assert (got["rows"], got["totals"]) == (3, 1)
    assert {record["theme"] for record in got["records"]} == {"sans thème"}


@pytest.mark.parametrize(("rows", "said"), [("", "0 ligne"), ("Lens;Halle\n", "1 ligne")])
def test_records_of_few_rows_and_no_date_are_printed(tmp_path, capsys, rows, said):
    (tmp_path / "liste.csv").write_text(f"Commune;Projet\n{rows}", encoding="utf-8")
    assert main(["table", str(tmp_path / "liste.csv"), "--records"]) == 0
    assert said in capsys.readouterr().out


def test_many_problems_are_counted_in_the_terminal(tmp_path, capsys):
    rows = "".join(f"Lens;={n}+1\n" for n in range(23))
    (tmp_path / "liste.csv").write_text(f"Commune;Note\n{rows}", encoding="utf-8")
    assert main(["table", str(tmp_path / "liste.csv")]) == 0
    assert "! et 3 autres remarques" in capsys.readouterr().out


@pytest.mark.parametrize(
    "cell",
    ["Lille, Roubaix", "Lille ; Roubaix", "Lille|Roubaix", "Lille et Roubaix", "Lille - Roubaix"],
)
def test_a_cell_that_names_several_towns_offers_them(cell):
    got = place(EMPTY._replace(name=cell))
    assert (got.status, got.candidates) == ("ambiguous", ("59350", "59512"))
    assert place(EMPTY._replace(name=f"{cell} et Nulle-Part")).status == "missing"


def test_accents_encoded_twice_are_mended_and_told(tmp_path):
    data = "Commune;Projet\nChâteauroux;L’été à l’Œuvre\nÉpône;Âge d’or\n"
    got = read(tmp_path, "liste.csv", data.encode().decode("latin-1").encode())
    assert [record["values"]["Projet"] for record in got["records"]] == [
        "L’été à l’Œuvre",
        "Âge d’or",
    ]
    assert (got["found"], len(got["problems"])) == (2, 1)
    assert not read(tmp_path, "liste.csv", data.encode())["problems"]


def test_a_note_under_the_table_is_no_row(tmp_path):
    data = "Commune;Projet\nLens;Halle\nGap;Tour\nSource : préfecture\n".encode()
    got = read(tmp_path, "liste.csv", data)
    assert (got["rows"], got["blank"]) == (2, 0)
    assert [p["value"] for p in got["problems"]] == ["Source : préfecture"]


def test_every_line_is_a_row_blank_a_total_or_told(tmp_path):
    lines = ["Commune;Projet;Montant", "Lens;Halle;10", ";;", "Commune;Projet;Montant",
             "Gap;Tour;20", "Total;;30", "", "Source : préfecture;;"]  # fmt: skip
    got = read(tmp_path, "liste.csv", "\n".join(lines).encode())
    assert (got["rows"], got["blank"], got["totals"], len(got["problems"])) == (2, 2, 1, 2)
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append([cell or None for cell in line.split(";")])
    book.save(tmp_path / "liste.xlsx")
    got = told("liste.xlsx", understand(tmp_path / "liste.xlsx"))
    assert (got["rows"], got["blank"], got["totals"], len(got["problems"])) == (2, 2, 1, 2)


def test_a_formula_stays_a_text_and_is_told(tmp_path):
    formulas = ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "-2+3", "+A1*2", "=cmd|' /C x'!A0"]
    texts = ["-12", "-1 250,50", "+33 1 23 45 67 89", "-", "- un point", "=> voir", '="01053"']
    cells = [cell.replace('"', '""') for cell in formulas + texts]
    rows = [f'{town};"{cell}"' for town, cell in zip(_names(len(cells)), cells, strict=True)]
    got = read(tmp_path, "liste.csv", "\n".join(["Commune;Note", *rows]).encode())
    assert [(p["row"], p["value"]) for p in got["problems"]] == list(enumerate(formulas, start=1))
    assert [record["values"]["Note"] for record in got["records"]][: len(formulas)] == formulas


def test_the_formulas_of_a_workbook_give_the_values_kept(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Commune", "Montant"])
    book.active.append(["Lens", "=1+1"])
    book.save(tmp_path / "liste.xlsx")
    got = told("liste.xlsx", understand(tmp_path / "liste.xlsx"))
    assert ["formules" in p["reason"] for p in got["problems"]] == [True]


def _names(n: int) -> list[str]:
    return [town.name for town in drawn(30, n)]


@pytest.mark.parametrize(
    ("header", "cells", "euros"),
    [
        ("Coût HT (k€)", ["210,5", "1 200", "3 k€", "50 €"], [210_500, 1_200_000, 3_000, 50]),
        ("Subvention_M€", ["0,12", "0.3", "", "2,4 M€"], [120_000, 300_000, None, 2_400_000]),
        ("Montant en milliers d'euros", ["1", "2", "3", "4"], [1_000, 2_000, 3_000, 4_000]),
        ("KEUR", ["7", "8", "9", "-1,5"], [7_000, 8_000, 9_000, -1_500]),
        ("Marché (€)", ["7", "8", "9", "+1,5"], [7, 8, 9, 1.5]),
    ],
)
def test_the_unit_of_a_header_is_that_of_its_amounts(tmp_path, header, cells, euros):
    rows = [f"Lens;{cell}" for cell in cells]
    got = read(tmp_path, "liste.csv", "\n".join([f"Commune;{header}", *rows]).encode())
    assert [record["amounts"][header] for record in got["records"]] == euros


@pytest.mark.parametrize(
    ("table", "roles"),
    [
        # every one of these amounts is a postcode
        ("Rennes;35;Tiers-lieu A;12000\nBrest;29;Tiers-lieu B;15000\nVannes;56;Tiers-lieu C;9000\n",
         ["name", "departement", "title", "amount"]),
        ("Rennes;1;Tiers-lieu A\nBrest;2;Tiers-lieu B\nVannes;3;Tiers-lieu C\n",
         ["name", None, "title"]),
        ("Tiers-lieu A;12000\nTiers-lieu B;15000\nTiers-lieu C;9000\n", ["title", "amount"]),
        ("Lieu;Chose\nRennes;12000\nBrest;15000\nVannes;9000\n", ["name", None]),
        ("Rennes;35000;Halle aux grains\nBrest;29200;Forge du port\nVannes;56000;Tour du nord\n",
         ["name", "postcode", "title"]),
        ("Halle aux grains;35140\nForge du port;29217\nTour du nord;56870\n",
         ["title", "postcode"]),
        ("Rennes;35238;12000\nBrest;29019;15000\nVannes;56260;9000\n", ["name", "code", "amount"]),
    ],
)  # fmt: skip
def test_amounts_are_no_postcodes(tmp_path, table, roles):
    assert [c["role"] for c in read(tmp_path, "liste.csv", table.encode())["columns"]] == roles


def test_a_surface_is_at_a_point_within_it_and_other_shapes_are_told(tmp_path):
    ring = [[2.80, 50.42], [2.85, 50.42], [2.85, 50.44], [2.80, 50.44], [2.80, 50.42]]
    crescent = [[2.7, 50.3], [2.9, 50.3], [2.9, 50.31], [2.71, 50.31], [2.71, 50.5], [2.7, 50.3]]
    shapes = [
        {"type": "Polygon", "coordinates": [ring]},
        {"type": "MultiPolygon", "coordinates": [[ring]]},
        None,
        {"type": "LineString", "coordinates": ring},
        {"type": "Polygon", "coordinates": [[[2.8]]]},
        {"type": "Polygon", "coordinates": [crescent]},
        {"type": "MultiPoint", "coordinates": ring},
    ]
    listed = [
        {"type": "Feature", "properties": {"titre": f"n° {i}"}, "geometry": shape}
        for i, shape in enumerate(shapes)
    ]
    whole = {"type": "FeatureCollection", "features": listed}
    got = read(tmp_path, "carte.geojson", json.dumps(whole).encode())
    assert [row["code_insee"] for row in got["places"]][:4] == ["62498", "62498", None, None]
    assert [(p["row"], p["field"]) for p in got["problems"]] == [
        (4, "geometry"), (5, "geometry"), (7, "geometry"),
    ]  # fmt: skip
    assert "une ligne" in got["problems"][0]["reason"]
    within = got["records"][5]["values"]
    inside = float(within["longitude (géométrie)"]), float(within["latitude (géométrie)"])
    assert shapely.Polygon(crescent).contains(shapely.Point(inside))


def test_a_column_of_names_is_of_towns_where_no_other_is(tmp_path):
    towns = ["Lens", "Dole", "Gap", "Halle aux grains sur la place", "Forge du vieux port"]
    data = "\n".join(["nom;montant", *(f"{town};{n}" for n, town in enumerate(towns))]).encode()
    got = read(tmp_path, "liste.csv", data)
    assert [row["code_insee"] for row in got["places"]] == ["62498", "39198", "05061", None, None]
    beside = data.replace(b"montant", b"ville").replace(b";3", b";Sens")
    got = read(tmp_path, "liste.csv", beside)
    assert [c["role"] for c in got["columns"]] == ["title", "name"]


def test_a_corsican_code_among_postcodes_is_one(tmp_path):
    rows = "commune;code postal\nLens;62300\nBastia;2B033\n;2a004\nGap;05000\n"
    got = read(tmp_path, "liste.csv", rows.encode())
    assert [c["role"] for c in got["columns"]] == ["name", "postcode"]
    assert [row["code_insee"] for row in got["places"]] == ["62498", "2B033", "2A004", "05061"]
    assert {row["status"] for row in got["places"]} == {"found"}
    assert locate("Bastia", postcode="2B033").code_insee == "2B033"


@pytest.mark.parametrize("name", ["liste.csv", "liste.json"])
def test_numbers_that_nobody_can_count_are_empty_and_told(tmp_path, name):
    cells = ["1", "NaN", "Infinity", "1e400", "2"]
    csv_text = "\n".join(["commune;montant", *(f"Lens;{cell}" for cell in cells)])
    json_text = ", ".join(f'{{"commune": "Lens", "montant": {cell}}}' for cell in cells)
    got = read(tmp_path, name, (csv_text if name.endswith("csv") else f"[{json_text}]").encode())
    assert [c["role"] for c in got["columns"]] == ["name", "amount"]
    assert [r["amounts"]["montant"] for r in got["records"]] == [1, None, None, None, 2]
    assert [r["values"]["montant"] for r in got["records"]] == ["1", "", "", "", "2"]
    assert [(p["row"], p["field"], p["value"]) for p in got["problems"]] == [(2, "montant", "NaN")]
    assert "comme 2 autres de la colonne\u00a0:" in got["problems"][0]["reason"]


def test_a_chief_town_of_a_division_is_not_the_town(tmp_path):
    rows = ["Département;Arrondissement;Bénéficiaire;Opération", "01;Gex;CC du Pays de Gex;a",
            "01;Gex;SAINT GENIS POUILLY;b", "01;Bourg;Commune de Oyonnax;c",
            "01;Gex;SIVOM du Bas Bugey;d"]  # fmt: skip
    got = read(tmp_path, "detr.csv", "\n".join(rows).encode())["places"]
    assert [meant(row) for row in got] == ["240100750", "01354", "01283", None]
    assert got[3]["reason_code"] == "not_an_epci"


def test_a_siren_that_another_name_denies_is_ambiguous():
    got = place(EMPTY._replace(name="Nantes Métropole", code="243500139"))
    assert (got.status, got.reason_code) == ("ambiguous", "code_contradicts")
    assert set(got.candidates) == {"243500139", "244400404"}


def test_a_point_at_sea_is_told():
    assert place(EMPTY._replace(lon=2.0, lat=51.5)).reason_code == "point_far"


def test_no_commune_bears_a_name_that_says_nothing():
    known = [*read_communes().name, *read_old_communes().name]
    assert not [name for name in known if name and says_nothing(name)]
    for cell in ("N.C.", "--", "#REF!", "Néant", "à définir", "Non renseignée", "?"):
        assert place(EMPTY._replace(name=values.filled(cell))).reason_code == "no_town", cell


def test_a_quote_that_nothing_closes_swallows_no_row(tmp_path):
    got = read(tmp_path, "liste.csv", 'commune;projet\nDole;"non fermé\nGap;x\nLens;y\n'.encode())
    assert got["rows"] == got["found"] == 3
    assert got["problems"]


@pytest.mark.parametrize(
    ("cell", "is_one"),
    [
        ("62 - Pas-de-Calais", True), ("Seine-St-Denis (93)", True), ("Département 62", True),
        ("Corse 2B", True), ("974 Réunion", True), ("01 Ain", True), ("95", True),
        ("Une halle, tranche 2", False), ("Îlot 12", False), ("2 écoles", False),
    ],
)  # fmt: skip
def test_a_number_beside_other_words_is_no_departement(cell, is_one):
    assert roles.is_place("departement", cell) is is_one


def test_titles_that_end_in_a_number_are_titles(tmp_path):
    rows = (f"Réhabilitation de l’école, tranche {n};{town}" for n, town in enumerate(
        ("Lens", "Arras", "Rochefort (17)", "Dieppe", "Aubusson"), start=1))  # fmt: skip
    made = read(tmp_path, "liste.csv", "\n".join(["Projet;Commune", *rows]).encode())
    assert [c["role"] for c in made["columns"]] == ["title", "name"]
