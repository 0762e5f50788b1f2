// Hears a click on a filter before Streamlit does, and hands its answer to the map (ui/ahead.py). A
// click that is not known is left to the server, whose answer comes in any case.
let last = 0; // when a choice was made
let begun = true; // the page has begun to answer it
const clicks = []; // clicks that wait for the page
let freed = false; // one of them goes through
const HEARD = 2000; // milliseconds in which a page that answers begins to
const HELD = 6000; // milliseconds after which a click no longer waits
const LOOK = 40; // milliseconds between two looks: the words of a page that is still stand by the next

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

const running = () => !document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");

/** Tell whether the page is running, or about to: its answers and the words of its pills are changing. */
const busy = () => running() || (!begun && performance.now() - last < HEARD);

/**
 * Hold a click on a pill until the page is still: Streamlit knows a pill by its words, which hold
 * counts, and would lose the click if the page that is coming counts otherwise.
 */
function hold(event, key, rank) {
  event.preventDefault();
  event.stopImmediatePropagation();
  // the pill, which has not heard the click, soon clicks by itself
  if (!event.isTrusted && clicks.some((one) => one.key === key && one.rank === rank)) return;
  clicks.push({ key, rank, since: performance.now() });
  pill(key, rank).dataset.vaHeld = "";
  if (clicks.length === 1) release();
}

const pill = (key, rank) => document.querySelectorAll(`.st-key-${key} [role=toolbar] button`)[rank];

let quiet = false; // at the last look

function release() {
  const [{ key, rank, since }] = clicks;
  const waits = busy() || !quiet;
  quiet = !busy();
  if (waits && performance.now() - since < HELD) {
    setTimeout(release, LOOK);
    return;
  }
  const button = pill(key, rank); // gone with its page, or disabled: nothing to choose
  delete button?.dataset.vaHeld;
  freed = true;
  button?.click();
  freed = false;
  quiet = false;
  clicks.shift();
  if (clicks.length) setTimeout(release, LOOK);
}

function heard(event) {
  const { target } = event;
  if (!target.closest) return;
  const [key, rank] = choice(target);
  if (!key || rank < 0) return;
  const late = busy();
  if (late && target.closest("[role=toolbar] button") && !freed) return hold(event, key, rank);
  last = performance.now();
  begun = Boolean(target.closest("[role=radiogroup]")); // what is chosen already is not asked again
  if (late || !told()) return;
  const { answers: all, selected } = told();
  const answers = Object.hasOwn(all, key) ? all[key] : [];
  const shown = atlas();
  if (answers[rank] && shown?.foresee) shown.foresee(answers[rank], selected);
}

function hear() {
  const attributeFilter = ["data-test-script-state"];
  new MutationObserver(() => { begun = true; }).observe(document.body, { subtree: true, attributeFilter });
  document.addEventListener("click", heard, true);
  window.addEventListener("villeactive-drawn", know);
  document.addEventListener("villeactive-told", () => {
    begun = true; // a short run may come and go between two images
    know();
  });
}
