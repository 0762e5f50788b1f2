"""Where the collections are, and what they hold together."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from villeactive.collections.collection import kinds_of, shared_kinds, themes_of
from villeactive.collections.folder import HEAD, Folder, folder_of, read_folder
from villeactive.collections.project import file_of
from villeactive.errors import SheetError
from villeactive.vocabulary import GEODATA

SHIPPED = GEODATA / "collections"
Values = tuple[Mapping[str, Any], Iterable[tuple[str, Any]], Sequence[Any]]
"""A collection as plain values: its head, its projects with their ids, its organisations."""

VARIABLE = "VILLEACTIVE_COLLECTIONS"
"""Folders of collections to read beside the shipped ones, separated as in PATH."""


def folders() -> tuple[Path, ...]:
    """Give the folders to read: the shipped collections, then those of :data:`VARIABLE`.

    Raises
    ------
    SheetError
        A folder that was asked for does not hold ``collection.yaml``.
    """
    asked = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part.strip()]
    faults = [
        f"{VARIABLE} : « {path} » ne contient pas de fichier {HEAD} ; donnez le dossier d’une "
        "collection"
        for path in asked
        if not (path / HEAD).exists()
    ]
    if faults:
        raise SheetError(faults)
    # asked at each run of each page: a glob would take a millisecond
    found = SHIPPED.iterdir() if SHIPPED.is_dir() else ()
    shipped = [path for path in sorted(found) if (path / HEAD).exists()]
    if not shipped:
        raise SheetError([f"geodata/collections : aucune collection. Rétablissez {SHIPPED.name}."])
    return (*shipped, *asked)


def read_folders(paths: Iterable[Path]) -> list[Folder]:
    """Read collections that go together.

    Parameters
    ----------
    paths
        Folders, each one collection, in display order.

    Raises
    ------
    SheetError
        With all faults: those of each collection, and what two of them both claim (an id of
        collection or of project, the code of a theme, a kind with another meaning).
    """
    return _together(partial(read_folder, path) for path in paths)


@lru_cache(maxsize=4)
def read_once(paths: tuple[Path, ...]) -> tuple[Folder, ...]:
    """Read collections as :func:`read_folders` does, once per process for the same folders."""
    return tuple(read_folders(paths))


def read_with(first: Sequence[Folder], others: Iterable[Values]) -> list[Folder]:
    """Read collections given as plain values beside others that were read.

    Parameters
    ----------
    first
        Collections that stand first.
    others
        Of each: its head, projects and organisations, as for
        :func:`villeactive.collections.folder.folder_of`; one is done with before the next is asked.

    Raises
    ------
    SheetError
        As for :func:`read_folders`.
    """
    return _together((partial(folder_of, *values) for values in others), first)


def _together(
    readers: Iterable[Callable[..., Folder]], first: Sequence[Folder] = ()
) -> list[Folder]:
    """Read collections that go together; each may name the organisations of those before it."""
    read = list(first)
    faults: list[str] = []
    known = {name: one for folder in read for name, one in folder.organisations.items()}
    for reader in readers:
        try:
            folder = reader(known=known)
        except SheetError as error:
            faults += error.faults
            continue
        read.append(folder)
        known = folder.organisations | known
    faults += _claimed_twice(read)
    if faults:
        raise SheetError(faults)
    return read


def _claimed_twice(read: Sequence[Folder]) -> list[str]:
    """Say what two collections both claim, naming both places."""
    faults: list[str] = []
    seen: dict[tuple[str, str], str] = {}

    def claim(what: str, code: str, where: str, said: str) -> None:
        first = seen.setdefault((what, code), where)
        if first != where:
            faults.append(
                f"{where} : {said} « {code} » est déjà de {first} ; changez l’un des deux"
            )

    kinds = {kind.code: (kind, "la liste commune (vocabulary.yaml)") for kind in shared_kinds()}
    for folder in read:
        one = folder.collection
        head = f"{one.id} : {HEAD}"
        claim("collection", one.id, f"{folder.path} : {HEAD}", "l’identifiant de collection")
        for theme in themes_of(one):
            claim("theme", theme.code, head, "le thème")
        for name in folder.sheets:
            claim("project", name, file_of(one.id, name), "l’identifiant de projet")
        for kind in kinds_of(one):
            known, first = kinds.setdefault(kind.code, (kind, head))
            if known != kind:
                faults.append(
                    f"{head} : kinds : « {kind.code} » a un autre sens dans {first} ; "
                    "prenez un autre code"
                )
    return faults
