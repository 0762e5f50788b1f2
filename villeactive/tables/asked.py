"""A row's cells of place, put together by role: what is asked of one place."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from villeactive.geography.place_query import as_text, corsican_code
from villeactive.tables import roles
from villeactive.tables.columns import Column
from villeactive.tables.distinct import Coded, cleaned, coded, distinct, first_filled
from villeactive.tables.places import Asked
from villeactive.tables.points import in_degrees, manner_of, points_given
from villeactive.tables.values import filled
from villeactive.text import fold

_TEXTS = ("name", "code", "departement", "region", "postcode", "address", "epci", "scale")
_STREET = re.compile(
    r"\b(rue|avenue|av|place|pl|boulevard|bd|bld|route|rte|chemin|quai|allees?|zone|za|zi|zac"
    r"|impasse|cours|square|esplanade|lieu dit|bp|batiment|residence)\b"
)
_NOTHING = Asked(*[""] * 8)
_EMPTY = np.array([""], dtype=object)
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

    ``said``: role → what each question says of it, as written; ``kinds``: the question of each row.
    """

    said: dict[str, list]
    kinds: np.ndarray

    def __iter__(self) -> Iterator[tuple]:
        """Give what each question says, by role."""
        return zip(*self.said.values(), strict=True)

    def asked(self, kind: int) -> Asked:
        """Return one question, its cells cleaned, the town at the end of its address named."""
        said = {role: values[kind] for role, values in self.said.items()}
        said |= {role: _text(said[role]) for role in _TEXTS if role in said}
        asked = _NOTHING._replace(**said)
        return _with_address(_with_corsican_code(asked))


def questions(columns: list[Column], rows: list[list[str]]) -> tuple[Questions, bool]:
    """Return what rows ask, and whether longitude and latitude were swapped."""

    def cells(index: int) -> Coded:
        return coded([row[index] for row in rows])

    asked, manner = questions_in(columns, cells, len(rows))
    return asked, manner == "swapped" and any(c.role == "lon" for c in columns)


def questions_in(
    columns: list[Column], cells: Callable[[int], Coded], rows: int, *, manner: str | None = None
) -> tuple[Questions, str | None]:
    """Return what rows ask, and how their numbers are points.

    Of several columns of one role, the first that is filled speaks.

    Parameters
    ----------
    columns
        Of the table, with their roles.
    cells
        Gives the texts of a column, by its index.
    rows
        Number of rows.
    manner
        How numbers are points, see ``points.manner_of``; by these rows when None.
    """
    said: dict[str, Coded] = {}
    first: dict[str, Coded] = {}
    for role in roles.PLACE_ROLES:
        found = [cells(column.index) for column in columns if column.role == role]
        if found and role in _TEXTS:
            said[role] = found[0]
            if len(found) > 1:
                said[role] = first_filled([cleaned(one, _text) for one in found], rows)
        elif found:
            first[role] = found[0]
    given = points_given(first)
    manner = manner or manner_of(given)
    if manner:
        places = in_degrees(given, manner)
        for axis, role in enumerate(("lon", "lat")):
            said[role] = coded([place[axis] for place in places])
    return questions_of(said or {"name": Coded(np.zeros(rows, np.int64), _EMPTY)}), manner


def questions_of(said: dict[str, Coded]) -> Questions:
    """Return what rows ask, of columns by role: one at least."""
    values, kinds = distinct(list(said.values()))
    return Questions(dict(zip(said, values, strict=True)), kinds)


def said_by(columns: Sequence[Column], row: list[str]) -> Asked:
    """Return what one row asks, but for its point."""
    said: dict[str, str] = {}
    for column in columns:
        if column.role in _TEXTS:
            said[column.role] = said.get(column.role) or _text(row[column.index])
    return _with_address(_with_corsican_code(_NOTHING._replace(**said)))


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
