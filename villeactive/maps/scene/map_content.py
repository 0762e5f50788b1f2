"""What a drawn map holds: the layers asked for, cut to its extent, as symbols without a place."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from villeactive.analysis import figures
from villeactive.atlas import Atlas
from villeactive.collections.collection import Taxonomy
from villeactive.errors import UnknownValueError
from villeactive.filtering import Applied
from villeactive.layers import LEVELS
from villeactive.maps.scene import print_style
from villeactive.maps.scene.extent import DROM, PARIS, Extent
from villeactive.maps.scene.spec import MapSpec, Symbol
from villeactive.maps.symbols import theme_symbol
from villeactive.programmes import known_programmes, labelled, territories
from villeactive.text import typographic

SHADED = ("region", "departement")
"""Levels of which euros per inhabitant are shaded."""

_KIND_SCALE = {"inset": 0.72, "main": 1.0}


@dataclass(frozen=True)
class Figures:
    """A layer of figures: ``circles`` or ``per-head``, of a level, of a column of euros or not."""

    code: str
    kind: str
    level: str
    slug: str = ""


def figures_of(layers: Iterable[str]) -> list[Figures]:
    """Read the layers of figures: ``circles:LEVEL[:SLUG]``, ``per-head:LEVEL:SLUG``."""
    found = []
    for code in layers:
        kind, _, rest = code.partition(":")
        if kind in ("circles", "per-head"):
            level, _, slug = rest.partition(":")
            found.append(Figures(code, kind, level, slug))
    return found


def known_layers(atlas: Atlas | None = None) -> tuple[str, ...]:
    """Give every layer that a map may show; with an atlas, those of its columns of euros too."""
    carried = [known_programmes()[code].drawn_layer for code in (*labelled(), *territories())]
    euros = [slug for slug, one in atlas.own_columns.items() if one.euros] if atlas else []
    circles = [f"circles:{level}" for level in LEVELS]
    money = [f"{circle}:{slug}" for slug in euros for circle in circles]
    money += [f"per-head:{level}:{slug}" for slug in euros for level in SHADED]
    return ("projects", "mentions", *carried, *circles, "share:departement", *money)


def check_layers(layers: tuple[str, ...], atlas: Atlas) -> None:
    """Hold the layers of a map against the known ones.

    Raises
    ------
    UnknownValueError
        A layer is unknown; the nearest are given.
    """
    shared = known_layers()
    for name in layers:
        # the columns of a table are read for a layer of theirs alone
        if name not in shared and name not in (known := known_layers(atlas)):
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or list(known)
            raise UnknownValueError("Couche", name, near)


def completed(spec: MapSpec) -> MapSpec:
    """Add what the layers imply: figures that count no town are of the projects."""
    figures = figures_of(spec.layers)
    towns = any(name.startswith("towns:") for name in spec.layers)
    money = any(one.slug for one in figures)
    if not figures or (towns and not money) or "projects" in spec.layers:
        return spec
    return replace(spec, layers=("projects", *spec.layers))


@dataclass(frozen=True, eq=False)
class Content:
    """Rows that a map shows; points are columns ``lon, lat`` (EPSG:4326).

    Attributes
    ----------
    taxonomy
        Themes and kinds of the atlas.
    sites, mentions
        Rows of ``applied.sites`` inside the extent.
    towns
        Labelled communes inside the extent, with ``shown``: the programmes drawn.
    elsewhere
        How many projects have no site inside the extent.
    unplaced
        Id → collection of the projects that have no site at all.
    programmes
        Programmes of the town layers, vocabulary order.
    """

    taxonomy: Taxonomy
    sites: pd.DataFrame
    mentions: pd.DataFrame
    towns: pd.DataFrame
    elsewhere: int
    unplaced: Mapping[str, str]
    programmes: tuple[str, ...]

    @property
    def unlocated(self) -> int:
        """How many projects have no site at all."""
        return len(self.unplaced)

    @property
    def n_projects(self) -> int:
        """Distinct projects shown."""
        return int(self.sites["project"].nunique())

    @property
    def n_towns(self) -> int:
        """Distinct communes of the sites that match; those drawn faded are not counted."""
        matching = self.sites[self.sites["matches"]] if "matches" in self.sites else self.sites
        return int(matching["code_insee"].nunique())


def plain(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give points as columns ``lon, lat, zone`` of an ordinary frame, much quicker to cut."""
    table = pd.DataFrame(frame.drop(columns="geometry"))
    points = shapely.get_coordinates(frame.geometry.values)
    zones = pd.Series(zone_of(table["departement"]), index=table.index, dtype=object)
    return table.assign(lon=points[:, 0], lat=points[:, 1], zone=zones)


def points_of(frame: pd.DataFrame) -> np.ndarray:
    """Give lon, lat (n × 2, decimal degrees) of a frame that :func:`plain` made."""
    # asked for both at once, pandas makes a frame of them first: six times slower
    return np.column_stack([frame["lon"], frame["lat"]]).astype(float)


def within(frame: pd.DataFrame, extent: Extent) -> pd.DataFrame:
    """Keep the rows of a territory; all of them when the extent is none."""
    return frame[frame[extent.kind] == extent.code] if extent.is_territory else frame


def content(
    applied: Applied,
    towns: gpd.GeoDataFrame,
    taxonomy: Taxonomy,
    *,
    spec: MapSpec,
    extent: Extent,
) -> Content:
    """Choose what a map shows.

    Parameters
    ----------
    applied
        A selection applied.
    towns
        Labelled communes that the selection leaves (all of them by default elsewhere).
    taxonomy
        Themes and kinds of the atlas.
    spec
        Layers.
    extent
        Rows outside are left out, and counted.
    """
    every = plain(applied.sites[applied.sites["scale"].notna()])
    counted = every["counted"].to_numpy()
    none = every.iloc[:0]
    wanted = "projects" in spec.layers
    asked = every[counted] if wanted else none
    cited = every[~counted] if "mentions" in spec.layers else none
    sites = within(asked, extent)
    programmes = tuple(c for c in labelled() if known_programmes()[c].drawn_layer in spec.layers)
    return Content(
        taxonomy=taxonomy,
        sites=sites,
        mentions=within(cited, extent),
        towns=_towns(within(plain(towns), extent), programmes),
        elsewhere=len(set(asked["project"]) - set(sites["project"])),
        unplaced=figures.located(applied)[1] if wanted else {},
        programmes=programmes,
    )


def named_programmes(content: Content, spec: MapSpec) -> frozenset[str]:
    """Give the programmes whose towns are named, however many these are.

    The first one stands for the others where several are drawn: so many names more would serve
    nobody, who may ask for all of them.
    """
    drawn = content.programmes
    if spec.labels in {"titles", "none"} or (spec.labels == "numbers" and len(content.sites)):
        return frozenset()
    return frozenset(drawn if spec.labels == "all" else drawn[:1])


def _towns(towns: pd.DataFrame, programmes: tuple[str, ...]) -> pd.DataFrame:
    """Keep the towns that carry a programme to draw."""
    shown = [tuple(c for c in programmes if c in carried) for carried in towns["programmes"]]
    kept = towns.assign(shown=pd.Series(shown, index=towns.index, dtype=object))
    return kept[np.array([bool(codes) for codes in shown], dtype=bool)]


def zone_of(departements: pd.Series) -> np.ndarray:
    """Give the zone of each département code (see :data:`villeactive.maps.scene.extent.ZONES`)."""
    return departements.where(departements.isin(DROM), "metropole").to_numpy(dtype=object)


def in_paris(departements: pd.Series) -> np.ndarray:
    """Tell which rows lie in Paris or its inner ring."""
    return departements.isin(PARIS).to_numpy(dtype=bool)


_OF_SITES = [
    "project",
    "code_insee",
    "rank",
    "theme",
    "kind",
    "counted",
    "title",
    "town",
    "programmes",
]


def site_symbols(
    rows: pd.DataFrame, taxonomy: Taxonomy, *, style: str, scale: float
) -> list[Symbol]:
    """Make one symbol a site, at the origin, in row order.

    Parameters
    ----------
    rows
        Sites.
    taxonomy
        Themes and kinds of the atlas.
    style
        ``light`` or ``mono``.
    scale
        Factor on lengths.
    """
    made = []
    drawn = {}
    matches = rows["matches"] if "matches" in rows else pd.Series(data=True, index=rows.index)
    columns = [rows[name].to_numpy().tolist() for name in _OF_SITES]
    for project, code, rank, theme, kind, counted, title, town, programmes, match in zip(
        *columns, matches.tolist(), strict=True
    ):
        what = theme, kind, match
        if what not in drawn:  # thousands of sites have the same few signs
            shape = theme_symbol(taxonomy.themes.get(theme)).shape
            across = taxonomy.kinds[kind].size ** 0.5 * scale
            signs = print_style.theme_signs(
                theme, taxonomy, across, style, opacity=1.0 if match else 0.45
            )
            drawn[what] = print_style.reach(shape, across), signs
        radius, signs = drawn[what]
        made.append(
            Symbol(
                id=f"{project}@{code}#{rank}",
                role="project" if counted else "mention",
                x=0.0,
                y=0.0,
                radius=radius,
                signs=signs,
                name=typographic(f"{title}, {town}"),
                theme=theme,
                kind=kind,
                programmes=tuple(programmes),
                project=project,
                code_insee=code,
            )
        )
    return made


def town_symbols(rows: pd.DataFrame, *, style: str, factor: float) -> list[Symbol]:
    """Make one symbol a town, at the origin, in row order.

    Parameters
    ----------
    rows
        Towns, with ``shown``.
    style
        ``light`` or ``mono``.
    factor
        Points per unit of the marks' radius.
    """
    signs = {codes: print_style.town_signs(codes, factor, style) for codes in set(rows["shown"])}
    radii = {codes: print_style.signs_radius(drawn) for codes, drawn in signs.items()}
    columns = zip(rows.index, rows["name"], rows["shown"], strict=True)
    return [
        Symbol(
            id=str(code),
            role="town",
            x=0.0,
            y=0.0,
            radius=radii[codes],
            signs=signs[codes],
            name=typographic(name),
            programmes=codes,
            code_insee=str(code),
        )
        for code, name, codes in columns
    ]


def placed(symbol: Symbol, x: float, y: float, home: Sequence[float]) -> Symbol:
    """Put a symbol somewhere on the page."""
    # ``replace`` reads each of its fields by name: half a second for 35 000 symbols
    moved = object.__new__(Symbol)
    place = {"x": round(float(x), 2), "y": round(float(y), 2)}
    moved.__dict__.update(symbol.__dict__, **place, home=(float(home[0]), float(home[1])))
    return moved


MOST_NAMED = 120
"""Sites from which projects are not named: their symbols shrink, and no key could hold them."""


def site_scale(view: str, count: int = 0) -> float:
    """Give the factor of project symbols in a view: insets, and crowds, hold smaller ones."""
    crowd = min(1.0, max(0.3, (MOST_NAMED / max(count, 1)) ** 0.5))
    return _KIND_SCALE["main" if view in ("main", "paris") else "inset"] * crowd


def unnamed(spec: MapSpec, content: Content) -> MapSpec:
    """Name nothing where there are too many projects to name."""
    return replace(spec, labels="none") if len(content.sites) > MOST_NAMED else spec


def town_factor(count: int, view: str) -> float:
    """Give the points per unit of a town's mark: the fewer the towns, the larger."""
    if view != "main":
        return 0.5
    for most, factor in ((60, 0.85), (170, 0.7), (400, 0.56)):
        if count <= most:
            return factor
    return 0.4
