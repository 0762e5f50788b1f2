"""My town: its figures, the towns like it, what they did, and a brief to hand over."""

import streamlit as st

from villeactive.ui import shell
from villeactive.ui.pages import compare, ma_ville, similar_towns
from villeactive.ui.parts import blocks

atlas = blocks.open_atlas("Ma ville")
asked = ma_ville.asked(atlas)

if asked is None:
    ma_ville.show_choice(atlas)
    shell.stop()

ma_ville.show_title(asked, atlas)
ma_ville.show_figures(asked, atlas)
ma_ville.show_brief(asked, atlas)

st.header("Des villes comme la vôtre", anchor=False)
towns = similar_towns.found_towns(asked, atlas)
left, right = st.columns([2, 3], gap="large")
with left:
    ma_ville.show_weights(asked, towns)
    similar_towns.show_map(asked, towns, atlas)
with right:
    similar_towns.show_towns(asked, towns, atlas)

st.header("Ce qu’elles ont fait", anchor=False)
similar_towns.show_projects(asked, atlas)
st.header("Les programmes qu’elles portent, et pas vous", anchor=False)
similar_towns.show_missing(asked, towns, atlas)
st.header("Comparer côte à côte", anchor=False)
compare.show_compare(asked, towns, atlas)
st.header("Comment la ressemblance est mesurée", anchor=False)
similar_towns.show_method(asked)
ma_ville.show_other(asked, atlas)
