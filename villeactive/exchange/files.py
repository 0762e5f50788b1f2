"""Files written whole or not at all."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from villeactive.errors import OutputError, reason


def write_whole(target: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary neighbour, then a rename.

    Parameters
    ----------
    target
        Where to write; what was there before stays until all is written.
    data
        The whole content.

    Raises
    ------
    OutputError
        The folder is missing, full or cannot be written; nothing is left behind.
    """
    name = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        msg = f"{target} : écriture impossible ({reason(error)}). Choisissez un autre dossier."
        raise OutputError(msg) from error


def in_own_folder(files: Mapping[str, str]) -> Path:
    """Write texts in a new folder that goes when the program ends, and give the folder.

    Parameters
    ----------
    files
        Name → text.

    Raises
    ------
    OutputError
        The temporary folder of the machine is missing, full or cannot be written.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="ville-active-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        msg = (
            f"Dossier temporaire : écriture impossible ({reason(error)}). Donnez-en un autre "
            "par la variable TMPDIR."
        )
        raise OutputError(msg) from error
    return folder
