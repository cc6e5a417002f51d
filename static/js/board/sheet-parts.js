/** The parts of one mission's detail as elements. Each takes what it shows and gives one section, or nothing. */
import { section } from "../drawer-parts.js";
import { fill, h, setText } from "../dom.js";
import { categoryName, placeOf } from "../incident.js";
import { t } from "../labels.js";
import { clock, full, short, span } from "../time.js";
import { clocksOf, icon, lasting, skillName, standing } from "./work.js";

/** @typedef {import("./work.js").Work} Work */

const OVER = ["done", "verified", "failed"];

/** @param {string} instant */
const time = (instant) => h("time", { datetime: instant, title: full(instant) }, short(instant));

/** @param {Work} row @param {import("./crews.js").Crew | undefined} crew */
export function facts(row, crew) {
  const between = row.window_start || row.window_end ? t("fact.window", { from: row.window_start ? short(row.window_start) : "…", to: row.window_end ? short(row.window_end) : "…" }) : "";
  const lines = [
    ["where", placeOf(row)],
    ["needs", row.skills.map(skillName).join(", ") || t("fact.nothing")],
    ["planned", [lasting(row.duration_minutes), row.checklist_title, between, row.lone && t("lone.words")].filter(Boolean).join(" · ")],
    ["category", categoryName(row.category)],
    row.incident && ["incident", h("span", {}, row.incident.title || row.incident.reference, " · ", h("a", { href: `/?incident=${row.incident.id}` }, t("fact.see")))],
    row.crew && ["crew", h("span", {}, h("b", {}, row.crew.name), row.slot_start && [` · ${t("fact.slot", { from: short(row.slot_start), to: short(row.slot_end ?? row.slot_start) })}`])],
    crew?.leader && row.crew && ["leader", crew.leader.name],
    row.reason && ["reason", row.reason],
    row.outcome && ["outcome", row.outcome],
    row.crew && ["papers", papers(row)],
  ];
  return h("section", { "aria-label": t("section.facts") }, h("dl.facts", {}, lines.filter(Boolean).map((line) => [h("dt", {}, t(`fact.${line[0]}`)), h("dd", {}, line[1])])));
}

/** What the crew takes along; once the work is over, what became of it. @param {Work} row */
function papers(row) {
  const kinds = OVER.includes(row.status) ? ["report", "order"] : ["order"];
  const files = /** @type {Record<string, string>} */ ({ order: "mission-order", report: "completion-report" });
  const link = (/** @type {string} */ kind) => h("a", { href: `/api/v1/interventions/${row.id}/${files[kind]}.pdf`, target: "_blank", rel: "noopener" }, t(`paper.${kind}`));
  return h("span", {}, kinds.map((kind, index) => [index ? " · " : "", link(kind)]));
}

/** Both clocks, kept fresh by `tick`. @param {Work} row */
export function clocks(row) {
  const boxes = clocksOf(row).map((one) => {
    const [label, value, until, track] = [h("span.what"), h("span.v"), h("small"), h("i.track", { "aria-hidden": "true" })];
    return { one, label, value, until, track, box: h("div.clk", {}, label, h("span.line", {}, value, until), track) };
  });
  const tick = (/** @type {Work} */ now) => boxes.forEach(({ one, label, value, until, track, box }) => {
    const { state, left, share } = standing(one, now);
    box.dataset.state = state;
    setText(label, t(`clock.${one.what}.${state}`));
    setText(value, span(Math.abs(left)));
    setText(until, state === "stopped" ? t(`pause.${now.paused_reason}`) : t("clock.before", { time: short(one.due) }));
    track.style.setProperty("--share", String(share));
  });
  tick(row);
  return { element: boxes.length ? h("section", { "aria-label": t("section.clocks") }, h("div.clocks", {}, boxes.map(({ box }) => box))) : null, tick };
}

/** @param {any} detail */
export function checklist(detail) {
  if (!detail.checklist?.length) return null;
  const line = (/** @type {any} */ item) =>
    h("li", { class: item.done ? "done" : "" }, icon(item.done ? "check" : "free"), h("span", {}, item.text, item.needed && !item.done && h("b.soft", {}, ` · ${t("item.needed")}`)), item.done_at && h("span.muted.small", {}, short(item.done_at)));
  return section(t("section.checklist", { n: detail.checklist.filter((/** @type {any} */ item) => item.done).length, all: detail.checklist.length }), h("ul.items", {}, detail.checklist.map(line)));
}

/** Before and after, side by side. @param {any} detail */
export function photos(detail) {
  if (!detail.photos?.length) return null;
  const picture = (/** @type {any} */ one) => h("a", { href: one.url, target: "_blank", rel: "noopener", title: full(one.at) },
    h("img", { src: one.url, alt: t("photo.alt", { stage: t(`stage.${one.stage}`), time: clock(one.at) }), loading: "lazy" }), h("span", {}, `${t(`stage.${one.stage}`)} · ${short(one.at)}`));
  const sorted = [...detail.photos].sort((a, b) => (a.stage === b.stage ? (a.at < b.at ? -1 : 1) : a.stage === "before" ? -1 : 1));
  return section(t("section.photos", { n: sorted.length }), h("div.files", {}, sorted.map(picture)));
}

/** @param {any} detail */
export function notes(detail) {
  const said = [...(detail.notes ?? [])].map((one) => h("li.card", {}, h("blockquote", {}, one.text), h("span.small.muted", {}, [one.by?.name, clock(one.at)].filter(Boolean).join(" · "))));
  const used = [...(detail.materials ?? [])].map((one) => h("li", {}, `${one.quantity} ${one.unit} ${one.label}`.replace(/\s+/g, " ")));
  return [
    said.length > 0 && section(t("section.notes", { n: said.length }), h("ul.cards", {}, said)),
    used.length > 0 && section(t("section.materials"), h("ul.items", {}, used)),
  ];
}

/** @param {any} detail */
export function pauses(detail) {
  if (!detail.pauses?.length) return null;
  const line = (/** @type {any} */ one) => h("li", {}, icon("stop"), h("span", {}, t(`pause.${one.reason}`)), h("span.muted.small", {}, time(one.from_at), " – ", one.to_at ? time(one.to_at) : "…"));
  return section(t("section.pauses"), h("ul.items", {}, detail.pauses.map(line)));
}

/** Verified by whom and when; how long the work took. @param {any} detail */
export function proof(detail) {
  if (!detail.verified_at && detail.minutes_spent === null) return null;
  const lines = [
    detail.verified_at && ["verified", `${detail.verified_by?.name ?? ""} · ${clock(detail.verified_at)}`],
    detail.minutes_spent !== null && ["spent", lasting(detail.minutes_spent)],
  ].filter(Boolean);
  return h("section", {}, h("dl.facts", {}, lines.map(([key, words]) => [h("dt", {}, t(`fact.${key}`)), h("dd", {}, words)])));
}

/** Nothing is chosen yet. @param {Element} box */
export const nothing = (box) => fill(box, h("div.empty", {}, h("p", {}, h("b", {}, t("sheet.none"))), h("p.soft", {}, t("sheet.none.words"))));
