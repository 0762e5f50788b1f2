"""Sources, licences and vintages, gaps, glossary, and the book itself."""

import streamlit as st

from villeactive.ui import shell, way_back
from villeactive.ui.pages import method

atlas = shell.open_chosen("Données et méthode")
way_back.offer(atlas)

shell.show_title("Données et méthode")
st.header("Sources, licences et dates", anchor=False)
method.show_sources(atlas)
st.header("Ce qui n’a pu être placé ou daté", anchor=False)
method.show_gaps(atlas)
method.show_corrections(atlas)
st.header("Les mots", anchor=False)
method.show_glossary(atlas)
method.show_collections(atlas)
