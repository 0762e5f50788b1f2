"""A row's cells of place, put together by role: what is asked of one place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from villeactive.geography.place_query import as_text, corsican_code
from villeactive.tables import roles
from villeactive.tables.columns import Column
from villeactive.tables.distinct import Coded, coded, distinct, first_filled
from villeactive.tables.places import Asked
from villeactive.tables.points import read_points
from villeactive.tables.values import filled
from villeactive.text import fold

_TEXTS = ("name", "code", "departement", "region", "postcode", "address", "epci", "scale")
_STREET = re.compile(
    r"\b(rue|avenue|av|place|pl|boulevard|bd|bld|route|rte|chemin|quai|allees?|zone|za|zi|zac"
    r"|impasse|cours|square|esplanade|lieu dit|bp|batiment|residence)\b"
)
_NOTHING = Asked(*[""] * 8)
_COUNTRY = re.compile(r"(?<!\Wen)(?<!\Wde)(?<!\Wla)(?:[\s,;]+|\s-\s)\(?france\)?$", re.IGNORECASE)
"""The country at the end of an address, but not that of Roissy-en-France."""

_END = re.compile(
    r"(?:.*[\s,;])?(?:f-?)?(\d{5})[\s,;-]+"
    r"([^\d,;()]+?(?:\s+\d{1,2}(?:er|e|[eè]me)?)?)"  # « PARIS 12 »
    r"(?:\s+cedex(?:\s*\d+)?)?\s*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Questions:
    """What rows ask, each distinct question once.

    ``said``: role → what each question says of it; ``kinds``: the question of each row.
    """

    said: dict[str, list]
    kinds: np.ndarray

    def __iter__(self) -> Iterator[tuple]:
        """Give what each question says, by role."""
        return zip(*self.said.values(), strict=True)

    def asked(self, kind: int) -> Asked:
        """Return one question, the town at the end of its address named."""
        asked = _NOTHING._replace(**{role: values[kind] for role, values in self.said.items()})
        return _with_address(_with_corsican_code(asked))


def questions(columns: list[Column], rows: list[list[str]]) -> tuple[Questions, bool]:
    """Return what rows ask, and whether longitude and latitude were swapped.

    Of several columns of one role, the first that is filled speaks.
    """
    by_role = {role: [c.index for c in columns if c.role == role] for role in roles.PLACE_ROLES}
    said = {
        role: first_filled(
            [coded([row[i] for row in rows], _text) for i in by_role[role]], len(rows)
        )
        for role in _TEXTS
        if by_role[role]
    }
    points, swapped = read_points(by_role, rows)
    for axis, role in enumerate(("lon", "lat")):
        said[role] = coded([point[axis] for point in points])
    return questions_of(said), swapped


def questions_of(said: dict[str, Coded]) -> Questions:
    """Return what rows ask, of columns by role: one at least."""
    values, kinds = distinct(list(said.values()))
    return Questions(dict(zip(said, values, strict=True)), kinds)


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
