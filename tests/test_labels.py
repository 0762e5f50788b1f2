import re

import numpy as np
import pytest
from maps_cases import CASES, corners, nearest_faults, scene, scene_of, shared

from villeactive.maps.scene.labels import Wish, distance, place
from villeactive.maps.scene.layout import LAYOUTS
from villeactive.maps.scene.spec import Box, Label, Text
from villeactive.selection import Selection

FRAME = Box(0, 0, 100, 60)


def test_lone_label_stands_at_the_right_of_its_symbol():
    found = place([Wish("a", (0,), 20, 8)], centres=[(50, 30)], radii=[3], frame=FRAME)
    box = found["a"].box
    assert (box.left, box.centre[1]) == (pytest.approx(54.8), pytest.approx(30))
    assert found["a"].leader is None


def test_label_turns_away_from_the_frame():
    found = place([Wish("a", (0,), 20, 8)], centres=[(95, 30)], radii=[3], frame=FRAME)
    assert found["a"].box.right <= 100


def test_label_too_wide_for_its_frame_is_given_back():
    assert place([Wish("a", (0,), 200, 8)], centres=[(50, 30)], radii=[3], frame=FRAME) == {}


def test_label_keeps_off_blocks():
    block = Box(52, 0, 48, 60)
    found = place([Wish("a", (0,), 20, 8)], centres=[(50, 30)], radii=[1], frame=FRAME,
                  blocks=[block])  # fmt: skip
    assert found["a"].box.right < block.left


def test_label_covers_quiet_marks_only_when_it_must():
    dots = np.array([[60.0, 30.0]])
    found = place([Wish("a", (0,), 20, 8)], centres=[(50, 30)], radii=[3], frame=FRAME, dots=dots)
    assert distance(corners([found["a"].box]), dots)[0, 0] > 0


def test_one_label_moves_when_another_has_nowhere_else():
    centres = [(20, 30), (29, 30)]
    wishes = [Wish("a", (0,), 14, 8), Wish("b", (1,), 14, 8)]
    found = place(wishes, centres=centres, radii=[2, 2], frame=FRAME)
    assert set(found) == {"a", "b"}
    assert not shared(corners([p.box for p in found.values()]))


def test_random_crowd_keeps_the_three_promises():
    rng = np.random.default_rng(7)
    centres = rng.uniform(20, 480, (90, 2))
    wishes = [Wish(f"{i:02}", (i,), float(rng.uniform(20, 60)), 9) for i in range(90)]
    frame = Box(0, 0, 500, 500)
    found = place(wishes, centres=centres, radii=np.full(90, 3.0), frame=frame)
    boxes = corners([p.box for p in found.values()])
    far = distance(boxes, centres)
    assert len(found) > 60
    assert not shared(boxes)
    assert far.min() >= 3.0
    assert [p.symbol for p in found.values()] == far.argmin(axis=1).tolist()
    again = place(wishes, centres=centres, radii=np.full(90, 3.0), frame=frame)
    assert again == found


# the crowded map takes seconds a page: with its key beside it, one page of it says enough, and one
# with names and numbers
@pytest.mark.parametrize(
    ("name", "layout"),
    [
        (name, layout)
        for name in CASES
        for layout in LAYOUTS
        if name != "PVD Bretagne" or layout in {"slide", "a4"}
    ],
)
def test_labels_symbols_and_texts_of_a_map_stay_apart_and_on_the_page(name, layout):
    found = scene(name, layout=layout)
    labels = list(found.labels())
    boxes = corners([label.text.box for label in labels])
    assert labels
    assert not shared(boxes)
    assert not nearest_faults(found)
    named = {label.symbol for label in labels}
    symbols = [s for s in found.symbols() if s.role != "town" or s.id in named]
    far = distance(boxes, np.array([(s.x, s.y) for s in symbols]))
    assert (far - [s.radius for s in symbols]).min() > 0
    panel = Box(0, 0, found.width, found.height)
    assert (boxes[:, :2] > 0).all()
    assert (boxes[:, 2] < panel.right).all()
    assert (boxes[:, 3] < panel.bottom).all()
    assert_texts_stay_on_the_page_and_apart(found)
    if layout == "slide":
        assert not hidden(found)
        assert_every_symbol_that_should_be_named_is_told(found)
    if (name, layout) in {("PVD Bretagne", "slide"), ("numéros", "slide")}:
        assert_key_tells_each_number_once(found)


def hidden(found) -> list[list[int]]:
    """Give the pairs of symbols of which one hides the other, by their ranks."""
    points = np.array([(s.x, s.y) for s in found.symbols()])
    radii = np.array([s.radius for s in found.symbols()])
    far = np.hypot(*np.moveaxis(points[:, None] - points[None], -1, 0))
    least = np.maximum(radii[:, None], radii[None])
    np.fill_diagonal(far, np.inf)
    return np.argwhere(far <= least * 0.9).tolist()


def assert_texts_stay_on_the_page_and_apart(found):
    texts = [t for k in ("titre", "legende", "sources") for t in found.layer(k)
             if isinstance(t, Text)]  # fmt: skip
    boxes = corners([t.box for t in texts])
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2] <= found.width).all()
    assert (boxes[:, 3] <= found.height + 0.01).all()
    # descenders may touch ascenders: compare the heart of each line
    hearts = boxes + [0, 2.2, 0, -2.2]
    assert not [(texts[i].words, texts[j].words) for i, j in shared(hearts)]


def assert_every_symbol_that_should_be_named_is_told(found):
    told = {label.symbol for label in found.labels()}
    codes = {s.code_insee for s in found.symbols() if s.id in told}
    wanted = {s.code_insee for s in found.symbols() if s.role != "town"}
    if not wanted:
        towns = list(found.symbols())
        first = next(c for c in ("ACV", "PVD") if any(c in s.programmes for s in towns))
        wanted = {s.code_insee for s in towns if first in s.programmes}
    unnumbered = [text for number, text in found.key if not number]
    texts = [t.words for t in found.layer("legende") if isinstance(t, Text)]
    left = [re.fullmatch(r"… et (\d+) autres?", words) for words in texts]
    counted = sum(int(found[1]) for found in left if found)
    assert len(wanted - codes) <= len(unnumbered) + counted


def assert_key_tells_each_number_once(found):
    numbers = [n for n, _ in found.key if n]
    drawn = [label.text.words for label in found.labels() if label.text.words.isdigit()]
    assert sorted(numbers, key=int) == sorted(drawn, key=int)
    legend = [t.words for t in found.layer("legende") if isinstance(t, Text)]
    assert set(numbers) <= set(legend)
    assert {text for _, text in found.key} <= set(legend)


@pytest.mark.parametrize("code", ["53", "44", "27"])
def test_a_region_names_its_projects_and_acv_towns_and_the_others_when_asked(code):
    found = scene_of(Selection(region=(code,)), extent=f"region:{code}")
    named = {label.symbol for label in found.labels()}
    towns = {s.id: s.programmes for s in found.symbols() if s.role == "town"}
    assert {s.code_insee for s in found.symbols() if s.role == "project"} <= {
        s.code_insee for s in found.symbols() if s.id in named
    }
    assert {towns[i] for i in named if i in towns} <= {("ACV",), ("ACV", "PVD")}
    assert not found.key
    everyone = scene_of(Selection(region=(code,)), extent=f"region:{code}", labels="all")
    assert ("PVD",) in {towns.get(label.symbol) for label in everyone.labels()}


@pytest.mark.parametrize("layout", ["slide", "a4"])
@pytest.mark.parametrize("labels", ["towns", "all", "titles", "numbers"])
def test_nothing_of_a_map_is_smaller_than_ten_points(labels, layout):
    found = scene_of(Selection(region=("53",)), extent="region:53", labels=labels, layout=layout)
    texts = [la.text for la in found.labels() if not la.text.words.isdigit()]
    texts += [i for i in found.layer("etiquettes") if isinstance(i, Text)]
    texts += [i for k in ("titre", "legende") for i in found.layer(k) if isinstance(i, Text)]
    assert min(t.size for t in texts if t.role not in {"key", "number"}) >= 10
    assert min(t.size for t in texts) >= 9
    names = [t.size for t in texts if t.role == "label"]
    assert len(set(names)) <= 1


def test_titles_and_numbers_are_not_mixed():
    for options in ({}, {"layout": "a4"}, {"region": "53"}):
        code = options.pop("region", None)
        kept = Selection(region=(code,)) if code else Selection()
        extent = f"region:{code}" if code else "france"
        found = scene_of(kept, extent=extent, layers=("projects",), labels="titles", **options)
        numbers = {label.text.words.isdigit() for label in found.labels()}
        assert len(numbers) == 1


def test_a_key_has_its_own_title_off_the_legend():
    found = scene_of(Selection(region=("53",)), extent="region:53", labels="numbers")
    texts = [t for t in found.layer("legende") if isinstance(t, Text)]
    head = next(t for t in texts if t.words == "Sur la carte")
    legend = [t for t in texts if t.role.startswith("legend")]
    assert head.box.top - max(t.box.bottom for t in legend) > 12


def test_every_project_of_the_book_has_its_number():
    found = scene_of(Selection(), labels="numbers")
    drawn = {label.text.words for label in found.labels()}
    assert [number for number, _ in found.key if number not in drawn] == []
    boxes = corners([label.text.box for label in found.labels()])
    symbols = [s for s in found.symbols() if s.role == "project"]
    far = distance(boxes, np.array([(s.x, s.y) for s in symbols]))
    assert not shared(boxes)
    for label, i in zip(found.labels(), far.argmin(axis=1), strict=True):
        assert label.leader or symbols[i].id == label.symbol


def test_a_number_covers_quiet_marks_where_a_name_would_not():
    centres, dots = [(50, 30)], np.mgrid[0:100:2, 0:60:2].reshape(2, -1).T

    def placed(*, tight: bool):
        wish = Wish("a", (0,), 12, 8, tight=tight)
        return place([wish], centres=centres, radii=[3], frame=FRAME, dots=dots)

    assert set(placed(tight=True)) == {"a"}
    assert not placed(tight=False)


@pytest.mark.parametrize(
    "asked",
    [
        {"labels": "numbers"},
        {"labels": "numbers", "layout": "a4"},
        {"labels": "titles", "layout": "a4"},
    ],
)
def test_key_is_legible_and_off_the_sources_and_the_legend(asked):
    found = scene_of(Selection(), **asked)
    texts = [t for t in found.layer("legende") if isinstance(t, Text)]
    key = [t for t in texts if t.role == "key"]
    others = [t for t in texts if t.role not in ("key", "number")]
    others += [t for t in found.layer("sources") if isinstance(t, Text)]
    assert len(key) == len(found.key)
    assert min(t.size for t in key) >= 9
    assert max(t.box.bottom for t in key) < found.height
    hearts = corners([t.box for t in key + others]) + [0, 2.2, 0, -2.2]
    assert not [(i, j) for i, j in shared(hearts) if i < len(key)]
    columns = {}
    for text in key:
        columns.setdefault(text.box.left, []).append(text.box.bottom)
    lows = [max(low) for low in columns.values()]
    assert max(lows) - min(lows) < 3 * 7.5 * 1.2


REGIONS = ("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94")


@pytest.mark.parametrize("layout", ["slide", "a4", "a4-landscape"])
@pytest.mark.parametrize("code", REGIONS)
def test_nothing_is_written_on_the_scale_bar(code, layout):
    found = scene_of(
        Selection(region=(code,)), extent=f"region:{code}", layers=("towns:ACV",), layout=layout
    )
    items = found.layer("etiquettes")
    bar = [i.box for i in items if not isinstance(i, Label) and i.role == "scale"]
    assert len(bar) == 2  # the words and the line
    written = [i.box for i in items if isinstance(i, Text) and i.role == "territory"]
    written += [label.text.box for label in found.labels()]
    across = [(a, b) for a, b in shared(corners([*bar, *written])) if a < len(bar) <= b]
    assert across == []
