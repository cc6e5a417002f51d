/** Sending what is asked for, and errors beside their fields. */
import { call, explain, fieldErrors, newKey, Problem } from "../api.js";
import { h } from "../dom.js";
import { t } from "../labels.js";

/** @typedef {import("../fields.js").Field} Field */

/**
 * A form that asks for work. @param {Field[]} list
 * @param {{title: any, fixed?: any, request?: (body: any) => {path: string, body: any} | undefined, done: (made: any) => void, close: () => void}} told
 *   `request`: what is sent instead, if anything is
 * @returns {HTMLFormElement}
 */
export function askForm(list, { title, fixed = {}, request, done, close }) {
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
      const said = { ...bodyOf(list), ...fixed };
      const { path, body } = request?.(said) ?? { path: "/api/v1/interventions/", body: without(said) };
      done(await call("POST", path, { body, key }));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      show(list, fieldErrors(problem), error, explain(problem));
    } finally {
      submit.disabled = false;
    }
  });
  return form;
}

/** What only a series has. @param {any} body */
function without({ every_days: _days, organisation: _owner, until: _until, ...body }) {
  return body;
}

/** @param {import("../fields.js").Field[]} list */
function bodyOf(list) {
  const { place, category, skills, duration_minutes: minutes, ...rest } = Object.fromEntries(list.map((field) => [field.name, field.read()]));
  return { ...rest, ...(category ? { category } : {}), ...(minutes ? { duration_minutes: minutes } : {}), ...(skills.length ? { skills } : {}), ...(place ? { lat: place.lat, lon: place.lon, address: rest.address || place.address } : {}) };
}

/** @param {import("../fields.js").Field[]} list @param {Record<string, string>} errors @param {Element} box @param {string} words */
function show(list, errors, box, words) {
  const names = { lat: "place", first_on: "window_start", at: "window_start" };
  const left = Object.entries(errors).filter(([name, text]) => {
    const field = list.find((one) => one.name === (/** @type {any} */ (names)[name] ?? name));
    const spot = field?.element.querySelector(".error");
    if (spot) spot.textContent = text;
    return !spot;
  });
  box.textContent = left.length || !Object.keys(errors).length ? [words, ...left.map(([, text]) => text)].join(" ") : "";
}
