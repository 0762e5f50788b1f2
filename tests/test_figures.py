"""Figures on a drawn map: how many, how many euros, how many per inhabitant, by territory."""

import re
from itertools import combinations

import pytest
import shapely

from tests.kept_table import with_table
from villeactive.cli import main
from villeactive.documents.map_files import map_scene
from villeactive.errors import UnknownValueError
from villeactive.maps.render.svg import scene_svg
from villeactive.maps.scene.map_content import known_layers
from villeactive.maps.scene.spec import MapSpec, Symbol
from villeactive.selection import Selection
from villeactive.text import NBSP, short_euros

TABLE = """Commune;Intitulé;Subvention;Coût total
Lens;Halle;100 000 €;400 000
Lens;Place;50 000 €;
Dieppe;Port;12 000 €;20 000
CC du Pays de Tronçais;Navettes;8 000 €;9 000
Département de la Creuse;Haies;30 000 €;31 000
Saint-Denis (974);Fab lab;1 234 567 €;
Laval (53);Verger;;
"""


SIDES = ("left", "top", "right", "bottom")
OWN = Selection(collection=("appel",))


@pytest.fixture
def atlas(tmp_path, monkeypatch):
    """Read a table of seven projects beside the book."""
    return with_table(TABLE, tmp_path, monkeypatch)


def drawn(atlas, layer):
    """Draw a layer of figures; give the names of its circles, and the words of the legend."""
    scene = map_scene(OWN, atlas, MapSpec(layers=(layer,)))
    svg = re.sub("[\u00a0\u202f]", " ", scene_svg(scene).decode())
    return re.findall(r"<title>([^<]*)</title>", svg), re.sub(r"<[^>]+>", " ", svg)


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        ("circles:departement:subvention",
         {"Pas-de-Calais : 150 k€", "Seine-Maritime : 12 k€", "Allier : 8 000 €",
          "Creuse : 30 k€", "La Réunion : 1,2 M€"}),
        ("circles:region:subvention",
         {"Hauts-de-France : 150 k€", "Normandie : 12 k€", "Auvergne-Rhône-Alpes : 8 000 €",
          "Nouvelle-Aquitaine : 30 k€", "La Réunion : 1,2 M€"}),
        ("circles:town:subvention", {"Lens : 150 k€", "Dieppe : 12 k€", "Saint-Denis : 1,2 M€"}),
        ("circles:region:cout-total",
         {"Hauts-de-France : 400 k€", "Normandie : 20 k€", "Auvergne-Rhône-Alpes : 9 000 €",
          "Nouvelle-Aquitaine : 31 k€"}),
        ("circles:town", {"Lens : 2", "Dieppe : 1", "Cérilly : 1", "Guéret : 1",
                          "Saint-Denis : 1", "Laval : 1"}),
    ],
)  # fmt: skip
def test_circles_stand_for_euros_or_for_numbers(atlas, layer, wanted):
    names, _ = drawn(atlas, layer)
    assert {name for name in names if re.search(r" : [\d ,]+( k€| M€| €)?$", name)} == wanted


def signs_of(scene) -> dict[str, Symbol]:
    """Give the symbols of the map and of its legend, by id."""
    items = [item for layer in scene.layers for item in layer.items]
    return {item.id: item for item in items if isinstance(item, Symbol)}


@pytest.mark.parametrize("layout", ["slide", "a4"])
def test_the_legend_says_what_sizes_of_circles_mean(atlas, layout):
    spec = MapSpec(layers=("circles:departement:subvention",), layout=layout)
    signs = signs_of(map_scene(OWN, atlas, spec))
    largest = signs["circle:974"].radius
    sizes = {one.name: one.radius for one in signs.values() if one.id.startswith("legend:size:")}
    for said, value in (("1 M€", 1e6), ("200 k€", 2e5)):
        assert sizes[said.replace(" ", NBSP)] == pytest.approx(largest * (value / 1_234_567) ** 0.5)
    assert len(sizes) < 4
    assert "legend:circle" not in signs


def test_no_number_is_written_over_another(tmp_path, monkeypatch):
    counts = {"62498": 600, "75056": 22, "92050": 34, "93066": 21, "94028": 17}
    towns = [code for code, n in counts.items() for _ in range(n)]
    rows = [f"{code};Halle {n}" for n, code in enumerate(towns)]
    atlas = with_table("\n".join(["Code INSEE;Intitulé", *rows]), tmp_path, monkeypatch)
    scene = map_scene(OWN, atlas, MapSpec(layers=("circles:departement",)))
    said = [one for one in scene.layer("etiquettes") if getattr(one, "role", "") == "number"]
    assert {"600", "34"} <= {one.words for one in said}  # the largest keep their own
    boxes = [shapely.box(*(getattr(b.box, side) for side in SIDES)) for b in said]
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))


def test_sizes_that_say_nothing_more_than_their_numbers_are_not_explained(atlas):
    signs = signs_of(map_scene(OWN, atlas, MapSpec(layers=("circles:town",))))
    assert "legend:circle" in signs
    assert not any(name.startswith("legend:size:") for name in signs)


def test_what_is_wider_than_the_level_and_what_has_no_amount_is_said(atlas):
    _, words = drawn(atlas, "circles:town:subvention")
    for said in ("Subvention par commune", "1,4 M€ en tout", "38 k€ de territoires plus larges",
                 "1 projet sans montant"):  # fmt: skip
        assert said in words
    _, words = drawn(atlas, "circles:region:subvention")
    assert "territoires plus larges" not in words


@pytest.mark.parametrize("level", ["departement", "region"])
def test_euros_per_inhabitant_are_shaded(atlas, level):
    names, words = drawn(atlas, f"per-head:{level}:subvention")
    people = atlas.communes.groupby("departement" if level == "departement" else "region")
    euros, code = (150_000, "62") if level == "departement" else (150_000, "32")
    rate = euros / people["population"].sum()[code]
    said = f"Pas-de-Calais : {rate:.2f} € par habitant".replace(".", ",")
    assert said in names
    assert "Subvention par habitant" in words


def test_amounts_of_two_columns_are_two_layers_never_added(atlas):
    money = [layer for layer in known_layers(atlas) if layer.startswith("circles:region:")]
    assert money == ["circles:region:subvention", "circles:region:cout-total"]
    with pytest.raises(UnknownValueError, match="circles:region:subvention"):
        map_scene(Selection(), atlas, MapSpec(layers=("circles:region:subventions",)))


@pytest.mark.usefixtures("atlas")
def test_the_command_line_draws_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    layers = "circles:epci:subvention"
    assert main(["map", "a.png", "--collection", "appel", "--layers", layers]) == 0
    assert (tmp_path / "a.png").stat().st_size > 20_000


@pytest.mark.parametrize(
    ("value", "said"),
    [(850, "850 €"), (9_999, "9 999 €"), (12_340, "12 k€"), (1_250_000, "1,2 M€"),
     (23_400_000, "23 M€"), (3_400_000_000, "3,4 Md€"), (1_000_000, "1 M€")],
)  # fmt: skip
def test_euros_are_short_on_a_map(value, said):
    assert re.sub("[\u00a0\u202f]", " ", short_euros(value)) == said
