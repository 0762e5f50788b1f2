"""The cells of an ODS merged downwards, which its reader does not tell."""

import zipfile
from xml.parsers import expat

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_ROW, _CELL = f"{_TABLE}table-row", f"{_TABLE}table-cell"
_COVERED = f"{_TABLE}covered-table-cell"

Range = tuple[tuple[int, int], tuple[int, int]]


class _Places:
    """Where each cell stands, by table: rows and columns that are repeated count so many times."""

    def __init__(self) -> None:
        self.found: dict[str, list[Range]] = {}
        self.ranges: list[Range] = []
        self.row = self.column = 0
        self.times = 1

    def start(self, name: str, told: dict[str, str]) -> None:
        """Enter a table, a row or a cell."""
        if name == f"{_TABLE}table":
            self.ranges = self.found.setdefault(told.get(f"{_TABLE}name", ""), [])
            self.row = 0
        elif name == _ROW:
            self.column, self.times = 0, _count(told, "number-rows-repeated")
        elif name in (_CELL, _COVERED):
            height = _count(told, "number-rows-spanned") if name == _CELL else 1
            if height > 1:
                width = _count(told, "number-columns-spanned")
                bottom = (self.row + height - 1, self.column + width - 1)
                self.ranges.append(((self.row, self.column), bottom))
            self.column += _count(told, "number-columns-repeated")

    def end(self, name: str) -> None:
        """Leave a row."""
        if name == _ROW:
            self.row += self.times

    @staticmethod
    def refuse(*_: object) -> None:
        """Refuse a document that declares entities."""
        raise ValueError


def merged_down(archive: zipfile.ZipFile) -> dict[str, list[Range]]:
    """Map each table of an ODS to its cells merged downwards: first and last (row, column), from 0.

    Raises
    ------
    ValueError
        The document declares entities, or is no XML.
    """
    places = _Places()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = places.start, places.end
    parser.StartDoctypeDeclHandler = places.refuse
    with archive.open("content.xml") as content:
        try:
            parser.ParseFile(content)
        except expat.ExpatError as error:
            raise ValueError from error
    return {name: ranges for name, ranges in places.found.items() if ranges}


def _count(told: dict[str, str], name: str) -> int:
    given = told.get(f"{_TABLE}{name}", "1")
    return int(given) if given.isdigit() and len(given) < 8 else 1
