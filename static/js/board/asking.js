/** Asking for planned work, without an incident: a dialogue with the same fields as a correction, a place and a category. */
import { call, explain, fieldErrors, newKey, Problem } from "../api.js";
import { $, fill, h } from "../dom.js";
import * as fields from "../fields.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { wanted } from "./acts.js";

/** @param {(row: import("./work.js").Work) => void} asked */
export function startAsking(asked) {
  $("ask-open")?.addEventListener("click", () => openForm(asked));
}

/** @param {(row: import("./work.js").Work) => void} asked */
function openForm(asked) {
  const dialog = $("modal");
  const nowhere = { choose: () => {}, pin: () => {} };
  const list = [fields.category(""), fields.place(nowhere), ...wanted({})];
  const error = h("p.error-text", { role: "alert" });
  const key = { now: newKey() };
  const form = h("form.form", { novalidate: true }, h("h2", { id: "modal-title" }, t("ask.title")), list.map((field) => field.element), error,
    h("div.acts", {}, h("button.btn.main", { type: "submit" }, t("ask.send")), h("button.btn.quiet", { type: "button", onclick: () => dialog.close() }, t("form.cancel"))));
  form.addEventListener("input", () => { key.now = newKey(); });
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const row = await call("POST", "/api/v1/interventions/", { body: bodyOf(list), key: key.now });
      dialog.close();
      toast(t("ask.done", { reference: row.reference }), { kind: "ok" });
      asked(row);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      show(list, fieldErrors(problem), error, explain(problem));
    }
  });
  fill(dialog, h("div.inside", {}, form));
  dialog.onclose = null;
  dialog.showModal();
  list[0].control.focus();
}

/** @param {import("../fields.js").Field[]} list */
function bodyOf(list) {
  const { place, category, skills, ...rest } = Object.fromEntries(list.map((field) => [field.name, field.read()]));
  return { ...rest, category: category ?? "", ...(skills.length ? { skills } : {}), ...(place ? { lat: place.lat, lon: place.lon, address: rest.address || place.address } : {}) };
}

/** @param {import("../fields.js").Field[]} list @param {Record<string, string>} errors @param {Element} box @param {string} words */
function show(list, errors, box, words) {
  const names = { lat: "place" };
  const left = Object.entries(errors).filter(([name, text]) => {
    const field = list.find((one) => one.name === (/** @type {any} */ (names)[name] ?? name));
    const spot = field?.element.querySelector(".error");
    if (spot) spot.textContent = text;
    return !spot;
  });
  box.textContent = left.length || !Object.keys(errors).length ? [words, ...left.map(([, text]) => text)].join(" ") : "";
}
