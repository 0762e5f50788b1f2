"""Facts, timeline and money of a sheet as small drawn HTML; every word is escaped here."""

from html import escape
from urllib.parse import quote

from villeactive.atlas import Atlas
from villeactive.collections.collection import Theme
from villeactive.collections.project import Sheet, Voice
from villeactive.maps.symbols import LEGEND_SIZE, palette, symbol_svg, theme_symbol
from villeactive.programmes import known_programmes
from villeactive.text import NBSP, number
from villeactive.vocabulary import label
from villeactive.wording.facts import amount, amount_note, when
from villeactive.wording.facts import figure as said_of

_PLAIN = " =:/,.()"
"""Signs that an address inside an attribute may hold as they are."""


def _colours(theme: Theme | None, *, dark: bool) -> str:
    """Give the style attribute that hands the colours to ``page.css``."""
    ground = palette(dark=dark)
    accent = theme_symbol(theme, dark=dark).colour if theme else ground.region
    return f"--va-accent:{accent};--va-rule:{ground.departement};--va-paper:{ground.paper}"


def image(svg: str) -> str:
    """Show one of our own symbols; Streamlit strips inline SVG from HTML, not images.

    Signs are written as they are, so that the connection compresses what symbols share.
    """
    return f"<img alt='' src='data:image/svg+xml,{quote(svg, safe=_PLAIN)}'>"


def programme(code: str, *, short: bool = False) -> str:
    """Name a programme, its plain meaning on hover."""
    term = known_programmes()[code]
    meaning = f"{term.label}{NBSP}: {term.meaning}" if short else term.meaning
    return f'<abbr title="{escape(meaning)}">{escape(term.short if short else term.label)}</abbr>'


def facts(rows: list[tuple[str, str]]) -> str:
    """Draw key facts.

    Parameters
    ----------
    rows
        (title, HTML) pairs; the HTML is made of escaped words and of :func:`programme`.
    """
    items = "".join(f"<dt>{escape(title)}</dt><dd>{html}</dd>" for title, html in rows if html)
    return f"<dl class='va-facts'>{items}</dl>"


def figures(sheet: Sheet, atlas: Atlas, *, dark: bool) -> str:
    """Draw the figures of the book, each with its label."""
    items = "".join(
        f"<div><dt>{escape(figure.label.fr)}{f' ({figure.year})' if figure.year else ''}</dt>"
        f"<dd>{escape(said_of(figure))}</dd></div>"
        for figure in sheet.figures
    )
    style = _colours(atlas.themes[sheet.theme], dark=dark)
    return f"<dl class='va-figures' style='{style}'>{items}</dl>"


def timeline(sheet: Sheet, atlas: Atlas, *, dark: bool) -> str:
    """Draw the timeline: a full dot when done, half when under way, open when planned."""
    items, year = [], atlas.collection_of(sheet).year
    then = f" en {year}" if year else ""
    for event in sheet.timeline:
        said = label("event_statuses", event.status)
        status = "" if event.status == "done" else f" <em>({said}{then})</em>"
        items.append(
            f"<li class='{event.status}'><span class='dot'></span><b>{escape(when(event))}</b>"
            f"<span>{escape(event.label.fr)}{status}</span></li>"
        )
    style = _colours(atlas.themes[sheet.theme], dark=dark)
    return f"<ol class='va-time' style='{style}'>{''.join(items)}</ol>"


def money(sheet: Sheet, atlas: Atlas, *, dark: bool) -> str:
    """Draw the amounts of the book as bars on one scale; a part of another line is hatched."""
    largest = max(line.amount_eur for line in sheet.budget)
    items = []
    for line in sheet.budget:
        width = max(1.0, 100 * line.amount_eur / largest)
        kind = "bar part" if line.part_of else "bar"
        items.append(
            f"<li><div class='top'><span>{escape(line.label.fr)}</span>"
            f"<b>{escape(amount(line))}</b></div>"
            f"<div class='{kind}' style='width:{width:.1f}%'></div>"
            f"<small>{escape(amount_note(line, sheet, atlas))}</small></li>"
        )
    style = _colours(atlas.themes[sheet.theme], dark=dark)
    return f"<ul class='va-money' style='{style}'>{''.join(items)}</ul>"


def voice(said: Voice, sheet: Sheet, atlas: Atlas, *, dark: bool) -> str:
    """Draw a view: one line of ours, and who holds it."""
    where = atlas.organisations[said.organisation].shown if said.organisation else ""
    role = said.role.fr if not where or where in said.role.fr else f"{said.role.fr}, {where}"
    return (
        f"<blockquote class='va-voice' style='{_colours(atlas.themes[sheet.theme], dark=dark)}'>"
        f"{escape(said.view.fr)}<footer>{escape(said.name)}, {escape(role)}</footer></blockquote>"
    )


def bars(
    counts: list[tuple[Theme | None, str, int]],
    *,
    dark: bool,
    meanings: dict[str, str] | None = None,
) -> str:
    """Draw counts as bars on one scale.

    Parameters
    ----------
    counts
        (theme or None, label, count).
    dark
        Colours of the dark theme.
    meanings
        Label → what it means, shown on hover.
    """
    largest = max((count for _, _, count in counts), default=0) or 1
    items = []
    for theme, words, count in counts:
        sign = image(symbol_svg(theme, LEGEND_SIZE, dark=dark)) if theme else ""
        accent = f" style='--va-accent:{theme_symbol(theme, dark=dark).colour}'" if theme else ""
        said = escape(words)
        if meanings and words in meanings:
            said = f'<abbr title="{escape(meanings[words])}">{said}</abbr>'
        items.append(
            f"<li{accent}><span>{sign}</span>"
            f"<span>{said}</span>"
            f"<span class='bar' style='width:{100 * count / largest:.1f}%'></span>"
            f"<span class='n'>{number(count)}</span></li>"
        )
    return f"<ul class='va-bars' style='{_colours(None, dark=dark)}'>{''.join(items)}</ul>"


def table(columns: list[str], rows: list[list[str | int]]) -> str:
    """Draw a small table; numbers stand to the right, narrow screens scroll it alone."""
    head = "".join(f"<th scope='col'>{escape(title)}</th>" for title in columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td class='n'>{number(cell)}</td>"
            if isinstance(cell, int)
            else f"<td>{escape(cell)}</td>"
            for cell in row
        )
        + "</tr>"
        for row in rows
    )
    return (
        "<div class='va-wide' tabindex='0' role='region' aria-label='Tableau'>"
        f"<table class='va-table'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def words(rows: list[tuple[str, str]]) -> str:
    """Draw a glossary: each word, then its plain meaning."""
    items = "".join(f"<dt>{escape(word)}</dt><dd>{escape(said)}</dd>" for word, said in rows)
    return f"<dl class='va-words'>{items}</dl>"
