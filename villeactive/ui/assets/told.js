// Hands the answers to ahead.js, which may be there before or after; they go with their page.
export default function ({ data }) {
  document.villeActiveTold = data;
  document.dispatchEvent(new Event("villeactive-told"));
  return () => {
    if (document.villeActiveTold === data) document.villeActiveTold = null;
  };
}
