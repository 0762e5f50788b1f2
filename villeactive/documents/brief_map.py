"""The native map of a brief: a town, those like it as numbers, and the projects as signs."""

import numpy as np
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.collections.collection import Taxonomy
from villeactive.documents.brief import Note
from villeactive.maps.scene import extent as extents
from villeactive.maps.scene.extent import DROM
from villeactive.maps.scene.ground import departements_of, ground, outlines, rectangle, zone_bounds
from villeactive.maps.scene.layout import LEAST, LEAST_KEY, layout
from villeactive.maps.scene.map_content import (
    placed,
    plain,
    points_of,
    site_scale,
    site_symbols,
    zone_of,
)
from villeactive.maps.scene.marginalia import inset_frame, masks
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.similar_towns_map import aside
from villeactive.maps.scene.spec import (
    LAYERS,
    Area,
    Box,
    Item,
    Label,
    Line,
    MapSpec,
    Sign,
    Style,
    Symbol,
    View,
)
from villeactive.typography.font_metrics import block
from villeactive.typography.text_fit import fitted

_PAGE, _INK = layout("brief"), inks("light")
_BADGE = 8.0
"""Radius of a number, points."""
_WIDE, _TALL, _GAP = 86.0, 58.0, 9.0
"""Of an inset, points."""


def brief_map(note: Note, atlas: Atlas, spec: MapSpec) -> dict[str, list[Item]]:
    """Draw the town, those like it as numbers, and the projects as signs.

    Parameters
    ----------
    note
        What the brief says.
    atlas
        The whole atlas.
    spec
        Style; the layout is ``brief``.

    Returns
    -------
    dict
        Layer id → items; ``legende`` holds the key.
    """
    towns = plain(atlas.communes.loc[[note.code_insee, *note.alike]])
    own = towns["departement"].iloc[0]
    views = _views(towns, note, own if own in DROM else "metropole")
    shown = None
    if note.same_region and "metropole" in views:
        shown = departements_of("region", towns["region"].iloc[0])
    layers: dict[str, list[Item]] = {name: [] for name in LAYERS}
    for zone, view in views.items():
        layers["fond"].append(Area("sea", rectangle(view.frame), Style(fill=_INK.sea), view.name))
        for name, areas in ground(view, zone, _INK, shown=shown if view.name == "main" else None
                                  ).items():  # fmt: skip
            layers[name] += areas
        if view.name != "main":
            frame, title = inset_frame(view, _PAGE, _INK)
            layers["regions"].append(frame)
            layers["etiquettes"].append(title)
        _mark(view, zone, towns, layers)
        _sign(view, zone, plain(note.sites), layers, spec, atlas.taxonomy)
    layers["regions"] += masks(_PAGE, _INK)
    panel = _PAGE.panel
    words = " ".join(note.told["map_key"] if layers["projets"] else note.told["map_key"][:1])
    key = fitted("key", words, Box(panel.left + 8, panel.bottom + 7, 250, 36),
                 sizes=(LEAST,), colour=_INK.soft)  # fmt: skip
    layers["legende"].append(key)
    return layers


def _views(towns: pd.DataFrame, note: Note, own: str) -> dict[str, View]:
    """Open the windows by zone: the métropole, or else the town's own land, then the others."""
    held = {*zone_of(towns["departement"]), *zone_of(note.sites["departement"])}
    if note.same_region:
        held = {own}
    main = "metropole" if "metropole" in held else own
    others = [zone for zone in DROM if zone in held and zone != main]
    panel, inside = _PAGE.panel, _PAGE.map_frame
    rows = -(-len(others) // 3)
    step = _TALL + 22
    inside = Box(inside.left, inside.top, inside.width, inside.height - rows * step)
    bounds = zone_bounds(main)
    if note.same_region and main == "metropole":
        bounds = np.array(outlines("regions", main)[towns["region"].iloc[0]][1].bounds)
    views = {main: extents.fit("main", "", main, bounds, inside=inside, frame=panel)}
    for rank, zone in enumerate(others):
        row, column = divmod(rank, 3)
        left, top = inside.left + column * (_WIDE + _GAP), panel.bottom + 12 - (rows - row) * step
        box = Box(left, top, _WIDE, _TALL)
        name = outlines("departements", zone)[zone][0]
        bounds = zone_bounds(zone)
        views[zone] = extents.fit(zone, name, zone, bounds, inside=box.inset(6), frame=box)
    return views


def _mark(view: View, zone: str, towns: pd.DataFrame, layers: dict[str, list[Item]]) -> None:
    """Draw the towns of a window as numbers, which step aside rather than hide one another."""
    ranks = np.flatnonzero(zone_of(towns["departement"]) == zone)
    homes = view.to_page(extents.project(points_of(towns.iloc[ranks]), zone))
    radius = _BADGE if view.name == "main" else _BADGE * 0.85
    line, fill = Style(stroke=_INK.ink, width=0.8), Style(fill=_INK.ink)
    badge = Style(fill=_INK.paper, stroke=_INK.ink, width=1.0)
    taken = [home for rank, home in zip(ranks, homes, strict=True) if rank == 0]
    numbers: list[Symbol] = []
    last: list[Symbol] = []
    for rank, home in zip(ranks, homes, strict=True):
        row = towns.iloc[rank]
        name, code = row["name"], towns.index[rank]
        if rank == 0:
            signs = (Sign("circle", 2 * radius, Style(fill=_INK.paper, stroke=_INK.ink, width=2.2)),
                     Sign("circle", radius, fill))  # fmt: skip
            last = [Symbol(code, "town", *home.tolist(), radius, signs, f"Votre ville, {name}")]
            continue
        x, y = spot = aside(home, taken, view.frame, radius)
        taken.append(spot)
        if np.hypot(*(spot - home)) > 1:
            layers["villes"].append(Line("leader", np.array([home, spot]), line))
            place = (Sign("circle", radius / 2, fill),)
            layers["villes"].append(Symbol(f"place:{code}", "place", *home.tolist(), radius / 4,
                                           place, name))  # fmt: skip
        numbers.append(Symbol(code, "town", x, y, radius, (Sign("circle", 2 * radius, badge),),
                              f"{rank} {name}"))  # fmt: skip
        size = max(LEAST_KEY, radius * 1.15)
        layers["etiquettes"].append(Label(code, block(
            "number", str(rank), x=x, top=y - size * 0.5, size=size, colour=_INK.ink, weight=600,
            align="middle",
        )))  # fmt: skip
    layers["villes"] += [*numbers, *last]


def _sign(
    view: View,
    zone: str,
    sites: pd.DataFrame,
    layers: dict[str, list[Item]],
    spec: MapSpec,
    taxonomy: Taxonomy,
) -> None:
    """Draw the projects that a window shows, at their true places."""
    here = sites[zone_of(sites["departement"]) == zone]
    homes = view.to_page(extents.project(points_of(here), zone))
    symbols = site_symbols(here, taxonomy, style=spec.style, scale=site_scale(view.name))
    box = view.frame.inset(_BADGE / 2)
    layers["projets"] += [
        placed(symbol, x, y, np.array([x, y]))
        for symbol, (x, y) in zip(symbols, homes.tolist(), strict=True)
        if box.left <= x <= box.right and box.top <= y <= box.bottom
    ]
