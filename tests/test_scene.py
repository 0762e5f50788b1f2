import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from maps_cases import CASES, scene, scene_of

from tests.shipped import read_atlas
from villeactive.errors import UnknownValueError
from villeactive.maps.scene.declutter import spread
from villeactive.maps.scene.extent import parse_extent, project, zone_at
from villeactive.maps.scene.layout import LAYOUTS
from villeactive.maps.scene.map_text import HELD, IN_REGION
from villeactive.maps.scene.spec import LAYERS, Area, Symbol, Text
from villeactive.selection import Selection
from villeactive.text import NARROW, NBSP
from villeactive.typography import font_metrics
from villeactive.typography.font_metrics import (
    has_glyph,
    parted,
    wide_of,
    widest_of,
    width_of,
    wrap,
)


def words_of(found, layer):
    return [t.words for t in found.layer(layer) if isinstance(t, Text)]


def test_book_draws_every_site_and_every_town_once():
    atlas, found = read_atlas(), scene("livre")
    counted = atlas.sites[atlas.sites["kind"] != "mention"]
    drawn = [s for s in found.symbols() if s.role == "project"]
    assert sorted(s.id for s in drawn) == sorted(
        f"{r.project}@{r.code_insee}#{r.rank}" for r in counted.itertuples()
    )
    towns = [s.id for s in found.symbols() if s.role == "town"]
    carries = atlas.towns["programmes"].map(lambda codes: bool({"ACV", "PVD"} & set(codes)))
    assert sorted(towns) == sorted(atlas.towns.index[carries])


def test_layers_are_all_there_in_order():
    assert [layer.id for layer in scene("livre").layers] == list(LAYERS)


def test_symbols_stand_near_their_true_place():
    for symbol in scene("livre").symbols():
        assert np.hypot(symbol.x - symbol.home[0], symbol.y - symbol.home[1]) < 24


def test_coincident_symbols_part_always_alike():
    homes = np.zeros((5, 2))
    one = spread(homes, np.full(5, 4.0), weights=np.ones(5))
    far = np.hypot(*np.moveaxis(one[:, None] - one[None], -1, 0))
    assert far[np.triu_indices(5, 1)].min() > 7.5
    assert (one == spread(homes, np.full(5, 4.0), weights=np.ones(5))).all()


def test_symbols_of_a_view_stand_where_its_projection_says():
    found = scene("livre")
    town = next(s for s in found.symbols() if s.code_insee == "67482" and s.role == "project")
    point = read_atlas().communes.loc["67482", "geometry"]
    page = found.views[0].to_page(project(np.array([[point.x, point.y]]), "metropole"))[0]
    assert town.home == pytest.approx(page.tolist(), abs=0.01)


def test_overseas_frames_come_with_what_they_hold():
    assert [v.name for v in scene("livre").views] == ["main", "971", "972", "973", "974", "976"]
    bare = scene_of(Selection(), layers=("projects",))
    assert [v.name for v in bare.views] == ["main"]
    asked = scene_of(Selection(), layers=("projects",), overseas=True)
    assert [v.epsg for v in asked.views] == [2154, 5490, 5490, 2972, 2975, 4471]


def test_paris_gets_its_zoom_when_symbols_crowd_there():
    crowd = scene_of(Selection(), layers=("projects", "mentions", "towns:FABT"))
    assert "paris" in [v.name for v in crowd.views]
    ring = [s for s in crowd.symbols() if s.code_insee[:2] in ("75", "92", "93", "94")]
    box = next(v.frame for v in crowd.views if v.name == "paris")
    assert ring
    assert all(box.left < s.x < box.right and box.top < s.y < box.bottom for s in ring)


def test_region_fills_its_frame_and_names_its_departements():
    found = scene_of(Selection(region=("53",)), extent="region:53")
    assert {"FINISTÈRE", "MORBIHAN", "CÔTES-D’ARMOR", "ILLE-ET-VILAINE"} <= set(
        words_of(found, "etiquettes")
    )
    roles = {a.code: a.role for a in found.layer("departements")}
    assert roles["29"] == "departement"
    assert roles["50"] == "faded"


def test_drom_fills_the_page_in_its_own_projection():
    found = scene("La Réunion")
    assert [v.epsg for v in found.views] == [2975]
    assert "RGR92" in found.sources
    assert len([a for a in found.layer("departements") if a.role == "commune"]) == 24


@pytest.mark.parametrize("code", ["epci:242900314", "departement:2A", "region:03", "selection"])
def test_other_extents_draw_land(code):
    found = scene_of(Selection(), extent=code, layers=("projects", "towns:PVD"))
    assert [a for a in found.layer("departements") if isinstance(a, Area)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"extent": "region:99"}, "Région : « 99 » est inconnu"),
        ({"extent": "lune"}, "Emprise"),
        ({"layers": ("town:ACV",)}, "towns:ACV"),
        ({"layout": "a3"}, "Format de page"),
        ({"labels": "zut"}, "Étiquettes"),
        ({"style": "dark"}, "Style"),
    ],
)
def test_unknown_choices_are_told(options, said):
    with pytest.raises(UnknownValueError, match=said):
        scene_of(Selection(), **options)


def test_a_selection_is_framed_with_its_land_and_nothing_stands_outside_a_window():
    whole = scene_of(Selection(), extent="selection", layout="a4")
    drawn = {s.code_insee for s in whole.symbols()}
    assert {"2A004", "2B033", "67482"} <= drawn
    for options in ({}, {"region": ("53",)}, {"region": ("53", "28")}):
        found = scene_of(Selection(**options), extent="selection", layout="a4")
        frames = {view.name: view.frame for view in found.views}
        for symbol in found.symbols():
            x, y = symbol.home
            assert any(f.left <= x <= f.right and f.top <= y <= f.bottom for f in frames.values())
    # the last, of two régions, leaves the others out
    assert not {s for s in found.symbols() if s.role == "project" and s.code_insee[:2] == "16"}


@pytest.mark.parametrize("code", sorted(IN_REGION))
@pytest.mark.parametrize("size", [22.0, 30.0])
def test_titles_of_regions_break_where_they_may(code, size):
    text = re.sub(HELD, NBSP, f"{IN_REGION[code]}")
    lines = parted(f"La ville active {text}", 269.0, partial(widest_of, size=size, weight=600))
    assert not any(re.search(r"(^| |\xa0)(en|à|dans|de|le|la|La|Côte)$", line) for line in lines)
    assert not any(re.search(r"(^|-)(de|la|le|les|en|sur)-$", line) for line in lines)
    assert not any(re.match(r"(de|la|le|les|en|sur)-", line) for line in lines)
    assert "".join(lines).replace(" ", "") == f"La ville active {text}".replace(" ", "")
    if size < 30:
        assert len(lines) <= 3
        assert max(widest_of(line, size, weight=600) for line in lines) <= 269


def test_title_is_written_from_the_selection_and_editable():
    selection, asked = CASES["PVD Bretagne"]
    towns = scene_of(selection, **asked, labels="none")
    assert towns.title.replace(NBSP, " ") == "Petites villes de demain en Bretagne"
    theme = scene_of(Selection(theme=("filieres-productions",)))
    assert theme.title == "Filières et productions locales"
    assert scene_of(Selection(), title="Notre carte").title == "Notre carte"


def test_legend_tells_what_is_visible_only_with_counts():
    said = words_of(scene("livre"), "legende")
    assert "Action cœur de ville" in said
    assert "245 communes" in said
    assert f"1{NARROW}646 communes, noms omis à cette échelle" in said
    only = words_of(scene_of(Selection(theme=("filieres-productions",)), layers=("projects",)),
                    "legende")  # fmt: skip
    assert "Filières et productions locales" in only
    assert not [text for text in only if "Apprendre" in text or "Petites villes" in text]


def test_legend_signs_are_larger_than_on_the_map():
    found = scene("livre")
    legend = {i.id: i.radius for i in found.layer("legende") if isinstance(i, Symbol)}
    towns = [s for s in found.symbols() if s.programmes == ("PVD",) and s.role == "town"]
    assert legend["legend:town:PVD"] > max(s.radius for s in towns)


def test_town_in_several_programmes_reads_as_such():
    found = scene_of(Selection(), layers=("towns:ACV", "towns:ORT"))
    both = next(s for s in found.symbols() if s.programmes == ("ACV", "ORT"))
    assert len(both.signs) == 2
    assert both.signs[0].diameter > both.signs[1].diameter
    assert "Plusieurs programmes, ici ACV + ORT" in words_of(found, "legende")


def test_counts_say_what_is_outside():
    assert "20 projets, 24 villes" in words_of(scene("livre"), "titre")
    for whole in (Selection(), Selection(collection=("ville-active",))):
        brest = scene_of(whole, extent="epci:242900314", layers=("projects",))
        assert "Aucun projet" in words_of(brest, "titre")
        assert "hors du cadre" not in words_of(brest, "titre")
    theme = Selection(theme=("filieres-productions",))
    brest = scene_of(theme, extent="epci:242900314", layers=("projects",))
    assert f"Aucun projet{NBSP}; 10 projets hors du cadre" in words_of(brest, "titre")


def test_empty_selection_is_a_map_and_a_sentence():
    found = scene_of(Selection(text="zzzz"), layers=("projects",))
    assert not list(found.symbols())
    assert "Aucun projet" in words_of(found, "titre")
    assert len(found.layer("departements")) == 96


def test_sources_date_and_link():
    found = scene("livre")
    assert "ACV 2025 et PVD 2026" in found.sources
    assert "Licence Ouverte 2.0" in found.sources
    assert f"23{NBSP}novembre{NBSP}2026" in found.sources
    assert "http" not in found.sources
    linked = scene_of(Selection(), address="https://exemple.fr/atlas")
    assert "https://exemple.fr/atlas" in words_of(linked, "sources")


@pytest.mark.parametrize("layers", [
    ("projects", "ti"), ("towns:PVD", "circles:region"), ("towns:PVD", "circles:departement"),
    ("projects", "share:departement"), ("projects", "circles:region"),
])  # fmt: skip
def test_figures_by_territory(layers):
    found = scene_of(Selection(), layers=layers)
    circles = [s for s in found.symbols() if s.role == "circle"]
    if "circles:region" in layers:
        named = {s.id: s.name for s in circles}
        if "towns:PVD" in layers:
            assert named["circle:53"] == f"Bretagne{NBSP}: 135"
            assert len(circles) == 18
    if "ti" in layers:
        codes = {a.code for a in found.layer("territoires")}
        assert len(codes) == 183
    if "share:departement" in layers:
        assert len([a for a in found.layer("departements") if a.role == "share"]) == 101


def test_circles_alone_count_the_projects_of_the_book():
    found = scene_of(Selection(), layers=("circles:region",))
    circles = [s for s in found.symbols() if s.role == "circle"]
    assert sum(int(c.name.rpartition(":")[2]) for c in circles) == 22
    assert "La ville active" in found.sources
    said = " ".join(words_of(found, "legende"))
    assert "un projet à plusieurs lieux compte dans chacun" in said


def test_circles_whose_sum_is_the_count_say_nothing_more():
    found = scene_of(Selection(text="usinerie"), layers=("projects", "circles:region"))
    assert "compte dans chacun" not in " ".join(words_of(found, "legende"))


def test_every_theme_that_mentions_draw_is_in_the_legend():
    found = scene_of(Selection(region=("11",)), extent="region:11", layers=("projects", "mentions"))
    drawn = {s.theme for s in found.symbols() if s.theme}
    signs = {i.id: i.signs for i in found.layer("legende") if isinstance(i, Symbol)}
    assert len(drawn) == 2
    assert drawn == {i.removeprefix("legend:theme:") for i in signs if ":theme:" in i}
    fills = {signs[f"legend:theme:{theme}"][-1].style.fill for theme in drawn}
    assert signs["legend:kind:mention"][-1].style.fill not in fills


def test_sources_cite_only_lists_that_are_seen():
    found = scene_of(
        Selection(), extent="departement:75", layers=("towns:ACV", "towns:PVD"), labels="none"
    )
    assert not list(found.symbols())
    assert "ACV" not in found.sources


def test_mono_says_with_shapes_and_hatches():
    found = scene_of(Selection(), layers=("projects", "ti"), style="mono")
    colours = {
        c for layer in found.layers for i in layer.items for style in styles(i)
        for c in (style.fill, style.stroke, style.hatch_colour) if c
    }  # fmt: skip
    assert all(c[1:3] == c[3:5] == c[5:7] for c in colours)
    assert all(a.style.hatch for a in found.layer("territoires"))
    fills = {(s.signs[-1].shape, s.signs[-1].style.fill) for s in found.symbols()}
    assert len(fills) == 2


def styles(item):
    if isinstance(item, Symbol):
        return [sign.style for sign in item.signs]
    return [item.style] if hasattr(item, "style") else []


def test_adding_a_page_is_adding_data(monkeypatch):
    wide = replace(LAYOUTS["slide"], name="Deux fois")
    monkeypatch.setitem(LAYOUTS, "essai", wide)
    assert scene_of(Selection(), layout="essai").width == wide.width


@pytest.mark.parametrize(
    ("place", "zone"),
    [((2.3, 48.8), "metropole"), ((-61.5, 16.2), "971"), ((-61.0, 14.6), "972"),
     ((-52.3, 4.9), "973"), ((55.5, -21.1), "974"), ((45.2, -12.8), "976")],
)  # fmt: skip
def test_zone_of_a_point(place, zone):
    assert zone_at(*place) == zone


def test_extent_gives_the_name_of_its_territory():
    assert parse_extent("region:53").name == "Bretagne"
    assert parse_extent("region:04").zone == "974"


def test_no_break_spaces_hold_when_wrapping():
    most = width_of(f"sources{NBSP}:.", 10)
    lines = wrap(f"Deux sources{NBSP}: ici", most, partial(wide_of, size=10))
    assert lines == ("Deux", f"sources{NBSP}:", "ici")


@pytest.mark.parametrize("weight", [400, 600, 700])
def test_font_has_what_french_needs(weight):
    wanted = f"aéèêëàâîïôùûüçœŒæÉÀ€«»’–·≥×{NARROW}{NBSP}"
    assert [c for c in wanted if not has_glyph(c, weight=weight)] == []


def test_one_territory_is_drawn_from_the_finest_outlines():
    def coast(extent: str, code: str) -> int:
        areas = scene_of(Selection(), extent=extent).layer("regions")
        known = [area for area in areas if isinstance(area, Area) and area.code == code]
        return sum(len(ring) for area in known for ring in area.rings)

    # a slide of France tells Bretagne by a few points, its own slide by its capes
    assert coast("region:53", "53") > 2 * coast("france", "53")
    assert coast("departement:29", "29") > 600
    assert coast("region:04", "974") > 200


def test_several_threads_may_measure_at_once():
    asked = (font_metrics._advances_of, font_metrics._longest)
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            for one in asked:
                one.cache_clear()
            with ThreadPoolExecutor(6) as pool:
                made = set(pool.map(lambda _: font_metrics.width_of("Échelle", 10), range(6)))
            assert len(made) == 1
    finally:
        sys.setswitchinterval(0.005)
