"""Typst, told the same way by all: our fonts only, PDF/UA-1, words as data and never as code."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import typst

from villeactive.maps.scene.spec import Text
from villeactive.typography.font_metrics import font_folder, has_glyph

_ASSETS = Path(__file__).resolve().parent / "assets"
_INSTEAD = "\u25a1"
_ENDLESS = re.compile(r"([^\s/\-]{40})(?=[^\s/\-])")
_BLANK = {"\n", "\t", "\u200b", "\ufeff", "\u00ad", "\u200d", "\ufe0f"}


@cache
def fonts() -> typst.Fonts:
    """Read the font files, once per process."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())]
    )


def drawable(text: str) -> str:
    """Replace the letters that the font cannot draw, which a tagged PDF may not hold."""
    return "".join(_letter(char) for char in text)


def placed(text: Text) -> dict:
    """Describe a block of text of a scene to a page: where it stands, how it is set."""
    return {
        "role": text.role,
        "lines": [drawable(line) for line in text.lines],
        "x": text.box.left,
        "y": text.y,
        "size": text.size,
        "leading": text.leading,
        "weight": text.weight,
        "colour": text.colour,
    }


@cache
def _template(name: str) -> bytes:
    """Read one of our own templates, once per process."""
    return (_ASSETS / name).read_bytes()


def printable(value):
    """Replace what the font cannot draw, in all the words of a structure.

    A tagged PDF may not hold a letter without a glyph: « □ », or « ? », stands for it. An
    endless word is parted, for nothing else would break it.
    """
    if isinstance(value, str):
        return _ENDLESS.sub(r"\1 ", drawable(value))
    if isinstance(value, dict):
        return {key: printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inner) for inner in value]
    return value


@cache
def _letter(char: str) -> str:
    """Give a letter that the font has."""
    if char in _BLANK or ord(char) < 32:
        return " " if char in "\n\t" else ""
    if 0xD800 <= ord(char) <= 0xDFFF or not has_glyph(char):
        return _INSTEAD if has_glyph(_INSTEAD) else "?"
    return char


def compile_pdf(template: str, data: dict, *, name: str, files: dict[str, bytes]) -> bytes:
    """Set a document.

    Parameters
    ----------
    template
        File of ``assets/``.
    data
        JSON-ready words and numbers; typst reads them as strings, so that markup or code in a
        text is text.
    name
        File that the template reads them from.
    files
        Pictures, by name.

    Returns
    -------
    bytes
        A tagged PDF (PDF/UA-1) with its fonts; same data, same bytes.
    """
    return typst.compile(_world(template, data, name, files), format="pdf", font_paths=fonts(),
                         pdf_standards=["ua-1"])  # fmt: skip


def count_pages(template: str, data: dict, *, name: str, files: dict[str, bytes]) -> int:
    """Count the pages of a document whose template ends with ``#metadata`` of their number."""
    world = _world(template, data, name, files)
    found = typst.query(world, "metadata", field="value", font_paths=fonts())
    return int(json.loads(found)[-1][0])


def _world(template: str, data: dict, name: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """Gather all that a document is made of; nothing of the machine is seen from it."""
    words = json.dumps(printable(data), ensure_ascii=False).encode()
    return {"main.typ": _template(template), name: words, **files}


def day_of(day: date | str | None) -> list[int]:
    """Give a date as year, month, day; a fixed one when there is none."""
    when = date.fromisoformat(day) if isinstance(day, str) else day or date(2000, 1, 1)
    return [when.year, when.month, when.day]
