"""Placing rows of tables: each distinct question once, against a question a row."""

import random
import time
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.results import median
from villeactive.geography.referential import read_communes
from villeactive.tables.answers import answers, forget
from villeactive.tables.asked import questions_of
from villeactive.tables.distinct import coded
from villeactive.tables.places import Asked
from villeactive.tables.placing import place
from villeactive.tables.understanding import understand

ROWS = 1_000_000


def questions(seed: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return codes, names and départements of a million rows, of 83 000 distinct spellings."""
    table = read_communes()
    chance = np.random.default_rng(seed)
    rows = chance.integers(0, len(table), ROWS)
    manner = chance.integers(0, 3, ROWS)
    names = np.array([table.name, table.name.str.upper(), table.name.str.lower()], dtype=object)
    return (
        table.index.to_numpy(dtype=object)[rows],
        names[manner, rows],
        table.departement.to_numpy(dtype=object)[rows],
    )


def placed(**columns: np.ndarray) -> int:
    """Place rows by their distinct questions; what was answered before is remembered."""
    said = {role: coded(cells, str) for role, cells in columns.items()}
    asked = questions_of(said)
    return len(answers(asked)[asked.kinds])


def seconds(columns: dict[str, np.ndarray]) -> float:
    """Return how long rows take to be placed."""
    began = time.perf_counter()
    placed(**columns)
    return time.perf_counter() - began


def a_file(folder: Path, rows: int = 25_000) -> Path:
    """Write a table as a préfecture's, and return where."""
    table = read_communes()
    chance = random.Random(4)
    path = folder / "subventions.csv"
    lines = ["Bénéficiaire;Code INSEE;Département;Opération;Montant;Longitude;Latitude"]
    for i in range(rows):
        row = table.iloc[chance.randrange(len(table))]
        amount, lon, lat = f"{chance.randrange(1, 900)} 250,00 €", row.lon, row.lat
        lines.append(
            f"COMMUNE DE {row['name'].upper()};{row.name.lstrip('0')};{row.departement};"
            f"Opération {i};{amount};{lon};{lat}"
        )
    path.write_text("\n".join(lines), encoding="cp1252", errors="replace")
    return path


def main() -> None:
    """Print rows a second, cold and warm, and what a file of 25 000 rows costs."""
    began = time.perf_counter()
    read_communes()
    print(f"lecture des communes: {time.perf_counter() - began:.2f} s")
    codes, names, departements = questions()
    place(Asked("Lens", "", "62", *[""] * 5))
    for what, columns in (
        ("code", {"code": codes}),
        ("nom et département", {"name": names, "departement": departements}),
    ):
        forget()
        first, *again = (seconds(columns) for _ in range(4))
        for state, took in (("à froid", first), ("à chaud", median(again))):
            print(f"{what}, {state}: {ROWS / took / 1e6:.2f} million de lignes par seconde")
    with TemporaryDirectory() as folder:
        path = a_file(Path(folder))
        tracemalloc.start()
        understand(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        began = time.perf_counter()
        found = understand(path)
        took = time.perf_counter() - began
        print(f"fichier de {len(found.places)} lignes: {took:.1f} s, {peak / 1e6:.0f} Mo d’objets")


if __name__ == "__main__":
    main()
