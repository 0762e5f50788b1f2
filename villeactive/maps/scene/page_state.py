"""A page while it is being composed: ``compose`` fills it step by step."""

from dataclasses import dataclass, field

from villeactive.atlas import Atlas
from villeactive.maps.scene import map_content
from villeactive.maps.scene.extent import Extent
from villeactive.maps.scene.ground import departements_of
from villeactive.maps.scene.layout import Layout
from villeactive.maps.scene.legend import Entry
from villeactive.maps.scene.map_content import Content
from villeactive.maps.scene.print_style import Inks
from villeactive.maps.scene.spec import LAYERS, Box, Item, MapSpec
from villeactive.maps.scene.windows import Window


@dataclass(eq=False)
class Draft:
    """What is drawn so far, and what later steps need to know.

    Attributes
    ----------
    layers
        Layer id → items.
    blocks
        Boxes of the main map that labels keep free.
    entries
        Rows of the legend.
    territories
        Programme code → Territoires d'industrie that are seen.
    key
        Rows of the key: (number, text).
    key_box
        Where the key stands; None while it has no place.
    """

    spec: MapSpec
    extent: Extent
    page: Layout
    ink: Inks
    atlas: Atlas
    content: Content
    windows: list[Window]
    title: str
    subtitle: str
    layers: dict[str, list[Item]] = field(default_factory=lambda: {name: [] for name in LAYERS})
    blocks: list[Box] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    territories: dict[str, set[str]] = field(default_factory=dict)
    key: list[tuple[str, str]] = field(default_factory=list)
    key_box: Box | None = None

    @property
    def named(self) -> frozenset[str]:
        """Programmes whose towns are named; none when they are too many."""
        asked = map_content.named_programmes(self.content, self.spec)
        towns = [s for window in self.windows for s in window.towns if s.role == "town"]
        for tried in (asked, asked & frozenset(self.content.programmes[:1])):
            if sum(not tried.isdisjoint(t.programmes) for t in towns) <= self.page.most_named:
                return tried
        return frozenset()

    @property
    def shown_units(self) -> tuple[frozenset[str] | None, str]:
        """The units that fill the frame (None: all), and their level."""
        if not self.extent.is_territory:
            return None, "departements"
        if self.extent.kind == "epci":
            return frozenset({self.extent.code}), "epci"
        return departements_of(self.extent.kind, self.extent.code), "departements"
