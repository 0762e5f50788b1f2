"""One commune: its programmes, its projects and those around, its neighbours."""

import streamlit as st

from villeactive.ui import commune, explore, finder, frame

atlas = explore.open_atlas("Commune")
code = commune.asked(atlas)
finder.show_finder(atlas, key="chercher-commune", acts={"commune": explore.opener("commune")})

if code is None:
    commune.show_choice(atlas)
    frame.stop()

commune.show_title(code, atlas)
left, right = st.columns([3, 2], gap="large")
with left:
    commune.show_facts(code, atlas)
    commune.show_projects(code, atlas)
with right:
    commune.show_outline(code, atlas)
    commune.show_neighbours(code, atlas)
    commune.show_elsewhere(code, atlas)
