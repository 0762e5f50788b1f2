"""What the address of the workshop asks of a map, beside the selection.

Keys ``layout, extent, drawn, labels, style, title``; none of them is a key of a selection.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from villeactive.atlas import Atlas
from villeactive.errors import UnknownValueError
from villeactive.maps.scene.extent import parse_extent
from villeactive.maps.scene.layout import LAYOUTS
from villeactive.maps.scene.map_content import known_layers
from villeactive.maps.scene.spec import LABELS, STYLES
from villeactive.programmes import first_town_layers
from villeactive.selection import lost
from villeactive.text import typed

TITLE = 90
"""Most characters of a title."""

KEYS = ("layout", "extent", "drawn", "labels", "style", "title")
_FRENCH = {
    "layout": "Format",
    "extent": "Territoire",
    "drawn": "Couche",
    "labels": "Étiquettes",
    "style": "Style",
}
_KNOWN = {"layout": tuple(LAYOUTS), "labels": LABELS, "style": STYLES}


@dataclass(frozen=True)
class AskedMap:
    """A wish for a map; what it does not say follows the selection.

    Attributes
    ----------
    layout, labels, style
        As in :class:`villeactive.maps.scene.spec.MapSpec`.
    extent
        ``france``, ``region:53``…; None frames the one territory of the selection, else France.
    drawn
        Layers of a drawn map; None draws those of the page of the map.
    title
        Of the map; written from the selection when empty.
    """

    layout: str = "slide"
    extent: str | None = None
    drawn: tuple[str, ...] | None = None
    labels: str = "towns"
    style: str = "light"
    title: str = ""

    def to_query(self) -> dict[str, str | None]:
        """Write each key of the address, None for what goes without saying.

        The format is always written: an address that has it is whole, and nothing that the
        reader's browser remembers changes the map that was sent.
        """
        drawn = None if self.drawn is None else ",".join(self.drawn) or "none"
        return {
            "layout": self.layout,
            "extent": self.extent,
            "drawn": drawn,
            "labels": self.labels if self.labels != AskedMap.labels else None,
            "style": self.style if self.style != AskedMap.style else None,
            "title": self.title or None,
        }


def for_a_meeting() -> dict[str, Any]:
    """Give what « Pour une réunion » asks: few names, read from the back of a room."""
    return {
        "layout": "meeting",
        "drawn": ("projects", *first_town_layers()[:1]),
        "labels": "towns",
    }


def from_query(query: Mapping[str, str], atlas: Atlas) -> tuple[AskedMap, list[str]]:
    """Read what an address asks of a map, as :func:`villeactive.selection.from_query` does."""
    values: dict[str, Any] = {}
    dropped: list[str] = []
    for name, known in _KNOWN.items():
        if query.get(name) in known:
            values[name] = query[name]
        elif query.get(name):
            dropped.append(_gone(name, query[name]))
    if extent := query.get("extent"):
        try:
            parse_extent(extent)
            values["extent"] = extent
        except UnknownValueError:
            dropped.append(_gone("extent", extent))
    if drawn := query.get("drawn"):
        codes = [] if drawn == "none" else list(dict.fromkeys(drawn.split(",")))
        known = known_layers(atlas)
        dropped += [_gone("drawn", code) for code in codes if code not in known]
        values["drawn"] = tuple(code for code in known if code in codes)
    values["title"] = typed(query.get("title", ""))[:TITLE].rstrip()
    return AskedMap(**values), dropped


def _gone(name: str, value: str) -> str:
    """Say that a value of the address was dropped."""
    return lost(_FRENCH[name], value, "cette partie de l’adresse est laissée de côté")
