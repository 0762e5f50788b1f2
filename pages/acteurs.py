"""Organisations: all of them by kind, or one with its projects, roles and amounts."""

import streamlit as st

from villeactive.ui import shell
from villeactive.ui.pages import acteurs
from villeactive.ui.parts import blocks, finder

atlas = blocks.open_atlas("Acteurs")
actor = acteurs.asked(atlas)

if actor is None:
    shell.show_title("Les acteurs")
    finder.show_finder(atlas, key="chercher-acteurs", acts={"organisation": blocks.opener("actor")})
    acteurs.show_directory(atlas)
    shell.stop()

acteurs.show_title(actor, atlas)
left, right = st.columns([3, 2], gap="large")
with left:
    acteurs.show_projects(actor, atlas)
    acteurs.show_amounts(actor, atlas)
with right:
    acteurs.show_map_of(actor, atlas)
    acteurs.show_family(actor, atlas)
    acteurs.show_in_book(actor, atlas)
