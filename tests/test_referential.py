"""The tables: numbers that a reader can check in the lists of INSEE, ANCT and DGALN."""

import re

import pandas as pd
import pytest

from villeactive.errors import DataFileError
from villeactive.geography import referential

# The 32 towns of the book: code, population 2023, programmes, TI of phase 1, TI of phase 2.
TOWNS = """
71076 45102 ACV,ORT ti-2702 ti-2704
63178 15115 ACV,ORT ti-8405 ti-8406
33240 5872 PVD,FABT - -
76217 28496 ACV,ORT ti-2804 ti-2806
53130 49400 ACV,ORT,FABT,MANUP ti-5204 ti-5206
62498 32920 ACV,ORT ti-3204 ti-3209
89387 27106 ACV,ORT ti-2710 ti-2710
49099 54404 ACV,ORT ti-5202 ti-5204
78440 34632 ACV,ORT,FABT ti-1108 ti-1109
26281 33464 ACV,ORT - ti-8421
17299 23460 ACV,ORT ti-7513 ti-7515
23008 3018 PVD,ORT,MANUP ti-7502 ti-7506
44184 74568 ACV,ORT,FABT ti-5209 ti-5214
29197 3919 PVD,ORT,FABT,MANUP - -
67482 293771 FABT,MANUP - -
14366 19645 ACV,ORT ti-2805 ti-2807
62765 14382 ACV,ORT,FABT ti-3209 ti-3212
32160 9537 PVD,ORT ti-7606 ti-7611
32147 3146 PVD,ORT ti-7606 ti-7611
31069 27604 - - -
09282 4808 PVD,ORT ti-7609 ti-7602
26362 64458 ACV,ORT - ti-8421
13047 44292 - ti-9301 ti-9301
04070 17979 ACV,ORT,FABT ti-9308 ti-9307
60057 55550 ACV,ORT ti-3203 ti-3204
01053 42372 ACV,ORT,MANUP ti-8403 ti-8402
56121 58329 ACV,ORT ti-5306 ti-5307
88413 19251 ACV,ORT,MANUP ti-4415 ti-4419
22093 17241 PVD,ORT,FABT,MANUP ti-5303 ti-5301
16015 41908 ACV,ORT ti-7501 ti-7502
16102 18532 ACV,ORT ti-7501 ti-7502
43157 18540 ACV,ORT,FABT,MANUP ti-8409 ti-8407
"""
ROWS = [line.split() for line in TOWNS.split("\n") if line]


@pytest.fixture(scope="module")
def communes():
    return referential.read_communes()


@pytest.fixture(scope="module")
def programmes():
    return referential.read_programmes()


def test_communes_are_those_of_the_cog_2026(communes):
    assert len(communes) == 34_875
    assert communes.zone.value_counts().to_dict() == {"metropole": 34_746, "drom": 129}
    assert tuple(communes.columns) == referential.COMMUNE_COLUMNS
    assert communes.index.name == "code_insee"
    assert communes.index.is_unique
    assert communes.index.str.fullmatch(r"\d{5}|2[AB]\d{3}").all()
    drom = communes[communes.zone == "drom"].departement.value_counts().to_dict()
    assert drom == {"971": 32, "972": 34, "973": 22, "974": 24, "976": 17}


def test_populations(communes):
    assert communes.population["75056"] == 2_103_778
    assert set(communes.population_year) == {2023}
    by_departement = communes.groupby("departement").population.sum()
    assert len(by_departement) == 101
    assert by_departement.sum() == communes.population.sum() == 68_350_798
    assert by_departement["75"] == 2_103_778


def test_populations_agree_with_those_of_the_epci(communes):
    """Two ways to one number: Grand Chalon by its members."""
    members = communes[communes.epci == "247100589"]
    assert len(members) == 51
    assert members.epci_name.unique().tolist() == ["CA Le Grand Chalon"]


def test_only_four_islands_have_no_epci(communes):
    alone = communes[communes.epci.isna()]
    assert set(alone.index) == {"22016", "29083", "29155", "85113"}
    assert alone.epci.iloc[0] is None


def test_names_keep_article_accent_and_apostrophe(communes):
    names = communes.name[["32160", "78440", "76351", "43157", "02565"]].tolist()
    assert names == ["L'Isle-Jourdain", "Les Mureaux", "Le Havre", "Le Puy-en-Velay", "Œuilly"]


def test_divisions_join(communes):
    departements, regions = referential.read_departements(), referential.read_regions()
    assert (len(departements), len(regions)) == (101, 18)
    assert set(departements.region) == set(regions.index) == set(communes.region)
    assert set(communes.departement) == set(departements.index)
    assert communes.region_name["71076"] == "Bourgogne-Franche-Comté"
    assert communes.departement_name["2A004"] == "Corse-du-Sud"


def test_epci_and_ept(communes):
    epci = referential.read_epci()
    assert (epci.nature == "EPT").sum() == 11
    assert (epci.nature != "EPT").sum() == 1_255 == communes.epci.nunique()


def test_old_communes_lead_to_current_ones(communes):
    old = referential.read_old_communes()
    counts = old.type.value_counts()
    assert (counts["deleguee"], counts["associee"], counts["arrondissement"]) == (2_105, 471, 45)
    assert set(old.code_insee) <= set(communes.index)
    assert old[old.code == "75119"].code_insee.tolist() == ["75056"]


@pytest.mark.parametrize(
    ("programme", "count"),
    [("ACV", 245), ("PVD", 1_646), ("ORT", 2_260), ("FABT", 342), ("MANUP", 97)]
    + [("TI", 18_639), ("TI1", 16_151)],
)
def test_communes_of_each_programme(programmes, communes, programme, count):
    codes = programmes.code_insee[programmes.programme == programme]
    assert len(codes) == codes.nunique() == count
    # Saint-Martin (97801) is a COM: one Fabrique de territoire off our 34 875 communes.
    assert set(codes) - set(communes.index) == ({"97801"} if programme == "FABT" else set())


def test_programmes_columns_and_producers(programmes):
    assert tuple(programmes.columns) == referential.PROGRAMME_COLUMNS
    assert not (programmes == "").any(axis=None)
    producers = programmes.groupby("programme").producer.unique().map(list).to_dict()
    assert producers.pop("ORT") == ["DGALN"]
    assert set(map(tuple, producers.values())) == {("ANCT",)}
    assert programmes.vintage.notna().all()
    dates = programmes.since.dropna()
    assert dates.str.fullmatch(r"20[12]\d-[01]\d-[0-3]\d").all()


def test_phases_and_territories(programmes):
    acv = programmes[programmes.programme == "ACV"]
    assert acv.phase.value_counts().to_dict() == {"1": 231, "2": 14}
    assert acv.territory_id.nunique() == 232
    assert programmes[programmes.programme == "TI"].territory_id.nunique() == 183
    assert programmes[programmes.programme == "TI1"].territory_id.nunique() == 149


def test_brittany(programmes, communes):
    here = programmes[programmes.code_insee.map(communes.region) == "53"]
    count = here.groupby("programme").code_insee.nunique()
    assert (count["ACV"], count["PVD"]) == (11, 135)


def test_epts_are_not_lost(programmes):
    """Grand-Orly Seine Bièvre is no EPCI of INSEE's table: Orly would be missing."""
    orly = programmes[(programmes.code_insee == "94054") & (programmes.programme == "TI")]
    assert orly.territory_id.tolist() == ["ti-1105"]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_towns_of_the_book(programmes, communes, row):
    code, population, labels, first, second = row
    assert communes.population[code] == int(population)
    here = programmes[programmes.code_insee == code]
    expected = set(labels.split(",")) - {"-"}
    assert set(here.programme) - {"TI", "TI1"} == expected
    for programme, ti_id in (("TI1", first), ("TI", second)):
        found = here.territory_id[here.programme == programme].tolist()
        assert found == [ti_id] * (ti_id != "-")


def test_all_thirty_two_towns_are_checked():
    assert len(ROWS) == 32


def test_same_id_means_two_territories_in_two_phases():
    members = referential.read_territoires()
    names = members[members.ti_id == "ti-0101"].groupby("phase").ti_name.first()
    assert names["1"] != names["2"]
    groups = members.groupby("phase").ti_id.nunique().to_dict()
    assert groups == {"1": 149, "2": 183}


def test_callers_cannot_spoil_what_others_read():
    spoilt = referential.read_communes()
    spoilt["population"] = 0
    spoilt.loc["71076", "name"] = "X"
    outlines = referential.read_outlines("regions")
    outlines["name"] = ""
    assert referential.read_communes().name["71076"] == "Chalon-sur-Saône"
    assert referential.read_communes().population.sum() > 0
    assert (referential.read_outlines("regions").name != "").all()


@pytest.mark.parametrize("level", ["", "quartiers", "communes/../epci", "communes/20", "../x"])
def test_unknown_outlines_are_refused(level):
    with pytest.raises(DataFileError):
        referential.outline_path(level)


@pytest.mark.parametrize("content", [None, b"", b"PAR1 no", b'{"type": 1}', b"a,b\n1,2\n",
                                     b"code,name\n1,2\n1,2,3\n", b"\xff\xfe", b"{\n]"])  # fmt: skip
def test_missing_or_damaged_files_make_one_french_sentence(tmp_path, monkeypatch, content):
    folder = tmp_path / "geodata"
    (folder / "outlines").mkdir(parents=True)
    monkeypatch.setattr(referential, "GEODATA", folder)
    monkeypatch.setattr(referential, "OUTLINES", folder / "outlines")
    names = ("communes.parquet", "regions.csv", "outlines/regions.geojson",
             "outlines/fine_departements.parquet")  # fmt: skip
    if content is not None:
        for name in names:
            (folder / name).write_bytes(content)
    caches = (referential._communes, referential._table, referential._outlines,
              referential._fine_outlines)  # fmt: skip
    readers = (
        referential.read_communes,
        referential.read_regions,
        lambda: referential.read_outlines("regions"),
        referential.read_fine_outlines,
    )
    try:
        for reader in readers:
            for cache in caches:
                cache.cache_clear()
            with pytest.raises(DataFileError, match=r"geodata/rebuild\.py\.$") as stop:
                reader()
            english = re.search(r"\b(error|expected|line|not|file|codec)\b", str(stop.value), re.I)
            assert not english, stop.value
    finally:
        for cache in caches:
            cache.cache_clear()


def test_codes_are_texts(communes):
    assert isinstance(communes.index[0], str)
    assert communes.index[0] == "01001"
    assert pd.api.types.is_integer_dtype(communes.population)
