"""What a book says beside its projects: structure, lessons, essays, partners, links, contacts.

One file of a collection, ``publication.yaml``, holds what a book says beside its projects.
"""

from collections.abc import Iterator, Set
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from villeactive.collections.fields import Id, IsoDate, Text, code_of
from villeactive.collections.project import Contact, Figure, Link
from villeactive.errors import SheetError
from villeactive.faults import Model, faults_of

FILE = "publication.yaml"

ThemeCode = code_of("themes")
TopicCode = code_of("topics")
ProgrammeCode = code_of("programmes")
Page = Annotated[int, Field(gt=0)]


class Section(Model):
    """A section of the book: a sheet, a set of short entries, an essay.

    ``pages`` is empty where the text that we have does not tell the printed numbers.
    """

    id: Id
    title: Text
    theme: ThemeCode | None = None
    pages: list[Page] = []
    projects: list[Id] = []
    essay: Id | None = None


class Definition(Model):
    """What the book means by a word or a scheme."""

    id: Id
    term: Text
    text: Text


class Essay(Model):
    """A foreword or an essay: who wrote it, and what it says in our words."""

    id: Id
    kind: Literal["avant-propos", "introduction", "grand-temoin"]
    title: Text
    author: str = Field(min_length=1)
    role: Text
    organisation: Id
    other_organisations: list[Id] = []
    theme: ThemeCode | None = None
    pages: list[Page] = []
    summary: Text
    ideas: list[Text] = Field(min_length=1)
    projects: list[Id] = []
    definitions: list[Definition] = []
    figures: list[Figure] = []
    links: list[Link] = []
    notes: list[Text] = []


class Lesson(Model):
    """One lesson of the book: a direction (Besson), a lever (Boutet) or a principle (Bourdon).

    ``rank`` is its number in its essay; ``projects`` are the sheets that illustrate it, and
    ``drawn`` tells whether the book itself names them or we drew the link.
    """

    id: Id
    kind: Literal["piste", "levier", "principe"]
    rank: int = Field(gt=0)
    title: Text
    text: Text
    essay: Id
    themes: list[ThemeCode] = Field(min_length=1)
    topics: list[TopicCode] = []
    projects: list[Id] = []
    drawn: Literal["book", "ours"] = "book"


class Institution(Model):
    """An institution behind the book, and what it does there."""

    organisation: Id
    role: Text


class Scheme(Model):
    """A programme, scheme or tool that the book names.

    ``programme`` is its code where the atlas follows it on the map.
    """

    id: Id
    name: Text
    short: str | None = None
    says: Text
    programme: ProgrammeCode | None = None
    organisation: Id | None = None
    projects: list[Id] = []


class Reading(Model):
    """A « voir aussi » link, in the chapter where the book prints it."""

    id: Id
    theme: ThemeCode
    organisation: Id | None = None
    link: Link
    note: Text | None = None


class Mended(Model):
    """A slip of the book, and how it was read."""

    printed: str = Field(min_length=1)
    read: Text
    where: Text
    project: Id | None = None


class Correction(Model):
    """What the atlas once said otherwise, mended after it was published, and when."""

    date: IsoDate
    text: Text
    project: Id | None = None


class Publication(Model):
    """All that the book says beside its projects."""

    session: Text
    about: Text
    sections: list[Section]
    essays: list[Essay]
    lessons: list[Lesson]
    definitions: list[Definition] = []
    institutions: list[Institution] = []
    schemes: list[Scheme] = []
    readings: list[Reading] = []
    contacts: list[Contact] = []
    mended: list[Mended] = []
    corrections: list[Correction] = []
    notes: list[Text] = []

    @model_validator(mode="after")
    def _inner_references(self) -> "Publication":
        """Refuse an id given twice in a list, and an essay that does not exist."""
        faults = []
        for name in ("sections", "essays", "lessons", "definitions", "schemes", "readings"):
            ids = [entry.id for entry in getattr(self, name)]
            twice = sorted({entry for entry in ids if ids.count(entry) > 1})
            faults += [f"{name} : identifiant donné deux fois « {entry} »" for entry in twice]
        essays = {essay.id for essay in self.essays}
        for name, owner, essay in self._essays_named():
            if essay not in essays:
                faults.append(f"{name} : {owner} : aucun essai « {essay} »")
        if faults:
            raise ValueError(" ; ".join(faults))
        return self

    def _essays_named(self) -> Iterator[tuple[str, str, str]]:
        """Give (list, id, essay) wherever an essay is named."""
        for lesson in self.lessons:
            yield "lessons", lesson.id, lesson.essay
        for section in self.sections:
            if section.essay:
                yield "sections", section.id, section.essay

    def organisation_ids(self) -> set[str]:
        """Give every organisation that the book names."""
        return {name for _, name in _named_organisations(self)}

    def essay(self, name: str) -> Essay:
        """Give an essay by its id.

        Raises
        ------
        KeyError
            No essay has this id.
        """
        return {essay.id: essay for essay in self.essays}[name]

    def lessons_of(self, essay: str) -> list[Lesson]:
        """Give the lessons of an essay, in the order of the book."""
        return sorted(
            (lesson for lesson in self.lessons if lesson.essay == essay),
            key=lambda lesson: lesson.rank,
        )


def parse_publication(
    data: Any, *, where: str = FILE, context: dict[str, Any] | None = None
) -> Publication:
    """Make a publication of parsed YAML.

    Parameters
    ----------
    data
        What the file holds.
    where
        How to name the file in a fault.
    context
        ``themes``: the codes that hold.

    Raises
    ------
    SheetError
        With every fault, each as « file : field : what ».
    """
    try:
        return Publication.model_validate(data, context=context)
    except ValidationError as error:
        raise SheetError(faults_of(where, error, whole="livre")) from error


def _named_sheets(publication: Publication) -> Iterator[tuple[str, str]]:
    """Give (field, id) for every sheet that the book names."""
    for name in ("sections", "essays", "lessons", "schemes"):
        for entry in getattr(publication, name):
            for project in entry.projects:
                yield f"{name} : {entry.id}", project
    for entry in publication.mended:
        if entry.project:
            yield f"mended : {entry.printed}", entry.project
    for entry in publication.corrections:
        if entry.project:
            yield f"corrections : {entry.date}", entry.project


def _named_organisations(publication: Publication) -> Iterator[tuple[str, str]]:
    """Give (field, id) for every organisation that the book names."""
    for essay in publication.essays:
        for organisation in (essay.organisation, *essay.other_organisations):
            yield f"essays : {essay.id}", organisation
    for institution in publication.institutions:
        yield "institutions", institution.organisation
    for name in ("schemes", "readings"):
        for entry in getattr(publication, name):
            if entry.organisation:
                yield f"{name} : {entry.id}", entry.organisation
    for contact in publication.contacts:
        if contact.organisation:
            yield f"contacts : {contact.name}", contact.organisation


def publication_faults(
    publication: Publication, *, sheets: Set[str], organisations: Set[str]
) -> list[str]:
    """List what the book refers to and does not exist.

    Parameters
    ----------
    publication
        What the book says beside its projects.
    sheets
        Ids of the sheets.
    organisations
        Ids of the organisations.

    Returns
    -------
    list[str]
        One sentence per dead reference; empty when all is well.
    """
    faults = [
        f"{FILE} : {field} : aucune fiche « {name} »"
        for field, name in _named_sheets(publication)
        if name not in sheets
    ]
    faults += [
        f"{FILE} : {field} : organisation inconnue « {name} » (voir organisations.yaml)"
        for field, name in _named_organisations(publication)
        if name not in organisations
    ]
    return faults
