"""What the next clicks on the filters would show, sent with the page: the map answers at once.

Streamlit draws a whole page before its map hears of a filter. Each answer is the server's own,
told one click ahead (``facets``, ``maps.web.prefetch``); ``assets/ahead.js`` hears the click
and hands the answer to the map. A click that it does not know waits for the server.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from villeactive.atlas import Atlas
from villeactive.kept_with import kept_with_first
from villeactive.maps.web.points import MOST
from villeactive.maps.web.prefetch import UNCHANGED, Ahead
from villeactive.selection import Selection
from villeactive.ui import shell, trial
from villeactive.ui.own_files import component, serve

_FILE = "sites.json"


def is_worth(atlas: Atlas) -> bool:
    """Tell whether the next clicks are told.

    They are not beyond :data:`~villeactive.maps.web.points.MOST` sites (the answers would weigh
    more than they spare), nor for a collection that is tried: the sites are served as a file, and
    its are nobody else's.
    """
    return len(atlas.sites) <= MOST and not trial.current()


def show_ahead(
    selection: Selection,
    atlas: Atlas,
    offered: Mapping[str, Iterable[tuple[str, str | None]]],
    *,
    key: str = "carte",
) -> None:
    """Tell the map of a page what the next click on each widget would show.

    Parameters
    ----------
    selection
        What is asked.
    atlas
        Its sites are all that the filters may leave; :func:`is_worth` holds.
    offered
        Key of a widget (pills, multiselect, radio, button) → its choices in order, as
        :meth:`villeactive.facets.Choices.ahead` takes them.
    key
        As given to :func:`villeactive.ui.parts.map.show_map`.
    """
    choices = tuple((widget, tuple(some)) for widget, some in offered.items())
    layers = selection.shown_layers(atlas)
    data = _told(atlas, selection.filters, choices, layers, selection.projet, key)
    component("villeactive_suite", "told.js")(data=data, key=f"{key}-ahead")


@kept_with_first()
def _served(atlas: Atlas) -> tuple[Ahead, str]:
    """Serve the sites under a name of their own; give their address for the frame of the map.

    Once is enough: this runs within a run of a page only (``own_files.serve_folder``).
    """
    every = Ahead(atlas.sites, atlas.taxonomy)
    return every, serve("sites", {_FILE: every.file()}) + _FILE


@kept_with_first(512)
def _told(
    atlas: Atlas,
    filters: Selection,
    offered: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...],
    layers: tuple[str, ...],
    selected: str | None,
    key: str,
) -> bytes:
    """Write the answers once for all who ask them, as bytes: a text would be written anew."""
    every, served = _served(atlas)
    choices = shell.choices(filters, atlas)
    lands = shell.territories(choices, dict(offered), atlas)
    answers = {
        widget: [
            every.answer(matches, layers, selected, territory=land)
            for matches, land in zip_longest(
                choices.ahead(some), lands.get(widget, ()), fillvalue=UNCHANGED
            )
        ]
        for widget, some in offered
    }
    now = every.answer(choices.now, layers, selected, territory=shell.territory(filters, atlas))
    told = {"answers": answers, "now": now, "selected": selected, "map": key, "sites": served}
    return json.dumps(told, separators=(",", ":")).encode()
