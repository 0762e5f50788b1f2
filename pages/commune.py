"""One commune: its programmes, its projects and those around, its neighbours."""

import streamlit as st

from villeactive.ui import shell
from villeactive.ui.pages import commune
from villeactive.ui.parts import blocks, finder

atlas = blocks.open_atlas("Commune")
code = commune.asked(atlas)
finder.show_finder(atlas, key="chercher-commune", acts={"commune": blocks.opener("commune")})

if code is None:
    commune.show_choice(atlas)
    shell.stop()

commune.show_title(code, atlas)
left, right = st.columns([3, 2], gap="large")
with left:
    commune.show_facts(code, atlas)
    commune.show_projects(code, atlas)
with right:
    commune.show_outline(code, atlas)
    commune.show_neighbours(code, atlas)
    commune.show_elsewhere(code, atlas)
