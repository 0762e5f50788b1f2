"""The map as one file: everything inside, opens from a USB stick, stands in an ``<iframe>``.

The same folium map and scripts as in the application; files that the application serves are
held in the page. No text of a sheet is ever written as HTML or script: words are JSON in an
inert element, and land through ``textContent``.
"""

import json
import re
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from html import escape

import geopandas as gpd
import shapely

from villeactive.atlas import Atlas
from villeactive.collections.project import Project
from villeactive.filtering import Applied
from villeactive.geography.referential import read_departements, read_outlines
from villeactive.layers import first_layers
from villeactive.maps import symbols
from villeactive.maps.scene.extent import Extent
from villeactive.maps.web import circle_groups, folium_map, towns_file, web_legend
from villeactive.maps.web.figures import group_state
from villeactive.maps.web.territory import Territory, framed
from villeactive.programmes import labelled as labelled_codes
from villeactive.programmes import territories
from villeactive.selection import Selection
from villeactive.text import compact_json, day, plural, typographic
from villeactive.typography.web_font import font_faces
from villeactive.wording import facts, sources

_SCRIPTS = (*folium_map.SCRIPTS, "standalone.js")
_STYLES = (folium_map.STYLE, "standalone.css")
_IDLE = re.compile(
    r"""^\ *(?://.*|/\*(?s:.*?)\*/)?\n  # lines that are remarks, or empty
    |^\ +  # room before a line: no text of our scripts goes over lines
    |(?<=[;,{(])\ //\ [^"'`\n]*$  # remarks at the end of one
    """,
    re.MULTILINE | re.VERBOSE,
)
"""What our scripts and style sheets say to those who read them alone."""
_DETAIL = 0.009
"""Detail of outlines dropped, degrees (900 m)."""
_DIGITS = 3
_PROPERTIES = {
    "regions": ("code",),
    "departements": ("code",),
    "territoires_industrie": ("phase",),
}
"""Of outlines, what the scripts read."""


def to_html(
    applied: Applied,
    atlas: Atlas,
    *,
    selection: Selection | None = None,
    extent: Extent | None = None,
    towns: gpd.GeoDataFrame | None = None,
    layers: tuple[str, ...] | None = None,
    title: str | None = None,
    day_of: date | str | None = None,
    footer: str = "",
) -> str:
    """Write the map of a selection as one HTML page.

    Parameters
    ----------
    applied
        A selection applied to the atlas.
    atlas
        The whole atlas.
    selection
        For the sentence under the title.
    extent
        What the map frames at first: a territory, or France; by default the territory of the
        selection, the métropole when it has none.
    towns
        Labelled communes on the map and in the search; ``atlas.towns`` by default.
    layers
        Codes of :func:`villeactive.layers.every_layer` shown at first, None for the usual ones;
        online backgrounds, EPCI, départements and communes are left out.
    title
        Of the page; that of the collections shown by default.
    day_of
        Date of the page.
    footer
        A line of one's own under the sources.

    Returns
    -------
    str
        A page that asks nothing of any network; same question, same text.
    """
    labelled = atlas.towns if towns is None else towns
    asked_for = first_layers() if layers is None else layers
    offered = ("projects", "mentions", *labelled_codes(), *territories())
    shown = tuple(code for code in offered if code in asked_for)
    heading = typographic(title or _heading(applied, atlas))
    said = applied.sentence(selection or Selection(), atlas)
    counts = _counts(atlas.towns)
    there = (
        {} if len(labelled) == len(atlas.towns) else dict.fromkeys(counts, 0) | _counts(labelled)
    )
    page = _page(applied, atlas, shown, counts, there, said, day_of, footer)
    files = _files(labelled, shown)
    asked = selection or Selection()
    held = framed(asked, extent, atlas) or Territory(None)
    territory = replace(held, towns=tuple(there.items()))
    script = _map_script(applied, atlas, shown, counts, asked, territory)
    return _document(heading, typographic(said), page, files, script)


def _heading(applied: Applied, atlas: Atlas) -> str:
    """Name the page after the collections that it shows."""
    shown = sources.collections_of(applied.projects.index, atlas) or atlas.collections.values()
    return " · ".join(", ".join(filter(None, (str(c.title), str(c.series or "")))) for c in shown)


def _page(applied, atlas, layers, counts, there, said, day_of, footer) -> dict:
    """Gather the words of the page."""
    mentions = "mentions" in layers or not len(applied.counted)
    rows = applied.projects if mentions else applied.counted
    kept = [atlas.sheets[key] for key in rows.index]
    named = list(sources.credit_lines(atlas, rows.index))
    named += [f"Page établie le {day(str(day_of))}."] if day_of else []
    empty = "" if kept else "Aucun projet pour cette sélection\u00a0: élargissez-la."
    return {
        "heading": plural(len(kept), "projet" if not mentions else "fiche"),
        "empty": empty,
        "said": said,
        "sources": [*named, *([footer] if footer else [])],
        "layers": [
            [code, *web_legend.numbers_of(code, None, counts, there)]
            for code in (*labelled_codes(), *territories())
            if there.get(code, counts.get(code)) or code in layers
        ],
        "sheets": [_sheet(sheet, applied, atlas) for sheet in kept],
    }


def _counts(towns: gpd.GeoDataFrame) -> dict[str, int]:
    """Count towns by programme."""
    found = towns["programmes"].explode().value_counts()
    return {code: int(found[code]) for code in labelled_codes() if code in found}


def _sheet(sheet: Project, applied: Applied, atlas: Atlas) -> dict:
    """Gather the words of a sheet."""
    own = applied.sites[applied.sites["project"] == sheet.id]
    theme, kind = atlas.themes[sheet.theme], atlas.kinds[sheet.kind]
    return {
        "id": sheet.id,
        **facts.told(sheet, atlas),
        "place": ", ".join(dict.fromkeys(own["town"])),
        "kind": f"{theme.short} · {kind.label}",
        "sign": symbols.symbol_svg(theme, kind.size, pixels=15),
        "accent": symbols.theme_symbol(theme).colour,
        "points": [[round(p.y, 4), round(p.x, 4)] for p in own.geometry.dropna()],
        "lists": [
            [facts.heading(title, sheet), [asdict(row) for row in rows]]
            for title, rows in facts.lists(sheet, atlas).items()
        ],
    }


def _files(towns: gpd.GeoDataFrame, layers: tuple[str, ...]) -> dict[str, str]:
    """Gather the files that the scripts would fetch."""
    files = {
        f"{level}.geojson": _outlines(level) for level in ("neighbours", "departements", "regions")
    }
    files["towns.json"] = towns_file.towns_json(towns)
    files["divisions.json"] = circle_groups.divisions_json()
    if set(territories()) & set(layers):
        files["territoires_industrie.geojson"] = _outlines("territoires_industrie")
    return files


@cache
def _outlines(level: str) -> str:
    """Write outlines shortly; borders still match."""
    if level == "regions":
        frame = _light("departements")
        frame = frame.assign(region=frame["code"].map(read_departements()["region"]))
        frame = frame.dissolve("region").reset_index()[["region", "geometry"]]
        frame = frame.rename(columns={"region": "code"})
    else:
        frame = _light(level)
    features = [
        {
            "type": "Feature",
            "properties": {k: getattr(row, k) for k in _PROPERTIES.get(level, ())},
            "geometry": shapely.geometry.mapping(row.geometry),
        }
        for row in frame.itertuples()
    ]
    made = {"type": "FeatureCollection", "features": features}
    return json.dumps(made, separators=(",", ":"))


@cache
def _light(level: str) -> gpd.GeoDataFrame:
    """Simplify a level, neighbours together."""
    frame = read_outlines(level)
    detail = _DETAIL * (4 if level in {"neighbours", "territoires_industrie"} else 1)
    if level == "territoires_industrie":
        shapes = frame.geometry.simplify(detail).to_numpy()
    else:
        shapes = shapely.coverage_simplify(frame.geometry.to_numpy(), detail)
    shapes = shapely.transform(shapes, lambda points: points.round(_DIGITS))
    return frame.assign(geometry=shapes)


def _map_script(
    applied: Applied,
    atlas: Atlas,
    layers: tuple[str, ...],
    counts: dict[str, int],
    asked: Selection,
    territory: Territory,
) -> str:
    """Render what folium says of the map: constants, identifiers, numbers, base64."""
    made = folium_map.base_map(
        sources=folium_map.Sources(assets="", data=""), taxonomy=atlas.taxonomy
    )
    group = folium_map.site_group(
        applied.sites,
        taxonomy=atlas.taxonomy,
        layers=layers,
        counts=counts,
        group=group_state(asked.group, applied, atlas),
        territory=territory,
    )
    made.add_child(group)
    _name(made, "div")
    for rank, child in enumerate(made._children.values()):
        _name(child, str(rank))
    for rank, child in enumerate(group._children.values()):
        _name(child, f"g{rank}")
    root = made.get_root()
    _name(root, "root")
    root.render()
    script = root.script.render()
    constants = compact_json(folium_map.constants(atlas.taxonomy, dark=False) | {"online": None})
    return f"VilleActive.constants = {constants};\n{script}\nVilleActive.standalone();"


def _name(element, name: str) -> None:
    """Give an element a name that is the same every time."""
    element._id = name


@cache
def _shipped(name: str) -> str:
    """Read one of our scripts or style sheets, without its remarks nor its room."""
    return _IDLE.sub("", (folium_map.ASSETS / name).read_text(encoding="utf-8"))


def _inert(value: str) -> str:
    """Write JSON for an inert element: nothing in it can close it."""
    return value.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _script(code: str) -> str:
    """Write a script."""
    safe = code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"<script>{safe}</script>\n"


def _held(name: str, text: str) -> str:
    """Write data that scripts read by its name."""
    return f'<script type="application/json" id="{name}">{_inert(text)}</script>\n'


def _document(heading: str, said: str, page: dict, files: dict[str, str], script: str) -> str:
    """Put the page together; every word of the user is escaped or inert."""
    ground = asdict(symbols.palette())
    colours = "".join(f"--{name.replace('_', '-')}:{value};" for name, value in ground.items())
    leaflet = folium_map.leaflet_file("leaflet.css")
    styles = font_faces() + leaflet + "".join(_shipped(name) for name in _STYLES)
    words = compact_json(page)
    held = _held("va-page", words) + "".join(_held(f"va-file-{n}", t) for n, t in files.items())
    scripts = [
        folium_map.leaflet_file("leaflet.js"),
        *(_shipped(name) for name in _SCRIPTS),
        script,
    ]
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:\">\n"
        f"<title>{escape(heading)}</title>\n<style>:root{{{colours}}}{styles}</style>\n</head>\n"
        f'<body>\n<header class="sa-head"><h1>{escape(heading)}</h1><p>{escape(said)}</p>\n'
        '<div class="sa-search" role="search"><label for="sa-text">Chercher un projet ou une ville'
        '</label><input id="sa-text" type="search" placeholder="Chercher un projet ou une ville" '
        'autocomplete="off"><ul class="sa-found"></ul><span class="sa-said" role="status" hidden>'
        '</span></div></header>\n<main class="sa-main"><div class="sa-map">'
        '<div class="folium-map" id="map_div"></div></div>\n<section class="sa-panel" '
        'aria-label="Projets" tabindex="0"></section></main>\n'
        f"{held}{''.join(_script(code) for code in scripts)}</body>\n</html>\n"
    )
