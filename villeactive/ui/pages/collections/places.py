"""Step 3: where the rows are, and the questions that a hand settles once for all."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from villeactive.atlas import Atlas
from villeactive.documents.list_files import KINDS
from villeactive.geography.gazetteer import communes
from villeactive.imports.exports import file_of
from villeactive.imports.projects import collected
from villeactive.imports.questions import BY_HAND, NOWHERE, Question, choices, questions, settled
from villeactive.maps.scene.mini_maps import places_svg
from villeactive.tables.places import AMBIGUOUS, CORRECTED, FOUND, MISSING, Place
from villeactive.tables.understanding import Understood
from villeactive.text import NBSP, number, plural
from villeactive.ui import shell
from villeactive.ui.pages.collections import rows, work
from villeactive.ui.parts import blocks, finder

_AT_ONCE = 10
"""Questions shown together."""

_CHOICES = 8
"""Candidates shown of a question; the finder finds the others."""


def show_places(bringing: work.Work, atlas: Atlas) -> None:
    """Show how many rows are placed, the map of them, and what is left to settle."""
    understood = work.understood(bringing)
    places = settled(understood, bringing.decisions)
    left = questions(understood, bringing.decisions)
    st.html(_figures(understood, places))
    st.html(f"<p class='va-note' role='status'>{_summary(understood, places)}</p>")
    asking, seeing = st.columns([3, 2], gap="large")
    with asking:
        _show_questions(bringing, understood, left, atlas)
        if any(place.status in (AMBIGUOUS, MISSING) for place in places):
            _show_unplaced(bringing, understood)
    with seeing:
        st.html(blocks.picture(_drawn(places), _told(places)))
    rows.show_rows(bringing, understood)


def _figures(understood: Understood, places: Sequence[Place]) -> str:
    """Draw how many sites there are of each sort; what there is none of is left out."""
    now = Counter(place.status for place in places)
    by_hand = sum(place.reason_code == BY_HAND for place in places)
    outside = sum(place.reason_code == "outside" for place in places)
    nowhere = sum(place.reason_code == "no_town" and place.status == MISSING for place in places)
    several = bool(understood.mapping.sites)
    counted = [
        ("trouvés" if several else "trouvées", now[FOUND]),
        ("corrigés" if several else "corrigées", now[CORRECTED] - by_hand),
        (f"{'placés' if several else 'placées'} à la main", by_hand),
        ("ambigus" if several else "ambiguës", now[AMBIGUOUS]),
        ("introuvables", now[MISSING] - outside - nowhere),
        ("sans lieu", nowhere),
        ("hors de l’atlas", outside),
    ]
    return blocks.figures([(label, number(count)) for label, count in counted if count])


def _summary(understood: Understood, places: Sequence[Place]) -> str:
    placed = sum(place.status in (FOUND, CORRECTED) for place in places)
    others = len(places) - placed
    if understood.mapping.sites:
        projects = plural(len(understood.sites.projects), "projet")
        are = "sont sûrs" if placed > 1 else "est sûr"
        said = (
            f"{projects}{NBSP}: {number(placed)} sur {plural(len(places), 'lieu', 'lieux')} {are}"
        )
    else:
        have = "ont" if placed > 1 else "a"
        said = f"{number(placed)} sur {plural(len(places), 'ligne')} {have} un lieu sûr"
    if not others:
        return f"{said}."
    kept = "les autres restent" if others > 1 else "l’autre reste"
    return (
        f"{said}{NBSP}; {kept} dans la collection, sans être sur la carte, et rien n’oblige à tout "
        "régler maintenant."
    )


# --------------------------------------------------------------------------------- the questions


def _show_questions(
    bringing: work.Work, understood: Understood, left: Sequence[Question], atlas: Atlas
) -> None:
    """Show what is left to settle, the largest groups first."""
    put_off = [one for one in left if one.key in bringing.later]
    asked = [one for one in left if one.key not in bringing.later]
    with st.container(horizontal=True, vertical_alignment="center", key="c-asked"):
        words = plural(len(asked), "question à régler", "questions à régler")
        st.subheader(words if asked else "Plus rien à régler", anchor=False, width="content")
        if bringing.answered:
            st.button(
                "Annuler la dernière réponse",
                key="c-undo-answer",
                icon=":material/undo:",
                type="tertiary",
                on_click=work.take_back,
            )
    titles = next((c.index for c in understood.columns if c.role == "title"), None)
    for one in asked[:_AT_ONCE]:
        _show_question(one, understood, titles, atlas)
    if len(asked) > _AT_ONCE:
        st.caption(f"Et {plural(len(asked) - _AT_ONCE, 'autre')}, qui suivent.")
    if put_off:
        with st.container(horizontal=True, vertical_alignment="center", key="c-later"):
            words = plural(len(put_off), "question remise", "questions remises")
            st.markdown(f"{words} à plus tard.", width="content")
            st.button("Les revoir", key="c-again", type="tertiary", on_click=_again)


def _show_question(one: Question, understood: Understood, titles: int | None, atlas: Atlas) -> None:
    """Show rows that say the same of their place, and what settles them."""
    mark = hashlib.sha256(one.key.encode("utf-8", "replace")).hexdigest()[:10]
    cells = " · ".join(one.cells.values())
    with st.container(border=True, key=f"c-question-{mark}", gap="small"):
        name = blocks.quoted(cells[:120]) if cells else "Sans lieu écrit"
        st.markdown(f"**{name}** — {_rows(one, understood, titles)}")
        if one.place.reason:
            st.caption(shell.markdown(one.place.reason))
        offered = choices(one.place, one.name)
        with st.container(horizontal=True, key=f"c-offers-{mark}", gap="small"):
            for number_, (decision, label) in enumerate(offered[:_CHOICES]):
                st.button(
                    shell.markdown(label),
                    key=f"c-take-{mark}-{number_}",
                    icon=":material/location_on:",
                    on_click=work.settle,
                    args=({one.key: decision},),
                )
        if len(offered) > _CHOICES:
            st.caption(f"Et {plural(len(offered) - _CHOICES, 'autre')}{NBSP}: cherchez ci-dessous.")
        finding, leaving = st.columns([3, 2], gap="small", vertical_alignment="center")
        if cells:
            with finding:
                finder.show_finder(
                    atlas,
                    key=f"c-find-{mark}",
                    label=f"Chercher une commune pour «{NBSP}{cells[:60]}{NBSP}»",
                    acts={"commune": partial(_settle_commune, one.key)},
                    only="commune",
                    hidden=True,
                )
        with leaving, st.container(horizontal=True, key=f"c-else-{mark}", gap="small"):
            st.button("Sans lieu", key=f"c-nowhere-{mark}", type="tertiary",
                      icon=":material/location_off:", on_click=work.settle,
                      args=({one.key: NOWHERE},))  # fmt: skip
            st.button("Plus tard", key=f"c-later-{mark}", type="tertiary",
                      icon=":material/schedule:", on_click=_put_off,
                      args=(one.key,))  # fmt: skip


def _rows(one: Question, understood: Understood, titles: int | None) -> str:
    """Say how many rows ask, and name the first ones."""
    said = plural(len(one.rows), "ligne")
    if titles is None:
        lines = [number(understood.table.lines[row - 1]) for row in one.rows[:5]]
        return f"{said} ({', '.join(lines)}{'…' if len(one.rows) > 5 else ''})"
    named = [understood.table.rows[row - 1][titles].strip()[:60] for row in one.rows[:3]]
    shown = ", ".join(filter(None, named))
    return f"{said}{NBSP}: {shell.markdown(shown)}{'…' if len(one.rows) > 3 else ''}"


def _settle_commune(key: str, code: str) -> None:
    work.settle({key: {"code_insee": code}})


def _put_off(key: str) -> None:
    bringing = work.current()
    if bringing is not None and key not in bringing.later:
        work.change(later=(*bringing.later, key))


def _again() -> None:
    work.change(later=())


# ------------------------------------------------------------------------------- what is seen


def _drawn(places: Sequence[Place]) -> str:
    """Draw the rows that are placed, each at what it is drawn at."""
    points = [
        (place.lon, place.lat, communes()[place.drawn_at].departement)
        for place in places
        if place.drawn_at and place.lon is not None
    ]
    return places_svg(points, dark=shell.is_dark())


def _told(places: Sequence[Place]) -> str:
    """Say in words what the map shows."""
    regions = Counter(place.region for place in places if place.drawn_at)
    placed = plural(sum(regions.values()), "lieu trouvé", "lieux trouvés")
    return f"Carte de France{NBSP}: {placed}, dans {plural(len(regions), 'région')}."


def _show_unplaced(bringing: work.Work, understood: Understood) -> None:
    """Offer the rows without a place as a file, each with the reason."""

    def made() -> bytes:
        kept = collected(understood, bringing.wish, decisions=bringing.decisions)
        return file_of(kept, ".xlsx", day=date.today(), unplaced=True)

    blocks.file_button(
        "Les lignes sans lieu, et pourquoi (Excel)",
        made,
        "lignes-sans-lieu.xlsx",
        KINDS["xlsx"].media,
        key="c-unplaced",
    )
