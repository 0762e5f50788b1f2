"""What the next choice of a filter would give: how many projects, and which sites."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np

from villeactive.atlas import Atlas
from villeactive.collections.own_columns import PREFIX
from villeactive.facet_index import columns_of
from villeactive.filtering import matching, members
from villeactive.filters import BY_KEY, FILTERS, LISTS
from villeactive.selection import Selection, with_own

TOLD = tuple(one.key for one in FILTERS if one.foreseen)
"""Filters whose choices :meth:`Choices.ahead` tells."""


class Choices:
    """The choices still open under a selection.

    Parameters
    ----------
    selection
        The filters in force.
    atlas
        The whole atlas.
    """

    def __init__(self, selection: Selection, atlas: Atlas) -> None:
        self._selection = selection
        self._atlas = atlas
        self._columns = columns_of(atlas.sites)

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Count what each value of each filter would give.

        Returns
        -------
        dict
            Filter → code → number of sheets that one gets by setting this filter to this value
            alone, all other filters staying: projects only, unless kinds are chosen.
        """
        counted = self._columns.values("counted")
        found: dict[str, dict[str, int]] = {}
        for name, matches in self._others.items():
            only = name != "kind" and not self._selection.kind
            found[name] = self._count_by(name, matches & counted if only else matches)
        return found

    def own(self, slug: str) -> dict[str, int]:
        """Count what each value of a column of a table would give, as :attr:`counts` does."""
        rest = matching(with_own(self._selection.filters, slug, ()), self._atlas)
        if not self._selection.kind:
            rest &= self._columns.values("counted")
        return members(self._atlas, f"{PREFIX}{slug}").counts(self._sheets(rest))

    def _sheets(self, matches: np.ndarray) -> np.ndarray:
        """Tell which rows of ``atlas.projects`` have a site that matches: booleans."""
        there = np.zeros(len(self._atlas.projects), dtype=bool)
        there[self._atlas.site_rows[matches]] = True
        return there

    def ahead(self, choices: Iterable[tuple[str, str | None]]) -> list[np.ndarray]:
        """Tell what each next choice would leave.

        Parameters
        ----------
        choices
            ``(filter, code)``: the code is added to the filter, or taken from it when it is
            there; ``(filter, None)`` lifts the filter. Those of :data:`TOLD`.

        Returns
        -------
        list of array
            For each choice, booleans, one a row of ``atlas.sites``: whether it would match.
        """
        told = []
        for name, code in choices:
            wanted = self._wanted(name, code)
            has = self._columns.has(BY_KEY[name].of_sites, wanted) if wanted else True
            told.append(self._others[name] & has)
        return told

    def after(self, choices: Iterable[tuple[str, str | None]]) -> list[Selection]:
        """Give the selection that each choice, as for :meth:`ahead`, leads to; codes sorted."""
        return [
            replace(self._selection, **{name: tuple(sorted(self._wanted(name, code)))})
            for name, code in choices
        ]

    def _wanted(self, name: str, code: str | None) -> set[str]:
        """Give what a filter holds once a code is added to it or taken away; None lifts it."""
        return {code} ^ set(getattr(self._selection, name)) if code else set()

    @cached_property
    def now(self) -> np.ndarray:
        """Which rows of ``atlas.sites`` match the selection as it is."""
        return matching(self._selection.filters, self._atlas)

    @cached_property
    def _others(self) -> dict[str, np.ndarray]:
        """Tell, for each list of values, which sites match all the other filters."""
        selection, atlas = self._selection, self._atlas
        active = [name for name in LISTS if getattr(selection, name)]
        rest = matching(replace(selection.filters, **dict.fromkeys(active, ())), atlas)
        alone = {
            name: matching(Selection(**{name: getattr(selection, name)}), atlas) for name in active
        }
        found = {}
        for name in LISTS:
            found[name] = rest
            for other in active:
                if other != name:
                    found[name] = found[name] & alone[other]
        return found

    def _count_by(self, name: str, matches: np.ndarray) -> dict[str, int]:
        """Count distinct sheets of the matching sites by the values of one filter."""
        one = BY_KEY[name]
        if one.column is None:
            return members(self._atlas, name).counts(self._sheets(matches))
        return self._columns.counts(one.of_sites, matches, of="project")
