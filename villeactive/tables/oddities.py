"""What is not what it looks like: rows one column off, formulas, numbers that are none."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from villeactive.tables import roles
from villeactive.tables.columns import Column
from villeactive.tables.headers import Table
from villeactive.tables.raw.limits import problem
from villeactive.tables.values import filled, is_no_number
from villeactive.text import plural

_TELLING = ("code", "departement", "region", "postcode", "epci", "scale", "lon", "lat", "amount",
            "date", "link")  # fmt: skip
_CELLS = 100_000  # different cells of a column, of which one look is enough
_LEAST = 2  # cells out of place, in a row of the right length
_SIGNS = ("=", "+", "-", "@")
_OPERAND = r"(?:\d+(?:[.,]\d+)?|\$?[a-z]{1,3}\$?\d+|[a-z][a-z0-9._]*\s*\(.*\))"
_FORMULA = re.compile(
    r"=(?!\s*=)\s*[\w\"'(+\-@$\[{].*"  # not the arrow of « => voir »
    r"|[+\-@]=.*"
    rf"|[+-]\s*(?:\$?[a-z]{{1,3}}\$?\d+|[a-z][a-z0-9._]*\s*\(.*\)|{_OPERAND}(?:\s*[+\-*/^&]\s*{_OPERAND})+)"
    r"|@[a-z][a-z0-9._]*\s*\(.*\)"
    r"|[=+\-@]\s*\w+\s*\|.*!.*",
    re.IGNORECASE | re.DOTALL,
)
_KEPT_TEXT = re.compile(r'="[^"]*"')
_TELEPHONE = re.compile(r"\+\d[\d\s.\-()/]{6,}")
_SHOWN = 200


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
    return problem(said, row=number, field=field, value=value[:_SHOWN], reason_code="shifted")


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would compute a cell: not « -12 », « +33 1… » nor ``="01053"``."""
    text = cell.strip()
    if not text.startswith(_SIGNS) or _KEPT_TEXT.fullmatch(text) or _TELEPHONE.fullmatch(text):
        return False
    return bool(_FORMULA.fullmatch(text))


def formulas(table: Table) -> list[dict[str, Any]]:
    """Tell the cells that a spreadsheet would compute; they are read as texts."""
    said = "La cellule est une formule : elle est lue comme un texte, jamais calculée."
    told = [
        problem(said, field=header[:_SHOWN], value=header[:_SHOWN])
        for header in table.headers
        if is_formula(header)
    ]
    for number, row in enumerate(table.rows, start=1):
        told += [
            problem(said, row=number, field=header, value=cell.strip()[:_SHOWN])
            for header, cell in zip(table.headers, row, strict=True)
            if cell.lstrip()[:1] in _SIGNS and is_formula(cell)
        ]
    return told


def without_impossible(table: Table, columns: list[Column]) -> Table:
    """Return a table without the NaN, ∞ and 1e400 of its columns of numbers; they are told."""
    numeric = [c for c in columns if c.type == "number" or c.role == "amount"]
    rows, told = list(table.rows), []
    for column in numeric:
        place = column.index
        unread = {cell for cell in {row[place] for row in rows} if is_no_number(cell)}
        odd = [n for n, row in enumerate(rows) if row[place] in unread] if unread else []
        for n in odd:
            rows[n] = [*rows[n][:place], "", *rows[n][place + 1 :]]
        if odd:
            value = table.rows[odd[0]][place].strip()[:_SHOWN]
            others = plural(len(odd) - 1, "autre", "autres")
            many = f", comme {others} de la colonne" if len(odd) > 1 else ""
            said = (
                f"«\u00a0{value}\u00a0» n’est pas un nombre{many} : la cellule est lue comme vide."
            )
            told.append(problem(said, row=odd[0] + 1, field=column.header, value=value))
    return replace(table, rows=rows, problems=[*table.problems, *told])
