"""As many points as asked for, at the places of real communes; always the same ones."""

import geopandas as gpd
import numpy as np
import pandas as pd

from villeactive.geography.referential import read_communes

KINDS = ("projet", "outil", "initiative")
THEMES = ("apprendre-travailler", "filieres-productions")
TURNS = 10
"""Filters of a measured page: each leaves out one eleventh of the points."""


def pool(n_shown: int) -> gpd.GeoDataFrame:
    """Give the points of which each filter shows ``n_shown``.

    Returns
    -------
    GeoDataFrame
        EPSG:4326; the columns of ``atlas.sites`` that a map reads. A commune has a second
        point once all have one.
    """
    n_rows = -(-n_shown * (TURNS + 1) // TURNS)
    communes = read_communes()
    order = np.random.default_rng(4).permutation(len(communes))
    taken = np.resize(order, n_rows)
    rank = np.arange(n_rows)
    there = communes.iloc[taken]
    frame = pd.DataFrame(
        {
            "project": [f"point-{number}" for number in rank],
            "title": [f"Point {number}" for number in rank],
            "theme": np.take(THEMES, rank % len(THEMES)),
            "kind": np.take(KINDS, rank % len(KINDS)),
            "counted": True,
            "code_insee": there.index.to_numpy(),
            "town": there["name"].to_numpy(),
            "region": there["region"].to_numpy(),
            "departement": there["departement"].to_numpy(),
            "slot": rank // len(communes),
            "matches": True,
        }
    )
    points = gpd.points_from_xy(there["lon"].to_numpy(), there["lat"].to_numpy())
    return gpd.GeoDataFrame(frame, geometry=points, crs=4326)


def left(points: gpd.GeoDataFrame, turn: int, n_shown: int) -> np.ndarray:
    """Tell which points a filter leaves: ``n_shown`` of them, others at each turn."""
    kept = np.arange(len(points)) % (TURNS + 1) != turn
    return kept & (np.cumsum(kept) <= n_shown)


def shown(points: gpd.GeoDataFrame, turn: int, n_shown: int) -> gpd.GeoDataFrame:
    """Give the points that a filter leaves."""
    return points[left(points, turn, n_shown)]
