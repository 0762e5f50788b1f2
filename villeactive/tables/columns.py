"""What each column of a table holds: its role, its type, what parts its values."""

from dataclasses import dataclass, replace

from villeactive.tables import roles, values
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
    found = [
        _column(index, header, column, headed=table.header_row is not None or given != {})
        for index, (header, column) in enumerate(zip(table.headers, cells, strict=True))
    ]
    found = _one_answer(found)
    found = [replace(c, role=given[c.header]) if c.header in given else c for c in found]
    return _with_filters(found, cells)


def _column(index: int, header: str, column: list[str], *, headed: bool) -> Column:
    """Recognise one column by itself."""
    distinct = list(dict.fromkeys(cell for cell in column if cell))
    step = max(1, len(distinct) // SAMPLE)
    sample = distinct[::step][:SAMPLE]
    personal = roles.is_person_header(header) or roles.share("contact", sample) >= 0.3
    role = _role(header, sample, full=len(distinct) == sum(map(bool, column)))
    kind = _type(role, sample)
    if role is None and not headed and kind == "text" and _reads_as_title(sample):
        role = "title"
    several = role not in roles.PLACE_ROLES and kind == "text" and role not in ("title", "link")
    separator = values.separator([cell for cell in column if cell]) if several else None
    return Column(index, header, role, kind, len(distinct), False, personal, separator)


def _reads_as_title(sample: list[str]) -> bool:
    return bool(sample) and sum(len(cell) for cell in sample) / len(sample) >= 8


def _role(header: str, sample: list[str], *, full: bool) -> str | None:
    """Return the role of a column, by its header and what its cells look like."""
    announced = roles.header_roles(header)
    if not sample:
        return announced[0] if announced else None
    years = _share(sample, lambda cell: len(cell) == 4 and values.year(cell) is not None)
    scored = []
    for role in roles.PLACE_ROLES:
        share = roles.share(role, sample)
        said = role in announced or (role == "name" and roles.is_organisation_header(header))
        if role == "code" and said:
            share += _share(sample, roles.is_division_code)
        if role in ("code", "postcode") and not said and years >= 0.9:
            continue
        if share < (_LEAST if said else _UNHEADED).get(role, 2):
            continue
        if role in _CODED and not said and all(cell[:1].isdigit() for cell in sample):
            continue
        if (
            role == "name"
            and not said
            and announced
            and announced[0] not in ("title", "organisation")
        ):
            continue
        first = 0.05 if announced[:1] == (role,) else 0
        scored.append((_HEADER * said + _CONTENT * share + first, role))
    if scored:
        best = max(score for score, _ in scored)
        return next(role for score, role in scored if score == best)
    return _other_role(announced, sample, full=full)


def _other_role(announced: tuple[str, ...], sample: list[str], *, full: bool) -> str | None:
    """Return the role of a column that is no place."""
    if roles.share("link", sample) >= 0.5:
        return "link"
    if roles.share("contact", sample) >= 0.5:
        return "contact"
    numeric = _share(sample, lambda cell: values.amount(cell) is not None)
    dated = _share(sample, lambda cell: values.year(cell) is not None)
    for role in announced:
        if role in roles.PLACE_ROLES:
            continue
        if role in ("link", "contact") and roles.share(role, sample) < 0.3:
            continue
        if role == "amount" and (numeric < 0.5 or dated > 0.9):
            continue
        if role == "date" and max(dated, _share(sample, values.excel_year)) < 0.5:
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


def _type(role: str | None, sample: list[str]) -> str:
    """Return what the cells of a column are."""
    if not sample or role in ("code", "postcode", "departement", "region", "name", "epci", "id"):
        return "text"
    if values.booleans(set(sample)):
        return "boolean"
    if role == "date":
        return "date"
    if _share(sample, lambda cell: values.amount(cell) is not None) >= 0.9:
        return "number"
    if _share(sample, lambda cell: values.year(cell) is not None) >= 0.9:
        return "date"
    return "text"


def _one_answer(columns: list[Column]) -> list[Column]:
    """Keep for places what places: beneficiaries name towns only where no other column does."""
    names = [c for c in columns if c.role == "name"]
    towns = [c for c in names if not roles.is_organisation_header(c.header)]
    if towns:
        columns = [
            replace(c, role="organisation") if c in names and c not in towns else c for c in columns
        ]
    return columns


def _with_filters(columns: list[Column], cells: list[list[str]]) -> list[Column]:
    """Turn on the filters: at most five, by filling."""
    able = [c for c in columns if _may_filter(c)]
    filling = {c.index: sum(map(bool, cells[c.index])) for c in able}
    able.sort(key=lambda c: (-filling[c.index], c.index))
    on = {c.index for c in able[:_MAX_FILTERS] if c.values < filling[c.index] or c.separator}
    return [replace(c, filter=c.index in on) for c in columns]


def _may_filter(column: Column) -> bool:
    role = column.role
    if role in roles.PLACE_ROLES or role in ("id", "title", "description", "link", "contact"):
        return False
    if column.personal or column.values < 2:
        return False
    return column.type in ("boolean", "date") or role == "amount" or column.values <= _MAX_VALUES
