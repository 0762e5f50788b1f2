"""A printed map of more symbols than paper has room for: each at its true place, none on top."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.shipped import read_atlas
from villeactive.filtering import apply
from villeactive.maps.scene import compose as composing
from villeactive.maps.scene import windows
from villeactive.maps.scene.spec import MapSpec, Symbol
from villeactive.selection import Selection


def drawn():
    atlas = read_atlas()
    scene = composing.compose(apply(Selection(), atlas), atlas, spec=MapSpec())
    return [one for one in scene.layer("projets") if isinstance(one, Symbol)]


def test_a_crowd_stays_where_it_is_in_the_order_given(monkeypatch):
    apart = drawn()
    assert any(np.hypot(s.x - s.home[0], s.y - s.home[1]) > 1 for s in apart)
    for module in (windows, composing):
        monkeypatch.setattr(module, "CROWD", 10)
    crowd = drawn()
    assert {s.id for s in crowd} == {s.id for s in apart}
    main = [s for s in crowd if s.code_insee[:2] not in {"97", *windows.PARIS}]
    assert all(np.hypot(s.x - s.home[0], s.y - s.home[1]) < 0.02 for s in main)
    order = {name: row for row, name in enumerate(read_atlas().sites["project"])}
    rows = [order[s.project] for s in main]
    assert rows == sorted(rows)


@pytest.mark.parametrize("quiet", [True, False])
def test_only_towns_under_a_project_may_go_farther(quiet):
    chance = np.random.default_rng(1)
    homes, radii = chance.uniform(0, 60, (80, 2)), chance.uniform(1, 9, 80)
    roles = ["town" if n % 4 else "project" for n in range(80)]
    window = SimpleNamespace(towns=[SimpleNamespace(role=role) for role in roles])
    most = windows._leash(window, homes, radii, quiet=quiet)
    base = (radii + windows.MOVED - 0.05) * (1.0 if quiet else windows._FAR)
    for n, role in enumerate(roles):
        near = [radii[m] - np.hypot(*(homes[n] - homes[m])) for m in range(0, 80, 4)]
        wanted = base[n] + max(0.0, *near) if role == "town" else np.inf
        assert most[n] == pytest.approx(wanted)
