/**
 * The vehicle's position from this phone: by consent, during the shift, and visible while it lasts. It stops by itself when
 * the shift ends. What could not be sent waits in memory only, never on the disk.
 */
import { call, Problem } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../labels.js";
import { now, short } from "../time.js";
import { icon } from "./parts.js";
import { open } from "./sheets.js";

const POSITIONS = "/api/v1/positions/";
const EVERY_MS = 10_000;
const MOST = 500; // kept while there is no network, the newest

/** @typedef {import("./app.js").App} App */

export class Position {
  /** @param {App} app @param {HTMLElement} box where its state is shown */
  constructor(app, box) {
    this.app = app;
    this.box = box;
    this.watch = 0;
    this.refused = "";
    /** @type {{vehicle: string, lat: number, lon: number, at: string, accuracy_m: number}[]} */
    this.kept = [];
    this.sentAt = 0;
    this.shown = "";
    setInterval(() => this.tick(), EVERY_MS);
  }

  /** The crew with a vehicle that is on shift now, or nothing. */
  #mine() {
    const shift = this.app.shift();
    const crew = shift && this.app.picture.crews.find((/** @type {any} */ one) => one.vehicle && one.shifts.includes(shift));
    return crew && { vehicle: crew.vehicle, until: shift.ends_at };
  }

  /** Begin or end watching as consent and shift say; send what waits. */
  tick() {
    const mine = this.#mine();
    if (!navigator.geolocation) this.refused = "denied";
    const wanted = Boolean(mine && this.app.consent && navigator.geolocation);
    if (wanted && !this.watch) this.#begin();
    if (!wanted && this.watch) this.#end();
    if (wanted) void this.#send();
    this.#show(mine);
  }

  #begin() {
    this.refused = "";
    this.watch = navigator.geolocation.watchPosition((found) => this.#take(found), (error) => {
      this.refused = error.code === error.PERMISSION_DENIED ? "denied" : "unknown";
      if (this.refused === "denied") this.#end();
      this.tick();
    }, { enableHighAccuracy: true, maximumAge: 5_000 });
  }

  #end() {
    navigator.geolocation.clearWatch(this.watch);
    this.watch = 0;
    this.kept = [];
  }

  /** @param {GeolocationPosition} found */
  #take({ coords }) {
    const mine = this.#mine();
    if (!mine || !this.app.consent) return this.tick();
    this.refused = "";
    const at = new Date(now()).toISOString();
    const last = this.kept[this.kept.length - 1];
    if (last && Date.parse(at) - Date.parse(last.at) < EVERY_MS / 2) this.kept.pop();
    this.kept.push({ vehicle: mine.vehicle, lat: coords.latitude, lon: coords.longitude, at, accuracy_m: coords.accuracy });
    this.kept.splice(0, this.kept.length - MOST);
    void this.#send();
  }

  async #send() {
    if (!this.kept.length || !this.app.net.ok || Date.now() - this.sentAt < EVERY_MS) return;
    if (this.app.queue.waiting.some((item) => item.kind === "consent")) return; // the post asks for the consent first
    this.sentAt = Date.now();
    const positions = this.kept.splice(0);
    try {
      await call("POST", POSITIONS, { body: { positions }, once: true });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 0 || error.status >= 500) this.kept.unshift(...positions);
    }
  }

  /** @param {{until: string} | undefined} mine */
  #show(mine) {
    const state = !mine ? "off" : this.refused === "denied" ? "denied" : this.app.consent ? "on" : "ask";
    const words = JSON.stringify([state, mine?.until]);
    if (words === this.shown) return;
    this.shown = words;
    this.box.dataset.state = state;
    const until = mine && t("position.until", { time: short(mine.until) });
    const said = h("span", {}, h("b", {}, t(`position.${state}`)), state === "on" && until && ` ${until}`);
    fill(this.box, icon("pin"), said,
      this.app.consent ? h("button.link", { type: "button", "data-key": "share", onclick: () => void this.app.share(false) }, t("position.stop"))
        : state === "ask" && h("button.link", { type: "button", "data-key": "share", onclick: () => void this.#offer() }, t("position.share")));
  }

  /** Say what is shared before it is. */
  async #offer() {
    const points = ["what", "when", "who", "long"].map((one) => h("li", {}, t(`consent.${one}`)));
    const form = await open(t("consent.title"), [h("ul.points", {}, points)], [{ words: t("consent.yes"), value: "yes", kind: "main" }]);
    if (form) await this.app.share(true);
  }
}
