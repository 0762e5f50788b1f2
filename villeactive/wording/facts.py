"""A sheet in words: its facts as plain French text, for slides, documents and pages of one file."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from villeactive.analysis import summary
from villeactive.atlas import Atlas
from villeactive.carried import carried_at, undated_at
from villeactive.collections.project import (
    Actor,
    BudgetLine,
    Contact,
    Event,
    Figure,
    Place,
    Project,
    Voice,
)
from villeactive.frames import UNLOCATED
from villeactive.programmes import full_names, known_programmes, short_names
from villeactive.text import NBSP, day, enumeration, euros, number, plural, typographic, within
from villeactive.vocabulary import label, terms
from villeactive.wording.own_fields import own_fields
from villeactive.wording.sources import check, cite, the

LACKING = "Lieu non localisé"
"""What heads why a sheet has not all of its places."""

UNDATED = "sans date connue"
"""What is said of a programme that neither list nor sheet dates."""

NO_PROGRAMME = "Aucun des programmes suivis"
"""What is said where a commune carries none."""

_JUDGED = ("Points forts", "Effets constatés", "Effets attendus")
"""Lists that the book prints for its six projects only; elsewhere they are ours."""

_LONGEST_SIGN = 4
"""Letters of a unit that is a sign: m², km, ans; longer ones are words."""


@dataclass(frozen=True)
class Row:
    """A line of a list: a lead (date, amount), its text, a soft note, and a mark.

    ``mark`` is ``done``, ``under-way`` or ``planned`` for an event, ``part`` for an amount that
    another one contains; ``share`` is the length of its bar, 0 to 1.
    """

    lead: str
    text: str
    note: str = ""
    mark: str = ""
    share: float = 0.0


def place_name(one: Place, town: str) -> str:
    """Name a place: its commune, or a wider territory and where it is drawn."""
    if one.scale == "commune":
        return town
    name = typographic(one.name or town)
    if one.scale in ("departement", "region"):
        return f"{name}, {label('place_scales', one.scale).lower()} (placé à {town})"
    return f"{name} (à {town})"


def place(one: Place, atlas: Atlas) -> str:
    """Say a place: commune or grouping, building, département and région."""
    commune = atlas.communes.loc[one.code_insee]
    parts = [
        place_name(one, typographic(commune["name"])),
        one.site.fr if one.site else "",
        one.street or "",
    ]
    where = within(commune["departement_name"], commune["region_name"])
    role = "" if one.role == "principal" else f", {label('place_roles', one.role).lower()}"
    return f"{' · '.join(p for p in parts if p)} – {where}{role}"


def territory(name: str) -> str:
    """Name a territoire d'industrie after its noun, once."""
    shown = typographic(name)
    return shown if name.casefold().startswith("territoire") else f"territoire {shown}"


def people(commune: pd.Series) -> str:
    """Say how many live in a commune, and when: « 31 606 habitants en 2023 »."""
    return f"{plural(int(commune['population']), 'habitant')} en {commune['population_year']}"


def population(one: Place, sheet: Project, atlas: Atlas, *, brief: bool = False) -> str:
    """Say the population today, and what the source printed.

    ``brief``: without the noun, nor what was printed of more than the commune.
    """
    commune = atlas.communes.loc[one.code_insee]
    counted_in = f"{number(commune['population'])} en {commune['population_year']}"
    said = counted_in if brief else people(commune)
    if one.scale != "commune":
        said = f"{typographic(commune['name'])}{NBSP}: {said}"
    if one.scale == "epci" and one.siren:
        group = atlas.communes.loc[atlas.communes["epci"] == one.siren, "population"].sum()
        said = f"{number(group)} dans l’intercommunalité, {said}"
    counts = {"epci": ", intercommunalité", "territoire": ", territoire"}
    counted = counts.get(one.population_counts, "")
    if not one.population_cited or (brief and counted):
        return said
    where = the(atlas.collection_of(sheet))
    return f"{said} ({number(one.population_cited)} dans {where}{counted})"


def carried(one: Place, sheet: Project, atlas: Atlas, *, brief: bool = False) -> str:
    """List the programmes that the commune carries today, then those of when the source appeared.

    ``brief``: today's only, the long names shortened.
    """
    rows = atlas.labels_of(one.code_insee).drop_duplicates("programme")
    known = [known_programmes()[code] for code in rows["programme"]]
    if not known:
        return NO_PROGRAMME
    if brief:
        return enumeration([t.name if t.labelled else t.short for t in known])
    year = atlas.collection_of(sheet).year
    if not year:
        return enumeration([term.label for term in known])
    then, undated = carried_then(one, sheet, atlas)
    now = enumeration([term.label for term in known])
    doubt = f"{NBSP}; {UNDATED}{NBSP}: {', '.join(short_names(undated))}" if undated else ""
    return f"{now} (fin {year}{NBSP}: {', '.join(short_names(then)) or 'aucun'}{doubt})"


def carried_then(
    one: Place, sheet: Project, atlas: Atlas
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the programmes of when the source appeared, then those that nobody dates.

    Both are empty where the collection has no date.
    """
    year = atlas.collection_of(sheet).year
    if not year:
        return (), ()
    labels = atlas.labels_of(one.code_insee)
    return carried_at(one, labels, year), undated_at(one, labels)


def actors(group: Iterable[Actor], atlas: Atlas, *, notes: bool = True) -> str:
    """Name actors by their short names, with what the book adds in brackets."""
    said = []
    for actor in group:
        note = actor.note.fr if actor.note else ""
        if not actor.organisation:
            said.append(note)
            continue
        name = atlas.organisations[actor.organisation].shown
        said.append(f"{name} ({note})" if note and notes else name)
    return ", ".join(said)


def when(event: Event) -> str:
    """Say the date of an event as the book does."""
    if not event.date:
        return {"under-way": "en cours", "planned": "à suivre"}.get(event.status, "sans date")
    said = f"{event.about} {day(event.date)}" if event.about else day(event.date)
    return f"{said} – {day(event.end)}" if event.end else said


def since(value: str) -> str:
    """Say « depuis le 27 septembre 2018 », or « depuis 2018 » when only the year is known."""
    return f"depuis {'le ' if len(value) == 10 else ''}{day(value)}"


def span(sheet: Project) -> str:
    """Say the span of the project; empty when the book dates nothing of it."""
    dated = own_dates(sheet)
    if not dated:
        return ""
    first, last = dated[0], dated[-1]
    if first is last:
        return when(first)
    begun = f"{first.about} {day(first.date)}" if first.about else day(first.date)
    return f"{begun} → {day(last.end) if last.end else when(last)}"


def own_dates(sheet: Project) -> list[Event]:
    """Give the dated events of the project itself, what came before it left out."""
    return [event for event in sheet.timeline if event.date and not event.context]


def timeline(sheet: Project, atlas: Atlas) -> list[Row]:
    """List the events; what was not done says as of when."""
    year = atlas.collection_of(sheet).year
    then = f" en {year}" if year else ""
    rows = []
    for event in sheet.timeline:
        done = event.status == "done"
        note = "" if done else f"{label('event_statuses', event.status)}{then}"
        rows.append(Row(when(event), event.label.fr, note, event.status))
    return rows


def amount(line: BudgetLine) -> str:
    """Say an amount with what qualifies it."""
    return qualified(line.amount_eur, line.tax, line.per == "year" and not line.year)


def qualified(amount_eur: float, tax: str | None, yearly: object) -> str:
    """Say euros, how they are taxed, and whether they come every year: « 62 000 € HT par an »."""
    return " ".join(filter(None, (euros(amount_eur), tax, "par an" if yearly else "")))


def amount_note(line: BudgetLine, sheet: Project, atlas: Atlas) -> str:
    """Say who pays, what kind of money it is, and what contains it."""
    parts = [atlas.organisations[line.payer].shown] if line.payer else []
    parts += [label("budget_natures", line.nature)] if line.nature else []
    parts += [str(line.year)] if line.year else []
    if line.part_of:
        whole = next(other for other in sheet.budget if other.id == line.part_of)
        parts.append(f"compris dans{NBSP}: {whole.label.fr}")
    return " · ".join(parts)


def money(sheet: Project, atlas: Atlas) -> list[Row]:
    """List the amounts of the book, with bars on one scale."""
    largest = max((line.amount_eur for line in sheet.budget), default=1.0)
    return [
        Row(
            amount(line),
            line.label.fr,
            amount_note(line, sheet, atlas),
            "part" if line.part_of else "",
            line.amount_eur / largest,
        )
        for line in sheet.budget
    ]


def cited_title(sheet: Project, atlas: Atlas) -> str:
    """Title the programmes that the source itself names."""
    return f"Programmes cités par {the(atlas.collection_of(sheet))}"


def nature(sheet: Project, atlas: Atlas) -> str:
    """Say what kind of sheet this is, and on what: « Projet détaillé · Accès à la formation »."""
    said = (atlas.label("kinds", sheet.kind), atlas.label("topics", sheet.topic))
    return " · ".join(filter(None, said))


def heading(title: str, sheet: Project) -> str:
    """Title a list; strengths and effects that the book does not print are said to be ours."""
    ours = title in _JUDGED and sheet.judged_by == "atlas"
    return f"{title} (d’après l’atlas)" if ours else title


def total(sheet: Project) -> str:
    """Say the sums of the amounts, kept apart by what cannot be added, and that they are ours."""
    said = []
    for row in summary.amounts([sheet]):
        about = [label("budget_natures", row.nature)] if row.nature else []
        about += ["somme de l’atlas"] if row.n_lines > 1 else []
        amount_said = qualified(row.amount_eur, row.tax, row.per)
        said.append(f"{amount_said} ({', '.join(about)})" if about else amount_said)
    return enumeration(said)


def figure(one: Figure) -> str:
    """Say a figure as the book qualifies it: exact, about, range, signed change, rank."""
    if one.text:
        return one.text.fr
    if one.value is None:
        return ""
    said = _decimal(one.value)
    if one.value_max is not None:
        said += f" à {_decimal(one.value_max)}"
    before = {"about": "environ ", "at-least": f"au moins{NBSP}"}.get(one.nature, "")
    if one.nature == "change" and one.value > 0:
        before = "+"
    if one.nature == "rank":
        said += "er" if one.value == 1 else "e"
    # a word may go to the next line, a sign may not
    gap = NBSP if len(one.unit or "") <= _LONGEST_SIGN else " "
    return f"{before}{said}{f'{gap}{one.unit}' if one.unit else ''}"


def _decimal(value: float) -> str:
    """Write a number with the decimals that it has."""
    whole = value == int(value)
    return number(value, decimals=0 if whole else len(str(value).split(".")[1]))


def figures(sheet: Project) -> list[Row]:
    """List the figures of the book."""
    return [
        Row(figure(one), f"{one.label.fr} ({one.year})" if one.year else one.label.fr)
        for one in sheet.figures
    ]


def impacts(sheet: Project, status: str) -> list[str]:
    """List the effects, ``observed`` or ``expected``."""
    return [impact.text.fr for impact in sheet.impacts if impact.status == status]


def _who(name: str, role: str, organisation: str | None, atlas: Atlas) -> str:
    """Name a person, role and organisation; the organisation once only."""
    where = atlas.organisations[organisation].shown if organisation else ""
    where = "" if where and where in role else where
    return ", ".join(part for part in (name, role, where) if part)


def voice(one: Voice, atlas: Atlas) -> Row:
    """Give a view, and who holds it."""
    return Row("", one.view.fr, _who(one.name, one.role.fr, one.organisation, atlas))


def contact(one: Contact, atlas: Atlas) -> Row:
    """Give a contact: who, and how to write or call."""
    said = _who(one.name, one.role.fr if one.role else "", one.organisation, atlas)
    return Row("", said, " · ".join(part for part in (one.email, one.phone) if part))


def contact_line(one: Contact, atlas: Atlas) -> str:
    """Give a contact on one line."""
    row = contact(one, atlas)
    return ", ".join(part for part in (row.text, row.note) if part)


def words_alone(sheet: Project) -> list[tuple[str, str]]:
    """List the key facts that read the same everywhere: labels, when, how much."""
    return [
        ("Labels et dispositifs", ", ".join(label("labels", code) for code in sheet.labels)),
        ("Quand", span(sheet)),
        ("Combien", total(sheet)),
    ]


def key_facts(sheet: Project, atlas: Atlas, *, brief: bool = False) -> list[tuple[str, str]]:
    """List the key facts: where, how many people, programmes, when, how much, who.

    Parameters
    ----------
    sheet, atlas
        The sheet and the whole atlas.
    brief
        For a slide: actors without what the book adds about them, programmes of today.

    Returns
    -------
    list of (title, text)
        What the sheet does not say is left out.
    """
    first = sheet.first
    rows = [
        ("Lieu" if len(sheet.places) == 1 else "Lieux",
         f"{NBSP}; ".join(place(one, atlas) for one in sheet.places)),
        ("Habitants", population(first, sheet, atlas, brief=True)),
        ("Programmes", carried(first, sheet, atlas, brief=brief)),
    ] if first else [("Lieu", UNLOCATED)]  # fmt: skip
    if first and sheet.unlocated:
        rows.insert(1, (LACKING, sheet.unlocated.fr))
    rows += [
        (cited_title(sheet, atlas),
         ", ".join(full_names(sheet.programmes_cited))),
        *words_alone(sheet),
    ]  # fmt: skip
    rows += [
        (term.label, actors(getattr(sheet, role), atlas, notes=not brief))
        for role, term in terms("actor_roles").items()
    ]
    rows += own_fields(sheet, atlas)
    return [(title, text) for title, text in rows if text]


def paragraphs(sheet: Project) -> list[tuple[str, str]]:
    """List the texts of the sheet with their titles."""
    parts = (("Contexte", sheet.context), ("Objectifs", sheet.aims), ("Projet", sheet.description))
    return [(title, text.fr) for title, text in parts if text]


def told(sheet: Project, atlas: Atlas) -> dict[str, Any]:
    """Give the words of a sheet as documents take them, its lists apart: keys, plain values."""
    return {
        "title": sheet.title.fr,
        "summary": str(sheet.summary or ""),
        "check": check(atlas.collection_of(sheet)),
        "facts": [list(pair) for pair in key_facts(sheet, atlas)],
        "paragraphs": [list(pair) for pair in paragraphs(sheet)],
        "contacts": [asdict(contact(one, atlas)) for one in sheet.contacts],
        "links": [[f"{label('link_kinds', one.kind)}{NBSP}: {one.label.fr}", one.url]
                  for one in sheet.links],
        "cite": cite(sheet, atlas),
    }  # fmt: skip


def lists(sheet: Project, atlas: Atlas) -> dict[str, list[Row]]:
    """List all that is not a text: title → rows; what the sheet does not say is left out."""
    parts = {
        "Calendrier": timeline(sheet, atlas),
        "Argent": money(sheet, atlas),
        "Chiffres": figures(sheet),
        "Points forts": [Row("", text.fr) for text in sheet.strengths],
        "Effets constatés": [Row("", text) for text in impacts(sheet, "observed")],
        "Effets attendus": [Row("", text) for text in impacts(sheet, "expected")],
        "Points de vue": [voice(one, atlas) for one in sheet.voices],
    }
    return {title: rows for title, rows in parts.items() if rows}
