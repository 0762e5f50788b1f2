"""A page with the map alone: 25 sites of the book at their towns' coordinates, and filters.

``?outre-mer`` adds three sites of no real project; ``?region=``, ``?departement=`` and ``?epci=``
hold the map to territories, whatever sites they have.
"""

import geopandas as gpd
import pandas as pd
import streamlit as st

from tests.browser.demo_clicks import opened, say_opened
from tests.shipped import read_atlas
from villeactive.filters import TERRITORIES
from villeactive.maps.web.territory import territory_of
from villeactive.selection import Selection
from villeactive.ui import shell
from villeactive.ui.parts.map import share_button, show_map

ROWS = """\
usinerie projet apprendre-travailler 71076 Chalon-sur-Saône 46.7808 4.8539
industrie-4-0 projet apprendre-travailler 63178 Issoire 45.5440 3.2489
cocotte-minute projet apprendre-travailler 33240 Lesparre-Médoc 45.3069 -0.9372
shop-in-romans projet filieres-productions 26281 Romans-sur-Isère 45.0464 5.0517
pole-aeronautique projet filieres-productions 17299 Rochefort 45.9420 -0.9588
lainamac projet filieres-productions 23008 Aubusson 45.9558 2.1681
corpoworking outil apprendre-travailler 32147 Gimont 43.6263 0.8767
corpoworking outil apprendre-travailler 31069 Blagnac 43.6366 1.3906
corpoworking outil apprendre-travailler 67437 Saverne 48.7415 7.3622
observatoire outil filieres-productions 22093 Lamballe-Armor 48.4686 -2.5167
observatoire outil filieres-productions 16015 Angoulême 45.6484 0.1562
observatoire outil filieres-productions 16102 Cognac 45.6958 -0.3292
observatoire outil filieres-productions 76217 Dieppe 49.9229 1.0775
dieppe initiative apprendre-travailler 76217 Dieppe 49.9229 1.0775
laval initiative apprendre-travailler 53130 Laval 48.0730 -0.7700
lens initiative apprendre-travailler 62498 Lens 50.4321 2.8333
sens initiative apprendre-travailler 89387 Sens 48.1975 3.2833
cholet initiative apprendre-travailler 49099 Cholet 47.0601 -0.8793
les-mureaux initiative apprendre-travailler 78440 Les_Mureaux 48.9933 1.9092
saint-nazaire initiative filieres-productions 44184 Saint-Nazaire 47.2734 -2.2137
plouhinec initiative filieres-productions 29197 Plouhinec 48.0153 -4.4883
strasbourg initiative filieres-productions 67482 Strasbourg 48.5846 7.7507
lisieux initiative filieres-productions 14366 Lisieux 49.1460 0.2278
saint-omer initiative filieres-productions 62765 Saint-Omer 50.7480 2.2522
isle-jourdain initiative filieres-productions 32160 L'Isle-Jourdain 43.6130 1.0808
digne mention filieres-productions 04070 Digne-les-Bains 44.0925 6.2356"""

OVERSEAS = """\
abymes projet apprendre-travailler 97101 Les_Abymes 16.2736 -61.5047
saint-pierre initiative filieres-productions 97416 Saint-Pierre -21.3390 55.4780
mamoudzou mention filieres-productions 97611 Mamoudzou -12.7806 45.2278"""

PAYLOAD = "{{ cycler.__init__.__globals__.os.getcwd() }} {# <img src=x onerror=alert(1)> {%"


def demo_sites(rows: str) -> gpd.GeoDataFrame:
    rows = [line.split() for line in rows.splitlines()]
    names = ["project", "kind", "theme", "code_insee", "town", "lat", "lon"]
    frame = pd.DataFrame(rows, columns=names)
    frame["town"] = frame["town"].str.replace("_", " ")
    frame["title"] = "Fiche de " + frame["town"]
    frame["slot"] = frame.groupby("code_insee").cumcount()
    frame["counted"] = frame["kind"] != "mention"
    points = gpd.points_from_xy(frame["lon"].astype(float), frame["lat"].astype(float))
    return gpd.GeoDataFrame(frame, geometry=points, crs=4326)


def main() -> None:
    st.set_page_config(page_title="Essai de la carte", layout="wide")
    overseas = "outre-mer" in st.query_params
    sites = demo_sites(f"{ROWS}\n{OVERSEAS}" if overseas else ROWS)
    if st.checkbox("Injection"):
        sites.loc[0, "title"] = PAYLOAD
    if theme := st.query_params.get("theme"):
        sites = sites[sites["theme"] == theme]
    line = st.columns(9)
    only = line[0].checkbox("Sud seulement")
    layers = [code for code, box in zip(
        ("projects", "mentions", "ACV", "PVD", "TI"), line[1:6], strict=True
    ) if box.checkbox(code, value=code == "projects")]  # fmt: skip
    focus = (-61.53, 16.24, 10.0) if line[6].checkbox("Aller à Pointe-à-Pitre") else None
    asked = {name: tuple(st.query_params.get(name, "").split(",")) for name in TERRITORIES
             if st.query_params.get(name)}  # fmt: skip
    if line[7].checkbox("Bretagne"):
        asked["region"] = ("53",)
    with line[8]:
        share_button()
    sites["matches"] = sites.geometry.y < 46.5 if only else True
    kept = sites[sites.groupby("project")["matches"].transform("any")]

    show_map(
        kept,
        taxonomy=read_atlas().taxonomy,
        layers=layers,
        selected=say_opened(),
        counts={"ACV": 245, "PVD": 1646},
        focus=focus,
        territory=territory_of(Selection(**asked), read_atlas()),
        on_click=opened,
        dark=st.query_params.get("fond") == "sombre",
        compact="compact" in st.query_params,
    )


main()
shell.mark_end()
