// What the list and the long table share: how rows are sorted, a heading that sorts, a cell. Words
// land through textContent and setAttribute only.

const collator = new Intl.Collator("fr", { numeric: true });

function compare(one, other) {
  if (typeof one === "number" || typeof other === "number") return (one ?? -1) - (other ?? -1); // null: not known
  return collator.compare(one, other);
}

/** Sort rows by what stands at a place of theirs; below 0 they stay as they are. */
function sorted(rows, at, down) {
  if (at < 0) return rows;
  const order = [...rows].sort((a, b) => compare(a[at], b[at]));
  return down ? order.reverse() : order;
}

function button(text) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  return made;
}

/** Head a column; « down » tells how its rows are sorted, null when by another. */
function heading(title, down, sort) {
  const th = document.createElement("th");
  th.scope = "col";
  th.setAttribute("aria-sort", down === null ? "none" : down ? "descending" : "ascending");
  const made = button(title);
  made.title = `Trier par ${title.toLowerCase()}`;
  made.addEventListener("click", sort);
  th.append(made);
  return th;
}

/** Fill a cell: programmes, each with its plain meaning on hover, a number, or words. */
function write(cell, value, words) {
  if (typeof value === "number") {
    cell.className = "number";
    cell.textContent = value.toLocaleString("fr-FR");
  } else if (Array.isArray(value)) {
    value.forEach((code, index) => {
      if (index) cell.append(", ");
      const name = document.createElement("abbr");
      [name.textContent, name.title] = words[code];
      cell.append(name);
    });
  } else cell.textContent = value;
}

/** Add a row that opens on a click, its first cell as « title » fills it. */
function line(body, id, cells, words, { open, title }) {
  const row = body.insertRow();
  row.dataset.id = id;
  row.addEventListener("click", () => open(id));
  cells.forEach((value, index) => {
    const cell = row.insertCell();
    if (index) return write(cell, value, words);
    cell.className = "title";
    title(cell, value);
  });
  return row;
}
