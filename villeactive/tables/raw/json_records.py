"""GeoJSON and lists of JSON records → rows, by json alone."""

import json
from typing import Any

from villeactive.tables.raw.limits import (
    MAX_DEPTH,
    RefusedError,
    check_columns,
    check_rows,
    written,
)

LON, LAT = "longitude (géométrie)", "latitude (géométrie)"
_WRAPPERS = ("features", "records", "results", "data", "projets", "lignes", "rows")


def read_json(text: str) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    """Read the records of a JSON text.

    Returns
    -------
    tuple
        Keys, in order of appearance; rows, each with the number of its record (from 1); kind:
        ``geojson`` or ``json``.
    """
    loaded = _loaded(text)
    kind, records = _records(loaded)
    check_rows(len(records))
    flat = []
    for record in records:
        if not isinstance(record, dict):
            raise RefusedError("ce JSON n’est pas une liste de fiches à plat")
        flat.append(_feature(record) if kind == "geojson" else _flat(_unwrapped(record)))
    keys: dict[str, None] = {}
    for record in flat:
        keys |= dict.fromkeys(record)
        check_columns(len(keys))
    if not keys:
        raise RefusedError("aucune fiche dans ce fichier")
    rows = [(n, [record.get(key, "") for key in keys]) for n, record in enumerate(flat, start=1)]
    return list(keys), rows, kind


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
        raise RefusedError("ce JSON n’est pas une liste de fiches à plat")
    if not isinstance(loaded, list):
        raise RefusedError("ce JSON n’est pas une liste de fiches à plat")
    return "json", loaded


def _feature(feature: dict) -> dict[str, str]:
    properties = feature.get("properties")
    record = _flat(properties if isinstance(properties, dict) else {})
    point = _point(feature.get("geometry"))
    if point:
        record |= {LON: str(point[0]), LAT: str(point[1])}
    return record


def _point(geometry: Any) -> tuple[float, float] | None:
    """Return the coordinates of a point, or of the only one of a multipoint."""
    if not isinstance(geometry, dict):
        return None
    place = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(place, list) and len(place) == 1:
        place = place[0]
    elif geometry.get("type") != "Point":
        return None
    if not isinstance(place, list) or len(place) < 2:
        return None
    numbers = [n for n in place[:2] if isinstance(n, int | float) and not isinstance(n, bool)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def _unwrapped(record: dict) -> dict:
    """Give the fields of a record that is an identifier and its fields, as tables kept online."""
    fields = record.get("fields")
    if isinstance(fields, dict) and set(record) <= {"id", "fields", "createdTime"}:
        return {"id": record.get("id")} | fields
    return record


def _flat(record: dict, prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Put the keys of objects within a record beside its own: ``lieu.commune``."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value.get("type") == "Point" and _point(value):
            lon, lat = _point(value)
            flat[f"{prefix}{key}"] = f"POINT({lon} {lat})"
        elif isinstance(value, dict) and depth < MAX_DEPTH:
            flat |= _flat(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, list) and not any(isinstance(v, list | dict) for v in value):
            flat[f"{prefix}{key}"] = " | ".join(map(written, value))
        else:
            flat[f"{prefix}{key}"] = written(value)
    return flat
