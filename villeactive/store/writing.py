"""What changes in the database: an import, an import taken back, a collection removed.

Each is one transaction, on a connection that alone may write.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.sql.dml import UpdateBase

from villeactive.errors import StoreConflictError, StoreError
from villeactive.store.engine import transaction
from villeactive.store.location import Location
from villeactive.store.reading import collection, import_of, last_import
from villeactive.store.records import (
    Change,
    Import,
    Kept,
    Record,
    Written,
    change_of,
    clean,
    cleaned,
)
from villeactive.store.tables import (
    COLLECTION,
    IMPORT,
    PROJECT,
    PROJECT_VERSION,
    REVISION,
    STORE,
)

_AT_ONCE = 500
"""Ids in one question: every database takes as many."""


def write(
    location: Location, kept: Kept, *, digest: str, file: str, who: str, expected: int | None
) -> Written:
    """Replace a collection by what an import brings, and keep what was before.

    Raises
    ------
    StoreConflictError
        Another revision than the one expected is in force.
    StoreError
        A project is of another collection, or a value cannot be kept.
    """
    kept = cleaned(kept)
    said = {"digest": clean(digest), "file": clean(file), "who": clean(who)}
    with transaction(location, writes=True) as connection:
        alone(connection)
        before = collection(connection, kept.id)
        last = last_import(connection, kept.id)
        current = before.revision if before else 0
        if last and last.digest == said["digest"]:
            return Written(Change(), current, already=True)
        if expected not in {None, current}:
            raise StoreConflictError(kept.id, expected, current)
        change = change_of(before, kept)
        _refuse_claimed(connection, kept.id, change.new)
        _put_head(connection, kept, there=before is not None)
        number = last.number + 1 if last else 1
        _put_import(connection, before, kept, change, number=number, **said)
        _put_projects(connection, kept.id, before.records if before else {}, kept.records)
        _show(connection, kept.id)
        return Written(change, _count(connection, kept.id))


def undo(location: Location, name: str) -> Import | None:
    """Take the last import of a collection back; None without one.

    Raises
    ------
    StoreError
        A project that would come back is by now of another collection.
    """
    with transaction(location, writes=True) as connection:
        alone(connection)
        last = last_import(connection, name)
        if last is None:
            return None
        if last.before is None:
            connection.execute(delete(COLLECTION).where(COLLECTION.c.id == name))
        else:
            now = collection(connection, name)
            then = _as_before(connection, now, last)
            _refuse_claimed(
                connection, name, [one for one in then.records if one not in now.records]
            )
            _put_head(connection, then, there=True)
            _put_projects(connection, name, now.records, then.records)
            this = (IMPORT.c.collection_id == name) & (IMPORT.c.number == last.number)
            connection.execute(delete(IMPORT).where(this))
        _show(connection, name)
        _count(connection, name)
        return import_of(last)


def remove(location: Location, name: str) -> bool:
    """Remove a collection and its history; False where there is none."""
    with transaction(location, writes=True) as connection:
        alone(connection)
        this = COLLECTION.c.id == name
        if not connection.execute(delete(COLLECTION).where(this)).rowcount:
            return False
        _show(connection, name)
        _count(connection, name)
        return True


def alone(connection: Connection) -> None:
    """Wait until nobody else writes; SQLite has waited when the transaction began."""
    connection.execute(select(STORE.c.revision).with_for_update())


def changed(connection: Connection) -> None:
    """Say to all who read the store that it changed."""
    connection.execute(update(STORE).values(revision=uuid.uuid4().hex))


def layers_of(connection: Connection) -> ModuleType | None:
    """Give what makes the layers that a desktop GIS opens; a file has nothing such."""
    if connection.dialect.name != "postgresql":
        return None
    from villeactive.store import layers

    return layers


def _count(connection: Connection, name: str) -> int:
    """Say that the store changed, count one change more of a collection, give their number."""
    changed(connection)
    this = REVISION.c.collection_id == name
    known = connection.execute(
        update(REVISION).where(this).values(revision=REVISION.c.revision + 1)
    ).rowcount
    if not known:
        connection.execute(insert(REVISION), {"collection_id": name, "revision": 1})
    return connection.scalar(select(REVISION.c.revision).where(this))


def _refuse_claimed(connection: Connection, name: str, wanted: Sequence[str]) -> None:
    """Refuse projects that another collection holds."""
    for start in range(0, len(wanted), _AT_ONCE):
        found = connection.execute(
            select(PROJECT.c.id, PROJECT.c.collection_id).where(
                PROJECT.c.id.in_(wanted[start : start + _AT_ONCE]),
                PROJECT.c.collection_id != name,
            )
        ).first()
        if found:
            msg = (
                f"Projet « {found.id} » : les collections « {found.collection_id} » et « {name} » "
                "en réclament toutes deux l’identifiant ; changez-le dans l’une des deux."
            )
            raise StoreError(msg)


def _put_head(connection: Connection, kept: Kept, *, there: bool) -> None:
    values = {"head": kept.head, "mapping": kept.mapping, "decisions": kept.decisions}
    if there:
        connection.execute(update(COLLECTION).where(COLLECTION.c.id == kept.id), values)
    else:
        connection.execute(insert(COLLECTION), {"id": kept.id, **values})


def _put_import(
    connection: Connection,
    before: Kept | None,
    after: Kept,
    change: Change,
    *,
    number: int,
    **said: str,
) -> None:
    """Write an import, and what it does to each project that it touches."""
    counts = {"new": change.new, "changed": change.changed, "gone": change.gone}
    here = {"collection_id": after.id, "number": number}
    connection.execute(
        insert(IMPORT),
        {
            **here,
            **said,
            **{f"{what}_count": len(ids) for what, ids in counts.items()},
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "before": _before(before, after, change) if before else None,
        },
    )
    old = before.records if before else {}
    versions = (
        {
            **here,
            "project_id": one,
            "what": what,
            "before": _version(old.get(one)),
            "after": _version(after.records.get(one)),
        }
        for what, ids in counts.items()
        for one in ids
    )
    _each(connection, insert(PROJECT_VERSION), versions)


def _put_projects(
    connection: Connection, name: str, old: dict[str, Record], new: dict[str, Record]
) -> None:
    """Make the projects of a collection those of ``new``, touching only what differs."""
    this = PROJECT.c.id == bindparam("project")
    _each(connection, delete(PROJECT).where(this), ({"project": one} for one in old.keys() - new))
    _each(
        connection,
        update(PROJECT).where(this),
        (
            {"project": one, **_version(record)}
            for one, record in new.items()
            if one in old and record != old[one]
        ),
    )
    _each(
        connection,
        insert(PROJECT),
        (
            {"id": one, "collection_id": name, **_version(record)}
            for one, record in new.items()
            if one not in old
        ),
    )
    if layers := layers_of(connection):
        layers.place(
            connection,
            [
                (one, record.data)
                for one, record in new.items()
                if one not in old or record.data.get("places") != old[one].data.get("places")
            ],
        )


def _show(connection: Connection, name: str) -> None:
    """Make the layer of a collection what the collection is now, where there are layers."""
    if layers := layers_of(connection):
        layers.show(connection, name)


def _each(connection: Connection, statement: UpdateBase, values: Iterable[dict[str, Any]]) -> None:
    """Run a statement once for each row of values, if any."""
    if rows := list(values):
        connection.execute(statement, rows)


def _version(record: Record | None) -> dict[str, Any] | None:
    """Give what a version keeps of a record."""
    return record and {
        "key": record.key,
        "position": record.position,
        "data": record.data,
        "row": record.row,
    }


def _before(before: Kept, after: Kept, change: Change) -> dict[str, Any]:
    """Give what an import keeps of a collection beside its versions of projects."""
    versions = {*change.changed, *change.gone}
    moved = {
        one: [record.key, record.position]
        for one, record in before.records.items()
        if one not in versions and record != after.records[one]
    }
    return {
        "head": before.head,
        "mapping": before.mapping,
        "decisions": before.decisions,
        "moved": moved,
    }


def _as_before(connection: Connection, now: Kept, last: Row[Any]) -> Kept:
    """Give a collection as it was before its last import."""
    versions = connection.execute(
        select(PROJECT_VERSION).where(
            PROJECT_VERSION.c.collection_id == now.id, PROJECT_VERSION.c.number == last.number
        )
    )
    records = dict(now.records)
    for one, (key, position) in last.before["moved"].items():
        records[one] = replace(records[one], key=key, position=position)
    for version in versions:
        records.pop(version.project_id, None)
        if version.before is not None:
            records[version.project_id] = Record(version.project_id, **version.before)
    return replace(
        now,
        head=last.before["head"],
        mapping=last.before["mapping"],
        decisions=last.before["decisions"],
        records=records,
    )
