"""What one gathered: its address, its workbook, its slides, its comparison, its page."""

import io
import re
import shutil
import subprocess

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from tests.test_pages import address, run, words
from villeactive.documents import decks
from villeactive.documents.list_files import gathered_said, gathered_xlsx
from villeactive.documents.town_slide import town_scene
from villeactive.errors import UnknownValueError
from villeactive.maps.scene.spec import MapSpec, Text
from villeactive.selection import MOST_GATHERED, Selection, from_query, split
from villeactive.wording.comparison import UNSAID, aspects, quantities

MIXED = ("usinerie", "62498", "lainamac", "2A004")
PAGE = "pages/ma_selection.py"
SPEC = MapSpec(date="2026-11-23")


def test_projects_and_towns_share_one_key_and_keep_their_order(atlas):
    asked = Selection(shortlist=MIXED)
    read, dropped = from_query(asked.to_query(), atlas)
    assert (read.shortlist, dropped) == (MIXED, [])
    assert split(MIXED, atlas) == (("usinerie", "lainamac"), ("62498", "2A004"))


def test_no_sheet_has_the_form_of_a_code(atlas):
    assert not [name for name in atlas.sheets if re.fullmatch(r"\d[\dAaBb]\d{3}", name)]


def test_unknown_names_are_dropped_and_said(atlas):
    read, dropped = from_query({"shortlist": "usinerie,zut,99999, 62498,usinerie"}, atlas)
    assert read.shortlist == ("usinerie", "62498")
    assert len(dropped) == 2
    assert "zut" in dropped[0]


def test_a_shortlist_has_an_end(atlas):
    codes = ",".join(atlas.communes.index[: MOST_GATHERED + 5])
    read, dropped = from_query({"shortlist": codes}, atlas)
    assert len(read.shortlist) == MOST_GATHERED
    assert len(dropped) == 1


def test_the_workbook_holds_projects_towns_and_sources(atlas, day):
    data = gathered_xlsx(MIXED, atlas, day=day)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Projets", "Communes", "Sources"]
    projects, towns, about = (list(book[name].values) for name in book.sheetnames)
    assert [row[0] for row in projects[1:]] == ["usinerie", "lainamac"]
    assert [row[1] for row in towns[1:]] == ["62498", "2A004"]
    said = [row[0] for row in about]
    assert said[0] == "Ma sélection · 2 fiches et 2 communes"
    assert any("INSEE" in line for line in said)
    assert data == gathered_xlsx(MIXED, atlas, day=day)


def test_a_town_without_programme_has_its_row(atlas, day):
    book = load_workbook(io.BytesIO(gathered_xlsx(("29155",), atlas, day=day)))
    assert book["Communes"]["A2"].value == "Ouessant"
    assert book["Projets"].max_row == 1
    assert gathered_said(("29155",), atlas) == "1 commune"


def test_a_deck_has_a_slide_for_each_town(atlas):
    told = []
    data = decks.deck_file(
        "pptx", ("lainamac",), atlas, by="project", spec=SPEC, communes=("62498", "97411"),
        title="Ma sélection", progress=lambda *step: told.append(step),
    )  # fmt: skip
    slides = Presentation(io.BytesIO(data)).slides
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[0] == "Ma sélection"
    assert titles[-2:] == ["Lens", "Saint-Denis"]
    assert len(slides) == 5
    assert told == [(k, 10) for k in range(10)]


def test_a_deck_of_towns_alone_has_no_map_of_projects(atlas):
    data = decks.deck_file("pptx", (), atlas, by="project", spec=SPEC, communes=("62498",))
    assert len(Presentation(io.BytesIO(data)).slides) == 2
    with pytest.raises(UnknownValueError, match="99999"):
        decks.deck_file("pptx", (), atlas, communes=("99999",))


def test_the_pdf_has_as_many_pages(atlas):
    if shutil.which("pdfinfo") is None:
        pytest.fail("pdfinfo manque : installez le paquet Debian « poppler-utils ».")
    data = decks.deck_file(
        "pdf", ("lainamac",), atlas, by="project", spec=SPEC, communes=("62498",)
    )
    told = subprocess.run(["pdfinfo", "-"], input=data, check=True, capture_output=True).stdout
    assert re.search(rb"Pages:\s+4", told)


@pytest.mark.parametrize("code", ["62498", "29155", "97411", "97302", "2A004", "75056"])
def test_the_slide_of_a_town_holds_in_its_page(atlas, code):
    scene = town_scene(code, atlas, spec=SPEC)
    texts = [i for k in ("titre", "legende", "sources") for i in scene.layer(k)]
    foot = min(t.box.top for t in scene.layer("sources"))
    for text in (item for item in texts if isinstance(item, Text)):
        assert text.box.right <= scene.width
        assert text.box.bottom <= scene.height
        if text.box.left < scene.views[0].frame.left and text.role != "source":
            assert text.box.bottom <= foot
    marks = [item for item in scene.layer("villes") if getattr(item, "id", "") == code]
    frame = scene.views[0].frame
    assert frame.left <= marks[0].x <= frame.right
    assert frame.top <= marks[0].y <= frame.bottom


# ------------------------------------------------------------------------------ side by side


def by_name(found):
    return {one.name: one for one in found}


def test_quantities_say_who_is_largest(atlas):
    found = by_name(quantities(("usinerie", "rochefort-pole-aeronautique", "issoire-industrie-40"),
                               atlas))  # fmt: skip
    people = found["Habitants de la ville"].cells
    assert [cell.apart for cell in people] == [
        "la plus peuplée", "48\u00a0% moins peuplée", "3 fois moins peuplée"
    ]  # fmt: skip
    money = found["Investissement"].cells
    assert [cell.said for cell in money] == [UNSAID, "9,7\u00a0M€", "62\u202f000\u00a0€"]
    assert [cell.apart for cell in money] == ["", "le plus cher", "156 fois moins cher"]
    assert money[0].value is None


def test_a_quantity_that_nobody_gives_is_left_out(atlas):
    assert "Investissement" not in by_name(quantities(("usinerie", "lainamac"), atlas))


def test_what_is_shared_and_what_is_apart_is_said(atlas):
    ids = ("usinerie", "rochefort-pole-aeronautique", "issoire-industrie-40", "laval-level")
    found = by_name(aspects(ids, atlas))
    assert [cell.apart for cell in found["Thème"].cells] == ["", "seul dans ce thème", "", ""]
    assert found["Sujet"].shared == "tous différents"
    assert found["Programmes de la ville"].shared == (
        "en commun\u00a0: ACV, ORT, TI et TI 2018-2022"
    )
    assert found["Surfaces"].cells[3].said == UNSAID
    assert all(len(one.cells) == 4 for one in found.values())
    assert by_name(aspects(ids[::2], atlas))["Thème"].shared == "même thème"


def test_any_two_sheets_can_be_compared(atlas):
    names = list(atlas.sheets)
    for one, other in zip(names, names[1:], strict=False):
        assert aspects((one, other), atlas)
        assert quantities((one, other), atlas)


# ---------------------------------------------------------------------------------- the page


def test_the_page_lists_what_was_gathered_and_compares_it():
    test = run("app.py", PAGE, shortlist=",".join(MIXED))
    assert not test.exception
    said = words(test)
    assert "2 fiches et 2 communes" in said
    assert "la plus peuplée" in said
    test.button(key="monter-62498").click().run()
    assert address(test)["shortlist"] == "62498,usinerie,lainamac,2A004"
    test.button(key="retirer-usinerie").click().run()
    assert address(test)["shortlist"] == "62498,lainamac,2A004"


def test_emptying_can_be_taken_back():
    test = run("app.py", PAGE, shortlist="usinerie,62498")
    test.button(key="vider").click().run()
    assert "shortlist" not in address(test)
    test.button(key="retablir").click().run()
    assert address(test)["shortlist"] == "usinerie,62498"


def test_the_address_says_what_is_compared():
    test = run("app.py", PAGE, compare="usinerie,zut,lainamac")
    assert not test.exception
    assert [warning.value for warning in test.warning if "zut" in warning.value]
    assert test.multiselect(key="comparer-projets").value == ["usinerie", "lainamac"]
    test.multiselect(key="comparer-projets").set_value(["usinerie", "laval-level"]).run()
    assert address(test)["compare"] == "usinerie,laval-level"


def test_what_was_gathered_follows_from_page_to_page():
    test = run("app.py", "pages/projet.py", projet="usinerie")
    test.button(key="garder-usinerie").click().run()
    assert address(test)["shortlist"] == "usinerie"
    test.switch_page("pages/commune.py")
    test.query_params.clear()
    test.query_params["commune"] = "62498"
    test.run()
    # the script of the page completes the bare address in the browser (test_gathering.py)
    assert address(test) == {"commune": "62498"}
    test.button(key="garder-62498").click().run()
    assert address(test)["shortlist"] == "usinerie,62498"
