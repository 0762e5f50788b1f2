"""Frames to figures: a selection in numbers, and who does what."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.facet_index import columns_of
from villeactive.filtering import Applied, distances_km, within
from villeactive.filters import TERRITORIES
from villeactive.programmes import drawn_at_first, known_programmes
from villeactive.selection import Selection


class Total(NamedTuple):
    """Amounts that can be added; empty strings stand for what the book does not say."""

    nature: str
    per: str
    tax: str
    amount_eur: float
    n_lines: int
    n_projects: int


def amounts(sheets: Iterable[Project]) -> list[Total]:
    """Total the amounts that the book prints, kept apart by what cannot be added.

    Parameters
    ----------
    sheets
        Any sheets.

    Returns
    -------
    list of Total
        One per nature, span of time and tax, in their order; lines contained in another one
        (``part_of``) are left out.
    """
    found: dict[tuple[str, str, str], list[tuple[float, str]]] = {}
    for sheet in sheets:
        for line in sheet.budget:
            if not line.part_of:
                key = (line.nature or "", line.per or "", line.tax or "")
                found.setdefault(key, []).append((line.amount_eur, sheet.id))
    return [
        Total(*key, sum(amount for amount, _ in lines), len(lines), len({one for _, one in lines}))
        for key, lines in sorted(found.items())
    ]


def by_theme(applied: Applied, atlas: Atlas) -> dict[str, int]:
    """Count projects by theme, in their order, zeros included."""
    kept = np.zeros(len(atlas.projects), dtype=bool)
    kept[applied.counted_rows] = True
    counts = columns_of(atlas.projects).counts("theme", kept)
    return {code: counts.get(code, 0) for code in atlas.themes}


def by_region(applied: Applied) -> dict[str, int]:
    """Count projects by the régions of their matching sites, largest first.

    A project with sites in two régions counts in both: the sum may exceed the total.
    """
    counts = [(code, n) for code, n in _held(applied, "region").items() if n]
    return dict(sorted(counts, key=lambda pair: (-pair[1], pair[0])))


def by_programme(applied: Applied) -> dict[str, int]:
    """Count projects by the programmes that the communes of their matching sites carry."""
    counts = _held(applied, "programmes")
    return {code: counts[code] for code in known_programmes() if counts.get(code)}


def n_towns(applied: Applied) -> int:
    """Count the communes where the matching sites of the projects stand."""
    return columns_of(applied.atlas.sites).n_different("code_insee", applied.counted_sites)


def labelled(selection: Selection, atlas: Atlas) -> dict[str, int]:
    """Count the communes of the territory asked for by the label that they carry.

    Returns
    -------
    dict
        Code of each programme asked for, else of those that the map draws at first → number of
        communes, zeros included; empty when no territory is asked for.
    """
    there = Selection(**{name: getattr(selection, name) for name in TERRITORIES})
    if there.is_empty:
        return {}
    counts = columns_of(atlas.towns).counts("programmes", within(there, atlas.towns, atlas))
    return {code: counts.get(code, 0) for code in selection.programme or drawn_at_first()}


def _held(applied: Applied, column: str) -> dict[str, int]:
    """Count projects by the codes of a column of their matching sites, zeros included."""
    return columns_of(applied.atlas.sites).counts(column, applied.counted_sites, of="project")


def actors(atlas: Atlas) -> pd.DataFrame:
    """Tell who acts where.

    Returns
    -------
    DataFrame
        One row per organisation, role and sheet: ``organisation, role, project``, in the
        order of the book. The payer of a budget line is a funder.
    """
    return atlas.named[atlas.named["role"] != ""].reset_index(drop=True)


def nearby(project: str, atlas: Atlas, *, most: int = 4) -> list[tuple[str, float]]:
    """Give the nearest other projects.

    Parameters
    ----------
    project
        Id of a sheet.
    atlas
        The whole atlas.
    most
        How many at most.

    Returns
    -------
    list of (id, kilometres)
        Nearest first, by principal sites; ties in the order of the book. Empty for a sheet that
        has no place.
    """
    here = atlas.projects.loc[project, "geometry"]
    if here is None:
        return []
    located = atlas.projects["counted"] & (atlas.projects["n_sites"] > 0)
    others = atlas.projects[located & (atlas.projects.index != project)]
    far = distances_km(others, lon=here.x, lat=here.y).sort_values(kind="stable")
    return [(str(key), float(km)) for key, km in far.head(most).items()]
