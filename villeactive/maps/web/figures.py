"""What circles of the web map stand for when the server tells their figures: euros, a fixed level.

The sums are those of every map (``analysis.figures``). Words and names leave in base64, and land
through ``textContent`` (``figures.js``).
"""

import base64
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from villeactive.analysis import figures
from villeactive.atlas import Atlas
from villeactive.filtering import Applied
from villeactive.layers import Group, read_group
from villeactive.maps.scene.extent import DROM
from villeactive.maps.web.circle_groups import anchors
from villeactive.text import compact_json, number, plural, short_euros, typographic
from villeactive.wording import figures as wording

BY_ZOOM = ("region", "departement")
"""Levels that follow the zoom."""

MOST = 1_000
"""Circles of a level: a browser is not sent more."""


def group_state(code: str | None, applied: Applied, atlas: Atlas) -> dict:
    """Write what circles stand for, for the state of the map.

    Parameters
    ----------
    code
        As in an address (:func:`villeactive.layers.read_group`); None, or what is unknown, lets
        the browser decide.
    applied, atlas
        A selection applied, and its atlas.

    Returns
    -------
    dict
        ``group``: ``projects``, ``towns``, ``none``, ``euros`` or None. ``figures``, when the
        server tells them: base64 of ``{fixed, levels, overseas}``, see ``figures.js``.
    """
    asked = read_group(code, atlas.own_columns)
    if asked is None or not asked.is_told:
        return {"group": asked and asked.what}
    levels = BY_ZOOM if not asked.level else (asked.level,)
    there = figures.located(applied)
    made = {
        "fixed": bool(asked.level),
        "levels": {level: _level(asked, level, there, atlas) for level in levels},
        "overseas": _overseas(_level(asked, "region", there, atlas), atlas) if asked.slug else [],
    }
    text = compact_json(made)
    return {"group": asked.what, "figures": base64.b64encode(text.encode()).decode("ascii")}


def _level(asked: Group, level: str, there: tuple, atlas: Atlas) -> dict:
    """Tell the circles of a level: title, notes, sizes for the legend, rows."""
    if asked.slug:
        column = atlas.own_columns[asked.slug]
        sums = figures.summed(*there, column, level)
        title, notes, say = wording.title(level, column.header), wording.parts(sums), short_euros
        values, projects = sums.euros, sums.projects
    else:
        sites, _ = there
        values = projects = figures.counted(sites, level)
        title, say = wording.title(level), number
        notes = wording.shared(values, sites["project"].nunique())
    drawn = sorted((code for code, value in values.items() if value > 0), key=lambda c: -values[c])
    if rest := drawn[MOST:]:
        left = say(sum(values[code] for code in rest))
        notes = [*notes, f"{left} dans {number(len(rest))} autres territoires, sans cercle"]
    drawn = drawn[:MOST]
    places = _places(drawn, level, atlas)
    rows = [
        [code, values[code], say(values[code]), plural(projects[code], "projet"), *place]
        for code, place in zip(drawn, places, strict=True)
    ]
    return {"title": title, "notes": notes, "sizes": _sizes(values.values(), say), "rows": rows}


def _places(codes: Sequence[str], level: str, atlas: Atlas) -> list[tuple]:
    """Give name, lon and lat of territories that the map cannot know by its own files."""
    if level in BY_ZOOM:  # divisions.json has them
        return [()] * len(codes)
    if level == "town":
        towns = pd.DataFrame(atlas.communes).loc[list(codes), ["name", "lon", "lat"]]
        found = list(towns.itertuples(index=False, name=None))
    else:
        found = [(atlas.epci[code], *anchors(level)[code]) for code in codes]
    return [(typographic(name), round(lon, 4), round(lat, 4)) for name, lon, lat in found]


def _sizes(values: Iterable[float], say: Callable[[float], str]) -> list[list]:
    """Give round values for the legend, largest first."""
    return [[step, say(step)] for step in figures.round_values(max(values, default=0))]


def _overseas(level: dict, atlas: Atlas) -> list[list]:
    """Place the totals of overseas régions: part of the largest, words, lon, lat."""
    regions = {atlas.departement_region[code] for code in DROM}
    most = max((row[1] for row in level["rows"]), default=1)
    return [
        [round(value / most, 4), said, *(round(float(one), 2) for one in anchors("region")[code])]
        for code, value, said, _ in level["rows"]
        if code in regions
    ]
