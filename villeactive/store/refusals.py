"""Why a database refuses, in one French sentence: what, where, what to do."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from villeactive.errors import StoreError, reason
from villeactive.store.location import TIMEOUT, VARIABLE, Location
from villeactive.text import number

_ELSEWHERE = f"donnez un autre fichier par {VARIABLE}"
_FOLDER = f"vérifiez le dossier et ses droits, ou {_ELSEWHERE}"
_SQLITE = {
    sqlite3.SQLITE_READONLY: (
        "le fichier ou son dossier est en lecture seule",
        f"demandez le droit d’y écrire, ou {_ELSEWHERE}",
    ),
    sqlite3.SQLITE_PERM: (reason(PermissionError(errno.EACCES, "")), _ELSEWHERE),
    sqlite3.SQLITE_FULL: ("disque plein", "libérez de la place, puis recommencez"),
    sqlite3.SQLITE_IOERR: (
        "le disque est plein ou a failli",
        "libérez de la place ou vérifiez le disque, puis recommencez",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "le fichier ne s’ouvre pas, ou son dossier refuse qu’on y écrive",
        _FOLDER,
    ),
    sqlite3.SQLITE_NOTADB: ("ce fichier n’est pas une base de collections", _ELSEWHERE),
    sqlite3.SQLITE_CORRUPT: (
        "le fichier est abîmé",
        f"rétablissez une sauvegarde, ou {_ELSEWHERE}",
    ),
}

_ADDRESS = f"l’adresse de {VARIABLE}"
_DRIVER = (
    "installez-le par « pip install -c constraints.txt -r requirements-postgresql.txt », ou donnez "
    f"un fichier par {VARIABLE}"
)
_AGAIN = "recommencez : ce qui était gardé ne sera pas écrit deux fois"
_STOPPED = ("le serveur s’est arrêté", f"attendez qu’il reprenne, puis {_AGAIN}")
_IDENTITY = ("l’identifiant ou le mot de passe est refusé", f"corrigez {_ADDRESS}")
_NO_BASE = ("cette base n’existe pas", f"créez-la par « createdb », ou corrigez {_ADDRESS}")
_POSTGRESQL = {
    # SQLSTATE, or its class
    "08": _STOPPED,
    "25006": ("elle est en lecture seule", f"donnez à ce rôle le droit d’y écrire, ou {_ADDRESS}"),
    "28": _IDENTITY,
    "3D000": _NO_BASE,
    "42501": ("ce rôle n’y a pas les droits", "faites du rôle le propriétaire de la base"),
    "53100": ("le disque du serveur est plein", "libérez-y de la place, puis recommencez"),
    "53300": ("le serveur a trop de connexions", "attendez, ou relevez « max_connections »"),
    "54": ("un identifiant ou un texte est trop long", "raccourcissez-le, puis recommencez"),
    "55P03": (
        f"un autre programme la tient, et {number(TIMEOUT)} s n’ont pas suffi",
        "attendez, puis recommencez",
    ),
    "57": _STOPPED,
}
_SIGN_IN = {
    ("password", "mot de passe", "role", "rôle", "pg_hba", "authentif"): _IDENTITY,
    ("database", "base de données"): _NO_BASE,
    ("starting up", "shutting down", "en cours"): _STOPPED,
    ("too many", "connection slots", "trop de", "emplacements de connexion"): (
        "le serveur a trop de connexions",
        "attendez, puis recommencez",
    ),
}


def refused(location: Location, why: str, remedy: str) -> StoreError:
    """Return the sentence of a refusal."""
    return StoreError(f"Base des collections {location.said} : {why} ; {remedy}.")


def newer(location: Location) -> StoreError:
    """Return the refusal of a database that a later version of the program has changed."""
    return refused(
        location,
        "elle vient d’une version plus récente de Ville active",
        "mettez ce programme à jour, ou donnez une autre base par " + VARIABLE,
    )


def foreign(location: Location) -> StoreError:
    """Return the refusal of a database that holds something else."""
    return refused(location, "ce fichier tient autre chose que des collections", _ELSEWHERE)


def incomplete(location: Location) -> StoreError:
    """Return the refusal of a program that was not installed whole."""
    why = "ce programme est incomplet, ses migrations manquent"
    return refused(location, why, "réinstallez Ville active")


@contextmanager
def told(location: Location) -> Iterator[None]:
    """Tell in French what a database or the disk refuses.

    Raises
    ------
    StoreError
        Whatever SQLAlchemy, SQLite or the system raised.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        own = error.orig if isinstance(error, DBAPIError) else error
        raise _said(location, own) from error
    except ModuleNotFoundError as error:
        why = f"pour un serveur, il manque « {error.name} »"
        raise refused(location, why, _DRIVER) from error
    except FileNotFoundError as error:
        why = "le dossier qui la tiendrait n’existe pas"
        raise refused(location, why, f"créez-le, ou {_ELSEWHERE}") from error
    except OSError as error:
        raise refused(location, reason(error), _FOLDER) from error


def check_server(connection: Connection, location: Location) -> None:
    """Refuse a server that cannot hold the store, before its tables are made.

    Raises
    ------
    StoreError
        It has no PostGIS, or the database is not in UTF-8.
    """
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        remedy = "créez-la avec « createdb --encoding UTF8 --template template0 »"
        raise refused(location, f"la base est en {encoding}, et non en UTF-8", remedy)
    asked = "SELECT installed_version FROM pg_available_extensions WHERE name = 'postgis'"
    found = connection.execute(text(asked)).first()
    if found is None:
        remedy = "installez-l’y (Debian : postgresql-15-postgis-3)"
        raise refused(location, "PostGIS manque à ce serveur", remedy)
    owner = connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    if found.installed_version is None and not owner:
        remedy = "faites-y dire « CREATE EXTENSION postgis » par qui administre le serveur"
        raise refused(location, "PostGIS n’est pas ouvert dans cette base", remedy)


def check_file(location: Location) -> None:
    """Refuse a path that is no file, before anything waits for it.

    Raises
    ------
    OSError
        It is a folder, a device, a pipe.
    """
    path = location.path
    if path is not None and path.exists() and not path.is_file():
        code = errno.EISDIR if path.is_dir() else errno.ENODEV
        raise OSError(code, os.strerror(code))


def _said(location: Location, error: BaseException | None) -> StoreError:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}:
            why = f"un autre programme la tient, et {number(location.timeout)} s n’ont pas suffi"
            return refused(location, why, "fermez-le ou attendez, puis recommencez")
        if code in _SQLITE:
            return refused(location, *_SQLITE[code])
    if location.path is None:
        return refused(location, *_of_server(error))
    kind = getattr(error, "sqlite_errorname", type(error).__name__)
    return refused(location, f"elle refuse ({kind})", "recommencez, ou rétablissez une sauvegarde")


def _of_server(error: BaseException | None) -> tuple[str, str]:
    """Say why a server refuses, and what to do: by its code, else by what it says of a sign-in."""
    state = getattr(error, "sqlstate", None) or ""
    for known in (state, state[:2]):
        if known in _POSTGRESQL:
            return _POSTGRESQL[known]
    if state:
        return (
            f"le serveur refuse (SQLSTATE {state})",
            "recommencez, ou demandez à qui l’administre",
        )
    # a server that does not let one in gives no code: words, in its own language
    said = str(error).casefold()
    if "fatal" in said:
        for words, why in _SIGN_IN.items():
            if any(word in said for word in words):
                return why
        return "le serveur refuse la connexion", f"vérifiez ses droits, et {_ADDRESS}"
    if "uri" in said or "option" in said:
        return "cette adresse a une option que PostgreSQL ne connaît pas", f"corrigez {_ADDRESS}"
    return "le serveur ne répond pas", f"vérifiez qu’il marche, et {_ADDRESS}"
