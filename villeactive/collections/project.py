"""The sheet of a project: its model, with what it says of places, money, people and dates.

Texts are mappings language → sentence (``{fr: …}``), so that English can stand beside French later;
a plain string is French. Codes come from the closed lists of :mod:`villeactive.vocabulary`, those
of themes and kinds from the collection, organisations from its ``organisations.yaml``.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, model_validator

from villeactive.collections.collection import NO_THEME
from villeactive.collections.fields import Id, IsoDate, Text, Url, code_of
from villeactive.errors import SheetError
from villeactive.faults import (
    CODE_INSEE,
    DEPARTEMENT,
    EMAIL,
    REGION,
    SIREN,
    Model,
    faults_of,
    shown,
)
from villeactive.geography.territories import territories_of

ACTOR_ROLES = ("funders", "partners", "commissioners", "architects", "providers", "holders")

NAMED_IN = (
    *((role, "organisation", role) for role in ACTOR_ROLES),
    ("budget", "payer", "funders"),
    ("voices", "organisation", ""),
    ("contacts", "organisation", ""),
)
"""Where a sheet names organisations: list, field, role of whoever it names, empty outside any."""


def _no_code(name: str) -> str:
    """Refuse an id that would pass for the code of a commune."""
    if not any(letter.isalpha() for letter in name) or name[:2] in {"2a", "2b"} and len(name) == 5:
        msg = f"« {name} » ressemble au code d’une commune ; ajoutez-y un mot"
        raise ValueError(msg)
    return name


ProjectId = Annotated[Id, AfterValidator(_no_code)]


class Place(Model):
    """Where a project stands.

    ``code_insee`` is the commune where the symbol is drawn: for an EPCI or a territory, its seat.
    It may be left out where ``siren``, ``departement`` or ``region`` says the territory: it is then
    drawn at its most populous commune, or its préfecture. ``name`` is left out where it is the
    commune's; ``lon, lat`` (degrees, WGS 84) is a point that the source gives;
    ``population_cited`` is the figure that the source prints and ``population_counts`` what it
    counts; ``site`` is a named building or quarter, ``street`` a street; ``since`` dates a
    programme that the source dates here and the lists do not.
    """

    scale: code_of("place_scales") = "commune"
    code_insee: str = Field(pattern=CODE_INSEE)
    siren: str | None = Field(default=None, pattern=SIREN)
    departement: str | None = Field(default=None, pattern=DEPARTEMENT)
    region: str | None = Field(default=None, pattern=REGION)
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    name: str | None = None
    role: code_of("place_roles") = "principal"
    site: Text | None = None
    street: str | None = None
    population_cited: int | None = Field(default=None, gt=0)
    population_counts: Literal["commune", "epci", "territoire"] = "commune"
    since: dict[code_of("programmes"), IsoDate] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _of_territory(cls, value: Any) -> Any:
        """Complete a place said by its territory alone: scale, name, commune where it is drawn."""
        if not isinstance(value, dict) or value.get("code_insee") is not None:
            return value
        said = [key for key in TERRITORY_SCALES if value.get(key) is not None]
        if not said:
            return value
        if len(said) > 1:
            msg = f"« {said[0]} » et « {said[1]} » à la fois ; gardez un seul territoire"
            raise ValueError(msg)
        key, code = said[0], value[said[0]]
        territory = (
            territories_of(TERRITORY_SCALES[key]).get(code) if isinstance(code, str) else None
        )
        if territory is None:
            msg = f"{key} : {shown(code)} n’est le code d’aucun territoire ; {_WRITE[key]}"
            raise ValueError(msg)
        drawn = {"scale": territory.scale, "code_insee": territory.drawn_at, "name": territory.name}
        return {**drawn, **value}

    @model_validator(mode="after")
    def _whole_point(self) -> "Place":
        if (self.lon is None) != (self.lat is None):
            msg = "un point a deux coordonnées ; donnez « lon » et « lat »"
            raise ValueError(msg)
        return self


TERRITORY_SCALES = {"siren": "epci", "departement": "departement", "region": "region"}
"""Field of a place that says a territory → its scale."""

_WRITE = {
    "siren": "donnez le SIREN d’un EPCI, entre guillemets : « 200071751 »",
    "departement": "donnez un numéro entre guillemets : « 23 », « 2A », « 974 »",
    "region": "donnez un code de région entre guillemets : « 75 », « 04 »",
}


def _organisation(value: str, info: ValidationInfo) -> str:
    """Give the id of an organisation written by its id or by its name."""
    directory = (info.context or {}).get("directory")
    return directory.id_of(value) if directory else value


OrganisationId = Annotated[str, Field(min_length=1), AfterValidator(_organisation)]
"""Id of an organisation; one written by its name is found by the reader of the collection."""


class Actor(Model):
    """An organisation in a role, or a service whose provider the book does not name."""

    organisation: OrganisationId | None = None
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: Any) -> Any:
        """Accept a bare organisation id."""
        return {"organisation": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_something(self) -> "Actor":
        if self.organisation is None and self.note is None:
            msg = "donnez « organisation » ou « note »"
            raise ValueError(msg)
        return self


class Event(Model):
    """A point or a span of the timeline; ``about`` says « fin », « début »… as the book does.

    An undated event (« à suivre ») has no ``date``. ``status`` is that of 2022. ``context`` marks
    what came before the project and is no part of it.
    """

    date: IsoDate | None = None
    end: IsoDate | None = None
    about: Literal["début", "mi", "fin", "environ"] | None = None
    status: code_of("event_statuses") = "done"
    label: Text
    context: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "Event":
        if self.end and (not self.date or self.end < self.date):
            msg = f"« end » ({self.end}) précède « date » ({self.date})"
            raise ValueError(msg)
        return self


class BudgetLine(Model):
    """An amount printed in the book, in euros.

    ``payer`` is an organisation; ``per`` says « year » for a yearly amount; ``tax`` « HT » when
    the book says so; ``part_of`` is the ``id`` of the line that already contains this amount.
    """

    id: Id | None = None
    label: Text
    amount_eur: float = Field(gt=0)
    payer: OrganisationId | None = None
    nature: code_of("budget_natures") | None = None
    per: Literal["year"] | None = None
    year: int | None = None
    tax: Literal["HT", "TTC"] | None = None
    part_of: Id | None = None


class Figure(Model):
    """A figure of the book: value (and upper bound of a range), unit, and how exact it is.

    ``text`` is the figure as one would say it, where value and unit do not suffice.
    """

    label: Text
    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    nature: code_of("figure_natures") = "exact"
    year: int | None = None
    text: Text | None = None


class Impact(Model):
    """An effect on the town, observed or only expected."""

    text: Text
    status: code_of("impact_statuses") = "observed"


class Voice(Model):
    """A person quoted by the book: role, and the view in one line of ours."""

    name: str
    role: Text
    organisation: OrganisationId | None = None
    view: Text


class Contact(Model):
    """Whom the book names as contact (2022)."""

    name: str
    role: Text | None = None
    organisation: OrganisationId | None = None
    email: str | None = Field(default=None, pattern=EMAIL)
    phone: str | None = None


class Link(Model):
    """A link printed in the book."""

    kind: code_of("link_kinds")
    url: Url
    label: Text


class Related(Model):
    """Another sheet, and how it bears on this one."""

    id: Id
    relation: code_of("relations")


class Reference(Model):
    """Where the source says it: section, printed page numbers, address."""

    section: Text | None = None
    pages: list[Annotated[int, Field(gt=0)]] = Field(default_factory=list)
    url: Url | None = None


class Project(Model):
    """All that the source says of a project.

    ``collection`` is given by the reader; ``kind`` is the first counted one where the sheet says
    none. ``judged_by`` tells whether strengths and effects are the source's own or ours. Without
    a place it is listed and counted, never drawn; ``unlocated`` says why, or, beside places, why
    others of its sites have none. ``fields`` is what a table says of it, by header, in the order of
    its columns; ``amounts`` the euros that are read in some of them.
    """

    id: ProjectId
    collection: Id
    kind: code_of("kinds")
    theme: code_of("themes") = NO_THEME
    topic: code_of("topics") | None = None
    topic_cited: str | None = None
    title: Text
    summary: Text | None = None
    context: Text | None = None
    aims: Text | None = None
    description: Text | None = None
    places: list[Place] = Field(default_factory=list)
    unlocated: Text | None = None
    programmes_cited: list[code_of("programmes")] = Field(default_factory=list)
    labels: list[code_of("labels")] = Field(default_factory=list)
    funders: list[Actor] = Field(default_factory=list)
    partners: list[Actor] = Field(default_factory=list)
    commissioners: list[Actor] = Field(default_factory=list)
    architects: list[Actor] = Field(default_factory=list)
    providers: list[Actor] = Field(default_factory=list)
    holders: list[Actor] = Field(default_factory=list)
    timeline: list[Event] = Field(default_factory=list)
    budget: list[BudgetLine] = Field(default_factory=list)
    figures: list[Figure] = Field(default_factory=list)
    strengths: list[Text] = Field(default_factory=list)
    impacts: list[Impact] = Field(default_factory=list)
    voices: list[Voice] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    related: list[Related] = Field(default_factory=list)
    judged_by: Literal["book", "atlas"] = "book"
    reference: Reference = Field(default_factory=Reference)
    notes: list[Text] = Field(default_factory=list)
    fields: dict[str, str | list[str]] = Field(default_factory=dict)
    amounts: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _budget_parts(self) -> "Project":
        lines = {line.id for line in self.budget if line.id}
        for line in self.budget:
            if line.part_of and line.part_of not in lines - {line.id}:
                msg = f"budget : « part_of: {line.part_of} » ne désigne aucune autre ligne"
                raise ValueError(msg)
        return self

    @property
    def first(self) -> Place | None:
        """The principal place; None where the sheet has none."""
        return self.places[0] if self.places else None

    @property
    def file(self) -> str:
        """Name its file in a fault."""
        return file_of(self.collection, self.id)

    def actors(self) -> Iterator[tuple[str, Actor]]:
        """Give (role, actor) for every organisation in a role, in the order of the sheet."""
        for role in ACTOR_ROLES:
            for actor in getattr(self, role):
                yield role, actor

    def organisation_ids(self) -> set[str]:
        """Give every organisation that the sheet names: roles, payers, voices, contacts."""
        named = {getattr(one, key) for part, key, _ in NAMED_IN for one in getattr(self, part)}
        return named - {None}


def file_of(collection: str, name: str) -> str:
    """Name the file of a sheet in a fault: collection, then file."""
    return f"{collection} : {name}.yaml"


class Organisation(Model):
    """One organisation of the one list."""

    id: Id
    name: str = Field(min_length=1)
    short: str | None = None
    kind: code_of("organisation_kinds") = "autre"
    link: Url | None = None
    parent: Id | None = None

    @property
    def shown(self) -> str:
        """The short name where there is one."""
        return self.short or self.name


def parse_project(data: Any, *, where: str, context: dict[str, Any] | None = None) -> Project:
    """Make a sheet of parsed YAML.

    Parameters
    ----------
    data
        What the file holds, ``collection`` and ``kind`` added by the reader.
    where
        How to name the file in a fault.
    context
        ``themes`` and ``kinds``: the codes that hold; ``directory``: the organisations.

    Raises
    ------
    SheetError
        With every fault of the sheet, each as « file : field : what ».
    """
    try:
        return Project.model_validate(data, context=context)
    except ValidationError as error:
        raise SheetError(faults_of(where, error, whole="fiche")) from error
