"""Speed of likeness: medians over many towns. Run: ``python -m benchmarks.comparable``.

The preparation is made once per atlas, a tree once per weights. « Plain numpy » is the
pass over all communes that the tree spares.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from villeactive.analysis.similar_towns import inspiring, missing_programmes, similar
from villeactive.analysis.similarity import EVEN, Weights, distance, measures_of
from villeactive.atlas import read_atlas

N_TOWNS = 60
N_PREPARED = 3
LIMIT_MS = 50


def timed(work: Callable[[], object]) -> float:
    """Time one piece of work, in milliseconds."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def row(what: str, taken: list[float], *, limit_ms: float | None) -> dict:
    """Sum up one measure."""
    return {
        "what": what,
        "n": len(taken),
        "median_ms": round(statistics.median(taken), 1),
        "max_ms": round(max(taken), 1),
        "limit_ms": limit_ms,
    }


def run() -> list[dict]:
    """Measure; one row per piece of work: ``what, n, median_ms, max_ms, limit_ms``."""
    atlas = read_atlas()
    # a copy is another frame: nothing comes from the cache
    copies = [atlas.communes.copy() for _ in range(N_PREPARED)]
    prepared = [timed(lambda copy=copy: measures_of(copy)) for copy in copies]
    similar("62498", atlas)
    towns = atlas.communes.sample(N_TOWNS, random_state=1).index
    alike = similar("62498", atlas)
    measures = measures_of(atlas.communes)
    everyone = np.arange(len(atlas.communes))

    def plain(code: str) -> np.ndarray:
        squares = measures.squares(measures.position(code), everyone, EVEN)
        return np.argsort(distance(squares), kind="stable")[:11]

    work = {
        "similar": lambda code: similar(code, atlas),
        "similar, distance": lambda code: similar(code, atlas, weights=Weights(distance=2)),
        "similar, same région": lambda code: similar(code, atlas, same_region=True),
        "inspiring, 50 km": lambda code: inspiring(code, atlas),
        "neighbours, tree": lambda code: measures.nearest(measures.position(code), 10, EVEN),
        "neighbours, plain numpy": plain,
        "missing_programmes": lambda code: missing_programmes(code, alike, atlas),
    }
    rows = [row(f"preparation, {len(atlas.communes)} communes", prepared, limit_ms=None)]
    for what, ask in work.items():
        taken = [timed(lambda ask=ask, code=code: ask(code)) for code in towns]
        rows.append(row(what, taken, limit_ms=LIMIT_MS))
    return rows


def main() -> None:
    """Print the measures."""
    for measure in run():
        limit = f"  (limit {measure['limit_ms']})" if measure["limit_ms"] else ""
        print(
            f"{measure['what']:32} {measure['median_ms']:8.1f} ms"
            f"  max {measure['max_ms']:8.1f}  n {measure['n']}{limit}"
        )


if __name__ == "__main__":
    main()
