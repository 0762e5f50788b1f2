// Labelled towns (signs nested round one point) and areas (hatched): static files, fetched once
// when first asked for. They are not Leaflet-interactive, so that they never count as a click on a project;
// a page that opens communes (`state.towns`) hears of a click on one all the same.
"use strict";

((atlas) => {
  const REACH = 9; // px round the pointer in which a town answers
  const THIN = 1.5; // px: width under which an outline is quiet far out

  /** Trace one programme's sign; `r` in pixels, `opacity` of a sign that is quite there is 1. */
  function trace(context, { shape, colour, width }, { x, y }, r, scale, opacity) {
    context.beginPath();
    if (shape === "square") context.rect(x - r, y - r, 2 * r, 2 * r);
    else if (shape === "diamond") {
      context.moveTo(x, y - r);
      for (const [dx, dy] of [[r, 0], [0, r], [-r, 0]]) context.lineTo(x + dx, y + dy);
      context.closePath();
    } else context.arc(x, y, r, 0, 2 * Math.PI);
    context.globalAlpha = opacity;
    if (shape === "dot") {
      // 1 646 full dots would be louder than the projects on the whole country
      context.globalAlpha *= Math.min(1, 0.3 + 0.65 * scale);
      context.fillStyle = colour;
      context.fill();
    } else {
      // thin outlines, 2 260 of them, would hide the country from afar
      if (width < THIN) context.globalAlpha *= Math.min(1, Math.max(0.35, (scale - 0.45) * 2));
      context.strokeStyle = colour;
      context.lineWidth = Math.max(0.8, width * scale);
      context.stroke();
    }
  }

  /** Signs grow with the zoom: quiet on the whole country, clear in a département. */
  const scaleAt = (zoom) => Math.min(1.5, Math.max(0.62, 0.62 + (zoom - 5.5) * 0.16));

  const Renderer = L.Canvas.extend({
    _updateTown(layer) {
      if (!this._drawing || layer._empty()) return;
      const scale = scaleAt(this._map.getZoom());
      const opacity = this._map !== atlas.map || atlas.isHeld(layer.options.code) ? 1 : atlas.AWAY;
      for (const mark of layer.options.marks) {
        trace(this._ctx, mark, layer._point, mark.radius * scale, scale, opacity);
      }
    },
    _fillStroke(context, layer) {
      const { hatch } = layer.options;
      if (!hatch) return L.Canvas.prototype._fillStroke.call(this, context, layer);
      context.globalAlpha = 0.07;
      context.fillStyle = hatch.colour;
      context.fill("evenodd");
      context.globalAlpha = 0.5;
      context.fillStyle = pattern(context, hatch);
      context.fill("evenodd");
      context.globalAlpha = 0.6;
      context.strokeStyle = hatch.colour;
      context.lineWidth = 0.9;
      context.stroke();
      return undefined;
    },
  });

  /** A tile of strokes rising to the right, or to the left (a former phase). */
  function pattern(context, { colour, width, rising }) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift - 1, rising ? 9 : -1);
      pen.lineTo(shift + 9, rising ? -1 : 9);
    }
    pen.stroke();
    return context.createPattern(tile, "repeat");
  }

  const Town = L.CircleMarker.extend({
    options: { interactive: false, radius: 13 },
    _updatePath() { this._renderer._updateTown(this); },
  });

  let drawn = null;
  let shown = "";
  let visible = []; // towns on the map, for the hover card

  /** Show the towns of the asked programmes, of `only` when given, in the drawing order of `config.marks`. */
  atlas.towns = async (layers, only) => {
    const marks = Object.entries(atlas.config.marks)
      .filter(([code, mark]) => layers.includes(code) && mark.shape !== "hatch");
    const wanted = marks.map(([code]) => code).join();
    const asked = wanted && wanted + JSON.stringify(only ?? "");
    if (asked === shown) return;
    shown = asked;
    const kept = only && new Set(only);
    const file = wanted ? await atlas.fetchJson("towns.json") : { programmes: [], towns: [] };
    await atlas.drawn;
    if (asked !== shown) return; // asked otherwise while the file was coming
    if (!file) { shown = ""; return; }
    const bits = marks.map(([code, mark]) => [1 << file.programmes.indexOf(code), mark]);
    if (drawn) drawn.remove();
    visible = [];
    for (const [code, name, lon, lat, mask] of file.towns) {
      if (kept && !kept.has(code)) continue;
      const carried = bits.filter(([bit]) => mask & bit).map(([, mark]) => mark);
      if (carried.length) visible.push({ code, name, latlng: L.latLng(lat, lon), mask, carried });
    }
    drawn = signs(atlas.map, visible);
    const all = visible;
    drawn.inset = (map, bounds) => signs(map, all.filter(({ latlng }) => bounds.contains(latlng)));
    drawn.addTo(atlas.map);
    atlas.programmes = file.programmes;
    atlas.map.getContainer().dataset.towns = wanted ? String(visible.length) : "";
    atlas.regroup();
  };

  /** The towns of the layers shown. */
  atlas.shownTowns = () => visible;

  /** The signs of towns on the map: [{town, reach}], how far each reaches from its middle, px. */
  atlas.townSigns = () => {
    if (atlas.map.getPane("villes").style.display === "none") return []; // circles stand for them
    const scale = scaleAt(atlas.map.getZoom());
    return visible.map((town) => ({ town, reach: Math.max(...town.carried.map(({ radius, width }) => scale * (radius + width / 2))) }));
  };

  /** Draw towns on the main map or on an inset. */
  function signs(map, some) {
    const renderer = atlas.renderer(map, "villes", Renderer);
    return L.layerGroup(some.map(({ code, latlng, carried }) => new Town(latlng, { renderer, code, marks: carried })));
  }

  const areas = {};

  /** Show or hide the hatched areas (Territoires d'industrie). */
  atlas.areas = async (layers) => {
    for (const [code, mark] of Object.entries(atlas.config.marks)) {
      if (mark.shape !== "hatch") continue;
      areas[code] ||= { layer: null, wanted: false };
      const area = areas[code];
      area.wanted = layers.includes(code);
      if (!area.wanted) {
        if (area.layer) area.layer.remove();
        continue;
      }
      const data = await atlas.fetchJson("territoires_industrie.geojson");
      if (!data) continue;
      area.layer ||= hatched(data, mark);
      if (area.wanted) area.layer.addTo(atlas.map);
    }
    const on = Object.keys(areas).filter((code) => areas[code].wanted);
    atlas.note("areas", on.join());
  };

  function hatched(data, mark) {
    const hatch = { colour: mark.colour, width: mark.width, rising: mark.rising };
    const own = data.features.filter(({ properties }) => Number(properties.phase) === mark.phase);
    const layer = atlas.outlines(own, "territoires", { hatch }, Renderer);
    return atlas.named(layer, ({ ti_name: name }) => [`Territoire d’industrie\u00a0: ${name}`]);
  }

  /** Name the programmes of `mask`: bit i stands for `programmes[i]`, those of towns.json. */
  atlas.carried = (mask, programmes = atlas.programmes || []) => programmes
    .filter((code, i) => mask & (1 << i) && atlas.config.legend[code])
    .map((code) => atlas.config.legend[code].label)
    .join(" · ");

  /** Give the town drawn at a place of the map, px, or null. */
  function townAt(map, point) {
    let best = null;
    let least = REACH;
    const hidden = map.getPane("villes").style.display === "none"; // circles stand for them
    for (const town of hidden ? [] : visible) {
      const distance = map.latLngToContainerPoint(town.latlng).distanceTo(point);
      if (distance < least) [best, least] = [town, distance];
    }
    return best;
  }

  /** Tell the page which commune was clicked, as a symbol would: identifiers are in lower case. */
  function opened(map, point) {
    const town = atlas.state.opens ? townAt(map, point) : null;
    if (!town) return;
    const { code, latlng } = town;
    const feature = { type: "Feature", properties: { id: code.toLowerCase() }, geometry: null };
    atlas.symbols.fire("click", { latlng, layer: { toGeoJSON: () => feature } });
  }

  /** Name the town under the pointer, else the areas that are drawn there. */
  atlas.hover = (map) => {
    let open = ""; // the words of the card
    let waiting = false;
    const close = () => { if (open) { open = ""; atlas.closeCard(); } };
    const look = ({ containerPoint, latlng }) => {
      waiting = false;
      const best = townAt(map, containerPoint);
      map.getContainer().style.cursor = best && atlas.state.opens ? "pointer" : "";
      const town = best ? [best.name, atlas.carried(best.mask)] : [];
      const lines = [...new Set([...town, ...atlas.namesAt(best ? best.latlng : latlng)])];
      if (!lines.length) return close();
      const words = lines.join("\n");
      if (words === open && (best || atlas.moveCard(latlng))) return undefined;
      open = words;
      return atlas.openCard(best ? best.latlng : latlng, lines, best ? 6 : 12);
    };
    map.on("mousemove", (event) => {
      if (event.originalEvent.target.closest(".va-site, .va-circle, .va-box, .va-insets")) {
        open = ""; // the card of a symbol comes and goes by itself
        return;
      }
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => look(event));
    });
    map.on("movestart mouseout", close);
    map.on("click", ({ containerPoint }) => opened(map, containerPoint));
  };
})(window.VilleActive);
