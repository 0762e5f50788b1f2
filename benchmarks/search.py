"""Speed of the search: medians over 500 queries. Run: ``python -m benchmarks.search``.

Names as they are, as one types them, with one letter wrong, and texts meant to harm.
"""

import random
import statistics
import time

from villeactive.analysis.search import find, prepare
from villeactive.atlas import read_atlas

N_QUERIES = 100
LIMIT_MS = 100
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mistyped(name: str, chance: random.Random) -> str:
    """Change, drop, double or swap one letter."""
    place = chance.randrange(len(name))
    head, letter, tail = name[:place], name[place], name[place + 1 :]
    return chance.choice(
        [
            head + chance.choice(LETTERS) + tail,
            head + tail,
            head + letter * 2 + tail,
            head + tail[:1] + letter + tail[1:],
        ]
    )


def hostile(chance: random.Random) -> str:
    """Make 200 characters that cost what they can."""
    words = [
        "".join(chance.choices(LETTERS, k=chance.choice([1, 4, 7, 8, 12, 24]))) for _ in range(60)
    ]
    known = ["saint", "sainte", "villeneuve", "chateau", "sur", "les", "montagne"]
    mixed = [
        chance.choice([word, chance.choice(known), mistyped(chance.choice(known), chance)])
        for word in words
    ]
    return " ".join(mixed)[:200]


def queries(names: list[str]) -> dict[str, list[str]]:
    """Give the queries by kind, always the same."""
    chance = random.Random(5)
    return {
        "name": chance.sample(names, N_QUERIES),
        "beginning": [n[: chance.randint(1, 5)] for n in chance.sample(names, N_QUERIES)],
        "one letter wrong": [mistyped(n, chance) for n in chance.sample(names, N_QUERIES)],
        "two names": [" ".join(chance.sample(names, 2)) for _ in range(N_QUERIES)],
        "hostile, 200 characters": [hostile(chance) for _ in range(N_QUERIES)],
    }


def timed(texts: list[str], ask: object) -> list[float]:
    """Time each query, in milliseconds."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        ask(text)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def run() -> list[dict]:
    """Measure; one row per kind: ``what, n, median_ms, p95_ms, max_ms, limit_ms``."""
    atlas = read_atlas()
    built = timed([""], lambda _: prepare(atlas))  # as a server does, once
    find("premiere faute de frape", atlas)
    measured = [("index", built, 1000)]
    for what, texts in queries(atlas.communes["name"].tolist()).items():
        measured.append((what, timed(texts, lambda text: find(text, atlas)), LIMIT_MS))
    return [
        {
            "what": what,
            "n": len(taken),
            "median_ms": round(statistics.median(taken), 1),
            "p95_ms": round(sorted(taken)[int(0.95 * (len(taken) - 1))], 1),
            "max_ms": round(max(taken), 1),
            "limit_ms": limit,
        }
        for what, taken, limit in measured
    ]


def main() -> None:
    """Print the measures."""
    for measure in run():
        print(
            f"{measure['what']:28} {measure['median_ms']:8.1f} ms  p95 {measure['p95_ms']:8.1f}"
            f"  max {measure['max_ms']:8.1f}  n {measure['n']}  (limit {measure['limit_ms']})"
        )


if __name__ == "__main__":
    main()
