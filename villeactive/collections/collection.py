"""What a collection says of itself: its names, its source, its themes and kinds of projects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from villeactive.collections.fields import Id, IsoDate, Text, read_yaml
from villeactive.errors import SheetError
from villeactive.faults import COLOUR, Model, faults_of
from villeactive.vocabulary import GEODATA, terms

NO_THEME = "none"
"""Code of the projects that have no theme, last in the filter so that counts add up."""

SHAPES = ("circle", "square", "diamond", "triangle", "hexagon", "pentagon", "triangle-down")
SMALLEST = 30.0


class Sign(Model):
    """Sign of a theme: its shape says it too, colour is never alone.

    ``text`` is a darker hue to write with, where the colour is too pale for words.
    """

    shape: Literal[SHAPES]
    colour: Annotated[str, Field(pattern=COLOUR)]
    text: Annotated[str, Field(pattern=COLOUR)] | None = None


class _Theme(Model):
    """A theme as a collection writes it."""

    code: Id
    label: Text
    short: Text | None = None
    meaning: Text | None = None
    sign: Sign | None = None


class _Kind(Model):
    """A kind of project as a collection writes it; ``size`` in points² on a slide."""

    code: Id
    label: Text
    plural: Text
    counted: bool
    size: float | None = Field(default=None, ge=SMALLEST, le=600)


@dataclass(frozen=True)
class Theme:
    """A theme of the atlas; ``sign`` is None for the projects that have none."""

    code: str
    label: str
    short: str
    meaning: str
    sign: Sign | None


@dataclass(frozen=True)
class Kind:
    """A kind of project: whether it counts as a project, and its size in points² on a slide."""

    code: str
    label: str
    plural: str
    meaning: str
    counted: bool
    size: float

    @property
    def short(self) -> str:
        """The label: kinds have no shorter name."""
        return self.label


class Column(Model):
    """A column of the table that a collection was made of.

    ``slug`` names it in addresses; ``role`` is one of :data:`villeactive.tables.roles.ROLES`;
    ``filter`` tells whether it is offered as one; ``separator`` is what parts several values.
    """

    header: str
    slug: Id
    type: Literal["text", "number", "date", "boolean", "amount"] = "text"
    role: str | None = None
    filter: bool = False
    separator: str | None = None


class Collection(Model):
    """A named, sourced set of projects.

    ``short_title`` names it in the filter; ``noun`` and ``article`` say what it is in a sentence
    (« le », « livre ») ; ``date`` is that of what it tells, to which « à la parution » refers;
    ``updated`` is when a table was last brought; ``holds`` is how many sheets of a kind there
    should be, for ``check``; ``columns`` are those of the table that it was made of, ``size`` the
    header of the amount that sizes circles.
    """

    id: Id
    title: Text
    short_title: Text | None = None
    noun: Text = Text(fr="recueil")
    article: Text = Text(fr="le")
    date: IsoDate | None = None
    period: str | None = None
    series: Text | None = None
    publishers: list[str] = []
    citation: Text | None = None
    licence: str | None = None
    credits: list[Text] = []
    themes: list[_Theme] = []
    kinds: list[_Kind] = []
    holds: dict[Id, Annotated[int, Field(ge=0)]] = {}
    updated: IsoDate | None = None
    columns: list[Column] = []
    size: str | None = None

    @property
    def year(self) -> int | None:
        """Calendar year of what it tells; None without a date."""
        return int(self.date[:4]) if self.date else None


@dataclass(frozen=True)
class Taxonomy:
    """The themes and kinds of the projects of an atlas, in display order.

    Hashable, so that what is drawn of them can be kept.
    """

    theme_list: tuple[Theme, ...]
    kind_list: tuple[Kind, ...]

    @cached_property
    def themes(self) -> Mapping[str, Theme]:
        """Themes by code."""
        return {theme.code: theme for theme in self.theme_list}

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Kinds by code."""
        return {kind.code: kind for kind in self.kind_list}


def shared_kinds() -> tuple[Kind, ...]:
    """Give the kinds that every collection may use, of ``vocabulary.yaml``."""
    return tuple(
        Kind(term.code, term.label, term.plural, term.meaning, term.counted, term.size or SMALLEST)
        for term in terms("kinds").values()
    )


def kinds_of(collection: Collection) -> tuple[Kind, ...]:
    """Give the kinds that a collection adds to the shared list."""
    return tuple(
        Kind(
            kind.code, kind.label.fr, kind.plural.fr, kind.label.fr, kind.counted,
            kind.size or (150.0 if kind.counted else SMALLEST),
        )
        for kind in collection.kinds
    )  # fmt: skip


def themes_of(collection: Collection) -> tuple[Theme, ...]:
    """Give the themes of a collection, signs as given."""
    return tuple(
        Theme(
            theme.code,
            theme.label.fr,
            (theme.short or theme.label).fr,
            (theme.meaning or theme.label).fr,
            theme.sign,
        )
        for theme in collection.themes
    )


def taxonomy(collections: Iterable[Collection], *, without_theme: bool = False) -> Taxonomy:
    """Put the themes and kinds of several collections together, each theme with a sign.

    Parameters
    ----------
    collections
        In display order.
    without_theme
        Whether some project has no theme.

    Returns
    -------
    Taxonomy
        Kinds of the shared list first; a kind that two collections write alike stands once.
        Themes without a sign take the first of ``signs.yaml`` that is free; once all are taken,
        they are taken again.
    """
    collections = tuple(collections)
    themes = [theme for one in collections for theme in themes_of(one)]
    spares = _spare_signs(theme.sign for theme in themes if theme.sign)
    signed = [theme if theme.sign else replace(theme, sign=next(spares)) for theme in themes]
    if without_theme:
        signed.append(Theme(NO_THEME, "Sans thème", "Sans thème", "Sans thème", None))
    kinds = {kind.code: kind for one in collections for kind in kinds_of(one)}
    return Taxonomy(tuple(signed), (*shared_kinds(), *kinds.values()))


def _spare_signs(taken: Iterable[Sign]) -> Iterator[Sign]:
    """Give free signs in order, without end."""
    used = {(sign.shape, sign.colour) for sign in taken}
    free = [sign for sign in palette() if (sign.shape, sign.colour) not in used]
    while True:
        yield from free or palette()


@lru_cache(maxsize=1)
def palette() -> tuple[Sign, ...]:
    """Read the signs of themes that give none, in the order in which they are taken."""
    path = GEODATA / "signs.yaml"
    try:
        return tuple(Sign.model_validate(entry) for entry in read_yaml(path))
    except ValidationError as error:
        raise SheetError(faults_of(path.name, error, whole="liste des signes")) from error


def parse_collection(data: Any, *, where: str) -> Collection:
    """Make a collection of parsed YAML.

    Raises
    ------
    SheetError
        With every fault, each as « file : field : what ».
    """
    try:
        found = Collection.model_validate(data)
    except ValidationError as error:
        raise SheetError(faults_of(where, error, whole="collection")) from error
    faults = []
    for name in ("themes", "kinds"):
        codes = [entry.code for entry in getattr(found, name)]
        faults += [
            f"{where} : {name} : « {code} » donné deux fois"
            for code in dict.fromkeys(codes)
            if codes.count(code) > 1
        ]
    if any(theme.code == NO_THEME for theme in found.themes):
        faults.append(
            f"{where} : themes : « {NO_THEME} » dit « sans thème » ; prenez un autre code"
        )
    if faults:
        raise SheetError(faults)
    return found
