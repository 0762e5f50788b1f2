"""Many people at once on one process. Run: ``python -m benchmarks.load``."""

import asyncio
import random
import time

from benchmarks.results import Row, median, percentile, show
from benchmarks.server import Server
from benchmarks.traffic import at_rest
from benchmarks.visitor import Visitor
from villeactive.atlas import read_atlas

TITLE = "Cinquante personnes à la fois"
NOTE = (
    "Un seul processus ; chacun change de région toutes les 10 s, à son propre moment. De la "
    "demande à la fin de la réponse, par le protocole de Streamlit ; le client partage les cœurs "
    "du serveur."
)
PEOPLE, EVERY_S, CHANGES = 50, 10.0, 6


async def _stay(visitor: Visitor, regions: list[str], moment: float, chance: random.Random,
                taken: list[float], faults: list[str]) -> None:  # fmt: skip
    """Change region at one's own moments."""
    begin = time.perf_counter()
    for turn in range(CHANGES):
        await asyncio.sleep(max(0, begin + moment + turn * EVERY_S - time.perf_counter()))
        start = time.perf_counter()
        try:
            answer = await visitor.choose("f-region", chance.choice(regions))
        except (OSError, KeyError, RuntimeError) as fault:
            faults.append(str(fault))
            return
        taken.append(time.perf_counter() - start)
        faults += ["exception"] * answer.errors


async def measure(
    server: Server, regions: list[str], *, query: str = "", p95_s: float = 0.3, idle_mb: float = 0.3
) -> list[Row]:
    """Open the pages, let them rest, then let everybody filter."""
    chance = random.Random(1)
    first = Visitor(server.address, query=query)
    await first.open()
    for region in regions:
        await first.choose("f-region", region)
    await at_rest(server)
    before = server.memory_mb()
    visitors = [Visitor(server.address, query=query) for _ in range(PEOPLE)]
    for visitor in visitors:
        await visitor.open()
    await asyncio.sleep(2)
    idle = (server.memory_mb() - before) / PEOPLE
    taken: list[float] = []
    faults: list[str] = []
    spent, start = server.cpu_s(), time.perf_counter()
    await asyncio.gather(*(
        _stay(visitor, regions, chance.uniform(0, EVERY_S), chance, taken, faults)
        for visitor in visitors
    ))  # fmt: skip
    share = 100 * (server.cpu_s() - spent) / (time.perf_counter() - start)
    for visitor in (first, *visitors):
        await visitor.close()
    return [
        Row(f"Réponse, médiane de {len(taken)}", median(taken), "s"),
        Row("Réponse, 95 % sous", percentile(taken, 0.95), "s", p95_s),
        Row("Erreurs", len(faults), "", 0),
        Row("Mémoire par visiteur au repos", idle, "Mo", idle_mb),
        Row("Part d’un cœur occupée", share, "%"),
    ]


def run() -> list[Row]:
    """Measure on a server of its own."""
    regions = sorted(set(read_atlas().sites["region"]))
    with Server("app.py") as server:
        server.wait()
        return asyncio.run(measure(server, regions))


if __name__ == "__main__":
    show(run)
