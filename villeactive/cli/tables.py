"""``table``: tell what is understood of a table of projects, and where its rows are."""

import argparse
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from villeactive.cli.crew import add_crew, crew_of, tell_progress
from villeactive.cli.options import add_format, to_write
from villeactive.cli.output import print_json, print_table
from villeactive.errors import VilleActiveError
from villeactive.tables.many.crew import asking
from villeactive.tables.many.writing import Written, count_places, is_long, write_places
from villeactive.tables.mapping import Mapping, read_mapping, write_mapping
from villeactive.tables.places import AMBIGUOUS, CORRECTED, FOUND, MISSING
from villeactive.tables.records import defaults_said, records
from villeactive.tables.sites.offers import offers
from villeactive.tables.understanding import Understood, understand
from villeactive.text import enumeration, plural

_DELIMITERS = {"\t": "tab"}
_SAID = {FOUND: ("trouvée", "trouvées"), CORRECTED: ("corrigée", "corrigées"),
         AMBIGUOUS: ("ambiguë", "ambiguës"), MISSING: ("introuvable", "introuvables")}  # fmt: skip
_SAID_OF_SITES = _SAID | {FOUND: ("trouvé",), CORRECTED: ("corrigé",), AMBIGUOUS: ("ambigu",)}
_SHOWN = 20  # rows to look at, and problems, that the terminal lists


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Describe the command of this module."""
    table = commands.add_parser(
        "table", help="comprendre un tableau de projets ; n’écrit que ce que nomme --output"
    )
    table.add_argument(
        "file", type=Path, metavar="FICHIER", help="CSV, XLSX, ODS, Parquet, GeoJSON ou JSON"
    )
    table.add_argument("--sheet", help="feuille du classeur, au lieu de la plus remplie")
    table.add_argument("--mapping", type=Path, help="YAML : rôle des colonnes, par en-tête")
    table.add_argument("--save-mapping", type=to_write, help="YAML à écrire : rôles reconnus")
    table.add_argument("--records", action="store_true", help="ajouter chaque ligne comme projet")
    table.add_argument(
        "--output", type=to_write, help="Parquet à écrire : les lignes et leurs lieux"
    )
    add_crew(table)
    add_format(table)
    table.set_defaults(run=table_told)


def table_told(options: argparse.Namespace) -> int:
    """Print what is understood; 0 when every row is placed, else 1."""
    mapping = read_mapping(options.mapping) if options.mapping else None
    if options.output:
        return _written(options, mapping)
    if options.format == "table" and not options.records and is_long(options.file):
        crew = crew_of(options)
        counted = count_places(options.file, mapping=mapping, crew=crew, progress=tell_progress)
        return _told_many(options, mapping, counted, options.file.name)
    with asking(crew_of(options)) as ask:
        understood = understand(
            options.file, sheet=options.sheet, mapping=mapping, any_length=True, ask=ask
        )
    if options.save_mapping:
        write_mapping(
            options.save_mapping, understood.columns, understood.raw.sheet, understood.mapping
        )
    counts = Counter(place.status for place in understood.places)
    if options.format == "json":
        print_json(told(options.file.name, understood, with_records=options.records))
    else:
        _print(options.file.name, understood, counts, with_records=options.records)
    return 1 if counts[AMBIGUOUS] + counts[MISSING] else 0


def _written(options: argparse.Namespace, mapping: Mapping | None) -> int:
    """Write the rows with their places; print what was found."""
    output = options.output
    if output.suffix.lower() != ".parquet":
        raise VilleActiveError(f"--output : « {output.name} » n’est pas un nom en .parquet.")
    if options.records:
        raise VilleActiveError("--records ne va pas avec --output : les lignes y sont écrites.")
    written = write_places(
        options.file,
        output,
        mapping=mapping,
        sheet=options.sheet,
        crew=crew_of(options),
        progress=tell_progress,
    )
    if options.format == "table":
        return _told_many(options, mapping, written, output)
    _save_mapping(options, mapping, written)
    columns = [{"index": c.index, "header": c.header, "role": c.role} for c in written.columns]
    statuses = {status: written.counts[status] for status in _SAID}
    told = {"file": options.file.name, "output": str(output), "rows": written.counts.total()}
    print_json(told | statuses | {"columns": columns, "added": written.fields})
    return 1 if statuses[AMBIGUOUS] + statuses[MISSING] else 0


def _save_mapping(options: argparse.Namespace, mapping: Mapping | None, written: Written) -> None:
    if options.save_mapping:
        sheet = options.sheet or (mapping.sheet if mapping else None)
        write_mapping(options.save_mapping, list(written.columns), sheet, mapping)


def _told_many(
    options: argparse.Namespace, mapping: Mapping | None, written: Written, name: str | Path
) -> int:
    """Print roles, columns added, the first rows to look at, and one closing line."""
    _save_mapping(options, mapping, written)
    added = list(written.fields.values())
    roles = [(c.header, c.role or "–") for c in written.columns]
    closing = f"Colonnes ajoutées\u00a0: {enumeration(added)}." if options.output else ""
    print_table(pd.DataFrame(roles, columns=["colonne", "rôle"], dtype=object), closing)
    renamed = [f"{name} ({field})" for field, name in written.fields.items() if name != field]
    if renamed and options.output:
        print(f"Le tableau a déjà des colonnes de ces noms, d’où {enumeration(renamed)}.")
    print()
    for line, why in written.unsure:
        print(f"- ligne {line} : {why}")
    unsure = written.counts[AMBIGUOUS] + written.counts[MISSING]
    if unsure > len(written.unsure):
        print(f"- et {plural(unsure - len(written.unsure), 'autre ligne', 'autres lignes')}")
    print(_counted(name, written.counts))
    return 1 if unsure else 0


def _counted(name: str | Path, counts: Counter, *, sites: bool = False) -> str:
    """Say how many rows were placed, or sites, and how."""
    noun, placed = (("lieu", "lieux"), _SAID_OF_SITES) if sites else (("ligne",), _SAID)
    said = ", ".join(plural(counts[status], *words) for status, words in placed.items())
    return f"{name} : {plural(counts.total(), *noun)} ({said})"


def told(name: str, understood: Understood, *, with_records: bool = False) -> dict[str, Any]:
    """Return what is understood of a table as plain values: the JSON of ``table``."""
    raw, table = understood.raw, understood.table
    counts = Counter(place.status for place in understood.places)
    sites, offered = understood.sites, offers(understood)
    numbered = zip(sites.of, understood.places, strict=True)
    whole = {
        "file": name,
        "kind": raw.kind,
        "encoding": raw.encoding,
        "delimiter": _DELIMITERS.get(raw.delimiter, raw.delimiter),
        "sheet": raw.sheet,
        "header_row": table.header_row,
        "rows": len(table.rows),
        **{status: counts[status] for status in (FOUND, CORRECTED, AMBIGUOUS, MISSING)},
        "blank": table.blank,
        "totals": table.totals,
        "duplicates": [list(pair) for pair in understood.duplicates],
        "columns": [asdict(column) for column in understood.columns],
        "places": [
            {"row": row + 1, "line": table.lines[row]} | asdict(place) for row, place in numbered
        ],
        "sites": {
            "read": list(understood.mapping.sites),
            "cells": offered.cells,
            "rows": offered.rows,
        },
        "problems": understood.problems,
    }
    return whole | {"records": records(understood)} if with_records else whole


def _print(name: str, understood: Understood, counts: Counter, *, with_records: bool) -> None:
    """Print columns, rows to look at, problems, and one closing line."""
    roles = {c.header: c for c in understood.columns}
    shown = pd.DataFrame(
        {
            "colonne": list(roles),
            "rôle": [c.role or "–" for c in roles.values()],
            "valeurs": [asdict(c)["values"] for c in roles.values()],
            "filtre": ["oui" if c.filter else "" for c in roles.values()],
        }
    )
    print_table(shown, defaults_said(understood))
    print()
    if with_records:
        told = [(r["row"], r["title"], r["theme"], r["year"] or "") for r in records(understood)]
        listed = pd.DataFrame(told, columns=["ligne", "titre", "thème", "année"], dtype=object)
        print_table(listed, "")
    unsure = [
        (understood.table.lines[row], place)
        for row, place in zip(understood.sites.of, understood.places, strict=True)
        if place.status in (AMBIGUOUS, MISSING)
    ]
    for line, place in unsure[:_SHOWN]:
        print(f"- ligne {line} : {place.reason}")
    if len(unsure) > _SHOWN:
        print(f"- et {plural(len(unsure) - _SHOWN, 'autre ligne', 'autres lignes')}")
    for one in understood.problems[:_SHOWN]:
        where = f"ligne {understood.table.lines[one['row'] - 1]} : " if one["row"] else ""
        print(f"! {where}{one['reason']}")
    hidden = len(understood.problems) - _SHOWN
    if hidden > 0:
        print(f"! et {plural(hidden, 'autre remarque', 'autres remarques')}")
    for how, said in offers(understood).said().items():
        if how not in understood.mapping.sites:
            print(f"? {said} («\u00a0sites: {how}\u00a0» dans la correspondance).")
    print(_counted(name, counts, sites=bool(understood.mapping.sites)))
