"""Places → the columns added to a table: each distinct place is written out once."""

import functools
import threading
from collections.abc import Callable
from operator import attrgetter

import numpy as np
import pyarrow as pa

from villeactive.tables.located import TABLE_COLUMNS, located
from villeactive.tables.places import Place

FIELDS = ("status", "scale", "code_insee", "siren", "departement", "region", "drawn_at", "lon",
          "lat", "reason_code", "reason")  # fmt: skip
"""What ``table`` adds to a row: of its place."""

DEGREES = ("lon", "lat")

_MANY = 200_000
"""Places written out at most, then all anew."""


class Added:
    """The values of some fields of each place that was asked for, by the number it was given."""

    def __init__(self, fields: tuple[str, ...], values: Callable[[Place], tuple]) -> None:
        self.fields, self._values, self._lock = fields, values, threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._places: list[Place] = []  # kept, so that no other place has its identity
        self._numbers: dict[int, int] = {}
        self._texts: dict[str, dict[str | None, int]] = {field: {} for field in self.fields}
        self._codes: dict[str, list] = {field: [] for field in self.fields}

    def columns(self, places: np.ndarray, kinds: np.ndarray) -> dict[str, pa.Array]:
        """Return the columns of rows.

        Parameters
        ----------
        places
            Distinct answers.
        kinds
            The place of each row's answer among them.

        Returns
        -------
        dict
            Field → column: numbers of degrees, else texts by their distinct values.
        """
        with self._lock:
            if len(self._places) + len(places) > _MANY:
                self._forget()
            numbers = list(map(self._numbers.get, map(id, places)))
            if None in numbers:
                numbers = list(map(self._number, places))
            taken = np.array(numbers, dtype=np.int64)[kinds]
            return {field: self._column(field, taken) for field in self.fields}

    def _number(self, place: Place) -> int:
        number = self._numbers.get(id(place))
        if number is None:
            number = self._numbers[id(place)] = len(self._places)
            self._places.append(place)
            for field, value in zip(self.fields, self._values(place), strict=True):
                if field not in DEGREES:
                    texts = self._texts[field]
                    value = texts.setdefault(value, len(texts))
                self._codes[field].append(value)
        return number

    def _column(self, field: str, taken: np.ndarray) -> pa.Array:
        codes = self._codes[field]
        if field in DEGREES:
            return pa.array(codes, pa.float64()).take(pa.array(taken))
        texts = pa.array(list(self._texts[field]), pa.string())
        column = pa.DictionaryArray.from_arrays(np.array(codes, dtype=np.int32)[taken], texts)
        return column if texts.null_count == 0 else _without_null(column)


def _without_null(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return a column whose rows are null, rather than one of its distinct values."""
    texts = column.dictionary
    gone = np.flatnonzero(texts.is_null().to_numpy(zero_copy_only=False))[0]
    codes = column.indices.to_numpy()
    codes = pa.array(np.where(codes > gone, codes - 1, codes), pa.int32(), mask=codes == gone)
    return pa.DictionaryArray.from_arrays(codes, texts.drop_null())


@functools.cache
def added(fields: tuple[str, ...]) -> Added:
    """Return what this process has written out of some fields: :data:`FIELDS` or ``locate``'s."""
    return Added(fields, located if fields == TABLE_COLUMNS else attrgetter(*FIELDS))
