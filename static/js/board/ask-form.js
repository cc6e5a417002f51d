/** Sending what is asked for, and errors beside their fields. */
import { call, explain, fieldErrors, newKey, Problem } from "../api.js";
import { h } from "../dom.js";
import { t } from "../labels.js";

/** @typedef {import("../fields.js").Field} Field */

/**
 * A form that asks for work. @param {Field[]} list @param {{title: any, fixed?: any, done: (row: import("./work.js").Work) => void, close: () => void}} told
 * @returns {HTMLFormElement}
 */
export function askForm(list, { title, fixed = {}, done, close }) {
  const error = h("p.error-text", { role: "alert" });
  let key = newKey();
  const submit = h("button.btn.main", { type: "submit" }, t("ask.send"));
  const form = h("form.form", { novalidate: true }, title, list.map((field) => field.element), error,
    h("div.acts", {}, submit, h("button.btn.quiet", { type: "button", onclick: close }, t("form.cancel"))));
  form.addEventListener("input", () => { key = newKey(); });
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      done(await call("POST", "/api/v1/interventions/", { body: { ...bodyOf(list), ...fixed }, key }));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      show(list, fieldErrors(problem), error, explain(problem));
    } finally {
      submit.disabled = false;
    }
  });
  return form;
}

/** @param {import("../fields.js").Field[]} list */
function bodyOf(list) {
  const { place, category, skills, duration_minutes: minutes, ...rest } = Object.fromEntries(list.map((field) => [field.name, field.read()]));
  return { ...rest, ...(category ? { category } : {}), ...(minutes ? { duration_minutes: minutes } : {}), ...(skills.length ? { skills } : {}), ...(place ? { lat: place.lat, lon: place.lon, address: rest.address || place.address } : {}) };
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
