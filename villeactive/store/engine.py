"""How the database is opened: transactions to read and to write, tables brought up to date.

No connection outlives its transaction: nothing is shared by threads or kept across a fork.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache, partial
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, make_url, text

from villeactive.store.location import TIMEOUT, Location, default_file
from villeactive.store.refusals import check_file, check_server, foreign, incomplete, newer, told
from villeactive.store.tables import HEAD, VERSION_TABLE

_MIGRATIONS = Path(__file__).with_name("migrations")
_upgrading = threading.Lock()
"""Alembic's context is one for the whole process."""


@contextmanager
def transaction(location: Location, *, writes: bool = False) -> Iterator[Connection | None]:
    """Give a connection on which all is of one moment; None where there is nothing to read yet.

    Parameters
    ----------
    location
        Of the store.
    writes
        The connection alone may write: all is written at the end, or nothing. The first makes the
        folder, the database and its tables.

    Raises
    ------
    StoreError
        The database cannot be read or written, or is newer than the program.
    """
    with told(location):
        check_file(location)
        if writes:
            _make_file(location)
        engine = _engine(location, writes=writes)
        while True:
            with engine.begin() as connection:
                found = _version(connection, location)
                if found == HEAD or not (found or writes):
                    yield connection if found else None
                    return
            _upgrade(location)


def _version(connection: Connection, location: Location) -> str | None:
    """Give the migration in force; None where there are no tables yet."""
    tables = inspect(connection)
    if tables.has_table(VERSION_TABLE):
        return connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    if location.path is not None and tables.get_table_names():
        raise foreign(location)
    return None


def _upgrade(location: Location) -> None:
    """Bring the tables up to date, all migrations in one transaction.

    Raises
    ------
    StoreError
        The tables come from a later version of the program, or migrations are missing.
    """
    # half a second, for the one time that something is to be made
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = set()
    if _MIGRATIONS.is_dir():
        known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if HEAD not in known:
        raise incomplete(location)
    if location.path is not None:
        _write_ahead(location)
    with _upgrading, _engine(location, writes=True).begin() as connection:
        if location.path is None:
            _held(connection)
        found = _version(connection, location)
        if found and found not in known:
            raise newer(location)
        if found == HEAD:
            return
        if location.path is None:
            check_server(connection, location)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if location.path is None:
            from villeactive.store import layers

            layers.show_all(connection)


def _held(connection: Connection) -> None:
    """Wait until nobody else brings the tables of this server up to date; a file is held."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('ville-active'))"))


def _write_ahead(location: Location) -> None:
    """Let readers read while somebody writes (WAL): said once in a file, never in another's.

    SQLite waits for nobody to change this, and does not do it in a transaction: so the file is
    held by a transaction, then kept beyond its end.
    """
    with closing(_connect(location, writes=True)) as connection:
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = WAL")


@lru_cache(maxsize=8)
def _engine(location: Location, *, writes: bool) -> Engine:
    """Give the engine of a database: it holds no connection, so threads and forks may share it."""
    options = {
        "poolclass": NullPool,
        "json_serializer": json.JSONEncoder(
            ensure_ascii=False, separators=(",", ":"), allow_nan=False
        ).encode,
    }
    if location.path is None:
        level = "READ COMMITTED" if writes else "REPEATABLE READ"
        url = make_url(location.url).set(drivername="postgresql+psycopg")
        waits = {
            "connect_timeout": f"{TIMEOUT:.0f}",
            "options": f"-c lock_timeout={TIMEOUT:.0f}s",
            "application_name": "ville-active",
            "client_encoding": "utf8",
        }
        given = {name: value for name, value in waits.items() if name not in url.query}
        return create_engine(url, isolation_level=level, connect_args=given, **options)
    engine = create_engine(
        "sqlite://", creator=partial(_connect, location, writes=writes), **options
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _connect(location: Location, *, writes: bool) -> sqlite3.Connection:
    """Open a file that is there: SQLite would make one that is not."""
    connection = sqlite3.connect(
        f"{location.path.as_uri()}?mode=rw",
        uri=True,
        timeout=location.timeout,
        isolation_level=None,  # transactions are begun by the event above, none behind its back
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    if writes:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is removed is not left in the file
    return connection


def _make_file(location: Location) -> None:
    """Make the file, for its owner alone, and its folder.

    All folders above are made in the user's data folder only: elsewhere a missing one is a slip,
    or a disk that is not there.
    """
    path = location.path
    if path is None or path.exists():
        return
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=path == default_file(), exist_ok=True)
    path.touch(mode=0o600)
