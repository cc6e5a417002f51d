/** The house's own alarms on the desk: what is late or silent, since when, and what that means. */
import { get } from "./api.js";
import { $, fill, h } from "./dom.js";
import { knows, t } from "./labels.js";
import { say } from "./news.js";
import { ago, everySecond, full } from "./time.js";

/** @typedef {{alarm: number, key: string, of: string, count: number, oldest: string}} Alarm */

const ASK_MS = 120_000;
/** @type {Map<number, Alarm>} */
const standing = new Map();
let watched = true;
/** What was put away by hand: shown again when anything else stands. */
let hidden = "";

/** Ask what stands, now and then: an auditor that died cannot say so itself. */
async function ask() {
  const answer = await get("/api/v1/alarms/", {}, { once: true }).catch(() => null);
  if (!answer) return;
  standing.clear();
  for (const alarm of answer.results) standing.set(alarm.alarm, alarm);
  watched = answer.watched;
  draw();
}

/** What journal entries say of alarms. @param {import("./store.js").Entry[]} entries */
export function hear(entries) {
  for (const { kind, data } of entries) {
    if (kind === "notifications.alarm_raised") {
      standing.set(data.alarm, data);
      say(words(data));
    } else if (kind === "notifications.alarm_cleared") standing.delete(data.alarm);
    else continue;
    draw();
  }
}

/** @param {Alarm} alarm */
function words(alarm) {
  const key = `alarm.${alarm.key}`;
  return t(knows(key) ? key : "alarm.other", { n: alarm.count, of: alarm.of || alarm.key });
}

function draw() {
  const box = $("alarms");
  if (!box) return;
  const lines = [...standing.values()].map((alarm) =>
    h("li", {}, h("b", {}, words(alarm)), " ", h("time.soft", { datetime: alarm.oldest, title: full(alarm.oldest) }, t("alarm.since", { time: ago(alarm.oldest) }))));
  if (!watched) lines.push(h("li", {}, h("b", {}, t("alarm.unwatched"))));
  const mark = JSON.stringify([watched, ...standing.keys()]);
  box.hidden = lines.length === 0 || hidden === mark;
  if (box.hidden || box.contains(document.activeElement)) return;
  const hide = () => {
    hidden = mark;
    box.hidden = true;
  };
  fill(box, h("ul", {}, lines), h("button.btn.quiet.icon", { type: "button", "aria-label": t("alarm.hide"), title: t("alarm.hide"), onclick: hide }, "✕"));
}

export function startAlarms() {
  void ask();
  setInterval(() => void ask(), ASK_MS);
  let turn = 0;
  everySecond(() => (turn = (turn + 1) % 30) || draw());
}
