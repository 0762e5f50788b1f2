"""Sheets and decks as PDF, opened with poppler's tools."""

import io
import re
import shutil
import subprocess
from datetime import date

import pytest
from PIL import Image

from tests.shipped import sign as theme_sign
from villeactive.collections.fields import Text
from villeactive.collections.project import Project
from villeactive.documents import decks, project_sheet
from villeactive.filtering import apply
from villeactive.maps.render.pdf_pages import scenes_to_pdf
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import Selection
from villeactive.typography import typst_pdf

DAY = date(2026, 11, 23)
HOSTILE = (
    '#panic("non") $x$ *gras* _i_ `code` <label> @ref \\ {{7*7}} </script> =1+1 // fin /* #let'
)


@pytest.fixture(scope="module")
def lainamac(atlas) -> bytes:
    return project_sheet.sheet_pdf(atlas.sheets["lainamac"], atlas, day=DAY)


def tool(name: str, data: bytes, *arguments: str) -> bytes:
    if shutil.which(name) is None:
        pytest.fail(f"{name} manque : installez le paquet Debian « poppler-utils ».")
    command = [name, *arguments]
    return subprocess.run(command, input=data, check=True, capture_output=True).stdout


def text_of(data: bytes) -> str:
    """Give the text of a PDF on one line, words broken at line ends joined again."""
    said = tool("pdftotext", data, "-", "-").decode().replace("\u00ad\n", "").replace("-\n", "-")
    return " ".join(said.split())


def info_of(data: bytes) -> dict[str, str]:
    lines = tool("pdfinfo", data, "-").decode().splitlines()
    return {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in lines)}


def fonts_of(data: bytes) -> list[list[str]]:
    return [line.split() for line in tool("pdffonts", data, "-").decode().splitlines()[2:]]


def squeezed(text: str) -> str:
    """Keep letters and digits: hyphens come and go with the lines."""
    return re.sub(r"[\W_]+", "", text)


def with_words(sheet: Project, words: str) -> Project:
    """Put the same words wherever a sheet holds a text of its own."""
    text = Text(fr=words)
    told = {"title": text, "summary": text, "description": text, "strengths": [text]}
    return sheet.model_copy(update=told)


def test_a_sheet_is_tagged_and_in_french(lainamac):
    info = info_of(lainamac)
    assert info["Tagged"] == "yes"
    assert info["Title"] == "Lainamac, la laine et la tapisserie au service de la Creuse"
    assert info["Author"] == "Ville active"
    assert info["Page size"].startswith("595.2")
    assert b"(fr)" in lainamac
    assert b"pdfuaid:part" in lainamac or info["PDF subtype"] == "PDF/UA-1:2014"


def test_fonts_are_ours_and_embedded(lainamac):
    rows = fonts_of(lainamac)
    assert rows
    for row in rows:
        assert "SourceSansPro" in row[0]
        assert "yes" in row


def test_a_sheet_says_all_that_the_book_says(lainamac, atlas):
    said, sheet = squeezed(text_of(lainamac)), atlas.sheets["lainamac"]
    wanted = [sheet.title.fr, *(text.fr for text in sheet.strengths)]
    wanted += [impact.text.fr for impact in sheet.impacts]
    wanted += [event.label.fr for event in sheet.timeline]
    wanted += [contact.email for contact in sheet.contacts]
    for words in wanted:
        assert squeezed(words) in said, words
    assert squeezed("Paru en 2022, à vérifier") in said
    assert squeezed("Pour citer cette fiche") in said
    assert "LicenceOuverte20" in said
    assert squeezed("fiche du 23 novembre 2026") in said


def test_the_map_of_a_sheet_has_an_alternative_text(lainamac):
    tree = tool("pdfinfo", lainamac, "-struct-text", "-").decode(errors="replace")
    assert "Figure" in tree
    assert "H1" in tree
    assert "H2" in tree


def test_every_sheet_holds_in_two_pages(atlas):
    for name, sheet in atlas.sheets.items():
        made = project_sheet.sheet_pdf(sheet, atlas, day=DAY)
        pages = int(info_of(made)["Pages"])
        assert pages <= project_sheet.MOST_PAGES, name
        assert f"1/{pages}" in text_of(made).replace(" ", "")
        if sheet.kind in {"mention", "initiative"}:
            assert pages == 1, name


def test_same_sheet_same_bytes(lainamac, atlas):
    assert project_sheet.sheet_pdf(atlas.sheets["lainamac"], atlas, day=DAY) == lainamac
    assert (
        project_sheet.sheet_pdf(atlas.sheets["lainamac"], atlas, day=date(2026, 1, 1)) != lainamac
    )


@pytest.mark.parametrize("words", [HOSTILE, "\U0001f4a5 \u4f60\u597d \u0645", "a\tb\nc", "x" * 300])
def test_hostile_words_are_words(atlas, words):
    sheet = with_words(atlas.sheets["laval-level"], words)
    made = project_sheet.sheet_pdf(sheet, atlas, day=DAY)
    shown = typst_pdf.printable(words).replace("'", "’")
    assert squeezed(shown) in squeezed(text_of(made))
    assert info_of(made)["Tagged"] == "yes"


def test_letters_without_a_glyph_are_replaced():
    assert typst_pdf.printable({"a": ["œ\u202f€ →", "\U0001f4a5"]})["a"][0] == "œ\u202f€ →"
    assert len(typst_pdf.printable("\U0001f4a5")) == 1


def test_the_map_of_a_sheet_is_drawn(lainamac):
    data = tool("pdftoppm", lainamac, "-r", "100", "-png", "-f", "1", "-l", "1", "-")
    image = Image.open(io.BytesIO(data)).convert("RGB")
    colour = theme_sign("filieres-productions").colour
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    right = image.crop((image.width // 2, 0, image.width, image.height // 2))
    assert {v: n for n, v in right.getcolors(1 << 24)}.get(wanted, 0) > 40


def test_a_deck_as_pdf(atlas):
    spec = MapSpec(date=DAY.isoformat())
    ids = ("lainamac", "istres-tiers-lieux-apprenants")
    made, again = (
        decks.deck_file("pdf", ids, atlas, by="project", spec=spec, title="Visite de terrain")
        for _ in range(2)
    )
    info = info_of(made)
    assert (info["Pages"], info["Tagged"], info["Title"]) == ("4", "yes", "Visite de terrain")
    assert info["Page size"].startswith("960 x 540")
    said = text_of(made)
    for name in ids:
        assert squeezed(atlas.sheets[name].title.fr) in squeezed(said)
    assert made == again


def test_a_deck_of_regions_as_pdf(atlas):
    applied = apply(Selection(region=("53", "75")), atlas)
    told = []
    made = decks.deck_file("pdf", applied, atlas, progress=lambda *step: told.append(step))
    assert info_of(made)["Pages"] == "4"
    assert told == [(k, 5) for k in range(5)]
    assert "en Bretagne" in text_of(made)


def test_a_page_keeps_hostile_words(atlas):
    applied = apply(Selection(), atlas)
    scene = compose(applied, atlas, spec=MapSpec(title=HOSTILE, layers=("projects",)))
    made = scenes_to_pdf([scene])
    assert squeezed(HOSTILE.replace("'", "’")) in squeezed(text_of(made))
