"""What is imported, exported and imported again is the same, whatever its cells hold."""

import csv
import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.api.types import is_numeric_dtype

from villeactive.collections.folder import read_folder
from villeactive.geography.gazetteer import communes
from villeactive.geography.referential import read_old_communes
from villeactive.imports.exports import file_of
from villeactive.imports.importing import draft
from villeactive.imports.projects import Wish
from villeactive.store.database import store
from villeactive.store.location import VARIABLE
from villeactive.store.records import SITES, Kept
from villeactive.tables.mapping import Mapping
from villeactive.tables.raw.json_records import LAT, LON

HEADERS = ("Réf", "Commune", "Dép", "Code INSEE", "Intitulé", "Type", "Subvention", "Porteur",
           "Remarque")  # fmt: skip
ROLES = dict(zip(HEADERS, ("id", "name", "departement", "code", "title", "theme", "amount",
                           "organisation", None), strict=True))  # fmt: skip
HOSTILE = (
    "=1+1", "+33 1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "'=1", "'dit", "{{ 7*7 }}",
    "{% x %}", "{# 12", "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>",
    "${alert(1)}", "`+alert(2)+`", "a;b", 'il dit "oui"', "javascript:alert(1)", "../../etc/passwd",
    "É œ ß 漢 🚲",
    "NULL'", "$x$ :red[y] [z](javascript:0)", "1e999", "\u202eabc",
)  # fmt: skip
CURRENT = sorted(communes())
OLD = read_old_communes()
MERGED = OLD[OLD["name"].notna() & (OLD["name"] != "")][["code", "name"]].to_numpy().tolist()
DAY = date(2026, 11, 28)


def row(number: int, kind: int, at: int, word: int) -> list[str]:
    """Make a row: a town, a homonym alone, a merged commune, a wrong code, or nowhere."""
    town = communes()[CURRENT[at % len(CURRENT)]]
    code, name = MERGED[at % len(MERGED)]
    place = [
        (town.name, town.departement, ""),
        (town.name, "", ""),
        (name, code[:2], ""),
        (town.name, town.departement, CURRENT[(at + 7) % len(CURRENT)]),
        ("", "", CURRENT[at % len(CURRENT)]),
        ("Zzyzx", "59", ""),
    ][kind]
    said = HOSTILE[word % len(HOSTILE)]
    amount = ("", "26 112 €", "1,2 M€", "NC")[word % 4]
    return [
        f"R{number}",
        *place,
        f"{said} {number}" if word % 2 else said,
        said,
        amount,
        said,
        said,
    ]


def same_again(
    rows: list[list[str]], kinds: tuple[str, ...], *, sites: tuple[str, ...] = ()
) -> Kept:
    """Hold that the table, imported and exported as each kind of file, comes back the same."""
    mapping = Mapping(ROLES, sites=sites)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, f"sqlite:///{folder}/c.sqlite")
        path = Path(folder) / "essai.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows([HEADERS, *rows])
        kept = draft(path, Wish("essai", "Essai"), store(), mapping=mapping).kept
        projects = len({cells[0] for cells in rows})
        assert len(kept.records) == projects, "rien ne se perd"
        assert sum(len(one.rows) for one in kept.records.values()) == len(rows)
        for kind in kinds:
            again = path.with_suffix(kind)
            again.write_bytes(file_of(kept, kind, day=DAY))
            back = draft(again, Wish("essai", "Essai"), store(), mapping=mapping).kept
            assert list(back.records) == list(kept.records)
            for name, one in kept.records.items():
                found = back.records[name]
                assert found.data.get("places") == one.data.get("places"), (kind, name)
                if kind == ".csv":
                    assert unmarked(found.row) == unmarked(one.row), (kind, name)
                else:
                    assert plain(found.row) == plain(one.row), (kind, name)
                    assert said(found.data) == said(one.data), (kind, name)
    return kept


def plain(row: dict) -> dict:
    """Give the cells of a row without the point that GeoJSON adds."""
    return {header: cell for header, cell in row.items() if header not in (LON, LAT)}


def unmarked(row: dict) -> dict:
    """Give the cells of rows without the apostrophe that keeps a CSV from running them."""
    return {header: bare(cell) for header, cell in row.items() if header != SITES}


def bare(cell: str | list[str]) -> str | list[str]:
    return cell.removeprefix("'") if isinstance(cell, str) else list(map(bare, cell))


def said(data: dict) -> dict:
    return data | {
        "fields": plain(data.get("fields", {})),
        "unlocated": bool(data.get("unlocated")),
    }


rows_made = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 40_000), st.integers(0, 500)),
    min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows_made)
def test_a_made_table_comes_back_the_same(made):
    rows = [row(number, *one) for number, one in enumerate(made, start=1)]
    same_again(rows, (".xlsx", ".csv", ".geojson"))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows_made,
    st.lists(st.integers(1, 6), min_size=30, max_size=30),
    st.sampled_from([" ; ", "/", ", ", "|", "\n", " et "]),
)
def test_projects_with_several_sites_come_back_the_same(made, ids, mark):
    rows = [row(number, *one) for number, one in enumerate(made, start=1)]
    for cells, number in zip(rows, ids, strict=False):
        cells[0] = f"R{number}"  # of several rows, wherever they stand
        if number % 2:
            cells[1] = mark.join([cells[1] or "Lens", rows[0][1] or "Arras"])
    same_again(rows, (".xlsx", ".csv", ".geojson"), sites=("cells", "rows"))


def test_every_hostile_cell_comes_back_the_same_and_runs_nowhere():
    rows = [row(number, 0, 97 * number, number) for number in range(2 * len(HOSTILE))]
    kept = same_again(rows, (".xlsx", ".csv", ".geojson"))
    told = file_of(kept, ".csv", day=DAY).decode("utf-8-sig")
    cells = [cell for line in csv.reader(told.splitlines(), delimiter=";") for cell in line]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


def test_every_hostile_cell_leaves_whole_as_geopackage_and_as_a_folder(tmp_path):
    rows = [row(number, 0, 97 * number, number) for number in range(2 * len(HOSTILE))]
    kept = same_again(rows, ())
    (tmp_path / "a.gpkg").write_bytes(file_of(kept, ".gpkg", day=DAY))
    layer = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="projets")
    assert layer["Remarque"].tolist() == [cells[-1] for cells in rows]
    assert layer["Intitulé"].tolist() == [cells[4] for cells in rows]
    with zipfile.ZipFile(io.BytesIO(file_of(kept, ".zip", day=DAY))) as archive:
        archive.extractall(tmp_path)
    again = read_folder(tmp_path / "essai", known={})
    for name, one in kept.records.items():
        assert again.sheets[name].fields == one.data["fields"]
        assert again.sheets[name].title.fr == one.data["title"]


NUMBERS = {  # amounts of a column → whether others read numbers there
    ("26112", "", "0"): True,
    ("26112", "1234.5", "-0.25"): True,
    ("26112", "1,2 M€", "NC"): False,
    ("026112", "12", "7"): False,
    ("0.10", "1e3", "5"): False,
    ("9007199254740993", "12", "1"): False,  # a spreadsheet would round it
}


@pytest.mark.parametrize("amounts", NUMBERS)
def test_numbers_leave_as_numbers_and_come_back_the_same(amounts, tmp_path):
    rows = [row(n, 0, 97 * n, 1) for n in range(1, 4)]
    for cells, amount in zip(rows, amounts, strict=True):
        cells[6] = amount
    kept = same_again(rows, (".xlsx", ".csv", ".geojson"))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(kept, ".xlsx", day=DAY)))["Projets"]
    column = [cell.value for cell in next(c for c in sheet.columns if c[0].value == "Subvention")]
    as_numbers = [isinstance(cell, int | float) for cell in column[1:] if cell is not None]
    assert as_numbers[-1] or not NUMBERS[amounts]
    (tmp_path / "a.gpkg").write_bytes(file_of(kept, ".gpkg", day=DAY))
    layer = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="projets")
    assert is_numeric_dtype(layer["Subvention"]) == NUMBERS[amounts]
    codes = [cell.value for cell in next(c for c in sheet.columns if c[0].value == "Code INSEE")]
    assert not any(isinstance(code, int) for code in codes)


def test_five_thousand_rows_come_back_the_same():
    rows = [row(n, n % 6, 7 * n, n) for n in range(1, 5_001)]
    kept = same_again(rows, (".xlsx", ".geojson"))
    assert 0 < len(kept.unplaced) < 5_000
