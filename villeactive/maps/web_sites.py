"""Sites of the web map as plain rows: read once from a frame, sorted again for each selection."""

import base64
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import geopandas as gpd
import shapely

from villeactive.maps import web_groups

PROGRAMMES = ("ACV", "PVD", "ORT", "FABT", "MANUP", "TI", "TI1")
"""Layers that stand for a programme, in the order of the legend."""

IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STEP = 24
"""Pixels between the symbols of one commune: the least side of a target."""

_KEPT = 128
"""Frames whose rows are kept."""

_WORDS = 50_000
"""Sites whose encoded words are kept: those of one selection are those of another."""


class Site(NamedTuple):
    """What the browser gets of a site; ``text`` is encoded, ``counts_in`` a département."""

    project: str
    theme: str
    kind: str
    commune: str
    slot: int
    lon: float
    lat: float
    text: str
    programmes: int
    matches: bool
    counts_in: str


class Drawn(NamedTuple):
    """A site as a selection shows it: its state, and by how many pixels it stands aside."""

    site: Site
    state: str
    dx: int


class Held:
    """A frame as the key of a cache: the same only as itself; never changed afterwards."""

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        self.frame = frame

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and self.frame is other.frame

    def __hash__(self) -> int:
        return id(self.frame)


def drawn(
    sites: gpd.GeoDataFrame, layers: Iterable[str], selected: str | None = None
) -> list[Drawn]:
    """Keep the sites of the visible layers, in drawing order.

    Parameters
    ----------
    sites
        See :func:`villeactive.maps.web.site_group`; never changed afterwards: its rows are kept.
    layers
        ``projects`` and ``mentions`` count.
    selected
        Identifier of the open project: drawn whatever the layers.

    Raises
    ------
    ValueError
        An identifier is not in kebab-case (it would reach the browser as it is).
    """
    return arranged(read(sites), layers, selected)


def arranged(
    sites: Iterable[Site], layers: Iterable[str], selected: str | None = None
) -> list[Drawn]:
    """Do as :func:`drawn` with sites already read."""
    kept = [
        site
        for site in sites
        if ("mentions" if site.kind == "mention" else "projects") in layers
        or site.project == selected
    ]
    aside = _offsets(kept)
    made = [Drawn(site, _state(site, selected), dx) for site, dx in zip(kept, aside, strict=True)]
    return sorted(
        made,
        key=lambda row: (row.site.theme, row.site.kind, row.state, row.site.project, row.site.slot),
    )


def read(sites: gpd.GeoDataFrame) -> tuple[Site, ...]:
    """Read the rows of a frame, once for the same frame.

    Raises
    ------
    ValueError
        An identifier is not in kebab-case.
    """
    return _read(Held(sites))


@lru_cache(maxsize=_KEPT)
def _read(held: Held) -> tuple[Site, ...]:
    """Read the rows of a frame."""
    sites = held.frame
    columns = {
        name: sites[name].tolist()
        for name in ("project", "theme", "kind", "code_insee", "slot", "title", "town")
    }
    for name in columns["project"]:
        if not IDENTIFIER.fullmatch(name):
            msg = f"Identifiant {name!r} : écrivez-le en minuscules, chiffres et tirets."
            raise ValueError(msg)
    lon, lat = shapely.get_coordinates(sites.geometry.to_numpy()).round(5).T.tolist()
    texts = map(_encoded, zip(columns["title"], columns["town"], strict=True))
    carried = sites["programmes"] if "programmes" in sites else [()] * len(sites)
    programmes = [_bits(codes) for codes in carried]
    matches = sites["matches"].astype(bool).tolist() if "matches" in sites else [True] * len(sites)
    themes = [theme if isinstance(theme, str) else "" for theme in columns["theme"]]
    departements = web_groups.departements(columns["code_insee"], columns["kind"], matches)
    return tuple(
        map(
            Site,
            columns["project"], themes, columns["kind"], columns["code_insee"], columns["slot"],
            lon, lat, texts, programmes, matches, departements,
        )
    )  # fmt: skip


@lru_cache(maxsize=_WORDS)
def _encoded(words: tuple[str | None, ...]) -> str:
    """Encode words for the browser: base64 of a JSON list in UTF-8."""
    shown = [str(word) if word is not None and word == word else "" for word in words]  # noqa: PLR0124
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode("ascii")


@lru_cache(maxsize=_KEPT)
def _bits(carried: tuple[str, ...]) -> int:
    return bits(carried, PROGRAMMES)


def bits(carried: Iterable[str], programmes: Iterable[str]) -> int:
    """Write which programmes are carried: bit *i* stands for the *i*-th of ``programmes``."""
    return sum(1 << i for i, code in enumerate(programmes) if code in carried)


def _offsets(sites: list[Site]) -> list[int]:
    """Pixels by which each site of a shared commune stands aside: centred, in ``slot`` order."""
    sharing: dict[str, list[int]] = {}
    for i, site in enumerate(sites):
        sharing.setdefault(site.commune, []).append(i)
    found = [0] * len(sites)
    for places in sharing.values():
        if len(places) == 1:
            continue
        for rank, i in enumerate(sorted(places, key=lambda i: sites[i].slot)):
            found[i] = round((rank - (len(places) - 1) / 2) * _STEP)
    return found


def _state(site: Site, selected: str | None) -> str:
    """Tell how a site is drawn."""
    if site.project == selected:
        return "selected"
    return "plain" if site.matches else "faded"
