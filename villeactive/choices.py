"""What the next choice of a filter would give: how many projects, and which sites."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import compress

import numpy as np

from villeactive.applied import acting, is_counted, matching
from villeactive.atlas import Atlas
from villeactive.selection import LISTS, Selection

TOLD = ("region", "departement", "programme", "theme", "topic")
"""Filters whose choices :meth:`Choices.ahead` tells: a kind may bring a layer with it, and no site
names its actors."""


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

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Count what each value of each filter would give.

        Returns
        -------
        dict
            Filter → code → number of sheets that one gets by setting this filter to this value
            alone, all other filters staying: projects only, unless kinds are chosen.
        """
        counted = is_counted(self._atlas.sites["kind"]).to_numpy()
        found: dict[str, dict[str, int]] = {}
        for name, matches in self._others.items():
            only = name != "kind" and not self._selection.kind
            kept = matches & counted if only else matches
            found[name] = self._count_by(name, kept.tolist())
        return found

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
            wanted = {code} ^ set(getattr(self._selection, name)) if code else set()
            has = (
                [not wanted.isdisjoint(codes) for codes in self._carried[name]] if wanted else True
            )
            told.append(self._others[name] & has)
        return told

    @cached_property
    def _others(self) -> dict[str, np.ndarray]:
        """Tell, for each list of values, which sites match all the other filters."""
        selection, atlas = self._selection, self._atlas
        active = [name for name in LISTS if getattr(selection, name)]
        rest = matching(replace(selection.filters, **dict.fromkeys(active, ())), atlas).to_numpy()
        alone = {
            name: matching(Selection(**{name: getattr(selection, name)}), atlas).to_numpy()
            for name in active
        }
        found = {}
        for name in LISTS:
            found[name] = rest
            for other in active:
                if other != name:
                    found[name] = found[name] & alone[other]
        return found

    @cached_property
    def _carried(self) -> dict[str, list[tuple[str, ...]]]:
        """Give what each site carries of each filter but the actors, which no site names."""
        sites = self._atlas.sites
        found = {
            name: [(value,) if isinstance(value, str) else () for value in sites[name]]
            for name in LISTS
            if name not in {"actor", "programme"}
        }
        return found | {"programme": sites["programmes"].tolist()}

    def _count_by(self, name: str, matches: list[bool]) -> dict[str, int]:
        """Count distinct sheets of the matching sites by the values of one filter."""
        atlas = self._atlas
        projects = list(compress(atlas.sites["project"], matches))
        if name == "actor":
            acts = [acting(atlas.sheets[key]) for key in set(projects)]
            return {
                organisation: sum(1 for names in acts if names & family)
                for organisation in atlas.organisations
                if (family := atlas.family(organisation))
            }
        carried = compress(self._carried[name], matches)
        pairs = {(c, key) for codes, key in zip(carried, projects, strict=True) for c in codes}
        return dict(Counter(code for code, _ in pairs))
