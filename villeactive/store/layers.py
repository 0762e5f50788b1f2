"""What QGIS opens of a PostgreSQL store: a view per collection, its own columns, its points.

The views are in a schema of their own: who may read them need see neither the other columns of
the tables, personal ones among them, nor the versions.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    CreateView,
    Double,
    ForeignKey,
    MetaData,
    Table,
    Text,
    case,
    cast,
    delete,
    distinct,
    func,
    insert,
    inspect,
    null,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.types import NullType

from villeactive.collections.project import TERRITORY_SCALES
from villeactive.geography import referential
from villeactive.geography.territories import territories_of
from villeactive.store.tables import COLLECTION, PROJECT

SCHEMA = "collections"
"""Where the views are."""

LAYERS = MetaData()

PROJECT_POINT = Table(
    "project_point",
    LAYERS,
    Column("project_id", Text, ForeignKey(PROJECT.c.id, ondelete="CASCADE"), primary_key=True),
    Column("point", Geometry("POINT", srid=4326), nullable=False),
)
"""Where a project is drawn, longitude and latitude (EPSG:4326); none where it has no place."""

_LONGEST = 63
"""Bytes of a name in PostgreSQL."""

_MOST = 1500
"""Columns of a view; PostgreSQL takes a hundred more."""

_SPACES = " \u00a0\u202f"
_NUMBER = re.compile(r"(?:[+-]?\d{1,15}(?:[.,]\d{1,15})?)?")


def view_of(name: str) -> str:
    """Return the name of the view of a collection: its id, with ``_`` for ``-``.

    An id that would not come back from it, or would not fit, carries its print after ``__``.
    """
    plain = re.sub("[^a-z0-9]+", "_", name)
    if plain and plain.replace("_", "-") == name and len(plain) <= _LONGEST:
        return plain
    return f"{plain[:48]}__{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def place(connection: Connection, records: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Write where projects are, given as id and data; those given have a point, or none."""
    given = list(records)
    found = [(one, point_of(data)) for one, data in given]
    this = PROJECT_POINT.c.project_id
    for start in range(0, len(given), 500):
        ids = [one for one, _ in given[start : start + 500]]
        connection.execute(delete(PROJECT_POINT).where(this.in_(ids)))
    rows = [
        {"project_id": one, "point": f"SRID=4326;POINT({point[0]!r} {point[1]!r})"}
        for one, point in found
        if point
    ]
    if rows:
        connection.execute(insert(PROJECT_POINT), rows)


def point_of(data: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return where a project is drawn, as the atlas draws it: its first place; None without one."""
    places = data.get("places")
    first = places[0] if isinstance(places, list) and places else None
    if not isinstance(first, dict):
        return None
    lon, lat = first.get("lon"), first.get("lat")
    if isinstance(lon, int | float) and isinstance(lat, int | float):
        return float(lon), float(lat)
    code = first.get("code_insee")
    for field, scale in TERRITORY_SCALES.items():
        territory = territories_of(scale).get(str(first.get(field))) if not code else None
        code = territory.drawn_at if territory else code
    return _town_halls().get(str(code))


@cache
def _town_halls() -> dict[str, tuple[float, float]]:
    table = referential.read_communes()
    points = zip(table["lon"].tolist(), table["lat"].tolist(), strict=True)
    return dict(zip(table.index.tolist(), points, strict=True))


def show(connection: Connection, name: str) -> None:
    """Make the view of a collection what the collection is now, or drop it with the collection.

    Who was given the view keeps it as long as its columns stay.
    """
    head = connection.scalar(select(COLLECTION.c.head).where(COLLECTION.c.id == name))
    view = view_of(name)
    quoted = connection.dialect.identifier_preparer.quote(view)
    drop = text(f"DROP VIEW IF EXISTS {SCHEMA}.{quoted}")
    if head is None:
        connection.execute(drop)
        return
    made = CreateView(_asked(connection, name, head), view, schema=SCHEMA, or_replace=True)
    try:
        with connection.begin_nested():
            connection.execute(made)
    except ProgrammingError:  # its columns are others: a view only ever gains some
        connection.execute(drop)
        connection.execute(made)


def show_all(connection: Connection) -> None:
    """Make the points and views of all that is kept."""
    place(connection, connection.execute(select(PROJECT.c.id, PROJECT.c.data)).all())
    for name in connection.scalars(select(COLLECTION.c.id)).all():
        show(connection, name)


def shown(connection: Connection) -> list[str]:
    """Return the names of the views there are."""
    return inspect(connection).get_view_names(SCHEMA)


def _asked(connection: Connection, name: str, head: Mapping[str, Any]) -> Any:
    """Return what a view selects: id, title and theme, each own column, the point."""
    theme = PROJECT.c.data["theme"].as_string()
    labels = {one["code"]: one["label"] for one in _listed(head, "themes", ("code", "label"))}
    columns: list[tuple[str, ColumnElement]] = [
        ("projet", PROJECT.c.id),
        ("projet_titre", PROJECT.c.data["title"].as_string()),
        ("projet_theme", case(labels, value=theme, else_=theme) if labels else theme),
    ]
    cells = connection.execute(
        select(PROJECT.c.row, PROJECT.c.data).where(PROJECT.c.collection_id == name)
    ).all()
    for one in _listed(head, "columns", ("header",)):
        columns += _own(one["header"], one.get("type"), cells)
    # as it is kept: read as a geometry, GeoAlchemy2 would give its bytes, which are no layer
    point = type_coerce(PROJECT_POINT.c.point, NullType)
    columns = [*columns[: _MOST - 1], ("projet_point", point)]
    names = safe_names([given for given, _ in columns])
    return (
        select(*(cell.label(said) for said, (_, cell) in zip(names, columns, strict=True)))
        .select_from(PROJECT.outerjoin(PROJECT_POINT, PROJECT_POINT.c.project_id == PROJECT.c.id))
        .where(PROJECT.c.collection_id == name)
    )


def _listed(head: Mapping[str, Any], key: str, needed: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return a list of a head, without what is none of ours."""
    found = head.get(key)
    return [
        one
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict) and all(isinstance(one.get(field), str) for field in needed)
    ]


def _own(header: str, kind: str | None, cells: Sequence[Any]) -> list[tuple[str, ColumnElement]]:
    """Return a column of a table; a number beside its text where some cells are no number."""
    as_text = PROJECT.c.row[header].as_string()
    if any(isinstance(one.row.get(header), list) for one in cells):
        as_text = _each_once(PROJECT.c.row[header], as_text)
    if kind == "amount":
        number = PROJECT.c.data["amounts"][header].as_float()
        whole = all(header in one.data.get("amounts", {}) for one in cells if one.row.get(header))
    elif kind == "number":
        given = [str(one.row.get(header) or "") for one in cells]
        whole = all(_NUMBER.fullmatch(_close(cell)) for cell in given)
        bare = func.replace(func.translate(as_text, _SPACES, ""), ",", ".")
        strict = case((bare.op("~")(f"^{_NUMBER.pattern[3:-2]}$"), bare), else_=null())
        number = cast(strict, Double)
    else:
        return [(header, as_text)]
    return [(header, number)] if whole else [(header, number), (f"{header} (texte)", as_text)]


def _each_once(cell: ColumnElement, as_text: ColumnElement) -> ColumnElement:
    """Return what the rows of a project say in a column, each text once."""
    said = func.json_array_elements_text(cell).column_valued("said")
    once = select(func.string_agg(distinct(said), " ; ")).where(said != "")
    joined = once.correlate(PROJECT).scalar_subquery()
    return case((func.json_typeof(cell) == "array", joined), else_=as_text)


def _close(cell: str) -> str:
    return cell.translate(dict.fromkeys(map(ord, _SPACES)))


def safe_names(given: Sequence[str]) -> list[str]:
    """Return the names of columns as PostgreSQL takes them: within 63 bytes, each once.

    Case does not tell two columns apart, since some programs do not see it.
    """
    taken: set[str] = set()
    names = []
    for header in given:
        base, number = _cut(header.strip() or "colonne", _LONGEST), 1
        one = base
        while one.casefold() in taken:
            number += 1
            mark = f"_{number}"
            one = _cut(base, _LONGEST - len(mark)) + mark
        taken.add(one.casefold())
        names.append(one)
    return names


def _cut(name: str, size: int) -> str:
    """Cut a name to so many bytes, never within a letter."""
    return name.encode()[:size].decode(errors="ignore")
