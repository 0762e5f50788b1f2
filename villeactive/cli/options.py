"""The options that several commands share, and the selection that they make."""

import argparse
import re
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TextIO

from villeactive.atlas import Atlas, read_atlas
from villeactive.cli.resolving import resolve, resolve_town, resolve_where
from villeactive.errors import VilleActiveError
from villeactive.filters import BY_KEY, FILTERS, LISTS, Filter
from villeactive.programmes import known_programmes
from villeactive.selection import DEFAULT_WITHIN_KM, Selection
from villeactive.text import NBSP, enumeration, typed

FORMATS = ("table", "json", "csv", "geojson")

_SAID = (
    (r"the following arguments are required: (.+)", r"il manque : \1"),
    (r"unrecognized arguments: (.+)", r"en trop : \1"),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 est ambigu : \2"),
    (r"argument (\S+): invalid choice: '(.*)' \(choose from (.+)\)",
     r"\1 : « \2 » est inconnu. Valeurs : \3"),
    (r"argument (\S+): ignored explicit argument '(.*)'",
     r"\1 ne prend pas de valeur, et « \2 » en est une"),
    (r"argument (\S+): expected .*", r"\1 : une valeur est attendue"),
    (r"argument (\S+): (.+)", r"\1 : \2"),
)  # fmt: skip
"""What argparse says (CPython 3.11 to 3.13), and how it is said here."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks French; its errors are one line and exit code 2."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"add_help": False, **options})
        self.add_argument("-h", "--help", action="help", help="dire ce que l’on peut demander")
        self._positionals.title, self._optionals.title = "à donner", "options"

    def format_help(self) -> str:
        """Give the help, its first word in French."""
        return super().format_help().replace("usage: ", f"usage{NBSP}: ", 1)

    def print_help(self, file: TextIO | None = None) -> None:
        """Write the help; a full disk is a fault of it too, which argparse would not tell."""
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> None:
        """Say what is wrong with the options."""
        said = " ".join(message.split())
        for english, french in _SAID:
            if match := re.fullmatch(english, said):
                listed = "choose from" in said  # with quotes that the user did not write
                said = match.expand(french)
                said = said.replace("'", "") if listed else said
                break
        self.exit(2, f"villeactive : {said} (voir {self.prog} --help)\n")


def add_collection(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add the option that keeps some collections."""
    one = BY_KEY["collection"]
    parser.add_argument(f"--{one.key}", action="append", default=[], help=one.help)


def atlas_of(options: argparse.Namespace) -> Atlas:
    """Read the atlas, of the collections asked for alone.

    Raises
    ------
    UnknownValueError
        No collection has this id or title; those there are are given.
    """
    atlas = read_atlas()
    asked = chain.from_iterable(resolve("collection", one, atlas) for one in options.collection)
    names = tuple(dict.fromkeys(asked))
    return atlas.only(names) if names else atlas


def _help(one: Filter) -> str:
    """Say what a filter takes; the programmes, each by its code, with its phase if it has one."""
    if one.key != "programme":
        return one.help
    known = known_programmes().items()
    return enumeration(
        [f"{code} (phase {found.phase})" if found.phase else code for code, found in known],
        last="ou",
    )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the options that make a selection; the same for every command."""
    group = parser.add_argument_group("filtres (noms ou codes ; répétables : l’un OU l’autre)")
    for one in FILTERS:
        group.add_argument(f"--{one.key}", action="append", default=[], help=_help(one))
    group.add_argument("--where", action="append", default=[], metavar="COLONNE=VALEUR",
                       help="colonne d’une collection ; intervalle : 2019..2023")  # fmt: skip
    group.add_argument("--near", metavar="TOWN", help="autour d’une commune : nom ou code")
    group.add_argument(
        "--within", type=positive, metavar="KM", help="distance, 50 km sans rien dire"
    )
    group.add_argument("--text", default="", help="mots à trouver")
    group.add_argument("--min-population", type=natural, help="population minimale de la commune")
    group.add_argument("--max-population", type=natural, help="population maximale de la commune")
    group.add_argument("--amount-known", action="store_true", help="montant donné par la fiche")


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add how the answer is written."""
    parser.add_argument("--format", choices=("table", "json"), default="table")


def to_write(text: str) -> Path:
    """Read the name of a file to write: no folder, before anything is made."""
    path, folder = Path(text), False
    with suppress(OSError):  # a name too long is told when one writes
        folder = path.is_dir()
    if folder:
        msg = f"« {path} » est un dossier{NBSP}: ajoutez-y le nom du fichier à écrire"
        raise argparse.ArgumentTypeError(msg)
    return path


def natural(text: str) -> int:
    """Read a whole number, 0 to 99 999 999; spaces between thousands are fine."""
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
        msg = f"« {text[:40]} » n’est pas un nombre entier de 0 à 99 999 999"
        raise argparse.ArgumentTypeError(msg)
    return int(digits)


def positive(text: str) -> int:
    """Read a whole number, 1 or more."""
    value = natural(text)
    if not value:
        msg = "la distance doit être d’au moins 1 km"
        raise argparse.ArgumentTypeError(msg)
    return value


def selection_of(options: argparse.Namespace, atlas: Atlas) -> Selection:
    """Make a selection of the options.

    Raises
    ------
    UnknownValueError
        A value is in no list; the nearest valid ones are given.
    VilleActiveError
        A distance is given without its centre.
    """
    if options.within and options.near is None:
        raise VilleActiveError("--within : dites autour de quelle commune, avec --near.")
    chosen = {
        name: tuple(dict.fromkeys(chain.from_iterable(resolve(name, v, atlas) for v in given)))
        for name, given in ((name, getattr(options, name)) for name in LISTS)
    }
    near = None if options.near is None else resolve_town("near", options.near, atlas)
    own: dict[str, tuple[str, ...]] = {}
    for one in options.where:
        slug, test = resolve_where(one, atlas)
        own[slug] = (*own.get(slug, ()), test)
    return Selection(
        **chosen,
        own=tuple(sorted(own.items())),
        near=near,
        within=options.within or DEFAULT_WITHIN_KM,
        text=typed(options.text),
        min_population=options.min_population,
        max_population=options.max_population,
        amount=options.amount_known,
    )
