"""Text that would run as a template, as HTML or as a formula stays text, wherever it goes."""

import io
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser

import openpyxl
import pytest

from tests.sheet_cases import parse_project
from tests.shipped import folder
from villeactive.atlas import compose
from villeactive.collections.project import Organisation, Project
from villeactive.documents.csv_geojson import projects_table, sites_geojson, to_csv
from villeactive.documents.workbook import to_xlsx
from villeactive.facets import Choices
from villeactive.filtering import apply
from villeactive.selection import Selection, chips, from_query
from villeactive.text import fold
from villeactive.ui.pages import workshop_address
from villeactive.ui.parts import html_parts
from villeactive.wording import facts
from villeactive.wording.records import sheet_record

MARK = "VILLEACTIVE_HOSTILE"
RUNS = "{{cycler.__init__.__globals__.os.environ.update(" + MARK + "='1')}}"

STRINGS = [
    RUNS,
    "{{ 7*7 }}",
    "prix {{ 10 }",
    "code {# 12",
    "100 {%}",
    "{% for a in () %}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "</script><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "${alert(1)}",
    "`+alert(1)+`",
    "\\\\`+alert(1)+`",
    "</style><b>",
    "&lt;b&gt; &amp;",
    "javascript:alert(1)",
    "=HYPERLINK(\"http://x\";\"y\")",
    "+33",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
    "a;b\"c,d\r\ne",
    "x\r=1+1",
    "\u202egpj.exe",
    "%s %n {0}",
]  # fmt: skip


def hostile_sheet(usinerie: Project, number: int, text: str) -> Project:
    """Put a text everywhere a text may stand in a sheet."""
    words, organisation = {"fr": text}, f"organisation-{number}"
    data = usinerie.model_dump() | {
        "id": f"fiche-{number}", "title": words, "topic_cited": text, "summary": words,
        "context": words, "related": [], "strengths": [words], "impacts": [{"text": words}],
        "timeline": [{"date": "2018-05", "label": words}],
        "budget": [{"id": "a", "label": words, "amount_eur": 10.0, "payer": organisation},
                   {"label": words, "amount_eur": 5.0, "part_of": "a"}],
        "figures": [{"label": words, "text": words}, {"label": words, "value": 3.0, "unit": text}],
        "voices": [{"name": text, "role": words, "organisation": organisation, "view": words}],
        "partners": [{"organisation": organisation, "note": words}],
    }  # fmt: skip
    data["places"][0] |= {"site": words, "street": text}
    return parse_project(data, where=f"fiche-{number}.yaml")


@pytest.fixture(scope="module")
def hostile_atlas(atlas):
    """Give an atlas with one sheet and one organisation for each text."""
    sheets = {
        f"fiche-{number}": hostile_sheet(atlas.sheets["usinerie"], number, text)
        for number, text in enumerate(STRINGS)
    }
    organisations = {
        name: Organisation(id=name, name=text, short=text, kind="entreprise", parent="cnam")
        for number, text in enumerate(STRINGS)
        for name in [f"organisation-{number}"]
    }
    held = replace(
        folder(), sheets=sheets, organisations=atlas.organisations | organisations, publication=None
    )
    return compose([held])


@pytest.fixture(params=range(len(STRINGS)), ids=lambda number: ascii(STRINGS[number])[:30])
def hostile(request, hostile_atlas):
    """Give a text, its sheet, its organisation's id, and the atlas that holds them."""
    number = request.param
    sheet = hostile_atlas.sheets[f"fiche-{number}"]
    yield STRINGS[number], sheet, f"organisation-{number}", hostile_atlas
    assert MARK not in os.environ


class Reader(HTMLParser):
    """Read HTML as a browser does: tags, names of attributes, text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def test_it_enters_the_frames_as_it_is(hostile):
    text, sheet, organisation, atlas = hostile
    assert organisation in atlas.family("cnam")
    assert atlas.projects.loc[sheet.id, "title"] == text
    (site,) = atlas.sites[atlas.sites["project"] == sheet.id].itertuples()
    assert site.title == site.site == text


def test_it_is_printed_as_json_as_it_is(hostile):
    text, sheet, organisation, atlas = hostile
    record = json.loads(json.dumps(sheet_record(sheet, atlas)))
    assert record["title"] == record["topic_book"] == record["context"] == text
    assert record["partners"] == [text]
    note = {"role": "partners", "organisation": text, "note": text}
    assert record["actor_notes"][-1] == note
    assert record["budget"][0]["payer"] == text
    assert record["voices"][0] == record["voices"][0] | {"name": text, "organisation": text}


def test_it_never_runs_in_a_spreadsheet(hostile, day):
    text, sheet, organisation, atlas = hostile
    table = projects_table(atlas.projects.loc[[sheet.id]], atlas)
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table, day=day, title=text)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book["Liste"]["B2"].value.replace("\r\n", "\n") == text.replace("\r\n", "\n")
    for french in (True, False):
        written = to_csv(table, day=day, french=french).decode("utf-8-sig")
        ends = re.split(r"[;,\r\n]", re.sub(r'"[^"]*"', "x", written.replace('""', "")))
        numbers = re.compile(r"-?\d+(\.\d+)?")
        assert not [c for c in ends if c[:1] and c[0] in "=+-@\t＝" and not numbers.fullmatch(c)]


def test_it_is_text_in_the_geojson(hostile, day):
    text, sheet, organisation, atlas = hostile
    sites = atlas.sites[atlas.sites["project"] == sheet.id]
    made = json.loads(json.dumps(sites_geojson(sites, atlas, day=day)))
    (feature,) = made["features"]
    assert feature["properties"]["title"] == feature["properties"]["site"] == text


def test_it_can_be_searched_for_chosen_and_said(hostile):
    text, sheet, organisation, atlas = hostile
    query = {"text": text, "actor": organisation, "projet": text, "region": text}
    selection, dropped = from_query(query, atlas)
    assert selection.actor == (organisation,)
    assert len(dropped) >= 2
    applied = apply(selection, atlas)
    # nothing to find in signs alone; else the sheet that says it
    assert list(applied.projects.index) == ([sheet.id] if fold(text) else [])
    assert text.strip() in applied.sentence(selection, atlas)
    assert ("actor", text) in chips(selection, atlas)
    assert Choices(Selection(), atlas).counts["actor"][organisation] == 1
    assert from_query(selection.to_query(), atlas) == (selection, [])


def test_it_is_escaped_in_the_drawn_html(hostile):
    text, sheet, organisation, atlas = hostile
    lists, style = facts.lists(sheet, atlas), html_parts.colours(None, dark=False)
    pieces = [
        html_parts.figures(lists["Chiffres"], style),
        html_parts.timeline(lists["Calendrier"], style),
        html_parts.money(lists["Argent"], style),
        html_parts.voices(lists["Points de vue"], style),
        html_parts.bars([(None, text, 3)], dark=False),
        html_parts.facts([(text, "1")]),
    ]
    for html in pieces:
        read = Reader(html)
        assert read.tags <= {
            "dl", "dt", "dd", "div", "ol", "ul", "li", "span", "b", "small", "em", "blockquote",
            "footer", "img",
        }  # fmt: skip
        assert read.attributes <= {"class", "style", "alt", "src", "title"}
        assert text.replace("\r\n", "\n").strip() in read.text.replace("\r\n", "\n")


def test_the_key_facts_of_the_panel_are_escaped(hostile):
    from villeactive.ui.parts.project_html import (
        key_facts,  # the pages need more than the data does
    )

    text, sheet, organisation, atlas = hostile
    read = Reader(key_facts(sheet, atlas))
    assert read.tags <= {"dl", "dt", "dd", "ul", "li", "span", "abbr"}
    assert read.attributes <= {"class", "title"}
    assert text.strip() in read.text


def test_markdown_reads_none_of_it(hostile):
    from villeactive.ui import shell

    text = hostile[0]
    escaped = shell.markdown(text)
    bare = re.sub(r"\\.", "", escaped, flags=re.DOTALL)
    assert not set("`*_{}[]<>()#+-!|~$:") & set(bare)
    shown = text.replace("'", "\u2019")
    assert re.sub(r"\\(.)", r"\1", escaped, flags=re.DOTALL) == shown


def test_an_address_brings_no_control_sign_in(atlas):
    selection, _ = from_query({"text": "ville\x01\ud800"}, atlas)
    assert selection.text == "ville"
    wish, _ = workshop_address.from_query({"title": "Ma\x01 ville\ud800"}, atlas)
    assert wish.title == "Ma ville"
