/** One incident in words: its name, its line of facts, what is due. Pure reading of a row. */
import { h, shape } from "./dom.js";
import { t } from "./labels.js";
import { categories, communes } from "./page.js";
import { isOpen, isWaiting } from "./store.js";
import { now, span } from "./time.js";

/** @typedef {import("./store.js").Row} Row */

const SOON_MS = 15 * 60_000;

/** @param {string} key */
export const categoryName = (key) => categories.get(key)?.label ?? key;
/** @param {string} insee */
export const communeName = (insee) => communes.get(insee)?.name ?? insee;
/** An address with its commune, named once: citizens' addresses end with it already. @param {{address: string, commune: string}} row */
export function placeOf({ address, commune }) {
  const name = communeName(commune);
  return address.split(/, |\d{5} /).pop() === name ? address : [address, name].filter(Boolean).join(", ");
}
/** @param {string} status */
export const statusName = (status) => t(`status.${status}`);
/** @param {string} priority */
export const priorityName = (priority) => t(`priority.${priority}`);

/** @param {Row} row */
export const nameOf = (row) => row.title || [categoryName(row.category), row.address].filter(Boolean).join(", ");

/** @param {Row} row */
export function metaOf(row) {
  const parts = [communeName(row.commune)];
  if (row.title) parts.push(categoryName(row.category));
  parts.push(statusName(row.status));
  const owner = row.assignee?.name ?? row.organisation?.name;
  if (owner) parts.push(owner);
  if (row.reports > 1) parts.push(t("count.reports", { n: row.reports }));
  return parts.join(" · ");
}

/** The promise that counts now: the response until it is acknowledged, then the resolution. @param {Row} row */
export function dueOf(row) {
  if (!isOpen(row)) return null;
  const response = isWaiting(row) && row.response_due ? { what: "response", at: Date.parse(row.response_due) } : null;
  const resolution = row.resolution_due ? { what: "resolution", at: Date.parse(row.resolution_due) } : null;
  return response ?? resolution;
}

/** Past a target: nobody has responded in time, or it is not resolved in time. @param {Row} row */
export function isLate(row) {
  const due = dueOf(row);
  return due !== null && (due.at < now() || (isOpen(row) && row.resolution_due !== null && Date.parse(row.resolution_due) < now()));
}

/** The tags at the end of a row. @param {Row} row @returns {{kind: string, text: string}[]} */
export function tagsOf(row) {
  const tags = row.sensitivity === "restricted" ? [{ kind: "restricted", text: t("tag.restricted") }] : [];
  const due = dueOf(row);
  if (!due) return tags;
  const left = due.at - now();
  const urgent = row.priority === "P1" && due.what === "response";
  if (left < 0) tags.push({ kind: "late", text: t(`tag.late.${due.what}`, { time: span(-left) }) });
  else if (urgent || left < SOON_MS) tags.push({ kind: urgent ? "late" : "soon", text: t(`tag.due.${due.what}`, { time: span(left) }) });
  return tags;
}

/** Colour, shape and word. @param {string} priority */
export const priorityMark = (priority) =>
  h(`span.prio.${priority.toLowerCase()}`, {}, shape(priority), priorityName(priority));

/** @param {{kind: string, text: string}[]} tags */
export const tagElements = (tags) => tags.map(({ kind, text }) => h(`span.tag.${kind}`, {}, text));
