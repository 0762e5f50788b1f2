"""Bytes → text: the encodings that French offices write."""

import codecs

from villeactive.tables.raw.limits import RefusedError

_LETTERS = set("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆñÑ€«»’‘–—…“”°²\u00a0\u202f")
_BEST_FIRST = (
    ("windows-1252", "cp1252"),
    ("mac-roman", "mac_roman"),
    ("iso-8859-15", "iso8859_15"),
    ("cp850", "cp850"),
)
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
        raise RefusedError("ce n’est pas un fichier de texte")
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
        raise RefusedError("ce n’est pas un fichier de texte")
    return text, name


def _unmarked(head: bytes) -> str:
    """Return the codec of UTF-16 without its mark: zeros at every other byte."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    raise RefusedError("ce n’est pas un fichier de texte")


def _likeness(data: bytes, codec: str) -> int:
    """Return how French a text is when read so: letters of French minus five times the odd."""
    score = 0
    for byte in range(128, 256):
        count = data.count(bytes([byte]))
        if count:
            character = bytes([byte]).decode(codec, "replace")
            score += count if character in _LETTERS else -_ODD * count
    return score
