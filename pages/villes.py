"""The labelled towns: map, figures, tables, list, downloads."""

import streamlit as st

from villeactive.analysis import towns
from villeactive.ui import address, shell
from villeactive.ui.pages import villes
from villeactive.ui.parts import blocks, finder

atlas = blocks.open_atlas("Villes et programmes")
selection = address.current(atlas)
mode = villes.asked_mode()
chosen = towns.chosen(selection, mode, atlas)

shell.show_title(villes.sentence(selection, mode, len(chosen), atlas))
finder.show_finder(atlas, key="chercher-ville")
villes.show_filters(selection, mode, atlas)

left, right = st.columns([3, 2], gap="large")
with left:
    villes.show_map(chosen, selection, mode, atlas)
with right:
    villes.show_figures(chosen, selection, atlas)
villes.show_tables(chosen, selection, atlas)
villes.show_list(chosen)
villes.show_downloads(chosen, selection, mode, atlas)
