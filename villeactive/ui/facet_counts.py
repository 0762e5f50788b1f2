"""Counts beside the choices of a filter, drawn by style.

Streamlit knows a choice by its words: with its count in them it would be another choice after
each step, and a click made meanwhile would be lost. So the words stay, and a style sheet sent in
the same run writes the number after them, with what assistive tools say of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from villeactive.text import plural


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
    return "\n".join(rule for one in widgets for rule in _rules(one))


def show_counts(widgets: Iterable[Counted]) -> None:
    """Draw the counts of the widgets of this run."""
    st.html(f"<style>{style(widgets)}</style>")


def _rules(one: Counted) -> Iterable[str]:
    """Write the rules of one widget: a number for each choice, then where all are drawn."""
    if one.is_list:
        # an open list hangs on the page itself: only its box says which one it is
        where = f":root:has(.st-key-{one.key} input[aria-controls]) [role=option]"
        rank = '[data-key="{}"]'
        first = 0
    else:
        where = f".st-key-{one.key} [role=toolbar] button"
        rank = ":nth-of-type({})"
        first = 1
    for place, count in enumerate(one.numbers, start=first):
        said = plural(int(count), one.unit)
        yield f'{where}{rank.format(place)} {{ --n: " {int(count)}"; --said: " {said}" }}'
    after = f"{where}{'' if one.is_list else ' p'}::after"
    yield f"{after} {{ content: var(--n) }}"
    yield f'@supports (content: "" / "") {{ {after} {{ content: var(--n) / var(--said) }} }}'
