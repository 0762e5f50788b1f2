"""Who places the parts of a table: this process, others of this machine, or a Dask cluster."""

import multiprocessing
import os
import signal
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing import forkserver
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from villeactive.errors import VilleActiveError
from villeactive.tables.answers import Ask
from villeactive.tables.many.block import place_part
from villeactive.tables.many.plan import Plan, settle

Told = tuple[int, dict[str, Any]]

_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
"""Whether processes come from one that has read the modules once; else each reads them anew."""

_PROCESSES = multiprocessing.get_context("forkserver" if _FORKS else "spawn")

_CHUNK = 500
"""Questions given at once to who answers."""

_TRIES = 3
"""Processes that a part may end before it is given up."""

_SECONDS = 20
"""Time that a cluster has to answer."""


@dataclass(frozen=True)
class Crew:
    """Who places: ``workers`` processes of this machine, or the Dask cluster of ``scheduler``.

    A cluster must see the same files, under the same names.
    """

    workers: int = 1
    scheduler: str | None = None


ALONE = Crew()


@dataclass(frozen=True)
class Hands:
    """A crew at work: ``client`` is that of its cluster."""

    workers: int = 1
    client: Any = None

    def settled(self, source: Path, name: str, **how: Any) -> Plan:
        """Return :func:`settle` of a table; a worker of a cluster has read the communes already.

        Raises
        ------
        DataFileError
            As :func:`settle`.
        """
        if not self.client:
            return settle(source, name, **how)
        return self.client.submit(settle, source.absolute(), name, **how, pure=False).result()

    def each_part(self, plan: Plan, numbers: Sequence[int], folder: Path) -> Iterator[Told]:
        """Place parts and give, of each as it ends, its number and what it tells.

        Parameters
        ----------
        plan, numbers, folder
            The table, its parts to place, where to write them.

        Raises
        ------
        DataFileError, OutputError
            As :func:`place_part`.
        VilleActiveError
            A part ends each process that takes it.
        """
        if self.client and numbers:
            yield from _by_dask(plan, numbers, folder, self.client)
        elif self.workers > 1 and numbers:
            yield from _by_processes(plan, numbers, folder, self.workers)
        else:
            for number in numbers:
                yield number, place_part(plan, number, folder)


@contextmanager
def hired(crew: Crew) -> Iterator[Hands]:
    """Give a crew at work.

    Raises
    ------
    VilleActiveError
        The cluster cannot be used, or loses what it is asked.
    """
    if crew.scheduler:
        with _cluster(crew.scheduler) as client:
            yield Hands(client=client)
    else:
        if crew.workers > 1:  # while the table is settled
            _foresee()
        yield Hands(crew.workers)


def _foresee() -> None:
    """Let the modules be read, beside this process, for those to come."""
    if _FORKS:
        _PROCESSES.set_forkserver_preload([place_part.__module__])
        with _deaf():
            forkserver.ensure_running()


def _by_processes(plan: Plan, numbers: Sequence[int], folder: Path, workers: int) -> Iterator[Told]:
    """Place parts in processes that are one executor each: one that dies ends its part alone."""
    left, tries = deque(numbers), Counter()
    idle = [_hired() for _ in range(min(workers, len(numbers)))]
    running: dict[Future, tuple[ProcessPoolExecutor, int]] = {}
    ended = False
    try:
        while left or running:
            while left and idle:
                worker, number = idle.pop(), left.popleft()
                with _deaf():
                    asked = worker.submit(place_part, plan, number, folder)
                running[asked] = worker, number
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                worker, number = running.pop(done)
                try:
                    told = done.result()
                except BrokenProcessPool as error:
                    worker.shutdown()
                    tries[number] += 1
                    if tries[number] == _TRIES:
                        raise _given_up(plan, number) from error
                    left.appendleft(number)
                    worker = _hired()
                else:
                    yield number, told
                idle.append(worker)
        ended = True
    finally:
        for process in [] if ended else multiprocessing.active_children():
            process.terminate()
        for worker in [*idle, *(worker for worker, _ in running.values())]:
            worker.shutdown(cancel_futures=True)


def _hired() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, _PROCESSES, initializer=_begin)


@contextmanager
def _deaf() -> Iterator[None]:
    """Let the processes that begin leave Ctrl+C to this one, from their first moment."""
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


def _begin() -> None:
    """End with the process that hired this one."""
    employer = multiprocessing.parent_process()

    def follow() -> None:
        employer.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _given_up(plan: Plan, number: int) -> VilleActiveError:
    said = f"{plan.source.name} : la partie {number + 1} arrête chaque processus qui la prend"
    return VilleActiveError(f"{said} (mémoire ?). Donnez plus de mémoire ou moins de --workers.")


@contextmanager
def asking(crew: Crew) -> Iterator[Ask]:
    """Give who answers the questions of a table that is in memory.

    Raises
    ------
    VilleActiveError
        The cluster cannot be used, or a process ended.
    """
    if crew.scheduler:
        with _cluster(crew.scheduler) as client:

            def ask(answer: Callable, asked: list) -> list:
                chunks = [asked[at : at + _CHUNK] for at in range(0, len(asked), _CHUNK)]
                return list(chain.from_iterable(client.gather(
                    [client.submit(_all, answer, chunk, pure=False) for chunk in chunks]
                )))  # fmt: skip

            yield ask
    elif crew.workers > 1:
        with ProcessPoolExecutor(crew.workers, _PROCESSES, initializer=_begin) as pool:

            def share(answer: Callable, asked: list) -> Iterable:
                if len(asked) <= _CHUNK:  # sooner done than a process begins
                    return map(answer, asked)
                _foresee()
                with _deaf():
                    return pool.map(answer, asked, chunksize=_CHUNK)

            try:
                yield share
            except BrokenProcessPool as error:
                raise VilleActiveError(
                    "--workers : un processus s’est arrêté (mémoire ?). Donnez-en moins."
                ) from error
    else:
        yield map


def _all(answer: Callable, asked: list) -> list:
    return list(map(answer, asked))


def _by_dask(plan: Plan, numbers: Sequence[int], folder: Path, client: Any) -> Iterator[Told]:
    from distributed import as_completed

    asked = {
        client.submit(place_part, plan, number, folder, pure=False): number for number in numbers
    }
    try:
        for done in as_completed(asked, loop=client.loop):
            yield asked[done], done.result()
    finally:
        with suppress(OSError):
            client.cancel(list(asked))


@contextmanager
def _cluster(scheduler: str) -> Iterator[Any]:
    """Give a client of a Dask cluster that has a worker.

    Raises
    ------
    VilleActiveError
        Dask is not installed, nobody answers, or the cluster loses what it is asked.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed.client import FutureCancelledError
    except ImportError as error:
        raise VilleActiveError(
            "--scheduler : Dask n’est pas installé. Installez-le : "
            "pip install -c constraints.txt -r requirements-dask.txt"
        ) from error
    try:
        there = urlsplit(scheduler)
        # a client that nobody answers is long to give up, and says so in English
        socket.create_connection((there.hostname or "", there.port or 0), _SECONDS).close()
        client = Client(scheduler, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise VilleActiveError(
            f"--scheduler : aucun ordonnanceur Dask ne répond à « {scheduler} ». "
            "Vérifiez l’adresse (tcp://machine:8786) et qu’il est lancé."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_SECONDS)
        except TimeoutError as error:
            raise VilleActiveError(
                f"--scheduler : « {scheduler} » n’a aucun ouvrier. Lancez-en un : "
                f"dask worker {scheduler}"
            ) from error
        try:
            yield client
        except (KilledWorker, FutureCancelledError, ImportError) as error:
            raise VilleActiveError(
                "--scheduler : le cluster a rendu le travail sans le faire. Vérifiez la mémoire "
                "de ses ouvriers et qu’ils ont cet atlas, puis relancez la même commande."
            ) from error
