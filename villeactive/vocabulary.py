"""The closed lists that all collections share: kinds, topics, roles.

Facts live in ``geodata/vocabulary.yaml``; this module reads them once and names them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from villeactive.errors import DataFileError
from villeactive.yaml_file import UnreadableError, load

GEODATA = Path(__file__).resolve().parent.parent / "geodata"
"""Folder of the shipped data."""

LANGUAGE = "fr"

LISTS = (
    "kinds",
    "topics",
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

    ``label`` is what the user reads; ``short``, ``meaning``, ``plural`` and ``singular``
    fall back on it. ``counted`` and ``size`` (points² on a slide) are of kinds.
    """

    code: str
    label: str
    short: str
    meaning: str
    plural: str
    singular: str
    counted: bool = True
    size: float | None = None


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
        counted=entry.get("counted", True),
        size=entry.get("size"),
    )


class _Terms(dict):
    """The terms of one list; one that is not there is a fault of the file, said as such."""

    def __init__(self, name: str, entries: list[dict]) -> None:
        super().__init__({entry["code"]: _term(entry) for entry in entries})
        self.name = name

    def __missing__(self, code: str) -> Term:
        msg = f"vocabulary.yaml : « {code} » manque dans la liste « {self.name} ». {_REMEDY}"
        raise DataFileError(msg)


@cache
def vocabulary() -> MappingProxyType[str, MappingProxyType[str, Term]]:
    """Read every closed list.

    Returns
    -------
    MappingProxyType
        List name (``kinds``, ``topics``, ``labels``…) →
        read-only mapping code → :class:`Term`, in display order.

    Raises
    ------
    DataFileError
        The file is missing, cut short, or is not YAML of the expected shape.
    """
    path = GEODATA / "vocabulary.yaml"
    try:
        lists = load(path)
        found = {name: MappingProxyType(_Terms(name, some)) for name, some in lists.items()}
    except (UnreadableError, KeyError, AttributeError, TypeError) as error:
        said = error if isinstance(error, UnreadableError) else "une liste n’a pas sa forme"
        msg = f"{path.name} : illisible ({said}). {_REMEDY}"
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
