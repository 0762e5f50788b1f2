"""Facts, timeline and money of a sheet as small drawn HTML; every word is escaped here."""

from html import escape
from urllib.parse import quote

from villeactive.collections.collection import Theme
from villeactive.maps.symbols import LEGEND_SIZE, palette, symbol_svg, theme_symbol
from villeactive.programmes import known_programmes
from villeactive.text import NBSP, number
from villeactive.wording.facts import Row

_PLAIN = " =:/,.()"
"""Signs that an address inside an attribute may hold as they are."""


def colours(theme: Theme | None, *, dark: bool) -> str:
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


def figures(rows: list[Row], style: str) -> str:
    """Draw figures, each with its label."""
    items = "".join(
        f"<div><dt>{escape(row.text)}</dt><dd>{escape(row.lead)}</dd></div>" for row in rows
    )
    return f"<dl class='va-figures' style='{style}'>{items}</dl>"


def timeline(rows: list[Row], style: str) -> str:
    """Draw a timeline: a full dot when done, half when under way, open when planned."""
    items = []
    for row in rows:
        status = f" <em>({escape(row.note)})</em>" if row.note else ""
        items.append(
            f"<li class='{row.mark}'><span class='dot'></span><b>{escape(row.lead)}</b>"
            f"<span>{escape(row.text)}{status}</span></li>"
        )
    return f"<ol class='va-time' style='{style}'>{''.join(items)}</ol>"


def money(rows: list[Row], style: str) -> str:
    """Draw amounts as bars on one scale; a part of another line is hatched."""
    items = "".join(
        f"<li><div class='top'><span>{escape(row.text)}</span><b>{escape(row.lead)}</b></div>"
        f"<div class='bar {row.mark}' style='width:{max(1.0, 100 * row.share):.1f}%'></div>"
        f"<small>{escape(row.note)}</small></li>"
        for row in rows
    )
    return f"<ul class='va-money' style='{style}'>{items}</ul>"


def voices(rows: list[Row], style: str) -> str:
    """Draw views: one line of ours, and who holds it."""
    return "".join(
        f"<blockquote class='va-voice' style='{style}'>{escape(row.text)}"
        f"<footer>{escape(row.note)}</footer></blockquote>"
        for row in rows
    )


def bar(sign: str, said: str, count: int, largest: int, style: str) -> str:
    """Draw a count as a line of a list: sign and label (HTML), bar, number; style of the line."""
    return (
        f"<li style='{style}'><span>{sign}</span>"
        f"<span>{said}</span>"
        f"<span class='bar' style='width:{100 * count / largest:.1f}%'></span>"
        f"<span class='n'>{number(count)}</span></li>"
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
        accent = f"--va-accent:{theme_symbol(theme, dark=dark).colour}" if theme else ""
        said = escape(words)
        if meanings and words in meanings:
            said = f'<abbr title="{escape(meanings[words])}">{said}</abbr>'
        items.append(bar(sign, said, count, largest, accent))
    return f"<ul class='va-bars' style='{colours(None, dark=dark)}'>{''.join(items)}</ul>"


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
