"""What a table may weigh, and the refusal of one that weighs more."""

import json
import math
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any

MEMORY_BYTES = 800_000_000
PROCESSOR_SECONDS = 20
WALL_SECONDS, LIFTED_SECONDS = 60, 1_200
UNPACKED_BYTES = 150_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CELL = 32_767  # characters, as in Excel
MAX_DEPTH = 4  # of objects one within another in a JSON record


class RefusedError(ValueError):
    """A file that is not read: the message is the end of a French sentence."""


def problem(
    reason: str,
    *,
    row: int | None = None,
    field: str | None = None,
    value: str | None = None,
    reason_code: str | None = None,
) -> dict[str, Any]:
    """Return one item of ``problems``; what French keeps together is kept together."""
    for apart in (" :", " ;", " »"):
        reason = reason.replace(apart, f"\u00a0{apart[1]}")
    reason = reason.replace("« ", "«\u00a0")
    return {
        "row": row,
        "field": field,
        "value": value,
        "reason_code": reason_code,
        "reason": reason,
    }


def check_unpacked(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to more than the limit."""
    if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_BYTES:
        raise RefusedError("le classeur dépasse 150 Mo une fois décompressé")


def check_rows(count: int) -> None:
    """Refuse a table of more rows than the limit."""
    if count > MAX_ROWS:
        raise RefusedError("la table a plus de 200 000 lignes ; partagez-la en plusieurs fichiers")


def check_columns(count: int) -> None:
    """Refuse a table of more columns than the limit."""
    if count > MAX_COLUMNS:
        raise RefusedError("la table a plus de 1 000 colonnes")


def written(value: Any) -> str:
    """Write what a JSON file or a workbook holds as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def as_cell(value: Any) -> str:
    """Write any value as the text of a cell, days as ISO writes them."""
    if isinstance(value, str):
        return value.strip("\r\n")
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return written(value)


def lift() -> None:
    """Let this process read a table of any number of rows: the limit of those is of pages."""
    global MAX_ROWS, MEMORY_BYTES, PROCESSOR_SECONDS
    MAX_ROWS, MEMORY_BYTES, PROCESSOR_SECONDS = sys.maxsize, 4_000_000_000, 600
