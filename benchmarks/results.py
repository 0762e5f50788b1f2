"""Measures in words: rows, percentiles, the table that ``make bench`` writes."""

import math
import operator
import os
import platform
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from villeactive.text import number

PACKAGES = (
    "streamlit",
    "folium",
    "streamlit-folium",
    "geopandas",
    "pandas",
    "typst",
    "python-pptx",
    "playwright",
)
HEAD = ("Mesure", "Valeur", "Seuil", "Rapport", "Seuil du rapport", "Tenu")


@dataclass(frozen=True)
class Row:
    """One measure.

    Attributes
    ----------
    what
        What was measured, in French.
    value, unit
        The median, or what ``what`` says.
    aim
        The most that ``value`` may be; None when nothing is asked.
    ratio, ratio_aim
        ``value`` over that of the floor measured in the same run, and its most.
    least
        The aims are the least that is asked, not the most.
    """

    what: str
    value: float
    unit: str
    aim: float | None = None
    ratio: float | None = None
    ratio_aim: float | None = None
    least: bool = False

    @property
    def held(self) -> bool | None:
        """Tell whether every aim is held; None when there is none."""
        asked = [(self.value, self.aim), (self.ratio, self.ratio_aim)]
        kept = operator.ge if self.least else operator.le
        told = [aim is None or kept(value, aim) for value, aim in asked if value is not None]
        return all(told) if self.aim is not None or self.ratio_aim is not None else None

    def cells(self) -> list[str]:
        """Write the row."""
        said = {None: "", True: "oui", False: "**non**"}[self.held]
        ratio, most = (f"{_figure(v)} ×" if v is not None else "" for v in self._ratios())
        value, aim = (f"{_figure(v)} {self.unit}".strip() if v is not None else ""
                      for v in (self.value, self.aim))  # fmt: skip
        sign = "≥" if self.least else "≤"
        return [self.what, value, aim and f"{sign} {aim}", ratio, most and f"{sign} {most}", said]

    def _ratios(self) -> tuple[float | None, float | None]:
        return self.ratio, self.ratio_aim


def _figure(value: float) -> str:
    """Write a figure with three digits that count."""
    size = abs(value)
    decimals = 0 if size >= 100 or size == int(size) else 1 if size >= 10 else 2 if size >= 1 else 3
    written = number(value, decimals=decimals)
    return written.rstrip("0").rstrip(",") if "," in written else written


def percentile(values: Iterable[float], share: float) -> float:
    """Give the value that ``share`` of the values do not pass (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def median(values: Iterable[float]) -> float:
    """Give the median."""
    return statistics.median(values)


def table(rows: Iterable[Row]) -> str:
    """Write rows as a Markdown table."""
    lines = [list(HEAD), ["---", "---:", "---:", "---:", "---:", ":---:"]]
    lines += [row.cells() for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def machine() -> list[str]:
    """Say what is measured on: processor, cores, memory, system, versions; no path, no name."""
    read = Path("/proc/cpuinfo")
    lines = read.read_text(encoding="utf-8").splitlines() if read.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return [
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cœurs, "
        f"{memory:.0f} Gio de mémoire, {platform.system()} {platform.release().split('-')[0]}",
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]


def page(sections: Mapping[str, Iterable[Row]], notes: Mapping[str, str], *, day: date) -> str:
    """Write the whole page of results.

    Parameters
    ----------
    sections
        Title → rows.
    notes
        Title → how it is measured.
    day
        Day of the measures.
    """
    parts = [
        "# Mesures",
        f"Écrites par `make bench` le {day.isoformat()}. Médianes d’au moins cinq mesures ; "
        "seuls les rapports, pris dans la même exécution, valent d’une machine à l’autre.",
        "\n".join(f"- {line}" for line in machine()),
    ]
    for title, rows in sections.items():
        parts += [f"## {title}", notes[title], table(rows)]
    return "\n\n".join(part for part in parts if part) + "\n"


def show(run: Callable[[], list[Row]]) -> None:
    """Measure, and print the table."""
    print(table(run()))
