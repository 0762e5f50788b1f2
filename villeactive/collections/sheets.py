"""The sheets of collections by id: those of a table are kept small, and built when opened.

As an object a sheet takes 8 kB, as the JSON of what it says 0.5 kB, and of thousands a reader opens
a few. What lists, maps, filters and search read of all of them is read of their plain values.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from villeactive.collections.project import NAMED_IN, Project

_MOST_OPENED = 400
"""Sheets that stay built, of those that are kept small."""

Plain = dict[str, Any]
"""What a sheet says, as plain values: names of fields → values; those that say nothing are out."""

_Small = tuple[bytes, dict[str, Any]]
"""The JSON of a sheet, and the context in which it was read."""


class Sheets(Mapping[str, Project]):
    """Sheets by id, in their order; never changed once made.

    Parameters
    ----------
    kept
        Id → sheet, as it is or as :func:`small` gives it.
    """

    def __init__(self, kept: Mapping[str, "Project | _Small"]) -> None:
        self._kept = kept
        self._opened: dict[str, Project] = {}

    def __getitem__(self, name: str) -> Project:
        kept = self._kept[name]
        if isinstance(kept, Project):
            return kept
        opened = self._opened.get(name)
        if opened is None:
            data, context = kept
            opened = Project.model_validate_json(data, context=context)
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            self._opened[name] = opened
        return opened

    def __contains__(self, name: object) -> bool:
        return name in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __or__(self, others: Mapping[str, Project]) -> "Sheets":
        """Give these sheets and others, which stand for those of their ids."""
        return together([self, others])

    def only(self, names: Iterable[str]) -> "Sheets":
        """Give some of the sheets, in the order asked for."""
        return Sheets({name: self._kept[name] for name in names})

    def plain_of(self, name: str) -> Plain:
        """Give what one sheet says, which is not built for it."""
        return _plain(name, self._kept[name])

    def plain(self) -> Iterator[Plain]:
        """Give what each sheet says."""
        for name, kept in self._kept.items():
            yield _plain(name, kept)


def _plain(name: str, kept: "Project | _Small") -> Plain:
    if isinstance(kept, Project):
        return kept.model_dump(exclude_defaults=True)
    # what is made of thousands names each by the one text of its id
    return {**json.loads(kept[0]), "id": name}


def small(sheet: Project, context: dict[str, Any]) -> _Small:
    """Return a sheet as it is kept until someone opens it; ``context`` is that of its reading."""
    return sheet.model_dump_json(exclude_defaults=True).encode(), context


def together(mappings: Iterable[Mapping[str, Project]]) -> Sheets:
    """Return the sheets of several collections as one."""
    kept: dict[str, Project | _Small] = {}
    for one in mappings:
        kept |= one._kept if isinstance(one, Sheets) else one
    return Sheets(kept)


def organisations_in(plain: Plain) -> dict[tuple[str, str], None]:
    """Return (organisation, role) of each that a sheet names, once; no role is an empty one."""
    named = ((one.get(key), role) for part, key, role in NAMED_IN for one in plain.get(part, ()))
    return {(name, role): None for name, role in named if name}
