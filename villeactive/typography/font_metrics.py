"""Words on a drawn map: the font, its measures, wrapping, blocks of text."""

import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache, partial
from itertools import pairwise
from pathlib import Path

import font_source_sans_pro
from fontTools.ttLib import TTFont

from villeactive.maps.scene.spec import Box, Text

FAMILY = "Source Sans Pro"
SLIDES = "Arial"
"""Font of slides, which cannot carry one: Office has it, LibreOffice has Liberation Sans of the
same widths. A deck thus looks alike everywhere, whether or not our font is on the machine.
"""
_EM = 1000
_FILES = {400: "Regular", 600: "Semibold", 700: "Bold"}
ASCENT, DESCENT = 0.75, 0.22
"""Heights above and below the baseline that a line covers, in parts of the size."""
LEADING = 1.22
_ARIAL = {
    False: {191: "'", 222: "ijl’‘", 260: "|", 278: " !,./:;I[\\]ft·", 333: "()-`r“”²³{}",
            355: '"', 400: "°*", 469: "^", 500: "Jcksvxyz", 556: "#$0123456789?L_abdeghnopqu«»–€",
            584: "+<=>~×", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ",
            833: "Mm", 889: "%æ", 944: "Wœ", 1015: "@"},
    True: {238: "'", 278: " ,./I\\ijl’‘·", 280: "|", 333: "!()-:;[]`ft²³", 389: "{}*r",
           400: "°", 474: '"', 500: "z“”", 556: "#$0123456789J_aceksvxy«»–€",
           584: "+<=>^~×", 611: "?FLTZbdghnopqu", 667: "EPSVXY", 722: "&ABCDHKNRU",
           778: "GOQw", 833: "M", 889: "%mæ", 944: "Wœ", 975: "@"},
}  # fmt: skip
_WIDEST = {
    False: {280: "'ijl", 300: 'I', 320: ' ,.·‘’', 340: ':;|', 350: '/\\', 360: 'f',
             370: '-', 400: '()[]t‹›', 410: '!²³', 420: 'r', 460: '"', 500: '*J°',
             520: '“”', 530: 'sz', 550: '`c', 560: '?L_–', 580: 'k', 590: '•', 600: 'vxy',
             620: 'FTaeo«»', 640: '$0123456789bdghnpqu{}€', 670: 'EKPSY', 690: 'ABVXZ',
             730: 'CR', 740: 'U', 750: 'N', 760: 'H', 780: '&DG', 790: 'OQ', 820: 'w',
             840: '#+<=>^~×÷←→−', 870: 'M', 960: '%', 980: 'mÆ', 990: 'Wæ', 1020: '@',
             1030: 'œ', 1070: 'Œ'},
    True: {310: "'", 350: ' ijl', 370: '/\\|', 380: ',.I·‘’', 400: ':;', 420: '-‹›',
            440: 'f²³', 460: '!()[]', 480: 't', 500: 'r°', 530: '*', 540: '"', 560: 'J_`–',
            590: 'z', 600: 'cs', 620: '?', 640: 'L•', 650: 'x«»', 660: 'vy“”', 670: 'k',
            680: 'ae', 690: 'EFTo', 700: '$0123456789€', 720: 'bdghnpqu{}', 730: 'SYZ',
            740: 'CP', 770: 'B', 780: 'AKRVX', 820: 'U', 830: 'G', 840: '#+<=>DHN^~×÷←→−',
            860: 'OQ', 880: '&', 930: 'w', 1010: '%', 1050: 'mæ', 1090: 'Æ', 1100: 'œ',
            1110: 'W', 1170: 'Œ'},
}  # fmt: skip
"""Whether bold → advance of letters, thousandths of an em → those that have it: in Arial, and in
the wider of Arial and DejaVu Sans (to tens).

A page names its font, and a machine without it has another: Arial mostly, DejaVu Sans at worst.
"""


Measure = Callable[[str], float]
"""Line → its width, points, in one size and weight, as ``partial(wide_of, size=10)`` gives it."""


def font_folder() -> Path:
    """Give the folder of the font files that the maps are set in."""
    return Path(font_source_sans_pro.__file__).parent / "files"


def font_path(weight: int) -> Path:
    """Give the TrueType file of a weight (400, 600 or 700)."""
    return font_folder() / f"SourceSansPro-{_FILES[weight]}.ttf"


class _Advances(dict):
    """Letter → its advance in ems; one em for what the font cannot draw."""

    def __missing__(self, letter: str) -> float:
        return 1.0


class _Letters(dict):
    """Letter → its advance in ems, accents taking no room; one em for what is not known."""

    def __missing__(self, letter: str) -> float:
        plain = " " if letter.isspace() else unicodedata.normalize("NFD", letter)[0]
        found = self[letter] = self.get(plain.replace("\u2011", "-"), 1.0)
        return found


@cache
def _advances_of(weight: int) -> _Advances:
    """Give the advances of a weight; Source Sans counts 1 000 units to the em.

    The face stays with who reads it: it reads its tables late, and two threads that ask the same
    one for a table may find it half read.
    """
    face = TTFont(font_path(weight))
    metrics = face["hmtx"].metrics
    known = face.getBestCmap().items()
    return _Advances((chr(code), metrics[name][0] / _EM) for code, name in known)


def has_glyph(char: str, *, weight: int = 400) -> bool:
    """Tell whether the font can draw a character."""
    return char in _advances_of(weight)


def width_of(text: str, size: float, *, weight: int = 400, spacing: float = 0.0) -> float:
    """Measure a line, kerning left out (so never too short).

    Returns
    -------
    float
        Points.
    """
    return sum(map(_advances_of(weight).__getitem__, text)) * size + spacing * len(text)


@cache
def _advances(bold: bool, widest: bool) -> _Letters:
    """Give the advances of the fonts that may stand for ours."""
    table = (_WIDEST if widest else _ARIAL)[bold]
    return _Letters((letter, wide / _EM) for wide, letters in table.items() for letter in letters)


@lru_cache(maxsize=32_768)
def _longest(text: str, bold: bool, widest: bool) -> float:
    """Measure a line in ems; paragraphs are broken again and again while their size is sought."""
    ours = width_of(text, 1.0, weight=700 if bold else 400)
    return max(ours, sum(map(_advances(bold, widest).__getitem__, text)))


def wide_of(text: str, size: float, *, weight: int = 400, spacing: float = 0.0) -> float:
    """Measure a line of a paragraph, which a slide may set anew: as wide as Arial's, or ours.

    Returns
    -------
    float
        Points; what is semibold is counted bold, as PowerPoint shows it.
    """
    return _longest(text, weight >= 600, False) * size + spacing * len(text)


def widest_of(text: str, size: float, *, weight: int = 400, spacing: float = 0.0) -> float:
    """Measure a line that must stand as it is in any font: as wide as DejaVu Sans's, or wider.

    Returns
    -------
    float
        Points.
    """
    return _longest(text, weight >= 600, True) * size + spacing * len(text)


def wrap(text: str, most: float, measure: Measure) -> tuple[str, ...]:
    """Break a text at its ordinary spaces; no-break spaces hold.

    Parameters
    ----------
    text
        One paragraph.
    most
        Width of the column, points; a longer word stays whole.
    measure
        Of a line: of :func:`wide_of`, of :func:`widest_of` for lines that no font may break anew,
        or of :func:`width_of` for what is never seen in another font.
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= most:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def evened(text: str, size: float, most: float, *, weight: int) -> tuple[str, ...]:
    """Break a text that must stand in any font into lines of like lengths, as few as can be.

    Parameters
    ----------
    text, most
        As for :func:`wrap`.
    size, weight
        Of the font: points; 400, 600 or 700.
    """
    measure = partial(widest_of, size=size, weight=weight)
    lines = wrap(text, most, measure)
    narrower = lines
    while len(narrower) == len(lines) > 1:
        lines, most = narrower, most - size / 2
        narrower = wrap(text, most, measure)
        if max(map(measure, narrower)) > most:
            break
    return lines


def parted(text: str, most: float, measure: Measure) -> tuple[str, ...]:
    """Break a title at its spaces, and after hyphens where a word is too long for its line.

    Parameters
    ----------
    text, most, measure
        As for :func:`wrap`.
    """
    parts: list[str] = []
    for word in text.split(" "):
        parts += _halves(word) if measure(word) > most else [word]
    return wrap(" ".join(parts), most, measure)


_SMALL = frozenset(
    ["de", "du", "des", "la", "le", "les", "en", "sur", "sous", "et", "lès", "à", "au", "aux"]
)
_LONG = 24
"""Letters of a name that no title would hold in one line at a size that is read."""


def _halves(word: str) -> list[str]:
    """Break a long word after the hyphen nearest its middle, beside no small word of a name.

    « Île-de-France » stays whole, in smaller letters; « Nouvelle-Aquitaine » may have two lines.
    """
    parts = word.split("-")
    ends = [len("-".join(parts[:n])) + 1 for n in range(1, len(parts))]
    whole = [
        end for end, beside in zip(ends, pairwise(parts), strict=True) if _SMALL.isdisjoint(beside)
    ]
    breaks = whole or (ends if len(word) > _LONG else [])
    if not breaks:
        return [word]
    middle = min(breaks, key=lambda i: (max(i, len(word) - i), i))
    return [word[:middle], word[middle:]]


def block(
    role: str,
    text: str | tuple[str, ...],
    *,
    x: float,
    top: float,
    size: float,
    colour: str,
    most: float | None = None,
    weight: int = 400,
    align: str = "start",
    halo: str | None = None,
    leading: float = LEADING,
    spacing: float = 0.0,
    measure: Callable[..., float] = wide_of,
) -> Text:
    """Set a text below ``top``.

    Parameters
    ----------
    role
        See :class:`villeactive.maps.scene.spec.Text`.
    text
        A paragraph, or lines already broken.
    x, top
        Anchor and upper side of the box, points.
    size, colour, weight, align, halo, spacing
        As in :class:`villeactive.maps.scene.spec.Text`.
    most
        Width to wrap at; None keeps one line.
    leading
        In parts of the size.
    measure
        Of a line to wrap: :func:`wide_of`, :func:`widest_of` or :func:`width_of`.
    """
    if isinstance(text, tuple):
        lines = text
    else:
        set_so = partial(measure, size=size, weight=weight)
        lines = wrap(text, most, set_so) if most else (text,)
    wide = max((width_of(line, size, weight=weight, spacing=spacing) for line in lines), default=0)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[align]
    tall = (ASCENT + DESCENT) * size + (len(lines) - 1) * leading * size
    return Text(
        role=role,
        lines=lines,
        x=x,
        y=top + ASCENT * size,
        size=size,
        leading=leading * size,
        colour=colour,
        box=Box(left, top, wide, tall),
        weight=weight,
        align=align,
        halo=halo,
        spacing=spacing,
    )
