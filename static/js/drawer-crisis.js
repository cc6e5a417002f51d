/** From a grave incident to a crisis cell: whoever may open one does, whoever may not proposes it. */
import { call, explain, fieldErrors, newKey, Problem } from "./api.js";
import { fill, h } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { page } from "./page.js";
import { isOpen } from "./store.js";

const may = (/** @type {string} */ permission) => page.me.permissions.includes(permission);

export class CrisisPanel {
  /** @param {string} id of the incident */
  constructor(id) {
    this.id = id;
    this.element = h("section.crisis", { id: "crisis-panel", "aria-label": t("crisis.propose") });
    this.said = "";
  }

  tick() {}

  /** @param {any} detail */
  async load({ row }) {
    if (!this.element.querySelector("form")) keeping(this.element, () => this.#draw(row)); // else its reason is being written
  }

  /** @param {import("./store.js").Row} row */
  #draw(row) {
    const grave = isOpen(row) && (row.priority === "P1" || row.priority === "P2");
    if (!grave || !may("crisis.log")) return fill(this.element);
    if (this.said) return fill(this.element, h("p.small.soft", { role: "status" }, this.said));
    if (may("crisis.open")) return fill(this.element, h("div.acts", {}, h("a.btn", { href: `/crisis/?incident=${this.id}#open` }, t("crisis.open"))));
    fill(this.element, h("div.acts", {}, h("button.btn", { type: "button", onclick: () => this.#ask() }, t("crisis.propose"))));
  }

  #ask() {
    const key = newKey();
    const why = h("input", { id: "crisis-why", maxlength: 500, required: true, autocomplete: "off" });
    const error = h("p.error-text", { role: "alert" });
    const form = h("form.field", {}, h("label", { for: "crisis-why" }, t("crisis.why")), why, error, h("div.acts", {}, h("button.btn.main", { type: "submit" }, t("crisis.propose"))));
    form.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!why.value.trim()) return why.focus();
      try {
        await call("POST", "/api/v1/crisis/proposals/", { body: { incident: this.id, why: why.value.trim() }, key });
        this.said = t("crisis.proposed");
        fill(this.element, h("p.small.soft", { role: "status" }, this.said));
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        error.textContent = [explain(problem), ...Object.values(fieldErrors(problem))].join(" ");
      }
    });
    fill(this.element, form);
    why.focus();
  }
}
