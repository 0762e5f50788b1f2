"""A collection in a folder of YAML files → its parts, or all that is wrong with it at once.

``collection.yaml`` (obligatory), ``projects/*.yaml`` (one file a project, named after its id),
``organisations.yaml`` and ``publication.yaml`` (where there are such).
"""

import re
from collections.abc import Mapping
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
from villeactive.collections.project import Organisation, Sheet, parse_sheet
from villeactive.collections.publication import (
    FILE,
    Publication,
    parse_publication,
    publication_faults,
)
from villeactive.errors import SheetError
from villeactive.faults import ID, faults_of
from villeactive.text import fold

HEAD = "collection.yaml"
_UNREAD = object()


@dataclass(frozen=True)
class Folder:
    """What a folder holds: the collection, its sheets and organisations by id, its publication."""

    path: Path
    collection: Collection
    sheets: dict[str, Sheet]
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
    collection = parse_collection(
        read_yaml(path / HEAD, where=f"{path.name} : {HEAD}"), where=f"{path.name} : {HEAD}"
    )
    return _Reader(path, collection, known or {}).read()


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

    def __init__(self, path: Path, collection: Collection, known: Mapping) -> None:
        self.path, self.collection, self.known = path, collection, known
        self.faults: list[str] = []

    def read(self) -> Folder:
        """Read all files; raise all their faults."""
        directory = Directory({**self.known, **self._organisations()})
        kinds = (*kinds_of(self.collection), *shared_kinds())
        context = {
            "themes": [*(theme.code for theme in self.collection.themes), NO_THEME],
            "kinds": [kind.code for kind in kinds],
            "directory": directory,
        }
        given = {"kind": next(kind.code for kind in kinds if kind.counted)}
        sheets = self._sheets(given, context)
        publishers = [directory.id_of(name) for name in self.collection.publishers]
        publication = self._publication(context)
        organisations = directory.organisations
        self.faults += [
            f"{self._where(HEAD)} : publishers : organisation inconnue « {name} »"
            for name in publishers
            if name not in organisations
        ]
        # a sheet that has faults of its own still exists for those that refer to it
        ids = {*sheets, *(file.stem for file in self._files())}
        for sheet in sheets.values():
            self.faults += _dead_references(sheet, ids, set(organisations))
        if publication:
            self.faults += [
                self._where(fault)
                for fault in publication_faults(
                    publication, sheets=ids, organisations=set(organisations)
                )
            ]
        if self.faults:
            raise SheetError(self.faults)
        own = {name: one for name, one in organisations.items() if self.known.get(name) != one}
        ordered = sorted(
            sheets.values(), key=lambda one: (min(one.reference.pages, default=0), one.id)
        )
        collection = self.collection.model_copy(update={"publishers": publishers})
        return Folder(self.path, collection, {one.id: one for one in ordered}, own, publication)

    def _where(self, file: str) -> str:
        """Name a file of the collection in a fault."""
        return f"{self.collection.id} : {file}"

    def _files(self) -> list[Path]:
        return sorted((self.path / "projects").glob("*.yaml"))

    def _load(self, path: Path) -> Any:
        """Read a file; one that cannot be read is a fault, and gives :data:`_UNREAD`."""
        try:
            return read_yaml(path, where=self._where(path.name))
        except SheetError as error:
            self.faults += error.faults
            return _UNREAD

    def _organisations(self) -> dict[str, Organisation]:
        """Read the list of organisations, in file order; an id given twice is a fault."""
        path = self.path / "organisations.yaml"
        found: dict[str, Organisation] = {}
        listed = (self._load(path) or []) if path.exists() else []
        if listed is _UNREAD:
            listed = []
        if not isinstance(listed, list):
            self.faults.append(f"{self._where(path.name)} : une liste est attendue (« - id: … »)")
            listed = []
        for index, entry in enumerate(listed):
            try:
                one = Organisation.model_validate(entry)
            except ValidationError as error:
                where = self._where(f"{path.name} [{index}]")
                self.faults += faults_of(where, error, whole="organisation")
                continue
            if one.id in found:
                self.faults.append(
                    f"{self._where(path.name)} : {one.id} : identifiant donné deux fois"
                )
            found[one.id] = one
        self.faults += [
            f"{self._where(path.name)} : {one.id} : parent inconnu"
            for one in found.values()
            if one.parent and one.parent not in found and one.parent not in self.known
        ]
        return found

    def _sheets(self, given: dict[str, str], context: dict[str, Any]) -> dict[str, Sheet]:
        """Read the sheets that hold; the faults of the others are kept."""
        sheets: dict[str, Sheet] = {}
        if not self._files():
            self.faults.append(self._where("projects : aucune fiche dans ce dossier"))
        for path in self._files():
            where, data = self._where(path.name), self._load(path)
            if data is _UNREAD:
                continue
            own = {"collection": self.collection.id}
            if isinstance(data, dict):
                refused = [name for name in own if name in data]
                self.faults += [
                    f"{where} : {name} : champ inconnu ; retirez-le" for name in refused
                ]
                data = {**given, **data, **own}
            try:
                sheet = parse_sheet(data, where=where, context=context)
            except SheetError as error:
                self.faults += error.faults
                continue
            if sheet.id != path.stem:
                self.faults.append(f"{where} : id : « {sheet.id} » diffère du nom du fichier")
            sheets[sheet.id] = sheet
        return sheets

    def _publication(self, context: dict[str, Any]) -> Publication | None:
        """Read what the book says beside its projects, where there is one."""
        path = self.path / FILE
        data = self._load(path) if path.exists() else _UNREAD
        if data is _UNREAD:
            return None
        try:
            return parse_publication(data, where=self._where(FILE), context=context)
        except SheetError as error:
            self.faults += error.faults
            return None


def _dead_references(sheet: Sheet, ids: set[str], organisations: set[str]) -> list[str]:
    """List what a sheet refers to and does not exist."""
    faults = [
        f"{sheet.file} : organisation inconnue « {name} » (voir organisations.yaml)"
        for name in sorted(sheet.organisation_ids() - organisations)
    ]
    return faults + [
        f"{sheet.file} : related : aucune fiche « {link.id} »"
        for link in sheet.related
        if link.id not in ids or link.id == sheet.id
    ]
