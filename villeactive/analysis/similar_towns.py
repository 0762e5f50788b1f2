"""Which towns are like mine, why, and what they did that could serve here.

The measure, its formula and the source of each figure: :mod:`villeactive.analysis.similarity`. All
raise UnknownValueError for a code that no commune has.
"""

from collections.abc import Iterable
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd

from villeactive.analysis.similarity import (
    CRITERIA,
    EVEN,
    FAR_KM,
    Measures,
    Weights,
    distance,
    likeness,
    measures_of,
)
from villeactive.atlas import Atlas
from villeactive.facet_index import columns_of
from villeactive.filtering import distances_km
from villeactive.geography import referential
from villeactive.kept_with import kept_with_first
from villeactive.programmes import known_programmes, of_today, short_names
from villeactive.selection import DEFAULT_WITHIN_KM
from villeactive.text import NBSP, enumeration, number

COLUMNS = ("name", "departement", "region", "population", "density", "programmes", "likeness")
_OF_THE_SITE = ("title", "kind", "theme", "topic", "code_insee", "town", "departement", "region")
_OF_THE_MATCH = ("km", "likeness", "alike", "near", "match", "contact", "fits")
PROJECT_COLUMNS = (*_OF_THE_SITE, *_OF_THE_MATCH)
ALIKE = 70
"""Likeness from which :func:`inspiring` holds a town to be like yours."""

NEAR_POINTS = 25
"""Points that a project next door gains over one at the edge of the radius."""

_LEAST = 3
"""So many projects are given even when fewer fit, if there are so many."""

_BRIEFLY = ("size", "programmes")
"""Criteria that say why a project fits, when they count."""

_GROUPINGS = {
    "CC": "sa communauté de communes",
    "CA": "son agglomération",
    "CU": "sa communauté urbaine",
    "METRO": "sa métropole",
    "MET69": "sa métropole",
}


def profile(code_insee: str, atlas: Atlas) -> pd.Series:
    """Give the figures of one commune: a row of :func:`features`."""
    measures = measures_of(atlas.communes)
    return measures.figures.iloc[measures.position(code_insee)]


def similar(
    code_insee: str,
    atlas: Atlas,
    *,
    n: int = 10,
    weights: Weights = EVEN,
    same_region: bool = False,
) -> pd.DataFrame:
    """Give the towns most like one, the most alike first; equals by code.

    Parameters
    ----------
    code_insee
        The town, which is never in the answer.
    atlas
        The whole atlas.
    n
        How many towns at most.
    weights
        How much each criterion counts.
    same_region
        Keep the towns of its région.

    Returns
    -------
    DataFrame
        Index ``code_insee``; columns ``COLUMNS`` (``density`` per km², ``likeness`` 0–100), the
        points that each criterion takes away (``lost_size``…: what the likeness lacks to 100, in
        the proportions of the squared distance) and ``why``.
    """
    measures = measures_of(atlas.communes)
    me = measures.position(code_insee)
    among = measures.same_region(me) if same_region else None
    best = measures.nearest(me, n, weights, among=among)
    squares = measures.squares(me, best, weights)
    far = distance(squares)
    alike = likeness(far)
    # what is missing to 100, in the proportions of the squared distance
    lacking = (100 - alike) / np.where(far > 0, sum(squares.values()), 1)
    answer = measures.communes.iloc[best][["name", "departement", "region", "population"]]
    answer = pd.DataFrame(answer).assign(
        density=measures.figures["density"].to_numpy()[best],
        programmes=[measures.communes["programmes"].iloc[row] for row in best],
        likeness=alike,
        **{f"lost_{name}": lacking * squares[name] for name in CRITERIA},
    )
    return answer.assign(why=[_why(measures, me, row, weights) for row in best])


def why(
    town: str,
    other: str,
    atlas: Atlas,
    *,
    weights: Weights = EVEN,
) -> str:
    """Say in French how another town compares: « 13 % plus peuplée, mêmes programmes… ».

    Criteria of weight 0 are left out.
    """
    measures = measures_of(atlas.communes)
    return _why(measures, measures.position(town), measures.position(other), weights)


def inspiring(
    code_insee: str,
    atlas: Atlas,
    *,
    within_km: float = DEFAULT_WITHIN_KM,
    weights: Weights = EVEN,
) -> pd.DataFrame:
    """Give the projects of towns alike, and those near, in the order in which to visit them.

    A project stands for its best site outside the town. ``match`` is the likeness of that site's
    commune, plus up to ``NEAR_POINTS`` as it comes nearer than ``within_km``; a site fits when
    its commune is alike (``ALIKE`` or more) or near. What fits comes first, best match first; the
    rest, nearest first. In both, places come before tools, and sheets that give a contact before
    the others (:func:`order_said` tells the rule). The town's own projects, the sheets that are
    only mentions, and the grounds that a tool studied are left out.

    Parameters
    ----------
    code_insee, atlas, weights
        As for :func:`similar`.
    within_km
        Radius of what is near, in kilometres along the ellipsoid.

    Returns
    -------
    DataFrame
        Index ``project`` (id); columns ``PROJECT_COLUMNS``: of the best site, ``km`` and
        ``likeness`` (0–100), whether it is ``alike`` and ``near``, ``match``, whether the sheet
        gives a ``contact``, and ``fits``, the reason in French. Equals stand in the order of the
        book.
    """
    measures = measures_of(atlas.communes)
    me = measures.position(code_insee)
    sites = _sites_elsewhere(atlas, code_insee)
    lon, lat = measures.communes[["lon", "lat"]].iloc[me]
    km = distances_km(sites, lon=lon, lat=lat).to_numpy()
    alike = likeness(distance(measures.squares(me, sites["row"].to_numpy(), weights)))
    near = km <= within_km
    match = alike + NEAR_POINTS * (1 - km / max(within_km, 1e-9)).clip(min=0)
    fit = near | (alike >= ALIKE)
    merit = np.where(fit, match, -km)
    # a site that fits stands for its project before one that does not
    order = np.lexsort([-merit, ~fit])
    best = order[~sites["project"].iloc[order].duplicated().to_numpy()]
    ranks = [-merit, ~sites["contact"].to_numpy(), ~sites["place"].to_numpy(), ~fit]
    best = best[np.lexsort([rank[best] for rank in ranks])]
    best = best[fit[best] | (np.arange(len(best)) < _LEAST)]
    found = pd.DataFrame(sites.iloc[best].drop(columns="geometry")).set_index("project")
    found = found.assign(
        km=km[best], likeness=alike[best], alike=alike[best] >= ALIKE, near=near[best]
    )
    few = [name for name in _BRIEFLY if getattr(weights, name)] or CRITERIA
    said = [_why(measures, me, row, weights, few) for row in found["row"]]
    fits = [_fits(site, why) for site, why in zip(found.itertuples(), said, strict=True)]
    fits = pd.Series(fits, index=found.index, dtype=object)
    return found.assign(match=match[best], fits=fits)[[*PROJECT_COLUMNS]]


def best_sites(found: pd.DataFrame, atlas: Atlas) -> gpd.GeoDataFrame:
    """Give, for each project that :func:`inspiring` found, its site in the commune that fits."""
    pairs = set(found["code_insee"].items())
    keys = zip(atlas.sites["project"], atlas.sites["code_insee"], strict=True)
    sites = atlas.sites[[pair in pairs for pair in keys]]
    return sites.drop_duplicates(["project", "code_insee"])


def order_said(found: pd.DataFrame, *, within_km: float) -> str:
    """Say in which order projects to visit stand, as :func:`inspiring` gave them.

    Parameters
    ----------
    found
        What :func:`inspiring` gave.
    within_km
        Radius of what is near, kilometres.
    """
    alike = f"d’une ville semblable ({ALIKE} sur 100 ou plus)"
    far = f"{number(within_km)}{NBSP}km"
    fit = found["alike"] | found["near"]
    if not fit.any():
        return (
            f"Aucun projet {alike} ni à moins de {far}{NBSP}: à défaut, les plus proches dont un "
            "contact est donné."
        )
    rest = "" if fit.all() else f"{NBSP}; à défaut, les plus proches avec contact"
    return (
        f"D’abord ceux {alike} ou à {far} au plus{NBSP}: lieux avant outils, avec contact avant "
        f"sans contact, puis les mieux assortis{rest}."
    )


def _sites_elsewhere(atlas: Atlas, code_insee: str) -> gpd.GeoDataFrame:
    """Give the sites to visit of the projects of other towns, as :func:`_to_visit` does."""
    here = columns_of(atlas.sites).has("code_insee", [code_insee])
    own = atlas.sites["project"].iloc[np.flatnonzero(here)].unique()
    sites = _to_visit(atlas)
    return sites[~sites["project"].isin(own).to_numpy()] if len(own) else sites


@kept_with_first()
def _to_visit(atlas: Atlas) -> gpd.GeoDataFrame:
    """Give the sites where a project is to be seen: no mention, no ground that a tool studied.

    A project without a place is to be seen nowhere. Beside the columns asked for, ``row`` is that
    of the commune among the measures; ``place`` tells a project from a tool, ``contact`` the
    sheets that give one.
    """
    sites = atlas.sites
    seen = sites["counted"] & (sites["role"] != "exemple") & sites["scale"].notna()
    sites = sites.loc[seen, ["project", *_OF_THE_SITE, "geometry"]]
    reached = {one["id"] for one in atlas.sheets.plain() if one.get("contacts")}
    return sites.assign(
        row=measures_of(atlas.communes).communes.index.get_indexer(sites["code_insee"]),
        place=sites["kind"] != "outil",
        contact=sites["project"].isin(reached),
    )


def with_projects(codes: Iterable[str], atlas: Atlas) -> tuple[str, ...]:
    """Keep, in their order, the towns that have a project of the book to visit."""
    having = set(_to_visit(atlas)["code_insee"])
    return tuple(code for code in codes if code in having)


def missing_programmes(code_insee: str, alike: pd.DataFrame, atlas: Atlas) -> pd.DataFrame:
    """Give the programmes that towns alike carry and this one does not.

    Parameters
    ----------
    code_insee
        The town.
    alike
        What :func:`similar` gave for it.
    atlas
        The whole atlas.

    Returns
    -------
    DataFrame
        Index ``programme``, the most carried first, then in vocabulary order; ``label``,
        ``n_towns``, ``share`` (0–1, of the towns alike) and ``towns`` (tuple of codes, the most
        alike first).
    """
    measures = measures_of(atlas.communes)
    mine = set(measures.communes["programmes"].iloc[measures.position(code_insee)])
    rows = []
    for programme in of_today():
        towns = tuple(code for code, has in alike["programmes"].items() if programme in has)
        if towns and programme not in mine:
            named = known_programmes()[programme].label
            rows.append((programme, named, len(towns), len(towns) / len(alike), towns))
    columns = ["programme", "label", "n_towns", "share", "towns"]
    table = pd.DataFrame(rows, columns=columns).set_index("programme")
    return table.sort_values("share", ascending=False, kind="stable")


# --------------------------------------------------------------------------------- in words


def _why(
    measures: Measures, me: int, other: int, weights: Weights, few: Iterable[str] = CRITERIA
) -> str:
    """Say how another town compares, criterion by criterion, of ``few`` those that count."""
    mine, theirs = measures.figures.iloc[me], measures.figures.iloc[other]
    carried = measures.communes["programmes"]
    say = {
        "size": lambda: [
            _ratio(theirs["population"], mine["population"], "peuplée", "de même taille")
        ],
        "density": lambda: [_ratio(theirs["density"], mine["density"], "dense", "de même densité")],
        "programmes": lambda: [_programmes(set(carried.iloc[me]), set(carried.iloc[other]))],
        # before the distance to another town, not to be taken for it
        "distance": lambda: [f"à {number(measures.km_between(me, other))}{NBSP}km de chez vous"],
        "role": lambda: _role(measures, other),
    }
    counts = [name for name in say if getattr(weights, name) and name in few]
    return ", ".join(word for name in counts for word in say[name]() if word)


def _ratio(theirs: float, mine: float, adjective: str, same: str) -> str:
    """Say a ratio: « 13 % plus peuplée », « 2,3 fois moins dense »; within 5 % it is the same."""
    if not theirs or not mine:
        return same if theirs == mine else ""
    change, more = theirs / mine, "plus" if theirs > mine else "moins"
    if abs(change - 1) < 0.05:
        return same
    if 0.5 < change < 2:
        return f"{number(100 * abs(change - 1))}{NBSP}% {more} {adjective}"
    times = max(change, 1 / change)
    shown = number(times, decimals=1 if times < 10 else 0).removesuffix(",0")
    return f"{shown} fois {more} {adjective}"


def _programmes(mine: set[str], theirs: set[str]) -> str:
    """Say what two communes carry together."""
    mine, theirs = mine & set(of_today()), theirs & set(of_today())
    shared = short_names(code for code in of_today() if code in mine & theirs)
    if not theirs:
        return "sans programme" + ("" if mine else " elle aussi")
    if mine == theirs:
        lead = "même programme" if len(shared) == 1 else "mêmes programmes"
        return f"{lead} ({enumeration(shared)})"
    if not shared:
        return "aucun programme commun"
    lead = "programme commun" if len(shared) == 1 else "programmes communs"
    return f"{lead} ({enumeration(shared)})"


@cache
def _natures() -> dict[str, str]:
    """Map the SIREN of each EPCI to its nature."""
    return referential.read_epci()["nature"].to_dict()


def _role(measures: Measures, row: int) -> list[str]:
    """Say what a commune is to those around it."""
    figures, epci = measures.figures.iloc[row], measures.communes["epci"].iloc[row]
    group = _GROUPINGS.get(_natures().get(epci), "son intercommunalité")
    rank = figures["epci_rank"]
    place = f"pôle de {group}" if rank == 1 else f"{number(rank)}e commune de {group}"
    if epci is None:
        place = "hors intercommunalité"
    if not figures["larger_km"] <= FAR_KM:
        return [place, "loin de toute ville bien plus grande"]
    return [place, f"à {number(figures['larger_km'])}{NBSP}km d’une ville bien plus grande"]


def _fits(site: tuple, compared: str) -> str:
    """Say what makes a project fit."""
    marks = f"{number(site.likeness)} sur 100{NBSP}: {compared}"
    near = f"à {number(site.km)}{NBSP}km de chez vous"
    if not (site.alike or site.near):
        return f"à défaut de ville semblable ou proche, {near}{NBSP}; {marks}"
    alike = f"ville qui vous ressemble, {marks}"
    return ", ".join(word for word, said in ((near, site.near), (alike, site.alike)) if said)
