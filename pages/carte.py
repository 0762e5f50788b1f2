"""The map of the projects: filters, map, panel, list."""

import streamlit as st

from villeactive.ui import address, prefetch, shell
from villeactive.ui.parts import commune_card, filters, finder, results, side_panel
from villeactive.ui.parts.map import share_button, show_circles_note, show_map

HEIGHT = 640

atlas = shell.open_atlas("Carte")
selection = address.current(atlas)
applied = shell.applied(selection, atlas)
sentence = applied.sentence(selection, atlas)
opened, circles = atlas.sheets.get(selection.projet or ""), shell.circles(selection, atlas)

# each part has its place beforehand: the map is sent first, so that it is on the screen first
head = st.container()
left, right = st.columns([3, 2], gap="medium")
with left:
    results.show_skip_link()
    show_map(
        applied,
        every=atlas.sites,
        taxonomy=atlas.taxonomy,
        layers=selection.shown_layers(atlas),
        selected=selection.projet,
        counts=shell.town_counts(),
        focus=commune_card.focus(selection, atlas),
        commune=selection.commune,
        group=circles,
        territory=shell.territory(selection, atlas),
        on_click=lambda project: address.change(projet=project),
        dark=shell.is_dark(),
        height=HEIGHT,
    )
    show_circles_note(selection, applied.n_projects, atlas)

if shell.first_sight():
    with head:
        filters.hold_places(sentence, selection, atlas)
    st.stop()

with head:
    with st.container(horizontal=True, vertical_alignment="center", key="titre"):
        finder.show_finder(atlas, acts=commune_card.acts(), hidden=True)
        share_button()
        query, icon = selection.to_query(), ":material/palette:"
        shell.link(shell.ATELIER, "Carte pour présentation", query=query, icon=icon)
    shell.show_title(sentence)
    filters.show_chips(selection, atlas)

with right, st.container(height=HEIGHT, border=False, key="panneau"):
    filters.show_empty(applied, selection, atlas)
    if opened is None and selection.commune:
        commune_card.show_card(selection, atlas)
    else:
        side_panel.show_panel(opened, applied, selection, atlas)

results.show_list(selection, atlas)
results.show_downloads(applied, selection, atlas, sentence)

with st.sidebar:
    offered = filters.show_filters(selection, atlas)
if prefetch.is_worth(atlas) and "figures" not in circles:  # sums are not foreseen
    prefetch.show_ahead(selection, atlas, offered)
