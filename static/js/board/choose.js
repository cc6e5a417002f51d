/** Which crew for the open mission: proposals with their reasons in words, and those that something forbids. */
import { call, explain, newKey, Problem } from "../api.js";
import { bones, section } from "../drawer-parts.js";
import { afterPaint, fill, h } from "../dom.js";
import { keeping } from "../focus.js";
import { t } from "../labels.js";
import { clock, notBefore, short } from "../time.js";
import { because, iconOf } from "./reasons.js";
import { icon } from "./work.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {{crew: {id: string, name: string}, verdict: string, presence: any, position: any, drive: {minutes: number, km: number, method: string}, arrives_at: string, ends_at: string, reasons: import("./reasons.js").Reason[]}} Proposal */

const SHOWN = 5;
const MOST = 9;
const EXCLUDED_SHOWN = 6;

export class Chooser {
  /**
   * @param {import("./timeline.js").Timeline} timeline @param {import("./board-map.js").BoardMap} map
   * @param {(row: Work, choice: import("./assigning.js").Choice) => void} assign
   * @param {(row: Work, told: any) => void} ask opens the form with this in it
   */
  constructor(timeline, map, assign, ask) {
    this.timeline = timeline;
    this.map = map;
    this.assign = assign;
    this.ask = ask;
    this.element = h("div", { id: "choose" });
    /** @type {Work | null} */
    this.row = null;
    /** @type {Proposal[]} */
    this.found = [];
    this.method = "";
    this.at = "";
    this.chosen = 0;
    this.whole = { proposals: false, excluded: false };
    this.asked = "";
  }

  /** The proposals of this mission; null for none. A mission that changed keeps them, said to be old. @param {Work | null} row */
  show(row) {
    const same = row !== null && this.row?.id === row.id;
    this.row = row;
    if (!row) {
      this.asked = "";
      this.found = [];
      this.later();
      return fill(this.element);
    }
    if (!same) {
      Object.assign(this, { found: [], chosen: 0, whole: { proposals: false, excluded: false } });
      void this.load();
    }
  }

  async load() {
    const row = /** @type {Work} */ (this.row);
    const turn = (this.asked = `${row.id}/${newKey()}`);
    if (!this.found.length) fill(this.element, section(t("choose.title"), bones()));
    try {
      const answer = await call("POST", `/api/v1/interventions/${row.id}/proposals/`, { body: {} });
      if (turn !== this.asked) return;
      Object.assign(this, { found: answer.results, method: answer.method, at: answer.now, chosen: 0 });
      this.draw();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (turn !== this.asked) return;
      fill(this.element, section(t("choose.title"), h("p", { role: "alert" }, explain(error)), h("div.acts", {}, h("button.btn", { type: "button", onclick: () => this.load() }, t("drawer.again")))));
    }
  }

  get open() {
    return this.found.filter(({ verdict }) => verdict !== "excluded");
  }

  draw() {
    const possible = this.open;
    const excluded = this.found.filter(({ verdict }) => verdict === "excluded");
    const estimated = this.method === "estimation" ? t("choose.estimation") : t("choose.routed");
    const shown = possible.slice(0, this.whole.proposals ? MOST : SHOWN);
    keeping(this.element, () => fill(this.element,
      h("section.props", {},
        h("h3", {}, t("choose.proposals", { n: possible.length }), h("span", {}, estimated)),
        possible.length ? null : h("p.soft", {}, t("choose.nobody")),
        h("ol.cards", {}, shown.map((one, index) => this.#card(one, index))),
        h("div.acts", {},
          possible.length > shown.length && this.#button(t("choose.more", { n: possible.length - shown.length }), () => { this.whole.proposals = true; }),
          h("button.btn.quiet", { type: "button", data: { key: "again" }, onclick: () => this.load() }, t("choose.again", { time: clock(this.at) })))),
      excluded.length > 0 && this.#excluded(excluded)));
    this.later();
  }

  /** @param {string} words @param {() => void} change */
  #button(words, change) {
    return h("button.btn.quiet", { type: "button", onclick: () => { change(); this.draw(); } }, words);
  }

  /** @param {Proposal} one @param {number} index */
  #card(one, index) {
    const chosen = index === this.chosen;
    const est = one.drive.method === "estimation" && h("span.est", {}, t("est"));
    return h("li.pr", { data: { chosen: String(chosen), crew: one.crew.id, id: one.crew.id } },
      h("span.rk", {}, String(index + 1)),
      h("button.nm", { type: "button", "aria-pressed": String(chosen), onclick: () => this.choose(index) }, one.crew.name),
      h("span.eta", {}, h("b", {}, short(one.arrives_at)), " · ", t("choose.drive", { n: one.drive.minutes, km: one.drive.km.toLocaleString(document.documentElement.lang) }), " ", est),
      h("span.go", {}, h("button.btn", { class: chosen ? "btn main" : "btn", type: "button", onclick: () => this.#take(one), "aria-label": t("choose.assign.to", { crew: one.crew.name }) }, t("do.assign.now"), h("kbd", { "aria-hidden": "true" }, chosen ? "D" : String(index + 1)))),
      h("ul.why", {}, one.reasons.map((reason) => h("li", {}, icon(iconOf(reason)), because(reason)))));
  }

  /** @param {Proposal[]} excluded */
  #excluded(excluded) {
    const shown = excluded.slice(0, this.whole.excluded ? excluded.length : EXCLUDED_SHOWN);
    const line = (/** @type {Proposal} */ one) => {
      const why = one.reasons.filter(({ weight }) => weight === "blocking");
      return h("li.nope", { data: { id: one.crew.id } }, h("b", {}, one.crew.name), h("span.r", {}, why.map((reason) => h("span", {}, icon(iconOf(reason)), because(reason)))),
        h("button.btn.quiet", { type: "button", "aria-label": t("choose.force.of", { crew: one.crew.name }), onclick: () => this.#force(one, why) }, t("choose.force")));
    };
    return h("section.props", {}, h("h3", {}, t("choose.excluded", { n: excluded.length }), h("span", {}, t("choose.force.words"))), h("ul", {}, shown.map(line)),
      excluded.length > shown.length && h("div.acts", {}, this.#button(t("choose.more", { n: excluded.length - shown.length }), () => { this.whole.excluded = true; })));
  }

  /** @param {Proposal} one @param {import("./reasons.js").Reason[]} why */
  #force(one, why) {
    if (this.row) this.ask(this.row, { crew: one.crew.id, start: notBefore(one.arrives_at), override: true, words: why.map((reason) => because(reason)) });
  }

  /** @param {Proposal} one */
  #take(one) {
    if (this.row) this.assign(this.row, { crew: one.crew.id, start: notBefore(one.arrives_at) });
  }

  /** Look at one proposal: its bar in the day, its way on the map. @param {number} index */
  choose(index) {
    if (!this.open[index] || index >= MOST) return;
    this.chosen = index;
    if (index >= SHOWN) this.whole.proposals = true;
    const cards = /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll(".pr"));
    if (!cards[index]) return this.draw();
    cards.forEach((card, at) => {
      card.dataset.chosen = String(at === index);
      card.querySelector(".nm")?.setAttribute("aria-pressed", String(at === index));
      card.querySelector(".btn")?.classList.toggle("main", at === index);
      const key = card.querySelector("kbd");
      if (key) key.textContent = at === index ? "D" : String(at + 1);
    });
    this.later();
  }

  /** Give it to the chosen one. @returns {boolean} whether there was one */
  best() {
    const one = this.open[this.chosen];
    if (one) this.#take(one);
    return Boolean(one);
  }

  /** The day and the map once the choice is painted. */
  later = afterPaint(() => {
    this.element.querySelectorAll(".pr")[this.chosen]?.scrollIntoView({ block: "nearest" });
    this.#cast();
  });

  #cast() {
    const one = this.row ? this.open[this.chosen] : undefined;
    this.timeline.cast(one && this.row ? { crew: one.crew.id, ghost: { row: this.row, start: Date.parse(one.arrives_at), end: Date.parse(one.ends_at) } } : null);
    if (one) this.timeline.reveal(one.crew.id);
    this.map.propose(one?.crew.id ?? "");
  }
}
