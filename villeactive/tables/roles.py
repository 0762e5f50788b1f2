"""Roles of columns: how their headers are worded, what their cells look like."""

import functools
import re

from villeactive.geography.gazetteer import (
    communes,
    current_names,
    departement_names,
    departements,
    old_codes,
    old_names,
    outside_names,
    postcodes,
    without_article,
)
from villeactive.geography.gazetteer import territories as territory_names
from villeactive.geography.place_query import ARRONDISSEMENT, corsican_code
from villeactive.geography.territories import sirens
from villeactive.tables import territories
from villeactive.tables.header_words import HEADER_WORDS, PATTERNS
from villeactive.tables.points import in_lambert
from villeactive.tables.values import amount, booleans, filled, number, pair, year
from villeactive.text import fold

ROLES = ("code", "name", "departement", "region", "postcode", "address", "lon", "lat", "point",
         "epci", "scale", "id", "title", "description", "theme", "kind", "amount", "date",
         "organisation", "link", "contact")  # fmt: skip
PLACE_ROLES = ("code", "name", "departement", "region", "postcode", "address", "lon", "lat",
               "point", "epci", "scale")  # fmt: skip

_WORDS = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_ORGANISATION = re.compile(
    r"\b(beneficiaires?|attributaires?|porteurs?|demandeurs?|maitre d ouvrage|collectivites?"
    r"|structure|organisme|raison sociale|nom|denomination|territoire)\b"
)
_PERSON = re.compile(
    r"\b(prenoms?|nom (du |de la |de l |d )?(contact|referente?|responsable|maire|president"
    r"|interlocuteur|correspondant|agent|usage)|contact|referente?|responsable|interlocuteur"
    r"|civilite|nom usage|correspondant|maire|elue?)\b"
)
_MAIL = re.compile(r"[^\s@;,|]@[^\s@;,|]{1,255}?\.[a-z]{2}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+33|0033|0)\s*[1-9](?:[\s.\-]*\d{2}){4}")
_LINK = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b\d{5}\b\s+[a-z]"
    r"|\d.*\b(rue|avenue|av|place|boulevard|bd|route|chemin|quai|allee|zone|impasse)\b"
)
_LONGEST = 200
"""Signs of the longest place that is looked for: reading a long text takes its length squared."""

_DEPARTEMENT = frozenset({"departement", "dept", "dep", "dpt"})

_SCALES = {
    "commune": "commune", "communes": "commune", "com": "commune", "ville": "commune",
    "municipalite": "commune", "communal": "commune", "communale": "commune", "mairie": "commune",
    "epci": "epci", "intercommunalite": "epci", "interco": "epci", "agglomeration": "epci",
    "cc": "epci", "ca": "epci", "cu": "epci", "metropole": "epci", "intercommunal": "epci",
    "intercommunale": "epci", "communaute de communes": "epci", "ept": "epci",
    "communaute d agglomeration": "epci", "communaute urbaine": "epci", "groupement": "epci",
    "departement": "departement", "dep": "departement", "dept": "departement",
    "conseil departemental": "departement", "departemental": "departement",
    "departementale": "departement",
    "region": "region", "reg": "region", "regional": "region", "regionale": "region",
    "conseil regional": "region",
}  # fmt: skip
AMONG = re.compile(r"[;|\n,/]|\s+et\s+", re.IGNORECASE)
"""What may stand between several places in a cell."""

TOWN_OF = re.compile(
    r"(?:(?:la )?(?:commune|ville|mairie|municipalite)(?: nouvelle| deleguee)? "
    r"(?:de la |de l |de |du |des |d ))(.+)"
)


def folded_header(header: str) -> str:
    """Fold a header, the words of ``codeInsee`` and ``code_insee`` apart."""
    return fold(_WORDS.sub(" ", header).replace("°", " "))


def header_role(header: str) -> str | None:
    """Return the role that a header announces, if any."""
    key = folded_header(header)
    if not key or len(key) > 80:
        return None
    return next((role for role, pattern in PATTERNS.items() if pattern.fullmatch(key)), None)


def header_roles(header: str) -> tuple[str, ...]:
    """Return every role that a header may announce."""
    key = folded_header(header)
    return tuple(r for r, pattern in PATTERNS.items() if len(key) <= 80 and pattern.fullmatch(key))


def header_words(text: str) -> bool:
    """Tell whether a text reads as a header: its words are those of one, and it is short."""
    if len(text) > 60 or header_role(text) is None:
        return False
    return is_header_word(text) or not is_place("name", text)


def is_header_word(text: str) -> bool:
    """Tell a text that is a word of headers and nothing more: « Ville », though Ville is a town."""
    return folded_header(text) in HEADER_WORDS


def is_organisation_header(header: str) -> bool:
    """Tell a column of beneficiaries, whose names may be towns'."""
    return bool(_ORGANISATION.search(folded_header(header)))


def is_person_header(header: str) -> bool:
    """Tell a column of persons' names."""
    return bool(_PERSON.search(folded_header(header)))


def is_personal(text: str) -> bool:
    """Tell whether a cell holds an e-mail address or a telephone number."""
    return bool(_MAIL.search(text) or _PHONE.fullmatch(text.strip()))


def scale(text: str) -> str | None:
    """Read a cell that says at which scale a place is."""
    return _SCALES.get(fold(text))


@functools.lru_cache(maxsize=100_000)
def is_place(role: str, text: str) -> bool:
    """Tell whether a cell is a known value of a role of place."""
    text = filled(text)
    if not text or len(text) > _LONGEST:
        return False
    key = fold(text)
    if role == "code":
        code = _code(text)
        return code in communes() or code in old_codes() or text in sirens()
    if role == "name":
        if territories.named_kind(text):
            return True
        town = TOWN_OF.fullmatch(key)
        key = re.sub(r" (cedex.*|\d{2,5}|2[ab])$", "", town[1] if town else key)
        if ARRONDISSEMENT.fullmatch(key):
            return True
        turned = re.sub(r"^(.+) (le|la|les|l)$", r"\2 \1", key)  # « BOULAY LE »
        keys = (key, without_article(key), turned)
        known = (*current_names(), *old_names(), outside_names())
        return any(k in table for k in keys for table in known)
    if role == "departement":
        return key in departements() or bool(_numbered(key))
    if role == "region":
        return territories.region(text) is not None
    if role == "postcode":
        if corsican_code(text):
            return is_place("code", text)
        digits = re.sub(r"\s", "", text).removesuffix(".0")
        digits = f"0{digits}" if re.fullmatch(r"[1-9]\d{3}", digits) else digits
        return digits in postcodes()[1]
    if role == "epci":
        return text.strip() in sirens() or bool(territories.epci_named(text))
    return role == "scale" and key in _SCALES


def is_list_of_places(role: str, text: str) -> bool:
    """Tell whether a cell names several places, each known by itself."""
    parts = [part for part in map(filled, AMONG.split(text[:2_000])) if part]
    return len(parts) > 1 and all(is_place(role, part) for part in parts[:20])


def _numbered(key: str) -> bool:
    """Tell « 62 Pas-de-Calais », « dept 62 »: a number at one end, and a word that goes with it."""
    found = re.fullmatch(r"(\d{1,3}|2[ab]) (\D+)|(\D+) (\d{1,3}|2[ab])", key)
    if not found:
        return False
    said = set((found[2] or found[3]).split())
    codes = departements().get(found[1] or found[4], ())
    named = {word for code in codes for word in fold(departement_names()[code]).split()}
    # « Une halle, tranche 2 » ends in a number too
    return bool(codes) and any(len(word) > 2 for word in said & (named | _DEPARTEMENT))


def _code(text: str) -> str:
    code = re.sub(r"[\s']", "", text).upper().removesuffix(".0")
    return f"0{code}" if re.fullmatch(r"[1-9]\d{3}", code) else code


def share(role: str, cells: list[str]) -> float:
    """Return which share of the cells looks like a role's."""
    if not cells:
        return 0
    return sum(bool(fits(role, cell)) for cell in cells) / len(cells)


def is_territory_name(text: str) -> bool:
    """Tell the name of a département or a région, which no commune need bear."""
    return fold(text) in territory_names()


def is_division_code(text: str) -> bool:
    """Tell the code of a département or a région, as columns of mixed scales hold."""
    return (
        bool(re.fullmatch(r"\d{1,3}|2[abAB]", text))
        and (territories.departement(text, code=True) or territories.region(text, code=True))
        is not None
    )


def fits(role: str, cell: str) -> bool:
    """Tell whether a cell looks like a role's."""
    if role in ("code", "name", "departement", "region", "postcode", "epci", "scale"):
        return is_place(role, cell)
    if role in ("lon", "lat"):
        value = number(cell)
        return value is not None and (abs(value) <= 180 or in_lambert(role, value))
    if role == "point":
        return pair(cell) is not None
    if role == "amount":
        return amount(cell) is not None
    if role == "date":
        return year(cell) is not None
    if role == "link":
        return bool(_LINK.match(cell))
    if role == "contact":
        return is_personal(cell)
    if role == "address":
        return len(cell) <= _LONGEST and bool(_ADDRESS.search(fold(cell)))
    return not booleans({cell})
