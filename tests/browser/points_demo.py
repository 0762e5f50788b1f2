"""A page with a map of more sites than are sent one by one: 5 300 made points, and a filter.

Rennes holds sixty projects, Lamballe-Armor four, of which one in two sites; ``?turn=`` leaves
out one eleventh of the others, ``?theme=`` keeps one theme.
"""

import geopandas as gpd
import pandas as pd
import streamlit as st

from benchmarks.points import THEMES, left, pool
from tests.browser.demo_clicks import opened, say_opened
from tests.shipped import read_atlas
from villeactive.ui import shell
from villeactive.ui.parts.map import show_map

POOL = 4_700
TOWNS = (("35238", "Rennes", -1.68, 48.11, 60), ("22093", "Lamballe-Armor", -2.5167, 48.4686, 5))


@st.cache_resource
def points() -> gpd.GeoDataFrame:
    made = pool(POOL)
    made = made[~made["code_insee"].isin([code for code, *_ in TOWNS])]
    rows = []
    for code, town, lon, lat, number in TOWNS:
        for rank in range(number):
            name = f"{'rennes' if code == '35238' else 'lamballe'}-{rank}"
            if name == "lamballe-4":
                name = "lamballe-3"  # in two sites
            row = {"project": name, "title": f"École n° {rank} {{{{7*7}}}} <b>", "town": town}
            row |= {"theme": THEMES[rank % 2], "kind": "projet", "counted": True}
            row |= {"code_insee": code, "region": "53", "departement": code[:2], "slot": rank}
            rows.append(row | {"matches": True, "lon": lon, "lat": lat})
    frame = pd.DataFrame(rows)
    points = gpd.points_from_xy(frame.pop("lon"), frame.pop("lat"))
    ours = gpd.GeoDataFrame(frame, geometry=points, crs=4326)
    return gpd.GeoDataFrame(pd.concat([made, ours], ignore_index=True), crs=4326)


def main() -> None:
    st.set_page_config(page_title="Essai de la carte", layout="wide")
    every = points()
    kept = left(every, int(st.query_params.get("turn", 0)), len(every))
    kept |= every["project"].str.startswith(("rennes", "lamballe")).to_numpy()
    if theme := st.query_params.get("theme"):
        kept &= (every["theme"] == theme).to_numpy()
    few = st.checkbox("Deux seulement", key="deux")
    if few:
        kept &= every["project"].isin(["rennes-0", "lamballe-0"]).to_numpy()

    show_map(
        every[kept],
        every=every,
        taxonomy=read_atlas().taxonomy,
        layers=("projects",),
        selected=say_opened(),
        group={"group": st.query_params.get("group")},
        on_click=opened,
        dark=st.query_params.get("fond") == "sombre",
    )


main()
shell.mark_end()
