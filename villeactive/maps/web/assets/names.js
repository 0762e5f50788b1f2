// Names of places, from the atlas's own files: régions from afar, then départements, labelled towns (and the
// largest), the communes of the départements in sight. A name takes the first place clear of symbols, controls
// and other names, or is left out; that of a territory, among hundreds of towns, lies under as few of their signs
// as can be. One canvas below the symbols; to a screen reader, decoration.
"use strict";

((atlas) => {
  const ZOOM = { departements: 6.7, towns: 7.2, alone: 9.2, communes: 9.8 }; // from which each is named
  const STYLES = { // px, weight, colour, px of air round it
    regions: { size: 11.5, weight: 600, colour: "ink", air: 4, area: true },
    departements: { size: 11, weight: 600, colour: "ink_soft", air: 4, area: true },
    towns: { size: 12.5, weight: 400, colour: "ink", air: 4 },
    communes: { size: 11.5, weight: 400, colour: "ink_soft", air: 14 },
  };
  const SPACED = "0.06em"; // letters of a territory, in capitals: no town
  const BEYOND = 0.12; // of the frame, written round it
  const LEADING = 1.12; // of a name of several lines
  const HALO = 3; // px round letters
  const BESIDE = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];
  const AIR = 3; // px between a name and what it stands beside
  const EDGE = 120; // px beyond what is written, where a sign may still meet a name
  const CELL = 64; // px of the grid that tells what is near
  const LONG = 15; // letters beyond which the name of a territory has two lines
  const SMALL_WORD = /(^|[ \-])(de|du|des|d|la|le|les|et|sur)[ \-’]$/;
  const KEPT = "villeactive-noms"; // where the browser keeps the reader's wish
  const ABOVE = ".va-box, .va-insets > *, .leaflet-bar, .leaflet-control-attribution, .leaflet-control-scale";

  const chosen = matchMedia("(forced-colors: active)");
  const widths = new Map(); // of a line in its font
  let divisions = null;
  let towns = []; // places named from afar: the large communes, the labelled towns
  const communes = new Map(); // places by département, once fetched
  let placed = []; // the names written: {name, level, box, lines, look}, in px of the layer

  const capitals = (line) => line.toLocaleUpperCase("fr");
  const typographic = (name) => name.replaceAll("'", "’");

  function place([code, written, lon, lat]) {
    const name = typographic(written);
    return { code, name, lines: [name], points: [atlas.map.project([lat, lon], 0)] };
  }

  /** Part a long name in two lines, near its middle, never after a small word. */
  function parted(name) {
    if (name.length <= LONG) return [name];
    const cuts = [...name.matchAll(/[ \-]/g)].map(({ index }) => index + 1).filter((cut) => !SMALL_WORD.test(name.slice(0, cut)));
    const off = (cut) => Math.abs(cut - name.length / 2);
    const cut = cuts.sort((one, other) => off(one) - off(other))[0];
    return cut ? [name.slice(0, cut).trimEnd(), name.slice(cut)] : [name];
  }

  function territory([code, written, , , [west, south, east, north], region, rooms]) {
    const points = [];
    for (let i = 0; i < rooms.length; i += 2) points.push(atlas.map.project([rooms[i + 1], rooms[i]], 0));
    const name = typographic(written);
    return { code, name, region, points, lines: parted(name).map(capitals), bounds: L.latLngBounds([[south, west], [north, east]]) };
  }

  // --- the wish of the reader ---------------------------------------------------------------

  function kept() {
    try { return localStorage.getItem(KEPT) !== "non"; } catch { return true; }
  }

  function keep(wanted) {
    try { localStorage.setItem(KEPT, wanted ? "oui" : "non"); } catch { /* it holds as long as the page */ }
  }

  let wanted = kept();

  /** Add to the zoom buttons the one that writes names or leaves them out: the legend keeps its height. */
  atlas.namesChoice = (bar) => {
    const button = atlas.barButton(bar, "va-names", "Noms de lieux", () => {
      wanted = !wanted;
      keep(wanted);
      button.setAttribute("aria-checked", wanted);
      gather();
    });
    button.setAttribute("role", "switch");
    button.setAttribute("aria-checked", wanted);
  };

  // --- what stands there already ------------------------------------------------------------

  /** What takes the frame: boxes [left, top, right, bottom], px of the layer. */
  class Room {
    cells = new Map();

    /** Call `visit` with what each cell under a box holds, until it answers true. */
    over([left, top, right, bottom], visit) {
      for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x += 1) {
        for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y += 1) {
          if (visit(x * 1e6 + y)) return;
        }
      }
    }

    /** Call `visit` with each thing that a box meets, until it answers true; one may come twice. */
    met(box, visit) {
      const [west, north, east, south] = box;
      this.over(box, (key) => this.cells.get(key)?.some((other) => {
        const [left, top, right, bottom] = other.box;
        return left < east && right > west && top < south && bottom > north && visit(other);
      }));
    }

    /** Take a box: of a `sign`, beside which its name stands; a territory's may cover a `soft` one, where it must. */
    add(box, { sign = false, soft = false } = {}) {
      const one = { box, sign, soft };
      this.over(box, (key) => {
        if (this.cells.has(key)) this.cells.get(key).push(one);
        else this.cells.set(key, [one]);
      });
    }

    /** How many soft boxes another would cover; no end of them where it may not stand. */
    cost(box) {
      let covered = 0;
      this.met(box, ({ soft }) => {
        covered = soft ? covered + 1 : Infinity;
        return !soft;
      });
      return covered;
    }

    /** How far the sign that stands on a point reaches from it. */
    reach({ x, y }) {
      let far = 0;
      this.met([x, y, x, y], ({ sign, box: [left, top, right, bottom] }) => {
        if (sign) far = Math.max(far, x - left, right - x, y - top, bottom - y);
      });
      return far;
    }
  }

  /** Give what names keep off within bounds; `at` places a point of zoom 0. */
  function taken(map, { min, max }, at) {
    const found = new Room();
    const stands = ({ x, y }, reach, soft = false) => {
      const near = x > min.x - EDGE && x < max.x + EDGE && y > min.y - EDGE && y < max.y + EDGE;
      if (near) found.add([x - reach, y - reach, x + reach, y + reach], { sign: true, soft });
    };
    for (const { shown, marker, icon, latlng } of atlas.entries) {
      if (shown) stands(map.latLngToLayerPoint(latlng).add([marker.aside, 0]), icon.side / 2);
    }
    for (const { x, y, reach } of atlas.pointSigns()) stands({ x, y }, reach);
    for (const { town, reach } of atlas.townSigns()) stands(at(town.unit ||= map.project(town.latlng, 0)), reach, true);
    const ring = atlas.ringed();
    if (ring) stands(map.latLngToLayerPoint(ring.getLatLng()), ring.getRadius());
    const box = map.getContainer();
    const { left, top } = box.getBoundingClientRect();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const { x: far, y: low } = corner.add(map.getSize());
    for (const x of [corner.x, far]) found.add([x, corner.y, x, low]); // a name is not cut by the frame
    for (const y of [corner.y, low]) found.add([corner.x, y, far, y]);
    const origin = corner.subtract([left, top]);
    for (const element of box.querySelectorAll(`${ABOVE}, .va-circle, .va-circle .va-beside`)) {
      const { left: x, top: y, right, bottom } = element.getBoundingClientRect();
      if (right > x) found.add([x + origin.x, y + origin.y, right + origin.x, bottom + origin.y]);
    }
    return found;
  }

  // --- placing and drawing ------------------------------------------------------------------

  function width(context, font, line) {
    const key = `${font} ${line}`;
    if (!widths.has(key)) widths.set(key, context.measureText(line).width);
    return widths.get(key);
  }

  /** Give where the middle of a name may stand: on its point, else beside what is there. */
  function middles(points, free, [wide, high]) {
    const [{ x, y }] = points;
    const reach = free.reach(points[0]);
    const beside = BESIDE.map(([dx, dy]) => {
      const away = (dx && dy ? 0.7 : 1) * (reach || AIR) + AIR;
      return { x: x + dx * (away + wide / 2), y: y + dy * (away + high / 2) };
    });
    return reach ? beside : [points[0], ...beside];
  }

  /** Levels to write at a zoom: [level, places]. */
  function levels(map) {
    const zoom = map.getZoom();
    if (!wanted || !divisions || map.getPane("fond").style.display === "none") return [];
    const some = [];
    const large = divisions.communes.length; // they come first: Rennes before Ille-et-Vilaine
    if (zoom >= ZOOM.towns) some.push(["towns", towns.slice(0, large)]);
    if (zoom < ZOOM.departements) some.push(["regions", divisions.regions]);
    else if (zoom < ZOOM.alone) some.push(["departements", divisions.departements]);
    if (zoom >= ZOOM.towns) some.push(["towns", towns.slice(large)]);
    if (zoom >= ZOOM.communes) {
      const near = inSight(map).flatMap(({ code }) => communes.get(code) || []);
      if (near.length) some.push(["communes", near]);
    }
    return some;
  }

  const inSight = (map) => divisions.departements.filter(({ bounds }) => map.getBounds().intersects(bounds));

  /** Tell whether a territory lies in the one that the filters hold. */
  function holder() {
    const { departements, communes: codes } = atlas.state.within || {};
    const held = departements || codes?.map(atlas.departementOf);
    if (!held) return () => true;
    const there = new Set(held);
    const regions = new Set(divisions.departements.filter(({ code }) => there.has(code)).map(({ region }) => region));
    return (level, code) => (level === "regions" ? regions : there).has(code);
  }

  /** Give the names to write within bounds, in the order they find their place, and note their levels. */
  function arranged(map, context, bounds) {
    const { min, max } = bounds;
    const some = levels(map);
    note(some);
    if (!some.length) return [];
    const { palette } = atlas.config;
    const origin = map.getPixelOrigin();
    const scale = 2 ** map.getZoom();
    const at = ({ x, y }) => ({ x: x * scale - origin.x, y: y * scale - origin.y });
    const free = taken(map, bounds, at);
    const holds = holder();
    const family = getComputedStyle(map.getContainer()).fontFamily;
    const written = new Set();
    const names = [];
    for (const [level, places] of some) {
      const { size, weight, colour, air, area } = STYLES[level];
      const look = {
        font: `${weight} ${size}px ${family}`,
        letterSpacing: area ? SPACED : "0px",
        strokeStyle: chosen.matches ? "Canvas" : palette.halo,
        fillStyle: chosen.matches ? "CanvasText" : palette[colour],
      };
      Object.assign(context, look); // widths are measured so
      for (const { code, name, lines, points } of places) {
        if (!area && (written.has(code) || !atlas.isHeld(code))) continue;
        const there = points.map(at);
        if (!there.some(({ x, y }) => x > min.x && x < max.x && y > min.y && y < max.y)) continue;
        const wide = Math.max(...lines.map((line) => width(context, look.font, line)));
        const high = size * LEADING * lines.length;
        let best = { cost: Infinity };
        for (const { x, y } of area ? there : middles(there, free, [wide, high])) {
          const box = [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];
          const cost = free.cost(box);
          if (cost < best.cost) best = { cost, box, x, y };
          if (!best.cost) break;
        }
        if (!best.box || (best.cost && !area)) continue;
        const [left, top, right, bottom] = best.box;
        free.add([left - air, top - air / 2, right + air, bottom + air / 2]);
        written.add(code);
        const globalAlpha = !area || holds(level, code) ? 1 : atlas.AWAY;
        names.push({ ...best, name, level, lines, look: { ...look, globalAlpha } });
      }
    }
    return names;
  }

  function write(context, names) {
    Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: HALO });
    for (const { x, y, level, lines, look } of names) {
      Object.assign(context, look);
      lines.forEach((line, i) => {
        const below = y + (i - (lines.length - 1) / 2) * STYLES[level].size * LEADING;
        context.strokeText(line, x, below);
        context.fillText(line, x, below);
      });
    }
    context.globalAlpha = 1;
  }

  const note = (some) => atlas.note("names", [...new Set(some.map(([level]) => level))].join());

  /** The names written: {name, level, box}, px of the frame: what tests and the curious ask. */
  atlas.names = () => placed.map(({ name, level, box: [left, top, right, bottom] }) => {
    const { x, y } = atlas.map.layerPointToContainerPoint([0, 0]);
    return { name, level, box: [left + x, top + y, right + x, bottom + y] };
  });

  const Names = L.Canvas.extend({
    _draw() { this._write(arranged(this._map, this._ctx, this._bounds)); },
    _write(names) {
      placed = names;
      write(this._ctx, names);
    },
    later() { if (this._map) this._redrawRequest ||= L.Util.requestAnimFrame(this._anew, this); },
    // the same names are left as they are: to write them once more would be one more image to wait for
    _anew() {
      if (!this._ctx) return; // as map.js says of _redraw
      this._redrawRequest = null;
      const names = arranged(this._map, this._ctx, this._bounds);
      if (JSON.stringify(names) === JSON.stringify(placed)) return;
      this._clear();
      this._write(names);
    },
  });

  let canvas = null;

  /** Write the names anew at the next frame: something else stands there. */
  atlas.writeNames = () => canvas?.later();

  // --- what is fetched ----------------------------------------------------------------------

  async function named() {
    const file = await atlas.fetchJson("towns.json", true);
    if (!file || towns.length > divisions.communes.length) return;
    const bits = atlas.config.named.reduce((sum, code) => sum | (1 << file.programmes.indexOf(code)), 0);
    towns = [...towns, ...file.towns.filter(([, , , , mask]) => mask & bits).map(place)];
  }

  async function near(code) {
    if (communes.has(code)) return;
    communes.set(code, null);
    const rows = await atlas.fetchJson(`names/${code}.json`, true);
    if (rows) communes.set(code, rows.map(place));
    else communes.delete(code);
  }

  /** Fetch what the zoom names, and write. */
  async function gather() {
    const zoom = atlas.map.getZoom();
    atlas.writeNames();
    if (!wanted || !divisions) return;
    const asked = zoom >= ZOOM.towns ? [named()] : [];
    // a page of one file holds no commune without a label
    if (zoom >= ZOOM.communes && atlas.config.data) asked.push(...inSight(atlas.map).map(({ code }) => near(code)));
    await Promise.all(asked.map((one) => one.then(atlas.writeNames)));
  }

  /** Begin once the land and the symbols are on the screen. */
  atlas.watchNames = (map) => {
    map.getPane("noms").setAttribute("aria-hidden", "true");
    atlas.drawn.then(async () => {
      const file = await atlas.fetchJson("divisions.json", true);
      if (!file || atlas.gone()) return;
      divisions = { ...file, regions: file.regions.map(territory), departements: file.departements.map(territory) };
      towns = file.communes.map(place);
      canvas = new Names({ pane: "noms", padding: BEYOND }).addTo(map);
      map.on("moveend", gather);
      chosen.addEventListener("change", atlas.writeNames);
      document.fonts.addEventListener("loadingdone", () => { widths.clear(); atlas.writeNames(); });
      gather();
    });
  };
})(window.VilleActive);
