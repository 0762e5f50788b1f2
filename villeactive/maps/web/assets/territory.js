// The territory that the filters hold the page to: outlined, the rest of the land faded. `state.land` is
// [kind, codes, box], `state.shape` the outline of EPCI, which no file of the map holds, and `state.within`
// tells the towns there (territory.py).
"use strict";

((atlas) => {
  const FILES = { region: "regions", departement: "departements" };
  const FADING = 0.66; // of the rest
  atlas.AWAY = 0.4; // opacity of a town of the rest: it stands over what fades the land
  const WORLD = [[-85, -540], [85, -540], [85, 540], [-85, 540]];
  const rings = ({ type, coordinates }) => (type === "Polygon" ? coordinates : coordinates.flat());

  /** Tell one territory from another; none is empty. */
  atlas.nameOf = (land) => (land ? JSON.stringify(land) : "");

  /** Tell whether a labelled town stands in the territory. */
  atlas.isHeld = (code) => {
    const { departements, communes } = atlas.state.within || {};
    return (!departements || departements.includes(atlas.departementOf(code))) && (!communes || communes.includes(code));
  };

  async function outlines([kind, codes], shape) {
    if (shape || !FILES[kind]) return shape ? [shape] : [];
    const features = (await atlas.fetchJson(`${FILES[kind]}.geojson`))?.features || [];
    return features.filter(({ properties }) => codes.includes(properties.code)).map(({ geometry }) => geometry);
  }

  let shown = { name: "", layer: null };
  let towns = ""; // those that are not faded

  /** Outline the territory of the state, and fade the rest; none leaves the map as it is. */
  atlas.veil = async ({ land, shape, within = {} }) => {
    if (JSON.stringify(within) !== towns) {
      towns = JSON.stringify(within);
      atlas.map.renderers?.villes?._updatePaths();
    }
    const name = atlas.nameOf(land) + (shape ? " +" : "");
    if (name === shown.name) return;
    shown.layer?.remove();
    shown = { name, layer: null };
    atlas.map.getContainer().classList.toggle("va-held", Boolean(land));
    const found = land ? await outlines(land, shape) : [];
    if (name !== shown.name) return; // asked otherwise while the file was coming
    if (found.length) {
      const holes = found.flatMap(rings).map((ring) => L.GeoJSON.coordsToLatLngs(ring));
      const style = { renderer: atlas.renderer(atlas.map, "voile"), interactive: false, smoothFactor: 0.5 };
      const { sea, ink, land: colour } = atlas.config.palette;
      // the land round EPCI is drawn from afar: theirs is finer
      const own = { renderer: atlas.renderer(atlas.map, "fond"), stroke: false, fillColor: colour, fillOpacity: 1 };
      shown.layer = L.layerGroup([
        ...(shape ? [L.polygon(holes, { ...style, ...own })] : []),
        // of the colour of the sea, which stays as it is
        L.polygon([WORLD, ...holes], { ...style, stroke: false, fillColor: sea, fillOpacity: FADING }),
        L.polygon(holes, { ...style, fill: false, color: ink, weight: 1.6, lineJoin: "round" }),
      ]).addTo(atlas.map);
    }
    atlas.note("territory", found.length ? land[1].join() : "");
  };
})(window.VilleActive);
