"""Files written whole or not at all."""

import atexit
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from villeactive.errors import OutputError, reason

_NEW = 0o644
"""Rights of a file that was not there."""

_own: list[Path] = []
"""Folders of :func:`in_own_folder` that are still there."""


def write_whole(target: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary neighbour, then a rename.

    Parameters
    ----------
    target
        Where to write; what was there before stays until all is written, and its rights are kept.
        A link stays one: the file that it names is written.
    data
        The whole content.

    Raises
    ------
    OutputError
        The folder is missing, full or cannot be written, or what stands there is no regular
        file (a folder, a device, a pipe); nothing is left behind.
    """
    with whole_file(target) as stream:
        stream.write(data)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Give a stream whose file is there once all is written; see :func:`write_whole`.

    Raises
    ------
    OutputError
        As :func:`write_whole`.
    """
    name = None
    try:
        there = Path(os.path.realpath(target))
        mode = _NEW
        with suppress(FileNotFoundError):
            mode = there.stat().st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not stat.S_ISREG(mode):
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        # a name as long as the system allows leaves no room for what mkstemp adds
        handle, name = tempfile.mkstemp(dir=there.parent, prefix=f".{there.name[:20]}.")
        with os.fdopen(handle, "wb") as stream:
            yield stream
        Path(name).chmod(stat.S_IMODE(mode))
        Path(name).replace(there)
        name = None
    except OSError as error:
        raise not_written(target, error) from error
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def not_written(target: Path, error: OSError) -> OutputError:
    """Say why a file cannot be written."""
    name_it = isinstance(error, IsADirectoryError)
    remedy = "Ajoutez-y le nom du fichier" if name_it else "Choisissez un autre dossier"
    return OutputError(f"{target} : écriture impossible ({reason(error)}). {remedy}.")


def new_folder(path: Path) -> None:
    """Make a folder, and those above it; one that is there must be empty.

    Raises
    ------
    OutputError
        It holds something, is no folder, or cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        full = any(path.iterdir())
    except OSError as error:
        raise not_written(path, error) from error
    if full:
        msg = f"{path} : ce dossier n’est pas vide. Donnez un dossier nouveau."
        raise OutputError(msg)


def in_own_folder(files: Mapping[str, str | bytes]) -> Path:
    """Write files in a new folder that goes when the program ends, and give the folder.

    A program that a signal ends calls :func:`remove_own_folders`: Python then calls nothing.

    Parameters
    ----------
    files
        Name → text, or bytes.

    Raises
    ------
    OutputError
        The temporary folder of the machine is missing, full or cannot be written.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="ville-active-"))
        _own.append(folder)
        for name, whole in files.items():
            (folder / name).write_bytes(whole if isinstance(whole, bytes) else whole.encode())
    except OSError as error:
        msg = (
            f"Dossier temporaire : écriture impossible ({reason(error)}). Donnez-en un autre "
            "par la variable TMPDIR."
        )
        raise OutputError(msg) from error
    return folder


@atexit.register
def remove_own_folders() -> None:
    """Remove every folder of :func:`in_own_folder`."""
    while _own:
        shutil.rmtree(_own.pop(), ignore_errors=True)
