"""The one composition: sheets and geography joined into the frames that everything else uses."""

from collections.abc import Collection as Codes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from villeactive.collections.collection import (
    NO_THEME,
    Collection,
    Kind,
    Taxonomy,
    Theme,
    taxonomy,
)
from villeactive.collections.folder import Folder
from villeactive.collections.own_columns import OwnColumn, own_columns
from villeactive.collections.project import Organisation, Project
from villeactive.collections.publication import Publication
from villeactive.collections.sheets import Plain, Sheets, organisations_in, together
from villeactive.collections.stores import folders, read_once, read_with
from villeactive.frames import (
    communes_frame,
    known_codes,
    labelled_towns,
    projects_frame,
    rows_of,
    sites_frame,
)
from villeactive.geography import referential
from villeactive.programmes import full_names, known_programmes
from villeactive.store.database import store
from villeactive.text import fold_all
from villeactive.vocabulary import Term, terms, vocabulary


@dataclass(frozen=True)
class Atlas:
    """Everything the pages, the maps and the terminal read; never mutated.

    Attributes
    ----------
    collections
        id → collection, in display order.
    publications
        id of a collection → what its book says beside its projects.
    taxonomy
        Themes and kinds of the projects.
    sheets
        id → sheet, by collection, in the order of its pages; one of a table is built when it is
        opened: what is asked of all is asked of ``sheets.plain()``, or of the frames.
    organisations
        id → organisation.
    projects, sites
        GeoDataFrames, one row per sheet and per place (columns: ``CONTRIBUTING.md``).
    communes, towns
        GeoDataFrames of all communes, and of those that carry a label; index ``code_insee``.
    carried
        One row per programme, commune and site: ``programme, code_insee, since, phase,
        territory_id, territory_name, site, vintage, producer``.
    unplaced
        Rows of the programme lists whose commune is outside the atlas (COM), same columns.
    regions, departements
        code → name, in INSEE order.
    epci
        SIREN → name of the 1 255 EPCI, in the order of names.
    departement_region
        département code → région code.
    """

    collections: dict[str, Collection]
    publications: dict[str, Publication]
    taxonomy: Taxonomy
    sheets: Sheets
    organisations: dict[str, Organisation]
    projects: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    communes: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    carried: pd.DataFrame
    unplaced: pd.DataFrame
    regions: dict[str, str]
    departements: dict[str, str]
    departement_region: dict[str, str]
    epci: dict[str, str]

    @property
    def themes(self) -> Mapping[str, Theme]:
        """Themes by code, in display order; :data:`NO_THEME` last where a project has none."""
        return self.taxonomy.themes

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kinds by code, in display order."""
        return self.taxonomy.kinds

    def only(self, collections: Codes[str]) -> "Atlas":
        """Restrict the atlas to some collections; geography and programmes are shared."""
        projects = self.projects[self.projects["collection"].isin(collections)]
        sheets = self.sheets.only(projects.index)
        known = {k: one for k, one in self.collections.items() if k in collections}
        named = {name for one in known.values() for name in one.publishers}
        named |= set(self.named.loc[self.named["project"].isin(projects.index), "organisation"])
        named |= {name for k in known if k in self.publications
                  for name in self.publications[k].organisation_ids()}  # fmt: skip
        held = self.taxonomy.theme_list
        own = {theme.code for one in known.values() for theme in one.themes}
        own |= set(projects["theme"])
        kept = Taxonomy(tuple(t for t in held if t.code in own), self.taxonomy.kind_list)
        return replace(
            self,
            collections=known,
            publications={k: one for k, one in self.publications.items() if k in known},
            taxonomy=kept,
            sheets=sheets,
            organisations={k: one for k, one in self.organisations.items() if k in named},
            projects=projects,
            sites=self.sites[self.sites["collection"].isin(known)],
        )

    def terms(self, name: str) -> Mapping[str, Theme | Kind | Term]:
        """Give a list of codes: ``themes`` and ``kinds`` of the atlas, or one that all share."""
        own = {"themes": self.themes, "kinds": self.kinds, "programmes": known_programmes()}
        return own[name] if name in own else terms(name)

    def label(self, name: str, code: str | None) -> str:
        """Give the label of a code; the code itself when no list knows it, empty for None."""
        term = self.terms(name).get(code or "")
        return term.label if term else code or ""

    def counts(self, sheet: Project) -> bool:
        """Tell whether a sheet counts as a project (a mention is counted apart)."""
        return self.kinds[sheet.kind].counted

    def collection_of(self, sheet: Project) -> Collection:
        """Give the collection of a sheet."""
        return self.collections[sheet.collection]

    @cached_property
    def site_rows(self) -> np.ndarray:
        """Give, for each row of ``sites``, the position of its sheet in ``projects``."""
        at = {name: row for row, name in enumerate(self.projects.index.tolist())}
        return np.array([at[name] for name in self.sites["project"].tolist()], dtype=np.intp)

    @cached_property
    def haystack(self) -> dict[str, str]:
        """Give the folded text of each sheet, in which words are sought; made when first asked."""
        places = _named_places(self.sites)
        told = {one["id"]: _haystack(one, places[one["id"]], self) for one in self.sheets.plain()}
        return dict(zip(told, fold_all(told.values()), strict=True))

    @cached_property
    def own_columns(self) -> dict[str, OwnColumn]:
        """Give the columns of the tables that its collections were made of, by slug."""
        return own_columns(self.sheets.plain(), self.collections)

    @cached_property
    def named(self) -> pd.DataFrame:
        """Tell which organisations each sheet names.

        One row per organisation, role and sheet: ``organisation, role, project``, in the order of
        the sheets; the role is empty for one that a sheet only quotes.
        """
        rows = [
            (name, role, one["id"])
            for one in self.sheets.plain()
            for name, role in organisations_in(one)
        ]
        return pd.DataFrame(rows, columns=["organisation", "role", "project"], dtype=object)

    @cached_property
    def priced(self) -> dict[str, Project]:
        """The sheets that have a budget, line by line, by id."""
        return {name: self.sheets[name] for name in self.projects.index[self.projects["budget"]]}

    @cached_property
    def acts(self) -> dict[str, frozenset[str]]:
        """Tell which sheets each organisation, or one below it, funds, carries or serves.

        An organisation that is only quoted has none.
        """
        own: dict[str, set[str]] = {name: set() for name in self.organisations}
        for name, role, project in self.named.itertuples(index=False):
            if role:
                own[name].add(project)
        return {
            name: frozenset().union(*(own[member] for member in self.family(name))) for name in own
        }

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """Give the organisations right below each that has some."""
        found: dict[str, list[str]] = {}
        for one in self.organisations.values():
            if one.parent:
                found.setdefault(one.parent, []).append(one.id)
        return found

    def family(self, organisation: str) -> set[str]:
        """Give an organisation and all those below it (the Cnam and its regional centre)."""
        found, new = set(), {organisation}
        while new:
            found |= new
            new = {below for one in new for below in self._below.get(one, ())} - found
        return found

    @cached_property
    def _carried_rows(self) -> dict[str, np.ndarray]:
        """Give the positions in ``carried`` of what each commune carries, programmes in order."""
        ranks = {code: rank for rank, code in enumerate(known_programmes())}
        places, codes = pd.factorize(self.carried["code_insee"])
        order = np.lexsort((self.carried["programme"].map(ranks).to_numpy(), places))
        parts = np.split(order, np.flatnonzero(np.diff(places[order])) + 1)
        return dict(zip(codes.tolist(), parts, strict=True))

    def labels_of(self, code_insee: str) -> pd.DataFrame:
        """Give what a commune carries: rows of ``carried``, programmes in their order."""
        return self.carried.iloc[self._carried_rows.get(code_insee, [])]

    @cached_property
    def _carried_columns(self) -> dict[str, np.ndarray]:
        return {name: self.carried[name].to_numpy() for name in ("programme", "since", "phase")}

    def dates_of(self, code_insee: str) -> dict[str, np.ndarray]:
        """Give what :meth:`labels_of` does, of three columns alone: for thousands of communes."""
        rows = self._carried_rows.get(code_insee, [])
        return {name: values[rows] for name, values in self._carried_columns.items()}


_WORDS = {"fr", "name", "street", "topic_cited", "unit", "email", "phone", "url", "tax"}
"""Fields of a sheet that hold words; the other strings are codes, which nobody searches."""


def _texts(value: dict | list, found: list[str]) -> None:
    """Add the words inside what a sheet says: texts, names, addresses, not codes."""
    for key, inner in value.items() if isinstance(value, dict) else ((None, one) for one in value):
        if isinstance(inner, str):
            if key in _WORDS:
                found.append(inner)
        elif isinstance(inner, dict | list):
            _texts(inner, found)


_PLACE = ("town", "departement_name", "region_name", "epci_name")


def _named_places(sites: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Name the places of each sheet: towns, then départements, régions and EPCI."""
    named: dict[str, list[str]] = {}
    for column in _PLACE:
        rows = zip(sites["project"], sites[column], strict=True)
        for project, name in rows:
            if isinstance(name, str):
                named.setdefault(project, []).append(name)
    return named


def _haystack(one: Plain, places: list[str], atlas: Atlas) -> str:
    """Give all that a reader could search in a sheet: its texts, places and organisations."""
    words: list[str] = []
    _texts(one, words)
    for name in dict.fromkeys(name for name, _ in organisations_in(one)):
        words += [atlas.organisations[name].name, atlas.organisations[name].short or ""]
    words += places
    for value in one.get("fields", {}).values():
        words += [value] if isinstance(value, str) else value
    words.append(atlas.themes[one.get("theme", NO_THEME)].label)
    words += [terms("topics")[one["topic"]].label] if "topic" in one else []
    words += full_names(one.get("programmes_cited", ()))
    words += [terms("labels")[code].label for code in one.get("labels", ())]
    return " ".join(words)


def compose(read: Sequence[Folder]) -> Atlas:
    """Join collections to the geography.

    Parameters
    ----------
    read
        As :func:`villeactive.collections.stores.read_folders` gives them.

    Raises
    ------
    SheetError
        A place has a code that the COG does not know; all of them are named.
    DataFileError
        A table of ``geodata/`` is missing or damaged.
    """
    ground = _geography()
    return Atlas(
        **_of_projects(
            {folder.collection.id: folder.collection for folder in read},
            together(folder.sheets for folder in read),
            ground["communes"],
        ),
        publications={
            folder.collection.id: folder.publication for folder in read if folder.publication
        },
        organisations=_organisations(read),
        **ground,
    )


@cache
def _geography() -> dict[str, Any]:
    """Give what an atlas holds that no collection changes, by field; made once per process."""
    listed = referential.read_programmes()
    communes = communes_frame(listed)
    placed = known_codes(listed["code_insee"], communes)
    departements = referential.read_departements()
    return {
        "communes": communes,
        "towns": labelled_towns(communes),
        "carried": listed[placed],
        "unplaced": listed[~placed],
        "regions": referential.read_regions()["name"].to_dict(),
        "departements": departements["name"].to_dict(),
        "departement_region": departements["region"].to_dict(),
        "epci": _epci(communes),
    }


def beside(atlas: Atlas, folder: Folder) -> Atlas:
    """Return an atlas with one more collection; geography and programmes are the same objects.

    Parameters
    ----------
    folder
        Read beside the collections of the atlas
        (:func:`villeactive.collections.stores.read_with`); it has no publication.
    """
    return replace(
        atlas,
        **_of_projects(
            {**atlas.collections, folder.collection.id: folder.collection},
            together([atlas.sheets, folder.sheets]),
            atlas.communes,
        ),
        organisations={**folder.organisations, **atlas.organisations},
    )


def _of_projects(
    collections: Mapping[str, Collection], sheets: Sheets, communes: gpd.GeoDataFrame
) -> dict[str, Any]:
    """Give what an atlas holds of its projects, by field."""
    rows = rows_of(sheets.plain(), {name: one.size for name, one in collections.items()})
    known = taxonomy(
        [*collections.values()],
        without_theme=any(row["theme"] == NO_THEME for row in rows.places),
    )
    sites = sites_frame(rows.places, communes, known.kinds)
    return {
        "collections": collections,
        "taxonomy": known,
        "sheets": sheets,
        "sites": sites,
        "projects": projects_frame(rows.projects, sites),
    }


def _organisations(read: Sequence[Folder]) -> dict[str, Organisation]:
    """Put the organisations of collections together: who names one first says what it is."""
    found: dict[str, Organisation] = {}
    for folder in read:
        for name, one in folder.organisations.items():
            found.setdefault(name, one)
    return found


def _epci(communes: gpd.GeoDataFrame) -> dict[str, str]:
    """Name the EPCI that hold communes, in the order of their names."""
    known = communes[["epci", "epci_name"]].dropna().drop_duplicates("epci")
    return dict(known.sort_values(["epci_name", "epci"]).itertuples(index=False, name=None))


def read_atlas(paths: Sequence[Path] | None = None, *, within: float = 0.0) -> Atlas:
    """Read collections and compose their atlas; the same ones are read once per process.

    Parameters
    ----------
    paths
        Folders, each one collection. By default the shipped ones, those of
        ``VILLEACTIVE_COLLECTIONS``, and what is kept in the store.
    within
        For so many seconds after a look at the store, what other programs keep may not be there.

    Raises
    ------
    SheetError, DataFileError
        The data is damaged; every fault is named.
    StoreError
        The store cannot be read.
    """
    if paths is None:
        return _read(tuple(folders()), store().recent(within=within))
    return _read(tuple(paths), "")


@lru_cache(maxsize=4)
def _read(paths: tuple[Path, ...], revision: str) -> Atlas:
    # what is made of an atlas is kept with it: one is worth many
    vocabulary()  # first: a list that it lacks would be a fault of every line of all other files
    read = read_once(paths)
    if revision:
        read = read_with(read, store().values())
    return compose(read)
