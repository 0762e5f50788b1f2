"""The logo of one's organisation: any file → a small plain PNG, or one sentence."""

import io
import struct
import warnings
import zlib
from pathlib import Path

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from villeactive.errors import DataFileError, reason
from villeactive.text import NBSP, number

LOGO_BYTES = 300_000
"""Largest logo, given or written, so that a browser keeps it."""

LOGO_PIXELS = 4_000_000
LOGO_SIDE = 8_000
"""Longest side: a picture of one row is no logo."""

# the readers themselves: Image.open would try others, and take several pictures in one for MPO
_READERS = {b"\x89PNG\r\n\x1a\n": PngImageFile, b"\xff\xd8\xff": JpegImageFile}

_BROKEN = (
    OSError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, EOFError,
    ArithmeticError, RuntimeError, SystemError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
"""What the readers raise on a broken file."""

# said in English, where nothing is wrong for who gave the picture; once: threads share filters
warnings.filterwarnings("ignore", message="Corrupt EXIF data")


def plain_logo(data: bytes) -> bytes:
    """Make a plain PNG of a logo: its first picture alone, upright, without what goes along.

    Parameters
    ----------
    data
        A PNG or a JPEG, whatever its name: only its content counts.

    Returns
    -------
    bytes
        A PNG of at most ``LOGO_BYTES``, made smaller where it must be; always the same for the
        same data.

    Raises
    ------
    DataFileError
        The file is too heavy, its picture too large, or it is no whole PNG or JPEG.
    """
    if len(data) > LOGO_BYTES:
        raise DataFileError(
            f"Logo trop lourd{NBSP}: {LOGO_BYTES // 1000} ko au plus. Enregistrez-le plus petit."
        )
    reader = next((read for sign, read in _READERS.items() if data.startswith(sign)), None)
    try:
        if reader is None:
            raise ValueError
        with reader(io.BytesIO(data)) as picture:  # reads the sizes alone
            _check_size(picture)
            picture.load()
            if picture.mode == "P" and picture.palette is None:
                raise ValueError
            return _written(_coloured(_upright(picture)))
    except DataFileError:
        raise
    except _BROKEN as error:
        raise DataFileError(
            f"Logo illisible{NBSP}: donnez une image PNG ou JPEG entière."
        ) from error


def read_logo(path: Path) -> bytes:
    """Read the logo in a file as a plain PNG.

    Raises
    ------
    DataFileError
        The file is missing, no regular file, or no logo.
    """
    try:
        if path.exists() and not path.is_file():
            raise DataFileError(f"{path} : ce n’est pas un fichier. Donnez une image PNG ou JPEG.")
        with path.open("rb") as file:
            data = file.read(LOGO_BYTES + 1)
    except OSError as error:
        if isinstance(error, DataFileError):
            raise
        raise DataFileError(
            f"{path} : logo illisible ({reason(error)}). Vérifiez le chemin."
        ) from error
    try:
        return plain_logo(data)
    except DataFileError as error:
        raise DataFileError(f"{path.name} : {error}") from error


def _check_size(picture: Image.Image) -> None:
    """Refuse a picture that claims too many pixels, before any is made."""
    wide, high = picture.size
    if max(wide, high) > LOGO_SIDE or wide * high > LOGO_PIXELS:
        raise DataFileError(
            f"Logo trop grand{NBSP}: {number(wide)} × {number(high)} pixels{NBSP}; "
            f"{number(LOGO_PIXELS)} pixels en tout et {number(LOGO_SIDE)} de côté au plus. "
            "Réduisez-le."
        )


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a photograph as its camera was held; what cannot tell is left as it is."""
    try:
        return ImageOps.exif_transpose(picture)
    except (*_BROKEN, UserWarning):
        return picture


def _coloured(picture: Image.Image) -> Image.Image:
    """Give red, green, blue and opacity, and nothing of what the file said beside."""
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut at 255
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    drawn = picture.convert("RGBA")
    drawn.info.clear()
    return drawn


def _written(drawn: Image.Image) -> bytes:
    """Write a PNG, smaller and smaller until it is light enough."""
    if drawn.getextrema()[3] == (255, 255):
        drawn = drawn.convert("RGB")
    while True:
        stream = io.BytesIO()
        drawn.save(stream, "PNG", optimize=True)
        if stream.tell() <= LOGO_BYTES:
            return stream.getvalue()
        size = [max(1, round(side * 0.75)) for side in drawn.size]
        drawn = drawn.resize(size, Image.Resampling.LANCZOS)
