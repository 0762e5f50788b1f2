// Keeps a page's choices in this browser: hands them over once, stores what the page says.

export default function ({ data, setTriggerValue, parentElement }) {
  const name = `villeactive-${data.name}`;
  if (data.values) {
    localStorage.setItem(name, JSON.stringify(data.values));
  } else if (!parentElement.villeActiveRead) {
    parentElement.villeActiveRead = true;
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(name) ?? "{}"); } catch { /* start afresh */ }
    setTriggerValue("kept", kept);
  }
}
