"""Sites that by their own words stand elsewhere: in a commune of the same name, on an island."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from villeactive.atlas import Atlas
from villeactive.text import fold

_NATURE = re.compile(
    r"^(cc|ca|cu|met|metropole|communaute|urbaine|d agglomeration|agglomeration|de communes|"
    r"du|des|de la|de l|de|d|la|le|les|l)\b *"
)
"""What stands before the proper name of an EPCI."""

_ISLANDS = {
    "guadeloupe": "971", "marie galante": "971", "la desirade": "971",
    "martinique": "972", "guyane": "973", "ile de la reunion": "974", "mayotte": "976",
}  # fmt: skip
"""Folded names of overseas islands and territories, each with its département. « Réunion » alone
is a meeting as well."""


_COLUMNS = ["name", "departement", "departement_name", "region_name", "epci_name"]

_Town = dict[str, str | None]
"""What these columns say of a commune."""


@dataclass(frozen=True)
class Site:
    """A site as a list or a sheet gives it: where it is written, its commune, its own words."""

    where: str
    code_insee: str
    words: str


def misplaced(sites: Iterable[Site], communes: pd.DataFrame) -> list[str]:
    """Tell the sites whose own words name another commune of the same name, or another island.

    Parameters
    ----------
    sites
        Sites of the lists and of the sheets.
    communes
        ``Atlas.communes``: index ``code_insee``; ``name``, ``departement``, ``departement_name``,
        ``region_name``, ``epci_name``.

    Returns
    -------
    list of str
        One French sentence a fault. Two namesakes are told apart by the territories that one has
        and the other has not (EPCI, département, région), and by a site that both are given.
    """
    listed = [site for site in sites if site.words and site.code_insee in communes.index]
    names = communes.loc[list({site.code_insee for site in listed}), "name"]
    held = communes.loc[communes["name"].isin(set(names)), _COLUMNS]
    towns: dict[str, _Town] = pd.DataFrame(held).to_dict("index")
    bearers = defaultdict(list)
    for code, town in towns.items():
        bearers[town["name"]].append(code)
    heard = {site: f" {fold(site.words)} " for site in listed}
    at = defaultdict(list)
    for site in listed:
        at[site.code_insee].append(site)
    faults = []
    for site in listed:
        own = towns[site.code_insee]
        others = [code for code in bearers[own["name"]] if code != site.code_insee]
        namesakes = {code: towns[code] for code in others}
        told = _by_territory(heard[site], own, namesakes) or _by_island(heard[site], own)
        for code in others:
            twins = [twin.where for twin in at[code] if _same(heard[site], heard[twin])]
            if twins and code not in told:
                told[code] = f"{own['name']} ({code}), où {twins[0]} le donne aussi"
        faults += [
            f"{site.where} : « {site.words} » est placé à {own['name']} ({site.code_insee}), "
            f"mais ses mots désignent {place}"
            for place in told.values()
        ]
    return faults


def sites_of(atlas: Atlas) -> list[Site]:
    """Give the sites of the lists of programmes, then those of the sheets."""
    rows = atlas.carried[atlas.carried["site"].notna()]
    found = [
        Site(f"programmes.csv : {row.programme}", row.code_insee, row.site)
        for row in rows.itertuples()
    ]
    for sheet in atlas.sheets.values():
        found += [
            Site(sheet.file, place.code_insee, place.site.fr)
            for place in sheet.places
            if place.site
        ]
    return found


def _by_territory(heard: str, own: _Town, others: dict[str, _Town]) -> dict[str, str]:
    """Give the namesakes (code → words) that are named by a territory not the site's own."""
    home = set(_territories(own))
    return {
        code: f"{other['name']} ({code}), {other['departement_name']}"
        for code, other in others.items()
        if any(f" {word} " in heard for word in set(_territories(other)) - home)
    }


def _by_island(heard: str, own: _Town) -> dict[str, str]:
    """Give another island that the words name, unless they name the site's own as well."""
    named = {word: code for word, code in _ISLANDS.items() if f" {word} " in heard}
    if not named or own["departement"] in named.values():
        return {}
    word, code = next(iter(named.items()))
    return {code: f"{word.title()} ({code})"}


def _territories(commune: _Town) -> list[str]:
    """Give the folded proper names of the territories of a commune, but those of its own name."""
    names = [fold(commune[key]) for key in ("departement_name", "region_name")]
    if isinstance(commune["epci_name"], str):
        names.append(_proper(commune["epci_name"]))
    return [name for name in names if name and name != fold(commune["name"])]


def _proper(epci: str) -> str:
    """Give the folded name of an EPCI without its nature."""
    name = fold(epci)
    while (cut := _NATURE.sub("", name)) != name:
        name = cut
    return name


def _same(one: str, other: str) -> bool:
    """Tell whether one site's words are whole in the other's; a lone word says too little."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter.split()) > 2 and shorter in longer
