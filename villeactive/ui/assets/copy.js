// « Copier l’image »: puts the previewed picture on the clipboard, ready for a slide.
// The picture is the one already shown in the container of class st-key-apercu.

export default function ({ parentElement }) {
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("[role=status]");
  button.onclick = async () => {
    const picture = document.querySelector(".st-key-apercu img");
    if (!picture) return;
    try {
      // the promise goes in at once: the right to write is lost after a wait
      const blob = fetch(picture.src).then((answer) => answer.blob());
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
      status.textContent = "Image copiée : collez-la dans votre diapositive.";
    } catch {
      status.textContent = "Le navigateur refuse la copie : téléchargez l’image PNG.";
    }
  };
}
