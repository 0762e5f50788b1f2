"""A table kept as a collection, beside the book or as a hand settled its places."""

from pathlib import Path

import pytest

from villeactive.atlas import Atlas, read_atlas
from villeactive.imports.importing import Draft, draft, draft_of, keep
from villeactive.imports.projects import Wish
from villeactive.store.database import Store, store
from villeactive.store.location import VARIABLE
from villeactive.tables.mapping import Mapping
from villeactive.tables.understanding import understand


def settled_by_hand(
    path: Path, wish: Wish, kept: Store, decisions: dict, *, mapping: Mapping | None = None
) -> Draft:
    """Give the import of a table whose places a hand settled, as the page of collections does."""
    understood = understand(path, mapping=mapping)
    return draft_of(understood, wish, kept, path.read_bytes(), path.name, decisions=decisions)


def with_table(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, url: str | None = None
) -> Atlas:
    """Keep a table under the id ``appel`` in a store of its own; give the atlas that has it."""
    monkeypatch.setenv(VARIABLE, url or f"sqlite:///{folder / 'c.sqlite'}")
    path = folder / "appel.csv"
    path.write_text(text, encoding="utf-8")
    keep(draft(path, Wish("appel", "Appel"), store()), store())
    return read_atlas()
