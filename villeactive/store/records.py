"""What is kept of a collection, and what an import changes in it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from villeactive.errors import StoreError

_UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
"""What is no text for every database: NUL and halves of a character."""

Values = tuple[dict[str, Any], Iterable[tuple[str, dict[str, Any]]], list[Any]]
"""A collection as files would say it: its head, its projects with their ids, its organisations.

What ``collections.stores.Values`` is: the store reads no other room, and opens without them.
"""

SITES = "\n"
"""Under what a record of several rows says where each of them is: no header has ends of lines."""


@dataclass(frozen=True)
class Record:
    """One project as kept.

    Attributes
    ----------
    id
        Id of the project, unique in the store.
    key
        What identifies its row from one import to the next.
    position
        Order in the file.
    data
        Plain values: what ``projects/<id>.yaml`` would say.
    row
        The row as brought, header → text, personal columns too. Of several rows, header → texts,
        one a row; and under :data:`SITES`, for each row, ``at``, the first of its places among
        those of ``data``, and ``why`` a site of it has none.
    """

    id: str
    key: str
    position: int
    data: dict[str, Any]
    row: dict[str, Any]

    @property
    def rows(self) -> list[tuple[dict[str, str], int | None, str]]:
        """The rows as brought: header → text; the rank of the place; why a site has none."""
        if SITES not in self.row:
            at = 0 if "places" in self.data else None
            return [(self.row, at, self.data.get("unlocated", ""))]
        return [
            (
                {header: cells[n] for header, cells in self.row.items() if header != SITES},
                said.get("at"),
                said.get("why", ""),
            )
            for n, said in enumerate(self.row[SITES])
        ]

    def cell(self, header: str) -> str:
        """Return what its rows say under a header, each text once."""
        told = self.row.get(header, "")
        return told if isinstance(told, str) else " ; ".join(filter(None, dict.fromkeys(told)))


@dataclass(frozen=True)
class Kept:
    """A collection as kept.

    Attributes
    ----------
    id
        Id of the collection.
    head
        What ``collection.yaml`` would say, and under ``organisations`` what its list would.
    mapping
        Roles of the columns.
    decisions
        Places settled by hand, by question or by row.
    records
        By id, in order of position.
    revision
        Grows by one with each change of this collection, undo included; never falls, even where
        the collection was removed in between.
    """

    id: str
    head: dict[str, Any]
    mapping: dict[str, Any]
    decisions: dict[str, Any]
    records: dict[str, Record]
    revision: int = 0

    @property
    def unplaced(self) -> list[Record]:
        """The projects that have no place."""
        return [record for record in self.records.values() if "places" not in record.data]

    @property
    def partly(self) -> list[Record]:
        """The projects that have a place, and a site without one."""
        both = {"places", "unlocated"}
        return [one for one in self.records.values() if both <= one.data.keys()]

    def values(self) -> Values:
        """Give the collection as files would say it."""
        projects = ((name, record.data) for name, record in self.records.items())
        return values_of(self.head, projects)


def values_of(head: dict[str, Any], projects: Iterable[tuple[str, dict[str, Any]]]) -> Values:
    """Return a collection as files would say it, of its head as kept."""
    own = {key: value for key, value in head.items() if key != "organisations"}
    return own, projects, head.get("organisations", [])


@dataclass(frozen=True)
class Change:
    """What an import changes: ids, in the order of the file; those gone as they were."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """A collection in a list; ``imported_at`` is the ISO datetime (UTC) of its last import."""

    id: str
    title: str
    projects: int
    imported_at: str
    revision: int


@dataclass(frozen=True)
class Import:
    """One import of a collection; ``new``, ``changed`` and ``gone`` are counts."""

    number: int
    digest: str
    file: str
    at: str
    who: str
    new: int
    changed: int
    gone: int


@dataclass(frozen=True)
class Written:
    """What a write did; ``already`` when the same file was in force and nothing was written."""

    change: Change
    revision: int
    already: bool = False


def difference(before: Kept | None, after: Kept) -> Change:
    """Return what an import would change.

    Parameters
    ----------
    before
        The collection as kept; None when there is none.
    after
        The collection as it would be.

    Raises
    ------
    StoreError
        A value of ``after`` cannot be kept.
    """
    return change_of(before, cleaned(after))


def change_of(before: Kept | None, after: Kept) -> Change:
    """Return what an import would change, once what it brings is cleaned."""
    old, new = before.records if before else {}, after.records
    return Change(
        new=tuple(name for name in new if name not in old),
        changed=tuple(
            name
            for name, record in new.items()
            if name in old and (record.data, record.row) != (old[name].data, old[name].row)
        ),
        gone=tuple(name for name in old if name not in new),
    )


def cleaned(kept: Kept) -> Kept:
    """Return a collection as a database gives it back: in order, without NUL nor halves of letters.

    Raises
    ------
    StoreError
        A value is no plain value, or two ids or two headers are the same once cleaned.
    """
    name = clean(kept.id)
    where = f"Collection « {name} »"
    records: dict[str, Record] = {}
    for record in sorted(kept.records.values(), key=lambda one: (one.position, one.id)):
        one = clean(record.id)
        there = f"{where}, projet « {one} »"
        if one in records:
            msg = f"{there} : deux projets portent cet identifiant ; changez l’un des deux."
            raise StoreError(msg)
        records[one] = (
            record
            if _is_clean(record)
            else Record(
                one,
                clean(record.key),
                record.position,
                _plain(record.data, there),
                _plain(record.row, there),
            )
        )
    head, mapping, decisions = (
        _plain(value, where) for value in (kept.head, kept.mapping, kept.decisions)
    )
    return replace(kept, id=name, head=head, mapping=mapping, decisions=decisions, records=records)


def _is_clean(record: Record) -> bool:
    """Tell a record that a database gives back as it is: most are, and need no copy."""
    texts = [record.id, record.key]
    try:
        plain = _is_plain(record.data, texts) and _is_plain(record.row, texts)
        return plain and not _UNKEPT.search("".join(texts))
    except (RecursionError, TypeError):  # too deep, or a key that is no text
        return False


def _is_plain(value: list[Any] | dict[str, Any], texts: list[str]) -> bool:
    """Tell values that JSON gives back as they are, and gather their texts on the way."""
    values = value
    if type(value) is dict:
        texts.extend(value)
        values = value.values()
    for one in values:
        kind = type(one)
        if kind is str:
            texts.append(one)
        elif kind is dict or kind is list:
            if not _is_plain(one, texts):
                return False
        elif not (
            one is None or kind is int or kind is bool or kind is float and math.isfinite(one)
        ):
            return False
    return True


def clean(text: str) -> str:
    """Return a text without what no database keeps."""
    return _UNKEPT.sub("", text)


def _plain(value: Any, where: str) -> Any:
    """Give plain values as JSON gives them back, their texts cleaned."""
    try:
        return _walked(value, where)
    except RecursionError:
        raise _refused(where, "trop de niveaux les uns dans les autres") from None


def _walked(value: Any, where: str) -> Any:
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, list | tuple):
        return [_walked(one, where) for one in value]
    if isinstance(value, dict):
        plain = {}
        for key, one in value.items():
            if not isinstance(key, str):
                raise _refused(where, "le nom d’un champ n’est pas un texte")
            plain[clean(key)] = clean(one) if isinstance(one, str) else _walked(one, where)
        if len(plain) < len(value):
            raise _refused(where, "deux champs portent le même nom")
        return plain
    said = clean(str(value))[:40]
    raise _refused(where, f"la valeur « {said} » n’est ni un texte, ni un nombre, ni une liste")


def _refused(where: str, why: str) -> StoreError:
    return StoreError(f"{where} : {why} ; corrigez le fichier, puis recommencez.")
