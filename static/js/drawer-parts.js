/** The parts of an open incident as elements. Each takes what it shows and gives one section. */
import { h } from "./dom.js";
import { categoryName, communeName, nameOf, placeOf, priorityMark, priorityName, statusName } from "./incident.js";
import { knows, t } from "./labels.js";
import { page } from "./page.js";
import { isOpen, isWaiting } from "./store.js";
import { ago, clock, day, full, now, short, span } from "./time.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {import("./store.js").Entry} Entry */

/** @param {string} title @param {...any} children */
export const section = (title, ...children) => h("section", {}, h("h3", {}, title), children);

/** Grey lines where an answer is still to come. */
export const bones = () => h("div.bones", { "aria-hidden": "true" }, h("i"), h("i"), h("i"));

/** @param {Row} row */
export function facts(row) {
  const time = (/** @type {string} */ instant) => h("time", { datetime: instant, title: full(instant) }, short(instant));
  const lines = [
    ["where", [placeOf(row), h("span.muted", {}, ` · ${row.lat.toFixed(4)}, ${row.lon.toFixed(4)}`)]],
    ["when", [time(row.occurred_at), h("span.muted", {}, ` (${t("fact.entered", { time: clock(row.declared_at) })}, ${day(row.declared_at)})`)]],
    ["what", [categoryName(row.category)]],
    ["status", [statusName(row.status), isOpen(row) && h("span.muted", {}, ` · ${t(isWaiting(row) ? "fact.waiting" : "fact.acknowledged")}`)]],
    ["owner", [row.organisation?.name ?? t("fact.nobody"), row.assignee && ` · ${row.assignee.name}`]],
    ["source", [t(`source.${row.source}`)]],
  ];
  return h("section", { "aria-label": t("section.facts") }, h("dl.facts", {}, lines.map(([key, value]) => [h("dt", {}, t(`fact.${key}`)), h("dd", {}, value)])));
}

/** Targets still ahead or missed, with their countdown. @param {Row} row */
export function next(row) {
  const promises = [["response", row.response_due, row.acknowledged_at], ["resolution", row.resolution_due, null]];
  const lines = promises.filter(([, due]) => due).map(([what, due, met]) => {
    const left = Date.parse(/** @type {string} */ (due)) - (met ? Date.parse(/** @type {string} */ (met)) : now());
    const state = met ? "met" : left < 0 ? "late" : "ahead";
    const time = met ? short(/** @type {string} */ (met)) : `${left < 0 ? "+" : ""}${span(Math.abs(left))}`;
    return h(`li.${state}`, {}, h("span.t", {}, time), h("span", { title: full(/** @type {string} */ (due)) }, t(`next.${what}.${state}`, { time: short(/** @type {string} */ (due)) })));
  });
  if (!isOpen(row) || !lines.length) return null;
  return section(t("section.next"), h("ul.next", {}, lines));
}

/** @param {any} report */
export function report(report) {
  const who = [report.reporter_name, report.reporter_phone, report.reporter_email].filter(Boolean).join(" · ");
  return h("li.card", {},
    h("blockquote", {}, report.description ? t("quote", { text: report.description }) : report.erased_at ? t("report.erased") : t("report.silent")),
    who && h("span.small", {}, who),
    h("div.line", {}, h("span.tag", {}, `${t(`source.${report.source}`)} · ${short(report.entered_at)}`)));
}

/** @param {any} comment */
export const comment = (comment) =>
  h(`li.card.${comment.kind === "reporters" ? "public" : "internal"}`, {},
    h("blockquote", {}, comment.text),
    h("span.small.muted", { title: full(comment.at) }, `${comment.by?.name ?? nameOfPerson(comment.by)} · ${clock(comment.at)} · ${t(`comment.${comment.kind}`)}`));

/** @param {any} file */
export function attachment(file) {
  const image = String(file.media_type).startsWith("image/");
  return h("li", {}, h("a", { href: file.url, target: "_blank", rel: "noopener", title: full(file.at) },
    image && h("img", { src: file.url, alt: "", loading: "lazy" }), file.name));
}

/** @param {{row: Row, score: number, distance_m: number, reasons: string[]}} near @param {string} button @param {() => void} act */
export const neighbour = (near, button, act) =>
  h("li.card.near", { data: { id: near.row.id } },
    h("div.line", {}, priorityMark(near.row.priority), h("span.small.muted", {}, `${Math.round(near.distance_m)} m · ${statusName(near.row.status)} · ${ago(near.row.declared_at)}`)),
    h("p", {}, nameOf(near.row)),
    near.reasons?.length ? h("p.small.soft", {}, near.reasons.join(", ")) : null,
    h("button.btn", { type: "button", onclick: act }, button));

/** @param {any} by */
const nameOfPerson = (by) => (page.people ?? []).find(({ id }) => id === by)?.name ?? (by === page.me.id ? page.me.name : t("someone"));

/** What a policy or a procedure put on record. @param {any} data */
const byTheHouse = (data) => ({
  policy: data.policy ?? "", step: data.step ?? "", target: data.target ?? "", what: data.what ?? "", name: data.name ?? "",
  people: (data.told ?? []).map(nameOfPerson).join(", ") || t("event.nobody"), before: data.organisation_before?.name ?? t("fact.nobody"),
  time: data.until ? short(data.until) : "", why: data.why ? t(`back.${data.why}`) : "",
});

/** What an entry says, without who and when. @param {any} entry */
export function told(entry) {
  const row = entry.data?.row;
  const owner = [row?.organisation?.name, row?.assignee?.name].filter(Boolean).join(", ");
  /** @type {Record<string, string | number>} */
  const values = row ? {
    priority: priorityName(row.priority), category: categoryName(row.category), owner: owner || t("fact.nobody"),
    place: row.address || communeName(row.commune), source: t(`source.${entry.data.source ?? row.source}`), to: t(`comment.${entry.data.to ?? "internal"}`), n: entry.data.reports ?? 0,
    crew: row.crew?.name ?? "", time: row.slot_start ? short(row.slot_start) : "",
    ...byTheHouse(entry.data),
  } : {};
  const kind = entry.kind === "incidents.step_taken" && !(entry.data.told ?? []).length ? `${entry.kind}.${entry.data.act}` : entry.kind;
  return knows(`event.${kind}`) ? t(`event.${kind}`, values) : knows(`event.${entry.kind}`) ? t(`event.${entry.kind}`, values) : entry.kind;
}

/** What else a mission's entry says in words. @param {any} entry */
const fromTheField = ({ kind, data }) => (kind.startsWith("interventions.") ? data.text || data.override || (kind.endsWith(".verified") && data.note) : undefined);

/** The life of the incident, newest first. @param {any[]} entries */
export function thread(entries) {
  let last = "";
  const lines = [...entries].sort((a, b) => b.seq - a.seq).flatMap((entry) => {
    const today = day(entry.at);
    const head = today === last ? [] : [h("li", {}, h("span.day", {}, today))];
    last = today;
    const said = entry.data?.reason ?? entry.data?.outcome ?? fromTheField(entry);
    const who = entry.by ? (entry.by.name ?? entry.by_name ?? nameOfPerson(entry.by)) : t("system");
    return [...head, h("li", { data: { seq: entry.seq } }, h("time.t", { datetime: entry.at, title: full(entry.at) }, clock(entry.at)),
      h("span", {}, h("b", {}, who), ` ${told(entry)}`, said && h("span.said", {}, ` ${t("quote", { text: said })}`)))];
  });
  return section(t("section.thread"), h("ol.thread", {}, lines));
}
