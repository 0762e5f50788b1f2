"""Texts that must fit a box: smaller first, then shortened with « … »."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from villeactive.maps.scene.layout import LEAST
from villeactive.maps.scene.print_style import Inks, mix
from villeactive.maps.scene.spec import Area, Box, Item, Line, Sign, Style, Symbol, Text
from villeactive.text import NBSP, plural, typographic
from villeactive.typography.font_metrics import LEADING, Measure, block, wide_of, width_of, wrap
from villeactive.wording.facts import Row

_SEE = f"voir la{NBSP}fiche"


def roomy(text: Text, most: float) -> Text:
    """Let a line have its column; lines of a paragraph stay as they are."""
    return replace(text, room=most) if len(text.lines) == 1 else text


def _held(text: str, most: float, measure: Measure) -> str:
    """Cut a word that is wider than its line, so that nothing runs over."""

    def over(part: str) -> bool:
        return measure(part) > most

    words = []
    for word in text.split(" "):
        while (part := _first_part(word, over)) < len(word):
            words.append(word[:part])
            word = word[part:]
        words.append(word)
    return " ".join(words)


def _first_part(word: str, over: Callable[[str], bool]) -> int:
    """Count the letters of a word that a line holds, one at least; few more are measured."""
    upto = 16  # most words are no longer: they are measured once
    while upto < len(word) and not over(word[:upto]):
        upto *= 2
    upto = min(upto, len(word))
    if not over(word[:upto]):
        return upto
    return max(1, bisect_left(range(1, upto), True, key=lambda k: over(word[:k])))


def lines_of(text: str, most: float, measure: Measure) -> tuple[str, ...]:
    """Break a text for a column, as :func:`wrap` does; an endless word is cut."""
    return wrap(_held(text, most, measure), most, measure)


def shortened(text: str, most: float, measure: Measure, *, lines: int = 1) -> str:
    """Keep the words that fit a number of lines; « … » says that some are missing.

    Parameters
    ----------
    text, most, measure
        As for :func:`villeactive.typography.font_metrics.wrap`.
    lines
        How many lines it may take.
    """
    broken = lines_of(text, most, measure)
    if len(broken) <= lines:
        return text
    words = " ".join(broken[:lines]).split(" ")
    while len(words) > 1:
        words.pop()
        said = " ".join(words).rstrip(" ,;:.·–") + "…"
        if len(lines_of(said, most, measure)) <= lines:
            return said
    return words[0][:1] + "…"


def fewer(text: str, most: float, measure: Measure, *, lines: int) -> str:
    """Keep the whole names of a list that fit a number of lines, and say how many more there are.

    Parameters
    ----------
    text
        Names parted by semicolons, or else by commas.
    most, measure, lines
        As for :func:`shortened`.
    """
    if len(lines_of(text, most, measure)) <= lines:
        return text
    apart = f"{NBSP}; " if f"{NBSP}; " in text else ", "
    names = text.split(apart)

    def said(kept: int) -> str:
        return f"{apart.join(names[:kept])} +{NBSP}{len(names) - kept}, {_SEE}"

    def over(kept: int) -> bool:
        return len(lines_of(said(kept), most, measure)) > lines

    kept = bisect_left(range(1, len(names)), True, key=over)
    if kept:
        return said(kept)
    return f"{plural(len(names), 'nom')}, {_SEE}" if len(names) > 1 else _SEE


def fitted(
    role: str,
    text: str,
    box: Box,
    *,
    sizes: tuple[float, ...],
    colour: str,
    weight: int = 400,
    leading: float = LEADING,
) -> Text:
    """Set a paragraph at the largest size that fits a box; shortened at the smallest.

    A size at which wider letters make no line more goes before the others.

    Parameters
    ----------
    role
        See :class:`villeactive.maps.scene.spec.Text`.
    text
        One paragraph.
    box
        Where it stands, from the top.
    sizes
        Sizes to try, largest first.
    colour, weight, leading
        As in :func:`villeactive.typography.font_metrics.block`.
    """
    fits = {}
    for size in sizes:
        room = max(1, int((box.height / size - 0.97) / leading + 1))
        measure = partial(wide_of, size=size, weight=weight)
        lines = len(lines_of(text, box.width, measure))
        if max(map(measure, text.split(" "))) <= box.width and lines <= room:
            ours = wrap(text, box.width, partial(width_of, size=size, weight=weight))
            fits[size] = lines == len(ours)
    size = next((size for size, even in fits.items() if even), next(iter(fits), sizes[-1]))
    measure = partial(wide_of, size=size, weight=weight)
    said = text if fits else shortened(text, box.width, measure, lines=room)
    broken = lines_of(said, box.width, measure)
    made = block(role, broken, x=box.left, top=box.top, size=size, colour=colour,
                 weight=weight, leading=leading)  # fmt: skip
    return roomy(made, box.width)


def accent_bar(
    left: float, y: float, colour: str, *, across: float = 52.0, width: float = 3.5
) -> Line:
    """Draw the level bar under a title."""
    ends = np.array([[left, y], [left + across, y]])
    return Line("accent", ends, Style(stroke=colour, width=width))


@dataclass
class Column:
    """A column that is filled from its top; each step says whether it found room.

    Attributes
    ----------
    box
        The room.
    ink
        Colours.
    size
        Of the texts, points.
    accent
        Colour of marks and bars.
    items
        What was set.
    y
        Where the next thing goes.
    apart
        Between the name of a fact and its text, points.
    """

    box: Box
    ink: Inks
    size: float
    accent: str = ""
    items: list[Item] = field(default_factory=list)
    y: float = -1.0
    apart: float = 0.5

    def __post_init__(self) -> None:
        """Begin at the top."""
        self.y = self.box.top if self.y < 0 else self.y

    def _set(self, made: list[Item], bottom: float, gap: float) -> bool:
        """Keep what was set when it fits."""
        if bottom > self.box.bottom + 0.5:
            return False
        self.items += made
        self.y = bottom + gap
        return True

    def _text(
        self,
        role: str,
        text: str,
        *,
        x: float,
        y: float,
        most: float,
        lines: int = 99,
        soft: bool = False,
        weight: int = 400,
        size: float | None = None,
    ) -> Text:
        """Set a paragraph."""
        size = size or self.size
        measure = partial(wide_of, size=size, weight=weight)
        text = typographic(text)
        if lines < 99:
            text = shortened(text, most, measure, lines=lines)
        colour = self.ink.soft if soft else self.ink.ink
        broken = lines_of(text, most, measure)
        made = block(role, broken, x=x, top=y, size=size, colour=colour, weight=weight,
                     leading=1.18)  # fmt: skip
        return roomy(made, most)

    def heading(self, title: str) -> bool:
        """Set the title of a list, over a thin rule."""
        made = self._text("section", title, x=self.box.left, y=self.y, most=self.box.width,
                          weight=600, size=max(13.0, self.size * 1.1))  # fmt: skip
        y = made.box.bottom + 3
        rule = accent_bar(self.box.left, y, self.ink.region, across=self.box.width, width=0.6)
        return self._set([made, rule], y, 6)

    def fact(self, name: str, text: str, lines: int, *, names: bool = False) -> bool:
        """Set a fact: its name over its text; a list of ``names`` loses whole ones only."""
        if names and lines < 99:
            measure = partial(wide_of, size=self.size)
            text = fewer(typographic(text), self.box.width, measure, lines=lines)
        small = max(LEAST, self.size * 0.86)
        head = self._text("fact", name, x=self.box.left, y=self.y, most=self.box.width, soft=True,
                          weight=600, size=small)  # fmt: skip
        body = self._text("fact", text, x=self.box.left, y=head.box.bottom + self.apart,
                          most=self.box.width, lines=lines)  # fmt: skip
        return self._set([head, body], body.box.bottom, self.size * 0.42)

    def note(self, text: str) -> bool:
        """Set a soft line."""
        made = self._text("note", text, x=self.box.left, y=self.y, most=self.box.width, soft=True)
        return self._set([made], made.box.bottom, 4)

    def row(self, row: Row, *, most: int = 99, note: int = 99) -> bool:
        """Set a line of a list: mark, lead, text, bar, note; ``most`` lines of text, ``note``."""
        left, y = self.box.left, self.y
        made: list[Item] = []
        shift = 0.0 if row.share else 13.0
        if not row.share:
            made.append(self._mark(row, left + 4, y + self.size * 0.48))
        wide = self.box.width - shift
        if row.lead:
            lead = self._text("row", row.lead, x=left + shift, y=y, most=wide, weight=600)
            made.append(lead)
            y = lead.box.bottom + 0.5
        text = self._text("row", row.text, x=left + shift, y=y, most=wide, lines=most)
        made.append(text)
        y = text.box.bottom
        if row.share:
            y += 2
            made.append(self._bar(row, left, y))
            y += 5
        if row.note:
            under = self._text(
                "note",
                row.note,
                x=left + shift,
                y=y + 1,
                most=wide,
                soft=True,
                lines=note,
                size=max(LEAST, self.size * 0.9),
            )
            made.append(under)
            y = under.box.bottom
        return self._set(made, y, self.size * 0.45)

    def _mark(self, row: Row, x: float, y: float) -> Symbol:
        """Draw the mark of a row: full when done, half when under way, open when planned."""
        line = Style(fill=self.ink.paper, stroke=self.accent, width=1.2)
        fill = {
            "planned": line,
            "under-way": replace(line, fill=mix(self.ink.paper, self.accent, 0.45)),
        }
        style = fill.get(row.mark, Style(fill=self.accent, stroke=self.accent, width=1.2))
        name = {"planned": "prévu", "under-way": "en cours", "done": "fait"}.get(row.mark, "point")
        sign = Sign("circle", 4.6, style)
        return Symbol(f"legend:{row.mark}", "legend", x, y, 2.9, (sign,), name)

    def _bar(self, row: Row, left: float, y: float) -> Area:
        """Draw an amount; a part of another one is hatched."""
        right, low = left + max(2.0, self.box.width * row.share), y + 4.5
        ring = np.array([[left, y], [right, y], [right, low], [left, low], [left, y]])
        style = Style(fill=self.accent)
        if row.mark == "part":
            style = Style(fill=self.ink.paper, stroke=self.accent, width=0.6, hatch="up",
                          hatch_colour=self.accent, hatch_gap=3.4)  # fmt: skip
        return Area("key", (ring,), style, name=f"{row.lead}, {row.text}")
