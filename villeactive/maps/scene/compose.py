"""Compose a drawn map: a selection and a wish become a scene (see ``spec``)."""

from dataclasses import replace

import geopandas as gpd

from villeactive.atlas import Atlas
from villeactive.errors import UnknownValueError
from villeactive.filtering import Applied
from villeactive.layers import LEVELS
from villeactive.maps.scene import legend, map_content, map_text, thematic
from villeactive.maps.scene.annotate import draw_labels, draw_words
from villeactive.maps.scene.extent import PARIS, Extent, parse_extent
from villeactive.maps.scene.ground import ground, rectangle
from villeactive.maps.scene.layout import LAYOUTS, Layout, layout
from villeactive.maps.scene.map_content import Content
from villeactive.maps.scene.marginalia import (
    inset_frame,
    masks,
    moved_links,
    scale_bar,
    source_lines,
    zoom_mark,
)
from villeactive.maps.scene.page_state import Draft
from villeactive.maps.scene.print_style import inks
from villeactive.maps.scene.spec import LABELS, LAYERS, Area, Layer, MapSpec, Scene, Style, Text
from villeactive.maps.scene.windows import CROWD, open_windows, overseas_shown
from villeactive.selection import Selection

_TRIES = 4
"""How many other pages are tried for a key that finds no room."""
_WIDTHS = (0.85, 1.0, 1.35, 1.8, 2.3)
"""Widths of a key beside the map that are tried: the narrowest where insets take room too."""
_LEAST_MAP = 200.0
"""Least height of a map that gives room to a key, points."""


def compose(
    applied: Applied,
    atlas: Atlas,
    *,
    spec: MapSpec,
    selection: Selection | None = None,
    towns: gpd.GeoDataFrame | None = None,
) -> Scene:
    """Compose a page.

    Parameters
    ----------
    applied
        A selection applied to the atlas (EPSG:4326).
    atlas
        The whole atlas.
    spec
        What is asked of the map.
    selection
        For the words of title and subtitle.
    towns
        Labelled communes left by the selection (EPSG:4326, index ``code_insee``, as
        :func:`villeactive.filtering.apply_to_towns` gives); all of ``atlas.towns`` by default.

    Returns
    -------
    Scene
        An empty selection is a result: the ground, zero, a sentence.

    Raises
    ------
    UnknownValueError
        Unknown extent, layout, layer, label or style.
    """
    if spec.labels not in LABELS:
        raise UnknownValueError("Étiquettes", spec.labels, list(LABELS))
    map_content.check_layers(spec.layers, atlas)
    inks(spec.style), layout(spec.layout)
    spec, extent = map_content.completed(spec), parse_extent(spec.extent)
    labelled = atlas.towns if towns is None else towns
    content = map_content.content(applied, labelled, atlas.taxonomy, spec=spec, extent=extent)
    if not map_text.tells_elsewhere(extent, selection, atlas):
        content = replace(content, elsewhere=0)
    spec = map_content.unnamed(spec, content)
    heads = (
        map_text.title(content, spec, extent, selection, atlas),
        map_text.subtitle(content, spec, extent, selection, atlas),
    )
    page = layout(spec.layout)
    tries = _TRIES if spec.layout in LAYOUTS else 0
    overseas = bool(overseas_shown(content, extent=extent, spec=spec))
    draft, lack = _draft(content, spec, extent, atlas, heads, page, last=not tries)
    for step in range(1, tries + 1):
        if not lack:
            break
        raised = page.legend is not None
        page = _raised(page, lack) if raised else _beside(layout(spec.layout), overseas, step)
        draft, lack = _draft(
            content, spec, extent, atlas, heads, page, beside=not raised, last=step == tries
        )
    return _scene(draft)


def _raised(page: Layout, lack: float) -> Layout:
    """Give to a legend below the map what its key lacks, as far as the map can give it."""
    by = max(min(lack + 1, page.map_frame.height - _LEAST_MAP), 0.0)
    lower = {name: getattr(page, name) for name in ("panel", "map_frame", "wide_frame")}
    return replace(
        page,
        **{name: replace(box, height=box.height - by) for name, box in lower.items()},
        insets=tuple(replace(box, top=box.top - by) for box in page.insets),
        paris=replace(page.paris, top=page.paris.top - by),
        legend=replace(page.legend, top=page.legend.top - by, height=page.legend.height + by),
    )


def _beside(page: Layout, overseas: bool, step: int) -> Layout:
    """Keep room for a key at the right of the map, short of the insets; wider at each step."""
    whole = page.map_frame if overseas else page.wide_frame
    wide = min(page.key.width * _WIDTHS[step - overseas], whole.width * 0.6)
    key = replace(page.key, left=min(page.key.right, whole.right) - wide, width=wide)
    return replace(page, key=key, beside_key=replace(whole, width=key.left - 22 - whole.left))


def _draft(
    content: Content,
    spec: MapSpec,
    extent: Extent,
    atlas: Atlas,
    heads: tuple[str, str],
    page: Layout,
    *,
    beside: bool = False,
    last: bool,
) -> tuple[Draft, float]:
    """Draw a page; give the height that its key lacks.

    ``beside`` keeps room for the key on the map's side; the ``last`` page lacks nothing more.
    """
    overseas = overseas_shown(content, extent=extent, spec=spec)
    frame = page.beside_key if beside else page.map_frame if overseas else page.wide_frame
    windows = open_windows(
        _with_signs(content, spec), spec=spec, extent=extent, page=page, main_frame=frame
    )
    draft = Draft(spec, extent, page, inks(spec.style), atlas, content, windows, *heads)
    draft.key_box = page.key if beside else None
    for step in (_ground, _figures, _symbols, _legend_rows, draw_labels):
        step(draft)
    return draft, draw_words(draft, last=last)


def _with_signs(content: Content, spec: MapSpec) -> Content:
    """Leave out the marks that circles or shades stand for: towns, or else projects."""
    figures = map_content.figures_of(spec.layers)
    counting = any(not one.slug for one in figures)
    towns = bool(content.programmes) and (counting or "share:departement" in spec.layers)
    if towns:
        content = replace(content, towns=content.towns.iloc[:0])
    if any(one.slug for one in figures) or (counting and not towns):
        content = replace(content, sites=content.sites.iloc[:0])
    return content


def _ground(draft: Draft) -> None:
    """Draw the sea, the land of every window, the frames of the insets, the scale."""
    layers, units = draft.layers, draft.shown_units
    for window in draft.windows:
        view = window.view
        sea = Style(fill=draft.ink.sea)
        layers["fond"].append(Area("sea", rectangle(view.frame), sea, view.name, view.title))
        shown, level = units if view.name == "main" else (None, units[1])
        for name, areas in ground(view, window.zone, draft.ink, shown=shown, level=level).items():
            layers[name] += areas
        if view.name != "main":
            _inset(draft, view)
    layers["regions"] += masks(draft.page, draft.ink)
    if any(window.view.name == "paris" for window in draft.windows):
        layers["regions"] += zoom_mark(draft.windows, PARIS, draft.ink)
    page = draft.page
    frame = page.map_frame if len(draft.windows) > 1 else page.wide_frame
    frame = page.beside_key if draft.key_box else frame
    bar = scale_bar(draft.windows[0].view, page, draft.ink, frame=frame)
    layers["etiquettes"] += bar
    draft.blocks += [item.box.inset(-6 if isinstance(item, Text) else -1) for item in bar]


def _inset(draft: Draft, view) -> None:
    """Frame an inset and keep labels of the main map off it."""
    frame, title = inset_frame(view, draft.page, draft.ink)
    draft.layers["regions"].append(frame)
    draft.layers["etiquettes"].append(title)
    draft.blocks += [view.frame.inset(-4), title.box.inset(-2)]


def _figures(draft: Draft) -> None:
    """Draw shades, territories and circles."""
    spec, layers = draft.spec, draft.layers
    if "share:departement" in spec.layers:
        found = thematic.shares(draft.content, draft.atlas, draft.extent)
        layers["departements"] = thematic.shaded(layers["departements"], found, spec)
        words = f"Part de la population vivant dans une commune {found.named}"
        draft.entries += legend.shade_entries(
            spec, "share", words, noun="département", classes=found.classes()
        )
    for window in draft.windows:
        for code, areas in thematic.territories(window, spec).items():
            layers["territoires"] += areas
            draft.territories.setdefault(code, set()).update(area.code for area in areas)
    for one in map_content.figures_of(spec.layers):
        found = thematic.measured(draft.content, draft.atlas, one)
        if one.kind == "circles":
            _circles(draft, found)
        else:
            _shades(draft, one.level, found)


def _circles(draft: Draft, found: thematic.Measured) -> None:
    """Draw the circles of one level in every window, and explain them."""
    scale = draft.page.sizes["label"] / 10.5
    for window in draft.windows:
        signs, numbers = thematic.circles(window, found, spec=draft.spec, scale=scale)
        draft.layers["territoires"] += signs
        draft.layers["etiquettes"] += numbers
    sizes = found.sizes(scale)
    draft.entries.append(
        legend.circle_entry(draft.spec, words=found.words, note=found.note, sizes=sizes)
    )


def _shades(draft: Draft, level: str, found: thematic.Measured) -> None:
    """Shade the départements by the euros per inhabitant of their territory, and explain them."""
    rates = thematic.per_head(found, level, draft.atlas)
    layers = draft.layers
    layers["departements"] = thematic.shaded_rates(
        layers["departements"], rates, level, draft.atlas, draft.spec
    )
    draft.entries += legend.shade_entries(
        draft.spec,
        "rate",
        found.words,
        note=found.note,
        noun=LEVELS[level],
        classes=rates.classes(),
    )


def _symbols(draft: Draft) -> None:
    """Draw towns, then projects, with the short lines of those that were moved aside."""
    for window in draft.windows:
        lines, dots = moved_links(window, draft.ink)
        draft.layers["villes"] += [*lines, *dots, *window.towns]
        # sorted by size a crowd would show the theme whose sign is the least, over all others
        crowd = len(window.symbols) > CROWD
        order = None if crowd else sorted(window.projects, key=lambda s: (-s.radius, s.id))
        draft.layers["projets"] += order or window.projects


def _legend_rows(draft: Draft) -> None:
    """Collect the rows of the legend: what is visible only."""
    spec, content = draft.spec, draft.content
    rows = []
    if any(window.projects for window in draft.windows):
        rows += legend.project_entries(_with_signs(content, spec), spec)
    if any(window.towns for window in draft.windows):
        rows += legend.town_entries(content, spec, quiet=not draft.named)
    counts = {code: len(codes) for code, codes in draft.territories.items()}
    draft.entries = [*rows, *draft.entries, *legend.area_entries(spec, territories=counts)]


def _scene(draft: Draft) -> Scene:
    """Freeze a page."""
    spec, page = draft.spec, draft.page
    views = tuple(window.view for window in draft.windows)
    seen = [code for code, areas in draft.territories.items() if areas]
    lines = map_text.sources(draft.content, spec, views, draft.atlas, areas=seen)
    draft.layers["sources"] += source_lines(lines, page=page, ink=draft.ink, address=spec.address)
    entries = [f"{e.label} ({e.note})" if e.note else e.label for e in draft.entries]
    said = next((t.words for t in draft.layers["titre"] if getattr(t, "role", "") == "count"), "")
    return Scene(
        width=page.width,
        height=page.height,
        ground=draft.ink.paper,
        layers=tuple(Layer(i, name, tuple(draft.layers[i])) for i, name in LAYERS.items()),
        views=views,
        title=draft.title,
        description=map_text.description(draft.title, said, entries, spec),
        sources=" ".join(lines),
        key=tuple(draft.key),
        spec=spec,
    )
