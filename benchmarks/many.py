"""Millions of rows, Parquet to Parquet: rows a second, several processes against one, memory."""

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.server import children
from villeactive.geography.referential import read_communes
from villeactive.tables.many.crew import ALONE, Crew
from villeactive.tables.many.writing import write_places
from villeactive.tables.mapping import Mapping

ROOT = Path(__file__).resolve().parents[1]
MILLION = 1_000_000
GROUP = 500_000
ROUNDS = 5
Clock = Callable[[], float]
UNWATCHED = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
"""A cluster is begun as LISEZMOI.md says: Dask would look at each process 100 times a second."""
BY = {
    "code": Mapping({"Commune": None, "Département": None}),
    "nom et département": Mapping({"Code INSEE": None}),
}
"""What places → roles."""


def a_file(path: Path, rows: int, group: int = GROUP) -> Path:
    """Write rows of towns at random, in three manners of spelling, with an amount; give where."""
    table = read_communes()
    chance = np.random.default_rng(4)
    spelt = np.array([table.name, table.name.str.upper(), table.name.str.lower()], dtype=object)
    writer = None
    for first in range(0, rows, group):
        size = min(group, rows - first)
        at, manner = chance.integers(0, len(table), size), chance.integers(0, 3, size)
        columns = {
            "Commune": pa.array(spelt[manner, at], pa.string()),
            "Département": pa.array(table.departement.to_numpy(dtype=object)[at], pa.string()),
            "Code INSEE": pa.array(table.index.to_numpy(dtype=object)[at], pa.string()),
            "Montant": pa.array(chance.integers(100, 90_000_000, size) / 100),
        }
        block = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, block.schema, compression="zstd")
        writer.write_table(block)
    writer.close()
    return path


def seconds(
    source: Path, mapping: Mapping, *, crew: Crew = ALONE, clock: Clock = time.process_time
) -> float:
    """Return the time that a process computes, its modules read, to write a table with its places.

    By ``time.perf_counter``, the time that passes: a crew computes elsewhere.
    """
    began = clock()
    write_places(source, source.with_name("places.parquet"), mapping=mapping, crew=crew)
    return clock() - began


def command(source: Path, *words: str) -> tuple[float, float]:
    """Run ``table --output`` by name; return its seconds, and the most memory it had, in MB."""
    roles = source.with_name("roles.yaml")
    roles.write_text("columns:\n  Code INSEE: null\n", encoding="utf-8")
    out = source.with_name("places.parquet")
    line = [sys.executable, "-m", "villeactive", "table", str(source), "--mapping", str(roles)]
    began, most = time.perf_counter(), 0.0
    with subprocess.Popen(
        [*line, "--output", str(out), *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        for _ in process.stderr:  # a line a part
            most = max(most, most_memory(process.pid))
    if process.returncode:
        raise RuntimeError(f"{line} : code {process.returncode}")
    return time.perf_counter() - began, most


@contextlib.contextmanager
def cluster(workers: int, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Give the address of a Dask cluster of this machine, and its processes but the workers.

    Workers are begun as Dask does by itself: with a nanny, which has them give memory back.
    """
    with contextlib.ExitStack() as stack:
        pids = []

        def start(until: str, *words: str) -> str:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **UNWATCHED},
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.communicate)
            stack.callback(process.terminate)
            pids.append(process.pid)
            for line in process.stderr:
                if found := re.search(until, line):
                    return found[0]
            raise RuntimeError(" ".join(words))

        local = ["--host", "127.0.0.1", "--port", "0"]
        address = start(r"Scheduler at: +(tcp://\S+)", "scheduler", *local).split()[-1]
        each = [
            "--nworkers",
            "1",
            "--nthreads",
            "1",
            "--local-directory",
            str(folder),
        ]
        for _ in range(workers):
            start("Registered to", "worker", address, *each)
        yield address, pids


def with_children(pids: list[int]) -> list[int]:
    """Return processes and those that they began: of a cluster, all."""
    return [*pids, *(one for pid in pids for one in children(pid))]


@contextlib.contextmanager
def halted(pids: list[int]) -> Iterator[None]:
    """Let the processes of a cluster take nothing of the machine: idle, each is still awake."""
    every = with_children(pids)
    for pid in every:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in every:
            os.kill(pid, signal.SIGCONT)


def most_memory(pid: int) -> float:
    """Return the most memory that a process had, in MB."""
    said = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+)", said)
    return int(found[1]) / 1024 if found else 0.0  # nothing of one that has just ended


def by_dask(source: Path, folder: Path) -> None:
    """Print seconds and memory of a cluster of one worker and of one of two, turn by turn."""
    ways = {
        "à chaud": lambda address: seconds(
            source,
            BY["nom et département"],
            crew=Crew(scheduler=address),
            clock=time.perf_counter,
        ),
        "commande entière": lambda address: command(source, "--scheduler", address)[0],
    }
    clusters: dict[int, tuple[str, list[int]]] = {}
    with contextlib.ExitStack() as stack:
        for workers in (1, 2):
            clusters[workers] = stack.enter_context(cluster(workers, folder))
        for what, way in ways.items():
            took: dict[int, list[float]] = {1: [], 2: []}
            for _ in range(1 + ROUNDS):
                for workers, (address, _) in clusters.items():
                    with halted(clusters[3 - workers][1]):
                        took[workers].append(way(address))
            # a new worker reads the communes first, and answers once: that run does not count
            alone, two = (statistics.median(times[1:]) for times in took.values())
            said = f"un ouvrier {alone:.1f} s, deux {two:.1f} s"
            print(f"Dask, {what} : {said} : {alone / two:.2f} ×")
        memory = max(
            most_memory(one) for _, pids in clusters.values() for one in with_children(pids)
        )
    print(f"mémoire d’un ouvrier de Dask, au plus : {memory:.0f} Mo")


def main(millions: int = 6) -> None:
    """Print rows a second, ratios of two processes over one, and memory."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        print(f"charge de la machine au début : {os.getloadavg()[0]:.1f}")
        one, many = (
            a_file(folder / f"{n}.parquet", n * MILLION, min(GROUP, n * MILLION // 2))
            for n in (1, millions)
        )
        rows = millions * MILLION
        for what, mapping in BY.items():
            seconds(one, mapping)
            rate = rows / seconds(many, mapping) / MILLION
            print(f"{what}, un cœur, à chaud : {rate:.2f} million de lignes par seconde de calcul")
        small, large = command(one)[1], command(many)[1]
        print(f"mémoire d’un processus, 1 puis {millions} millions : {small:.0f}, {large:.0f} Mo")
        each = [(command(many)[0], command(many, "--workers", "2")[0]) for _ in range(ROUNDS)]
        alone, two = map(statistics.median, zip(*each, strict=True))
        print(f"un processus {alone:.1f} s, deux {two:.1f} s : {alone / two:.2f} ×")
        by_dask(many, folder)
        print(f"charge de la machine à la fin : {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
