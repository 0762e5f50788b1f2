"""A kind of file is one row: every list offers it. A list leaves whole, its sources with it."""

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pyogrio import read_info
from streamlit.testing.v1 import AppTest

from tests.kept_table import with_table
from tests.shipped import read_atlas
from tests.test_pages import run
from villeactive.cli import main
from villeactive.documents import list_files
from villeactive.documents.list_files import Listing, ListKind, list_file, projects_listing
from villeactive.documents.map_files import map_scene
from villeactive.documents.project_slide import project_scene
from villeactive.errors import UnknownValueError
from villeactive.filtering import apply
from villeactive.frames import CRS
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import Selection
from villeactive.text import NBSP
from villeactive.wording.sources import LICENCE, credit_lines, licence, printed

DAY = date(2026, 11, 23)
LICENCES = f"Appel{NBSP}: licence non précisée{NBSP}; le reste{NBSP}: {LICENCE}"
TABLE = "Commune;Projet;geometry\nLens (62300);Une halle;ronde\n;Nulle part;carrée\n"


def count(listing: Listing, day: date) -> bytes:
    """Write a list in a format that nobody reads."""
    return f"{listing.name} {len(listing.values())} {day.isoformat()}".encode()


@pytest.fixture
def invented(monkeypatch):
    monkeypatch.setitem(list_files.KINDS, "n", ListKind("Compte", "text/plain", count))


def opened(path: Path) -> gpd.GeoDataFrame:
    """Open a geographic file as others do."""
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    return gpd.read_file(path, layer="projets")


def offered(test: AppTest) -> list[str]:
    assert not test.exception
    return [button.label for button in test.get("download_button")]


@pytest.mark.usefixtures("invented")
@pytest.mark.parametrize(
    ("page", "box"), [("pages/carte.py", "liste-sig"), ("pages/villes.py", "fichier-sig")]
)
def test_a_new_kind_is_offered_by_every_page_that_lists(page, box):
    test = run("app.py", page)
    assert offered(test) == ["Excel", "CSV", "Compte"]
    test.session_state[box] = True
    assert offered(test.run()) == ["Excel", "CSV", "Compte", "GeoJSON", "GeoPackage", "GeoParquet"]


@pytest.mark.usefixtures("invented")
def test_a_new_kind_is_offered_for_what_is_kept_and_written_by_the_command(
    tmp_path, monkeypatch, capsys
):
    with_table(TABLE, tmp_path, monkeypatch)
    said = offered(run("pages/collections.py"))
    assert said[:6] == [kind.name for kind in list_files.KINDS.values()]
    out = tmp_path / "appel.n"
    assert main(("collection", "export", "appel", str(out))) == 0
    assert out.read_text(encoding="ascii") == f"projets 2 {date.today().isoformat()}"
    assert capsys.readouterr().out.strip() == str(out)


def test_an_unknown_kind_names_those_known():
    listing = Listing("Rien", "rien", pd.DataFrame, pd.DataFrame, gpd.GeoSeries)
    with pytest.raises(UnknownValueError, match="kml.*xlsx"):
        list_file("kml", listing, day=DAY)


@pytest.mark.parametrize("kind", ["gpkg", "parquet"])
def test_a_list_of_projects_opens_on_a_map_with_its_own_sources(kind, tmp_path, monkeypatch):
    atlas = with_table(TABLE, tmp_path, monkeypatch)
    asked = Selection(collection=("appel",))
    applied = apply(asked, atlas.only(("appel",)))
    listing = projects_listing(applied, asked, atlas.only(("appel",)), title="2 projets")
    data = list_file(kind, listing, day=DAY)
    assert list_file(kind, listing, day=DAY) == data
    out = tmp_path / f"liste.{kind}"
    out.write_bytes(data)
    made = opened(out)
    assert made.crs.to_epsg() == 4326
    assert list(made["title"]) == ["Une halle", "Nulle part"]
    assert made.geometry.iloc[0].x == pytest.approx(2.83, abs=0.02)
    assert made.geometry.iloc[1] is None
    assert made["programmes"].iloc[0] == ",".join(atlas.towns.loc["62498", "programmes"])
    if kind == "parquet":
        assert "Appel" in made.attrs["source"]
        assert "La ville active" not in made.attrs["source"]
        assert made.attrs["licence"] == LICENCES


def test_no_licence_is_given_to_what_has_none(tmp_path, monkeypatch, capsys):
    atlas = with_table(TABLE, tmp_path, monkeypatch)
    assert main(("collection", "export", "appel", str(tmp_path / "a.geojson"))) == 0
    made = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert made["licence"] == "licence non précisée"
    capsys.readouterr()
    for chosen, said in (("appel", LICENCES), ("ville-active", LICENCE)):
        assert main(("projects", "--collection", chosen, "--format", "geojson")) == 0
        assert json.loads(capsys.readouterr().out)["licence"] == said
    alone = atlas.only(("appel",))
    scene = map_scene(Selection(), alone, MapSpec())
    assert f"Fond et programmes{NBSP}: {LICENCE}" in scene.sources
    slide = project_scene(alone.sheets[alone.projects.index[0]], alone, spec=MapSpec())
    assert f"Fond et programmes{NBSP}: {LICENCE}" in slide.sources
    assert f"Appel{NBSP}: licence non précisée." in credit_lines(atlas)
    theirs = atlas.collections["appel"].model_copy(update={"licence": "ODbL 1.0"})
    assert licence([theirs]) == f"Appel{NBSP}: ODbL 1.0{NBSP}; le reste{NBSP}: {LICENCE}"
    assert "ODbL 1.0" in printed(theirs, atlas)
    assert LICENCE not in printed(atlas.collections["ville-active"], atlas)


@pytest.mark.parametrize("kind", ["gpkg", "parquet"])
def test_a_column_called_as_the_points_are_stays(kind, tmp_path, monkeypatch):
    with_table(TABLE, tmp_path, monkeypatch)
    out = tmp_path / f"appel.{kind}"
    assert main(("collection", "export", "appel", str(out))) == 0
    made = opened(out)
    assert made.geometry.notna().tolist() == [True, False]
    # geopandas reads the points over a column of this name: others see both
    fields = (
        pq.read_schema(out).names
        if kind == "parquet"
        else list(read_info(out, layer="projets")["fields"])
    )
    assert fields[:3] == ["Commune", "Projet", "geometry"]


@pytest.mark.parametrize("kind", list_files.KINDS)
def test_an_empty_list_is_a_file(kind):
    atlas = read_atlas()
    asked = Selection(region=("01",))
    applied = apply(asked, atlas)
    sites = applied.sites
    assert sites.crs == CRS
    made = list_file(kind, projects_listing(applied, asked, atlas, title="Rien"), day=DAY)
    assert len(made) > 60
