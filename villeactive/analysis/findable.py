"""What the search can find, one entry each: communes, territories, projects, organisations."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from villeactive.analysis.summary import actors
from villeactive.atlas import Atlas
from villeactive.geography import referential
from villeactive.text import plural
from villeactive.vocabulary import label

_FORMER_KINDS = {
    "deleguee": "commune déléguée",
    "associee": "commune associée",
    "arrondissement": "arrondissement",
    "ancienne": "ancienne commune",
    "ancien_nom": "ancien nom",
}


class Entry(NamedTuple):
    """What can be found: how it shows, what it is found by, what it weighs."""

    kind: str
    id: str
    label: str
    detail: str
    names: tuple[str, ...]
    former: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()
    words: str = ""
    epci: str = ""
    territory: str = ""
    population: int = 0
    n_sheets: int = 0


def communes_of(communes: pd.DataFrame) -> Iterator[Entry]:
    """Describe every commune."""
    names, codes = defaultdict(dict), defaultdict(dict)
    old = referential.read_old_communes()
    columns = (old[column].tolist() for column in ("code", "name", "type", "code_insee"))
    for code, name, kind, current in zip(*columns, strict=True):
        codes[current][code] = None
        if name:
            names[current].setdefault(name, _FORMER_KINDS[kind])
    postcodes = referential.read_postcodes()["postcodes"].to_dict()
    columns = ["name", "departement", "departement_name", "region_name", "epci_name", "population"]
    lists = [communes.index.tolist(), *(communes[c].tolist() for c in columns)]
    for code, name, departement, departement_name, region, epci, population in zip(
        *lists, strict=True
    ):
        yield Entry(
            kind="commune",
            id=code,
            label=name,
            detail=f"{departement_name} ({departement})",
            names=(name,),
            former=tuple(pair for pair in names[code].items() if pair[0] != name),
            codes=(code, *postcodes.get(code, "").split()),
            former_codes=tuple(old for old in codes[code] if old != code),
            epci=epci or "",
            territory=f"{departement} {departement_name} {region}",
            population=population,
        )


def territories_of(communes: pd.DataFrame) -> Iterator[Entry]:
    """Describe every région, département and EPCI; an EPCI gives way to its town: no size."""
    for code, own in communes.groupby("region"):
        name = own["region_name"].iloc[0]
        yield Entry("region", code, name, "région", (name,), population=own["population"].sum())
    for code, own in communes.groupby("departement"):
        name, region = own[["departement_name", "region_name"]].iloc[0]
        where, size = f"département ({code}), {region}", own["population"].sum()
        yield Entry("departement", code, name, where, (name,), codes=(code,), population=size)
    members = communes.groupby("epci")
    size, epci = members.size().to_dict(), members["epci_name"].first().to_dict()
    home = members["departement_name"].agg(lambda names: names.mode().iloc[0]).to_dict()
    for siren, name in epci.items():
        yield Entry(
            kind="epci",
            id=siren,
            label=name,
            detail=f"intercommunalité ({home[siren]}), {plural(size[siren], 'commune')}",
            names=(name,),
            codes=(siren,),
        )


def projects_of(atlas: Atlas) -> Iterator[Entry]:
    """Describe every sheet."""
    for row in atlas.projects.itertuples():
        yield Entry(
            kind="project",
            id=row.Index,
            label=row.title,
            detail=f"{atlas.label('kinds', row.kind)}, {row.town}"
            + (f" ({row.departement})" if row.n_sites else ""),
            names=(row.title, row.Index),
            words=atlas.haystack[row.Index],
            n_sheets=1,
        )


def organisations_of(atlas: Atlas) -> Iterator[Entry]:
    """Describe every organisation of the book."""
    n_sheets = actors(atlas).groupby("organisation")["project"].nunique().to_dict()
    for organisation in atlas.organisations.values():
        yield Entry(
            kind="organisation",
            id=organisation.id,
            label=organisation.name,
            detail=label("organisation_kinds", organisation.kind),
            names=tuple(filter(None, (organisation.name, organisation.short, organisation.id))),
            n_sheets=n_sheets.get(organisation.id, 0),
        )
