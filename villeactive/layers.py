"""The layers of the map on the screen: which there are, which show at first, what circles are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from villeactive.collections.own_columns import OwnColumn
from villeactive.programmes import drawn_at_first, known_programmes, labelled, territories
from villeactive.vocabulary import terms

TOWNS = "Villes dessinées"
"""Group of the programmes that label communes."""

BORDERS = ("epci", "departements", "communes")
"""Layers that are outlines, in the order of the legend."""


GROUPS = ("projects", "towns", "none")
"""Circles of numbers, whose territories follow the zoom; « none » leaves symbols alone."""

BY_LEVEL = ("projects", "euros")
"""Circles whose territories may be fixed."""

LEVELS = {"region": "région", "departement": "département", "epci": "intercommunalité",
          "town": "commune"}  # fmt: skip
"""Level of territories that figures stand for → its noun."""


@cache
def layer_groups() -> dict[str, tuple[str, ...]]:
    """Give the layers as one chooses them, in the order of the legend; programmes by their code."""
    return {
        "Projets": ("projects", "mentions"),
        TOWNS: labelled(),
        "Territoires": (*territories(), *BORDERS),
        "Fond": ("plan-ign",),
    }


@cache
def every_layer() -> tuple[str, ...]:
    """Give every layer of the map."""
    return tuple(code for codes in layer_groups().values() for code in codes)


@cache
def first_layers() -> tuple[str, ...]:
    """Give what is drawn at first: mentions and areas are asked for."""
    return ("projects", *drawn_at_first())


def in_drawing_order(layers: Collection[str]) -> tuple[str, ...]:
    """Put layers in the order of :func:`every_layer`; others are dropped."""
    return tuple(code for code in every_layer() if code in layers)


def layer_name(code: str) -> str:
    """Name a layer of the map."""
    programme = known_programmes().get(code)
    return programme.label if programme else terms("layers")[code].label


@dataclass(frozen=True)
class Group:
    """What circles stand for.

    Attributes
    ----------
    what
        One of :data:`GROUPS`, or ``euros``.
    slug
        Of the column of euros; empty without.
    level
        One of :data:`LEVELS`; empty follows the zoom.
    """

    what: str
    slug: str = ""
    level: str = ""

    @property
    def code(self) -> str:
        """Write it as an address does: ``towns``, ``projects:epci``, ``euros:SLUG:epci``."""
        return ":".join(filter(None, (self.what, self.slug, self.level)))

    @property
    def is_told(self) -> bool:
        """Whether the server tells its figures; the browser counts the others by itself."""
        return bool(self.slug or self.level)


def read_group(code: str | None, columns: Mapping[str, OwnColumn]) -> Group | None:
    """Read what an address asks; None for what is unknown, or a column without euros."""
    what, *rest = (code or "").split(":")
    slug = rest.pop(0) if what == "euros" and rest else ""
    level = rest.pop(0) if rest else ""
    known = slug in columns and columns[slug].euros if what == "euros" else what in GROUPS
    levels = {"", *LEVELS} if what in BY_LEVEL else {""}
    made = Group(what, slug, level)
    return made if known and level in levels and made.code == code else None
