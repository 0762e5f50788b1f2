"""The closed lists of the atlas: themes, kinds, topics, programmes, roles.

Facts live in ``geodata/vocabulary.yaml``; this module reads them once and names them.
"""

import errno
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from villeactive.errors import DataFileError, reason

GEODATA = Path(__file__).resolve().parent.parent / "geodata"
"""Folder of the shipped data."""

LANGUAGE = "fr"

LISTS = (
    "themes",
    "kinds",
    "topics",
    "programmes",
    "layers",
    "labels",
    "organisation_kinds",
    "actor_roles",
    "place_roles",
    "place_scales",
    "event_statuses",
    "impact_statuses",
    "budget_natures",
    "figure_natures",
    "link_kinds",
    "relations",
)
"""What the file holds; the end of a file cut short is missed by name."""

_REMEDY = "Rétablissez le fichier livré avec l’atlas."


@dataclass(frozen=True)
class Term:
    """One entry of a closed list.

    ``label`` is what the user reads; ``short``, ``meaning``, ``plural``, ``says`` and
    ``singular`` fall back on it. ``counted`` (kinds) and ``labelled`` (programmes) are flags.
    """

    code: str
    label: str
    short: str
    meaning: str
    plural: str
    singular: str
    says: str
    counted: bool = True
    labelled: bool = False


def _term(entry: dict) -> Term:
    """Build a term from one YAML entry."""

    def text(key: str, default: str) -> str:
        return entry.get(key, {}).get(LANGUAGE, default)

    label = text("label", entry["code"])
    return Term(
        code=entry["code"],
        label=label,
        short=text("short", label),
        meaning=text("meaning", label),
        plural=text("plural", label),
        singular=text("singular", label),
        says=text("says", label),
        counted=entry.get("counted", True),
        labelled=entry.get("labelled", False),
    )


SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads YAML without executing anything: libyaml's, eight times faster, where there is one."""


class _Terms(dict):
    """The terms of one list; one that is not there is a fault of the file, said as such."""

    def __init__(self, name: str, entries: list[dict]) -> None:
        super().__init__({entry["code"]: _term(entry) for entry in entries})
        self.name = name

    def __missing__(self, code: str) -> Term:
        msg = f"vocabulary.yaml : « {code} » manque dans la liste « {self.name} ». {_REMEDY}"
        raise DataFileError(msg)


def read_text(path: Path) -> str:
    """Read a text in UTF-8; a pipe or a device is refused, never waited for.

    Raises
    ------
    OSError, UnicodeDecodeError
        See :func:`why`.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    return path.read_text(encoding="utf-8")


def why(error: Exception) -> str:
    """Say in French why a YAML file cannot be read."""
    if isinstance(error, OSError):
        return reason(error)
    if isinstance(error, UnicodeDecodeError):
        return "le texte n’est pas en UTF-8"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or ""
    own = said if said.startswith("clé") else "YAML mal écrit"  # all else is said in English
    return f"{own}, ligne {mark.line + 1}" if mark else own


@cache
def vocabulary() -> MappingProxyType[str, MappingProxyType[str, Term]]:
    """Read every closed list.

    Returns
    -------
    MappingProxyType
        List name (``themes``, ``kinds``, ``topics``, ``programmes``, ``labels``…) →
        read-only mapping code → :class:`Term`, in display order.

    Raises
    ------
    DataFileError
        The file is missing, cut short, or is not YAML of the expected shape.
    """
    path = GEODATA / "vocabulary.yaml"
    try:
        lists = yaml.load(read_text(path), Loader=SafeLoader)
        found = {name: MappingProxyType(_Terms(name, some)) for name, some in lists.items()}
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        KeyError,
        AttributeError,
        TypeError,
    ) as error:
        msg = f"{path.name} : illisible ({why(error)}). {_REMEDY}"
        raise DataFileError(msg) from error
    missing = [f"« {name} »" for name in LISTS if name not in found]
    if missing:
        msg = f"{path.name} : fichier incomplet, sans {', '.join(missing)}. {_REMEDY}"
        raise DataFileError(msg)
    return MappingProxyType(found)


def terms(name: str) -> MappingProxyType[str, Term]:
    """Give one closed list, code → :class:`Term`, in display order.

    Raises
    ------
    KeyError
        No list has this name.
    """
    return vocabulary()[name]


def label(name: str, code: str) -> str:
    """Give the label of a code; the code itself when the list does not know it."""
    term = terms(name).get(code)
    return term.label if term else code
