"""The columns of the tables that collections were made of, as filters: what each value keeps."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from villeactive.collections.collection import Collection
from villeactive.collections.sheets import Plain
from villeactive.text import fold

PREFIX = "c."
"""Before the slug of a column, in an address."""

SEPARATOR = "|"
"""Between several values of a column in an address: no value of a cell holds it."""

_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


@dataclass
class OwnColumn:
    """A column of one or several tables.

    Attributes
    ----------
    slug, header
        Its name in an address, and as people write it.
    ranged
        Whether its cells are numbers, euros or years: a range may be asked for.
    listed
        Whether its values are offered one by one.
    filter
        Whether it is offered as a filter.
    collections
        Ids of the collections that have it.
    projects
        Value → ids of the projects that have it; a year for a column of dates.
    numbers
        Id of a project → its number, euros or year.
    priced
        Ids of the collections of which it holds amounts: under one name, another may count heads.
    amounts
        Id of a project of these → its euros.
    """

    slug: str
    header: str
    ranged: bool = False
    listed: bool = True
    filter: bool = False
    collections: set[str] = field(default_factory=set)
    projects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    priced: set[str] = field(default_factory=set)
    amounts: dict[str, float] = field(default_factory=dict)

    @property
    def euros(self) -> bool:
        """Whether it holds amounts."""
        return bool(self.priced)

    @cached_property
    def extent(self) -> tuple[float, float] | None:
        """The least and the largest of its numbers; None without any. Asked once it is whole."""
        values = self.numbers.values()
        return (min(values), max(values)) if values else None

    def bounds(self, test: str) -> tuple[float, float] | None:
        """Read a range, ``2019..2023``, ``..5000`` or ``1000..``, bounds included."""
        found = _RANGE.fullmatch(test) if self.ranged else None
        if not found or not any(found.groups()):
            return None
        low, high = found.groups()
        return float(low or "-inf"), float(high or "inf")

    def years(self, low: float, high: float) -> list[str]:
        """Give its years inside a range, where they are listed: a project may have several."""
        own = self.projects if self.listed else ()
        return [one for one in own if YEAR.fullmatch(one) and low <= float(one) <= high]

    def holds(self, test: str) -> bool:
        """Tell whether a value, or a range, can be asked of the column."""
        return test in self.projects or self.bounds(test) is not None

    def spelt(self, text: str) -> str | None:
        """Give the value of the column that a text means, whatever accents and case."""
        if self.holds(text):
            return text
        return next((value for value in self.projects if fold(value) == fold(text)), None)


def own_columns(
    sheets: Iterable[Plain], collections: Mapping[str, Collection]
) -> dict[str, OwnColumn]:
    """Read the columns of all collections, each once: those of one name are one filter.

    Returns
    -------
    dict
        Slug → column, in the order of the tables; values of lists in alphabetical order.
    """
    found: dict[str, OwnColumn] = {}
    kept: dict[str, dict[str, list[str]]] = {}
    by_header: dict[str, list] = {}
    for name, one in collections.items():
        by_header[name] = []
        for column in one.columns:
            own = found.setdefault(column.slug, OwnColumn(column.slug, column.header))
            own.ranged = own.ranged or column.type in ("number", "amount", "date")
            own.listed = own.listed and column.type not in ("number", "amount")
            own.filter = own.filter or column.filter
            own.collections.add(name)
            if column.type == "amount":
                own.priced.add(name)
            by_header[name].append((column.header, column.type, own))
    for one in sheets:
        fields, amounts = one.get("fields", {}), one.get("amounts", {})
        for header, kind, own in by_header[one["collection"]]:
            if (value := fields.get(header)) is None:
                continue
            number = _number(value, kind, amounts.get(header))
            if number is not None:
                own.numbers[one["id"]] = number
            if kind == "amount" and number is not None:
                own.amounts[one["id"]] = number
            cells = [value] if isinstance(value, str) else value
            if kind == "date":
                cells = [said[0] if (said := YEAR.search(cell)) else cell for cell in cells]
            values = kept.setdefault(own.slug, {})
            for cell in dict.fromkeys(cells) if own.listed else ():
                values.setdefault(cell, []).append(one["id"])
    # most values of a title have one project: a set, or a list that may grow, would take four times
    # the room of it
    for slug, values in kept.items():
        ordered = sorted(values.items(), key=lambda one: fold(one[0]))
        found[slug].projects = {value: tuple(names) for value, names in ordered}
    return found


def _number(value: str | list[str], kind: str, amount: float | None) -> float | None:
    """Read the number, the euros or the year of a cell; the first year of several."""
    if kind == "date":
        cells = [value] if isinstance(value, str) else value
        return next((float(found[0]) for one in cells if (found := YEAR.search(one))), None)
    if kind == "amount" or not isinstance(value, str):
        return amount
    if kind != "number":
        return None
    try:
        return float(_SPACES.sub("", value).replace(",", "."))
    except ValueError:
        return None
