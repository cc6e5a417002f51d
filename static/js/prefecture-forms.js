/** Forms of the link's page: write, answer, approve a draft. What is typed outlives a reload. */
import { call, explain, fieldErrors, newKey } from "./api.js";
import { fill, h } from "./dom.js";
import { t } from "./labels.js";
import { now } from "./time.js";

const API = "/api/v1/prefecture/";

/** @typedef {import("./prefecture-acts.js").Ground} Ground */
/** @typedef {{name: string, label: string, rows?: number, type?: string, value?: string, options?: [string, string][], max?: number}} Field */

/** @param {Field} field @returns {{box: HTMLElement, control: any, error: HTMLElement}} */
function fieldOf({ name, label, rows, type = "text", value = "", options, max = 200 }) {
  const shared = { id: `pref-${name}`, name, "aria-describedby": `pref-${name}-error`, value };
  const control = options ? h("select", shared, options.map(([key, words]) => h("option", { value: key }, words)))
    : rows ? h("textarea", { ...shared, rows, maxlength: max }) : h("input", { ...shared, type, maxlength: max, autocomplete: "off" });
  if (options) control.value = options.some(([key]) => key === value) ? value : options[0][0];
  const error = h("p.error", { id: `pref-${name}-error`, role: "alert" });
  return { box: h("div", { class: options || type === "number" ? "field short" : "field" }, h("label", { for: control.id }, label), control, error), control, error };
}

/**
 * A form that sends once, keeps its draft, and says what is wrong beside the field.
 * @param {{title: string, draft: string, fields: Field[], submit: string, send: (values: Record<string, string>, key: string) => Promise<any>, done: (answer: any) => void, gone?: () => void, more?: any, choice?: any}} options
 */
export function form({ title, draft, fields, submit, send, done, gone, more, choice }) {
  const kept = JSON.parse(sessionStorage.getItem(draft) ?? "{}");
  const made = new Map(fields.map((field) => [field.name, fieldOf({ ...field, value: kept[field.name] ?? field.value })]));
  const values = () => Object.fromEntries([...made].map(([name, { control }]) => [name, control.value.trim()]));
  const wrong = h("p.error-text", { role: "alert" });
  const go = h("button.btn.main", { type: "submit" }, submit);
  const element = h("form.form", { novalidate: true, "aria-label": title }, choice || h("strong", {}, title), [...made.values()].map(({ box }) => box), wrong,
    h("div.acts", {}, go, gone && h("button.btn.quiet", { type: "button", onclick: () => { sessionStorage.removeItem(draft); gone(); } }, t("pref.give.up")), more));
  let key = newKey();
  element.addEventListener("input", () => {
    key = newKey();
    sessionStorage.setItem(draft, JSON.stringify(values()));
  });
  element.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    go.disabled = true;
    for (const { error } of made.values()) fill(error);
    fill(wrong);
    try {
      const answer = await send(values(), key);
      sessionStorage.removeItem(draft);
      done(answer);
    } catch (error) {
      refused(error, made, wrong);
    } finally {
      go.disabled = false;
    }
  });
  return element;
}

/** @param {unknown} error @param {Map<string, any>} made @param {HTMLElement} wrong */
function refused(error, made, wrong) {
  const errors = fieldErrors(error);
  for (const [name, words] of Object.entries(errors)) {
    const spot = made.get(name)?.error;
    if (spot) fill(spot, words);
  }
  const elsewhere = Object.entries(errors).filter(([name]) => !made.has(name)).map(([, words]) => words);
  if (!Object.keys(errors).length || elsewhere.length) fill(wrong, [explain(error), ...elsewhere].join(" "));
}

/** An instant as the contract writes it: with its offset, no fraction, never Z. */
function stamp() {
  const at = new Date(now());
  const offset = -at.getTimezoneOffset();
  const two = (/** @type {number} */ n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

/** The bodies that a person writes here, by kind: fields of the form and what is sent. @type {Record<string, {fields: (ground: Ground) => Field[], payload: (values: any, ground: Ground) => any, send?: typeof sendMessage}>} */
export const WRITABLE = {
  measure_taken: {
    fields: () => [{ name: "title", label: t("pref.title") }, { name: "text", label: t("pref.text"), rows: 4, max: 4000 }],
    payload: (values, { authority }) => ({ ...values, authority, takenAt: stamp() }),
  },
  situation_report: {
    fields: () => [{ name: "number", label: t("pref.number"), type: "number", value: "1" }, { name: "title", label: t("pref.title") }, { name: "text", label: t("pref.text"), rows: 6, max: 20000 }],
    payload: (values) => ({ ...values, number: Number(values.number) || 0 }),
  },
  resource_request: {
    fields: () => [{ name: "what", label: t("pref.what") }, { name: "quantity", label: t("pref.quantity"), type: "number", value: "1" }, { name: "place", label: t("pref.place") }, { name: "grounds", label: t("pref.text"), rows: 3, max: 4000 }],
    payload: ({ what, quantity, place, grounds }) => ({ title: what, grounds, resources: [{ what, quantity: Number(quantity) || 0, place }] }),
  },
  public_alert_request: {
    fields: ({ communes, zones }) => [
      { name: "headline", label: t("pref.alert.headline"), max: 160 }, { name: "text", label: t("pref.alert.text"), rows: 3, max: 4000 },
      { name: "instruction", label: t("pref.alert.instruction"), rows: 2, max: 1000 },
      { name: "area", label: t("pref.alert.area"), options: [["", t("pref.alert.everywhere")], ...(zones?.() ?? []), ...communes] },
      { name: "severity", label: t("pref.alert.severity"), value: "Severe", options: worded("severity", ["Extreme", "Severe", "Moderate", "Minor"]) },
      { name: "response", label: t("pref.alert.response"), value: "Monitor", options: worded("response", ["Monitor", "Avoid", "Shelter", "Evacuate", "Prepare", "AllClear"]) },
      { name: "hours", label: t("pref.alert.hours"), type: "number", value: "6" }, { name: "grounds", label: t("pref.alert.grounds"), rows: 2, max: 4000 },
    ],
    payload: ({ area, hours, ...values }) => ({ ...values, hours: Number(hours) || 0, [area.length > 5 ? "zone" : "commune"]: area || "" }),
    send: (_kind, payload, { crisis, key }) => call("POST", `${API}alerts/`, { body: { ...payload, crisis }, key }),
  },
};

/** @param {string} name @param {string[]} values @returns {[string, string][]} */
function worded(name, values) {
  return values.map((value) => [value, t(`pref.alert.${name}.${value}`)]);
}

/** @param {string} kind @param {any} payload @param {{crisis: string | null, key: string}} how */
export const sendMessage = (kind, payload, { crisis, key }) => call("POST", `${API}messages/`, { body: { kind, payload, crisis }, key });
/** @param {string} id @param {string} act */
export const actOnMessage = (id, act) => call("POST", `${API}messages/${id}/${act}/`, { body: {} });
/** @param {{id: string, version: number}} one */
export const carriedOut = (one) => call("POST", `${API}instructions/${one.id}/done/`, { body: {}, version: one.version });
/** @param {{id: string, version: number}} draft @param {"accept" | "discard"} act @param {any} body @param {string} key */
export const decide = (draft, act, body, key) => call("POST", `${API}drafts/${draft.id}/${act}/`, { body, version: draft.version, key });
