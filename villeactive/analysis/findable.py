"""What the search can find, one entry each: communes, territories, projects, organisations."""

from collections import Counter
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
    names: dict[str, dict[str, str]] = {}
    codes: dict[str, dict[str, None]] = {}
    old = referential.read_old_communes()
    columns = (old[column].tolist() for column in ("code", "name", "type", "code_insee"))
    for code, name, kind, current in zip(*columns, strict=True):
        codes.setdefault(current, {})[code] = None
        if name:
            names.setdefault(current, {}).setdefault(name, _FORMER_KINDS[kind])
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
            former=tuple(pair for pair in names[code].items() if pair[0] != name)
            if code in names
            else (),
            codes=(code, *postcodes.get(code, "").split()),
            former_codes=tuple(old for old in codes[code] if old != code) if code in codes else (),
            epci=epci or "",
            territory=f"{departement} {departement_name} {region}",
            population=population,
        )


def territories_of(communes: pd.DataFrame) -> Iterator[Entry]:
    """Describe every région, département and EPCI; an EPCI gives way to its town: no size."""
    regions, departements, epci = {}, {}, {}
    columns = ["region", "region_name", "departement", "departement_name", "population"]
    lists = [communes[c].tolist() for c in (*columns, "epci", "epci_name")]
    for region, region_name, departement, departement_name, people, siren, epci_name in zip(
        *lists, strict=True
    ):
        regions.setdefault(region, [region_name, 0])[1] += people
        departements.setdefault(departement, [departement_name, region_name, 0])[2] += people
        if isinstance(siren, str):
            epci.setdefault(siren, (epci_name, Counter()))[1][departement_name] += 1
    for code, (name, size) in sorted(regions.items()):
        yield Entry("region", code, name, "région", (name,), population=size)
    for code, (name, region, size) in sorted(departements.items()):
        where = f"département ({code}), {region}"
        yield Entry("departement", code, name, where, (name,), codes=(code,), population=size)
    for siren, (name, homes) in sorted(epci.items()):
        home = min(homes, key=lambda one: (-homes[one], one))
        where = f"intercommunalité ({home}), {plural(homes.total(), 'commune')}"
        yield Entry("epci", siren, name, where, (name,), codes=(siren,))


def projects_of(atlas: Atlas) -> Iterator[Entry]:
    """Describe every sheet."""
    lists = (atlas.projects[column].tolist() for column in _OF_PROJECT)
    for name, *told in zip(atlas.sheets, *lists, strict=True):
        yield _project(atlas, name, *told)


def project_of(atlas: Atlas, name: str) -> Entry:
    """Describe one sheet."""
    return _project(atlas, name, *(atlas.projects.loc[name, column] for column in _OF_PROJECT))


_OF_PROJECT = ["title", "kind", "town", "departement", "n_sites"]


def _project(
    atlas: Atlas, name: str, title: str, kind: str, town: str, departement: str, n_sites: int
) -> Entry:
    return Entry(
        kind="project",
        id=name,
        label=title,
        detail=f"{atlas.kinds[kind].label}, {town}" + (f" ({departement})" if n_sites else ""),
        names=(title, name),
        words=atlas.haystack[name],
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
