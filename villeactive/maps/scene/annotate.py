"""Write on a composed map: départements, names or numbers, the key, the legend, the title."""

from dataclasses import replace

from villeactive.maps.scene import label_text, legend, map_text
from villeactive.maps.scene.ground import rectangle
from villeactive.maps.scene.label_text import Name, Written
from villeactive.maps.scene.layout import LEAST_KEY
from villeactive.maps.scene.marginalia import banner
from villeactive.maps.scene.page_state import Draft
from villeactive.maps.scene.spec import Area, Box, Label, Style
from villeactive.text import plural
from villeactive.typography.font_metrics import block
from villeactive.typography.text_fit import roomy

_ROUNDS = 8
_EDGE = 6.0
_KEY_TITLE = "Sur la carte"
_MOST_NAMED = 24
"""Départements of a map that are named, when it shows no territory in particular."""


def draw_labels(draft: Draft) -> None:
    """Name départements, then symbols; a name that finds no place becomes a number."""
    frame, blocks = _label_frame(draft), list(draft.blocks)
    if draft.key_box:
        blocks.append(draft.key_box.inset(-10))
    blocks += _name_departements(draft, frame, blocks)
    if draft.spec.labels == "none":
        return
    towns, titles = _names(draft)
    names = {
        window.view.name: label_text.names_of(
            window,
            wanted=draft.spec.labels,
            page=draft.page,
            towns=towns,
            titles=titles,
            named=draft.named,
        )
        for window in draft.windows
    }
    _write(draft, names, frame, blocks)


def _name_departements(draft: Draft, frame: Box, blocks: list[Box]) -> list[Box]:
    """Name the départements of a région, or of a closer view; give the boxes they take."""
    units, _ = draft.shown_units
    if draft.extent.kind == "selection":
        seen = [a.code for a in draft.layers["departements"] if a.role == "departement"]
        units = frozenset(seen) if len(draft.windows) == 1 and len(seen) <= _MOST_NAMED else None
    elif draft.extent.kind != "region" or len(units or ()) < 2:
        units = None
    if not units:
        return []
    size = draft.page.sizes["territory"]
    named = label_text.territory_names(
        draft.windows[0], units, size=size, ink=draft.ink, frame=frame, blocks=blocks
    )
    draft.layers["etiquettes"] += named
    return [text.box for text in named]


def _names(draft: Draft) -> tuple[dict[str, str], dict[str, str]]:
    """Give the names of towns by code, and the titles of projects by id."""
    content = draft.content
    towns = content.towns["name"].to_dict()
    titles: dict[str, str] = {}
    for rows in (content.sites, content.mentions):
        towns |= dict(zip(rows["code_insee"], rows["town"], strict=True))
        titles |= dict(zip(rows["project"], rows["title"], strict=True))
    return towns, titles


def _label_frame(draft: Draft) -> Box:
    """Give where labels of the main window may stand: its panel, off the edges of the page."""
    page, panel = draft.page, draft.page.panel
    air = page.margin * 0.4
    left, right = max(panel.left + _EDGE, air), min(panel.right - _EDGE, page.width - air)
    top, bottom = max(panel.top + _EDGE, air), min(panel.bottom - _EDGE, page.height - air)
    return Box(left, top, right - left, bottom - top)


def _write(draft: Draft, names: dict[str, list[Name]], frame: Box, blocks: list[Box]) -> None:
    """Place names; of those that fail, towns give way, projects become numbers of the key."""
    everyone = [name for group in names.values() for name in group]
    failed = {n.id for n in everyone} if draft.spec.labels == "numbers" else set()
    memos: dict[str, dict] = {window.view.name: {} for window in draft.windows}
    for _ in range(_ROUNDS):
        pairs = label_text.numbered(
            [n for n in everyone if n.id in failed], size=draft.page.sizes["number"]
        )
        numbers = {name.id: number for name, number in pairs}
        written = _placed(draft, names, numbers, frame, blocks, memos)
        left = {n.id for w in written for n in w.left}
        if draft.content.n_projects:
            left -= {n.id for n in everyone if n.gives_way} - failed
        if left <= failed:
            break
        # titles and numbers on one map would be two ways to read it
        failed = {n.id for n in everyone} if draft.spec.labels == "titles" else failed | left
    draft.layers["etiquettes"] += [label for w in written for label in w.labels]
    found = [(number.lines[0], n.row) for n, number in pairs if n.id not in left]
    draft.key = found + [("", n.row) for n, _ in pairs if n.id in left]


def _placed(
    draft: Draft,
    names: dict[str, list[Name]],
    numbers: dict[str, Name],
    frame: Box,
    blocks: list[Box],
    memos: dict[str, dict],
) -> list[Written]:
    """Place the names and numbers of every window."""
    return [
        label_text.write(
            window,
            [numbers.get(n.id, n) for n in names[window.view.name]],
            frame=frame if window.view.name == "main" else window.view.frame.inset(1.5),
            blocks=blocks if window.view.name == "main" else [],
            ink=draft.ink,
            memo=memos[window.view.name],
        )
        for window in draft.windows
    ]


def draw_words(draft: Draft, *, last: bool) -> float:
    """Set title, subtitle, counts, legend and key; give the height that the key lacks.

    A key that lacks room asks for another page, with more of it; the ``last`` one sets the key
    smaller instead.
    """
    said = map_text.counts(
        draft.content, draft.spec, territories=sum(map(len, draft.territories.values()))
    )
    items, rest = banner(
        draft.title, draft.subtitle, said, page=draft.page, ink=draft.ink, logo=draft.spec.logo
    )
    draft.layers["titre"] += items
    box = draft.page.legend or rest
    rows, below = legend.set_legend(
        draft.entries,
        box=box,
        columns=draft.page.legend_columns,
        sizes=draft.page.sizes,
        ink=draft.ink,
    )
    draft.layers["legende"] += rows
    if not draft.key:
        return 0.0
    gap = draft.page.sizes["legend"] * 1.6
    room = Box(box.left, below + gap, box.width, box.bottom - below - gap)
    return _draw_key(draft, room, last=last)


def _draw_key(draft: Draft, room: Box, *, last: bool) -> float:
    """Set the key in the room under the legend, or in the box kept for it on the map."""
    size = draft.page.sizes["legend-soft"]
    box = draft.key_box or room
    head = block("section", _KEY_TITLE, x=box.left, top=box.top, size=size, colour=draft.ink.ink,
                 weight=600)  # fmt: skip
    low = head.box.bottom + 3
    box = replace(box, top=low, height=box.bottom - low)
    items, lack = legend.key_items(draft.key, box=box, size=size, ink=draft.ink, least=LEAST_KEY)
    kept = len(draft.key)
    while lack and last and kept > 1:
        kept -= max(1, kept // 16)
        rest = ("", f"… et {plural(len(draft.key) - kept, 'autre', 'autres')}")
        items, lack = legend.key_items(
            [*draft.key[:kept], rest], box=box, size=LEAST_KEY, ink=draft.ink, least=LEAST_KEY
        )
    _forget(draft, kept)
    if draft.key_box:
        paper = Style(fill=draft.ink.paper, opacity=0.94)
        low = max(item.box.bottom for item in items)
        ground = replace(draft.key_box, height=max(low, box.top) - draft.key_box.top)
        draft.layers["legende"].append(Area("panel", rectangle(ground.inset(-8)), paper))
    draft.layers["legende"] += [roomy(head, box.width), *items]
    return lack


def _forget(draft: Draft, kept: int) -> None:
    """Drop the last rows of a key, and their numbers from the map."""
    gone = {number for number, _ in draft.key[kept:]}
    draft.key = draft.key[:kept]
    draft.layers["etiquettes"] = [
        item
        for item in draft.layers["etiquettes"]
        if not (isinstance(item, Label) and item.text.words in gone)
    ]
