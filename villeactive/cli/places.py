"""``locate`` and ``check``: find a place, check the shipped data."""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from villeactive.check import run_checks
from villeactive.cli.crew import add_crew, crew_of, tell_progress
from villeactive.cli.options import add_collection, add_format, atlas_of, to_write
from villeactive.cli.output import print_json, print_table
from villeactive.errors import VilleActiveError
from villeactive.geography.locate import Location
from villeactive.geography.locate import locate as find
from villeactive.tables.located import TABLE_COLUMNS, locate_file
from villeactive.tables.many.crew import asking
from villeactive.tables.many.writing import is_parquet, write_places
from villeactive.tables.places import AMBIGUOUS, FOUND, MISSING
from villeactive.text import plural


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Describe the commands of this module."""
    place = commands.add_parser("locate", help="trouver la commune d’un lieu")
    place.add_argument("name", nargs="?", help="nom ou code INSEE")
    place.add_argument("--departement", help="numéro ou nom")
    place.add_argument(
        "--input",
        type=Path,
        help="tableau à compléter : CSV, XLSX, ODS, Parquet, GeoJSON ou JSON",
    )
    place.add_argument(
        "--output", type=to_write, help="CSV, XLSX, JSON, GeoJSON ou Parquet à écrire"
    )
    add_crew(place)
    add_format(place)
    place.set_defaults(run=locate)

    control = commands.add_parser("check", help="contrôler les données")
    add_collection(control)
    control.set_defaults(run=check)


def _location_record(found: Location) -> dict[str, Any]:
    """Describe an answer in plain values."""
    return {
        "status": found.status,
        "code_insee": found.code_insee,
        "name": found.name,
        "departement": found.departement,
        "reason": found.reason,
        "candidates": [
            {
                "code_insee": c.code_insee,
                "name": c.name,
                "departement": c.departement,
                "departement_name": c.departement_name,
                "population": c.population,
            }
            for c in found.candidates
        ],
    }


def locate(options: argparse.Namespace) -> int:
    """Find one place, or complete a CSV."""
    by_file = options.input is not None
    if by_file != (options.output is not None) or by_file == (options.name is not None):
        raise VilleActiveError("locate : donnez un nom, ou bien --input et --output ensemble.")
    if by_file and options.departement is not None:
        raise VilleActiveError(
            "locate : avec --input, le département se lit dans la colonne « departement »."
        )
    if by_file:
        counts = _completed(options)
        nouns = {"found": ("trouvée", "trouvées"), "ambiguous": ("ambiguë", "ambiguës"),
                 "missing": ("introuvable", "introuvables")}  # fmt: skip
        said = ", ".join(plural(count, *nouns[status]) for status, count in counts.items())
        print(f"{options.output} : {plural(sum(counts.values()), 'ligne')} ({said})")
        return 0
    found = find(options.name, departement=options.departement)
    if options.format == "json":
        print_json(_location_record(found))
    elif found.status == "found":
        print(f"{found.code_insee}  {found.name} ({found.departement})")
    else:
        print(found.reason)
        for candidate in found.candidates:
            print(f"  {candidate.code_insee}  {candidate.name} ({candidate.departement})")
    return 0 if found.status == "found" else 3


def _completed(options: argparse.Namespace) -> dict[str, int]:
    """Complete a table; of Parquet, as many rows as there are."""
    crew = crew_of(options)
    if options.output.suffix.lower() == ".parquet" and is_parquet(options.input):
        written = write_places(
            options.input,
            options.output,
            fields=TABLE_COLUMNS,
            crew=crew,
            progress=tell_progress,
        )
        return {status: written.counts[status] for status in (FOUND, AMBIGUOUS, MISSING)}
    with asking(crew) as ask:
        return locate_file(options.input, options.output, ask=ask)


def check(options: argparse.Namespace) -> int:
    """Check the data: all of it, or some collections with what they stand on."""
    checks = run_checks(partial(atlas_of, options))
    table = pd.DataFrame(
        {
            "contrôle": [check.name for check in checks],
            "éléments": [check.n_checked for check in checks],
            "résultat": ["bon" if c.passed else plural(len(c.faults), "faute") for c in checks],
        }
    )
    faults = [fault for check in checks for fault in check.faults]
    print_table(table, "Tout est bon." if not faults else plural(len(faults), "faute"))
    for fault in faults:
        print(f"- {fault}")
    return 1 if faults else 0
