"""The store under SIGKILL: imports cut at any moment, and what an import of 5 000 rows costs.

``python -m benchmarks.kills`` looks at a file, then at a server of its own where PostgreSQL is
installed; ``--url postgresql://…`` at an empty database that one has.
"""

import argparse
import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text

from benchmarks import postgres
from villeactive.errors import StoreError
from villeactive.store.database import Store
from villeactive.store.records import Kept, Record

ROOT = Path(__file__).resolve().parents[1]
KILLS, RECORDS, STOPS = 60, 1_000, 6
ROWS, COLUMNS = 5_000, 20


@dataclass
class Tally:
    """What became of imports that were killed; the last five should be nought.

    Attributes
    ----------
    kills, unfinished
        Importers, or servers, killed; those of which the last import was neither acknowledged nor
        kept.
    committed, acknowledged
        Imports found in the store; those that the importer had said were done.
    partial
        Collections that hold anything but one whole import.
    lost
        Imports said to be done that are not in the store.
    added
        Imports sent again that changed anything.
    orphans, damaged
        Rows that refer to none; faults of SQLite's own check of the file, or views of a server
        that do not show what is kept.
    """

    kills: int = 0
    unfinished: int = 0
    committed: int = 0
    acknowledged: int = 0
    partial: int = 0
    lost: int = 0
    added: int = 0
    orphans: int = 0
    damaged: int = 0

    @property
    def faults(self) -> int:
        """All that should not be."""
        return self.partial + self.lost + self.added + self.orphans + self.damaged


def brought(name: str, version: int, records: int) -> Kept:
    """Return the collection that an import of a version brings: each record says the version."""
    return Kept(
        name,
        {"title": f"Version {version}"},
        {"version": version},
        {},
        {
            f"{name}-{i}": Record(
                f"{name}-{i}", f"k{i}", i, {"version": version}, {"Version": f"{version}"}
            )
            for i in range(records)
        },
    )


def import_without_end(url: str, name: str, records: int) -> Iterator[str | int]:
    """Import one version after the other: say that it begins, then each once it is kept."""
    kept_in = Store(url)
    yield kept_in.revision()
    for version in count():
        kept_in.write(brought(name, version, records), digest=f"{version}", file="f.csv")
        yield version


def run(url: str, *, kills: int, records: int, seed: int = 18) -> Tally:
    """Kill importers, one after the other, and look at what they leave.

    Parameters
    ----------
    url
        Address of an empty database.
    kills
        How many importers; each has its own collection.
    records
        How many projects an import brings.
    seed
        Of the moments: at any point of the first, second or third import.
    """
    return _run(url, kills, records, seed, lambda importer: importer.kill())


def run_server(server: postgres.Server, *, kills: int, records: int, seed: int = 18) -> Tally:
    """Kill the server itself while an importer writes, start it again, look at what is left."""

    def end(importer: subprocess.Popen) -> None:
        server.kill()
        importer.wait()  # it says that the server has gone, and ends
        server.start()

    return _run(server.base(), kills, records, seed, end)


def _run(
    url: str, kills: int, records: int, seed: int, end: Callable[[subprocess.Popen], None]
) -> Tally:
    chance = random.Random(seed)
    kept_in = Store(url)
    kept_in.write(brought("temoin", 0, 1), digest="", file="f.csv")  # the tables
    began = time.perf_counter()
    kept_in.write(brought("temoin", 0, records), digest="0", file="f.csv")
    whole = time.perf_counter() - began
    tally = Tally()
    for turn in range(kills):
        after = chance.uniform(0, whole)
        _kill(kept_in, url, f"c{turn}", records, turn % 3, after, end, tally)
    look = _look_at_file if url.startswith("sqlite") else _look_at_server
    tally.damaged, tally.orphans = look(url)
    tally.partial += kept_in.read("temoin").records != brought("temoin", 0, records).records
    return tally


def ask(url: str, question: str) -> list[tuple]:
    """Return the rows that a database answers."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(question))]
    engine.dispose()
    return found


def _look_at_file(url: str) -> tuple[int, int]:
    """Count the faults of a file, and its rows that refer to none."""
    damaged = ask(url, "PRAGMA integrity_check") != [("ok",)]
    return int(damaged), len(ask(url, "PRAGMA foreign_key_check"))


def _look_at_server(url: str) -> tuple[int, int]:
    """Count the views that do not show what is kept, and the rows that refer to none."""
    kept = {one.id: one.projects for one in Store(url).listed()}
    views = ask(url, "SELECT viewname FROM pg_views WHERE schemaname = 'collections'")
    shown = {view: ask(url, f"SELECT count(*) FROM collections.{view}")[0][0] for (view,) in views}
    orphans = ask(
        url,
        "SELECT 1 FROM project LEFT JOIN collection c ON c.id = collection_id WHERE c.id IS NULL "
        "UNION ALL SELECT 1 FROM project_version v LEFT JOIN import i "
        "ON (i.collection_id, i.number) = (v.collection_id, v.number) WHERE i.number IS NULL",
    )
    return len(kept.items() ^ shown.items()), len(orphans)


def _kill(
    kept_in: Store,
    url: str,
    name: str,
    records: int,
    done: int,
    after: float,
    end: Callable[[subprocess.Popen], None],
    tally: Tally,
) -> None:
    """End an importer so many seconds after it has said ``done`` imports, then send one again."""
    command = [sys.executable, "-m", "benchmarks.kills", "--import", url, name, f"{records}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as importer:
        said = "".join(importer.stdout.readline() for _ in range(1 + done))
        with contextlib.suppress(subprocess.TimeoutExpired):
            importer.wait(after)
        end(importer)
        said += importer.stdout.read()
    # the last line may be cut; each whole one is an import said to be done
    acknowledged = [int(line) for line in said.split("\n")[1:-1]]
    found, imports = kept_in.read(name), kept_in.history(name)
    committed = [int(one.digest) for one in reversed(imports)]
    tally.kills += 1
    tally.committed += len(committed)
    tally.acknowledged += len(acknowledged)
    tally.lost += len(set(acknowledged) - set(committed))
    tally.unfinished += len(committed) == len(acknowledged)
    if not committed or found is None:
        tally.partial += bool(committed) or found is not None
        return
    last = brought(name, committed[-1], records)
    whole = committed == list(range(len(committed))) and found.revision == len(committed)
    tally.partial += not whole or found.records != last.records or found.mapping != last.mapping
    before = kept_in.revision()
    kept_in.write(last, digest=f"{committed[-1]}", file="f.csv")
    tally.added += kept_in.revision() != before


def wide(rows: int = ROWS) -> Kept:
    """Return a collection as a table of twenty columns gives it."""
    cells = {f"Colonne {i}": "une valeur de cellule" for i in range(COLUMNS)}
    return Kept(
        "large",
        {"title": "Table large"},
        {},
        {},
        {
            f"p{i}": Record(f"p{i}", f"k{i}", i, {"title": f"Projet {i}", "fields": cells}, cells)
            for i in range(rows)
        },
    )


def main(url: str = "") -> None:
    """Print what became of sixty importers killed, then the time and size of an import."""
    if url:
        _told("base donnée", run(url, kills=KILLS, records=RECORDS))
        return
    with TemporaryDirectory() as folder:
        at = f"sqlite:///{folder}/collections.sqlite"
        _told("fichier", run(at, kills=KILLS, records=RECORDS))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "collections.sqlite"
        _timed(f"sqlite:///{path}", lambda: f", {path.stat().st_size / 1e6:.1f} Mo")
    if postgres.programs() is None:
        print("PostgreSQL n’est pas installé : rien n’est mesuré sur un serveur")
        return
    with postgres.server(safe=True) as server:
        _told("PostgreSQL", run(server.base(), kills=KILLS, records=RECORDS))
        _told("PostgreSQL lui-même", run_server(server, kills=STOPS, records=RECORDS), "arrêts")
        _timed(server.base(), lambda: "")


def _told(where: str, tally: Tally, what: str = "imports") -> None:
    print(
        f"{where} : {tally.kills} {what} de {RECORDS} projets tués : {tally.committed} gardés, "
        f"dont {tally.acknowledged} annoncés ; {tally.unfinished} coupés avant la fin"
    )
    print(
        f"  partiels {tally.partial}, annoncés et perdus {tally.lost}, rejoués en double "
        f"{tally.added}, orphelins {tally.orphans}, base abîmée {tally.damaged} (limite 0)"
    )


def _timed(url: str, size: Callable[[], str]) -> None:
    kept_in, kept = Store(url), wide()
    kept_in.write(brought("temoin", 0, 1), digest="0", file="f.csv")
    for what, act in (
        ("premier import", lambda: kept_in.write(kept, digest="1", file="f.csv")),
        ("le même fichier", lambda: kept_in.write(kept, digest="1", file="f.csv")),
        ("lecture", lambda: kept_in.read("large")),
        ("révision du magasin", kept_in.revision),
        ("retour en arrière", lambda: kept_in.undo("large")),
    ):
        began = time.perf_counter()
        act()
        took = time.perf_counter() - began
        print(f"{what}, {ROWS} projets de {COLUMNS} colonnes: {took:.3f} s{size()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="adresse d’une base vide")
    parser.add_argument("--import", nargs=3, dest="importer", metavar=("URL", "ID", "N"))
    asked = parser.parse_args()
    if asked.importer:
        where, name, records = asked.importer
        with contextlib.suppress(StoreError):  # the server was killed: what it said is what counts
            for done in import_without_end(where, name, int(records)):
                print(done, flush=True)
    else:
        main(asked.url)
