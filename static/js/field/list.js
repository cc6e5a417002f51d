/** The day: what came too late, what is under way, what comes next, what is over. */
import { h } from "../dom.js";
import { t } from "../labels.js";
import { short } from "../time.js";
import { ended, sorted } from "./overlay.js";
import { button, icon, place, priority, status, telephone } from "./parts.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export function listView(app) {
  const groups = sorted(app.missions);
  return [
    heading(app),
    foreign(app),
    ...troubles(app).map((one) => trouble(app, one)),
    app.missions.length === 0 && empty(app),
    ...section(t("list.now"), groups.now.map((one) => card(app, one, "cur"))),
    ...section(t("list.next"), groups.next.map((one) => card(app, one, ""))),
    ...section(t("list.done"), groups.done.map((one) => over(app, one))),
  ];
}

/** @param {App} app */
function heading(app) {
  const shift = app.shift();
  const crews = app.picture.crews.map((/** @type {any} */ one) => one.name).join(", ");
  const times = shift ? `${short(shift.starts_at)}–${short(shift.ends_at)}` : t("list.noShift");
  return h("div.head", {}, h("h1", {}, t("list.title")), crews && h("span", {}, `${crews} · `, h("time", {}, times)));
}

/** @param {App} app */
const empty = (app) => h("p.empty", {}, app.picture.crews.length ? t("list.empty") : t("list.noCrew"));

/** Another person's words wait on this phone: they are sent when that person is logged in. @param {App} app */
const foreign = (app) => app.queue.foreign > 0 && h("p.card.aside", {}, icon("warn"), t("list.foreign", { n: app.queue.foreign }));

/** @param {string} words @param {any[]} cards */
const section = (words, cards) => cards.length ? [h("h2.sec", {}, words), ...cards] : [];

/** @param {App} app @param {any} mission @param {string} kind */
function card(app, mission, kind) {
  const { row } = mission;
  const waiting = row.status === "assigned";
  const when = kind ? status(row) : h("span.when", {}, row.slot_start && t("at", { time: short(row.slot_start) }));
  return h("section", { class: `card m ${kind}`, "data-mission": row.id },
    h("button.open", { type: "button", "data-key": `open-${row.id}`, onclick: () => app.go(row.id) },
      h("span.hd", {}, priority(row), row.lone && h("span.tag", {}, t("lone.tag")), when),
      h("b", {}, row.title || mission.category),
      h("span.soft", {}, facts(mission, kind))),
    waiting && h("div.two", {},
      button(t("act.refuse.more"), () => void app.ask("refuse", mission), { key: `refuse-${row.id}` }),
      button(t("act.accept"), () => void app.act("accept", mission), { kind: "main", key: `accept-${row.id}` })));
}

/** @param {any} mission @param {string} kind */
function facts(mission, kind) {
  const { row } = mission;
  const rest = kind
    ? row.slot_end && t("mission.ends", { time: short(row.slot_end) })
    : [t("mission.minutes", { n: row.duration_minutes }), row.status === "accepted" && t("list.accepted")].filter(Boolean).join(" · ");
  return [place(mission), rest, mission.pending.size > 0 && t("list.toSend")].filter(Boolean).join(" · ");
}

/** @param {App} app @param {any} mission */
function over(app, mission) {
  const { row } = mission;
  const good = ["done", "verified"].includes(row.status);
  return h("section.card.m.gone", { "data-mission": row.id },
    h("button.open", { type: "button", "data-key": `open-${row.id}`, onclick: () => app.go(row.id) },
      h("span.hd", {}, h("span", { class: `prio ${good ? "good" : "p2"}` }, icon(good ? "check" : "no"), t(`status.${row.status}`)),
        mission.pending.size > 0 && h("span.tag.soon", {}, t("list.toSend")),
        h("span.when", {}, ended(mission) && short(ended(mission)))),
      h("b", {}, row.title || mission.category)));
}

// What went otherwise ------------------------------------------------------------------------------------------------

/** @typedef {{id: string, title: string, items: import("./queue.js").Item[], notice: any}} Trouble */

/** Conflicts, refusals and missions taken back, one card a mission. @param {App} app @returns {Trouble[]} */
export function troubles(app) {
  /** @type {Map<string, Trouble>} */
  const found = new Map();
  const at = (/** @type {string} */ id, /** @type {string} */ title) => {
    if (!found.has(id)) found.set(id, { id, title, items: [], notice: null });
    return /** @type {Trouble} */ (found.get(id));
  };
  for (const item of app.queue.items) {
    if (!item.seen && ["conflict", "refused"].includes(item.state)) at(item.intervention, item.title).items.push(item);
  }
  for (const notice of app.notices) at(notice.id, notice.title).notice = notice;
  return [...found.values()];
}

/** @param {App} app @param {Trouble} one */
function trouble(app, one) {
  const conflict = one.items.find((item) => item.state === "conflict");
  const title = conflict || one.notice ? t(`trouble.${kindOf(one, conflict)}`) : t("trouble.refused");
  return h("section.card.conf", { "data-trouble": one.id },
    h("div.t", {}, icon("warn"), h("div", {}, h("h2", {}, title), h("p", {}, ...story(one, conflict)))),
    h("div.two", {}, telephone(app.picture.phone, t("trouble.call")), button(t("trouble.seen"), () => void app.seen(one), { key: `seen-${one.id}` })));
}

/** @param {Trouble} one @param {import("./queue.js").Item | undefined} conflict */
function kindOf(one, conflict) {
  const state = conflict?.row?.status ?? one.notice?.status;
  if (state === "cancelled" && conflict?.why !== "gone") return "cancelled";
  return conflict ? conflict.why : "gone";
}

/** @param {Trouble} one @param {import("./queue.js").Item | undefined} conflict */
function story(one, conflict) {
  const row = conflict?.row ?? one.notice;
  const reason = row?.status === "cancelled" && row.reason;
  const when = row?.status === "cancelled" && row.ended_at ? t("trouble.since", { time: short(row.ended_at) }) : "";
  const first = [one.title, [reason, when].filter(Boolean).join(", ")].filter(Boolean).join(" : ");
  return [`${first}. `, ...one.items.map((item) => {
    const said = { act: t(`said.${item.act || "consent"}`), time: short(item.at) };
    return item.state === "conflict" ? `${t("trouble.kept", said)} ` : `${t("trouble.notTaken", { ...said, why: item.why ?? "" })} `;
  })];
}
