"""The import of a table: what it would change, told before anything is written; then kept."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from villeactive.collections.folder import Folder
from villeactive.collections.stores import folders, read_once, read_with
from villeactive.errors import DataFileError
from villeactive.imports.identity import key_column
from villeactive.imports.projects import Wish, collected, digest_of
from villeactive.store.database import Store
from villeactive.store.records import Change, Kept, Written, difference
from villeactive.tables.headers import find_table
from villeactive.tables.mapping import Mapping as Roles
from villeactive.tables.mapping import check_mapping, sites_of
from villeactive.tables.raw.reading import Raw, read_raw
from villeactive.tables.understanding import Understood, placed

_ALIKE = 0.8
"""Share of the headers of two tables that both have, from which one follows the other."""


@dataclass(frozen=True)
class Draft:
    """An import that is ready to be kept.

    Attributes
    ----------
    understood
        The table.
    before, kept
        The collection as it is kept, None when it is new; as it would be.
    folder
        The same, checked: what the atlas would read.
    change
        Ids of the projects that are new, changed or gone.
    key
        What identifies projects: the header of a column of ids, or « titre + lieu ».
    digest
        Tells this import from another.
    file
        Name of the file.
    """

    understood: Understood
    before: Kept | None
    kept: Kept
    folder: Folder
    change: Change
    key: str
    digest: str
    file: str

    @property
    def unplaced(self) -> int:
        """How many projects have no place, after what was settled by hand."""
        return len(self.kept.unplaced)

    @property
    def partly(self) -> int:
        """How many projects have a place, and a site without one."""
        return len(self.kept.partly)


def remembered(before: Kept | None, headers: Iterable[str]) -> Roles | None:
    """Return the roles of columns that are kept with a collection; None where there is none.

    Columns that the table no longer has are passed over; those that it gained are recognised.
    """
    if not before:
        return None
    roles, there = before.mapping.get("columns", {}), set(headers)
    named = {header: role for header, role in roles.items() if header in there}
    sites = sites_of(before.mapping.get("sites", False)) or ()
    return Roles(named, themed=before.mapping.get("themed", True), sites=sites)


def alike(mappings: Mapping[str, Mapping[str, Any]], headers: Iterable[str]) -> str | None:
    """Return the id of the collection whose columns are nearest; None where none is near.

    Parameters
    ----------
    mappings
        id of a collection → its mapping, as :meth:`villeactive.store.database.Store.mappings`
        gives them.
    """
    there = set(headers)
    near = {
        name: len(there & set(held)) / (len(there | set(held)) or 1)
        for name, mapping in mappings.items()
        for held in [mapping.get("columns", {})]
    }
    best = max(near, key=near.__getitem__, default=None)
    return best if best is not None and near[best] >= _ALIKE else None


def draft(path: Path, wish: Wish, store: Store, *, mapping: Roles | None = None) -> Draft:
    """Return what the import of a file would do; nothing is written.

    Parameters
    ----------
    path
        The table.
    wish
        What its owner says of the collection.
    store
        Where it would be kept.
    mapping
        Roles settled by hand; those of the collection as kept by default.

    Raises
    ------
    DataFileError
        The file cannot be read, or holds no row.
    SheetError
        What it holds makes no collection, or claims what another has; every fault is named.
    StoreError
        The store cannot be read.
    """
    before = store.read(wish.id)
    raw = _read(path, before, mapping)
    table = find_table(raw)
    roles = mapping or remembered(before, table.headers) or Roles()
    check_mapping(roles, table.headers, path.name)
    understood = placed(raw, table, roles)
    return draft_of(understood, wish, store, path.read_bytes(), path.name)


def _read(path: Path, before: Kept | None, mapping: Roles | None) -> Raw:
    """Read a table: the sheet that is asked for, else that of the last import, else the fullest."""
    last = before.mapping.get("sheet") if before and not mapping else None
    if last:
        with suppress(DataFileError):
            return read_raw(path, sheet=last)
    return read_raw(path, sheet=mapping.sheet if mapping else None)


def draft_of(
    understood: Understood,
    wish: Wish,
    store: Store,
    data: bytes,
    name: str,
    *,
    decisions: Mapping[str, Any] | None = None,
) -> Draft:
    """Do as :func:`draft` with a table already understood.

    Parameters
    ----------
    data, name, decisions
        Content and name of its file; places settled by hand, by question or by row.
    """
    if not understood.table.rows:
        msg = f"{name} : aucune ligne de données. Donnez un tableau d’au moins une ligne."
        raise DataFileError(msg)
    before = store.read(wish.id)
    kept = collected(understood, wish, before=before, decisions=decisions)
    key = key_column(understood)
    return Draft(
        understood,
        before,
        kept,
        _checked(kept, store),
        difference(before, kept),
        key.header if key else "titre + lieu",
        digest_of(data, kept),
        name,
    )


def keep(made: Draft, store: Store, *, who: str = "") -> Written:
    """Keep an import, in one transaction.

    Raises
    ------
    StoreConflictError
        The collection changed since the draft was made.
    StoreError
        It cannot be written.
    """
    expected = made.before.revision if made.before else 0
    return store.write(made.kept, digest=made.digest, file=made.file, who=who, expected=expected)


def _checked(kept: Kept, store: Store) -> Folder:
    """Return a collection as the atlas would read it, beside all others.

    Raises
    ------
    SheetError
        It has faults, or claims what another collection has.
    """
    others = store.values(but=kept.id)
    return read_with(read_once(folders()), chain(others, [kept.values()]))[-1]
