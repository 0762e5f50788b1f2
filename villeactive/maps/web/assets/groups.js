// Circles that stand for symbols seen from afar: by région, by département, then the symbols.
// Counting is done here, on the rows of the sites and of towns.json, but for what the server tells
// (figures.js); divisions.json tells where the territories lie. Circles are no Leaflet targets, so that none counts as a click on a project.
"use strict";

((atlas) => {
  const MANY = 100; // sites: with more, circles come without being asked for
  const LEVELS = [["regions", 6.7], ["departements", 8.7]]; // each is drawn below this zoom
  const COUNTRY = 5.5; // zoom at which radii are those of symbols.py
  const WIDEST = 60; // px, radius of the largest circle, however near
  const TARGET = 24; // px, least side of what one touches
  const GAP = 2; // px between two circles
  const ROUNDS = 60;
  const NOUNS = { projects: ["projet", "projets"], towns: ["commune labellisée", "communes labellisées"] };
  const LEGEND = { projects: "Projets", towns: "Communes labellisées" };
  const hides = (what) => Boolean(what) && what !== "towns"; // the symbols of projects
  const UNIT = { regions: "région", departements: "département" };

  let divisions = null; // territories by level and code, once fetched
  let layer = null; // circles on the map
  let plan = ""; // of these circles
  let signature = "";

  const { figure } = atlas;
  const said = (what, count) => `${figure(count)}\u00a0${NOUNS[what][count < 2 ? 0 : 1]}`;
  const counted = () => [...atlas.entries.filter(({ departement }) => departement), ...atlas.pointRows()];

  /** What circles stand for now and at which level, or null when symbols stand alone. */
  function wanted() {
    if (atlas.config.compact || atlas.state.group === "none") return null;
    if (atlas.told()) {
      const level = atlas.levelTold(atlas.map.getZoom(), LEVELS);
      return level ? { what: atlas.state.group, level, told: true } : null;
    }
    const level = LEVELS.find(([, below]) => atlas.map.getZoom() < below)?.[0];
    if (!level) return null;
    if (atlas.state.group) return { what: atlas.state.group, level };
    return counted().length > MANY ? { what: "projects", level } : null;
  }

  /** Show the symbols but those that circles stand for; an open project and cited places stay. */
  function showSites(hidden) {
    for (const one of atlas.entries) {
      const stands = one.departement || one.state === "faded";
      const open = one.state === "selected" || one.id === atlas.opened;
      atlas.showSite(one, !hidden || !stands || open);
    }
    atlas.showPoints(hidden);
  }

  async function territories() {
    if (divisions) return divisions;
    const file = await atlas.fetchJson("divisions.json");
    if (!file) return null;
    const byCode = (rows) => new Map(rows.map(([code, name, lon, lat, [west, south, east, north], region]) => (
      [code, { code, name, region, anchor: [lat, lon], bounds: [[south, west], [north, east]] }])));
    divisions = { regions: byCode(file.regions), departements: byCode(file.departements) };
    return divisions;
  }

  /** What counts, one row a site or a town: {id, latlng, departement}. */
  function countable(what) {
    if (what === "projects") return counted();
    return atlas.shownTowns()
      .filter(({ code }) => atlas.isHeld(code))
      .map(({ code, latlng }) => ({ id: code, latlng, departement: atlas.departementOf(code) }));
  }

  /** Count by territory; a project with several sites in one counts once there. */
  function counts({ what, level, told }) {
    if (told) return atlas.inSight(atlas.rowsTold(level, divisions));
    const found = new Map();
    for (const { id, latlng, departement } of countable(what)) {
      const code = level === "regions" ? divisions.departements.get(departement)?.region : departement;
      const territory = divisions[level].get(code);
      if (!territory) continue;
      if (!found.has(code)) found.set(code, { ...territory, ids: new Set(), points: [] });
      found.get(code).ids.add(id);
      found.get(code).points.push(latlng);
    }
    const rows = [...found.values()].sort((one, other) => (one.code < other.code ? -1 : 1));
    return rows.map((one) => {
      const { code, ids } = one;
      const value = ids.size;
      return { ...one, key: [code, ...[...ids].sort()], value, short: figure(value), lines: [said(what, value)] };
    });
  }

  /** The symbols still in sight, as discs that circles keep off; too many leave no room for it. */
  function obstacles(zoom) {
    const found = atlas.entries.filter(({ shown }) => shown).map(({ marker, icon, latlng }) => {
      const { x, y } = atlas.map.project(latlng, zoom);
      return { x: x + marker.aside, y, reach: icon.side / 2 };
    });
    return found.length > MANY ? [] : found;
  }

  /** Push overlapping discs {x, y, reach} apart and off `fixed` ones, always in the same way. */
  function spread(discs, fixed) {
    for (let round = 0; round < ROUNDS; round += 1) {
      let moved = false;
      discs.forEach((one, i) => [...discs.slice(i + 1), ...fixed].forEach((other, j) => {
        const movable = j < discs.length - i - 1;
        const [dx, dy] = [other.x - one.x, other.y - one.y];
        const far = Math.hypot(dx, dy);
        const lack = one.reach + other.reach + GAP - far;
        if (lack < 0.01) return;
        const [ux, uy] = far ? [dx / far, dy / far] : [1, 0];
        const part = movable ? 0.5 : 1;
        one.x -= ux * lack * part;
        one.y -= uy * lack * part;
        if (movable) {
          other.x += ux * lack * part;
          other.y += uy * lack * part;
        }
        moved = true;
      }));
      if (!moved) return;
    }
  }

  function disc(radius) {
    const { colour, width, tint, opacity } = atlas.config.circle;
    const made = atlas.element("span", "va-disc");
    Object.assign(made.style, { width: `${2 * radius}px`, height: `${2 * radius}px`, opacity });
    made.style.border = `${width}px solid ${colour}`;
    made.style.background = `color-mix(in srgb, ${colour} ${100 * tint}%, var(--paper))`;
    return made;
  }

  /** Give the radius of the largest circle of a level at a zoom. */
  function largest(level, zoom) {
    const { radii } = atlas.config.circle;
    return Math.min(WIDEST, radii[level === "regions" ? "region" : "departement"] * 2 ** ((zoom - COUNTRY) / 2));
  }

  /** Give the radius of a value on the map as it stands. */
  const sized = (level, most) => {
    const whole = largest(level, atlas.map.getZoom());
    return (value) => Math.max(atlas.config.circle.least, whole * Math.sqrt(value / most));
  };

  /** The circle of an inset that stands for its symbols: how many they are, or what they have. */
  atlas.crowd = (place, told, radius = atlas.config.circle.radii.departement) => {
    const words = typeof told === "number" ? figure(told) : told;
    const box = atlas.element("span", "va-round");
    const number = atlas.element("span", "va-number", words);
    const size = words.length > 3 ? 10 : 12;
    number.style.fontSize = `${size}px`;
    number.classList.toggle("va-beside", words.length * size * 0.55 > 1.7 * radius);
    box.append(disc(radius), number);
    const icon = L.divIcon({ html: box, className: "va-inset-crowd", iconSize: [2 * radius, 2 * radius] });
    return L.marker(place, { icon, interactive: false, keyboard: false });
  };

  /** Zoom to a territory, at least to where the next level begins. */
  function reach({ level, told }, { bounds, points, anchor }) {
    const least = told && atlas.told().fixed ? atlas.endTold(level) : LEVELS.find(([name]) => name === level)[1];
    if (bounds) atlas.fit(bounds);
    // too large a territory for the frame: go where something is
    const there = points ? L.latLngBounds(points).getCenter() : anchor;
    if (!bounds || atlas.map.getZoom() < least) atlas.map.setView(there, least, { animate: false });
  }

  function listen(element, marker, mode, found, radius) {
    const words = found.lines.join(", ");
    const open = () => atlas.openCard(marker.getLatLng(), [found.name, ...found.lines], radius);
    element.dataset.code = found.code;
    element.setAttribute("aria-label", `${found.name}\u00a0: ${words.replace("\u00a0", " ")}`);
    element.addEventListener("mouseenter", open);
    element.addEventListener("mouseleave", atlas.closeCard);
    element.addEventListener("focus", () => { if (element.matches(":focus-visible")) open(); });
    element.addEventListener("blur", atlas.closeCard);
    element.addEventListener("dblclick", L.DomEvent.stop);
    element.addEventListener("click", (event) => {
      L.DomEvent.stop(event);
      if (!event.detail || !atlas.map.dragging.moved()) reach(mode, found); // not the end of a drag
    });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      L.DomEvent.stop(event);
      reach(mode, found);
    });
  }

  /** Tell how a figure is written: its size, whether beside its circle, and how far it goes there. */
  function writing(words, radius) {
    const size = Math.min(15, Math.max(11, radius * 0.9));
    const width = words.length * size * 0.55;
    return { size, width, beside: width > 1.7 * radius };
  }

  /** Tell which figures would be written over another circle or figure, the largest coming first. */
  function unread(discs, found) {
    const taken = discs.map(({ x, y, radius }, i) => ({ i, left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
    const left = new Set();
    const order = [...discs.keys()].sort((one, other) => discs[other].radius - discs[one].radius);
    for (const i of order) {
      const { x, y, radius } = discs[i];
      const { size, width, beside } = writing(found[i].short, radius);
      if (!beside) continue;
      const box = { i, left: x + radius, right: x + radius + width, top: y - size / 2, bottom: y + size / 2 };
      const meets = (one) => one.i !== i && one.left < box.right && box.left < one.right && one.top < box.bottom && box.top < one.bottom;
      if (taken.some(meets)) left.add(i);
      else taken.push(box);
    }
    return left;
  }

  function circle(mode, found, { place, radius, read }) {
    const side = Math.max(TARGET, Math.ceil(2 * radius));
    const box = atlas.element("span", "va-round");
    const { size, beside } = writing(found.short, radius);
    const number = atlas.element("span", "va-number", found.short);
    number.style.fontSize = `${size}px`;
    if (beside) {
      number.classList.add("va-beside");
      number.style.left = `calc(50% + ${radius + 2}px)`;
    }
    box.append(disc(radius), ...(read ? [number] : []));
    const icon = L.divIcon({ html: box, className: "va-circle", iconSize: [side, side] });
    const marker = L.marker(place, { icon, pane: "cercles", interactive: false });
    marker.on("add", () => listen(marker.getElement(), marker, mode, found, radius));
    return marker;
  }

  function draw(mode) {
    const { map } = atlas;
    const zoom = map.getZoom();
    const found = counts(mode);
    const most = mode.told ? atlas.mostTold(mode.level) : Math.max(1, ...found.map(({ value }) => value));
    const radiusOf = sized(mode.level, most);
    const discs = found.map(({ anchor, value }) => {
      const { x, y } = map.project(anchor, zoom);
      const radius = radiusOf(value);
      return { x, y, radius, reach: Math.max(TARGET / 2, radius) };
    });
    spread(discs, obstacles(zoom));
    const wanted = JSON.stringify([mode, zoom, discs, found.map(({ key }) => key)]);
    if (layer && wanted === plan) return layer;
    plan = wanted;
    const { ink_soft: ink } = atlas.config.palette;
    const made = L.layerGroup();
    const over = mode.told ? unread(discs, found) : new Set();
    found.forEach((one, i) => {
      const { x, y, radius } = discs[i];
      const place = map.unproject([x, y], zoom);
      if (map.project(one.anchor, zoom).distanceTo([x, y]) > radius) {
        made.addLayer(L.polyline([one.anchor, place], { pane: "traits", weight: 1, color: ink, interactive: false }));
      }
      made.addLayer(circle(mode, one, { place, radius, read: !over.has(i) }));
    });
    return made;
  }

  function replace(made) {
    if (made === layer) return;
    const { activeElement } = document;
    const held = activeElement?.closest(".va-circle")?.dataset.code;
    layer?.remove();
    layer = made;
    made?.addTo(atlas.map);
    if (!held) return; // the keyboard stays where it was, else on the map
    const box = atlas.map.getContainer();
    const same = box.querySelector(`.va-circle[data-code="${held}"]`);
    (same || box).focus({ preventScroll: true });
  }

  /** Name the programmes whose towns are counted: those of the layers shown. */
  function namedTowns({ what }) {
    const { legend, programmes } = atlas.config;
    const codes = what === "towns" ? programmes.filter((code) => atlas.state.layers.includes(code)) : [];
    const named = codes.filter((code) => atlas.config.marks[code].shape !== "hatch").map((code) => legend[code].short);
    return named.length ? ` (${named.join(", ")})` : "";
  }

  /** Give the legend's row of the circles, or null. */
  atlas.groupRow = () => {
    const mode = atlas.state.layers ? wanted() : null;
    const empty = atlas.told() && atlas.emptyTold(); // said all the same
    if (!mode && !empty) return null;
    const row = atlas.element("li");
    row.dataset.code = "group";
    const sign = atlas.element("span", "va-sign");
    sign.setAttribute("aria-hidden", "true");
    sign.append(disc(9));
    const label = atlas.element("span", "va-label");
    row.append(sign, label);
    if (empty || mode.told) {
      atlas.describeTold(row, label, mode && { level: mode.level, radius: sized(mode.level, atlas.mostTold(mode.level)), disc });
      return row;
    }
    label.textContent = `${LEGEND[mode.what]}${namedTowns(mode)} par ${UNIT[mode.level]}`;
    if (mode.what === "projects") label.title = "Un projet mené en plusieurs territoires compte dans chacun.";
    return row;
  };

  /** Give what tells the legend's rows whose signs circles stand for; insets and an open project keep theirs. */
  atlas.stoodFor = () => {
    const what = atlas.state.layers && wanted()?.what;
    const { legend, marks } = atlas.config;
    if (what === "towns") return (code) => Boolean(marks[code]) && marks[code].shape !== "hatch";
    const seen = !hides(what) || atlas.opened
      || atlas.entries.some(({ departement, state }) => (departement?.startsWith("97") && !atlas.tellsOverseas()) || state === "selected")
      || (atlas.pointsAfar().length && !atlas.tellsOverseas());
    return (code) => !seen && legend[code].group < 2 && !legend[code].apart;
  };

  /** Draw circles or symbols as the state and the zoom want them. */
  atlas.regroup = async () => {
    const mode = wanted();
    const hidden = mode?.what;
    showSites(hides(hidden));
    atlas.map.getPane("villes").style.display = hidden === "towns" ? "none" : "";
    const words = mode ? `${mode.what}:${mode.level}` : "";
    if (signature !== words) {
      signature = words;
      atlas.legend();
    }
    if (mode && !(await territories())) return;
    if (atlas.gone()) return;
    const now = wanted(); // the zoom may have changed while the file was coming
    if (JSON.stringify(now) !== JSON.stringify(mode)) return;
    replace(mode ? draw(mode) : null);
    if (mode?.told) atlas.legend(); // its sizes follow the zoom
    atlas.writeNames();
    atlas.note("group", words);
  };

  /** Follow the zoom. */
  atlas.watchGroups = (map) => {
    map.createPane("traits").style.zIndex = 580;
    map.createPane("cercles").style.zIndex = 590;
    map.on("zoomend", () => { if (atlas.asked) atlas.regroup(); });
    map.on("moveend", () => { if (atlas.asked && atlas.followsSight()) atlas.regroup(); });
  };
})(window.VilleActive);
