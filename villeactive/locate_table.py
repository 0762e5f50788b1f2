"""Find the commune of each row of a table."""

import pandas as pd

from villeactive import referential
from villeactive.errors import DataFileError
from villeactive.locate import Location, locate
from villeactive.question import as_text
from villeactive.text import NBSP

TABLE_COLUMNS = (
    "status",
    "code_insee_found",
    "name_found",
    "lon",
    "lat",
    "reason",
    "candidates",
)


def locate_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Find the commune of each row of a table.

    Parameters
    ----------
    frame
        Columns ``name`` or ``code_insee``, and where present ``departement``, ``postcode``.

    Returns
    -------
    pandas.DataFrame
        The same rows, columns, order and index, with ``status, code_insee_found, name_found, lon,
        lat`` (degrees, NaN unless found), ``reason, candidates`` (a text) added. A column of the
        table that already bears one of these names is kept; ours then ends in ``_trouve``.

    Raises
    ------
    DataFileError
        None of ``name``, ``code_insee``, ``postcode`` is a column, or two columns share a name.
    """
    if not {"name", "code_insee", "postcode"} & set(frame.columns):
        raise DataFileError(
            f"La table n’a ni colonne name, ni code_insee, ni postcode{NBSP}; "
            f"colonnes lues{NBSP}: {', '.join(map(str, frame.columns)) or 'aucune'}."
        )
    if not frame.columns.is_unique:
        twice = ", ".join(map(str, frame.columns[frame.columns.duplicated()]))
        raise DataFileError(f"La table a deux colonnes du même nom{NBSP}: {twice}.")
    asked = [
        frame[column].astype(object) if column in frame.columns else [None] * len(frame)
        for column in ("name", "departement", "code_insee", "postcode")
    ]
    known: dict[tuple, Location] = {}
    answers = []
    for row in zip(*asked, strict=True):
        texts = tuple(as_text(value) for value in row)
        if texts not in known:
            name, departement, code, postcode = texts
            known[texts] = locate(name, departement=departement, code_insee=code, postcode=postcode)
        answers.append(known[texts])
    return _with_answers(frame, answers)


def _with_answers(frame: pd.DataFrame, answers: list[Location]) -> pd.DataFrame:
    codes = pd.Series([a.code_insee for a in answers], dtype=object)
    points = referential.read_communes()[["lon", "lat"]].reindex(codes)
    columns = {
        "status": [a.status for a in answers],
        "code_insee_found": [a.code_insee or "" for a in answers],
        "name_found": [a.name or "" for a in answers],
        "lon": points.lon.to_numpy(),
        "lat": points.lat.to_numpy(),
        "reason": [a.reason for a in answers],
        "candidates": [shown_candidates(a) for a in answers],
    }
    added = {
        name if name not in frame.columns else f"{name}_trouve": values
        for name, values in columns.items()
    }
    return frame.assign(**added)


def shown_candidates(location: Location) -> str:
    """Write candidates on one line: ``62765 Saint-Omer (62) ; 14664 Saint-Omer (14)``."""
    return " ; ".join(f"{code} {name} ({dep})" for code, name, dep, _, _ in location.candidates)
