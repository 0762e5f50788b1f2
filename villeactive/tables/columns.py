"""What each column of a table holds: its role, its type, what parts its values."""

import re
from dataclasses import dataclass, replace

from villeactive.tables import roles, values
from villeactive.tables.agreement import commune_of_code, figure_agrees, find, name_agrees
from villeactive.tables.headers import Table

SAMPLE = 500
"""Distinct cells of a column that are looked at."""

_HEADER, _CONTENT = 0.45, 0.55
_CODED = ("departement", "region")  # numbers of these look like any small number
_LEAST = {"code": 0.5, "postcode": 0.5, "departement": 0.6, "region": 0.6, "epci": 0.5,
          "scale": 0.7, "name": 0.5, "point": 0.6, "address": 0.2, "lon": 0.6,
          "lat": 0.6}  # fmt: skip
"""Share of the cells that must look like a role of place."""

_UNHEADED = {"code": 0.8, "postcode": 0.9, "departement": 0.9, "region": 0.9, "epci": 0.8,
             "scale": 0.95, "name": 0.8, "point": 0.9, "address": 0.7}  # fmt: skip
"""The same where no header says so; a coordinate alone is never seen without its header."""

_TEXTS = ("code", "postcode", "departement", "region", "name", "epci", "id")
_OTHER_DIVISION = re.compile(r"\b(arrondissement|canton|circonscription|bassin|academie)s?\b")
"""Headers of divisions that bear the names of their chief towns and are not them."""

PLACING = ("name", "code", "postcode", "address", "point", "lon", "epci")
"""Roles of which one at least says where a row is."""

_ANY_NAME = ("nom", "name")  # of a town, or of anything
_ALONE = 0.6  # share of towns from which such a column is one of towns, if no other is

_FIGURES = ("code", "postcode")
"""Roles of place whose cells are figures, as amounts are."""

_SUM, _ROUND = 1_000, 50
_WITNESSES = 60  # rows of which a code is held against the name beside
_FEWEST = 3
_CODES = re.compile(r"\b(codes?|num|numeros?|ids?|identifiants?|siret|siren|naf|ape|rna|refs?)\b")
"""Headers of columns of codes, which nobody filters by."""

_MAX_FILTERS = 5
_MAX_VALUES = 60  # of a filter of texts


@dataclass(frozen=True)
class Column:
    """A column: ``values`` counts the distinct ones, ``separator`` parts several in a cell."""

    index: int
    header: str
    role: str | None
    type: str
    values: int
    filter: bool
    personal: bool
    separator: str | None


def recognise(table: Table, given: dict[str, str | None] | None = None) -> list[Column]:
    """Tell the columns of a table.

    Parameters
    ----------
    table
        Headers and rows of text.
    given
        Roles settled by hand: header → role or None; the others are recognised.

    Returns
    -------
    list of Column
        In the order of the table.
    """
    given = given or {}
    cells = [[values.filled(row[i]) for row in table.rows] for i in range(len(table.headers))]
    headed = table.headed or given != {}
    found = [
        _column(index, header, column, headed=headed)
        for index, (header, column) in enumerate(zip(table.headers, cells, strict=True))
    ]
    found = [_proven(c, found, cells, headed=headed) for c in found]
    found = [
        replace(c, role="departement", type="text") if _numbers_departements(c, found, cells) else c
        for c in found
    ]
    found = _with_a_place(_one_answer(found, cells), cells)
    found = [replace(c, role=given[c.header]) if c.header in given else c for c in found]
    return _with_filters(found, cells)


def _column(
    index: int, header: str, column: list[str], *, headed: bool, barred: tuple[str, ...] = ()
) -> Column:
    """Recognise one column by itself, but for the roles that others deny it."""
    distinct = list(dict.fromkeys(cell for cell in column if cell))
    numbers = [cell for cell in distinct if not values.is_no_number(cell)]
    if len(numbers) < len(distinct) and _share(numbers, _is_amount) == 1:
        distinct = numbers  # the others are no texts, but numbers that nobody can count
    step = max(1, len(distinct) // SAMPLE)
    sample = distinct[::step][:SAMPLE]
    personal = roles.is_person_header(header) or roles.share("contact", sample) >= 0.3
    role = _role(header, sample, full=len(distinct) == sum(map(bool, column)), barred=barred)
    role = "contact" if personal and role is None else role
    kind = _type(role, sample)
    if role is None and not headed and kind == "text" and _reads_as_title(sample):
        role = "title"
    if role is None and not headed and kind == "number" and _are_sums(sample):
        role = "amount"
    several = role not in roles.PLACE_ROLES and kind == "text" and role not in ("title", "link")
    separator = values.separator([cell for cell in column if cell]) if several else None
    return Column(index, header, role, kind, len(distinct), False, personal, separator)


def _reads_as_title(sample: list[str]) -> bool:
    return bool(sample) and sum(len(cell) for cell in sample) / len(sample) >= 8


def _are_sums(sample: list[str]) -> bool:
    """Tell round numbers in thousands: money, and no years, codes or postcodes."""
    given = [value for value in map(values.amount, sample) if value]
    large = _share(given, lambda value: value >= _SUM)
    return large >= 0.5 and _share(given, lambda value: value % _ROUND == 0) >= 0.6


def _role(header: str, sample: list[str], *, full: bool, barred: tuple[str, ...]) -> str | None:
    """Return the role of a column, by its header and what its cells look like."""
    announced = roles.header_roles(header)
    if ("€" in header or values.header_unit(header) > 1) and "amount" not in announced:
        announced = (*announced, "amount")
    if not sample:
        return announced[0] if announced else None
    scored = {}
    for role in roles.PLACE_ROLES:
        if role in barred:
            continue
        said = role in announced or (role == "name" and roles.is_organisation_header(header))
        share = _looks_like(role, sample, said=said)
        if role == "name" and _OTHER_DIVISION.search(roles.folded_header(header)):
            continue
        if share >= _least(role, header, said=said) and (
            said or _may_be_unsaid(role, announced, sample)
        ):
            first = 0.05 if announced[:1] == (role,) else 0
            scored[role] = _HEADER * said + _CONTENT * share + first
    if scored:
        return max(scored, key=scored.get)
    return _other_role(announced, sample, full=full)


def _looks_like(role: str, sample: list[str], *, said: bool) -> float:
    """Return the share of cells that look like a role of place; a header widens what does."""
    share = roles.share(role, sample)
    if said and role == "code":
        share += _share(sample, roles.is_division_code)
    if said and role == "name":
        share += _share(sample, roles.is_territory_name)
    if said and role in ("code", "name"):
        share += _share(sample, lambda cell: roles.is_list_of_places(role, cell))
    return share


def _least(role: str, header: str, *, said: bool) -> float:
    """Return the share of cells from which a column has a role of place."""
    if not said:
        return _UNHEADED.get(role, 2)
    if role == "name" and roles.folded_header(header) in _ANY_NAME:
        return _UNHEADED["name"]
    sure = role in ("name", "departement") and roles.is_header_word(header)
    return 0.4 * _LEAST[role] if sure else _LEAST[role]


def _may_be_unsaid(role: str, announced: tuple[str, ...], sample: list[str]) -> bool:
    """Tell whether cells alone may give a role of place: any figures may look like codes."""
    other = bool(announced) and announced[0] not in roles.PLACE_ROLES
    if role in ("code", "postcode"):
        plain = _share(sample, lambda cell: " " not in cell and values.year(cell) is None)
        return (not other or announced[0] == "id") and plain >= 0.9
    if role in _CODED:
        return not all(cell[:1].isdigit() for cell in sample)
    if role == "name":
        return not other or announced[0] in ("title", "organisation")
    return True


def _other_role(announced: tuple[str, ...], sample: list[str], *, full: bool) -> str | None:
    """Return the role of a column that is no place."""
    if roles.share("link", sample) >= 0.5:
        return "link"
    if roles.share("contact", sample) >= 0.5:
        return "contact"
    numeric = _share(sample, _is_amount)
    dated = _share(sample, lambda cell: values.year(cell) is not None)
    for role in announced:
        if role in roles.PLACE_ROLES:
            continue
        if role in ("link", "contact") and roles.share(role, sample) < 0.3:
            continue
        if role == "amount" and (numeric < 0.5 or dated > 0.9):
            continue
        if role == "date" and _share(sample, values.any_year) < 0.5:
            continue
        if role == "id" and not (full and sample):
            continue
        if role in ("title", "description", "organisation") and numeric > 0.9:
            continue
        return role
    euros = _share(sample, lambda cell: "€" in cell and values.amount(cell) is not None)
    return "amount" if euros >= 0.5 else None


def _share(sample: list[str], fits: object) -> float:
    return sum(bool(fits(cell)) for cell in sample) / len(sample) if sample else 0


def _is_amount(cell: str) -> bool:
    return values.amount(cell) is not None


def _is_long_number(cell: str) -> bool:
    """Tell a SIRET or a telephone number, which nobody adds up."""
    digits = cell.replace(" ", "").replace(".", "")
    return digits.isdigit() and len(digits) >= 9


def _type(role: str | None, sample: list[str]) -> str:
    """Return what the cells of a column are."""
    if not sample or role in _TEXTS or _share(sample, _is_long_number) >= 0.9:
        return "text"
    if values.booleans(set(sample)):
        return "boolean"
    if role == "date":
        return "date"
    if _share(sample, _is_amount) >= 0.9:
        return "number"
    if _share(sample, lambda cell: values.year(cell) is not None) >= 0.9:
        return "date"
    return "text"


def _one_answer(columns: list[Column], cells: list[list[str]]) -> list[Column]:
    """Keep for places what places: beneficiaries name towns only where no other column does.

    A column headed as one of postcodes, whose numbers are codes of other towns than those named
    beside, is one of postcodes (CEDEX, of no commune).
    """
    names = [c for c in columns if c.role == "name"]
    towns = [c for c in names if not roles.is_organisation_header(c.header)]
    if towns:
        columns = [
            replace(c, role=_but_name(c.header)) if c in names and c not in towns else c
            for c in columns
        ]
    return [
        replace(c, role="postcode") if towns and _denied(c, towns[0], cells) else c for c in columns
    ]


def _but_name(header: str) -> str:
    """Return what a column of towns is where another is sure: a title, or beneficiaries."""
    others = [r for r in roles.header_roles(header) if r not in roles.PLACE_ROLES]
    return others[0] if others else "organisation"


def _proven(
    column: Column, columns: list[Column], cells: list[list[str]], *, headed: bool
) -> Column:
    """Return a column without the roles of figures that its header and the others do not give."""
    barred: tuple[str, ...] = ()
    while not (_is_said(column) or _proven_by_others(column, columns, cells)):
        barred = (*barred, column.role)
        own = cells[column.index]
        column = _column(column.index, column.header, own, headed=headed, barred=barred)
    return column


def _is_said(column: Column) -> bool:
    """Tell a column that its header gives its role, or whose role is not one of figures."""
    said = set(roles.header_roles(column.header))
    return column.role not in _FIGURES or bool(said.intersection(_FIGURES))


def _proven_by_others(column: Column, columns: list[Column], cells: list[list[str]]) -> bool:
    """Tell whether figures are codes or postcodes: of the towns or départements named beside.

    Where nothing is beside, any but round numbers may be: 12 000, 15 000 and 9 000 are postcodes.
    """
    beside = [c for c in columns if c.role in ("name", "departement")]
    shares = []
    for other in beside:
        both = _pairs(column, other, cells)
        if both:
            agrees = [figure_agrees(column.role, figure, other.role, cell) for figure, cell in both]
            shares.append(sum(agrees) / len(agrees))
    if shares:
        return max(shares) >= 0.5
    return not _are_sums([cell for cell in dict.fromkeys(cells[column.index]) if cell][:SAMPLE])


def _with_a_place(columns: list[Column], cells: list[list[str]]) -> list[Column]:
    """Let a column headed « nom » name the towns of a table that says them nowhere else."""
    if any(c.role in PLACING for c in columns):
        return columns
    return [
        replace(c, role="name")
        if roles.folded_header(c.header) in _ANY_NAME
        and roles.share("name", list(dict.fromkeys(filter(None, cells[c.index])))) >= _ALONE
        else c
        for c in columns
    ]


def _numbers_departements(column: Column, columns: list[Column], cells: list[list[str]]) -> bool:
    """Tell numbers, under no header that says so, that are of the départements of the towns."""
    if column.role or column.type != "number" or any(c.role == "departement" for c in columns):
        return False
    names = next((c for c in columns if c.role == "name"), None)
    both = _pairs(column, names, cells) if names else []
    if len(both) < _FEWEST or not all(roles.is_place("departement", number) for number, _ in both):
        return False
    return _share(both, lambda pair: find(pair[1], pair[0]).code_insee) >= 0.9


def _pairs(column: Column, other: Column, cells: list[list[str]]) -> list[tuple[str, str]]:
    """Return the first cells of two columns that are both filled."""
    pairs = zip(cells[column.index], cells[other.index], strict=True)
    return [(one, two) for one, two in pairs if one and two][:_WITNESSES]


def _denied(column: Column, towns: Column, cells: list[list[str]]) -> bool:
    """Tell a column of codes, headed as postcodes, that are not those of the towns beside."""
    if column.role != "code" or "postcode" not in roles.header_roles(column.header):
        return False
    both = _pairs(column, towns, cells)
    agreeing = sum(
        (home := commune_of_code(code)) is not None and name_agrees(name, home)
        for code, name in both
    )
    return agreeing < 0.5 * len(both)


def _with_filters(columns: list[Column], cells: list[list[str]]) -> list[Column]:
    """Turn on the filters: at most five, by filling."""
    able = [c for c in columns if _may_filter(c)]
    filling = {c.index: sum(map(bool, cells[c.index])) for c in able}
    able.sort(key=lambda c: (-filling[c.index], c.index))
    on = {c.index for c in able[:_MAX_FILTERS] if c.values < filling[c.index] or c.separator}
    return [replace(c, filter=c.index in on) for c in columns]


def _may_filter(column: Column) -> bool:
    role = column.role
    header = roles.folded_header(column.header)
    if _OTHER_DIVISION.search(header) or _CODES.search(header):
        return False
    if role in roles.PLACE_ROLES or role in ("id", "title", "description", "link", "contact"):
        return False
    if column.personal or column.values < 2:
        return False
    return column.type in ("boolean", "date") or role == "amount" or column.values <= _MAX_VALUES
