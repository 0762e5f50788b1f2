"""Rows → distinct questions: each is asked once, whatever the number of rows that ask it."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd


def cleaned(cells: Sequence[str], clean: Callable[[str], str]) -> np.ndarray:
    """Return the cells of a column cleaned, each distinct one once."""
    codes, uniques = pd.factorize(np.asarray(cells, dtype=object), use_na_sentinel=False)
    return np.array([clean(cell) for cell in uniques], dtype=object)[codes]


def distinct(columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Tell which rows ask something new.

    Parameters
    ----------
    columns
        Arrays of one length: what each row says, cell by cell.

    Returns
    -------
    tuple of ndarray
        Positions of the rows that are the first of their kind; for each row, the place of its
        kind among them.
    """
    kinds = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, uniques = pd.factorize(column, use_na_sentinel=False)
        if len(uniques) > 1:
            kinds, _ = pd.factorize(kinds * len(uniques) + codes)
    _, first = np.unique(kinds, return_index=True)
    return first, kinds
