"""The closed lists of the atlas: themes, kinds, topics, programmes, roles.

Facts live in ``geodata/vocabulary.yaml``; this module reads them once and names them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from villeactive.errors import DataFileError

GEODATA = Path(__file__).resolve().parent.parent / "geodata"
"""Folder of the shipped data."""

LANGUAGE = "fr"


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
        The file is missing or is not YAML of the expected shape.
    """
    path = GEODATA / "vocabulary.yaml"
    try:
        lists = yaml.load(path.read_text(encoding="utf-8"), Loader=SafeLoader)
        return MappingProxyType(
            {
                name: MappingProxyType({entry["code"]: _term(entry) for entry in entries})
                for name, entries in lists.items()
            }
        )
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        KeyError,
        AttributeError,
        TypeError,
    ) as error:
        why = " ".join(str(error).split())
        msg = f"{path.name} : illisible ({why}). Rétablissez le fichier livré avec l’atlas."
        raise DataFileError(msg) from error


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
