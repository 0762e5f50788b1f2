"""What the next clicks on the filters would show, sent with the page: the map answers at once.

Streamlit draws a whole page before its map hears of a filter. Each answer is the server's own,
told one click ahead (``facets``, ``maps.web.prefetch``); ``assets/ahead.js`` hears the click
and hands the answer to the map. A click that it does not know waits for the server.
"""

import types
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import zip_longest

import numpy as np
import streamlit.components.v1 as components

from villeactive.atlas import Atlas
from villeactive.documents.whole_files import in_own_folder
from villeactive.kept_with import kept_with_first
from villeactive.maps.web.points import MOST
from villeactive.maps.web.prefetch import UNCHANGED, Ahead
from villeactive.maps.web.territory import Territory
from villeactive.ui import trial
from villeactive.ui.own_files import component

_FILE = "sites.json"
_NOW = ""
"""Beside the widgets: the page as it stands."""


def is_worth(atlas: Atlas) -> bool:
    """Tell whether the next clicks are told.

    They are not beyond :data:`~villeactive.maps.web.points.MOST` sites (the answers would weigh
    more than they spare), nor for a collection that is tried: the sites are served as a file, and
    its are nobody else's.
    """
    return len(atlas.sites) <= MOST and not trial.current()


def show_ahead(
    atlas: Atlas,
    told: Mapping[str, Iterable[Sequence[bool]]],
    now: Sequence[bool],
    *,
    layers: Iterable[str] = ("projects",),
    selected: str | None = None,
    territory: Territory | None = None,
    territories: Mapping[str, Iterable[Territory | None]] = types.MappingProxyType({}),
    key: str = "carte",
) -> None:
    """Tell the map of a page what the next click on each widget would show.

    Parameters
    ----------
    atlas
        Its sites are all that the filters may leave; :func:`is_worth` holds.
    told
        Key of a widget (pills, multiselect, radio, button) → for each of its choices, in the
        order of the widget, which sites match once it is clicked.
    now
        Which sites match as the page stands.
    layers, selected, territory, key
        As given to :func:`villeactive.ui.parts.map.show_map`.
    territories
        Key of a widget of ``told`` that changes the territory → where each choice leads.
    """
    _, served = _served(atlas)
    there = {_NOW: (territory,)} | dict(territories)
    chosen = tuple(
        (
            widget,
            tuple(np.asarray(one, dtype=bool).tobytes() for one in choices),
            tuple(there.get(widget, ())),
        )
        for widget, choices in ({_NOW: (now,)} | dict(told)).items()
    )
    answers = dict(_answers(atlas, chosen, tuple(layers), selected))
    (as_is,) = answers.pop(_NOW)
    data = {"answers": answers, "now": as_is, "selected": selected, "map": key, "sites": served}
    component("villeactive_suite", "told.js")(data=data, key=f"{key}-ahead")


@kept_with_first()
def _served(atlas: Atlas) -> tuple[Ahead, str]:
    """Serve the sites under a name of their own; give their address for the frame of the map.

    Once is enough: this runs within a run of a page only (``ui/parts/map.py``).
    """
    every = Ahead(atlas.sites, atlas.taxonomy)
    text = every.file()
    name = f"sites-{sha256(text.encode()).hexdigest()[:12]}"
    components.declare_component(name, path=str(in_own_folder({_FILE: text})))
    return every, f"../{__name__}.{name}/{_FILE}"


@kept_with_first(512)
def _answers(
    atlas: Atlas,
    told: tuple[tuple[str, tuple[bytes, ...], tuple[Territory | None, ...]], ...],
    layers: tuple[str, ...],
    selected: str | None,
) -> dict[str, list]:
    """Write the answers once for all who ask them; a byte stands for a site."""
    every, _ = _served(atlas)
    return {
        widget: [
            every.answer(np.frombuffer(matches, dtype=bool), layers, selected, territory=territory)
            for matches, territory in zip_longest(choices, there, fillvalue=UNCHANGED)
        ]
        for widget, choices, there in told
    }
