"""Bytes → text: the encodings that French offices write."""

import codecs
import re

from villeactive.tables.raw.limits import RefusedError

_LETTERS = set("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆñÑ€«»’‘–—…“”°²\u00a0\u202f")
_BEST_FIRST = (
    ("windows-1252", "cp1252"),
    ("mac-roman", "mac_roman"),
    ("iso-8859-15", "iso8859_15"),
    ("cp850", "cp850"),
)
_NO_TEXT = "ce n’est pas un fichier de texte"
_ODD = 5  # an odd character weighs so many French letters
_STRAY = 0.02  # of the characters beyond ASCII, share that may be broken in a UTF-8 file


def decode(data: bytes) -> tuple[str, str, bool]:
    """Decode the bytes of a text file.

    Returns
    -------
    tuple
        Text, name of the encoding (``utf-8, utf-8-sig, utf-16, windows-1252, mac-roman,
        iso-8859-15, cp850``), and whether some characters were broken.
    """
    if data.startswith(codecs.BOM_UTF8):
        return *_strictly(data[3:], "utf-8", "utf-8-sig"), False
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return *_strictly(data, "utf-16", "utf-16"), False
    head = data[:4096]
    if b"\0" in head:
        return *_strictly(data, _unmarked(head), "utf-16"), False
    if b"\0" in data:
        raise RefusedError(_NO_TEXT)
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        pass
    mended = data.decode("utf-8", "replace")
    beyond = sum(not c.isascii() for c in mended)
    if mended.count("\ufffd") <= _STRAY * beyond:
        return mended, "utf-8", True
    name, codec = max(_BEST_FIRST, key=lambda pair: _likeness(data, pair[1]))
    return data.decode(codec, "replace"), name, False


def _strictly(data: bytes, codec: str, name: str) -> tuple[str, str]:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise RefusedError("le texte est abîmé ; enregistrez-le en « CSV UTF-8 »") from error
    if "\0" in text:
        raise RefusedError(_NO_TEXT)
    return text, name


def _unmarked(head: bytes) -> str:
    """Return the codec of UTF-16 without its mark: zeros at every other byte."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    raise RefusedError(_NO_TEXT)


def _likeness(data: bytes, codec: str) -> int:
    """Return how French a text is when read so: letters of French minus five times the odd."""
    score = 0
    for byte in range(128, 256):
        count = data.count(bytes([byte]))
        if count:
            character = bytes([byte]).decode(codec, "replace")
            score += count if character in _LETTERS else -_ODD * count
    return score


def undoubled(text: str) -> str | None:
    """Return a text whose accents were encoded twice, « Ã© » for « é », as it was; else None.

    All that is beyond ASCII must read so: « é » before a letter is no UTF-8.
    """
    runs = set(_BEYOND.findall(text)) if _DOUBLED.search(text) else set()
    try:
        once = {run: _bytes(run).decode("utf-8") for run in runs}
    except UnicodeError:
        return None
    return _BEYOND.sub(lambda run: once[run[0]], text) if once else None


def _bytes(run: str) -> bytes:
    """Encode in Windows-1252, whose five empty places stand for themselves."""
    return b"".join(bytes([ord(c)]) if 0x80 <= ord(c) < 0xA0 else c.encode("cp1252") for c in run)


_BEYOND = re.compile(r"[^\x00-\x7f]+")
_DOUBLED = re.compile("[\u00c2\u00c3\u00c5\u00e2]")
