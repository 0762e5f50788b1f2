// What the next click on a filter would show, told beforehand by the page (prefetch.py): the symbols
// change at once, and the answer of the server, which is the same, finds nothing left to change.
"use strict";

((atlas) => {
  let address = null; // of the file that holds every site
  let every = null; // its rows, once it has come

  /** Fetch the sites that answers stand for; a failure leaves the map to the server. */
  atlas.know = async (file) => {
    if (file === address) return;
    address = file;
    every = null;
    atlas.known = false; // told to who waits for it
    try {
      const answer = await fetch(file);
      const found = answer.ok ? await answer.json() : null;
      if (file === address) every = found;
      atlas.known = Boolean(every);
    } catch {
      if (file === address) address = null;
    }
  };

  const within = (mask) => {
    const bits = BigInt(`0x${mask}`);
    return (rank) => Boolean((bits >> BigInt(rank)) & 1n);
  };

  /** Give the rows of an answer as the server would send them: by sign. */
  function parts([plain, faded, aside], selected) {
    const [counts, stands] = [within(plain), within(faded)];
    const shifts = new Map(aside);
    const found = new Map();
    every.forEach(([sign, id, lon, lat, text, dx, mask, departement], rank) => {
      if (!counts(rank) && !stands(rank)) return;
      const state = id === selected ? "selected" : counts(rank) ? "plain" : "faded";
      const code = `${sign}|${state}`;
      if (!found.has(code)) found.set(code, []);
      found.get(code).push([id, lon, lat, text, shifts.get(rank) ?? dx, mask, counts(rank) ? departement : ""]);
    });
    return [...found].map(([code, rows]) => ({ code, rows }));
  }

  /** Give the rows of the legend: those of the symbols are the answer's, the others stay but for `towns`. */
  function legend(numbers, towns) {
    const { legend: entries } = atlas.config;
    const codes = Object.keys(entries).filter((code) => entries[code].group < 2);
    const counted = codes.map((code, i) => [code, numbers[i]]).filter(([, count]) => count !== 0);
    const others = atlas.state.legend.filter(([code]) => entries[code].group > 1);
    return [...counted, ...(towns ? others.map((row) => held(row, towns)) : others)];
  }

  /** Number the towns of a row as the territory holds them; outside it is none. */
  function held([code, number, whole = number], towns) {
    return Object.hasOwn(towns, code) ? [code, towns[code], whole] : [code, whole];
  }

  /** Give what an answer changes of the territory: nothing, when it does not tell it. */
  function territory(told) {
    if (told === undefined) return {};
    const [land, within] = told || [null, {}];
    // the outline of EPCI comes with the server's answer
    const same = atlas.nameOf(land) === atlas.nameOf(atlas.state.land);
    return { land, within, shape: same ? atlas.state.shape : undefined };
  }

  /**
   * Show an answer [plain, faded, aside, legend, territory] before the server gives it; `selected` is the
   * open project. `plain` and `faded` are hexadecimal: bit i stands for row i of the file; `aside` holds
   * [row, px] of the symbols that stand elsewhere than in the file; `legend` a number for each theme
   * and kind, 0 for a row that is not shown, null for a row without a number; `territory` is
   * [land, within, number of towns by programme], null for none, absent when it stays.
   */
  atlas.foresee = (answer, selected) => {
    if (!every || !atlas.asked || atlas.state.figures) return; // sums are the server's alone
    const [, , , numbers, told] = answer;
    const towns = told === undefined ? null : told?.[2] || {};
    const state = { ...atlas.state, ...territory(told), legend: legend(numbers, towns) };
    atlas.show(state, { parts: parts(answer, selected) });
  };
})(window.VilleActive);
