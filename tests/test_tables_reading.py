"""Tables that people bring, as read: encodings, delimiters, workbooks, JSON, hostile files."""

import json
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.table_lists import opendocument_of
from villeactive.errors import DataFileError
from villeactive.tables.raw.delimited import find_delimiter
from villeactive.tables.raw.reading import read_raw

FRENCH = "commune;montant\nŒuilly-l’Évêque;1 250,50 €\nChâlons à Noël;2,5\n"
CODECS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "mac-roman": "mac_roman",
}
CASES = Path(__file__).resolve().parents[2] / "shared" / "cases" / "tables"


@pytest.mark.parametrize("name", CODECS)
def test_an_encoding_is_found(tmp_path, name):
    path = tmp_path / "liste.csv"
    path.write_bytes(FRENCH.encode(CODECS[name]))
    raw = read_raw(path)
    assert (raw.kind, raw.encoding, raw.delimiter) == ("csv", name, ";")
    assert raw.rows[1] == (2, ["Œuilly-l’Évêque", "1 250,50 €"])


@pytest.mark.parametrize(("name", "codec"), [("iso-8859-15", "iso8859_15"), ("cp850", "cp850")])
def test_an_older_encoding_is_found(tmp_path, name, codec):
    path = tmp_path / "liste.csv"
    text = "commune;coût\nŒuilly;5 €\n" if name == "iso-8859-15" else "commune;prévu\nÉpône;hélas\n"
    path.write_bytes(text.encode(codec))
    assert read_raw(path).encoding == name


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Tableau, titre\na;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ";"),
        ("a\tb\n1,5\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('a,b\n"x;y",2\n"z;t",3\n', ","),
        ("name\nRochefort, 17\nLens, 62\n", None),
    ],
)
def test_a_delimiter_is_found(text, delimiter):
    assert find_delimiter(text) == delimiter


def test_a_line_is_that_of_the_file(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text('a;b\n"deux\nlignes";1\nx;2\n', encoding="utf-8")
    assert [line for line, _ in read_raw(path).rows] == [1, 2, 4]


def test_a_workbook_gives_the_sheet_of_most_rows(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Lisez-moi"])
    sheet = book.create_sheet("Projets")
    for row in (["Commune", "Code"], ["Lens", 62498], [None, 1053]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "liste.csv")  # the name says nothing
    raw = read_raw(tmp_path / "liste.csv")
    assert (raw.kind, raw.sheet, raw.encoding) == ("xlsx", "Projets", None)
    assert raw.rows[1:] == [(2, ["Lens", "62498"]), (3, ["Lens", "1053"])]
    with pytest.raises(DataFileError, match="feuilles : Sheet, Projets"):
        read_raw(tmp_path / "liste.csv", sheet="Autre")


def test_rows_of_a_sheet_that_begins_lower_keep_their_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active["B4"], book.active["C4"] = "commune", "code"
    book.active["B5"], book.active["C5"] = "Lens", 62498
    book.active["C6"] = 62499
    book.active.merge_cells("B5:B6")
    book.save(tmp_path / "bas.xlsx")
    assert read_raw(tmp_path / "bas.xlsx").rows == [
        (4, ["commune", "code"]),
        (5, ["Lens", "62498"]),
        (6, ["Lens", "62499"]),
    ]


def test_cells_merged_downwards_in_an_ods_are_filled(tmp_path):
    merged = (
        '<table:table-cell table:number-rows-spanned="2" office:value-type="string">'
        "<text:p>Ain</text:p></table:table-cell>"
    )
    town = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = [
        town.format("Dép.") + town.format("Commune"),
        merged + town.format("Oyonnax"),
        "<table:covered-table-cell/>" + town.format("Belley"),
        "<table:table-cell/>" + town.format("Gex"),
    ]
    (tmp_path / "liste.ods").write_bytes(opendocument_of(lines))
    rows = [cells for _, cells in read_raw(tmp_path / "liste.ods").rows]
    assert rows[1:] == [["Ain", "Oyonnax"], ["Ain", "Belley"], ["", "Gex"]]


def test_records_of_json(tmp_path):
    path = tmp_path / "liste.txt"
    records = [{"commune": "Lens", "lieu": {"cp": 62300}}, {"commune": None, "ok": True}]
    path.write_text(json.dumps(records), encoding="utf-8")
    raw = read_raw(path)
    assert raw.kind == "json"
    assert raw.keys == ["commune", "lieu.cp", "ok"]
    assert raw.rows == [(1, ["Lens", "62300", ""]), (2, ["", "", "oui"])]


def workbook(path: Path, sheet: str) -> None:
    """Write a workbook whose sheet is this XML."""
    plain = path.with_name("plain.xlsx")
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in source.namelist():
            mine = entry == "xl/worksheets/sheet1.xml"
            new.writestr(entry, sheet if mine else source.read(entry))


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
ENTITIES = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
CELL = '<row><c t="inlineStr"><is><t>{}</t></is></c></row>'
TEXTS = {
    "empty": b"",
    "blank": b"\n\n  \n",
    "binary": bytes(range(256)) * 40,
    "vrt.geojson": b"<OGRVRTDataSource><SrcDataSource>x</SrcDataSource></OGRVRTDataSource>",
    "deep.json": b"[" * 200_000,
    "digits.json": b'[{"a":' + b"9" * 5_000 + b"}]",
    "flat.json": b"[1, 2]",
    "cut.xlsx": b"PK\x03\x04rest",
    "paper.csv": b"%PDF-1.7",
    "long.csv": b"commune;x\n" + b"Lens;d\n" * 250_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_table_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(TEXTS[name])
    with pytest.raises(DataFileError) as refused:
        read_raw(path)
    assert str(refused.value).startswith(f"{name} : ")
    assert "\n" not in str(refused.value)


def test_a_pipe_or_a_folder_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "fifo.csv")
    for path in (tmp_path / "fifo.csv", tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(DataFileError):
            read_raw(path)


def test_bombs_are_refused_and_the_caller_lives(tmp_path):
    far = openpyxl.Workbook()
    far.active["A1"], far.active["XFD1048576"] = "commune", "x"
    far.save(tmp_path / "far.xlsx")
    workbook(tmp_path / "bomb.xlsx", SHEET.format(CELL.format("a" * 100) * 1_200_000))
    workbook(tmp_path / "entities.xlsx", ENTITIES + SHEET.format(CELL.format("&b;")))
    for name in ("far", "bomb", "entities"):
        with pytest.raises(DataFileError):
            read_raw(tmp_path / f"{name}.xlsx")


def test_a_cell_too_long_is_cut_and_told(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text(f"a;b\n{'x' * 1_000_000};Lens\n", encoding="utf-8")
    raw = read_raw(path)
    assert raw.cut == [2]
    assert [len(cell) for cell in raw.rows[1][1]] == [32_767, 4]


def test_the_given_cases_are_read_as_told():
    if not CASES.is_dir():
        pytest.skip("les cas donnés ne sont pas à côté du dépôt")
    expected = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
    for name, told in expected.items():
        raw = read_raw(CASES / name)
        for key in ("encoding", "delimiter", "sheet"):
            assert getattr(raw, key) == told.get(key, getattr(raw, key)), f"{name} {key}"
