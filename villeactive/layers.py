"""The layers of the map on the screen: which there are, in which order, which show at first."""

from collections.abc import Collection
from functools import cache

from villeactive.programmes import drawn_at_first, known_programmes, labelled, territories
from villeactive.vocabulary import terms

TOWNS = "Villes dessinées"
"""Group of the programmes that label communes."""

BORDERS = ("epci", "departements", "communes")
"""Layers that are outlines, in the order of the legend."""


@cache
def layer_groups() -> dict[str, tuple[str, ...]]:
    """Give the layers as one chooses them, in the order of the legend; programmes by their code."""
    return {
        "Projets": ("projects", "mentions"),
        TOWNS: labelled(),
        "Territoires": (*territories(), *BORDERS),
        "Fond": ("plan-ign",),
    }


@cache
def every_layer() -> tuple[str, ...]:
    """Give every layer of the map."""
    return tuple(code for codes in layer_groups().values() for code in codes)


@cache
def first_layers() -> tuple[str, ...]:
    """Give what is drawn at first: mentions and areas are asked for."""
    return ("projects", *drawn_at_first())


def in_drawing_order(layers: Collection[str]) -> tuple[str, ...]:
    """Put layers in the order of :func:`every_layer`; others are dropped."""
    return tuple(code for code in every_layer() if code in layers)


def layer_name(code: str) -> str:
    """Name a layer of the map."""
    programme = known_programmes().get(code)
    return programme.label if programme else terms("layers")[code].label
