"""Rows → distinct questions: each is asked once, whatever the number of rows that ask it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd


class Coded(NamedTuple):
    """A column: the place of each row's value among the distinct ones, and these."""

    codes: np.ndarray
    uniques: np.ndarray


def coded(cells: Sequence[object], clean: Callable[[object], object] | None = None) -> Coded:
    """Return a column coded, None for nothing; each distinct cell is cleaned once."""
    codes, uniques = pd.factorize(np.asarray(cells, dtype=object))
    if codes.min(initial=0) < 0:
        codes, uniques = np.where(codes < 0, len(uniques), codes), np.append(uniques, None)
    column = Coded(codes, uniques)
    return cleaned(column, clean) if clean else column


def cleaned(column: Coded, clean: Callable[[object], object]) -> Coded:
    """Return a column whose distinct values are cleaned, each once."""
    uniques = np.array(list(map(clean, column.uniques)), dtype=object)
    return merged(Coded(column.codes, uniques))


def merged(column: Coded) -> Coded:
    """Return a column whose distinct values are so, once cleaned or put together."""
    places, uniques = pd.factorize(column.uniques, use_na_sentinel=False)
    return Coded(places[column.codes], uniques) if len(uniques) < len(places) else column


def first_filled(columns: Sequence[Coded], rows: int) -> Coded:
    """Return what the first column that is not empty says in each row."""
    if not columns:
        return Coded(np.zeros(rows, dtype=np.int64), np.array([""], dtype=object))
    said = columns[0]
    for column in columns[1:]:
        empty = (said.uniques == "")[said.codes]
        codes = np.where(empty, column.codes + len(said.uniques), said.codes)
        said = merged(Coded(codes, np.concatenate([said.uniques, column.uniques])))
    return said


def distinct(columns: Sequence[Coded]) -> tuple[list[list[object]], np.ndarray]:
    """Tell what rows ask, once each.

    Parameters
    ----------
    columns
        Columns of one length, one at least: what each row says, cell by cell.

    Returns
    -------
    tuple
        What the distinct rows say, by column; for each row, its place among them.
    """
    varied = [column for column in columns if len(column.uniques) > 1] or columns[:1]
    kinds = varied[0].codes
    for codes, uniques in varied[1:]:
        kinds, _ = pd.factorize(kinds * len(uniques) + codes)
    if len(varied) == 1:  # a value may be one that no row says
        kinds, _ = pd.factorize(kinds)
    first = np.empty(kinds.max(initial=-1) + 1, dtype=np.int64)
    first[kinds[::-1]] = np.arange(len(kinds))[::-1]
    return [uniques[codes[first]].tolist() for codes, uniques in columns], kinds
