"""What is tried on a server that keeps nothing: the way to its map, its files, its end."""

from datetime import date

import streamlit as st

from villeactive.imports.exports import file_of
from villeactive.imports.sites import gaps_said
from villeactive.text import NBSP, plural
from villeactive.ui import shell, trial, trial_banner
from villeactive.ui.export_queue import place
from villeactive.ui.pages.collections import kept


def show_tried() -> None:
    """Show the collection that this session tries, if any."""
    tried = trial.current()
    if tried is None:
        return
    held = tried.kept
    total, without = len(held.records), len(held.unplaced)
    partly = len(held.partly)
    said = gaps_said(without, partly)
    st.subheader("Collection à l’essai", anchor=False)
    with st.container(border=True, key="tried", gap="small"):
        st.markdown(f"**{shell.markdown(held.head['title'])}**")
        st.caption(
            f"{plural(total, 'projet')}{said}. Toutes les pages la montrent, à vous seul. "
            f"Emportez-la en fichiers{NBSP}: recharger la page l’efface."
        )
        with st.container(horizontal=True, key="tried-acts", vertical_alignment="center"):
            shell.link(shell.CARTE, "Ouvrir", query={"collection": held.id}, icon=":material/map:")
            with st.popover("Exporter", icon=":material/download:", key="tried-out"):
                kept.show_all_files(held.id, _made(tried), key="tried", unplaced=without + partly)
            trial_banner.show_end(key="tried-end")


def _made(tried: trial.Trial) -> kept.Maker:
    """Make its files, without its personal columns, as they would leave a server that keeps it."""

    def made(kind: str, *, unplaced: bool = False) -> bytes:
        with place(said=False):
            return file_of(tried.kept, kind, day=date.today(), personal=False, unplaced=unplaced)

    return made
