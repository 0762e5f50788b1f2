"""``--workers`` and ``--scheduler``: who places the rows of a table; what is told meanwhile."""

import argparse
import sys

from villeactive.cli.options import natural
from villeactive.errors import VilleActiveError
from villeactive.tables.many.crew import Crew
from villeactive.text import number, plural

_MANY = 64


def add_crew(parser: argparse.ArgumentParser) -> None:
    """Add the options that say who places the rows."""
    parser.add_argument(
        "--workers", type=_workers, metavar="N", help="processus qui placent ensemble (1)"
    )
    parser.add_argument(
        "--scheduler", metavar="tcp://…", help="cluster Dask qui place (mêmes fichiers visibles)"
    )


def _workers(text: str) -> int:
    value = natural(text)
    if not 1 <= value <= _MANY:
        msg = f"le nombre de processus va de 1 à {_MANY}"
        raise argparse.ArgumentTypeError(msg)
    return value


def crew_of(options: argparse.Namespace) -> Crew:
    """Return who places the rows.

    Raises
    ------
    VilleActiveError
        Both options are given.
    """
    if options.workers and options.scheduler:
        raise VilleActiveError("--workers et --scheduler : donnez l’un ou l’autre.")
    return Crew(options.workers or 1, options.scheduler)


def tell_progress(done: int, parts: int, rows: int) -> None:
    """Say on the error stream how far the work is: one line in a terminal, else one a part."""
    if parts == 1 or sys.stderr is None:
        return
    said = f"{number(done)} / {plural(parts, 'partie')}, {plural(rows, 'ligne')}"
    live = sys.stderr.isatty()
    print(f"\r{said}" if live else said, end="\n" if done == parts or not live else "",
          file=sys.stderr, flush=True)  # fmt: skip
