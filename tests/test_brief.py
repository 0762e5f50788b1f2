"""The « Note pour l’élu » and its slides, opened with poppler's tools and as a package."""

import io
import re
import shutil
import subprocess
from datetime import date
from functools import partial
from itertools import combinations

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Pt

from villeactive.analysis.similar_towns import inspiring, similar
from villeactive.analysis.similarity import Weights
from villeactive.documents import brief
from villeactive.documents.brief_slides import brief_pptx
from villeactive.errors import UnknownValueError
from villeactive.typography.font_metrics import wide_of
from villeactive.typography.text_fit import lines_of

DAY = date(2026, 11, 23)

CHECK = "Paru en 2022, à vérifier."


@pytest.fixture(scope="module")
def lens(atlas) -> bytes:
    return brief.brief_pdf(brief.note_of("62498", atlas, day=DAY), atlas)


@pytest.fixture(scope="module")
def lens_slides(atlas):
    return opened(atlas, "62498")


@pytest.fixture(scope="module")
def lens_visits(atlas) -> bytes:
    return brief.visits_pptx(brief.note_of("62498", atlas, day=DAY), atlas)


def tool(name: str, data: bytes, *arguments: str) -> str:
    if shutil.which(name) is None:
        pytest.fail(f"{name} manque : installez le paquet Debian « poppler-utils ».")
    command = [name, *arguments]
    return subprocess.run(command, input=data, check=True, capture_output=True).stdout.decode(
        errors="replace"
    )


def squeezed(text: str) -> str:
    """Keep letters and digits: hyphens come and go with the lines."""
    return re.sub(r"[\W_]+", "", text)


def said_in(data: bytes) -> str:
    return squeezed(tool("pdftotext", data, "-", "-"))


def visits(code: str, atlas) -> list[str]:
    """Give the projects to visit: the first that the page « Ma ville » lists."""
    return list(inspiring(code, atlas).index[: brief.N_VISITS])


def info_of(data: bytes) -> dict[str, str]:
    lines = tool("pdfinfo", data, "-").splitlines()
    return {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in lines)}


def test_the_brief_is_two_tagged_pages_of_a4_in_french(lens):
    info = info_of(lens)
    assert (info["Pages"], info["Tagged"], info["Author"]) == ("2", "yes", "Ville active")
    assert info["Title"] == "Note pour l’élu\u00a0: Lens"
    assert info["Page size"].startswith("595.2")
    assert b"(fr)" in lens
    assert b"pdfuaid:part" in lens or info["PDF subtype"] == "PDF/UA-1:2014"


def test_fonts_are_ours_and_embedded(lens):
    rows = tool("pdffonts", lens, "-").splitlines()[2:]
    assert rows
    for row in rows:
        assert "SourceSansPro" in row
        assert "yes" in row.split()


def test_the_brief_says_towns_projects_contacts_sources_and_date(lens, atlas):
    said = said_in(lens)
    chosen = visits("62498", atlas)
    assert len(chosen) == brief.N_VISITS
    alike = similar("62498", atlas)
    assert len(alike) == brief.N_TOWNS
    wanted = [*alike["name"], *alike["why"]]
    wanted += [atlas.sheets[name].title.fr for name in chosen]
    wanted += [one.email for name in chosen for one in atlas.sheets[name].contacts if one.email]
    wanted += [
        CHECK,
        "23 novembre 2026",
        "Licence Ouverte 2.0",
        "INSEE",
        "distance euclidienne pondérée",
    ]
    for words in wanted:
        assert squeezed(words) in said, words


def test_the_map_has_an_alternative_text(lens):
    tree = tool("pdfinfo", lens, "-struct-text", "-")
    for mark in ("Figure", "H1", "H2", "H3", "Table", "TH"):
        assert mark in tree, mark


@pytest.mark.parametrize("code", ["97411", "97302", "29155", "75056", "55039", "22001", "2A004"])
def test_every_kind_of_town_holds_in_two_pages(atlas, code):
    note = brief.note_of(code, atlas, day=DAY, same_region=code == "97411", within_km=100)
    made = brief.brief_pdf(note, atlas)
    assert info_of(made)["Pages"] == "2"
    assert squeezed(atlas.communes.loc[code, "name"]) in said_in(made)


def test_same_question_same_bytes(lens, atlas):
    assert brief.brief_pdf(brief.note_of("62498", atlas, day=DAY), atlas) == lens
    assert brief.brief_pdf(brief.note_of("62498", atlas, day=date(2026, 1, 1)), atlas) != lens
    heavier = brief.note_of("62498", atlas, day=DAY, weights=Weights(distance=3))
    assert squeezed("distance : décisif") in said_in(brief.brief_pdf(heavier, atlas))


def test_an_unknown_code_is_refused(atlas):
    with pytest.raises(UnknownValueError, match="99999"):
        brief.note_of("99999", atlas, day=DAY)


def test_slides_show_the_projects_to_visit(lens_visits, atlas):
    deck = Presentation(io.BytesIO(lens_visits))
    chosen = visits("62498", atlas)
    assert len(deck.slides) == 2 + len(chosen)
    assert deck.core_properties.title == "Lens\u00a0: projets à visiter"
    assert brief.visits_pptx(brief.note_of("62498", atlas, day=DAY), atlas) == lens_visits


def test_slides_of_projects_say_why_this_town_and_whom_to_call(lens_visits, atlas):
    deck = Presentation(io.BytesIO(lens_visits))
    chosen = visits("62498", atlas)
    names = [s.text_frame.text for s in shapes_of(deck.slides[1].shapes) if s.has_text_frame]
    assert "Lens" in names, "the town is marked on the map"
    for slide, name in zip(list(deck.slides)[2:], chosen, strict=True):
        said = words_of(slide)
        assert "PourquoiLens" in said
        for one in atlas.sheets[name].contacts:
            assert not one.email or squeezed(one.email) in said


def test_the_heading_and_the_choice_say_what_is_true(atlas):
    lens, paris, reunion = (brief.note_of(c, atlas, day=DAY) for c in ("62498", "75056", "97411"))
    assert lens.told["heading"] == "Trois projets à visiter"
    assert lens.told["chosen"].startswith("D’abord ceux d’une ville semblable")
    # a project 34 km away comes before one that only gives a contact
    assert paris.told["visits"][0]["where"].startswith("Les Mureaux (78)")
    # across the sea one knows of a project, one does not visit it
    assert reunion.told["heading"] == "Trois projets à connaître"
    assert reunion.told["chosen"].startswith("Aucun projet d’une ville semblable")


# ----------------------------------------------------------------- the two slides


def shapes_of(shapes):
    """Give every shape, those of groups included."""
    for shape in shapes:
        yield shape
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from shapes_of(shape.shapes)


def words_of(slide) -> str:
    texts = []
    for shape in shapes_of(slide.shapes):
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        if getattr(shape, "has_table", False):
            texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return squeezed(" ".join(texts))


def opened(atlas, code: str, **asked):
    return Presentation(io.BytesIO(brief_pptx(brief.note_of(code, atlas, day=DAY, **asked), atlas)))


def test_the_slides_say_what_the_pages_say(lens_slides, atlas):
    note, deck = brief.note_of("62498", atlas, day=DAY), lens_slides
    assert len(deck.slides) == brief.PAGES
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9)
    assert deck.core_properties.title == "Note pour l’élu\u00a0: Lens"
    first, second = (words_of(slide) for slide in deck.slides)
    told = note.told
    wanted = [told["title"], told["where"], told["intro"], *told["labels"], *told["missing"]]
    wanted += [one[key] for one in told["figures"] for key in ("said", "label", "note")]
    wanted += [one[key] for one in told["towns"] for key in ("name", "people", "why")]
    for words in wanted:
        assert squeezed(words) in first, words
    wanted = [told["chosen"], told["method"], *told["sources"], CHECK]
    for one in told["visits"]:
        wanted += [one["title"], one["where"], one["summary"], one["cite"], *one["strengths"]]
        wanted += [part for row in one["contacts"] for part in row]
    for words in wanted:
        assert squeezed(words) in second, words


def test_table_and_map_are_native(lens_slides):
    slide = lens_slides.slides[0]
    table = next(shape for shape in slide.shapes if shape.has_table)
    assert len(table.table.rows) == 1 + brief.N_TOWNS
    assert table.table.first_row
    drawn = next(shape for shape in slide.shapes if shape.name == "Carte")
    layers = {shape.name for shape in drawn.shapes}
    assert {"Fond", "Départements", "Villes", "Projets", "Étiquettes"} <= layers
    assert "Lens" in drawn._element.nvGrpSpPr.cNvPr.get("descr")
    numbers = {s.text_frame.text for s in shapes_of(drawn.shapes) if s.has_text_frame}
    assert {str(rank) for rank in range(1, brief.N_TOWNS + 1)} <= numbers
    assert not any(s.shape_type == MSO_SHAPE_TYPE.PICTURE for s in shapes_of(slide.shapes))


@pytest.mark.parametrize(
    "code", ["97411", "97302", "97611", "29155", "75056", "55039", "22001", "2A004", "51513"]
)
@pytest.mark.parametrize("same_region", [False, True])
def test_texts_of_every_kind_of_town_hold_on_their_slides(atlas, code, same_region):
    deck = opened(atlas, code, same_region=same_region, within_km=100)
    for slide in deck.slides:
        kept = [s for s in slide.shapes if s.has_text_frame and s.text_frame.text.strip()]
        for shape in kept:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width, shape.text_frame.text
            assert shape.top + shape.height <= deck.slide_height, shape.text_frame.text
            runs = shape.text_frame.paragraphs[0].runs
            size = runs[0].font.size if runs else None
            if size and shape.text_frame.word_wrap:
                measure = partial(wide_of, size=size.pt)
                lines = lines_of(shape.text_frame.text, shape.width / Pt(1), measure)
                assert len(lines) * size <= shape.height, shape.text_frame.text
        boxes = [
            (s.left, s.top, s.left + s.width, s.top + s.height, s.text_frame.text)
            for s in kept
            if not s.is_placeholder
        ]
        for one, other in combinations(boxes, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            small = min(one[3] - one[1], other[3] - other[1])
            assert across <= 0 or down < 0.5 * small, (one[4], other[4])
    for shape in deck.slides[0].shapes:
        if shape.has_table:
            heights = sum(row.height for row in shape.table.rows)
            assert shape.top + heights <= Pt(509)


def test_the_map_shows_nothing_beyond_its_frame(atlas):
    for code in ("59350", "97411"):  # projects lie outside the région
        slide = opened(atlas, code, same_region=True).slides[0]
        drawn = next(shape for shape in slide.shapes if shape.name == "Carte")
        assert drawn.left >= Pt(665)
        assert drawn.top + drawn.height <= Pt(470)
    words = "Signes de couleur"
    assert squeezed(words) not in words_of(slide), "no project is on this map"
    assert squeezed(words) in words_of(opened(atlas, "97411").slides[0])


def test_slides_are_the_same_bytes(atlas):
    first, second = (brief.note_of("97611", atlas, day=DAY) for _ in range(2))
    assert brief_pptx(first, atlas) == brief_pptx(second, atlas)
