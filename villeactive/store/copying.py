"""A whole store copied into another one, of any kind; a store looked at."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from villeactive.store.engine import transaction
from villeactive.store.location import Location
from villeactive.store.refusals import refused
from villeactive.store.tables import (
    COLLECTION,
    HEAD,
    IMPORT,
    PROJECT,
    PROJECT_VERSION,
    REVISION,
    STORE,
)
from villeactive.store.writing import alone, changed, layers_of

_COPIED = (REVISION, COLLECTION, IMPORT, PROJECT, PROJECT_VERSION)
"""What is kept, each after those to which it refers; the revision of a store is its own."""

_AT_ONCE = 500
"""Rows held at a time."""


def copy(source: Location, target: Location) -> dict[str, int]:
    """Return rows by table, once all of a store is in another; see ``Store.copy_to``.

    Both are looked at as they are at one moment; the target is whole, or as it was.
    """
    with ExitStack() as opened:
        there = opened.enter_context(transaction(source)) if not source.absent else None
        if there is None:
            raise refused(source, "rien n’y est gardé", "vérifiez l’adresse de ce que l’on copie")
        here = opened.enter_context(transaction(target, writes=True))
        alone(here)
        if any(_counts(here).values()):
            why = "elle n’est pas vide, et une copie n’efface rien"
            raise refused(target, why, "donnez une base neuve")
        for table in _COPIED:
            for rows in _rows(there, table):
                here.execute(insert(table), rows)
        if layers := layers_of(here):
            layers.show_all(here)
        changed(here)
        counts = _counts(here)
        if counts != _counts(there):
            raise refused(target, "les comptes diffèrent, rien n’est copié", "recommencez")
        return counts


def look(location: Location) -> dict[str, Any]:
    """Return what a store holds, once it was read, and written to without changing anything.

    Returns
    -------
    dict
        ``migration``, ``collections``, ``imports``, ``projects``; nought where nothing is kept.

    Raises
    ------
    StoreError
        It cannot be read, or written.
    """
    if location.absent:
        return {"migration": HEAD, "collections": 0, "imports": 0, "projects": 0}
    with transaction(location, writes=True) as connection:
        with connection.begin_nested() as tried:
            connection.execute(update(STORE).values(revision=STORE.c.revision))
            tried.rollback()
        counts = _counts(connection)
    tables = {"collections": COLLECTION, "imports": IMPORT, "projects": PROJECT}
    return {"migration": HEAD, **{name: counts[table.name] for name, table in tables.items()}}


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) for table in _COPIED
    }


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    asked = select(table).execution_options(yield_per=_AT_ONCE)
    for some in connection.execute(asked).mappings().partitions():
        yield [dict(row) for row in some]
