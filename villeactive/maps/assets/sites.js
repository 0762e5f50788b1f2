// Symbols of the projects: one L.geoJSON per theme × kind × state, hover card, keyboard.
"use strict";

((atlas) => {
  let card = null;
  let refocus = null; // the symbol opened from the keyboard takes the focus back once redrawn

  /** Decode what text.py could not trust: base64 of a UTF-8 JSON list of strings. */
  function decoded(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  /** Name the programmes of a project's town, shortly. */
  function carried(mask) {
    const codes = atlas.config.programmes.filter((_, i) => mask & (1 << i));
    return codes.length ? `Programmes\u00a0: ${codes.map((code) => atlas.config.legend[code].short).join(", ")}` : "";
  }

  const SMALL = 0.62; // of the symbols in an inset

  /** Draw in an inset the sites of a group that lie there: all of them, aggregated or not. */
  function copied(parts, bounds) {
    const [west, south, east, north] = bounds.toBBoxString().split(",").map(Number);
    const made = parts.flatMap(({ icon, rows }) => rows
      .filter(([, lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north)
      .map(([, lon, lat, , dx]) => {
        const iconAnchor = [icon.side / 2 - dx * SMALL, icon.side / 2];
        const small = L.divIcon({ html: icon.html, className: "va-inset-sign", iconSize: [icon.side, icon.side], iconAnchor });
        return L.marker([lat, lon], { icon: small, interactive: false, keyboard: false, zIndexOffset: icon.level });
      }));
    return made.length ? L.layerGroup(made) : null;
  }

  /** Tell on which side the card has room: above where it can, else away from the edge. */
  function side(latlng) {
    const { x, y } = atlas.map.latLngToContainerPoint(latlng);
    if (x < 140) return "right";
    if (x > atlas.map.getSize().x - 140) return "left";
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
  };

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
    listen(marker, [...decoded(text), icon.what, carried(mask)], half - 4);
    return marker;
  }

  /**
   * Take the sites of one theme, kind and state; groups.js shows them, or circles for them.
   * `code` names a constant sign {html, side, level, state, what}; `rows`: [id, lon, lat, text, dx, programmes,
   * departement] each; bit i of `programmes` stands for `config.programmes[i]`; `departement` is
   * empty for a site that does not count. A symbol is made when it is first shown: thousands may
   * stay behind circles.
   */
  atlas.sites = (group, code, rows) => {
    const icon = atlas.config.signs[code];
    const parts = (group.parts ||= []);
    const markers = new Array(rows.length).fill(null);
    let rank = 0; // of the row that is being made
    const pointToLayer = (_, latlng) => (markers[rank] = symbol(icon, rows[rank], latlng));
    const layer = L.geoJSON(null, { pointToLayer }).addTo(group);
    const show = (i, shown) => {
      const marker = markers[i];
      if (!marker && shown) {
        const [id, lon, lat] = rows[i];
        rank = i;
        layer.addData({ type: "Feature", properties: { id }, geometry: { type: "Point", coordinates: [lon, lat] } });
      } else if (marker && shown !== layer.hasLayer(marker)) {
        layer[shown ? "addLayer" : "removeLayer"](marker);
      }
    };
    parts.push({ icon, rows, layer, show });
    group.inset = (map, bounds) => copied(parts, bounds);
  };
})(window.VilleActive);
