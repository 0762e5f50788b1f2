"""Figures by territory, how many projects or euros: the same on the page, on paper, in decks."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from villeactive.collections.own_columns import OwnColumn
from villeactive.filtering import Applied

_WIDTH = {"town": 0, "epci": 1, "departement": 2, "region": 3}
"""How wide a level is; a place of any other scale is a commune."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Euros of one column by territory, and those that no territory has.

    Attributes
    ----------
    level
        Of the territories, see :data:`villeactive.layers.LEVELS`.
    euros, projects
        Code → its euros, how many projects give them. A project counts once, where its principal
        place is.
    wider
        Euros of projects of a wider territory than the level.
    alone
        Euros of communes that are in no territory of the level: islands outside any EPCI.
    elsewhere
        Euros of projects seen here by another of their places.
    unplaced
        Euros of projects without a place.
    missing
        How many projects have no amount.
    """

    level: str
    euros: dict[str, float]
    projects: dict[str, int]
    wider: float = 0.0
    alone: float = 0.0
    elsewhere: float = 0.0
    unplaced: float = 0.0
    missing: int = 0

    @property
    def total(self) -> float:
        """The euros that territories have."""
        return sum(self.euros.values())


def column_of(level: str) -> str:
    """Name the column of the sites that holds the territories of a level."""
    return "code_insee" if level == "town" else level


def located(applied: Applied) -> tuple[pd.DataFrame, dict[str, str]]:
    """Part the projects of a selection.

    Returns
    -------
    DataFrame
        The places of those that have some: rows of ``applied.sites``.
    dict
        Id → collection of those that have none.
    """
    sites = pd.DataFrame(applied.sites)
    sites = sites[sites["scale"].notna() & sites["counted"]]
    there = set(sites["project"].tolist())
    lost = [name not in there for name in applied.counted.index.tolist()]
    return sites, applied.counted.loc[lost, "collection"].to_dict()


def matching(sites: pd.DataFrame) -> pd.DataFrame:
    """Leave out the places that do not match by themselves, which maps draw faded."""
    return sites[sites["matches"].to_numpy(dtype=bool)] if "matches" in sites else sites


def counted(sites: pd.DataFrame, level: str) -> dict[str, int]:
    """Count projects by territory; one in two territories counts in both."""
    column = column_of(level)
    rows = matching(sites).drop_duplicates(["project", column])
    return {str(code): int(n) for code, n in rows[column].dropna().value_counts().items()}


def summed(sites: pd.DataFrame, unplaced: Mapping[str, str], column: OwnColumn, level: str) -> Sums:
    """Sum the euros of a column by territory.

    Parameters
    ----------
    sites, unplaced
        As :func:`located` gives them; the sites of a part of France alone, if need be.
    column
        Its euros are added to those of no other.
    level
        One of :data:`villeactive.layers.LEVELS`.
    """
    here = matching(sites[sites["collection"].isin(column.priced)])
    lost = [name for name, collection in unplaced.items() if collection in column.priced]
    asked = pd.unique(here["project"])
    main = here[here["rank"] == 0]
    euros = main["project"].map(column.amounts).astype(float)
    narrow = main["scale"].map(lambda scale: _WIDTH.get(scale, 0)).astype(int) <= _WIDTH[level]
    codes = main[column_of(level)]
    kept = narrow & codes.notna() & euros.notna()
    by = euros[kept].groupby(codes[kept])
    away = set(asked) - set(main["project"])
    return Sums(
        level,
        euros={str(code): _cents(value) for code, value in by.sum().items()},
        projects={str(code): int(n) for code, n in by.size().items()},
        wider=_cents(euros[~narrow].sum()),
        alone=_cents(euros[narrow & codes.isna()].sum()),
        elsewhere=_cents(sum(column.amounts.get(name, 0.0) for name in away)),
        unplaced=_cents(sum(column.amounts.get(name, 0.0) for name in lost)),
        missing=sum(name not in column.amounts for name in (*asked, *lost)),
    )


_STEPS = 7
"""Values that :func:`round_values` gives at most."""


def round_values(most: float) -> list[float]:
    """Return round values up to the largest, from it down: 1, 2, 5 times a power of ten."""
    if most < 1:
        return []
    power = 10 ** math.floor(math.log10(most))
    steps = [step * power / 10**down for down in range(_STEPS) for step in (5, 2, 1)]
    return [step for step in steps if 1 <= step <= most][:_STEPS]


def _cents(value: float | np.floating) -> float:
    """Round to what money has, so that an order of adding makes no difference."""
    return round(float(value), 2)
