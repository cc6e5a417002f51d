/** One mission in words and clocks. Pure reading of a row, as interventions/workflow.py decides it. */
import { drawing, h, shape } from "../dom.js";
import { categoryName, communeName, priorityName } from "../incident.js";
import { t } from "../labels.js";
import { page } from "../page.js";
import { now, short, span } from "../time.js";

/** @typedef {{id: string, name: string}} Named */
/**
 * @typedef {object} Work One mission as lists, the timeline and journal entries carry it (interventions.rows).
 * @property {string} id
 * @property {string} reference
 * @property {string} title
 * @property {string} status
 * @property {string} priority
 * @property {string} category
 * @property {string} commune
 * @property {number} lat
 * @property {number} lon
 * @property {string} address
 * @property {{id: string, reference: string, title: string} | null} incident
 * @property {Named | null} organisation
 * @property {Named | null} crew
 * @property {string[]} skills
 * @property {number} duration_minutes
 * @property {string | null} window_start
 * @property {string | null} window_end
 * @property {string | null} slot_start
 * @property {string | null} slot_end
 * @property {string | null} response_due
 * @property {string | null} repair_due
 * @property {string} created_at
 * @property {string | null} arrived_at
 * @property {string | null} done_at
 * @property {string | null} ended_at
 * @property {string} reason
 * @property {string | null} paused_since
 * @property {string} paused_reason
 * @property {string} checklist_title
 * @property {number} checklist_items
 * @property {number} ticked
 * @property {boolean} lone
 * @property {string | null} check_in_due
 * @property {number} version
 */
/** @typedef {{what: "response" | "repair", start: number, due: number, met: number | null}} Clock */

const MINUTE = 60_000;
const SOON_MS = 15 * MINUTE;
const SOON_SHARE = 0.2;
const WAITING = new Set(["proposed", "refused"]);
const HELD = new Set(["assigned", "accepted", "en_route", "on_site"]);
const TO_CHECK = new Set(["done", "failed"]);

/** No crew has it. @param {Work} row */
export const isWaiting = (row) => WAITING.has(row.status);
/** A crew's time is kept for it. @param {Work} row */
export const isHeld = (row) => HELD.has(row.status);
/** @param {Work} row */
export const isOpen = (row) => isWaiting(row) || isHeld(row);
/** @param {Work} row */
export const isToCheck = (row) => TO_CHECK.has(row.status);
/** What the store needs to know about this room. @type {import("../store.js").Kind} */
export const WORK = { room: "interventions", isOpen: (row) => isOpen(row) || isToCheck(row), age: (row) => row.created_at };

const skillLabels = new Map(/** @type {any} */ (page).skills?.map((/** @type {any} */ { key, label }) => [key, label]));
/** @param {string} key */
export const skillName = (key) => skillLabels.get(key) ?? key;
/** @param {string} status */
export const statusName = (status) => t(`work.${status}`);
/** "1 h 30" @param {number} minutes */
export const lasting = (minutes) =>
  minutes < 60 ? t("lasting.minutes", { n: minutes })
    : minutes % 60 ? t("lasting.both", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") }) : t("lasting.hours", { h: minutes / 60 });

/** @param {Work} row */
export const metaOf = (row) => [communeName(row.commune), categoryName(row.category), lasting(row.duration_minutes)].join(" · ");

/** By row: a mission that changes comes as another one. @type {WeakMap<Work, Clock[]>} */
const clocksRead = new WeakMap();

/** The clocks that this mission has. @param {Work} row @returns {Clock[]} */
export function clocksOf(row) {
  const known = clocksRead.get(row) ?? readClocks(row);
  clocksRead.set(row, known);
  return known;
}

/** @param {Work} row @returns {Clock[]} */
function readClocks(row) {
  const start = Date.parse(row.created_at);
  const met = (/** @type {string | null} */ instant) => (instant ? Date.parse(instant) : null);
  /** @type {Clock[]} */
  const clocks = [];
  if (row.response_due) clocks.push({ what: "response", start, due: Date.parse(row.response_due), met: met(row.arrived_at) });
  if (row.repair_due) clocks.push({ what: "repair", start, due: Date.parse(row.repair_due), met: met(row.done_at) });
  return clocks;
}

/**
 * How a clock stands: its state, what is left (ms, below zero when late) and the share of its time that is gone.
 * @param {Clock} clock @param {Work} row
 * @returns {{state: "fine" | "soon" | "late" | "stopped" | "met" | "missed", left: number, share: number}}
 */
export function standing(clock, row) {
  const paused = row.paused_since ? Date.parse(row.paused_since) : null;
  const at = clock.met ?? paused ?? now();
  const left = clock.due - at;
  const share = Math.min(1, Math.max(0, (at - clock.start) / (clock.due - clock.start)));
  if (clock.met !== null) return { state: left < 0 ? "missed" : "met", left, share };
  if (paused !== null) return { state: "stopped", left, share };
  if (left < 0) return { state: "late", left, share };
  return { state: left <= Math.max(SOON_MS, (clock.due - clock.start) * SOON_SHARE) ? "soon" : "fine", left, share };
}

/** The clock that counts now, the nearest of those not met. @param {Work} row */
export function dueOf(row) {
  if (!isOpen(row)) return null;
  const running = clocksOf(row).filter((clock) => clock.met === null);
  return running.reduce((/** @type {Clock | null} */ first, clock) => (first && first.due <= clock.due ? first : clock), null);
}

/** @param {Work} row */
export function urgencyOf(row) {
  const clock = dueOf(row);
  return clock ? standing(clock, row) : null;
}

/** The tag at the end of a line. @param {Work} row @returns {{kind: string, text: string}[]} */
export function tagsOf(row) {
  if (row.status === "refused") return [{ kind: "late", text: t("tag.refused") }, ...clockTag(row)];
  return clockTag(row);
}

/** @param {Work} row @returns {{kind: string, text: string}[]} */
function clockTag(row) {
  const stands = urgencyOf(row);
  if (row.paused_since) return [{ kind: "stopped", text: t("tag.stopped", { why: t(`pause.${row.paused_reason}`) }) }];
  if (!stands) return row.window_start ? [{ kind: "", text: t("tag.planned", { time: short(row.window_start) }) }] : [];
  const time = span(Math.abs(stands.left));
  if (stands.state === "late") return [{ kind: "late", text: t("tag.late", { time }) }];
  return [{ kind: stands.state === "soon" ? "soon" : "", text: t("tag.left", { time }) }];
}

/** The icon that goes with a tag: never colour alone. @param {string} kind */
export const tagIcon = (kind) => ({ late: "warn", soon: "clock", stopped: "stop" })[kind] ?? "clock";

/** By priority, then the oldest first. @param {Work} a @param {Work} b */
export const byUrgency = (a, b) =>
  a.priority === b.priority ? (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0) : a.priority < b.priority ? -1 : 1;

/** The state of a bar on the timeline: how it is coloured, and its icon. @param {Work} row */
export function barOf(row) {
  if (row.paused_since && isHeld(row)) return { look: "paused", icon: "pause" };
  if (row.status === "on_site") return { look: "site", icon: "site" };
  if (row.status === "en_route") return { look: "road", icon: "road" };
  if (row.status === "failed") return { look: "failed", icon: "cross" };
  if (isHeld(row)) return { look: row.status === "accepted" ? "planned accepted" : "planned", icon: row.status === "accepted" ? "check" : "free" };
  return { look: "done", icon: "check" };
}

/** From when to when it lies in its crew's day (ms), null when it never did; work begun before its slot lies where it is. @param {Work} row */
export function slotOf(row) {
  const start = row.slot_start ?? row.arrived_at;
  const end = row.slot_end ?? row.done_at ?? row.ended_at;
  if (!row.crew || !start || !end) return null;
  const begun = row.arrived_at ?? row.departed_at;
  const early = begun ? Math.max(0, Date.parse(start) - Date.parse(begun)) : 0;
  const over = early && row.done_at ? Date.parse(row.done_at) : Date.parse(end) - early;
  return { start: Date.parse(start) - early, end: Math.max(over, Date.parse(start) - early + MINUTE) };
}

/** @param {string} name an icon of templates/interventions/symbols.html */
export function icon(name) {
  const svg = drawing(`i-${name}`);
  svg.setAttribute("class", `i i-${name}`);
  return svg;
}

/** Colour, shape and word. @param {string} priority */
export const priorityMark = (priority) => h(`span.prio.${priority.toLowerCase()}`, {}, shape(priority), priorityName(priority));
