/** The facilitator's desk: the scenario's clock and its injects, kept fresh by the journal. */
import { call, explain, get, newKey, Problem } from "./api.js";
import { $, fill, h, setText } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { Live } from "./live.js";
import { socketUrl } from "./socket.js";
import { arrived, clock, everySecond, full, now, setClock, span } from "./time.js";

/** @typedef {{id: string, status: string, position: number, running_since: string | null, duration: number, version: number}} Row */
/** @typedef {{id: string, number: number, at: number, channel: string, sender: string, receiver: string, title: string, text: string, expected: string, within: number | null, played_at: string | null, skipped_at: string | null, made: string | null, seen_at: string | null, note: string}} Inject */

const page = JSON.parse($("exercise-data").textContent);
setClock(page.now, page.zone, arrived());
/** @type {Row} */
let row = page.row;
/** @type {Map<string, Inject>} */
const injects = new Map(page.injects.map((/** @type {Inject} */ one) => [one.id, one]));
/** @type {Map<string, HTMLElement>} */
const nodes = new Map();
/** Remarks, as they are being written: they stay when the rest is drawn again. @type {Map<string, HTMLInputElement>} */
const notes = new Map();
const base = `/api/v1/exercises/${row.id}/`;

/** Seconds of the scenario now. */
const position = () => row.position + (row.running_since ? (now() - Date.parse(row.running_since)) / 1000 : 0);
/** "1:02:03" @param {number} seconds */
function long(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
}
/** "1:02" @param {number} seconds */
const brief = (seconds) => long(seconds).slice(0, -3);
const isWaiting = (/** @type {Inject} */ one) => !one.played_at && !one.skipped_at;

/** @param {string} path @param {any} [body] */
async function act(path, body = {}) {
  $("error").textContent = "";
  try {
    take(await call("POST", `${base}${path}/`, { body, version: row.version, key: newKey() }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 412) take(error.body.current);
    $("error").textContent = explain(error);
  }
}

/** @param {Row} fresh */
function take(fresh) {
  if (fresh.version < row.version) return;
  row = fresh;
  draw();
}

const button = (/** @type {string} */ key, /** @type {() => void} */ go, style = "") =>
  h(`button.btn${style}`, { type: "button", onclick: go }, t(`act.${key}`));

const HANDS = { ready: ["start"], running: ["pause", "finish"], paused: ["resume", "finish"], finished: [] };

function drawHead() {
  document.querySelector(".stand")?.setAttribute("data-status", row.status);
  const words = { ready: "clock.ready", running: "clock.runs", paused: "clock.stands", finished: "clock.over" };
  const left = [...injects.values()].filter(isWaiting).length;
  setText($("clock-words"), `${t(words[/** @type {"ready"} */ (row.status)])} · ${t("count.left", { n: left })}`);
  const acts = page.may ? HANDS[/** @type {"ready"} */ (row.status)] : [];
  if ($("acts").dataset.for === row.status) return;
  $("acts").dataset.for = row.status;
  fill($("acts"), acts.map((name) => button(name, () => {
    if (name !== "finish" || confirm(t("ask.finish"))) void act(name);
  }, name === "finish" ? ".danger" : ".main")));
  $("jump").hidden = !page.may || row.status === "ready" || row.status === "finished";
}

function draw() {
  drawHead();
  const order = [...injects.values()].sort((a, b) => a.at - b.at || a.number - b.number);
  const next = order.find(isWaiting)?.id;
  for (const one of order) {
    const mark = JSON.stringify([one, one.id === next, row.status]);
    let node = nodes.get(one.id);
    if (!node) {
      node = h("li.inject");
      nodes.set(one.id, node);
      $("injects").append(node);
    }
    if (node.dataset.mark === mark) continue;
    node.dataset.mark = mark;
    node.dataset.state = one.played_at ? "played" : one.skipped_at ? "skipped" : one.id === next ? "next" : "waiting";
    keeping(node, () => fill(node, when(one, node.dataset.state), body(one), h("div.hands", {}, page.may && hands(one))));
  }
  tick();
}

/** @param {Inject} one @param {string} state */
function when(one, state) {
  const said = one.played_at ? t("inject.played", { time: clock(one.played_at) }) : t(`inject.${state}`);
  return h("div.when", {}, h("b", {}, `T+${brief(one.at)}`), h("span", { title: one.played_at && full(one.played_at) }, said), h("span", { data: { until: one.id } }));
}

/** @param {Inject} one */
function body(one) {
  const who = one.receiver ? `${one.sender} → ${one.receiver}` : one.sender;
  const hope = one.expected && h("p.hope", {}, t("inject.expected", { words: one.expected }),
    one.within && ` (${t("inject.within", { n: Math.round(one.within / 60) })})`);
  return h("div", {}, h("p.who", {}, h("span.tag", {}, t(`channel.${one.channel}`)), ` ${who}`), h("h2", {}, `${one.number}. ${one.title}`),
    h("blockquote", {}, one.text), hope, one.made && h("p.hope", {}, t("inject.made")));
}

/** The remark that was kept, or what is being written in its place. @param {Inject} one */
function noteOf(one) {
  const note = notes.get(one.id) ?? h("input", { maxlength: 500, "aria-label": t("inject.remark"), placeholder: t("inject.remark") });
  if (note.value === note.defaultValue) note.value = one.note;
  note.defaultValue = one.note;
  notes.set(one.id, note);
  return note;
}

/** @param {Inject} one */
function hands(one) {
  const open = row.status === "running" || row.status === "paused";
  if (isWaiting(one)) {
    return [open && button("play", () => void act(`injects/${one.id}/play`), ".main"),
      row.status !== "finished" && button("skip", () => void act(`injects/${one.id}/skip`))];
  }
  if (!one.played_at) return [];
  const note = noteOf(one);
  const keep = h("form", { onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    note.blur();
    void act(`injects/${one.id}/observe`, { seen: Boolean(one.seen_at), note: note.value });
  } }, note, h("button.btn", { type: "submit" }, t("act.note")));
  const seen = one.seen_at && h("span.tag.ok", {}, t("inject.seen", { time: span(Date.parse(one.seen_at) - Date.parse(one.played_at)) }));
  const turn = button(one.seen_at ? "unseen" : "seen", () => void act(`injects/${one.id}/observe`, { seen: !one.seen_at, note: note.value }));
  return [seen, turn, keep];
}

function tick() {
  setText($("scenario-clock"), `T+${long(position())}`);
  for (const spot of document.querySelectorAll("[data-until]")) {
    const one = injects.get(/** @type {HTMLElement} */ (spot).dataset.until ?? "");
    const rest = one && isWaiting(one) && row.status === "running" ? (one.at - position()) * 1000 : 0;
    setText(spot, rest > 0 ? t("inject.in", { time: span(rest) }) : "");
  }
}

$("jump").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  const [hours, minutes] = $("jump-to").value.split(":").map(Number);
  void act("jump", { to: hours * 3600 + minutes * 60 });
});

/** @returns {Promise<string>} */
async function reload() {
  const head = await get("/api/v1/journal/");
  const found = await get(base);
  for (const one of found.injects) injects.set(one.id, one);
  row = found.row;
  draw();
  return head.cursor;
}

const live = new Live({ url: socketUrl(page.live), cursor: page.cursor }, {
  entries: (entries) => {
    for (const { kind, about, data } of entries) {
      if (about !== row.id || !kind.startsWith("exercise.")) continue;
      if (data.inject) injects.set(data.inject.id, data.inject);
      if (kind === "exercise.inject_played") setText($("say"), data.inject.title);
      if (data.row.version >= row.version) row = data.row;
    }
    draw();
  },
  reset: reload,
  presence: () => {},
  state: (state) => {
    $("link").dataset.state = state;
    setText($("link-words"), t(`link.${state}`));
  },
  back: () => {},
});
draw();
everySecond(tick);
live.start();
