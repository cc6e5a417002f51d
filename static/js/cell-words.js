/** A cell's rows in words and marks: functions, sources, times left. Pure reading. */
import { fold, h } from "./dom.js";
import { knows, t } from "./labels.js";
import { page } from "./page.js";
import { now, span, when } from "./time.js";

/** @typedef {import("./cell-store.js").Line} Line */
/** @typedef {import("./cell-store.js").Action} Action */

const QUARTER_MS = 15 * 60_000;
/** Levels from calm to grave, and the colour each is told with (besides its word and its shape). */
export const LEVELS = ["standby", "watch", "pre_alert", "alert", "crisis", "recovery"];
export const TONE = { standby: "calm", watch: "watch", pre_alert: "watch", alert: "warn", crisis: "bad", recovery: "ok", closed: "calm" };

const functions = new Map(/** @type {any} */ (page).functions?.map((/** @type {any} */ one) => [one.key, one.label]));
/** @param {string} key */
export const functionName = (key) => functions.get(key) ?? (key ? key : t("guest"));
export const functionKeys = [...functions.keys()];
/** A function's name as one types it: its first word, or all of them where two begin alike. @param {string} key */
export function handle(key) {
  const first = (/** @type {string} */ one) => fold(functionName(one)).split(/[^\p{L}]+/u)[0];
  const alone = functionKeys.filter((one) => first(one) === first(key)).length === 1;
  return alone ? first(key) : fold(functionName(key)).replace(/\s*\(.*\)/, "").replace(/[^\p{L}]+/gu, "-");
}
/** @param {string} level */
export const levelName = (level) => t(`level.${level}`);

/** How far a line can be trusted: shape, colour and word. @param {Line} line */
export function trust(line) {
  const kind = line.credibility === 1 ? "sure" : line.credibility === 2 ? "likely" : line.credibility === 5 ? "false" : "open";
  const code = `${line.reliability}${line.credibility}`;
  return h(`span.trust.${kind}`, { title: `${code} · ${t(`reliability.${line.reliability}`)} · ${t(`credibility.${line.credibility}`)}` },
    h("i", { "aria-hidden": "true" }), t(`trust.${kind}`));
}

/** Whether somebody should look into it. @param {Line} line */
export const isOpenQuestion = (line) => line.kind !== "decision" && line.credibility > 2 && line.source !== "" && !isByAct(line);
const BY_HAND = new Set(["information", "message", "request"]);
/** @param {Line} line */
export const isByAct = (line) => !BY_HAND.has(line.kind);

/** @param {Action} action */
export const isOpenAction = (action) => action.state === "todo" || action.state === "doing";
/** @param {Action} action */
export const isLateAction = (action) => isOpenAction(action) && action.due_at !== null && Date.parse(action.due_at) < now();
/** @param {Action} action */
export const isSoonAction = (action) => isOpenAction(action) && !isLateAction(action) && action.due_at !== null && Date.parse(action.due_at) < now() + QUARTER_MS;

/** What an action's tag says. @param {Action} action @param {number} [seen] at this instant, when it is not now @returns {{kind: string, words: string}} */
export function actionTag(action, seen = now()) {
  if (action.state === "done") return { kind: "ok", words: t("action.done", { time: action.ended_at ? when(action.ended_at, seen) : "" }) };
  if (action.state === "dropped") return { kind: "", words: t("action.dropped") };
  const left = action.due_at ? Date.parse(action.due_at) - seen : null;
  if (left !== null && left < 0) return { kind: "late", words: t("action.late", { time: lasting(-left) }) };
  if (left !== null && left < QUARTER_MS) return { kind: "soon", words: t("action.in", { time: lasting(left) }) };
  return { kind: "", words: action.progress || t(`action.${action.state}`) };
}

/** "7 min", "1 h 20". @param {number} ms */
export const lasting = (ms) => (ms < 3_600_000 ? t("minutes", { n: Math.max(1, Math.round(ms / 60_000)) }) : span(ms));

/** "02:25:06" @param {number} ms */
export function stopwatch(ms) {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
}

/** @param {string} key @param {string} fallback */
export const word = (key, fallback) => (knows(key) ? t(key) : fallback);
