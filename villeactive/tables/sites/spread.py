"""The rows of a table → the sites of its projects, placed one by one, and what they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from villeactive.tables.columns import Column
from villeactive.tables.raw.limits import problem
from villeactive.tables.sites.cells import MOST, Parting
from villeactive.tables.sites.identified import SITES_TOLD, amounts_told, by_id, id_column
from villeactive.text import number

_NO_ID = (
    "Aucune colonne d’identifiants ne revient sur plusieurs lignes : donnez à l’une le rôle "
    "d’identifiant. Chaque ligne reste un projet."
)


@dataclass(frozen=True)
class Sites:
    """The sites of a table.

    Attributes
    ----------
    rows
        One a site: its row, whose cells of place are those of this site alone.
    of
        Site → its row in the table, counted from 0; in the order of the table.
    projects
        The sites of each project, in the order of their first rows.
    """

    rows: list[list[str]]
    of: Sequence[int]
    projects: Sequence[Sequence[int]]

    def rows_of(self, project: Sequence[int]) -> list[int]:
        """Return the rows of a project, each once."""
        return list(dict.fromkeys(self.of[site] for site in project))


def one_a_row(rows: list[list[str]]) -> Sites:
    """Return the sites of a table each of whose rows is a project at one place."""
    return Sites(rows, range(len(rows)), [(row,) for row in range(len(rows))])


def spread(
    columns: Sequence[Column], rows: list[list[str]], how: Sequence[str]
) -> tuple[Sites, list[dict[str, Any]]]:
    """Return the sites of a table, and what is told of them.

    Parameters
    ----------
    columns
        Of the table, with their roles.
    rows
        Its rows.
    how
        ``cells``: a cell may name several communes; ``rows``: rows of one identifier are one
        project. None of both: a row is a project at one place.
    """
    if not how:
        return one_a_row(rows), []
    told: list[dict[str, Any]] = []
    sites, of = list(rows), list(range(len(rows)))
    if "cells" in how:
        sites, of = _parted(columns, rows, told)
    at: list[list[int]] = [[] for _ in rows]
    for site, row in enumerate(of):
        at[row].append(site)
    projects = at
    column = id_column(columns) if "rows" in how else None
    if column:
        groups, many = by_id([row[column.index] for row in rows], list(map(len, at)))
        told += many
        projects = [[site for row in group for site in at[row]] for group in groups]
        told += amounts_told(columns, rows, groups)
    elif "rows" in how:
        told.append(problem(_NO_ID, reason_code=SITES_TOLD))
    return Sites(sites, of, projects), told


def _parted(
    columns: Sequence[Column], rows: list[list[str]], told: list[dict[str, Any]]
) -> tuple[list[list[str]], list[int]]:
    """Return a row a site, and the row of each; a cell of too many is told, and stays one."""
    parting = Parting(columns)
    sites: list[list[str]] = []
    of: list[int] = []
    for position, row in enumerate(rows):
        parts = parting.parted(row)
        if len(parts) == 1 and (many := parting.beyond(row)):
            said = (
                f"Une cellule nomme {number(many)} lieux, et un projet en a {MOST} au plus : elle "
                "n’est pas partagée."
            )
            told.append(problem(said, row=position + 1, reason_code=SITES_TOLD))
        sites += parts
        of += [position] * len(parts)
    return sites, of
