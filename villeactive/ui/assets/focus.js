// Where the keyboard goes on when what it was on has gone: another page begins at its beginning, as
// one that is loaded does; the menu that is folded or unfolded goes on from its other button.

const BUTTONS = {
  true: "[data-testid=stExpandSidebarButton]",
  false: "[data-testid=stSidebarCollapseButton] button",
};
let path = location.pathname;
let left = 0; // how many times pages had been run to their end when this one was asked for
let arriving = false;
let folded = null; // null on a page without filters, whose menu is at its top

const lost = () => document.activeElement === document.body;

function begin() {
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute("tabindex");
}

/** Follow the page; to be called whenever something of it has changed. */
function goOn() {
  const runs = Number(document.body.dataset.vaRuns || 0);
  if (location.pathname !== path) {
    path = location.pathname;
    left = runs;
    arriving = true;
  }
  if (arriving && runs > left) {
    if (lost()) begin();
    arriving = Boolean(document.querySelector("[data-stale=true]")); // of the page before
  }
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  const now = sidebar && sidebar.dataset.collapsed === "true";
  if (folded !== null && now !== null && now !== folded && lost()) {
    document.querySelector(BUTTONS[now])?.focus();
  }
  folded = now;
}
