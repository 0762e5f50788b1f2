// The address of what one sees: filters and open sheet (the page's address) with pan and zoom.
export default function share({ parentElement }) {
  const button = parentElement.querySelector("button");
  const field = parentElement.querySelector("input");
  const said = parentElement.querySelector("[role=status]");

  function address() {
    const link = new URL(window.location.href);
    const view = window.villeactive && window.villeactive.view;
    if (view) link.searchParams.set("view", view);
    return link.href.replaceAll("%2C", ",");
  }

  async function copy() {
    field.value = address();
    field.hidden = false;
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Lien copié";
    } catch {
      // browsers refuse the clipboard outside https and localhost
      said.textContent = "Copiez ce lien";
    }
  }

  button.addEventListener("click", copy);
  return () => button.removeEventListener("click", copy);
}
