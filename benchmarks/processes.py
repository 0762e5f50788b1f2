"""Two processes against one, and memory through minutes of visits.

Run: ``python -m benchmarks.processes``.
"""

import asyncio
import os
import random
import signal
import time
from contextlib import ExitStack

import numpy as np

from benchmarks.results import Row, median, show
from benchmarks.server import Server
from benchmarks.traffic import at_rest
from benchmarks.visitor import Visitor
from villeactive.atlas import read_atlas

TITLE = "Deux processus, et cinq minutes de visites"
NOTE = (
    "Le client et les processus partagent les cœurs : on compare ce que coûte un filtre à son "
    "processus, seul puis quand l’autre filtre aussi. Deux processus répondent à deux fois plus de "
    "filtres par seconde, divisé par ce rapport, où chacun a son cœur : 1,7 fois plus sous 1,18. "
    "Rien ne les attache : l’un répond quand l’autre est arrêté (SIGSTOP) au milieu d’un filtre. "
    "Visites : une page, cinq filtres, l’une après l’autre ; la pente est celle des dernières "
    "minutes, une fois oubliées les premières pages fermées."
)
ROUNDS, FILTERS = 6, 40
STOPS = 20
MINUTES, FIRST = 5.0, 2.5


async def _filter(visitor: Visitor, server: Server, regions: list[str]) -> float:
    """Choose regions one after the other; give the processor time of one, ms."""
    before = server.cpu_s()
    for turn in range(FILTERS):
        answer = await visitor.choose("f-region", regions[turn % len(regions)])
        if answer.errors:
            raise RuntimeError(regions[turn % len(regions)])
    return 1000 * (server.cpu_s() - before) / FILTERS


async def _costs(servers: list[Server], visitors: list[Visitor], regions: list[str]) -> list[Row]:
    """Filter on one process, then on both at once, in turns."""
    alone, both = [], []
    for turn in range(ROUNDS):
        one = turn % 2
        alone.append(await _filter(visitors[one], servers[one], regions))
        pairs = zip(visitors, servers, strict=True)
        both += await asyncio.gather(*(_filter(*pair, regions) for pair in pairs))
    cost, shared = median(alone), median(both)
    return [
        Row("Processeur par filtre, un processus seul", cost, "ms"),
        Row("Processeur par filtre, deux à la fois", shared, "ms", None, shared / cost, 2 / 1.7),
    ]


async def _stops(servers: list[Server], visitors: list[Visitor], regions: list[str]) -> Row:
    """Count what a process does not answer while the other is stopped in the midst of a filter."""
    chance, lost = random.Random(1), 0
    for turn in range(STOPS):
        region = regions[turn % len(regions)]
        asked = asyncio.create_task(visitors[0].choose("f-region", region))
        await asyncio.sleep(chance.uniform(0, 0.08))
        os.kill(servers[0].process.pid, signal.SIGSTOP)
        try:
            await asyncio.wait_for(visitors[1].choose("f-region", region), 20)
        except TimeoutError:
            lost += 1
        finally:
            os.kill(servers[0].process.pid, signal.SIGCONT)
        await asked
    return Row(f"Filtres sans réponse, l’autre processus arrêté, sur {STOPS}", lost, "", 0)


async def _visits(server: Server, regions: list[str]) -> list[Row]:
    """Visit for some minutes; give how much memory a minute more takes."""
    began, told, visits = time.monotonic(), [], 0
    while (passed := (time.monotonic() - began) / 60) < MINUTES:
        visitor = Visitor(server.address)
        await visitor.open()
        for turn in range(5):
            await visitor.choose("f-region", regions[(visits + turn) % len(regions)])
        await visitor.close()
        visits += 1
        told.append((passed, server.memory_mb()))
    last = np.array([one for one in told if one[0] >= FIRST])
    slope = float(np.polyfit(last[:, 0], last[:, 1], 1)[0])
    return [
        Row(f"Mémoire après {visits} visites", float(last[-1, 1]), "Mo"),
        Row("Mémoire de plus par minute de visites", slope, "Mo", 1),
    ]


async def measure(servers: list[Server], regions: list[str]) -> list[Row]:
    """Measure costs, what holds them together, memory."""
    visitors = [Visitor(server.address) for server in servers]
    for visitor, server in zip(visitors, servers, strict=True):
        await visitor.open()
        for region in regions:
            await visitor.choose("f-region", region)
        await at_rest(server)
    rows = await _costs(servers, visitors, regions)
    rows.append(await _stops(servers, visitors, regions))
    for visitor in visitors:
        await visitor.close()
    return rows + await _visits(servers[0], regions)


def run() -> list[Row]:
    """Measure on two servers of its own."""
    regions = sorted(set(read_atlas().sites["region"]))
    with ExitStack() as running:
        servers = [running.enter_context(Server("app.py")) for _ in range(2)]
        for server in servers:
            server.wait()
        return asyncio.run(measure(servers, regions))


if __name__ == "__main__":
    show(run)
