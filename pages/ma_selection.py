"""What one gathered: projects and towns in order, their files, and both side by side."""

import streamlit as st

from villeactive.ui import address, compare_gathered, explore, gathered, ma_ville

atlas = explore.open_atlas(gathered.TITLE)
names = address.current(atlas).shortlist

st.html(ma_ville.style())
st.title(gathered.TITLE, anchor=False)
gathered.show_list(names, atlas)
if names:
    st.header("Exporter", anchor=False)
    gathered.show_files(names, atlas)
compare_gathered.show_gathered(names, atlas)
