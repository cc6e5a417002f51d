/** Where the vehicles are, and how old that is. Fed by the page and by the stream's `latest` frames; never by a request. */
import { t } from "../labels.js";
import { page } from "../page.js";
import { now } from "../time.js";

/** @typedef {{id: string, lat: number, lon: number, at: string, source: string}} Position */
/** @typedef {import("./crews.js").Crew} Crew */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Older than this is shown as old: the vehicle may be elsewhere by now. */
const STALE_MS = (/** @type {any} */ (page).stale_minutes ?? 15) * MINUTE;

export class Fleet extends EventTarget {
  /** @param {Position[]} positions */
  constructor(positions) {
    super();
    /** @type {Map<string, Position>} */
    this.positions = new Map();
    this.take(positions);
  }

  /** Newer ones win; odd ones are left out. @param {Position[]} items */
  take(items) {
    let news = false;
    for (const item of items ?? []) {
      if (!item?.id || !Number.isFinite(item.lat) || !Number.isFinite(item.lon) || !Number.isFinite(Date.parse(item.at))) continue;
      const known = this.positions.get(item.id);
      if (known && Date.parse(known.at) >= Date.parse(item.at)) continue;
      this.positions.set(item.id, item);
      news = true;
    }
    if (news) this.dispatchEvent(new Event("moved"));
  }

  /** Its vehicle's last position, or its depot when nothing is known. @param {Crew} crew */
  of(crew) {
    const known = crew.vehicle ? this.positions.get(crew.vehicle) : undefined;
    if (!known) return { lat: crew.base_lat, lon: crew.base_lon, age: null, stale: true };
    const age = Math.max(0, now() - Date.parse(known.at));
    return { lat: known.lat, lon: known.lon, age, stale: age > STALE_MS };
  }
}

/** "9 s", "6 min", "2 h" @param {number | null} age ms */
export function ageWords(age) {
  if (age === null) return t("position.none");
  if (age < MINUTE) return t("age.seconds", { n: Math.floor(age / SECOND) });
  if (age < HOUR) return t("age.minutes", { n: Math.floor(age / MINUTE) });
  return age < 24 * HOUR ? t("age.hours", { n: Math.floor(age / HOUR) }) : t("span.days", { n: Math.floor(age / (24 * HOUR)) });
}
