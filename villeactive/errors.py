"""The error tree of the project.

::

    VilleActiveError (Exception)
    ├── DataFileError (ValueError)        a shipped or given file is not what it claims
    ├── SheetError (ValueError)           faults in project sheets, all told at once
    ├── UnknownValueError (ValueError)    a value that no list knows; carries the nearest
    ├── OutputError (OSError)             a result cannot be written where asked
    └── StoreError                        kept collections cannot be read or changed
        └── StoreConflictError            somebody else changed one in between

Every message is a French sentence for the user: what, where, what to do.
"""

import errno

STOPPED = "arrêté."
"""What Ctrl+C is answered."""

_REASONS = {
    errno.ENOENT: "ce dossier ou ce fichier n’existe pas",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.EISDIR: "c’est un dossier",
    errno.ENODEV: "ce n’est pas un fichier ordinaire",
    errno.ELOOP: "des liens tournent en rond",
    errno.EBADF: "la sortie est fermée",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "disque plein",
    errno.EIO: "le disque ou le réseau a failli",
    errno.EBUSY: "le fichier est pris par un autre programme",
    errno.ETXTBSY: "le fichier est pris par un autre programme",
    errno.EMFILE: "trop de fichiers ouverts",
    errno.EFBIG: "fichier trop grand",
    errno.ENAMETOOLONG: "nom trop long",
}


def reason(error: OSError) -> str:
    """Say in French why the system refused; where we have no words, the name of its error."""
    code = errno.errorcode.get(error.errno)
    return _REASONS.get(error.errno) or (
        f"erreur {code} du système" if code else "erreur du système"
    )


class VilleActiveError(Exception):
    """Base of every error that the project raises on purpose."""


class DataFileError(VilleActiveError, ValueError):
    """A data file is missing, or does not hold what its name promises."""


class SheetError(VilleActiveError, ValueError):
    """Project sheets have faults; ``faults`` lists them all.

    Parameters
    ----------
    faults
        One sentence per fault, each beginning with file and field.
    """

    def __init__(self, faults: list[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


class UnknownValueError(VilleActiveError, ValueError):
    """A value is not in its closed list.

    Parameters
    ----------
    field
        The filter or option, as the user knows it.
    value
        What was received.
    nearest
        The nearest valid values, best first; may be empty.
    says
        What is wrong with it.
    """

    def __init__(
        self, field: str, value: str, nearest: list[str], *, says: str = "est inconnu"
    ) -> None:
        self.field, self.value, self.nearest = field, value, list(nearest)
        hint = f" Valeurs proches : {', '.join(nearest)}." if nearest else ""
        super().__init__(f"{field} : « {value} » {says}.{hint}")


class OutputError(VilleActiveError, OSError):
    """A file cannot be written."""


class StoreError(VilleActiveError):
    """Kept collections cannot be read or changed; what was kept is as it was."""


class StoreConflictError(StoreError):
    """A kept collection was changed by somebody else in between.

    Parameters
    ----------
    name
        Id of the collection.
    expected
        The revision on which the change was prepared; 0 where there was no collection.
    current
        The one that is kept; 0 where there is none.
    """

    def __init__(self, name: str, expected: int, current: int) -> None:
        self.name, self.expected, self.current = name, expected, current
        now = f"elle en est à la révision {current}" if current else "elle n’est plus gardée"
        then = f"était préparé sur la révision {expected}" if expected else "devait la créer"
        super().__init__(
            f"Collection « {name} » : {now}, et ce changement {then} ; "
            "relisez-la, puis recommencez."
        )
