"""``store``: copy all that is kept, check the base in use; ``ready``: what a server needs."""

import argparse

from villeactive.store.database import Store, store
from villeactive.store.readiness import ready
from villeactive.text import enumeration, plural

_COUNTED = {
    "collection": ("collection", "collections"),
    "import": ("import", "imports"),
    "project": ("projet", "projets"),
    "project_version": ("version de projet", "versions de projets"),
}


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Describe the commands of this module."""
    parser = commands.add_parser("store", help="la base des collections : copier, vérifier")
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=type(parser)
    )
    one = actions.add_parser("copy", help="copier tout dans une base vide, avec l’historique")
    one.add_argument("source", metavar="DE", help="adresse, comme dans VILLEACTIVE_STORE")
    one.add_argument("target", metavar="VERS", help="adresse d’une base qui ne garde rien")
    one.set_defaults(run=copied)
    actions.add_parser("check", help="lire la base en usage, y essayer une écriture").set_defaults(
        run=checked
    )
    commands.add_parser("ready", help="données entières, base en état : un serveur peut servir"
                        ).set_defaults(run=readied)  # fmt: skip


def copied(options: argparse.Namespace) -> int:
    """Copy a store into another one, and say what was counted in both."""
    source, target = Store(options.source), Store(options.target)
    counts = source.copy_to(target)
    said = enumeration([plural(counts[name], *words) for name, words in _COUNTED.items()])
    print(f"{target.said} : {said}, comptés dans les deux bases")
    return 0


def checked(_options: argparse.Namespace) -> int:
    """Say that the store can be read and written, and what it holds."""
    kept = store()
    held = kept.look()
    counts = [
        plural(held[f"{name}s"], *_COUNTED[name]) for name in ("collection", "import", "project")
    ]
    said = f"migration {held['migration']}, {enumeration(counts)}"
    print(f"{kept.said} : lisible et inscriptible, {said}")
    return 0


def readied(_options: argparse.Namespace) -> int:
    """Say that a server may serve."""
    found = ready()
    files = plural(found["files"], "fichier de données entier", "fichiers de données entiers")
    print(f"prêt : {files}, base lisible et inscriptible, migration {found['migration']}")
    return 0
