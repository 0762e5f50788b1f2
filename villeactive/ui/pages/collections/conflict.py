"""Two people change one collection: the second sees both versions, and chooses."""

from typing import Any

import streamlit as st

from villeactive.imports.importing import Draft
from villeactive.store.database import store
from villeactive.store.records import SITES, Record
from villeactive.text import NBSP, day, plural
from villeactive.ui import shell
from villeactive.ui.pages.collections import steps, work
from villeactive.ui.parts import blocks

_SHOWN = 200
"""Rows of differences on the page."""


def settled(made: Draft) -> bool:
    """Tell whether what would be replaced is what the reader saw; else show both, and ask."""
    current = made.before.revision if made.before else 0
    seen: Any = st.session_state.setdefault(work.SEEN, (made.kept.id, current))
    if seen[0] != made.kept.id:  # another collection is aimed at
        st.session_state[work.SEEN] = seen = (made.kept.id, current)
    if seen[1] == current:
        return True
    _show(made, current)
    return False


def _show(made: Draft, current: int) -> None:
    """Say who changed what meanwhile, show where both versions differ, offer each."""
    title, mine = blocks.quoted(made.kept.head["title"]), made.kept.records
    theirs = made.before.records if made.before else {}
    last = next(iter(store().history(made.kept.id)), None)
    by = f" par {shell.markdown(last.who)}" if last and last.who else ""
    what = (
        f"l’import de {blocks.quoted(last.file)} du {day(last.at[:10])}{by} y est maintenant"
        if last
        else "elle a été retirée"
    )
    st.warning(
        f"{title} a changé depuis que vous l’avez ouverte{NBSP}: {what}. La version gardée compte "
        f"{plural(len(theirs), 'projet')}, la vôtre {plural(len(mine), 'projet')}. Rien n’est "
        "encore écrit.",
        icon=":material/call_split:",
    )
    rows = _differences(theirs, mine)
    if rows:
        columns = [(name, "") for name in ("Projet", "Version gardée", "La vôtre")]
        grid = blocks.grid(columns, rows[:_SHOWN], label="Les deux versions", total=False)
        st.html(f"<div class='va-wrap va-versions'>{grid}</div>")
        if len(rows) > _SHOWN:
            st.caption(
                f"Et {plural(len(rows) - _SHOWN, 'autre différence', 'autres différences')}."
            )
    with st.container(horizontal=True, key="c-conflict"):
        st.button("Laisser la version gardée", key="c-theirs", on_click=_leave)
        st.button(
            "Reprendre avec la mienne", key="c-mine", on_click=_choose, args=(made.kept.id, current)
        )


def _choose(name: str, revision: int) -> None:
    """Note that the version in force was seen: it may be replaced."""
    st.session_state[work.SEEN] = (name, revision)


def _leave() -> None:
    work.drop()
    steps.go(steps.LIST)


def _differences(theirs: dict[str, Record], mine: dict[str, Record]) -> list[list[int | str]]:
    """List the cells of each project that differ, and the projects that one version alone has."""
    rows: list[list[int | str]] = []
    for name in [*theirs, *(one for one in mine if one not in theirs)]:
        kept, own = theirs.get(name), mine.get(name)
        title = str((own or kept).data.get("title", name))
        if kept is None:
            rows.append([title, "—", "projet de plus"])
        elif own is None:
            rows.append([title, "projet gardé", "—"])
        elif kept.row != own.row:
            headers = (h for h in {**kept.row, **own.row} if h != SITES)
            differ = [h for h in headers if kept.row.get(h) != own.row.get(h)]
            rows.append([title, *(_said(one, differ) for one in (kept, own))])
    return rows


def _said(record: Record, headers: list[str]) -> str:
    return " ; ".join(f"{header}{NBSP}: {record.cell(header) or '—'}" for header in headers)
