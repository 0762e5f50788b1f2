// Outlines that one asks for: EPCI over the whole country, départements, and the communes of one
// département at a time once one is near. Files are fetched when first asked for.
"use strict";

((atlas) => {
  const CLOSE = 9; // zoom from which communes are drawn
  const TINT = 0.16; // of a labelled commune
  const FULL = 8.5; // zoom from which EPCI are drawn at their full width
  const line = (code) => {
    const { colour, width } = atlas.config.lines[code];
    return { fill: false, lineJoin: "round", color: colour, weight: width };
  };
  const code = ({ properties }) => properties.code;
  const file = async (name) => (await atlas.fetchJson(`${name}.geojson`))?.features;

  // --- what lies under a point --------------------------------------------------------------

  const named = new Set(); // layers on the map whose areas say their names

  /** Let the hover card say `words(properties)`, a list of lines, over the areas of a layer. */
  atlas.named = (layer, words) => {
    layer.words = words;
    return layer.on("add", () => named.add(layer)).on("remove", () => named.delete(layer));
  };

  function crosses(ring, x, y) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  const holds = (geometry, { lng, lat }) => atlas.polygons(geometry).some(
    (rings) => rings.filter((ring) => crosses(ring, lng, lat)).length % 2 === 1);
  const areaAt = (layer, latlng) => layer.getLayers().find(
    (one) => one.getBounds().contains(latlng) && holds(one.feature.geometry, latlng));

  const across = (area) => area.getBounds().getSouthWest().distanceTo(area.getBounds().getNorthEast());

  /** Name the areas under a point, the smallest first. */
  atlas.namesAt = (latlng) => [...named]
    .map((layer) => ({ layer, area: areaAt(layer, latlng) }))
    .filter(({ area }) => area)
    .sort((one, other) => across(one.area) - across(other.area))
    .flatMap(({ layer, area }) => layer.words(area.feature.properties));

  // --- EPCI and départements ----------------------------------------------------------------

  /** Call `fit(zoom)` when a layer comes, and at each zoom while it is there. */
  function fitted(layer, fit) {
    const follow = () => fit(atlas.map.getZoom());
    return layer.on("add", () => { follow(); atlas.map.on("zoomend", follow); })
      .on("remove", () => atlas.map.off("zoomend", follow));
  }

  async function epci() {
    const features = await file("epci");
    if (!features) return null;
    const layer = atlas.outlines(features, "communes", line("epci"));
    // 1 254 areas at full width would bury the whole country
    fitted(layer, (zoom) => {
      layer.setStyle({ weight: line("epci").weight * Math.min(1, Math.max(0.35, (zoom - 4) / (FULL - 4))) });
    });
    return atlas.named(layer, ({ name }) => [name]);
  }

  async function departements() {
    const [own, regions] = await Promise.all([file("departements"), file("regions")]);
    if (!own || !regions) return null;
    const drawn = atlas.outlines(own, "limites", line("departements"));
    const { color, weight } = line("departements");
    // régions must win
    const over = atlas.outlines(regions, "limites", { ...line("departements"), color, weight: 2 * weight });
    return L.layerGroup([atlas.named(drawn, ({ name }) => [name]), over]);
  }

  /** Give the middle of the largest part of an area. */
  function middle(geometry) {
    let best = { area: 0 };
    for (const [ring] of atlas.polygons(geometry)) {
      let [area, x, y] = [0, 0, 0];
      for (let i = 1; i < ring.length; i++) {
        const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
        const part = x0 * y1 - x1 * y0;
        area += part;
        x += (x0 + x1) * part;
        y += (y0 + y1) * part;
      }
      if (Math.abs(area) <= best.area) continue;
      best = { area: Math.abs(area), latlng: [y / (3 * area), x / (3 * area)] };
    }
    return best.latlng;
  }

  // --- communes of the département in the middle --------------------------------------------

  let asked = false;
  let current = ""; // département whose communes are drawn, or coming
  let drawn = null;

  /** Find the département under the centre; at sea, the nearest of those in sight. */
  async function departement() {
    const features = await file("departements");
    if (!features) return null;
    const here = atlas.map.getCenter();
    const under = features.find(({ geometry }) => holds(geometry, here));
    if (under) return under;
    const far = ({ geometry }) => here.distanceTo(L.latLng(middle(geometry)));
    const sight = atlas.map.getBounds();
    const seen = features.filter(({ geometry }) => sight.intersects(L.geoJSON(geometry).getBounds()));
    return seen.sort((one, other) => far(one) - far(other))[0];
  }

  async function communes() {
    const near = asked && atlas.map.getZoom() >= CLOSE;
    const under = near ? await departement() : null;
    const wanted = under ? code(under) : "";
    note(under ? under.properties.name : "zoomez pour voir les communes");
    if (wanted === current) return;
    current = wanted;
    const [features, towns] = wanted
      ? await Promise.all([file(`communes/${wanted}`), atlas.fetchJson("towns.json")]) : [];
    if (wanted !== current) return; // one went elsewhere while the file was coming
    if (wanted && !features) current = "";
    if (drawn) drawn.remove();
    drawn = features ? L.layerGroup([outlined(features, towns), edge(features)]).addTo(atlas.map) : null;
    atlas.map.getContainer().dataset.communes = current;
  }

  /** Draw communes; the labelled ones are tinted with their first programme. */
  function outlined(features, towns) {
    const masks = new Map((towns?.towns || []).map(([insee, , , , mask]) => [insee, mask]));
    const codes = towns?.programmes || [];
    const style = (feature) => {
      const first = codes.findIndex((_, i) => masks.get(code(feature)) & (1 << i));
      const tint = first < 0 ? {} : {
        fill: true, fillColor: atlas.config.marks[codes[first]].colour, fillOpacity: TINT,
      };
      return { ...line("communes"), ...tint };
    };
    const layer = atlas.outlines(features, "communes", style);
    delete layer.inset; // too fine for them
    return atlas.named(layer, ({ code: insee, name }) => [name, atlas.carried(masks.get(insee), codes)]);
  }

  /** Draw the edge of the département: the sides that two of its communes do not share. */
  function edge(features) {
    const sides = new Map();
    for (const ring of features.flatMap(({ geometry }) => atlas.polygons(geometry).flat())) {
      for (let i = 1; i < ring.length; i++) {
        const key = [ring[i - 1], ring[i]].map(String).sort().join(" ");
        if (!sides.delete(key)) sides.set(key, [ring[i - 1], ring[i]]);
      }
    }
    const lines = L.GeoJSON.coordsToLatLngs([...sides.values()], 1);
    const { color, weight } = line("departements");
    return L.polyline(lines, {
      renderer: atlas.renderer(atlas.map, "limites"), color, weight: 1.8 * weight, interactive: false, smoothFactor: 0,
    });
  }

  /** Say in the legend which communes are drawn, or how to see them. */
  function note(text) {
    const label = atlas.map.getContainer().querySelector(".va-legend [data-code=communes] .va-label");
    if (!label) return;
    label.querySelector(".va-more")?.remove();
    label.append(atlas.element("span", "va-more", text));
  }

  // --- the commune that the page is about ---------------------------------------------------

  let about = { code: null, layer: null };

  /** Outline one commune, or none. */
  atlas.outlineCommune = async (insee) => {
    if (insee === about.code) return;
    about.layer?.remove();
    about = { code: insee, layer: null };
    delete atlas.map.getContainer().dataset.outlined;
    if (!insee) return;
    const features = await file(`communes/${atlas.departementOf(insee)}`);
    if (insee !== about.code) return; // another was asked for while the file was coming
    const mine = (features || []).filter((one) => code(one) === insee);
    if (!features) about.code = null;
    if (!mine.length) return;
    const { ink } = atlas.config.palette;
    about.layer = atlas.outlines(mine, "limites", { fill: false, lineJoin: "round", color: ink, weight: 2 });
    about.layer.addTo(atlas.map);
    atlas.map.getContainer().dataset.outlined = insee;
  };

  // --- what the page asks -------------------------------------------------------------------

  const makers = { epci, departements };
  const shown = {};

  async function toggle(name, wanted) {
    const slot = (shown[name] ||= { layer: null, wanted: false });
    slot.wanted = wanted;
    if (wanted) slot.layer ||= await (slot.coming ||= makers[name]());
    slot.coming = null;
    if (!slot.layer) return;
    if (slot.wanted) slot.layer.addTo(atlas.map);
    else slot.layer.remove();
    const on = Object.keys(shown).filter((one) => shown[one].wanted && shown[one].layer);
    atlas.note("borders", on.join());
  }

  /** Show or hide the outlines among the layers asked for. */
  atlas.borders = (layers) => {
    for (const name of Object.keys(makers)) toggle(name, layers.includes(name));
    if (asked !== layers.includes("communes")) {
      asked = !asked;
      atlas.map[asked ? "on" : "off"]("moveend", communes);
    }
    communes();
  };
})(window.VilleActive);
