"""Where the filters of territory hold a map: what is framed, outlined and counted."""

import pytest
import shapely

from tests.shipped import read_atlas
from villeactive.filtering import apply_to_towns
from villeactive.filters import TERRITORIES
from villeactive.geography.referential import read_outlines
from villeactive.maps.scene.extent import parse_extent
from villeactive.maps.web.territory import framed, territory_of
from villeactive.selection import Selection

BREST, CINOR, CIREST = "242900314", "249740119", "249740093"
SELECTIONS = (
    Selection(region=("53", "11"), theme=("filieres-productions",)),
    Selection(departement=("29",), programme=("ACV",)),
    Selection(region=("04",)),
    Selection(epci=(BREST, "200066785")),
    Selection(region=("53",), epci=(BREST,)),
)


def box_of(shape) -> tuple:
    west, south, east, north = shape.bounds
    return (south, west), (north, east)


def near(box, other, *, within: float) -> bool:
    return all(a == pytest.approx(b, abs=within) for a, b in zip(box, other, strict=True))


@pytest.mark.parametrize(
    ("selection", "level", "codes"),
    [
        (Selection(region=("53",)), "regions", ["53"]),
        (Selection(region=("04",)), "regions", ["04"]),
        (Selection(departement=("2A", "2B")), "departements", ["2A", "2B"]),
        (Selection(region=("53",), departement=("29",)), "departements", ["29"]),
        (Selection(departement=("29",), epci=(BREST,)), "epci", [BREST]),
        (Selection(epci=(CINOR, CIREST)), "epci", [CINOR, CIREST]),
    ],
)
def test_the_smallest_kind_is_framed_whole(selection, level, codes):
    land = territory_of(selection, read_atlas()).land
    outlines = read_outlines(level).set_index("code").geometry
    assert f"{land.kind}s".removesuffix("s" if level == "epci" else "") == level
    assert land.codes == tuple(sorted(codes))
    assert near(land.box, box_of(shapely.union_all(outlines[codes].to_numpy())), within=0.001)


def test_territories_of_several_zones_are_not_framed():
    assert territory_of(Selection(region=("04", "53")), read_atlas()).land.box is None
    assert territory_of(Selection(region=("04", "06")), read_atlas()).land.box is None


def test_other_filters_hold_the_map_nowhere():
    asked = Selection(near="62498", within=10, theme=("filieres-productions",), text="laine")
    assert territory_of(asked, read_atlas()) is None


def test_a_wish_for_france_is_kept_and_the_territory_outlined():
    atlas, asked = read_atlas(), Selection(region=("53",))
    own = territory_of(asked, atlas)
    assert framed(asked, None, atlas) == framed(asked, parse_extent("selection"), atlas) == own
    france = framed(asked, parse_extent("france"), atlas)
    assert (france.land.codes, france.land.box) == (("53",), None)
    assert framed(asked, parse_extent("departement:974"), atlas).land.codes == ("974",)
    assert framed(Selection(), parse_extent("france"), atlas) is None


def test_the_outline_of_an_epci_is_finer_than_its_layer_and_at_its_place():
    land = territory_of(Selection(epci=(BREST,)), read_atlas()).land
    fine = shapely.geometry.shape(land.shape())
    coarse = read_outlines("epci").set_index("code").geometry[BREST]
    assert fine.intersection(coarse).area > 0.95 * coarse.area
    assert shapely.get_num_coordinates(fine) > 3 * shapely.get_num_coordinates(coarse)
    assert territory_of(Selection(region=("53",)), read_atlas()).land.shape() is None


@pytest.mark.parametrize("selection", SELECTIONS)
def test_towns_are_those_that_the_filters_of_territory_leave(selection):
    atlas = read_atlas()
    territory = territory_of(selection, atlas)
    kept = Selection(**{name: getattr(selection, name) for name in TERRITORIES})
    carried = apply_to_towns(kept, atlas.communes, atlas)["programmes"].explode().value_counts()
    towns = dict(territory.towns)
    assert towns == {code: int(carried.get(code, 0)) for code in towns}
    bounds = territory.bounds()
    labelled = atlas.towns
    if "departements" in bounds:
        labelled = labelled[labelled["departement"].isin(bounds["departements"])]
    if "communes" in bounds:
        labelled = labelled[labelled.index.isin(bounds["communes"])]
    assert list(labelled.index) == list(apply_to_towns(kept, atlas.towns, atlas).index)


def test_the_regions_share_the_towns_of_each_programme():
    atlas = read_atlas()
    found = [dict(territory_of(Selection(region=(code,)), atlas).towns) for code in atlas.regions]
    whole = atlas.carried.groupby("programme")["code_insee"].nunique()
    assert {code: sum(some[code] for some in found) for code in found[0]} == whole.to_dict()
