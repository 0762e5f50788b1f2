"""Collections: the projects that people keep, and the four steps from a table to a collection."""

import streamlit as st

from villeactive.ui import shell
from villeactive.ui.pages.collections import (
    columns,
    file,
    kept,
    places,
    publish,
    steps,
    tried,
    work,
)
from villeactive.ui.parts import blocks

atlas = blocks.open_atlas(steps.TITLE)
st.html(steps.style())
shell.show_title(steps.TITLE)
file.read_brought()
step, bringing, made = steps.asked(), work.current(), None

if step == steps.LIST:
    with steps.told():
        kept.show_done()
        tried.show_tried()
        kept.show_kept()
    st.header("Ajouter une collection", anchor=False)
else:
    steps.show_steps(step)
with st.container(key="c-wide" if step == steps.PLACES else "c-narrow"), steps.told():
    if step in (steps.LIST, steps.FILE):
        file.show_file()
    elif step == steps.COLUMNS:
        columns.show_columns(bringing)
    elif step == steps.PLACES:
        places.show_places(bringing, atlas)
    else:
        made = publish.show_publish(bringing)
told = st.container()
act = publish.act(made) if made else ""
if bringing is not None and steps.show_way(max(step, steps.FILE), keep=act):
    with told, steps.told():
        publish.write(made)
