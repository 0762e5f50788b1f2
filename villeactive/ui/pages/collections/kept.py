"""What is kept: each collection, the way to its map, its files, what takes it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from villeactive.imports.exports import file_of, kinds
from villeactive.imports.importing import Draft
from villeactive.imports.sites import gaps_said
from villeactive.store.database import store
from villeactive.store.records import Summary, Written
from villeactive.text import NBSP, day, enumeration, plural
from villeactive.ui import accounts, shell
from villeactive.ui.export_queue import place
from villeactive.ui.keeping import may_keep
from villeactive.ui.pages.collections import steps
from villeactive.ui.parts import blocks
from villeactive.ui.trial import current_atlas

Maker = Callable[..., bytes]
"""Gives a file by its ending; ``unplaced`` asks for the rows without a place alone."""


@dataclass(frozen=True)
class _Done:
    """What was just done, to be said once the list shows it; ``id`` where there is a map to see."""

    said: str
    id: str = ""


def tell(made: Draft, written: Written) -> None:
    """Note what keeping did, for the list to say."""
    title, total = blocks.quoted(made.kept.head["title"]), len(made.kept.records)
    done = st.session_state.get(steps.DONE)
    if written.already and done and done.id == made.kept.id:  # a hasty hand clicks twice
        return
    if written.already:
        said = f"{title} était déjà gardée ainsi{NBSP}: rien n’a changé."
    elif made.before is None:
        said = f"{title} est gardée{NBSP}: {plural(total, 'projet')}."
    else:
        change = written.change
        parts = [
            plural(len(change.new), "nouveau projet", "nouveaux projets"),
            plural(len(change.changed), "changé", "changés"),
            plural(len(change.gone), "disparu", "disparus"),
        ]
        said = f"{title} est à jour{NBSP}: {enumeration(parts)}."
    if made.unplaced:
        without = plural(made.unplaced, "projet est sans lieu", "projets sont sans lieu")
        said += f" {without}{NBSP}: listés et comptés, ils ne sont pas dessinés."
    if made.partly:
        lacking = plural(
            made.partly, "projet est localisé en partie", "projets sont localisés en partie"
        )
        said += f" {lacking}{NBSP}: la fiche dit ce qui manque."
    st.session_state[steps.DONE] = _Done(said, made.kept.id)


def show_done() -> None:
    """Say what was just done, with the way to the map."""
    done = st.session_state.get(steps.DONE)
    if done is None:
        return
    st.success(done.said, icon=":material/task_alt:")
    if done.id:
        shell.link(
            shell.CARTE,
            "Voir cette collection sur la carte",
            query={"collection": done.id},
            icon=":material/map:",
        )


def show_kept() -> None:
    """List the collections kept; say what one can do where there is none."""
    accounts.show()
    listed, own = store().listed(), may_keep()
    if not listed:
        st.markdown(
            f"Aucune collection n’est gardée. Apportez un tableau de projets{NBSP}: une ligne par "
            "projet, une colonne qui dit où il est. L’atlas le comprend, place chaque ligne, et "
            "toutes ses pages le montrent, seul ou à côté du livre."
        )
        return
    st.subheader(plural(len(listed), "collection gardée", "collections gardées"), anchor=False)
    for one in listed:
        _show_one(one, own=own)


def _show_one(one: Summary, *, own: bool) -> None:
    """Show one collection and what can be done with it."""
    with st.container(border=True, key=f"kept-one-{one.id}", gap="small"):
        st.markdown(f"**{shell.markdown(one.title)}**")
        when = day(one.imported_at[:10])
        unplaced, partly = _unplaced(one.id)
        without = gaps_said(unplaced, partly)
        st.caption(f"{plural(one.projects, 'projet')}{without}. Dernier import{NBSP}: {when}.")
        with st.container(horizontal=True, key=f"kept-acts-{one.id}", vertical_alignment="center"):
            shell.link(shell.CARTE, "Ouvrir", query={"collection": one.id}, icon=":material/map:")
            with st.popover("Exporter", icon=":material/download:", key=f"kept-out-{one.id}"):
                _show_files(one, own=own, unplaced=unplaced + partly)
            if not own:
                return
            if st.button("Défaire le dernier import", key=f"kept-undo-{one.id}",
                         icon=":material/undo:", type="tertiary"):  # fmt: skip
                _confirm_undo(one)
            if st.button("Retirer", key=f"kept-remove-{one.id}",
                         icon=":material/delete:", type="tertiary"):  # fmt: skip
                _confirm_removal(one)


def _unplaced(name: str) -> tuple[int, int]:
    """Count the projects of a collection that have no place, and those that lack one."""
    projects = current_atlas().projects
    own = projects[projects["collection"] == name]
    return int(own["code_insee"].isna().sum()), int(own["partly"].sum())


def _show_files(one: Summary, *, own: bool, unplaced: int) -> None:
    """Offer a collection as files, made when asked; personal columns are their owner's."""
    personal = own and st.checkbox(
        "Avec les colonnes personnelles",
        key=f"kept-personal-{one.id}",
        help="Contacts, courriels, téléphones du tableau, s’il en a.",
    )

    def made(kind: str, *, unplaced: bool = False) -> bytes:
        with place(said=False):
            held = store().read(one.id)
            today = date.today()
            if held is None:
                return b""
            return file_of(held, kind, day=today, personal=personal, unplaced=unplaced)

    show_all_files(one.id, made, key=f"kept-{one.id}", unplaced=unplaced)


def show_all_files(name: str, made: Maker, *, key: str, unplaced: int) -> None:
    """Offer each kind of file of a collection, and its rows without a place where it has some.

    Parameters
    ----------
    name
        Of the files.
    made
        Makes one, once it is asked for.
    """
    for kind in kinds():
        _show_file(kind, f"{name}{kind}", lambda kind=kind: made(kind), key=f"{key}-{kind[1:]}")
    if unplaced:
        _show_file(
            ".xlsx",
            f"{name}-sans-lieu.xlsx",
            lambda: made(".xlsx", unplaced=True),
            key=f"{key}-unplaced",
            label="Lignes sans lieu, et pourquoi (Excel)",
        )


def _show_file(
    kind: str, name: str, made: Callable[[], bytes], *, key: str, label: str = ""
) -> None:
    """Offer a file that is made once it is asked for."""
    named, media = kinds()[kind]
    blocks.file_button(label or named, made, name, media, key=key)


@st.dialog("Défaire le dernier import")
def _confirm_undo(one: Summary) -> None:
    """Say what would be taken back, and take it back."""
    with steps.told():
        last = next(iter(store().history(one.id)), None)
        if last is None:
            st.markdown("Il n’y a plus d’import à défaire.")
            return
        alone = last.number == 1
        after = (
            f"{blocks.quoted(one.title)} n’aura alors plus d’import{NBSP}: elle disparaît."
            if alone
            else f"{blocks.quoted(one.title)} redevient ce qu’elle était avant."
        )
        st.markdown(
            f"L’import de {blocks.quoted(last.file)}, du {day(last.at[:10])}, sera défait. {after} "
            "Le même fichier pourra être importé de nouveau."
        )
        if st.button("Défaire", key="kept-undo-sure", type="primary"):
            _only_own()
            store().undo(one.id)
            _done(f"L’import de {blocks.quoted(last.file)} est défait.")


@st.dialog("Retirer la collection")
def _confirm_removal(one: Summary) -> None:
    """Say what would be lost, and remove it."""
    with steps.told():
        st.markdown(
            f"{blocks.quoted(one.title)} ({plural(one.projects, 'projet')}) et toutes ses versions "
            f"seront effacées{NBSP}: exportez-la d’abord si vous n’avez plus le tableau."
        )
        if st.button("Retirer", key="kept-remove-sure", type="primary"):
            _only_own()
            store().remove(one.id)
            _done(f"{blocks.quoted(one.title)} est retirée.")


def _only_own() -> None:
    """End the run where nothing may be changed."""
    if not may_keep():
        st.stop()


def _done(said: str) -> None:
    st.session_state[steps.DONE] = _Done(said)
    st.rerun()
