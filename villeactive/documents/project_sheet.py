"""The sheet of a project on paper: A4, one or two pages, tagged, ready to print or to send."""

from dataclasses import asdict
from datetime import date

from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.documents.project_slide import surroundings
from villeactive.maps.render.svg import scene_svg
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import MapSpec
from villeactive.maps.symbols import theme_text
from villeactive.programmes import drawn_at_first, full_names
from villeactive.text import NBSP, enumeration, typeset, within
from villeactive.text import day as in_words
from villeactive.typography.font_metrics import FAMILY
from villeactive.typography.typst_pdf import compile_pdf, count_pages, day_of
from villeactive.wording import facts, sources

MOST_PAGES = 2
_SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5)
"""Of the body, points: the largest that holds in :data:`MOST_PAGES`."""

_LEFT = ("Points forts", "Effets constatés", "Effets attendus", "Calendrier", "Points de vue")
_RIGHT = ("Argent", "Chiffres")


def sheet_pdf(sheet: Project, atlas: Atlas, *, day: date) -> bytes:
    """Set a sheet as PDF.

    Parameters
    ----------
    sheet, atlas
        The sheet and the whole atlas.
    day
        Date of the document.

    Returns
    -------
    bytes
        PDF/UA-1: tagged, in French, fonts embedded; same sheet and day, same bytes.
    """
    spec = MapSpec(layout="sheet", date=day.isoformat())
    scene = surroundings(sheet, atlas, spec=spec)
    files = {"map.svg": scene_svg(scene)}
    data = _data(sheet, atlas, day) | {"alt": scene.description}
    for size in _SIZES:
        told = data | {"size": size}
        if count_pages("sheet.typ", told, name="sheet.json", files=files) <= MOST_PAGES:
            break
    return compile_pdf("sheet.typ", told, name="sheet.json", files=files)


def _data(sheet: Project, atlas: Atlas, day: date) -> dict:
    """Gather the words of a sheet."""
    ink, lists = inks("light"), facts.lists(sheet, atlas)
    first, collection = atlas.projects.loc[sheet.id], atlas.collection_of(sheet)
    within_it = within(first["departement_name"], first["region_name"]) if sheet.places else ""
    towns = enumeration(full_names(drawn_at_first()))
    return typeset({
        **facts.told(sheet, atlas),
        "font": FAMILY,
        "date": day_of(day),
        "colours": {"ink": ink.ink, "soft": ink.soft, "rule": ink.region,
                    "accent": theme_text(atlas.themes[sheet.theme])},
        "series": f"Ville active · {atlas.label('themes', sheet.theme)}",
        "kind": facts.nature(sheet, atlas),
        "where": " · ".join(filter(None, (first["town"], within_it))),
        "caption": f"Cercles et points{NBSP}: grandes villes {towns} des environs.",
        "lists": _kept(lists, sheet, *_LEFT),
        "numbers": _kept(lists, sheet, *_RIGHT),
        "sources": list(sources.credit_lines(atlas, [sheet.id])),
        "footer": f"Ville active · fiche du {in_words(day)}, d’après {sources.dated(collection)}",
    })  # fmt: skip


def _kept(lists: dict[str, list[facts.Row]], sheet: Project, *titles: str) -> list[list]:
    """Pick lists, in the order asked; those that a sheet has not are left out."""
    return [
        [facts.heading(title, sheet), [asdict(row) for row in lists[title]]]
        for title in titles
        if title in lists
    ]
