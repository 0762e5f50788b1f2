// A long table: sorted in the browser over all its rows, drawn fifty at a time, rows opened by click
// or Enter. Words land through textContent and setAttribute only.

const collator = new Intl.Collator("fr", { numeric: true });
const STEP = 50;

function compare(one, other) {
  if (typeof one === "number") return one - other;
  return collator.compare(String(one), String(other));
}

function sorted(rows, { column, down }) {
  if (column === null) return rows;
  const order = [...rows].sort((a, b) => compare(a[column + 1], b[column + 1]));
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

export default function ({ data: bytes, parentElement, setTriggerValue }) {
  const data = JSON.parse(new TextDecoder().decode(bytes));
  const table = parentElement.querySelector("table");
  const more = parentElement.querySelector(".more");
  const state = (parentElement.villeActive ??= { column: null, down: false });
  let shown = STEP;
  let order = sorted(data.rows, state);
  const open = (id) => setTriggerValue("open", id);

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
      // numbers: the largest first
      const number = typeof data.rows[0]?.[index + 1] === "number";
      state.down = active ? !state.down : number;
      state.column = index;
      order = sorted(data.rows, state);
      shown = STEP;
      fill();
      table.tHead.rows[0].cells[index].firstChild.focus();
    });
    th.append(button);
    return th;
  }

  function title(cell, id, text) {
    cell.className = "title";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    cell.append(button);
  }

  function line(body, [id, ...cells]) {
    const row = body.insertRow();
    row.dataset.id = id;
    row.addEventListener("click", () => open(id));
    cells.forEach((value, index) => {
      const cell = row.insertCell();
      cell.dataset.label = data.columns[index];
      if (!index) title(cell, id, value);
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
    table.caption.textContent = data.caption;
    table.tHead.replaceChildren(head);
    const body = document.createElement("tbody");
    for (const row of order.slice(0, shown)) line(body, row);
    table.tBodies[0].replaceWith(body);
    const left = order.length - Math.min(shown, order.length);
    more.hidden = !left;
    const next = Math.min(STEP, left).toLocaleString("fr-FR");
    more.textContent = `Afficher ${next} de plus (reste ${left.toLocaleString("fr-FR")})`;
  }

  more.onclick = () => {
    const first = shown;
    shown += STEP;
    fill();
    table.tBodies[0].rows[first]?.querySelector("button")?.focus();
  };
  fill();
}
