import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from tests.shipped import read_atlas
from tests.shipped import signs as theme_signs
from villeactive.collections.collection import shared_kinds
from villeactive.maps import symbols
from villeactive.programmes import known_programmes


def test_contrast_is_that_of_wcag():
    assert symbols.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert symbols.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
def test_every_sign_is_seen_on_the_land_of_its_theme(dark):
    land = symbols.palette(dark=dark).land
    signs = [
        *theme_signs(dark=dark).values(),
        *symbols.programme_marks(dark=dark).values(),
    ]
    assert min(symbols.contrast(sign.colour, land) for sign in signs) >= 3


@pytest.mark.parametrize("dark", [False, True])
def test_ink_is_readable_on_land_and_paper(dark):
    ground = symbols.palette(dark=dark)
    for under in (ground.land, ground.paper):
        assert symbols.contrast(ground.ink, under) >= 7
        assert symbols.contrast(ground.ink_soft, under) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_regions_win_over_departements(dark):
    ground = symbols.palette(dark=dark)
    seen = [symbols.contrast(c, ground.land) for c in (ground.region, ground.departement)]
    assert seen[0] > 1.5 * seen[1]


def test_light_hues_are_those_of_the_visual_guide():
    found = {code: (s.shape, s.colour) for code, s in theme_signs().items()}
    assert found["apprendre-travailler"] == ("circle", "#0B6A8F")
    assert found["filieres-productions"] == ("square", "#C2501A")
    marks = symbols.programme_marks()
    assert [marks[c].colour for c in ("ACV", "PVD", "ORT", "TI")] == [
        "#5B3A8C",
        "#2F7D5B",
        "#5A6B7B",
        "#8A6D1F",
    ]


def test_every_theme_and_programme_of_the_vocabulary_has_a_sign():
    assert set(symbols.programme_marks()) == set(known_programmes())


def test_a_place_beside_the_selection_looks_in_the_legend_as_on_the_map():
    sign = symbols.symbols_svg(
        read_atlas().taxonomy.theme_list[:2], symbols.LEGEND_SIZE, state="faded"
    )
    root = ElementTree.fromstring(sign)
    assert float(root.get("width")) == symbols.TOUCH
    for one in list(theme_signs().values())[:2]:
        assert one.colour in sign
    assert sign.count(f'opacity="{symbols.FADED_OPACITY}"') == 2


def test_themes_differ_by_shape_not_only_by_colour():
    shapes = [sign.shape for sign in theme_signs().values()]
    assert len(set(shapes)) == len(shapes)


def _area(corners):
    turned = [*corners[1:], corners[0]]
    return abs(sum(x * v - y * u for (x, y), (u, v) in zip(corners, turned, strict=True))) / 2


@pytest.mark.parametrize("shape", symbols.SHAPES)
def test_shapes_cover_the_same_surface(shape):
    assert _area(symbols.SHAPES[shape]) == pytest.approx(math.pi / 4, rel=0.002)


@pytest.mark.parametrize("state", symbols.STATES)
@pytest.mark.parametrize("size", [kind.size for kind in shared_kinds()])
def test_symbols_can_be_touched_and_hold_no_text(size, state):
    for theme in (*read_atlas().taxonomy.theme_list, None):
        drawn = ElementTree.fromstring(symbols.symbol_svg(theme, size, state=state))
        assert float(drawn.get("width")) >= 24
        assert symbols.symbol_side(theme, size, state=state) == float(drawn.get("width"))
        assert not "".join(drawn.itertext()).strip()


def test_kinds_are_told_by_their_size():
    sizes = [symbols.pixels_of(kind.size) for kind in shared_kinds()]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0] / sizes[3]) ** 2 == pytest.approx(150 / 30, rel=0.02)


def test_states_are_seen():
    plain, faded, selected = (
        symbols.symbol_svg(read_atlas().taxonomy.theme_list[0], 150.0, state=s)
        for s in symbols.STATES
    )
    assert 'opacity="0.38"' in faded
    assert selected.count("<circle") == plain.count("<circle") + 2
    with pytest.raises(ValueError, match="state"):
        symbols.symbol_svg(read_atlas().taxonomy.theme_list[0], 150.0, state="other")


def test_a_town_in_several_programmes_nests_its_signs():
    drawn = symbols.town_svg(("PVD", "ORT", "ACV"))
    radii = [float(r) for r in re.findall(r'<circle r="([\d.]+)"', drawn)]
    assert len(radii) == 3
    assert len(set(radii)) == 3
    assert symbols.town_svg(("ORT", "ACV", "PVD")) == drawn
    assert symbols.town_svg(("inconnu",)).count("<circle") == 0


def test_dark_signs_are_haloed_and_readable_stops_at_the_ratio():
    assert symbols.readable("#0B6A8F", "#F4F1EA") == "#0B6A8F"
    lifted = symbols.readable("#0B6A8F", "#22303C")
    assert 3 <= symbols.contrast(lifted, "#22303C") < 3.3
