"""The « Note pour l’élu »: a town, those like it, three projects to visit.

:func:`note_of` gathers its words once; here they become two A4 pages, in
:mod:`villeactive.documents.brief_slides` two slides.
"""

from dataclasses import asdict, dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from villeactive.analysis.similar_towns import (
    best_sites,
    inspiring,
    missing_programmes,
    order_said,
    similar,
)
from villeactive.analysis.similarity import CRITERIA, EVEN, LEVELS, Weights
from villeactive.atlas import Atlas
from villeactive.documents.decks import deck_file
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.similar_towns_map import alike_svg
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import DEFAULT_WITHIN_KM
from villeactive.text import NBSP, enumeration, in_departement, number, plural, typeset, within
from villeactive.text import day as in_words
from villeactive.typography.font_metrics import FAMILY
from villeactive.typography.typst_pdf import compile_pdf, count_pages, day_of
from villeactive.wording import facts, sources
from villeactive.wording.town_facts import five_figures, labels_said

PAGES = 2
N_TOWNS = 10
N_VISITS = 3
_SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Of the body, points: the largest that holds in :data:`PAGES`."""

_STRENGTHS = 2
_MEASURE = (
    "Ressemblance sur 100 : 100 ÷ (1 + écart), l’écart étant la distance euclidienne pondérée "
    "entre les deux communes (taille, densité, rôle dans l’intercommunalité et distance à une "
    "ville bien plus grande, programmes portés, distance). Les chiffres sont comparés en "
    "proportion et rapportés à leur dispersion sur toutes les communes. Ni revenus, ni emplois, "
    "ni âges, ni grille de densité de l’INSEE : aucune de ces données n’est dans l’atlas."
)
_NONE_MISSING = "Aucun : elles ne portent pas d’autre programme que les vôtres."
_MAP_KEY = [
    "Point cerclé : votre ville. Numéros : les villes de la liste.",
    "Signes de couleur : les projets à visiter.",
]
_FAR_KM = 1_000
"""Kilometres beyond which one knows of a project rather than visits it."""

_NUMBERS = ("Projets", "Un projet", "Deux projets", "Trois projets")


def weights_said(weights: Weights) -> str:
    """Say what counts: « taille : important, densité : normal… »."""
    said = []
    for name, word in CRITERIA.items():
        value = getattr(weights, name)
        level = LEVELS[int(value)] if value == int(value) else number(value, decimals=1)
        said.append(f"{word}{NBSP}: {level}")
    return ", ".join(said)


@dataclass(frozen=True, eq=False)
class Note:
    """What a brief says and shows, whatever its format.

    Attributes
    ----------
    code_insee
        The town.
    day
        Date of the document.
    told
        Its words, with French spaces and apostrophes: strings, lists and dicts of strings.
    alike
        Codes of the towns alike, the most alike first.
    visits
        Ids of the projects to visit, as ``told["visits"]`` tells them.
    sites
        Rows of ``atlas.sites`` (EPSG:4326) of the projects to visit.
    same_region
        Whether the towns are those of the région alone.
    """

    code_insee: str
    day: date
    told: dict
    alike: tuple[str, ...]
    visits: tuple[str, ...]
    sites: gpd.GeoDataFrame
    same_region: bool


def note_of(
    code_insee: str,
    atlas: Atlas,
    *,
    day: date,
    weights: Weights = EVEN,
    same_region: bool = False,
    within_km: float = DEFAULT_WITHIN_KM,
) -> Note:
    """Gather what the brief of a town says.

    Parameters
    ----------
    code_insee
        The town.
    atlas
        The whole atlas.
    day
        Date of the document.
    weights, same_region, within_km
        As for :func:`villeactive.analysis.similar_towns.similar` and ``inspiring``; the région
        bears on the towns alone, projects come from anywhere.

    Raises
    ------
    UnknownValueError
        No commune has this code.
    """
    alike = similar(code_insee, atlas, n=N_TOWNS, weights=weights, same_region=same_region)
    found = inspiring(code_insee, atlas, within_km=within_km, weights=weights).head(N_VISITS)
    visits = tuple(found.index)
    told = {
        **_frame(code_insee, atlas, day),
        "figures": [asdict(one) for one in five_figures(code_insee, atlas, within_km=within_km)],
        "labels": labels_said(code_insee, atlas) or [facts.NO_PROGRAMME],
        "alt": _alt(code_insee, alike, visits, atlas),
        "intro": _intro(alike, same_region=same_region),
        "towns": _towns(alike),
        "missing": _missing(code_insee, alike, atlas) or [_NONE_MISSING],
        "map_key": _MAP_KEY,
        **_headings(found),
        "chosen": order_said(found, within_km=within_km),
        "visits": [_visit(name, row, atlas) for name, row in found.iterrows()],
        "method": f"{_MEASURE} Poids choisis{NBSP}: {weights_said(weights)}.",
    }
    sites = best_sites(found, atlas)
    return Note(code_insee, day, typeset(told), tuple(alike.index), visits, sites, same_region)


def brief_pdf(note: Note, atlas: Atlas) -> bytes:
    """Set a note as PDF.

    Returns
    -------
    bytes
        PDF/UA-1 of two pages: tagged, in French, fonts embedded; same note, same bytes.
    """
    svg = alike_svg(
        note.code_insee, note.alike, note.sites, atlas, region=note.same_region, factor=1.9
    )
    data, files = dict(note.told), {"map.svg": svg.encode()}
    for size in _SIZES:
        data["size"] = size
        if count_pages("brief.typ", data, name="brief.json", files=files) <= PAGES:
            break
    return compile_pdf("brief.typ", data, name="brief.json", files=files)


def visits_pptx(note: Note, atlas: Atlas) -> bytes:
    """Write the projects of a note as slides: cover, map, one slide each."""
    # a town overseas is marked in its inset
    overseas = atlas.communes.loc[note.code_insee, "zone"] == "drom"
    return deck_file(
        "pptx",
        note.visits,
        atlas,
        by="project",
        spec=MapSpec(layers=("projects",), overseas=overseas, date=note.day.isoformat()),
        title=f"{note.told['title']}{NBSP}: {note.told['these']}",
        marked=(note.code_insee,),
        reasons={key: _reasons(key, note, atlas) for key in note.visits},
    )


def _reasons(project: str, note: Note, atlas: Atlas) -> list[tuple[str, str]]:
    """Say why a project is worth a visit from the town, and whom to call."""
    told = note.told["visits"][note.visits.index(project)]
    rows = [(f"Pourquoi {note.told['title']}", f"{told['where']}. {told['because']}")]
    contacts = atlas.sheets[project].contacts
    return rows + [("Contact", facts.contact_line(one, atlas)) for one in contacts]


def _headings(chosen: pd.DataFrame) -> dict[str, str]:
    """Name the projects; those beyond the sea are known of, not visited."""
    verb = "connaître" if len(chosen) and chosen["km"].min() >= _FAR_KM else "visiter"
    noun = "projet" if len(chosen) == 1 else "projets"
    return {"heading": f"{_NUMBERS[len(chosen)]} à {verb}", "these": f"{noun} à {verb}"}


def _frame(code_insee: str, atlas: Atlas, day: date) -> dict:
    """Gather what stands around: title, colours, date, sources."""
    ink, row = inks("light"), atlas.communes.loc[code_insee]
    return {
        "font": FAMILY,
        "date": day_of(day),
        "colours": {"ink": ink.ink, "soft": ink.soft, "accent": ink.accent, "rule": ink.region},
        "title": row["name"],
        "where": within(row["departement_name"], row["region_name"], code=row["departement"]),
        "day": in_words(day),
        "check": sources.checked(atlas),
        "sources": list(sources.credit_lines(atlas)),
        "footer": f"Ville active · Note pour l’élu, {row['name']}, {in_words(day)}",
    }


def _intro(alike: pd.DataFrame, *, same_region: bool) -> str:
    """Say where the towns alike are looked for."""
    where = "de la même région" if same_region else "dans toute la France"
    if alike.empty:
        return f"Aucune autre commune {where}."
    return (
        f"Les {plural(len(alike), 'commune')} les plus ressemblantes {where}, avec leurs raisons."
    )


def _alt(code_insee: str, alike: pd.DataFrame, chosen: tuple[str, ...], atlas: Atlas) -> str:
    """Say what the map shows."""
    name = atlas.communes.loc[code_insee, "name"]
    towns = enumeration([f"{rank} {town}" for rank, town in enumerate(alike["name"], start=1)])
    projects = enumeration([atlas.sheets[key].title.fr for key in chosen])
    said = f"Carte de la commune ({name}) et de celles qui lui ressemblent{NBSP}: {towns}."
    return f"{said} Projets à visiter{NBSP}: {projects}." if projects else said


def _towns(alike: pd.DataFrame) -> list[dict]:
    """Say each town alike."""
    return [
        {
            "name": in_departement(row.name, row.departement),
            "people": number(row.population),
            "likeness": number(row.likeness),
            "share": row.likeness / 100,
            "why": row.why,
        }
        for row in alike.itertuples(index=False)
    ]


def _missing(code_insee: str, alike: pd.DataFrame, atlas: Atlas) -> list[str]:
    """Say the programmes that towns alike carry and this one does not."""
    lacking = missing_programmes(code_insee, alike, atlas)
    rows = []
    for row in lacking.itertuples():
        towns = enumeration([alike.loc[code, "name"] for code in row.towns[:4]])
        more = f" et {number(row.n_towns - 4)} de plus" if row.n_towns > 4 else ""
        rows.append(f"{row.label}{NBSP}: {number(row.n_towns)} sur {number(len(alike))} "
                    f"({towns.replace(' et ', ', ') if more else towns}{more})")  # fmt: skip
    return rows


def _visit(name: str, row: pd.Series, atlas: Atlas) -> dict:
    """Say a project: what it is, why it fits, whom to call."""
    sheet, town = atlas.sheets[name], in_departement(row["town"], row["departement"])
    contacts = [facts.contact(one, atlas) for one in sheet.contacts]
    return {
        "title": sheet.title.fr,
        "where": f"{town}, à {number(row['km'])}{NBSP}km",
        "summary": str(sheet.summary or ""),
        "fits": row["fits"],
        "because": f"{row['fits'][:1].upper()}{row['fits'][1:]}.",
        "strengths": [
            text.fr for text in sheet.strengths[: _STRENGTHS if sheet.judged_by == "book" else 0]
        ],
        "contacts": [[one.text, one.note] for one in contacts],
        "check": sources.check(atlas.collection_of(sheet)),
        "owner": facts.actors(sheet.commissioners, atlas, notes=False),
        "cite": sources.short(sheet, atlas),
    }
