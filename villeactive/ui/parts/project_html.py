"""A sheet as one piece of HTML: heading, key facts, then all that the book says, in its order.

Every word is escaped here or in :mod:`villeactive.ui.parts.html_parts`; one piece travels once.
"""

from collections.abc import Iterable
from html import escape

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.collections.project import Actor, Contact, Place, Project
from villeactive.frames import UNLOCATED
from villeactive.kept_with import kept_with_first
from villeactive.maps.symbols import symbol_svg
from villeactive.text import NBSP, typographic
from villeactive.ui.parts import html_parts
from villeactive.vocabulary import label, terms
from villeactive.wording import facts, sources
from villeactive.wording.own_fields import LINK, own_fields
from villeactive.wording.town_facts import programmes_said


def _carried(place: Place, sheet: Project, atlas: Atlas) -> str:
    """List what the commune carries today, with dates, then when the source appeared."""
    items = [
        f"<li>{html_parts.programme(code)}, {escape(said)}</li>"
        for code, said in programmes_said(place.code_insee, atlas).items()
    ]
    if not items:
        return facts.NO_PROGRAMME
    year = atlas.collection_of(sheet).year
    if not year:
        return f"<ul>{''.join(items)}</ul>"
    codes, undated = facts.carried_then(place, sheet, atlas)
    then = ", ".join(html_parts.programme(code, short=True) for code in codes) or "aucun"
    beside = ", ".join(html_parts.programme(code, short=True) for code in undated)
    doubt = f"{NBSP}; {facts.UNDATED}{NBSP}: {beside}" if beside else ""
    return f"<ul>{''.join(items)}<li>fin {year}{NBSP}: {then}{doubt}</li></ul>"


def _other(place: Place, sheet: Project, atlas: Atlas) -> str:
    """Say another place of the sheet: where, how many people, which programmes."""
    codes = atlas.communes.loc[place.code_insee, "programmes"]
    carried = ", ".join(html_parts.programme(code, short=True) for code in codes)
    said = f"{facts.place(place, atlas)} · {typographic(facts.population(place, sheet, atlas))}"
    return f"<li>{escape(said)}{' · ' + carried if carried else ''}</li>"


def _actors(actors: list[Actor], atlas: Atlas) -> str:
    """Name actors, full name on hover."""
    said = []
    for actor in actors:
        note = escape(actor.note.fr) if actor.note else ""
        if actor.organisation:
            organisation = atlas.organisations[actor.organisation]
            name = f'<span title="{escape(organisation.name)}">{escape(organisation.shown)}</span>'
            said.append(f"{name} ({note})" if note else name)
        else:
            said.append(note)
    return ", ".join(said)


def key_facts(sheet: Project, atlas: Atlas) -> str:
    """Draw the key facts: where, how many people, programmes, when, how much, who."""
    others = "".join(_other(place, sheet, atlas) for place in sheet.places[1:])
    first = sheet.first
    rows = [
        ("Lieu", escape(facts.place(first, atlas))),
        ("Habitants", escape(typographic(facts.population(first, sheet, atlas)))),
        ("Programmes", _carried(first, sheet, atlas)),
    ] if first else [("Lieu", UNLOCATED)]  # fmt: skip
    rows += [
        ("Autres lieux", f"<ul>{others}</ul>" if others else ""),
        (facts.LACKING, escape(sheet.unlocated.fr) if first and sheet.unlocated else ""),
        (
            facts.cited_title(sheet, atlas),
            ", ".join(html_parts.programme(c) for c in sheet.programmes_cited),
        ),
        *((title, escape(said)) for title, said in facts.words_alone(sheet)),
    ]
    rows += [
        (term.label, _actors(getattr(sheet, role), atlas))
        for role, term in terms("actor_roles").items()
    ]
    if sheet.topic_cited:
        title = f"Rubrique {sources.of_the(atlas.collection_of(sheet))}"
        rows.append((title, escape(sheet.topic_cited)))
    rows += [(header, _with_links(text)) for header, text in own_fields(sheet, atlas)]
    return html_parts.facts(rows)


def _with_links(text: str) -> str:
    """Escape a text; the addresses of the web in it may be clicked."""
    parts, at = [], 0
    for found in LINK.finditer(text):
        parts.append(escape(text[at : found.start()]))
        href = escape(found[0])
        parts.append(f"<a href='{href}' target='_blank' rel='noopener noreferrer'>{href}</a>")
        at = found.end()
    return "".join((*parts, escape(text[at:])))


def heading(sheet: Project, atlas: Atlas, *, level: int, dark: bool) -> str:
    """Draw title, summary, and what kind of sheet this is."""
    town = typographic(atlas.projects.loc[sheet.id, "town"])
    kind = [town, atlas.themes[sheet.theme].short, atlas.label("topics", sheet.topic)]
    if not atlas.collection_of(sheet).columns:  # rows of a table are of one kind
        kind.append(atlas.kinds[sheet.kind].label)
    sign = html_parts.image(
        symbol_svg(atlas.themes[sheet.theme], atlas.kinds[sheet.kind].size, dark=dark)
    )
    return (
        f"<h{level}>{escape(sheet.title.fr)}</h{level}>"
        f"<p class='va-kind'>{sign}<span>{escape(' · '.join(filter(None, kind)))}</span></p>"
        f"<p>{escape(str(sheet.summary or ''))}</p>"
    )


def _bullets(items: Iterable[str]) -> str:
    """List sentences."""
    inside = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{inside}</ul>" if inside else ""


_DRAWN = {
    "Calendrier": html_parts.timeline,
    "Argent": html_parts.money,
    "Chiffres": html_parts.figures,
    "Points de vue": html_parts.voices,
}
"""List → what draws it; the others are bullets."""


def _contact(contact: Contact, atlas: Atlas) -> str:
    """Say whom the book names, and how to write to them."""
    lines = [escape(facts.contact(contact, atlas).text)]
    if contact.email:
        address = escape(contact.email)
        lines.append(f"<a href='mailto:{address}'>{address}</a>")
    if contact.phone:
        lines.append(escape(contact.phone))
    return f"<p>{'<br>'.join(lines)}</p>"


def _money_note(sheet: Project, atlas: Atlas) -> str:
    """Say what the amounts are."""
    said = f"Montants tels que {sources.the(atlas.collection_of(sheet))} les imprime"
    hatched = any(line.part_of for line in sheet.budget)
    end = f"{NBSP}; une part hachurée est déjà comprise dans une autre ligne." if hatched else "."
    return f"<p class='va-note'>{said}{end}</p>"


def _parts(sheet: Project, atlas: Atlas, *, dark: bool) -> list[tuple[str, str]]:
    """Give the parts of the sheet, titled: those of numbers, then those of words."""
    style = html_parts.colours(atlas.themes[sheet.theme], dark=dark)
    lists = {
        title: _DRAWN[title](rows, style) if title in _DRAWN else _bullets(r.text for r in rows)
        for title, rows in facts.lists(sheet, atlas).items()
    }
    money = lists.pop("Argent", "")
    told = [(title, f"<p>{escape(text)}</p>") for title, text in facts.paragraphs(sheet)]
    checked = escape(sources.check(atlas.collection_of(sheet)))
    contacts = "".join(_contact(contact, atlas) for contact in sheet.contacts)
    links = "".join(
        f"<li>{escape(label('link_kinds', link.kind))}{NBSP}: "
        f"<a href='{escape(link.url)}' target='_blank' rel='noopener'>{escape(link.label.fr)}</a>"
        "</li>"
        for link in sheet.links
    )
    return [
        ("Calendrier", lists.pop("Calendrier", "")),
        ("Argent", money + _money_note(sheet, atlas) if money else ""),
        ("Chiffres", lists.pop("Chiffres", "")),
        *told,
        *((facts.heading(title, sheet), html) for title, html in lists.items()),
        ("Contact", f"{contacts}<p class='va-note'>{checked}</p>" if contacts else ""),
        ("Voir aussi", f"<ul>{links}</ul>" if links else ""),
        ("Notes de lecture", _bullets(note.fr for note in sheet.notes)),
    ]


@kept_with_first(256)
def _html(atlas: Atlas, project: str, level: int, *, dark: bool) -> str:
    """Write the sheet once for all who open it."""
    sheet = atlas.sheets[project]
    parts = [
        ("", heading(sheet, atlas, level=level, dark=dark)),
        ("", key_facts(sheet, atlas)),
        *_parts(sheet, atlas, dark=dark),
    ]
    inside = "".join(
        f"<section>{f'<h{level + 1}>{title}</h{level + 1}>' if title else ''}{html}</section>"
        for title, html in parts
        if html
    )
    return f"<article class='va-sheet' lang='fr'>{inside}</article>"


def show_sheet(project: str, atlas: Atlas, *, level: int, dark: bool) -> None:
    """Show all that the book says of a project.

    Parameters
    ----------
    project
        Id of the sheet.
    atlas
        The whole atlas.
    level
        Rank of its title on the page: 1 on its own page, 2 beside the map.
    dark
        Colours of the dark theme.
    """
    st.html(_html(atlas, project, level, dark=dark))
