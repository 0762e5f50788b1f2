"""The least that can be: an empty page with an empty map."""

import streamlit as st
from streamlit_folium import st_folium

from benchmarks.bare_map import bare_map

st.set_page_config(layout="wide")
st_folium(bare_map(), height=640, use_container_width=True, returned_objects=[])
