"""A place as asked for: text, département, code and postcode, cleaned and put together."""

import re
from dataclasses import dataclass

import pandas as pd

from villeactive.geography.gazetteer import (
    ARTICLES,
    current_names,
    departement_codes,
    departements,
    departements_of,
    is_outside,
    place_key,
)
from villeactive.text import NBSP, fold

_MAX_LENGTH = 200  # no commune's name with all its suffixes comes near
ARRONDISSEMENT = re.compile(
    r"(paris|lyon|marseille) 0?(\d{1,2}) ?(?:er|e|eme|ieme|nd|nde|re)?"
    r"(?: arr(?:t|dt|ondissement)?)?"
)
_TURNED = re.compile(r"0?(\d{1,2}) ?(?:er|e|eme|ieme)? arr\w* (?:de )?(paris|lyon|marseille)")
_ROMAN = re.compile(r"\b([ivx]{1,5})(er|e|eme|ieme)\b")
_DIVIDED = re.compile(r"\b(?:paris|lyon|marseille)\b")
_ROMANS = tuple(
    f"{ten}{one}"
    for ten in ("", "x")
    for one in ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
)[1:] + ("xx",)
_NOTE = re.compile(
    r"\((?:commune(?:\s+(?:nouvelle|d[eé]l[eé]gu[eé]e|associ[eé]e))?|chef[- ]lieu|ville|bourg"
    r"|mairie|cn)\)|\b\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})\b",
    re.IGNORECASE,
)
"""What follows a name in a cell and says nothing of the place: its standing, a date."""

NOTE = re.compile(
    r"(?:debut|fin|travaux|tvx|tranche|phase|lot|dossier|projet|suite|voir|cf|en cours|"
    r"a confirmer)(?: |$)"
)
"""How what people add to a name begins, once folded."""

_SHORT = tuple(
    (re.compile(written, re.IGNORECASE), meant)
    for written, meant in (
        (r"\bs/s\b|(?<=[\s-])ss(?=[\s-])", " sous "),
        (r"(?<=[\s-])s(?:/|(?=[\s-]))[\s-]*", "sur "),
        (r"(?<=[^\W\d])/(?=[^\W\d])", " sur "),
        (r"(?<=[^\W\d])(?:\s+/|/\s+)(?=[^\W\d])", " sur "),
        (r"\bcedex(\s*\d{1,2}\b)?", " "),
        (r"\((\d{1,2}\s*(?:er|e|[eè]me)\b[^)]*)\)", r" \1"),
    )
)
"""What is short in a cell, and what it means; an arrondissement in brackets loses them."""

_NOTHING = frozenset(
    ("null", "none", "nil", "nan", "nat", "<na>", "na", "n/a", "n.a.", "n a", "nd", "n/d",
     "n.d.", "n d", "nc", "n/c", "n.c.", "n c", "n/r", "n.r.",
     "nr", "n r", "neant", "vide", "inconnu", "inconnue", "tbd", "xxx", "non renseigne",
     "non renseignee", "non communique", "non communiquee", "non precise", "non precisee",
     "non defini", "non definie", "non determine", "non determinee", "non concerne",
     "non concernee", "non disponible", "non localise", "non localisee", "sans objet", "a definir",
     "a preciser", "a determiner", "a completer", "a confirmer", "en attente",
     "#n/a", "#n/d", "#ref!", "#value!", "#valeur!", "#name?", "#nom?", "#null!", "#nul!",
     "#div/0!")
)  # fmt: skip
"""What spreadsheets write, and people, folded, for nothing."""

_NOTHING_LENGTH = 24
_KEPT = re.compile(r'="(.*)"|\'(\d.*)', re.DOTALL)
_CORSICAN = re.compile(r"2[AB]\d{3}", re.IGNORECASE)
_MARKED = re.compile(r"[/(\d]")
"""Signs without which a text that folds to a name is that name, and nothing beside."""


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
    outside: bool = False


def as_text(value: object) -> str:
    """Write any cell as a text: empty for None, NaN and what people write for nothing.

    ``1004.0`` is ``1004``; ``="01053"`` and ``'01053``, which keep a zero in a spreadsheet, are
    ``01053``.
    """
    if not isinstance(value, str) and (
        value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    ):
        return ""
    text = str(value)[: _MAX_LENGTH + 1].strip()
    if text.isalnum() and not text.isalpha():
        return text
    if isinstance(value, float) and text.endswith(".0"):
        return text[:-2]
    if text.startswith(("=", "'")):
        kept = _KEPT.fullmatch(text)
        text = (kept[1] or kept[2] or "").strip() if kept else text
    return "" if says_nothing(text) else text


def says_nothing(text: str) -> bool:
    """Tell what people write where nothing is known: « n.c. », « - », « à définir », « #N/A »."""
    if len(text) > _NOTHING_LENGTH:
        return False
    key = text.lower() if text.isascii() else fold(text)
    return key in _NOTHING or not any(map(str.isalnum, text))


def question(name: object, departement: object, code: object, postcode: object) -> Question:
    """Put a question together from cells of any type; nothing is raised."""
    shown = as_text(name)[:_MAX_LENGTH]
    body, hints, inner_postcode = _split_name(shown)
    postcode = as_text(postcode)
    bare_code, padded = as_code(as_text(code) or corsican_code(postcode))
    given = [hint for hint in (as_text(departement), *hints) if hint]
    postcode = _postcode(postcode) or inner_postcode
    outside = any(is_outside(departement=hint) for hint in given) or is_outside(
        code=bare_code, postcode=postcode
    )
    sets = [departement_codes(hint) for hint in given]
    clash = "" if outside else _clash(shown, given, sets, postcode)
    common = frozenset.intersection(*sets) if sets and not clash and not outside else None
    return Question(
        shown=shown,
        key=body,
        code=bare_code,
        padded=padded,
        departements=common,
        departement_shown=given[0] if given else "",
        postcode=postcode,
        clash=clash,
        outside=outside,
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
    if not text:
        return "", [], ""
    if not _MARKED.search(text):
        key = place_key(text)
        if key in current_names()[0]:  # most rows of a table: nothing is short, nothing added
            return key, [], ""
    for written, meant in _SHORT:
        text = written.sub(meant, text)
    text, postcode = _split_postcode(text)
    if place_key(text) in current_names()[0]:  # six official names hold brackets: Bors (Canton de…)
        return place_key(text), [], postcode
    text = _NOTE.sub(" ", text)
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
    on_river = re.sub(r"(?<=[^\W\d])\s+/\s+(?=[^\W\d])", " sur ", head)
    if on_river != head and place_key(on_river) in current_names()[0]:
        return place_key(on_river), []  # « Vaux / Vienne » is Vaux-sur-Vienne
    first, *last = re.split(r"\s[-–—/]\s", head)
    if len(last) == 1 and fold(last[0]) in departements():
        return place_key(first), last
    key = place_key(on_river)
    if _DIVIDED.search(key):  # elsewhere « Vie » and « Ver » are words
        key = _ROMAN.sub(_arabic, key)
    key = _TURNED.sub(r"\2 \1", key)
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
    if NOTE.match(folded) and departement_codes(part) is None:  # « (Lot) » is the département
        return article, hints
    return article, [*hints, part.strip()] if folded and folded != "france" else hints


def _arabic(roman: re.Match) -> str:
    """Write the roman number of an arrondissement in digits."""
    known = roman[1] in _ROMANS
    return f"{_ROMANS.index(roman[1]) + 1}{roman[2]}" if known else roman[0]


def as_code(text: str) -> tuple[str, bool]:
    """Normalise an INSEE code; tell whether a leading zero was put back."""
    if not text:
        return "", False
    code = re.sub(r"\s|\.0+$", "", text).upper()
    padded = bool(re.fullmatch(r"[1-9]\d{3}", code))
    return (f"0{code}" if padded else code), padded


def corsican_code(text: str) -> str:
    """Return the INSEE code that stands where a postcode should: no postcode has a letter."""
    found = _CORSICAN.fullmatch(text.strip())
    return found[0].upper() if found else ""


def _postcode(text: str) -> str:
    if not text or corsican_code(text):
        return ""
    digits = re.sub(r"\D", "", re.sub(r"\.0+$", "", text))
    return f"0{digits}" if re.fullmatch(r"[1-9]\d{3}", digits) else digits
