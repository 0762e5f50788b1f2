"""``locate --input``: a table given back with the commune of each of its rows."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from villeactive.documents.csv_geojson import defused
from villeactive.documents.whole_files import write_whole
from villeactive.errors import DataFileError
from villeactive.geography.gazetteer import communes, departement_names
from villeactive.geography.locate import NOTHING_GIVEN
from villeactive.geography.territories import sirens
from villeactive.tables.answers import Ask
from villeactive.tables.columns import Column
from villeactive.tables.headers import find_table
from villeactive.tables.mapping import Mapping
from villeactive.tables.places import AMBIGUOUS, CORRECTED, FOUND, MISSING, Place, town_hall
from villeactive.tables.raw.limits import MAX_CELL
from villeactive.tables.raw.reading import read_raw
from villeactive.tables.understanding import Understood, placed, places_something
from villeactive.text import fold, number

TABLE_COLUMNS = ("status", "code_insee_found", "name_found", "lon", "lat", "reason", "candidates")
"""What is added to a row, after its own; a key of JSON that is already there ends in _trouve."""

_CODECS = {"utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252",
           "mac-roman": "mac_roman", "iso-8859-15": "iso8859_15", "cp850": "cp850"}  # fmt: skip
_OURS = {"name": "name", "departement": "departement", "code insee": "code", "postcode": "postcode"}


def locate_file(source: Path, target: Path, *, ask: Ask = map) -> dict[str, int]:
    """Complete a table of places with their communes.

    Parameters
    ----------
    source
        A CSV, XLSX, ODS, Parquet, GeoJSON or JSON file, read as ``table`` reads it.
    target
        Where to write: ``.xlsx``, ``.json``, ``.geojson``, ``.parquet``, else CSV (encoding and
        delimiter of a CSV source). Same rows, columns and order, the cells untouched, then
        ``status, code_insee_found, name_found, lon, lat`` (degrees, of the town hall), ``reason,
        candidates``. Written whole or not at all.
    ask
        Puts the distinct questions to who answers them.

    Returns
    -------
    dict
        ``found``, ``ambiguous``, ``missing`` → number of rows; their sum is that of the rows.

    Raises
    ------
    DataFileError
        The source cannot be read, or no column names a place.
    OutputError
        The target cannot be written.
    """
    understood = _understood(source, ask)
    check_placing(understood.columns, source)
    if understood.raw.cut:
        raise DataFileError(
            f"{source.name} : ligne {understood.raw.cut[0]} : une cellule de plus de "
            f"{number(MAX_CELL)} caractères. Raccourcissez-la."
        )
    header, rows = _rows(understood)
    answers = [located(place) for _, place in rows]
    write_whole(target, _written(source, target, understood, header, rows, answers))
    return {
        status: sum(answer[0] == status for answer in answers)
        for status in (FOUND, AMBIGUOUS, MISSING)
    }


def check_placing(columns: Sequence[Column], source: Path) -> None:
    """Refuse a table of which no column names a place.

    Raises
    ------
    DataFileError
        None does; those there are are named.
    """
    if not places_something(list(columns)):
        found = ", ".join(column.header for column in columns) or "rien"
        raise DataFileError(
            f"{source.name} : aucune colonne de lieu (commune, code INSEE, code postal, adresse…), "
            f"trouvé : {found[:120]}."
        )


def _understood(source: Path, ask: Ask) -> Understood:
    """Understand a table; our own headers mean what they say, whatever is in the cells."""
    raw = read_raw(source, any_length=True)
    table = find_table(raw)
    return placed(raw, table, own_roles(table.headers), ask)


def own_roles(headers: list[str]) -> Mapping:
    """Return the roles of the headers that are ours."""
    ours = {header: fold(header) for header in headers}
    return Mapping({header: _OURS[key] for header, key in ours.items() if key in _OURS})


def _rows(understood: Understood) -> tuple[list[str], list[tuple[list[str], Place]]]:
    """Return the header as written, and every row under it with its place."""
    raw, table = understood.raw, understood.table
    place_of = dict(zip(table.lines, understood.places, strict=True))
    header = next((cells for line, cells in raw.rows if line == table.header_row), table.headers)
    after = table.header_row or 0
    lone = max((len(cells) for _, cells in raw.rows), default=0) <= 1
    rows = []
    for line, cells in raw.rows:
        if line <= after and raw.keys is None:
            continue
        place = place_of.get(line)
        if place is None and any(cell.strip() for cell in cells):
            said = "Total, note ou en-tête répété\u00a0: ce n’est pas un lieu."
            place = Place(MISSING, reason=said)
        elif place is None and lone:  # an empty cell, in a table of one column
            place = Place(MISSING, reason=NOTHING_GIVEN)
        if place is not None:
            rows.append((cells, place))
    width = max([len(header), *(len(cells) for cells, _ in rows)])
    return _wide(header, width), [(_wide(cells, width), place) for cells, place in rows]


def _wide(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def located(place: Place) -> tuple[Any, ...]:
    """Return the columns added to a row; what ``table`` corrects is found here."""
    if place.status in (FOUND, CORRECTED) and place.code_insee:
        code = place.code_insee
        told = (FOUND, code, communes()[code].name, *town_hall(code), place.reason, "")
    else:
        status = AMBIGUOUS if place.status == AMBIGUOUS else MISSING
        reason = place.reason
        if place.scale:
            reason = f"Un territoire, non une commune. {reason}"
        told = (status, "", "", None, None, reason, _candidates(place))
    return tuple(defused(value) for value in told)


def _candidates(place: Place) -> str:
    """Write candidates on one line: ``62765 Saint-Omer (62) ; 14664 Saint-Omer (14)``."""
    shown = []
    for code in place.candidates:
        if code in communes():
            shown.append(f"{code} {communes()[code].name} ({communes()[code].departement})")
        elif code in departement_names():
            shown.append(f"{code} {departement_names()[code]}")
        elif code in sirens():
            shown.append(f"{code} {sirens()[code].name}")
    return " ; ".join(shown)


def _written(
    source: Path,
    target: Path,
    understood: Understood,
    header: list[str],
    rows: list[tuple[list[str], Place]],
    answers: list[tuple[Any, ...]],
) -> bytes:
    """Write rows and answers in the kind that the target's name says."""
    kind = target.suffix.lower()
    titles = [*header, *TABLE_COLUMNS]
    lines = [[*cells, *answer] for (cells, _), answer in zip(rows, answers, strict=True)]
    if kind == ".xlsx":
        from villeactive.documents.workbook import to_xlsx

        frame = pd.DataFrame(lines, columns=range(len(titles)), dtype=object)
        frame.columns = titles
        return to_xlsx(frame, day=date.today(), title=f"Communes de {source.name}")
    if kind in (".json", ".geojson", ".parquet"):
        keys = _wide(understood.table.headers, len(header))
        keys += [f"{name}_trouve" if name in keys else name for name in TABLE_COLUMNS]
        if kind == ".parquet":
            return _parquet(keys, lines)
        told = [dict(zip(keys, line, strict=True)) for line in lines]
        if kind == ".geojson":
            features = [
                _feature(one, *answer[3:5]) for one, answer in zip(told, answers, strict=True)
            ]
            told = {"type": "FeatureCollection", "features": features}
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    return _csv(source, understood, [titles, *lines])


def _parquet(keys: list[str], lines: list[list[Any]]) -> bytes:
    columns = zip(*lines, strict=True) if lines else [()] * len(keys)
    degrees = len(keys) - len(TABLE_COLUMNS) + TABLE_COLUMNS.index("lon")
    arrays = [
        pa.array(cells, pa.float64() if place in (degrees, degrees + 1) else pa.string())
        for place, cells in enumerate(columns)
    ]
    stream = io.BytesIO()
    pq.write_table(pa.table(arrays, names=keys), stream, compression="zstd")
    return stream.getvalue()


def _feature(record: dict[str, Any], lon: float | None, lat: float | None) -> dict[str, Any]:
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": record}


def _csv(source: Path, understood: Understood, lines: list[list[Any]]) -> bytes:
    """Write lines as the CSV that the source is; as a spreadsheet's where it is none."""
    raw = understood.raw
    given = raw.kind == "csv"
    data = source.read_bytes() if given else b"\r\n"
    ending = "\r\n" if b"\r\n" in data or b"\r\x00\n" in data else "\n"
    codec = _CODECS.get(raw.encoding, "utf-8") if given else "utf-8-sig"
    delimiter = (raw.delimiter or ",") if given else ";"
    made: list[str] = []
    # written with CRLF so that a lone carriage return inside a cell is quoted, then as the source
    writer = csv.writer(
        SimpleNamespace(write=made.append),
        delimiter="\t" if delimiter == "tab" else delimiter,
        lineterminator="\r\n",
    )
    writer.writerows([["" if cell is None else cell for cell in line] for line in lines])
    text = "".join(line.removesuffix("\r\n") + ending for line in made)
    return text.encode(codec, errors="replace")
