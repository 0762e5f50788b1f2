"""What tells a project, and each of its sites, from the others, from one import to the next."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from villeactive.kept_with import kept_with_first
from villeactive.tables.columns import Column
from villeactive.tables.places import Place
from villeactive.tables.roles import PLACE_ROLES, header_roles
from villeactive.tables.understanding import Understood
from villeactive.text import NBSP, enumeration, fold, number

_NAMED = 5
"""Lines of one id that are named."""

_NEARLY = 0.9
"""Share of distinct ids among rows from which a column was meant to identify them."""


def key_column(understood: Understood) -> Column | None:
    """Return the column that identifies projects: one of ids, filled and different on each."""
    for column in understood.columns:
        if column.role == "id":
            ids = _ids_in(understood, column)
            if all(ids) and len(set(ids)) == len(ids):
                return column
    return None


def no_key(understood: Understood) -> tuple[Column, str] | None:
    """Return a column of ids that identifies nearly all projects, and in French what it lacks.

    None where one identifies them all, or where rows of one id are meant to be one project.
    """
    if key_column(understood) or "rows" in understood.mapping.sites:
        return None
    lines, rows = understood.table.lines, understood.table.rows
    for column in understood.columns:
        if column.role == "id" or (column.role is None and "id" in header_roles(column.header)):
            at: dict[str, list[str]] = {}
            for line, row in zip(lines, rows, strict=True):
                at.setdefault(row[column.index].strip(), []).append(number(line))
            if len(at) < _NEARLY * len(rows):
                continue
            empty = at.pop("", [])
            cell, twice = next((one for one in at.items() if len(one[1]) > 1), ("", []))
            if len(twice) > _NAMED:
                twice[_NAMED - 1 :] = [f"{number(len(twice) - _NAMED + 1)} autres"]
            if twice:
                return column, f"«{NBSP}{cell[:60]}{NBSP}» revient aux lignes {enumeration(twice)}"
            if len(empty) == 1:
                return column, f"La ligne {empty[0]} n’en a pas"
            return column, f"{number(len(empty))} lignes n’en ont pas"
    return None


def project_keys(understood: Understood, titles: Sequence[str]) -> list[str]:
    """Return what identifies each project.

    Where no column does: its title and the first of its sites that has a place, so that a site more
    makes no other project.

    Parameters
    ----------
    understood
        The table.
    titles
        Of its projects.
    """
    column = key_column(understood)
    if column:
        return _ids_in(understood, column)
    seen: Counter[str] = Counter()
    keys = []
    for title, project in zip(titles, understood.sites.projects, strict=True):
        there = map(_whereabouts, (understood.places[site] for site in project))
        where = next(filter(None, there), "")
        base = json.dumps([fold(title), where], ensure_ascii=False)
        seen[base] += 1
        keys.append(base if seen[base] == 1 else f"{base} {seen[base]}")
    return keys


def place_cells(understood: Understood, site: int) -> dict[str, str]:
    """Return what the cells of a site say of its place, by header."""
    row = understood.sites.rows[site]
    return {c.header: row[c.index] for c in understood.columns if c.role in PLACE_ROLES}


@kept_with_first()
def site_keys(understood: Understood) -> list[str]:
    """Return what identifies each site, as a JSON list.

    The id of its project, else its title, and what its cells say of its place: a row that says
    another place is not the one that a hand settled. Where two rows say all that, the print of the
    whole row parts them, and its rank those that are the same in all: an order of rows, or a row
    inserted, gives the key of one to no other.
    """
    column = key_column(understood) or next(
        (c for c in understood.columns if c.role == "title"), None
    )
    rows, sites = understood.table.rows, understood.sites
    bases: list[list[object]] = []
    for site, row in enumerate(sites.of):
        who = rows[row][column.index].strip() if column else ""
        said = who if column and column.role == "id" else fold(who)
        bases.append([said, place_cells(understood, site)])
    keys = [_json(base) for base in bases]
    shared = Counter(keys)
    seen: Counter[str] = Counter()
    for site, row in enumerate(sites.of):
        if shared[keys[site]] > 1:
            mark = hashlib.sha256(_json(rows[row]).encode("utf-8", "replace")).hexdigest()[:16]
            key = _json([*bases[site], mark])
            seen[key] += 1
            keys[site] = key if seen[key] == 1 else _json([*bases[site], mark, seen[key]])
    return keys


def is_of_row(key: str) -> bool:
    """Tell the key of a decision on one site from that of one on all those of a question."""
    return key.startswith("[")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _ids_in(understood: Understood, column: Column) -> list[str]:
    """Return what a column of ids says of each project."""
    rows, sites = understood.table.rows, understood.sites
    return [rows[sites.of[project[0]]][column.index].strip() for project in sites.projects]


def _whereabouts(place: Place) -> str:
    return place.code_insee or place.siren or place.departement or place.region or ""
