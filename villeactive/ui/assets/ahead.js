// Hears a click on a filter before Streamlit does, and hands its answer to the map (ui/prefetch.py). A
// click that is not known is left to the server, whose answer comes in any case.
let used = null; // answers from which one was shown: the page that answers it brings others
let foreseen = false; // whether one was ever shown

/** Give {answers, now, selected, sites, map} of the page as it stands (told.js). */
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

const running = () => !document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");

/** Show on the map what the server will give, or gave. */
const show = (answer) => atlas()?.foresee?.(answer, told().selected);

function heard({ target }) {
  if (!target.closest || !told()) return;
  const [key, rank] = choice(target);
  const { answers: all } = told();
  const answer = Object.hasOwn(all, key) ? all[key][rank] : null;
  // answers are those of the page as it stands: a hasty click goes from another
  if (!answer || running() || used === told()) return;
  used = told();
  foreseen = true;
  show(answer);
}

/**
 * Show what a page ends with: after hasty clicks it may be what the map had before them, and not be sent again.
 * A busy browser hears of an end once the map has the answer of the next page: that one's end comes, and is shown.
 */
function ended() {
  if (foreseen && told()) show(told().now);
  used = null;
}

function hear() {
  document.addEventListener("click", heard, true);
  document.addEventListener("villeactive-end", ended);
  window.addEventListener("villeactive-drawn", know);
  document.addEventListener("villeactive-told", know);
}
