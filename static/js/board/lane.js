/** One crew's day as elements: hatched where it is off, shifts, missions, what overran, what was refused. */
import { h, shape } from "../dom.js";
import { t } from "../labels.js";
import { now, short } from "../time.js";
import { priorityName } from "../incident.js";
import { barOf, icon, isHeld, slotOf, statusName } from "./work.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {import("./crews.js").Crew} Crew */
/** @typedef {{from: number, to: number}} View */
/** @typedef {{row: Work, start: number, end: number}} Ghost */
/** @typedef {{row: Work, start: number, end: number, why: string, detail: string, free: number | null, place: () => void, forget: () => void}} Refusal */

const MINUTE = 60_000;
const NARROW = 0.035;

/** Place an element by time; null when it lies outside. @param {any} element @param {number} start @param {number} end @param {View} view */
export function put(element, start, end, view) {
  const [left, right] = [Math.max(start, view.from), Math.min(end, view.to)];
  if (right <= left) return null;
  const whole = view.to - view.from;
  element.style.left = `${(100 * (left - view.from)) / whole}%`;
  element.style.width = `${(100 * (right - left)) / whole}%`;
  element.classList.toggle("cut-start", start < view.from);
  element.classList.toggle("cut-end", end > view.to);
  return element;
}

/** @param {Crew} crew @param {View} view */
export const shifts = (crew, view) =>
  crew.shifts.map((shift) => {
    const [start, end] = [Date.parse(shift.starts_at), Date.parse(shift.ends_at)];
    const words = shift.kind === "planned" ? "" : t(`shift.${shift.kind}`, { from: short(start), to: short(end) });
    const box = h(`div.shift.${shift.kind}`, { title: [words || t("shift.planned", { from: short(start), to: short(end) }), shift.note].filter(Boolean).join(" · ") },
      words && h("span", {}, shift.kind === "on_call" && icon("call"), words));
    return put(box, start, end, view);
  });

/** @param {Work} row @param {View} view @param {boolean} picked @returns {any[]} the bar, and what overran */
export function job(row, view, picked) {
  const slot = slotOf(row);
  if (!slot) return [];
  const over = isHeld(row) && slot.end < now() ? now() : 0;
  const { look, icon: mark } = barOf(row);
  const words = t("bar.words", { title: row.title, status: statusName(row.status), from: short(slot.start), to: short(slot.end), priority: priorityName(row.priority) });
  const narrow = (slot.end - slot.start) / (view.to - view.from) < NARROW;
  const movable = row.status === "assigned" || row.status === "accepted";
  const box = h("button.job", { type: "button", tabindex: "-1", draggable: movable && "true", data: { id: row.id }, "aria-label": words, title: words, "aria-current": String(picked) },
    h("span.marks", {}, icon(mark), !["done", "failed"].includes(look) && h(`span.prio.${row.priority.toLowerCase()}`, {}, shape(row.priority))),
    !narrow && h("span.t", {}, row.title));
  box.classList.add(...look.split(" "));
  box.classList.toggle("over", Boolean(over));
  if (picked) box.classList.add("picked");
  const parts = [put(box, slot.start, slot.end, view)];
  if (over) {
    const late = Math.round((over - slot.end) / MINUTE);
    parts.push(put(h("i.overrun", { "aria-hidden": "true" }), slot.end, over, view));
    if (late > 0) parts.push(at(h("span.note.bad", {}, t("bar.over", { n: late })), over, view));
  }
  return parts;
}

/** Put words just after an instant, or before it when there is no room. @param {any} element @param {number} instant @param {View} view */
function at(element, instant, view) {
  const share = (100 * (instant - view.from)) / (view.to - view.from);
  if (share < 0 || share > 100) return null;
  if (share > 72) {
    element.style.right = `calc(${100 - share}% + .375rem)`;
    element.classList.add("before");
  } else element.style.left = `calc(${share}% + .375rem)`;
  return element;
}

/** Where a mission would lie. @param {Ghost} ghost @param {View} view */
export const ghost = ({ row, start, end }, view) =>
  put(h("div.job.ghost", { "aria-hidden": "true" }, h("span.marks", {}, h(`span.prio.${row.priority.toLowerCase()}`, {}, shape(row.priority))), h("span.t", {}, short(start))), start, end, view);

/** The refused mission in a lane of its own, with the cause and the next free slot. @param {Refusal} refused @param {View} view */
export function refusal(refused, view) {
  const { row, start, end, why, detail, free } = refused;
  const box = put(h("div.job.no", { "aria-hidden": "true" }, icon("cross")), start, end, view);
  const share = (100 * (Math.min(end, view.to) - view.from)) / (view.to - view.from);
  const words = h("div.refused", { role: "alert", data: { id: row.id } },
    h("span.said", {}, h("b", {}, why), h("small", {}, `${row.title} · ${t("refused.put", { from: short(start), to: short(end) })} · ${detail}`)),
    free !== null && h("button.btn", { type: "button", onclick: refused.place }, t("refused.place", { time: short(free) })),
    h("button.btn.quiet.icon", { type: "button", "aria-label": t("refused.forget"), onclick: refused.forget }, "✕"));
  if (share > 45) {
    words.style.right = `${100 - (100 * (Math.max(start, view.from) - view.from)) / (view.to - view.from)}%`;
    words.classList.add("before");
  } else words.style.left = `${Math.max(0, share)}%`;
  return [box, words];
}

/** The instant under a point of a lane, on five minutes. @param {HTMLElement} lane @param {number} x @param {View} view */
export function instantAt(lane, x, { from, to }) {
  const { left, width } = lane.getBoundingClientRect();
  const step = 5 * MINUTE;
  return Math.round((from + ((x - left) / width) * (to - from)) / step) * step;
}
