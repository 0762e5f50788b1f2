"""Counts beside the choices of a filter, drawn by style.

Streamlit knows a choice by its words: with its count in them it would be another choice after
each step, and a click made meanwhile would be lost. So the words stay, and a style sheet sent in
the same run gives the number that ``page.css`` writes after them, with what assistive tools say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Counted:
    """What each choice of a widget would give.

    Attributes
    ----------
    key
        Of the widget: our own constant, letters and hyphens.
    numbers
        One per choice, in the order of the widget.
    unit
        ``projet`` or ``fiche``.
    is_list
        A list that opens, else pills.
    """

    key: str
    numbers: tuple[int, ...]
    unit: str
    is_list: bool


def style(widgets: Iterable[Counted]) -> str:
    """Write the style sheet that draws counts; numbers and our own constants only."""
    return "\n".join(map(_rules, widgets))


def show_counts(widgets: Iterable[Counted]) -> None:
    """Draw the counts of the widgets of this run."""
    st.html(f"<style>{style(widgets)}</style>")


def _rules(one: Counted) -> str:
    """Write the rules of one widget: a number for each choice, and the unit that is said of it."""
    if one.is_list:
        # an open list hangs on the page itself: only its box says which one it is
        where = f":root:has(.st-key-{one.key} input[aria-controls]) [role=option]"
        rank, first = '[data-key="{}"]', 0
    else:
        where = f".st-key-{one.key} [role=toolbar] button"
        rank, first = ":nth-of-type({})", 1
    alone = f';--unit:" {one.unit}"'  # of none, too: it is French
    each = "".join(
        f'&{rank.format(place)}{{--n:" {int(count)}"{alone if count < 2 else ""}}}'
        for place, count in enumerate(one.numbers, start=first)
    )
    return f'{where}{{--unit:" {one.unit}s";{each}}}'
