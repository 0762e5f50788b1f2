"""The filters by columns of the tables that collections were made of, in the sidebar."""

import math

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.collections.own_columns import OwnColumn
from villeactive.selection import Selection, column, with_own
from villeactive.ui import address, shell
from villeactive.ui.parts.facet_counts import Counted
from villeactive.wording.own_fields import exact, exact_euros

_MOST_BOUNDS = 24


def show_own_filters(selection: Selection, atlas: Atlas) -> list[Counted]:
    """Show the filters by columns of the collection chosen; give what their choices would give.

    They stand where one collection is chosen, or is alone; one in force stands anyway.
    """
    chosen = set(selection.collection or atlas.collections)
    held = dict(selection.own)
    shown = [
        one
        for slug, one in atlas.own_columns.items()
        if slug in held or (one.filter and len(chosen) == 1 and chosen <= one.collections)
    ]
    counted = []
    for one in shown:
        tests = held.get(one.slug, ())
        if one.listed:
            counted.append(_list(one, tests, selection, atlas))
        elif one.extent and one.extent[0] < one.extent[1]:
            _range(one, tests, atlas)
    return counted


def _write(slug: str, tests: tuple[str, ...]) -> None:
    address.step(lambda here: with_own(here, slug, tests))


def _list(one: OwnColumn, tests: tuple[str, ...], selection: Selection, atlas: Atlas) -> Counted:
    """Show a column of words, of yes and no, of years."""
    counts = shell.choices(selection, atlas).own(one.slug)
    key = f"f-c-{one.slug}"
    values = [value for value in one.projects if counts.get(value) or value in tests]
    values += [test for test in tests if test not in values]  # a range of years, by its address
    st.multiselect(
        column(one.slug, atlas),
        values,
        default=list(tests),
        key=address.seed(key, list(tests)),
        select_all=False,
        placeholder="Tous",
        on_change=lambda: _write(one.slug, tuple(st.session_state[key])),
    )
    unit = "fiche" if selection.kind else "projet"
    return Counted(key, tuple(counts.get(value, 0) for value in values), unit, is_list=True)


def _range(one: OwnColumn, tests: tuple[str, ...], atlas: Atlas) -> None:
    """Show a column of numbers, between two bounds."""
    bounds = _bounds(*one.extent)
    low, _, high = tests[0].partition("..") if tests else ("", "", "")
    ends = (float(low) if low else bounds[0], float(high) if high else bounds[-1])
    bounds = sorted({*bounds, *ends})
    key = f"f-c-{one.slug}"

    def write() -> None:
        first, last = st.session_state[key]
        sides = (
            "" if first <= bounds[0] else f"{first:.15g}",
            "" if last >= bounds[-1] else f"{last:.15g}",
        )
        _write(one.slug, ("..".join(sides),) if any(sides) else ())

    said = exact_euros if one.euros else exact
    st.select_slider(
        column(one.slug, atlas),
        bounds,
        value=ends,
        key=address.seed(key, ends),
        format_func=said,
        on_change=write,
    )


def _bounds(least: float, most: float) -> list[float]:
    """Give round numbers, 1, 2, 5, 10…, from below the least to above the largest."""
    if least < 0 or most - least <= 10:
        return [float(one) for one in range(math.floor(least), math.ceil(most) + 1)][:_MOST_BOUNDS]
    found = [0.0]
    power = 10 ** max(0, math.floor(math.log10(max(most, 1))) - 6)
    while found[-1] < most:
        found += [float(step * power) for step in (1, 2, 5) if found[-1] < most]
        power *= 10
    return [one for i, one in enumerate(found) if i + 1 == len(found) or found[i + 1] > least]
