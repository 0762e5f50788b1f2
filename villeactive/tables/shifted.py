"""Rows whose cells stand one column off: a delimiter too many, or one too few."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from villeactive.tables import roles
from villeactive.tables.columns import Column
from villeactive.tables.headers import Table
from villeactive.tables.raw.limits import problem
from villeactive.tables.values import filled

_TELLING = ("code", "departement", "region", "postcode", "epci", "scale", "lon", "lat", "amount",
            "date", "link")  # fmt: skip
_CELLS = 100_000  # different cells of a column, of which one look is enough
_LEAST = 2  # cells out of place, in a row of the right length


def straightened(table: Table, columns: list[Column]) -> tuple[Table, set[int]]:
    """Return a table whose shifted rows are put back, and the numbers of these rows.

    A row is put back when every cell of a telling role (code, département, amount…) then looks
    like one; it is told either way.
    """
    telling = [
        (c.index, lru_cache(_CELLS)(partial(_misfits_role, c.role)))
        for c in columns
        if c.role in _TELLING
    ]
    rows, shifted, told = list(table.rows), set(), []
    for position, row in enumerate(table.rows):
        number = position + 1
        odd = _misfits(row, telling)
        beyond = [cell for cell in table.extra.get(number, ()) if cell.strip()]
        uneven = bool(beyond) or number in table.short
        if not odd or (len(odd) < _LEAST and not uneven):
            continue
        better = next((r for r in _moved(row, beyond) if not _misfits(r, telling)), None)
        if better is not None:
            rows[position] = better
            shifted.add(number)
            told.append(_told(number, columns[odd[0]].header, row[odd[0]]))
    return replace(table, rows=rows, problems=[*table.problems, *told]), shifted


def _misfits(row: list[str], telling: list[tuple[int, Callable[[str], bool]]]) -> list[int]:
    """Return the columns whose cell does not look like their role."""
    return [index for index, misfits in telling if misfits(row[index])]


def _misfits_role(role: str, cell: str) -> bool:
    """Tell a cell that does not look like a role's; one that says nothing may be anything."""
    said = filled(cell)
    return bool(said) and not roles.fits(role, said)


def _moved(row: list[str], beyond: list[str]) -> list[list[str]]:
    """Return the row with one cell joined to the next, or with one empty cell put in or out."""
    width = len(row)
    if beyond:
        whole = [*row, *beyond]
        joined = [
            [*whole[:at], ", ".join(c.strip() for c in whole[at : at + 2]), *whole[at + 2 :]]
            for at in range(len(whole) - 1)
        ]
        return [cells[:width] for cells in joined]
    inserted = [[*row[:at], "", *row[at:-1]] for at in range(width)] if not row[-1].strip() else []
    taken = [[*row[:at], *row[at + 1 :], ""] for at in range(width) if not row[at].strip()]
    return [*inserted, *taken]


def _told(number: int, field: str, value: str) -> dict[str, Any]:
    said = "Les cellules de la ligne sont décalées d’une colonne : elles sont remises à leur place."
    return problem(said, row=number, field=field, value=value[:200], reason_code="shifted")
