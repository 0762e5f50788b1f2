"""Lists of words that forgive: beginnings by bisection, mistypings by counting edits on all."""

import bisect
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd

NEVER = 9
"""Stands for more edits than one looks for."""

LONGEST = 24
"""Letters beyond which a word is not looked for with mistypings."""


class Words:
    """Words, and the rows that hold them.

    Parameters
    ----------
    texts
        (row, folded text) pairs.
    size
        How many rows there are.
    """

    def __init__(self, texts: Iterable[tuple[int, str]], size: int) -> None:
        rows, split = [], []
        for row, text in texts:
            rows.append(row)
            split.append(text.split())
        every = np.array([*chain.from_iterable(split)], dtype=object)
        codes, words = pd.factorize(every)
        words = words.tolist()
        order = np.array(sorted(range(len(words)), key=words.__getitem__), dtype=np.intp)
        self.size = size
        self.words = [words[at] for at in order]
        ranks = np.empty(len(words), dtype=np.int64)
        ranks[order] = np.arange(len(words))
        row = np.repeat(np.array(rows, dtype=np.int64), [*map(len, split)])
        held = np.unique(ranks[codes] * size + row)  # a word said twice is held once
        counts = np.bincount(held // size, minlength=len(words)) if size else []
        self.starts = np.concatenate([[0], np.cumsum(counts)]).astype(int)
        self.rows = (held % size if size else held).astype(np.int32)

    def beginning(self, prefix: str) -> np.ndarray:
        """Tell which rows hold a word that begins so."""
        held = np.zeros(self.size, dtype=bool)
        first, last = span(self.words, prefix)
        held[self.rows[self.starts[first] : self.starts[last]]] = True
        return held

    @cached_property
    def letters(self) -> np.ndarray:
        """The words as a table of letter codes, padded with zeros; numbers are left blank."""
        spelt = ["" if word[0].isdigit() else word[: LONGEST + 2] for word in self.words]
        table = np.array(spelt, dtype=f"S{LONGEST + 2}")
        return table.view(np.uint8).reshape(len(spelt), -1).T.copy()

    @cached_property
    def alphabets(self) -> np.ndarray:
        """The letters of each word, one bit each."""
        bits = np.where(self.letters, np.uint32(1) << (self.letters & 31).astype(np.uint32), 0)
        return np.bitwise_or.reduce(bits, axis=0)

    def edits(self, word: str, *, allowed: int, typing: bool) -> np.ndarray:
        """Give for each row the fewest edits from a word to one of its own, or ``NEVER``."""
        far = np.full(self.size, NEVER, dtype=np.uint8)
        if self.words:
            own = np.bitwise_or.reduce([np.uint32(1 << (code & 31)) for code in word.encode()])
            # an edit brings one letter at most, and takes one away at most
            close = np.bitwise_count(own & ~self.alphabets) <= allowed
            if not typing:
                close &= np.bitwise_count(self.alphabets & ~own) <= allowed
            distances = np.full(len(self.words), NEVER, dtype=np.uint8)
            distances[close] = _edits(word, self.letters[:, close], allowed=allowed, typing=typing)
            # the nearest words last, so that they overwrite
            for distance in range(allowed, -1, -1):
                for near in np.flatnonzero(distances == distance):
                    far[self.rows[self.starts[near] : self.starts[near + 1]]] = distance
        return far


def span(ordered: list[str], prefix: str) -> tuple[int, int]:
    """Give the slice of a sorted list that begins with a prefix (of letters, digits, spaces)."""
    return bisect.bisect_left(ordered, prefix), bisect.bisect_left(ordered, prefix + "~")


def _edits(word: str, letters: np.ndarray, *, allowed: int, typing: bool) -> np.ndarray:
    """Count the edits from a word to each word of a table (optimal string alignment).

    Parameters
    ----------
    word
        Lower-case ASCII.
    letters
        One column per word, one row per position, zeros after the end.
    allowed
        Counts above it may be wrong, but stay above it.
    typing
        Take the best beginning of each word instead of the whole.

    Returns
    -------
    ndarray of uint8
        One count per word; ``NEVER`` where it was not worth counting.
    """
    lengths = (letters != 0).sum(axis=0)
    close = lengths >= max(len(word) - allowed, 1)
    if not typing:
        close &= lengths <= len(word) + allowed
    picked = np.flatnonzero(close)
    width = min(len(word) + allowed, len(letters))
    table, ends = letters[:width, picked], lengths[picked]
    before, row = None, [np.full(len(picked), j, dtype=np.uint8) for j in range(width + 1)]
    for i, letter in enumerate(word.encode(), start=1):
        older, before = before, row
        row = [np.full(len(picked), i, dtype=np.uint8)]
        for j in range(1, width + 1):
            same = table[j - 1] == letter
            cell = np.minimum(before[j], row[j - 1]) + 1
            np.minimum(cell, before[j - 1] + ~same, out=cell)
            if i > 1 and j > 1:
                swapped = (table[j - 2] == letter) & (table[j - 1] == ord(word[i - 2]))
                np.minimum(cell, np.where(swapped, older[j - 2] + 1, NEVER), out=cell)
            row.append(cell)
    counts = np.stack(row)
    if typing:
        ended = np.arange(width + 1)[:, None] > ends
        best = np.where(ended, NEVER, counts).min(axis=0)
    else:
        best = counts[ends, np.arange(len(picked))]
    answer = np.full(letters.shape[1], NEVER, dtype=np.uint8)
    answer[picked] = best
    return answer
