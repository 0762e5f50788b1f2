"""Every check on the shipped data, as a table: what was checked, how many, what is wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from villeactive.analysis.namesakes import misplaced, sites_of
from villeactive.atlas import Atlas, read_atlas
from villeactive.collections.collection import palette
from villeactive.collections.project import Project
from villeactive.errors import VilleActiveError
from villeactive.filtering import distances_km
from villeactive.geography import referential
from villeactive.geography.checksums import made_files, sum_faults
from villeactive.geography.locate import locate
from villeactive.programmes import known_programmes
from villeactive.vocabulary import label, vocabulary

EXPECTED_COMMUNES = 34_875
EXPECTED_OUTLINES = {"regions": 18, "departements": 101}
OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "98")
"""Beginnings of the codes that the atlas leaves out (``geodata/README.md``)."""

NEIGHBOUR_KM = 50
"""How far apart two sheets said to be neighbours may stand."""


@dataclass(frozen=True)
class Check:
    """One line of the table: what, how many things were looked at, the faults found."""

    name: str
    n_checked: int
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def run_checks(read: Callable[[], Atlas] | None = None) -> list[Check]:
    """Check the data.

    Parameters
    ----------
    read
        Gives the atlas to check, or raises its faults; the whole one by default.

    Returns
    -------
    list of Check
        Prints of tables and outlines first, then sheets and organisations: when these are not
        as they should be, every fault of them is given and the checks that read them are left
        out.
    """
    prints = _sums()
    if not prints.passed:
        return [prints]
    try:
        atlas = (read or read_atlas)()
    except VilleActiveError as error:
        faults = tuple(getattr(error, "faults", [str(error)]))
        return [prints, Check("Fiches et tables lisibles", 0, faults)]
    return [
        prints,
        Check("Fiches lisibles", len(atlas.sheets), ()),
        *(_run(check, atlas) for check in _CHECKS),
    ]


def _sums() -> Check:
    """Tables and outlines are those that were made, to the byte."""
    return Check("Tables et contours tels que livrés", len(made_files()), tuple(sum_faults()))


def _run(check: Callable[[Atlas], Check], atlas: Atlas) -> Check:
    """Run one check; a file that cannot be read is a fault, not the end of the others."""
    try:
        return check(atlas)
    except VilleActiveError as error:
        return Check("Fichiers lisibles", 0, (str(error),))


def _count_kinds(atlas: Atlas) -> Check:
    """Each collection holds as many sheets of a kind as it says."""
    faults = []
    for one in atlas.collections.values():
        counts = Counter(s.kind for s in atlas.sheets.values() if s.collection == one.id)
        faults += [
            f"{one.id} : {counts[kind]} fiches « {kind} » au lieu de {expected}"
            for kind, expected in one.holds.items()
            if counts[kind] != expected
        ]
    return Check("Nombre de fiches par type", len(atlas.sheets), tuple(faults))


def _places(atlas: Atlas) -> Check:
    """Each place names its commune: a slip of code would put it in another town."""
    faults = []
    n_places = 0
    for sheet in atlas.sheets.values():
        for place in sheet.places:
            n_places += 1
            commune = atlas.communes.loc[place.code_insee]
            named = locate(place.name or commune["name"], code_insee=place.code_insee)
            if place.scale == "commune" and named.status != "found":
                faults.append(
                    f"{sheet.file} : {place.code_insee} est {commune['name']}, non « {place.name} »"
                )
            if place.siren and place.siren != commune["epci"] and place.scale == "epci":
                faults.append(
                    f"{sheet.file} : {commune['name']} n’est pas dans l’EPCI {place.siren}"
                )
    return Check("Codes des lieux", n_places, tuple(faults))


def _namesakes(atlas: Atlas) -> Check:
    """No site says of itself that it stands in a namesake of its commune, or on another island."""
    sites = sites_of(atlas)
    return Check(
        "Sites et communes de même nom", len(sites), tuple(misplaced(sites, atlas.communes))
    )


def _duplicates(atlas: Atlas) -> Check:
    """No two sheets tell of the same thing: same title there, or same town, theme and topic.

    Without a topic a town may well have several projects of one theme.
    """
    seen: dict[tuple, str] = {}
    faults = []
    for sheet in atlas.sheets.values():
        where = sheet.first.code_insee if sheet.first else None
        keys = [("titre", sheet.title.fr.casefold(), where, str(sheet.fields))]
        if sheet.topic:
            keys.append(("lieu", where, sheet.theme, sheet.topic, sheet.kind))
        for key in keys:
            if key in seen:
                faults.append(f"{sheet.file} et {seen[key]} : même {key[0]}")
            seen[key] = sheet.file
    return Check("Doublons", len(atlas.sheets), tuple(faults))


def _organisations(atlas: Atlas) -> Check:
    """No organisation figures twice."""
    names = [o.name.casefold() for o in atlas.organisations.values()]
    twice = [
        f"organisations.yaml : « {n} » figure deux fois" for n in set(names) if names.count(n) > 1
    ]
    return Check("Organisations", len(names), tuple(twice))


def _relations(atlas: Atlas) -> Check:
    """Sheets said to share a topic, a town or an actor do (families count); neighbours are near."""
    shared: dict[str, Callable[[Project], set[str]]] = {
        "same-topic": lambda sheet: {sheet.topic},
        "same-town": lambda sheet: {place.code_insee for place in sheet.places},
        "same-actor": lambda sheet: set().union(*map(atlas.family, sheet.organisation_ids())),
    }
    faults = []
    n_relations = 0
    for sheet in atlas.sheets.values():
        for related in sheet.related:
            n_relations += 1
            of = shared.get(related.relation)
            other = atlas.sheets[related.id]
            untrue = of is not None and of(sheet).isdisjoint(of(other))
            if untrue or (related.relation == "neighbour" and not _near(sheet, other, atlas)):
                said = label("relations", related.relation)
                faults.append(f"{sheet.file} : related : {related.id} n’a pas le lien « {said} »")
    return Check("Liens entre fiches", n_relations, tuple(faults))


def _near(one: Project, other: Project, atlas: Atlas) -> bool:
    """Tell whether a place of one sheet is within reach of a place of the other."""
    there = atlas.communes.loc[[place.code_insee for place in other.places]]
    here = atlas.communes.loc[[place.code_insee for place in one.places], ["lon", "lat"]]
    return any(
        distances_km(there, lon=lon, lat=lat).min() <= NEIGHBOUR_KM
        for lon, lat in here.to_numpy().tolist()
    )


def _vocabulary(_atlas: Atlas) -> Check:
    """Every closed list holds something; the signs of themes can be read."""
    palette()
    faults = [
        f"vocabulary.yaml : liste « {name} » vide"
        for name, value in vocabulary().items()
        if not value
    ]
    return Check("Listes fermées", len(vocabulary()), tuple(faults))


def _communes(atlas: Atlas) -> Check:
    """Hold the whole COG, each code once, each with a point and a population."""
    communes = atlas.communes
    faults = []
    if len(communes) != EXPECTED_COMMUNES:
        faults.append(f"{len(communes)} communes au lieu de {EXPECTED_COMMUNES}")
    if not communes.index.is_unique:
        faults.append("communes.parquet : un code figure deux fois")
    for column in ("lon", "lat", "population", "name"):
        missing = int(communes[column].isna().sum())
        if missing:
            faults.append(f"communes.parquet : {missing} valeurs de « {column} » manquent")
    return Check("Communes du COG 2026", len(communes), tuple(faults))


def _outlines(_atlas: Atlas) -> Check:
    """Régions and départements all have a valid outline."""
    faults = []
    for level, expected in EXPECTED_OUTLINES.items():
        frame = referential.read_outlines(level)
        if len(frame) != expected:
            faults.append(f"{level} : {len(frame)} contours au lieu de {expected}")
        if not frame.geometry.is_valid.all():
            faults.append(f"{level} : un contour n’est pas valide")
    return Check("Contours", sum(EXPECTED_OUTLINES.values()), tuple(faults))


def _carried(atlas: Atlas) -> Check:
    """Programmes on living communes, in the numbers of the lists."""
    faults = [
        f"programmes : {code} n’est pas une commune du COG 2026"
        for code in sorted(set(atlas.unplaced["code_insee"]))
        if not code.startswith(OVERSEAS_COLLECTIVITIES)
    ]
    listed = pd.concat([atlas.carried, atlas.unplaced])
    counts = listed.groupby("programme")["code_insee"].nunique()
    faults += [
        f"{code} : {counts.get(code, 0)} communes au lieu de {one.communes}"
        for code, one in known_programmes().items()
        if one.communes is not None and counts.get(code, 0) != one.communes
    ]
    faults += _lists(listed)
    return Check("Programmes portés", len(listed), tuple(faults))


def _lists(listed: pd.DataFrame) -> list[str]:
    """Hold what programmes.yaml says of each list against its rows."""
    faults = []
    for code, rows in listed.groupby("programme"):
        one = known_programmes()[code]
        for field, said in (("producer", one.producer), ("vintage", one.vintage)):
            found = rows[field].max()
            if found != said:
                faults.append(
                    f"programmes.yaml : {code} : {field} : « {said} », la table dit « {found} »"
                )
    return faults


_CHECKS: tuple[Callable[[Atlas], Check], ...] = (
    _count_kinds,
    _places,
    _namesakes,
    _duplicates,
    _organisations,
    _relations,
    _vocabulary,
    _communes,
    _outlines,
    _carried,
)
