"""Cells that are not what they look like: formulas, which stay texts, and numbers that are none."""

import re
from dataclasses import replace
from typing import Any

from villeactive.tables.columns import Column
from villeactive.tables.headers import Table
from villeactive.tables.raw.limits import problem
from villeactive.tables.values import is_no_number
from villeactive.text import plural

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
