"""What tells a project from the others, from one import to the next."""

import json
from collections import Counter
from collections.abc import Sequence

from villeactive.tables.columns import Column
from villeactive.tables.places import Place
from villeactive.tables.understanding import Understood
from villeactive.text import fold


def key_column(understood: Understood) -> Column | None:
    """Return the column that identifies projects: one of ids, filled and different on each."""
    for column in understood.columns:
        if column.role == "id":
            ids = _ids_in(understood, column)
            if all(ids) and len(set(ids)) == len(ids):
                return column
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


def _ids_in(understood: Understood, column: Column) -> list[str]:
    """Return what a column of ids says of each project."""
    rows, sites = understood.table.rows, understood.sites
    return [rows[sites.of[project[0]]][column.index].strip() for project in sites.projects]


def _whereabouts(place: Place) -> str:
    return place.code_insee or place.siren or place.departement or place.region or ""
