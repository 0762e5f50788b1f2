"""Place labels: none meets another, a symbol or the frame; each is nearest to its own symbol.

A greedy search over directions and distances, the most constrained first; when a label finds no
place, the one in its way is moved if it can stand elsewhere. Nothing is random: same input, same
places. Lengths are points, ``y`` down.
"""

from dataclasses import dataclass

import numpy as np

from villeactive.maps.scene.spec import Box

_DIRECTIONS = 16
_GAPS = (1.8, 5.0, 9.0, 14.0, 20.0, 28.0)
_FAR = (37.0, 47.0, 58.0)
_TIGHT = (0.5, 1.8, 4.0, 8.0, 13.0, 19.0, 28.0, 37.0)
_AIR = 1.0
"""Least distance between a label and what it must not meet."""
_MOST_HIDDEN = 2
"""Quiet marks that a name may cover when it has no clear place; a number or the name of a project,
as many as it must."""
_MARGIN = 0.6
"""How much nearer its own symbol must be than any other."""
LEADER_FROM = 4.0
"""A label farther than this from its symbol gets a leader line."""

# East first, then the diagonals at the right, west, the diagonals at the left, above, below.
_PREFERENCE = np.array([0, 2, 3, 6, 9, 8, 6, 5, 4, 6, 7, 8, 10, 6, 3, 2], dtype=float)


@dataclass(frozen=True)
class Wish:
    """A label that wants a place.

    Attributes
    ----------
    id
        Any name, unique.
    symbols
        Indices of the symbols that it names (several when a town holds several).
    width, height
        Of its box.
    rank
        Lower ranks are placed first.
    tight
        May stand closer to its symbol, and cover more quiet marks (numbers, which have nowhere
        else to go).
    fine
        Tries three times as many directions, and farther: for the few names that a map is about.
    """

    id: str
    symbols: tuple[int, ...]
    width: float
    height: float
    rank: float = 0.0
    tight: bool = False
    fine: bool = False


@dataclass(frozen=True)
class Placed:
    """A label that found its place.

    ``symbol`` is the index of the symbol that it stands by; ``leader`` joins the symbol's edge
    to the box (x1, y1, x2, y2), or is None.
    """

    id: str
    symbol: int
    box: Box
    leader: tuple[float, float, float, float] | None = None


@dataclass
class _Candidates:
    """Places of one wish that no symbol forbids, best first; what they and their leaders span."""

    boxes: np.ndarray
    owners: np.ndarray
    leaders: np.ndarray
    span: np.ndarray


class _Board:
    """What stands on the map already."""

    def __init__(self, centres, radii, frame, blocks, dots) -> None:
        self.centres, self.radii = centres, radii
        self.frame = frame
        self.blocks = blocks
        self.dots = dots
        self.boxes: dict[str, np.ndarray] = {}
        self.leaders: dict[str, np.ndarray] = {}

    def taken(self) -> tuple[np.ndarray, np.ndarray]:
        """Boxes and leaders of the labels placed so far."""
        boxes, leaders = list(self.boxes.values()), list(self.leaders.values())
        return np.array(boxes).reshape(-1, 4), np.array(leaders).reshape(-1, 4)


def place(
    wishes: list[Wish],
    *,
    centres: np.ndarray,
    radii: np.ndarray,
    frame: Box,
    blocks: list[Box] | None = None,
    dots: np.ndarray | None = None,
    memo: dict[Wish, "_Candidates"] | None = None,
) -> dict[str, Placed]:
    """Place as many labels as can stand.

    Parameters
    ----------
    wishes
        The labels.
    centres, radii
        n × 2 and n: symbols, none of which may be covered.
    frame
        Labels stay inside.
    blocks
        Other boxes to keep free.
    dots
        m × 2: middles of small quiet marks: a label may stand by them, and covers one or two
        only where it finds no other place.
    memo
        Kept between calls that differ by their wishes only, it saves work.

    Returns
    -------
    dict
        Id → place; a wish without one is not in it.
    """
    board = _Board(
        np.asarray(centres, dtype=float).reshape(-1, 2),
        np.asarray(radii, dtype=float),
        frame,
        _corners(blocks or []),
        np.empty((0, 2)) if dots is None else np.asarray(dots, dtype=float),
    )
    known = {} if memo is None else memo
    for wish in wishes:
        if wish not in known:
            known[wish] = _candidates(wish, board)
    choices = {wish.id: known[wish] for wish in wishes}
    order = sorted(wishes, key=lambda w: (w.rank, len(choices[w.id].boxes), w.id))
    found: dict[str, Placed] = {}
    for wish in order:
        if not _settle(wish.id, choices, board, found):
            _make_room(wish.id, choices, board, found)
    return found


def distance(boxes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Give the distance of each point to each box (left, top, right, bottom): k × n, points."""
    left, top, right, bottom = (boxes[:, i, None] for i in range(4))
    x, y = points[None, :, 0], points[None, :, 1]
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)
    return np.hypot(across, down)


def overlaps(boxes: np.ndarray, others: np.ndarray, *, air: float = 0.0) -> np.ndarray:
    """Tell which boxes come nearer than ``air`` to which others: k × n booleans."""
    return (
        (boxes[:, None, 0] < others[None, :, 2] + air)
        & (boxes[:, None, 2] > others[None, :, 0] - air)
        & (boxes[:, None, 1] < others[None, :, 3] + air)
        & (boxes[:, None, 3] > others[None, :, 1] - air)
    )


def _corners(boxes: list[Box]) -> np.ndarray:
    return np.array([[b.left, b.top, b.right, b.bottom] for b in boxes]).reshape(-1, 4)


def _ring(x: float, y: float, radius: float, wish: Wish) -> tuple[np.ndarray, np.ndarray]:
    """Give every box round one symbol, and what each costs."""
    count = _DIRECTIONS * (3 if wish.fine else 1)
    turns = np.arange(count) * 2 * np.pi / count
    liking = np.interp(
        np.arange(count) * _DIRECTIONS / count,
        np.arange(_DIRECTIONS),
        _PREFERENCE,
        period=_DIRECTIONS,
    )
    across, up = np.cos(turns), np.sin(turns)
    gaps = np.array(_TIGHT if wish.tight else _GAPS + _FAR if wish.fine else _GAPS)
    out = (radius + gaps)[:, None]
    middle_x = x + across * out + np.clip(1.45 * across, -1, 1) * wish.width / 2
    middle_y = y - up * out - np.clip(1.45 * up, -1, 1) * wish.height / 2
    half_x, half_y = wish.width / 2, wish.height / 2
    boxes = np.stack(
        [middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y], axis=-1
    )
    cost = liking[None, :] + gaps[:, None] * 2.2
    return boxes.reshape(-1, 4), cost.ravel()


def _candidates(wish: Wish, board: _Board) -> _Candidates:
    """List the places that symbols, blocks and the frame leave to a wish, best first."""
    rings = [_ring(*board.centres[i], board.radii[i], wish) for i in wish.symbols]
    boxes = np.concatenate([ring[0] for ring in rings])
    cost = np.concatenate([ring[1] for ring in rings])
    owners = np.repeat(np.array(wish.symbols), len(rings[0][0]))
    frame = board.frame
    inside = (
        (boxes[:, 0] >= frame.left)
        & (boxes[:, 1] >= frame.top)
        & (boxes[:, 2] <= frame.right)
        & (boxes[:, 3] <= frame.bottom)
    )
    boxes, cost, owners = boxes[inside], cost[inside], owners[inside]
    kept, doubt, ends = _free(boxes, owners, wish, board)
    boxes, cost, owners, doubt, ends = (v[kept] for v in (boxes, cost, owners, doubt, ends))
    hidden = _covered(boxes, board.dots)
    # a name beside its town is worth more than one among hundreds of quiet marks
    least = hidden.min() if len(hidden) else 0
    most = max(least, _MOST_HIDDEN) if wish.tight or wish.fine else _MOST_HIDDEN
    best = hidden <= (most if least or wish.fine else 0)
    boxes, cost, owners, doubt, ends, hidden = (
        v[best] for v in (boxes, cost, owners, doubt, ends, hidden)
    )
    cost = cost + doubt * 6 + hidden * 5
    leaders = np.where(doubt[:, None] > 0, ends, np.nan)
    order = np.lexsort((np.arange(len(cost)), np.round(cost, 6)))
    boxes, leaders = boxes[order], leaders[order]
    low, high = _spans(boxes, leaders)
    span = np.concatenate([low.min(axis=0), high.max(axis=0)]) if len(order) else np.zeros(4)
    return _Candidates(boxes, owners[order], leaders, span)


def _spans(boxes: np.ndarray, leaders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the corners of what holds each box and its leader, which ends on it."""
    return np.fmin(boxes[:, :2], leaders[:, :2]), np.fmax(boxes[:, 2:], leaders[:, :2])


def _free(
    boxes: np.ndarray, owners: np.ndarray, wish: Wish, board: _Board
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tell which boxes are free and nearest to their own; which are in doubt; their leaders."""
    if not len(boxes):
        return np.zeros(0, bool), np.zeros(0), np.empty((0, 4))
    near = _near(boxes, board)
    far = distance(boxes, board.centres[near])
    edge = far - board.radii[None, near]
    rows, own = np.arange(len(boxes)), np.searchsorted(near, owners)
    own_far, own_edge = far[rows, own], edge[rows, own]
    others = ~np.isin(near, wish.symbols)
    next_far = far[:, others].min(axis=1, initial=np.inf)
    next_edge = edge[:, others].min(axis=1, initial=np.inf)
    nearest = (next_edge > own_edge + (0.2 if wish.tight else _MARGIN)) & (next_far > own_far)
    if wish.tight:  # a number is short: its leader says whose it is
        nearest |= own_edge > LEADER_FROM
    kept = (edge.min(axis=1) >= (0.3 if wish.tight else _AIR)) & nearest
    if len(board.blocks):
        kept &= ~overlaps(boxes, board.blocks, air=_AIR).any(axis=1)
    doubt = ((own_edge > LEADER_FROM) | (next_edge < own_edge + 1.5)).astype(float)
    ends = _leaders(boxes, owners, board)
    far_off = kept & (own_edge > LEADER_FROM)
    kept[far_off] = ~_crosses_symbols(ends[far_off], own[far_off], board, near)
    return kept, doubt, ends


def _near(boxes: np.ndarray, board: _Board) -> np.ndarray:
    """Give the indices of the symbols that may matter to some boxes."""
    reach = max(_FAR) + 2 * board.radii.max(initial=0)
    low, high = boxes[:, :2].min(axis=0) - reach, boxes[:, 2:].max(axis=0) + reach
    return np.flatnonzero(((board.centres > low) & (board.centres < high)).all(axis=1))


def _leaders(boxes: np.ndarray, owners: np.ndarray, board: _Board) -> np.ndarray:
    """Give the shortest line from each symbol's edge to its box."""
    centre, radius = board.centres[owners], board.radii[owners]
    end = np.column_stack(
        [
            np.clip(centre[:, 0], boxes[:, 0], boxes[:, 2]),
            np.clip(centre[:, 1], boxes[:, 1], boxes[:, 3]),
        ]
    )
    way = end - centre
    long = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)
    return np.column_stack([centre + way / long[:, None] * radius[:, None], end])


def _crosses_symbols(
    ends: np.ndarray, own: np.ndarray, board: _Board, near: np.ndarray
) -> np.ndarray:
    """Tell which leaders pass over a symbol that is not theirs."""
    x, y = (board.centres[near, i][None] for i in range(2))
    from_x, from_y, to_x, to_y = (ends[:, i, None] for i in range(4))
    across, down = to_x - from_x, to_y - from_y
    long = np.maximum(across**2 + down**2, 1e-9)
    along = np.clip(((x - from_x) * across + (y - from_y) * down) / long, 0, 1)
    gap = np.hypot(x - (from_x + along * across), y - (from_y + along * down))
    hit = gap < board.radii[near][None] + 0.4
    hit[np.arange(len(ends)), own] = False
    return hit.any(axis=1)


def _covered(boxes: np.ndarray, dots: np.ndarray) -> np.ndarray:
    """Count the quiet marks under each box."""
    if not len(dots) or not len(boxes):
        return np.zeros(len(boxes))
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    near = dots[((dots > low) & (dots < high)).all(axis=1)]
    x, y = near[None, :, 0], near[None, :, 1]
    inside = (x > boxes[:, 0, None]) & (x < boxes[:, 2, None])
    inside &= (y > boxes[:, 1, None]) & (y < boxes[:, 3, None])
    return inside.sum(axis=1)


def _cuts(lines: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Tell which segments (x1, y1, x2, y2) pass through which boxes: k × n booleans."""
    start = lines[:, None, :2]
    way = lines[:, None, 2:] - start
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, other = (boxes[None, :, :2] - start) / way, (boxes[None, :, 2:] - start) / way
    enter = np.minimum(one, other).max(axis=-1)
    leave = np.maximum(one, other).min(axis=-1)
    return (enter < leave) & (leave > 1e-6) & (enter < 1 - 1e-6)


def _standing(name: str, choices: dict[str, _Candidates], board: _Board) -> np.ndarray:
    """Tell which labels stand in the way of which places of a wish: k × n booleans."""
    mine, (boxes, lines) = choices[name], board.taken()
    low, high = _spans(boxes, lines)
    near = ((low < mine.span[2:] + _AIR) & (high > mine.span[:2] - _AIR)).all(axis=1)
    clash = np.zeros((len(mine.boxes), len(boxes)), dtype=bool)
    clash[:, near] = _clashes(mine, boxes[near], lines[near])
    return clash


def _clashes(mine: _Candidates, taken: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Tell which boxes and leaders meet which places, or their leaders: k × n booleans."""
    drawn, own = ~np.isnan(lines[:, 0]), ~np.isnan(mine.leaders[:, 0])
    clash = overlaps(mine.boxes, taken, air=_AIR)
    if own.any():
        clash[own] |= _cuts(mine.leaders[own], taken)
    if drawn.any():
        clash[:, drawn] |= _cuts(lines[drawn], mine.boxes).T
        if own.any():
            clash[np.ix_(own, drawn)] |= _meet(mine.leaders[own], lines[drawn])
    return clash


def _meet(lines: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Tell which segments meet which others: k × n booleans."""

    def side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        ahead, aside = b - a, c - a
        return ahead[..., 0] * aside[..., 1] - ahead[..., 1] * aside[..., 0]

    start, end = lines[:, None, :2], lines[:, None, 2:]
    first, last = others[None, :, :2], others[None, :, 2:]
    across = side(start, end, first) * side(start, end, last) < 0
    return across & (side(first, last, start) * side(first, last, end) < 0)


def _settle(
    name: str, choices: dict[str, _Candidates], board: _Board, found: dict[str, Placed]
) -> bool:
    """Give a wish its best free place."""
    mine = choices[name]
    if not len(mine.boxes):
        return False
    clash = _standing(name, choices, board)
    free = np.flatnonzero(~clash.any(axis=1))
    if not len(free):
        return False
    _take(name, int(free[0]), choices, board, found)
    return True


def _take(
    name: str,
    index: int,
    choices: dict[str, _Candidates],
    board: _Board,
    found: dict[str, Placed],
) -> None:
    """Put a label at one of its places."""
    mine = choices[name]
    box, line = mine.boxes[index], mine.leaders[index]
    board.boxes[name], board.leaders[name] = box, line
    left, top, right, bottom = (float(v) for v in box)
    leader = None if np.isnan(line[0]) else tuple(float(v) for v in line)
    found[name] = Placed(
        name, int(mine.owners[index]), Box(left, top, right - left, bottom - top), leader
    )


def _make_room(
    name: str, choices: dict[str, _Candidates], board: _Board, found: dict[str, Placed]
) -> bool:
    """Move one label that stands in the way, if it can stand elsewhere."""
    mine = choices[name]
    if not len(mine.boxes) or not board.boxes:
        return False
    clash = _standing(name, choices, board)
    names = list(board.boxes)
    for index in np.flatnonzero(clash.sum(axis=1) == 1)[:24]:
        blocker = names[int(np.flatnonzero(clash[index])[0])]
        before = (board.boxes[blocker], board.leaders[blocker], found[blocker])
        del board.boxes[blocker], board.leaders[blocker], found[blocker]
        _take(name, int(index), choices, board, found)
        if _settle(blocker, choices, board, found):
            return True
        del board.boxes[name], board.leaders[name], found[name]
        board.boxes[blocker], board.leaders[blocker], found[blocker] = before
    return False
