/** Fields of the forms that scripts make: each gives an element, its value, and a way to put a value back. */
import { combo, comboElements } from "./combo.js";
import { fill, h, shape } from "./dom.js";
import { findCategories, findPlaces } from "./finders.js";
import { categoryName } from "./incident.js";
import { t } from "./labels.js";

/** @typedef {{name: string, element: HTMLElement, read: () => any, write: (value: any) => void, control: HTMLElement}} Field */

/** @param {string} name @param {string} label @param {any} control @param {string} [hint] @returns {HTMLElement} */
function wrap(name, label, control, hint) {
  control.setAttribute("aria-describedby", `f-${name}-error`);
  return h("div.field.combo", {}, h("label", { for: control.id }, label), control,
    hint && h("p.hint", {}, hint), h("p.error", { id: `f-${name}-error`, role: "alert" }));
}

/** @param {string} name @param {string} label @param {{value?: string, rows?: number, max?: number, required?: boolean, type?: string, hint?: string}} [options] @returns {Field} */
export function text(name, label, { value = "", rows = 0, max = 500, required = false, type = "text", hint } = {}) {
  const attributes = { id: `f-${name}`, maxlength: max, required, autocomplete: "off", value };
  const control = rows ? h("textarea", { ...attributes, rows }) : h("input", { ...attributes, type });
  return { name, control, element: wrap(name, label, control, hint), read: () => control.value.trim(), write: (kept) => { control.value = kept; } };
}

/** @param {string} name @param {string} label @param {[string, string][]} options value and words @param {string} value @returns {Field} */
export function choice(name, label, options, value) {
  const control = h("select", { id: `f-${name}` }, options.map(([key, words]) => h("option", { value: key }, words)));
  control.value = value;
  return { name, control, element: wrap(name, label, control), read: () => control.value, write: (kept) => { control.value = kept; } };
}

/** The four priorities as buttons, shape and word. @param {string} value @param {(value: string) => void} [changed] */
export function priorityButtons(value, changed) {
  const box = h("div.segments.priorities", { role: "group", "aria-label": t("field.priority") });
  const press = (/** @type {string} */ chosen) => {
    box.dataset.value = chosen;
    for (const button of box.children) button.setAttribute("aria-pressed", String(button.value === chosen));
  };
  fill(box, ["P1", "P2", "P3", "P4"].map((key) =>
    h("button", { type: "button", value: key, title: t(`priority.${key}`), onclick: () => {
      press(key);
      changed?.(key);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    } }, h(`span.prio.${key.toLowerCase()}`, {}, shape(key), key))));
  press(value);
  return { box, press, value: () => box.dataset.value ?? "" };
}

/** @param {string} value @returns {Field} */
export function priority(value) {
  const { box, press, value: read } = priorityButtons(value);
  const element = h("fieldset", {}, h("legend", {}, t("field.priority")), box, h("p.error", { id: "f-priority-error", role: "alert" }));
  return { name: "priority", control: box.firstElementChild, element, read, write: press };
}

/**
 * A combobox whose value is what was chosen, not what was typed.
 * @param {string} name @param {string} label
 * @param {{search: import("./combo.js").Settings["search"], value?: any, words?: string, wait?: number, hint?: string, chosen?: (value: any) => void, pick?: (option: import("./combo.js").Option) => any}} options
 * @returns {Field}
 */
export function chooser(name, label, { search, value = null, words = "", wait = 0, hint, chosen, pick = (option) => option.key }) {
  const { input, list } = comboElements(`f-${name}`, label);
  input.value = words;
  let held = value;
  combo({ input, list, search, wait, cleared: () => { held = null; }, choose: (option) => {
    held = pick(option);
    chosen?.(option.value);
    input.dispatchEvent(new Event("input-kept", { bubbles: true }));
  } });
  const element = wrap(name, label, input, hint);
  input.after(list);
  return { name, control: input, element, read: () => held, write: (kept) => { held = kept; } };
}

/** @param {string} value key @returns {Field} */
export function category(value) {
  const field = chooser("category", t("field.category"), { search: findCategories, value, words: categoryName(value) });
  return { ...field, write: (kept) => { field.write(kept); /** @type {any} */ (field.control).value = kept ? categoryName(kept) : ""; } };
}

/** A point by name or by a click on the map. @param {any} map @returns {Field} */
export function place(map) {
  const point = (/** @type {{lat: number, lon: number, address: string}} */ value) => {
    field.write(value);
    map.pin(value);
  };
  const field = chooser("place", t("field.place"), {
    search: findPlaces, wait: 150, hint: t("hint.place"),
    pick: ({ value }) => ({ lat: value.lat, lon: value.lon, address: value.address }),
    chosen: (value) => map.pin(value),
  });
  map.choose((/** @type {{lat: number, lon: number}} */ at) => {
    point({ ...at, address: "" });
    /** @type {any} */ (field.control).value = `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`;
  });
  return field;
}

/** @param {string} name @param {string} label @param {[string, string][]} options id and words @param {string[]} value @returns {Field} */
export function several(name, label, options, value = []) {
  const boxes = options.map(([id, words]) => {
    const box = h("input", { type: "checkbox", value: id });
    box.checked = value.includes(id);
    return h("label.check", {}, box, words);
  });
  const element = h("fieldset", {}, h("legend", {}, label), h("div.checks", {}, boxes), h("p.error", { id: `f-${name}-error`, role: "alert" }));
  const inputs = () => [...element.querySelectorAll("input")];
  return {
    name, element, control: element.querySelector("input") ?? element,
    read: () => inputs().filter((box) => box.checked).map((box) => box.value),
    write: (kept) => inputs().forEach((box) => { box.checked = kept.includes(box.value); }),
  };
}
