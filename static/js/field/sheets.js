/** What is asked for before an act that needs words: a sheet from below, its draft kept until it is sent. */
import { $, h, memory } from "../dom.js";
import { t } from "../labels.js";
import { now } from "../time.js";

/** @typedef {{name: string, label: string, kind?: "area" | "number" | "line" | "choice", needed?: boolean, value?: any, hint?: string, max?: number, choices?: [string, string][]}} Field */

const REASONS = ["access", "weather", "police", "other_network", "parts"];

/** @param {string} act @param {any} mission @returns {Field[]} */
function fieldsOf(act, mission) {
  if (act === "refuse" || act === "fail") return [{ name: "reason", label: t("field.reason"), kind: "area", needed: true, max: 500 }];
  if (act === "hold") return [{ name: "reason", label: t("field.waiting"), kind: "choice", needed: true, choices: REASONS.map((one) => [one, t(`pause.${one}`)]) }];
  if (act === "note") return [{ name: "text", label: t("field.note"), kind: "area", needed: true, max: 2000 }];
  if (act === "material") return [
    { name: "label", label: t("field.material"), kind: "line", needed: true, max: 120 },
    { name: "quantity", label: t("field.quantity"), kind: "number", needed: true, value: 1 },
    { name: "unit", label: t("field.unit"), kind: "line", max: 12 },
  ];
  return finishing(mission);
}

/** @param {any} mission @returns {Field[]} */
function finishing(mission) {
  const missing = mission.checklist.filter((/** @type {any} */ one) => one.needed && !one.done).map((/** @type {any} */ one) => one.text);
  const arrived = mission.row.arrived_at;
  const spent = arrived ? Math.max(0, Math.round((now() - Date.parse(arrived)) / 60_000)) : "";
  return [
    { name: "outcome", label: t("field.outcome"), kind: "area", needed: true, max: 500 },
    ...(missing.length ? [{ name: "left_out", label: t("field.leftOut"), hint: missing.join(", "), kind: /** @type {"area"} */ ("area"), needed: true, max: 500 }] : []),
    { name: "minutes_spent", label: t("field.minutes"), kind: "number", value: spent },
  ];
}

/** @param {Field} field @param {string} value */
function control(field, value) {
  const shared = { id: `f-${field.name}`, name: field.name, required: field.needed, maxlength: field.max ?? null, "aria-describedby": field.hint ? `h-${field.name}` : null };
  if (field.kind === "area") return h("textarea", { ...shared, rows: 3, value, enterkeyhint: "done" });
  const numeric = field.kind === "number" ? { inputmode: "decimal", type: "number", min: 0, step: "any" } : { type: "text" };
  return h("input", { ...shared, ...numeric, value, autocomplete: "off" });
}

/** @param {Field} field @param {string} value */
function choices(field, value) {
  return h("fieldset.choices", {}, h("legend", {}, field.label), (field.choices ?? []).map(([key, words]) =>
    h("label.tap", {}, h("input", { type: "radio", name: field.name, value: key, required: true, checked: value === key }), words)));
}

/**
 * Ask for what an act needs. @param {string} act @param {any} mission
 * @returns {Promise<Record<string, any> | null>} the words, or null when given up
 */
export function ask(act, mission) {
  const draft = `ondijon.field.${act}.${mission.row.id}`;
  const fields = fieldsOf(act, mission);
  const kept = memory.get(draft, {});
  const parts = fields.map((field) => {
    const value = String(kept[field.name] ?? field.value ?? "");
    return field.kind === "choice" ? choices(field, value)
      : h("div.field", {}, h("label", { for: `f-${field.name}` }, field.label), field.hint && h("p.hint", { id: `h-${field.name}` }, field.hint), control(field, value));
  });
  const danger = act === "refuse" || act === "fail";
  const title = t(`ask.${act}`);
  return open(title, parts, [{ words: t(`send.${act}`), value: "yes", kind: danger ? "danger" : "main" }], {
    input: (form) => memory.set(draft, Object.fromEntries(new FormData(form))),
  }).then((form) => {
    if (!form) return null;
    localStorage.removeItem(draft);
    return values(form, fields);
  });
}

/** @param {HTMLFormElement} form @param {Field[]} fields */
function values(form, fields) {
  const told = new FormData(form);
  const pairs = fields.map((field) => [field.name, String(told.get(field.name) ?? "").trim()]).filter(([, value]) => value !== "");
  return Object.fromEntries(pairs.map(([name, value]) => [name, typed(fields, name, value)]));
}

/** @param {Field[]} fields @param {string} name @param {string} value */
function typed(fields, name, value) {
  if (fields.find((field) => field.name === name)?.kind !== "number") return value;
  return name === "minutes_spent" ? Math.round(Number(value)) : Number(value);
}

/**
 * A sheet with a form. @param {string} title @param {any[]} parts @param {{words: string, value: string, kind?: string}[]} buttons
 * @param {{input?: (form: HTMLFormElement) => void}} [listener] @returns {Promise<HTMLFormElement | null>} `form.dataset.pressed` says which button
 */
export function open(title, parts, buttons, listener = {}) {
  const form = h("form", { method: "dialog" }, h("h2", { id: "sheet-title" }, title), parts,
    h("div.ends", {}, h("button.btn.tap", { type: "button", "data-close": true }, t("sheet.close")),
      buttons.map((one) => h("button", { type: "submit", class: `btn tap ${one.kind ?? ""}`, value: one.value }, one.words))));
  const dialog = h("dialog.sheet-up", { "aria-labelledby": "sheet-title" }, form);
  $("dialogs").append(dialog);
  return new Promise((done) => {
    form.addEventListener("input", () => listener.input?.(form));
    form.addEventListener("submit", (/** @type {any} */ event) => (form.dataset.pressed = event.submitter?.value ?? "yes"));
    form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (/** @type {Event} */ event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(form.dataset.pressed ? form : null);
    });
    dialog.showModal();
    form.querySelector("textarea, input")?.focus();
  });
}
