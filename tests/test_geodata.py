"""The shipped outlines: exact coverages, no gap but Llívia, no sliver, points in their commune."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from villeactive.geography import referential

METRIC = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
LLIVIA = shapely.Point(1.98, 42.465)
BOUNDS = (-61.9, -21.5, 55.9, 51.2)


@pytest.fixture(scope="module")
def communes():
    departements = referential.read_departements().index
    parts = [referential.read_outlines(f"communes/{code}") for code in departements]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def outlines(communes):
    levels = ("regions", "departements", "epci")
    return {"communes": communes} | {name: referential.read_outlines(name) for name in levels}


LEVELS = [("communes", 34_875), ("epci", 1_255), ("departements", 101), ("regions", 18)]


@pytest.mark.parametrize(("level", "count"), LEVELS)
def test_units_and_columns(outlines, level, count):
    frame = outlines[level]
    assert list(frame.columns) == ["code", "name", "geometry"]
    assert frame.code.is_unique
    assert len(frame) == count
    assert frame.crs.to_epsg() == 4326
    assert (frame.name != "").all()


@pytest.mark.parametrize("level", [level for level, _ in LEVELS])
def test_borders_match_to_the_vertex(outlines, level):
    shapes = outlines[level].geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert set(shapely.get_type_id(shapes)) <= {3, 6}  # polygons and multipolygons
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize("level", [level for level, _ in LEVELS])
def test_the_only_gap_is_llivia(outlines, level):
    land = shapely.coverage_union_all(outlines[level].geometry.to_numpy())
    gaps = [shapely.Polygon(ring) for part in shapely.get_parts(land) for ring in part.interiors]
    assert len(gaps) == 1
    assert gaps[0].contains(LLIVIA)
    area_km2 = gpd.GeoSeries(gaps, crs=4326).to_crs(2154).area.sum() / 1e6
    assert area_km2 == pytest.approx(12.98, rel=0.12)  # before simplification


@pytest.mark.parametrize("level", [level for level, _ in LEVELS])
def test_no_sliver_no_speck(outlines, level):
    """A sliver is thin for its length: 1 is a disc, a strip 100 times as long as wide 0.03."""
    parts = outlines[level].explode().to_crs(6933)  # equal-area
    roundness = 4 * np.pi * parts.area / parts.length**2
    assert roundness.min() > 0.03
    assert parts.area.min() > (15_000 if level == "communes" else 90_000)


@pytest.mark.parametrize("level", [level for level, _ in LEVELS])
def test_coordinates_are_lon_lat_with_four_decimals(outlines, level):
    points = shapely.get_coordinates(outlines[level].geometry.to_numpy())
    assert np.array_equal(points, np.round(points, 4))
    low, high = points.min(axis=0), points.max(axis=0)
    assert (low > BOUNDS[:2]).all()
    assert (high < BOUNDS[2:]).all()


FINE = ["29", "62", "66", "974", "2A"]


def test_fine_outlines_are_exact_coverages_of_the_same_units():
    whole = referential.read_fine_outlines()
    assert list(whole.columns) == ["code", "name", "geometry"]
    assert list(whole.code) == list(referential.read_departements().index)
    assert shapely.coverage_is_valid(whole.geometry.to_numpy())
    for departement in FINE:
        fine = referential.read_fine_outlines(departement)
        coarse = referential.read_outlines(f"communes/{departement}")
        assert list(fine.code) == list(coarse.code)
        assert list(fine.name) == list(coarse.name)
        assert shapely.is_valid(fine.geometry.to_numpy()).all()
        assert shapely.coverage_is_valid(fine.geometry.to_numpy())
        united = shapely.coverage_union_all(fine.geometry.to_numpy())
        own = whole.set_index("code").geometry[departement]
        assert united.normalize().equals(own.normalize())


def test_fine_outlines_say_more_of_the_same_land():
    fine = referential.read_fine_outlines().set_index("code").geometry
    coarse = referential.read_outlines("departements").set_index("code").geometry
    points = {name: shapely.get_num_coordinates(s.to_numpy()).sum()
              for name, s in (("fine", fine), ("coarse", coarse))}  # fmt: skip
    assert points["fine"] > 5 * points["coarse"]
    metres = [gpd.GeoSeries(s, crs=4326).to_crs(2154).area for s in (fine, coarse)]
    here = ~fine.index.isin(METRIC)
    assert ((metres[0] / metres[1])[here] - 1).abs().max() < 0.08


def test_departements_nest_exactly_in_regions(outlines):
    departements = outlines["departements"].set_index("code").geometry
    regions = outlines["regions"].set_index("code").geometry
    region = referential.read_departements().region
    for code, shape in regions.items():
        members = departements[region.index[region == code]].to_numpy()
        assert shapely.coverage_union_all(members).normalize().equals(shape.normalize())


def test_points_lie_in_their_commune_or_near(communes):
    """The rule is 2 km of the full outline; simplification moves a border by up to 1 km."""
    table = referential.read_communes()
    shapes = communes.set_index("code").geometry
    points = gpd.GeoSeries(gpd.points_from_xy(table.lon, table.lat), index=table.index, crs=4326)
    for zone, part in table.groupby(table.departement.where(table.zone == "drom", "")):
        crs = METRIC.get(zone, 2154)
        here = part.index
        distance = points[here].to_crs(crs).distance(shapes[here].to_crs(crs))
        assert distance.max() < 3_000
        assert (distance[part.point == "interieur"] == 0).all()


def test_counts_by_code_and_by_place_agree(outlines):
    """Second oracle: 99.5 % of the points fall in the outline of their own département."""
    table = referential.read_communes()
    points = gpd.GeoDataFrame(
        {"departement": table.departement},
        geometry=gpd.points_from_xy(table.lon, table.lat),
        crs=4326,
    )
    placed = points.sjoin(outlines["departements"], predicate="within")
    assert (placed.departement == placed.code).sum() >= 0.995 * len(table)


def test_points_are_town_halls_but_for_some():
    table = referential.read_communes()
    assert table.point.value_counts().to_dict() == {"mairie": 33_836, "interieur": 1_039}
    assert table.lon["71076"] == pytest.approx(4.8536, abs=1e-3)
    assert table.lat["71076"] == pytest.approx(46.7806, abs=1e-3)


def test_mended_outlines():
    """Communes merged or split on 1 January 2025: outlines that the wheel has lost."""
    area = referential.read_communes().area_km2
    # Neussargues en Pinatelle, 92 km² in all, is five communes again.
    five = area[["15141", "15031", "15035", "15047", "15171"]]
    assert five.min() > 13
    assert five.sum() == pytest.approx(91.9, abs=0.5)
    # Pays-de-Montbenoît: Montbenoît 5.1 km² and four others, 43 km².
    assert area["25390"] == pytest.approx(46.6, abs=0.5)
    assert area["49126"] == pytest.approx(157.6, abs=0.5)


def test_areas():
    table = referential.read_communes()
    assert table.area_km2["75056"] == pytest.approx(105.4, abs=0.5)
    assert table.area_km2["13004"] == pytest.approx(759, rel=0.01)  # Arles
    assert table.area_km2.gt(0).all()
    assert table[table.zone == "metropole"].area_km2.sum() == pytest.approx(549_153, abs=5)


def test_territoires_industrie_share_the_borders_of_epci(outlines):
    areas = referential.read_outlines("territoires_industrie")
    assert list(areas.columns) == ["phase", "ti_id", "ti_name", "geometry"]
    assert areas.phase.value_counts().to_dict() == {"2": 183, "1": 149}
    for _, part in areas.groupby("phase"):
        assert shapely.coverage_is_valid(part.geometry.to_numpy())
    epci = outlines["epci"].set_index("code").geometry
    chalon = areas[(areas.phase == "2") & (areas.ti_id == "ti-2704")].geometry.iloc[0]
    assert epci["247100589"].difference(chalon).area == pytest.approx(0, abs=1e-12)


def test_neighbours_are_not_france():
    land = referential.read_outlines("neighbours").set_index("name").geometry
    assert {"Espagne", "Andorre", "Italie", "Suisse", "Allemagne", "Luxembourg"} <= set(land.index)
    assert {"Belgique", "Pays-Bas", "Royaume-Uni", "Brésil", "Suriname"} <= set(land.index)
    assert "France" not in land.index
    assert land.is_valid.all()
    assert land["Espagne"].contains(LLIVIA)
    for lon, lat in ((2.35, 48.86), (-0.58, 44.84), (9.15, 42.3), (-53.0, 4.0)):
        assert not land.contains(shapely.Point(lon, lat)).any()


def test_files_are_small():
    size = {
        name: referential.outline_path(name).stat().st_size / 1e3 for name in referential.LEVELS
    }
    assert size["departements"] <= 250
    assert size["regions"] <= 250
    assert size["neighbours"] <= 200
    assert size["epci"] <= 2_000
    assert size["territoires_industrie"] <= 1_500
    assert (referential.OUTLINES / "fine_departements.parquet").stat().st_size < 0.5e6
    assert (referential.OUTLINES / "fine_communes.parquet").stat().st_size < 6e6
    everything = [p for p in referential.GEODATA.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in everything) < 26e6


def test_geojson_is_what_browsers_expect():
    for level in ("regions", "communes/75"):
        collection = json.loads(referential.outline_path(level).read_text(encoding="utf-8"))
        assert collection["type"] == "FeatureCollection"
        assert set(collection["features"][0]["properties"]) == {"code", "name"}
        shape = shapely.geometry.shape(collection["features"][0]["geometry"])
        assert all(part.exterior.is_ccw for part in shapely.get_parts(shape))


def test_each_division_has_its_seat():
    seats = referential.read_seats()
    communes = referential.read_communes()
    assert seats.seat.isin(communes.index).all()
    assert seats.region.isin(referential.read_regions().index).all()
    counts = seats.level.value_counts().to_dict()
    assert counts == {"departement": 101, "region": 18, "former_region": 17}
    # the seat lies in the région that the row names
    assert (communes.region.reindex(seats.seat).to_numpy() == seats.region).all()


def test_former_epci_are_gone_or_bore_another_name():
    former = referential.read_former_epci()
    now = referential.read_epci().name
    assert former.siren.is_unique
    assert (former.siren.map(now) != former.name).all()
    members = former.communes.str.split().explode()
    assert members.isin(referential.read_communes().index).all()
