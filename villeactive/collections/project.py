"""The sheet of a project: its model, and the reader that reports all faults at once.

A sheet is one YAML file of ``geodata/projects/``, named after its id. Texts are mappings
language → sentence (``{fr: …}``), so that English can stand beside French later.
Codes come from the closed lists of :mod:`villeactive.vocabulary`, organisations from
``geodata/organisations.yaml``.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from villeactive.errors import SheetError
from villeactive.faults import CODE_INSEE, DATE, EMAIL, ID, SIREN, URL, faults_of
from villeactive.programmes import known_programmes
from villeactive.vocabulary import GEODATA, terms
from villeactive.yaml_file import REPAIR, UnreadableError, load

PROJECTS = GEODATA / "projects"
ORGANISATIONS = GEODATA / "organisations.yaml"
BOOK = GEODATA / "book.yaml"

ACTOR_ROLES = ("funders", "partners", "commissioners", "architects", "providers")


def known_code(name: str) -> Callable[[str], str]:
    """Make a validator that refuses codes that the closed list ``name`` does not hold."""

    def check(code: str) -> str:
        known = known_programmes() if name == "programmes" else terms(name)
        if code not in known:
            msg = f"« {code} » n’est pas dans la liste « {name} » : {', '.join(known)}"
            raise ValueError(msg)
        return code

    return check


def _code(name: str) -> Any:
    """Type of a code of the closed list ``name``."""
    return Annotated[str, AfterValidator(known_code(name))]


Id = Annotated[str, Field(pattern=ID)]
IsoDate = Annotated[str, Field(pattern=DATE)]
Url = Annotated[str, Field(pattern=URL)]


class _Model(BaseModel):
    """Common settings: unknown keys are faults, values are not coerced, instances are frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Text(_Model):
    """A text in French, with room for English."""

    fr: str = Field(min_length=1)
    en: str | None = None

    def __str__(self) -> str:
        """Give the text in the language of the interface."""
        return self.fr


class Place(_Model):
    """Where a project stands.

    ``code_insee`` is the commune where the symbol is drawn (for an EPCI or a territory, its
    seat); ``population_book`` is the figure printed in the book and ``population_counts`` what
    it counts; ``site`` is a named building or quarter, ``street`` a street; ``since`` dates a
    programme that the book dates here and the lists do not.
    """

    scale: _code("place_scales")
    code_insee: str = Field(pattern=CODE_INSEE)
    siren: str | None = Field(default=None, pattern=SIREN)
    name: str
    role: _code("place_roles") = "principal"
    site: Text | None = None
    street: str | None = None
    population_book: int | None = Field(default=None, gt=0)
    population_counts: Literal["commune", "epci", "territoire"] = "commune"
    since: dict[_code("programmes"), IsoDate] = {}


class Actor(_Model):
    """An organisation in a role, or a service whose provider the book does not name."""

    organisation: Id | None = None
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


class Event(_Model):
    """A point or a span of the timeline; ``about`` says « fin », « début »… as the book does.

    An undated event (« à suivre ») has no ``date``. ``status`` is that of 2022. ``context`` marks
    what came before the project and is no part of it.
    """

    date: IsoDate | None = None
    end: IsoDate | None = None
    about: Literal["début", "mi", "fin", "environ"] | None = None
    status: _code("event_statuses") = "done"
    label: Text
    context: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "Event":
        if self.end and (not self.date or self.end < self.date):
            msg = f"« end » ({self.end}) précède « date » ({self.date})"
            raise ValueError(msg)
        return self


class BudgetLine(_Model):
    """An amount printed in the book, in euros.

    ``payer`` is an organisation; ``per`` says « year » for a yearly amount; ``tax`` « HT » when
    the book says so; ``part_of`` is the ``id`` of the line that already contains this amount.
    """

    id: Id | None = None
    label: Text
    amount_eur: float = Field(gt=0)
    payer: Id | None = None
    nature: _code("budget_natures") | None = None
    per: Literal["year"] | None = None
    year: int | None = None
    tax: Literal["HT", "TTC"] | None = None
    part_of: Id | None = None


class Figure(_Model):
    """A figure of the book: value (and upper bound of a range), unit, and how exact it is.

    ``text`` is the figure as one would say it, where value and unit do not suffice.
    """

    label: Text
    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    nature: _code("figure_natures") = "exact"
    year: int | None = None
    text: Text | None = None


class Impact(_Model):
    """An effect on the town, observed or only expected."""

    text: Text
    status: _code("impact_statuses") = "observed"


class Voice(_Model):
    """A person quoted by the book: role, and the view in one line of ours."""

    name: str
    role: Text
    organisation: Id | None = None
    view: Text


class Contact(_Model):
    """Whom the book names as contact (2022)."""

    name: str
    role: Text | None = None
    organisation: Id | None = None
    email: str | None = Field(default=None, pattern=EMAIL)
    phone: str | None = None


class Link(_Model):
    """A link printed in the book."""

    kind: _code("link_kinds")
    url: Url
    label: Text


class Related(_Model):
    """Another sheet, and how it bears on this one."""

    id: Id
    relation: _code("relations")


class Source(_Model):
    """Where the book says it: section, and printed page numbers."""

    section: Text
    pages: list[int] = Field(min_length=1)


class Sheet(_Model):
    """All that the book says of a project."""

    id: Id
    kind: _code("kinds")
    theme: _code("themes")
    topic: _code("topics")
    topic_book: str | None = None
    title: Text
    summary: Text
    context: Text | None = None
    aims: Text | None = None
    description: Text | None = None
    places: list[Place] = Field(min_length=1)
    programmes_cited: list[_code("programmes")] = []
    labels: list[_code("labels")] = []
    funders: list[Actor] = []
    partners: list[Actor] = []
    commissioners: list[Actor] = []
    architects: list[Actor] = []
    providers: list[Actor] = []
    timeline: list[Event] = []
    budget: list[BudgetLine] = []
    figures: list[Figure] = []
    strengths: list[Text] = []
    impacts: list[Impact] = []
    voices: list[Voice] = []
    contacts: list[Contact] = []
    links: list[Link] = []
    related: list[Related] = []
    source: Source
    notes: list[Text] = []

    @model_validator(mode="after")
    def _budget_parts(self) -> "Sheet":
        lines = {line.id for line in self.budget if line.id}
        for line in self.budget:
            if line.part_of and line.part_of not in lines - {line.id}:
                msg = f"budget : « part_of: {line.part_of} » ne désigne aucune autre ligne"
                raise ValueError(msg)
        return self

    @property
    def counted(self) -> bool:
        """Whether the sheet is one of the book's projects (a mention is counted apart)."""
        return terms("kinds")[self.kind].counted

    @property
    def judged_by_book(self) -> bool:
        """Whether strengths and effects are the book's: it prints some for its six projects."""
        return self.kind == "projet"

    def actors(self) -> Iterator[tuple[str, Actor]]:
        """Give (role, actor) for every organisation in a role, in the order of the sheet."""
        for role in ACTOR_ROLES:
            for actor in getattr(self, role):
                yield role, actor

    def organisation_ids(self) -> set[str]:
        """Give every organisation that the sheet names: roles, payers, voices, contacts."""
        named = {actor.organisation for _, actor in self.actors()}
        named |= {line.payer for line in self.budget}
        named |= {voice.organisation for voice in self.voices}
        named |= {contact.organisation for contact in self.contacts}
        return {name for name in named if name}


class Organisation(_Model):
    """One organisation of the one list."""

    id: Id
    name: str = Field(min_length=1)
    short: str | None = None
    kind: _code("organisation_kinds")
    link: Url | None = None
    parent: Id | None = None

    @property
    def shown(self) -> str:
        """The short name where there is one."""
        return self.short or self.name


def read_yaml(path: Path) -> Any:
    """Read one YAML file without executing anything; a key written twice is a fault.

    Raises
    ------
    SheetError
        The file is missing, no regular file, or not valid YAML; the sentence names file and line.
    """
    try:
        return load(path)
    except UnreadableError as error:
        raise SheetError([f"{path.name} : fichier illisible ({error}). {REPAIR}"]) from error


def parse_sheet(data: Any, *, where: str) -> Sheet:
    """Make a sheet of parsed YAML.

    Raises
    ------
    SheetError
        With every fault of the sheet, each as « file : field : what ».
    """
    try:
        return Sheet.model_validate(data)
    except ValidationError as error:
        raise SheetError(faults_of(where, error, whole="fiche")) from error


def read_organisations(path: Path = ORGANISATIONS) -> dict[str, Organisation]:
    """Read the list of organisations, id → organisation, in file order.

    Raises
    ------
    SheetError
        With every fault of the list, an id given twice included.
    """
    found: dict[str, Organisation] = {}
    faults: list[str] = []
    for index, entry in enumerate(read_yaml(path) or []):
        try:
            organisation = Organisation.model_validate(entry)
        except ValidationError as error:
            faults += faults_of(f"{path.name} [{index}]", error, whole="organisation")
            continue
        if organisation.id in found:
            faults.append(f"{path.name} : {organisation.id} : identifiant donné deux fois")
        found[organisation.id] = organisation
    for organisation in found.values():
        if organisation.parent and organisation.parent not in found:
            faults.append(f"{path.name} : {organisation.id} : parent inconnu")
    if faults:
        raise SheetError(faults)
    return found


def _dead_references(sheet: Sheet, ids: set[str], organisations: set[str]) -> list[str]:
    """List what a sheet refers to and does not exist."""
    where = f"{sheet.id}.yaml"
    faults = [
        f"{where} : organisation inconnue « {name} » (voir organisations.yaml)"
        for name in sorted(sheet.organisation_ids() - organisations)
    ]
    faults += [
        f"{where} : related : aucune fiche « {link.id} »"
        for link in sheet.related
        if link.id not in ids or link.id == sheet.id
    ]
    return faults


def read_sheets(folder: Path = PROJECTS, *, organisations: set[str]) -> dict[str, Sheet]:
    """Read every sheet of a folder, in the order of the book (page, then id).

    Parameters
    ----------
    folder
        Folder of YAML files.
    organisations
        Ids that sheets may refer to.

    Raises
    ------
    SheetError
        With *all* faults of *all* sheets: unreadable files, fields, a file not named after
        its id, dead references.
    """
    sheets: dict[str, Sheet] = {}
    paths = sorted(folder.glob("*.yaml"))
    faults: list[str] = [] if paths else [f"{folder.name} : aucune fiche dans ce dossier"]
    for path in paths:
        try:
            sheet = parse_sheet(read_yaml(path), where=path.name)
        except SheetError as error:
            faults += error.faults
            continue
        if sheet.id != path.stem:
            faults.append(f"{path.name} : id : « {sheet.id} » diffère du nom du fichier")
        sheets[sheet.id] = sheet
    for sheet in sheets.values():
        # a sheet that has faults of its own still exists for those that refer to it
        ids = {*sheets, *(path.stem for path in paths)}
        faults += _dead_references(sheet, ids, organisations)
    if faults:
        raise SheetError(faults)
    return dict(sorted(sheets.items(), key=lambda item: (min(item[1].source.pages), item[0])))
