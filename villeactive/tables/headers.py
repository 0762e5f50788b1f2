"""Rows as read → headers and rows of data: titles, totals, blanks, shapes."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from villeactive.tables.raw.limits import problem
from villeactive.tables.raw.reading import Raw
from villeactive.tables.roles import header_words, is_header_word, is_place
from villeactive.tables.values import amount, year
from villeactive.text import fold

_FIRST = 15  # rows among which the header is sought
_SURE_WORDS, _FEW_WORDS = 0.7, 0.3  # share of cells worded as headers are
_TOTAL = re.compile(r"(sous )?totaux|(sous )?total( general)?")
_TOTAL_OF = re.compile(r"(sous )?(total|totaux)\b")
_WHOLE = re.compile(r"ensemble|cumul")  # also names of projects
_COUNT = re.compile(r"\d+ \D{1,20}")  # « 5 villes »
_NOTE = re.compile(r"(source|note|notes|champ|lecture|nb|mise a jour|extraction|export)\b.*")


@dataclass(frozen=True)
class Table:
    """Rows of data under their headers, all of one width.

    ``lines`` are those of the file; ``extra`` holds, for a row, the cells beyond its last header,
    and ``short`` the rows that stop before it; ``headed``: whether the file names its columns.
    """

    headers: list[str]
    header_row: int | None
    rows: list[list[str]]
    lines: list[int]
    extra: dict[int, list[str]]
    short: set[int]
    blank: int
    totals: int
    problems: list[dict[str, Any]]
    headed: bool


def letters(index: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def find_table(raw: Raw) -> Table:
    """Part the rows of a file into header, data, totals and blanks."""
    header_row, header, body = None, None, raw.rows
    if raw.keys is not None:
        header = raw.keys
    else:
        place = _header_place(raw.rows)
        if place is not None:
            header_row, header = raw.rows[place]
            body = raw.rows[place + 1 :]
    kept, blank, totals, problems = _sorted_out(body, header, records=raw.keys is not None)
    if raw.kind in ("xlsx", "ods") and body:  # whose blank lines are not read
        blank += body[-1][0] - (header_row or body[0][0] - 1) - len(body)
    width = _width(header, [cells for _, cells in kept])
    headers, told = _headers(header, width)
    problems += told
    rows, extra, short = [], {}, set()
    for number, (_, cells) in enumerate(kept, start=1):
        beyond = [cell for cell in cells[width:] if cell.strip()]
        if beyond:
            extra[number] = cells[width:]
            problems.append(_extra_cell(number, beyond[0]))
        if len(cells) < width and raw.kind == "csv":
            short.add(number)
            problems.append(_missing_cell(number, headers[len(cells)]))
        rows.append(cells[:width] + [""] * (width - len(cells)))
    lines = [line for line, _ in kept]
    row_of = {line: row for row, line in enumerate(lines, start=1)}
    problems += [
        problem("Une cellule trop longue est coupée à 32 767 caractères.", row=row_of.get(line))
        for line in raw.cut
    ]
    # what the reader tells of a record is of its row
    read = [one | {"row": row_of.get(one["row"])} for one in raw.problems]
    told = [*read, *problems]
    return Table(
        headers, header_row, rows, lines, extra, short, blank, totals, told, header is not None
    )


def _extra_cell(row: int, value: str) -> dict[str, Any]:
    said = "La ligne a plus de cellules que l’en-tête."
    return problem(said, row=row, value=value[:200], reason_code="extra_cell")


def _missing_cell(row: int, field: str) -> dict[str, Any]:
    said = "La ligne a moins de cellules que l’en-tête."
    return problem(said, row=row, field=field, reason_code="missing_cell")


def _sorted_out(
    body: list[tuple[int, list[str]]], header: list[str] | None, *, records: bool
) -> tuple[list[tuple[int, list[str]]], int, int, list[dict[str, Any]]]:
    """Set blank lines and totals apart from the data, and tell repeated headers and closing notes.

    Every line is a row, is blank, is a total, or has its problem; a record of JSON is no note.
    """
    kept, blank, totals, problems = [], 0, 0, []
    repeated = [cell.strip() for cell in header] if header and not records else None
    for line, cells in body:
        if not any(cell.strip() for cell in cells):
            blank += 1
        elif _is_total(cells):
            totals += 1
        elif [cell.strip() for cell in cells] == repeated:
            said = f"L’en-tête est répété à la ligne {line} : elle n’est pas une ligne de la table."
            problems.append(problem(said, value=_shown(cells)))
        else:
            kept.append((line, cells))
    wide = sum(bool(cell.strip()) for cell in header or ()) > 1
    while not records and len(kept) > 1 and wide and _is_note(kept[-1][1]):
        line, cells = kept.pop()
        said = f"La note de la ligne {line} n’est pas une ligne de la table."
        problems.append(problem(said, value=_shown(cells)))
    return kept, blank, totals, problems


def _shown(cells: list[str]) -> str:
    return " ; ".join(cell.strip() for cell in cells if cell.strip())[:200]


def _is_total(cells: list[str]) -> bool:
    first, *others = filter(None, map(str.strip, cells))
    key = fold(first)
    if not _TOTAL_OF.match(key) and not _WHOLE.fullmatch(key):
        return False
    numbers = [text for text in others if amount(text) is not None or _COUNT.fullmatch(text)]
    if _TOTAL.fullmatch(key):
        return not others or bool(numbers and not _names_a_place(others))
    return bool(others) and len(numbers) == len(others)


def _names_a_place(texts: list[str]) -> bool:
    """Tell a row of a company or a project called « Total »: a town and its code are beside."""
    codes = [text for text in texts if " " not in text]  # « 12 000 » is an amount
    coded = any(is_place("code", text) or is_place("postcode", text) for text in codes)
    return coded and any(is_place("name", text) for text in texts)


def _is_note(cells: list[str]) -> bool:
    texts = [cell.strip() for cell in cells if cell.strip()]
    return len(texts) == 1 and bool(_NOTE.fullmatch(fold(texts[0])) or texts[0].startswith("*"))


def _width(header: list[str] | None, rows: list[list[str]]) -> int:
    """Return the number of columns: those with a header, or that most rows fill."""
    named = max((i for i, cell in enumerate(header or (), start=1) if cell.strip()), default=0)
    counts: Counter[int] = Counter()
    for cells in rows:
        for position in range(named, len(cells)):
            if cells[position].strip():
                counts[position] += 1
    least = 0 if header is None else len(rows) / 2
    return max([named, *(place + 1 for place, count in counts.items() if count > least)])


def _headers(header: list[str] | None, width: int) -> tuple[list[str], list[dict[str, Any]]]:
    """Name the columns: as written, by a letter where nothing is, « (2) » for the second."""
    names, seen, problems = [], set(), []
    for position in range(width):
        cell = header[position] if header and position < len(header) else ""
        name = " ".join(cell.split())[:200] or letters(position)
        whole, count = name, 2
        while whole in seen:
            whole, count = f"{name} ({count})", count + 1
        if whole != name:
            said = f"Deux colonnes ont l’en-tête « {name} » : la suivante devient « {whole} »."
            problems.append(problem(said, field=whole))
        seen.add(whole)
        names.append(whole)
    return names, problems


# ------------------------------------------------------------------------- where the header is


def _header_place(rows: list[tuple[int, list[str]]]) -> int | None:
    """Return which row is the header: most header words, most distinct texts, fullest."""
    first = [(i, cells) for i, (_, cells) in enumerate(rows[:60]) if any(c.strip() for c in cells)]
    first = first[:_FIRST]
    if not first:
        return None
    width = max(sum(bool(c.strip()) for c in cells) for _, cells in first)
    scored = [(_score(cells, width) - 0.01 * n, i) for n, (i, cells) in enumerate(first)]
    _, place = max(scored)
    cells = rows[place][1]
    below = [row for _, row in rows[place + 1 : place + 40] if any(c.strip() for c in row)]
    worded = _share_of_words(cells)
    if worded < _SURE_WORDS and (_names_places(cells, below) or _counts(cells, below)):
        return None
    return None if worded < _FEW_WORDS and _is_like_data(cells, below) else place


def _share_of_words(cells: list[str]) -> float:
    texts = [cell.strip() for cell in cells if cell.strip()]
    return sum(map(header_words, texts)) / max(1, len(texts))


def _score(cells: list[str], width: int) -> float:
    texts = [cell.strip() for cell in cells if cell.strip()]
    if not texts:
        return 0
    worded = sum(1 for text in texts if not _is_value(text) and len(text) < 120) / len(texts)
    return 2 * _share_of_words(cells) + (len(set(texts)) + len(texts)) / width + worded


def _is_value(text: str) -> bool:
    return amount(text) is not None or year(text) is not None or is_place("code", text)


def _under(position: int, below: list[list[str]]) -> list[str]:
    """Return the filled cells of a column under a row."""
    return [row[position].strip() for row in below if len(row) > position and row[position].strip()]


def _names_places(cells: list[str], below: list[list[str]]) -> bool:
    """Tell whether a row has a town above towns, or a code above codes: it is one of data."""
    for position, cell in enumerate(cells):
        under = _under(position, below)
        for role in ("name", "code"):
            alike = sum(is_place(role, value) for value in under)
            known = is_place(role, cell.strip()) and not is_header_word(cell)
            if under and known and alike >= 0.6 * len(under):
                return True
    return False


def _counts(cells: list[str], below: list[list[str]]) -> bool:
    """Tell whether a row has thousands above numbers; a year, or a département, may be a header."""
    for position, cell in enumerate(cells):
        under = _under(position, below)
        alike = sum(amount(value) is not None for value in under)
        if under and (amount(cell) or 0) >= 1_000 and year(cell) is None and alike == len(under):
            return True
    return False


def _is_like_data(cells: list[str], below: list[list[str]]) -> bool:
    """Tell whether a row has a value above values; a year above sums is a header."""
    for position, cell in enumerate(cells):
        under = _under(position, below)
        alike = [value for value in under if _is_value(value)]
        if year(cell.strip()) is not None:
            alike = [value for value in alike if year(value) is not None]
        if _is_value(cell.strip()) and len(alike) >= 0.5 * len(under):
            return True
    return False
