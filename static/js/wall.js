/** A wall of the room: read-only, kept live by the journal alone. Numbers on the map are those of the list. */
import { get } from "./api.js";
import { CellMap, many } from "./cell-map.js";
import { CellStore } from "./cell-store.js";
import { isLateAction, lasting, levelName, TONE } from "./cell-words.js";
import { $, fill, h, setText, shape } from "./dom.js";
import { communeName, nameOf, placeOf, priorityName, statusName } from "./incident.js";
import { t } from "./labels.js";
import { Live } from "./live.js";
import { page as plain } from "./page.js";
import { socketUrl } from "./socket.js";
import { isOpen, isWaiting, Store } from "./store.js";
import { ago, day, everySecond, now, short, span, when } from "./time.js";

const page = /** @type {any} */ (plain);
const GRAVE = 6;
const OLD_MS = 5 * 60_000;
const LINES = 2;
const SIGN = { calm: "", watch: "", warn: "▲", bad: "◆", ok: "" };

const incidents = new Store();
incidents.load(page.rows);
const empty = { cell: { id: "", level: "", title: "", version: 0, commune: null }, plan: { functions: [], levels: [] }, missions: page.missions };
const store = new CellStore(page.cell ? page : empty);
let lastLine = store.lines.at(-1)?.entered_at ?? "";

/** What may be shown to a whole room. */
const shown = () => [...incidents.rows.values()].filter((row) => isOpen(row) && row.sensitivity === "normal");
const rank = (/** @type {any} */ row) => `${row.priority}${isWaiting(row) ? 0 : 1}`;
/** @returns {any[]} */
const grave = () => shown().filter(({ priority }) => priority === "P1" || priority === "P2")
  .sort((a, b) => rank(a).localeCompare(rank(b)) || b.declared_at.localeCompare(a.declared_at)).slice(0, store.cell.id ? GRAVE - 2 : GRAVE);

const map = new CellMap(store, { scale: 2.1, wall: true });
/** @type {"connecting" | "live" | "polling" | "lost" | "out"} */
let state = "connecting";
let heard = Date.now();

function draw() {
  const rows = grave();
  store.incidents = new Map(shown().map((row) => [row.id, row]));
  map.numbers = new Map(rows.map((row, index) => [row.id, index + 1]));
  map.marks.redraw();
  const all = shown();
  const count = (/** @type {string} */ key) => all.filter(({ priority }) => priority === key).length;
  const cells = [["p1", count("P1"), priorityName("P1"), "P1"], ["p2", count("P2"), priorityName("P2"), "P2"], ["", all.length, t("wall.open", { n: all.length }), ""], ["", map.crews.length, t("wall.crews", { n: map.crews.length }), ""]];
  fill($("counts"), cells.map(([kind, n, words, mark]) => h(`li${kind ? `.${kind}` : ""}`, {}, h("b", {}, String(n)), h("span", {}, mark ? shape(String(mark)) : null, words))));
  drawGrave(rows);
  drawCell();
}

function drawGrave(rows = grave()) {
  fill($("grave"), rows.length ? rows.map((row, index) => line(row, index + 1)) : h("li.none", {}, t("wall.none")));
}

/** @param {any} row @param {number} number */
function line(row, number) {
  const waiting = row.priority === "P1" && isWaiting(row);
  const due = isWaiting(row) && row.response_due ? Date.parse(row.response_due) - now() : null;
  const next = due !== null ? { kind: due < 0 ? "late" : waiting ? "late" : "soon", words: `${t("wall.ack")} · ${span(Math.abs(due))}` } : { kind: "", words: statusName(row.status) };
  return h(`li.${row.priority.toLowerCase()}`, { class: `${row.priority.toLowerCase()}${waiting ? " waiting" : ""}` },
    h("span.mark", {}, shape(row.priority), h("b", {}, String(number))),
    h(`span.prio.${row.priority.toLowerCase()}`, {}, priorityName(row.priority)), h("span.age", {}, ago(row.declared_at)),
    h("span.name", {}, nameOf(row)), h("span.where", {}, row.title ? placeOf(row) : communeName(row.commune)), h(`span.next.${next.kind || "plain"}`, {}, next.words));
}

function drawCell() {
  const { cell, plan } = store;
  const tone = TONE[/** @type {"alert"} */ (cell.level)] ?? "calm";
  $("top").dataset.tone = tone;
  fill($("grade"), cell.id ? [h("span", { "aria-hidden": "true" }, SIGN[/** @type {"warn"} */ (tone)]), levelName(cell.level)] : null);
  setText($("title"), cell.title || t("wall.post"));
  setText($("plan"), cell.id ? [cell.direction === "prefect" ? t("director.prefect") : cell.director.name, plan.label].join(" · ") : "Dijon Métropole");
  $("open-box").hidden = $("brief-box").hidden = !cell.id;
  setText($("secret"), t("wall.secret"));
  const lines = store.lines.filter((one) => !store.lines.some((later) => later.supersedes === one.number)).slice(-LINES).reverse();
  fill($("latest"), cell.id && lines.length ? [h("h2", {}, t("wall.log")), lines.map((one) => h("p", {}, h("b", {}, when(one.occurred_at)), h("span", {}, one.text)))] : null);
  lastLine = store.lines.at(-1)?.entered_at ?? "";
  inset();
}

/** Figures over the map: people in the drawn extent, actions that are late. */
function inset() {
  const crowded = map.crowded;
  const late = store.all("actions").filter(isLateAction).length;
  const parts = [
    crowded ? h("div", {}, h("span", {}, crowded.label), h("b", {}, `≈ ${many(crowded.inside.people.estimate)}`), h("span", {}, t("map.people"))) : null,
    late ? h("div", {}, h("span", {}, t("wall.actions")), h("b.late", {}, String(late)), h("span", {}, t("wall.late"))) : null,
  ].filter(Boolean);
  $("inset").hidden = !parts.length;
  fill($("inset"), parts);
}

function tick() {
  setText($("clock"), short(now()));
  setText($("date"), day(now()));
  const { cell } = store;
  if (cell.id) {
    const minutes = Math.floor((now() - Date.parse(cell.opened_at)) / 60_000);
    setText($("open-since"), minutes < 60 ? t("minutes", { n: minutes }) : span(minutes * 60_000));
    const left = cell.next_briefing_at ? Date.parse(cell.next_briefing_at) - now() : null;
    setText($("briefing-words"), cell.next_briefing_at ? t("briefing.next", { time: when(cell.next_briefing_at) }) : t("briefing.none"));
    setText($("briefing"), left === null ? "–" : left < 0 ? t("briefing.late", { time: lasting(-left) }) : lasting(left));
    $("briefing").dataset.hot = String(left !== null && left < 15 * 60_000);
  }
  ages();
}

function ages() {
  const link = state === "live" ? { kind: "", words: t("wall.live") } : { kind: "lost", words: t("wall.age", { time: lasting(Date.now() - heard) }) };
  const log = lastLine ? now() - Date.parse(lastLine) : null;
  const zones = map.zones.map((zone) => Date.parse(zone.dated_at));
  const zone = zones.length ? now() - Math.max(...zones) : null;
  const parts = [[t("layer.incidents"), link.words, link.kind], log !== null && [t("wall.log"), lasting(log), log > OLD_MS * 6 ? "old" : ""], zone !== null && [t("layer.zones"), lasting(zone), zone > OLD_MS * 4 ? "old" : ""]].filter(Boolean);
  const mark = JSON.stringify(parts);
  if ($("ages").dataset.mark === mark) return;
  $("ages").dataset.mark = mark;
  fill($("ages"), parts.map((/** @type {any} */ [name, words, kind]) => h("span", { class: kind || undefined }, h("i", { "aria-hidden": "true" }), `${name} `, h("b", {}, words))));
}

/** A wall that was away loads itself again: nobody stands there to press a key. @returns {Promise<string>} */
async function reload() {
  const head = await get("/api/v1/journal/");
  location.reload();
  return head.cursor;
}

const live = new Live({ url: socketUrl(page.live), cursor: page.cursor }, {
  entries: (entries) => {
    incidents.apply(entries);
    store.apply(entries);
    if (page.wall === "cell" && entries.some(({ kind }) => kind === "crisis.opened" || kind === "crisis.closed")) location.reload();
    draw();
  },
  reset: reload, presence: () => {},
  state: (fresh, since) => { state = fresh; heard = since; ages(); },
  back: () => {},
});
draw();
tick();
everySecond(() => {
  tick();
  $("grave").classList.toggle("beat");
  if (shown().some(isWaiting)) drawGrave();
});
live.start();
