"""``collection``: import a table as a collection, list, show, export, undo, remove."""

import argparse
import re
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pandas as pd

from villeactive.cli.options import add_format, to_write
from villeactive.cli.output import print_json, print_table
from villeactive.cli.tables import told
from villeactive.errors import UnknownValueError
from villeactive.faults import ID
from villeactive.imports.exports import export, kinds
from villeactive.imports.importing import Draft, draft, keep
from villeactive.imports.projects import id_of_file, wish_of
from villeactive.imports.sites import gaps_said
from villeactive.store.database import store
from villeactive.store.records import Import, Kept
from villeactive.tables.mapping import read_mapping
from villeactive.text import day, enumeration, plural


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Describe the commands of this module."""
    parser = commands.add_parser("collection", help="garder des projets : importer, lister, rendre")
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=type(parser)
    )
    one = actions.add_parser("import", help="importer un tableau comme collection")
    one.add_argument(
        "file", type=Path, metavar="FICHIER", help="CSV, XLSX, ODS, Parquet, GeoJSON ou JSON"
    )
    one.add_argument("--id", type=_identifier, help="identifiant ; par défaut, le nom du fichier")
    one.add_argument("--title", help="titre ; par défaut, le nom du fichier")
    one.add_argument("--owner", help="qui publie la collection")
    one.add_argument("--source", help="d’où vient le tableau")
    one.add_argument("--licence", help="licence des données")
    one.add_argument("--share", action="append", default=[], metavar="EN-TÊTE",
                     help="colonne personnelle que tous peuvent lire")  # fmt: skip
    one.add_argument("--mapping", type=Path, help="YAML : rôle des colonnes, par en-tête")
    one.add_argument("--dry-run", action="store_true", help="tout dire, sans rien écrire")
    add_format(one)
    one.set_defaults(run=imported)
    one = actions.add_parser("list", help="les collections gardées")
    add_format(one)
    one.set_defaults(run=listed)
    one = _on_one(actions, "show", "ce qu’une collection garde, et ses imports")
    add_format(one)
    one.set_defaults(run=shown)
    one = _on_one(actions, "export", "rendre une collection")
    one.add_argument("out", type=Path, metavar="SORTIE",
                     help=f"fichier {', '.join(kinds())}, ou dossier nouveau")  # fmt: skip
    one.add_argument("--personal", action="store_true", help="avec les colonnes personnelles")
    one.add_argument("--unplaced", action="store_true", help="les lignes sans lieu, et pourquoi")
    one.set_defaults(run=exported)
    _on_one(actions, "undo", "défaire le dernier import").set_defaults(run=undone)
    _on_one(actions, "remove", "retirer une collection").set_defaults(run=removed)


def _on_one(actions: argparse._SubParsersAction, name: str, said: str) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=said)
    parser.add_argument("id", metavar="ID", help="identifiant de la collection")
    return parser


def _identifier(text: str) -> str:
    if not re.fullmatch(ID, text) or text.isdigit():
        msg = f"« {text} » : écrivez minuscules sans accent, chiffres et tirets"
        raise argparse.ArgumentTypeError(msg)
    return text


def imported(options: argparse.Namespace) -> int:
    """Import a table; 0 when every site is placed, 1 when some are to review."""
    name = options.id or id_of_file(options.file)
    kept = store()
    before = kept.read(name)
    said = {
        field: getattr(options, field)
        for field in ("title", "owner", "source", "licence")
        if getattr(options, field) is not None
    }
    shared = {"shared": frozenset(options.share)} if options.share else {}
    wish = replace(wish_of(before, name, options.file), day=date.today(), **said, **shared)
    mapping = read_mapping(options.mapping) if options.mapping else None
    made = draft(options.file, wish, kept, mapping=mapping)
    revision = before.revision if before else 0
    if not options.dry_run:
        revision = keep(made, kept).revision
    if options.format == "json":
        counts = {field: len(getattr(made.change, field)) for field in ("new", "changed", "gone")}
        own = {"id": name, "key": made.key, **counts, "revision": revision}
        print_json(told(options.file.name, made.understood) | own)
    else:
        _print(made, dry=options.dry_run)
    return 1 if made.unplaced or made.partly else 0


def _print(made: Draft, *, dry: bool) -> None:
    """Print what an import does, in one line, and what is left to review."""
    new, changed, gone = (len(getattr(made.change, f)) for f in ("new", "changed", "gone"))
    said = [
        plural(new, "nouveau projet", "nouveaux projets"),
        plural(changed, "changé", "changés"),
        plural(gone, "disparu", "disparus"),
    ]
    print(f"{made.kept.id} : {', '.join(said)}{' (rien n’est écrit)' if dry else ''}")
    without = [
        plural(count, f"projet {words}", f"projets {words}")
        for count, words in ((made.unplaced, "sans lieu sûr"), (made.partly, "dont un lieu manque"))
        if count
    ]
    if without:
        print(
            f"{enumeration(without)} : « collection export {made.kept.id} a-revoir.xlsx "
            "--unplaced » les rend avec la raison."
        )


def listed(options: argparse.Namespace) -> int:
    """List the collections kept."""
    found = store().listed()
    if options.format == "json":
        print_json([asdict(one) for one in found])
        return 0
    rows = [(one.id, one.title, one.projects, day(one.imported_at[:10])) for one in found]
    table = pd.DataFrame(rows, columns=["id", "titre", "projets", "importée le"], dtype=object)
    print_table(table, plural(len(found), "collection gardée", "collections gardées"))
    return 0


def shown(options: argparse.Namespace) -> int:
    """Say what a collection keeps, and its imports."""
    held, history = _kept(options.id), store().history(options.id)
    n_projects = len(held.records)
    unplaced = len(held.unplaced)
    if options.format == "json":
        counts = {"revision": held.revision, "projects": n_projects, "unplaced": unplaced}
        print_json(held.values()[0] | counts | {"imports": [asdict(one) for one in history]})
        return 0
    rows = [(one.number, _on(one), one.file, one.new, one.changed, one.gone) for one in history]
    columns = ["import", "date", "fichier", "nouveaux", "changés", "disparus"]
    without = gaps_said(unplaced, len(held.partly))
    closing = f"{held.head['title']} : {plural(n_projects, 'projet')}{without}"
    print_table(pd.DataFrame(rows, columns=columns, dtype=object), closing)
    return 0


def _on(one: Import) -> str:
    """Say the day of an import."""
    at = asdict(one)["at"]
    return day(at[:10])


def exported(options: argparse.Namespace) -> int:
    """Write a collection as a file or a folder."""
    if options.out.suffix.lower() in kinds():
        to_write(str(options.out))
    export(
        _kept(options.id),
        options.out,
        day=date.today(),
        personal=options.personal,
        unplaced=options.unplaced,
    )
    print(options.out)
    return 0


def undone(options: argparse.Namespace) -> int:
    """Take back the last import of a collection."""
    _kept(options.id)
    last = store().undo(options.id)
    print(f"{options.id} : l’import de « {last.file} » du {_on(last)} est défait")
    return 0


def removed(options: argparse.Namespace) -> int:
    """Remove a collection and its history."""
    held = _kept(options.id)
    store().remove(options.id)
    print(f"{options.id} : retirée ({plural(len(held.records), 'projet')})")
    return 0


def _kept(name: str) -> Kept:
    """Read a collection.

    Raises
    ------
    UnknownValueError
        None has this id; those there are are given.
    """
    found = store().read(name)
    if found is None:
        known = [one.id for one in store().listed()]
        raise UnknownValueError("Collection gardée", name, known)
    return found
