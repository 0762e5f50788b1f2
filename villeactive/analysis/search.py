"""One search over projects, organisations and every commune.

Texts are folded (:func:`villeactive.text.fold`): accents, case, hyphens, both apostrophes and
« st », « ste » make no difference. A commune is found by its name, with or without article, its
former names and codes, its INSEE code and postcodes; its EPCI, département and région help (« saint
denis réunion »). A project is found by its title, and last by any word of its sheet.

**Ranking.** Each hit stands on the best of these steps; on a step, what has sheets comes first,
then the most populated commune (projects and organisations have no population), then the label,
then the id.

====== =================================================================
90     exact: the whole name, title, id or code
80     exact, under a former name or code
70     prefix: the name begins with what was typed
60     prefix of a former name or of a code
50     word: each word typed begins a word of the name or title
40     context: the same, some words being of the EPCI, the territory or the sheet
30, 20 mistyped name: one edit, two edits
10     mistyped, some words being of the EPCI or the territory
====== =================================================================

``score`` is the step, plus 5 with sheets, plus half of log10(1 + population): below 10.

**Mistyping.** An edit is a letter missing, added, changed, or swapped with the next one. Words of 4
to 6 letters may bear one, longer ones two; the last word, still being typed, may go on. Edits are
counted exactly, against all the words at once (a table of letters, one numpy step per pair of
positions); this is done only when the steps above leave room. Spaces may be missing.
"""

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from threading import Lock

import numpy as np
import pandas as pd
import pyarrow as pa

from villeactive.analysis.findable import (
    Entry,
    communes_of,
    organisations_of,
    project_of,
    projects_of,
    territories_of,
)
from villeactive.analysis.fuzzy_index import LONGEST, NEVER, Sorted, Words, span
from villeactive.atlas import Atlas
from villeactive.kept_with import kept_with_first
from villeactive.text import NBSP, fold, fold_all, plural

KINDS = ("commune", "region", "departement", "epci", "organisation", "project")
"""What one finds; among equals, in this order."""

EXACT, FORMER, PREFIX, LATE_PREFIX, WORD = 90, 80, 70, 60, 50
CONTEXT, ONE_EDIT, TWO_EDITS, FAR = 40, 30, 20, 10

_ARTICLES = frozenset({"l", "le", "la", "les", "aux", "au", "las", "los"})
_MAX_TEXT = 200
_MAX_WORDS = 8
_MOST_EDITS = 2
# letters from which a word may be mistyped, be both mistyped and unfinished, bear two edits
_SHORTEST, _TYPING, _TWICE = 4, 5, 7


@dataclass(frozen=True)
class Hit:
    """One answer.

    Attributes
    ----------
    kind
        ``project``, ``organisation`` or ``commune``.
    id
        Id of the sheet or organisation, or ``code_insee``.
    label
        What to show.
    detail
        What tells it from its homonyms, in French.
    score
        What the answers are ranked by; see the module.
    """

    kind: str
    id: str
    label: str
    detail: str
    score: float


def find(text: str, atlas: Atlas, *, n: int = 12) -> list[Hit]:
    """Find projects, organisations and communes by what one types.

    Parameters
    ----------
    text
        Anything; beyond 200 characters and 8 words the rest is left out.
    atlas
        The whole atlas; its index is made once (see :func:`prepare`).
    n
        How many answers at most.

    Returns
    -------
    list of Hit
        The best first; empty when nothing answers, or nothing is asked.
    """
    index = prepare(atlas)
    key = fold(text[:_MAX_TEXT])
    words = list(dict.fromkeys(key.split()))[:_MAX_WORDS]
    if not words or n < 1:
        return []
    steps = index.keyed(key)
    steps = np.maximum(steps, index.worded(words))
    if np.count_nonzero(steps) < n:
        steps = np.maximum(steps, index.mistyped(key, words))
    found = np.flatnonzero(steps)
    scores = steps[found] + index.merit[found]
    best = found[np.lexsort((index.order[found], -scores))[:n]]
    return [index.hit(int(row), int(steps[row]), key, atlas) for row in best]


def hit_of(code_insee: str, atlas: Atlas) -> Hit:
    """Hit of a commune that is known, as an exact answer."""
    index = prepare(atlas)
    row = index.communes[code_insee]
    return index.hit(row, EXACT, fold(index.entries[row].label), atlas)


def prepare(atlas: Atlas) -> "Index":
    """Make the index of an atlas, once; call it at start to spare the first reader the wait."""
    with _ONE_AT_A_TIME:
        return _prepared(atlas)


_ONE_AT_A_TIME = Lock()


@kept_with_first()
def _prepared(atlas: Atlas) -> "Index":
    collects = gc.isenabled()
    gc.disable()  # it would walk again and again what is only growing: four tenths of the time
    try:
        return Index(atlas)
    finally:
        if collects:
            gc.enable()


class Index:
    """Everything one can find: the places, which all atlases share, then the sheets of one.

    Attributes
    ----------
    entries
        What each row stands for; of a sheet, its id.
    communes
        Row of each commune, by its code.
    n_sheets
        How many sheets each row has.
    merit
        What ranks the rows of one step: projects, then population.
    order
        What ranks rows of the same merit: labels, kinds and ids.
    """

    def __init__(self, atlas: Atlas) -> None:
        own = _Part([*projects_of(atlas), *organisations_of(atlas)])
        self.parts = [_places(atlas.communes), own]
        entries = [entry for part in self.parts for entry in part.entries]
        self.communes = {
            entry.id: row for row, entry in enumerate(entries) if entry.kind == "commune"
        }
        people = np.array([entry.population for entry in entries], dtype=float)
        self.n_sheets = np.array([entry.n_sheets for entry in entries])
        there = atlas.sites.groupby("code_insee")["project"].nunique()
        self.n_sheets[[self.communes[code] for code in there.index]] = there.to_numpy()
        self.merit = 5.0 * (self.n_sheets > 0) + np.log10(1 + people) / 2
        orders = [order for part in self.parts for order in part.orders]
        ranked = sorted(range(len(orders)), key=orders.__getitem__)
        self.order = np.argsort(ranked)
        # of thousands of sheets a reader is shown a few: these are described anew
        self.entries = [entry.id if entry.kind == "project" else entry for entry in entries]
        del own.entries, own.orders

    def _each(self, ask: Callable[["_Part"], np.ndarray]) -> np.ndarray:
        """Ask each part, and give the answers of all rows."""
        return np.concatenate([ask(part) for part in self.parts], axis=-1)

    def keyed(self, key: str) -> np.ndarray:
        """Give the step of each row that a whole text stands for, or begins; 0 elsewhere."""
        return self._each(lambda part: part.keyed(key))

    def worded(self, words: list[str]) -> np.ndarray:
        """Give the step of each row that holds all the words, or their beginnings."""
        return self._each(lambda part: part.worded(words))

    def mistyped(self, key: str, words: list[str]) -> np.ndarray:
        """Give the step of each row that a text may have meant, spaces or letters being wrong."""
        named = np.zeros(len(self.entries), dtype=np.uint8)
        told = named.copy()
        for word in words:
            last = word is words[-1]
            in_name, anywhere = self._each(lambda part, w=word, end=last: part.edits(w, last=end))
            named = np.minimum(named + in_name, NEVER)
            told = np.minimum(told + anywhere, NEVER)
            if told.min() > _MOST_EDITS:
                break
        joined = key.replace(" ", "")
        if len(joined) >= _TYPING:
            named[self._each(lambda part: part.joined.beginning(joined)) & (named > 1)] = 1
        lost = min(named.min(), told.min()) > _MOST_EDITS
        if lost and _TYPING <= len(joined) <= LONGEST:
            named = self._each(
                lambda part: part.joined.edits(joined, allowed=_MOST_EDITS, typing=False)
            )
        steps = (told <= _MOST_EDITS) * np.uint8(FAR)
        steps[named <= _MOST_EDITS] = TWO_EDITS
        steps[named <= 1] = ONE_EDIT
        return steps

    def hit(self, row: int, step: int, key: str, atlas: Atlas) -> Hit:
        """Show a row that is found on a step, and the former name it was found under."""
        score = float(step + self.merit[row])
        entry, n_sheets = self.entries[row], int(self.n_sheets[row])
        if isinstance(entry, str):
            entry = project_of(atlas, entry)
        said = [entry.detail]
        if entry.kind == "commune":
            said.append(plural(entry.population, "habitant"))
        if entry.kind != "project" and n_sheets:
            said.append(plural(n_sheets, "fiche"))
        old = tuple(fold(name) for name, _ in entry.former)
        if key in old or not any(name.startswith(key) for name in _variants(entry.names)):
            late = [place for place, name in enumerate(old) if name.startswith(key)]
            late.sort(key=lambda place: old[place] != key)
            said += [f"{kind}{NBSP}: {name}" for name, kind in (entry.former[i] for i in late[:1])]
        return Hit(entry.kind, entry.id, entry.label, ", ".join(said), score)


class _Part:
    """Some of what can be found, one row each, in the order of labels and ids."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        folded = _folds(entries)
        orders = [_order(entry, folded[entry.label]) for entry in entries]
        by_order = sorted(range(len(entries)), key=orders.__getitem__)
        self.entries = [entries[row] for row in by_order]
        self.orders = [orders[row] for row in by_order]
        self.size = size = len(entries)
        former = [tuple(folded[name] for name, _ in e.former) for e in self.entries]
        names = [_variants(entry.names, folded.__getitem__) for entry in self.entries]
        self._index_keys(names, former)
        spelt = [now.union(before) if before else now
                 for now, before in zip(names, former, strict=True)]  # fmt: skip
        self.names = Words(((row, " ".join(keys)) for row, keys in enumerate(spelt)), size)
        joined = ((row, key.replace(" ", "")) for row, keys in enumerate(spelt) for key in keys)
        self.joined = Words(joined, size)
        texts = [
            " ".join((*entry.codes, entry.words) if entry.kind == "commune" else (entry.words,))
            for entry in self.entries
        ]
        self.texts = Words(((row, text.lower()) for row, text in enumerate(texts) if text), size)
        self.groups = [
            _Group([entry.epci for entry in self.entries]),
            _Group([entry.territory for entry in self.entries]),
        ]

    def _index_keys(self, names: list[set[str]], former: list[tuple[str, ...]]) -> None:
        """Sort every key that a row may be found by, with the steps that it gives."""
        codes = [[code.lower() for code in entry.codes] for entry in self.entries]
        late = [[code.lower() for code in entry.former_codes] for entry in self.entries]
        keys, steps = [], []
        for held, exact, begun in (
            (names, EXACT, PREFIX),
            (former, FORMER, LATE_PREFIX),
            (codes, EXACT, LATE_PREFIX),
            (late, FORMER, LATE_PREFIX),
        ):
            keys += chain.from_iterable(held)
            counts = [*map(len, held)]
            rows = np.repeat(np.arange(len(held)), counts)
            steps.append(np.stack([rows, *np.broadcast_to([[exact], [begun]], (2, len(rows)))]))
        # keys alone are compared: of equal ones the order says nothing
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self.keys = Sorted(pa.array([keys[at] for at in order], pa.string()))
        found = np.concatenate(steps, axis=1)[:, np.array(order, dtype=np.intp)]
        self.key_rows = found[0].astype(np.int32)
        self.if_exact, self.if_begun = found[1:].astype(np.uint8)

    def keyed(self, key: str) -> np.ndarray:
        """Give the step of each row that a whole text stands for, or begins; 0 elsewhere."""
        steps = np.zeros(self.size, dtype=np.uint8)
        begun = slice(*span(self.keys, key))
        np.maximum.at(steps, self.key_rows[begun], self.if_begun[begun])
        first = exact = begun.start
        while exact < len(self.keys) and self.keys[exact] == key:
            exact += 1
        np.maximum.at(steps, self.key_rows[first:exact], self.if_exact[first:exact])
        return steps

    def worded(self, words: list[str]) -> np.ndarray:
        """Give the step of each row that holds all the words, or their beginnings."""
        named = np.ones(self.size, dtype=bool)
        told = named.copy()
        for word in words:
            here = self.names.beginning(word)
            named &= here
            told &= here | self._around(word)
        return np.where(named, np.uint8(WORD), told * np.uint8(CONTEXT))

    def edits(self, word: str, *, last: bool) -> np.ndarray:
        """Count the edits from a word to the nearest of each row: in its name, and anywhere."""
        named = np.where(self.names.beginning(word), 0, NEVER).astype(np.uint8)
        told = np.where(self._around(word), 0, NEVER).astype(np.uint8)
        if word.isalpha() and _SHORTEST <= len(word) <= LONGEST:
            allowed = 1 if len(word) < _TWICE else _MOST_EDITS
            typing = last and len(word) >= _TYPING
            named = np.minimum(named, self.names.edits(word, allowed=allowed, typing=typing))
            for group in self.groups:
                edits = group.words.edits(word, allowed=allowed, typing=typing)
                told = np.minimum(told, edits[group.of_row])
        return np.stack([named, np.minimum(named, told)])

    def _around(self, word: str) -> np.ndarray:
        """Tell which rows have a word in their sheet, codes, EPCI or territory."""
        held = self.texts.beginning(word)
        for group in self.groups:
            held |= group.words.beginning(word)[group.of_row]
        return held


def _order(entry: Entry, label: str) -> tuple[str, int, str]:
    """Order of what is found alike: by label (folded), by kind, by id."""
    return label, KINDS.index(entry.kind), entry.id


class _Group:
    """What many rows share (EPCI, territory): its words once, and the group of each row."""

    def __init__(self, texts: list[str]) -> None:
        distinct = {text: rank for rank, text in enumerate(dict.fromkeys(texts))}
        self.words = Words(((rank, fold(text)) for text, rank in distinct.items()), len(distinct))
        self.of_row = np.array([distinct[text] for text in texts], dtype=np.int32)


def _folds(entries: Iterable[Entry]) -> dict[str, str]:
    """Fold once all the names of what can be found."""
    said = set()
    for entry in entries:
        said.add(entry.label)
        said.update(*map(_spellings, entry.names))
        said.update(name for name, _ in entry.former)
    return dict(zip(said, fold_all(said), strict=True))


def _spellings(name: str) -> tuple[str, ...]:
    """Give a name, and what stands before its brackets."""
    bare, brackets, _ = name.partition(" (")
    return (name, bare) if brackets else (name,)


def _variants(names: tuple[str, ...], folded: Callable[[str], str] = fold) -> set[str]:
    """Fold names; also without their article, and without what is in brackets."""
    keys = set()
    for name in names:
        for text in _spellings(name):
            key = folded(text)
            first, _, rest = key.partition(" ")
            keys.add(key)
            if rest and first in _ARTICLES:
                keys.add(rest)
    return keys - {""}


@kept_with_first()
def _places(communes: pd.DataFrame) -> _Part:
    """Index communes and their territories, once for all the atlases that share them."""
    return _Part([*communes_of(communes), *territories_of(communes)])
