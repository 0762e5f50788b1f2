"""What a reader is bringing: read once, then changed by hand, in the session alone."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from villeactive.errors import DataFileError, StoreError
from villeactive.imports.brought import PASTED, file_name, read_brought
from villeactive.imports.importing import alike, remembered
from villeactive.imports.projects import Wish, wish_of
from villeactive.store.database import store
from villeactive.store.records import Kept
from villeactive.tables.headers import Table, find_table
from villeactive.tables.mapping import Mapping as Roles
from villeactive.tables.raw.reading import Raw
from villeactive.tables.understanding import Understood, placed
from villeactive.text import number, typographic
from villeactive.ui import trial
from villeactive.ui.export_queue import place
from villeactive.ui.keeping import may_keep

MOST_ROWS = 5_000
"""Rows of a table on a server that keeps nothing."""

PASTED_TITLE = "Cellules collées"
"""What cells that were pasted are called until their owner names them."""

_WORK = "collections-work"
MADE = "collections-made"
"""In the session, what keeping would do: it goes with what it was made of."""

ROWS = "collections-rows"
"""In the session, the rows that are corrected one by one, as they stood when they were shown."""

SEEN = "collections-seen"
"""In the session, the revision of the collection that the reader last chose to replace."""


@dataclass(frozen=True)
class Work:
    """A table that is being brought.

    Attributes
    ----------
    name, data, raw, table
        The file, its content, its rows, the table in them.
    roles, themed, sites, shared
        Roles of columns settled by hand, by header; whether projects have themes; what makes
        several sites of one project; headers of personal columns that all may see.
    decisions, answered, later
        Places settled by hand, by question or by row; what each answer replaced, the last one last
        (key → decision, None where there was none); the questions put off.
    target
        Id of the kept collection that it updates; None for a new one.
    wish
        What its owner says of the collection; an empty id follows the title.
    understood
        None until the table is read with these roles.
    """

    name: str
    data: bytes
    raw: Raw
    table: Table
    roles: Mapping[str, str | None] = field(default_factory=dict)
    themed: bool = True
    sites: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    decisions: Mapping[str, Any] = field(default_factory=dict)
    answered: tuple[Mapping[str, Any], ...] = ()
    later: tuple[str, ...] = ()
    target: str | None = None
    wish: Wish = Wish("", "")
    understood: Understood | None = None
    seat: trial.Seat | None = None


def current() -> Work | None:
    """Give what is being brought in this session."""
    return st.session_state.get(_WORK)


def change(**values: Any) -> None:
    """Replace some values of what is being brought."""
    work = current()
    if work is not None:
        st.session_state[_WORK] = replace(work, **values)


def settle(decisions: Mapping[str, Any]) -> None:
    """Settle places by hand, by question or by row, in one answer; an empty one takes one back."""
    work = current()
    if work is not None and decisions:
        replaced = {key: work.decisions.get(key) for key in decisions}
        change(decisions={**work.decisions, **decisions}, answered=(*work.answered, replaced))


def take_back() -> None:
    """Settle as before the last answer; rows are shown anew."""
    work = current()
    if work is not None and work.answered:
        *answered, replaced = work.answered
        decisions = {**work.decisions, **replaced}
        decisions = {key: one for key, one in decisions.items() if one is not None}
        change(decisions=decisions, answered=tuple(answered))
        st.session_state.pop(ROWS, None)


def drop() -> None:
    """Forget what was being brought."""
    for held in (_WORK, MADE, ROWS, SEEN):
        st.session_state.pop(held, None)


def bring(name: str, data: bytes, *, sheet: str | None = None) -> None:
    """Read a file; what was being brought stays when it cannot be read.

    Raises
    ------
    DataFileError
        It is no table, holds no row, or is too large for this server.
    """
    own, work = may_keep(), current()
    seat = None if own else trial.take_seat(work.seat if work else None)
    with place():
        raw = read_brought(name, data, sheet=sheet)
        table = find_table(raw)
        if not table.rows:
            msg = f"{file_name(name)} : aucune ligne de données. Donnez un tableau d’au moins une."
            raise DataFileError(msg)
        if not own and len(table.rows) > MOST_ROWS:
            msg = (
                f"{file_name(name)} : {number(len(table.rows))} lignes, et ce serveur en lit "
                f"{number(MOST_ROWS)} au plus. Installez l’atlas chez vous pour aller au-delà."
            )
            raise DataFileError(msg)
        st.session_state.pop(SEEN, None)
        before = _followed(table.headers) if own else _tried(table.headers)
        roles = remembered(before, table.headers) or Roles()
        st.session_state[_WORK] = Work(
            name,
            data,
            raw,
            table,
            roles.columns,
            roles.themed,
            roles.sites,
            decisions=before.decisions if before else {},
            seat=seat,
            understood=placed(raw, table, roles),
            **_said(before, name, kept=own),
        )


def _followed(headers: list[str]) -> Kept | None:
    """Give the kept collection that has these columns; what the store refuses is told later."""
    with suppress(StoreError):
        near = alike(store().mappings(), headers)
        return store().read(near) if near else None
    return None


def _tried(headers: list[str]) -> Kept | None:
    """Give the collection tried in this session, where it has these columns."""
    tried = trial.current()
    near = tried and alike({tried.kept.id: tried.kept.mapping}, headers)
    return tried.kept if near else None


def _said(before: Kept | None, name: str, *, kept: bool = True) -> dict[str, Any]:
    """Give what is known of the collection: as kept or tried, else by the name of the file."""
    wish = wish_of(before, before.id if before else "", Path(file_name(name)))
    if before is None:
        title = PASTED_TITLE if name == PASTED else typographic(wish.title)
        wish = replace(wish, title=title)
    return {
        "target": before.id if before and kept else None, "wish": wish, "shared": wish.shared,
    }  # fmt: skip


def aim(target: str | None) -> None:
    """Have what is brought update a kept collection, or be a new one."""
    work = current()
    if work is not None:
        said = _said(store().read(target) if target else None, work.name)
        change(**said | {"shared": work.shared | said["shared"]})


def understood(work: Work) -> Understood:
    """Give the table as understood, its rows placed; read anew where roles changed."""
    if work.understood is None:
        with st.spinner("Lecture des lieux…"), place():
            roles = Roles(dict(work.roles), themed=work.themed, sites=work.sites)
            change(understood=placed(work.raw, work.table, roles))
        return current().understood
    return work.understood
