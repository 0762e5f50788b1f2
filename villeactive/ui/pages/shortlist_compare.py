"""Side by side: up to four projects, up to four towns, of what was gathered or of the address."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.selection import split
from villeactive.text import NBSP, in_departement, spaced
from villeactive.ui import address, shell
from villeactive.ui.pages import compare
from villeactive.ui.parts import blocks
from villeactive.wording.comparison import MOST, UNSAID, Aspect, Cell, aspects, quantities

_MOST_TEXT = 400


def _asked(atlas: Atlas) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the projects and towns of ``compare=``; those that no longer exist are said."""
    sheets, towns, dropped = _read(atlas)
    for name in dropped:
        st.warning(
            f"À comparer{NBSP}: {blocks.quoted(name[:60])} n’existe pas ou plus, il est "
            "laissé de côté.",
            icon=":material/link_off:",
        )
    return sheets, towns


def _read(atlas: Atlas) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """Read the projects, the towns, and the unknown names that the address asks for now."""
    raw = address.here().get("compare", "")[:_MOST_TEXT]
    names = dict.fromkeys(part.strip() for part in raw.split(",") if part.strip())
    known = [name for name in names if name in atlas.sheets or name in atlas.communes.index]
    sheets, towns = split(known, atlas)
    return sheets[:MOST], towns[:MOST], [name for name in names if name not in known]


def show_gathered(names: Sequence[str], atlas: Atlas) -> None:
    """Compare projects, then towns: those of the address, else the first that were gathered."""
    sheets, towns = split(names, atlas)
    asked_sheets, asked_towns = _asked(atlas)
    if not (names or asked_sheets or asked_towns):
        return
    st.header("Comparer côte à côte", anchor=False)
    shown_sheets = asked_sheets or sheets[:MOST]
    shown_towns = asked_towns or towns[:MOST]

    def write(kind: str) -> None:
        sheets, towns, _ = _read(atlas)
        chosen = {"projets": sheets, "communes": towns}
        chosen[kind] = tuple(st.session_state[f"comparer-{kind}"])
        address.keep({"compare": ",".join([*chosen["projets"], *chosen["communes"]])})

    if shown_sheets:
        every = dict.fromkeys([*shown_sheets, *sheets, *atlas.sheets])
        said = {key: spaced(atlas.projects["title"][key]) for key in every}
        _choose("Projets à comparer (deux à quatre)", "projets", shown_sheets, said, write)
        if len(shown_sheets) > 1:
            _show_projects(shown_sheets, atlas)
    if shown_towns:
        every = dict.fromkeys([*shown_towns, *towns])
        rows = atlas.communes.loc[list(every), ["name", "departement"]]
        said = {row.Index: in_departement(row.name, row.departement) for row in rows.itertuples()}
        if len(said) > 1:
            _choose("Communes à comparer (deux à quatre)", "communes", shown_towns, said, write)
        if len(shown_towns) > 1:
            compare.show_towns(list(shown_towns), atlas, first="la référence")
    if len(shown_sheets) < 2 and len(shown_towns) < 2:
        st.caption("Il en faut deux de même sorte\u00a0: deux projets ou deux communes.")


def _choose(title: str, kind: str, shown: Sequence[str], said: dict[str, str], write) -> None:
    """Choose what stands side by side."""
    st.session_state[f"comparer-{kind}"] = list(shown)
    st.multiselect(
        title,
        list(said),
        format_func=said.get,
        max_selections=MOST,
        key=f"comparer-{kind}",
        on_change=write,
        args=(kind,),
        select_all=False,
    )


def _show_projects(ids: Sequence[str], atlas: Atlas) -> None:
    """Show projects side by side: links, what is drawn on one scale, then words."""
    titles = [spaced(atlas.sheets[key].title.fr) for key in ids]
    with st.container(gap="xxsmall", key="compares"):
        for key, title in zip(ids, titles, strict=True):
            shell.link(shell.PROJET, shell.markdown(title), query={"projet": key},
                       icon=":material/description:")  # fmt: skip
    scales = [_scale(one, titles) for one in quantities(ids, atlas)]
    st.html(f"<div class='mv-scales'>{''.join(scales)}</div>")
    st.html(_table(aspects(ids, atlas), titles))


def _scale(one: Aspect, titles: list[str]) -> str:
    """Draw a quantity of each project on one scale."""
    rows = [
        (title, cell.value or 0.0, cell.said, cell.apart)
        for title, cell in zip(titles, one.cells, strict=True)
    ]
    return compare.scale(one.name, rows, own=False)


def _table(rows: list[Aspect], titles: list[str]) -> str:
    """Draw aspects as rows, projects as columns; on a phone each cell names its project."""
    head = "".join(f"<th scope='col' role='columnheader'>{escape(t)}</th>" for t in titles)
    body = "".join(
        f"<tr role='row'><th scope='row' role='rowheader'>{escape(one.name)}"
        f"{_remark(one.shared)}</th>"
        + "".join(_cell(cell, t) for cell, t in zip(one.cells, titles, strict=True))
        + "</tr>"
        for one in rows
    )
    return (
        "<table class='mv-side' role='table' aria-label='Projets côte à côte'>"
        "<thead role='rowgroup'><tr role='row'><th scope='col' role='columnheader'>Ce que dit la "
        f"fiche</th>{head}</tr></thead><tbody role='rowgroup'>{body}</tbody></table>"
    )


def _cell(cell: Cell, title: str) -> str:
    """Draw a cell, with what sets it apart in words."""
    quiet = " class='mv-unsaid'" if cell.said == UNSAID else ""
    return (
        f"<td role='cell'><span class='mv-whose' aria-hidden='true'>{escape(title)}</span>"
        f"<span{quiet}>{escape(cell.said)}</span>{_remark(cell.apart)}</td>"
    )


def _remark(words: str) -> str:
    return f"<small>{escape(words)}</small>" if words else ""
