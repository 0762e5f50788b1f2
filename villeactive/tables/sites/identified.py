"""Rows of one identifier → one project; what their cells say together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from villeactive.tables import values
from villeactive.tables.columns import Column
from villeactive.tables.headers import Table
from villeactive.tables.raw.limits import problem
from villeactive.tables.roles import PLACE_ROLES, header_roles
from villeactive.tables.sites.cells import MOST
from villeactive.text import fold, number, plural

SITES_TOLD = "sites"
"""Reason code of what is told of projects with several sites."""

_AT_LEAST = 0.9
"""Share of the identifiers that come back under one title, from which they are of projects."""


def id_column(columns: Iterable[Column]) -> Column | None:
    """Return the column of identifiers, if any."""
    return next((c for c in columns if c.role == "id"), None)


def with_ids(columns: list[Column], table: Table) -> list[Column]:
    """Return columns of which one is of identifiers, where a column reads as such.

    One that repeats its values is no identifier of rows; it is one of projects.
    """
    found = None if id_column(columns) else repeated_ids(columns, table)
    if found is None:
        return columns
    return [replace(c, role="id", filter=False) if c == found[0] else c for c in columns]


def repeated_ids(columns: Sequence[Column], table: Table) -> tuple[Column, int] | None:
    """Return the column whose identifiers come back on several rows, and how many do.

    Its header says identifiers; of those that come back, nearly all have one title, and several
    places: the same row twice makes no second site.
    """
    title = next((c for c in columns if c.role == "title"), None)
    if title is None:
        return None
    placing = [c.index for c in columns if c.role in PLACE_ROLES]
    known = id_column(columns)
    announced = (c for c in columns if c.role is None and "id" in header_roles(c.header))
    for column in [known] if known else announced:
        groups: dict[str, list[list[str]]] = defaultdict(list)
        for row in table.rows:
            groups[values.filled(row[column.index])].append(row)
        groups.pop("", None)
        several = [rows for rows in groups.values() if 1 < len(rows) <= MOST]
        alike = [rows for rows in several if len({fold(row[title.index]) for row in rows}) == 1]
        apart = [r for r in alike if len({tuple(row[i] for i in placing) for row in r}) > 1]
        if apart and len(apart[0]) < len(table.rows) and len(alike) >= _AT_LEAST * len(several):
            return column, len(apart)
    return None


def by_id(ids: Sequence[str], sites: Sequence[int]) -> tuple[list[list[int]], list[dict[str, Any]]]:
    """Return the rows of each project, and what is told of them.

    Parameters
    ----------
    ids
        The identifier of each row; rows without one are each a project.
    sites
        How many sites each row has.

    Returns
    -------
    tuple
        Rows counted from 0, in the order of their first; an identifier of more sites than a project
        may have is none of projects: its rows stay each one.
    """
    groups: dict[object, list[int]] = defaultdict(list)
    for row, cell in enumerate(ids):
        groups[values.filled(cell) or row].append(row)
    found: list[list[int]] = []
    told = []
    for name, rows in groups.items():
        if len(rows) == 1 or sum(sites[row] for row in rows) <= MOST:
            found.append(rows)
            continue
        said = (
            f"L’identifiant « {str(name)[:60]} » revient sur {number(len(rows))} lignes, et un "
            f"projet a {MOST} lieux au plus : chacune reste un projet."
        )
        told.append(problem(said, row=rows[0] + 1, reason_code=SITES_TOLD))
        found += [[row] for row in rows]
    return sorted(found), told


def amounts_told(
    columns: Sequence[Column], rows: list[list[str]], groups: Iterable[list[int]]
) -> list[dict[str, Any]]:
    """Say which amounts differ between the rows of one project: they count for none."""
    several = [group for group in groups if len(group) > 1]
    told = []
    for column in columns:
        if column.role != "amount":
            continue
        unit = values.header_unit(column.header)
        differ = [
            group
            for group in several
            if agreed_amount([rows[row][column.index] for row in group], unit) is None
            and any(values.amount(rows[row][column.index], unit) is not None for row in group)
        ]
        if differ:
            many = plural(len(differ), "projet a", "projets ont")
            said = (
                f"« {column.header} » : {many} d’une ligne à l’autre des montants différents. Ils "
                "ne sont pas additionnés et ne comptent dans aucun total ; la fiche les donne tous."
            )
            told.append(
                problem(said, row=differ[0][0] + 1, field=column.header, reason_code=SITES_TOLD)
            )
    return told


def agreed_amount(cells: Iterable[str], unit: float) -> float | None:
    """Return the euros of a project said by its rows: those on which all that say some agree.

    Amounts that differ may be shares of each site, or the whole at several dates: they are never
    added, and none is chosen. The project then has no amount, which totals say.
    """
    said = {values.amount(cell, unit) for cell in map(values.filled, cells) if cell}
    return said.pop() if len(said) == 1 else None


def agreed(cells: Iterable[str | list[str]]) -> str | list[str]:
    """Return what rows say together: the text on which they agree, else each text once."""
    whole = list(cells)
    if len(whole) == 1:
        return whole[0]
    parts: dict[str, None] = {}
    for cell in whole:
        parts |= dict.fromkeys([cell] if isinstance(cell, str) else cell)
    parts.pop("", None)
    listed = any(not isinstance(cell, str) for cell in whole)
    return list(parts) if listed or len(parts) > 1 else next(iter(parts), "")
