"""What part of France a map shows, in which projection, and how it fits its frame."""

import difflib
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj

from villeactive.errors import UnknownValueError
from villeactive.geography.referential import (
    read_departements,
    read_epci,
    read_outlines,
    read_regions,
)
from villeactive.maps.scene.spec import Box, View
from villeactive.selection import Selection
from villeactive.text import fold
from villeactive.vocabulary import label

ZONES = {"metropole": 2154, "971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
"""Zone → EPSG code of its legal projection, in metres. Overseas zones are département codes."""

DROM = tuple(code for code in ZONES if code != "metropole")
REGION_OF = {"971": "01", "972": "02", "973": "03", "974": "04", "976": "06"}
PARIS = ("75", "92", "93", "94")
"""Paris and its inner ring."""

KINDS = ("region", "departement", "epci")
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Extent:
    """A part of France.

    Attributes
    ----------
    kind
        ``france``, ``region``, ``departement``, ``epci`` or ``selection``.
    code
        INSEE code or SIREN; empty for ``france`` and ``selection``.
    name
        French name of the territory; empty for ``france`` and ``selection``.
    zone
        Key of :data:`ZONES`: that of the main view.
    """

    kind: str
    code: str = ""
    name: str = ""
    zone: str = "metropole"

    @property
    def is_territory(self) -> bool:
        """Whether one territory fills the frame."""
        return self.kind in KINDS


def parse_extent(text: str) -> Extent:
    """Read ``france``, ``selection``, ``region:CODE``, ``departement:CODE``, ``epci:SIREN``.

    Raises
    ------
    UnknownValueError
        The kind or the code is unknown; the nearest ones are given.
    """
    kind, _, code = text.partition(":")
    if text in ("france", "selection"):
        return Extent(text)
    if kind not in KINDS or not code:
        likely = ["france", "selection", "region:53", "departement:29", "epci:242900314"]
        raise UnknownValueError("Emprise", text, likely)
    names = _names(kind)
    if code not in names:
        raise UnknownValueError(label("place_scales", kind), code, _nearest(code, names))
    return Extent(kind, code, names[code], _zone(kind, code))


def extent_of(selection: Selection) -> str:
    """Frame the one EPCI, département or région of a selection, else France.

    Returns
    -------
    str
        As :func:`parse_extent` reads it.
    """
    for kind in reversed(KINDS):
        codes = getattr(selection, kind)
        if len(codes) == 1:
            return f"{kind}:{codes[0]}"
    return "france"


def _names(kind: str) -> dict[str, str]:
    """Give code → name of a kind of territory."""
    readers = {"region": read_regions, "departement": read_departements, "epci": read_epci}
    names = readers[kind]()["name"].to_dict()
    if kind == "epci":
        drawn = set(read_outlines("epci")["code"])
        return {code: name for code, name in names.items() if code in drawn}
    return names


def _nearest(code: str, names: dict[str, str]) -> list[str]:
    """Give the codes that look or sound like what was asked."""
    folded = {fold(name): key for key, name in names.items()}
    close = difflib.get_close_matches(fold(code), [*folded, *names], n=3, cutoff=0.5)
    codes = [folded.get(c, c) for c in close]
    return [f"{c} ({names[c]})" for c in dict.fromkeys(codes)]


def _zone(kind: str, code: str) -> str:
    """Find the zone of a territory."""
    if kind == "departement":
        return code if code in ZONES else "metropole"
    if kind == "region":
        return next((zone for zone, region in REGION_OF.items() if region == code), "metropole")
    shape = read_outlines("epci").set_index("code").loc[code, "geometry"]
    return zone_at(*shape.representative_point().coords[0])


def zone_at(lon: float, lat: float) -> str:
    """Tell in which zone a point of France lies (decimal degrees)."""
    if lat > 30:
        return "metropole"
    if lat < -15:
        return "974"
    if lon > 0:
        return "976"
    if lat < 10:
        return "973"
    return "972" if lat < 15.2 else "971"


@cache
def transformer(zone: str) -> pyproj.Transformer:
    """Give the way from decimal degrees (lon, lat) to metres in a zone."""
    return pyproj.Transformer.from_crs(4326, ZONES[zone], always_xy=True)


def project(points: np.ndarray, zone: str) -> np.ndarray:
    """Project points.

    Parameters
    ----------
    points
        n × 2, lon and lat, decimal degrees (EPSG:4326).
    zone
        Key of :data:`ZONES`.

    Returns
    -------
    numpy.ndarray
        n × 2, metres.
    """
    if not len(points):
        return np.empty((0, 2))
    return np.column_stack(transformer(zone).transform(points[:, 0], points[:, 1]))


def fit(
    name: str, title: str, zone: str, bounds: np.ndarray, *, inside: Box, frame: Box | None = None
) -> View:
    """Fit projected bounds into a box.

    Parameters
    ----------
    name, title, zone
        Of the view.
    bounds
        ``xmin, ymin, xmax, ymax``, metres.
    inside
        The bounds are centred here, as large as they can be.
    frame
        What the view shows; ``inside`` by default.

    Returns
    -------
    View
    """
    frame = frame or inside
    xmin, ymin, xmax, ymax = bounds
    scale = min(inside.width / (xmax - xmin), inside.height / (ymax - ymin))
    centre_x, centre_y = inside.centre
    return View(
        name=name,
        title=title,
        epsg=ZONES[zone],
        frame=frame,
        scale=scale,
        x0=(xmin + xmax) / 2 - (centre_x - frame.left) / scale,
        y0=(ymin + ymax) / 2 + (centre_y - frame.top) / scale,
    )


def around(points: np.ndarray, *, least: float = 240_000.0, part: float = 0.12) -> np.ndarray:
    """Give bounds round projected points, with air, never smaller than ``least`` metres."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    half = np.maximum((high - low) / 2 * (1 + 2 * part), least / 2)
    return np.concatenate([middle - half, middle + half])


def round_length(view: View, *, most: float) -> float:
    """Give the longest round distance (1, 2 or 5 × 10ⁿ metres) that a bar can show.

    Parameters
    ----------
    view
        Gives the scale.
    most
        Longest bar, points.
    """
    power = 10.0 ** np.floor(np.log10(most / view.scale))
    return float(max(s * power for s in _STEPS if s * power * view.scale <= most))
