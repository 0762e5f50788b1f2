"""What is made of an object is made once, and dies with it."""

import gc
import weakref
from dataclasses import replace

import pandas as pd

from villeactive.analysis.search import prepare
from villeactive.atlas import Atlas, beside, read_atlas
from villeactive.collections.folder import Folder
from villeactive.collections.stores import folders, read_folders, read_with
from villeactive.facet_index import columns_of
from villeactive.filtering import apply
from villeactive.kept_with import kept_with_first
from villeactive.maps.web import site_rows
from villeactive.selection import Selection


def folder_of_one(name: str) -> Folder:
    """Make a collection of one project."""
    head = {
        "id": name, "title": name, "noun": "collection", "article": "la",
        "themes": [{"code": f"{name}-halles", "label": "Halles"}],
        "kinds": [{"code": "dossier", "label": "Projet", "plural": "projets", "counted": True,
                   "size": 110.0}],
    }  # fmt: skip
    project = {"id": f"{name}-a", "title": "La halle", "theme": f"{name}-halles",
               "places": [{"code_insee": "62498"}]}  # fmt: skip
    return read_with(read_folders(folders()), [(head, [(f"{name}-a", project)], [])])[-1]


def one_more(name: str) -> Atlas:
    return beside(read_atlas(), folder_of_one(name))


def test_what_is_made_is_made_once_for_each_object_and_argument():
    made = []

    @kept_with_first(2)
    def double(frame: pd.DataFrame, by: int, *, plus: int = 0) -> pd.DataFrame:
        made.append(by)
        return frame * by + plus

    one, same = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]})
    assert double(one, 2) is double(one, 2)
    assert double(one, 2) is not double(same, 2)
    assert double(one, 2, plus=1)["a"].tolist() == [3]
    assert made == [2, 2, 2]
    assert list(one.columns) == ["a"]
    assert double(one.copy(), 2) is not double(one, 2)


def test_an_atlas_dies_with_all_that_was_made_of_it():
    atlas = one_more("essai")
    prepare(atlas)
    columns_of(atlas.sites)
    site_rows.read(apply(Selection(), atlas).sites)
    dead = [weakref.ref(one) for one in (atlas, atlas.sites, atlas.projects)]
    del atlas
    gc.unfreeze()  # what an atlas of another test may have frozen meanwhile
    gc.collect()
    assert [one() for one in dead] == [None] * 3


def test_an_atlas_with_one_more_collection_shares_the_ground():
    shipped, atlas = read_atlas(), one_more("essai")
    for shared in ("communes", "towns", "carried", "unplaced", "regions", "epci"):
        assert getattr(atlas, shared) is getattr(shipped, shared)
    assert prepare(atlas).parts[0] is prepare(shipped).parts[0]
    assert list(atlas.sheets) == [*shipped.sheets, "essai-a"]
    assert list(atlas.collections) == [*shipped.collections, "essai"]
    assert len(atlas.sites) == len(shipped.sites) + 1
    assert shipped.themes.items() <= atlas.themes.items()
    assert "essai-a" not in shipped.sheets
    assert atlas.only(["essai"]).projects.index.tolist() == ["essai-a"]
    assert replace(atlas).sheets == atlas.sheets
