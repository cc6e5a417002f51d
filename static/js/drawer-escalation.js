/** The escalation of the open incident: what happened by itself, what happens next, and in how long. */
import { get } from "./api.js";
import { fill, h, setText } from "./dom.js";
import { t } from "./labels.js";
import { full, now, short, span } from "./time.js";

/** @typedef {{channel: string, state: string, words: string, why: string}} Way */
/** @typedef {{id: string, name: string, state: string, words: string, acknowledged_at: string | null, acknowledged_by: string, ways: Way[]}} Told */
/** @typedef {{number: number, words: string, vital: boolean, due_at: string, done_at: string | null, told: Told[]}} Step */
/**
 * @typedef {object} Course
 * @property {string} state
 * @property {string} policy
 * @property {number} number
 * @property {number} turn
 * @property {string | null} due_at
 * @property {number} untouched_minutes
 * @property {string | null} snoozed_until
 * @property {{id: string, name: string} | null} snoozed_by
 * @property {string} reason
 * @property {Step[]} steps
 */

const TROUBLE = new Set(["running", "spent"]);
const FAR_MS = 3_600_000;
const AGAIN_MS = 10_000; // receipts are on nobody's stream: asked for while they may still come
const RECEIPTS_MS = 180_000;

/** "00:48" to go, or "+00:12" when it is late. @param {string} instant */
function left(instant) {
  const ms = Date.parse(instant) - now();
  return `${ms < 0 ? "+" : ""}${span(Math.abs(ms))}`;
}

export class EscalationPanel {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    /** @type {Course | null} */
    this.course = null;
    this.element = h("section.escalation", { hidden: true, "aria-label": t("escalation.title") });
    /** Elements whose text is a countdown. @type {[HTMLElement, string][]} */
    this.clocks = [];
    this.askedAt = 0;
  }

  async load() {
    this.askedAt = now();
    const found = await get(`/api/v1/incidents/${this.id}/escalation/`, {}, { once: true }).catch(() => null);
    if (found) this.course = found;
    this.#draw();
  }

  tick() {
    for (const [element, instant] of this.clocks) setText(element, left(instant));
    if (document.visibilityState === "visible" && now() - this.askedAt > AGAIN_MS && this.#awaitsReceipts()) void this.load();
  }

  /** Whether somebody was told so lately that word of it may still come. */
  #awaitsReceipts() {
    const lately = (/** @type {Step} */ { done_at: at }) => at !== null && now() - Date.parse(at) < RECEIPTS_MS;
    return this.course?.steps.some((step) => lately(step) && step.told.some((one) => !one.acknowledged_at)) ?? false;
  }

  #draw() {
    const { course } = this;
    this.clocks = [];
    this.element.hidden = !course || course.state === "none" || (course.state === "ended" && !course.steps.length);
    if (!course || this.element.hidden) return;
    this.element.dataset.state = course.state;
    fill(this.element,
      h("h3", {}, t("escalation.title"), h("span.small.plain", { title: t("escalation.frozen") }, t("escalation.policy", { name: course.policy, n: course.number }))),
      this.#head(course),
      course.steps.length > 0 && h("ol.next.steps", {}, course.steps.map((step) => this.#step(step, course))));
  }

  /** Where it stands, in one line. @param {Course} course */
  #head(course) {
    const words = t(`escalation.${course.state}`, {
      name: course.snoozed_by?.name ?? "", time: course.snoozed_until ? short(course.snoozed_until) : "",
    });
    const soon = course.due_at && (course.state === "snoozed" || course.state === "taken");
    return h("p.stand", { class: `stand ${TROUBLE.has(course.state) ? "bad" : "good"}` },
      h("b", {}, words),
      soon && h("span.soft", {}, " ", t(course.state === "snoozed" ? "escalation.wakes" : "escalation.back"), " ", this.#clock(/** @type {string} */ (course.due_at))),
      course.reason && h("span.soft", {}, " ", t("quote", { text: course.reason })));
  }

  /** @param {string} instant */
  #clock(instant) {
    const element = h("time.mono", { datetime: instant, title: full(instant) }, left(instant));
    this.clocks.push([element, instant]);
    return element;
  }

  /** @param {Step} step @param {Course} course */
  #step(step, course) {
    const next = !step.done_at && course.due_at !== null && step === course.steps.find((one) => !one.done_at);
    const instant = step.done_at ?? (next ? course.due_at : step.due_at) ?? step.due_at;
    const far = !step.done_at && Date.parse(instant) - now() > FAR_MS;
    const time = step.done_at || far ? h("span.t", { title: full(instant) }, short(instant)) : h("span.t", {}, this.#clock(instant));
    const nobody = step.done_at && !step.told.length && step.vital;
    return h(`li.${step.done_at ? "met" : next ? "ahead" : "later"}`, { "aria-current": next ? "step" : false }, time,
      h("div", {}, h("span", {}, step.done_at ? "✓ " : "", step.words, step.vital && [" ", h("span.tag", {}, t("escalation.vital"))]),
        nobody && h("p.error-text", {}, t("escalation.nobody")),
        step.told.length > 0 && h("ul.told", {}, step.told.map((one) => this.#told(one)))));
  }

  /** Who was told and how far that got, by each way that was tried. @param {Told} told */
  #told(told) {
    const done = told.acknowledged_at;
    const chips = done
      ? [h("span.tag.ok", {}, t("escalation.acknowledged", { time: short(done), how: told.acknowledged_by }))]
      : told.ways.map(({ channel, state, words, why }) => h("span.tag", { class: `tag ${state === "failed" ? "late" : ""}` }, `${channel} · ${words}`, why && ` (${why})`));
    return h("li", {}, told.name, chips.length ? chips : h("span.tag", {}, told.words));
  }
}
