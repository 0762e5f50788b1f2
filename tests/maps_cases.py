"""Selections and scenes that the tests of printed maps share."""

from functools import cache

import numpy as np

from tests.shipped import read_atlas
from villeactive.filtering import apply, apply_to_towns
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.labels import distance
from villeactive.maps.scene.spec import MapSpec, Scene
from villeactive.selection import Selection

DATE = "2026-11-23"
CASES = {
    "livre": (Selection(), {}),
    "livre et lieux cités": (Selection(), {"layers": ("projects", "mentions")}),
    "numéros": (Selection(), {"layers": ("projects", "mentions"), "labels": "numbers"}),
    "titres": (Selection(), {"layers": ("projects",), "labels": "titles"}),
    **{
        f"ACV {code}": (
            Selection(region=(code,)),
            {"extent": f"region:{code}", "layers": ("towns:ACV",)},
        )
        for code in ("32", "76", "84")
    },
    "PVD Bretagne": (
        Selection(region=("53",)),
        {"extent": "region:53", "layers": ("towns:PVD",)},
    ),
    "Île-de-France": (Selection(region=("11",)), {"extent": "region:11"}),
    "La Réunion": (Selection(region=("04",)), {"extent": "region:04"}),
    "un projet": (Selection(text="usinerie"), {"extent": "selection"}),
}


def scene(name: str, *, layout: str = MapSpec.layout) -> Scene:
    selection, asked = CASES[name]
    return scene_of(selection, **{**asked, "layout": layout})


def scene_of(selection: Selection, **options) -> Scene:
    return _composed(selection, MapSpec(**{"date": DATE, **options}))


@cache
def _composed(selection: Selection, spec: MapSpec) -> Scene:
    """Compose what several tests look at once, however each asks for it."""
    atlas = read_atlas()
    return compose(
        apply(selection, atlas),
        atlas,
        spec=spec,
        selection=selection,
        towns=apply_to_towns(selection, atlas.towns, atlas),
    )


def corners(boxes) -> np.ndarray:
    return np.array([[b.left, b.top, b.right, b.bottom] for b in boxes]).reshape(-1, 4)


def shared(boxes: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of boxes that overlap."""
    one, other = boxes[:, None], boxes[None]
    meet = (one[..., :2] < other[..., 2:] - 1e-6) & (one[..., 2:] > other[..., :2] + 1e-6)
    pairs = np.argwhere(meet.all(axis=-1))
    return [(int(i), int(j)) for i, j in pairs if i < j]


def nearest_faults(found: Scene) -> list[str]:
    """Labels whose nearest named symbol is of another town (or project) than their own.

    A number that a leader joins to its symbol is plain wherever it stands.
    """
    named = {label.symbol for label in found.labels()}
    symbols = [s for s in found.symbols() if s.role != "town" or s.id in named]
    points = np.array([(s.x, s.y) for s in symbols])
    faults = []
    for label in found.labels():
        if label.leader and label.text.words.isdigit():
            continue
        far = distance(corners([label.text.box]), points)[0]
        best = symbols[int(far.argmin())]
        own = next(s for s in symbols if s.id == label.symbol)
        if best.id != own.id and best.code_insee != own.code_insee:
            faults.append(f"{label.text.words} : {best.name}")
    return faults
