"""Slides and decks, opened with python-pptx and with LibreOffice."""

import colorsys
import io
import os
import re
import shutil
import subprocess
import time
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from maps_cases import scene as case
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Pt

from tests.shipped import sign as theme_sign
from tests.shipped import signs as theme_signs
from villeactive.atlas import Atlas
from villeactive.documents import brief_table, decks
from villeactive.documents.brief import note_of, visits_pptx
from villeactive.documents.brief_slides import brief_pptx
from villeactive.documents.slide_parts import section
from villeactive.errors import UnknownValueError
from villeactive.filtering import Applied, apply
from villeactive.maps import symbols
from villeactive.maps.render import pptx_slides
from villeactive.maps.render.pptx_colours import colour_xml, theme_colours
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.layout import LAYOUTS, layout
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import Box, Label, Line, MapSpec, Scene, Text
from villeactive.selection import Selection
from villeactive.text import NBSP
from villeactive.typography import text_fit
from villeactive.typography.font_metrics import font_folder, wide_of, widest_of, width_of
from villeactive.wording.facts import Row

DATE = "2026-11-23"
DAY = date.fromisoformat(DATE)
TOWNS = ("35238", "97411", "55039")
AT_10 = partial(wide_of, size=10)
HOSTILE = (
    "#panic(1)",
    "{{7*7}}",
    "</script><b>",
    "=1+1",
    "a\x00b\x0bc",
    "&amp; <a:t>",
    "\U0001f4a5",
)
SCHEME = re.compile(r'<a:schemeClr val="(\w+)">(.*?)</a:schemeClr>|<a:schemeClr val="(\w+)"/>')


@pytest.fixture(scope="module")
def everything(atlas: Atlas) -> Applied:
    return apply(Selection(), atlas)


@pytest.fixture(scope="module")
def scene(atlas: Atlas, everything: Applied) -> Scene:
    return compose(everything, atlas, spec=MapSpec(date=DATE))


@pytest.fixture(scope="module")
def slide_file(scene: Scene, everything: Applied) -> bytes:
    return pptx_slides.to_pptx(scene, notes=pptx_slides.notes_of(everything.counted))


def opened(data: bytes):
    return Presentation(io.BytesIO(data))


@dataclass(frozen=True)
class Deck:
    """A deck as its file, and the pages that were written in it."""

    data: bytes
    pages: list[decks.Page]


def made_of_pages(*what: object, **asked: object) -> Deck:
    """Make a deck, and keep its pages."""
    kept: list[decks.Page] = []

    def write(pages: list[decks.Page], **told: object) -> bytes:
        kept.extend(pages)
        return pptx_slides.scenes_to_pptx(pages, **told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decks, "scenes_to_pptx", write)
        return Deck(decks.deck_file("pptx", *what, **asked), kept)


@pytest.fixture(scope="module")
def regions_made(atlas: Atlas, everything: Applied) -> Deck:
    return made_of_pages(everything, atlas, spec=MapSpec(date=DATE))


@pytest.fixture(scope="module")
def region_deck(regions_made: Deck):
    return opened(regions_made.data)


@pytest.fixture(scope="module")
def projects_made(atlas: Atlas) -> Deck:
    """Give a deck of all sheets, then of three towns, overseas and not."""
    return made_of_pages(
        tuple(atlas.sheets),
        atlas,
        by="project",
        spec=MapSpec(date=DATE),
        title="Choix",
        communes=TOWNS,
    )


@pytest.fixture(scope="module")
def project_deck(projects_made: Deck) -> bytes:
    return projects_made.data


@pytest.fixture(scope="module")
def project_scenes(atlas: Atlas, projects_made: Deck) -> dict[str, Scene]:
    """Give the slide of each sheet, as it stands in the deck of all."""
    slides = projects_made.pages[2 : -len(TOWNS)]
    return {name: scene for name, (scene, _) in zip(atlas.sheets, slides, strict=True)}


@pytest.fixture(scope="module")
def visits(atlas: Atlas) -> bytes:
    return visits_pptx(note_of("62498", atlas, day=DAY), atlas)


@pytest.fixture(scope="module")
def brief(atlas: Atlas) -> bytes:
    return brief_pptx(note_of("62498", atlas, day=DAY), atlas)


def group_of(parent, name: str):
    return next(shape for shape in parent.shapes if shape.name == name)


def all_shapes(parent):
    for shape in parent.shapes:
        yield shape
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from all_shapes(shape)


def slide_xml(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read("ppt/slides/slide1.xml").decode()


# --- one slide ----------------------------------------------------------------------------


def test_a_slide_is_wide_and_has_native_placeholders(slide_file, scene):
    deck = opened(slide_file)
    assert (deck.slide_width.inches, deck.slide_height.inches) == pytest.approx((13.333, 7.5), 1e-3)
    slide = deck.slides[0]
    assert slide.shapes.title.text == scene.title
    kinds = {shape.placeholder_format.idx: shape.text_frame.text for shape in slide.placeholders}
    assert "Forum des solutions" in kinds[1]
    assert kinds[11].startswith("Sources")
    assert "23 novembre 2026" in kinds[11].replace("\xa0", " ")


def test_layers_are_groups_in_their_order(slide_file, scene):
    slide = opened(slide_file).slides[0]
    names = [shape.name for shape in group_of(slide, "Carte").shapes]
    drawn = [k.name for k in scene.layers if k.items and k.id in pptx_slides.MAP_LAYERS]
    assert names == drawn
    assert group_of(slide, "Légende").shape_type == MSO_SHAPE_TYPE.GROUP


def test_the_map_has_an_alternative_text(slide_file, scene):
    carte = group_of(opened(slide_file).slides[0], "Carte")
    assert carte._element.nvGrpSpPr.cNvPr.get("descr") == scene.description
    assert "20 projets" in scene.description


def test_every_site_is_a_symbol_that_one_can_move(slide_file, scene, everything):
    carte = group_of(opened(slide_file).slides[0], "Carte")
    drawn = list(group_of(carte, "Projets").shapes)
    counted = everything.sites[everything.sites["project"].isin(everything.counted.index)]
    assert len(drawn) == len(counted)
    assert {s.name for s in drawn} == {s.name for s in scene.symbols() if s.role == "project"}
    towns = [s for s in scene.symbols() if s.role == "town"]
    others = [s for s in scene.layer("villes") if getattr(s, "role", "") in {"leader", "place"}]
    assert len(list(group_of(carte, "Villes").shapes)) == len(towns) + len(others)


def test_departements_are_freeforms_named_in_french(slide_file, atlas):
    carte = group_of(opened(slide_file).slides[0], "Carte")
    shapes = list(group_of(carte, "Départements").shapes)
    assert {shape.shape_type for shape in shapes} == {MSO_SHAPE_TYPE.FREEFORM}
    assert {shape.name for shape in shapes} == set(atlas.departements.values())
    assert {s.name for s in group_of(carte, "Régions").shapes} >= set(atlas.regions.values())


def test_each_label_is_a_text_box(slide_file, scene):
    carte = group_of(opened(slide_file).slides[0], "Carte")
    shapes = group_of(carte, "Étiquettes").shapes
    texts = {s.text_frame.text for s in shapes if s.has_text_frame and s.text_frame.text}
    assert {label.text.words for label in scene.labels()} <= texts


def test_nothing_leaves_the_slide(slide_file):
    deck = opened(slide_file)
    air = 12_700  # a point: half of a symbol on the edge of the map
    for shape in all_shapes(deck.slides[0]):
        assert min(shape.left, shape.top) >= -air, shape.name
        assert shape.left + shape.width <= deck.slide_width + air, shape.name
        assert shape.top + shape.height <= deck.slide_height + air, shape.name
        if shape.shape_type == MSO_SHAPE_TYPE.TEXT_BOX:
            assert min(shape.left, shape.top) >= 0, shape.name


def test_identifiers_are_unique(slide_file):
    found = re.findall(r'<p:cNvPr id="(\d+)"', slide_xml(slide_file))
    assert len(found) == len(set(found)) > 2000


def test_the_notes_list_the_projects(slide_file, everything):
    notes = opened(slide_file).slides[0].notes_slide.notes_text_frame.text
    assert notes.startswith("20 projets sur cette carte")
    for title in everything.counted["title"]:
        assert title in notes


def test_properties_say_title_date_and_language(slide_file, scene):
    told = opened(slide_file).core_properties
    assert (told.title, told.language, told.author) == (scene.title, "fr-FR", "Ville active")
    assert told.modified.date().isoformat() == told.created.date().isoformat() == DATE


def test_same_question_same_bytes(scene, slide_file, everything):
    assert pptx_slides.to_pptx(scene, notes=pptx_slides.notes_of(everything.counted)) == slide_file
    with zipfile.ZipFile(io.BytesIO(slide_file)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2026, 11, 23, 0, 0, 0)}
        assert not [name for name in file.namelist() if "thumbnail" in name or "printer" in name]


def test_files_are_light(slide_file, atlas, everything):
    assert len(slide_file) <= 200_000
    alone = compose(everything, atlas, spec=MapSpec(date=DATE, layers=("projects",)))
    assert len(pptx_slides.to_pptx(alone)) <= 150_000


def test_an_empty_selection_is_a_slide(atlas):
    nothing = apply(Selection(text="zzzz"), atlas)
    made = compose(nothing, atlas, spec=MapSpec(date=DATE, layers=("projects",)))
    slide = opened(pptx_slides.to_pptx(made, notes=pptx_slides.notes_of(nothing.counted))).slides[0]
    assert slide.notes_slide.notes_text_frame.text == "Aucun projet sur cette carte"
    assert "Aucun projet" in " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_words(atlas, everything, hostile):
    made = compose(
        everything, atlas, spec=MapSpec(title=hostile, footer=hostile, layers=("projects",))
    )
    slide = opened(pptx_slides.to_pptx(made, notes=(hostile,))).slides[0]
    wanted = re.sub(r"[\x00-\x1f]", "", hostile)
    assert slide.shapes.title.text == wanted
    assert slide.notes_slide.notes_text_frame.text == wanted


@pytest.mark.parametrize("name", ["a4", "a4-landscape"])
def test_other_pages_have_their_size(atlas, everything, name):
    made = compose(everything, atlas, spec=MapSpec(layout=name, layers=("projects",)))
    deck = opened(pptx_slides.to_pptx(made))
    page = layout(name)
    assert (deck.slide_width.pt, deck.slide_height.pt) == pytest.approx(
        (page.width, page.height), abs=0.1
    )
    title = deck.slides[0].shapes.title
    assert title.left + title.width <= deck.slide_width


def test_a_logo_is_a_picture(atlas, everything):
    logo = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="3"><path d="M0 0h9v3z"/></svg>'
    )
    made = compose(everything, atlas, spec=MapSpec(logo=logo, layers=("projects",)))
    slide = opened(pptx_slides.to_pptx(made)).slides[0]
    pictures = [s for s in all_shapes(slide) if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert [p.image.content_type for p in pictures] == ["image/png"]


# --- colours ------------------------------------------------------------------------------


def test_a_slide_names_theme_colours_only(slide_file):
    xml = slide_xml(slide_file)
    assert "srgbClr" not in xml
    used = {one or other for one, _, other in SCHEME.findall(xml)}
    assert {"tx1", "bg1", "bg2", "accent1", "accent2", "accent3", "accent4"} <= used


def test_the_theme_holds_the_colours_of_the_symbols(slide_file):
    with zipfile.ZipFile(io.BytesIO(slide_file)) as file:
        theme = file.read("ppt/theme/theme1.xml").decode()
    scheme = dict(re.findall(r'<a:(accent\d)><a:srgbClr val="(\w{6})"/>', theme))
    signs = [sign.colour.lstrip("#") for sign in theme_signs().values()]
    assert [scheme["accent1"], scheme["accent2"]] == signs[:2]
    assert scheme["accent3"] == symbols.programme_marks()["ACV"].colour.lstrip("#")


def resolved(xml: str, style: str) -> str:
    """Compute the colour that PowerPoint shows for a colour of the theme."""
    (token, changes, plain), = SCHEME.findall(xml)  # fmt: skip
    colour = theme_colours(style)[token or plain]
    hue, light, grip = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))
    for name, value in re.findall(r'<a:(\w+) val="(-?\d+)"/>', changes):
        part = int(value) / 100_000
        if name == "hueOff":
            hue = (hue + int(value) / 21_600_000) % 1
        if name == "satMod":
            grip = min(1, grip * part)
        if name == "lumMod":
            light *= part
        if name == "lumOff":
            light += part
    return "#" + "".join(f"{round(c * 255):02X}" for c in colorsys.hls_to_rgb(hue, light, grip))


@pytest.mark.parametrize("style", ["light", "mono"])
@pytest.mark.parametrize("layers", [("projects", "towns:ACV", "towns:FABT", "towns:MANUP", "ti"),
                                    ("share:departement", "circles:region")])  # fmt: skip
def test_theme_colours_give_back_those_of_the_map(atlas, everything, style, layers):
    made = compose(everything, atlas, spec=MapSpec(style=style, layers=layers))
    wanted = set()
    for layer in made.layers:
        for item in layer.items:
            parts = [getattr(item, "style", None), *(s.style for s in getattr(item, "signs", ()))]
            wanted |= {c for s in parts if s for c in (s.fill, s.stroke, s.hatch_colour) if c}
    assert len(wanted) > 5
    for colour in wanted:
        shown = resolved(colour_xml(colour, style), style)
        far = max(abs(int(colour[i : i + 2], 16) - int(shown[i : i + 2], 16)) for i in (1, 3, 5))
        assert far <= 3, (colour, shown)


def test_hatches_are_patterns(atlas, everything):
    spec = MapSpec(style="mono", layers=("projects", "share:departement"))
    xml = slide_xml(pptx_slides.to_pptx(compose(everything, atlas, spec=spec)))
    assert len(set(re.findall(r'<a:pattFill prst="(\w+)">', xml))) >= 3


# --- decks --------------------------------------------------------------------------------


def test_a_region_deck_has_a_slide_for_each_region_with_a_project(region_deck, everything):
    held = everything.sites[everything.sites["project"].isin(everything.counted.index)]["region"]
    slides = region_deck.slides
    assert len(slides) == 2 + held.nunique()
    titles = [re.sub("[\xa0\v]", " ", slide.shapes.title.text) for slide in slides]
    assert "La ville active en Bretagne" in titles
    bretagne = slides[titles.index("La ville active en Bretagne")]
    words = " ".join(s.text_frame.text for s in all_shapes(bretagne) if s.has_text_frame)
    assert "Les Ateliers Jean-Moulin" in words.replace(
        "Ateliers Jean Moulin", "Ateliers Jean-Moulin"
    )


def test_every_project_of_a_region_is_listed_and_titles_have_one_size(
    region_deck, everything, atlas
):
    counted = everything.sites[everything.sites["project"].isin(everything.counted.index)]
    pages = dict(zip(decks._regions_of(everything, tuple(everything.counted.index), atlas),
                     list(region_deck.slides)[2:], strict=True))  # fmt: skip
    for code, slide in pages.items():
        words = " ".join(s.text_frame.text for s in all_shapes(slide) if s.has_text_frame)
        for title in counted.loc[counted["region"] == code, "title"]:
            assert title.replace("'", "’") in words, (code, title)
        assert "…" not in words
    sizes = {
        run.font.size.pt
        for slide in list(region_deck.slides)[1:]
        for run in slide.shapes.title.text_frame.paragraphs[0].runs
    }
    assert len(sizes) == 1


def test_titles_of_a_deck_have_one_size_and_differ(visits, project_deck):
    titles = [slide.shapes.title.text for slide in opened(visits).slides]
    assert len(set(titles)) == len(titles)
    every = opened(project_deck)
    sizes = {
        run.font.size.pt
        for slide in list(every.slides)[1:]
        for run in slide.shapes.title.text_frame.paragraphs[0].runs
    }
    assert sizes == {22.0}


def test_funders_and_partners_are_whole_or_counted(project_scenes):
    for name, made in project_scenes.items():
        facts_said = [t.words for t in made.layer("titre") if isinstance(t, Text)]
        for said, following in zip(facts_said, facts_said[1:], strict=False):
            if said in {"Financeurs", "Partenaires", "Maîtrise d’ouvrage", "Maîtrise d’œuvre"}:
                assert "…" not in following, name
    names = "Région Bretagne, Lorient Agglomération, Ademe, Banque"
    said = text_fit.fewer(names, 150, AT_10, lines=1)
    assert said.replace("\xa0", " ") == "Région Bretagne + 3, voir la fiche"
    assert text_fit.fewer("Ademe, Anru", 150, AT_10, lines=1) == "Ademe, Anru"
    places = f"Gimont (Gers, Occitanie){NBSP}; Blagnac (Haute-Garonne){NBSP}; Saverdun (Ariège)"
    said = text_fit.fewer(places, 190, AT_10, lines=1)
    assert said.replace(NBSP, " ") == "Gimont (Gers, Occitanie) + 2, voir la fiche"


def test_a_list_longer_than_its_column_keeps_whole_rows():
    rows = [Row(str(2009 + n), f"La Cité et la mairie montent ensemble le dossier n° {n}")
            for n in range(9)]  # fmt: skip
    column = section("Calendrier", rows, Box(0, 0, 170, 160), inks("light"), "#112233")
    said = [item.words for item in column.items if isinstance(item, Text)]
    kept = [row.text for row in rows if row.text in said]
    assert 1 < len(kept) < 9
    assert kept == [row.text for row in rows[: len(kept)]]
    assert said[-1] == f"… et {9 - len(kept)} autres, voir la fiche"
    assert len(said) == 2 + 2 * len(kept)
    assert max(item.box.bottom for item in column.items if isinstance(item, Text)) < 161
    long = Row("2009", "La Cité et la mairie montent ensemble le dossier. " * 9)
    column = section("Calendrier", [long], Box(0, 0, 170, 90), inks("light"), "#112233")
    assert [item.words for item in column.items if isinstance(item, Text)][-1].endswith("…")


def test_placeholders_stand_alike_on_every_slide(region_deck):
    lefts = {slide.shapes.title.left for slide in region_deck.slides}
    feet = {
        (s.left, s.top) for slide in region_deck.slides for s in slide.placeholders
        if s.placeholder_format.idx == 11
    }  # fmt: skip
    assert len(lefts) == len(feet) == 1


def test_a_shortlist_keeps_its_order_its_mentions_and_its_bytes(atlas):
    ids = ("usinerie", "lorient-fabrique-prospective", "lainamac")
    data, again = (
        decks.deck_file("pptx", ids, atlas, by="project", spec=MapSpec(date=DATE), title="Visite")
        for _ in range(2)
    )
    assert data == again
    deck = opened(data)
    assert deck.slides[0].shapes.title.text == "Visite"
    shown = [
        slide.notes_slide.notes_text_frame.text.split("\n")[0] for slide in list(deck.slides)[2:]
    ]
    assert shown == [atlas.sheets[name].title.fr for name in ids]


def test_a_deck_by_project_frames_the_territory_chosen(atlas):
    asked = Selection(region=("76",))
    made = decks.deck_file("pptx", apply(asked, atlas), atlas, by="project", selection=asked,
                           spec=MapSpec(date=DATE))  # fmt: skip
    words = [shape.text_frame.text for shape in all_shapes(opened(made).slides[1])
             if shape.has_text_frame]  # fmt: skip
    assert {"LOT", "TARN"} <= set(words)  # its départements are named: the map is its own
    assert not [word for word in words if "Sur la carte" in word]


def test_a_deck_tells_how_far_it_is(atlas):
    told = []
    decks.deck_file(
        "pptx", ("lainamac",), atlas, by="project", progress=lambda *step: told.append(step)
    )
    assert told == [(k, 6) for k in range(6)]


def test_a_deck_can_be_stopped(atlas, everything):
    class StopError(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise StopError

    for kind in ("pptx", "pdf"):
        with pytest.raises(StopError):
            decks.deck_file(kind, everything, atlas, progress=stop)


@pytest.mark.parametrize(
    "options", [{"by": "ville"}, {"regions": ("99",)}, {"spec": MapSpec(layers=("zut",))}]
)
def test_unknown_values_are_named(atlas, everything, options):
    with pytest.raises(UnknownValueError):
        decks.deck_file("pptx", everything, atlas, **options)
    with pytest.raises(UnknownValueError, match="zut"):
        decks.shortlist(("zut",), atlas)


# --- slides of projects -------------------------------------------------------------------


def test_no_text_of_a_project_overflows(project_scenes):
    page = layout("slide")
    for name, made in project_scenes.items():
        texts = [
            i for k in ("titre", "legende", "sources") for i in made.layer(k) if isinstance(i, Text)
        ]
        for text in texts:
            box = text.box
            assert box.right <= page.width - page.margin + 1, (name, text.words)
            assert box.bottom <= page.height - page.margin + 1, (name, text.words)
        column = [t for t in texts if t.box.left < page.panel.left and t.role != "source"]
        assert max(t.box.right for t in column) <= page.panel.left, name
        foot = min(t.box.top for t in made.layer("sources"))
        assert max(t.box.bottom for t in column) <= foot, name
        for k, one in enumerate(texts):
            for other in texts[:k]:
                assert not overlap(one.box, other.box), (name, one.words, other.words)


def overlap(one, other) -> bool:
    """Tell whether two boxes share more than the air above and below their letters."""
    beside = one.right <= other.left + 0.5 or other.right <= one.left + 0.5
    return not (beside or one.bottom <= other.top + 1.2 or other.bottom <= one.top + 1.2)


def test_the_slide_of_a_project_is_full(project_scenes):
    page = layout("slide")
    for name, made in project_scenes.items():
        texts = [i for k in ("titre", "legende") for i in made.layer(k) if isinstance(i, Text)]
        column = max(t.box.bottom for t in texts if t.box.left < page.panel.left)
        under = [t.box.bottom for t in texts if t.box.left >= page.panel.left]
        assert column >= 0.59 * page.height, name
        assert max([made.views[0].frame.bottom, *under]) >= 0.85 * page.height, name


def test_the_room_of_a_column_goes_to_the_facts_that_are_cut(project_scenes):
    made = project_scenes["observatoire-territoires-industrie"]
    said = {i.words.replace("\n", " ") for i in made.layer("titre") if isinstance(i, Text)}
    (programmes,) = [words for words in said if words.startswith("Petites villes de demain, ORT")]
    (people,) = [words for words in said if "dans l’intercommunalité" in words]
    assert not programmes.endswith("…")
    assert not people.endswith("…")


def test_the_map_of_a_project_names_its_towns(atlas, project_scenes):
    for name, made in project_scenes.items():
        named = {i.text.words for i in made.layer("etiquettes") if isinstance(i, Label)}
        towns = {
            atlas.communes.loc[p.code_insee, "name"].replace("'", "’")
            for p in atlas.sheets[name].places
        }
        assert towns & named, (name, named)
        assert not {words for words in named if words.isdigit()}, (name, named)


def test_nothing_of_the_map_of_a_project_leaves_its_panel(project_scenes):
    for name, made in project_scenes.items():
        bottom = made.views[0].frame.bottom
        for item in (*made.layer("villes"), *made.layer("etiquettes")):
            lowest = max(item.points[:, 1]) if isinstance(item, Line) else 0
            assert max(lowest, getattr(item, "y", 0)) <= bottom, (name, item)


def test_texts_are_shortened_at_words():
    said = text_fit.shortened("un deux trois quatre cinq six", 60, AT_10)
    assert said.endswith("…")
    assert width_of(said, 10) <= 60
    assert text_fit.shortened("court", 100, AT_10) == "court"
    lines = text_fit.lines_of("x" * 300, 60, AT_10)
    assert max(width_of(line, 10) for line in lines) <= 60


def test_an_endless_text_is_soon_set():
    measured = []

    def measure(text):
        measured.append(len(text))
        return AT_10(text)

    word = "xi" * 16_000
    lines = text_fit.lines_of(word, 60, measure)
    assert "".join(lines) == word
    assert all(wide_of(one, 10) <= 60 for one in lines)
    pairs = zip(lines, lines[1:], strict=False)
    assert all(wide_of(one + after[0], 10) > 60 for one, after in pairs)
    assert sum(measured) < 20 * len(word)
    names = ", ".join(f"Commune {n}" for n in range(5_000))
    began = time.process_time()
    assert text_fit.fewer(names, 250, AT_10, lines=1).startswith("Commune 0, Commune 1 +")
    assert time.process_time() - began < 3


# --- a machine without the font -----------------------------------------------------------

FONTS = Path("/usr/share/fonts/truetype")
PACKAGES = {"liberation/LiberationSans": "fonts-liberation", "dejavu/DejaVuSans": "fonts-dejavu"}


def faces(name: str) -> dict[bool, TTFont]:
    """Open a font of the system, by boldness."""
    regular = "-Regular" if "Liberation" in name else ""
    files = {bold: FONTS / f"{name}{end}.ttf" for bold, end in ((False, regular), (True, "-Bold"))}
    if not all(path.is_file() for path in files.values()):
        pytest.fail(f"{name} manque : installez le paquet Debian « {PACKAGES[name]} ».")
    return {bold: TTFont(path) for bold, path in files.items()}


@pytest.fixture(scope="module")
def arial() -> dict[bool, TTFont]:
    """Open Liberation Sans, whose letters are as wide as those of Arial."""
    return faces("liberation/LiberationSans")


def lines_in(font: TTFont, text: str, most: float) -> int:
    """Count the lines of a paragraph in a column of so many ems."""
    names, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    lines, used = 1, 0.0
    space = advances[names[32]][0] / em
    for word in text.split(" "):
        wide = sum(advances[names.get(ord(c), names[32])][0] for c in word) / em
        if used and used + space + wide > most:
            lines, used = lines + 1, wide
        else:
            used += (space if used else 0.0) + wide
    return lines


def too_tall(data: bytes, fonts: dict[bool, TTFont]) -> list[str]:
    """Name the paragraphs that letters as wide as Arial's make taller than their box."""
    found = []
    for slide in opened(data).slides:
        for shape in all_shapes(slide):
            body = shape.text_frame if shape.has_text_frame else None
            if body is None or not body.text or body._bodyPr.get("wrap") == "none":
                continue
            tall = 0.0
            for line in body.paragraphs:
                font = next((run.font for run in line.runs if run.font.size), None)
                if font is None:  # the number of the slide
                    continue
                face, size = fonts[bool(font.bold)], font.size.pt
                most = shape.width / Pt(1) / size
                n = sum(lines_in(face, part, most) for part in line.text.split("\v"))
                tall += n * size * 1.149 * (line.line_spacing or 1.0)
            if tall > shape.height / Pt(1) + 0.5:
                found.append(body.text)
    return found


def test_wide_letters_are_those_of_arial(arial):
    words = " ".join(map(chr, range(33, 127))) + "àâçéèêëôùûüÀÂÇÉÈÊÔŒœæ«»…–—’“”·°²€\u00a0"
    for bold, weight in ((False, 400), (True, 600)):
        names, advances = arial[bold].getBestCmap(), arial[bold]["hmtx"]
        em = arial[bold]["head"].unitsPerEm
        for char in words:
            wide = wide_of(char, 1000, weight=weight)
            ours = width_of(char, 1000, weight=700 if bold else 400)
            assert wide == pytest.approx(
                max(ours, advances[names[ord(char)]][0] / em * 1000), abs=1
            )


def test_the_widest_letters_are_at_least_those_of_any_font(arial):
    words = " ".join(map(chr, range(33, 127))) + "àâçéèêëôùûüÀÂÇÉÈÊÔŒœæ«»…–—’“”·°²€\u00a0"
    for fonts in (arial, faces("dejavu/DejaVuSans")):
        for bold, weight in ((False, 400), (True, 600)):
            names, advances = fonts[bold].getBestCmap(), fonts[bold]["hmtx"]
            em = fonts[bold]["head"].unitsPerEm
            for char in words:
                wide = advances[names[ord(char)]][0] / em * 1000
                assert wide - 0.01 <= widest_of(char, 1000, weight=weight) <= max(1000, wide * 1.75)


@pytest.mark.parametrize("extent", ["france", "region:44"])
def test_names_and_legend_stand_in_the_widest_letters(atlas, everything, extent):
    made = compose(everything, atlas, spec=MapSpec(date=DATE, extent=extent))
    page = layout("slide")
    for label in made.labels():
        text = label.text
        wide = max(widest_of(line, text.size, weight=text.weight) for line in text.lines)
        assert wide <= text.box.width, text.words
    for text in made.layer("legende"):
        if isinstance(text, Text):
            wide = max(widest_of(line, text.size, weight=text.weight) for line in text.lines)
            assert text.x + wide <= page.panel.left or text.role in {"number", "key"}, text.words


def test_wider_letters_need_no_more_room(slide_file, project_deck, brief, arial):
    for data in (slide_file, project_deck, brief):
        assert not too_tall(data, arial)
    assert too_tall(project_deck, faces("dejavu/DejaVuSans"))


def test_a_deck_names_a_font_that_office_has(slide_file):
    with zipfile.ZipFile(io.BytesIO(slide_file)) as pack:
        theme = pack.read("ppt/theme/theme1.xml").decode()
    assert set(re.findall(r'<a:latin typeface="([^"]+)"', theme)) == {"Arial"}


def too_small(scene: Scene) -> list[tuple[str, float, str]]:
    """Name the texts of a page that nobody reads from his chair."""
    found = [t.text if isinstance(t, Label) else t for layer in scene.layers for t in layer.items]
    least = {"number": 9.0, "key": 9.0, "source": 8.5}
    return [
        (text.role, text.size, text.words)
        for text in found
        if isinstance(text, Text)
        and text.size < (9.0 if text.words.isdigit() else least.get(text.role, 10.0))
    ]


@pytest.mark.parametrize("name", LAYOUTS)
def test_texts_of_a_map_are_large_enough(atlas, everything, name):
    layers = ("projects", "mentions", "towns:ACV", "towns:PVD", "towns:ORT", "ti")
    asked = [("titles", "region:75", layers), ("all", "region:44", layers)]
    # as long a legend, of programmes that have fewer towns on all of France
    fewer = (*layers[:3], "towns:FABT", "towns:MANUP", "ti")
    asked += [("numbers", "france", fewer)] if name == "slide" else []
    for labels, extent, drawn in asked:
        spec = MapSpec(date=DATE, layout=name, labels=labels, extent=extent, layers=drawn)
        made = compose(everything, atlas, spec=spec)
        assert not too_small(made), (labels, extent)
    assert not too_small(case("numéros", layout=name))


def test_texts_of_every_slide_are_large_enough(
    atlas, everything, region_deck, project_deck, visits, brief
):
    held = decks._regions_of(everything, tuple(everything.counted.index), atlas)
    others = tuple(code for code in atlas.regions if code not in held)
    more = decks.deck_file("pptx", everything, atlas, spec=MapSpec(date=DATE), regions=others)
    made = {
        "régions": region_deck,
        "régions sans projet": opened(more),
        "projets": opened(project_deck),
        "visites": opened(visits),
        "62498": opened(brief),
    }
    made |= {
        code: opened(brief_pptx(note_of(code, atlas, day=DAY), atlas))
        for code in ("97411", "75056")
    }
    sources = note_of("62498", atlas, day=DAY).told["sources"]
    for name, deck in made.items():
        for number, slide in enumerate(deck.slides, start=1):
            for shape in all_shapes(slide):
                cells = (
                    [c for row in shape.table.rows for c in row.cells] if shape.has_table else []
                )
                frames = [cell.text_frame for cell in cells]
                frames += [shape.text_frame] if shape.has_text_frame else []
                sizes = [r.font.size.pt for f in frames for p in f.paragraphs for r in p.runs
                         if r.font.size]  # fmt: skip
                told = " ".join(frame.text for frame in frames)
                least = 9.0 if shape.has_table or told.isdigit() else 10.0
                least = 8.5 if shape.name in {"Sources", "Source"} or told in sources else least
                assert min(sizes, default=least) >= least, (name, number, told)


@pytest.mark.parametrize("font", PACKAGES)
def test_the_table_of_a_brief_stays_on_its_slide_in_any_font(atlas, font):
    longest = atlas.communes["name"].str.len().sort_values().index[-10:]
    note = note_of("97411", atlas, day=DAY)
    reasons = max((row["why"] for row in note.told["towns"]), key=len)
    names = [f"{atlas.communes.loc[c, 'name']} (974)" for c in longest]
    fonts = faces(font)
    for n_names in (0, 1, 10):
        rows = [
            row | {"name": names[k] if k < n_names else row["name"], "why": f"{reasons}, {reasons}"}
            for k, row in enumerate(note.told["towns"])
        ]
        told = replace(note, told=note.told | {"towns": rows})
        room = Box(33.6, 262.0, 614.0, 246.0)
        table = brief_table.brief_table(told, room)
        assert table.size >= 9
        heights = [table_row(row, table.size, fonts) for row in table.rows]
        head = table_row([name for name, _ in brief_table._COLUMNS], table.size, fonts)
        assert room.top + head + sum(heights) <= room.bottom + 0.5
        shown = sum(row[0] != "" for row in table.rows)
        assert shown == len(rows) or f"{len(rows) - shown} autre" in table.rows[-1][-1]


def table_row(row: list[str], size: float, fonts: dict[bool, TTFont]) -> float:
    """Measure a row of the table as a program sets it: names break after hyphens too."""
    lines = 1
    for column, (words, (_, wide)) in enumerate(zip(row, brief_table._COLUMNS, strict=True)):
        broken = words.replace("-", "-\u200b ") if column == 1 else words
        lines = max(lines, lines_in(fonts[column == 1], broken, (wide - 5) / size))
    return lines * size * 1.164 + 3


# --- LibreOffice --------------------------------------------------------------------------


def to_pdf(folder: Path, files: dict[str, bytes], *, fonts: str) -> list[Path]:
    """Open presentations with LibreOffice, in one run, and save them as PDF."""
    if shutil.which("soffice") is None:
        pytest.fail("LibreOffice manque : installez le paquet Debian « libreoffice-impress ».")
    for name, data in files.items():
        (folder / f"{name}.pptx").write_bytes(data)
    settings = folder / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"{fonts}<cachedir>{folder}</cachedir></fontconfig>"
    )
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    command += [str(folder / f"{name}.pptx") for name in files]
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings), "HOME": str(folder)}
    subprocess.run(command, check=True, timeout=180, env=environment, capture_output=True)
    return [folder / f"{name}.pdf" for name in files]


@pytest.fixture(scope="module")
def drawn(atlas, scene, everything, project_scenes, tmp_path_factory) -> list[Image.Image]:
    """Draw slides with LibreOffice: the national map, a région, a project."""
    folder = tmp_path_factory.mktemp("diapositives")
    region = compose(everything, atlas, spec=MapSpec(date=DATE, extent="region:75"))
    pages = [(one, ()) for one in (scene, region, project_scenes["lainamac"])]
    files = {"deck": pptx_slides.scenes_to_pptx(pages)}
    to_pdf(folder, files, fonts=f"<dir>{font_folder()}</dir>")
    subprocess.run(["pdftoppm", "-r", "96", "-png", "deck.pdf", "page"], check=True, cwd=folder)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.png"))]


@dataclass(frozen=True)
class Word:
    """A word of a page, points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Word") -> bool:
        """Tell whether letters touch; a box has air above and below them."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        air = 0.16 * (self.bottom - self.top + other.bottom - other.top)
        return wide > 0.5 and tall - air > 0.3


def words_of(pdf: Path) -> list[list[Word]]:
    """Read the words of each page of a PDF, and where they stand."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    sides = " ".join(f'{side}="([-.0-9]+)"' for side in ("xMin", "yMin", "xMax", "yMax"))
    found = re.compile(f"<word {sides}>(.*?)</word>")
    return [
        [Word(text, *map(float, box)) for *box, text in found.findall(page)]
        for page in told.split("<page ")[1:]
    ]


@pytest.fixture(scope="module")
def elsewhere(
    atlas, everything, regions_made, projects_made, visits, brief, tmp_path_factory
) -> dict[str, list[Word]]:
    """Read slides opened where DejaVu Sans, a third wider, stands for our font."""
    layers = ("projects", "towns:ACV", "towns:PVD", "ti")
    book = compose(everything, atlas, spec=MapSpec(date=DATE, layers=layers))
    ids = ("lorient-fabrique-prospective", "usinerie", "lainamac", *list(atlas.sheets)[6:22:3])
    every = projects_made.pages
    codes = decks._regions_of(everything, tuple(everything.counted.index), atlas)
    chosen = [every[2 + list(atlas.sheets).index(name)] for name in ids]
    regions = [regions_made.pages[2 + codes.index(code)] for code in ("28", "53", "75")]
    files = {
        "carte": pptx_slides.to_pptx(book),
        "selection": pptx_slides.scenes_to_pptx([*every[:2], *chosen, *every[-len(TOWNS) :][:2]]),
        "regions": pptx_slides.scenes_to_pptx([*regions_made.pages[:2], *regions]),
        "visites": visits,
        "note": brief,
    }
    gone = ("Liberation Sans", "Arial", "Arimo", "Nimbus Sans", "Carlito", "Noto Sans")
    pattern = '<pattern><patelt name="family"><string>{}</string></patelt></pattern>'
    other = (
        f"<selectfont><rejectfont>{''.join(map(pattern.format, gone))}</rejectfont></selectfont>"
    )
    made = to_pdf(tmp_path_factory.mktemp("ailleurs"), files, fonts=other)
    for pdf in made:
        told = subprocess.run(["pdffonts", str(pdf)], check=True, capture_output=True, text=True)
        assert all("DejaVuSans" in line for line in told.stdout.splitlines()[2:])
    return {
        f"{pdf.stem} {number}": words
        for pdf in made
        for number, words in enumerate(words_of(pdf), start=1)
    }


def test_no_word_meets_another_in_a_much_wider_font(elsewhere):
    assert len(elsewhere) > 22
    for page, words in elsewhere.items():
        met = [(a.text, b.text) for k, a in enumerate(words) for b in words[:k] if a.meets(b)]
        assert len(words) > 5
        assert not met, page


def test_no_word_leaves_its_column_in_a_much_wider_font(elsewhere):
    page = layout("slide")
    for name, words in elsewhere.items():
        edge = layout("brief").width if name.startswith("note") else page.panel.left
        for word in words:
            assert word.left >= 0, (name, word)
            assert word.right <= (page.width if word.left >= edge else edge), (name, word)
            assert page.height >= word.bottom > word.top >= 0, (name, word)


def colour_at(image: Image.Image, x: float, y: float) -> str:
    spot = image.getpixel((round(x * 96 / 72), round(y * 96 / 72)))
    return "#" + "".join(f"{c:02X}" for c in spot)


def near(one: str, other: str) -> bool:
    return all(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) <= 12 for i in (1, 3, 5))


def test_libreoffice_draws_every_symbol_in_its_place(drawn, scene):
    image = drawn[0]
    assert image.size in {(1280, 720), (1281, 720)}
    for symbol in scene.symbols():
        if symbol.role == "project":
            wanted = theme_sign(symbol.theme).colour
            assert near(colour_at(image, symbol.x, symbol.y), wanted), symbol.name


def test_libreoffice_draws_land_sea_and_paper(drawn):
    ground = symbols.palette()
    page = layout("slide")
    for image in drawn[:2]:
        assert near(colour_at(image, page.panel.left + 10, 300), ground.sea)
        assert near(colour_at(image, 20, 20), ground.paper)
    assert near(colour_at(drawn[1], 640, 330), ground.land)


def test_libreoffice_writes_titles_in_the_left_column(drawn):
    page = layout("slide")
    edge = round(page.panel.left * 96 / 72)
    for image in drawn:
        column = image.crop((0, 0, edge - 2, 720)).convert("L").point([255] * 128 + [0] * 128)
        left, top, right, bottom = column.getbbox()
        assert left >= page.margin * 96 / 72 - 3
        assert top >= 20
        assert right < edge - 3
        assert bottom <= 715


def test_a_black_and_white_slide_keeps_its_bytes(atlas, everything):
    spec = replace(MapSpec(date=DATE), style="mono", layers=("projects",))
    made = [pptx_slides.to_pptx(compose(everything, atlas, spec=spec)) for _ in range(2)]
    assert made[0] == made[1]
    assert "srgbClr" not in slide_xml(made[0])
