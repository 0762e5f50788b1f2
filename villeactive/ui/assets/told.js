// Hands the answers to ahead.js, which may be there before or after.
export default function ({ data }) {
  document.villeActiveTold = data;
  document.dispatchEvent(new Event("villeactive-told"));
}
