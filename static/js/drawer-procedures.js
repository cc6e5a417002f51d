/** The procedures of the open incident: steps to tick with time and person, or to skip for a reason. */
import { call, explain, get, newKey, Problem } from "./api.js";
import { fill, h, setText } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { full, now, short, span } from "./time.js";

/** @typedef {{number: number, who: string, what: string, due_at: string | null, phones: {who: string, number: string}[], links: {words: string, url: string}[], state: string, by: {name: string} | null, at: string | null, reason: string}} Step */
/** @typedef {{id: string, name: string, purpose: string, number: number, started_at: string, steps: Step[]}} Run */
/** @typedef {{results: Run[], others: {id: string, name: string}[]}} Answer */

export class ProceduresPanel {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    this.path = `/api/v1/incidents/${id}`;
    /** @type {Answer | null} */
    this.answer = null;
    this.may = false;
    this.element = h("section.procedures", { hidden: true, "aria-label": t("procedure.title") });
    this.error = h("p.error-text", { role: "alert" });
    /** The step whose reason is being written: it survives a redraw. @type {{run: string, step: number, input: any} | null} */
    this.skipping = null;
    /** @type {[HTMLElement, string][]} */
    this.clocks = [];
  }

  /** @param {any} detail */
  async load(detail) {
    this.may = detail.allowed.includes("tick");
    const found = await get(`${this.path}/procedures/`, {}, { once: true }).catch(() => null);
    if (found) this.answer = found;
    this.#draw();
  }

  tick() {
    for (const [element, instant] of this.clocks) this.#age(element, instant);
  }

  /** @param {HTMLElement} element @param {string} instant */
  #age(element, instant) {
    const ms = Date.parse(instant) - now();
    element.className = `tag ${ms < 0 ? "late" : "soon"}`;
    setText(element, t(ms < 0 ? "procedure.late" : "procedure.due", { time: span(Math.abs(ms)) }));
  }

  #draw() {
    const { answer } = this;
    this.clocks = [];
    this.element.hidden = !answer || (!answer.results.length && !(this.may && answer.others.length));
    if (!answer || this.element.hidden) return;
    keeping(this.element, () => fill(this.element, answer.results.map((run) => this.#run(run)), this.error, this.may && answer.others.length > 0 && this.#another(answer.others)));
  }

  /** @param {Run} run */
  #run(run) {
    const done = run.steps.filter((step) => step.state !== "open").length;
    const progress = h("progress", { max: run.steps.length, value: done, "aria-label": t("procedure.progress", { done, all: run.steps.length }) });
    return h("div.procedure", {},
      h("h3", {}, run.name, h("span.small.plain", {}, t("procedure.progress", { done, all: run.steps.length }))), progress,
      run.purpose && h("p.small.soft", {}, run.purpose),
      h("ol.todo", {}, run.steps.map((step) => this.#step(run, step))));
  }

  /** @param {Run} run @param {Step} step */
  #step(run, step) {
    const open = step.state === "open";
    const box = h("button.box", {
      type: "button", role: "checkbox", "aria-checked": String(step.state === "done"), disabled: !this.may || step.state === "skipped",
      "aria-label": t("procedure.tick", { n: step.number, who: step.who }), data: { act: "tick" }, onclick: () => this.#mark(run, step, open ? "done" : "open"),
    }, step.state === "done" ? "✓" : step.state === "skipped" ? "–" : "");
    return h(`li.${step.state}`, { data: { id: `${run.id}/${step.number}` } }, box,
      h("div.text", {},
        h("div.line", {}, h("b", {}, `${step.number}. ${step.who}`), open && step.due_at && this.#due(step.due_at)),
        h("p", {}, step.what),
        open && (step.phones.length > 0 || step.links.length > 0) && h("div.acts", {},
          step.phones.map(({ who, number }) => h("a.btn.phone", { href: `tel:${number.replace(/[^+\d]/g, "")}` }, "☎ ", who, h("b.mono", {}, number))),
          step.links.map(({ words, url }) => h("a.btn", { href: url, target: "_blank", rel: "noopener noreferrer" }, words, " ↗"))),
        this.#foot(run, step)));
  }

  /** @param {string} instant */
  #due(instant) {
    const element = h("span.tag", { title: full(instant) });
    this.#age(element, instant);
    this.clocks.push([element, instant]);
    return element;
  }

  /** Under a step: who did it, or how to skip it. @param {Run} run @param {Step} step */
  #foot(run, step) {
    if (step.state !== "open") {
      const said = t(`procedure.${step.state}`, { time: short(step.at ?? ""), name: step.by?.name ?? "" });
      const undo = this.may && h("button.btn.quiet.small", { type: "button", onclick: () => this.#mark(run, step, "open") }, t("procedure.undo"));
      return h("p.small.muted.line", { title: step.at ? full(step.at) : false }, h("span", {}, said, step.reason && ` ${t("quote", { text: step.reason })}`), undo);
    }
    if (!this.may) return null;
    if (this.skipping?.run === run.id && this.skipping.step === step.number) return this.#reason(run, step);
    return h("button.btn.quiet.small.skip", { type: "button", onclick: () => this.#ask(run, step) }, t("procedure.skip"));
  }

  /** @param {Run} run @param {Step} step */
  #ask(run, step) {
    const input = h("input", { type: "text", maxlength: 500, required: true, "aria-label": t("procedure.why"), placeholder: t("procedure.why") });
    this.skipping = { run: run.id, step: step.number, input };
    this.#draw();
    input.focus();
  }

  /** @param {Run} run @param {Step} step */
  #reason(run, step) {
    const { input } = /** @type {any} */ (this.skipping);
    const drop = () => {
      this.skipping = null;
      this.#draw();
    };
    const form = h("form.line", { novalidate: true }, input, h("button.btn", { type: "submit" }, t("procedure.skip")),
      h("button.btn.quiet", { type: "button", onclick: drop }, t("form.cancel")));
    form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      if (input.value.trim()) void this.#mark(run, step, "skipped", input.value.trim());
      else input.focus();
    });
    form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      drop();
    });
    return form;
  }

  /** @param {Run} run @param {Step} step @param {string} state @param {string} [reason] */
  #mark(run, step, state, reason = "") {
    return this.#send("ticks", { run: run.id, step: step.number, state, reason });
  }

  /** Follow one more. @param {{id: string, name: string}[]} others */
  #another(others) {
    const choice = h("select", { "aria-label": t("procedure.other") }, h("option", { value: "" }, t("procedure.other")), others.map(({ id, name }) => h("option", { value: id }, name)));
    choice.addEventListener("change", () => choice.value && void this.#send("procedures", { procedure: choice.value }));
    return h("div.acts", {}, choice);
  }

  /** @param {string} what @param {any} body */
  async #send(what, body) {
    setText(this.error, "");
    const { skipping } = this; // another step's reason may be begun before the answer comes: it stays
    try {
      this.answer = await call("POST", `${this.path}/${what}/`, { body, key: newKey() });
      if (this.skipping === skipping) this.skipping = null;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setText(this.error, explain(problem));
    }
    this.#draw();
  }
}
