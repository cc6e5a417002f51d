/** Forms about the work of a cell: decisions with what follows from them, actions, action cards, incidents taken in. */
import { read } from "./cell-commands.js";
import { functionName } from "./cell-words.js";
import { fill, fold, h } from "./dom.js";
import { chooser, choice, text } from "./fields.js";
import { t } from "./labels.js";
import { page } from "./page.js";

/** @typedef {import("./cell-forms.js").Plan} Plan */

const cards = /** @type {any[]} */ (/** @type {any} */ (page).cards ?? []);
/** Actions as one types them, a line each: "terrain Fermer le parc @14:30". @param {string} words */
const typed = (words) => words.split("\n").filter((line) => line.trim()).map((line) => read(`/action ${line.trim()}`, {}));
/** @param {any} value @param {string | null} before */
const changed = (value, before) => (value ? Date.parse(value) : 0) !== (before ? Math.floor(Date.parse(before) / 60_000) * 60_000 : 0);

/** @type {Record<string, (store: any, known: any, parts: any, room: any) => Plan>} */
export const WORK = {
  decide: (_store, known, { given, when }) => ({
    title: t("form.decide"), path: "decisions", table: "decisions", submit: t("form.decide.send"),
    fields: [text("what", t("field.what"), { value: known.what ?? "", rows: 2, required: true }), text("grounds", t("field.grounds"), { value: known.grounds ?? "", rows: 3, max: 2000, required: true }),
      text("rejected", t("field.rejected"), { value: known.rejected ?? "", rows: 2, max: 2000 }), text("authority", t("field.authority"), { value: known.authority ?? "", max: 160, hint: t("field.authority.hint") }),
      text("actions", t("field.actions"), { rows: 3, max: 4000, hint: t("field.actions.hint") }), when("check_due", t("field.check_due"))],
    wrong: ({ actions }) => /** @type {any} */ (typed(actions).some(({ kind }) => kind !== "action") ? { actions: t("command.action.help") } : {}),
    body: ({ actions, ...rest }) => ({ ...given(rest), actions: typed(actions).map(({ body }) => body) }),
  }),
  action: (store, { action }, { when }, room) => {
    const people = new Map(store.members.filter((/** @type {any} */ one) => one.person && one.function).map((/** @type {any} */ one) => [one.person, one.name]));
    if (action.owner) people.set(action.owner.id, action.owner.name);
    const over = action.state === "done" || action.state === "dropped";
    return {
      title: action.reference, path: `actions/${action.id}`, table: "actions", version: action.version,
      say: h("p", {}, h("b", {}, action.text), ` · ${functionName(action.function)}`),
      fields: [choice("state", t("field.state"), ["todo", "doing", "done", "dropped"].map((key) => [key, t(`action.state.${key}`)]), action.state), text("progress", t("field.progress"), { value: action.progress, max: 200 }),
        choice("owner", t("field.owner"), [["", t("field.owner.nobody")], ...people], action.owner?.id ?? ""), text("owner_name", t("field.owner.outside"), { value: action.owner_name, max: 120 }), when("due_at", t("field.due"), action.due_at)],
      body: (values) => Object.fromEntries(Object.entries({ ...values, owner: values.owner || null }).filter(([name, value]) => (name === "due_at" ? changed(value, action.due_at) : value !== (name === "owner" ? (action.owner?.id ?? null) : action[name])))),
      more: over ? [] : [...(action.state === "todo" ? [/** @type {[string, () => void]} */ ([t("action.start"), () => void room.work.advance(action, { state: "doing" })])] : []),
        [t("action.finish"), () => void room.work.advance(action, { state: "done" })]],
    };
  },
  card: (store, known) => {
    const card = choice("card", t("field.card"), cards.map((one) => [one.key, `${functionName(one.function)} · ${one.label} (${one.items.length})`]), cardNamed(known.words ?? ""));
    const items = itemsOf(store, () => card.read());
    card.control.addEventListener("change", () => items.write(null));
    return {
      title: t("form.card"), path: "cards", submit: t("form.card.send"), fields: [card, items],
      wrong: (told) => /** @type {any} */ (told.items.length ? {} : { items: t("form.needed") }),
      done: (answer) => answer.results.forEach((/** @type {any} */ row) => store.take("actions", row)),
    };
  },
  incident: () => {
    const found = /** @type {any[]} */ (/** @type {any} */ (page).linkable ?? []);
    const search = (/** @type {string} */ asked) => found.filter((one) => fold(one.label).includes(fold(asked))).slice(0, 10).map((one) => ({ key: one.id, label: one.label, value: one }));
    return { title: t("form.incident"), path: "incidents", submit: t("form.incident.send"), fields: [chooser("incident", t("field.incident"), { search })], wrong: (told) => /** @type {any} */ (told.incident ? {} : { incident: t("form.needed") }) };
  },
};

/** A card's items to tick: all of them at first, those on the board already cannot be taken again. @param {any} store @param {() => string} card @returns {import("./fields.js").Field} */
function itemsOf(store, card) {
  const box = h("div.ticks", { role: "group", "aria-labelledby": "f-items-label" });
  const draw = () => {
    const there = new Set(store.all("actions").filter((/** @type {any} */ one) => one.card === card() && one.state !== "dropped").map((/** @type {any} */ one) => one.card_item));
    const one = cards.find(({ key }) => key === card());
    fill(box, (one?.items ?? []).map((/** @type {any} */ item) => h("label", {}, h("input", { type: "checkbox", value: item.key, checked: !there.has(item.key), disabled: there.has(item.key) }),
      h("span", {}, item.text, item.minutes > 0 && h("span.muted", {}, ` · ${t("minutes", { n: item.minutes })}`), there.has(item.key) && h("span.muted", {}, ` · ${t("card.there")}`)))));
  };
  draw();
  const element = h("div.field", {}, h("span.label", { id: "f-items-label" }, t("field.items")), box, h("p.error", { role: "alert" }));
  return { name: "items", element, control: box, read: () => [...box.querySelectorAll("input:checked:not(:disabled)")].map((one) => /** @type {HTMLInputElement} */ (one).value), write: draw };
}

/** @param {string} words */
function cardNamed(words) {
  const asked = fold(words);
  return cards.find((one) => asked && fold(`${one.key} ${one.label} ${functionName(one.function)}`).includes(asked))?.key ?? cards[0]?.key ?? "";
}
