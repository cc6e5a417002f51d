/** Looking back at a cell: one slider, and log, map and work as they stood at that instant, rebuilt from the journal. */
import { explain, get, Problem } from "./api.js";
import { CellMap } from "./cell-map.js";
import { CellStore } from "./cell-store.js";
import { actionTag, functionName, levelName, TONE, trust } from "./cell-words.js";
import { $, fill, h, setText } from "./dom.js";
import { t } from "./labels.js";
import { say } from "./news.js";
import { page as plain } from "./page.js";
import { clock, day, full, setClock, when } from "./time.js";

const page = /** @type {any} */ (plain);
const STEPS = 2000;
const LINES = 300;
const TICK_MS = 500;

const base = `/api/v1/crisis/cells/${page.cell.id}/replay/`;
const store = new CellStore(page);
const map = new CellMap(store);
const slider = $("slider");
let first = Date.parse(page.cell.opened_at);
let last = Date.now();
/** @type {{at: string, kind: string, label: string}[]} */
let marks = [];
let asked = 0;
let playing = 0;
let busy = false;

/** @param {number} ms */
const place = (ms) => Math.ceil(((ms - first) / Math.max(1, last - first)) * STEPS); // never just before what happened
const instant = () => first + (Number(slider.value) / STEPS) * (last - first);

/** The cell at this instant; only the last one asked for is shown. */
async function show() {
  const turn = (asked += 1);
  const at = instant();
  setText($("instant-time"), clock(at));
  setText($("instant-date"), day(at));
  if (busy) return;
  busy = true;
  const began = performance.now();
  try {
    const moment = await get(base, { at: new Date(at).toISOString(), lines: LINES });
    draw(moment);
    setText($("built"), t("replay.built", { n: moment.entries, ms: Math.round(performance.now() - began) }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    setText($("built"), explain(error));
  } finally {
    busy = false;
  }
  if (turn !== asked) void show();
}

/** @param {any} moment */
function draw(moment) {
  const { state } = moment;
  setClock(moment.at, page.zone); // what is late then is late then
  const cell = state.cell ?? page.cell;
  store.load({ ...page, ...state, cell, linked_incidents: state.incidents, incidents: moment.incidents.filter((/** @type {any} */ row) => state.incidents.includes(row.id)), missions: moment.interventions });
  $("cell-bar").dataset.tone = TONE[/** @type {"alert"} */ (cell.level)];
  setText($("grade"), state.cell ? levelName(cell.level) : "");
  setText($("log-count"), t("log.count", { n: moment.counts.lines ?? 0 }));
  lines();
  work();
}

function lines() {
  const all = store.lines;
  const later = new Map(all.filter((one) => one.supersedes).map((one) => [one.supersedes, one.number]));
  fill($("log-lines"), all.map((one) => {
    const by = later.get(one.number);
    return h(`li.line${by ? ".old" : ""}${one.importance !== "normal" ? `.${one.importance}` : ""}`, {}, h("span.no", {}, String(one.number)), h("span.tm", { title: full(one.occurred_at) }, h("b", {}, when(one.occurred_at, instant()))),
      h("div.tx", {}, h("p", {}, by ? h("s", {}, one.text) : one.text, one.reference && h("span.ref", {}, one.reference)),
        h("p.mt", {}, h("b", {}, one.function ? functionName(one.function) : (one.by?.name ?? t("house"))), one.source && h("span", {}, one.source), by ? t("log.fixed", { n: by }) : one.source && trust(one))));
  }));
  $("log").scrollTop = $("log").scrollHeight;
}

function work() {
  const decisions = store.all("decisions").sort((a, b) => b.number - a.number);
  const actions = store.all("actions").sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
  setText($("work-count"), `${t("count.decisions", { n: decisions.length })} · ${t("count.follows", { n: actions.length })}`);
  fill($("decisions"), decisions.map((one) => h("li", {}, h("span.mono", {}, one.reference), h("b", {}, one.what), h("span.mono", {}, when(one.at, instant())), h("span.sub", {}, `${one.authority} · ${one.by.name}`))));
  fill($("actions"), actions.map((one) => { const tag = actionTag(one, instant()); return h("li", {}, h("span.mono", {}, one.due_at ? when(one.due_at, instant()) : ""), h("b", {}, one.text), h(`span.tag.${tag.kind || "plain"}`, {}, tag.words), h("span.sub", {}, [functionName(one.function), one.owner?.name ?? one.owner_name].filter(Boolean).join(" · "))); }));
}

/** @param {number} ms */
function go(ms) {
  slider.value = String(Math.min(STEPS, Math.max(0, place(ms))));
  void show();
}

/** @param {1 | -1} way */
function step(way) {
  const at = instant();
  const ordered = marks.map((one) => Date.parse(one.at));
  const next = way > 0 ? ordered.find((ms) => place(ms) > Number(slider.value)) : ordered.filter((ms) => place(ms) < Number(slider.value)).at(-1);
  go(next ?? (way > 0 ? last : first));
  const mark = marks.find((one) => Date.parse(one.at) === next);
  if (mark && at) say(words(mark));
}

/** @param {{kind: string, label: string, at: string}} mark */
const words = (mark) => `${clock(mark.at)} · ${t(`mark.${mark.kind}`, { label: mark.kind.includes("level") || mark.kind.includes("opened") || mark.kind.includes("closed") || mark.kind.includes("direction") ? levelName(mark.label) : mark.label })}`;

function turn() {
  clearInterval(playing);
  playing = playing ? 0 : setInterval(() => {
    if (Number(slider.value) >= STEPS) return turn();
    go(Math.min(last, instant() + Math.max(Number($("speed").value) * TICK_MS, (last - first) / STEPS)));
  }, TICK_MS);
  $("play").setAttribute("aria-pressed", String(Boolean(playing)));
  setText($("play-words"), t(playing ? "replay.pause" : "replay.play"));
}

async function begin() {
  slider.max = String(STEPS);
  const [now, found] = await Promise.all([get(base, { lines: 0 }), get(`${base}marks/`)]);
  // The record counts microseconds, this clock milliseconds: one more, or the last entry would be left out.
  [first, last] = [Date.parse(now.first_at), Math.max(Date.parse(now.last_at) + 1, Date.parse(now.first_at) + 1000)];
  marks = found.marks;
  fill($("marks"), marks.map((one) => {
    const button = h("button", { type: "button", "aria-label": words(one), title: words(one), data: { kind: one.kind }, onclick: () => go(Date.parse(one.at)) }, "•");
    button.style.insetInlineStart = `${(place(Date.parse(one.at)) / STEPS) * 100}%`;
    return h("li", {}, button);
  }));
  setText($("first"), full(first));
  setText($("last"), full(last));
  slider.value = String(STEPS);
  await show();
  map.reframe();
}

slider.addEventListener("input", () => void show());
$("play").addEventListener("click", turn);
$("step-back").addEventListener("click", () => step(-1));
$("step-on").addEventListener("click", () => step(1));
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target !== document.body) return;
  event.preventDefault();
  turn();
});
void begin();
