"""Where the kept collections are: an address, understood without opening anything."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from villeactive.errors import StoreError
from villeactive.text import typed

VARIABLE = "VILLEACTIVE_STORE"
"""Address of the database: a SQLAlchemy URL; by default a file of the user's data folder."""

TIMEOUT = 10.0
"""Seconds to wait for another writer; ``?timeout=`` of an address says otherwise."""

_FILE = re.compile(
    r"sqlite(?:\+pysqlite)?:///(?P<path>[^?\x00-\x1f]+)(?:\?timeout=(?P<timeout>\d{1,4}))?"
)
_SERVER = re.compile(
    r"postgresql(?:\+psycopg)?://(?:[^\s/@]+@)?(?:\[[0-9a-f:]+\]|[\w.-]*)(?::\d{1,5})?/[^\s?]+(?:\?\S*)?"
)


@dataclass(frozen=True)
class Location:
    """Where a store is.

    Attributes
    ----------
    url
        Its address, as given.
    path
        The file of a SQLite database; None for a server.
    said
        What a sentence calls it: its path, or its address without what opens it.
    timeout
        Seconds to wait for another writer.
    """

    url: str
    path: Path | None
    said: str
    timeout: float = TIMEOUT

    @property
    def absent(self) -> bool:
        """Tell whether nothing was ever kept there, as far as the disk says."""
        try:
            return self.path is not None and not self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False


def location_of(url: str) -> Location:
    """Understand an address.

    Raises
    ------
    StoreError
        It is no address of a database that the store knows, or of one that keeps nothing.
    """
    found = _FILE.fullmatch(url)
    if found and not found["path"].startswith((":memory:", "file:")):
        # not Path.expanduser, which raises where there is no such user
        path = Path(os.path.expanduser(found["path"])).absolute()  # noqa: PTH111
        return Location(url, path, typed(str(path)), float(found["timeout"] or TIMEOUT))
    if _SERVER.fullmatch(url):
        return Location(url, None, _without_secret(url))
    if url.startswith("sqlite"):
        why = "cette adresse ne nomme pas un fichier, ou a une option inconnue"
    else:
        why = "ce n’est pas l’adresse d’une base de collections"
    raise StoreError(
        f"{VARIABLE} : « {_without_secret(url)} » : {why} ; attendu : "
        "sqlite:////dossier/collections.sqlite ou postgresql://hôte/base."
    )


def default_file() -> Path:
    """Give the file of the user's data folder."""
    return user_data_path("ville-active", appauthor=False) / "collections.sqlite"


def configured() -> str:
    """Give the address of :data:`VARIABLE`, else that of :func:`default_file`."""
    return os.environ.get(VARIABLE, "").strip() or f"sqlite:///{default_file()}"


def _without_secret(url: str) -> str:
    """Leave out of an address whom it signs in, and its options."""
    scheme, apart, rest = url.partition("://")
    shown = rest.rpartition("@")[2].partition("?")[0]
    return f"{scheme}{apart}{shown}" if apart else url.rpartition("@")[2]
