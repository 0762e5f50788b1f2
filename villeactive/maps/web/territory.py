"""The territory to which a selection holds a map: what is framed, outlined, counted there."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
import pandas as pd
import shapely

from villeactive.atlas import Atlas
from villeactive.facet_index import columns_of
from villeactive.geography.referential import (
    read_communes,
    read_departements,
    read_fine_outlines,
    read_outlines,
)
from villeactive.maps.scene.extent import KINDS, Extent, zone_at
from villeactive.programmes import known_programmes
from villeactive.selection import Selection

Box = tuple[tuple[float, float], tuple[float, float]]

_DIGITS = 3
"""Of degrees: about 100 m."""

_STEPS = 1000
"""Parts of an EPCI's width that its outline tells: about the pixels of the frame."""


@dataclass(frozen=True)
class Land:
    """What the map of the screen frames and outlines.

    Attributes
    ----------
    kind, codes
        ``region``, ``departement`` or ``epci``, and its codes, sorted.
    box
        ``((south, west), (north, east))``, degrees; None frames the métropole: the territories
        lie in several zones of France.
    """

    kind: str
    codes: tuple[str, ...]
    box: Box | None

    def told(self) -> list:
        """Write it for ``territory.js``."""
        return [self.kind, self.codes, self.box]

    def shape(self) -> dict | None:
        """Give the outline of EPCI as GeoJSON; the browser holds that of the other kinds.

        Those of its layer of EPCI are too coarse for a frame that one EPCI fills.
        """
        return _epci_shape(self.codes) if self.kind == "epci" else None


@dataclass(frozen=True)
class Territory:
    """Where the filters of a selection hold a map.

    Attributes
    ----------
    land
        What is framed: the territories of the smallest kind that is asked for.
    departements
        Codes of those where the régions and départements asked for lie; None without any.
    communes
        Labelled communes of the EPCI asked for, which the browser cannot tell; None without any.
    towns
        Programme → number of its communes there, zeros included.
    """

    land: Land | None
    departements: tuple[str, ...] | None = None
    communes: tuple[str, ...] | None = None
    towns: tuple[tuple[str, int], ...] = ()

    def bounds(self) -> dict[str, tuple[str, ...]]:
        """Write which labelled towns stand there, for ``territory.js``: those of all its keys."""
        both = {"departements": self.departements, "communes": self.communes}
        return {name: codes for name, codes in both.items() if codes is not None}


def territory_of(selection: Selection, atlas: Atlas) -> Territory | None:
    """Tell where the régions, départements and EPCI of a selection hold a map; None without any."""
    within = tuple(
        (k, tuple(sorted(getattr(selection, k)))) for k in KINDS if getattr(selection, k)
    )
    if not within:
        return None
    communes = columns_of(atlas.communes)
    here = np.all([communes.has(kind, codes) for kind, codes in within], axis=0)
    carriers = communes.counts("programmes", here)
    kind, codes = within[-1]
    return Territory(
        land=Land(kind, codes, _box(kind, codes)),
        departements=_departements(selection),
        communes=_labelled(selection, atlas),
        towns=tuple((code, carriers.get(code, 0)) for code in known_programmes()),
    )


def framed(selection: Selection, extent: Extent | None, atlas: Atlas) -> Territory | None:
    """Tell where a file holds its map: the extent that is asked for, else that of its filters.

    France asked for frames the métropole, and outlines the territory of the filters.
    """
    if extent and extent.is_territory:
        return territory_of(Selection(**{extent.kind: (extent.code,)}), atlas)
    own = territory_of(selection, atlas)
    if own and extent and extent.kind == "france":
        return replace(own, land=replace(own.land, box=None))
    return own


def _departements(selection: Selection) -> tuple[str, ...] | None:
    """Give the départements where the régions and départements of a selection lie."""
    if not selection.region and not selection.departement:
        return None
    return tuple(
        code
        for code, region in _parents()
        if (not selection.region or region in selection.region)
        and (not selection.departement or code in selection.departement)
    )


@cache
def _parents() -> tuple[tuple[str, str], ...]:
    """Give each département with its région, région by région: a list of them compresses better."""
    regions = read_departements()["region"]
    return tuple(sorted(regions.items(), key=lambda one: (one[1], one[0])))


def _labelled(selection: Selection, atlas: Atlas) -> tuple[str, ...] | None:
    """Give the labelled communes of the EPCI of a selection."""
    if not selection.epci:
        return None
    return tuple(atlas.towns.index[columns_of(atlas.towns).has("epci", selection.epci)])


def _box(kind: str, codes: tuple[str, ...]) -> Box | None:
    """Give the extent of territories that lie in one zone of France."""
    shapes = _outlines("epci" if kind == "epci" else f"{kind}s")
    some = [shapes[code] for code in codes]
    if len({zone_at(*shape.representative_point().coords[0]) for shape in some}) > 1:
        return None
    west, south, east, north = shapely.total_bounds(some).round(_DIGITS)
    return (float(south), float(west)), (float(north), float(east))


@lru_cache(64)
def _epci_shape(codes: tuple[str, ...]) -> dict:
    """Unite the communes of EPCI, as finely as a frame shows them."""
    communes = read_communes()
    own = communes[communes["epci"].isin(codes)]
    fine = pd.concat([read_fine_outlines(code) for code in sorted(set(own["departement"]))])
    whole = shapely.union_all(fine.geometry[fine["code"].isin(own.index)].to_numpy())
    west, south, east, north = whole.bounds
    light = whole.simplify(max(east - west, north - south) / _STEPS)
    return shapely.geometry.mapping(shapely.transform(light, lambda points: points.round(4)))


@cache
def _outlines(level: str) -> dict[str, shapely.Geometry]:
    """Give code → outline of a level."""
    frame = read_outlines(level)
    return dict(zip(frame["code"], frame.geometry, strict=True))
