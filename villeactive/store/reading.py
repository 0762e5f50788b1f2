"""What a database tells of the collections that it keeps."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select

from villeactive.store.engine import transaction
from villeactive.store.location import Location
from villeactive.store.records import Import, Kept, Record, Summary, Values, values_of
from villeactive.store.tables import COLLECTION, IMPORT, PROJECT, REVISION, STORE

_AT_ONCE = 500
"""Records that are read together."""


def revision(location: Location) -> str:
    """Return what changes whenever anything kept changes; empty where nothing is kept."""
    with transaction(location) as connection:
        return connection.scalar(select(STORE.c.revision)) if connection else ""


def listed(location: Location) -> list[Summary]:
    """Return a line per collection, in order of id."""
    with transaction(location) as connection:
        return _listed(connection) if connection else []


def mappings(location: Location) -> dict[str, dict[str, Any]]:
    """Return the roles of columns of each collection, in order of id."""
    asked = select(COLLECTION.c.id, COLLECTION.c.mapping)
    with transaction(location) as connection:
        found = connection.execute(asked).all() if connection else []
        return {one.id: one.mapping for one in sorted(found, key=lambda one: one.id)}


def read(location: Location, name: str) -> Kept | None:
    """Return a collection; None where there is none."""
    with transaction(location) as connection:
        return collection(connection, name) if connection else None


def values(location: Location, *, but: str) -> Iterator[Values]:
    """Give the collections as they are at one moment, in order of id, but one."""
    with transaction(location) as connection:
        for one in _heads(connection) if connection else ():
            if one.id != but:
                # not all at once: they would be the most of what a start takes of memory
                found = _records(connection, one.id, "id", "position", "data")
                yield values_of(one.head, ((record.id, record.data) for record in found))


def history(location: Location, name: str) -> list[Import]:
    """Return the imports of a collection, newest first."""
    newest_first = (
        select(IMPORT).where(IMPORT.c.collection_id == name).order_by(IMPORT.c.number.desc())
    )
    with transaction(location) as connection:
        found = connection.execute(newest_first) if connection else []
        return [import_of(row) for row in found]


def _listed(connection: Connection) -> list[Summary]:
    projects = dict(
        connection.execute(
            select(PROJECT.c.collection_id, func.count()).group_by(PROJECT.c.collection_id)
        ).all()
    )
    found = connection.execute(
        select(COLLECTION.c.id, COLLECTION.c.head, REVISION.c.revision, IMPORT.c.at)
        .join(REVISION, REVISION.c.collection_id == COLLECTION.c.id)
        .join(IMPORT, IMPORT.c.collection_id == COLLECTION.c.id)
        .order_by(IMPORT.c.number)
    )
    lines = {
        one.id: Summary(one.id, _title(one), projects.get(one.id, 0), one.at, one.revision)
        for one in found
    }
    return [lines[name] for name in sorted(lines)]


def collection(connection: Connection, name: str) -> Kept | None:
    """Return a collection; None where there is none."""
    for one in _heads(connection, name):
        found = _records(connection, name, "id", "key", "position", "data", "row")
        records = {record.id: Record(*record) for record in found}
        return Kept(name, one.head, one.mapping, one.decisions, records, one.revision)
    return None


def _heads(connection: Connection, name: str | None = None) -> list[Row[Any]]:
    """Return what is kept of each collection beside its projects, or of one, in order of id."""
    heads = select(COLLECTION, REVISION.c.revision).join(
        REVISION, REVISION.c.collection_id == COLLECTION.c.id
    )
    if name is not None:
        heads = heads.where(COLLECTION.c.id == name)
    # not in order of the database, where each has its own order of letters
    return sorted(connection.execute(heads), key=lambda one: one.id)


def _records(connection: Connection, name: str, *columns: str) -> Iterator[Row[Any]]:
    """Give columns of the projects of a collection, by position, then id; few at a time."""
    asked = select(*(PROJECT.c[column] for column in columns))
    asked = asked.where(PROJECT.c.collection_id == name).order_by(PROJECT.c.position)
    found = connection.execute(asked, execution_options={"yield_per": _AT_ONCE})
    for _, same in groupby(found, key=lambda one: one.position):
        yield from sorted(same, key=lambda one: one.id)


def import_of(row: Row[Any]) -> Import:
    """Return an import as told."""
    return Import(
        row.number,
        row.digest,
        row.file,
        row.at,
        row.who,
        row.new_count,
        row.changed_count,
        row.gone_count,
    )


def last_import(connection: Connection, name: str) -> Row[Any] | None:
    """Return the row of the import in force; None without one."""
    return connection.execute(
        select(IMPORT)
        .where(IMPORT.c.collection_id == name)
        .order_by(IMPORT.c.number.desc())
        .limit(1)
    ).first()


def _title(row: Row[Any]) -> str:
    """Give the title of a head: a text, or one by language, as ``collection.yaml`` allows."""
    title = row.head.get("title", "")
    return str(title.get("fr", "") if isinstance(title, dict) else title) or row.id
