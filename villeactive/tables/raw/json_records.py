"""GeoJSON and lists of JSON records → rows, by json alone."""

import json
import math
from typing import Any

from villeactive.tables.raw.limits import (
    MAX_DEPTH,
    RefusedError,
    check_columns,
    check_rows,
    problem,
    written,
)

LON, LAT = "longitude (géométrie)", "latitude (géométrie)"
_NOT_FLAT = "ce JSON n’est pas une liste de fiches à plat"
_WRAPPERS = ("features", "records", "results", "data", "projets", "lignes", "rows")


_SHAPES = {
    "LineString": "une ligne",
    "MultiLineString": "plusieurs lignes",
    "MultiPoint": "plusieurs points",
    "GeometryCollection": "plusieurs formes",
}
"""Geometries that are at no one point."""

_AROUND = {"id", "fields", "createdTime", "datasetid", "recordid", "record_timestamp", "geometry"}
"""What stands beside the fields of a record of a table kept online."""

_MARKS = ("L", "d", "D")
"""What tables kept online put before the values of a cell: a list, a day, an hour."""

_SURFACES = ("Polygon", "MultiPolygon")
_Row = tuple[int, list[str]]


def read_json(text: str) -> tuple[list[str], list[_Row], str, list[dict[str, Any]]]:
    """Read the records of a JSON text.

    Returns
    -------
    tuple
        Keys, in order of appearance; rows, each with the number of its record (from 1); kind:
        ``geojson`` or ``json``; problems, whose row is the number of a record.
    """
    loaded = _loaded(text)
    kind, records = _records(loaded)
    check_rows(len(records))
    flat, problems = [], []
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise RefusedError(_NOT_FLAT)
        if kind == "geojson" and (said := _unplaced(record.get("geometry"))):
            problems.append(problem(said, row=number, field="geometry"))
        flat.append(_feature(record) if kind == "geojson" else _flat(_unwrapped(record)))
    keys: dict[str, None] = {}
    for record in flat:
        keys |= dict.fromkeys(record)
        check_columns(len(keys))
    if not keys:
        raise RefusedError("aucune fiche dans ce fichier")
    rows = [(n, [record.get(key, "") for key in keys]) for n, record in enumerate(flat, start=1)]
    return list(keys), rows, kind, problems


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise RefusedError("ce JSON est trop profond") from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            try:
                return [json.loads(line) for line in lines]
            except (ValueError, RecursionError):
                pass
        where = f" (ligne {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise RefusedError(f"ce JSON est mal formé{where}") from error


def _records(loaded: Any) -> tuple[str, list]:
    if isinstance(loaded, dict):
        if loaded.get("type") == "Feature":
            return "geojson", [loaded]
        for key in _WRAPPERS:
            if isinstance(loaded.get(key), list):
                kind = "geojson" if loaded.get("type") == "FeatureCollection" else "json"
                return kind, loaded[key]
        raise RefusedError(_NOT_FLAT)
    if not isinstance(loaded, list):
        raise RefusedError(_NOT_FLAT)
    return "json", loaded


def _feature(feature: dict) -> dict[str, str]:
    properties = feature.get("properties")
    record = _flat(properties if isinstance(properties, dict) else {})
    point = _point(feature.get("geometry"))
    if point:
        record |= {LON: str(point[0]), LAT: str(point[1])}
    return record


def _unplaced(geometry: Any) -> str:
    """Say why a geometry gives no point, or nothing: none is given, or it does."""
    if geometry is None or _point(geometry):
        return ""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind in _SHAPES:
        return f"La géométrie est {_SHAPES[kind]} : elle ne dit pas de lieu."
    return "La géométrie est vide ou abîmée : elle ne dit pas de lieu."


def _point(geometry: Any) -> tuple[float, float] | None:
    """Return the coordinates of a point, of the only one of several, or of one in a surface."""
    if not isinstance(geometry, dict):
        return None
    place = geometry.get("coordinates")
    if geometry.get("type") in _SURFACES:
        return _within(geometry)
    if geometry.get("type") == "MultiPoint" and isinstance(place, list) and len(place) == 1:
        place = place[0]
    elif geometry.get("type") != "Point":
        return None
    if not isinstance(place, list) or len(place) < 2:
        return None
    numbers = [n for n in place[:2] if isinstance(n, int | float) and not isinstance(n, bool)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def _within(surface: dict) -> tuple[float, float] | None:
    """Return a point within a surface; its centre may be outside it."""
    import shapely  # only for a file that has surfaces

    try:
        shape = shapely.from_geojson(json.dumps(surface), on_invalid="ignore")
        point = shapely.point_on_surface(shape) if shape is not None else None
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return None
    if point is None or point.is_empty or not all(map(math.isfinite, (point.x, point.y))):
        return None
    return round(point.x, 6), round(point.y, 6)


def _unwrapped(record: dict) -> dict:
    """Give the fields of a record that is an identifier and its fields, as tables kept online."""
    fields = record.get("fields")
    if not isinstance(fields, dict) or not set(record) <= _AROUND:
        return record
    name = record.get("id", record.get("recordid"))
    place = {"geometry": record["geometry"]} if record.get("geometry") else {}
    return {"id": name} | fields | place


def _flat(record: dict, prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Put the keys of objects within a record beside its own: ``lieu.commune``."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict) and (point := _point(value)):
            lon, lat = point
            flat[f"{prefix}{key}"] = f"POINT({lon} {lat})"
        elif isinstance(value, dict) and depth < MAX_DEPTH:
            flat |= _flat(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, list) and not any(isinstance(v, list | dict) for v in value):
            if len(value) > 1 and value[0] in _MARKS:
                value = value[1:] if value[0] == "L" else value[1:2]
            flat[f"{prefix}{key}"] = " | ".join(map(written, value))
        else:
            flat[f"{prefix}{key}"] = written(value)
    return flat
