"""The labelled towns in figures: which carry what, where, how many people live there.

A labelled town is a commune that carries ACV, PVD, ORT, a Fabrique or a Manufacture
(``atlas.towns``). A Territoire d'industrie is a label of the grouping: it can be asked for, it
never makes a town a labelled one.
"""

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.filtering import apply_to_towns
from villeactive.filters import TERRITORIES
from villeactive.programmes import known_programmes
from villeactive.selection import Selection

MODES = {"any": "au moins un", "all": "tous", "none": "aucun"}
"""How the programmes asked for are combined: code → French words."""

TOTAL = "total"
"""Index of the last row of the tables by région."""

SIZES = (0, 2_000, 3_500, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Lower bounds of the steps of population, inhabitants."""


def own_labels() -> tuple[str, ...]:
    """Give the programmes that make a commune a labelled town, in vocabulary order."""
    return tuple(code for code, term in known_programmes().items() if term.labelled)


def carrying(towns: gpd.GeoDataFrame, programmes: Collection[str], mode: str) -> gpd.GeoDataFrame:
    """Keep the towns by the programmes that they carry.

    Parameters
    ----------
    towns
        With a column ``programmes`` (tuples of codes).
    programmes
        Codes; none keeps everything, whatever the mode.
    mode
        ``any``: at least one of them; ``all``: each of them; ``none``: not one of them.

    Raises
    ------
    KeyError
        The mode is unknown.
    """
    wanted = set(programmes)
    if not wanted:
        return towns
    held = {
        "any": lambda carried: not wanted.isdisjoint(carried),
        "all": lambda carried: wanted <= set(carried),
        "none": lambda carried: wanted.isdisjoint(carried),
    }[mode]
    # an array: of no town, pandas would take an empty list for a choice of no column
    return towns[np.fromiter(map(held, towns["programmes"]), dtype=bool)]


def chosen(selection: Selection, mode: str, atlas: Atlas) -> gpd.GeoDataFrame:
    """Give the labelled towns of a selection.

    Parameters
    ----------
    selection
        Territory and population filter the towns; ``programme`` with ``mode``; what concerns
        sheets (theme, actor, text…) is left out.
    mode
        Key of :data:`MODES`.
    atlas
        The whole atlas.

    Returns
    -------
    GeoDataFrame
        Rows of ``atlas.towns``; none is a result.
    """
    place = Selection(
        **{name: getattr(selection, name) for name in TERRITORIES},
        min_population=selection.min_population,
        max_population=selection.max_population,
    )
    return carrying(apply_to_towns(place, atlas.towns, atlas), selection.programme, mode)


def ground(selection: Selection, atlas: Atlas) -> gpd.GeoDataFrame:
    """Give all the communes of the régions and départements of a selection."""
    place = Selection(**{name: getattr(selection, name) for name in TERRITORIES})
    return apply_to_towns(place, atlas.communes, atlas)


def by_programme(towns: gpd.GeoDataFrame) -> dict[str, int]:
    """Count the towns by programme, in vocabulary order, zeros included."""
    counts = towns["programmes"].explode().value_counts()
    return {code: int(counts.get(code, 0)) for code in known_programmes()}


def by_region(towns: gpd.GeoDataFrame, atlas: Atlas) -> pd.DataFrame:
    """Cross programmes and régions.

    Parameters
    ----------
    towns
        Labelled towns.
    atlas
        For the régions.

    Returns
    -------
    DataFrame
        One row per région that holds a town, in INSEE order, then :data:`TOTAL`; one column
        of counts per programme, and ``towns``, the number of towns, each once. A town counts
        in each of its programmes: a row may sum to more than ``towns``.
    """
    pairs = towns[["region", "programmes"]].explode("programmes").dropna()
    table = pd.crosstab(pairs["region"], pairs["programmes"])
    present = [code for code in atlas.regions if code in set(towns["region"])]
    table = table.reindex(index=present, columns=list(known_programmes()), fill_value=0)
    table["towns"] = towns.groupby("region").size().reindex(present, fill_value=0)
    table.loc[TOTAL] = table.sum()
    return table.astype(int)


def overlaps(towns: gpd.GeoDataFrame) -> dict[int, int]:
    """Count the towns by how many labels of their own they carry (1, 2, 3…), TI left out."""
    own = set(own_labels())
    counts = pd.Series([len(own & set(c)) for c in towns["programmes"]], dtype=int).value_counts()
    return {int(many): int(counts[many]) for many in sorted(counts.index)}


def combinations(towns: gpd.GeoDataFrame) -> list[tuple[tuple[str, ...], int]]:
    """Count the towns by the exact set of their own labels, most frequent first."""
    own = set(own_labels())
    held = pd.Series(
        [tuple(code for code in carried if code in own) for carried in towns["programmes"]],
        dtype=object,
    )
    counts = held.value_counts(sort=False)
    return sorted(
        ((codes, int(count)) for codes, count in counts.items()),
        key=lambda pair: (-pair[1], pair[0]),
    )


def often_together(towns: gpd.GeoDataFrame) -> list[tuple[tuple[str, ...], int]]:
    """Give the three most frequent sets of two labels or more; none when no set comes twice."""
    found = [(codes, count) for codes, count in combinations(towns) if len(codes) > 1][:3]
    return found if found and found[0][1] > 1 else []


def population_share(towns: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell which part of the population lives in these towns.

    Parameters
    ----------
    towns
        Labelled towns, taken among ``communes``.
    communes
        All the communes of the territory that they are compared with.

    Returns
    -------
    DataFrame
        One row per région of ``communes``, in INSEE order, then :data:`TOTAL`: ``towns`` and
        ``communes`` (counts), ``living`` and ``population`` (municipal, 2023), ``share``
        (0 to 1; 0 where nobody lives).
    """
    every = communes.groupby("region")["population"].agg(["size", "sum"])
    held = towns.groupby("region")["population"].agg(["size", "sum"]).reindex(every.index)
    table = pd.DataFrame(
        {
            "towns": held["size"].fillna(0).astype(int),
            "communes": every["size"].astype(int),
            "living": held["sum"].fillna(0).astype(int),
            "population": every["sum"].astype(int),
        }
    ).sort_index()
    table.loc[TOTAL] = table.sum()
    table["share"] = table["living"] / table["population"].where(table["population"] > 0)
    return table.fillna({"share": 0.0})


def sizes(towns: gpd.GeoDataFrame) -> list[tuple[int, int | None, int]]:
    """Count the towns by size.

    Returns
    -------
    list of (low, high, count)
        Municipal population from ``low`` included to ``high`` excluded (None: no limit);
        zeros included, so that the steps never move.
    """
    edges = [*SIZES, None]
    people = towns["population"]
    return [
        (low, high, int(((people >= low) & (people < (high or float("inf")))).sum()))
        for low, high in zip(edges, edges[1:], strict=False)
    ]
