"""The only reader of the tables and outlines of ``geodata/``.

Each file is read once; every call gives a copy of its own (pandas copies on write, so it costs
nothing), which a caller may change freely. Each raises DataFileError, which says what to do, where
its file is missing or damaged. Sources, licences and vintages: ``geodata/README.md``.
"""

import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from villeactive.errors import DataFileError, reason
from villeactive.programmes import known_programmes
from villeactive.vocabulary import GEODATA

OUTLINES = GEODATA / "outlines"
LEVELS = ("regions", "departements", "epci", "territoires_industrie", "neighbours")

TERRITORY_COLUMNS = (
    "departement",
    "departement_name",
    "region",
    "region_name",
    "epci",
    "epci_name",
)
"""Of a commune: the territories that hold it."""

COMMUNE_COLUMNS = (
    "name",
    *TERRITORY_COLUMNS,
    "population",
    "population_year",
    "area_km2",
    "lon",
    "lat",
    "point",
    "zone",
)
PROGRAMME_COLUMNS = (
    "programme",
    "code_insee",
    "since",
    "phase",
    "territory_id",
    "territory_name",
    "site",
    "vintage",
    "producer",
)


def _reader(name: str, *columns: str, index: str | None = None) -> Callable[[], pd.DataFrame]:
    """Make the reader of a CSV of texts with exactly these columns."""

    def read() -> pd.DataFrame:
        table = _table(name, columns)
        return table.set_index(index) if index else table.copy()

    return read


read_departements = _reader("departements.csv", "code", "name", "region", index="code")
"""Read the 101 départements; ``region`` is a code."""

read_regions = _reader("regions.csv", "code", "name", index="code")
"""Read the 18 régions."""

read_epci = _reader("epci.csv", "siren", "name", "nature", index="siren")
"""Read the 1 255 EPCI and 11 EPT; ``nature``: CC, CA, CU, METRO, MET69 (métropole de Lyon), EPT."""

read_former_epci = _reader("former_epci.csv", "siren", "name", "nature", "communes", "year")
"""Read the EPCI that are gone, or that bore another name in ``year``.

``communes``: their members of then, as communes of today (a text, parted by spaces). A SIREN that
is also in ``read_epci`` is a renaming.
"""

read_seats = _reader("seats.csv", "level", "code", "name", "seat", "region")
"""Read the préfectures: ``level`` (``departement``, ``region`` or ``former_region``), ``seat``
(code INSEE of a commune), ``region`` (that holds it today).
"""

read_ept_communes = _reader("ept_communes.csv", "siren", "code_insee")
"""Read which commune belongs to which EPT of Grand Paris."""

read_old_communes = _reader("old_communes.csv", "code", "name", "type", "code_insee", "until")
"""Read the former codes and names, each with the commune of today.

``type``: ``deleguee``, ``associee``, ``arrondissement`` (municipal), ``ancienne`` (one ``name`` is
empty) or ``ancien_nom`` (same code, renamed). A déléguée may share its code with the new commune.
``until``: the year in which the name was lost, a text; empty for an arrondissement.
"""

read_usual_names = _reader("usual_names.csv", "name", "code_insee")
"""Read the names in use that INSEE never gave, kept by hand."""

read_outside = _reader("outside.csv", "code", "name", "departement", "postcodes", index="code")
"""Read the 94 communes and islands of the overseas collectivities, outside the atlas.

``departement``: 975 to 989; ``postcodes``: parted by spaces.
"""

read_postcodes = _reader("postcodes.csv", "code_insee", "postcodes", index="code_insee")
"""Read the postcodes of communes (a text, parted by spaces)."""

read_territoires = _reader(
    "territoires_industrie.csv",
    "phase", "ti_id", "ti_name", "member_type", "member_code", "vintage", "producer",
)  # fmt: skip
"""Read the members of the Territoires d'industrie: one row per member.

``phase``: ``1``, ``2``; ``ti_id`` means another territory in the other phase: the key is both;
``member_type``: EPCI, EPT or COM.
"""


def read_communes() -> pd.DataFrame:
    """Read every current commune of métropole and DROM (COG 2026).

    Returns
    -------
    pandas.DataFrame
        34 875 rows, index ``code_insee`` (5 characters), sorted; columns of ``COMMUNE_COLUMNS``.
        ``population``: population municipale 2023 (INSEE); ``area_km2``: of the outline, on the
        ellipsoid; ``lon``, ``lat``: degrees (EPSG:4326) of the town hall (``point`` = ``mairie``)
        or of a point inside the commune (``interieur``); ``zone``: ``metropole`` or ``drom``;
        ``epci`` and ``epci_name`` are None for the four islands outside any EPCI.

    Raises
    ------
    DataFileError
        The file is missing or does not hold these columns.
    """
    return _communes().copy()


def read_programmes() -> pd.DataFrame:
    """Read who carries which programme.

    Returns
    -------
    pandas.DataFrame
        One row per programme × commune × site, columns of ``PROGRAMME_COLUMNS``, all text or
        None. ``programme``: a code of ``programmes.yaml``; those of territories are given to
        each commune of the territory through EPCI, EPT or lone commune: these are communes *of*
        a Territoire d'industrie, not labelled ones. ``since`` is an ISO date; ``phase`` is
        ``1``, ``2`` or None.

    Raises
    ------
    DataFileError
        A file is missing or damaged, or a programme or a member of a territory is unknown.
    """
    return _programmes().copy()


def read_outlines(level: str) -> gpd.GeoDataFrame:
    """Read simplified outlines.

    Parameters
    ----------
    level
        ``regions``, ``departements``, ``epci``, ``territoires_industrie``, ``neighbours``, or
        ``communes/<departement>`` (``communes/2A``).

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, columns ``code, name, geometry`` (``phase, ti_id, ti_name, geometry`` for
        ``territoires_industrie``), one row a unit. Borders of a level match to the vertex.

    Raises
    ------
    DataFileError
        The level is unknown, or its file missing or damaged.
    """
    return _outlines(level).copy()


def read_fine_outlines(departement: str | None = None) -> gpd.GeoDataFrame:
    """Read outlines at the sources' own step (about 200 m), for maps of one territory.

    Parameters
    ----------
    departement
        Its communes; None gives the départements themselves.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, columns ``code, name, geometry``, one row a unit. Borders match to the vertex.

    Raises
    ------
    DataFileError
        The file is missing or damaged, or holds nothing of this département.
    """
    return _fine_outlines(departement).copy()


def outline_path(level: str) -> Path:
    """Give the GeoJSON file of a level, to serve it as it is.

    Parameters
    ----------
    level
        As for :func:`read_outlines`.

    Raises
    ------
    DataFileError
        The level is unknown, or its file missing.
    """
    known = level in LEVELS or re.fullmatch(r"communes/(\d{2}|2[AB]|97\d)", level)
    if not known:
        raise DataFileError(
            f"Contours « {level} » inconnus ; attendu : {', '.join(LEVELS)} "
            "ou communes/<département>."
        )
    return _existing(OUTLINES / f"{level}.geojson")


def row_by_row(table: pd.DataFrame, *columns: str) -> Iterator[tuple]:
    """Give the index and some columns of a table, row by row."""
    # as lists: pandas hands out the texts of a column one by one, six times slower
    lists = (table[name].tolist() for name in columns)
    return zip(table.index.tolist(), *lists, strict=True)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise DataFileError(
            f"Le fichier {path.relative_to(GEODATA.parent)} manque ; "
            "refaites-le avec geodata/rebuild.py."
        )
    return path


def _damaged(path: Path, why: str | Exception) -> DataFileError:
    return DataFileError(
        f"Le fichier {path.relative_to(GEODATA.parent)} est illisible ({_said(why)}) ; "
        "refaites-le avec geodata/rebuild.py."
    )


def _said(why: str | Exception) -> str:
    """Say why a file cannot be read; the words of the readers are in English."""
    if isinstance(why, str):
        return why
    if isinstance(why, UnicodeDecodeError):
        return "le texte n’est pas en UTF-8"
    if isinstance(why, json.JSONDecodeError):
        return f"JSON mal écrit, ligne {why.lineno}"
    if isinstance(why, pd.errors.EmptyDataError):
        return "fichier vide"
    if line := re.search(r"\bline (\d+)", str(why)):
        return f"mal écrit, ligne {line[1]}"
    if isinstance(why, OSError) and why.errno:
        return reason(why)
    return "contenu coupé ou inattendu"


@functools.cache
def _table(name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV of texts with exactly these columns."""
    path = _existing(GEODATA / name)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (ValueError, OSError) as error:
        raise _damaged(path, error) from error
    if tuple(table.columns) != columns:
        raise _damaged(path, f"colonnes {', '.join(table.columns)}")
    return table


@functools.cache
def _communes() -> pd.DataFrame:
    path = _existing(GEODATA / "communes.parquet")
    stored = [c for c in COMMUNE_COLUMNS if c not in ("departement_name", "region_name")]
    try:
        table = pd.read_parquet(path, columns=["code_insee", *stored])
    except (ValueError, OSError) as error:
        raise _damaged(path, error) from error
    table = table.reset_index() if table.index.name == "code_insee" else table
    table["departement_name"] = table.departement.map(read_departements().name)
    table["region_name"] = table.region.map(read_regions().name)
    for column in ("epci", "epci_name"):
        table[column] = table[column].astype(object).where(table[column].notna(), None)
    return table.set_index("code_insee")[list(COMMUNE_COLUMNS)]


@functools.cache
def _programmes() -> pd.DataFrame:
    columns = list(PROGRAMME_COLUMNS)
    labelled = _table("programmes.csv", (*columns[:2], "name", *columns[2:]))[columns]
    if unknown := sorted(set(labelled["programme"]) - set(known_programmes())):
        raise DataFileError(
            f"programmes.csv : programmes inconnus : {', '.join(unknown)} ; donnez à chacun son "
            "entrée dans programmes.yaml."
        )
    every = pd.concat([labelled, _territory_communes()[columns]], ignore_index=True)
    return every.astype(object).where(every != "", None)


def _territory_communes() -> pd.DataFrame:
    """Give each commune of each Territoire d'industrie, through EPCI, EPT or lone commune."""
    members = read_territoires()
    epci = _communes().epci.dropna().rename("member_code").reset_index()
    ept = read_ept_communes()
    alone = pd.DataFrame({"code_insee": _communes().index, "member_code": _communes().index})
    groups = pd.concat([epci, ept.rename(columns={"siren": "member_code"}), alone])
    groups = groups[groups.member_code.isin(set(members.member_code))]
    full = members.merge(groups, on="member_code", how="left", validate="many_to_many")
    codes = {str(one.phase): one.code for one in known_programmes().values() if one.phase}
    lost = sorted(full.member_code[full.code_insee.isna()].unique())
    if lost:
        path = GEODATA / "territoires_industrie.csv"
        raise _damaged(path, f"membres inconnus : {', '.join(lost)}")
    named = full.rename(columns={"ti_id": "territory_id", "ti_name": "territory_name"})
    named = named.assign(programme=named.phase.map(codes), since="", site="")
    ordered = named.drop_duplicates(["programme", "code_insee", "territory_id"])
    return ordered.sort_values(["programme", "code_insee", "territory_id"], ignore_index=True)


@functools.cache
def _outlines(level: str) -> gpd.GeoDataFrame:
    path = outline_path(level)
    try:
        text = path.read_text(encoding="utf-8")
        records = [feature["properties"] for feature in json.loads(text)["features"]]
        shapes = shapely.get_parts(shapely.from_geojson(text))
        return gpd.GeoDataFrame(records, geometry=shapes, crs=4326)
    except (ValueError, OSError, KeyError, TypeError, shapely.errors.GEOSException) as error:
        raise _damaged(path, error) from error


@functools.cache
def _fine_outlines(departement: str | None) -> gpd.GeoDataFrame:
    level = "communes" if departement else "departements"
    path = _existing(OUTLINES / f"fine_{level}.parquet")
    kept = [("departement", "==", departement)] if departement else None
    try:
        frame = gpd.read_parquet(path, columns=["code", "geometry"], filters=kept)
    except (ValueError, OSError, shapely.errors.GEOSException) as error:
        raise _damaged(path, error) from error
    if frame.empty:
        raise _damaged(path, f"département {departement} absent")
    named = read_communes() if departement else read_departements()
    return frame.assign(name=frame["code"].map(named["name"]))[["code", "name", "geometry"]]
