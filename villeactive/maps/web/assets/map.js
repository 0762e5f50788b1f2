// The atlas map on Leaflet: panes, controls, view. Text reaches the page by textContent only.
// The land: ground.js. Symbols: sites.js. Labelled towns: towns.js. Outlines on request: borders.js. The
// territory of the filters: territory.js. Overseas: insets.js. Thousands of sites: points.js. Names of
// places: names.js. Circles that stand for symbols: groups.js. Symbols spread on a click: fan.js. What the
// next click would show: ahead.js. Fingers and motion: gestures.js. The keyboard: stops.js.
// Colours and words arrive in `constants` (web.py).
"use strict";

window.VilleActive = (() => {
  // The page round this frame; this page itself when the other is on another site (an embedded file).
  const host = (() => {
    try {
      return window.parent.document ? window.parent : window;
    } catch {
      return window;
    }
  })();
  const atlas = { map: null, config: null, state: { layers: [], legend: [], focus: null } };
  // px: under WIDE the legend lies along the lower edge, so that nothing of France is under it; under
  // NARROW (a phone) the list of territories folds.
  const NARROW = 520;
  const WIDE = 1100;
  atlas.MAINLAND = 40; // degrees: north of it lies the métropole
  const NEAREST = 10; // zoom beyond which one site is not framed more closely
  const CORNERS = "<svg viewBox='0 0 16 16' width='16' height='16' aria-hidden='true' fill='none' stroke='currentColor' "
    + "stroke-width='2'><path d='M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4'/></svg>";
  const LEGEND = "Légende";
  const PATIENCE = 400; // ms before one says that a file is coming

  /** Make an element; `text` is never read as HTML. */
  atlas.element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /** Write on the map what it shows; what is said already is left alone. */
  atlas.note = (name, value) => {
    const { dataset } = atlas.map.getContainer();
    if (dataset[name] !== value) dataset[name] = value;
  };

  /** Give what the controls at the left take of the map, px. */
  atlas.controlled = () => {
    const map = atlas.map.getContainer();
    const box = map.querySelector(":scope > .leaflet-control-container > .leaflet-top.leaflet-left").getBoundingClientRect();
    return box.right - map.getBoundingClientRect().left;
  };

  /** Give the département of a commune's code. */
  atlas.departementOf = (code) => (code.startsWith("97") ? code.slice(0, 3) : code.slice(0, 2));

  // The first image of the page; a page that is not seen has none, and waits no longer.
  const image = new Promise((resume) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resume)));
    setTimeout(resume, PATIENCE);
  });

  let stands = () => {};
  /** The land and the symbols are on the screen: what comes beside them may be made. */
  atlas.drawn = new Promise((resume) => { stands = resume; });

  /** The style sheet of the map, or the lack of it: streamlit-folium does not wait for it. */
  const styled = () => new Promise((resume) => {
    const link = document.querySelector('link[rel="stylesheet"]');
    if (!link || link.sheet) resume();
    for (const end of ["load", "error"]) link?.addEventListener(end, resume);
  });

  const files = {};
  const slow = new Set(); // files that take their time
  const failed = new Set();

  /**
   * Give JSON held in the page, or fetched once on the same origin. One that takes its time is
   * announced; a failure is said on the map, gives null, and the file is asked again next time.
   * Of what one can do without (`quiet`), neither is said.
   */
  atlas.fetchJson = async (name, quiet = false) => {
    const found = await (files[name] ||= read(name, quiet));
    if (found) return found;
    delete files[name];
    if (!quiet) {
      failed.add(name);
      say();
    }
    return null;
  };

  async function read(name, quiet) {
    const held = document.getElementById(`va-file-${name}`); // a page of one file holds its data
    if (held) {
      await image; // symbols are painted first
      return JSON.parse(held.textContent);
    }
    const patience = quiet ? 0 : setTimeout(() => { slow.add(name); say(); }, PATIENCE);
    try {
      const answer = await fetch(name.includes("/points-") ? name : atlas.config.data + name);
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await (name.endsWith(".bin") ? answer.arrayBuffer() : answer.json());
      failed.delete(name);
      return found;
    } catch {
      return null;
    } finally {
      clearTimeout(patience);
      slow.delete(name);
      say();
    }
  }

  /** Say over the map which files are missing, or that one is coming. */
  function say() {
    const map = atlas.map.getContainer();
    const missing = `Données de la carte indisponibles (${[...failed].join(", ")})\u00a0: rechargez la page.`;
    const text = failed.size ? missing : "Chargement des données de la carte…";
    map.querySelector(".va-notice")?.remove();
    if (!failed.size && !slow.size) return;
    const box = atlas.element("p", "va-notice");
    box.setAttribute("role", failed.size ? "alert" : "status");
    map.append(box);
    box.textContent = text; // after it stands in the page: it is then read out
  }

  function dress(map, config) {
    const box = map.getContainer();
    for (const [name, colour] of Object.entries(config.palette)) {
      document.documentElement.style.setProperty(`--${name.replaceAll("_", "-")}`, colour);
    }
    document.documentElement.lang = "fr";
    document.documentElement.style.colorScheme = config.dark ? "dark" : "light";
    document.title = config.title;
    if (window.frameElement) window.frameElement.title = config.title;
    // folium forbids zooming the page; WCAG 1.4.4 wants it.
    for (const meta of document.querySelectorAll("meta[name=viewport]")) {
      meta.content = "width=device-width, initial-scale=1";
    }
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", config.title);
  }

  /** Write with the page's own face: a frame does not inherit it. */
  function face() {
    if (host === window) return;
    for (const sheet of host.document.styleSheets) {
      let rules = [];
      try { rules = sheet.cssRules; } catch { continue; } // a style sheet of a browser extension
      for (const { type, style } of rules) {
        if (type !== CSSRule.FONT_FACE_RULE || !/Source Sans/.test(style.fontFamily) || style.fontStyle === "italic") continue;
        const base = sheet.href || host.document.baseURI;
        const source = style.src.replace(/url\("?([^")]+)"?\)/g, (_, path) => `url("${new URL(path, base).href}")`);
        const made = new FontFace("Source Sans", source, { weight: style.fontWeight || "400" });
        document.fonts.add(made);
        made.load().catch(() => {});
      }
    }
  }

  // Land under every symbol whatever arrives first: without its own pane it paints over them.
  const PANES = { fond: 250, territoires: 300, communes: 310, limites: 320, voile: 345, noms: 347, villes: 350 };

  atlas.panes = (map) => {
    for (const [name, level] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = level;
      map.getPane(name).style.pointerEvents = "none";
    }
  };

  const BEYOND = 0.4; // of the frame, drawn round it: one moves the map over what is drawn

  // Few shapes, always there: without a graphics card the browser copies each canvas of the page anew at
  // every image, whatever changed. The others hold hundreds of shapes, or signs.
  const FEW = new Set(["fond", "limites", "voile"]);

  /** Draw beyond the frame, which the first image goes without: a third of the pixels. */
  function widen(renderer) {
    renderer.options.padding = BEYOND;
    if (renderer._map) renderer._update();
  }

  /** Give what draws a pane: one for each map, of its `Kind`. */
  atlas.renderer = (map, pane, Kind = FEW.has(pane) ? L.SVG : L.Canvas) => {
    map.renderers ||= {};
    if (!map.renderers[pane]) {
      const renderer = new Kind({ pane, padding: 0 });
      map.renderers[pane] = renderer;
      if (map === atlas.map) atlas.drawn.then(() => widen(renderer));
    }
    return map.renderers[pane];
  };

  /** Draw outlines in a pane; the insets get those that lie there. */
  atlas.outlines = (features, pane, style, Kind) => {
    const drawn = (map, some) => L.geoJSON(some, {
      interactive: false,
      smoothFactor: 0.5,
      style: (feature) => ({
        renderer: atlas.renderer(map, pane, Kind), ...(typeof style === "function" ? style(feature) : style),
      }),
    });
    const layer = drawn(atlas.map, features);
    layer.inset = (map, bounds) => {
      const near = layer.getLayers().filter((one) => bounds.intersects(one.getBounds()));
      return near.length ? drawn(map, near.map(({ feature }) => feature)) : null;
    };
    return layer;
  };

  /** Tell that the land and the symbols stand: at once to the page round, here once they are seen. */
  function announce() {
    // the answer takes longer than the image
    host.villeactive = { ...host.villeactive, drawn: true };
    host.dispatchEvent(new Event("villeactive-drawn"));
    requestAnimationFrame(() => setTimeout(stands));
    setTimeout(stands, PATIENCE); // a page that is not seen has no image
  }

  /** A control that folds: a summary button and its content. */
  atlas.folding = (position, className, label, fill) => {
    const { map } = atlas;
    const control = L.control({ position });
    control.onAdd = () => {
      const box = atlas.element("details", `va-box ${className}`);
      box.open = label === LEGEND || map.getContainer().clientWidth >= NARROW;
      box.append(atlas.element("summary", "", label), atlas.element("div", "va-content"));
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      fill(box.lastChild);
      return box;
    };
    return control.addTo(map);
  };

  /** Write a number as French does. */
  atlas.figure = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");

  /** Draw a constant sign made by symbols.py. */
  atlas.sign = (svg) => {
    const box = atlas.element("span", "va-sign");
    box.setAttribute("aria-hidden", "true");
    box.innerHTML = svg;
    return box;
  };

  atlas.legend = () => {
    const content = atlas.map.getContainer().querySelector(".va-legend .va-content");
    if (!content) return;
    const list = atlas.element("ul");
    const circles = atlas.groupRow();
    if (circles) list.append(circles);
    let group = null;
    const stoodFor = atlas.stoodFor();
    for (const [code, count, whole] of atlas.state.legend) {
      const entry = atlas.config.legend[code];
      if (!entry || stoodFor(code)) continue;
      const row = atlas.element("li");
      row.dataset.code = code;
      if (entry.group !== group && group !== null) row.className = "va-next";
      group = entry.group;
      const label = atlas.element("span", "va-label", entry.label);
      if (entry.title) label.title = entry.title;
      row.append(atlas.sign(entry.svg), label);
      const unit = entry.unit ? `\u00a0${entry.unit}` : "";
      const rest = whole === undefined ? unit : `\u00a0sur\u00a0${atlas.figure(whole)}`;
      if (count !== null) row.append(atlas.element("span", "va-count", atlas.figure(count) + rest));
      list.append(row);
    }
    const shown = content.querySelector("ul");
    if (!shown.isEqualNode(list)) shown.replaceWith(list);
  };

  /** Fit the map to the sites that match: those of the métropole when there are some. */
  function frameSelection() {
    const own = atlas.entries.filter(({ state }) => state !== "faded").map(({ latlng }) => latlng);
    const places = [...own, ...atlas.pointPlaces()];
    const near = places.filter(([lat]) => lat > atlas.MAINLAND);
    const shown = near.length ? near : places;
    if (shown.length) atlas.fit(L.latLngBounds(shown).pad(atlas.narrow ? 0.3 : 0.08), NEAREST);
    else atlas.home();
  }

  /** Add a button to those of the zoom, and give it. */
  atlas.barButton = (bar, name, words, act) => {
    const button = atlas.element("a", name);
    Object.assign(button, { href: "#", title: words });
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", words);
    L.DomEvent.disableClickPropagation(button);
    L.DomEvent.on(button, "click", (event) => { L.DomEvent.preventDefault(event); act(); });
    L.DomEvent.on(button, "keydown", (event) => {
      if (event.key !== " ") return;
      L.DomEvent.stop(event); // a link is followed by Enter alone
      act();
    });
    bar.append(button);
    return button;
  };

  function controls(map, config) {
    if (config.compact) return;
    const zoom = L.control.zoom({ position: "topleft", zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(map);
    const bar = zoom.getContainer();
    atlas.barButton(bar, "va-frame", "Cadrer sur la sélection", frameSelection).append(atlas.sign(CORNERS));
    atlas.namesChoice(bar);
    atlas.overseas(map);
    L.control.attribution({ position: "bottomright", prefix: false }).addAttribution(config.credit).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    atlas.folding("bottomleft", "va-legend", LEGEND, (content) => content.append(atlas.element("ul")));
  }

  // --- view: pan and zoom -------------------------------------------------------------------

  const rounded = (value, digits) => String(Number(value.toFixed(digits)));

  /** Pan and zoom as `lat,lon,zoom`, for the address. */
  atlas.view = () => {
    const { lat, lng } = atlas.map.getCenter();
    return [rounded(lat, 4), rounded(lng, 4), rounded(atlas.map.getZoom(), 2)].join(",");
  };

  function parsed(text) {
    const [lat, lon, zoom] = (text || "").split(",").map(Number);
    const sound = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 18;
    return sound ? [[lat, lon], zoom] : null;
  }

  // The page's window outlives this frame when one goes to another page and comes back; its
  // address is read once: afterwards what the reader did last is what he finds again.
  function restored() {
    const asked = new URLSearchParams(host.location.search).get("view");
    const memory = host.villeactive || {};
    const fresh = asked !== memory.asked ? parsed(asked) : null;
    host.villeactive = { ...memory, asked };
    return { view: fresh || parsed(memory.view), fresh, goal: memory.goal, left: memory.land };
  }

  /** Whether the map was removed, while something it waited for was coming. */
  atlas.gone = () => !atlas.map.getPane("mapPane");

  /** Lay the controls along the edges of a middling frame; give the room they take. */
  function edges() {
    const { map, config } = atlas;
    const box = map.getContainer();
    const width = box.clientWidth;
    const along = width < WIDE;
    box.classList.toggle("va-along", along);
    if (atlas.narrow !== width < NARROW) {
      atlas.narrow = width < NARROW;
      box.classList.toggle("va-narrow", atlas.narrow);
      for (const fold of box.querySelectorAll("details.va-territories")) fold.open = !atlas.narrow;
    }
    const height = (name) => (along && box.querySelector(name)?.offsetHeight) || 0;
    const legendHeight = height(".va-legend");
    const insets = config.compact ? { left: 0, bottom: 0 } : atlas.layOverseas(width, box.clientHeight - legendHeight);
    const room = { left: insets.left, top: atlas.narrow ? 0 : height(".va-territories"), bottom: legendHeight + insets.bottom };
    for (const [name, size] of Object.entries({ ...room, legend: legendHeight })) {
      box.style.setProperty(`--va-${name}`, `${size}px`);
    }
    return room;
  }

  /** Fit the main map to bounds, beside what lies along its edges; no nearer than `most`. */
  atlas.fit = (bounds, most) => {
    const { left, top, bottom } = edges();
    const scale = bottom && 22; // px of the scale bar, beside Corsica
    const margin = atlas.narrow ? 4 : 8;
    atlas.map.fitBounds(bounds, {
      animate: false,
      maxZoom: most,
      paddingTopLeft: [margin + left, margin + top],
      paddingBottomRight: [margin, margin + bottom + scale],
    });
  };

  function place(map, { compact }, clothes) {
    const { view, fresh, goal, left } = compact ? {} : restored();
    let asked = view; // until the territory changes
    let framed = false; // true once it did
    let settled = false; // true once the map has been moved otherwise than by this
    let settling = false;
    let fitted = null; // frame and room along its edges with which the view was set
    let seen = false;
    let dressed = false;
    atlas.drawn.then(() => { seen = true; });
    // Once it is seen, the map stays where it is when the legend shrinks with a filter: its land is not
    // drawn anew. Before, it follows every change.
    const holds = (now) => {
      if (!fitted || !now.size.equals(fitted.size)) return false;
      return ["left", "top", "bottom"].every((edge) => (seen ? now[edge] <= fitted[edge] : now[edge] === fitted[edge]));
    };
    const settle = () => {
      if (atlas.gone()) return;
      const { clientWidth, clientHeight } = map.getContainer();
      // nothing has its size yet, or no longer: a frame about to go would leave half a frame to the next
      if (!dressed || !clientWidth || !clientHeight) return;
      // asked without need, Leaflet rounds the centre to a pixel: the view would creep
      if (!map.getSize().equals([clientWidth, clientHeight])) map.invalidateSize({ pan: settled });
      const now = { ...edges(), size: map.getSize() };
      atlas.writeNames();
      if (settled || holds(now)) return;
      fitted = now;
      const { focus } = atlas.state;
      settling = true;
      // without `reset` Leaflet pans to the nearest pixel, and the view is no longer the one shared
      if (asked) map.setView(...asked, { animate: false, reset: true });
      else if (focus && !framed) map.setView([focus[1], focus[0]], focus[2], { animate: false });
      else atlas.home();
      settling = false;
    };
    atlas.settle = settle;
    map.on("movestart", () => { settled ||= !settling; });
    atlas.focus = (first) => {
      const { focus } = atlas.state;
      // a view in the address comes first, and what the reader left of a place already reached
      if (!focus || (first && view && (fresh || goal === JSON.stringify(focus)))) return;
      settled = true;
      map.setView([focus[1], focus[0]], focus[2], { animate: false });
    };
    // A view in the address, and what the reader left of the same territory, come first.
    atlas.frame = (first) => {
      if (first && (fresh || (left || "") === atlas.nameOf(atlas.state.land))) return;
      asked = null;
      framed = !first;
      settled = false;
      fitted = null;
      settle();
    };
    clothes.then(() => { dressed = true; settle(); });
    // The controls along the edges grow and shrink; a hidden tab opens at 0 × 0.
    const watcher = new ResizeObserver(settle);
    for (const box of [map.getContainer(), ...map.getContainer().querySelectorAll(".va-box")]) watcher.observe(box);
    for (const gesture of ["pointerdown", "wheel", "keydown"]) {
      map.getContainer().addEventListener(gesture, () => { settled = true; }, { passive: true });
    }
    if (compact) return;
    const remember = () => { host.villeactive = { ...host.villeactive, view: atlas.view() }; };
    map.on("moveend", remember);
    remember();
  }

  // --- what the page asks -------------------------------------------------------------------

  let online = null; // the only thing that ever leaves the machine, and only when asked

  const ONLINE = "Plan IGN, en ligne";

  /** Keep our own ground, and say so, as long as not one tile comes. */
  function reached(map, came) {
    if (failed.has(ONLINE) !== came) return;
    if (came) failed.delete(ONLINE);
    else failed.add(ONLINE);
    map.getPane("fond").style.display = came ? "none" : "";
    atlas.writeNames();
    say();
  }

  function background(map, wanted) {
    map.getPane("fond").style.display = wanted && !failed.has(ONLINE) ? "none" : "";
    map.options.zoomSnap = wanted ? 1 : atlas.snap; // tiles are sharp at whole zooms only
    if (wanted && !online) {
      const { url, credit } = atlas.config.online;
      let some = false;
      online = L.tileLayer(url, { maxZoom: 18, attribution: credit });
      online.on("tileload", () => { some = true; reached(map, true); });
      online.on("tileerror", () => { if (!some) reached(map, false); });
      online.addTo(map);
      map.setZoom(Math.round(map.getZoom()), { animate: false });
    } else if (!wanted && online) {
      online.remove();
      online = null;
      if (failed.delete(ONLINE)) say();
    }
  }

  let ring = null;

  /** Ring the place that the page asks for: a commune may hold no symbol. */
  function ringed(focus) {
    const at = focus ? L.latLng(focus[1], focus[0]) : null;
    if (ring && at?.equals(ring.getLatLng())) return;
    ring?.remove();
    const style = { pane: "villes", radius: 20, weight: 2.5, color: atlas.config.palette.ink, fill: false, interactive: false };
    ring = at && L.circleMarker(at, style).addTo(atlas.map);
  }

  atlas.ringed = () => ring;

  /**
   * Take the page's state: layers shown, rows of the legend, a target, a territory; `group` holds the
   * sites. What is shown already is left alone: the page may only confirm what was foreseen (ahead.js).
   */
  atlas.show = (state, group = atlas.group) => {
    const before = JSON.stringify(atlas.state.focus);
    const land = atlas.nameOf(atlas.state.land);
    const first = !atlas.asked;
    atlas.closeFan();
    const changed = group !== atlas.group;
    Object.assign(atlas, { state, group, asked: true });
    if (changed) atlas.hold(group);
    atlas.holdPoints(state.points || null);
    atlas.legend();
    background(atlas.map, state.layers.includes("plan-ign"));
    atlas.towns(state.layers, state.towns);
    atlas.areas(state.layers);
    atlas.borders(state.layers);
    atlas.closeCard();
    atlas.settle(); // the legend has its rows, hence its height
    atlas.regroup();
    if (first || atlas.nameOf(state.land) !== land) atlas.frame(first);
    if (JSON.stringify(state.focus) !== before) atlas.focus(first);
    atlas.veil(state);
    atlas.outlineCommune(state.commune || null);
    atlas.writeNames();
    if (atlas.config.compact) return;
    ringed(state.focus);
    host.villeactive = { ...host.villeactive, goal: JSON.stringify(state.focus), land: atlas.nameOf(state.land) };
  };

  /**
   * Keep streamlit-folium (0.27.4) silent until a symbol is clicked. It would tell the page « nothing
   * clicked » as soon as the map stands: that runs the page again for nothing and, told just as the
   * reader opens another page, it draws this one into that one, which Streamlit (1.67) does not survive.
   * Clicks are counted from the clock: those of two frames are never taken for one another.
   */
  function hush() {
    const told = window.__GLOBAL_DATA__;
    if (!told) return; // a page of one file
    told.last_object_clicked_count = Date.now();
    told.previous_data = { ...told.previous_data, last_object_clicked_count: told.last_object_clicked_count };
  }

  // Leaflet (1.9.3) takes the keyboard on a click and lets the browser scroll the map into view: the
  // button is then released beside the symbol, and the click is lost.
  L.Map.Keyboard.include({
    _onMouseDown() {
      if (!this._focused) this._map.getContainer().focus({ preventScroll: true });
    },
  });

  // Leaflet (1.9.3) moves each symbol by translate3d, which gives it a layer of its own to compose: the
  // symbols of a pane are painted together, and take a layer only while the map zooms.
  const { _setPos: put } = L.Marker.prototype;
  L.Marker.include({
    _setPos(point) {
      put.call(this, point);
      this._icon.style.transform = `translate(${point.x}px, ${point.y}px)`;
    },
  });

  // Leaflet (1.9.3) leaves a drawing between two pixels after a view is set, and its lines are blurred: at
  // rest, it lies where it was drawn.
  const { _updateTransform: turn } = L.Renderer.prototype;
  L.Renderer.include({
    _updateTransform(center, zoom) {
      turn.call(this, center, zoom);
      if (zoom === this._zoom && center.equals(this._center)) L.DomUtil.setPosition(this._container, this._bounds.min);
    },
  });

  // Leaflet (1.9.3) draws at once when a view is set, and forgets the frame that it had asked for: it can
  // then no longer call it off when the map is removed, and draws on a canvas that is gone.
  const { _redraw: redraw } = L.Canvas.prototype;
  L.Canvas.include({
    _redraw() {
      if (this._ctx) redraw.call(this);
    },
  });

  /** Start on the map that folium made; `atlas.constants` are in the page before it. */
  atlas.start = (asked, map) => {
    hush();
    const own = asked.own ? atlas.decoded(asked.own) : {}; // what the files served do not hold
    const signs = { ...atlas.constants.signs, ...own.signs };
    const config = { ...atlas.constants, ...own, signs, ...asked };
    Object.assign(atlas, { map, config, snap: map.options.zoomSnap });
    const clothes = styled();
    const coming = Promise.all([atlas.land(), clothes]).then(([found]) => found); // drawn once, at its place
    dress(map, config);
    face();
    atlas.panes(map);
    atlas.watchGroups(map);
    atlas.watchNames(map);
    atlas.watchPiles(map);
    atlas.watchPoints(map);
    atlas.watchGestures(map);
    atlas.watchStops(map);
    controls(map, config);
    place(map, config, clothes);
    atlas.hover(map);
    atlas.ground(map, config, coming).finally(announce);
  };

  return atlas;
})();
