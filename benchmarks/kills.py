"""The store under SIGKILL: imports cut at any moment, and what an import of 5 000 rows costs."""

import contextlib
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from villeactive.store.database import Store
from villeactive.store.records import Kept, Record

ROOT = Path(__file__).resolve().parents[1]
KILLS, RECORDS = 60, 1_000
ROWS, COLUMNS = 5_000, 20


@dataclass
class Tally:
    """What became of imports that were killed; the last five should be nought.

    Attributes
    ----------
    kills, unfinished
        Importers killed; those of which the last import was neither acknowledged nor kept.
    committed, acknowledged
        Imports found in the store; those that the importer had said were done.
    partial
        Collections that hold anything but one whole import.
    lost
        Imports said to be done that are not in the store.
    added
        Imports sent again that changed anything.
    orphans, damaged
        Rows that refer to none; faults of SQLite's own check of the file.
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


def run(folder: Path, *, kills: int, records: int, seed: int = 18) -> Tally:
    """Kill importers, one after the other, and look at what they leave.

    Parameters
    ----------
    folder
        Where the store is made.
    kills
        How many importers; each has its own collection.
    records
        How many projects an import brings.
    seed
        Of the moments: at any point of the first, second or third import.
    """
    chance = random.Random(seed)
    url = f"sqlite:///{folder}/collections.sqlite"
    kept_in = Store(url)
    began = time.perf_counter()
    kept_in.write(brought("temoin", 0, records), digest="0", file="f.csv")
    whole = time.perf_counter() - began
    tally = Tally()
    for turn in range(kills):
        _kill(kept_in, url, f"c{turn}", records, turn % 3, chance.uniform(0, whole), tally)
    with contextlib.closing(sqlite3.connect(folder / "collections.sqlite")) as connection:
        tally.damaged = int(connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)])
        tally.orphans = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    tally.partial += kept_in.read("temoin").records != brought("temoin", 0, records).records
    return tally


def _kill(
    kept_in: Store, url: str, name: str, records: int, done: int, after: float, tally: Tally
) -> None:
    """Kill an importer so many seconds after it has said ``done`` imports, then send one again."""
    command = [sys.executable, "-m", "benchmarks.kills", url, name, f"{records}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as importer:
        said = "".join(importer.stdout.readline() for _ in range(1 + done))
        with contextlib.suppress(subprocess.TimeoutExpired):
            importer.wait(after)
        importer.kill()
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


def main() -> None:
    """Print what became of sixty importers killed, then the time and size of an import."""
    with TemporaryDirectory() as folder:
        tally = run(Path(folder), kills=KILLS, records=RECORDS)
    print(
        f"{tally.kills} imports de {RECORDS} projets tués : {tally.committed} gardés, dont "
        f"{tally.acknowledged} annoncés ; {tally.unfinished} coupés avant la fin"
    )
    print(
        f"  partiels {tally.partial}, annoncés et perdus {tally.lost}, rejoués en double "
        f"{tally.added}, orphelins {tally.orphans}, base abîmée {tally.damaged} (limite 0)"
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "collections.sqlite"
        kept_in, kept = Store(f"sqlite:///{path}"), wide()
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
            size = path.stat().st_size / 1e6
            print(f"{what}, {ROWS} projets de {COLUMNS} colonnes: {took:.3f} s, {size:.1f} Mo")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for done in import_without_end(sys.argv[1], sys.argv[2], int(sys.argv[3])):
            print(done, flush=True)
    else:
        main()
