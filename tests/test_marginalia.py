"""What stands round a drawn map, and how far its symbols stand from their true places."""

from itertools import combinations

import numpy as np
import pytest
from maps_cases import scene_of, shared

from villeactive.maps.scene.declutter import spread
from villeactive.maps.scene.layout import LAYOUTS, LEAST
from villeactive.maps.scene.legend import Entry, set_legend
from villeactive.maps.scene.marginalia import banner
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import Line, Sign, Style, Symbol, Text
from villeactive.selection import Selection

LONG = (
    "Les communes labellisées Action cœur de ville et Petites villes de demain "
    "en Nouvelle-Aquitaine, et leurs projets suivis"
)
TITLES = ["Projets", LONG, LONG * 4, "Anticonstitutionnellement" * 8]
CROWDED = {"layers": ("projects", "towns:ACV", "towns:PVD", "towns:ORT")}


def leaders(found):
    return [i for i in found.layer("villes") if isinstance(i, Line) and i.role == "leader"]


@pytest.mark.parametrize("count", [2, 10, 24, 40])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_legend_of_many_themes_stays_in_its_box(layout, count):
    page, ink = LAYOUTS[layout], inks("light")
    box = page.legend or banner("Projets", "Un livre", "9", page=page, ink=ink, logo=None)[1]
    sign = (Sign("circle", 15.0, Style(fill="#112233")),)
    themes = [
        Entry(f"theme:{n}", f"Rénovation des bâtiments {n}", "4 364 projets", sign, strong=True)
        for n in range(count)
    ]
    others = [Entry(f"towns:{n}", f"Programme {n}", "245 communes", sign) for n in range(5)]
    items, bottom = set_legend(
        [*themes, *others], box=box, columns=page.legend_columns, sizes=page.sizes, ink=ink
    )
    assert bottom <= box.bottom + 0.2
    texts = [item for item in items if isinstance(item, Text)]
    assert min(text.size for text in texts) >= LEAST
    boxes = [text.box for text in texts]
    assert not any(one.inset(0.3).meets(two.inset(0.3)) for one, two in combinations(boxes, 2))
    signs = {item.id.removeprefix("legend:") for item in items if isinstance(item, Symbol)}
    assert {entry.id for entry in others} <= signs
    rest = count + 5 - len(signs)
    said = [text.words for text in texts if "autre" in text.words]
    assert said == ([f"… et {rest} autres"] if rest else [])
    assert not rest or count >= 24


@pytest.mark.parametrize("logo", [None, b"logo"])
@pytest.mark.parametrize("subtitle", ["", "France métropolitaine et outre-mer", LONG])
@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_head_of_a_page_stands_in_its_box(layout, title, subtitle, logo):
    page = LAYOUTS[layout]
    items, rest = banner(title, subtitle, "16 communes", page=page, ink=inks("light"), logo=logo)
    texts = [i for i in items if isinstance(i, Text)]
    assert [t.role for t in texts] == ["title", *(["subtitle"] if subtitle else []), "count"]
    boxes = np.array([[t.box.left, t.box.top, t.box.right, t.box.bottom] for t in texts])
    assert (boxes[:, 2] <= page.text.right + 0.01).all()
    if page.legend:
        assert boxes[:, 3].max() < page.panel.top
    else:
        assert rest.height > page.text.height * 0.3
    assert not shared(boxes + [0, 2.2, 0, -2.2])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_title_of_a_hundred_and_twenty_characters_is_whole(layout):
    items, _ = banner(LONG, "", "16 communes", page=LAYOUTS[layout], ink=inks("light"), logo=None)
    assert next(i for i in items if isinstance(i, Text)).words == LONG


@pytest.mark.parametrize("code", ["01", "04"])
def test_counts_stand_above_an_overseas_map(code):
    found = scene_of(
        Selection(region=(code,)),
        extent=f"region:{code}",
        layout="a4",
        layers=("towns:ACV", "towns:PVD"),
    )
    said = next(t for t in found.layer("titre") if getattr(t, "role", "") == "count")
    assert said.box.bottom < LAYOUTS["a4"].panel.top


def test_nothing_moves_farther_than_it_may():
    homes, radii = np.zeros((40, 2)), np.full(40, 3.0)
    free = spread(homes, radii, weights=np.ones(40))
    held = spread(homes, radii, weights=np.ones(40), most=np.full(40, 5.0))
    assert np.hypot(*free.T).max() > 10
    assert np.hypot(*held.T).max() < 5.0 + 1e-6
    again = spread(homes, radii, weights=np.ones(40), most=np.full(40, 5.0))
    assert (held == again).all()


@pytest.mark.parametrize("region", [(), ("75",)])
def test_crowds_of_towns_make_no_bursts_of_lines(region):
    extent = f"region:{region[0]}" if region else "france"
    found = scene_of(Selection(region=region), extent=extent, **CROWDED)
    symbols = list(found.symbols())
    towns = [s for s in symbols if s.role == "town"]
    far = np.array([np.hypot(s.x - s.home[0], s.y - s.home[1]) for s in towns])
    assert len(towns) > 170
    assert far.max() < 24
    assert len(leaders(found)) < 30
    projects = [s for s in symbols if s.role == "project"]
    points = np.array([(s.x, s.y) for s in projects])
    radii = np.array([s.radius for s in projects])
    gaps = np.hypot(*np.moveaxis(points[:, None] - points[None], -1, 0))
    np.fill_diagonal(gaps, np.inf)
    assert (gaps > 0.9 * (radii[:, None] + radii[None])).all()
