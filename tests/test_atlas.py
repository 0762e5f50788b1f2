"""The composition: frames, their columns, and which town carries what, today and in 2022."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from tests.sheet_cases import parse_project
from tests.shipped import folder, read_atlas
from villeactive.atlas import compose
from villeactive.carried import carried_in
from villeactive.errors import SheetError
from villeactive.programmes import in_order, known_programmes

COMMUNES = {
    "name", "departement", "departement_name", "region", "region_name", "epci", "epci_name",
    "population", "population_year", "area_km2", "lon", "lat", "point", "zone", "programmes",
    "geometry",
}  # fmt: skip
PROJECTS = {
    "title", "kind", "theme", "topic", "summary", "n_sites", "amount_eur", "code_insee", "town",
    "departement", "region", "geometry",
}  # fmt: skip
SITES = {
    "project", "collection", "rank", "title", "kind", "counted", "theme", "topic", "role", "site",
    "scale", "code_insee",
    "town", "departement", "departement_name", "region", "region_name", "epci", "epci_name",
    "population", "programmes", "slot", "geometry", "epcis", "departements", "regions",
}  # fmt: skip

# town: population municipale 2023; programmes today; those of the end of 2022.
TOWNS = {
    "71076": ("Chalon-sur-Saône", 45102, "ACV ORT TI TI1", "ACV ORT TI1"),
    "63178": ("Issoire", 15115, "ACV ORT TI TI1", "ACV ORT TI1"),
    "33240": ("Lesparre-Médoc", 5872, "PVD FABT", "PVD"),
    "76217": ("Dieppe", 28496, "ACV ORT TI TI1", "ACV ORT TI1"),
    "53130": ("Laval", 49400, "ACV ORT FABT MANUP TI TI1", "ACV ORT MANUP TI1"),
    "62498": ("Lens", 32920, "ACV ORT TI TI1", "ACV ORT TI1"),
    "89387": ("Sens", 27106, "ACV ORT TI TI1", "ACV ORT TI1"),
    "49099": ("Cholet", 54404, "ACV ORT TI TI1", "ACV TI1"),
    "78440": ("Les Mureaux", 34632, "ACV ORT FABT TI TI1", "ACV TI1"),
    "26281": ("Romans-sur-Isère", 33464, "ACV ORT TI", "ACV ORT"),
    "17299": ("Rochefort", 23460, "ACV ORT TI TI1", "ACV ORT TI1"),
    "23008": ("Aubusson", 3018, "PVD ORT MANUP TI TI1", "PVD MANUP TI1"),
    "44184": ("Saint-Nazaire", 74568, "ACV ORT FABT TI TI1", "ACV ORT TI1"),
    "29197": ("Plouhinec", 3919, "PVD ORT FABT MANUP", "PVD ORT MANUP"),
    "67482": ("Strasbourg", 293771, "FABT MANUP", "MANUP"),
    "14366": ("Lisieux", 19645, "ACV ORT TI TI1", "ACV ORT TI1"),
    "62765": ("Saint-Omer", 14382, "ACV ORT FABT TI TI1", "ACV ORT TI1"),
    "32160": ("L'Isle-Jourdain", 9537, "PVD ORT TI TI1", "PVD TI1"),
    "32147": ("Gimont", 3146, "PVD ORT TI TI1", "PVD TI1"),
    "31069": ("Blagnac", 27604, "", ""),
    "09282": ("Saverdun", 4808, "PVD ORT TI TI1", "PVD ORT TI1"),
    "26362": ("Valence", 64458, "ACV ORT TI", "ACV ORT"),
    "13047": ("Istres", 44292, "TI TI1", "TI1"),
    "04070": ("Digne-les-Bains", 17979, "ACV ORT FABT TI TI1", "ACV ORT TI1"),
    "60057": ("Beauvais", 55550, "ACV ORT TI TI1", "ACV ORT TI1"),
    "01053": ("Bourg-en-Bresse", 42372, "ACV ORT MANUP TI TI1", "ACV ORT MANUP TI1"),
    "56121": ("Lorient", 58329, "ACV ORT TI TI1", "ACV ORT TI1"),
    "88413": ("Saint-Dié-des-Vosges", 19251, "ACV ORT MANUP TI TI1", "ACV MANUP TI1"),
    "22093": ("Lamballe-Armor", 17241, "PVD ORT FABT MANUP TI TI1", "PVD ORT MANUP TI1"),
    "16015": ("Angoulême", 41908, "ACV ORT TI TI1", "ACV ORT TI1"),
    "16102": ("Cognac", 18532, "ACV ORT TI TI1", "ACV ORT TI1"),
    "43157": ("Le Puy-en-Velay", 18540, "ACV ORT FABT MANUP TI TI1", "ACV MANUP TI1"),
}


def test_20_projects_25_sites_and_the_mentions_apart(atlas):
    counted = atlas.projects["kind"] != "mention"
    assert int(counted.sum()) == 20
    assert atlas.projects["kind"].value_counts().to_dict() == {
        "initiative": 12, "mention": 9, "projet": 6, "outil": 2,
    }  # fmt: skip
    # Corpoworking stands in three towns, the Observatoire in four, every other one in one
    assert int((atlas.sites["kind"] != "mention").sum()) == 18 + 3 + 4
    assert atlas.projects.loc[counted, "n_sites"].sum() == 25
    assert len(atlas.sites) == atlas.projects["n_sites"].sum() == 35


def test_frames_are_placed_and_have_the_columns_said(atlas):
    for frame in (atlas.projects, atlas.sites, atlas.towns, atlas.communes):
        assert isinstance(frame, gpd.GeoDataFrame)
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.notna().all()
        assert set(frame.geometry.geom_type) == {"Point"}
    assert set(atlas.projects.columns) >= PROJECTS
    assert set(atlas.sites.columns) == SITES
    assert set(atlas.towns.columns) == set(atlas.communes.columns) == COMMUNES


def test_indexes(atlas):
    assert atlas.projects.index.name == "id"
    assert list(atlas.projects.index) == list(atlas.sheets)
    assert list(atlas.sites.index) == list(range(35))
    assert atlas.communes.index.name == atlas.towns.index.name == "code_insee"
    assert atlas.communes.index.is_unique
    assert (atlas.communes.index.str.len() == 5).all()
    assert len(atlas.communes) == 34875
    assert set(atlas.towns.index) <= set(atlas.communes.index)


def test_each_project_stands_at_its_principal_site(atlas):
    first = atlas.sites[atlas.sites["rank"] == 0].set_index("project")
    assert (first["code_insee"] == atlas.projects["code_insee"].reindex(first.index)).all()
    assert atlas.projects.loc["corpoworking", "town"] == "Gimont"
    assert atlas.projects.loc["observatoire-territoires-industrie", "town"] == "Lamballe-Armor"


def test_rochefort_is_drawn_in_charente_maritime(atlas):
    point = atlas.projects.loc["rochefort-pole-aeronautique", "geometry"]
    assert (point.x, point.y) == pytest.approx((-0.96, 45.94), abs=0.02)
    assert atlas.projects.loc["rochefort-pole-aeronautique", "departement"] == "17"


def test_sites_of_one_commune_stand_side_by_side(atlas):
    shared = atlas.sites[atlas.sites["slot"] > 0]
    # Dieppe: the Cnam and the Observatoire; Romans: Shop'in and the mention of Valence-Romans
    assert sorted(shared["town"]) == ["Dieppe", "Romans-sur-Isère"]
    for _, sites in atlas.sites.groupby("code_insee"):
        assert sorted(sites["slot"]) == list(range(len(sites)))


def test_what_is_not_said_is_none(atlas):
    assert atlas.sites.loc[atlas.sites["project"] == "dieppe-cnam", "site"].tolist() == [None]
    alone = atlas.communes[[not isinstance(code, str) for code in atlas.communes["epci"]]]
    assert sorted(alone["name"]) == [
        "L'Île-d'Yeu", "Ouessant", "Île-de-Bréhat", "Île-de-Sein",
    ]  # fmt: skip
    assert alone["epci"].tolist() == [None] * 4


@pytest.mark.parametrize("code", TOWNS)
def test_towns_of_the_book(atlas, code):
    name, population, today, then = TOWNS[code]
    town = atlas.communes.loc[code]
    assert town["name"] == name
    assert (town["population"], town["population_year"]) == (population, 2023)
    assert town["programmes"] == tuple(today.split())
    assert carried_in(atlas.labels_of(code), 2022) == tuple(then.split())


def test_the_32_towns_are_those_of_the_sites_but_paris(atlas):
    assert set(atlas.sites["code_insee"]) - {"75056"} == set(TOWNS)


def test_a_territoire_is_no_label(atlas):
    assert "13047" not in atlas.towns.index  # Istres: Territoire d'industrie, nothing else
    assert "31069" not in atlas.towns.index  # Blagnac: nothing
    assert "67482" in atlas.towns.index  # Strasbourg: Fabrique and Manufacture


def test_phases_of_the_territoires_end_and_begin(atlas):
    romans = atlas.labels_of("26281")
    assert carried_in(romans, 2022) == ("ACV", "ORT")
    assert carried_in(romans, 2023) == ("ACV", "ORT", "TI")
    chalon = atlas.labels_of("71076")
    assert carried_in(chalon, 2017) == ()
    assert carried_in(chalon, 2018) == ("ACV", "TI1")
    assert carried_in(chalon, 2020) == ("ACV", "ORT", "TI1")
    assert carried_in(chalon, 2023) == ("ACV", "ORT", "TI")


def test_dates_and_territories_of_chalon(atlas):
    rows = atlas.labels_of("71076")[["programme", "since", "phase", "territory_name"]]
    assert rows.fillna("").to_numpy().tolist() == [
        ["ACV", "2018-10-18", "1", ""],
        ["ORT", "2020-10-05", "", ""],
        ["TI", "", "2", "Grand Chalon"],
        ["TI1", "", "1", "Grand Chalon"],
    ]


@pytest.mark.parametrize("code", ["71076", "26281", "75056", "29083", "01001"])
def test_what_a_commune_carries_is_the_same_in_arrays(atlas, code):
    rows = atlas.labels_of(code)
    known = list(known_programmes())
    assert list(rows["programme"]) == sorted(rows["programme"], key=known.index)
    for name, values in atlas.dates_of(code).items():
        assert rows[name].fillna("").tolist() == [v if isinstance(v, str) else "" for v in values]


def test_communes_per_programme(atlas):
    counts = atlas.carried.groupby("programme")["code_insee"].nunique().to_dict()
    assert counts == {
        "ACV": 245, "PVD": 1646, "ORT": 2260, "FABT": 341, "MANUP": 97, "TI": 18639, "TI1": 16151,
    }  # fmt: skip


def test_two_ways_to_count_the_action_coeur_de_ville(atlas):
    by_frame = sum("ACV" in programmes for programmes in atlas.towns["programmes"])
    in_both = sum({"ACV", "PVD"} <= set(programmes) for programmes in atlas.towns["programmes"])
    assert by_frame == 245
    assert in_both == 0


def test_regions_and_departements(atlas):
    assert len(atlas.regions) == 18
    assert len(atlas.departements) == 101
    assert atlas.regions["53"] == "Bretagne"
    assert atlas.departements["2A"] == "Corse-du-Sud"
    assert atlas.departement_region["71"] == "27"


def test_the_cnam_and_its_regional_centre(atlas):
    assert atlas.family("cnam") == {"cnam", "cnam-bourgogne-franche-comte"}
    assert atlas.family("cnam-bourgogne-franche-comte") == {"cnam-bourgogne-franche-comte"}


def test_amounts_of_the_projects(atlas):
    assert atlas.projects["amount_eur"].dropna().to_dict() == {
        "issoire-industrie-40": 62000.0,
        "rochefort-pole-aeronautique": 9700000.0,
    }
    known = atlas.projects.index[atlas.projects["amount_known"]]
    assert list(known) == ["issoire-industrie-40", "shop-in-romans", "rochefort-pole-aeronautique"]


def test_codes_are_not_words_to_search(atlas):
    every = " ".join(atlas.haystack.values()).split()
    for code in ("done", "observed", "principal", "initiative", "funders"):
        assert code not in every
    # a sheet related to Dieppe's does not speak of Dieppe
    speaking = {key for key, words in atlas.haystack.items() if "dieppe" in words.split()}
    assert speaking == {"dieppe-cnam", "observatoire-territoires-industrie"}


def test_programmes_in_their_order():
    assert in_order(["TI", "ACV", "TI", "XYZ", "PVD"]) == ("ACV", "PVD", "TI")


def test_read_once():
    assert read_atlas() is read_atlas()


def test_a_dead_code_is_told_with_its_sheet_and_its_place(atlas):
    dumped = atlas.sheets["corpoworking"].model_dump()
    dumped["places"][1]["code_insee"] = "31999"
    dumped["places"][2]["code_insee"] = "97502"  # Saint-Pierre-et-Miquelon is not a DROM
    bad = {"corpoworking": parse_project(dumped)}
    with pytest.raises(SheetError) as caught:
        compose([replace(folder(), sheets=bad)])
    assert [fault.split(" n’est pas")[0] for fault in caught.value.faults] == [
        "ville-active : corpoworking.yaml : places.1.code_insee : 31999",
        "ville-active : corpoworking.yaml : places.2.code_insee : 97502",
    ]


def test_no_sheet_is_an_empty_atlas():
    empty = compose([replace(folder(), sheets={})])
    assert (len(empty.projects), len(empty.sites), len(empty.communes)) == (0, 0, 34875)
    assert set(empty.sites.columns) == SITES
    assert isinstance(empty.projects, pd.DataFrame)
