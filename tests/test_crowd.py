"""A printed map of more symbols than paper has room for, and than a slide can hold."""

import io
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation

from tests.shipped import read_atlas
from villeactive.filtering import apply
from villeactive.maps.render import crowd
from villeactive.maps.render.crowd import without_crowd
from villeactive.maps.render.png_pdf import to_png
from villeactive.maps.render.pptx_slides import to_pptx
from villeactive.maps.scene import compose as composing
from villeactive.maps.scene import map_content, windows
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
    thick = drawn()
    assert {s.id for s in thick} == {s.id for s in apart}
    main = [s for s in thick if s.code_insee[:2] not in {"97", *windows.PARIS}]
    assert all(np.hypot(s.x - s.home[0], s.y - s.home[1]) < 0.02 for s in main)
    order = {name: row for row, name in enumerate(read_atlas().sites["project"])}
    rows = [order[s.project] for s in main]
    assert rows == sorted(rows)


def test_the_symbols_of_a_map_with_a_zoom_are_made_once(monkeypatch):
    atlas, made = read_atlas(), []
    symbols = map_content.site_symbols

    def noted(rows, *given, **named):
        made.append(rows["departement"].isin(windows.PARIS).to_numpy())
        return symbols(rows, *given, **named)

    monkeypatch.setattr(map_content, "site_symbols", noted)
    monkeypatch.setattr(windows, "_CROWD", 1)
    applied = apply(Selection(), atlas)
    scene = composing.compose(applied, atlas, spec=MapSpec(layers=("projects", "mentions")))
    assert any(view.name == "paris" for view in scene.views)
    ring = np.concatenate(made)
    drawn = sum(isinstance(one, Symbol) for one in scene.layer("projets"))
    # the zoom is decided on its own symbols, made once more for that
    assert len(ring) == drawn + ring.sum() / 2


@pytest.mark.parametrize("quiet", [True, False])
def test_only_towns_under_a_project_may_go_farther(quiet):
    chance = np.random.default_rng(1)
    homes, radii = chance.uniform(0, 60, (80, 2)), chance.uniform(1, 9, 80)
    roles = ["town" if n % 4 else "project" for n in range(80)]
    symbols = [SimpleNamespace(role=role) for role in roles]
    most = windows._leash(symbols, homes, radii, quiet=quiet)
    base = (radii + windows.MOVED - 0.05) * (1.0 if quiet else windows._FAR)
    for n, role in enumerate(roles):
        near = [radii[m] - np.hypot(*(homes[n] - homes[m])) for m in range(0, 80, 4)]
        wanted = base[n] + max(0.0, *near) if role == "town" else np.inf
        assert most[n] == pytest.approx(wanted)


def test_a_slide_holds_a_crowd_as_one_picture_and_says_so(monkeypatch):
    atlas = read_atlas()
    scene = composing.compose(apply(Selection(), atlas), atlas, spec=MapSpec())
    symbols = [one for one in scene.layer("projets") if isinstance(one, Symbol)]
    assert without_crowd(scene) == (scene, ())
    monkeypatch.setattr(crowd, "MOST", len(symbols) - 1)
    drawn, (said,) = without_crowd(scene)
    assert said == f"{len(symbols)} symboles de projets, dessinés en une seule image"
    left = drawn.layer("projets")
    assert not any(isinstance(one, Symbol) for one in left)
    assert len(left) == len(scene.layer("projets")) - len(symbols) + 1
    # the same pixels, but for the smoothing of edges over another ground
    size, two = (400, 225), []
    for one in (scene, drawn):
        picture = Image.open(io.BytesIO(to_png(one, dpi=96))).convert("RGB")
        two.append(np.asarray(picture.resize(size, Image.Resampling.BOX), dtype=float))
    assert np.abs(two[0] - two[1]).max() < 40
    assert np.abs(two[0] - two[1]).mean() < 0.05
    bare = [replace(one, items=()) if one.id == "projets" else one for one in scene.layers]
    bare = np.asarray(
        Image.open(io.BytesIO(to_png(replace(scene, layers=tuple(bare)), dpi=96)))
        .convert("RGB")
        .resize(size, Image.Resampling.BOX),
        dtype=float,
    )
    assert np.abs(two[0] - bare).max() > 60
    slide = Presentation(io.BytesIO(to_pptx(scene, notes=["Un projet"]))).slides[0]
    assert slide.notes_slide.notes_text_frame.text.splitlines() == [said, "Un projet"]
    pictures = slide.element.xpath(".//p:pic/p:nvPicPr/p:cNvPr")
    assert [one.get("descr") for one in pictures] == [said]
