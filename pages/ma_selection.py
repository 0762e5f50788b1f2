"""What one gathered: projects and towns in order, their files, and both side by side."""

import streamlit as st

from villeactive.ui import address, shell
from villeactive.ui.own_files import style
from villeactive.ui.pages import shortlist, shortlist_compare
from villeactive.ui.parts import blocks

atlas = blocks.open_atlas(shortlist.TITLE)
names = address.current(atlas).shortlist

st.html(style("ma_ville.css"))
shell.show_title(shortlist.TITLE)
shortlist.show_list(names, atlas)
if names:
    st.header("Exporter", anchor=False)
    shortlist.show_files(names, atlas)
shortlist_compare.show_gathered(names, atlas)
