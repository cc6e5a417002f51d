/** One mission: where, what to do there, what is said from there, and the one big button for what comes next. */
import { h } from "../dom.js";
import { t } from "../labels.js";
import { now, short } from "../time.js";
import { button, directions, icon, place, priority, status } from "./parts.js";

/** @typedef {import("./app.js").App} App */

const WITH_CREW = ["accepted", "en_route", "on_site"];

/** @param {App} app @param {any} mission */
export function missionView(app, mission) {
  return [sheet(app, mission), paused(app, mission), checklist(app, mission), adds(app, mission), said(mission)];
}

/** @param {App} app @param {any} mission */
function sheet(app, mission) {
  const { row } = mission;
  return h("section.card.mis", { "data-mission": row.id },
    h("div.hd", {},
      h("button.btn.back", { type: "button", "aria-label": t("mission.back"), "data-key": "back", onclick: () => app.go("") }, icon("back")),
      priority(row), status(row), h("span.mono.muted", {}, row.reference)),
    h("h1", {}, row.title || mission.category),
    h("div.ad", {},
      h("span", {}, place(mission), h("small", {}, due(row)), h("small.ref.mono", {}, row.reference)),
      h("a.btn.tap", { href: directions(row) }, icon("go"), t("mission.directions"))),
    ["failed", "cancelled", "refused"].includes(row.status) && row.reason && h("p.why", {}, row.reason),
    row.outcome && h("p.why", {}, row.outcome));
}

/** What is due next, and when. @param {any} row */
function due(row) {
  if (!row.arrived_at && row.response_due && WITH_CREW.concat("assigned").includes(row.status)) {
    const late = Date.parse(row.response_due) < now() && !row.paused_since;
    return [h("b", { class: late ? "late" : "" }, t(late ? "mission.lateSince" : "mission.before", { time: short(row.response_due) })), " · ",
      t("mission.minutes", { n: row.duration_minutes })];
  }
  return row.slot_end ? t("mission.ends", { time: short(row.slot_end) }) : t("mission.minutes", { n: row.duration_minutes });
}

/** @param {App} app @param {any} mission */
function paused(app, mission) {
  const { row } = mission;
  return row.paused_since && WITH_CREW.includes(row.status) && h("section.card.pause", {}, icon("pause"),
    h("span", {}, h("b", {}, t("pause.stands", { reason: t(`pause.${row.paused_reason}`) })), h("small", {}, t("pause.since", { time: short(row.paused_since) }))),
    button(t("act.release"), () => void app.act("release", mission), { key: "release" }));
}

/** @param {App} app @param {any} mission */
function checklist(app, mission) {
  const items = mission.checklist;
  if (!items.length) return null;
  const open = WITH_CREW.includes(mission.row.status);
  const done = items.filter((/** @type {any} */ one) => one.done).length;
  return h("section.card.list", {},
    h("h2", {}, mission.row.checklist_title || t("check.title"), h("span", {}, t("check.count", { done, all: items.length }))),
    items.map((/** @type {any} */ one) =>
      h("button", { type: "button", role: "checkbox", "aria-checked": String(Boolean(one.done)), class: `ck ${one.done ? "on" : ""}`, disabled: !open,
        "data-key": `ck-${one.key}`, onclick: () => void app.check(mission, one) },
        h("i", {}, one.done && icon("check")), h("span", {}, one.text), h("small", {}, mark(one)))));
}

/** @param {any} one */
function mark(one) {
  if (one.done && one.done_at) return one.pending ? t("check.pending", { time: short(one.done_at) }) : short(one.done_at);
  if (one.photo) return t("check.photo");
  return one.needed ? t("check.needed") : "";
}

/** @param {App} app @param {any} mission */
function adds(app, mission) {
  const { row } = mission;
  if (!WITH_CREW.concat("done").includes(row.status)) return null;
  const working = WITH_CREW.includes(row.status);
  const photos = row.photos > 0 && h("sup", {}, h("span.unseen", {}, t("add.photos")), row.photos);
  return h("div.adds", {},
    h("button.btn.tap", { type: "button", "data-key": "photo", onclick: () => void app.photo(mission, null) }, icon("camera"), t("add.photo"), photos),
    button(t("add.note"), () => void app.ask("note", mission), { sign: "note", key: "note" }),
    button(t("add.material"), () => void app.ask("material", mission), { sign: "box", key: "material" }),
    working && !row.paused_since && button(t("act.hold.more"), () => void app.ask("hold", mission), { sign: "pause", key: "hold", kind: "wide" }),
    ["en_route", "on_site"].includes(row.status) && button(t("act.fail.more"), () => void app.ask("fail", mission), { sign: "no", key: "fail", kind: "wide" }));
}

/** @param {any} mission */
function said(mission) {
  const lines = [...mission.notes.map((/** @type {any} */ one) => ["note", one]), ...mission.materials.map((/** @type {any} */ one) => ["box", one])];
  if (!lines.length) return null;
  lines.sort(([, a], [, b]) => a.at.localeCompare(b.at));
  return h("section.card.said", {}, h("h2", {}, t("said.title")),
    h("ul", {}, lines.map(([sign, one]) => h("li", {}, icon(sign), h("span", {}, one.text), h("small", {}, one.pending ? t("check.pending", { time: short(one.at) }) : short(one.at))))));
}

// The dock ------------------------------------------------------------------------------------------------------------

/** What can be done with one thumb now. @param {App} app @param {any} mission @returns {any[]} */
export function dock(app, mission) {
  const { row } = mission;
  const act = (/** @type {string} */ name) => () => void app.act(name, mission);
  const ask = (/** @type {string} */ name) => () => void app.ask(name, mission);
  switch (row.status) {
    case "assigned":
      return [button(t("act.refuse.more"), ask("refuse"), { key: "refuse" }), button(t("act.accept"), act("accept"), { kind: "main", key: "accept" })];
    case "accepted":
      return [button(t("act.refuse.more"), ask("refuse"), { key: "refuse" }), button(t("act.arrive"), act("arrive"), { key: "arrive" }),
        button(t("act.depart"), act("depart"), { kind: "main end", key: "depart" })];
    case "en_route":
      return [step(mission, "depart", row.departed_at), button(t("act.arrive"), act("arrive"), { kind: "main end", key: "arrive" })];
    case "on_site":
      return [step(mission, "depart", row.departed_at), step(mission, "arrive", row.arrived_at),
        button(t("act.finish"), ask("finish"), { kind: "main end", key: "finish", small: left(mission) })];
    default:
      return [];
  }
}

/** @param {any} mission @param {string} act @param {string | null} at */
function step(mission, act, at) {
  if (!at) return null;
  const waits = mission.pending.has(act);
  return h("div", { class: `step ${waits ? "q" : ""}` }, icon(waits ? "wait" : "check"), h("b", {}, t(`act.${act}`)),
    h("small", {}, t(waits ? "step.toSend" : "step.sent", { time: short(at) })));
}

/** @param {any} mission */
function left(mission) {
  const open = mission.checklist.filter((/** @type {any} */ one) => !one.done).length;
  return open ? t("check.left", { n: open }) : undefined;
}
