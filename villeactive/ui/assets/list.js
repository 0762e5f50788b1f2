// The list equal to the map: a real table (cards on a phone), one page of it at a time, rows opened
// by click or Enter. A list of one page is sorted here at once; the server sorts and turns longer
// ones. Words land through textContent and setAttribute only. This script and what is constant
// travel once; the rows come from rows.js at each change.

const FIRST = 2; // a row is [id, sign, ...cells]

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

  function head(title, index) {
    const active = data.sort?.replace("-", "") === data.sorts[index];
    const down = active && data.sort.startsWith("-");
    return heading(title, active ? down : null, () => {
      data.sort = (active && !down ? "-" : "") + data.sorts[index];
      setTriggerValue("sort", data.sort);
      fill();
    });
  }

  function add(body, [id, sign, ...cells]) {
    const title = (cell, text) => {
      const line = document.createElement("div");
      const image = document.createElement("span");
      image.className = "sign";
      image.setAttribute("aria-hidden", "true");
      image.innerHTML = data.signs[sign] ?? ""; // constants of villeactive/maps/symbols.py
      line.append(image, button(text));
      cell.append(line);
    };
    const row = line(body, id, cells, data.words, { open, title });
    if (id === data.selected) row.setAttribute("aria-current", "true");
  }

  function fill() {
    const titles = document.createElement("tr");
    if (data.rows.length) titles.append(...data.columns.map(head));
    table.caption.textContent = data.rows.length ? data.caption : "";
    const held = [...table.tHead.querySelectorAll("button")].indexOf(table.getRootNode().activeElement);
    table.tHead.replaceChildren(titles);
    titles.cells[held]?.firstChild.focus({ preventScroll: true });
    const body = document.createElement("tbody");
    const column = data.pages > 1 ? -1 : data.sorts.indexOf(data.sort?.replace("-", ""));
    const at = column < 0 ? -1 : column + FIRST;
    for (const row of sorted(data.rows, at, data.sort?.startsWith("-"))) add(body, row);
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
