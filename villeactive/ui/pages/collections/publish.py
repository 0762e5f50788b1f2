"""Step 4: what is said of the collection, what keeping it changes, then kept."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import streamlit as st

from villeactive.errors import StoreConflictError
from villeactive.faults import ID
from villeactive.imports.importing import Draft, draft_of, keep
from villeactive.imports.projects import Wish, slug
from villeactive.imports.sites import gaps_said
from villeactive.store.database import store
from villeactive.store.records import Summary
from villeactive.text import NBSP, enumeration, plural
from villeactive.ui import accounts, trial
from villeactive.ui.keeping import may_keep
from villeactive.ui.pages.collections import conflict, kept, steps, work
from villeactive.ui.parts import blocks
from villeactive.ui.shared import shared_atlas

_NEW = "Une nouvelle collection"
_DAY, _NO_DAY = "c-day", "c-no-day"
_TRY = (
    f"Essayez la vôtre sur toutes les pages, pour vous seul{NBSP}; recharger la page ou la fermer "
    "l’efface."
)
_PUBLIC = (
    f"Ce serveur est ouvert à d’autres{NBSP}: il ne garde aucune collection. {_TRY} L’atlas "
    "installé sur votre poste la garde."
)
_EDITED = (
    f"Les éditeurs de ce serveur y gardent des collections{NBSP}: connectez-vous depuis la liste "
    f"des collections, puis donnez de nouveau ce tableau. {_TRY}"
)


def show_publish(bringing: work.Work) -> Draft | None:
    """Ask what the collection is, and say what keeping it changes; give it once all is ready."""
    own, listed = may_keep(), store().listed()
    if own:
        _show_target(bringing, listed)
    else:
        st.info(_EDITED if accounts.offered() else _PUBLIC, icon=":material/public:")
    wish = _show_wish(bringing, listed)
    if wish is None:
        return None
    made = _made(bringing, wish)
    if not conflict.settled(made):
        return None
    st.markdown(_change_said(made))
    if made.before and len(made.change.gone) == len(made.before.records) > 0:
        st.warning(
            f"Ce tableau n’a aucun des projets de {blocks.quoted(made.before.head['title'])}, qui "
            f"seraient tous remplacés{NBSP}: si c’est une autre liste, choisissez «{NBSP}{_NEW}"
            f"{NBSP}» plus haut.",
            icon=":material/warning:",
        )
    return made


def act(made: Draft) -> str:
    """Name what ends the last step."""
    if not may_keep():
        return "Essayer"
    return "Mettre à jour" if made.before else "Garder"


def write(made: Draft) -> None:
    """Keep what was made, or try it, and go back to the list, which says what was done."""
    if may_keep():
        try:
            with st.spinner("Enregistrement…"):
                written = keep(made, store(), who=accounts.editor())
        except StoreConflictError:  # between the page and the click: the next run shows both
            st.rerun()
        kept.tell(made, written)
    else:
        with st.spinner("Ouverture de l’essai…"):
            trial.begin(made.kept, made.folder, work.current().seat)
        st.session_state.pop(steps.DONE, None)
    work.drop()
    steps.go(steps.LIST)
    st.rerun()


def _show_target(bringing: work.Work, listed: list[Summary]) -> None:
    """Ask whether a kept collection is updated, where there is one."""
    if not listed:
        return
    titles = {one.id: one.title for one in listed}
    st.session_state["c-target"] = bringing.target
    st.selectbox(
        "Ce tableau est",
        [None, *titles],
        format_func=lambda name: (
            f"La mise à jour de «{NBSP}{titles[name]}{NBSP}»" if name in titles else _NEW
        ),
        key="c-target",
        placeholder=_NEW,  # what Streamlit shows for None, whatever its words
        on_change=_aim,
    )


def _aim() -> None:
    work.aim(st.session_state["c-target"])


def _show_wish(bringing: work.Work, listed: list[Summary]) -> Wish | None:
    """Ask what is said of the collection; None, and why, while something is missing."""
    wish, today = bringing.wish, date.today()
    left, right = st.columns(2, gap="medium")
    with left:
        _field("title", "Titre", wish.title, most=120)
        _field("owner", "Qui la publie", wish.owner, hint="un service, une collectivité")
    with right:
        _field("source", "Source", wish.source, hint="d’où vient le tableau")
        _field("licence", "Licence", wish.licence, hint="non précisée")
    title = " ".join(wish.title.split())
    if bringing.target:
        name = bringing.target
    else:
        name = wish.id or _free(slug(title), listed)
        with st.expander(f"Identifiant{NBSP}: {name or 'à donner'}", icon=":material/link:"):
            _field("id", "Identifiant dans les adresses", name, most=48)
    if wrong := _show_day(wish.day or today):
        st.warning(wrong)
    fault = "Donnez un titre à la collection." if not title else _fault(name, bringing, listed)
    if fault:
        st.warning(fault)
        return None
    return replace(wish, id=name, title=title, day=wish.day or today, shared=bringing.shared)


def _show_day(said: date) -> str:
    """Ask of which day the table is; say what is wrong with the last one written, if anything."""
    st.session_state[_DAY] = f"{said:%d/%m/%Y}"
    with st.container(width=220):
        st.text_input("Date du tableau", key=_DAY, max_chars=10, on_change=_date)
    return st.session_state.pop(_NO_DAY, "")


def _date() -> None:
    """Keep a day that was written; one that is none leaves the last one, and is said once."""
    bringing, written = work.current(), (st.session_state[_DAY] or "").strip()
    try:
        said = datetime.strptime(written, "%d/%m/%Y").date()
    except ValueError:
        said = None
    if said is None or said > date.today():
        why = "elle est à venir" if said else "écrivez jour/mois/année, comme 31/03/2026"
        st.session_state[_NO_DAY] = f"Date {blocks.quoted(written)}{NBSP}: {why}."
    elif bringing is not None:
        work.change(wish=replace(bringing.wish, day=said))


def _field(name: str, label: str, value: str, *, hint: str = "", most: int = 200) -> None:
    """Show one field, seeded from what is known and kept as it is written."""
    key = f"c-wish-{name}"
    st.session_state[key] = value
    st.text_input(
        label, key=key, placeholder=hint, max_chars=most, on_change=_write, args=(name, key)
    )


def _write(name: str, key: str) -> None:
    bringing = work.current()
    if bringing is not None:
        work.change(wish=replace(bringing.wish, **{name: (st.session_state[key] or "").strip()}))


def _free(name: str, listed: list[Summary]) -> str:
    """Give an id that nothing has yet."""
    name = f"collection-{name}".strip("-") if name.isdigit() or not name else name
    taken = {one.id for one in listed} | set(shared_atlas().collections)
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _fault(name: str, bringing: work.Work, listed: list[Summary]) -> str:
    """Say what is wrong with an id, if anything."""
    if not re.fullmatch(ID, name) or name.isdigit():
        return (
            f"Identifiant {blocks.quoted(name)}{NBSP}: écrivez des minuscules sans accent, des "
            "chiffres et des tirets."
        )
    titles = {one.id: one.title for one in listed}
    if name in titles and bringing.target != name:
        return (
            f"L’identifiant {blocks.quoted(name)} est déjà celui de {blocks.quoted(titles[name])}"
            f"{NBSP}: changez-le, ou choisissez de la mettre à jour."
        )
    return ""


def _made(bringing: work.Work, wish: Wish) -> Draft:
    """Give what keeping would do, made once for the same table, words and store."""
    understood, revision = work.understood(bringing), store().revision()
    known: Any = st.session_state.get(work.MADE)
    asked = (bringing.decisions, wish, revision)
    if known and known[0] is understood and known[1] == asked:
        return known[2]
    with st.spinner("Vérification…"):
        made = draft_of(
            understood, wish, store(), bringing.data, bringing.name, decisions=bringing.decisions
        )
    st.session_state[work.MADE] = (understood, asked, made)
    return made


def _change_said(made: Draft) -> str:
    """Say what keeping would change, before anything is written."""
    change, total = made.change, plural(len(made.kept.records), "projet")
    without = gaps_said(made.unplaced, made.partly)
    if made.before is None:
        return f"La collection aura **{total}**{without}. Rien n’est encore écrit."
    key, same = blocks.quoted(made.key), not (change.new or change.changed or change.gone)
    parts = [
        plural(len(change.new), "nouveau projet", "nouveaux projets"),
        plural(len(change.changed), "changé", "changés"),
        plural(len(change.gone), "disparu", "disparus"),
    ]
    said = "aucun projet ne change" if same else enumeration(parts)
    return (
        f"Mise à jour{NBSP}: **{said}**. La collection aura {total}{without}. Les "
        f"lignes sont reconnues par {key}. Rien n’est encore écrit."
    )
