// Symbols that fall on one another: a click spreads them round their middle, a second one opens the
// project. The order follows their true places, never chance. The keyboard opens directly.
"use strict";

((atlas) => {
  const APART = 24; // px between two centres: closer, one cannot tell which symbol was meant
  const SPACING = 30; // px between two symbols once spread
  const RINGS = [10, 16]; // how many symbols each ring holds
  const MOST = RINGS[0] + RINGS[1];
  atlas.FANNED = MOST;
  const MARGIN = 22; // px round the outer ring

  let open = null; // {members, layer} while a fan is open

  const onMap = () => atlas.entries.filter(({ shown }) => shown).map(({ marker }) => marker);
  const placeOf = (marker) => atlas.map.latLngToContainerPoint(marker.getLatLng()).add([marker.aside, 0]);

  /** Gather the symbols that touch one, those that touch these and so on, nearest first. */
  function pile(first) {
    const rest = onMap().filter((marker) => marker !== first).map((marker) => ({ marker, at: placeOf(marker) }));
    const found = [{ marker: first, at: placeOf(first) }];
    for (let i = 0; i < found.length && found.length < MOST; i += 1) {
      const near = rest.filter(({ at }) => at.distanceTo(found[i].at) < APART - 0.5);
      near.sort((one, other) => one.at.distanceTo(found[i].at) - other.at.distanceTo(found[i].at));
      for (const one of near.slice(0, MOST - found.length)) {
        found.push(one);
        rest.splice(rest.indexOf(one), 1);
      }
    }
    return found;
  }

  const radiusOf = (count) => Math.max(SPACING, SPACING / (2 * Math.sin(Math.PI / count)));

  /** Give each symbol of a pile its place on the rings, in the order of their bearings. */
  function arranged(found) {
    const middle = found.reduce((sum, { at }) => sum.add(at), L.point(0, 0)).divideBy(found.length);
    const bearing = ({ at }) => Math.atan2(at.y - middle.y, at.x - middle.x);
    found.sort((one, other) => bearing(one) - bearing(other) || (one.marker.id < other.marker.id ? -1 : 1));
    const inner = found.slice(0, RINGS[0]);
    const outer = found.slice(RINGS[0]);
    const radius = radiusOf(inner.length);
    const reach = (outer.length ? radius + SPACING : radius) + MARGIN;
    const size = atlas.map.getSize();
    const kept = (value, most) => Math.min(Math.max(value, reach), Math.max(reach, most - reach));
    const centre = L.point(kept(middle.x, size.x), kept(middle.y, size.y));
    const start = bearing(found[0]);
    const put = (some, r) => some.forEach((one, i) => {
      const angle = start + (2 * Math.PI * i) / some.length;
      one.to = centre.add([r * Math.cos(angle), r * Math.sin(angle)]);
    });
    put(inner, radius);
    put(outer, radius + SPACING);
    return { centre, reach };
  }

  function spread(found) {
    const { map } = atlas;
    const { palette } = atlas.config;
    const { centre, reach } = arranged(found);
    const latlng = (point) => map.containerPointToLatLng(point);
    const style = { pane: "eventail", interactive: false, color: palette.ink_soft };
    const plate = L.circleMarker(latlng(centre), {
      ...style, radius: reach, weight: 1, opacity: 0.5, fillColor: palette.paper, fillOpacity: 0.85,
    });
    const layer = L.layerGroup([plate]);
    for (const { marker, at, to } of found) {
      layer.addLayer(L.polyline([latlng(at), latlng(to)], { ...style, weight: 1.2 }));
      layer.addLayer(L.circleMarker(latlng(at), { ...style, radius: 2.5, weight: 0, fillColor: palette.ink, fillOpacity: 1 }));
      const element = marker.getElement();
      marker.shift = [to.x - at.x, to.y - at.y];
      element.style.translate = `${marker.shift[0]}px ${marker.shift[1]}px`;
      element.classList.add("va-spread");
    }
    open = { members: found.map(({ marker }) => marker), layer: layer.addTo(map) };
    map.getContainer().dataset.fan = String(found.length);
    map.getContainer().classList.add("va-fanned");
  }

  /** Put the symbols back to their places. */
  atlas.closeFan = () => {
    if (!open) return;
    for (const marker of open.members) {
      marker.shift = null;
      const element = marker.getElement();
      if (!element) continue;
      element.style.translate = "";
      element.classList.remove("va-spread");
    }
    open.layer.remove();
    open = null;
    atlas.closeCard();
    delete atlas.map.getContainer().dataset.fan;
    atlas.map.getContainer().classList.remove("va-fanned");
    atlas.points.close();
  };

  /** Spread symbols that stand on one point. */
  atlas.fanOut = (markers) => { if (markers.length) spread(markers.map((marker) => ({ marker, at: placeOf(marker) }))); };

  /** Spread the pile under a click before Leaflet hears of it. */
  function clicked(event) {
    const element = event.target.closest(".va-site");
    if (!element || (event.detail && atlas.map.dragging.moved())) return;
    const marker = onMap().find((one) => one.getElement() === element);
    if (!marker || open?.members.includes(marker)) return;
    atlas.closeFan();
    const found = pile(marker);
    if (found.length < 2) return;
    event.stopPropagation();
    atlas.closeCard();
    spread(found);
  }

  /** Listen on the map. */
  atlas.watchPiles = (map) => {
    map.createPane("eventail").style.zIndex = 595;
    map.getContainer().addEventListener("click", clicked, true);
    map.on("click zoomstart resize", atlas.closeFan);
    document.addEventListener("keydown", ({ key }) => { if (key === "Escape") atlas.closeFan(); });
  };
})(window.VilleActive);
