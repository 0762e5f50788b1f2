"""Lists of words that forgive: beginnings by bisection, mistypings by counting edits on all."""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NEVER = 9
"""Stands for more edits than one looks for."""

LONGEST = 24
"""Letters beyond which a word is not looked for with mistypings."""


class Sorted(Sequence[str]):
    """Texts in order, as Arrow holds them: a fifth of the memory of a list."""

    def __init__(self, texts: pa.StringArray) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, at: int) -> str:
        return self._texts[at].as_py()

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts.to_pylist())


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
        texts = list(texts)
        rows = np.array([row for row, _ in texts], dtype=np.int64)
        split = pc.utf8_split_whitespace(pa.array([text for _, text in texts], pa.string()))
        # as Arrow, never as a text of Python each: a million of them would leave holes everywhere
        every, of = pc.list_flatten(split), pc.list_parent_indices(split)
        said = pc.not_equal(every, "")  # as before a space that begins a text
        every, of = every.filter(said).dictionary_encode(), of.filter(said)
        row = rows[of]
        order = pc.sort_indices(every.dictionary).to_numpy()
        self.size = size
        self.words = Sorted(every.dictionary.take(pa.array(order)))
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order))
        held = np.unique(ranks[every.indices] * size + row)  # a word said twice is held once
        counts = np.bincount(held // size, minlength=len(order)) if size else []
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

    @cached_property
    def lengths(self) -> np.ndarray:
        """How many letters each word has in the table."""
        return np.count_nonzero(self.letters, axis=0).astype(np.int8)

    def edits(self, word: str, *, allowed: int, typing: bool) -> np.ndarray:
        """Give for each row the fewest edits from a word to one of its own, or ``NEVER``."""
        far = np.full(self.size, NEVER, dtype=np.uint8)
        if self.words:
            own = np.bitwise_or.reduce([np.uint32(1 << (code & 31)) for code in word.encode()])
            # an edit brings one letter at most, and takes one away at most
            close = self.lengths >= max(len(word) - allowed, 1)
            close &= np.bitwise_count(own & ~self.alphabets) <= allowed
            if not typing:
                close &= self.lengths <= len(word) + allowed
                close &= np.bitwise_count(self.alphabets & ~own) <= allowed
            picked = np.flatnonzero(close)
            letters = self.letters[: len(word) + allowed].take(picked, axis=1)
            distances = _edits(word, letters, self.lengths[picked], allowed=allowed, typing=typing)
            # the nearest words last, so that they overwrite
            for distance in range(allowed, -1, -1):
                for near in picked[distances == distance]:
                    far[self.rows[self.starts[near] : self.starts[near + 1]]] = distance
        return far


def span(ordered: Sequence[str], prefix: str) -> tuple[int, int]:
    """Give the slice of sorted texts that begins with a prefix (of letters, digits, spaces)."""
    return bisect.bisect_left(ordered, prefix), bisect.bisect_left(ordered, prefix + "~")


def _edits(
    word: str, letters: np.ndarray, lengths: np.ndarray, *, allowed: int, typing: bool
) -> np.ndarray:
    """Count the edits from a word to each word of a table (optimal string alignment).

    Parameters
    ----------
    word
        Lower-case ASCII.
    letters
        One column per word, one row per position, zeros after the end.
    lengths
        The letters of each word, which ``allowed`` edits may bring to those of the word; when
        it is being typed, they may be more.
    allowed
        Counts above it may be wrong, but stay above it.
    typing
        Take the best beginning of each word instead of the whole.

    Returns
    -------
    ndarray of uint8
        One count per word.
    """
    width, codes = len(letters), word.encode()
    never = np.full(letters.shape[1], NEVER, dtype=np.uint8)
    older, before = [], [np.full_like(never, j) for j in range(width + 1)]
    for i, letter in enumerate(codes, start=1):
        # a place further off than the edits allowed is never worth more
        first, last = max(i - allowed, 1), min(i + allowed, width)
        row = [never] * (width + 1)
        row[0] = np.full_like(never, i)
        differs = letters[first - 1 : last] != letter
        swaps = i > 1 and codes[i - 2] != letter
        for j in range(first, last + 1):
            cell = np.minimum(before[j], row[j - 1])
            cell += 1
            np.minimum(cell, before[j - 1] + differs[j - first], out=cell)
            if swaps and j > 1:
                swapped = (letters[j - 2] == letter) & (letters[j - 1] == codes[i - 2])
                np.minimum(cell, older[j - 2] + 1, out=cell, where=swapped)
            row[j] = cell
        older, before = before, row
    counts = np.stack(before)
    if typing:
        ended = np.arange(width + 1)[:, None] > lengths
        return np.where(ended, NEVER, counts).min(axis=0)
    return counts[lengths, np.arange(len(lengths))]
