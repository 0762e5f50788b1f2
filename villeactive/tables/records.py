"""A table as projects: title, theme, year, amounts, values."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from villeactive.geography.gazetteer import communes
from villeactive.tables import values
from villeactive.tables.columns import Column
from villeactive.tables.roles import PLACE_ROLES
from villeactive.tables.sites.identified import agreed, agreed_amount
from villeactive.tables.understanding import Understood
from villeactive.text import fold

_GRANTED = (
    re.compile(r"\b(subvention|montant|aide|dotation)s?\b.*\b(accord|attribu|octroy|notifi|vers)"),
    re.compile(r"\bsubventions?\b(?!.*\b(demand|sollicit))"),
    re.compile(r"\b(subvention|aide)s?\b"),
)
WITHOUT_THEME, OTHER_THEMES = "sans thème", "autres"
_MAX_THEMES, _KEPT_THEMES = 12, 11


def records(understood: Understood) -> list[dict[str, Any]]:
    """Return the projects of a table, in the order of their first rows.

    Returns
    -------
    list of dict
        ``row, title, theme, year`` (None without a date), ``amounts`` (header → euros, None where
        the cell holds none), ``values`` (header → text, or texts where a cell holds several). A
        project of several rows takes its title, theme and year from the first that says one, has
        all of them in ``rows``, in ``values`` what they agree on, else each of their texts, and an
        amount only where they agree on it.
    """
    rows = [[values.filled(cell) for cell in row] for row in understood.table.rows]
    columns = understood.columns
    title = next((c for c in columns if c.role == "title"), None)
    theme = theme_column(columns) if understood.mapping.themed else None
    themes = _themes(theme, rows)
    date = next((c for c in columns if c.role == "date"), None)
    texts = {c.header: [_value(row[c.index], c.separator) for row in rows] for c in columns}
    amounts = {
        c.header: (values.header_unit(c.header), [row[c.index] for row in rows])
        for c in columns
        if c.role == "amount"
    }
    told = []
    for project in understood.sites.projects:
        at = understood.sites.rows_of(project)
        held = [rows[row] for row in at]
        titles = [row[title.index] for row in held] if title else []
        years = (values.any_year(row[date.index]) for row in held) if date else ()
        one = {
            "row": at[0] + 1,
            "title": next(filter(None, titles), "") or _fallback(understood, project),
            "theme": next((t for row in at if (t := themes[row]) != WITHOUT_THEME), WITHOUT_THEME),
            "year": next(filter(None, years), None),
            "amounts": {
                header: agreed_amount([cells[row] for row in at], unit)
                for header, (unit, cells) in amounts.items()
            },
            "values": {
                header: cells[at[0]] if len(at) == 1 else agreed([cells[row] for row in at])
                for header, cells in texts.items()
            },
        }
        told.append(one | ({"rows": [row + 1 for row in at]} if len(at) > 1 else {}))
    return told


def theme_column(columns: list[Column]) -> Column | None:
    """Return the column of themes: the one so headed, else a text of 2 to 12 values."""
    headed = next((c for c in columns if c.role == "theme" and not c.personal), None)
    if headed:
        return headed
    texts = [
        c
        for c in columns
        if c.type == "text" and c.filter and c.role not in PLACE_ROLES and not c.personal
    ]
    return next((c for c in texts if 2 <= c.values <= _MAX_THEMES), None)


def size_column(columns: list[Column]) -> Column | None:
    """Return the amount that sizes circles: a subsidy granted, else the first."""
    amounts = [c for c in columns if c.role == "amount"]
    granted = (c for said in _GRANTED for c in amounts if said.search(fold(c.header)))
    return next(granted, amounts[0] if amounts else None)


def defaults_said(understood: Understood) -> str:
    """Say in French what themes and circles are made of, unless one says otherwise."""
    columns = understood.columns
    theme = theme_column(columns) if understood.mapping.themed else None
    size = size_column(columns)
    said = f"Thème\u00a0: {theme.header if theme else WITHOUT_THEME}."
    return f"{said} Taille des cercles\u00a0: {size.header}." if size else said


def _themes(column: Column | None, rows: list[list[str]]) -> list[str]:
    """Return the theme of each row: the eleven largest and « autres », where there are more."""
    if column is None:
        return [WITHOUT_THEME] * len(rows)
    given = []
    for row in rows:
        cell = row[column.index]
        parts = cell.split(column.separator) if column.separator else [cell]
        given.append(next((part.strip() for part in parts if part.strip()), ""))
    counts = Counter(theme for theme in given if theme)
    # of two as frequent, the first by its letters: the order of the rows may change
    first = sorted(counts, key=lambda theme: (-counts[theme], fold(theme), theme))
    kept = set(first[:_KEPT_THEMES])
    if len(counts) <= _MAX_THEMES:
        kept = set(counts)
    return [theme if theme in kept else OTHER_THEMES if theme else WITHOUT_THEME for theme in given]


def _fallback(understood: Understood, project: Sequence[int]) -> str:
    drawn = next((p.drawn_at for site in project if (p := understood.places[site]).drawn_at), None)
    row = understood.sites.of[project[0]] + 1
    return f"Projet, {communes()[drawn].name}" if drawn else f"Projet, ligne {row}"


def _value(cell: str, separator: str | None) -> str | list[str]:
    if not separator:
        return cell
    return [part.strip() for part in cell.split(separator) if part.strip()]
