"""A row's cells of place, put together by role: what is asked of one place."""

import re

import numpy as np

from villeactive.geography.place_query import as_text, corsican_code
from villeactive.tables import roles
from villeactive.tables.columns import Column
from villeactive.tables.distinct import cleaned, distinct
from villeactive.tables.places import Asked
from villeactive.tables.points import read_points
from villeactive.tables.values import filled
from villeactive.text import fold

_TEXTS = ("name", "code", "departement", "region", "postcode", "address", "epci", "scale")
_STREET = re.compile(
    r"\b(rue|avenue|av|place|pl|boulevard|bd|bld|route|rte|chemin|quai|allees?|zone|za|zi|zac"
    r"|impasse|cours|square|esplanade|lieu dit|bp|batiment|residence)\b"
)
_COUNTRY = re.compile(r"(?<!\Wen)(?<!\Wde)(?<!\Wla)(?:[\s,;]+|\s-\s)\(?france\)?$", re.IGNORECASE)
"""The country at the end of an address, but not that of Roissy-en-France."""

_END = re.compile(
    r"(?:.*[\s,;])?(?:f-?)?(\d{5})[\s,;-]+"
    r"([^\d,;()]+?(?:\s+\d{1,2}(?:er|e|[eè]me)?)?)"  # « PARIS 12 »
    r"(?:\s+cedex(?:\s*\d+)?)?\s*",
    re.IGNORECASE | re.DOTALL,
)


def questions(columns: list[Column], rows: list[list[str]]) -> tuple[list[Asked], np.ndarray, bool]:
    """Return the distinct questions, which of them each row asks, and if its axes were swapped.

    Of several columns of one role, the first that is filled speaks.
    """
    by_role = {role: [c.index for c in columns if c.role == role] for role in roles.PLACE_ROLES}
    texts = [_role_cells(by_role[role], rows) for role in _TEXTS]
    points, swapped = read_points(by_role, rows)
    axes = [np.array([point[axis] for point in points], dtype=object) for axis in (0, 1)]
    first, kinds = distinct([*texts, *axes])
    asked = [Asked(*(column[row] for column in (*texts, *axes))) for row in first]
    return [_with_address(_with_corsican_code(one)) for one in asked], kinds, swapped


def _role_cells(indexes: list[int], rows: list[list[str]]) -> np.ndarray:
    """Return what the columns of a role say in each row."""
    said = np.full(len(rows), "", dtype=object)
    for index in indexes:
        cells = cleaned([row[index] for row in rows], _text)
        said = np.where(said == "", cells, said)
    return said


def _text(cell: str) -> str:
    """Return a cell as asked, without what keeps a zero in a spreadsheet: ``="01053"``."""
    return as_text(filled(cell))


def _with_corsican_code(asked: Asked) -> Asked:
    """Take a Corsican code out of the column of postcodes."""
    code = corsican_code(asked.postcode)
    return asked._replace(code=asked.code or code, postcode="") if code else asked


def _with_address(asked: Asked) -> Asked:
    """Let the end of an address name the town, where no cell of its own does."""
    if not asked.address or asked.name or asked.code:
        return asked
    name, postcode = address_end(asked.address)
    return asked._replace(name=name, postcode=asked.postcode or postcode)


def address_end(address: str) -> tuple[str, str]:
    """Return the town and the postcode at the end of an address, empty where none is said.

    Examples
    --------
    >>> address_end("12 rue de Lyon 71000 MÂCON")
    ('MÂCON', '71000')
    """
    text = _COUNTRY.sub("", " ".join(address.split()))
    found = _END.fullmatch(text)
    if found:
        return found[2].strip(" -"), found[1]
    tail = text.rsplit(",", 1)[-1].strip() if "," in text else ""
    if tail and not re.search(r"\d", tail) and not _STREET.search(fold(tail)):
        return tail, ""
    postcode = re.search(r"\b(\d{5})\s*$", text)
    return "", postcode[1] if postcode else ""
