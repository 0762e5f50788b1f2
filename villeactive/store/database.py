"""The store: what is kept of the collections that people bring, and what changes it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import ModuleType
from typing import Any

from villeactive.store.location import Location, configured, location_of
from villeactive.store.records import Import, Kept, Summary, Values, Written

_LOOKING = Lock()
_SEEN: dict[Location, tuple[float, str]] = {}
"""When the revision of a store was looked at last, and what it was."""
_WRITTEN: dict[Location, float] = {}
"""When this process changed a store last: what a thread saw before says nothing."""


class Store:
    """The kept collections of one database.

    Reading makes no file: where there is no database there are no collections. A store is cheap to
    make and holds nothing open; threads may share it. Each method raises ``StoreError``, one
    sentence in French, when the database refuses: what was kept is then as before.

    Parameters
    ----------
    url
        Address of the database, as SQLAlchemy writes it.

    Raises
    ------
    StoreError
        It is no address of a database.
    """

    def __init__(self, url: str) -> None:
        self._where = location_of(url)

    def revision(self) -> str:
        """Return what changes whenever anything kept changes; empty where nothing is kept."""
        return "" if self._where.absent else _reading().revision(self._where)

    def recent(self, *, within: float) -> str:
        """Return the revision as it was at most ``within`` seconds ago; at once what one writes.

        A server asks at each run of each page: so it looks once in a while, and no two threads at
        once where an answer is known.
        """
        began = time.monotonic()
        seen = _SEEN.get(self._where)
        if seen and began - seen[0] <= within:
            return seen[1]
        if not _LOOKING.acquire(blocking=seen is None):
            return seen[1]
        try:
            found = self.revision()
            if _WRITTEN.get(self._where, 0.0) < began:
                _SEEN[self._where] = began, found
            return found
        finally:
            _LOOKING.release()

    def listed(self) -> list[Summary]:
        """Return a line per collection, in order of id."""
        return [] if self._where.absent else _reading().listed(self._where)

    def mappings(self) -> dict[str, dict[str, Any]]:
        """Return the roles of columns of each collection, by id."""
        return {} if self._where.absent else _reading().mappings(self._where)

    def read(self, name: str) -> Kept | None:
        """Return a collection; None where there is none."""
        return None if self._where.absent else _reading().read(self._where, name)

    def values(self, *, but: str = "") -> Iterator[Values]:
        """Give all collections as they are at one moment, in order of id; ``but`` is left out.

        Each is done with before the next is asked: its projects are read one by one.
        """
        return iter(()) if self._where.absent else _reading().values(self._where, but=but)

    def history(self, name: str) -> list[Import]:
        """Return the imports of a collection, newest first."""
        return [] if self._where.absent else _reading().history(self._where, name)

    def write(
        self, kept: Kept, *, digest: str, file: str, who: str = "", expected: int | None = None
    ) -> Written:
        """Replace a collection by ``kept`` in one transaction, and keep each version touched.

        Parameters
        ----------
        kept
            The whole collection; its ``revision`` does not count. NUL and halves of characters,
            which no database keeps, are left out of its texts.
        digest
            Print of the file and of how it was read. When it is that of the import in force,
            nothing is written: an import may be sent again.
        file
            Name of the file.
        who
            Who imports.
        expected
            Revision on which the caller worked; 0 where there must be no such collection.

        Raises
        ------
        StoreConflictError
            Another revision is in force.
        StoreError
            A project is of another collection, or a value cannot be kept.
        """
        with self._changing():
            return _writing().write(
                self._where, kept, digest=digest, file=file, who=who, expected=expected
            )

    def undo(self, name: str) -> Import | None:
        """Take the last import of a collection back, and return it; None when there is none.

        Records, head, mapping and decisions are as before it; without its only import, a collection
        is gone. The same file can then be imported again.

        Raises
        ------
        StoreError
            A project that would come back is by now of another collection.
        """
        with self._changing():
            return None if self._where.absent else _writing().undo(self._where, name)

    def remove(self, name: str) -> bool:
        """Remove a collection and its history; False where there is none."""
        with self._changing():
            return False if self._where.absent else _writing().remove(self._where, name)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Forget what was seen of the store: this process changes it."""
        try:
            yield
        finally:
            _WRITTEN[self._where] = time.monotonic()
            _SEEN.pop(self._where, None)

    def copy_to(self, target: "Store") -> dict[str, int]:
        """Copy all that is kept, its history too, into a store that keeps nothing.

        Returns
        -------
        dict
            Rows by table, counted in both.

        Raises
        ------
        StoreError
            There is nothing to copy, or the target keeps something: it is then as before.
        """
        return _copying().copy(self._where, target._where)

    def look(self) -> dict[str, Any]:
        """Return the migration in force and counts, once the store was read and written to.

        Nothing is changed, and no file is made.
        """
        return _copying().look(self._where)

    @property
    def said(self) -> str:
        """What a sentence calls it: its path, or its address without what opens it."""
        return self._where.said


def store() -> Store:
    """Return the store that ``VILLEACTIVE_STORE`` names, else that of the user's data folder.

    Raises
    ------
    StoreError
        The variable holds no address of a database.
    """
    return Store(configured())


# SQLAlchemy takes a third of a second to import: for nothing, where nothing is kept


def _reading() -> ModuleType:
    from villeactive.store import reading

    return reading


def _writing() -> ModuleType:
    from villeactive.store import writing

    return writing


def _copying() -> ModuleType:
    from villeactive.store import copying

    return copying
