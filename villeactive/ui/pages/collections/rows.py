"""Step 3, under the questions: rows in an editor, whose place a hand changes one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import uuid4

import streamlit as st

from villeactive.geography.gazetteer import communes
from villeactive.imports.by_row import matching, meant, refused, to_review, written
from villeactive.imports.identity import is_of_row, place_cells, site_keys
from villeactive.imports.questions import settled
from villeactive.tables.places import Place
from villeactive.tables.understanding import Understood
from villeactive.text import NBSP, in_departement, number, plural, typed
from villeactive.ui import shell
from villeactive.ui.pages.collections import work

_AT_ONCE = 200
"""Rows sent together: about a hundred bytes each."""

_LONGEST = 300
"""Letters of a cell that are shown, and that may be typed."""

_SAID = 5
"""Refusals that are said together."""

_LINE, _WANTED, _TITLE = "Ligne", "Commune ou code", "Titre"
_CELLS, _UNDERSTOOD = "Ce que dit la ligne", "Compris"
_HOW = (
    f"Écrivez dans «{NBSP}{_WANTED}{NBSP}»{NBSP}: «{NBSP}Lens (62){NBSP}», «{NBSP}62498{NBSP}», ou "
    f"«{NBSP}-{NBSP}» pour une ligne sans lieu. Effacez, et la ligne est de nouveau comme elle est "
    "comprise. Ce que vous écrivez vaut pour cette ligne seule, avant la réponse à une question."
)


@dataclass(frozen=True)
class _Shown:
    """Rows in an editor, as they stood when it was put there.

    Streamlit (1.67) keeps what is typed by position, and begins an editor anew, its cell, its
    scroll and the next keys lost, when the rows under it change. So these stay as they are while it
    stands, and each edit is kept at once under the key of its site.

    Attributes
    ----------
    of, asked
        The table; what was asked of it, and what was settled beside.
    keys, lines
        Of each row: the key of its site, its line in the file.
    cells
        What is shown of each.
    key
        Of the editor: another one for other rows.
    """

    of: Understood
    asked: tuple[object, ...]
    keys: Sequence[str]
    lines: Sequence[int]
    cells: Sequence[dict[str, Any]]
    key: str


def show_rows(bringing: work.Work, understood: Understood) -> None:
    """Offer to change rows one by one: those to review, or those that are sought."""
    with st.expander(
        "Corriger ligne par ligne",
        icon=":material/edit_location:",
        key="c-by-row",
        on_change="rerun",
    ) as offered:
        if not offered.open:
            return
        st.caption(shell.markdown(_HOW))
        words, sites, first = _asked(bringing, understood)
        if sites:
            _show_editor(_shown(bringing, understood, (words, first), sites), bringing)
        else:
            nothing = f"Aucune ligne ne répond à «{NBSP}{words[:60]}{NBSP}»."
            sure = "Toutes les lignes ont un lieu sûr. Pour en changer une, cherchez-la."
            st.info(shell.markdown(nothing if words else sure), icon=":material/search_off:")


def _asked(bringing: work.Work, understood: Understood) -> tuple[str, list[int], int]:
    """Ask which rows to show: words, the sites that answer, the first of those shown."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="c-which-rows"):
        words = typed(
            st.text_input(
                "Chercher parmi toutes les lignes",
                key="c-words",
                type="search",
                live="300ms",
                icon=":material/search:",
                placeholder="un mot du titre ou d’une cellule, « ligne 12 »",
            )
        )
        found = matching(understood, words) if words else to_review(understood, bringing.decisions)
        starts = range(0, len(found), _AT_ONCE)
        first = 0
        if len(starts) > 1:
            first = st.selectbox(
                f"Sur {plural(len(found), 'ligne')}",
                starts,
                format_func=lambda start: _span(start, len(found)),
                key="c-page",
                width=220,
            )
    return words, found, first or 0


def _span(start: int, total: int) -> str:
    return f"{number(start + 1)} à {number(min(start + _AT_ONCE, total))}"


def _shown(
    bringing: work.Work, understood: Understood, asked: tuple[object, ...], sites: Sequence[int]
) -> _Shown:
    """Give the rows that are in the editor; those of another one where what is asked changed."""
    beside = {key: one for key, one in bringing.decisions.items() if not is_of_row(key)}
    held: _Shown | None = st.session_state.get(work.ROWS)
    same = held is not None and held.of is understood and held.asked == (*asked, beside)
    if same and held.key in st.session_state:  # else it was away, and what it held with it
        return held
    sites = sites[asked[-1] :][:_AT_ONCE]
    keys, places = site_keys(understood), settled(understood, bringing.decisions)
    title = next((c.index for c in understood.columns if c.role == "title"), None)
    lines, cells = [], []
    for site in sites:
        row = understood.sites.of[site]
        lines.append(understood.table.lines[row])
        said = {
            _LINE: lines[-1],
            _WANTED: written(bringing.decisions.get(keys[site])),
            _CELLS: " · ".join(filter(None, place_cells(understood, site).values())),
            _UNDERSTOOD: _where(places[site]),
        }
        if title is not None:
            said[_TITLE] = understood.table.rows[row][title]
        cells.append({k: typed(v)[:_LONGEST] if isinstance(v, str) else v for k, v in said.items()})
    made = _Shown(
        understood,
        (*asked, beside),
        [keys[site] for site in sites],
        lines,
        cells,
        f"c-rows-{uuid4().hex[:8]}",
    )
    st.session_state[work.ROWS] = made
    return made


def _where(place: Place) -> str:
    """Name the place of a row, and why it is there."""
    if place.scale == "commune" and place.code_insee in communes():
        row = communes()[place.code_insee]
        return f"{in_departement(row.name, row.departement)}. {place.reason}"
    return place.reason


def _show_editor(held: _Shown, bringing: work.Work) -> None:
    """Show rows, and say what became of what was typed."""
    names = [_LINE, _WANTED, _CELLS, _TITLE, _UNDERSTOOD]
    with st.container(key="c-editor"):
        st.data_editor(
            held.cells,
            key=held.key,
            hide_index=True,
            column_order=names,
            disabled=[name for name in names if name != _WANTED],
            column_config={
                _LINE: st.column_config.NumberColumn(format="%d", width=56, pinned=False),
                _WANTED: st.column_config.TextColumn(width=160, max_chars=_LONGEST),
                _CELLS: st.column_config.TextColumn(width=220),
                _TITLE: st.column_config.TextColumn(width=260),
            },
            on_change=_keep,
            args=(held.key, held.keys),
            alt="Lignes à corriger",
        )
    wrong = []
    for position, text in _typed_in(held.key).items():
        decision, there = meant(text)
        if decision is None:
            wrong.append(refused(held.lines[position], text, there))
    if wrong:
        st.warning("\n\n".join(map(shell.markdown, wrong[:_SAID])), icon=":material/warning:")
    if len(wrong) > _SAID:
        st.caption(f"Et {plural(len(wrong) - _SAID, 'autre')}.")
    st.html(f"<p class='va-note' role='status'>{escape(_told(held, bringing))}</p>")


def _told(held: _Shown, bringing: work.Work) -> str:
    """Say what the last answer made of rows that are shown."""
    last = bringing.answered[-1] if bringing.answered else {}
    at = [held.keys.index(key) for key in last if key in held.keys]
    if len(at) > 1:
        return f"{number(len(at))} lignes changées."
    if not at:
        return ""
    place = written(bringing.decisions.get(held.keys[at[0]])) or "comme elle est comprise"
    return f"Ligne {number(held.lines[at[0]])}{NBSP}: {place}."


def _typed_in(key: str) -> dict[int, str]:
    """Give what was typed in an editor since it stands: position → text, empty where effaced."""
    edits = st.session_state[key]["edited_rows"]
    return {int(at): typed(one[_WANTED] or "") for at, one in edits.items() if _WANTED in one}


def _keep(key: str, keys: Sequence[str]) -> None:
    """Keep what was typed, under the key of each site; what is not sure keeps nothing."""
    bringing = work.current()
    if bringing is None:
        return
    said = {keys[at]: meant(text)[0] for at, text in _typed_in(key).items()}
    work.settle(
        {
            name: decision
            for name, decision in said.items()
            if decision is not None and decision != (bringing.decisions.get(name) or {})
        }
    )
