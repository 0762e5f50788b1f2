"""The one composition: sheets and geography joined into the frames that everything else uses."""

from collections.abc import Collection as Codes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import count
from pathlib import Path

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
from villeactive.collections.project import Organisation, Place, Sheet
from villeactive.collections.publication import Publication
from villeactive.collections.stores import folders, read_folders, read_with
from villeactive.errors import SheetError
from villeactive.geography import referential
from villeactive.geography.territories import departements_of, divisions_over
from villeactive.programmes import in_order, known_programmes, labelled
from villeactive.store.database import store
from villeactive.text import fold
from villeactive.vocabulary import Term, terms, vocabulary

CRS = "EPSG:4326"
_REVISIONS = count(1)


@dataclass(frozen=True)
class Atlas:
    """Everything the pages, the maps and the terminal read; never mutated.

    Attributes
    ----------
    revision
        Differs from one atlas composed to the next: what is kept of one is kept under it.
    collections
        id → collection, in display order.
    publications
        id of a collection → what its book says beside its projects.
    taxonomy
        Themes and kinds of the projects.
    sheets
        id → sheet, by collection, in the order of its pages.
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

    revision: str
    collections: dict[str, Collection]
    publications: dict[str, Publication]
    taxonomy: Taxonomy
    sheets: dict[str, Sheet]
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
        sheets = {k: sheet for k, sheet in self.sheets.items() if sheet.collection in collections}
        known = {k: one for k, one in self.collections.items() if k in collections}
        named = {name for one in known.values() for name in one.publishers}
        named |= {name for sheet in sheets.values() for name in sheet.organisation_ids()}
        named |= {name for k in known if k in self.publications
                  for name in self.publications[k].organisation_ids()}  # fmt: skip
        held = self.taxonomy.theme_list
        own = {theme.code for one in known.values() for theme in one.themes}
        own |= {sheet.theme for sheet in sheets.values()}
        kept = Taxonomy(tuple(t for t in held if t.code in own), self.taxonomy.kind_list)
        return replace(
            self,
            revision=f"{self.revision}:{','.join(known)}",
            collections=known,
            publications={k: one for k, one in self.publications.items() if k in known},
            taxonomy=kept,
            sheets=sheets,
            organisations={k: one for k, one in self.organisations.items() if k in named},
            projects=self.projects[self.projects["collection"].isin(known)],
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

    def counts(self, sheet: Sheet) -> bool:
        """Tell whether a sheet counts as a project (a mention is counted apart)."""
        return self.kinds[sheet.kind].counted

    def collection_of(self, sheet: Sheet) -> Collection:
        """Give the collection of a sheet."""
        return self.collections[sheet.collection]

    @cached_property
    def haystack(self) -> dict[str, str]:
        """Give the folded text of each sheet, in which words are sought; made when first asked."""
        places = _named_places(self.sites)
        return {key: _haystack(s, places[key], self) for key, s in self.sheets.items()}

    @cached_property
    def acts(self) -> dict[str, frozenset[str]]:
        """Tell which sheets each organisation, or one below it, funds, carries or serves.

        An organisation that is only quoted has none.
        """
        own: dict[str, set[str]] = {name: set() for name in self.organisations}
        for key, sheet in self.sheets.items():
            named = [actor.organisation for _, actor in sheet.actors()]
            for name in filter(None, [*named, *(line.payer for line in sheet.budget)]):
                own[name].add(key)
        return {
            name: frozenset().union(*(own[member] for member in self.family(name))) for name in own
        }

    def family(self, organisation: str) -> set[str]:
        """Give an organisation and all those below it (the Cnam and its regional centre)."""
        found = {organisation}
        while True:
            more = {o.id for o in self.organisations.values() if o.parent in found} - found
            if not more:
                return found
            found |= more

    def labels_of(self, code_insee: str) -> pd.DataFrame:
        """Give what a commune carries: rows of ``carried``, programmes in their order."""
        rows = self.carried[self.carried["code_insee"] == code_insee]
        order = {code: rank for rank, code in enumerate(known_programmes())}
        return rows.sort_values("programme", key=lambda codes: codes.map(order), kind="stable")


def _communes(carried: pd.DataFrame) -> gpd.GeoDataFrame:
    """Join communes and what they carry; points in EPSG:4326."""
    communes = referential.read_communes()
    labels: dict[str, list[str]] = {}
    for code, programme in zip(carried["code_insee"], carried["programme"], strict=True):
        labels.setdefault(code, []).append(programme)
    # thousands of communes carry the same few lists
    ordered_once = cache(in_order)
    ordered = {code: ordered_once(tuple(found)) for code, found in labels.items()}
    communes = communes.assign(
        programmes=[ordered.get(code, ()) for code in communes.index.tolist()]
    )
    points = gpd.points_from_xy(communes["lon"], communes["lat"], crs=CRS)
    return gpd.GeoDataFrame(communes, geometry=points)


def _labelled(communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the communes that carry a label of their own, not one of their grouping."""
    labels = set(labelled())
    return communes[[not labels.isdisjoint(carried) for carried in communes["programmes"]]]


def _known(codes: pd.Series, communes: pd.DataFrame) -> np.ndarray:
    """Tell which codes are those of communes; ``isin`` would read all communes one by one."""
    return communes.index.get_indexer(codes) >= 0


_OWN_COLUMNS = [
    "project", "collection", "rank", "title", "kind", "counted", "theme", "topic", "role", "site",
    "scale", "code_insee", "siren", "lon", "lat",
]  # fmt: skip

UNLOCATED = "non localisé"
"""What stands for the town of a project that has no place."""

_NOWHERE = Place.model_construct(
    role="principal", site=None, scale=None, code_insee=None, siren=None, lon=None, lat=None
)
"""The place of a sheet that has none: it is listed and counted, never drawn."""


def _site_row(sheet: Sheet, rank: int, place: Place, kinds: Mapping[str, Kind]) -> dict:
    """Describe one place of a sheet, before geography is joined."""
    return {
        "project": sheet.id,
        "collection": sheet.collection,
        "rank": rank,
        "title": sheet.title.fr,
        "kind": sheet.kind,
        "counted": kinds[sheet.kind].counted,
        "theme": sheet.theme,
        "topic": sheet.topic,
        "role": place.role,
        "site": place.site.fr if place.site else None,
        "scale": place.scale,
        "code_insee": place.code_insee,
        "siren": place.siren if place.scale == "epci" else None,
        "lon": place.lon,
        "lat": place.lat,
    }


def _members(sites: pd.DataFrame) -> dict[str, list[tuple[str, ...]]]:
    """Give the EPCI, départements and régions that each site is in, or holds: a filter takes all.

    What is wider than an EPCI is in none, although its symbol stands in the commune of one.
    """
    found: dict[str, list[tuple[str, ...]]] = {name: [] for name in _MEMBERS}
    rows = zip(*(sites[c] for c in ("scale", "siren", *_WITHIN)), strict=True)
    for scale, siren, *codes in rows:
        epcis, departements, regions = ((c,) if isinstance(c, str) else () for c in codes)
        if scale == "epci" and isinstance(siren, str):
            epcis, (departements, regions) = (siren,), divisions_over(siren)
        elif scale in ("departement", "region"):
            epcis = ()
            departements = departements_of(regions[0]) if scale == "region" else departements
        for name, held in zip(found, (epcis, departements, regions), strict=True):
            found[name].append(held)
    return found


_WITHIN = ("epci", "departement", "region")
_MEMBERS = ("epcis", "departements", "regions")


def _sites(
    sheets: dict[str, Sheet], communes: gpd.GeoDataFrame, kinds: Mapping[str, Kind]
) -> gpd.GeoDataFrame:
    """Make one row per place, and one without geometry for a sheet that has none.

    A code that the COG does not know is a fault of the sheet.
    """
    rows = [
        _site_row(sheet, rank, place, kinds)
        for sheet in sheets.values()
        for rank, place in enumerate(sheet.places or [_NOWHERE])
    ]
    table = pd.DataFrame(rows, columns=_OWN_COLUMNS)
    for column in ("site", "topic", "scale", "code_insee", "siren"):
        table[column] = table[column].astype(object).where(table[column].notna(), None)
    table["counted"] = table["counted"].astype(bool)
    unknown = table[table["scale"].notna() & ~_known(table["code_insee"], communes)]
    if len(unknown):
        raise SheetError(
            [
                f"{sheets[row.project].file} : places.{row.rank}.code_insee : {row.code_insee} "
                "n’est pas une commune du COG 2026 (métropole et DROM)"
                for row in unknown.itertuples()
            ]
        )
    geography = communes[
        [
            "name",
            "departement",
            "departement_name",
            "region",
            "region_name",
            "epci",
            "epci_name",
            "population",
            "programmes",
            "geometry",
        ]
    ].rename(columns={"name": "town"})
    joined = table.join(geography, on="code_insee", validate="many_to_one")
    joined["programmes"] = [c if isinstance(c, tuple) else () for c in joined["programmes"]]
    joined = joined.fillna({"town": UNLOCATED, "departement_name": "", "region_name": ""})
    joined = joined.assign(**_members(joined))
    # mentions come last, so that a project keeps its town when they are not drawn
    ordered = joined.sort_values("counted", ascending=False, kind="stable")
    joined["slot"] = ordered.groupby("code_insee", dropna=False).cumcount()
    sites = gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS)
    given = sites["lon"].notna()
    if given.any():
        points = gpd.points_from_xy(sites.loc[given, "lon"], sites.loc[given, "lat"], crs=CRS)
        sites.loc[given, "geometry"] = points
    return sites.drop(columns=["siren", "lon", "lat"])


def amount_eur(sheet: Sheet) -> float | None:
    """Sum the investment lines of a sheet, in euros; None when the book prints none.

    Lines that are part of another one, yearly lines and running costs are left out: they
    cannot be added to an investment.
    """
    lines = [
        line.amount_eur
        for line in sheet.budget
        if not line.part_of and line.nature == "investment" and not line.per
    ]
    return sum(lines) if lines else None


def _projects(
    sheets: dict[str, Sheet], sites: gpd.GeoDataFrame, sizes: Mapping[str, str | None]
) -> gpd.GeoDataFrame:
    """Make one row per sheet, placed at its principal site.

    ``sizes``: the amount of the fields that counts, by collection.
    """
    amounts = [
        amount_eur(s) if s.budget else s.amounts.get(sizes[s.collection] or "")
        for s in sheets.values()
    ]
    first = sites[sites["rank"] == 0].set_index("project")
    counts = sites[sites["scale"].notna()].groupby("project").size()
    table = pd.DataFrame(
        {
            "id": list(sheets),
            "summary": [sheet.summary.fr if sheet.summary else "" for sheet in sheets.values()],
            "page": [min(sheet.reference.pages, default=0) for sheet in sheets.values()],
            "amount_eur": pd.Series(amounts, dtype="float64"),
            "amount_known": [bool(s.budget or s.amounts) for s in sheets.values()],
        }
    ).set_index("id")
    placed = first.drop(columns=["rank", "role", "site", "scale", "slot", *_MEMBERS])
    joined = placed.join(table, validate="one_to_one").loc[list(sheets)]
    joined.insert(0, "n_sites", counts.reindex(joined.index, fill_value=0))
    joined.index.name = "id"
    return joined


_WORDS = {"fr", "name", "street", "topic_cited", "unit", "email", "phone", "url", "tax"}
"""Fields of a sheet that hold words; the other strings are codes, which nobody searches."""


def _texts(value: object) -> Iterable[str]:
    """Give the words inside a dumped sheet: texts, names, addresses, not codes."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in _WORDS:
                yield inner
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


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


def _haystack(sheet: Sheet, places: list[str], atlas: Atlas) -> str:
    """Fold all that a reader could search in a sheet: its texts, places and organisations."""
    names = atlas.organisations
    words = list(_texts(sheet.model_dump()))
    words += [names[name].name for name in sheet.organisation_ids()]
    words += [names[name].short or "" for name in sheet.organisation_ids()]
    words += places
    words.append(atlas.themes[sheet.theme].label)
    words += [terms("topics")[sheet.topic].label] if sheet.topic else []
    words += [known_programmes()[code].label for code in sheet.programmes_cited]
    words += [terms("labels")[code].label for code in sheet.labels]
    return fold(" ".join(words))


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
    sheets = {name: sheet for folder in read for name, sheet in folder.sheets.items()}
    known = taxonomy(
        [folder.collection for folder in read],
        without_theme=any(sheet.theme == NO_THEME for sheet in sheets.values()),
    )
    listed = referential.read_programmes()
    communes = _communes(listed)
    placed = _known(listed["code_insee"], communes)
    sites = _sites(sheets, communes, known.kinds)
    departements = referential.read_departements()
    regions = referential.read_regions()
    return Atlas(
        revision=str(next(_REVISIONS)),
        collections={folder.collection.id: folder.collection for folder in read},
        publications={
            folder.collection.id: folder.publication for folder in read if folder.publication
        },
        taxonomy=known,
        sheets=sheets,
        organisations=_organisations(read),
        projects=_projects(sheets, sites, {f.collection.id: f.collection.size for f in read}),
        sites=sites,
        communes=communes,
        towns=_labelled(communes),
        carried=listed[placed],
        unplaced=listed[~placed],
        regions=regions["name"].to_dict(),
        departements=departements["name"].to_dict(),
        departement_region=departements["region"].to_dict(),
        epci=_epci(communes),
    )


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


def read_atlas(paths: Sequence[Path] | None = None) -> Atlas:
    """Read collections and compose their atlas; the same ones are read once per process.

    Parameters
    ----------
    paths
        Folders, each one collection. By default the shipped ones, those of
        ``VILLEACTIVE_COLLECTIONS``, and what is kept in the store.

    Raises
    ------
    SheetError, DataFileError
        The data is damaged; every fault is named.
    StoreError
        The store cannot be read.
    """
    if paths is None:
        return _read(tuple(folders()), store().revision())
    return _read(tuple(paths), "")


@lru_cache(maxsize=4)
def _read(paths: tuple[Path, ...], revision: str) -> Atlas:
    # indexes of names and of search are kept under an atlas: one is worth many
    vocabulary()  # first: a list that it lacks would be a fault of every line of all other files
    read = read_folders(paths)
    if revision:
        read = read_with(read, [kept.values() for kept in store().read_all()])
    return compose(read)
