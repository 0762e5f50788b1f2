"""The map as one file, read as text."""

import base64
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from fontTools.ttLib import TTFont

from villeactive.collections.fields import Text
from villeactive.filtering import apply, apply_to_towns
from villeactive.maps.scene.extent import parse_extent
from villeactive.maps.web import folium_map, one_file
from villeactive.selection import Selection

HOSTILE = (
    "</script><script>alert(1)</script>",
    "{{7*7}}",
    "{% raise %}",
    "<img src=x onerror=alert(1)>",
    "`${alert(1)}`",
    "<!--<script>",
    "\u2028",
)


class Reader(HTMLParser):
    """Collects elements, and what scripts hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict]] = []
        self.scripts: list[tuple[dict, str]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.elements and self.elements[-1][0] == "script" and data.strip():
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def held(page: str, name: str):
    return json.loads(next(text for attrs, text in read(page).scripts if attrs.get("id") == name))


@pytest.fixture(scope="module")
def everything(atlas):
    return apply(Selection(), atlas)


@pytest.fixture(scope="module")
def page(everything, atlas) -> str:
    return one_file.to_html(everything, atlas, day_of="2026-11-23")


def test_one_file_of_less_than_a_megabyte(page):
    assert len(page.encode()) <= 1_000_000
    assert page.startswith('<!doctype html>\n<html lang="fr">')


def test_the_page_carries_its_font(page, everything):
    found = re.findall(r"font-weight:(\d+);.*?base64,(.*?)\)", page.partition("</style>")[0])
    assert [weight for weight, _ in found] == ["400", "600"]
    for _, data in found:
        face = TTFont(io.BytesIO(base64.b64decode(data)))
        words = set(" ".join([*everything.projects["title"], *everything.projects["summary"]]))
        assert set(map(ord, words | {"\u202f", "\u00a0"})) <= set(face.getBestCmap())
    assert "font-src data:" in page


def test_nothing_is_asked_of_a_network(page):
    for tag, attrs in read(page).elements:
        assert tag not in {"link", "iframe", "img", "base", "object", "embed"}
        assert not {"src", "href", "srcset", "action"} & set(attrs), (tag, attrs)
    styles = " ".join(re.findall(r"<style>(.*?)</style>", page, re.S))
    assert set(re.findall(r"url\((.{5})", styles)) == {"#defa", "data:"}
    assert "@import" not in styles
    assert "sourceMappingURL" not in page
    assert "data.geopf.fr" not in page


def test_the_page_refuses_what_it_does_not_hold(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy


def test_the_page_holds_towns_outlines_and_sheets(page, atlas, everything):
    towns = held(page, "va-file-towns.json")
    assert len(towns["towns"]) == len(atlas.towns)
    for level, count in (("departements", 101), ("regions", 18)):
        assert len(held(page, f"va-file-{level}.geojson")["features"]) == count
    sheets = held(page, "va-page")["sheets"]
    assert [sheet["id"] for sheet in sheets] == list(everything.counted.index)


def test_title_sentence_and_date_are_said(page):
    assert "<title>La ville active" in page
    assert "<p>20 projets</p>" in page
    assert "Page établie le 23\xa0novembre\xa02026." in json.dumps(
        held(page, "va-page"), ensure_ascii=False
    ).replace(" novembre ", "\xa0novembre\xa0")


def test_same_question_same_page(page, everything, atlas):
    assert one_file.to_html(everything, atlas, day_of="2026-11-23") == page


def test_territories_are_held_when_shown(everything, atlas):
    made = one_file.to_html(everything, atlas, layers=("projects", "mentions", "TI"))
    assert held(made, "va-file-territoires_industrie.geojson")["features"]
    shown = [sheet["id"] for sheet in held(made, "va-page")["sheets"]]
    assert shown == list(everything.projects.index)


def state_of(page: str) -> dict:
    """Read what the page hands to the map beside its symbols."""
    return json.loads(re.search(r"VilleActive\.show\((\{.*?\}), \w+\);", page)[1])


@pytest.mark.parametrize(
    ("extent", "framed"),
    [(None, True), ("selection", True), ("region:53", True), ("france", False)],
)
def test_the_territory_of_the_selection_is_framed_unless_france_is_asked_for(atlas, extent, framed):
    asked = Selection(region=("53",))
    towns = apply_to_towns(asked, atlas.towns, atlas)
    made = one_file.to_html(
        apply(asked, atlas),
        atlas,
        selection=asked,
        towns=towns,
        extent=extent and parse_extent(extent),
    )
    state = state_of(made)
    assert state["land"][:2] == ["region", ["53"]]
    assert bool(state["land"][2]) is framed
    assert state["within"] == {"departements": ["22", "29", "35", "56"]}
    assert ["PVD", 135, 1646] in state["legend"]
    assert ["ORT", 150, 2260] in held(made, "va-page")["layers"]
    codes = {f["properties"]["code"] for f in held(made, "va-file-regions.geojson")["features"]}
    assert codes == set(atlas.regions)


def test_everything_holds_the_map_nowhere(page):
    state = state_of(page)
    assert "land" not in state
    assert ["PVD", 1646] in state["legend"]


def test_an_empty_selection_says_what_to_do(atlas):
    made = one_file.to_html(apply(Selection(text="zzzz"), atlas), atlas)
    assert "élargissez" in held(made, "va-page")["empty"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_inert(everything, atlas, words):
    told = {"title": Text(fr=words), "summary": Text(fr=words)}
    sheet = atlas.sheets["lainamac"].model_copy(update=told)
    sites = atlas.sites.assign(title=words, town=words)
    atlas = replace(atlas, sheets=atlas.sheets | {sheet.id: sheet}, sites=sites)
    made = one_file.to_html(apply(Selection(), atlas), atlas, title=words, footer=words)
    plain = one_file.to_html(everything, atlas)
    assert len(read(made).scripts) == len(read(plain).scripts)
    assert not [tag for tag, _ in read(made).elements if tag == "img"]
    assert held(made, "va-page")["sheets"][
        [s["id"] for s in held(made, "va-page")["sheets"]].index("lainamac")
    ]["title"] == words  # fmt: skip
    code = "".join(text for attrs, text in read(made).scripts if "id" not in attrs)
    assert "alert(1)" not in code
    assert "49" not in re.findall(r"<title>(.*?)</title>", made, re.S)[0]


def test_the_scripts_are_those_of_the_application(page):
    for name in folium_map.SCRIPTS:
        text = (folium_map.ASSETS / name).read_text(encoding="utf-8")
        lines = re.sub(r"^ */\*\*.*?\*/\n", "", text, flags=re.DOTALL | re.MULTILINE).splitlines()
        lines = [line.strip().split("; // ")[0].removesuffix(";") for line in lines]
        code = [line for line in lines if line and not line.startswith("//")]
        assert all(line in page for line in code[-9:])
