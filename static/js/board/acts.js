/** What can be done to a mission from the board: which form each act asks for, and what it sends. */
import * as fields from "../fields.js";
import { t } from "../labels.js";
import { page } from "../page.js";
import { short } from "../time.js";
import { instant, wanted } from "./wanted.js";
import { lasting, skillName, statusName } from "./work.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {{row: Work, crews: Map<string, import("./crews.js").Crew>, crew?: string, start?: number, override?: boolean}} Context */

const BASE = "/api/v1/interventions/";
const PAUSES = ["access", "weather", "police", "other_network", "parts"];
const settings = /** @type {any} */ (page);

const reason = () => [fields.text("reason", t("field.reason"), { rows: 2, required: true })];
/** @param {Context} context */
function assignment({ row, crews, crew, start, override }) {
  const able = [...crews.values()].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const options = able.map(({ id, name, skills }) => /** @type {[string, string]} */ ([id, row.skills.every((key) => skills.includes(key)) ? name : t("assign.lacks", { name })]));
  return [
    fields.choice("crew", t("field.crew"), options, crew ?? row.crew?.id ?? options[0]?.[0] ?? ""),
    instant("start", start ? new Date(start).toISOString() : null),
    fields.text("override", t("field.override"), { rows: 2, required: Boolean(override), hint: t(override ? "hint.override.needed" : "hint.override") }),
  ];
}

/** @type {Record<string, any>} */
export const ACTS = {
  assign: { path: "assign", key: "D", fields: assignment, body: (/** @type {any} */ { crew, start, override }) => ({ crew, override, ...(start ? { start } : {}) }) },
  unassign: { path: "unassign", fields: reason },
  edit: { path: "edit", fields: (/** @type {Context} */ { row }) => wanted(row) },
  pause: { path: "pause", fields: () => [fields.choice("reason", t("field.pause"), PAUSES.map((key) => [key, t(`pause.${key}`)]), "access")] },
  resume: { path: "resume" },
  verify: {
    path: "verify", key: "V",
    fields: (/** @type {Context} */ { row }) => [fields.text("note", t("field.verified"), { rows: 2 }), ...(row.incident ? [resolve()] : [])],
  },
  reopen: { path: "reopen", fields: reason },
  cancel: { path: "cancel", danger: true, fields: reason },
  accept: { path: "accept" },
  depart: { path: "depart" },
  arrive: { path: "arrive" },
  finish: {
    path: "finish",
    fields: () => [fields.text("outcome", t("field.outcome"), { rows: 3, required: true }), fields.text("left_out", t("field.left_out"), { rows: 2, hint: t("hint.left_out") })],
  },
  refuse: { path: "refuse", fields: reason },
  fail: { path: "fail", danger: true, fields: reason },
  note: { path: "note", free: true, fields: () => [fields.text("text", t("field.note"), { rows: 3, max: 2000, required: true })] },
};

/** @returns {import("../fields.js").Field} */
function resolve() {
  const field = fields.several("resolve", t("field.incident"), [["yes", t("verify.resolve")]], []);
  return { ...field, read: () => field.read().length > 0, write: (kept) => field.write(kept ? ["yes"] : []) };
}

/** What differs between two versions, for the dialogue of a conflict. @type {import("../conflict.js").Fact[]} */
const FACTS = [
  ["title", (row) => row.title],
  ["status", (row) => statusName(row.status)],
  ["priority", (row) => t(`priority.${row.priority}`)],
  ["crew", (row) => row.crew?.name ?? ""],
  ["start", (row) => (row.slot_start ? `${short(row.slot_start)}–${short(row.slot_end)}` : "")],
  ["skills", (row) => row.skills.map(skillName).join(", ")],
  ["duration_minutes", (row) => lasting(row.duration_minutes)],
];

/** @type {import("../form.js").Room} */
export const ROOM = { acts: ACTS, base: BASE, facts: FACTS };

/** The step that usually comes next, by status. @type {Record<string, string[]>} */
const NEXT = {
  proposed: ["assign", "edit", "resume", "pause"],
  refused: ["assign", "edit", "resume", "pause"],
  assigned: ["unassign", "resume", "pause"],
  accepted: ["unassign", "resume", "pause"],
  en_route: ["resume", "pause", "note"],
  on_site: ["resume", "pause", "note"],
  done: ["verify", "reopen"],
  failed: ["reopen"],
};
/** Said in the crew's name, over the telephone. */
const FOR_THE_CREW = ["accept", "depart", "arrive", "finish", "refuse", "fail", "note"];
const SHOWN = 3;

/** Buttons in the order of use. @param {Work} row @param {(act: string) => boolean} may */
export function arrange(row, may) {
  const first = (NEXT[row.status] ?? []).filter(may).slice(0, SHOWN);
  const rest = Object.keys(ACTS).filter((act) => may(act) && !first.includes(act));
  return { first, more: rest.filter((act) => !FOR_THE_CREW.includes(act)), crew: rest.filter((act) => FOR_THE_CREW.includes(act)) };
}

/** Whether the workflow and the person's duties allow it, as far as this page knows: the server decides. @param {Work} row @param {string} act */
export function likely(row, act) {
  const [permission, sources] = settings.moves[act] ?? ["", []];
  if (!sources.includes(row.status) || !settings.me.permissions.includes(permission)) return false;
  if (act === "pause") return !row.paused_since;
  return act === "resume" ? Boolean(row.paused_since) : true;
}

export const dispatches = settings.me.permissions.includes("interventions.dispatch");
export const plans = settings.me.permissions.includes("interventions.plan");
