"""The workshop of maps: the current selection as a slide, a picture, a page."""

import streamlit as st

from villeactive.ui import address, shell, way_back
from villeactive.ui.pages import shortlist, workshop

atlas = shell.open_atlas("Atelier cartes")
way_back.offer(atlas)
selection = address.current(atlas)
wish = workshop.asked()
sentence = shell.applied(selection, atlas).sentence(selection, atlas)

shell.show_title("Atelier cartes")
st.caption(f"La carte de la sélection en cours\u00a0: {shell.markdown(sentence)}.")
left, right = st.columns([1, 2], gap="large")
with left:
    shell.link(shell.CARTE, "Changer la sélection", query=selection.to_query())
    spec = workshop.show_choices(selection, wish, atlas)
with right:
    workshop.show_preview(selection, spec, sentence)
    workshop.show_files(selection, spec)

st.subheader("Diaporama", anchor=False)
left, right = st.columns([1, 2], gap="large")
with left:
    shortlist.show_deck(selection, spec, atlas)
with right:
    shortlist.show_link(selection.shortlist, atlas)
