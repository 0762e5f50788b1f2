// Thousands of sites: their columns (points.py), fetched once; words by blocks, when they are asked for. A selection
// is a set of bits; what stands on one point is one unit. Drawn by points_canvas.js, reached by points_reach.js.
"use strict";

((atlas) => {
  const LEVEL = 5000; // of what stands for several, over every sign
  const NONE = { count: 0, lat: [], departement: [], departements: [] };

  let asked = null; // {folder, plain, faded}: what the page shows, null for no point
  let folder = ""; // of the columns held
  let all = NONE; // these columns
  let state = new Uint8Array(0); // of each point: 0 hidden, 1 plain, 2 faded
  let hidden = false; // circles stand for the points that count
  let rows = null; // of the points that count, for who counts them

  const latlng = (rank) => [all.lat[rank] / 1e5, all.lon[rank] / 1e5];
  const codeOf = (rank) => `${all.signs[all.sign[rank]]}|${state[rank] === 1 ? "plain" : "faded"}`;
  const signOf = (rank) => atlas.config.signs[codeOf(rank)];
  const departementOf = (rank) => (state[rank] === 1 && all.departements[all.departement[rank] - 1]) || "";
  const ranks = (keep) => [...state.keys()].filter(keep);

  /** What is shown, for the canvas and who reaches it. A unit: {at, first, count, faded, ranks, level}, `at` a point. */
  const points = { units: [], latlng, codeOf, signOf, changed() {}, close() {} };
  atlas.points = points;

  /** Give where a unit stands, zoom 0. */
  points.x = ({ at }) => all.x[at];
  points.y = ({ at }) => all.y[at];
  points.programmes = (rank) => all.programmes[rank];
  points.asked = () => asked;

  /** Read the columns (points.py says their order); points of one place share `at`. */
  function read(buffer) {
    const size = new Uint32Array(buffer, 0, 1)[0];
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
    let start = 4 + size;
    const column = (Kind) => {
      const values = new Kind(buffer, start, head.count);
      start += values.byteLength;
      return values;
    };
    const found = {
      ...head, lon: column(Int32Array), lat: column(Int32Array), project: column(Uint32Array),
      programmes: column(Uint32Array), sign: column(Uint16Array), departement: column(Uint16Array), at: new Int32Array(head.count),
    };
    const [x, y] = [[], []];
    for (let rank = 0; rank < found.count; rank += 1) {
      if (!rank || found.lon[rank] !== found.lon[rank - 1] || found.lat[rank] !== found.lat[rank - 1]) {
        const point = atlas.map.project([found.lat[rank] / 1e5, found.lon[rank] / 1e5], 0);
        x.push(point.x);
        y.push(point.y);
      }
      found.at[rank] = x.length - 1;
    }
    return { ...found, x: Float64Array.from(x), y: Float64Array.from(y) };
  }

  const blocks = new Map(); // words by block, once asked for

  /** Give [project, title, town] of points; null when they cannot be had. */
  points.words = async (some) => {
    const from = folder;
    const wanted = [...new Set(some.map((rank) => Math.floor(rank / all.block)))];
    const found = await Promise.all(wanted.map((block) => {
      if (!blocks.has(block)) blocks.set(block, atlas.fetchJson(`${from}words-${block}.json`));
      return blocks.get(block);
    }));
    if (from !== folder || atlas.gone()) return null;
    wanted.forEach((block, i) => { if (!found[i]) blocks.delete(block); });
    if (found.some((block) => !block)) return null;
    return some.map((rank) => found[wanted.indexOf(Math.floor(rank / all.block))][rank % all.block]);
  };

  function bits(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return (rank) => (bytes[rank >> 3] >> (rank & 7)) & 1;
  }

  /** Take the page's answer: which points show. */
  function take() {
    const [plain, faded] = [bits(asked?.plain || ""), bits(asked?.faded || "")];
    state = new Uint8Array(all.count);
    for (let rank = 0; rank < all.count; rank += 1) state[rank] = plain(rank) ? 1 : faded(rank) ? 2 : 0;
    rows = null;
    gather();
    atlas.mirrorAfar();
  }

  /** Gather in units what stands on one point; several sites of one project are one there. */
  function gather() {
    if (!all.count) return;
    const units = [];
    let one = null;
    let last = -1;
    for (let rank = 0; rank < all.count; rank += 1) {
      const stands = state[rank] === 2 || all.departement[rank];
      if (!state[rank] || (hidden && stands)) continue;
      if (!one || one.at !== all.at[rank]) {
        one = { at: all.at[rank], first: rank, count: 1, faded: state[rank] === 2, ranks: [rank] };
        units.push(one);
      } else if (all.project[rank] !== last) {
        one.count += 1;
        one.ranks.push(rank);
        if (one.faded && state[rank] === 1) Object.assign(one, { first: rank, faded: false });
      }
      last = all.project[rank];
    }
    for (const unit of units) unit.level = unit.count > 1 ? LEVEL : signOf(unit.first).level;
    points.units = units.sort((some, other) => some.level - other.level); // lower ones stay in their order
    points.changed();
  }

  /** Show which points the page asks for, once their columns have come; null for none. */
  atlas.holdPoints = async (told) => {
    points.close();
    if (JSON.stringify(told) === JSON.stringify(asked)) return;
    asked = told;
    if (!told || told.folder === folder) {
      take();
      return;
    }
    const file = await atlas.fetchJson(`${told.folder}points.bin`);
    if (asked !== told || !file || atlas.gone()) return;
    all = read(file);
    folder = told.folder;
    blocks.clear();
    take();
    atlas.legend();
    atlas.regroup();
  };

  /** Leave to circles what they stand for, or show all. */
  atlas.showPoints = (behind) => {
    if (hidden === behind) return;
    hidden = behind;
    points.close();
    gather();
  };

  /** The points that count, one row each: {id, latlng, departement}. */
  atlas.pointRows = () => {
    rows ||= ranks(departementOf).map((rank) => ({ id: all.project[rank], latlng: latlng(rank), departement: departementOf(rank) }));
    return rows;
  };

  /** Where the points lie that match. */
  atlas.pointPlaces = () => ranks((rank) => state[rank] === 1).map(latlng);

  /** What insets show of the points, as entries (sites.js). */
  atlas.pointsAfar = () => ranks((rank) => state[rank] && all.lat[rank] < atlas.MAINLAND * 1e5).map((rank) => ({
    key: `${rank}|${state[rank]}`, id: all.project[rank], latlng: latlng(rank), icon: signOf(rank), row: [, , , , 0],
    departement: departementOf(rank),
  }));
})(window.VilleActive);
