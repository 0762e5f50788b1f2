// On paper a map is the picture of what the screen shows: its frame keeps the size that it has there
// (print.css zooms it), since a frame laid out anew would show another part of France.

const SHEET = { width: 672, height: 640 }; // CSS pixels: A4 within its margins, half a page at most
const LARGEST = 1.5;

function framed() {
  for (const frame of document.querySelectorAll('[data-testid="stMain"] iframe')) {
    const { clientWidth: width, clientHeight: height } = frame;
    if (!width || !height) continue;
    frame.dataset.vaPrint = "";
    frame.style.setProperty("--va-zoom", Math.min(SHEET.width / width, SHEET.height / height, LARGEST));
    frame.style.setProperty("width", `${width}px`, "important");
    frame.style.setProperty("height", `${height}px`, "important");
  }
}

function unframed() {
  for (const frame of document.querySelectorAll("[data-va-print]")) {
    delete frame.dataset.vaPrint;
    for (const name of ["--va-zoom", "width", "height"]) frame.style.removeProperty(name);
  }
}

function onPaper() {
  window.addEventListener("beforeprint", framed);
  window.addEventListener("afterprint", unframed);
}
