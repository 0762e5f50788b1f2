// The page of one file: panel, search and layers round the map. Words reach it by textContent only.
"use strict";

((atlas) => {
  const { element } = atlas;
  const data = JSON.parse(document.getElementById("va-page").textContent);
  const panel = document.querySelector(".sa-panel");
  const field = document.querySelector(".sa-search input");
  const found = document.querySelector(".sa-found");
  const said = document.querySelector(".sa-said");
  const sheets = new Map(data.sheets.map((sheet) => [sheet.id, sheet]));
  const START = document.title;
  const MOST = 8;
  const NEAR = 9; // zoom on a place

  const narrow = () => window.matchMedia("(max-width: 760px)").matches;
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replaceAll("œ", "oe").replaceAll("æ", "ae").replace(/[^a-z0-9]+/g, " ").trim()
    .replace(/\bst(e?)\b/g, "saint$1");

  function add(parent, tag, className, text) {
    const made = element(tag, className, text);
    parent.append(made);
    return made;
  }

  /** A line that one can press: sign, name, place. */
  function row(sign, name, place, press) {
    const button = element("button", "sa-row");
    button.type = "button";
    if (sign) button.append(atlas.sign(sign));
    const words = add(button, "span");
    add(words, "span", "sa-name", name);
    if (place) add(words, "span", "sa-soft", place);
    button.addEventListener("click", press);
    return button;
  }

  // --- panel --------------------------------------------------------------------------------

  function lines(parent, [title, rows]) {
    add(parent, "h3", "", title);
    const list = add(parent, "ul", "sa-lines");
    for (const { lead, text, note, mark, share } of rows) {
      const item = add(list, "li", mark);
      if (share) item.classList.add("sa-amount");
      if (lead) add(item, "b", "", lead);
      add(item, "span", "", text);
      if (share) add(item, "div", "sa-bar").style.width = `${share * 100}%`;
      if (note) add(item, "small", "", note);
    }
  }

  function links(parent, rows) {
    add(parent, "h3", "", "Voir aussi");
    for (const [label, address] of rows) {
      const line = add(parent, "p");
      const link = add(line, "a", "", label);
      if (/^https?:\/\//.test(address)) link.href = address;
      link.rel = "noopener noreferrer";
      link.target = "_blank";
    }
  }

  function facts(parent, rows) {
    const list = add(parent, "dl", "sa-facts");
    for (const [name, text] of rows) {
      add(list, "dt", "", name);
      add(list, "dd", "", text);
    }
  }

  function drawSheet(sheet) {
    const box = element("article");
    box.style.setProperty("--accent", sheet.accent);
    const back = add(box, "button", "sa-back", `← Tous les projets (${data.sheets.length})`);
    back.type = "button";
    back.addEventListener("click", () => show(""));
    add(box, "h2", "", sheet.title).tabIndex = -1;
    add(box, "p", "sa-soft", [sheet.place, sheet.kind].join(" · "));
    add(box, "p", "", sheet.summary);
    facts(box, sheet.facts);
    for (const [title, text] of sheet.paragraphs) {
      add(box, "h3", "", title);
      add(box, "p", "", text);
    }
    for (const part of sheet.lists) lines(box, part);
    if (sheet.contacts.length) {
      lines(box, ["Contact", sheet.contacts]);
      add(box, "p", "sa-soft", sheet.check);
    }
    if (sheet.links.length) links(box, sheet.links);
    add(box, "p", "sa-foot", sheet.cite);
    return box;
  }

  function drawList() {
    const box = element("div");
    add(box, "h2", "", data.heading).tabIndex = -1;
    if (data.empty) add(box, "p", "", data.empty);
    const list = add(box, "ul", "sa-list");
    for (const { id, sign, title, place } of data.sheets) {
      add(list, "li").append(row(sign, title, place, () => show(id)));
    }
    box.append(layers());
    const foot = add(box, "div", "sa-foot");
    for (const line of data.sources) add(foot, "p", "", line);
    return box;
  }

  /** Show the sheet of a project, or the list. */
  function draw(id, focused) {
    const sheet = sheets.get(id);
    atlas.opened = id;
    panel.replaceChildren(sheet ? drawSheet(sheet) : drawList());
    panel.scrollTop = 0;
    document.title = sheet ? `${sheet.title} · ${START}` : START;
    for (const symbol of document.querySelectorAll(".va-site")) {
      symbol.classList.toggle("sa-open", symbol.dataset.id === id);
    }
    if (sheet?.points.length) reach(sheet.points);
    atlas.regroup();
    if (!focused) return;
    panel.querySelector("h2").focus({ preventScroll: true });
    if (narrow()) panel.scrollIntoView();
  }

  function reach(points) {
    const bounds = L.latLngBounds(points);
    if (!atlas.map.getBounds().pad(-0.08).contains(bounds)) {
      atlas.map.fitBounds(bounds, { maxZoom: NEAR, padding: [60, 60], animate: false });
    }
  }

  // The address bar remembers the open sheet, so that « back » closes it and links lead to it.
  function asked() {
    const said = window.location.hash.replace(/^#projet=/, "#").slice(1);
    try {
      return decodeURIComponent(said);
    } catch {
      return ""; // an address cut within a letter names no sheet
    }
  }
  function show(id) {
    window.location.hash = id ? `projet=${id}` : "";
  }
  window.addEventListener("hashchange", () => draw(asked(), true));

  // --- layers -------------------------------------------------------------------------------

  function layers() {
    const box = element("fieldset", "sa-layers");
    add(box, "legend", "", "Villes et territoires");
    for (const [code, ...numbers] of data.layers) {
      const line = add(box, "label");
      const tick = add(line, "input");
      tick.type = "checkbox";
      tick.checked = atlas.state.layers.includes(code);
      line.append(atlas.sign(atlas.config.legend[code].svg), atlas.config.legend[code].label);
      tick.addEventListener("change", () => toggle(code, numbers, tick.checked));
    }
    return box;
  }

  function toggle(code, numbers, wanted) {
    const { state } = atlas;
    const order = data.layers.map(([name]) => name);
    const kept = state.layers.filter((name) => name !== code);
    const shown = wanted ? [...kept, code] : kept;
    const legend = state.legend.filter(([name]) => name !== code);
    if (wanted) legend.push([code, ...numbers]);
    legend.sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
    atlas.show({ ...state, layers: shown, legend });
  }

  // --- search -------------------------------------------------------------------------------

  let index = null;
  async function entries() {
    if (index) return index;
    const projects = data.sheets.map((sheet) => ({
      words: fold(`${sheet.title} ${sheet.place}`), sheet, name: sheet.title, place: sheet.place,
    }));
    const file = await atlas.fetchJson("towns.json");
    const towns = file.towns.map(([, name, lon, lat, mask]) => ({
      words: fold(name), name, lat, lon,
      place: file.programmes.filter((_, i) => mask & (1 << i))
        .map((code) => atlas.config.legend[code]?.label || code).join(", "),
    }));
    index = [...projects, ...towns];
    return index;
  }

  let pinned = null; // the town that one looked for stays named until the next one
  function pin(place, lines) {
    if (pinned) pinned.remove();
    const box = element("div", "va-lines");
    for (const line of lines) add(box, "span", "", line);
    pinned = L.tooltip({ direction: "top", offset: [0, -8], className: "va-card", opacity: 1 });
    pinned.setLatLng(place).setContent(box).addTo(atlas.map);
  }

  async function search() {
    const wanted = fold(field.value).split(" ").filter(Boolean);
    if (!wanted.length) return close();
    const all = await entries();
    const held = all.filter(({ words }) => wanted.every((word) => ` ${words}`.includes(` ${word}`)));
    const first = held.filter(({ sheet, words }) => sheet || words.startsWith(wanted[0]));
    const kept = [...new Set([...first, ...held])].slice(0, MOST);
    found.replaceChildren(...kept.map((entry) => {
      const line = element("li");
      line.append(row(entry.sheet?.sign, entry.name, entry.place, () => choose(entry)));
      return line;
    }));
    said.textContent = held.length ? `${held.length} résultat${held.length > 1 ? "s" : ""}` : "Aucun résultat";
    if (!held.length) found.append(element("li", "sa-soft", "Aucun projet, aucune ville de ce nom."));
    return undefined;
  }

  function close() {
    found.replaceChildren();
    said.textContent = "";
  }

  function choose({ sheet, name, place, lat, lon }) {
    close();
    field.value = "";
    if (sheet) {
      show(sheet.id);
      return;
    }
    atlas.map.setView([lat, lon], NEAR, { animate: false });
    pin([lat, lon], [name, place]);
    field.focus();
  }

  field.addEventListener("input", search);
  field.closest(".sa-search").addEventListener("keydown", (event) => {
    const buttons = [...found.querySelectorAll("button")];
    const here = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { close(); field.focus(); }
    if (event.key === "Enter" && document.activeElement === field && buttons.length) buttons[0].click();
    if (!step || !buttons.length) return;
    event.preventDefault();
    (buttons[here + step] || field).focus();
  });
  document.addEventListener("click", ({ target }) => { if (!target.closest(".sa-search")) close(); });

  /** Listen to the symbols; called by the page once the map is there. */
  atlas.standalone = () => {
    atlas.symbols.on("click", (event) => {
      const id = event.propagatedFrom?.feature?.properties.id || event.sourceTarget?.feature?.properties.id;
      if (id) show(id);
    });
    document.title = START;
    draw(asked(), false);
  };
})(window.VilleActive);
