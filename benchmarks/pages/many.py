"""The map of the atlas with as many points as asked for."""

import streamlit as st

from benchmarks.points import TURNS, left, pool, shown
from villeactive.ui import frame
from villeactive.ui.ahead import show_ahead
from villeactive.ui.map import show_map

st.set_page_config(layout="wide")
frame.mount_script()
n_shown = int(st.query_params.get("n", 300))
points = st.cache_resource(pool)(n_shown)
turn = st.radio("Filtre", range(TURNS), horizontal=True, key="turn")
show_map(shown(points, turn, n_shown))
show_ahead(points, {"turn": [left(points, turn, n_shown) for turn in range(TURNS)]})
