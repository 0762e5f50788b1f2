"""A place as asked for: text, département, code and postcode, cleaned and put together."""

import re
from dataclasses import dataclass

import pandas as pd

from villeactive.gazetteer import (
    ARTICLES,
    current_names,
    departements,
    departements_of,
)
from villeactive.text import NBSP, fold

_MAX_LENGTH = 200  # no commune's name with all its suffixes comes near
ARRONDISSEMENT = re.compile(
    r"(paris|lyon|marseille) 0?(\d{1,2}) ?(?:er|e|eme|ieme|nd|nde|re)?"
    r"(?: arr(?:t|dt|ondissement)?)?"
)
_TURNED = re.compile(r"0?(\d{1,2}) ?(?:er|e|eme|ieme)? arr\w* (?:de )?(paris|lyon|marseille)")
_BRACKETED = re.compile(r"\((\d{1,2}\s*(?:er|e|[eè]me)\b[^)]*)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A place as asked for: its name cleaned, and all that narrows it."""

    shown: str
    key: str
    code: str
    padded: bool
    departements: frozenset[str] | None
    departement_shown: str
    postcode: str
    clash: str


def as_text(value: object) -> str:
    """Write any cell as a text: None and NaN are empty, ``1004.0`` is ``1004``."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    text = str(value).strip()
    return text[:-2] if isinstance(value, float) and text.endswith(".0") else text


def question(name: object, departement: object, code: object, postcode: object) -> Question:
    """Put a question together from cells of any type; nothing is raised."""
    shown = as_text(name)[:_MAX_LENGTH]
    body, hints, inner_postcode = _split_name(shown)
    bare_code, padded = as_code(as_text(code))
    given = [hint for hint in (as_text(departement), *hints) if hint]
    sets = [departements().get(fold(hint)) or _departement_in(hint) for hint in given]
    postcode = _postcode(as_text(postcode)) or inner_postcode
    clash = _clash(shown, given, sets, postcode)
    common = frozenset.intersection(*sets) if sets and not clash else None
    return Question(
        shown=shown,
        key=body,
        code=bare_code,
        padded=padded,
        departements=common,
        departement_shown=given[0] if given else "",
        postcode=postcode,
        clash=clash,
    )


def _clash(shown: str, given: list[str], sets: list[frozenset | None], postcode: str) -> str:
    """Say what contradicts what in the département, its suffix and the postcode, or nothing."""
    for hint, codes in zip(given, sets, strict=True):
        if codes is None:
            return f"Le département «{NBSP}{hint}{NBSP}» est inconnu."
    if sets and not frozenset.intersection(*sets):
        return f"«{NBSP}{shown}{NBSP}» et le département «{NBSP}{given[0]}{NBSP}» se contredisent."
    if sets and postcode and not frozenset.intersection(*sets) & departements_of(postcode):
        return (
            f"Le code postal {postcode} et le département «{NBSP}{given[0]}{NBSP}» se contredisent."
        )
    return ""


def _split_name(text: str) -> tuple[str, list[str], str]:
    """Part a text into folded name, hints of département, postcode."""
    text = re.sub(r"\bs/\s*", "sur ", text, flags=re.IGNORECASE)
    text = re.sub(r"\bcedex(\s*\d{1,2}\b)?", " ", text, flags=re.IGNORECASE)
    text = _BRACKETED.sub(r" \1", text)
    text, postcode = _split_postcode(text)
    if fold(text) in current_names()[0]:  # six official names hold brackets: Bors (Canton de…)
        return fold(text), [], postcode
    hints, article, rest = [], "", text
    for part in re.findall(r"\(([^()]*)\)", text):
        rest = rest.replace(f"({part})", " ")
        article, hints = _sorted_part(part, article, hints)
    head, *others = rest.split(",")
    for part in others:
        article, hints = _sorted_part(part, article, hints)
    key, more = _split_departement(head)
    return f"{article} {key}".strip(), [*hints, *more], postcode


def _split_postcode(text: str) -> tuple[str, str]:
    """Take the postcode off either end of a text."""
    edge = re.fullmatch(r"\s*(?:f-)?(\d{5})\b[\s,-]+(\S.*)", text, flags=re.IGNORECASE)
    tail = re.fullmatch(r"(.*\S)[\s,(-]+(\d{5})\s*\)?\s*", text)
    if edge:
        return edge[2], edge[1]
    return (tail[1], tail[2]) if tail else (text, "")


def _split_departement(head: str) -> tuple[str, list[str]]:
    """Part « Rochefort 17 » and « Rochefort - Charente-Maritime », but not « Paris 19 »."""
    first, *last = re.split(r"\s[-–—/]\s", head)
    if len(last) == 1 and fold(last[0]) in departements():
        return fold(first), last
    key = _TURNED.sub(r"\2 \1", fold(head))
    number = re.fullmatch(r"(.+) (\d{2,3}|2[ab])", key)
    if not number or number[2] not in departements():
        return key, []
    if ARRONDISSEMENT.fullmatch(key) and int(number[2]) <= 20:
        return key, []
    return number[1], [number[2]]


def _sorted_part(part: str, article: str, hints: list[str]) -> tuple[str, list[str]]:
    """Tell whether what follows a name is its article or its département."""
    folded = fold(part)
    if folded in ARTICLES:
        return folded, hints
    return article, [*hints, part.strip()] if folded and folded != "france" else hints


def as_code(text: str) -> tuple[str, bool]:
    """Normalise an INSEE code; tell whether a leading zero was put back."""
    code = re.sub(r"\s", "", text).upper()
    padded = bool(re.fullmatch(r"[1-9]\d{3}", code))
    return (f"0{code}" if padded else code), padded


def _postcode(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return f"0{digits}" if re.fullmatch(r"[1-9]\d{3}", digits) else digits


def _departement_in(hint: str) -> frozenset | None:
    """Read « 71 - Saône-et-Loire » or « Saône-et-Loire (71) »: the number decides."""
    numbers = re.findall(r"\b(\d{1,3}|2[ab])\b", fold(hint))
    if len(numbers) != 1 or numbers[0] not in departements():
        return None
    words = fold(re.sub(r"\b(\d{1,3}|2[ABab])\b", " ", hint))
    codes = departements()[numbers[0]]
    return codes if not words or departements().get(words) == codes else None
