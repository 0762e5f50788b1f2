// The land and its lines, always there: fifty thousand points in four shapes. A layer of Leaflet makes an
// object of each point, and does so four times; here it takes one pass over numbers.
"use strict";

((atlas) => {
  const CRS = L.CRS.EPSG3857;
  const LEAST = 0.75; // px between two points of a ring

  /** Give the polygons of a geometry, each a list of rings. */
  atlas.polygons = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

  /** Give a ring as px of zoom 0: `x, y, x, y…`, and its box. */
  function flat(ring) {
    const numbers = new Float64Array(2 * ring.length);
    const box = L.bounds([]);
    ring.forEach(([lng, lat], i) => {
      const point = CRS.latLngToPoint({ lat, lng }, 0);
      numbers[2 * i] = point.x;
      numbers[2 * i + 1] = point.y;
      box.extend(point);
    });
    return { numbers, box };
  }

  /** Give all the rings of areas. */
  const flattened = (features) => features.flatMap(({ geometry }) => atlas.polygons(geometry).flat().map(flat));

  /** Lay a ring on the layer of a map; points that fall together are one. */
  function laid(numbers, scale, origin) {
    const points = [];
    let [left, top] = [Infinity, Infinity];
    for (let i = 0; i < numbers.length; i += 2) {
      const x = Math.round(10 * (numbers[i] * scale - origin.x)) / 10;
      const y = Math.round(10 * (numbers[i + 1] * scale - origin.y)) / 10;
      if (Math.abs(x - left) < LEAST && Math.abs(y - top) < LEAST) continue;
      points.push({ x, y });
      [left, top] = [x, y];
    }
    return points;
  }

  /** Many rings as one shape of Leaflet, which asks it for what it asks any polygon. */
  const Shape = L.Polygon.extend({
    _setLatLngs(rings) {
      this._flat = rings;
    },

    _project() {
      const scale = CRS.scale(this._map.getZoom()) / CRS.scale(0);
      const origin = this._map.getPixelOrigin();
      const placed = (point) => point.multiplyBy(scale).subtract(origin);
      this._laid = this._flat.map(({ numbers, box }) => ({
        ring: laid(numbers, scale, origin), box: L.bounds(placed(box.min), placed(box.max)),
      }));
    },

    _clipPoints() {
      const { min, max } = this._renderer._bounds;
      const edge = L.point(this.options.weight, this.options.weight);
      const sight = L.bounds(min.subtract(edge), max.add(edge));
      this._parts = this._laid
        .filter(({ box }) => sight.intersects(box))
        .map(({ ring, box }) => (sight.contains(box) ? ring : L.PolyUtil.clipPolygon(ring, sight)))
        .filter((ring) => ring.length > 1);
    },

    _simplifyPoints() {},

    /** Give to an inset what lies there; in a group, or it would hold its renderer from those that wait before it. */
    inset(map, bounds) {
      const [here, there] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => CRS.latLngToPoint(at, 0));
      const near = this._flat.filter(({ box }) => box.intersects(L.bounds(here, there)));
      return near.length ? L.layerGroup([drawn(map, near, this.options)]) : null;
    },
  });

  const drawn = (map, rings, { pane, ...style }) => new Shape(
    rings, { ...style, pane, interactive: false, renderer: atlas.renderer(map, pane) });

  const outlines = async (name) => (await atlas.fetchJson(`${name}.geojson`))?.features;

  /** Ask for the land. */
  atlas.land = () => Promise.all(["neighbours", "regions"].map(outlines));

  /** Draw the land, then, once it is seen with its symbols, the lines upon it. */
  atlas.ground = async (map, { palette }, coming) => {
    const found = await coming;
    if (!found.every(Boolean)) return;
    const [around, regions] = found.map(flattened);
    const area = (rings, colour, weight, fillColor) => drawn(
      map, rings, { pane: "fond", color: colour, weight, fillColor, fillOpacity: 1 }).addTo(map);
    area(around, palette.coast, 0.5, palette.other_land);
    area(regions, palette.land, 1, palette.land);
    atlas.note("ground", "drawn");
    atlas.drawn.then(async () => {
      const departements = await outlines("departements");
      const line = (rings, colour, weight) => drawn(
        map, rings, { pane: "limites", fill: false, lineJoin: "round", color: colour, weight }).addTo(map);
      if (departements) line(flattened(departements), palette.departement, 0.8);
      line(regions, palette.region, 1.2);
      atlas.note("lines", "drawn");
    });
  };
})(window.VilleActive);
