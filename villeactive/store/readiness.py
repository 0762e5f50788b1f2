"""Whether a server may serve: its data whole, its store readable and writable, up to date."""

from typing import Any

from villeactive.errors import DataFileError
from villeactive.geography.checksums import made_files, sum_faults
from villeactive.store.database import store


def ready() -> dict[str, Any]:
    """Return what was found; nothing is changed.

    Returns
    -------
    dict
        ``files`` (shipped files as they were made), and what ``Store.look`` gives.

    Raises
    ------
    DataFileError
        A shipped file is not as it was made; the first one is named.
    StoreError
        The store cannot be read or written, or is of a later version.
    """
    if faults := sum_faults():
        raise DataFileError(faults[0])
    return {"files": len(made_files()), **store().look()}
