// What Streamlit cannot be told from Python: the language of the page, the names that it gives in
// English to its own buttons, the scrolling panel, which must take the keyboard, and the finder's keys.

const WORDS = {
  "App pages": "Pages de l’atlas",
  "Navigate to home page": "Ville active\u00a0: la carte",
  "Logo": "Ville active",
  "Sidebar": "Filtres",
  "Collapse sidebar": "Fermer les filtres",
  "Open sidebar": "Ouvrir les filtres",
  "Close sidebar": "Fermer les filtres",
  "Link to heading": "Lien vers ce titre",
  "Clear all": "Tout effacer",
  "Clear value": "Effacer",
  "Close": "Fermer",
  "Copy to clipboard": "Copier",
  "Show/hide columns": "Colonnes",
  "Help": "Aide",
  "Open": "Ouvrir la liste",
  "Skip to main content": "Aller au contenu",
  "Page not found": "Page introuvable",
  "The page that you have requested does not seem to exist. Running the app's main page.":
    "La page demandée n’existe pas\u00a0: voici la carte.",
  "No results": "Aucun résultat",
  "Upload": "Choisir un fichier",
  "file upload": "Choisir un fichier",
  "Add files": "Choisir un autre fichier",
  "add icon": "",
  "Dataframe column menu": "Colonne",
  "Copy column name": "Copier le nom de la colonne",
  "Sort ascending": "Trier, croissant",
  "Sort descending": "Trier, décroissant",
  "Autosize": "Ajuster la largeur",
  "Pin column": "Figer la colonne",
  "Unpin column": "Libérer la colonne",
  "Previous Result": "Résultat précédent",
  "Next Result": "Résultat suivant",
  "Close Search": "Fermer la recherche",
};
const TURNS = [
  [/^Help for (.*)$/, "Aide\u00a0: $1"],
  [/^(\d+) options? available\.$/, "$1 choix."],
  [/^(.*) — start$/, "$1, au moins"],
  [/^(.*) — end$/, "$1, au plus"],
  [/^Remove (.*)$/, "Retirer $1"],
  [/^Fullscreen: /, "Plein écran\u00a0: "],
  [/^Close fullscreen: /, "Quitter le plein écran\u00a0: "],
  [/^(\d+) more$/, "$1 de plus"],
  [/^(\d+) of (\d+)$/, "$1 sur $2"],
  [/^(\d+) result(s?)$/, "$1 résultat$2"],
  [/^(?:Error: )?File must be (\d+)(?:\.0)?MB or smaller\.$/, "Fichier trop lourd\u00a0: $1\u00a0Mo au plus."],
];

const WORDS_EVERY = 150; // milliseconds

const TEXTS = "[data-testid=stHeader] p, [data-testid=stSkipToContent], [role=dialog] h2, [role=dialog] div:not(:has(*)), "
  + "[data-live-announcer] div:not(:has(*)), [role=option] span:not(:has(*)), "
  + "[data-testid=stFileUploader] button p, [data-testid=stFileUploader] span:not(:has(*)), [data-testid=stTooltipErrorContent] p, "
  + "[data-testid=search-result-area]";
const ITEMS = "[data-testid=stDataFrameColumnMenu] [role=menuitem]"; // a sign, then words

/** What markdown escapes is a name as it is written: « Tél\. » names a list of roles. */
const plain = (text) => text.replace(/\\([!-/:-@[-`{-~])/g, "$1");

function french(text) {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  for (const [pattern, words] of TURNS) if (pattern.test(text)) return text.replace(pattern, words);
  return text;
}

function translate() {
  for (const name of ["aria-label", "title", "alt"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const said = element.getAttribute(name);
      const wanted = french(name === "aria-label" ? plain(said) : said);
      if (wanted !== said) element.setAttribute(name, wanted);
    }
  }
  for (const words of document.querySelectorAll(TEXTS)) {
    const wanted = french(words.textContent);
    if (wanted === words.textContent || words.firstChild.nodeType !== Node.TEXT_NODE) continue;
    for (const part of [...words.childNodes].slice(1)) part.data = "";
    words.firstChild.data = wanted;
  }
  for (const { lastChild: words } of document.querySelectorAll(ITEMS)) {
    const wanted = french(words.data);
    if (wanted !== words.data) words.data = wanted;
  }
}

/** Undo the list that Streamlit (1.67) makes of the folded menu: its heads are no items of it. */
function unlist() {
  const menu = document.querySelector("[data-testid=stSidebarNavItems]:not([role])");
  if (!menu) return;
  menu.setAttribute("role", "group");
  for (const item of menu.querySelectorAll("li")) item.setAttribute("role", "none");
}

/** Name the button of the folded menu by the filters in force, and drop what doubles a slider's name. */
function nameControls() {
  const button = document.querySelector("[data-testid=stExpandSidebarButton]");
  const chips = document.querySelector(".st-key-puces"); // of the map, the one page with filters
  const active = chips ? chips.querySelectorAll(":scope > [class*=st-key-chip-]").length : 0;
  const words = `${chips ? "Menu et filtres" : "Menu"}${active ? ` (${active})` : ""}`;
  if (button && button.dataset.vaWords !== words) {
    button.dataset.vaWords = words; // drawn on a phone by page.css
    button.setAttribute("aria-label", words);
  }
  // Streamlit (1.67) names a thumb, then by its label too
  for (const thumb of document.querySelectorAll("[data-testid=stSlider] input[aria-label][aria-labelledby]")) {
    thumb.removeAttribute("aria-labelledby");
  }
}

function panel() {
  const inside = document.querySelector(".st-key-panneau");
  if (!inside) return;
  const box = [inside, inside.parentElement].find((e) => getComputedStyle(e).overflowY === "auto") || inside;
  if (!box.dataset.vaPanel) {
    box.dataset.vaPanel = "";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Fiche ou chiffres de la sélection");
  }
  const title = box.querySelector("h2")?.textContent;
  if (title !== box.vaTitle) {
    box.vaTitle = title; // another sheet begins at its beginning
    box.scrollTop = 0;
    const page = inside.querySelector(".st-key-fiche");
    if (page) page.scrollTop = 0;
  }
}

let stage = ""; // the step shown (ui/pages/collections/steps.py): another one begins at its beginning

function stepped() {
  const now = document.querySelector(".va-steps [aria-current]");
  if (!now || now.textContent === stage) return;
  if (stage) {
    document.querySelector("[data-testid=stMain]").scrollTop = 0;
    now.focus({ preventScroll: true });
  }
  stage = now.textContent;
}

// The finder (ui/finder.py): Enter opens the first answer once the answers are those of what is
// typed, the arrows go from one to the next.
const WAIT = 50; // milliseconds between two looks
const PATIENCE = 10000;
const answers = (box) => [...box.querySelectorAll('[class*="st-key-trouves-"] :is(a, button)')];

function openFirst(box, input) {
  const asked = input.value.trim();
  const until = performance.now() + PATIENCE;
  const look = () => {
    if (!asked || input.value.trim() !== asked || performance.now() > until) return;
    const told = box.querySelector("[data-asked]");
    const answered = told?.dataset.asked === asked;
    const still = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
    const [first] = answered && still ? answers(box) : [];
    if (first && !told.dataset.sure) return; // the list stays, and says why
    if (first) first.click();
    else setTimeout(look, WAIT);
  };
  setTimeout(look, WAIT); // once the box has had the key
}

// Escape closes the open sheet, as its cross does; a list or a menu that is open has the key first.
function closed(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (document.querySelector("[role=dialog], [role=listbox], [role=menu]")) return;
  if (event.target.matches?.("input") && event.target.value) return;
  document.querySelector(".st-key-fermer button, .st-key-fermer-commune button")?.click();
}

function typed(event) {
  const box = event.target.closest?.('[class*="st-key-trouver-"]');
  if (!box) return;
  const input = box.querySelector("input");
  if (event.key === "Enter" && event.target === input) openFirst(box, input);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [input, ...answers(box)];
  const next = step && stops[stops.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

// What was gathered and the collections chosen follow to a page that the menu opens by its bare address (ui/address.py): the
// address is completed in place, so that one step back is one page back.
function complete(along) {
  const query = new URLSearchParams(location.search);
  const missing = Object.entries(along || {}).filter(([key, value]) => value && !query.has(key));
  if (!missing.length) return;
  for (const [key, value] of missing) query.set(key, value);
  history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
}

// Maps and pictures are drawn by the server in the colours of the reader's theme: when the system
// turns dark while a page is open, the page is asked for again.
let ask = () => {};
const TURNED = 300; // milliseconds: Streamlit first turns its own colours, and says so to the server

// At first sight a page sends its map alone (shell.first_sight): the rest is asked for once it is drawn.
const PLACE = ".va-awaited";
const LONGEST = 4000; // milliseconds: a map that is not drawn by then keeps nothing waiting
let place = null; // what holds the place of the rest, once it was seen

function rest() {
  if (document.querySelector(PLACE)) ask("drawn");
}

function held() {
  const found = document.querySelector(PLACE);
  if (found === place) return;
  place = found;
  if (found && window.villeactive?.drawn) ask("drawn");
  else if (found) setTimeout(rest, LONGEST);
}

export default function ({ data, setTriggerValue }) {
  complete(data);
  ask = (what, how = Date.now()) => setTriggerValue(what, how);
  document.documentElement.lang = "fr";
  if (document.body.dataset.villeactive) return;
  document.body.dataset.villeactive = "";
  const signs = () => { document.body.dataset.vaIcons = ""; }; // first_words.py hides them until then
  document.fonts.load('1rem "Material Symbols Rounded"').then(signs, signs);
  let waiting = false;
  let behind = false; // the words are looked at less often: they are sought in the whole page
  const words = () => {
    behind = false;
    translate();
  };
  const tidy = () => {
    waiting = false;
    panel();
    stepped();
    unlist();
    nameControls();
    goOn(); // focus.js
    held();
  };
  const later = () => {
    if (!waiting) requestAnimationFrame(tidy);
    if (!behind) setTimeout(words, WORDS_EVERY);
    waiting = behind = true;
  };
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("villeactive-end", later);
  later();
  hear(); // ahead.js
  onPaper(); // print.js
  onReturn((unheard) => ask("back", unheard ? "unheard" : "whole")); // lost.js
  document.addEventListener("keydown", typed, true); // before the box keeps the key to itself
  document.addEventListener("keydown", closed, true); // before the list that is open goes
  const dark = matchMedia("(prefers-color-scheme: dark)");
  window.addEventListener("villeactive-drawn", rest);
  dark.addEventListener("change", () => setTimeout(() => ask("theme"), TURNED));
}
