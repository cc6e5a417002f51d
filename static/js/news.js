/** How the page speaks: connection in words, toasts, and live regions that do not chatter. */
import { $, fill, h, setText, settle } from "./dom.js";
import { communeName, nameOf } from "./incident.js";
import { t } from "./labels.js";
import { ring } from "./sound.js";
import { isOpen, isWaiting } from "./store.js";
import { clock, now } from "./time.js";

const TOAST_MS = 7000;
const QUIET_MS = 4000;

/**
 * A short word at the foot of the page, said politely.
 * @param {string} words @param {{kind?: string, undo?: {label: string, act: () => void}, stays?: boolean}} [options]
 */
export function toast(words, { kind = "", undo, stays = false } = {}) {
  const gone = () => box.remove();
  const box = h("div", { class: `toast ${kind}` }, h("span.grow", {}, words),
    undo && h("button.btn", { type: "button", onclick: () => { gone(); undo.act(); } }, undo.label),
    h("button.btn.quiet.icon", { type: "button", "aria-label": t("toast.close"), onclick: gone }, "✕"));
  $("toasts").append(box);
  say(words);
  if (!stays) setTimeout(gone, TOAST_MS);
}

/** @param {string} words */
export function say(words) {
  setText($("say"), "");
  requestAnimationFrame(() => setText($("say"), words));
}

/** The state of the connection, and what still works without it. @param {import("./live.js").State} state @param {number} since */
export function connection(state, since) {
  const words = t(`link.${state}`);
  $("link").dataset.state = state;
  if ($("link-words").textContent !== words) {
    setText($("link-words"), words);
    if (state !== "connecting") say(words);
  }
  const strip = $("strip");
  const bad = state === "lost" || state === "out";
  strip.hidden = !bad;
  strip.className = `strip ${bad ? "bad" : "warn"}`;
  if (bad) fill(strip, h("b", {}, t(`strip.${state}`, { time: clock(since + now() - Date.now()) })), h("span", {}, t(`strip.${state}.works`)),
    state === "out" && h("a.btn", { href: `/login/?next=${encodeURIComponent(location.pathname + location.search)}` }, t("strip.login")));
}

/** @param {number} missed */
export const back = (missed) => toast(t("link.back", { n: missed }), { kind: "ok", stays: missed > 0 });

/** @type {Set<string>} */
const cried = new Set();
let fresh = 0;
const tellFresh = settle(() => {
  if (fresh) say(t("say.fresh", { n: fresh }));
  fresh = 0;
}, QUIET_MS);

/** Speak of what entries brought: a P1 at once and aloud, the rest politely and together. @param {import("./store.js").Entry[]} entries @param {(id: string) => void} open */
export function announce(entries, open) {
  for (const { kind, data } of entries) {
    if (kind === "notifications.told") tell(data);
    const row = data.row;
    if (!row) continue;
    if (row.acknowledged_at) cried.delete(row.id); // should it come back, it is news again
    if (row.priority === "P1" && isOpen(row) && isWaiting(row)) cry(row, open);
    else if (kind === "incidents.declared") fresh += 1;
  }
  tellFresh();
}

/** A message to this person alone. What is urgent stays until it is closed. @param {{subject: string, urgency: string, url: string}} message */
function tell({ subject, urgency, url }) {
  const undo = url ? { label: t("near.open"), act: () => location.assign(url) } : undefined;
  toast(subject, { kind: urgency === "vital" ? "bad" : "", undo, stays: urgency !== "normal" });
  if (urgency !== "vital") return;
  $("alert").append(h("p", {}, subject));
  ring();
}

/** A vital one that came while the stream was interrupted is cried all the same. @param {(import("./store.js").Row | undefined)[]} rows @param {(id: string) => void} open */
export function announceLoaded(rows, open) {
  for (const row of rows) if (row?.priority === "P1" && isOpen(row) && isWaiting(row)) cry(row, open);
}

/** Rows that came with the page or by one's own hand are on the screen: nobody is startled by them later. @param {(import("./store.js").Row | undefined)[]} rows */
export function remember(rows) {
  for (const row of rows) if (row?.priority === "P1") cried.add(row.id);
}

/** @param {import("./store.js").Row} row @param {(id: string) => void} open */
function cry(row, open) {
  if (cried.has(row.id)) return;
  cried.add(row.id);
  const words = t("say.vital", { name: nameOf(row), commune: communeName(row.commune) });
  $("alert").append(h("p", {}, words));
  while ($("alert").children.length > 3) $("alert").firstElementChild.remove();
  const box = h("div.toast.p1", { data: { about: row.id } }, h("span.grow", {}, h("b", {}, words)),
    h("button.btn", { type: "button", onclick: () => { box.remove(); open(row.id); } }, t("near.open")));
  $("toasts").append(box);
  ring();
}

/** A P1 that was acknowledged (or is gone) needs nobody any more. @param {Map<string, import("./store.js").Row>} rows */
export function calm(rows) {
  for (const box of $("toasts").querySelectorAll(".toast.p1")) {
    const row = rows.get(box.dataset.about);
    if (!row || !isOpen(row) || !isWaiting(row)) box.remove();
  }
}
