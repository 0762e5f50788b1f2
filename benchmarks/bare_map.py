"""The map that ours is compared with: folium as it comes, but for where Leaflet is fetched.

Kinder than in real life: no tiles, no outline, and Leaflet alone, from the server of the page,
instead of the ten files that folium asks of other hosts; what is measured is never the network.
"""

import folium
import streamlit.components.v1 as components
from xstatic.pkg import leaflet


def bare_map() -> folium.Map:
    """Make an empty map of France."""
    components.declare_component("leaflet", path=leaflet.BASE_DIR)
    served = f"../{__name__}.leaflet/"
    made = folium.Map(location=[46.6, 2.4], zoom_start=6, tiles=None)
    made.default_js = [("leaflet", f"{served}leaflet.js")]
    made.default_css = [("leaflet_css", f"{served}leaflet.css")]
    return made
