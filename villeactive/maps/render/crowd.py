"""Thousands of symbols as one picture, for a slide that no program would open with so many shapes.

Above :data:`MOST` the symbols of projects are drawn once, at the resolution of print. All else
stays shapes and texts: circles, towns, names, legend. SVG and PDF keep every symbol, their readers
draw 35 000 within a second.
"""

from dataclasses import replace

from villeactive.maps.render.png_pdf import pixels
from villeactive.maps.render.svg import scene_svg
from villeactive.maps.scene.spec import Box, Picture, Scene, Symbol
from villeactive.text import number

MOST = 2_000
"""Symbols of projects that a slide holds as shapes."""

_DPI = 300
_LAYER = "projets"


def without_crowd(scene: Scene) -> tuple[Scene, tuple[str, ...]]:
    """Return a scene whose projects are one picture when they are too many, and words that say so.

    Parameters
    ----------
    scene
        What is drawn; given back as it is, with no words, when its symbols of projects are
        :data:`MOST` or fewer.

    Returns
    -------
    tuple
        The picture, a PNG of 300 dpi with a transparent ground, stands where the first symbol
        stood; the words, in French, are its name too.
    """
    layer = next((one for one in scene.layers if one.id == _LAYER), None)
    crowd = [item for item in layer.items if isinstance(item, Symbol)] if layer else []
    if len(crowd) <= MOST:
        return scene, ()
    said = f"{number(len(crowd))} symboles de projets, dessinés en une seule image"
    box = Box(0, 0, scene.width, scene.height)
    alone = replace(scene, layers=(replace(layer, items=tuple(crowd)),))
    drawn = pixels(scene, scene_svg(alone, words=False), dpi=_DPI, ground=False)
    picture = Picture("crowd", drawn, box, said)
    rest = [item for item in layer.items if not isinstance(item, Symbol)]
    first = next(n for n, item in enumerate(layer.items) if isinstance(item, Symbol))
    items = (*rest[:first], picture, *rest[first:])
    layers = [replace(one, items=items) if one is layer else one for one in scene.layers]
    return replace(scene, layers=tuple(layers)), (said,)
