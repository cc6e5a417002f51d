/** One form for one act on one thing: keeps a draft, says errors beside fields, never overwrites others' work. */
import { call, explain, fieldErrors, newKey, Problem } from "./api.js";
import { ACTS } from "./acts.js";
import { FACTS, settleConflict } from "./conflict.js";
import { fill, h } from "./dom.js";
import { t } from "./labels.js";

/** @typedef {import("./acts.js").Context} Context */

const STALE = 412;

/**
 * @typedef {object} Room what a form is about: another room's acts, address and facts, the incidents' when left out
 * @property {Record<string, import("./acts.js").Act>} acts
 * @property {string} base
 * @property {import("./conflict.js").Fact[]} facts
 */
/** @type {Room} */
const INCIDENTS = { acts: ACTS, base: "/api/v1/incidents/", facts: FACTS };

/** Send an act. @param {string} act @param {{id: string, version: number}} row @param {any} body @param {string} key @param {Room} [room] */
export function send(act, row, body, key, room = INCIDENTS) {
  const { path, free } = room.acts[act];
  return call("POST", `${room.base}${row.id}/${path}/`, { body, key, version: free ? undefined : row.version });
}

export class ActForm {
  /**
   * @param {string} act @param {Context} context
   * @param {{done: (act: string, answer: any) => void, close: () => void, refused?: (error: Problem, body: any) => void}} listener
   * @param {Room} [room]
   */
  constructor(act, context, listener, room = INCIDENTS) {
    this.act = act;
    this.room = room;
    this.context = context;
    this.row = context.row;
    this.listener = listener;
    this.draftKey = `ondijon.form.${act}.${this.row.id}`;
    this.fields = (this.room.acts[act].fields ?? (() => []))(context);
    this.key = newKey();
    this.notice = h("p.notice", { hidden: true, "aria-live": "polite" });
    this.error = h("p.error-text", { role: "alert" });
    this.submit = h("button.btn", { type: "submit", class: this.room.acts[act].danger ? "btn danger" : "btn main" }, t(`act.${act}`));
    this.element = this.#build();
    this.#restore();
  }

  #build() {
    const cancel = h("button.btn.quiet", { type: "button", onclick: () => this.close() }, t("form.cancel"));
    const form = h("form.form", { novalidate: true, "aria-label": t(`act.${this.act}`) },
      h("strong", {}, t(`act.${this.act}`)), this.notice, this.fields.map((field) => field.element), this.error,
      h("div.acts", {}, this.submit, cancel));
    form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.#send();
    });
    for (const kind of ["input", "input-kept"]) form.addEventListener(kind, () => this.#keep());
    return form;
  }

  focus() {
    this.fields[0]?.control.focus();
  }

  close() {
    sessionStorage.removeItem(this.draftKey);
    this.#leave();
    this.listener.close();
  }

  #leave() {
    this.context.map?.choose?.(null);
    this.context.map?.pin?.(null);
  }

  #values() {
    return Object.fromEntries(this.fields.map((field) => [field.name, field.read()]));
  }

  #keep() {
    this.key = newKey();
    sessionStorage.setItem(this.draftKey, JSON.stringify(this.#values()));
  }

  #restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.draftKey) ?? "null");
    for (const field of this.fields) if (kept?.[field.name]) field.write(kept[field.name]);
  }

  /** Somebody changed the incident while this form was open: say so before it is sent. @param {string} words */
  warn(words) {
    this.notice.textContent = t("form.changed", { words });
    this.notice.hidden = false;
  }

  async #send() {
    const values = this.#values();
    const missing = this.fields.filter((field) => field.control.hasAttribute("required") && !values[field.name]);
    this.#show(Object.fromEntries(missing.map((field) => [field.name, t("form.needed")])));
    if (missing.length) return;
    const body = this.room.acts[this.act].body?.(values) ?? values;
    this.submit.disabled = true;
    try {
      this.#finish(await send(this.act, this.row, body, this.key, this.room));
    } catch (error) {
      await this.#refused(error, body);
    } finally {
      this.submit.disabled = false;
    }
  }

  /** @param {any} answer */
  #finish(answer) {
    sessionStorage.removeItem(this.draftKey);
    this.#leave();
    this.listener.done(this.act, answer);
  }

  /** @param {unknown} error @param {any} body */
  async #refused(error, body) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === STALE) return this.#conflict(body, error.body.current);
    this.listener.refused?.(error, body);
    const errors = fieldErrors(error);
    const elsewhere = this.#show(errors);
    this.error.textContent = elsewhere || !Object.keys(errors).length ? [explain(error), elsewhere].filter(Boolean).join(" ") : "";
  }

  /** Both versions, and the person decides. @param {any} body @param {any} current */
  async #conflict(body, current) {
    const decision = await settleConflict({ act: this.act, mine: body, before: this.row, current, room: this.room });
    if (decision.choice === "back") return;
    this.row = decision.current;
    if (decision.choice === "theirs") return this.close();
    this.key = newKey();
    try {
      this.#finish(await send(this.act, this.row, body, this.key, this.room));
    } catch (error) {
      await this.#refused(error, body);
    }
  }

  /** Errors beside their fields; gives back those that have no field here. @param {Record<string, string>} errors */
  #show(errors) {
    const here = new Set(this.fields.map((field) => field.name));
    this.error.textContent = "";
    for (const field of this.fields) {
      const spot = field.element.querySelector(".error");
      if (spot) fill(spot, errors[field.name]);
      field.control.toggleAttribute("aria-invalid", false);
      if (errors[field.name]) field.control.setAttribute("aria-invalid", "true");
    }
    const first = this.fields.find((field) => errors[field.name]);
    first?.control.focus();
    return Object.entries(errors).filter(([name]) => !here.has(name)).map(([, words]) => words).join(" ");
  }
}
