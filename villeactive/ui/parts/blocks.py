"""What the pages Commune, Villes, Thèmes and Acteurs share: links, tables, bars, files."""

from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date
from html import escape
from urllib.parse import quote

import streamlit as st
from streamlit.errors import StreamlitAPIException

from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.documents.list_files import KINDS, Listing, list_file
from villeactive.programmes import known_programmes
from villeactive.text import NBSP, compact_json, number
from villeactive.ui import address, shell, way_back
from villeactive.ui.own_files import component, style
from villeactive.ui.parts import html_parts

_MOST = 60


def open_atlas(title: str) -> Atlas:
    """Open a page as all others do, with the style of these four."""
    atlas = shell.open_chosen(title)
    st.html(style("explore.css"))
    way_back.offer(atlas)
    return atlas


def given(key: str) -> str:
    """Read one value of the address, cut to a length that can be shown."""
    return (st.query_params.get(key) or "").strip()[:_MOST]


def quoted(text: str) -> str:
    """Put untrusted text between French quotes, for markdown."""
    return f"«{NBSP}{shell.markdown(text)}{NBSP}»"


def go(page: str, *, here: bool = False, **query: str) -> None:
    """Go to a page at once; ``here`` stays on this one, whatever opened it."""
    if here:
        address.write(query)
        st.rerun()
    try:
        st.switch_page(page, query_params=address.along(query))
    except StreamlitAPIException:
        st.info("Cette page s’ouvre depuis l’atlas entier.")


def opener(name: str) -> Callable[[str], None]:
    """Give what opens a value on the page one is on: it becomes the whole address."""
    return lambda value: address.write({name: value})


def link(page: str, label: str, *, key: str, query: dict[str, str], icon: str, here: bool) -> None:
    """Link to a page; on the page itself, a button that writes the address.

    A link of Streamlit 1.67 to the page that one is on reruns it but leaves the address as it
    was: Back and « copy the link » would then lie.

    Parameters
    ----------
    page, query, icon
        Where to go.
    label
        Plain words; escaped here.
    key
        Of the button: unique on the page.
    here
        Whether the page is the one shown.
    """
    if not here:
        shell.link(page, shell.markdown(label), query=query, icon=icon)
    elif st.button(shell.markdown(label), key=key, icon=icon, type="tertiary"):
        go(page, here=True, **query)


def headed(title: str, held: Sized, *, none: str) -> bool:
    """Show the title of a part, and say where it holds nothing; tell whether it holds something."""
    st.subheader(title, anchor=False)
    if not len(held):
        st.markdown(none)
    return len(held) > 0


def headed_here(projects: Sized) -> bool:
    """Head the projects of a commune, as :func:`headed` does."""
    return headed("Projets ici", projects, none="Aucun projet n’y est présenté.")


def project_links(ids: Iterable[str], atlas: Atlas, *, note: Callable[[Project], str]) -> None:
    """Link to sheets, each with its town and what one wants to add."""
    for key in ids:
        sheet = atlas.sheets[key]
        said = [f"{sheet.title.fr} — {atlas.projects.loc[key, 'town']}", note(sheet)]
        words = ", ".join(part for part in said if part)
        shell.link(
            shell.PROJET,
            shell.markdown(words),
            query={"projet": key},
            icon=":material/description:",
        )


def picture(svg: str, words: str) -> str:
    """Show one of our drawings, with what it shows in words."""
    # a third shorter than base64, and better compressed
    data = quote(svg, safe=' "=:/(),;')
    return f"<img class='va-map' alt='{escape(words)}' src='data:image/svg+xml,{data}'>"


def figures(rows: Iterable[tuple[str, str]]) -> str:
    """Draw large figures: (label, figure) pairs."""
    items = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(said)}</dd></div>" for label, said in rows
    )
    return f"<dl class='va-figures va-big'>{items}</dl>"


def bars(rows: list[tuple[str, str, int]], *, colours: Mapping[str, str] | None = None) -> str:
    """Draw counts as bars on one scale.

    Parameters
    ----------
    rows
        (image in HTML or empty, label, count); the label is escaped here.
    colours
        Label → colour of its bar; the colour of hairlines when not given.
    """
    largest = max((count for _, _, count in rows), default=0) or 1
    signs = any(sign for sign, _, _ in rows)
    items = []
    for sign, label, count in rows:
        colour = (colours or {}).get(label, "var(--va-ink-soft)")
        items.append(html_parts.bar(sign, escape(label), count, largest, f"--va-bar:{colour}"))
    return f"<ul class='va-bars {'va-signs' if signs else 'va-plain'}'>{''.join(items)}</ul>"


def grid(
    columns: list[tuple[str, str]], rows: list[list[int | str]], *, label: str, total: bool
) -> str:
    """Draw a table of figures.

    Parameters
    ----------
    columns
        (heading, what it means or empty).
    rows
        The first cell names the row; integers and percentages (text) stand to the right.
    label
        What the table holds, for assistive tools.
    total
        Whether the last row sums the others.
    """
    head = "".join(
        f"<th scope='col'{' class=n' if rank else ''}>"
        + (f'<abbr title="{escape(said)}">{escape(title)}</abbr>' if said else escape(title))
        + "</th>"
        for rank, (title, said) in enumerate(columns)
    )
    body = []
    for rank, (name, *cells) in enumerate(rows):
        last = " class='va-sum'" if total and rank == len(rows) - 1 else ""
        shown = (number(cell) if isinstance(cell, int) else escape(cell) for cell in cells)
        line = "".join(f"<td class='n'>{cell}</td>" for cell in shown)
        body.append(f"<tr{last}><th scope='row'>{escape(str(name))}</th>{line}</tr>")
    return (
        f"<div class='va-wide' tabindex='0' role='region' aria-label='{escape(label)}'>"
        f"<table class='va-table'><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


_TABLE = (
    "<table><caption></caption><thead></thead><tbody></tbody></table>"
    "<button type='button' class='more' hidden></button>"
)


def table(columns: list[str], rows: list[list], *, caption: str, key: str) -> str | None:
    """Show a long table, sorted in the browser; give the row that was just opened.

    Parameters
    ----------
    columns
        Headings.
    rows
        [id, cell, cell…]; a list of programme codes is shown by their short names.
    caption
        What the table holds.
    key
        Letters, digits and hyphens.
    """
    programmes = known_programmes().values()
    data = {
        "columns": columns,
        "rows": rows,
        "caption": caption,
        "words": {t.code: [t.short, f"{t.label}{NBSP}: {t.meaning}"] for t in programmes},
    }
    compact = compact_json(data).encode()
    result = component(
        "villeactive_table", "grid.js", "table.js", styles=("grid.css", "table.css"), html=_TABLE
    )(data=compact, key=key, on_open_change=lambda: None)
    return getattr(result, "open", None)


def file_button(
    label: str,
    made: Callable[[], bytes],
    name: str,
    media: str,
    *,
    key: str,
    icon: str = ":material/download:",
    look: str = "secondary",
) -> None:
    """Offer a file, made once it is asked for; the page stays as it is."""
    st.download_button(label, made, name, media, on_click="ignore", icon=icon, type=look, key=key)


def show_list_files(made: Callable[[], Listing], name: str, *, day: date, key: str) -> None:
    """Offer a list as every kind of file, each made once it is asked for.

    Those that few open, and that every change of a filter would send again, come once asked for.

    Parameters
    ----------
    made
        Gives the list.
    name
        Of the files, without their ending.
    day
        Written in them.
    key
        Of the buttons, before the ending.
    """

    def show(*, for_gis: bool) -> None:
        for ending, kind in KINDS.items():
            if kind.for_gis == for_gis:
                file_button(
                    kind.name,
                    lambda ending=ending: list_file(ending, made(), day=day),
                    f"{name}.{ending}",
                    kind.media,
                    key=f"{key}-{ending}",
                )

    show(for_gis=False)
    if st.toggle("Pour un SIG", key=f"{key}-sig", width="content"):
        show(for_gis=True)
