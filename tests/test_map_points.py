"""Thousands of sites as columns: what the browser reads is what the atlas holds."""

import base64
import json
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from tests.shipped import read_atlas
from villeactive.filtering import apply
from villeactive.maps.web import folium_map, web_legend
from villeactive.maps.web.points import COLUMNS, Points, Shown
from villeactive.programmes import known_programmes
from villeactive.selection import Selection
from villeactive.ui.parts import map as parts_map

APPRENDRE, FILIERES = "apprendre-travailler", "filieres-productions"
CODES = list(known_programmes())


def sites() -> gpd.GeoDataFrame:
    """Five sites of four projects; the second has no place, the last is cited."""
    frame = pd.DataFrame(
        {
            "project": ["valence", "sans-lieu", "deux", "deux", "cite"],
            "title": ["École {{7*7}}", "Perdu", "Deux lieux", "Deux lieux", "Cité"],
            "town": ["Valence", None, "Ajaccio", "Bourg", "Valence"],
            "theme": [
                "apprendre-travailler",
                "",
                "filieres-productions",
                "filieres-productions",
                None,
            ],
            "kind": ["projet", "projet", "outil", "outil", "mention"],
            "counted": [True, True, True, True, False],
            "code_insee": ["26362", None, "2A004", "01053", "26362"],
            "programmes": [(CODES[0],), (), (), (CODES[0], CODES[2]), (CODES[0],)],
        }
    )
    points = gpd.points_from_xy(
        [4.892, 0, 8.7369, 5.2256, 4.892], [44.9334, 0, 41.9267, 46.2052, 44.9334]
    )
    return gpd.GeoDataFrame(frame, geometry=points, crs=4326)


def made() -> Points:
    return Points(sites(), read_atlas().taxonomy)


def columns(body: bytes) -> dict:
    """Read the file as the browser does."""
    (size,) = struct.unpack_from("<I", body)
    assert size % 4 == 0  # what follows is read in place
    head, start = json.loads(body[4 : 4 + size]), 4 + size
    for name, kind in (
        ("lon", "<i4"), ("lat", "<i4"), ("project", "<u4"), ("programmes", "<u4"),
        ("sign", "<u2"), ("departement", "<u2"),
    ):  # fmt: skip
        values = np.frombuffer(body, kind, head["count"], start)
        start += values.nbytes
        head[name] = values.tolist()
    assert start == len(body)
    return head


def state_of(group) -> dict:
    return next(one.state for one in group._children.values() if hasattr(one, "state"))


def which(shown: str, count: int = 4) -> list[int]:
    bits = np.unpackbits(np.frombuffer(base64.b64decode(shown), np.uint8), bitorder="little")
    return np.flatnonzero(bits[:count]).tolist()


def test_a_file_holds_each_site_that_has_a_place_by_commune():
    files = made().files()
    found = columns(files[COLUMNS])
    words = json.loads(files["words-0.json"])
    assert found["count"] == 4
    assert [tuple(row) for row in words] == [
        ("deux", "Deux lieux", "Bourg"),
        ("cite", "Cité", "Valence"),
        ("valence", "École {{7*7}}", "Valence"),
        ("deux", "Deux lieux", "Ajaccio"),
    ]
    assert found["lon"] == [522_560, 489_200, 489_200, 873_690]
    assert found["lat"][3] == 4_192_670
    assert found["project"][0] == found["project"][3] != found["project"][2]
    assert [found["signs"][rank] for rank in found["sign"]] == [
        "filieres-productions|outil",
        "|mention",
        "apprendre-travailler|projet",
        "filieres-productions|outil",
    ]
    where = [([""] + found["departements"])[rank] for rank in found["departement"]]
    assert where == ["01", "", "26", "2A"]  # what is cited counts nowhere
    assert found["programmes"] == [0b101, 1, 1, 0]


def test_words_come_in_blocks_and_the_columns_name_none_of_them():
    many = pd.concat([sites().iloc[[0]]] * 2_300, ignore_index=True)
    many["title"] = [f"Titre {rank}" for rank in range(len(many))]
    files = Points(gpd.GeoDataFrame(many, crs=4326), read_atlas().taxonomy).files()
    lengths = [len(json.loads(files[f"words-{k}.json"])) for k in range(3)]
    assert lengths == [1_000, 1_000, 300]
    assert len(files) == 4
    assert b"Titre" not in files[COLUMNS]
    assert len(files[COLUMNS]) < 2_300 * 21 + 500


def test_the_other_sites_of_a_project_are_faded_and_the_open_one_is_no_point():
    points = made()
    matches = np.array([True, True, False, True, True])
    shown = points.shown(matches, ("projects",))
    assert (which(shown.plain), which(shown.faded)) == ([0, 2], [3])
    counted = ("apprendre-travailler", "filieres-productions", "projet", "outil")
    assert shown.legend == dict.fromkeys(counted, 1) | {"faded": None}
    cited = points.shown(matches, ("projects", "mentions"), selected="deux")
    assert (which(cited.plain), cited.faded) == ([1, 2], "")
    assert cited.legend["outil"] == 1  # the open project counts, with its own symbol
    assert points.shown(np.zeros(5, dtype=bool), ("projects",)) == Shown("", "", {})


def test_the_legend_is_that_of_sites_sent_one_by_one():
    frame = sites().assign(slot=0, matches=[True, True, False, True, True])
    atlas = read_atlas()
    layers = ("projects", "mentions")
    (state,) = (
        one.state
        for one in folium_map.site_group(
            frame, taxonomy=atlas.taxonomy, layers=layers
        )._children.values()
        if hasattr(one, "state")
    )
    found = made().shown(frame["matches"].to_numpy(), layers)
    assert web_legend.rows(found.legend, layers, {}, {}) == state["legend"]


def test_an_atlas_of_no_site_is_an_empty_file():
    points = Points(sites().iloc[:0], read_atlas().taxonomy)
    assert columns(points.files()[COLUMNS])["count"] == 0
    assert points.shown(np.zeros(0, dtype=bool), ("projects",)) == Shown("", "", {})


def test_what_the_map_is_sent_holds_no_word_of_the_points():
    shown = made().shown(np.ones(5, dtype=bool), ("projects",))
    group = folium_map.site_group(
        sites().iloc[:0].assign(slot=0, matches=True),
        taxonomy=read_atlas().taxonomy,
        points=("../p/points-0/", shown),
    )
    state = state_of(group)
    assert state["points"] == {"folder": "../p/points-0/", "plain": shown.plain, "faded": ""}
    assert "École" not in json.dumps(state, ensure_ascii=False)


@pytest.mark.parametrize("selected", [None, "issoire-industrie-40"])
def test_a_selection_of_many_has_its_points_without_a_frame_of_its_own(monkeypatch, selected):
    """A frame of each selection would be kept with it: tens of megabytes for thousands of sites."""
    atlas = read_atlas()
    points = Points(atlas.sites, atlas.taxonomy)
    monkeypatch.setattr(parts_map, "_points", lambda *_: (points, "points/"))
    applied = apply(Selection(region=("53", "84"), projet=selected), atlas)
    asked = (atlas.sites, atlas.taxonomy, ("projects", "mentions"), selected)
    opened, shown = parts_map._shown(applied, *asked)
    assert "sites" not in vars(applied)
    known, wanted = parts_map._shown(applied.sites, *asked)
    assert shown == wanted
    pd.testing.assert_frame_equal(opened, known)
    assert set(opened["project"]) == ({selected} if selected else set())
