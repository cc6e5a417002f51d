/** The server's clock, remembered: a page opened without network is an old copy with an old time in it. */
import { memory } from "../dom.js";
import { setClock } from "../time.js";

const KEY = "ondijon.field.clock";

/** @param {string} serverNow @param {string} zone @param {number} [heard] when, by this phone's clock: now, when left out */
export function learnClock(serverNow, zone, heard = Date.now()) {
  memory.set(KEY, Date.parse(serverNow) - heard);
  setClock(serverNow, zone, heard);
}

/** Go by what was learnt last. @param {string} zone */
export function rememberClock(zone) {
  setClock(new Date(Date.now() + memory.get(KEY, 0)).toISOString(), zone);
}
