"""What one cell says: nothing, an amount, a date, a coordinate, several values."""

import functools
import json
import math
import re
from datetime import date, datetime, timedelta

from villeactive.geography.place_query import says_nothing
from villeactive.text import fold

_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_MONTH = {name: number for number, name in enumerate(_MONTHS.split(), start=1)}
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_AMOUNT = re.compile(
    r"([-+\u2212]?)(?:€|eur)?(\d[\d.,]*)(k|m|md|mrd|mds|millions?|milliers?|milliards?)?d?(?:euros?|eur|€)?"
    r"(?:ht|ttc|/an|paran|parmois)?(?:\((?:ht|ttc)\))?",
    re.IGNORECASE,
)
_TIMES = {"k": 1e3, "millier": 1e3, "milliers": 1e3, "m": 1e6, "million": 1e6, "millions": 1e6}
_TIMES |= dict.fromkeys(("md", "mrd", "mds", "milliard", "milliards"), 1e9)
_UNIT = re.compile(
    r"(?<![^\W_])(?:(k|m|md|mrd|mds)\s?(?:€|d.euros?\b|eur(?:os?)?\b)|(milliers|millions|milliards)\b)",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"[-+\u2212]?(?:nan|inf|infinity|\u221e|\d+(?:\.\d*)?e\+?\d{3,4})", re.IGNORECASE
)
_BOOLEANS = ({"t", "f"}, {"true", "false"}, {"oui", "non"}, {"vrai", "faux"}, {"yes", "no"},
             {"o", "n"}, {"y", "n"})  # fmt: skip
_EXCEL_DAY_ONE, _EXCEL_DAYS = date(1899, 12, 30), (20_000, 70_000)
_UNIX_DAY_ONE, _SECONDS = datetime(1970, 1, 1), (300_000_000, 4_000_000_000)


@functools.lru_cache(maxsize=200_000)
def filled(text: str) -> str:
    """Return a cell without its edges; nothing for what says that nothing is known."""
    bare = text.strip(" \t\r\n\u00a0\u202f\u200b\ufeff")
    return "" if says_nothing(bare) else bare


@functools.lru_cache(maxsize=50_000)
def amount(text: str, unit: float = 1) -> float | None:
    """Read an amount in euros: ``26 112 €``, ``1 250 000,00``, ``2,4 M€``, ``210 k€``.

    ``unit`` is that of the column, for the cells that say none.
    """
    bare = _SPACES.sub("", text)
    found = _AMOUNT.fullmatch(bare) if len(bare) < 40 else None
    if not found:
        return None
    sign, digits, times = found.groups()
    value = _decimal(digits, money="€" in bare and not times)
    if value is None:
        return None
    if unit != 1 and not times and "€" not in bare and "eur" not in bare.lower():
        value = round(value * unit, 2)
    return (-value if sign in ("-", "\u2212") else value) * _TIMES.get((times or "").lower(), 1)


def header_unit(header: str) -> float:
    """Return how many euros the numbers under a header count: 1 000 under « Coût HT (k€) ».

    Examples
    --------
    >>> header_unit("Subvention (en millions d’euros)")
    1000000.0
    """
    found = _UNIT.search(header)
    return _TIMES[(found[1] or found[2]).lower()] if found else 1.0


def is_no_number(text: str) -> bool:
    """Tell NaN, ∞ and numbers beyond all counting, as programs write them."""
    bare = text.strip()
    if len(bare) > 400 or not _ENDLESS.fullmatch(bare):
        return False
    return not math.isfinite(float(bare.replace("\u221e", "inf").replace("\u2212", "-")))


def _decimal(digits: str, *, money: bool) -> float | None:
    """Read digits with their points and commas; the last mark that stands alone is decimal."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = max(digits.rfind("."), digits.rfind(","))
        whole, part = digits[:decimal], digits[decimal + 1 :]
        if digits.count(digits[decimal]) > 1:
            return None
        digits = f"{re.sub('[.,]', '', whole)}.{part}"
    elif points + commas > 1:
        groups = re.split("[.,]", digits)
        if not all(len(group) == 3 for group in groups[1:]):
            return None
        digits = "".join(groups)
    elif money and points and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):
        digits = digits.replace(".", "")
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return None


def number(text: str) -> float | None:
    """Read a bare number, decimal comma or point."""
    try:
        value = float(_SPACES.sub("", text).replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


@functools.lru_cache(maxsize=50_000)
def year(text: str) -> int | None:
    """Read the year of a date or of a year written alone."""
    bare = text.strip()[:40]
    plain = re.fullmatch(r"(\d{4})(?:[.,]0+)?(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?", bare)
    if plain:
        return _sane(plain[1]) if not plain[2] or 1 <= int(plain[2]) <= 12 else None
    years = re.fullmatch(r"(\d{4})\s?[-/–]\s?(\d{4})", bare)  # of a school, of a programme
    if years:
        return _sane(years[1])
    french = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?: .*)?", bare)
    if french:
        if int(french[1]) > 31 or int(french[2]) > 31:
            return None
        return _sane(french[3] if len(french[3]) == 4 else f"20{french[3]}")
    slashed = re.fullmatch(r"(\d{4})/\d{1,2}(?:/\d{1,2})?(?: .*)?", bare)
    words = fold(bare).split()
    if slashed:
        return _sane(slashed[1])
    if len(words) >= 2 and words[-2] in _MONTH and words[-1].isdigit():
        return _sane(words[-1])
    return None


def any_year(text: str) -> int | None:
    """Read the year of a date, however told: also days from 1900 (spreadsheets), seconds from 1970.

    Only for a column of dates: any number may look like one that counts.
    """
    told, value = year(text), number(text)
    if told or value is None:
        return told
    if _EXCEL_DAYS[0] <= value <= _EXCEL_DAYS[1]:
        return (_EXCEL_DAY_ONE + timedelta(days=int(value))).year
    if _SECONDS[0] <= value <= _SECONDS[1]:
        return (_UNIX_DAY_ONE + timedelta(seconds=int(value))).year
    return None


def _sane(text: str) -> int | None:
    return int(text) if 1800 <= int(text) <= 2100 else None


def booleans(values: set[str]) -> bool:
    """Tell whether a column holds yes and no, and nothing else."""
    folded = {fold(value) for value in values}
    return bool(folded) and any(folded <= pair for pair in _BOOLEANS)


_DEGREES = r"(-?\d{1,3}[.,]\d+)"
_PAIR = re.compile(rf"\s*[\[(]?\s*{_DEGREES}\s*[,;|\s]\s*{_DEGREES}\s*[\])]?\s*")
_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)(?:\s+-?[\d.]+)?\s*\)\s*", re.I
)


def pair(text: str) -> tuple[float, float] | None:
    """Read two coordinates in one cell, in the order written (WKT, JSON, « 48,85 ; 2,35 »)."""
    if len(text) > 200:
        return None
    wkt = _WKT.fullmatch(text)
    if wkt:
        return _two(wkt[1], wkt[2])
    if text.lstrip().startswith("{"):
        try:
            told = json.loads(text)
            first, second = told["coordinates"][:2]
            return (float(first), float(second))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
    found = _PAIR.fullmatch(text)
    return _two(found[1], found[2]) if found else None


def _two(first: str, second: str) -> tuple[float, float] | None:
    numbers = number(first), number(second)
    return None if None in numbers else numbers


def separator(cells: list[str]) -> str | None:
    """Return what parts the several values of a column's cells, or None."""
    for mark in ("|", ";", "\n"):
        parted = [cell for cell in cells if mark in cell.strip()]
        if len(parted) < max(1, 0.05 * len(cells)):
            continue
        parts = [part.strip() for cell in cells for part in cell.split(mark) if part.strip()]
        short = sum(len(part) <= 60 for part in parts)
        shared = len(set(parts)) < 0.8 * len(parts) or (mark == "|" and len(parted) > 1)
        if short > 0.95 * len(parts) and shared:
            return mark
    return None
