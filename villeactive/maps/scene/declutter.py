"""Move symbols apart until none hides another; nothing is random."""

import numpy as np
import shapely

_ROUNDS = 60
_GAP = 0.6
"""Paper left between two symbols, points."""
_DRIFT = 1.5
"""How far symbols may go before the pairs that can touch are looked for again, points."""


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
    touch = solid[first] + solid[second] + _GAP
    heavy = (weights[first] + weights[second]) / 0.55
    back, forth = weights[second] / heavy, weights[first] / heavy
    seen = np.full_like(places, np.inf)
    for _ in range(_ROUNDS):
        if np.abs(places - seen).max() > _DRIFT:
            seen = places.copy()
            # two that each went by less along both axes are no nearer by three times as much
            close = np.flatnonzero(_apart(seen, first, second) < touch + 3 * _DRIFT)
            near = [one[close] for one in (first, second, touch, back, forth)]
        if not _push(places, *near):
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
    far = _apart(places, first, second)
    if not (far < radii[first] + radii[second] + _GAP).any():
        return np.empty(0, int), np.empty(0, int)
    return first, second


def _apart(places: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Give how far apart the two of each pair stand."""
    x, y = (line[second] - line[first] for line in places.T)
    return np.sqrt(x * x + y * y)  # three times as quick as hypot, and points are no extremes


def _push(
    places: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    touch: np.ndarray,
    back: np.ndarray,
    forth: np.ndarray,
) -> bool:
    """Do one round in place on pairs nearer than they ``touch``; tell whether anything moved.

    ``back`` and ``forth`` are the parts of what is lacking by which each of the two moves.
    """
    far = _apart(places, first, second)
    hit = np.flatnonzero(touch - far > 1e-3)
    if not len(hit):
        return False
    one, other, far = first[hit], second[hit], far[hit]
    lack, n = touch[hit] - far, len(places)
    # coincident symbols part in a direction that depends on their order only
    flat = np.flatnonzero(far < 1e-6)
    turn = (one[flat] * 7 + other[flat] * 5) % 12 * (np.pi / 6) + 0.3
    far[flat] = 1.0
    for line, way in zip(places.T, (np.cos, np.sin), strict=True):
        away = (line[other] - line[one]) / far
        away[flat] = way(turn)
        away *= lack
        line += np.bincount(other, away * forth[hit], n) - np.bincount(one, away * back[hit], n)
    return True
