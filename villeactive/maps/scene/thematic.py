"""Areas and circles that carry figures: Territoires d'industrie, shares, totals by territory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely

from villeactive import programmes
from villeactive.analysis import figures
from villeactive.atlas import Atlas
from villeactive.layers import LEVELS
from villeactive.maps.scene import map_content, print_style
from villeactive.maps.scene.declutter import spread
from villeactive.maps.scene.extent import Extent, project, zone_at
from villeactive.maps.scene.ground import outlines, page_rings
from villeactive.maps.scene.map_content import Content
from villeactive.maps.scene.spec import Area, Box, MapSpec, Sign, Symbol, Text
from villeactive.maps.scene.windows import Window
from villeactive.maps.symbols import circle
from villeactive.text import NBSP, enumeration, number, short_euros, typographic
from villeactive.typography.font_metrics import ASCENT, block, width_of
from villeactive.wording import figures as wording

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
        words = _steps([number(bound * 100) for bound in BREAKS], "%")
        return [(r, text, ranks.count(r)) for r, text in enumerate(words)]


def _steps(bounds: list[str], unit: str) -> list[str]:
    """Say the classes that bounds part: « moins de 20 % », « 20 à 40 % »…; one without any."""
    if not bounds:
        return ["tous"]
    between = [f"{low} à {high}{NBSP}{unit}" for low, high in pairwise(bounds)]
    return [f"moins de {bounds[0]}{NBSP}{unit}", *between, f"{bounds[-1]}{NBSP}{unit} et plus"]


def shares(content: Content, atlas: Atlas, extent: Extent) -> Shares:
    """Compute the shares, for the programmes of the town layers, else those drawn at first."""
    codes = content.programmes or programmes.drawn_at_first()
    communes = map_content.within(pd.DataFrame(atlas.communes), extent)
    holds = [not set(codes).isdisjoint(carried) for carried in communes["programmes"]]
    population = communes["population"].astype(float)
    total = population.groupby(communes["departement"]).sum()
    inside = population.where(holds, 0.0).groupby(communes["departement"]).sum()
    named = enumeration(programmes.short_names(codes), last="ou")
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


@dataclass(frozen=True, eq=False)
class Measured:
    """What figures stand for: by territory of a level, how many, or how many euros.

    ``words`` and ``note`` explain them; ``euros`` tells what ``amounts`` are; ``points`` gives
    name, longitude and latitude of communes.
    """

    level: str
    amounts: dict[str, float]
    words: str
    note: str
    euros: bool = False
    points: dict[str, tuple[str, float, float]] = field(default_factory=dict)

    def said(self, value: float) -> str:
        """Write a value in a circle."""
        return short_euros(value) if self.euros else number(value)

    def radius(self, value: float) -> float:
        """Give the radius of the circle of a value, points at full size."""
        paint = circle()
        largest = paint.radii.get(self.level, paint.radii["departement"])
        return largest * (value / max(self.amounts.values())) ** 0.5

    def sizes(self, scale: float) -> list[tuple[float, str]]:
        """Give radius and words of two or three round values, for the legend, largest first.

        Each is well under the one before; those whose circles would be too small to be drawn as
        small as they say are left out. Nothing where one size says it all.
        """
        found: list[tuple[float, str]] = []
        for value in figures.round_values(max(self.amounts.values(), default=0)):
            radius = self.radius(value)
            if radius >= circle().least and (not found or radius <= _STEP * found[-1][0] / scale):
                found.append((radius * scale, self.said(value)))
        return found[:_SIZES] if len(found) > 1 else []


_SIZES, _STEP = 3, 0.6
"""Circles of a legend at most; radius of each in parts of that before."""


def measured(content: Content, atlas: Atlas, asked: map_content.Figures) -> Measured:
    """Count, or sum, by territory.

    Without a column of euros, circles count the labelled towns when some are asked for, else the
    projects. Euros are those of :func:`villeactive.analysis.figures.summed`.
    """
    if asked.slug:
        return _money(content, atlas, asked)
    if content.programmes:
        rows = content.towns.assign(code_insee=content.towns.index)
        counts = rows[figures.column_of(asked.level)].dropna().value_counts()
        words = f"Nombre de communes labellisées par {LEVELS[asked.level]}"
    else:
        counts = figures.counted(content.sites, asked.level)
        words = wording.title(asked.level)
    amounts = {str(code): float(n) for code, n in counts.items()}
    shared = [] if content.programmes else wording.shared(counts, content.n_projects)
    note = f"{NBSP}; ".join(["surface proportionnelle au nombre", *shared])
    return Measured(asked.level, amounts, words, note, points=_points(asked, amounts, atlas))


def _money(content: Content, atlas: Atlas, asked: map_content.Figures) -> Measured:
    """Sum the euros of a column by territory."""
    column = atlas.own_columns[asked.slug]
    sums = figures.summed(content.sites, content.unplaced, column, asked.level)
    words = wording.title(asked.level, column.header, per_head=asked.kind == "per-head")
    found = {code: value for code, value in sums.euros.items() if value}
    note, points = wording.whole(sums), _points(asked, found, atlas)
    return Measured(asked.level, found, words, note, euros=True, points=points)


def _points(
    asked: map_content.Figures, values: Iterable[str], atlas: Atlas
) -> dict[str, tuple[str, float, float]]:
    """Give where the circles of communes stand: their town halls."""
    if asked.level != "town":
        return {}
    rows = atlas.communes.loc[list(values), ["name", "lon", "lat"]]
    return {row.Index: (row.name, row.lon, row.lat) for row in rows.itertuples(name="Row")}


@dataclass(frozen=True, eq=False)
class Rates:
    """Euros per inhabitant by territory, in classes; ``bounds`` part them."""

    amounts: dict[str, float]
    bounds: tuple[float, ...]

    def rank(self, code: str) -> int:
        """Give the class of a territory, 0 to 4."""
        return int(np.searchsorted(self.bounds, self.amounts[code], side="right"))

    def classes(self) -> list[tuple[int, str, int]]:
        """Give class, words and number of territories, lowest first; empty ones are left out."""
        ranks = [self.rank(code) for code in self.amounts]
        words = _steps([_rate(bound) for bound in self.bounds], "€")
        return [(r, text, ranks.count(r)) for r, text in enumerate(words) if ranks.count(r)]


def per_head(found: Measured, level: str, atlas: Atlas) -> Rates:
    """Divide euros by the population of their territories; classes hold a fifth of them each."""
    people = atlas.communes.groupby(level)["population"].sum()
    values = {code: euros / people[code] for code, euros in found.amounts.items()}
    if not values:
        return Rates({}, ())
    cuts = np.quantile(list(values.values()), (0.2, 0.4, 0.6, 0.8))
    rounded = dict.fromkeys(float(f"{cut:.2g}") for cut in cuts)
    return Rates(values, tuple(cut for cut in rounded if cut > 0))


def _rate(value: float) -> str:
    return number(value, decimals=0 if value >= 10 or value == round(value) else 2)


def shaded_rates(
    areas: list[Area], found: Rates, level: str, atlas: Atlas, spec: MapSpec
) -> list[Area]:
    """Repaint départements by the class of their territory; without euros they stay as they are."""
    made = []
    for area in areas:
        code = atlas.departement_region.get(area.code) if level == "region" else area.code
        if area.role == "departement" and code in found.amounts:
            style = print_style.share_style(found.rank(code), spec.style)
            name = f"{area.name}{NBSP}: {_rate(found.amounts[code])}{NBSP}€ par habitant"
            area = Area("share", area.rings, style, area.code, name)
        made.append(area)
    return made


_OUTLINES = {"region": "regions", "departement": "departements", "epci": "epci"}


def circles(
    window: Window, found: Measured, *, spec: MapSpec, scale: float
) -> tuple[list[Symbol], list[Text]]:
    """Draw proportional circles with their figures.

    Parameters
    ----------
    window
        Where.
    found
        What they stand for.
    spec
        Style.
    scale
        Factor on radii.

    Returns
    -------
    tuple
        Symbols (area proportional to the value) and texts.
    """
    known = _anchors(found, window.zone)
    here = [code for code in known if found.amounts.get(code, 0) > 0]
    if not here:
        return [], []
    homes = window.view.to_page(np.array([known[code][1] for code in here]))
    least = circle().least
    radii = scale * np.array([max(least, found.radius(found.amounts[code])) for code in here])
    places = spread(homes, radii, weights=np.ones(len(here)))
    style, ink = print_style.circle_style(spec.style), print_style.inks(spec.style)
    drawn, words = [], []
    order = list(zip(here, homes, places, radii, strict=True))
    order.sort(key=lambda one: -one[3])
    for code, home, place, radius in order:
        said = found.said(found.amounts[code])
        name = f"{typographic(known[code][0])}{NBSP}: {said}"
        sign = Sign("circle", 2 * float(radius), style)
        symbol = Symbol(f"circle:{code}", "circle", 0, 0, float(radius), (sign,), name)
        drawn.append(map_content.placed(symbol, *place, home))
        figure = _figure(said, place, float(radius), ink.ink, ink.halo)
        # the largest first: what would be written over another is left to the legend of the page
        if not any(_meet(figure.box, other.box) for other in words):
            words.append(figure)
    return drawn, words


def _meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes share some room."""
    apart = one.right < other.left or other.right < one.left
    return not (apart or one.bottom < other.top or other.bottom < one.top)


def _anchors(found: Measured, zone: str) -> dict[str, tuple[str, np.ndarray]]:
    """Give name and place (metres of the zone) of the territories where circles may stand."""
    if found.level in _OUTLINES:
        return {
            code: (name, shapely.get_coordinates(shape.representative_point())[0])
            for code, (name, shape) in outlines(_OUTLINES[found.level], zone).items()
            if code in found.amounts
        }
    return {
        code: (name, project(np.array([[lon, lat]]), zone)[0])
        for code, (name, lon, lat) in found.points.items()
        if zone_at(lon, lat) == zone
    }


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
