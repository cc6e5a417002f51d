/** What changed since this person left the cell, said once when they come back; and how far they have read. */
import { call, get, Problem } from "./api.js";
import { $, fill, h } from "./dom.js";
import { t } from "./labels.js";

const TOLD = [["lines", "since.lines"], ["decisions", "since.decisions"], ["actions", "since.actions"], ["zones", "since.zones"], ["reports", "since.reports"]];

/** @param {import("./cell-store.js").CellStore} store @param {{mark: (number: number) => void, reveal: (number: number) => void}} log */
export async function tellNews(store, log) {
  const base = `/api/v1/crisis/cells/${store.cell.id}/`;
  const read = () => void call("POST", `${base}seen/`, { body: {}, once: true, keepalive: true }).catch(() => undefined); // said again next time
  document.addEventListener("visibilitychange", () => document.hidden && read());
  addEventListener("pagehide", read);
  try {
    const news = await get(`${base}news/`);
    if (news.since > 0 && news.entries > 0) show(news, log);
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the record itself is on the screen
  }
}

/** @param {any} news @param {{mark: (number: number) => void, reveal: (number: number) => void}} log */
function show({ changed, whole }, log) {
  const parts = TOLD.map(([table, key]) => [changed[table]?.length ?? 0, key]).filter(([n]) => n).map(([n, key]) => t(String(key), { n: Number(n) }));
  if (!parts.length) return;
  const first = changed.lines[0]?.number;
  if (first) log.mark(first - 1);
  const box = $("since");
  box.hidden = false;
  fill(box, h("span.grow", {}, h("b", {}, t(whole ? "since" : "since.more")), ` ${parts.join(", ")}`), first && h("button.lk", { type: "button", onclick: () => log.reveal(first) }, t("since.show")),
    h("button.lk", { type: "button", "aria-label": t("help.close"), onclick: () => { box.hidden = true; } }, "✕"));
}
