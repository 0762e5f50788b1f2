"""The map of the atlas with as many points as asked for."""

from dataclasses import replace

import streamlit as st

from benchmarks.points import TURNS, left, pool, shown
from villeactive.ui import shell
from villeactive.ui.parts.map import show_map
from villeactive.ui.prefetch import is_worth, show_ahead
from villeactive.ui.shared import shared_atlas

st.set_page_config(layout="wide")
shell.mount_script()
n_shown = int(st.query_params.get("n", 300))
points = st.cache_resource(pool)(n_shown)
turn = st.radio("Filtre", range(TURNS), horizontal=True, key="turn")
atlas, here = replace(shared_atlas(), sites=points), left(points, turn, n_shown)
show_map(shown(points, turn, n_shown), every=points, taxonomy=atlas.taxonomy)
if is_worth(atlas):
    show_ahead(atlas, {"turn": [left(points, turn, n_shown) for turn in range(TURNS)]}, here)
