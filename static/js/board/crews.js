/** One crew in words: what it does now, until when, how full its shift is. Pure reading of rows. */
import { t } from "../labels.js";
import { now, short } from "../time.js";
import { isHeld, skillName, slotOf } from "./work.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {{id: string, kind: string, starts_at: string, ends_at: string, note: string}} Shift */
/**
 * @typedef {object} Crew as interventions.rows carries it
 * @property {string} id
 * @property {string} name
 * @property {import("./work.js").Named} organisation
 * @property {import("./work.js").Named | null} leader
 * @property {string[]} skills
 * @property {number} capacity
 * @property {string | null} vehicle
 * @property {string} vehicle_code
 * @property {number} base_lat
 * @property {number} base_lon
 * @property {boolean} active
 * @property {Shift[]} shifts
 * @property {number} version
 */
/** @typedef {{key: string, icon: string, words: string}} State */

/** @param {Shift} shift @param {number} at */
const covers = (shift, at) => Date.parse(shift.starts_at) <= at && at < Date.parse(shift.ends_at);

/** The shift that counts at an instant: absence first, then planned work, then being on call. @param {Crew} crew @param {number} at */
export function shiftAt(crew, at) {
  const there = crew.shifts.filter((shift) => covers(shift, at));
  const absent = there.find(({ kind }) => kind === "absent");
  return absent ?? there.find(({ kind }) => kind === "planned") ?? there.find(({ kind }) => kind === "on_call") ?? null;
}

/** On shift or on call. @param {Crew} crew @param {number} [at] */
export function isThere(crew, at = now()) {
  const shift = shiftAt(crew, at);
  return shift !== null && shift.kind !== "absent";
}

/** When it comes back, or null. @param {Crew} crew */
export function backAt(crew) {
  const later = crew.shifts.filter(({ kind, starts_at }) => kind !== "absent" && Date.parse(starts_at) > now()).map(({ starts_at }) => starts_at).sort();
  return later[0] ?? null;
}

/** What it does now. @param {Crew} crew @param {Work[]} missions its own @returns {State} */
export function stateOf(crew, missions) {
  const busy = missions.find(({ status }) => status === "on_site") ?? missions.find(({ status }) => status === "en_route");
  if (busy?.paused_since) return { key: "paused", icon: "pause", words: t("crew.paused") };
  if (busy) return busy.status === "on_site" ? { key: "site", icon: "site", words: t("crew.site") } : { key: "road", icon: "road", words: t("crew.road") };
  const shift = shiftAt(crew, now());
  if (shift?.kind === "absent") return { key: "off", icon: "off", words: t("crew.absent") };
  if (shift?.kind === "on_call") return { key: "call", icon: "call", words: t("crew.on_call") };
  if (shift) return { key: "free", icon: "free", words: t("crew.free") };
  const back = backAt(crew);
  return { key: "off", icon: "off", words: back ? t("crew.back", { time: short(back) }) : t("crew.off") };
}

/** How much of the present shift is taken, 0 to 100, or null off shift. @param {Crew} crew @param {Work[]} missions */
export function loadOf(crew, missions) {
  const shift = shiftAt(crew, now());
  if (!shift || shift.kind === "absent") return null;
  const [from, to] = [Date.parse(shift.starts_at), Date.parse(shift.ends_at)];
  const taken = missions.reduce((sum, row) => {
    const slot = slotOf(row);
    return slot ? sum + Math.max(0, Math.min(slot.end, to) - Math.max(slot.start, from)) : sum;
  }, 0);
  return Math.min(100, Math.round((100 * taken) / (to - from)));
}

/** @param {Crew} crew */
export const skillsOf = (crew) => crew.skills.map(skillName).join(", ");

/** Which of the skills it lacks. @param {Crew} crew @param {string[]} wanted */
export const missing = (crew, wanted) => wanted.filter((key) => !crew.skills.includes(key));

/** The mission it holds at a time, if there is one. @param {Work[]} missions @param {number} start @param {number} end @param {string} except id */
export const inTheWay = (missions, start, end, except) =>
  missions.find((row) => {
    const slot = isHeld(row) && row.id !== except ? slotOf(row) : null;
    return slot !== null && slot.start < end && start < slot.end;
  });

/** What speaks against sending this crew at this time, in words. @param {Crew} crew @param {Work} row @param {number} start */
export function against(crew, row, start) {
  const words = [];
  const lacking = missing(crew, row.skills);
  if (lacking.length) words.push(t("against.skill", { skills: lacking.map(skillName).join(", ") }));
  if (!isThere(crew, start)) words.push(t("against.shift", { time: short(start) }));
  return words;
}
