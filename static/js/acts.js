/** What can be done to an incident: which form each act asks for, and what it sends. Rights come from `allowed`. */
import * as fields from "./fields.js";
import { findIncidents, findPeople } from "./finders.js";
import { t } from "./labels.js";
import { page } from "./page.js";
import { span } from "./time.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {{row: Row, detail: any, map: any, store: import("./store.js").Store}} Context */
/**
 * @typedef {object} Act
 * @property {string} path last part of the address
 * @property {(context: Context) => import("./fields.js").Field[]} [fields] none: done at once
 * @property {(values: any) => any} [body] what is sent; the values themselves when left out
 * @property {boolean} [danger]
 * @property {string} [key] shown beside the button
 * @property {boolean} [free] does not change the incident itself: no version is sent
 */

const MINUTE = 60_000;
const reason = () => [fields.text("reason", t("field.reason"), { rows: 2, required: true })];
const organisations = () => /** @type {[string, string][]} */ (page.organisations.map(({ id, name }) => [id, name]));
const humans = () => page.people ?? [];

/** @param {Context} context */
function assignment({ row }) {
  const person = fields.chooser("person", t("field.person"), {
    search: (text) => findPeople(humans())(text), value: row.assignee?.id, words: row.assignee?.name ?? "", hint: t("hint.person"),
  });
  return [fields.choice("organisation", t("field.organisation"), organisations(), row.organisation?.id ?? ""), person];
}

/** @param {Context} context */
function named({ detail }) {
  const already = (detail.named_people ?? []).map((/** @type {any} */ one) => one.id);
  return [fields.several("people", t("field.people"), humans().map(({ id, name }) => [id, name]), already)];
}

/** Other organisations than the one that has it. @param {Context} context */
const others = ({ row }) => organisations().filter(([id]) => id !== row.organisation?.id);
/** How long it may sleep, in minutes: the more urgent, the shorter. @type {Record<string, number[]>} */
const SLEEPS = { P1: [10, 20, 30, 60], P2: [15, 30, 60, 120, 240, 480], P3: [30, 60, 240, 720, 1440, 2880], P4: [60, 240, 1440, 2880, 10080] };

/** @type {Record<string, Act>} */
export const ACTS = {
  acknowledge: { path: "acknowledge", key: "A" },
  qualify: {
    path: "qualify", key: "Q",
    fields: ({ row }) => [fields.priority(row.priority), fields.category(row.category), fields.text("title", t("field.title"), { value: row.title, max: 160, hint: t("hint.title") })],
  },
  assign: { path: "assign", key: "D", fields: assignment, body: ({ organisation, person }) => ({ organisation, person: person || null }) },
  start: { path: "start" },
  resolve: { path: "resolve", fields: () => [fields.text("outcome", t("field.outcome"), { rows: 3, required: true })] },
  close: { path: "close" },
  reopen: { path: "reopen", fields: reason },
  edit: {
    path: "edit",
    fields: ({ row }) => [fields.text("title", t("field.title"), { value: row.title, max: 160, hint: t("hint.title") }), fields.text("address", t("field.address"), { value: row.address, max: 200 })],
  },
  move: { path: "move", fields: ({ map }) => [fields.place(map)], body: ({ place }) => place },
  report: {
    path: "reports", free: true,
    fields: () => [
      fields.text("description", t("field.description"), { rows: 3, max: 4000 }),
      fields.choice("source", t("field.source"), page.me.sources.map((key) => [key, t(`source.${key}`)]), page.me.sources[0]),
      fields.text("reporter_name", t("field.reporter_name"), { max: 120 }),
      fields.text("reporter_phone", t("field.reporter_phone"), { max: 30, type: "tel" }),
      fields.text("reporter_email", t("field.reporter_email"), { max: 254, type: "email" }),
    ],
  },
  snooze: {
    path: "snooze", key: "S",
    fields: ({ row }) => [fields.choice("minutes", t("field.minutes"), SLEEPS[row.priority].map((n) => [String(n), n < 60 ? t("minutes", { n }) : span(n * MINUTE)]), String(SLEEPS[row.priority][1])), ...reason()],
    body: ({ minutes, reason: why }) => ({ minutes: Number(minutes), reason: why }),
  },
  hand_over: { path: "hand-over", key: "H", fields: (context) => [fields.choice("organisation", t("field.organisation"), others(context), others(context)[0]?.[0] ?? ""), ...reason()] },
  merge: { path: "merge", danger: true, fields: ({ row, store }) => [fields.chooser("into", t("field.into"), { search: findIncidents(store, row.id), hint: t("hint.into") })] },
  unmerge: { path: "unmerge", fields: reason },
  restrict: { path: "restrict", danger: true, fields: (context) => [...reason(), ...named(context)] },
  unrestrict: { path: "unrestrict", danger: true, fields: reason },
  name_people: { path: "people", fields: named },
  cancel: { path: "cancel", danger: true, fields: reason },
  watch: { path: "watch", free: true },
  unwatch: { path: "unwatch", free: true },
};

/** Acts with a place of their own in the drawer, not among the buttons. */
const ELSEWHERE = new Set(["comment", "attach", "tick"]);
/** The step that usually comes next, by status. @type {Record<string, string[]>} */
const NEXT = {
  declared: ["acknowledge", "qualify", "assign"],
  qualified: ["acknowledge", "start", "assign", "qualify"],
  in_progress: ["resolve", "assign", "qualify"],
  resolved: ["close", "reopen"],
  closed: ["reopen"],
  merged: ["unmerge"],
  cancelled: [],
};
const SHOWN = 3;

/** Buttons in the order of use: the first few, and the rest for the menu. @param {Row} row @param {string[]} granted @param {boolean} watching */
export function arrange(row, granted, watching) {
  const allowed = watching ? granted.map((act) => (act === "watch" ? "unwatch" : act)) : granted;
  const order = [...(NEXT[row.status] ?? []), ...Object.keys(ACTS)];
  const possible = [...new Set(order)].filter((act) => allowed.includes(act) && ACTS[act] && !ELSEWHERE.has(act) && sensible(act, row));
  const first = possible.filter((act) => (NEXT[row.status] ?? []).includes(act)).slice(0, SHOWN);
  return { first, more: possible.filter((act) => !first.includes(act)) };
}

/** What the workflow allows but would change nothing. @param {string} act @param {Row} row */
function sensible(act, row) {
  if (act === "acknowledge") return !row.acknowledged_at;
  if (act === "restrict") return row.sensitivity === "normal";
  if (act === "unrestrict" || act === "name_people") return row.sensitivity === "restricted";
  return true;
}
