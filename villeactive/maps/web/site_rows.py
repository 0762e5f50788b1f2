"""Sites of the web map as plain rows: read once from a frame, sorted again for each selection."""

import base64
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from villeactive.filtering import Applied
from villeactive.kept_with import kept_with_first
from villeactive.maps.web import circle_groups
from villeactive.programmes import known_programmes
from villeactive.text import compact_json

IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STEP = 24
"""Pixels between the symbols of one commune: the least side of a target."""

_KEPT = 128
"""Sets of programmes whose signs are kept."""

_WORDS = 50_000
"""Sites whose encoded words are kept: those of one selection are those of another."""


class Site(NamedTuple):
    """What the browser gets of a site; ``text`` is encoded, ``counts_in`` a département."""

    project: str
    theme: str
    kind: str
    counted: bool
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


def drawn(
    sites: gpd.GeoDataFrame | Sequence[Site], layers: Iterable[str], selected: str | None = None
) -> list[Drawn]:
    """Keep the sites of the visible layers, in drawing order.

    Parameters
    ----------
    sites
        See :func:`villeactive.maps.web.folium_map.site_group`; never changed afterwards, since
        its rows are kept. Or such rows, as :func:`of` gives them.
    layers
        ``projects`` and ``mentions`` count.
    selected
        Identifier of the open project: drawn whatever the layers.

    Raises
    ------
    ValueError
        An identifier is not in kebab-case (it would reach the browser as it is).
    """
    rows = read(sites) if isinstance(sites, gpd.GeoDataFrame) else sites
    return arranged(rows, layers, selected)


def arranged(
    sites: Iterable[Site], layers: Iterable[str], selected: str | None = None
) -> list[Drawn]:
    """Do as :func:`drawn` with sites already read."""
    kept = [
        site
        for site in sites
        if site.commune
        and (("projects" if site.counted else "mentions") in layers or site.project == selected)
    ]
    communes = np.array([site.commune for site in kept], dtype=str)
    aside = offsets(communes, np.array([site.slot for site in kept], dtype=int)).tolist()
    made = [Drawn(site, _state(site, selected), dx) for site, dx in zip(kept, aside, strict=True)]
    return sorted(
        made,
        key=lambda row: (row.site.theme, row.site.kind, row.state, row.site.project, row.site.slot),
    )


@kept_with_first()
def read(sites: gpd.GeoDataFrame) -> tuple[Site, ...]:
    """Read the rows of a frame, once for the same frame; what has no place has no commune.

    Raises
    ------
    ValueError
        An identifier is not in kebab-case.
    """
    columns = {
        name: sites[name].tolist()
        for name in ("project", "theme", "kind", "counted", "slot", "title", "town")
    }
    columns["code_insee"] = sites["code_insee"].fillna("").tolist()
    for name in columns["project"]:
        if not IDENTIFIER.fullmatch(name):
            msg = f"Identifiant {name!r} : écrivez-le en minuscules, chiffres et tirets."
            raise ValueError(msg)
    points = sites.geometry.to_numpy()
    lon, lat = (xy(points).round(5).tolist() for xy in (shapely.get_x, shapely.get_y))
    texts = map(_encoded, zip(columns["title"], columns["town"], strict=True))
    carried = sites["programmes"] if "programmes" in sites else [()] * len(sites)
    programmes = [_bits(codes) for codes in carried]
    matches = sites["matches"].astype(bool).tolist() if "matches" in sites else [True] * len(sites)
    themes = [theme if isinstance(theme, str) else "" for theme in columns["theme"]]
    departements = circle_groups.departements(columns["code_insee"], columns["counted"], matches)
    return tuple(
        map(
            Site,
            columns["project"], themes, columns["kind"], columns["counted"], columns["code_insee"],
            columns["slot"], lon, lat, texts, programmes, matches, departements,
        )
    )  # fmt: skip


@kept_with_first()
def of(applied: Applied) -> list[Site]:
    """Give the rows of ``applied.sites`` without making that frame: from those of the atlas."""
    every, there = read(applied.atlas.sites), applied.of_rows
    return [
        every[row] if matches else every[row]._replace(matches=False, counts_in="")
        for row, matches in zip(
            np.flatnonzero(there).tolist(), applied.matches[there].tolist(), strict=True
        )
    ]


@lru_cache(maxsize=_WORDS)
def _encoded(words: tuple[str | None, ...]) -> str:
    """Encode words for the browser: base64 of a JSON list in UTF-8."""
    shown = [str(word) if word is not None and word == word else "" for word in words]  # noqa: PLR0124
    text = compact_json(shown)
    return base64.b64encode(text.encode()).decode("ascii")


@lru_cache(maxsize=_KEPT)
def _bits(carried: tuple[str, ...]) -> int:
    return bits(carried, known_programmes())


def bits(carried: Iterable[str], programmes: Iterable[str]) -> int:
    """Write which programmes are carried: bit *i* stands for the *i*-th of ``programmes``."""
    return sum(1 << i for i, code in enumerate(programmes) if code in carried)


def offsets(communes: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """Tell by how many pixels each site of a shared commune stands aside.

    Parameters
    ----------
    communes, slots
        Of each site drawn: any value that names its commune, its rank there.

    Returns
    -------
    array of int
        0 for a site alone; the others are centred, in the order of their slots.
    """
    order = np.lexsort((slots, communes))
    _, start, size = np.unique(communes[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(start, size)
    aside = np.zeros(len(order), dtype=int)
    aside[order] = (2 * rank - np.repeat(size, size) + 1) * _STEP // 2
    return aside


def _state(site: Site, selected: str | None) -> str:
    """Tell how a site is drawn."""
    if site.project == selected:
        return "selected"
    return "plain" if site.matches else "faded"
