"""The prints (SHA-256) of the shipped tables and outlines: which files are not as they were made.

``geodata/SHA256SUMS`` holds them, as ``sha256sum`` writes and checks them. What is written by hand
has none: YAML files, and the tables of ``HAND_WRITTEN``.
"""

import hashlib
import re
from pathlib import Path

from villeactive.vocabulary import GEODATA

NAME = "SHA256SUMS"
HAND_WRITTEN = frozenset({"usual_names.csv"})

_MADE = ("*.csv", "*.parquet", "outlines/*.*", "outlines/communes/*.*", "outlines/names/*.*")
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
_REMEDY = "rétablissez le fichier livré avec l’atlas"
_AGAIN = "relancez geodata/rebuild.py --sums"


def made_files(folder: Path = GEODATA) -> list[str]:
    """List the files that have a print, as paths from the folder, sorted."""
    found = {path for pattern in _MADE for path in folder.glob(pattern)}
    return sorted(
        path.relative_to(folder).as_posix()
        for path in found
        if path.is_file() and path.name not in HAND_WRITTEN
    )


def sums_text(folder: Path = GEODATA) -> str:
    """Give the prints of the files of a folder as they stand, one line each."""
    return "".join(f"{_sum(folder / name)}  {name}\n" for name in made_files(folder))


def sum_faults(folder: Path = GEODATA) -> list[str]:
    """Say which files are not those of ``SHA256SUMS``, one sentence each.

    Returns
    -------
    list of str
        Files that are missing, changed or unexpected, by name; none when all are as made.
    """
    path = folder / NAME
    if not path.is_file():
        return [f"geodata/{NAME} manque : {_REMEDY}, ou {_AGAIN}."]
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    parted = [_LINE.fullmatch(line) for line in lines]
    faults = [
        f"geodata/{NAME}, ligne {number} : illisible ; {_REMEDY}, ou {_AGAIN}."
        for number, line in enumerate(parted, 1)
        if line is None
    ]
    expected = {line[2]: line[1] for line in parted if line}
    there = made_files(folder)
    for name in sorted({*expected, *there}):
        if name not in there:
            faults.append(f"geodata/{name} manque : {_REMEDY}.")
        elif name not in expected:
            faults.append(f"geodata/{name} n’est pas dans {NAME} : s’il est à sa place, {_AGAIN}.")
        elif _sum(folder / name) != expected[name]:
            faults.append(
                f"geodata/{name} n’est pas tel qu’il a été livré : {_REMEDY} ; s’il a changé à "
                f"dessein, {_AGAIN}."
            )
    return faults


def sums_print() -> str:
    """Return the print of all prints: another one, other data."""
    return _sum(GEODATA / NAME)


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
