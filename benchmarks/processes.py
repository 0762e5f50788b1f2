"""Two processes against one, and memory through minutes of visits.

Run: ``python -m benchmarks.processes``.
"""

import asyncio
import os
import random
import signal
import time
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.replayed import Page, recorded
from benchmarks.results import Row, median, percentile, show
from benchmarks.server import Serving, busy_s
from benchmarks.service import Service
from benchmarks.traffic import at_rest
from benchmarks.visitor import Visitor
from villeactive.atlas import read_atlas

PEOPLE, SECONDS, ROUNDS = 8, 8.0, 6
STOPS = 20
MINUTES, FIRST = 10.0, 5.0
TITLE = "Deux processus, et dix minutes de visites"
NOTE = (
    f"Le service de `deploy/start`, par nginx : {PEOPLE} pages par processus demandent chacune un "
    "filtre dès que le précédent est répondu, sur un processus puis sur deux, tour à tour. Leurs "
    "messages, enregistrés d’une visite, sont renvoyés tels quels ; des réponses, comprimées comme "
    "pour un navigateur, seule la fin est lue. Processus, nginx et client partagent les cœurs : le "
    "rapport ne vaut que si d’autres travaux n’en prennent rien. Un processus répond quand l’autre "
    "est arrêté (SIGSTOP) au milieu d’un filtre. Visites : une page, cinq filtres, l’une après "
    "l’autre ; la pente est celle des dernières minutes, une fois oubliées les premières pages "
    "fermées."
)


class _Pages:
    """Pages of each process, and what is spent while they filter."""

    def __init__(self, service: Service) -> None:
        self.service, self.processes = service, service.processes()
        self.of: list[list[Page]] = []

    async def open(self, regions: list[str]) -> None:
        """Open them."""
        for process in self.processes:
            frames = await recorded(process.address, regions)
            pages = [Page(frames, rank % len(regions)) for rank in range(PEOPLE)]
            for page in pages:
                await page.open(self.service.address, process.address)
            self.of.append(pages)
            await at_rest(process)

    async def filter(self, pages: list[Page]) -> tuple[list[float], np.ndarray]:
        """Let pages filter, each once answered; give how long each waited, and what passed."""
        taken, before = [], self._clocks()
        end = before[0] + SECONDS

        async def stay(page: Page) -> None:
            while (asked := time.perf_counter()) < end:
                await page.filter()
                taken.append(time.perf_counter() - asked)

        await asyncio.gather(*map(stay, pages))
        return taken, self._clocks() - before

    def _clocks(self) -> np.ndarray:
        """Read the clock, and the processor time: the atlas, nginx, this client, the machine."""
        atlas = sum(process.cpu_s() for process in self.processes)
        return np.array([
            time.perf_counter(), atlas, self.service.nginx_cpu_s(), time.process_time(), busy_s()
        ])  # fmt: skip


async def _rates(service: Service, regions: list[str]) -> list[Row]:
    """Saturate one process, then both, in turns."""
    pages = _Pages(service)
    await pages.open(regions)
    rounds = {"un processus": [], "deux processus": []}
    for turn in range(ROUNDS):
        rounds["un processus"].append(await pages.filter(pages.of[turn % 2]))
        rounds["deux processus"].append(await pages.filter([*chain.from_iterable(pages.of)]))
    for page in chain.from_iterable(pages.of):
        page.close()
    rows, alone = [], None
    for name, measured in rounds.items():
        taken = [*chain.from_iterable(taken for taken, _ in measured)]
        rate = median(len(taken) / passed[0] for taken, passed in measured)
        passed = sum(passed for _, passed in measured)
        atlas, nginx, client = 1000 * passed[1:4] / len(taken)
        others = (passed[4] - passed[1:4].sum()) / passed[0]
        asked = {"ratio": rate / alone, "ratio_aim": 1.7, "least": True} if alone else {}
        alone = rate
        rows += [
            Row(f"Filtres par seconde, {name}", rate, "", **asked),
            Row(f"Réponse, 95 % sous, {name}", percentile(taken, 0.95), "s", 0.4),
            Row(f"Processeur par filtre, {name}", atlas, "ms"),
            Row(f"Processeur par filtre, nginx et client, {name}", nginx + client, "ms"),
            Row(f"Cœurs pris par d’autres travaux, {name}", others, ""),
        ]
    return rows


async def _stops(processes: list[Serving], visitors: list[Visitor], regions: list[str]) -> Row:
    """Count what a process does not answer while the other is stopped in the midst of a filter."""
    chance, lost = random.Random(1), 0
    for turn in range(STOPS):
        region = regions[turn % len(regions)]
        asked = asyncio.create_task(visitors[0].choose("f-region", region))
        await asyncio.sleep(chance.uniform(0, 0.08))
        os.kill(processes[0].pid, signal.SIGSTOP)
        try:
            await asyncio.wait_for(visitors[1].choose("f-region", region), 20)
        except TimeoutError:
            lost += 1
        finally:
            os.kill(processes[0].pid, signal.SIGCONT)
        await asked
    return Row(f"Filtres sans réponse, l’autre processus arrêté, sur {STOPS}", lost, "", 0)


async def _visits(process: Serving, regions: list[str]) -> list[Row]:
    """Visit for some minutes; give how much memory a minute more takes."""
    began, told, visits = time.monotonic(), [], 0
    while (passed := (time.monotonic() - began) / 60) < MINUTES:
        visitor = Visitor(process.address)
        await visitor.open()
        for turn in range(5):
            await visitor.choose("f-region", regions[(visits + turn) % len(regions)])
        await visitor.close()
        visits += 1
        told.append((passed, process.memory_mb()))
    last = np.array([one for one in told if one[0] >= FIRST])
    slope = float(np.polyfit(last[:, 0], last[:, 1], 1)[0])
    return [
        Row(f"Mémoire après {visits} visites", float(last[-1, 1]), "Mo"),
        Row("Mémoire de plus par minute de visites", slope, "Mo", 1),
    ]


async def measure(service: Service, regions: list[str]) -> list[Row]:
    """Measure rates, what holds processes together, memory."""
    rows = await _rates(service, regions)
    processes = service.processes()
    visitors = [Visitor(process.address) for process in processes]
    for visitor in visitors:
        await visitor.open()
    rows.append(await _stops(processes, visitors, regions))
    for visitor in visitors:
        await visitor.close()
    return rows + await _visits(processes[0], regions)


def run() -> list[Row]:
    """Measure on a service of its own."""
    regions = sorted(set(read_atlas().sites["region"]))
    with TemporaryDirectory() as folder:
        service = Service(Path(folder) / "run", f"sqlite:///{folder}/projets.sqlite")
        try:
            return asyncio.run(measure(service, regions))
        finally:
            service.end()


if __name__ == "__main__":
    show(run)
