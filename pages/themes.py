"""Themes and topics: each with its map, its projects, and what the book says of it."""

import streamlit as st

from villeactive.ui import shell
from villeactive.ui.pages import themes
from villeactive.ui.parts import blocks, finder

atlas = blocks.open_atlas("Thèmes")
field, code = themes.asked(atlas)

if code is None:
    shell.show_title("Thèmes et sujets")
    finder.show_finder(atlas, key="chercher-themes")
    themes.show_overview(atlas)
    shell.stop()

themes.show_title(field, code, atlas)
themes.show_choice(field, code, atlas)
left, right = st.columns([1, 1], gap="large")
with left:
    themes.show_projects(field, code, atlas)
with right:
    themes.show_book(field, code, atlas)
