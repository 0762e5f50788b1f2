"""A table kept as a collection beside the book, for what looks at its columns."""

from pathlib import Path

import pytest

from villeactive.atlas import Atlas, read_atlas
from villeactive.imports.importing import draft, keep
from villeactive.imports.projects import Wish
from villeactive.store.database import store
from villeactive.store.location import VARIABLE


def with_table(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, url: str | None = None
) -> Atlas:
    """Keep a table under the id ``appel`` in a store of its own; give the atlas that has it."""
    monkeypatch.setenv(VARIABLE, url or f"sqlite:///{folder / 'c.sqlite'}")
    path = folder / "appel.csv"
    path.write_text(text, encoding="utf-8")
    keep(draft(path, Wish("appel", "Appel"), store()), store())
    return read_atlas()
