// Gestures of the reader: within a page one finger scrolls it and two move the map, which is said once;
// who asks for less motion sees the map go at once where it goes.
"use strict";

((atlas) => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const inPage = window.parent !== window; // alone, the map has no page to scroll
  const SAID = "villeactive-deux-doigts"; // kept for the session
  const WORDS = "Deux doigts déplacent la carte, un seul fait défiler la page.";
  const READING = 4000; // ms that the words stay
  const STROKE = 12; // px from which a finger draws

  // Leaflet (1.9.3) reads its options when a map is made, and the wish may change while it is open.
  const { _tryAnimatedZoom: zoom, panBy: pan } = L.Map.prototype;
  L.Map.include({
    _tryAnimatedZoom(...asked) {
      return !still.matches && zoom.apply(this, asked);
    },
    panBy(offset, options) {
      return pan.call(this, offset, still.matches ? { ...options, animate: false } : options);
    },
  });

  // Leaflet moves the map under one finger, and with its pinch under two.
  const { _onDown: down } = L.Draggable.prototype;
  L.Draggable.include({
    _onDown(event) {
      if (inPage && event.touches?.length === 1) this._moved = false;
      else down.call(this, event);
    },
  });

  function said() {
    try {
      if (sessionStorage.getItem(SAID)) return true;
      sessionStorage.setItem(SAID, "1");
      return false;
    } catch {
      return true; // a browser that keeps nothing would say it each time
    }
  }

  function say(box) {
    const words = atlas.element("p", "va-notice va-fingers");
    words.setAttribute("role", "status");
    box.append(words);
    words.textContent = WORDS;
    setTimeout(() => words.remove(), READING);
  }

  atlas.watchGestures = (map) => {
    const box = map.getContainer();
    const calm = () => {
      Object.assign(map.options, { zoomAnimation: !still.matches, inertia: !still.matches });
      map._fadeAnimated = !still.matches;
    };
    still.addEventListener("change", calm);
    calm();
    if (!inPage) return;
    box.classList.add("va-in-page");
    let start = null;
    const far = ({ clientX: x, clientY: y }) => Math.hypot(x - start.x, y - start.y) > STROKE;
    const begin = ({ touches }) => {
      start = touches.length === 1 ? { x: touches[0].clientX, y: touches[0].clientY } : null;
    };
    const draw = ({ touches }) => {
      if (!start || !far(touches[0])) return;
      start = null;
      if (!said()) say(box);
    };
    box.addEventListener("touchstart", begin, { passive: true });
    box.addEventListener("touchmove", draw, { passive: true });
  };
})(window.VilleActive);
