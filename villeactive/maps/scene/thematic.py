"""Areas and circles that carry figures: Territoires d'industrie, shares, totals by territory."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from villeactive import programmes
from villeactive.atlas import Atlas
from villeactive.maps.scene import map_content, print_style
from villeactive.maps.scene.declutter import spread
from villeactive.maps.scene.extent import Extent
from villeactive.maps.scene.ground import outlines, page_rings
from villeactive.maps.scene.map_content import Content
from villeactive.maps.scene.spec import Area, MapSpec, Sign, Symbol, Text
from villeactive.maps.scene.windows import Window
from villeactive.maps.symbols import circle
from villeactive.text import NBSP, enumeration, number, typographic
from villeactive.typography.font_metrics import ASCENT, block, width_of

BREAKS = (0.10, 0.20, 0.30, 0.40)
"""Bounds of the classes of a share."""


def territories(window: Window, spec: MapSpec) -> dict[str, list[Area]]:
    """Draw the Territoires d'industrie of a window: programme code → areas."""
    found: dict[str, list[Area]] = {}
    for code in programmes.territories():
        programme = programmes.known_programmes()[code]
        if programme.drawn_layer not in spec.layers:
            continue
        style = print_style.territory_style(code, spec.style)
        known = outlines(f"territoires_industrie:{programme.phase}", window.zone)
        found[code] = [
            Area("territory", rings, style, ti, typographic(name))
            for ti, (name, shape) in known.items()
            if (rings := page_rings(shape, window.view))
        ]
    return found


@dataclass(frozen=True, eq=False)
class Shares:
    """Share of each département's population that lives in a labelled commune (0 to 1)."""

    parts: dict[str, float]
    named: str

    def rank(self, code: str) -> int:
        """Give the class of a département, 0 to 4."""
        return int(np.searchsorted(BREAKS, self.parts.get(code, 0.0), side="right"))

    def classes(self) -> list[tuple[int, str, int]]:
        """Give class, words and number of départements, lowest first."""
        ranks = [self.rank(code) for code in self.parts]
        percents = [f"{number(b * 100)}" for b in BREAKS]
        words = [f"moins de {percents[0]}{NBSP}%"]
        words += [f"{a} à {b}{NBSP}%" for a, b in zip(percents[:-1], percents[1:], strict=True)]
        words.append(f"{percents[-1]}{NBSP}% et plus")
        return [(r, text, ranks.count(r)) for r, text in enumerate(words)]


def shares(content: Content, atlas: Atlas, extent: Extent) -> Shares:
    """Compute the shares, for the programmes of the town layers, else those drawn at first."""
    codes = content.programmes or programmes.drawn_at_first()
    communes = map_content.within(pd.DataFrame(atlas.communes), extent)
    holds = [not set(codes).isdisjoint(carried) for carried in communes["programmes"]]
    population = communes["population"].astype(float)
    total = population.groupby(communes["departement"]).sum()
    inside = population.where(holds, 0.0).groupby(communes["departement"]).sum()
    named = enumeration([programmes.known_programmes()[c].short for c in codes], last="ou")
    return Shares((inside / total).to_dict(), named)


def shaded(areas: list[Area], found: Shares, spec: MapSpec) -> list[Area]:
    """Repaint départements by their class; faded ones stay as they are."""
    return [
        Area(
            "share",
            area.rings,
            print_style.share_style(found.rank(area.code), spec.style),
            area.code,
            f"{area.name}{NBSP}: {number(found.parts[area.code] * 100)}{NBSP}%",
        )
        if area.role == "departement" and area.code in found.parts
        else area
        for area in areas
    ]


def counted_rows(content: Content) -> tuple[pd.DataFrame, str]:
    """Give the rows that circles count: labelled towns when asked for, else projects."""
    if content.programmes:
        return content.towns, "communes"
    return content.sites.drop_duplicates(["project", "departement"]), "projets"


def totals(content: Content, level: str) -> dict[str, int]:
    """Count towns or projects by région or département."""
    rows, what = counted_rows(content)
    if what == "projets":
        rows = rows.drop_duplicates(["project", level])
    return {str(code): int(count) for code, count in rows[level].value_counts().items()}


def circles(
    window: Window, content: Content, *, level: str, spec: MapSpec, scale: float
) -> tuple[list[Symbol], list[Text]]:
    """Draw proportional circles with their numbers.

    Parameters
    ----------
    window
        Where.
    content
        What is counted.
    level
        ``region`` or ``departement``.
    spec
        Style.
    scale
        Factor on radii.

    Returns
    -------
    tuple
        Symbols (area proportional to the count) and texts.
    """
    found = totals(content, level)
    most = max(found.values(), default=1)
    known = outlines(f"{level}s", window.zone)
    here = [code for code in known if found.get(code)]
    if not here:
        return [], []
    points = np.array(
        [shapely.get_coordinates(known[c][1].representative_point())[0] for c in here]
    )
    homes = window.view.to_page(points)
    paint = circle()
    largest = paint.radii[level]
    radii = np.array([max(paint.least, largest * (found[c] / most) ** 0.5) for c in here])
    radii *= scale
    places = spread(homes, radii, weights=np.ones(len(here)))
    style, ink = print_style.circle_style(spec.style), print_style.inks(spec.style)
    drawn, words = [], []
    for code, home, place, radius in zip(here, homes, places, radii, strict=True):
        name = f"{typographic(known[code][0])}{NBSP}: {number(found[code])}"
        sign = Sign("circle", 2 * float(radius), style)
        symbol = Symbol(f"circle:{code}", "circle", 0, 0, float(radius), (sign,), name)
        drawn.append(map_content.placed(symbol, *place, home))
        words.append(_figure(number(found[code]), place, float(radius), ink.ink, ink.halo))
    return drawn, words


def _figure(said: str, place: np.ndarray, radius: float, colour: str, halo: str) -> Text:
    """Write a total in its circle, or at its right when the circle is too small to hold it."""
    size = float(np.clip(radius * 0.9, 8.0, 13.0))
    inside = width_of(said, size, weight=600) < 1.7 * radius
    x = float(place[0]) + (0.0 if inside else radius + 2.0)
    top = float(place[1]) - (2 * ASCENT - 0.65) * size / 2
    align = "middle" if inside else "start"
    return block(
        "number", said, x=x, top=top, size=size, colour=colour, weight=600, align=align,
        halo=None if inside else halo,
    )  # fmt: skip
