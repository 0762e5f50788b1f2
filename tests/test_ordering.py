"""The list of a selection: sorted over all its rows, one page of them at a time."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.kept_table import with_table
from tests.test_pages import address, run
from villeactive.filtering import apply
from villeactive.ordering import sorted_rows
from villeactive.selection import SORTS, Selection
from villeactive.ui.parts import results

ROWS = 120
TOWNS = ("62498", "35238", "01004", "75056")


@pytest.fixture
def long(tmp_path, monkeypatch):
    """An atlas with a table of :data:`ROWS` projects beside the book."""
    lines = [f"Halle n° {ROWS - i};{TOWNS[i % len(TOWNS)]}" for i in range(ROWS)]
    return with_table("\n".join(["Intitulé;Code INSEE", *lines]), tmp_path, monkeypatch)


def of_table(atlas):
    selection = Selection(collection=("appel",))
    return apply(selection, atlas).listed_rows(selection, atlas)


def shown(test: AppTest) -> dict:
    """Give the page of the list that a browser is sent."""
    (fed,) = [one.proto for one in test.get("bidi_component")
              if one.proto.component_name == "villeactive_lignes"]  # fmt: skip
    return json.loads(fed.bytes)


def test_numbers_inside_titles_are_sorted_by_their_value(long):
    rows = sorted_rows(of_table(long), long, "title")
    titles = long.projects["title"].iloc[rows].tolist()
    assert titles == [f"Halle n° {n}" for n in range(1, ROWS + 1)]
    turned = sorted_rows(of_table(long), long, "-title")
    assert turned.tolist() == rows[::-1].tolist()


def test_equals_keep_their_order_and_a_sort_loses_no_row(long):
    rows = of_table(long)
    assert sorted_rows(rows, long, None) is rows
    for key in SORTS:
        assert sorted(sorted_rows(rows, long, key)) == sorted(rows)
    towns = long.projects.iloc[sorted_rows(rows, long, "population")]
    assert towns["population"].is_monotonic_increasing
    assert all(group.index.tolist() == sorted(group.index, key=long.projects.index.get_loc)
               for _, group in towns.groupby("town"))  # fmt: skip


def test_columns_are_named_in_the_order_in_which_they_can_be_sorted():
    assert len(results._COLUMNS) == len(SORTS)


@pytest.mark.usefixtures("long")
def test_a_long_list_is_sent_by_pages_and_sorted_over_all():
    test = run(collection="appel")
    first = shown(test)
    assert (len(first["rows"]), first["page"], first["pages"]) == (results.PAGE, 1, 3)
    assert first["said"] == "1–50 sur 120"
    last = shown(run(collection="appel", page="3", sort="title"))
    assert [row[2] for row in last["rows"]] == [f"Halle n° {n}" for n in range(101, 121)]
    assert last["said"] == "101–120 sur 120"


@pytest.mark.usefixtures("long")
def test_a_page_too_far_is_the_last_and_a_wrong_one_is_said():
    assert shown(run(collection="appel", page="99"))["said"] == "101–120 sur 120"
    wrong = run(collection="appel", page="0", sort="hasard")
    assert shown(wrong)["page"] == 1
    assert len(wrong.warning) == 2
    assert "Page de la liste" in wrong.warning[0].value


@pytest.mark.usefixtures("long")
def test_other_filters_begin_at_the_first_page_an_opened_sheet_does_not():
    test = run(collection="appel", page="2", sort="-title")
    test.multiselect(key="f-region").set_value(["53"]).run()
    assert address(test) == {"collection": "appel", "region": "53", "sort": "-title"}
    test = run(collection="appel", page="2", projet="usinerie")
    test.button(key="fermer").click().run()
    assert address(test) == {"collection": "appel", "page": "2"}


def test_a_short_list_says_no_page():
    short = shown(run())
    assert (len(short["rows"]), short["pages"], short["said"]) == (20, 1, "")


def test_a_page_of_the_list_is_written_once_for_all_who_ask_it(atlas):
    some = Selection(region=("32",))
    assert results._page(atlas, some) is results._page(atlas, Selection(region=("32",)))
    for other in ({"sort": "-town"}, {"projet": "x"}, {"layers": ("mentions",)}):
        assert results._page(atlas, replace(some, **other)) != results._page(atlas, some)
