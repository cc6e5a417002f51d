/** Which rows the list shows and in what order. Pure: takes rows, gives rows. */
import { fold } from "./dom.js";
import { communeName, dueOf, isLate, nameOf, categoryName } from "./incident.js";
import { family, page } from "./page.js";
import { isOpen, isWaiting } from "./store.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {{chip: string, commune: string, category: string, order: string, text: string}} Filter */

/** @type {Filter} */
export const EVERYTHING = { chip: "open", commune: "", category: "", order: "urgency", text: "" };

const mine = new Set([page.me.id, ...page.me.organisations]);

/** What each chip lets through. @type {Record<string, (row: Row) => boolean>} */
export const CHIPS = {
  open: isOpen,
  urgent: (row) => isOpen(row) && (row.priority === "P1" || row.priority === "P2"),
  mine: (row) => isOpen(row) && (mine.has(row.assignee?.id ?? "") || mine.has(row.organisation?.id ?? "")),
  late: (row) => isLate(row),
  finished: (row) => !isOpen(row),
};

/** @param {Row} row */
const haystack = (row) =>
  fold(`${row.reference} ${nameOf(row)} ${row.address} ${communeName(row.commune)} ${categoryName(row.category)} ${row.assignee?.name ?? ""} ${row.organisation?.name ?? ""}`);

/**
 * Whether the row passes. A search looks through everything found, finished or not.
 * @param {Filter} filter @param {Set<string>} found ids that the server found for the text
 * @returns {(row: Row) => boolean}
 */
export function passes(filter, found) {
  const words = fold(filter.text).split(/\s+/).filter(Boolean);
  const chip = words.length && filter.chip === "open" ? () => true : (CHIPS[filter.chip] ?? isOpen);
  return (row) =>
    chip(row) &&
    (!filter.commune || row.commune === filter.commune) &&
    (!filter.category || family(row.category) === filter.category) &&
    (!words.length || found.has(row.id) || words.every((word) => haystack(row).includes(word)));
}

/** @param {Row} a @param {Row} b */
const newest = (a, b) => (a.declared_at < b.declared_at ? 1 : a.declared_at > b.declared_at ? -1 : 0);
/** @param {Row} row */
const dueAt = (row) => dueOf(row)?.at ?? Infinity;

/** @type {Record<string, (a: Row, b: Row) => number>} */
export const ORDERS = {
  urgency: (a, b) =>
    Number(isOpen(b)) - Number(isOpen(a)) ||
    (a.priority < b.priority ? -1 : a.priority > b.priority ? 1 : 0) ||
    (a.priority === "P1" ? Number(isWaiting(b)) - Number(isWaiting(a)) : 0) ||
    newest(a, b),
  newest,
  due: (a, b) => (dueAt(a) === dueAt(b) ? newest(a, b) : dueAt(a) - dueAt(b)),
};

/** How many rows each chip would show. @param {Iterable<Row>} rows @returns {Record<string, number>} */
export function count(rows) {
  /** @type {Record<string, number>} */
  const counts = Object.fromEntries(Object.keys(CHIPS).map((key) => [key, 0]));
  for (const row of rows) for (const [key, test] of Object.entries(CHIPS)) counts[key] += Number(test(row));
  return counts;
}

const FINISHED = "resolved,closed,cancelled,merged";
/** Each chip as the API's query says it, so that a filter kept by name means the same to other clients. @type {Record<string, [string, string][]>} */
const SAID = {
  open: [["open", "1"]],
  urgent: [["open", "1"], ["priority", "P1,P2"]],
  mine: [["open", "1"], ["organisation", page.me.organisations.join(",")]],
  late: [["late", "1"]],
  finished: [["status", FINISHED]],
};

/** A filter as the list's query string. @param {Filter} filter */
export function toQuery({ chip, commune, category, text }) {
  const rest = [["commune", commune], ["category", category], ["q", text.trim()]].filter(([, value]) => value);
  return new URLSearchParams([...(SAID[chip] ?? SAID.open), ...rest]).toString();
}

/** What a kept query string means here; its order is the one in use. @param {string} query @returns {Partial<Filter>} */
export function fromQuery(query) {
  const asked = new URLSearchParams(query);
  const chip = Object.keys(SAID).reverse().find((key) => SAID[key].every(([name]) => asked.has(name))) ?? "open";
  return { chip, commune: asked.get("commune") ?? "", category: asked.get("category") ?? "", text: asked.get("q") ?? "" };
}

/** The question for the API that matches this filter beyond the open rows held here. @param {Filter} filter */
export function question(filter) {
  const finished = filter.chip === "finished";
  if (!finished && filter.text.trim().length < 3) return null;
  return { q: filter.text.trim(), commune: filter.commune, category: filter.category, status: finished ? FINISHED : "", limit: 100 };
}
