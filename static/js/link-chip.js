/** The state of the prefecture link in the bar, kept fresh by whatever the page hears of the journal. */
const chip = document.getElementById("pref-chip");

/** @param {{kind: string, data: any}[]} entries */
function hear(entries) {
  for (const { kind, data } of entries) {
    if (kind !== "prefecture.link_changed" || !chip) continue;
    const words = JSON.parse(document.getElementById("pref-chip-words")?.textContent || "{}");
    const { state, phone } = data.row;
    chip.dataset.state = state;
    const said = chip.querySelector("span");
    if (said && words[state]) said.textContent = state === "down" && phone ? `${words[state]} · ${phone}` : words[state];
  }
}

export function startChip() {
  document.addEventListener("journal", (event) => hear(/** @type {CustomEvent} */ (event).detail));
}
