"""What one gathered, projects and towns, as one workbook."""

from collections.abc import Sequence
from datetime import date

from villeactive.atlas import Atlas
from villeactive.documents.csv_geojson import projects_table
from villeactive.documents.towns_list import towns_table
from villeactive.selection import split
from villeactive.text import enumeration, plural
from villeactive.wording.sources import credit_lines


def gathered_said(shortlist: Sequence[str], atlas: Atlas) -> str:
    """Count what was gathered: « 2 fiches et 1 commune »."""
    sheets, towns = split(shortlist, atlas)
    counts = ((len(sheets), "fiche"), (len(towns), "commune"))
    return enumeration([plural(n, noun) for n, noun in counts if n])


def gathered_xlsx(shortlist: Sequence[str], atlas: Atlas, *, day: date) -> bytes:
    """Write a shortlist as XLSX: projects, towns, sources.

    Parameters
    ----------
    shortlist
        Ids of sheets and ``code_insee`` of communes, in the order gathered.
    atlas
        The whole atlas.
    day
        Date of the export.

    Returns
    -------
    bytes
        Sheets « Projets », « Communes » (both always there, each in the order gathered) and
        « Sources »; codes are text.
    """
    from villeactive.documents.workbook import to_workbook

    sheets, towns = split(shortlist, atlas)
    tables = {
        "Projets": projects_table(atlas.projects.loc[list(sheets)], atlas),
        "Communes": towns_table(atlas.communes.loc[list(towns)], atlas),
    }
    title = f"Ma sélection · {gathered_said(shortlist, atlas)}"
    return to_workbook(tables, day=day, title=title, sources=credit_lines(atlas, sheets))
