"""What is foreseen is what comes: each answer told beforehand against the selection applied."""

import json
from dataclasses import replace
from functools import cache

import pytest

from tests.shipped import read_atlas
from villeactive.facets import TOLD, Choices
from villeactive.filtering import apply
from villeactive.maps.web import folium_map
from villeactive.maps.web.prefetch import Ahead
from villeactive.maps.web.territory import territory_of
from villeactive.selection import Selection, known_values

SELECTIONS = (
    Selection(),
    Selection(region=("28", "44")),
    Selection(theme=("filieres-productions",), programme=("ACV",)),
    Selection(kind=("mention",), layers=("projects", "mentions")),
    Selection(near="62498", within=300, text="industrie"),
    Selection(min_population=20_000, topic=("formation",), amount=True),
)


def offered(atlas):
    """Give every choice: each value of each filter, and the filter lifted.

    Of the EPCI where nothing stands, which all leave the same, some.
    """
    values = {name: known_values(name, atlas) for name in TOLD if name != "departement"}
    held = set(atlas.sites["epci"])
    empty = [code for code in values["epci"] if code not in held]
    values["epci"] = tuple(code for code in values["epci"] if code in {*held, *empty[:20]})
    return [(name, code) for name, codes in values.items() for code in (*codes, None)]


def chosen(selection, name, code, atlas):
    """Apply the next selection."""
    return apply(next_selection(selection, name, code, atlas), atlas)


def next_selection(selection, name, code, atlas):
    """Give the next selection, as the page does once a value is added or taken away."""
    wanted = {code} ^ set(getattr(selection, name)) if code else set()
    codes = tuple(known for known in known_values(name, atlas) if known in wanted)
    return replace(selection, **{name: codes})


@cache
def given(selection):
    """Give, for each choice, which sites it was said to leave, and the sites that it leaves."""
    atlas = read_atlas()
    choices = offered(atlas)
    told = Choices(selection, atlas).ahead(choices)
    return [
        (matches, chosen(selection, *choice, atlas).sites)
        for choice, matches in zip(choices, told, strict=True)
    ]


@pytest.mark.parametrize("selection", SELECTIONS)
def test_each_choice_leaves_what_the_selection_will_give(selection):
    every = read_atlas().sites.index
    for matches, sites in given(selection):
        assert list(sites.index[sites["matches"]]) == list(every[matches])


def differing(selection):
    """Give :func:`given`, once what many choices say and leave alike (most EPCI hold nothing)."""
    return {
        (matches.tobytes(), tuple(sites.index), tuple(sites["matches"])): (matches, sites)
        for matches, sites in given(selection)
    }.values()


def foreseen(answer, selected, pool):
    """Read an answer as ``ahead.js`` does: sign → rows."""
    plain, faded, aside, *_ = answer
    shifts, found = dict(aside), {}
    for rank, (sign, name, lon, lat, text, dx, mask, departement) in enumerate(pool):
        counts, stands = int(plain, 16) >> rank & 1, int(faded, 16) >> rank & 1
        if not counts and not stands:
            continue
        state = "selected" if name == selected else "plain" if counts else "faded"
        row = [name, lon, lat, text, shifts.get(rank, dx), mask, departement if counts else ""]
        found.setdefault(f"{sign}|{state}", []).append(row)
    return {sign: sorted(rows) for sign, rows in found.items()}


@pytest.mark.parametrize("selected", [None, "usinerie", "lainamac"])
@pytest.mark.parametrize("selection", SELECTIONS)
def test_an_answer_holds_the_rows_and_the_legend_that_the_server_will_send(selection, selected):
    atlas = read_atlas()
    every = Ahead(atlas.sites, atlas.taxonomy)
    pool = json.loads(every.file())
    layers = selection.shown_layers(atlas)
    codes = (*atlas.themes, *atlas.kinds, "faded")
    for matches, sites in differing(selection):
        answer = every.answer(matches, layers, selected)
        group = folium_map.site_group(
            sites, taxonomy=atlas.taxonomy, layers=layers, selected=selected
        )
        parts = [c for c in group._children.values() if isinstance(c, folium_map.SiteLayer)]
        assert foreseen(answer, selected, pool) == {p.code: sorted(p.rows) for p in parts}
        state = next(c.state for c in group._children.values() if isinstance(c, folium_map.Told))
        numbers = dict(state["legend"])
        assert answer[3] == [numbers.get(code, 0) for code in codes]


TERRITORIES = (
    Selection(),
    Selection(region=("28", "53"), theme=("filieres-productions",)),
    Selection(region=("04",), departement=("974",)),
    Selection(epci=("242900314",), programme=("PVD",)),
)


@pytest.mark.parametrize("selection", TERRITORIES)
@pytest.mark.parametrize("name", ["region", "departement", "epci"])
def test_an_answer_tells_the_territory_and_the_towns_that_the_server_will_send(selection, name):
    atlas = read_atlas()
    every = Ahead(atlas.sites, atlas.taxonomy)
    layers = selection.shown_layers(atlas)
    counts = {"ACV": 245, "PVD": 1646}
    choices = [(name, code) for code in (*list(known_values(name, atlas))[:20], None)]
    opened = Choices(selection, atlas)
    for choice, matches, after in zip(
        choices, opened.ahead(choices), opened.after(choices), strict=True
    ):
        told = territory_of(after, atlas)
        answer = every.answer(matches, layers, territory=told)
        shown = next_selection(selection, *choice, atlas)
        group = folium_map.site_group(
            apply(shown, atlas).sites,
            taxonomy=atlas.taxonomy,
            layers=layers,
            counts=counts,
            territory=territory_of(shown, atlas),
        )
        state = next(c.state for c in group._children.values() if isinstance(c, folium_map.Told))
        land, within, towns = answer[4] or (None, {}, {})
        assert (land, within) == (state.get("land"), state["within"])
        numbers = {code: [towns[code], n] if code in towns else [n] for code, n in counts.items()}
        assert {code: rest for code, *rest in state["legend"] if code in counts} == numbers


def test_an_answer_of_another_filter_leaves_the_territory():
    atlas = read_atlas()
    opened = Choices(Selection(region=("53",)), atlas)
    assert len(Ahead(atlas.sites, atlas.taxonomy).answer(opened.now, ("projects",))) == 4
    assert (
        Ahead(atlas.sites, atlas.taxonomy).answer(opened.now, ("projects",), territory=None)[4]
        is None
    )


def test_answers_of_the_book_stay_small():
    atlas = read_atlas()
    every = Ahead(atlas.sites, atlas.taxonomy)
    told = Choices(Selection(), atlas).ahead(offered(atlas))
    answers = [every.answer(matches, ("projects",)) for matches in told]
    assert len(json.dumps(answers)) < 60 * len(answers)
    lands = [territory_of(Selection(region=(code,)), atlas) for code in atlas.regions]
    answers = [every.answer(told[0], ("projects", "PVD"), territory=land) for land in lands]
    assert len(json.dumps(answers)) < 200 * len(answers)
