"""The legend of a drawn map: what is visible only, with its counts, larger than on the map."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from villeactive.collections.collection import Kind
from villeactive.maps.scene import print_style
from villeactive.maps.scene.ground import rectangle
from villeactive.maps.scene.layout import LEAST
from villeactive.maps.scene.map_content import Content
from villeactive.maps.scene.print_style import Inks
from villeactive.maps.scene.spec import Area, Box, Item, MapSpec, Sign, Style, Symbol, Text
from villeactive.programmes import known_programmes, short_names
from villeactive.text import number, plural
from villeactive.typography.font_metrics import ASCENT, block, evened, widest_of, width_of
from villeactive.typography.text_fit import roomy

_SIGN = 15.0
"""Diameter of a theme's sign in the legend, points at full size."""
_TOWN_FACTOR = 1.25
_NEW_GROUP = 0.6
_MOST_COLUMNS = 4
_LEAST_COLUMN = 12.0
"""Least width of the words of a key that are broken for want of room, in parts of their size."""
_WIDEST = 11.5
"""Greatest reach of a sign in the legend, points at full size."""


@dataclass(frozen=True)
class Entry:
    """A row of the legend: a stack of signs or a swatch, a label, a note under or after it.

    ``gap`` is the space above, in parts of the size; ``strong`` sets the label in semibold;
    ``beside`` lets the note of a strong label stand after it; ``sizes`` are circles as large as on
    the map, in a row below, each with its value.
    """

    id: str
    label: str
    note: str = ""
    signs: tuple[Sign, ...] = ()
    swatch: Style | None = None
    strong: bool = False
    gap: float = 0.35
    beside: bool = False
    sizes: tuple[tuple[Sign, str], ...] = ()

    @property
    def tight(self) -> "Entry":
        """The same row where many stand: its note beside its label, less air."""
        return replace(self, gap=self.gap * 0.45, beside=True)


def project_entries(content: Content, spec: MapSpec) -> list[Entry]:
    """List themes, kinds and cited places that the map shows."""
    made = []
    sites, mentions = content.sites, content.mentions
    for theme, term in content.taxonomy.themes.items():
        count = int(sites.loc[sites["theme"] == theme, "project"].nunique())
        cited = int(mentions.loc[mentions["theme"] == theme, "project"].nunique())
        if count or cited:
            note = plural(count, "projet") if count else plural(cited, "lieu cité", "lieux cités")
            signs = print_style.theme_signs(theme, content.taxonomy, _SIGN, spec.style)
            made.append(Entry(f"theme:{theme}", term.label, note, signs, strong=True, gap=0.7))
    kinds = [kind for code, kind in content.taxonomy.kinds.items() if (sites["kind"] == code).any()]
    kinds = kinds if len(kinds) > 1 else []
    sized = [_kind(kind, sites, spec, 1.12) for kind in kinds]
    # cited places, as neutral as the other kinds: themes tell colours
    sized += [_kind(kind, mentions, spec, 1.3) for kind in content.taxonomy.kinds.values()
              if (mentions["kind"] == kind.code).any()]  # fmt: skip
    return made + [replace(one, gap=0.2 if rank else 0.9) for rank, one in enumerate(sized)]


def _kind(kind: Kind, sites: pd.DataFrame, spec: MapSpec, part: float) -> Entry:
    """Explain the size of a kind, and count its projects."""
    count = int(sites.loc[sites["kind"] == kind.code, "project"].nunique())
    style = Style(fill=print_style.inks(spec.style).soft)
    sign = Sign("circle", kind.size**0.5 * part, style)
    return Entry(f"kind:{kind.code}", f"{kind.label} ({number(count)})", signs=(sign,))


def town_entries(content: Content, spec: MapSpec, *, quiet: bool) -> list[Entry]:
    """List the programmes that the map shows, and a town in several as an example."""
    made, towns = [], content.towns
    factor = _TOWN_FACTOR * print_style.compactness(content.programmes)
    for rank, code in enumerate(content.programmes):
        count = sum(code in shown for shown in towns["shown"])
        if count:
            signs = print_style.town_signs((code,), factor, spec.style)
            label = known_programmes()[code].label
            made.append(
                Entry(
                    f"town:{code}",
                    label,
                    plural(count, "commune"),
                    signs,
                    gap=0.9 if rank == 0 else 0.35,
                )
            )
    several = sorted({s for s in towns["shown"] if len(s) > 1}, key=lambda s: (-len(s), s))
    if several:
        best = several[0]
        count = sum(len(s) > 1 for s in towns["shown"])
        signs = print_style.town_signs(best, factor, spec.style)
        named = " + ".join(short_names(best))
        made.append(
            Entry(
                "town:several",
                f"Plusieurs programmes, ici {named}",
                plural(count, "commune"),
                signs,
                gap=0.5,
            )
        )
    if quiet and made and spec.labels != "none":
        last = made[-1]
        made[-1] = replace(
            last,
            note=f"{last.note}, noms omis à cette échelle"
            if len(made) > 1
            else f"{last.note}, sans leurs noms à cette échelle",
        )
    return made


def area_entries(spec: MapSpec, *, territories: dict[str, int]) -> list[Entry]:
    """Explain Territoires d'industrie: programme code → how many are seen."""
    return [
        Entry(
            f"area:{code}",
            known_programmes()[code].label,
            plural(count, "territoire"),
            swatch=print_style.territory_style(code, spec.style),
            gap=0.6,
        )
        for code, count in territories.items()
        if count
    ]


def shade_entries(
    spec: MapSpec,
    name: str,
    words: str,
    *,
    note: str = "",
    noun: str,
    classes: Iterable[tuple[int, str, int]],
) -> list[Entry]:
    """Explain a choropleth: (class, words, number of territories, each a ``noun``)."""
    made = [Entry(name, words, note, strong=True, gap=0.7)]
    for rank, said, count in classes:
        style = print_style.share_style(rank, spec.style)
        label = f"{said} ({plural(count, noun)})"
        made.append(Entry(f"{name}:{rank}", label, swatch=style, gap=0.18))
    return made


def circle_entry(
    spec: MapSpec, *, words: str, note: str, sizes: Iterable[tuple[float, str]] = ()
) -> Entry:
    """Explain proportional circles: radius and value of some, or else any circle."""
    style = print_style.circle_style(spec.style)
    drawn = tuple((Sign("circle", 2 * radius, style), said) for radius, said in sizes)
    signs = () if drawn else (Sign("circle", 20.0, style),)
    return Entry("circle", words, note, signs, strong=True, gap=0.7, sizes=drawn)


def set_legend(
    entries: list[Entry], *, box: Box, columns: int, sizes: dict[str, float], ink: Inks
) -> tuple[list[Item], float]:
    """Lay a legend out.

    Parameters
    ----------
    entries
        Rows.
    box
        Where; a legend that is too tall is set smaller, by steps, down to 60 %, then tighter,
        then in one more column; at last the rows of its last themes give way to their number.
    columns
        How many stand side by side.
    sizes, ink
        Font sizes by role; colours.

    Returns
    -------
    tuple
        Items, and the ordinate of the lowest side.
    """
    items: list[Item] = []
    bottom = box.top
    tight = [entry.tight for entry in entries]
    for rows, side_by_side in ((entries, columns), (tight, columns), (tight, columns + 1)):
        for step in range(9):
            scale = 1 - 0.05 * step
            items, bottom, fits = _flow(rows, box, side_by_side, sizes, ink, scale)
            if fits:
                return items, bottom
    for left_out in range(2, len(entries)):
        rows = _shortened(tight, left_out)
        items, bottom, fits = _flow(rows, box, columns + 1, sizes, ink, scale)
        if fits:
            break
    return items, bottom


def _shortened(entries: list[Entry], left_out: int) -> list[Entry]:
    """Put one row for as many of the strong ones as do not fit, the last ones."""
    strong = [rank for rank, entry in enumerate(entries) if entry.strong] or range(len(entries))
    gone = strong[-left_out:]
    rest = Entry("more", f"… et {plural(len(gone), 'autre', 'autres')}", gap=0.3)
    kept = [entry for rank, entry in enumerate(entries) if rank not in gone]
    return [*kept[: gone[0]], rest, *kept[gone[0] :]]


def _flow(entries, box, columns, sizes, ink, scale) -> tuple[list[Item], float, bool]:
    """Set every row at one scale; tell whether all stand in the box."""
    gap = 14.0
    wide = (box.width - (columns - 1) * gap) / columns
    groups = _groups(entries) if columns > 1 else [[e] for e in entries]
    if len(groups) < columns:
        groups = [[e] for e in entries]
    heights = [sum(_row(e, 0, 0, wide, sizes, ink, scale)[1] for e in g) for g in groups]
    target = _target(heights, columns, box.height)
    items: list[Item] = []
    column, y, lowest = 0, box.top, box.top
    for group, height in zip(groups, heights, strict=True):
        if y > box.top and y - box.top + height > target + 0.1 and column < columns - 1:
            column, y = column + 1, box.top
        for entry in group:
            drawn, tall = _row(entry, box.left + column * (wide + gap), y, wide, sizes, ink, scale)
            items += drawn
            y += tall
        lowest = max(lowest, y)
    return items, lowest, lowest <= box.bottom + 0.1


def _groups(entries: list[Entry]) -> list[list[Entry]]:
    """Part the rows where the air above one says that another matter begins."""
    groups: list[list[Entry]] = []
    for entry in entries:
        if not groups or entry.gap >= _NEW_GROUP:
            groups.append([])
        groups[-1].append(entry)
    return groups


def _target(heights: list[float], columns: int, most: float) -> float:
    """Give the least column height (to a tenth of a point) that holds all rows."""
    if columns == 1 or not heights:
        return most
    low, high = max(heights), sum(heights)
    while high - low > 0.1:
        middle = (low + high) / 2
        used, y = 1, 0.0
        for height in heights:
            if y and y + height > middle:
                used, y = used + 1, 0.0
            y += height
        low, high = (low, middle) if used <= columns else (middle, high)
    return min(high, most)


def _row(entry, left, top, wide, sizes, ink, scale) -> tuple[list[Item], float]:
    """Set one row; give its items and its height."""
    size, soft = (max(LEAST, sizes[name] * scale) for name in ("legend", "legend-soft"))
    y = top + entry.gap * size
    bare = not entry.signs and entry.swatch is None
    indent = 0.0 if bare else 27.0 * scale * sizes["legend"] / 13.0
    left, most = left + indent, wide - indent
    weight = 600 if entry.strong else 400
    lines = evened(entry.label, size, most, weight=weight)
    label = block("legend", lines, x=left, top=y, size=size, colour=ink.ink, weight=weight)
    items: list[Item] = [
        *_sample(entry, left - indent * 0.58, y + size * 0.5, scale * sizes["legend"] / 13.0),
        roomy(label, most),
    ]
    height = label.box.bottom - y
    if entry.note:
        note = _noted(entry, label, most, soft, ink)
        items.append(note)
        height = max(height, note.box.bottom - y)
    if entry.sizes:
        drawn, tall = _sizes(entry, left, y + height + soft / 2, most, soft, ink)
        items += drawn
        height += soft / 2 + tall
    return items, y + height - top


def _sizes(entry, left, top, most, size, ink) -> tuple[list[Item], float]:
    """Set circles side by side, the largest first, as many as have room; give their height."""
    items: list[Item] = []
    tall = max(size, entry.sizes[0][0].diameter)
    x, y = left, top + tall / 2
    for sign, said in entry.sizes:
        after = x + sign.diameter + size * 0.4
        words = block("legend-soft", said, x=after, top=y - (ASCENT - 0.325) * size, size=size,
                      colour=ink.soft)  # fmt: skip
        if items and words.box.right > left + most:
            break
        radius = sign.diameter / 2
        home = (x + radius, y)
        items += [Symbol(f"legend:size:{said}", "legend", *home, radius, (sign,), said, home=home)]
        items.append(words)
        x = words.box.right + size
    return items, tall


def _noted(entry: Entry, label: Text, most: float, size: float, ink: Inks) -> Text:
    """Set the note of a row where its label ends, or below when it finds no room there."""
    last, gap = label.lines[-1], label.size * 0.5
    whole = widest_of(last, label.size) + gap + widest_of(entry.note, size)
    if whole <= most and (entry.beside or not entry.strong):
        after = width_of(last, label.size) + gap
        note = block("legend-soft", entry.note, x=label.x + after, top=label.last - 0.75 * size,
                     size=size, colour=ink.soft)  # fmt: skip
    else:
        note = block("legend-soft", entry.note, x=label.x, top=label.box.bottom + 1, size=size,
                     colour=ink.soft, most=most)  # fmt: skip
    return replace(note, after=True)


def _sample(entry: Entry, x: float, y: float, scale: float) -> list[Item]:
    """Draw the sign or swatch of a row."""
    if entry.swatch is not None:
        box = Box(x - 11 * scale, y - 6 * scale, 22 * scale, 12 * scale)
        return [Area("key", rectangle(box), entry.swatch, entry.id, entry.label)]
    if not entry.signs:
        return []
    signs = tuple(replace(s, diameter=s.diameter * scale) for s in entry.signs)
    radius = print_style.signs_radius(signs)
    if radius > _WIDEST * scale:
        part = _WIDEST * scale / radius
        signs = tuple(replace(s, diameter=s.diameter * part) for s in signs)
        radius *= part
    return [Symbol(f"legend:{entry.id}", "legend", x, y, radius, signs, entry.label, home=(x, y))]


def key_items(
    rows: list[tuple[str, str]], *, box: Box, size: float, ink: Inks, least: float
) -> tuple[list[Item], float]:
    """Set the key of numbers in as many columns as its box holds.

    Parameters
    ----------
    rows
        (number, text); an empty number stands for a name that found no place at all.
    box
        Where.
    size
        Largest font size; smaller ones are tried, down to ``least`` points, then more columns.
    ink
        Colours.

    Returns
    -------
    tuple
        Items, and the height that they lack (0 when everything stands in the box).
    """
    items: list[Item] = []
    lack = least_lack = float("inf")
    for more in range(_MOST_COLUMNS):
        tried = size
        while True:
            drawn, bottom = _key(rows, box, tried, ink, more=more)
            lack = bottom - box.bottom
            if lack <= 0.5:
                return drawn, 0.0
            if tried <= least:
                break
            tried = max(tried - 0.25, least)
        if lack < least_lack:
            items, least_lack = drawn, lack
    return items, least_lack


def _key(rows, box: Box, size: float, ink: Inks, *, more: int) -> tuple[list[Item], float]:
    """Set the key at one size, in balanced columns; give the ordinate of its lowest side.

    ``more`` columns than the longest row asks for break long rows.
    """
    digits = max((widest_of(n, size, weight=600) for n, _ in rows), default=0) + size * 0.45
    longest = max((widest_of(t, size) for _, t in rows), default=0)
    columns = max(1, int((box.width + 8) // (digits + longest + 8)))
    most = max(columns, int((box.width + 8) // (digits + _LEAST_COLUMN * size + 8)))
    columns = min(columns + more, most, _MOST_COLUMNS, len(rows) or 1)
    wide = (box.width - 8 * (columns - 1)) / columns
    items: list[Item] = []
    step = size * 1.2
    blocks = [
        (
            n,
            block(
                "key",
                t,
                x=0,
                top=0,
                size=size,
                colour=ink.ink,
                most=wide - digits,
                leading=1.08,
                measure=widest_of,
            ),
        )
        for n, t in rows
    ]
    heights = [step + (len(b.lines) - 1) * size * 1.08 for _, b in blocks]
    target = _target(heights, columns, float("inf"))
    column, y, lowest = 0, box.top, box.top
    for (n, text), height in zip(blocks, heights, strict=True):
        if y > box.top and y - box.top + height > target + 0.1 and column < columns - 1:
            column, y = column + 1, box.top
        left = box.left + column * (wide + 8)
        if n:
            items.append(
                block(
                    "number",
                    n,
                    x=left + digits - size * 0.45,
                    top=y,
                    size=size,
                    colour=ink.ink,
                    weight=600,
                    align="end",
                )
            )
        said = block(
            "key", text.lines, x=left + digits, top=y, size=size, colour=ink.ink, leading=1.08
        )
        items.append(roomy(said, wide - digits))
        y += height
        lowest = max(lowest, y)
    return items, lowest
