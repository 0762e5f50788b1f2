"""Why a database refuses, in one French sentence: what, where, what to do."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from villeactive.errors import StoreError, reason
from villeactive.store.location import VARIABLE, Location
from villeactive.text import number

_ELSEWHERE = f"donnez un autre fichier par {VARIABLE}"
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
        f"vérifiez le dossier et ses droits, ou {_ELSEWHERE}",
    ),
    sqlite3.SQLITE_NOTADB: ("ce fichier n’est pas une base de collections", _ELSEWHERE),
    sqlite3.SQLITE_CORRUPT: (
        "le fichier est abîmé",
        f"rétablissez une sauvegarde, ou {_ELSEWHERE}",
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
        why = f"le pilote « {error.name} » n’est pas installé"
        raise refused(
            location, why, f"installez-le, ou donnez un fichier par {VARIABLE}"
        ) from error
    except FileNotFoundError as error:
        why = "le dossier qui la tiendrait n’existe pas"
        raise refused(location, why, f"créez-le, ou {_ELSEWHERE}") from error
    except OSError as error:
        remedy = f"vérifiez le dossier et ses droits, ou {_ELSEWHERE}"
        raise refused(location, reason(error), remedy) from error


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
        why = "le serveur ne répond pas ou refuse"
        return refused(location, why, f"vérifiez qu’il marche, et l’adresse de {VARIABLE}")
    kind = getattr(error, "sqlite_errorname", type(error).__name__)
    return refused(location, f"elle refuse ({kind})", "recommencez, ou rétablissez une sauvegarde")
