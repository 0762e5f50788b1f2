// Symbols of the projects: made once each, kept from one selection to the next; hover card, keyboard.
"use strict";

((atlas) => {
  let card = null;
  let refocus = null; // the symbol opened from the keyboard takes the focus back once redrawn

  /** Decode what text.py could not trust: base64 of JSON in UTF-8. */
  function decoded(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  atlas.decoded = decoded;

  /** Name the programmes of a project's town, shortly. */
  function carried(mask) {
    const codes = atlas.config.programmes.filter((_, i) => mask & (1 << i));
    return codes.length ? `Programmes\u00a0: ${codes.map((code) => atlas.config.legend[code].short).join(", ")}` : "";
  }

  /** What is said of a site: its own words, its sign's, its programmes. */
  atlas.siteLines = (icon, words, mask) => [...words, icon.what, carried(mask)];

  const SMALL = 0.62; // of the symbols in an inset

  let copies = null; // stands on the map for the symbols that insets show

  const CROWD = 24; // symbols in an inset: with more, one circle stands for them

  /** Draw in an inset those of the sites that lie there, or how many projects they are. */
  function copied(some, bounds) {
    if (atlas.tellsOverseas()) return atlas.copyTold(bounds);
    const there = some.filter(({ latlng }) => bounds.contains(latlng));
    if (there.length > CROWD) {
      const projects = new Set(there.filter(({ departement }) => departement).map(({ id }) => id));
      return atlas.crowd(bounds.getCenter(), projects.size);
    }
    const made = there.map(({ icon, row: [, , , , dx], latlng }) => {
      const iconAnchor = [icon.side / 2 - dx * SMALL, icon.side / 2];
      const small = L.divIcon({ html: icon.html, className: "va-inset-sign", iconSize: [icon.side, icon.side], iconAnchor });
      return L.marker(latlng, { icon: small, interactive: false, keyboard: false, zIndexOffset: icon.level });
    });
    return made.length ? L.layerGroup(made) : null;
  }

  const WIDE = 280; // px, a wide card
  const EDGE = 4; // px left between a card and the edge of the map

  /** Tell on which side the card has room: above where it can, else away from the edge. */
  function side(latlng) {
    const { x, y } = atlas.map.latLngToContainerPoint(latlng);
    const width = atlas.map.getSize().x;
    // the controls and the insets stand over the card
    const held = width > 2 * WIDE ? atlas.controlled() : 0;
    if (x < held + WIDE / 2 && x + WIDE < width) return "right";
    if (x > width - WIDE / 2 && x - WIDE > held) return "left";
    return y < 120 ? "bottom" : "top";
  }

  /** Open the hover card by a place, `gap` px away, aside by [dx, dy] px; lines are set as text. */
  atlas.openCard = (latlng, lines, gap, [dx, dy] = [0, 0]) => {
    atlas.closeCard();
    const direction = side(latlng);
    const away = { top: [dx, dy - gap], bottom: [dx, dy + gap], left: [dx - gap, dy], right: [dx + gap, dy] };
    const offset = away[direction];
    const box = atlas.element("div", "va-lines");
    for (const line of lines.filter(Boolean)) box.append(atlas.element("span", "", line.replaceAll("'", "\u2019")));
    card = L.tooltip({ direction, offset, className: "va-card", opacity: 1 });
    card.setLatLng(latlng).setContent(box).addTo(atlas.map);
    keepInside(offset);
  };

  /** Push the open card aside when it leaves a narrow map. */
  function keepInside([dx, dy]) {
    const shown = card.getElement().getBoundingClientRect();
    const frame = atlas.map.getContainer().getBoundingClientRect();
    const aside = Math.max(frame.left + EDGE - shown.left, Math.min(0, frame.right - EDGE - shown.right));
    if (!aside) return;
    card.options.offset = L.point(dx + aside, dy);
    card.getElement().classList.add("va-aside");
    card.update();
  }

  /** Move the open card along; false when it has to open anew, on its other side. */
  atlas.moveCard = (latlng) => {
    const same = card?.options.direction === side(latlng);
    if (same) card.setLatLng(latlng);
    return same;
  };

  atlas.closeCard = () => {
    if (card) card.remove();
    card = null;
  };

  function listen(marker, lines, gap) {
    const { id } = marker;
    const open = () => {
      const [x, y] = marker.shift || [0, 0];
      atlas.openCard(marker.getLatLng(), lines, gap, [marker.aside + x, y]);
    };
    marker.on("mouseover", open).on("mouseout", atlas.closeCard);
    marker.on("add", () => {
      const element = marker.getElement();
      element.setAttribute("aria-label", lines.filter(Boolean).join(", "));
      element.dataset.id = id;
      element.classList.toggle("sa-open", id === atlas.opened);
      element.addEventListener("focus", () => { if (element.matches(":focus-visible")) open(); });
      element.addEventListener("blur", atlas.closeCard);
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        refocus = id;
        marker.fire("click", { latlng: marker.getLatLng() }, true);
      });
      if (refocus === id) {
        refocus = null;
        element.focus({ preventScroll: true });
      }
    });
  }

  /** Make the symbol of a row. */
  function symbol(icon, [id, , , text, dx, mask], latlng) {
    const half = icon.side / 2;
    const marker = L.marker(latlng, {
      icon: L.divIcon({
        html: icon.html,
        className: `va-site va-${icon.state}`,
        iconSize: [icon.side, icon.side],
        iconAnchor: [half - dx, half],
      }),
      keyboard: true,
      riseOnHover: true,
      zIndexOffset: icon.level,
    });
    Object.assign(marker, { id, aside: dx });
    listen(marker, atlas.siteLines(icon, typeof text === "string" ? decoded(text) : text, mask), half - 4);
    return marker;
  }

  /**
   * Take the sites of one theme, kind and state. `code` names a constant sign {html, side, level,
   * state, what}; `rows`: [id, lon, lat, text, dx, programmes, departement] each; bit i of `programmes`
   * stands for `config.programmes[i]`; `departement` is empty for a site that does not count.
   */
  atlas.sites = (group, code, rows) => { (group.parts ||= []).push({ code, rows }); };

  /** The sites of the selection in drawing order, each with its symbol once it was shown. */
  atlas.entries = [];

  let making = null; // the entry whose symbol is being made
  let seenAfar = ""; // what the insets show

  /** Hold a row of the sign `code`; its symbol is made when it is shown (showSite). */
  atlas.entry = (key, code, row) => {
    const [id, lon, lat, , , , departement] = row;
    const icon = atlas.config.signs[code];
    return { key, icon, row, id, latlng: [lat, lon], departement, state: icon.state, marker: null, shown: false };
  };

  /** Hold the sites of a group: the symbols of those that stay are left alone. */
  atlas.hold = ({ parts = [] } = {}) => {
    atlas.symbols ||= L.geoJSON(null, {
      pointToLayer: (_, latlng) => (making.marker = symbol(making.icon, making.row, latlng)),
    }).addTo(atlas.map);
    const before = new Map(atlas.entries.map((one) => [one.key, one]));
    atlas.entries = parts.flatMap(({ code, rows }) => rows.map((row) => {
      const key = `${code}|${row.join("|")}`;
      const kept = before.get(key);
      before.delete(key);
      return kept || atlas.entry(key, code, row);
    }));
    for (const gone of before.values()) atlas.showSite(gone, false);
    queueMicrotask(() => { refocus = null; }); // the symbols are shown by then
    atlas.mirrorAfar();
  };

  /** Give to the insets what lies there. */
  atlas.mirrorAfar = () => {
    const afar = [...atlas.entries.filter(({ latlng: [lat] }) => lat < atlas.MAINLAND), ...atlas.pointsAfar()];
    // whoever told them, in whatever order
    const words = `${afar.map(({ key }) => key).sort().join()} ${atlas.tellsOverseas() ? atlas.state.figures : ""}`;
    if (words === seenAfar) return;
    seenAfar = words;
    copies?.remove();
    copies = L.layerGroup();
    copies.inset = (map, bounds) => copied(afar, bounds);
    copies.addTo(atlas.map);
  };

  /** Show or hide the symbol of a site; it is made when first shown: thousands may stay behind circles. */
  atlas.showSite = (one, shown) => {
    if (one.shown === shown) return;
    one.shown = shown;
    if (one.marker) {
      atlas.symbols[shown ? "addLayer" : "removeLayer"](one.marker);
    } else {
      const { id, latlng: [lat, lon] } = one;
      making = one;
      atlas.symbols.addData({ type: "Feature", properties: { id }, geometry: { type: "Point", coordinates: [lon, lat] } });
    }
  };
})(window.VilleActive);
