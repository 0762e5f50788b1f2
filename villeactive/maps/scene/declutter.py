"""Move symbols apart until none hides another; nothing is random."""

import numpy as np
import shapely

_ROUNDS = 60
_GAP = 0.6
"""Paper left between two symbols, points."""


def spread(
    homes: np.ndarray,
    radii: np.ndarray,
    *,
    weights: np.ndarray,
    slack: np.ndarray | None = None,
    most: np.ndarray | None = None,
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
    most
        n, how far each may be moved, points (as far as it must by default); what finds no room
        that near overlaps its neighbours.

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
        if most is not None:
            _hold(places, homes, most)
    return places


def _hold(places: np.ndarray, homes: np.ndarray, most: np.ndarray) -> None:
    """Bring back, in place, what was pushed too far."""
    gone = places - homes
    far = np.hypot(gone[:, 0], gone[:, 1])
    over = far > most
    places[over] = homes[over] + gone[over] * (most[over] / far[over])[:, None]


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
    x, y = places[:, 0].copy(), places[:, 1].copy()
    gap_x, gap_y = x[second] - x[first], y[second] - y[first]
    far = np.hypot(gap_x, gap_y)
    lack = radii[first] + radii[second] + _GAP - far
    hit = lack > 1e-3
    if not hit.any():
        return False
    one, other, lack, far = first[hit], second[hit], lack[hit], far[hit]
    # coincident symbols part in a direction that depends on their order only
    turn = (one * 7 + other * 5) % 12 * (np.pi / 6) + 0.3
    flat, apart = far < 1e-6, np.maximum(far, 1e-6)
    away_x = np.where(flat, np.cos(turn), gap_x[hit] / apart)
    away_y = np.where(flat, np.sin(turn), gap_y[hit] / apart)
    heavy = weights[one] + weights[other]
    back, forth = lack * weights[other] / heavy * 0.55, lack * weights[one] / heavy * 0.55
    for axis, line, away in ((0, x, away_x), (1, y, away_y)):
        np.add.at(line, one, -away * back)
        np.add.at(line, other, away * forth)
        places[:, axis] = line
    return True
