"""The labelled towns in figures, each count made another way: sets over the raw lists."""

import csv
import io
import json
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest

from villeactive.analysis import towns
from villeactive.documents.list_files import list_file, towns_listing
from villeactive.geography.referential import read_outlines
from villeactive.selection import Selection

GEODATA = Path(__file__).resolve().parents[1] / "geodata"
OWN = {"ACV", "PVD", "ORT", "FABT", "MANUP"}


@pytest.fixture(scope="module")
def lists(atlas) -> dict[str, set[str]]:
    """Programme → codes, read from the raw list by the csv module."""
    found: dict[str, set[str]] = {code: set() for code in OWN}
    with (GEODATA / "programmes.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["code_insee"] in atlas.communes.index:
                found[row["programme"]].add(row["code_insee"])
    return found


@pytest.fixture(scope="module")
def industry(atlas) -> dict[str, set[str]]:
    """Phase → communes of a Territoire d'industrie, expanded by hand from the raw members."""
    groupings: dict[str, set[str]] = defaultdict(set)
    for code, siren in atlas.communes["epci"].items():
        groupings[siren].add(code)
    with (GEODATA / "ept_communes.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            groupings[row["siren"]].add(row["code_insee"])
    alone = set(atlas.communes.index)
    found: dict[str, set[str]] = {"1": set(), "2": set()}
    with (GEODATA / "territoires_industrie.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            member = row["member_code"]
            found[row["phase"]] |= groupings.get(member, set()) | ({member} & alone)
    return found


def test_the_labelled_towns_are_the_union_of_the_five_lists(atlas, lists):
    assert set(atlas.towns.index) == set().union(*lists.values())
    assert len(atlas.towns) == 2575
    assert set(towns.own_labels()) == OWN


def test_by_programme_equals_the_raw_lists(atlas, lists, industry):
    counts = towns.by_programme(atlas.towns)
    labelled = set().union(*lists.values())
    assert {code: counts[code] for code in OWN} == {code: len(lists[code]) for code in OWN}
    assert counts["TI"] == len(industry["2"] & labelled)
    assert counts["TI1"] == len(industry["1"] & labelled)


@pytest.mark.parametrize("wanted", [("ACV",), ("ACV", "PVD"), ("PVD", "ORT"), ("ORT", "FABT")])
def test_any_all_and_none_are_union_intersection_and_complement(atlas, lists, wanted):
    every = set().union(*lists.values())
    sets = [lists[code] for code in wanted]
    expected = {
        "any": set.union(*sets),
        "all": set.intersection(*sets),
        "none": every - set.union(*sets),
    }
    for mode, codes in expected.items():
        found = towns.chosen(Selection(programme=wanted), mode, atlas)
        assert set(found.index) == codes, mode


def test_no_programme_asked_keeps_everything_whatever_the_mode(atlas):
    for mode in towns.MODES:
        assert len(towns.chosen(Selection(), mode, atlas)) == len(atlas.towns)
    with pytest.raises(KeyError):
        towns.carrying(atlas.towns, ("ACV",), "some")


def test_no_town_is_both_acv_and_pvd(atlas):
    assert towns.chosen(Selection(programme=("ACV", "PVD")), "all", atlas).empty


def test_territory_and_population_filter_bounds_included(atlas):
    people = int(atlas.communes.loc["56121", "population"])
    exact = Selection(departement=("56",), min_population=people, max_population=people)
    assert list(towns.chosen(exact, "any", atlas).index) == ["56121"]
    assert len(towns.ground(exact, atlas)) == (atlas.communes["departement"] == "56").sum()


def test_by_region_crosses_the_raw_lists(atlas, lists):
    table = towns.by_region(atlas.towns, atlas)
    region = atlas.communes["region"].to_dict()
    for code in OWN:
        expected = Counter(region[commune] for commune in lists[code])
        assert {r: n for r, n in table[code].drop(towns.TOTAL).items() if n} == dict(expected)
        assert table.loc[towns.TOTAL, code] == len(lists[code])
    every = Counter(region[commune] for commune in set().union(*lists.values()))
    assert table["towns"].drop(towns.TOTAL).to_dict() == dict(every)
    assert list(table.index) == [*atlas.regions, towns.TOTAL]


def test_overlaps_and_combinations_equal_set_algebra(atlas, lists):
    held: dict[str, set[str]] = {}
    for programme, codes in lists.items():
        for code in codes:
            held.setdefault(code, set()).add(programme)
    assert towns.overlaps(atlas.towns) == dict(sorted(Counter(map(len, held.values())).items()))
    assert towns.overlaps(atlas.towns) == {1: 758, 2: 1637, 3: 163, 4: 17}
    expected = Counter(frozenset(programmes) for programmes in held.values())
    found = {frozenset(codes): count for codes, count in towns.combinations(atlas.towns)}
    assert found == dict(expected)
    assert towns.combinations(atlas.towns)[0] == (("PVD", "ORT"), 1427)


def test_share_of_the_population_adds_up(atlas, lists):
    people = atlas.communes["population"].to_dict()
    table = towns.population_share(atlas.towns, atlas.communes)
    total = table.loc[towns.TOTAL]
    living = sum(people[code] for code in set().union(*lists.values()))
    assert total["living"] == living
    assert total["population"] == sum(people.values())
    assert total["share"] == pytest.approx(living / sum(people.values()))
    bretagne = {c for c in set().union(*lists.values()) if atlas.communes.loc[c, "region"] == "53"}
    assert table.loc["53", "living"] == sum(people[code] for code in bretagne)
    assert table.loc["53", "communes"] == (atlas.communes["region"] == "53").sum()


def test_sizes_hold_every_town_once(atlas):
    steps = towns.sizes(atlas.towns)
    assert sum(count for *_, count in steps) == len(atlas.towns)
    people = [int(value) for value in atlas.towns["population"]]
    for low, high, count in steps:
        assert count == len([n for n in people if low <= n and (high is None or n < high)])


def test_an_empty_choice_is_a_result(atlas):
    none = atlas.towns.iloc[:0]
    assert towns.overlaps(none) == {}
    assert towns.combinations(none) == []
    assert set(towns.by_programme(none).values()) == {0}
    assert towns.by_region(none, atlas).loc[towns.TOTAL].sum() == 0
    assert towns.population_share(none, atlas.communes).loc[towns.TOTAL, "share"] == 0
    assert towns.population_share(none, atlas.communes.iloc[:0]).loc[towns.TOTAL, "share"] == 0
    assert sum(count for *_, count in towns.sizes(none)) == 0
    for mode in towns.MODES:
        kept = towns.carrying(none, ("ACV",), mode)
        assert list(kept.columns) == list(none.columns)
        assert not len(kept)


# ------------------------------------------------------------------------------------- files


@pytest.fixture(scope="module")
def few(atlas):
    return atlas.towns.loc[["01004", "29155" if "29155" in atlas.towns.index else "29019", "97411"]]


def test_csv_and_xlsx_keep_codes_as_text(few, atlas, day):
    text = list_file("csv", towns_listing(few, atlas, title="Trois villes"), day=day).decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Code INSEE"] for row in rows] == list(few.index)
    assert rows[0]["Action cœur de ville depuis"] == "2019-09-24"
    assert "ANCT" in rows[0]["Source"]
    book = openpyxl.load_workbook(
        io.BytesIO(list_file("xlsx", towns_listing(few, atlas, title="Trois villes"), day=day)),
        read_only=False,
    )
    sheet = book["Liste"]
    headings = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, headings.index("Code INSEE") + 1)
    assert (cell.value, cell.data_type) == ("01004", "s")
    assert book["Sources"]["A1"].value == "Trois villes"


def test_geojson_holds_true_coordinates(few, atlas, day):
    made = json.loads(
        list_file("geojson", towns_listing(few, atlas, title="Trois villes"), day=day)
    )
    last = made["features"][-1]
    assert last["properties"]["code_insee"] == "97411"
    assert last["geometry"]["coordinates"][0] == pytest.approx(55.45, abs=0.1)
    assert isinstance(last["properties"]["programmes"], list)
    assert made["date"] == "2026-11-23"
    assert made["licence"] == "Licence Ouverte 2.0"


def test_geopackage_opens_in_gdal_with_its_sources(atlas, day, tmp_path):
    data = list_file(
        "gpkg", towns_listing(atlas.towns, atlas, title="Communes labellisées"), day=day
    )
    assert data == list_file(
        "gpkg", towns_listing(atlas.towns, atlas, title="Communes labellisées"), day=day
    )
    path = tmp_path / "villes.gpkg"
    path.write_bytes(data)
    said = subprocess.run(
        ["ogrinfo", "-so", "-al", str(path)], capture_output=True, text=True, check=True
    )
    assert said.stderr == ""
    assert "Feature Count: 2575" in said.stdout
    assert "code_insee: String" in said.stdout
    assert 'ID["EPSG",4326]' in said.stdout
    assert "licence=Licence Ouverte 2.0" in said.stdout
    read = gpd.read_file(path, layer="villes").set_index("code_insee")
    assert list(read.index) == list(atlas.towns.index)
    point = read.loc["97411", "geometry"]
    assert (point.x, point.y) == pytest.approx(
        tuple(atlas.communes.loc["97411", ["lon", "lat"]]), abs=1e-6
    )
    assert read.loc["01004", "departement"] == "01"
    sources = gpd.read_file(path, layer="provenance").set_index("key")["value"]
    assert sources["date"] == "2026-11-23"
    assert "DGALN" in sources["source"]


def test_geoparquet_opens_with_its_sources(atlas, day):
    data = list_file(
        "parquet", towns_listing(atlas.towns, atlas, title="Communes labellisées"), day=day
    )
    read = gpd.read_parquet(io.BytesIO(data))
    assert read.crs.to_epsg() == 4326
    assert list(read["code_insee"]) == list(atlas.towns.index)
    assert pd.api.types.is_string_dtype(read["code_insee"])
    assert read.attrs["licence"] == "Licence Ouverte 2.0"
    assert read.attrs["title"] == "Communes labellisées"
    assert b"Communes labellis" in data  # in the file's own metadata, whoever reads it


def test_columns_with_nothing_in_them_are_text(atlas, day, tmp_path):
    mayotte = atlas.towns[atlas.towns["departement"] == "976"]
    made = gpd.read_parquet(
        io.BytesIO(list_file("parquet", towns_listing(mayotte, atlas, title="Mayotte"), day=day))
    )
    assert made["ti1_name"].isna().all()
    package = tmp_path / "mayotte.gpkg"
    package.write_bytes(list_file("gpkg", towns_listing(mayotte, atlas, title="Mayotte"), day=day))
    described = pyogrio.read_info(package, layer="villes")
    kinds = dict(zip(described["fields"], described["ogr_types"], strict=True))
    for name in ("name", "ti1_name", "manufactures"):
        assert made[name].dtype == "str", name
        assert kinds[name] == "OFTString", name


def test_programmes_often_together_come_more_than_once(atlas):
    often = towns.often_together(atlas.towns)
    assert len(often) == 3
    assert all(len(codes) > 1 and count > 1 for codes, count in often)
    one = atlas.towns[atlas.towns["programmes"].map(lambda c: len(set(c) & OWN) > 1)].head(1)
    assert len(towns.combinations(one)) == 1
    assert towns.often_together(one) == []


def test_the_files_say_what_the_lists_say(atlas, day):
    made = gpd.read_parquet(
        io.BytesIO(list_file("parquet", towns_listing(atlas.towns, atlas, title="Villes"), day=day))
    )
    rows = made.set_index("code_insee")
    assert rows.loc["22093", "manufactures"] == "FOODLAB"
    assert rows.loc["22093", "ti_name"] == "Baie d'Armor Industrie"
    assert rows.loc["22093", "pvd_since"] == "2021-03-01"
    assert pd.isna(rows.loc["22093", "acv_since"])
    for column, programme in (("fabriques", "FABT"), ("manufactures", "MANUP")):
        listed = set(atlas.carried.loc[atlas.carried["programme"] == programme, "code_insee"])
        assert set(rows.index[rows[column].notna()]) <= listed


def test_hatched_areas_hold_the_towns_counted_as_ti_and_no_other(atlas, industry):
    for phase in ("2", "1"):
        metropole = atlas.towns[atlas.towns["zone"] == "metropole"].to_crs(2154)
        areas = read_outlines("territoires_industrie")
        own = areas[areas["phase"] == phase]
        inside = metropole.geometry.within(own.to_crs(2154).union_all())
        counted = metropole.index.isin(industry[phase])
        # outlines are simplified to 600 m: a town on a border may fall on its other side
        assert (inside == counted).mean() > 0.99


def test_an_epci_is_a_territory_of_the_labelled_towns(atlas):
    lens = atlas.communes.loc["62498", "epci"]
    asked = Selection(epci=(lens,))
    assert set(towns.chosen(asked, "any", atlas)["epci"]) == {lens}
    assert set(towns.ground(asked, atlas)["epci"]) == {lens}
