// Says that a page has been run to its end, and how many times this visit has seen one (ui/shell.py).
export default function ({ data }) {
  [document.body.dataset.vaRuns] = data;
  document.dispatchEvent(new Event("villeactive-end"));
}
