"""A row whose cell names several communes → a row for each of them."""

import re
from collections.abc import Iterator, Sequence

from villeactive.geography.gazetteer import communes
from villeactive.tables.agreement import commune_of_code, figure_agrees, is_named, name_agrees
from villeactive.tables.asked import said_by
from villeactive.tables.columns import Column
from villeactive.tables.places import FOUND, Asked
from villeactive.tables.placing import place
from villeactive.tables.roles import AMONG, PLACE_ROLES, is_place
from villeactive.tables.values import filled
from villeactive.text import fold

MOST = 100
"""Sites that a project may have: what names more is no project, or no list of places."""

_SURE = re.compile(r"[;|\n]")
"""What parts a list, whatever it parts."""

_COMMA, _AND = re.compile(r"\s*[,/]\s*(?:et\s+)?", re.IGNORECASE), re.compile(r"\s+et\s+", re.I)
"""What may part a list and may be of a name: only where each part is then a sure place."""

_IN_FIGURES = re.compile(r"[;|\n,/]")

_SHARED = ("departement", "region", "epci", "scale")
"""Roles whose one cell is of all the sites of its row; a point or a street is of none of them."""

_TELLING = ("code", "departement", "region", "postcode", "epci")
"""Roles that say where a name is meant."""

_FIGURES = ("code", "postcode", "departement")


class Parting:
    """Parts the rows of a table, by the columns that say where they are."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = [c for c in columns if c.role in PLACE_ROLES]
        self._leads = [c for role in ("code", "name") for c in self._columns if c.role == role]
        self._known: dict[Asked, str | None] = {}

    def parted(self, row: list[str]) -> list[list[str]]:
        """Return a row a site: the row itself, alone, where it stays one.

        ``;``, ``|`` and a new line part a cell, whatever its parts are, unless one of them is not
        sure and names a département or a région. A comma, a slash and « et » may be of a name:
        they part a cell only where each part is the whole name, or the code, of a commune found for
        sure with the other cells of the row, and no two together are that of another; where none of
        these cells says a territory, in one département.

        A cell of place that has as many parts gives each site its own (codes beside names);
        département, région and EPCI said once are those of all; a lone code or postcode has to be
        of one of the sites, and says no more; point and address are left out.
        """
        for column in self._leads:
            given = filled(row[column.index])
            if not AMONG.search(given) or len(_flat(column, given)) > MOST:
                continue
            for parts, listed in self._readings(row, column, given):
                sites = self._sites(row, column, parts)
                if sites and (self.sure(sites) or (listed and self._no_division(column, sites))):
                    return _each_once(sites, self._columns)
        return [row]

    def beyond(self, row: list[str]) -> int:
        """Return how many places a cell names, where they are too many for one project; else 0."""
        for column in self._leads:
            given = filled(row[column.index])
            flat = _flat(column, given)
            known = sum(is_place(column.role, part) for part in flat[: 2 * MOST])
            if len(flat) > MOST and (len(_parts(_SURE, given)) > MOST or known > MOST):
                return len(flat)
        return 0

    def sure(self, sites: list[list[str]]) -> list[str] | None:
        """Return the commune of each site; None where one is not sure, or all may be elsewhere."""
        found = self.communes(sites)
        if None in found:
            return None
        told = any(filled(sites[0][c.index]) for c in self._columns if c.role in _TELLING)
        return found if told or len({communes()[code].departement for code in found}) == 1 else None

    def communes(self, sites: list[list[str]]) -> list[str | None]:
        """Return the commune of each site, None for one that is not sure."""
        return list(map(self._commune, sites))

    def _commune(self, site: list[str]) -> str | None:
        """Return the commune that a row means by its whole name, or its code; None where unsure."""
        asked = said_by(self._columns, site)
        if asked not in self._known:
            found = place(asked)
            sure = found.status == FOUND and found.scale == "commune"
            sure = sure and (not asked.name or is_named(asked.name, found.code_insee))
            self._known[asked] = found.code_insee if sure else None
        return self._known[asked]

    def _readings(
        self, row: list[str], column: Column, given: str
    ) -> Iterator[tuple[list[str], bool]]:
        """Give the ways to part a cell, the surest first, and whether each is surely a list."""
        flat = _flat(column, given)
        if column.role == "code":
            if len(flat) > 1 and all(map(commune_of_code, flat)):
                yield flat, False
            return
        listed = _parts(_SURE, given)
        if len(flat) > 1 and any(
            len(_own_parts(c, row[c.index])) == len(flat)
            for c in self._columns
            if c.role in _FIGURES
        ):
            yield flat, flat == listed
        parts = []
        for part in listed:
            parts += self._list(row, column, part) or [part]
        if parts != [given]:  # « Lens ; n/a » lists one
            yield parts, len(listed) > 1

    def _list(self, row: list[str], column: Column, text: str) -> list[str] | None:
        """Return the communes that a text lists, None where it lists none for sure."""
        parts = self._named_in(row, column, text)
        if not parts or _are_one_name(parts):
            return None
        return parts if self.sure([self._site(row, column, [p], 0) for p in parts]) else None

    def _named_in(self, row: list[str], column: Column, text: str) -> list[str] | None:
        """Return the names in a text, the longest ones; None where one is not that of a commune."""
        if is_place("name", text) and self._commune(self._site(row, column, [text], 0)):
            return [text]
        for mark in (_COMMA, _AND):
            parts = _parts(mark, text)
            if len(parts) > 1:
                found = [self._named_in(row, column, part) for part in parts]
                return sum(found, []) if all(found) else None
        return None

    def _no_division(self, column: Column, sites: list[list[str]]) -> bool:
        """Tell that no part of a list is the département or the région of the others."""
        return not any(
            _is_division(site[column.index]) and not self._commune(site) for site in sites
        )

    def _sites(self, row: list[str], column: Column, parts: list[str]) -> list[list[str]]:
        """Return a row for each part of a cell; none where a lone figure is of none of them."""
        for other in self._columns:
            cell = filled(row[other.index])
            lone = other is not column and cell and len(_own_parts(other, cell)) != len(parts)
            if lone and not _is_of(other.role, cell, column.role, parts):
                return []
        return [self._site(row, column, parts, at) for at in range(len(parts))]

    def _site(self, row: list[str], column: Column, parts: list[str], at: int) -> list[str]:
        """Return the row of one part of a cell."""
        site = list(row)
        for other in self._columns:
            if not site[other.index]:
                continue
            own = parts if other is column else _own_parts(other, row[other.index])
            if other is column or len(own) == len(parts) > 1:
                site[other.index] = own[at]
            elif other.role not in _SHARED:
                site[other.index] = ""
        return site


def _parts(mark: re.Pattern[str], cell: str) -> list[str]:
    return [part for part in map(filled, mark.split(cell)) if part]


def _flat(column: Column, cell: str) -> list[str]:
    return _parts(AMONG if column.role == "name" else _IN_FIGURES, cell)


def _own_parts(column: Column, cell: str) -> list[str]:
    """Return the parts of a cell that may stand beside those of another."""
    if column.role in ("point", "lon", "lat"):
        return []
    if column.role == "name" or column.role in _FIGURES:
        return _flat(column, cell)
    return _parts(_SURE, cell)


def _is_of(role: str, cell: str, lead: str, parts: list[str]) -> bool:
    """Tell whether a lone cell may be said of the sites of its row; of a figure, of one of them."""
    if lead == "code" and role == "name":
        return not is_place("name", cell) or any(
            name_agrees(cell, commune_of_code(part)) for part in parts
        )
    if role not in ("code", "postcode"):
        return True
    names = parts if lead == "name" else [communes()[commune_of_code(p)].name for p in parts]
    return any(figure_agrees(role, cell, "name", name) for name in names)


def _are_one_name(parts: list[str]) -> bool:
    """Tell whether names that follow each other make another: « Argelès/Gazost » is one town."""
    runs = (parts[at : at + size] for at in range(len(parts)) for size in (2, 3, 4))
    return any(
        len(run) > 1 and is_place("name", mark.join(run)) for run in runs for mark in (" ", " et ")
    )


def _is_division(text: str) -> bool:
    return is_place("departement", text) or is_place("region", text)


def _each_once(sites: list[list[str]], columns: list[Column]) -> list[list[str]]:
    """Return the sites of a row, one that is named twice once."""
    told: dict[tuple[str, ...], list[str]] = {}
    for site in sites:
        told.setdefault(tuple(fold(site[c.index]) for c in columns), site)
    return list(told.values())
