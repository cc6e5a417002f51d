/** Time as the post writes it: local, 24 hours, the server's clock, and kept fresh. */
import { language, t } from "./labels.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let offset = 0;
/** @type {Record<string, Intl.DateTimeFormat>} */
const formats = {};

/** When this page began to arrive, by this computer's clock: its scripts run later, on a slow one much later. */
export function arrived() {
  const page = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);
  return Date.now() - (page?.responseStart ? performance.now() - page.responseStart : 0);
}

/**
 * Learn the server's clock and the post's time zone. @param {string} serverNow ISO instant @param {string} zone IANA name
 * @param {number} [heard] when it was heard, by this computer's clock: now, when left out
 */
export function setClock(serverNow, zone, heard = Date.now()) {
  offset = Date.parse(serverNow) - heard;
  const make = (/** @type {Intl.DateTimeFormatOptions} */ options) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: zone, hourCycle: "h23" });
  formats.clock = make({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  formats.short = make({ hour: "2-digit", minute: "2-digit" });
  formats.full = make({ dateStyle: "full", timeStyle: "medium" });
  formats.day = make({ weekday: "long", day: "numeric", month: "long" });
  formats.date = make({ day: "numeric", month: "short" });
  formats.parts = make({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** Milliseconds since 1970 by the server's clock. */
export const now = () => Date.now() + offset;

/** @param {string | number} instant */
const date = (instant) => new Date(instant);
/** "14:03:05" @param {string | number} instant */
export const clock = (instant) => formats.clock.format(date(instant));
/** "14:03" @param {string | number} instant */
export const short = (instant) => formats.short.format(date(instant));
/** The full date and time, for hovering. @param {string | number} instant */
export const full = (instant) => formats.full.format(date(instant));
/** "lundi 23 novembre" @param {string | number} instant */
export const day = (instant) => formats.day.format(date(instant));

/** @param {string | number} instant */
const dayNumber = (instant) => Math.floor(Date.parse(`${localInput(Number(date(instant)))}:00Z`) / DAY);

/**
 * A time of day that is not today's says which day's it is: "14:30", "demain 01:30", "hier 23:50", "27 nov. 14:30".
 * @param {string | number} instant @param {string | number} [seen] read on this day, when it is not today
 */
export function when(instant, seen = now()) {
  const days = dayNumber(instant) - dayNumber(seen);
  const time = short(instant);
  if (!days) return time;
  if (Math.abs(days) === 1) return t(days > 0 ? "when.tomorrow" : "when.yesterday", { time });
  return t("when.day", { day: formats.date.format(date(instant)), time });
}

/** How long ago, in the largest sensible unit. @param {string} instant */
export function ago(instant) {
  const age = Math.max(0, now() - Date.parse(instant));
  if (age < MINUTE) return t("ago.now");
  if (age < HOUR) return t("ago.minutes", { n: Math.floor(age / MINUTE) });
  if (age < DAY) return t("ago.hours", { h: Math.floor(age / HOUR), m: String(Math.floor((age % HOUR) / MINUTE)).padStart(2, "0") });
  return t("ago.days", { n: Math.floor(age / DAY) });
}

/** A length of time: "00:48" under an hour, "1 h 10" under a day, "3 d" beyond. @param {number} ms */
export function span(ms) {
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  if (ms < HOUR) return `${two(ms / MINUTE)}:${two((ms % MINUTE) / SECOND)}`;
  if (ms < DAY) return t("span.hours", { h: Math.floor(ms / HOUR), m: two((ms % HOUR) / MINUTE) });
  return t("span.days", { n: Math.floor(ms / DAY) });
}

/** The first whole millisecond that is not before this instant: the server counts in microseconds. @param {string} instant */
export const notBefore = (instant) => Date.parse(instant) + (/\.\d{4,}/.test(instant) ? 1 : 0);

/** What an <input type="datetime-local"> shows for this instant, in the post's zone. @param {number} instant */
export function localInput(instant) {
  const part = Object.fromEntries(formats.parts.formatToParts(date(instant)).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The instant that a datetime-local value means in the post's zone, as ISO. @param {string} value */
export function fromLocalInput(value) {
  const naive = Date.parse(`${value}:00Z`);
  const shift = Date.parse(`${localInput(naive)}:00Z`) - naive;
  const guess = naive - shift;
  const correction = Date.parse(`${localInput(guess)}:00Z`) - naive;
  return new Date(guess - correction).toISOString();
}

/** @type {Set<() => void>} */
const tickers = new Set();

/** Call `work` every second while the page is visible. @param {() => void} work @returns {() => void} stop */
export function everySecond(work) {
  tickers.add(work);
  return () => tickers.delete(work);
}

setInterval(() => {
  if (!document.hidden) for (const work of tickers) work();
}, SECOND);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const work of tickers) work();
});
