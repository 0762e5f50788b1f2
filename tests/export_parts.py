"""A file as its parts, each as a short SHA-256: what tests/test_exports_net.py compares.

What changes without a change of ours is left out: clocks, and how hard a library packs.
"""

import base64
import csv
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections import defaultdict
from contextlib import closing

import pyarrow.parquet
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

_DIGITS = 8
_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_TODAY = re.compile(rb"Export du [^<]*")
_FONT = re.compile(rb"data:font/woff;base64,([A-Za-z0-9+/=]+)")
_GROUP = re.compile(rb'<g id="([a-z]+)"')
_SCRIPT_OR_STYLE = re.compile(rb"<(script|style)\b.*?</\1>", re.DOTALL)
_OWN = ("gpkg_spatial_ref_sys", "sqlite_sequence")  # PROJ's words and SQLite's counter


def digest(value):
    """Print bytes, or plain values whatever the order of their keys."""
    if not isinstance(value, bytes):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain).encode()
    return hashlib.sha256(value).hexdigest()[:_DIGITS]


def _plain(value):
    return value.hex() if isinstance(value, bytes) else str(value)


def _columns(rows):
    """Print a table column by column, so that a difference names its column."""
    names = dict.fromkeys(name for row in rows for name in row)
    parts = {name: digest([row.get(name) for row in rows]) for name in names}
    return {"lignes": str(len(rows)), **parts}


def values(data):
    """Print JSON: a list by its keys, a GeoJSON by its properties, an object by its members."""
    given = json.loads(data)
    if isinstance(given, list):
        return _columns(given)
    if given.get("type") == "FeatureCollection":
        features = given.pop("features")
        rows = [one["properties"] | {"geometry": one["geometry"]} for one in features]
        # the command line dates its files of today
        return _columns(rows) | {"en-tête": digest(given | {"date": None})}
    return {name: digest(value) for name, value in given.items()}


def lines(data):
    """Print a text for the terminal: its last line, which sums up, and the rest."""
    *rest, last = data.decode().rstrip("\n").split("\n")
    return {"lignes": str(len(rest)), "corps": digest(rest), "fin": digest(last)}


def delimited(data):
    """Print a CSV by its columns, and as written (delimiter, ends of lines, quotes)."""
    text = data.decode("utf-8-sig")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _columns(list(rows)) | {"fichier": digest(data)}


def parquet(data):
    """Print the columns with their types, and what is said of the file."""
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    said = json.loads(table.schema.metadata[b"pandas"])["attributes"]
    types = {field.name: str(field.type) for field in table.schema}
    return _columns(table.to_pylist()) | {"types": digest(types), "sources": digest(said)}


def geopackage(data):
    """Print the tables, indexes and the words of the libraries aside."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in found if not name.startswith("rtree_") and name not in _OWN]
        return {
            name: digest(sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))))
            for name in names
        }


def office(data, *, dated=True):
    """Print an XLSX or PPTX: each slide and sheet, the rest by folder.

    The commands that date their files of today are read with ``dated=False``.
    """
    parts = defaultdict(list)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for name in sorted(opened.namelist()):
            folder, _, file = name.rpartition("/")
            alone = re.fullmatch(r"(ppt/slides|xl/worksheets)/\w+\.xml", name)
            content = _CLOCK.sub(rb"\1", opened.read(name))
            content = content if dated else _TODAY.sub(b"", content)
            parts[file if alone else folder or file].append((name, digest(content)))
    return {name: digest(content) for name, content in parts.items()}


def picture(data):
    """Print the size of a PNG and what it says of itself; its pixels are those of the SVG."""
    opened = Image.open(io.BytesIO(data))
    return {"taille": repr((opened.mode, opened.size)), "dit": digest({**opened.info})}


def pages(data):
    """Print a PDF: the words of each page, unpacked, what it says of itself, and its bytes."""
    opened = PdfReader(io.BytesIO(data))
    words = {
        f"page {number}": digest([page.get_contents().get_data(), list(map(float, page.mediabox))])
        for number, page in enumerate(opened.pages, start=1)
    }
    return words | {"dit": digest({**(opened.metadata or {})})}


def drawing(data):
    """Print the layers of an SVG, and what stands around them."""
    head, *groups = re.split(rb'(?=<g id="[a-z]+")', _unpacked(data))
    layers = {_GROUP.match(group)[1].decode(): digest(group) for group in groups}
    return {"tête": digest(head), **layers}


def web_page(data):
    """Print styles and scripts of an HTML page one by one, and the rest."""
    data = _unpacked(data)
    found = enumerate(_SCRIPT_OR_STYLE.finditer(data), start=1)
    parts = {f"{one[1].decode()} {rank}": digest(one[0]) for rank, one in found}
    return parts | {"corps": digest(_SCRIPT_OR_STYLE.sub(b"", data))}


def _unpacked(data):
    """Put the print of its tables in the place of each font, which zlib packs as it pleases."""
    return _FONT.sub(lambda found: _tables(found[1]).encode(), data)


def _tables(font):
    face = TTFont(io.BytesIO(base64.b64decode(font)), recalcTimestamp=False)
    return digest({name: face.reader[name].hex() for name in sorted(face.reader.keys())})
