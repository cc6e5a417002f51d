/** The pieces of the link's page: a message with its three steps, an instruction with its time, a draft. */
import { h } from "./dom.js";
import { t } from "./labels.js";
import { isLost, isUnread } from "./prefecture-store.js";
import { full, now, short, span, when } from "./time.js";

/** @typedef {import("./prefecture-store.js").Message} Message */
/** @typedef {{rights: Record<string, boolean>, phone: string, minutes: number, read: (one: Message) => void, again: (one: Message) => void, answer: (one: Message) => void, prove: (one: Message) => void, whole: (one: Message) => Promise<string>, done: (one: import("./prefecture-store.js").Instruction) => void, reply: (one: import("./prefecture-store.js").Instruction) => (() => void) | null}} Acts */

const [LONG, LINES, ROW_TEXT] = [240, 4, 500]; // characters and lines shown of a text; what a row holds of it at most

/** @param {string} instant */
export const clockOf = (instant) => h("time", { datetime: instant, title: full(instant) }, when(instant));

/** The three steps, each with its time; a step is done (●) or still to come (○): shape and word, not colour alone. @param {Message} one */
export function steps(one) {
  const late = one.alarm === "not_integrated" || one.alarm === "not_read";
  const each = /** @type {[string, string | null][]} */ ([["received", one.received_at], ["integrated", one.integrated_at], ["read", one.read_at]]);
  return h("ol.steps", { class: late ? "steps late" : "steps" }, each.map(([step, at]) =>
    h("li", { class: at ? "done" : "wait" }, h("i", { "aria-hidden": "true" }, at ? "●" : "○"),
      h("span", {}, t(`pref.step.${step}`)), " ", at ? clockOf(at) : h("span", {}, "—"),
      step === "read" && at && one.reader && h("span.muted", {}, ` ${t("pref.by", { name: one.reader })}`))));
}

/** @param {Message} one @param {Acts} acts */
function trouble(one, acts) {
  const phone = acts.phone || "—";
  if (one.alarm === "replaced") return h("p.small.muted", {}, t("pref.alarm.replaced"));
  if (isLost(one)) return h("p.esc", {}, `${t(`pref.state.${one.state}`)} · ${one.failure}`);
  if (one.state === "queued" && one.failure) return h("p.wait-line", { title: one.failure }, `${t("pref.unreached")} · ${t("pref.next", { time: one.due_at ? short(one.due_at) : "—", n: one.attempts })}`);
  if (one.alarm) return h("p.esc", {}, t(`pref.alarm.${one.alarm}`, { phone, n: acts.minutes }));
  return null;
}

/** @param {string} words @param {() => void} act @param {string} [kind] */
export const button = (words, act, kind = "btn") => h("button", { type: "button", class: kind, onclick: act }, words);

/** Messages whose whole text somebody has opened; what was fetched of it. @type {Map<string, string>} */
const opened = new Map();

/** A long text shows its beginning until it is opened. @param {Message} one @param {Acts} acts */
function textOf(one, acts) {
  if (one.text.length <= LONG && one.text.split("\n").length <= LINES) return one.text && h("p.said", {}, one.text);
  const begin = one.text.split("\n").filter((line) => line.trim()).slice(0, LINES).join("\n").slice(0, LONG);
  const body = h("p", {}, opened.get(one.id) ?? one.text);
  const box = h("details.said", { open: opened.has(one.id) }, h("summary", {}, h("span", {}, `${begin} …`), " ", h("span.lk", {}, t("pref.whole"))), body);
  box.addEventListener("toggle", async () => {
    if (!box.open) return void opened.delete(one.id);
    if (opened.has(one.id)) return;
    opened.set(one.id, one.text);
    if (one.text.length < ROW_TEXT) return;
    const whole = await acts.whole(one).catch(() => one.text);
    opened.set(one.id, whole);
    body.textContent = whole;
  });
  return box;
}

/** @param {Message} one @param {Acts} acts @param {string} [talk] the conversation, where several are shown */
export function message(one, acts, talk = "") {
  const ours = one.direction === "out";
  const done = [
    button(t("pref.proof"), () => acts.prove(one), "btn quiet"),
    isUnread(one) && acts.rights.read && button(t("pref.read"), () => acts.read(one), "btn main"),
    !ours && one.state === "accepted" && acts.rights.send && button(t("pref.answer"), () => acts.answer(one)),
    isLost(one) && one.alarm !== "replaced" && acts.rights.send && button(t("pref.again"), () => acts.again(one), "btn main"),
  ];
  return h(`li.ms.${ours ? "out" : "in"}`, { class: `ms ${ours ? "out" : "in"}${isUnread(one) ? " unread" : ""}`, data: { id: one.id } },
    h("span.dr", {}, h("i", { "aria-hidden": "true" }, ours ? "→" : "←"), t(ours ? "pref.out" : "pref.in")),
    h("div.body", {},
      h("div.m1", {}, h("b", {}, one.title), h("span.grow", {}), talk && h("span.tag", {}, talk), h("span.mono.muted", {}, one.sequence ? `n° ${one.sequence} · ` : "", clockOf(one.sent_at))),
      textOf(one, acts), trouble(one, acts), h("div.foot", {}, steps(one), h("span.grow", {}), h("div.acts", {}, done))));
}

/** The time left, or how late it is. @param {string} due */
function countdown(due) {
  const left = Date.parse(due) - now();
  return h("b.mono", { class: left < 0 ? "mono bad" : left < 15 * 60_000 ? "mono warn" : "mono" }, `${left < 0 ? "+" : ""}${span(Math.abs(left))}`);
}

/** @param {import("./prefecture-store.js").Instruction} one @param {Acts} acts */
export function instruction(one, acts) {
  const open = one.status === "open";
  const reply = open ? acts.reply(one) : null;
  const late = open && Date.parse(one.due_at) < now();
  const ends = open ? [countdown(one.due_at), " ", t(late ? "pref.late" : "pref.before", { time: when(one.due_at) })]
    : [one.done_at ? t("pref.done.at", { time: when(one.done_at) }) : t("pref.cancelled")];
  return h("article", { class: `ins ${open ? "open" : "over"}${late ? " late" : ""}`, data: { id: one.id } },
    h("div.i1", {}, h("span", { class: `tag ${late ? "late" : open ? "soon" : "ok"}` }, t(`pref.status.${one.status}`)), h("span.mono.muted", {}, one.number), h("span.grow", {}), h("span.cd", {}, ends)),
    h("p", {}, one.text),
    h("div.i2", {}, open && acts.rights.read && button(t("pref.done"), () => acts.done(one), "btn main"), open && acts.rights.send && reply && button(t("pref.answer"), reply),
      h("span.grow", {}), h("span.muted.small", {}, one.authority, one.action && ` · ${t("pref.in.cell")}`)));
}

/** Nothing there, in words. @param {string} words */
export const nothing = (words) => h("p.none", {}, words);
