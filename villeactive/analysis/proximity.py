"""What surrounds a commune: those it touches, the projects near it, what it was called."""

from functools import cache

import geopandas as gpd
import pandas as pd

from villeactive.atlas import Atlas
from villeactive.filtering import distances_km
from villeactive.geography import referential


@cache
def _near_departements(departement: str) -> tuple[str, ...]:
    """Give a département and those that it touches."""
    outlines = referential.read_outlines("departements").set_index("code")
    found = outlines.sindex.query(outlines.geometry[departement], predicate="intersects")
    return tuple(sorted({departement, *outlines.index[found]}))


@cache
def _touching(departement: str) -> dict[str, tuple[str, ...]]:
    """Map each commune of a département to those that it touches, here and next door."""
    frames = [referential.read_outlines(f"communes/{d}") for d in _near_departements(departement)]
    outlines = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=4326)
    own = referential.read_communes()["departement"].reindex(outlines["code"]).eq(departement)
    here = outlines[own.to_numpy()]
    asked, met = outlines.sindex.query(here.geometry, predicate="intersects")
    pairs = pd.DataFrame(
        {"code": here["code"].to_numpy()[asked], "other": outlines["code"].to_numpy()[met]}
    )
    groups = pairs[pairs["code"] != pairs["other"]].groupby("code")["other"]
    return {str(code): tuple(sorted(others)) for code, others in groups}


def neighbours(code_insee: str, atlas: Atlas) -> tuple[str, ...]:
    """Give the communes that touch a commune, the most populated first.

    Parameters
    ----------
    code_insee, atlas
        A current commune, and the whole atlas.

    Returns
    -------
    tuple of str
        Codes, those of other départements included; none for an island. Outlines are
        simplified to 600 m: they match to the vertex, so that no border is lost.
    """
    departement = atlas.communes.loc[code_insee, "departement"]
    found = list(_touching(departement).get(code_insee, ()))
    people = atlas.communes.loc[found, "population"].sort_values(ascending=False, kind="stable")
    return tuple(people.index)


def projects_within(
    code_insee: str, km: float, atlas: Atlas, *, counted: bool = False
) -> pd.DataFrame:
    """Give the sheets with a site in a commune, or near it.

    Parameters
    ----------
    code_insee, atlas
        A current commune, and the whole atlas.
    km
        Greatest distance, kilometres, between its point and the site; bound included.
    counted
        Leave out what is no project, places only cited.

    Returns
    -------
    DataFrame
        One row per sheet, index its id, columns ``town`` and ``code_insee`` of its nearest site
        and ``distance_km``: those of the commune itself (0 km) first, then by distance, ties in
        the order of the book.
    """
    here = atlas.communes.loc[code_insee]
    far = distances_km(atlas.sites, lon=here["lon"], lat=here["lat"])
    far = far.where(atlas.sites["code_insee"] != code_insee, 0.0)
    sites = atlas.sites[["project", "town", "code_insee"]].assign(distance_km=far)
    kept = (far <= km) & (atlas.sites["counted"] | (not counted))
    near = sites[kept].sort_values("distance_km", kind="stable")
    return near.drop_duplicates("project").set_index("project")


def former_names(code_insee: str) -> list[tuple[str, str, str]]:
    """Give what merged into a commune, and what it was called.

    Returns
    -------
    list of (name, code, type)
        Types of :func:`villeactive.geography.referential.read_old_communes`; ``name`` is empty
        where only the code is known. Municipal arrondissements are left out: they still exist.
    """
    old = referential.read_old_communes()
    rows = old[(old["code_insee"] == code_insee) & (old["type"] != "arrondissement")]
    return list(rows[["name", "code", "type"]].itertuples(index=False, name=None))


def current_code(code: str, atlas: Atlas) -> str | None:
    """Give the commune of today for a code of today or of yesterday; None when nobody knows."""
    if code in atlas.communes.index:
        return code
    old = referential.read_old_communes()
    found = old.loc[old["code"] == code, "code_insee"]
    return str(found.iloc[0]) if len(found) else None
