"""One door to every file that shows the map of a selection: kind of file in, bytes out."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import geopandas as gpd

from villeactive.atlas import Atlas
from villeactive.errors import UnknownValueError, VilleActiveError
from villeactive.filtering import Applied, apply, apply_to_towns
from villeactive.layers import Group
from villeactive.maps.scene.compose import compose
from villeactive.maps.scene.extent import parse_extent
from villeactive.maps.scene.layout import check_dpi
from villeactive.maps.scene.map_content import completed, figures_of
from villeactive.maps.scene.spec import MapSpec, Scene
from villeactive.programmes import known_programmes, territories
from villeactive.selection import Selection


@dataclass(frozen=True)
class MapKind:
    """A kind of file: its French name, its media type, what writes the map of a selection so."""

    name: str
    media: str
    write: Callable[[Selection, Atlas, MapSpec, int], bytes]


def check_not_empty(applied: Applied, towns: gpd.GeoDataFrame, spec: MapSpec) -> None:
    """Refuse a map of points on which no point would stand.

    Raises
    ------
    VilleActiveError
        Neither a project nor a labelled town of the asked layers is left by the filters.
    """
    asked = set(spec.layers)
    projects = "projects" in asked or bool(figures_of(asked))
    found = len(applied.counted) * projects + applied.n_mentions * ("mentions" in asked)
    programmes = {layer.partition(":")[2] for layer in asked if layer.startswith("towns:")}
    found += sum(not programmes.isdisjoint(carried) for carried in towns["programmes"])
    areas = {known_programmes()[code].drawn_layer for code in territories()}
    if not found and not asked & {*areas, "share:departement"}:
        raise VilleActiveError(
            "La sélection est vide : aucun projet ni aucune ville à dessiner. Levez un filtre."
        )


def map_scene(selection: Selection, atlas: Atlas, spec: MapSpec) -> Scene:
    """Compose the page of a selection; an empty one is a result."""
    applied = apply(selection, atlas)
    towns = apply_to_towns(selection, atlas.towns, atlas)
    return compose(applied, atlas, spec=spec, selection=selection, towns=towns)


def web_layers(spec: MapSpec) -> tuple[str, ...]:
    """Give the layers of the web map that say the same as those of a drawn one."""
    names = {one.drawn_layer: code for code, one in known_programmes().items()}
    known = (names.get(layer, layer) for layer in completed(spec).layers)
    return tuple(layer for layer in known if ":" not in layer)


def web_group(spec: MapSpec) -> str | None:
    """Give what circles of the web map say the same as the first of a drawn one."""
    drawn = [one for one in figures_of(spec.layers) if one.kind == "circles"]
    if not drawn:
        return None
    if not drawn[0].slug and any(layer.startswith("towns:") for layer in spec.layers):
        return "towns"
    return Group("euros" if drawn[0].slug else "projects", drawn[0].slug, drawn[0].level).code


def map_file(
    kind: str, selection: Selection, atlas: Atlas, *, spec: MapSpec, dpi: int = 300
) -> bytes:
    """Make the file of a selection's map.

    Parameters
    ----------
    kind
        A key of :data:`KINDS`.
    selection
        The filters.
    atlas
        The whole atlas.
    spec
        What is asked of the map; with a date, the same bytes each time.
    dpi
        Dots per inch of a PNG, 96 to 600.

    Raises
    ------
    UnknownValueError
        The kind, a layer, a layout, a label, a style, an extent or the resolution is unknown.
    """
    if kind not in KINDS:
        raise UnknownValueError("Format", kind, list(KINDS))
    return KINDS[kind].write(selection, atlas, spec, check_dpi(dpi))


def _png(selection: Selection, atlas: Atlas, spec: MapSpec, dpi: int) -> bytes:
    from villeactive.maps.render.png_pdf import to_png

    return to_png(map_scene(selection, atlas, spec), dpi=dpi)


def _svg(selection: Selection, atlas: Atlas, spec: MapSpec, _dpi: int) -> bytes:
    from villeactive.maps.render.png_pdf import to_svg

    return to_svg(map_scene(selection, atlas, spec))


def _pdf(selection: Selection, atlas: Atlas, spec: MapSpec, _dpi: int) -> bytes:
    from villeactive.maps.render.png_pdf import to_pdf

    return to_pdf(map_scene(selection, atlas, spec))


def _pptx(selection: Selection, atlas: Atlas, spec: MapSpec, _dpi: int) -> bytes:
    from villeactive.maps.render.pptx_slides import notes_of, to_pptx

    projects = apply(selection, atlas).listed(selection, atlas)
    return to_pptx(map_scene(selection, atlas, spec), notes=notes_of(projects))


def _html(selection: Selection, atlas: Atlas, spec: MapSpec, _dpi: int) -> bytes:
    from villeactive.maps.web.one_file import to_html

    made = to_html(
        apply(selection, atlas),
        atlas,
        selection=replace(selection, group=web_group(spec)),
        extent=parse_extent(spec.extent),
        towns=apply_to_towns(selection, atlas.towns, atlas),
        layers=web_layers(spec),
        title=spec.title,
        day_of=spec.date,
        footer=spec.footer,
    )
    return made.encode()


KINDS = {
    "png": MapKind("Image PNG", "image/png", _png),
    "svg": MapKind("Dessin SVG", "image/svg+xml", _svg),
    "pdf": MapKind("PDF", "application/pdf", _pdf),
    "pptx": MapKind(
        "Diapositive PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _pptx,
    ),
    "html": MapKind("Carte à cliquer (HTML)", "text/html", _html),
}
"""Ending → kind of file."""
