"""Move symbols apart until none hides another; nothing is random."""

import numpy as np
import shapely

_ROUNDS = 60
_GAP = 0.6
"""Paper left between two symbols, points."""


def spread(
    homes: np.ndarray, radii: np.ndarray, *, weights: np.ndarray, slack: np.ndarray | None = None
) -> np.ndarray:
    """Push overlapping discs apart, each as little as it can.

    Parameters
    ----------
    homes
        n × 2, true places, points.
    radii
        n, points.
    weights
        n, how firmly each holds its place: of two discs the lighter one moves more; the
        very heavy ones (a project beside a town's dot) hardly at all.
    slack
        n, part of the radius that may be overlapped (0 by default).

    Returns
    -------
    numpy.ndarray
        n × 2, new centres; the same object's values when nothing overlaps.
    """
    places = np.array(homes, dtype=float)
    if len(places) < 2:
        return places
    solid = radii if slack is None else radii * (1 - slack)
    first, second = _near_pairs(places, solid)
    if not len(first):
        return places
    for _ in range(_ROUNDS):
        moved = _push(places, solid, weights, first, second)
        if not moved:
            break
    return places


def _near_pairs(places: np.ndarray, radii: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the pairs that touch or may come to touch."""
    reach = radii + _GAP + 6.0
    boxes = shapely.box(*(places - reach[:, None]).T, *(places + reach[:, None]).T)
    first, second = shapely.STRtree(boxes).query(boxes)
    kept = first < second
    first, second = first[kept], second[kept]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    far = np.hypot(*(places[first] - places[second]).T)
    if not (far < radii[first] + radii[second] + _GAP).any():
        return np.empty(0, int), np.empty(0, int)
    return first, second


def _push(
    places: np.ndarray,
    radii: np.ndarray,
    weights: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
) -> bool:
    """Do one round in place; tell whether anything moved."""
    gap = places[second] - places[first]
    far = np.hypot(gap[:, 0], gap[:, 1])
    lack = radii[first] + radii[second] + _GAP - far
    hit = lack > 1e-3
    if not hit.any():
        return False
    one, other, lack = first[hit], second[hit], lack[hit]
    # coincident symbols part in a direction that depends on their order only
    turn = (one * 7 + other * 5) % 12 * (np.pi / 6) + 0.3
    flat = far[hit] < 1e-6
    away = np.where(
        flat[:, None],
        np.column_stack([np.cos(turn), np.sin(turn)]),
        gap[hit] / np.maximum(far[hit], 1e-6)[:, None],
    )
    heavy = weights[one] + weights[other]
    np.add.at(places, one, -away * (lack * weights[other] / heavy * 0.55)[:, None])
    np.add.at(places, other, away * (lack * weights[one] / heavy * 0.55)[:, None])
    return True
