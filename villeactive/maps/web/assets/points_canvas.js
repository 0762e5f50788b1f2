// Points (points.js) on one canvas below the symbols: pixels are stamped, what is hidden is left out. A disc with its
// count stands for several on one point.
"use strict";

((atlas) => {
  const { points } = atlas;
  const PANE = "points";
  const ROOM = 0.12; // of the frame, drawn round it
  const DISC = 11; // px, radius of a disc
  const NUMBERED = 1500; // discs in sight: with more, their numbers could not be read
  const SHARP = 2; // pixels of the screen for one of ours, at most
  const PROBES = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]]; // where a sign would show

  let layer = null;
  const pictures = new Map(); // pixels of each sign

  /** Give the pixels of a sign {pixels, wide, high}, or null: the layer is drawn again once they are there. */
  function picture(sign, ratio) {
    const held = pictures.get(sign);
    if (held?.ratio === ratio) return held.pixels && held;
    const side = Math.round(sign.side * ratio);
    const made = { ratio, side, pixels: null };
    pictures.set(sign, made);
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: side, height: side });
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0, side, side);
      made.pixels = new Uint32Array(pen.getImageData(0, 0, side, side).data.buffer);
      layer?.later();
    };
    const named = sign.html.replace("<svg", "<svg xmlns='http://www.w3.org/2000/svg'");
    image.src = `data:image/svg+xml,${encodeURIComponent(named)}`;
    return null;
  }

  /** The disc that stands for several projects, as a sign. */
  function disc(opacity) {
    const { colour, width, tint } = atlas.config.circle;
    const side = 2 * DISC + 2;
    const circle = (attributes) => `<circle cx='${side / 2}' cy='${side / 2}' r='${DISC - width / 2}' ${attributes}/>`;
    const ground = circle(`fill='${atlas.config.palette.paper}'`);
    const tinted = circle(`fill='${colour}' fill-opacity='${tint}' stroke='${colour}' stroke-width='${width}'`);
    return { side, html: `<svg width='${side}' height='${side}' opacity='${opacity}'>${ground}${tinted}</svg>` };
  }

  const discs = {};

  /** The sign of a unit: {html, side}. */
  points.sign = ({ count, faded, first }) => {
    if (count === 1) return points.signOf(first);
    return faded ? (discs.faded ||= disc(0.55)) : (discs.plain ||= disc(1));
  };

  /** Lay a colour over another; both as the pixels of a picture hold them. */
  function over(top, under) {
    const [a, b] = [(top >>> 24) / 255, under >>> 24];
    const alpha = 255 * a + b * (1 - a);
    const share = (255 * a) / alpha;
    let mixed = Math.round(alpha) << 24;
    for (let bit = 0; bit < 24; bit += 8) {
      mixed |= Math.round(((top >> bit) & 255) * share + ((under >> bit) & 255) * (1 - share)) << bit;
    }
    return mixed;
  }

  /** Tell whether what is drawn hides a sign: nothing shows through at its middle nor at its corners. */
  function covered({ pixels, width, height }, { side }, x, y) {
    return PROBES.every(([across, down]) => {
      const [left, top] = [x + Math.floor(across * side), y + Math.floor(down * side)];
      const inside = left >= 0 && top >= 0 && left < width && top < height;
      return !inside || pixels[top * width + left] >>> 24 === 255;
    });
  }

  /** Stamp a sign under what is drawn: for thousands, some ten times as quick as to draw images. */
  function stamp({ pixels, width, height }, { pixels: source, side }, x, y) {
    const [left, right] = [Math.max(0, -x), Math.min(side, width - x)];
    const bottom = Math.min(side, height - y);
    for (let row = Math.max(0, -y); row < bottom; row += 1) {
      const [from, to] = [row * side, (y + row) * width + x];
      for (let column = left; column < right; column += 1) {
        const colour = source[from + column];
        if (!(colour >>> 24)) continue;
        const there = pixels[to + column];
        if (!there) pixels[to + column] = colour;
        else if (there >>> 24 !== 255) pixels[to + column] = over(there, colour);
      }
    }
  }

  /** Draw what lies within bounds, from the unit on top; give what is there, and whether its signs are. */
  function draw(map, canvas, { min, max }) {
    const ratio = Math.min(SHARP, window.devicePixelRatio || 1);
    const [width, height] = [Math.round((max.x - min.x) * ratio), Math.round((max.y - min.y) * ratio)];
    Object.assign(canvas, { width, height });
    Object.assign(canvas.style, { width: `${width / ratio}px`, height: `${height / ratio}px` });
    const drawn = [];
    if (!width || !height || !points.units.length) return [drawn, true];
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const paper = { pixels: new Uint32Array(image.data.buffer), width, height };
    const origin = map.getPixelOrigin();
    const scale = 2 ** map.getZoom();
    let whole = true;
    for (let i = points.units.length - 1; i >= 0; i -= 1) {
      const unit = points.units[i];
      const [x, y] = [points.x(unit) * scale - origin.x, points.y(unit) * scale - origin.y];
      if (x < min.x || x > max.x || y < min.y || y > max.y) continue;
      const sign = points.sign(unit);
      drawn.push({ unit, x, y, reach: sign.side / 2 });
      const found = picture(sign, ratio);
      whole &&= Boolean(found);
      if (!found) continue;
      const [left, top] = [Math.round((x - min.x) * ratio - found.side / 2), Math.round((y - min.y) * ratio - found.side / 2)];
      if (!covered(paper, found, left, top)) stamp(paper, found, left, top);
    }
    context.putImageData(image, 0, 0);
    context.scale(ratio, ratio);
    context.translate(-min.x, -min.y);
    number(context, map, drawn.filter(({ unit }) => unit.count > 1));
    return [drawn, whole];
  }

  function number(context, map, several) {
    if (several.length > NUMBERED) return;
    const { fontFamily } = getComputedStyle(map.getContainer());
    Object.assign(context, { textAlign: "center", textBaseline: "middle", fillStyle: atlas.config.palette.ink });
    for (const { unit: { count }, x, y } of several) {
      context.font = `600 ${count < 100 ? 12 : count < 1000 ? 10 : 8}px ${fontFamily}`;
      context.fillText(atlas.figure(count), x, y + 0.5);
    }
  }

  const Layer = L.Renderer.extend({
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
    },
    _destroyContainer() {
      L.Util.cancelAnimFrame(this._due);
      this._container.remove();
    },
    _updatePaths() {}, // it draws points, not paths
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      const [drawn, whole] = draw(this._map, this._container, this._bounds);
      points.drawn = drawn;
      points.settle();
      if (whole) atlas.note("points", points.asked() ? String(drawn.length) : "");
    },
    later() {
      this._due ||= L.Util.requestAnimFrame(() => {
        this._due = null;
        if (this._map) this._update();
      });
    },
  });

  /** Units in sight, the one on top first: {unit, x, y, reach}, px of the layer. */
  points.drawn = [];

  points.changed = () => {
    layer ||= new Layer({ pane: PANE, padding: ROOM }).addTo(atlas.map);
    layer.later();
  };

  /** The signs in sight that names keep off; thousands leave them no place. */
  atlas.pointSigns = () => (points.drawn.length > NUMBERED ? [] : points.drawn);

  atlas.watchPoints = (map) => {
    Object.assign(map.createPane(PANE).style, { zIndex: 585, pointerEvents: "none" });
    map.on("drag", () => layer?.later());
    points.listen(map);
  };
})(window.VilleActive);
