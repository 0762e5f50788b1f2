// What a lost connection leaves to say, before it is painted: Streamlit's box and failed downloads
// in French. Once a server answers again the page is asked for: another one knows none of its files.
const LOST = "L’atlas ne répond plus";
const WHY = "La connexion est coupée, ou l’atlas est arrêté. La page reprendra d’elle-même dès qu’il répondra.";
const NO_FILE = "Le téléchargement a échoué. Réessayez dans un instant.";

function say(text, words) {
  if (text && text.data !== words) text.data = words;
}

function sayLost() {
  for (const box of document.querySelectorAll("[role=dialog]")) {
    const head = box.querySelector("h2")?.firstChild;
    if (!["Connection error", LOST].includes(head?.data)) continue;
    say(head, LOST);
    say(box.querySelector("h2 + div > div")?.firstChild, WHY); // page.css hides Streamlit's command
  }
  for (const said of document.querySelectorAll("[data-testid=stDownloadButtonError]")) {
    say(document.createTreeWalker(said, NodeFilter.SHOW_TEXT).nextNode(), NO_FILE);
  }
}

const RECENT = 30_000; // milliseconds: what was done before was answered, or asked nothing

/** Call ``ask`` each time a connection comes back: with whether what was last done may not have been heard. */
function onReturn(ask) {
  let acted = 0; // when something was last done, unless the server has begun to answer since
  let running = false;
  let away = false;
  let unheard = false;
  const act = ({ target }) => {
    if (target.closest?.("[data-testid=stElementContainer]")) acted = Date.now();
  };
  const look = () => {
    const told = document.querySelector("[data-testid=stApp]")?.dataset;
    const here = told?.testConnectionState === "CONNECTED";
    if (here && away) ask(unheard);
    if (!here && !away) unheard = running || Date.now() - acted < RECENT;
    if (here) running = told.testScriptState !== "notRunning";
    if (here && running) acted = 0;
    away = !here;
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true, attributeFilter: ["data-test-connection-state", "data-test-script-state"],
  });
  for (const kind of ["click", "change", "keydown"]) document.addEventListener(kind, act, true);
  window.addEventListener("message", ({ data }) => { // of a map
    if (data?.type === "streamlit:setComponentValue") acted = Date.now();
  });
  new MutationObserver(sayLost).observe(document.body, { childList: true, characterData: true, subtree: true });
}
