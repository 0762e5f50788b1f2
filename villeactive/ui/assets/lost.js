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

/** Call ``ask`` each time a connection comes back. */
function onReturn(ask) {
  const state = () => document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState;
  let away = false;
  new MutationObserver(() => {
    const here = state() === "CONNECTED";
    if (here && away) ask();
    away = !here;
  }).observe(document.body, { subtree: true, attributeFilter: ["data-test-connection-state"] });
  new MutationObserver(sayLost).observe(document.body, { childList: true, characterData: true, subtree: true });
}
