"""The address of the workshop: what it asks of a map, read and written."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.test_pages import address, run
from villeactive.documents.map_files import map_scene
from villeactive.maps.scene.layout import LAYOUTS
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import Selection
from villeactive.ui.pages.workshop_address import KEYS, TITLE, AskedMap, for_a_meeting, from_query

PAGE = "pages/atelier.py"
WHOLE = AskedMap(
    layout="a4", extent="departement:29", drawn=("projects", "towns:PVD"), labels="numbers",
    style="mono", title="Le Finistère",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def fresh_caches():
    yield
    st.cache_resource.clear()


def written(wish: AskedMap) -> dict[str, str]:
    return {key: value for key, value in wish.to_query().items() if value}


@pytest.mark.parametrize(
    "wish", [AskedMap(), WHOLE, AskedMap(drawn=()), AskedMap(**for_a_meeting())]
)
def test_what_is_written_is_read_again(atlas, wish):
    assert from_query(written(wish), atlas) == (wish, [])
    assert set(wish.to_query()) == set(KEYS)


def test_a_bare_address_asks_for_the_slide_of_the_selection(atlas):
    assert from_query({}, atlas) == (AskedMap(), [])
    assert written(AskedMap()) == {"layout": "slide"}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("layout", "poster", "Format"),
        ("extent", "region:99", "Territoire"),
        ("extent", "lune", "Territoire"),
        ("drawn", "projects,villes", "Couche"),
        ("labels", "x" * 500, "Étiquettes"),
        ("style", "rouge", "Style"),
    ],
)
def test_what_does_not_hold_is_said_and_left_aside(atlas, key, value, said):
    wish, dropped = from_query({key: value, "title": "Gardé"}, atlas)
    assert wish == AskedMap(title="Gardé", drawn=("projects",) if key == "drawn" else None)
    assert len(dropped) == 1
    assert dropped[0].startswith(f"{said}\u00a0: «\u00a0")
    assert len(dropped[0]) < 200


def test_a_long_title_is_cut(atlas):
    assert from_query({"title": "mot " * 60}, atlas)[0].title == ("mot " * 60)[:TITLE].rstrip()


def asked(test: AppTest) -> dict[str, str]:
    return {key: value for key, value in address(test).items() if key in KEYS}


def test_the_address_seeds_the_widgets_and_a_choice_is_written_there():
    test = run(PAGE, region="53", **written(WHOLE))
    assert not test.exception
    assert test.selectbox(key="a-extent").value == "departement:29"
    assert test.multiselect(key="a-drawn").value == ["projects", "towns:PVD"]
    assert test.text_input(key="a-title").value == "Le Finistère"
    test.text_input(key="a-title").set_value(" Autre ").run()
    assert asked(test) == written(WHOLE) | {"title": "Autre"}
    test.text_input(key="a-title").set_value("long " * 40).run()
    assert asked(test)["title"] == ("long " * 40)[:TITLE].rstrip()
    assert f"Coupé à {TITLE} signes." in [one.value for one in test.caption]
    test.selectbox(key="a-extent").set_value("france").run()
    assert asked(test)["extent"] == "france"
    assert dict(test.query_params)["region"] in ("53", ["53"])


@pytest.mark.parametrize(
    ("filters", "extent", "name"),
    [
        ({"epci": "242900314"}, "epci:242900314", "Brest Métropole"),
        ({"region": "53", "departement": "29"}, "departement:29", "Finistère (29)"),
        ({"region": "53,52"}, "france", "France entière"),
    ],
)
def test_the_one_territory_of_the_filters_is_framed_at_first(filters, extent, name):
    test = run(PAGE, **filters)
    assert not test.exception
    box = test.selectbox(key="a-extent")
    assert (box.value, box.format_func(box.value)) == (extent, name)


def test_for_a_meeting_names_are_few_and_large(atlas):
    test = run(PAGE, region="53")
    test.button(key="a-meeting").click().run()
    assert asked(test) == {"layout": "meeting", "drawn": "projects,towns:ACV"}
    assert test.button(key="a-meeting").disabled
    spec = MapSpec(extent="region:53", layout="meeting", layers=for_a_meeting()["drawn"])
    few = list(map_scene(Selection(region=("53",)), atlas, spec).labels())
    towns = [one for one in few if one.text.role != "territory"]
    assert 0 < len(towns) <= LAYOUTS["meeting"].most_named
    assert min(one.text.size for one in towns) >= 14
    every = map_scene(Selection(), atlas, MapSpec(layout="meeting"))
    bold = [one.text for one in every.labels() if one.text.weight == 600]
    # where projects crowd a name is a number of the key, written smaller
    assert min(text.size for text in bold if not text.lines[0].isdigit()) > 13
    assert min(text.size for text in bold) >= 12
