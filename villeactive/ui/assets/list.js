// The list equal to the map: a real table (cards on a phone), one page of it at a time, rows opened
// by click or Enter. A list of one page is sorted here at once; the server sorts and turns longer
// ones. Words land through textContent and setAttribute only. This script and what is constant
// travel once; the rows come from rows.js at each change.

const collator = new Intl.Collator("fr", { numeric: true });
const FIRST = 2; // a row is [id, sign, ...cells]

function compare(one, other) {
  if (typeof one === "number" || typeof other === "number") return (one ?? -1) - (other ?? -1); // null: not known
  return collator.compare(one, other);
}

function sorted(rows, column, down) {
  if (column < 0) return rows;
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
  const constant = JSON.parse(new TextDecoder().decode(bytes));
  const data = { ...constant, rows: [], selected: null, sort: null, page: 1, pages: 1, said: "" };
  const table = parentElement.querySelector("table");
  const turns = [...parentElement.querySelectorAll("nav")];
  const open = (id) => {
    setTriggerValue("open", id);
    reveal();
  };

  function heading(title, index) {
    const th = document.createElement("th");
    th.scope = "col";
    const active = data.sort?.replace("-", "") === data.sorts[index];
    const down = active && data.sort.startsWith("-");
    th.setAttribute("aria-sort", active ? (down ? "descending" : "ascending") : "none");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.title = `Trier par ${title.toLowerCase()}`;
    button.addEventListener("click", () => {
      data.sort = (active && !down ? "-" : "") + data.sorts[index];
      setTriggerValue("sort", data.sort);
      fill();
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
    const held = [...table.tHead.querySelectorAll("button")].indexOf(table.getRootNode().activeElement);
    table.tHead.replaceChildren(head);
    head.cells[held]?.firstChild.focus({ preventScroll: true });
    const body = document.createElement("tbody");
    const column = data.pages > 1 ? -1 : data.sorts.indexOf(data.sort?.replace("-", ""));
    for (const row of sorted(data.rows, column, data.sort?.startsWith("-"))) line(body, row);
    table.tBodies[0].replaceWith(body);
    for (const nav of turns) {
      nav.hidden = data.pages < 2;
      const [before, after] = nav.querySelectorAll("button");
      // one that the keyboard is on stays under it: « disabled » would lose it
      before.setAttribute("aria-disabled", data.page <= 1);
      after.setAttribute("aria-disabled", data.page >= data.pages);
      const words = nav.querySelector("span");
      if (words.textContent !== data.said) words.textContent = data.said;
    }
  }

  turns.forEach((nav, place) => {
    nav.querySelectorAll("button").forEach((button, side) => {
      button.onclick = () => {
        const page = data.page + (side ? 1 : -1);
        if (page < 1 || page > data.pages) return;
        data.page = page; // a hasty hand turns two
        setTriggerValue("page", page);
        if (!place) return;
        turns[0].querySelectorAll("button")[side].focus({ preventScroll: true });
        turns[0].scrollIntoView({ block: "nearest" });
      };
    });
  });
  document.villeActiveList = (given) => {
    Object.assign(data, given);
    fill();
  };
  if (document.villeActiveRows) document.villeActiveList(document.villeActiveRows);
}
