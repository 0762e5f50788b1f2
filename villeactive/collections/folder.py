"""A collection in a folder of YAML files → its parts, or all that is wrong with it at once.

``collection.yaml`` (obligatory), ``projects/*.yaml`` (one file a project, named after its id),
``organisations.yaml`` and ``publication.yaml`` (where there are such).
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from villeactive.collections.collection import (
    NO_THEME,
    Collection,
    kinds_of,
    parse_collection,
    shared_kinds,
)
from villeactive.collections.fields import read_yaml
from villeactive.collections.project import Organisation, Project, parse_project
from villeactive.collections.publication import (
    FILE,
    Publication,
    parse_publication,
    publication_faults,
)
from villeactive.collections.sheets import Sheets, small
from villeactive.errors import SheetError
from villeactive.faults import ID, faults_of
from villeactive.text import fold

HEAD = "collection.yaml"
ORGANISATIONS = "organisations.yaml"
_UNREAD = object()


@dataclass(frozen=True)
class Folder:
    """What a folder holds: the collection, its sheets and organisations by id, its publication."""

    path: Path
    collection: Collection
    sheets: Mapping[str, Project]
    organisations: dict[str, Organisation]
    publication: Publication | None


def read_folder(path: Path, known: Mapping[str, Organisation] | None = None) -> Folder:
    """Read a collection.

    Parameters
    ----------
    path
        Folder that holds ``collection.yaml``.
    known
        Organisations of other collections: they may be named by their id or their name.

    Raises
    ------
    SheetError
        With *all* faults of *all* files, each as « collection : file : field : what ».
    """
    where = f"{path.name} : {HEAD}"
    collection = parse_collection(read_yaml(path / HEAD, where=where), where=where)
    faults: list[str] = []

    def load(file: Path, empty: Any = None) -> Any:
        if not file.exists():
            return empty
        try:
            return read_yaml(file, where=f"{collection.id} : {file.name}")
        except SheetError as error:
            faults.extend(error.faults)
            return _UNREAD

    organisations = load(path / ORGANISATIONS, [])
    projects = {file.stem: load(file) for file in sorted((path / "projects").glob("*.yaml"))}
    publication = load(path / FILE, _UNREAD)
    return _Reader(path, collection, known or {}, faults).read(
        organisations, projects.items(), publication
    )


def folder_of(
    head: Mapping[str, Any],
    projects: Iterable[tuple[str, Any]],
    organisations: Sequence[Any] = (),
    known: Mapping[str, Organisation] | None = None,
) -> Folder:
    """Make a collection of plain values: what the files of a folder would say.

    Parameters
    ----------
    head
        What ``collection.yaml`` would say.
    projects
        (Id, what its file would say), in display order; read once.
    organisations
        What ``organisations.yaml`` would say.
    known
        As for :func:`read_folder`.

    Raises
    ------
    SheetError
        With all faults.
    """
    collection = parse_collection(head, where=f"{head.get('id', '?')} : {HEAD}")
    path = Path(collection.id)
    return _Reader(path, collection, known or {}, []).read(
        list(organisations), projects, _UNREAD, ordered=True
    )


class Directory:
    """The organisations that sheets may name, by id or by name; a new name makes a new one.

    Parameters
    ----------
    organisations
        Those of the lists, by id.
    """

    def __init__(self, organisations: Mapping[str, Organisation]) -> None:
        self.organisations = dict(organisations)
        self._by_name: dict[str, str] = {}
        for one in organisations.values():
            for name in filter(None, (one.short, one.name)):
                self._by_name.setdefault(fold(name), one.id)

    def id_of(self, written: str) -> str:
        """Give the id of an organisation; what has the form of an id is left as it is."""
        if re.fullmatch(ID, written):
            return written
        known = self._by_name.get(fold(written))
        if known is None:
            known = "-".join(fold(written).split()) or "organisation"
            self._by_name[fold(written)] = known
            self.organisations.setdefault(known, Organisation(id=known, name=written.strip()))
        return known


class _Reader:
    """The reading of one folder: faults are gathered as it goes on."""

    def __init__(
        self, path: Path, collection: Collection, known: Mapping, faults: list[str]
    ) -> None:
        self.path, self.collection, self.known = path, collection, known
        self.faults = faults
        self.references: list[_References] = []

    def read(
        self,
        organisations: Any,
        projects: Iterable[tuple[str, Any]],
        publication: Any,
        *,
        ordered: bool = False,
    ) -> Folder:
        """Understand what all files say; raise all their faults.

        ``ordered``: the projects are those of a table, in its order, not in that of pages; they may
        be thousands, and none stays built.
        """
        directory = Directory({**self.known, **self._organisations(organisations)})
        kinds = (*kinds_of(self.collection), *shared_kinds())
        context = {
            "themes": [*(theme.code for theme in self.collection.themes), NO_THEME],
            "kinds": [kind.code for kind in kinds],
            "directory": directory,
        }
        given = {"kind": next(kind.code for kind in kinds if kind.counted)}
        sheets, names = self._sheets(projects, given, context, ordered=ordered)
        publishers = [directory.id_of(name) for name in self.collection.publishers]
        publication = self._publication(publication, context)
        organisations = directory.organisations
        self.faults += [
            f"{self._where(HEAD)} : publishers : organisation inconnue « {name} »"
            for name in publishers
            if name not in organisations
        ]
        # a sheet that has faults of its own still exists for those that refer to it
        ids = {*sheets, *names}
        for one in self.references:
            self.faults += one.dead(ids, organisations.keys())
        if publication:
            self.faults += [
                self._where(fault)
                for fault in publication_faults(
                    publication, sheets=ids, organisations=organisations.keys()
                )
            ]
        if self.faults:
            raise SheetError(self.faults)
        own = {name: one for name, one in organisations.items() if self.known.get(name) != one}
        collection = self.collection.model_copy(update={"publishers": publishers})
        return Folder(self.path, collection, Sheets(sheets), own, publication)

    def _where(self, file: str) -> str:
        """Name a file of the collection in a fault."""
        return f"{self.collection.id} : {file}"

    def _organisations(self, listed: Any) -> dict[str, Organisation]:
        """Understand the list of organisations, in its order; an id given twice is a fault."""
        where = self._where(ORGANISATIONS)
        found: dict[str, Organisation] = {}
        if listed is _UNREAD or listed is None:
            listed = []
        if not isinstance(listed, list):
            self.faults.append(f"{where} : une liste est attendue (« - id: … »)")
            listed = []
        for index, entry in enumerate(listed):
            try:
                one = Organisation.model_validate(entry)
            except ValidationError as error:
                self.faults += faults_of(f"{where} [{index}]", error, whole="organisation")
                continue
            if one.id in found:
                self.faults.append(f"{where} : {one.id} : identifiant donné deux fois")
            found[one.id] = one
        self.faults += [
            f"{where} : {one.id} : parent inconnu"
            for one in found.values()
            if one.parent and one.parent not in found and one.parent not in self.known
        ]
        return found

    def _sheets(
        self,
        projects: Iterable[tuple[str, Any]],
        given: dict[str, str],
        context: dict[str, Any],
        *,
        ordered: bool,
    ) -> tuple[dict[str, Any], list[str]]:
        """Understand the sheets that hold, and name all; the faults of the others are kept."""
        sheets: dict[str, Any] = {}
        names = []
        for name, data in projects:
            names.append(name)
            where = self._where(f"{name}.yaml")
            if data is _UNREAD:
                continue
            own = {"collection": self.collection.id}
            if isinstance(data, dict):
                refused = [key for key in own if key in data]
                self.faults += [f"{where} : {key} : champ inconnu ; retirez-le" for key in refused]
                data = {**given, **data, **own}
            try:
                sheet = parse_project(data, where=where, context=context)
            except SheetError as error:
                self.faults += error.faults
                continue
            if sheet.id != name:
                self.faults.append(f"{where} : id : « {sheet.id} » diffère du nom du fichier")
            known = context["directory"].organisations.keys()
            references = _References.of(sheet, known)
            if references.named or references.linked:
                self.references.append(references)
            sheets[sheet.id] = small(sheet, context) if ordered else sheet
        if not names:
            self.faults.append(self._where("projects : aucune fiche dans ce dossier"))
        if ordered:
            return sheets, names
        by_page = sorted(sheets.values(), key=lambda s: (min(s.reference.pages, default=0), s.id))
        return {sheet.id: sheet for sheet in by_page}, names

    def _publication(self, data: Any, context: dict[str, Any]) -> Publication | None:
        """Understand what the book says beside its projects, where there is one."""
        if data is _UNREAD:
            return None
        try:
            return parse_publication(data, where=self._where(FILE), context=context)
        except SheetError as error:
            self.faults += error.faults
            return None


@dataclass(frozen=True)
class _References:
    """What a sheet refers to that is only known once all are read: organisations, other sheets."""

    file: str
    sheet: str
    named: tuple[str, ...]
    linked: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Project, known: Set[str]) -> "_References":
        """Take those of a sheet, but the organisations known so far."""
        named = tuple(name for name in sorted(sheet.organisation_ids()) if name not in known)
        return cls(sheet.file, sheet.id, named, tuple(link.id for link in sheet.related))

    def dead(self, ids: Set[str], organisations: Set[str]) -> list[str]:
        """Tell those that do not exist."""
        faults = [
            f"{self.file} : organisation inconnue « {name} » (voir organisations.yaml)"
            for name in self.named
            if name not in organisations
        ]
        return faults + [
            f"{self.file} : related : aucune fiche « {name} »"
            for name in self.linked
            if name not in ids or name == self.sheet
        ]
