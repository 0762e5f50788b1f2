"""The map of the atlas with as many points as asked for."""

import streamlit as st

from benchmarks.points import TURNS, pool, shown
from villeactive.ui.map import show_map

st.set_page_config(layout="wide")
n_shown = int(st.query_params.get("n", 300))
points = st.cache_resource(pool)(n_shown)
turn = st.radio("Filtre", range(TURNS), horizontal=True)
show_map(shown(points, turn, n_shown))
