// Points (points.js) under the pointer, the finger and the keyboard: a card, the project opened, a fan of some, a
// list of more. What is opened, and where the keyboard stands, are symbols of the page, as elsewhere (sites.js).
"use strict";

((atlas) => {
  const { points } = atlas;
  const REACH = 12; // px round the pointer in which a sign answers
  const BUSY = "button, a, .va-box, .va-site, .va-circle"; // what answers by itself

  let extra = []; // entries of the points that were opened
  let box = null; // the list that is open
  let cursor = null; // {unit, marker}: the keyboard's stop
  let pointed = null; // the unit under the pointer

  const said = (count) => `${atlas.figure(count)}\u00a0projets`;
  const placeOf = ({ first }) => L.latLng(...points.latlng(first));
  const typographic = (text) => text.replaceAll("'", "\u2019");

  /** Give the unit drawn under a place of the layer: the nearest, of those the one on top. */
  function under({ x, y }) {
    let found = null;
    let least = Infinity;
    for (const one of points.drawn) {
      const far = Math.hypot(one.x - x, one.y - y);
      if (far <= Math.max(REACH, one.reach) && far < least) [found, least] = [one.unit, far];
    }
    return found;
  }

  /** What a card, or a reader of the screen, says of a unit; null when it cannot be had. */
  async function lines({ count, first }) {
    const found = await points.words([first]);
    if (!found) return null;
    const [[, ...words]] = found;
    return count === 1 ? atlas.siteLines(points.signOf(first), words, points.programmes(first)) : [words[1], said(count)];
  }

  async function hover(unit) {
    if (unit === pointed) return;
    if (pointed) atlas.closeCard();
    pointed = unit;
    atlas.map.getContainer().classList.toggle("va-pointed", Boolean(unit));
    const told = unit && await lines(unit);
    if (told && unit === pointed) atlas.openCard(placeOf(unit), told, points.sign(unit).side / 2 - 2);
  }

  /** Make symbols of the page of some points. */
  async function symbols(ranks) {
    const asked = points.asked();
    const found = await points.words(ranks);
    if (!found || asked !== points.asked()) return [];
    points.close();
    extra = ranks.map((rank, i) => {
      const [lat, lon] = points.latlng(rank);
      const [id, ...words] = found[i];
      return atlas.entry(`point ${rank}`, points.codeOf(rank), [id, lon, lat, words, 0, points.programmes(rank), ""]);
    });
    for (const one of extra) atlas.showSite(one, true);
    return extra.map(({ marker }) => marker);
  }

  /** Open a project: its symbol is clicked as any other. */
  async function openOne(rank) {
    const [marker] = await symbols([rank]);
    marker?.fire("click", { latlng: marker.getLatLng() }, true);
  }

  async function open(unit) {
    hover(null);
    if (unit.count === 1) openOne(unit.first);
    else if (unit.count <= atlas.FANNED) atlas.fanOut(await symbols(unit.ranks));
    else list(unit);
  }

  /** List the projects of one point, where a fan has no room. */
  async function list({ first, ranks }) {
    const found = await points.words(ranks);
    if (!found) return;
    points.close();
    const [, , town] = found[ranks.indexOf(first)];
    box = atlas.element("section", "va-box va-listed");
    box.setAttribute("role", "dialog");
    const title = atlas.element("h2", "", typographic(`${town}\u00a0: ${said(ranks.length)}`));
    box.setAttribute("aria-label", title.textContent);
    const shut = atlas.element("button", "va-shut", "×");
    shut.setAttribute("aria-label", "Fermer la liste");
    shut.addEventListener("click", leave);
    const items = atlas.element("ul");
    const order = ranks.map((rank, i) => [rank, typographic(found[i][1])]);
    for (const [rank, name] of order.sort(([, one], [, other]) => one.localeCompare(other, "fr", { numeric: true }))) {
      const item = atlas.element("li");
      const button = atlas.element("button", "", name);
      button.addEventListener("click", () => openOne(rank));
      item.append(button);
      items.append(item);
    }
    box.append(title, shut, items);
    for (const button of box.querySelectorAll("button")) button.type = "button";
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    atlas.map.getContainer().append(box);
    items.querySelector("button").focus({ preventScroll: true });
  }

  /** Shut the list from within: the keyboard goes back to the map. */
  function leave() {
    points.close();
    (cursor?.marker.getElement() || atlas.map.getContainer()).focus({ preventScroll: true });
  }

  /** Put away what was opened: the list, symbols of a fan. */
  points.close = () => {
    box?.remove();
    box = null;
    const gone = extra;
    extra = [];
    for (const one of gone) atlas.showSite(one, false);
  };

  /** Stand on a unit: over its sign, an element of the page that the keyboard reaches and nothing shows but the focus. */
  function standOn(unit) {
    const { side } = points.sign(unit);
    const icon = L.divIcon({ className: "va-site va-cursor", iconSize: [side, side] });
    const marker = L.marker(placeOf(unit), { icon, interactive: false, keyboard: false });
    const before = cursor?.marker;
    cursor = { unit, marker };
    marker.addTo(atlas.map);
    before?.remove();
    const element = marker.getElement();
    element.setAttribute("role", "button");
    const told = lines(unit).then((found) => {
      if (found) element.setAttribute("aria-label", found.filter(Boolean).join(", "));
      return found;
    });
    element.addEventListener("focus", async () => {
      const found = await told;
      if (found && document.activeElement === element) atlas.openCard(placeOf(unit), found, side / 2 - 2);
    });
    element.addEventListener("blur", atlas.closeCard);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      L.DomEvent.stop(event);
      open(unit);
    });
    return element;
  }

  const inFrame = ({ x, y }) => {
    const at = atlas.map.layerPointToContainerPoint([x, y]);
    const size = atlas.map.getSize();
    return at.x >= 0 && at.y >= 0 && at.x <= size.x && at.y <= size.y;
  };

  /** Keep one stop in sight: the one that stands, else the nearest to the middle. */
  points.settle = () => {
    const here = points.drawn.filter(inFrame);
    if (cursor && here.some(({ unit }) => unit === cursor.unit)) return;
    const focused = cursor && document.activeElement === cursor.marker.getElement();
    if (!here.length) {
      cursor?.marker.remove();
      cursor = null;
      return;
    }
    const middle = atlas.map.containerPointToLayerPoint(atlas.map.getSize().divideBy(2));
    const far = ({ x, y }) => Math.hypot(x - middle.x, y - middle.y);
    const element = standOn(here.reduce((one, other) => (far(other) < far(one) ? other : one)).unit);
    if (focused) element.focus({ preventScroll: true });
  };

  /** The units that arrows reach: [what takes the focus, x, y], px of the frame. */
  atlas.pointStops = () => points.drawn.filter((one) => one.unit !== cursor?.unit && inFrame(one)).map(({ unit, x, y }) => {
    const at = atlas.map.layerPointToContainerPoint([x, y]);
    return [{ getElement: () => standOn(unit) }, at.x, at.y];
  });

  points.listen = (map) => {
    const free = ({ originalEvent: { target } }) => points.drawn.length && !target.closest(BUSY);
    map.on("mousemove", (event) => hover(free(event) ? under(event.layerPoint) : null));
    map.on("mouseout", () => hover(null));
    map.on("click", (event) => {
      const unit = free(event) && under(event.layerPoint);
      if (unit) open(unit);
      else points.close();
    });
    map.getContainer().addEventListener("keydown", (event) => { if (event.key === "Escape" && box) leave(); });
  };
})(window.VilleActive);
