"""The filters of several values, one row each: what they are called, take and act on.

A new one is a row here and a field of :class:`villeactive.selection.Selection`; the address, the
command line, the sidebar, the chips and the counts follow.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Literal

from villeactive.atlas import Atlas

Values = Callable[[Atlas], Mapping[str, str]]


@dataclass(frozen=True)
class Filter:
    """A filter of several values: any of them will do.

    Attributes
    ----------
    key
        Field of the selection, key of the address, option of the command line.
    label, title, every
        In a message, over the widget, and in its empty list (« Toutes »).
    help
        Of the option of the command line.
    values
        Code → French name, in display order.
    column
        Column of communes, and of ``atlas.sites``, that holds its codes; None where ``projects``
        tells.
    members
        Column of ``atlas.sites`` that holds all its codes, where a site may have several.
    projects
        Code → ids of the projects that it keeps.
    place
        Whether it is of the place: then it narrows the towns too.
    territory
        Whether its values are territories, which hold the map.
    widget
        ``pills`` for a short list, which stays whole; ``list`` for a long one.
    folded
        Whether it stands in the folded part of the sidebar.
    foreseen
        Whether the map is told what each choice would leave.
    """

    key: str
    label: str
    help: str
    values: Values
    title: str = ""
    every: str = "Tous"
    column: str | None = None
    members: str | None = None
    projects: Callable[[Atlas], Mapping[str, Set[str]]] | None = None
    place: bool = False
    territory: bool = False
    widget: Literal["pills", "list"] = "list"
    folded: bool = False
    foreseen: bool = True

    @property
    def of_sites(self) -> str | None:
        """Column of ``atlas.sites`` that holds its codes; None where ``projects`` tells."""
        return self.members or self.column

    def offered(self, atlas: Atlas) -> bool:
        """Tell whether it is worth showing: a lone collection is no choice."""
        return self.key != "collection" or len(atlas.collections) > 1


def _listed(name: str) -> Values:
    """Give the labels of a list of codes of the atlas."""
    return lambda atlas: {code: term.label for code, term in atlas.terms(name).items()}


FILTERS = (
    Filter(
        "collection", "Collection", "collection : identifiant ou titre",
        lambda atlas: {name: str(one.title) for name, one in atlas.collections.items()},
        every="Toutes", column="collection",
    ),
    Filter(
        "region", "Région", "région : code ou nom", lambda atlas: atlas.regions,
        every="Toutes", column="region", members="regions", place=True, territory=True,
    ),
    Filter(
        "departement", "Département", "département : numéro ou nom",
        lambda atlas: atlas.departements,
        column="departement", members="departements", place=True, territory=True, folded=True,
    ),
    Filter(
        "epci", "Intercommunalité", "intercommunalité : SIREN ou nom", lambda atlas: atlas.epci,
        every="Toutes", column="epci", members="epcis", place=True, territory=True, folded=True,
    ),
    Filter(
        "programme", "Programme", "programme : code ou nom",
        _listed("programmes"),
        title="Programme de la commune", column="programmes", place=True, widget="pills",
    ),
    Filter(
        "theme", "Thème", "thème : code ou nom", _listed("themes"),
        column="theme", widget="pills",
    ),
    Filter("topic", "Sujet", "sujet : code ou nom", _listed("topics"), column="topic"),
    Filter(
        "kind", "Type de fiche", "projet, outil, initiative ou mention", _listed("kinds"),
        column="kind", widget="pills", folded=True,
        foreseen=False,  # a kind may bring a layer with it
    ),
    Filter(
        "actor", "Acteur", "organisation : identifiant ou nom",
        lambda atlas: {key: one.name for key, one in atlas.organisations.items()},
        projects=lambda atlas: atlas.acts, folded=True,
        foreseen=False,  # no site names its actors
    ),
)  # fmt: skip
"""Every filter of several values, in the order of the address and of the sidebar."""

BY_KEY = {one.key: one for one in FILTERS}
LISTS = tuple(BY_KEY)
TERRITORIES = tuple(one.key for one in FILTERS if one.territory)
"""Lists that are territories: they hold towns, whatever projects stand there."""
