/** How many missions are late, beside the link to the board: from the page, kept by entries and by the clock. */
import { $, setText } from "./dom.js";
import { t } from "./labels.js";
import { page } from "./page.js";
import { everySecond, now } from "./time.js";
import { dueOf } from "./board/work.js";

/** @param {import("./store.js").Store} store whose changes carry all entries */
export function startLate(store) {
  const box = $("bar-late");
  const dues = /** @type {any} */ (page).work?.dues;
  if (!box || !dues) return;
  /** @type {Map<string, number>} */
  const due = new Map(dues.map((/** @type {[string, string]} */ [id, at]) => [id, Date.parse(at)]));
  store.addEventListener("change", (event) => {
    for (const { kind, about, data } of /** @type {CustomEvent} */ (event).detail.entries) {
      if (!kind.startsWith("interventions.")) continue;
      const clock = data.row && !data.row.paused_since ? dueOf(data.row) : null;
      if (clock) due.set(data.row.id, clock.due);
      else if (data.row || kind === "interventions.withdrawn") due.delete(data.row?.id ?? about);
    }
  });
  everySecond(() => {
    const late = [...due.values()].filter((at) => at < now()).length;
    setText(box, late ? String(late) : "");
    box.title = t("bar.late", { n: late });
  });
}
