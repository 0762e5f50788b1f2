import base64
import gzip
import json
import re
from functools import partial
from types import SimpleNamespace

import branca.element
import folium
import geopandas as gpd
import pandas as pd
import pytest
from streamlit_folium import _get_feature_group_string, _get_header, _get_map_string

from tests.shipped import read_atlas
from villeactive.filtering import apply
from villeactive.geography.referential import OUTLINES, read_communes
from villeactive.layers import every_layer
from villeactive.maps import symbols
from villeactive.maps.web import circle_groups, folium_map, place_names, site_rows, towns_file
from villeactive.maps.web.figures import group_state
from villeactive.maps.web.territory import territory_of
from villeactive.selection import Selection
from villeactive.vocabulary import GEODATA

TAXONOMY = read_atlas().taxonomy
site_group = partial(folium_map.site_group, taxonomy=TAXONOMY)
base_map = partial(folium_map.base_map, taxonomy=TAXONOMY)
SOURCES = folium_map.Sources(assets="../a/", data="../d/")
PAYLOADS = (
    "{{ cycler.__init__.__globals__.os.environ.update(VILLEACTIVE_PERCEE='oui') }}",
    "prix {{ 10 }",
    "code {# 12",
    "100 {%}",
    "{% for %}",
    "</script><img src=x onerror=alert(1)>",
    "${alert(1)} ` \\ ' \"",
    "\u2028\u2029",
)


def sites(rows=None, **columns):
    """Three sites: two projects at one commune, one elsewhere."""
    frame = pd.DataFrame(
        rows
        or [
            ("usinerie", "projet", "apprendre-travailler", "71076", "Chalon", 4.85, 46.78, 0),
            ("autre", "initiative", "filieres-productions", "71076", "Chalon", 4.85, 46.78, 1),
            ("valence", "mention", None, "26362", "Valence", 4.89, 44.93, 0),
        ],
        columns=["project", "kind", "theme", "code_insee", "town", "lon", "lat", "slot"],
    )  # fmt: skip
    frame["title"] = "Titre " + frame["project"]
    frame["counted"] = frame["kind"] != "mention"
    points = gpd.points_from_xy(frame["lon"], frame["lat"])
    return gpd.GeoDataFrame(frame.assign(matches=True, **columns), geometry=points, crs=4326)


def layers_of(group):
    return [c for c in group._children.values() if isinstance(c, folium_map.SiteLayer)]


def state_of(group):
    return next(c.state for c in group._children.values() if isinstance(c, folium_map.Told))


def scripts(group, **options):
    base = base_map(sources=SOURCES, **options)
    base.get_root().render()
    return _get_map_string(base), _get_feature_group_string(group, base)


def words(text):
    return json.loads(base64.b64decode(text))


def test_second_wall_stands():
    assert branca.element.Template is folium_map.Literal
    shown = branca.element.Element("{{ 6 * 7 }}").render()
    assert shown == "{{ 6 * 7 }}"


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("column", ["title", "town"])
def test_hostile_words_travel_encoded_and_come_back_whole(payload, column, monkeypatch):
    monkeypatch.delenv("VILLEACTIVE_PERCEE", raising=False)
    group = site_group(sites().assign(**{column: payload}))
    base, changing = scripts(group)
    assert payload not in base + changing
    assert "VILLEACTIVE_PERCEE" not in __import__("os").environ
    (row, *_) = layers_of(group)[0].rows
    assert payload in words(row[3])
    assert not re.search(r"\{\{|\{%|\{#", changing)


def test_hostile_identifier_is_refused_with_the_remedy():
    frame = sites().assign(project="a_b{{x}}")
    with pytest.raises(ValueError, match="minuscules, chiffres et tirets"):
        site_group(frame)


def test_one_geojson_per_theme_kind_and_state():
    group = site_group(sites(), layers=("projects", "mentions"))
    made = layers_of(group)
    assert len(made) == 3
    assert all(isinstance(layer, folium.GeoJson) for layer in made)
    assert all(isinstance(layer.marker.icon, folium.DivIcon) for layer in made)
    assert sorted(row[0] for layer in made for row in layer.rows) == [
        "autre",
        "usinerie",
        "valence",
    ]


def test_layers_hide_kinds_and_unknown_codes_are_dropped():
    group = site_group(sites(), layers=("mentions", "PVD", "{{7*7}}"))
    assert [row[0] for layer in layers_of(group) for row in layer.rows] == ["valence"]
    assert state_of(group)["layers"] == ["mentions", "PVD"]


def test_a_selected_mention_is_drawn_though_its_layer_is_off():
    group = site_group(sites(), selected="valence")
    selected = [layer for layer in layers_of(group) if layer.sign["state"] == "selected"]
    assert [layer.rows[0][0] for layer in selected] == ["valence"]


def test_other_sites_of_a_matching_project_are_faded():
    frame = sites()
    frame.loc[0, "matches"] = False
    states = {row[0]: layer.sign["state"] for layer in layers_of(site_group(frame))
              for row in layer.rows}  # fmt: skip
    assert states == {"usinerie": "faded", "autre": "plain"}


def test_two_sites_of_a_commune_stand_side_by_side():
    rows = {r[0]: r for layer in layers_of(site_group(sites())) for r in layer.rows}
    assert (rows["usinerie"][4], rows["autre"][4]) == (-12, 12)
    alone = site_group(sites().iloc[[1]])
    assert layers_of(alone)[0].rows[0][4] == 0


def test_small_symbols_lie_over_large_ones():
    group = site_group(sites(), layers=("projects", "mentions"))
    levels = {layer.rows[0][0]: layer.sign["level"] for layer in layers_of(group)}
    assert levels["usinerie"] < levels["autre"] < levels["valence"]


def test_legend_counts_projects_not_sites_and_takes_the_page_s_numbers():
    frame = pd.concat([sites(), sites().iloc[[0]]], ignore_index=True)
    group = site_group(frame, layers=("projects", "ACV", "PVD"), counts={"ACV": 245})
    assert state_of(group)["legend"] == [
        ["apprendre-travailler", 1],
        ["filieres-productions", 1],
        ["projet", 1],
        ["initiative", 1],
        ["ACV", 245],
        ["PVD", None],
    ]


def test_rows_of_a_frame_are_read_once_whatever_is_asked(monkeypatch):
    frame = sites()
    site_group(frame)
    monkeypatch.setattr(site_rows, "_encoded", None)
    group = site_group(frame, layers=("projects", "mentions"), selected="autre", dark=True)
    assert sum(len(layer.rows) for layer in layers_of(group)) == 3
    with pytest.raises(TypeError):
        site_group(frame.copy())


def test_each_sign_of_the_book_is_in_the_file_of_constants():
    signs = folium_map.constants(TAXONOMY, dark=False)["signs"]
    book = site_group(read_atlas().sites, layers=every_layer(), selected="usinerie")
    assert all(signs[layer.code] == layer.sign for layer in layers_of(book))


def test_nothing_found_is_a_map_all_the_same():
    group = site_group(sites().iloc[:0])
    assert layers_of(group) == []
    assert state_of(group)["legend"] == []
    assert "VilleActive.show" in scripts(group)[1]


def test_focus_must_be_three_finite_numbers():
    assert state_of(site_group(sites(), focus=(-61.5, 16.2, 10)))["focus"] == [
        -61.5,
        16.2,
        10,
    ]
    for bad in ((1, 2), (1, 2, float("nan"))):
        with pytest.raises(ValueError, match="longitude, latitude et zoom"):
            site_group(sites(), focus=bad)


def test_a_commune_to_outline_must_be_a_code():
    assert state_of(site_group(sites(), commune="2A004"))["commune"] == "2A004"
    assert "commune" not in state_of(site_group(sites()))
    for bad in ("Lens", "{{ 7 }}", "6249８", "62498'"):
        with pytest.raises(ValueError, match="code INSEE"):
            site_group(sites(), commune=bad)


def test_base_map_is_constant_and_needs_leaflet_alone():
    first, second = (scripts(site_group(sites()))[0] for _ in range(2))
    assert first == second
    made = base_map(sources=SOURCES)
    links = [url for _, url in (*made.default_js, *made.default_css)]
    assert all(url.startswith("../") for url in links)
    name = made.default_js[0][1].removeprefix(SOURCES.assets)
    assert "Leaflet 1.9.3" in folium_map.shipped(TAXONOMY)[name]
    assert folium.Map.default_js[0][1].startswith("https://")  # other maps are left alone


def test_dark_map_asks_for_its_own_file_whose_colours_are_those_of_symbols():
    files = folium_map.shipped(TAXONOMY)
    texts = {}
    for dark in (False, True):
        made = base_map(sources=SOURCES, dark=dark)
        (name,) = (url for _, url in made.default_js if "map-" in url)
        texts[dark] = files[name.removeprefix(SOURCES.assets)]
        assert symbols.palette(dark=dark).land in texts[dark]
    assert texts[True] != texts[False]
    assert set(files) == {folium_map.STYLE, *(name for name in files if name.startswith("map-"))}


def test_constants_are_not_sent_again_with_each_selection():
    base, changing = scripts(site_group(sites()))
    assert symbols.palette().land not in base
    assert len(base) < 1_500
    assert len(changing) < 5_000


def test_no_head_goes_with_each_selection():
    made = base_map(sources=SOURCES)
    made.render()  # as streamlit-folium does
    assert _get_header(made) == ""


def test_only_symbols_names_colours():
    ours = [*folium_map.ASSETS.iterdir(), folium_map.ASSETS.parent / "folium_map.py"]
    named = {p.name: re.findall(r"#[0-9A-Fa-f]{6}\b", p.read_text("utf-8")) for p in ours}
    assert {name: found for name, found in named.items() if found} == {}


def test_scripts_never_read_words_as_html():
    for path in folium_map.ASSETS.glob("*.js"):
        lines = [ln for ln in path.read_text("utf-8").splitlines() if "innerHTML" in ln]
        # the one place: constant signs made by symbols.py
        assert lines == (["    box.innerHTML = svg;"] if path.name == "map.js" else [])


def test_messages_stay_small():
    kind, theme = "initiative", "apprendre-travailler"
    many = [
        (f"projet-{i}", kind, theme, f"{i:05}", "Une ville moyenne", 2, 46, 0) for i in range(36)
    ]
    group = site_group(sites(many), layers=("projects", "mentions"))
    base, changing = scripts(group)
    assert len(base) + len(changing) < 16_000


@pytest.mark.parametrize(
    ("raw", "previous", "found"),
    [
        (None, None, None),
        ({}, 0, None),
        ({"last_object_clicked_count": 0, "last_active_drawing": None}, None, None),
        (("usinerie", 3), 0, "usinerie"),
        (("usinerie", 3), 3, None),
        (("usinerie", 6), 3, "usinerie"),
        (("usi{{nerie", 6), 3, None),
        ((12, 6), 3, None),
    ],
)
def test_a_click_is_read_once(raw, previous, found):
    if isinstance(raw, tuple):
        drawing = {"properties": {"id": raw[0]}}
        raw = {"last_active_drawing": drawing, "last_object_clicked_count": raw[1]}
    event = folium_map.read_event(raw, previous)
    assert (event.project if event else None) == found


def test_towns_file_holds_each_town_once_the_most_peopled_first():
    frame = pd.DataFrame(
        {
            "name": ["Laval", "Aubusson"],
            "lon": [-0.77, 2.17],
            "lat": [48.07, 45.96],
            "population": [49_400, 3_018],
            "programmes": [("ACV", "ORT", "TI"), ("PVD",)],
        },
        index=pd.Index(["53130", "23008"], name="code_insee"),
    )
    made = json.loads(towns_file.towns_json(frame))
    assert made["programmes"] == ["ACV", "PVD", "ORT", "FABT", "MANUP"]
    assert made["towns"] == [
        ["53130", "Laval", -0.77, 48.07, 0b101],
        ["23008", "Aubusson", 2.17, 45.96, 0b10],
    ]


def test_shipped_towns_file_is_that_of_the_atlas():
    shipped = (GEODATA / "outlines" / "towns.json").read_text("utf-8")
    assert shipped == towns_file.towns_json(read_atlas().towns)


def test_a_theme_counts_its_projects_and_mentions_stand_apart():
    group = site_group(sites().assign(theme="filieres-productions"), layers=every_layer())
    legend = dict(state_of(group)["legend"])
    assert (legend["filieres-productions"], legend["mention"]) == (2, 1)
    alone = site_group(sites().assign(theme="filieres-productions"), layers=("mentions",))
    assert state_of(alone)["legend"] == [["filieres-productions", None], ["mention", 1]]


def test_state_holds_codes_and_numbers_only():
    group = site_group(sites(), layers=every_layer(), counts={"ACV": "245", "inconnu": 3})
    state = SimpleNamespace(**state_of(group))
    assert set(state.layers) == set(every_layer())
    assert all(isinstance(n, int | None) for _, n in state.legend)


def test_a_site_counts_in_its_departement_when_it_matches_and_is_no_mention():
    frame = pd.DataFrame(
        {
            "code_insee": ["97411", "2A004", "71076", "26362"],
            "counted": [True, True, True, False],
            "matches": [True, True, False, True],
        }
    )
    columns = (frame[name].tolist() for name in ("code_insee", "counted", "matches"))
    assert circle_groups.departements(*columns) == ["974", "2A", "", ""]
    rows = {r[0]: r for layer in layers_of(site_group(sites())) for r in layer.rows}
    assert rows["usinerie"][6] == "71"


def test_choice_of_circles_and_their_places_reach_the_map():
    held = territory_of(Selection(region=("53",), epci=("242900314",)), read_atlas())
    state = state_of(site_group(sites(), group={"group": "towns"}, territory=held))
    assert state["group"] == "towns"
    assert state["within"] == {"departements": ("22", "29", "35", "56"), "communes": ("29019",)}
    assert state_of(site_group(sites()))["within"] == {}
    assert state_of(site_group(sites()))["group"] is None
    known = read_atlas()
    assert group_state("{{7*7}}", apply(Selection(), known), known) == {"group": None}


def test_a_territory_is_framed_and_its_towns_are_counted_among_all():
    held = territory_of(Selection(region=("53",)), read_atlas())
    counts = {"ACV": 245, "PVD": 1646}
    group = site_group(sites(), layers=("projects", "PVD", "TI"), counts=counts, territory=held)
    state = state_of(group)
    kind, codes, ((south, west), (north, east)) = state["land"]
    assert (kind, codes) == ("region", ("53",))
    assert south < 47.3 < 48.8 < north
    assert west < -5.1 < -1.1 < east
    assert state["legend"][-2:] == [["PVD", 135, 1646], ["TI", None]]
    assert "shape" not in state
    other = state_of(site_group(sites(), counts=counts, layers=("PVD",)))
    assert other["legend"] == [["PVD", 1646]]
    assert "land" not in other


def test_shipped_divisions_file_is_that_of_the_outlines():
    shipped = (GEODATA / "outlines" / "divisions.json").read_text("utf-8")
    assert shipped == circle_groups.divisions_json()
    made = json.loads(shipped)
    assert (len(made["regions"]), len(made["departements"])) == (18, 101)
    assert {row[5] for row in made["departements"]} == {row[0] for row in made["regions"]}
    for _, _, lon, lat, (west, south, east, north), _, rooms in (
        made["regions"] + made["departements"]
    ):
        assert west < lon < east
        assert south < lat < north
        assert len(rooms) >= 8 * 2
        assert all(west < x < east for x in rooms[::2])
        assert all(south < y < north for y in rooms[1::2])
    assert [row[1] for row in made["communes"]][:3] == ["Paris", "Marseille", "Lyon"]


def test_shipped_names_are_those_of_all_communes_the_most_peopled_first():
    communes = read_communes()
    shipped = {path.stem: path.read_text("utf-8") for path in (OUTLINES / "names").iterdir()}
    assert shipped.keys() == set(communes["departement"])
    assert shipped["62"] == place_names.communes_json("62")
    codes = [row[0] for text in shipped.values() for row in json.loads(text)]
    assert sorted(codes) == sorted(communes.index)
    assert [row[1] for row in json.loads(shipped["62"])][:2] == ["Calais", "Arras"]


@pytest.mark.parametrize("file", ["divisions.json", "names/62.json"])
def test_what_names_first_fetch_is_light(file):
    assert len(gzip.compress((OUTLINES / file).read_bytes())) <= 30_000


@pytest.mark.parametrize(
    "filters",
    [{}, {"region": ("84",)}, {"text": "école"}, {"programme": ("ACV",), "kind": ("outil",)}],
)
def test_the_rows_of_a_selection_are_those_of_its_frame(filters):
    applied = apply(Selection(**filters), read_atlas())
    assert tuple(site_rows.of(applied)) == site_rows.read(applied.sites)
