// The overseas territories at first sight: five small live maps beside the métropole, or buttons on
// a phone. Each is one button that moves the main map.
//
// Contract. An inset shows what the main map shows when the layer gives a copy of itself: a layer
// with a method `inset(map, bounds)` is asked for one per inset when it joins the main map, and its
// copies leave with it. `inset` answers with a Leaflet layer for the inset `map`, holding only what
// lies in `bounds` and catching no pointer, or with null. A layer without this method stays on the
// main map alone: hover cards, aggregate circles, tiles. Panes have the same names on every map.
"use strict";

((atlas) => {
  const METROPOLE = [[41.35, -5.1], [51.08, 9.55]];
  const TERRITORIES = [
    ["Guadeloupe", "Aller en Guadeloupe", [[15.8, -61.85], [16.55, -60.95]]],
    ["Martinique", "Aller en Martinique", [[14.36, -61.26], [14.92, -60.78]]],
    ["Guyane", "Aller en Guyane", [[2.05, -54.7], [5.85, -51.5]]],
    ["La Réunion", "Aller à La Réunion", [[-21.42, 55.18], [-20.84, 55.87]]],
    ["Mayotte", "Aller à Mayotte", [[-13.03, 45.0], [-12.6, 45.33]]],
  ];
  const ASPECT = 1.044; // width of the métropole for a height of 1
  const COLUMN = 112; // px that a column of insets takes at the left, with its margins
  const STRIP = 104; // px that a row of insets takes at the bottom
  const LEAST = 60; // px: a column of lower insets would show nothing

  /** Move the main map to its territory, the métropole else, beside what lies along the edges. */
  atlas.home = () => atlas.fit(atlas.state.land?.[2] ?? METROPOLE);

  function button(className, text, bounds, label) {
    const made = atlas.element("button", className, text);
    made.type = "button";
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", () => atlas.fit(bounds));
    made.bounds = L.latLngBounds(bounds);
    return made;
  }

  /** The buttons of a narrow frame: they fold once one has chosen. */
  function buttons() {
    atlas.folding("topright", "va-territories", "Territoires", (content) => {
      content.append(button("", "Métropole", METROPOLE));
      for (const [name, , bounds] of TERRITORIES) content.append(button("", name, bounds));
      content.addEventListener("click", () => { if (atlas.narrow) content.parentElement.open = false; });
    });
  }

  /** The place of a small map: a button. */
  function place(box, [name, label, bounds]) {
    const frame = button("va-inset", undefined, bounds, label);
    const ground = atlas.element("span", "va-inset-map");
    ground.setAttribute("aria-hidden", "true");
    frame.append(ground, atlas.element("span", "va-inset-name", name));
    box.append(frame);
    return { ground, bounds };
  }

  /** One small map in its place; it is drawn once it has a size. */
  function small({ ground, bounds }) {
    const map = L.map(ground, {
      attributionControl: false, zoomControl: false, dragging: false, scrollWheelZoom: false,
      doubleClickZoom: false, boxZoom: false, touchZoom: false, keyboard: false,
      fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false,
      trackResize: false, zoomSnap: 0, maxZoom: 18,
    });
    atlas.panes(map);
    new ResizeObserver(() => {
      if (!ground.clientWidth || !ground.clientHeight) return;
      map.invalidateSize({ pan: false });
      // the name lies under the territory
      map.fitBounds(bounds, { animate: false, paddingTopLeft: [3, 3], paddingBottomRight: [3, 17] });
    }).observe(ground);
    return { map, bounds: L.latLngBounds(bounds).pad(0.25) };
  }

  /** Give to the insets what the main map shows. */
  function mirror(main, insets) {
    const copies = new Map();
    const copy = (layer) => {
      if (!layer.inset) return;
      copies.set(layer, insets.map(({ map, bounds }) => layer.inset(map, bounds)?.addTo(map)));
    };
    main.eachLayer(copy);
    main.on("layeradd", ({ layer }) => copy(layer));
    main.on("layerremove", ({ layer }) => {
      for (const made of copies.get(layer) || []) made?.remove();
      copies.delete(layer);
    });
  }

  /** Mark the territory that the main map shows. */
  function follow(main, marked) {
    main.on("moveend", () => {
      const here = main.getCenter();
      for (const one of marked) {
        if (one.bounds.pad(0.3).contains(here)) one.setAttribute("aria-current", "true");
        else one.removeAttribute("aria-current");
      }
    });
  }

  atlas.overseas = (main) => {
    buttons();
    const box = atlas.element("div", "va-insets");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Territoires");
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    box.append(button("va-home", "Métropole", METROPOLE, "Revenir à la métropole"));
    main.getContainer().append(box);
    const places = TERRITORIES.map((territory) => place(box, territory));
    atlas.drawn.then(() => mirror(main, places.map(small)));
    atlas.oneStop(box);
    follow(main, main.getContainer().querySelectorAll(".va-territories button, .va-insets button"));
  };

  let laid = {};

  /**
   * Lay the insets where the métropole stays largest; give the pixels they take. In a frame that keeps
   * its size they stay where they are, though the legend grows or shrinks with the selection.
   */
  atlas.layOverseas = (width, height) => {
    const box = atlas.map.getContainer();
    const frame = box.clientHeight;
    const beside = Math.min((width - COLUMN) / ASPECT, height);
    const under = Math.min(width / ASPECT, height - STRIP);
    const shown = !atlas.narrow && height >= TERRITORIES.length * LEAST;
    const same = laid.width === width && laid.frame === frame;
    const column = shown && (same ? laid.column : beside >= under);
    if (shown) laid = { width, frame, column };
    box.classList.toggle("va-column", column);
    box.classList.toggle("va-strip", shown && !column);
    return { left: column ? COLUMN : 0, bottom: shown && !column ? STRIP : 0 };
  };
})(window.VilleActive);
