// Hears a click on a filter before Streamlit does, and hands its answer to the map (ui/ahead.py). A
// click that is not known is left to the server, whose answer comes in any case.
let last = 0; // when an answer was used
const HEARD = 300; // milliseconds in which the page surely begins to run

/** Give {answers, selected, sites, map} of the page as it stands (told.js). */
const told = () => document.villeActiveTold;
const atlas = () => document.querySelector(`.st-key-${told()?.map} iframe`)?.contentWindow?.VilleActive;
const know = () => atlas()?.know?.(told().sites);

/** Give the key of the widget round an element: Streamlit writes it as a class. */
function keyOf(element) {
  const names = element?.closest('[class*="st-key-"][data-testid="stElementContainer"]')?.classList || [];
  return [...names].find((name) => name.startsWith("st-key-"))?.slice("st-key-".length);
}

/** Give the widget and the rank of the choice that a click falls on. */
function choice(target) {
  const option = target.closest("[role=option]"); // the list of a multiselect hangs on the page itself
  if (option) {
    const list = option.closest("[role=listbox]");
    return [keyOf(document.querySelector(`input[aria-controls="${list.id}"]`)), Number(option.dataset.key)];
  }
  if (target.closest("[data-testid=stButton] button")) return [keyOf(target), 0];
  const group = target.closest("[role=toolbar], [role=radiogroup]"); // pills, radio
  const rank = group ? [...group.querySelectorAll("button, label")].indexOf(target.closest("button, label")) : -1;
  return [keyOf(target), rank]; // elsewhere in a widget nothing is chosen yet
}

/** Tell whether the answers are those of the page: while it runs, those of the next click are coming. */
function ready() {
  const still = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
  return told() && still && performance.now() - last > HEARD;
}

function heard({ target }) {
  if (!target.closest || !ready()) return;
  const [key, rank] = choice(target);
  const { answers: all, selected } = told();
  const answers = Object.hasOwn(all, key) ? all[key] : [];
  const shown = atlas();
  if (!answers[rank] || !shown?.foresee) return;
  shown.foresee(answers[rank], selected);
  last = performance.now();
}

function hear() {
  document.addEventListener("click", heard, true);
  window.addEventListener("villeactive-drawn", know);
  document.addEventListener("villeactive-told", know);
}
