// Hands the rows to list.js, which may be there before or after.
export default function ({ data }) {
  document.villeActiveRows = JSON.parse(new TextDecoder().decode(data));
  document.villeActiveList?.(document.villeActiveRows);
}
