"""What one writes first: a loop over ``folium.Marker``, the whole map rendered at each run."""

import folium
import streamlit as st
from streamlit_folium import st_folium

from benchmarks.bare_map import bare_map
from benchmarks.points import TURNS, pool, shown

st.set_page_config(layout="wide")
n_shown = int(st.query_params.get("n", 300))
points = st.cache_resource(pool)(n_shown)
turn = st.radio("Filtre", range(TURNS), horizontal=True)
made = bare_map()
for point in shown(points, turn, n_shown).itertuples():
    place = [point.geometry.y, point.geometry.x]
    folium.Marker(place, tooltip=f"{point.title}, {point.town}").add_to(made)
st_folium(made, height=640, use_container_width=True, returned_objects=[], key="plain")
