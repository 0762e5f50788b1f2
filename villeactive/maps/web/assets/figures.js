// Figures by territory that the server tells (figures.py): euros of a column, or numbers at a level that the
// reader fixed. `state.figures` is base64 of {fixed, levels, overseas}. `levels`: region, departement, epci,
// town → {title, notes, sizes, rows}; `sizes`: [value, words], largest first; `rows`: [code, value, words,
// projects], then name, lon, lat where divisions.json has none. `overseas`: [part of the largest région's,
// words, lon, lat].
"use strict";

((atlas) => {
  const LEVELS = { region: "regions", departement: "departements", epci: "epci", town: "communes" };
  const BELOW = { regions: 8.7, departements: 9.7, epci: 11, communes: 13 }; // a fixed level is drawn below this zoom
  const MOST = 150; // circles of one view: more could not be told apart
  const LARGEST = 22; // px, radius of the largest circle of the legend
  const SMALLEST = 4; // px, radius of a circle of an inset
  const STEP = 2.2; // from one size of the legend to the next, at least

  let read = { text: undefined, told: null };
  let cut = false; // whether the view holds more circles than are drawn

  /** Give the figures that the server told, by level as the circles name them, or null. */
  atlas.told = () => {
    const { figures: text } = atlas.state;
    if (text !== read.text) {
      const told = text ? atlas.decoded(text) : null;
      const levels = Object.entries(told?.levels || {}).map(([name, level]) => [LEVELS[name], level]);
      read = { text, told: told && { ...told, levels: new Map(levels) } };
    }
    return read.told;
  };

  /** Give the level drawn at a zoom, one of `levels` by zoom where none is fixed; null where nothing counts. */
  atlas.levelTold = (zoom, levels) => {
    const { fixed, levels: own } = atlas.told();
    const [first] = own.keys();
    const level = fixed ? zoom < BELOW[first] && first : levels.find(([, below]) => zoom < below)?.[0];
    return level && own.get(level).rows.length ? level : null;
  };

  /** Whether no circle can be drawn at any level. */
  atlas.emptyTold = () => [...atlas.told().levels.values()].every(({ rows }) => !rows.length);

  /** Give the zoom at which the circles of a level give way to symbols. */
  atlas.endTold = (level) => BELOW[level];

  /** Give the circles of a level, as groups.js draws them. */
  atlas.rowsTold = (level, divisions) => atlas.told().levels.get(level).rows.map(([code, value, short, projects, name, lon, lat]) => ({
    ...(name ? { code, name, anchor: [lat, lon] } : divisions[level].get(code)),
    key: [code, value], value, short, lines: [short, projects],
  })).filter(({ anchor }) => anchor);

  /** Give the value of the largest circle of a level, in sight or not. */
  atlas.mostTold = (level) => Math.max(1, ...atlas.told().levels.get(level).rows.map(([, value]) => value));

  /** Keep the largest of the circles in sight, where they are too many. */
  atlas.inSight = (found) => {
    cut = false;
    if (found.length <= MOST) return found;
    const view = atlas.map.getBounds().pad(0.1);
    const there = found.filter(({ anchor }) => view.contains(anchor));
    cut = there.length > MOST;
    return there.sort((one, other) => other.value - one.value).slice(0, MOST);
  };

  /** Whether what is drawn depends on where the map is. */
  atlas.followsSight = () => [...atlas.told()?.levels.values() || []].some(({ rows }) => rows.length > MOST);

  /** Whether the insets show totals: where there is none, they are empty. */
  atlas.tellsOverseas = () => Boolean(atlas.told()?.overseas.length);

  /** The total of the overseas territory in some bounds, as a circle of its inset; null without one. */
  atlas.copyTold = (bounds) => {
    const row = atlas.told().overseas.find(([, , lon, lat]) => bounds.contains([lat, lon]));
    if (!row) return null;
    const [share, words, lon, lat] = row;
    return atlas.crowd([lat, lon], words, Math.max(SMALLEST, atlas.config.circle.radii.region * Math.sqrt(share)));
  };

  /** Write two sizes of circles under a row of the legend; `radius` gives that of a value. */
  function sizes(level, { radius, disc }) {
    const drawn = level.sizes.map(([value, words]) => ({ words, side: radius(value) })).filter(({ side }) => side <= LARGEST);
    const [large] = drawn;
    const small = large && drawn.find(({ side }) => side * STEP <= large.side);
    const box = atlas.element("span", "va-sizes");
    for (const one of [large, small].filter(Boolean)) {
      const size = atlas.element("span", "va-size");
      size.append(disc(one.side), atlas.element("span", "", one.words));
      box.append(size);
    }
    return box;
  }

  /** Complete the legend's row of the circles: what they stand for, in all, what they leave out. */
  atlas.describeTold = (row, label, drawn) => {
    const { levels } = atlas.told();
    const own = drawn ? levels.get(drawn.level) : [...levels.values()][0];
    const notes = cut ? [...own.notes, `les ${MOST} plus grands de la vue`] : own.notes;
    label.textContent = own.title;
    if (notes.length) label.append(atlas.element("span", "va-more", notes.join("\u00a0; ")));
    row.classList.add("va-told");
    if (drawn) row.append(sizes(own, drawn));
  };
})(window.VilleActive);
