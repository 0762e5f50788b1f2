"""The card of a commune beside the map, and where the finder makes the map go."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from villeactive.analysis import proximity
from villeactive.atlas import Atlas
from villeactive.filters import TERRITORIES
from villeactive.selection import Selection
from villeactive.text import NBSP, number, plural, typographic, within
from villeactive.ui import address, shell
from villeactive.ui.pages import shortlist
from villeactive.ui.parts import blocks, html_parts
from villeactive.wording.facts import people
from villeactive.wording.town_facts import programme_rows

_ZOOM = {"commune": 11.0, "project": 10.0}
_WIDER = (100, 200, 300)
"""Kilometres tried when there is nothing as near as asked."""

_GOAL = "carte-but"
_TURN = "carte-tour"


def acts() -> dict[str, Callable[[str], None]]:
    """Give what the page of the map does of a choice of the finder: open it, and go there."""

    def open_commune(code: str) -> None:
        _turn()
        address.change(commune=code, projet=None)

    def open_project(key: str) -> None:
        _turn()
        st.session_state[_GOAL] = key
        address.change(projet=key, commune=None)

    def filtering(name: str) -> Callable[[str], None]:
        return lambda code: address.change(**{name: (code,)})

    territories = {name: filtering(name) for name in TERRITORIES}
    return {"commune": open_commune, "project": open_project} | territories


def _turn() -> None:
    """Count the choices: the same one made twice moves the map twice."""
    st.session_state[_TURN] = 1 - st.session_state.get(_TURN, 0)


def focus(selection: Selection, atlas: Atlas) -> tuple[float, float, float] | None:
    """Tell where the map goes: the open commune, or the project that was just found.

    A project opened otherwise (a symbol, the list, an address) moves nothing.

    Returns
    -------
    tuple or None
        Longitude, latitude, zoom. The longitude of one choice in two is 10 cm aside: the map
        moves when its target changes.
    """
    if st.session_state.get(_GOAL) not in {None, selection.projet}:
        del st.session_state[_GOAL]
    aside = st.session_state.get(_TURN, 0) * 1e-6
    if found := st.session_state.get(_GOAL):
        at = atlas.projects.geometry[found]
        return at.x + aside, at.y, _ZOOM["project"]
    if selection.commune:
        row = atlas.communes.loc[selection.commune]
        return float(row["lon"]) + aside, float(row["lat"]), _ZOOM["commune"]
    return None


def show_card(selection: Selection, atlas: Atlas) -> None:
    """Show the commune of the selection: what it is and carries, projects, links, a way out."""
    code = selection.commune
    row = atlas.communes.loc[code]
    with st.container(key="commune-ouverte"):
        st.button(
            "Fermer",
            icon=":material/close:",
            key="fermer-commune",
            on_click=address.change,
            kwargs={"commune": None},
            type="tertiary",
        )
        where = within(row["departement_name"], row["region_name"], code=row["departement"])
        st.html(
            f"<div class='va-sheet'><section><h2>{escape(typographic(row['name']))}</h2>"
            f"<p class='va-note'>{escape(where)}</p></section></div>"
        )
        shortlist.show_toggle(code, atlas)
        rows = [
            ("Population municipale", people(row)),
            ("Intercommu\u00adnalité", row["epci_name"] or "aucune"),
            *programme_rows(code, atlas),
        ]
        st.html(html_parts.facts([(title, escape(typographic(said))) for title, said in rows]))
        _show_projects(selection, atlas)
        _show_links(selection, atlas)


def _show_projects(selection: Selection, atlas: Atlas) -> None:
    """Open the sheets of the commune; when it has none, the nearest one."""
    near = proximity.projects_within(selection.commune, _WIDER[-1], atlas)
    here = near[near["distance_km"] == 0]
    held = blocks.headed_here(here)
    for key, place in (here if held else near.head(1)).iterrows():
        said = atlas.sheets[key].title.fr
        if not held:
            away = f"{number(place['distance_km'])}{NBSP}km"
            said = f"Le plus proche, à {away} ({place['town']}){NBSP}: {said}"
        st.button(
            shell.markdown(said),
            icon=":material/description:",
            key=f"choix-commune-{key}",
            type="tertiary",
            on_click=address.change,
            kwargs={"projet": key},
        )


def _show_links(selection: Selection, atlas: Atlas) -> None:
    """Link to the pages of the commune; filter the map around it."""
    code = selection.commune
    st.subheader("Aller plus loin", anchor=False)
    wider = (replace(selection, near=code, within=km) for km in (selection.within, *_WIDER))
    found = next((one for one in wider if shell.applied(one, atlas).n_projects), None)
    # always there: were it not, the links under it would show twice while the page runs
    with st.container(key="autour"):
        if found and selection.near != code:
            count = plural(shell.applied(found, atlas).n_projects, "projet")
            st.button(
                f"Projets autour, à moins de {found.within}{NBSP}km ({count})",
                icon=":material/my_location:",
                key="choix-autour",
                type="tertiary",
                on_click=address.change,
                kwargs={"near": code, "within": found.within},
            )
    name = shell.markdown(atlas.communes.loc[code, "name"])
    query = {"commune": code}
    shell.link(
        shell.COMMUNE,
        f"Page de la commune{NBSP}: {name}",
        query=query,
        icon=":material/location_on:",
    )
    shell.link(
        shell.MA_VILLE, "Ma ville, et celles qui lui ressemblent", query=query,
        icon=":material/diversity_2:",
    )  # fmt: skip
