"""Step 2: each column with a few of its values and its role."""

import hashlib
import json
from html import escape

import streamlit as st

from villeactive.imports.identity import no_key
from villeactive.tables.columns import Column
from villeactive.tables.mapping import SITES, sites_of
from villeactive.tables.records import defaults_said, theme_column
from villeactive.tables.sites.identified import SITES_TOLD
from villeactive.tables.sites.offers import offers
from villeactive.tables.understanding import Understood, places_something
from villeactive.text import NBSP, number, plural, typed
from villeactive.ui import shell
from villeactive.ui.pages.collections import work
from villeactive.ui.parts import blocks

LABELS = {
    "name": "Commune",
    "code": "Code INSEE",
    "postcode": "Code postal",
    "departement": "Département",
    "region": "Région",
    "epci": "Intercommunalité",
    "address": "Adresse",
    "point": "Point (latitude et longitude)",
    "lat": "Latitude",
    "lon": "Longitude",
    "scale": "Échelle du lieu",
    "title": "Titre du projet",
    "description": "Description",
    "theme": "Thème",
    "kind": "Type de projet",
    "amount": "Montant en euros",
    "date": "Date ou année",
    "organisation": "Porteur, partenaire",
    "link": "Lien",
    "contact": "Contact",
    "id": "Identifiant du projet",
}
"""Roles in French, in the order in which they are offered."""

_KEPT_SO = {
    "cells": "Une cellule peut nommer plusieurs communes, lieux d’un même projet",
    "rows": "Les lignes de même identifiant sont un projet à plusieurs lieux",
}
"""What makes several sites as it was settled, where this table has none."""

_NONE = "Aucun rôle (gardée comme champ)"
_NO_KEY = (
    "d’un import à l’autre, les lignes seront reconnues par leur titre et leur lieu. Corrigez le "
    "fichier pour qu’elles le soient par cette colonne."
)
_VALUES, _CELL = 5, 48
_AT_ONCE = 30
"""Columns shown before one asks for more."""


def show_columns(bringing: work.Work) -> None:
    """Show the columns, and what themes and circles are made of."""
    understood = work.understood(bringing)
    columns = understood.columns
    st.markdown(
        f"Chaque colonne devient un champ du projet. Son rôle dit ce qu’elle apporte de plus{NBSP}:"
        " un lieu, un titre, un thème, un montant… Corrigez ce qui est mal reconnu."
    )
    if not places_something(columns):
        st.warning(
            f"Aucune colonne ne dit un lieu{NBSP}: donnez à l’une d’elles le rôle Commune, Code "
            "INSEE, Code postal, Adresse, Point ou Intercommunalité.",
            icon=":material/wrong_location:",
        )
    with st.container(horizontal=True, vertical_alignment="center", key="c-defaults"):
        said = escape(defaults_said(understood))
        st.html(f"<p class='va-note' role='status'>{said}</p>", width="content")
        if theme_column(columns):
            st.session_state["c-unthemed"] = not bringing.themed
            st.checkbox("Sans thème", key="c-unthemed", on_change=_theme)
    _show_sites(bringing, understood)
    mark = hashlib.sha256(json.dumps(understood.table.headers).encode()).hexdigest()[:8]
    shown = len(columns) if st.session_state.get(f"c-all-{mark}") else _AT_ONCE
    lacking = no_key(understood)
    with st.container(key="c-columns-list", gap="small"):
        for column in columns[:shown]:
            told = f"{lacking[1]}{NBSP}: {_NO_KEY}" if lacking and column == lacking[0] else ""
            _show_column(bringing, column, mark, told=told)
    if len(columns) > shown:
        more = plural(len(columns) - shown, "autre colonne", "autres colonnes")
        st.button(f"Montrer {more}", key="c-more-columns", on_click=_show_all, args=(mark,))


def _show_sites(bringing: work.Work, understood: Understood) -> None:
    """Offer to read projects with several sites, where the table looks as if it had some."""
    offered = offers(understood).said()
    shown = [how for how in SITES if how in offered or how in bringing.sites]
    if not shown:
        return
    with st.container(key="c-sites", gap="small"):
        for how in shown:
            key = f"c-sites-{how}"
            st.session_state[key] = how in bringing.sites
            words = shell.markdown(offered.get(how, _KEPT_SO[how]))
            st.toggle(words, key=key, on_change=_spread, args=(how, key))
        for one in understood.problems:
            if one["reason_code"] == SITES_TOLD:
                line = understood.table.lines[one["row"] - 1] if one["row"] else 0
                where = f"Ligne {number(line)}{NBSP}: " if line else ""
                st.caption(shell.markdown(where + one["reason"]))


def _show_all(mark: str) -> None:
    st.session_state[f"c-all-{mark}"] = True


def _show_column(bringing: work.Work, column: Column, mark: str, *, told: str) -> None:
    """Show one column: its header, its values, its role, what else is told of it."""
    with st.container(border=True, key=f"c-column-{mark}-{column.index}"):
        left, right = st.columns([3, 2], gap="small", vertical_alignment="center")
        cells = (row[column.index].strip() for row in bringing.table.rows)
        values = list(dict.fromkeys(cell for cell in cells if cell))
        more = len(values) - _VALUES
        first = " · ".join(_cut(value) for value in values[:_VALUES])
        rest = f" · et {plural(more, 'autre')}" if more > 0 else ""
        with left:
            said = escape(typed(first)) + rest if values else "Colonne vide."
            name = escape(typed(column.header))
            st.html(f"<p class='va-column'><b>{name}</b><span class='va-note'>{said}</span></p>")
        key = f"c-role-{mark}-{column.index}"
        st.session_state[key] = column.role
        with right:
            st.selectbox(
                f"Rôle de la colonne {blocks.quoted(column.header)}",
                [None, *LABELS],
                format_func=lambda role: LABELS.get(role, _NONE),
                placeholder=_NONE,  # what Streamlit shows for None, whatever its words
                key=key,
                label_visibility="collapsed",
                on_change=_assign,
                args=(column.header, key),
            )
            if column.personal:
                _show_personal(bringing, column, f"c-shared-{mark}-{column.index}")
        if told:
            st.caption(shell.markdown(typed(told)))


def _show_personal(bringing: work.Work, column: Column, key: str) -> None:
    """Offer to show to all a column of names, addresses, telephones."""
    st.session_state[key] = column.header in bringing.shared
    st.checkbox(
        "Montrer à tous",
        key=key,
        help="Colonne personnelle (contact, courriel, téléphone…). Sans cette coche, elle est "
        "gardée pour vous et ne sort ni sur les pages ni dans les fichiers.",
        on_change=_share,
        args=(column.header, key),
    )


def _cut(value: str) -> str:
    return value if len(value) <= _CELL else f"{value[: _CELL - 1].rstrip()}…"


def _assign(header: str, key: str) -> None:
    """Settle the role of a column by hand, kept under its header; rows are placed anew."""
    bringing = work.current()
    if bringing is not None:
        given = {**bringing.roles, header: st.session_state[key]}
        work.change(roles=given, understood=None)


def _theme() -> None:
    """Settle whether projects have themes; rows stay where they are."""
    bringing = work.current()
    if bringing is not None:
        work.change(themed=not st.session_state["c-unthemed"], understood=None)


def _spread(how: str, key: str) -> None:
    """Settle whether cells, or rows of one identifier, are several sites; rows are placed anew."""
    bringing = work.current()
    if bringing is not None:
        sites = {*bringing.sites, how} if st.session_state[key] else {*bringing.sites} - {how}
        work.change(sites=sites_of(sorted(sites)), understood=None)


def _share(header: str, key: str) -> None:
    bringing = work.current()
    if bringing is not None:
        shared = bringing.shared - {header} | ({header} if st.session_state[key] else set())
        work.change(shared=frozenset(shared))
