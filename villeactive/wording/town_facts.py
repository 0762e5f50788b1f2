"""A commune in words: its five figures, its labels, for pages and documents."""

from dataclasses import dataclass

from villeactive.analysis.proximity import projects_within
from villeactive.analysis.similar_towns import profile
from villeactive.analysis.similarity import FAR_KM
from villeactive.atlas import Atlas
from villeactive.programmes import full_names, known_programmes
from villeactive.text import NBSP, day, enumeration, number, plural
from villeactive.wording.facts import NO_PROGRAMME, since, territory


@dataclass(frozen=True)
class TownFigure:
    """A figure: what it counts, itself, and what explains it."""

    label: str
    said: str
    note: str


def five_figures(code_insee: str, atlas: Atlas, *, within_km: float) -> list[TownFigure]:
    """Say a commune in five figures.

    Parameters
    ----------
    code_insee, atlas
        A current commune, and the whole atlas.
    within_km
        Radius in which projects are counted, kilometres.

    Returns
    -------
    list of TownFigure
        Inhabitants, density, share of its EPCI, the nearest larger town, projects around.

    Raises
    ------
    UnknownValueError
        No commune has this code.
    """
    figures, row = profile(code_insee, atlas), atlas.communes.loc[code_insee]
    area = f"{number(row['area_km2'], decimals=1)}{NBSP}km²"
    return [
        TownFigure(f"Habitants en {row['population_year']}", number(row["population"]),
                   "population municipale"),
        TownFigure("Habitants par km²", number(figures["density"]), f"sur {area}"),
        _share(code_insee, atlas),
        _larger(code_insee, atlas),
        _projects(code_insee, atlas, within_km=within_km),
    ]  # fmt: skip


def ordinal(rank: int) -> str:
    """Write the rank of a commune: ``1re``, ``2e``."""
    return f"{number(rank)}{'re' if rank == 1 else 'e'}"


def labels_said(code_insee: str, atlas: Atlas) -> list[str]:
    """Name what a commune carries today; a territoire d'industrie with its own name.

    A programme that is over is left out.
    """
    said = []
    for row in atlas.labels_of(code_insee).drop_duplicates("programme").itertuples():
        one = known_programmes()[row.programme]
        if one.ended is not None:
            continue
        named = not one.labelled and isinstance(row.territory_name, str)
        said.append(f"{one.label}, {territory(row.territory_name)}" if named else one.label)
    return said


def programmes_said(code_insee: str, atlas: Atlas) -> dict[str, str]:
    """Say of each programme that a commune carries: code → since when, phase, territory, sites."""
    told = {}
    for programme, group in atlas.labels_of(code_insee).groupby("programme", sort=False):
        first = group.iloc[0]
        said = []
        if isinstance(first["since"], str):
            said.append(since(first["since"]))
        one = known_programmes()[programme]
        if one.labelled and isinstance(first["phase"], str):
            said.append(f"entrée en phase {first['phase']}")
        if not one.labelled:
            named = [territory(name) for name in group["territory_name"].dropna().unique()]
            said.append(f"{enumeration(named)}, phase {first['phase']}")
        sites = [name for name in group["site"].dropna().unique() if name]
        said += [name for site in sites for name in site.split(" ; ")]
        listed = day(str(first["vintage"])[:10]) if isinstance(first["vintage"], str) else ""
        said = said or [f"sur la liste de {listed}, sans date" if listed else "sans date"]
        told[programme] = ", ".join(said)
    return told


def programme_rows(code_insee: str, atlas: Atlas) -> list[tuple[str, str]]:
    """Say the same with the names of the programmes; one row says that there are none."""
    told = programmes_said(code_insee, atlas)
    return list(zip(full_names(told), told.values(), strict=True)) or [("Programmes", NO_PROGRAMME)]


def _share(code_insee: str, atlas: Atlas) -> TownFigure:
    """Say what the commune weighs in its grouping."""
    row, figures = atlas.communes.loc[code_insee], profile(code_insee, atlas)
    if not isinstance(row["epci"], str):
        return TownFigure("Part de l’intercommunalité", "–", "hors de toute intercommunalité")
    size = int((atlas.communes["epci"] == row["epci"]).sum())
    percent = 100 * figures["epci_share"]
    shown = number(percent, decimals=0 if percent >= 10 else 1)
    rank = f"{ordinal(int(figures['epci_rank']))} de {plural(size, 'commune')}"
    note = f"{rank}, {row['epci_name']}"
    return TownFigure("Part de l’intercommunalité", f"{shown}{NBSP}%", note)


def _larger(code_insee: str, atlas: Atlas) -> TownFigure:
    """Say how far the nearest larger town is."""
    figures = profile(code_insee, atlas)
    label = "Ville bien plus grande"
    if not figures["larger_km"] <= FAR_KM:
        return TownFigure(label, "–", f"aucune à moins de {FAR_KM}{NBSP}km")
    name = atlas.communes.loc[figures["larger_town"], "name"]
    return TownFigure(label, f"à {number(figures['larger_km'])}{NBSP}km", name)


def _projects(code_insee: str, atlas: Atlas, *, within_km: float) -> TownFigure:
    """Count the projects of the book around."""
    near = projects_within(code_insee, within_km, atlas, counted=True)
    here = int((near["distance_km"] == 0).sum())
    note = f"dont {number(here)} ici" if here else "aucun ici"
    label = f"Projets à moins de {number(within_km)}{NBSP}km"
    return TownFigure(label, number(len(near)), note if len(near) else "aucun à cette distance")
