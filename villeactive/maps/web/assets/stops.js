// Few stops of the keyboard in the map: Tab reaches the symbols once and the territories once, the
// arrows go from one to the next in their direction.
"use strict";

((atlas) => {
  const SYMBOLS = ".va-site, .va-circle";
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const ASIDE = 2; // what lies aside counts as much farther

  const symbols = new Set(); // markers on the map that the keyboard reaches
  let due = null; // timer of the next settling

  const stops = (marker, wanted) => { marker.getElement().tabIndex = wanted ? 0 : -1; };
  const isStop = (marker) => marker.getElement().tabIndex === 0;

  /** Have one symbol as the stop: the one that has the focus, else one in sight, the open one first. */
  function settle() {
    due = null;
    if (atlas.gone()) return;
    const all = [...symbols];
    const seen = atlas.map.getBounds();
    const worth = (marker) => {
      const element = marker.getElement();
      if (element === document.activeElement) return 4;
      return (seen.contains(marker.getLatLng()) ? 2 : 0) + (element.matches(".va-selected") ? 1 : 0) + (isStop(marker) ? 0.5 : 0);
    };
    const best = all.reduce((one, other) => (!one || worth(other) > worth(one) ? other : one), null);
    for (const marker of all) if (isStop(marker) !== (marker === best)) stops(marker, marker === best);
    atlas.note("stops", best ? "one" : "none");
  }

  function later() {
    due ??= setTimeout(settle);
  }

  /** Give what comes next in a direction among [thing, x, y] rows, from a place; or nothing. */
  function next(rows, [x, y], [dx, dy]) {
    let found = null;
    let least = Infinity;
    for (const [thing, tx, ty] of rows) {
      const along = (tx - x) * dx + (ty - y) * dy;
      const aside = Math.abs((tx - x) * dy) + Math.abs((ty - y) * dx);
      const far = along + ASIDE * aside;
      if (along > 0 && far < least) [found, least] = [thing, far];
    }
    return found;
  }

  function at(marker) {
    const { x, y } = atlas.map.latLngToContainerPoint(marker.getLatLng());
    const [dx, dy] = marker.shift || [0, 0];
    return [x + dx + (marker.aside || 0), y + dy];
  }

  function stepped(event) {
    const step = STEPS[event.key];
    const here = event.target.closest?.(SYMBOLS);
    if (!step || !here) return;
    L.DomEvent.stop(event);
    const all = [...symbols];
    const from = all.find((marker) => marker.getElement() === here);
    const rows = [...all.filter((marker) => marker !== from).map((marker) => [marker, ...at(marker)]), ...atlas.pointStops()];
    next(rows, at(from), step)?.getElement().focus({ preventScroll: true });
  }

  atlas.watchStops = (map) => {
    const box = map.getContainer();
    map.on("layeradd", ({ layer }) => {
      const element = layer instanceof L.Marker && layer.getElement();
      if (!element || !element.matches(SYMBOLS)) return;
      symbols.add(layer);
      stops(layer, false);
      later();
    });
    map.on("layerremove", ({ layer }) => { if (symbols.delete(layer)) later(); });
    map.on("moveend", later);
    map.on("unload", () => clearTimeout(due)); // a map that is removed has no places
    box.addEventListener("keydown", stepped, true);
    box.addEventListener("focusin", ({ target }) => {
      const found = [...symbols].find((marker) => marker.getElement() === target);
      if (!found) return;
      for (const marker of symbols) stops(marker, marker === found);
    });
    box.setAttribute("aria-description", "Les flèches vont d’un symbole à l’autre.");
  };

  /** Make one stop of a row of buttons. */
  atlas.oneStop = (box) => {
    const all = () => [...box.querySelectorAll("button")];
    const choose = (chosen) => { for (const one of all()) one.tabIndex = one === chosen ? 0 : -1; };
    choose(all()[0]);
    box.addEventListener("focusin", ({ target }) => choose(target));
    box.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      L.DomEvent.stop(event);
      all()[all().indexOf(document.activeElement) + step[0] + step[1]]?.focus();
    });
  };
})(window.VilleActive);
