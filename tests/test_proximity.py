"""What surrounds a commune, what bears on a theme, what organisations do: pure figures."""

from dataclasses import replace

import pytest
import shapely

from tests.shipped import folder
from villeactive.analysis import actor_roles, proximity, publication_links
from villeactive.atlas import Atlas
from villeactive.collections.sheets import Sheets
from villeactive.geography import referential
from villeactive.vocabulary import terms

BOOK = folder().publication


def test_neighbours_of_lorient_most_populated_first(atlas):
    names = [atlas.communes.loc[c, "name"] for c in proximity.neighbours("56121", atlas)]
    assert names == ["Lanester", "Ploemeur", "Quéven", "Larmor-Plage", "Caudan"]


def test_an_island_has_no_neighbour(atlas):
    assert proximity.neighbours("29155", atlas) == ()


@pytest.mark.parametrize("departement", ["27", "2A", "974"])
def test_neighbours_equal_a_plain_comparison_of_outlines(atlas, departement):
    codes = atlas.communes.index[atlas.communes["departement"] == departement][::40]
    parts = [referential.read_outlines(f"communes/{d}") for d in atlas.departements]
    shapes = {c: g for part in parts for c, g in zip(part["code"], part.geometry, strict=True)}
    every = list(shapes)
    geometries = [shapes[c] for c in every]
    for code in codes:
        met = shapely.intersects(shapes[code], geometries)
        expected = {c for c, yes in zip(every, met, strict=True) if yes} - {code}
        assert set(proximity.neighbours(code, atlas)) == expected, code


def test_a_border_between_departements_is_crossed_both_ways(atlas):
    for code in proximity.neighbours("75056", atlas):
        assert "75056" in proximity.neighbours(code, atlas)
    departements = {
        atlas.communes.loc[c, "departement"] for c in proximity.neighbours("75056", atlas)
    }
    assert departements == {"92", "93", "94"}


def test_projects_within_grow_with_the_distance(atlas):
    near = proximity.projects_within("56121", 90, atlas)
    assert list(near.index) == ["lorient-fabrique-prospective", "plouhinec-ateliers-jean-moulin"]
    assert near["distance_km"].iloc[0] == 0
    far = proximity.projects_within("56121", 110, atlas)
    assert set(near.index) <= set(far.index)
    assert (far["distance_km"] <= 110).all()
    assert far["distance_km"].is_monotonic_increasing
    everything = proximity.projects_within("56121", 20_000, atlas)
    assert set(everything.index) == set(atlas.sheets)


def test_former_names_and_codes(atlas):
    assert ("Meslin", "22151", "deleguee") in proximity.former_names("22093")
    assert proximity.current_code("22151", atlas) == "22093"
    assert proximity.current_code("56121", atlas) == "56121"
    assert proximity.current_code("99999", atlas) is None


def test_every_sheet_bears_on_its_theme_and_topic(atlas: Atlas):
    for name in ("theme", "topic"):
        seen = []
        for code in atlas.terms(f"{name}s"):
            found = publication_links.bearing_on(name, code, atlas)
            seen += [*found.projects, *found.mentions]
            assert all(getattr(atlas.sheets[key], name) == code for key in found.projects)
            assert sum(found.related.values()) == len(found.projects)
        assert sorted(seen) == sorted(atlas.sheets)


def test_links_between_lessons_and_projects_go_both_ways(atlas):
    for lesson in BOOK.lessons:
        for theme in lesson.themes:
            assert lesson in publication_links.bearing_on("theme", theme, atlas).lessons
        for topic in lesson.topics:
            found = publication_links.bearing_on("topic", topic, atlas)
            assert lesson in found.lessons
            assert lesson.essay in {essay.id for essay in found.essays}
        for project in lesson.projects:
            assert lesson in publication_links.lessons_of(project, atlas)


def test_every_chapter_essay_bears_on_a_theme(atlas):
    shown = {
        e.id
        for code in atlas.themes
        for e in publication_links.bearing_on("theme", code, atlas).essays
    }
    assert shown == {essay.id for essay in BOOK.essays if essay.theme}


def test_the_cnam_takes_its_regional_centre_along(atlas):
    rows = actor_roles.of_family("cnam", atlas)
    assert list(rows["project"]) == ["usinerie", "dieppe-cnam"]
    assert list(actor_roles.of_family("cnam-bourgogne-franche-comte", atlas)["project"]) == [
        "usinerie"
    ]
    assert actor_roles.directory(atlas).loc["cnam", "n_projects"] == 2


def test_a_part_is_the_payment_of_its_payer_and_never_counted_twice(atlas):
    region = actor_roles.payments("region-auvergne-rhone-alpes", atlas)
    assert [(one.project, one.line.amount_eur, one.counted) for one in region] == [
        ("issoire-industrie-40", 20_000, True)
    ]
    arsenal = actor_roles.totals(actor_roles.payments("ca-rochefort-ocean", atlas))
    assert list(arsenal["amount_eur"]) == [9_700_000]
    romans = actor_roles.totals(actor_roles.payments("ville-romans-sur-isere", atlas))
    assert list(romans[["nature", "per"]].iloc[0]) == ["running", "year"]
    assert actor_roles.totals([]).empty


def test_a_part_inside_a_line_of_the_same_payer_is_left_out(atlas):
    sheet = atlas.sheets["issoire-industrie-40"]
    lines = [
        line.model_copy(update={"payer": "universite-clermont-auvergne"}) for line in sheet.budget
    ]
    changed = sheet.model_copy(update={"budget": lines})
    projects = atlas.projects.loc[[sheet.id]]
    small = replace(atlas, sheets=Sheets({sheet.id: changed}), projects=projects)
    paid = actor_roles.payments("universite-clermont-auvergne", small)
    assert [one.counted for one in paid] == [True, False, True, True]


def test_the_directory_holds_every_organisation_by_kind(atlas):
    table = actor_roles.directory(atlas)
    assert set(table.index) == set(atlas.organisations)
    order = [list(terms("organisation_kinds")).index(kind) for kind in table["kind"]]
    assert order == sorted(order)
    for actor in ("anct", "etat", "cnam"):
        family = atlas.family(actor)
        acts = {
            key
            for key, sheet in atlas.sheets.items()
            if family
            & ({a.organisation for _, a in sheet.actors()} | {b.payer for b in sheet.budget})
        }
        assert table.loc[actor, "n_projects"] == len(acts)
