/** Alone on site: how long until the next sign of life, one button to give it, and the telephone when there is no network. */
import { $, fill, h, setText } from "../dom.js";
import { keeping } from "../focus.js";
import { t } from "../labels.js";
import { now, short } from "../time.js";
import { icon } from "./parts.js";

const MINUTE = 60_000;
const WARN_MS = 5 * MINUTE;

/** @typedef {import("./app.js").App} App */

export class Lone {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.drawn = "";
    this.warned = "";
  }

  /** Draw what changes seldom, then what changes every second. */
  show() {
    const mission = this.app.missions.find((one) => one.row.lone && ["en_route", "on_site"].includes(one.row.status) && one.row.check_in_due);
    const box = $("lone");
    box.hidden = !mission;
    if (!mission) return;
    const online = this.app.net.ok;
    const marks = JSON.stringify([mission.row.id, online, mission.pending.has("check_in")]);
    if (marks !== this.drawn) {
      this.drawn = marks;
      keeping(box, () => fill(box, icon("person"), h("span.t", {}, h("small", { id: "lone-words" }), h("b", { id: "lone-left" })), this.#well(mission, online), h("span.burn", { id: "lone-burn" })));
    }
    this.#count(mission);
  }

  /** @param {any} mission @param {boolean} online */
  #well(mission, online) {
    const well = () => void this.app.act("check_in", mission);
    const phone = this.app.picture.phone;
    const small = online ? t("lone.sends") : phone ? t("lone.byPhone") : t("lone.callPost");
    const words = h("span", {}, t("lone.well"), h("small", {}, small));
    // Without network the sign is kept, and the call gives it: a kept sign helps nobody who lies in a ditch.
    return online || !phone ? h("button.btn.tap", { type: "button", data: { key: "well" }, onclick: well }, words)
      : h("a.btn.tap", { href: `tel:${phone}`, onclick: well }, words);
  }

  /** @param {any} mission */
  #count(mission) {
    const due = Date.parse(mission.row.check_in_due);
    const left = due - now();
    const state = left <= 0 ? "over" : left <= WARN_MS ? "near" : "fine";
    $("lone").dataset.state = state;
    setText($("lone-words"), state === "over" ? t("lone.over", { time: short(due) }) : t("lone.left"));
    setText($("lone-left"), minutes(Math.abs(left)));
    $("lone-burn").style.width = `${Math.max(0, Math.min(100, (left / (mission.check_in_minutes * MINUTE)) * 100))}%`;
    if (state !== "fine") this.#warn(`${state} ${mission.row.check_in_due}`, t(state === "near" ? "lone.cryNear" : "lone.cryOver"));
  }

  /** Once for each sign that is due. @param {string} what @param {string} words */
  #warn(what, words) {
    if (this.warned === what) return;
    this.warned = what;
    setText($("cry"), words);
    navigator.vibrate?.([300, 150, 300]);
  }
}

/** "11:42" @param {number} ms */
function minutes(ms) {
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  return `${two(ms / MINUTE)}:${two((ms % MINUTE) / 1000)}`;
}
