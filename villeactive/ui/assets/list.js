// The list equal to the map: a real table (cards on a phone), sorted in the browser, rows opened by
// click or Enter. Words land through textContent and setAttribute only. This script and what is
// constant travel once; the rows come from rows.js at each change.

const collator = new Intl.Collator("fr", { numeric: true });
const FIRST = 2; // a row is [id, sign, ...cells]

function compare(one, other) {
  if (typeof one === "number" || typeof other === "number") return (one ?? -1) - (other ?? -1); // null: not known
  return collator.compare(one, other);
}

function sorted(rows, { column, down }) {
  if (column === null) return rows;
  const order = [...rows].sort((a, b) => compare(a[column + FIRST], b[column + FIRST]));
  return down ? order.reverse() : order;
}

/** Name programmes, each with its plain meaning on hover. */
function programmes(cell, codes, words) {
  codes.forEach((code, index) => {
    if (index) cell.append(", ");
    const name = document.createElement("abbr");
    [name.textContent, name.title] = words[code];
    cell.append(name);
  });
}

/** Go where the sheet opens: it may be out of sight above the list. */
function reveal() {
  const panel = document.querySelector("[data-va-panel]");
  if (!panel) return;
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

export default function ({ data: bytes, parentElement, setTriggerValue }) {
  const data = { ...JSON.parse(new TextDecoder().decode(bytes)), rows: [], selected: null };
  const table = parentElement.querySelector("table");
  const state = (parentElement.villeActiveSort ??= { column: null, down: false });
  const open = (id) => {
    setTriggerValue("open", id);
    reveal();
  };

  function heading(title, index) {
    const th = document.createElement("th");
    th.scope = "col";
    const active = state.column === index;
    th.setAttribute("aria-sort", active ? (state.down ? "descending" : "ascending") : "none");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.title = `Trier par ${title.toLowerCase()}`;
    button.addEventListener("click", () => {
      state.down = active && !state.down;
      state.column = index;
      fill();
      table.tHead.rows[0].cells[index].firstChild.focus();
    });
    th.append(button);
    return th;
  }

  function title(cell, id, sign, text) {
    cell.className = "title";
    const line = document.createElement("div");
    const image = document.createElement("span");
    image.className = "sign";
    image.setAttribute("aria-hidden", "true");
    image.innerHTML = data.signs[sign] ?? ""; // constants of villeactive/maps/symbols.py
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    line.append(image, button);
    cell.append(line);
  }

  function line(body, [id, sign, ...cells]) {
    const row = body.insertRow();
    row.dataset.id = id;
    if (id === data.selected) row.setAttribute("aria-current", "true");
    row.addEventListener("click", () => open(id));
    cells.forEach((value, index) => {
      const cell = row.insertCell();
      if (!index) title(cell, id, sign, value);
      else if (Array.isArray(value)) programmes(cell, value, data.words);
      else if (typeof value === "number") {
        cell.className = "number";
        cell.textContent = value.toLocaleString("fr-FR");
      } else cell.textContent = value;
    });
  }

  function fill() {
    const head = document.createElement("tr");
    if (data.rows.length) head.append(...data.columns.map(heading));
    table.caption.textContent = data.rows.length ? data.caption : "";
    table.tHead.replaceChildren(head);
    const body = document.createElement("tbody");
    for (const row of sorted(data.rows, state)) line(body, row);
    table.tBodies[0].replaceWith(body);
  }

  document.villeActiveList = (given) => {
    Object.assign(data, given);
    fill();
  };
  if (document.villeActiveRows) document.villeActiveList(document.villeActiveRows);
}
