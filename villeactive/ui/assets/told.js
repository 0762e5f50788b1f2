// Hands the answers to ahead.js, which may be there before or after; they go with their page.
export default function ({ data }) {
  const told = JSON.parse(new TextDecoder().decode(data));
  document.villeActiveTold = told;
  document.dispatchEvent(new Event("villeactive-told"));
  return () => {
    if (document.villeActiveTold === told) document.villeActiveTold = null;
  };
}
