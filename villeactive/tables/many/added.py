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
        self._columns: dict[str, pa.Array] = {}

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
                self._columns = {field: self._column(field) for field in self.fields}
            taken = pa.array(np.array(numbers, dtype=np.int64)[kinds])
            return {field: _taken(column, taken) for field, column in self._columns.items()}

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

    def _column(self, field: str) -> pa.Array:
        codes = self._codes[field]
        if field in DEGREES:
            return pa.array(codes, pa.float64())
        texts = list(self._texts[field])
        if None not in texts:
            return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(texts))
        # no value is a null of the column, not one of its texts
        gone = texts.index(None)
        at = np.array(codes, dtype=np.int32)
        at = pa.array(np.where(at > gone, at - 1, at), pa.int32(), mask=at == gone)
        texts = [text for text in texts if text is not None]
        return pa.DictionaryArray.from_arrays(at, pa.array(texts, pa.string()))


def _taken(column: pa.Array, numbers: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(column.type):
        return column.take(numbers)
    return pa.DictionaryArray.from_arrays(column.indices.take(numbers), column.dictionary)


@functools.cache
def added(fields: tuple[str, ...]) -> Added:
    """Return what this process has written out of some fields: :data:`FIELDS` or ``locate``'s."""
    return Added(fields, located if fields == TABLE_COLUMNS else attrgetter(*FIELDS))
