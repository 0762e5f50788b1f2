"""The order of a list of projects: rows of the atlas sorted by a column, as its readers see it."""

import re

import numpy as np
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.kept_with import kept_with_first
from villeactive.programmes import of_today, short_names
from villeactive.selection import SORTS
from villeactive.text import fold

_DIGITS = re.compile(r"\d+")
_WIDTH = 12
"""Digits to which a number inside a text is filled, so that n° 9 comes before n° 10."""


def sorted_rows(rows: np.ndarray, atlas: Atlas, sort: str | None) -> np.ndarray:
    """Sort rows of ``atlas.projects``.

    Parameters
    ----------
    rows
        Positions, in the order of the list without a sort, which parts equals.
    atlas
        The whole atlas.
    sort
        As ``Selection.sort``; None leaves the order given.

    Returns
    -------
    array
        The same positions.
    """
    if sort is None:
        return rows
    order = np.argsort(_ranks(atlas, sort.removeprefix("-"))[rows], kind="stable")
    return rows[order[::-1] if sort.startswith("-") else order]


@kept_with_first(len(SORTS))
def _ranks(atlas: Atlas, key: str) -> np.ndarray:
    """Rank all rows of ``atlas.projects`` by a column, equal where they read alike."""
    column = atlas.projects[_COLUMNS.get(key, key)]
    if key == "population":
        return column.fillna(-1).to_numpy()
    codes, values = pd.factorize(column)
    words = [_key(_said(key, value, atlas)) for value in values]
    rank = {word: at for at, word in enumerate(sorted({*words, ""}))}
    # a missing value, coded -1, reads as nothing does
    return np.array([rank[word] for word in [*words, ""]])[codes]


_COLUMNS = {"region": "region_name"}


def _said(key: str, value: str | tuple[str, ...], atlas: Atlas) -> str:
    """Say a value as the list does."""
    if key == "programmes":
        return ", ".join(short_names(code for code in value if code in of_today()))
    if key in ("topic", "kind"):
        return atlas.label(f"{key}s", value)
    return value


def _key(text: str) -> str:
    """Make a key of sorting: accents and case aside, numbers by their value."""
    return _DIGITS.sub(lambda found: found[0].zfill(_WIDTH), fold(text))
