"""French numbers, dates, plurals and folding of names for comparison; values as JSON."""

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

NARROW = "\u202f"
NBSP = "\u00a0"

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def number(value: float, *, decimals: int = 0) -> str:
    """Write a number as French readers expect it.

    Parameters
    ----------
    value
        Any finite number.
    decimals
        Digits after the comma; trailing zeros are kept.

    Returns
    -------
    str
        Thousands parted by U+202F, a decimal comma, a true minus sign (U+2212).
    """
    shown = f"{abs(value):,.{decimals}f}".replace(",", NARROW).replace(".", ",")
    sign = "\u2212" if value < 0 and any(c in "123456789" for c in shown) else ""
    return sign + shown


def euros(value: float) -> str:
    """Write an amount in euros: ``20 000 €``, ``1,5 M€`` from a million up.

    Parameters
    ----------
    value
        Euros.
    """
    if abs(value) >= 1_000_000:
        millions = value / 1_000_000
        decimals = next(d for d in (0, 1, 2, 3) if d == 3 or round(millions, d) == millions)
        return f"{number(millions, decimals=decimals)}{NBSP}M€"
    return f"{number(value)}{NBSP}€"


def plural(count: int, singular: str, several: str | None = None) -> str:
    """Write a count with its noun; 0 and 1 are singular in French.

    Parameters
    ----------
    count
        How many.
    singular
        The noun for 0 and 1.
    several
        The noun from 2 up; ``singular`` + « s » when not given.
    """
    noun = singular if abs(count) < 2 else (several or singular + "s")
    return f"{number(count)} {noun}"


def short_euros(value: float) -> str:
    """Write an amount for a map: ``850 €``, ``12 k€``, ``1,2 M€``, ``3,4 Md€``; rounded.

    Parameters
    ----------
    value
        Euros.
    """
    for unit, least in (("Md€", 1e9), ("M€", 1e6), ("k€", 1e4)):
        scaled = value / (1e3 if unit == "k€" else least)
        if abs(value) >= least:
            whole = abs(scaled) >= 10 or round(scaled, 1) == round(scaled)
            return f"{number(scaled, decimals=0 if whole else 1)}{NBSP}{unit}"
    return f"{number(value)}{NBSP}€"


def day(value: str | date) -> str:
    """Write an ISO date (year, month or day) in French words.

    Parameters
    ----------
    value
        ``2022``, ``2022-09``, ``2022-09-27`` or a date.

    Returns
    -------
    str
        ``2022``, ``septembre 2022``, ``27 septembre 2022``; the first of a month is ``1er``.
    """
    parts = str(value)[:10].split("-")
    if len(parts) == 1:
        return parts[0]
    month = _MONTHS[int(parts[1]) - 1]
    if len(parts) == 2:
        return f"{month} {parts[0]}"
    number_of_day = int(parts[2])
    return f"{'1er' if number_of_day == 1 else number_of_day} {month} {parts[0]}"


def enumeration(words: list[str], *, last: str = "et") -> str:
    """Join words as a French list: ``a, b et c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def typographic(text: str) -> str:
    """Give straight apostrophes their French shape; the tables keep INSEE's."""
    return text.replace("'", "\u2019")


_BEFORE = re.compile(r" ([:;!?%»]|km\b)")
_AFTER = re.compile(r"« ")


def spaced(text: str) -> str:
    """Hold to its word what French parts from it by a space: ``: ; ! ? % « »`` and ``km``."""
    return _AFTER.sub(f"«{NBSP}", _BEFORE.sub(rf"{NBSP}\1", text))


def typeset(value: Any) -> Any:
    """Give all the words of a document their French spaces and apostrophes, addresses left alone.

    Parameters
    ----------
    value
        Texts, in lists and dicts.
    """
    if isinstance(value, str):
        alone = value.startswith("http") or "@" in value
        return value if alone else spaced(typographic(value))
    if isinstance(value, dict):
        return {key: typeset(inner) for key, inner in value.items()}
    return [typeset(inner) for inner in value] if isinstance(value, list) else value


_ELIDED = re.compile(r"[aàâeéèêëiîïoôöuùûœæ]|h[eéèêiîy]|y[^aeiou]", re.IGNORECASE)


def of(name: str) -> str:
    """Put « de » before a proper name: ``d’Aubusson``, ``du Havre``, ``des Mureaux``, ``de Lens``.

    An h before a, o or u is taken as one that forbids the elision (``de Honfleur``).
    """
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if _ELIDED.match(name) else f"de {name}"


def in_departement(town: str, departement: str) -> str:
    """Name a town so that no other is meant: « Rochefort (17) »."""
    return f"{typographic(town)} ({departement})"


def within(departement: str, region: str, *, code: str = "") -> str:
    """Say département and région, once where they are one (``La Réunion (974)``)."""
    said = f"{departement} ({code})" if code else departement
    return said if departement == region else f"{said}, {region}"


_NEVER_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML forbids, and the controls of a terminal: no file that we make could hold it."""


def typed(text: str) -> str:
    """Give words as they came in, without what no file can hold, nor spaces around.

    Parameters
    ----------
    text
        Any text: of an address, a box, a command.
    """
    return _NEVER_PRINTED.sub("", text).strip()


_APART = re.compile(r"[^a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_ODD = re.compile(r"[^\x00-\x7f‘’«»–—…°€\u00a0\u202f]")
"""What French texts seldom hold once their accents are off: another mark may be among it."""

# a lone space stays as it is: most are
_APART_IN_LINE = re.compile(r" *[^a-z0-9 \n][^a-z0-9\n]*|  +")
# its first letters first: they are found faster than the borders of words
_SAINT = re.compile(r"st(?<=\bst)(e?s?)\b")


def fold(text: str) -> str:
    """Fold a name for comparison: no accents, ligatures opened, only letters, digits and spaces.

    Hyphens and both apostrophes become spaces, ``st``, ``ste``, ``sts`` or ``stes``
    standing alone become ``saint``, ``sainte``… Idempotent.

    Parameters
    ----------
    text
        Any text.
    """
    folded = _APART.sub(" ", _bare(text)).strip()
    return _SAINT.sub(r"saint\1", folded) if "st" in folded else folded


def fold_all(texts: Iterable[str]) -> list[str]:
    """Fold many texts as :func:`fold` does, all at once."""
    lines = [text.replace("\n", " ") for text in texts]
    folded = _SAINT.sub(r"saint\1", _APART_IN_LINE.sub(" ", _bare("\n".join(lines))))
    return [line.strip(" ") for line in folded.split("\n")] if lines else []


def _bare(text: str) -> str:
    """Take the capitals and the accents away, and open the ligatures."""
    bare = text.casefold()
    if bare.isascii():
        return bare
    opened = unicodedata.normalize("NFKD", bare.replace("œ", "oe").replace("æ", "ae"))
    bare = _ACCENTS.sub("", opened)
    return _ODD.sub(lambda odd: "" if unicodedata.combining(odd[0]) else " ", bare)


def compact_json(value: Any) -> str:
    """Write plain values as JSON, as shortly as can be: no spaces, accents as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
