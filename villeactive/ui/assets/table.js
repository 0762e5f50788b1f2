// A long table: sorted in the browser over all its rows, drawn fifty at a time, rows opened by click
// or Enter. Words land through textContent and setAttribute only.

const STEP = 50;

export default function ({ data: bytes, parentElement, setTriggerValue }) {
  const data = JSON.parse(new TextDecoder().decode(bytes));
  const table = parentElement.querySelector("table");
  const more = parentElement.querySelector(".more");
  const state = (parentElement.villeActive ??= { at: -1, down: false });
  let shown = STEP;
  let order = sorted(data.rows, state.at, state.down);
  const open = (id) => setTriggerValue("open", id);

  function head(title, index) {
    const at = index + 1; // a row is [id, ...cells]
    const active = state.at === at;
    return heading(title, active ? state.down : null, () => {
      // numbers: the largest first
      state.down = active ? !state.down : typeof data.rows[0]?.[at] === "number";
      state.at = at;
      order = sorted(data.rows, at, state.down);
      shown = STEP;
      fill();
      table.tHead.rows[0].cells[index].firstChild.focus();
    });
  }

  function add(body, [id, ...cells]) {
    const title = (cell, text) => cell.append(button(text));
    const row = line(body, id, cells, data.words, { open, title });
    data.columns.forEach((name, index) => (row.cells[index].dataset.label = name));
  }

  function fill() {
    const titles = document.createElement("tr");
    if (data.rows.length) titles.append(...data.columns.map(head));
    table.caption.textContent = data.caption;
    table.tHead.replaceChildren(titles);
    const body = document.createElement("tbody");
    for (const row of order.slice(0, shown)) add(body, row);
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
