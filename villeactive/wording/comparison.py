"""Projects side by side: each aspect in words, what they share and what sets one apart."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from villeactive.atlas import Atlas
from villeactive.collections.project import ACTOR_ROLES, Project
from villeactive.programmes import known_programmes
from villeactive.text import NBSP, enumeration, euros, number, plural, spaced, within
from villeactive.vocabulary import label, terms
from villeactive.wording import facts

UNSAID = "non dit"
"""What stands where the book says nothing."""

MOST = 4
"""Projects, or towns, side by side."""

_SURFACES = {"m²", "ha"}
_JOBS = {"emplois", "postes", "salariés"}
_MOST_FIGURES = 5
_NEAR = 1.05
"""Two quantities closer than this ratio are the same."""


@dataclass(frozen=True)
class Cell:
    """What one project says of an aspect, what sets it apart, and its quantity where drawn."""

    said: str
    apart: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Aspect:
    """An aspect of several projects: its name, a cell each, and what they all share."""

    name: str
    cells: tuple[Cell, ...]
    shared: str = ""


def quantities(ids: Sequence[str], atlas: Atlas) -> list[Aspect]:
    """Give what is drawn on one scale: population of the town, investment.

    Parameters
    ----------
    ids
        Two to :data:`MOST` sheets.
    atlas
        The whole atlas.

    Returns
    -------
    list of Aspect
        A quantity that the book gives for no project is left out; ``value`` is None where it
        says nothing.
    """
    rows = atlas.projects.loc[list(ids)]
    people = [
        (float(row.population), f"{number(row.population)}, {row.town}")
        for row in rows.itertuples()
    ]
    money = [
        (None, UNSAID) if amount != amount else (float(amount), euros(amount))
        for amount in rows["amount_eur"]
    ]
    found = [
        ("Habitants de la ville", people, ("la plus peuplée", "même taille", "moins peuplée")),
        ("Investissement", money, ("le plus cher", "même montant", "moins cher")),
    ]
    return [
        Aspect(name, _ranked(given, *words))
        for name, given, words in found
        if any(value is not None for value, _ in given)
    ]


def _ranked(
    given: list[tuple[float | None, str]], largest: str, same: str, less: str
) -> tuple[Cell, ...]:
    """Say of each quantity how it stands to the largest."""
    known = [value for value, _ in given if value is not None]
    top = max(known)

    def apart(value: float | None) -> str:
        if value is None:
            return ""
        if len(known) == 1:
            return "seul montant donné"
        ratio = top / value if value else float("inf")
        if ratio < _NEAR:
            near = sum(other * _NEAR > top for other in known)
            return largest if near == 1 else same
        if ratio < 2:
            return f"{number(100 * (1 - 1 / ratio))}{NBSP}% {less}"
        times = number(ratio, decimals=1 if ratio < 10 else 0).removesuffix(",0")
        return f"{times} fois {less}" if value else less

    return tuple(Cell(said, apart(value), value) for value, said in given)


def aspects(ids: Sequence[str], atlas: Atlas) -> list[Aspect]:
    """Give what is said in words: kind, theme, place, labels, dates, figures, roles.

    Parameters
    ----------
    ids, atlas
        As for :func:`quantities`.

    Returns
    -------
    list of Aspect
        An aspect of which no sheet says anything is left out; a sheet that says nothing of one
        says :data:`UNSAID`.
    """
    sheets = [atlas.sheets[name] for name in ids]
    made = [
        _one("Type de fiche", sheets, lambda s: s.kind, lambda code: atlas.label("kinds", code),
             ("même type", "seule fiche de ce type")),
        _one("Thème", sheets, lambda s: s.theme, lambda code: atlas.label("themes", code),
             ("même thème", "seul dans ce thème")),
        _one("Sujet", sheets, lambda s: s.topic, lambda code: atlas.label("topics", code),
             ("même sujet", "seul sur ce sujet")),
        _places(sheets, atlas),
        _sets("Programmes de la ville", list(atlas.projects.loc[list(ids), "programmes"]),
              lambda code: known_programmes()[code].short, facts.NO_PROGRAMME,
              "seule ville en"),
        _sets("Labels et dispositifs", [sheet.labels for sheet in sheets],
              lambda code: label("labels", code)),
        _dates(sheets),
        _told("Montants", [facts.total(sheet) for sheet in sheets]),
        _told("Surfaces", [_figures(sheet, _SURFACES) for sheet in sheets]),
        _told("Emplois et postes", [_figures(sheet, _JOBS) for sheet in sheets]),
        _told("Autres chiffres", [_other_figures(sheet) for sheet in sheets]),
        *(_role(role, sheets, atlas) for role in ACTOR_ROLES),
        _told("Contact", [_contacts(sheet) for sheet in sheets]),
    ]  # fmt: skip
    return [one for one in made if any(cell.said != UNSAID for cell in one.cells)]


def _one(
    name: str,
    sheets: list[Project],
    code_of: Callable[[Project], str],
    said: Callable[[str], str],
    words: tuple[str, str],
) -> Aspect:
    """Compare what is one code a sheet."""
    codes = [code_of(sheet) for sheet in sheets]
    same, alone = words
    kinds = len(set(codes))
    shared = same if kinds == 1 else "tous différents" if kinds == len(codes) else ""
    odd = not shared
    cells = (Cell(said(c), alone if odd and codes.count(c) == 1 else "") for c in codes)
    return Aspect(name, tuple(cells), shared)


def _sets(
    name: str,
    every: Sequence[Sequence[Hashable]],
    said: Callable[[Hashable], str],
    none: str = UNSAID,
    alone: str = "",
) -> Aspect:
    """Compare what is several codes or names a sheet: those all have, those one alone has."""
    common = [code for code in every[0] if all(code in other for other in every)]
    shared = f"en commun{NBSP}: {enumeration([said(code) for code in common])}" if common else ""
    cells = []
    for own in every:
        only = [code for code in own if sum(code in other for other in every) == 1]
        apart = f"{alone} {enumeration([said(code) for code in only])}" if only and alone else ""
        cells.append(Cell(", ".join(said(code) for code in own) or none, apart))
    return Aspect(name, tuple(cells), shared)


def _places(sheets: list[Project], atlas: Atlas) -> Aspect:
    """Say where, and in how many places."""
    cells, regions = [], []
    for sheet in sheets:
        row = atlas.projects.loc[sheet.id]
        regions.append(row["region_name"] or sheet.id)
        more = len(sheet.places) - 1
        also = f" et {plural(more, 'autre lieu', 'autres lieux')}" if more > 0 else ""
        where = within(row["departement_name"], row["region_name"]) if sheet.places else ""
        cells.append(Cell(f"{row['town']}{also}" + (f" ({where})" if where else "")))
    return Aspect("Lieu", tuple(cells), "même région" if len(set(regions)) == 1 else "")


def _dates(sheets: list[Project]) -> Aspect:
    """Say the span of each, and which begins first."""
    begins = [next((e.date for e in facts.own_dates(sheet)), None) for sheet in sheets]
    known = [date for date in begins if date]
    # a year and a month of that year are not told apart
    first = min((date[:4] for date in known), default="")
    alone = len(known) > 1 and sum(date[:4] == first for date in known) == 1
    cells = tuple(
        Cell(facts.span(sheet) or UNSAID,
             "la première date" if alone and date and date[:4] == first else "")
        for sheet, date in zip(sheets, begins, strict=True)
    )  # fmt: skip
    return Aspect("Quand", cells)


def _told(name: str, said: list[str]) -> Aspect:
    """Give texts as they are; say when one sheet alone tells."""
    told = [text for text in said if text]
    alone = "seule fiche à le dire" if len(told) == 1 else ""
    return Aspect(name, tuple(Cell(spaced(t), alone) if t else Cell(UNSAID) for t in said))


def _figures(sheet: Project, units: set[str]) -> str:
    """List the figures of some units, with what they count."""
    kept = [one for one in sheet.figures if one.unit in units]
    return " · ".join(f"{facts.figure(one)}{NBSP}: {one.label.fr}" for one in kept)


def _other_figures(sheet: Project) -> str:
    """List the first of the other figures, and count the rest."""
    kept = [one for one in sheet.figures if one.unit not in _SURFACES | _JOBS]
    said = [f"{facts.figure(one)}{NBSP}: {one.label.fr}" for one in kept[:_MOST_FIGURES]]
    rest = len(kept) - _MOST_FIGURES
    return " · ".join([*said, *([f"et {plural(rest, 'autre', 'autres')}"] if rest > 0 else [])])


def _role(role: str, sheets: list[Project], atlas: Atlas) -> Aspect:
    """Name who holds a role; an organisation in all of them is said."""
    named = [
        [
            atlas.organisations[actor.organisation].shown if actor.organisation else actor.note.fr
            for actor in getattr(sheet, role)
        ]
        for sheet in sheets
    ]
    return _sets(terms("actor_roles")[role].label, named, str)


def _contacts(sheet: Project) -> str:
    return ", ".join(contact.name for contact in sheet.contacts)
