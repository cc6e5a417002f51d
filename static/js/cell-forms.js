/** Forms of the crisis room, one dialog for all: fields from a table, errors beside them, nothing lost by closing. */
import { call, explain, fieldErrors, get, newKey, Problem } from "./api.js";
import { MEANS } from "./cell-forms-means.js";
import { WORK } from "./cell-forms-work.js";
import { functionKeys, functionName, LEVELS, levelName } from "./cell-words.js";
import { $, fill, fold, h, memory } from "./dom.js";
import { choice, chooser, text } from "./fields.js";
import { t } from "./labels.js";
import { toast } from "./news.js";
import { page } from "./page.js";
import { fromLocalInput, localInput, now } from "./time.js";

/** @typedef {import("./fields.js").Field} Field */
/** `wrong`: what cannot be sent, by field. @typedef {{title: string, path: string, method?: string, fields: Field[], table?: string, version?: number, body?: (values: any) => any, wrong?: (values: any) => Record<string, string>, submit?: string, danger?: boolean, say?: any, done?: (answer: any) => void, more?: [string, () => void][]}} Plan */

const people = /** @type {any} */ (page).people ?? [];
/** @param {string} asked */
const findPeople = (asked) => people.filter((/** @type {any} */ one) => fold(one.name).includes(fold(asked))).slice(0, 10).map((/** @type {any} */ one) => ({ key: one.id, label: one.name, value: one }));
/** @param {string} name @param {string} label */
const person = (name, label) => {
  const field = chooser(name, label, { search: findPeople });
  /** A kept choice shows whom it means. @param {any} kept */
  const write = (kept) => { field.write(kept); /** @type {any} */ (field.control).value = people.find((/** @type {any} */ one) => one.id === kept)?.name ?? ""; };
  return { ...field, write };
};
/** @param {string} [value] */
const functionChoice = (value = "") => choice("function", t("field.function"), functionKeys.filter((key) => key !== "operations_director").map((key) => [key, functionName(key)]), value || functionKeys[1]);
/** @param {string} name @param {string} label @param {string | null} [value] ISO @returns {Field} */
const when = (name, label, value) => {
  const field = text(name, label, { type: "datetime-local", value: value ? localInput(Date.parse(value)) : "" });
  return { ...field, read: () => (/** @type {any} */ (field.control).value ? fromLocalInput(/** @type {any} */ (field.control).value) : null) };
};
/** Without what was left empty. @param {Record<string, any>} values */
const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined));
const parts = { functionChoice, given, person, when };

/** Which form is what. Each gets the room's store and what the opener knows. @type {Record<string, (store: any, known: any, room: any) => Plan>} */
const FORMS = {
  ...Object.fromEntries(Object.entries({ ...MEANS, ...WORK }).map(([name, make]) => [name, (/** @type {any} */ store, /** @type {any} */ known, /** @type {any} */ room) => make(store, known, parts, room)])),
  check: (_store, { decision }) => ({
    title: t("form.check", { reference: decision.reference }), path: `decisions/${decision.id}/check`, table: "decisions", version: decision.version, say: h("p", {}, h("b", {}, decision.what)),
    fields: [choice("achieved", t("field.achieved"), [["yes", t("field.achieved.yes")], ["no", t("field.achieved.no")]], "yes"), text("outcome", t("field.outcome"), { rows: 3, max: 2000, required: true })],
    body: ({ achieved, outcome }) => ({ achieved: achieved === "yes", outcome }),
  }),
  level: (store, known) => ({
    title: t("form.level"), path: "level", version: store.cell.version, submit: t("form.level.send"),
    say: known.suggestion && h("p.notice", {}, t("form.level.suggested", { why: known.suggestion.why })),
    fields: [choice("level", t("field.level"), LEVELS.filter((level) => store.plan.levels.includes(level) && level !== store.cell.level).map((level) => [level, levelName(level)]), known.level ?? ""),
      text("reason", t("field.reason"), { rows: 3, required: true, hint: t("field.reason.level") })],
    done: (cell) => store.takeCell(cell),
  }),
  briefing: (store) => ({
    title: t("form.briefing"), path: "briefing", version: store.cell.version,
    fields: [choice("every", t("field.every"), [...new Set([15, 30, 45, 60, 90, 120, 240, store.cell.briefing_minutes])].sort((a, b) => a - b).map((n) => [String(n), t("minutes", { n })]), String(store.cell.briefing_minutes)), when("next_at", t("field.next"), store.cell.next_briefing_at)],
    body: ({ every, next_at }) => given({ every: Number(every), next_at }), done: (cell) => store.takeCell(cell),
  }),
  call: (_store, known) => ({
    title: t("form.call"), path: "members", table: "members", submit: t("form.call.send"),
    fields: [functionChoice(known.function), person("person", t("field.person")), text("name", t("field.outsider"), { max: 120, hint: t("field.outsider.hint") })], body: given,
  }),
  invite: () => ({
    title: t("form.invite"), path: "guests", table: "members",
    fields: [person("person", t("field.person")), when("until", t("field.until"), new Date(now() + 4 * 3_600_000).toISOString())],
  }),
  remove: (_store, { member }) => ({
    title: t("form.remove", { name: member.name }), path: `members/${member.id}/remove`, table: "members", version: member.version, danger: true, fields: [], body: () => ({}),
    say: h("p", {}, t("form.remove.says", { function: functionName(member.function) })),
  }),
  close: (store) => ({
    title: t("form.close"), path: "close", version: store.cell.version, danger: true, submit: t("form.close.send"), say: standing(store),
    fields: [text("reason", t("field.reason"), { rows: 3, required: true })], done: (cell) => store.takeCell(cell),
  }),
};

/** What stands against closing now, as the post says it. @param {any} store */
function standing(store) {
  const box = h("div", { "aria-live": "polite" }, h("p", {}, t("form.close.says")));
  const show = (/** @type {any} */ { conditions }) => fill(box, conditions.length ? [h("p", {}, t("form.close.against")), h("ul.against", {}, conditions.map((/** @type {string} */ one) => h("li", {}, one)))] : h("p", {}, t("form.close.clear")));
  get(`/api/v1/crisis/cells/${store.cell.id}/close/`).then(show, () => undefined); // closing itself checks again
  return box;
}

export const hasForm = (/** @type {string} */ name) => name in FORMS;

/** Open a form. @param {string} name @param {any} store @param {any} known @param {any} room */
export function openForm(name, store, known, room) {
  const plan = FORMS[name](store, known ?? {}, room);
  const dialog = $("modal");
  const place = `ondijon.cell.form.${store.cell.id}.${plan.path}`;
  let key = newKey();
  const error = h("p.error-text", { role: "alert" });
  const values = () => Object.fromEntries(plan.fields.map((field) => [field.name, field.read()]));
  const kept = memory.get(place, null);
  for (const field of plan.fields) if (kept?.[field.name] && !known?.[field.name]) field.write(kept[field.name]);
  const submit = h("button.btn", { type: "submit", class: plan.danger ? "btn danger" : "btn main" }, plan.submit ?? t("form.save"));
  const close = () => { memory.set(place, null); if (form.isConnected) dialog.close(); };
  const form = h("form.inside", { novalidate: true, "aria-labelledby": "modal-title" }, h("h2", { id: "modal-title" }, plan.title), plan.say,
    (plan.more ?? []).length > 0 && h("div.acts", {}, (plan.more ?? []).map(([words, act]) => h("button.btn.main", { type: "button", onclick: () => { close(); act(); } }, words))),
    plan.fields.map((field) => field.element), error, h("div.acts", {}, submit, h("button.btn.quiet", { type: "button", onclick: close }, t("form.cancel"))));
  for (const kind of ["input", "input-kept"]) form.addEventListener(kind, () => { key = newKey(); memory.set(place, values()); });
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const told = values();
    if (missing(plan, told) || mistaken(plan, told)) return;
    submit.disabled = true;
    try {
      const answer = await call(plan.method ?? "POST", `/api/v1/crisis/cells/${store.cell.id}/${plan.path}/`, { body: plan.body ? plan.body(told) : told, key, version: plan.version });
      if (plan.table) store.take(plan.table, answer);
      plan.done?.(answer);
      close();
      toast(t("form.done"), { kind: "ok" });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refuse(plan, problem, error);
    } finally {
      submit.disabled = false;
    }
  });
  fill(dialog, form);
  dialog.showModal();
  (plan.fields[0]?.control ?? submit).focus();
}

/** @param {Plan} plan @param {any} told */
function missing(plan, told) {
  const empty = plan.fields.filter((field) => field.control.hasAttribute("required") && !told[field.name]);
  for (const field of plan.fields) fill(/** @type {any} */ (field.element.querySelector(".error")), empty.includes(field) ? t("form.needed") : "");
  empty[0]?.control.focus();
  return empty.length > 0;
}

/** @param {Plan} plan @param {any} told */
function mistaken(plan, told) {
  const wrong = plan.wrong?.(told) ?? {};
  for (const field of plan.fields) fill(/** @type {any} */ (field.element.querySelector(".error")), wrong[field.name] ?? "");
  plan.fields.find((field) => wrong[field.name])?.control.focus();
  return Object.keys(wrong).length > 0;
}

/** @param {Plan} plan @param {Problem} problem @param {Element} spot */
function refuse(plan, problem, spot) {
  const errors = fieldErrors(problem);
  const here = new Set(plan.fields.map((field) => field.name));
  for (const field of plan.fields) fill(/** @type {any} */ (field.element.querySelector(".error")), errors[field.name] ?? "");
  const elsewhere = [...Object.entries(errors).filter(([name]) => !here.has(name)).map(([, words]) => words), ...(problem.body.conditions ?? [])];
  spot.textContent = Object.keys(errors).length && !elsewhere.length ? "" : [explain(problem), ...elsewhere].join(" ");
}
