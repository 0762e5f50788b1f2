"""One project, whole: facts, timeline, money, map, related and nearby projects."""

import streamlit as st

from villeactive.ui import address, shell, way_back
from villeactive.ui.pages import project, shortlist
from villeactive.ui.parts.map import share_button
from villeactive.ui.parts.project_html import show_sheet

atlas = shell.open_atlas("Projet")
way_back.offer(atlas)
selection = address.current(atlas)
applied = shell.applied(selection, atlas)
sheet = atlas.sheets.get(selection.projet or "")

if sheet is None:
    project.show_choice(applied, selection, atlas)
    shell.stop()

shell.name_page(sheet.title.fr)
with st.container(horizontal=True, vertical_alignment="center", key="pas"):
    project.show_steps(sheet, applied, selection, atlas)
    st.space("stretch")
    shortlist.show_toggle(sheet.id, atlas)
    project.show_print(sheet, atlas)
    share_button()

left, right = st.columns([3, 2], gap="large")
with left:
    show_sheet(sheet.id, atlas, level=1, dark=shell.is_dark())
with right:
    project.show_small_map(sheet, atlas)
    with st.container(key="voisins", gap="xsmall"):
        project.show_neighbours(sheet, atlas)
    project.show_source(sheet, atlas)
