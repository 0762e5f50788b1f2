"""The map in a page: serves its files, shows it, hands over the clicks."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import streamlit as st
from streamlit_folium import st_folium

from villeactive.atlas import Atlas
from villeactive.collections.collection import Taxonomy
from villeactive.filtering import Applied
from villeactive.geography.checksums import sums_print
from villeactive.geography.referential import OUTLINES
from villeactive.kept_with import kept_with_first
from villeactive.layers import read_group
from villeactive.maps.scene.map_content import SHADED
from villeactive.maps.web import folium_map, site_rows
from villeactive.maps.web.points import FEW, MOST, Points, Shown
from villeactive.selection import Selection
from villeactive.text import NBSP, number
from villeactive.ui import shell, trial
from villeactive.ui.own_files import component, serve, serve_folder
from villeactive.ui.parts import blocks
from villeactive.ui.shell import faults_told

RETURNED = ("last_active_drawing", "last_object_clicked_count")


@lru_cache(maxsize=16)
def _serve(taxonomy: Taxonomy) -> folium_map.Sources:
    """Serve scripts, styles and outlines on the application's own origin; give where.

    The signs of an atlas have a name of their own: other visitors may look at other collections.
    """
    assets = serve("assets", folium_map.shipped(taxonomy))
    return folium_map.Sources(assets, data=serve_folder("outlines", OUTLINES, sums_print()))


@kept_with_first()
def _points(every: gpd.GeoDataFrame, taxonomy: Taxonomy) -> tuple[Points, str]:
    """Serve all the sites of an atlas as points, under a name of their own; give where."""
    made = Points(every, taxonomy)
    return made, serve("points", made.files())


def _shown(
    sites: gpd.GeoDataFrame | Applied,
    every: gpd.GeoDataFrame,
    taxonomy: Taxonomy,
    layers: Iterable[str],
    selected: str | None,
) -> tuple[gpd.GeoDataFrame, tuple[str, Shown]]:
    """Part sites in those of the open project and points: which of all they are."""
    made, folder = _points(every, taxonomy)
    if isinstance(sites, Applied):  # its own frame would hold a copy of nearly all
        there, matches = sites.of_rows, sites.matches
    else:
        there = every.index.isin(sites.index)
        matches = every.index.isin(sites.index[sites["matches"].to_numpy()])
    there = there & (every["project"] == selected).to_numpy()
    opened = every[there].assign(matches=matches[there])
    return opened, (folder, made.shown(matches, layers, selected))


@st.fragment
@faults_told()
def show_map(
    sites: gpd.GeoDataFrame | Applied,
    *,
    taxonomy: Taxonomy,
    every: gpd.GeoDataFrame | None = None,
    layers: Iterable[str] = ("projects",),
    selected: str | None = None,
    on_click: Callable[[str], None] | None = None,
    dark: bool = False,
    compact: bool = False,
    height: int = 640,
    key: str = "carte",
    **state: Any,
) -> None:
    """Show the map; a click calls ``on_click`` with the project, then reruns the page.

    Pan and zoom belong to the browser: they survive every change of arguments but of the
    territory, which the map frames, a visit to another page, and come from
    ``?view=lat,lon,zoom`` when the address is opened.

    Parameters
    ----------
    sites, taxonomy, layers, selected, dark, state
        See :func:`villeactive.maps.web.folium_map.site_group`; a selection applied has its sites.
    every
        All the sites of which ``sites`` are some, with ``matches``. Where they are more than
        :data:`~villeactive.maps.web.points.MOST` the browser gets them once, as a file: none
        holds what is tried.
    on_click
        Receives the identifier of the clicked project, or what ``opens`` tells, before the rerun.
    compact
        The small map of a project's page: no control.
    height
        CSS pixels on a wide screen; ``page.css`` has it lower on others.
    key
        Letters, digits and hyphens; one map of a page has one key.
    """
    tried = trial.current()
    served = tried.shared.taxonomy if tried else taxonomy  # no file holds what is tried
    sources = _serve(served)
    # Both are made here, anew at each run of the fragment: made outside, the map dies after the
    # first rerun of the fragment alone.
    base = folium_map.base_map(
        sources=sources, taxonomy=taxonomy, served=served, dark=dark, compact=compact
    )
    many = every is not None and len(every) > MOST and not tried
    shown = np.count_nonzero(sites.of_rows) if isinstance(sites, Applied) else len(sites)
    points = None
    if many and shown > FEW:
        sites, points = _shown(sites, every, taxonomy, layers, selected)
    elif isinstance(sites, Applied):
        sites = sites.sites if len(sites.atlas.sites) > MOST else site_rows.of(sites)
    changing = folium_map.site_group(
        sites,
        taxonomy=taxonomy,
        layers=layers,
        selected=selected,
        points=points,
        dark=dark,
        **state,
    )
    with st.container(key=key):
        raw = st_folium(
            base,
            key=f"{key}-st",
            height=height,
            use_container_width=True,
            returned_objects=RETURNED,
            feature_group_to_add=changing,
            render=False,  # of the page around it, which nobody sees: it renders the map itself
        )
    _handle(raw, on_click, seen=f"{key}-clics")


def show_projects_map(
    ids: Iterable[str],
    atlas: Atlas,
    *,
    key: str,
    layers: Iterable[str] = ("projects", "mentions"),
    height: int = 340,
    **state: Any,
) -> None:
    """Show the sites of some sheets on a small map; a click opens one.

    Parameters
    ----------
    ids
        The sheets.
    atlas, key, layers, height, state
        As for :func:`show_map`.
    """
    show_map(
        atlas.sites[atlas.sites["project"].isin(ids)].assign(matches=True),
        every=atlas.sites,
        taxonomy=atlas.taxonomy,
        layers=layers,
        on_click=lambda project: blocks.go(shell.PROJET, projet=project),
        dark=shell.is_dark(),
        compact=True,
        height=height,
        key=key,
        **state,
    )


def _handle(raw: Mapping | None, on_click: Callable[[str], None] | None, *, seen: str) -> None:
    """Read a click once."""
    event = folium_map.read_event(raw, st.session_state.get(seen))
    st.session_state[seen] = (raw or {}).get("last_object_clicked_count") or 0
    if event and on_click:
        on_click(event.project)
        st.rerun()


def show_circles_note(selection: Selection, projects: int, atlas: Atlas) -> None:
    """Say that circles stand for symbols too many to be told apart; lead to euros per inhabitant.

    Those are shades, that printed maps have.

    Parameters
    ----------
    selection, atlas
        What is asked.
    projects
        How many are counted.
    """
    group = read_group(selection.group, atlas.own_columns)
    if group and group.slug:
        level = group.level if group.level in SHADED else SHADED[-1]
        drawn = {"layout": "slide", "drawn": f"per-head:{level}:{group.slug}"}
        words = "Les mêmes euros par habitant, dans l’Atelier"
        query, icon = selection.to_query() | drawn, ":material/palette:"
        shell.link(shell.ATELIER, words, query=query, icon=icon)
    elif projects > MOST and (not group or group.what == "projects"):
        st.caption(
            f"{number(projects)}{NBSP}projets, trop pour un symbole chacun{NBSP}: vus de loin, des "
            "cercles par région puis par département les comptent. Approchez-vous, ou filtrez, "
            "pour voir chaque projet."
        )


_SHARE = (
    '<div><button type="button">Partager</button>'
    '<input readonly hidden aria-label="Adresse à partager"><span role="status"></span></div>'
)


def share_button() -> None:
    """Show « Partager »: it copies the page's address with the map's pan and zoom."""
    component("villeactive_partager", "share.js", styles=("share.css",), html=_SHARE)(
        key="partager", width="content"
    )
