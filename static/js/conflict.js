/** Two people changed the same thing: show what each one wants, side by side, and let the person choose. */
import { get } from "./api.js";
import { h } from "./dom.js";
import { categoryName, priorityName, statusName } from "./incident.js";
import { t } from "./labels.js";
import { page } from "./page.js";

/** @typedef {import("./store.js").Row} Row */

/** @typedef {[string, (row: any) => string]} Fact */

/** How each fact of an incident reads. @type {Fact[]} */
export const FACTS = [
  ["title", (row) => row.title],
  ["status", (row) => statusName(row.status)],
  ["priority", (row) => priorityName(row.priority)],
  ["category", (row) => categoryName(row.category)],
  ["organisation", (row) => row.organisation?.name ?? ""],
  ["person", (row) => row.assignee?.name ?? ""],
  ["address", (row) => row.address],
];

/** @param {string} name @param {any} value */
function words(name, value) {
  if (name === "priority") return priorityName(value);
  if (name === "category") return categoryName(value);
  if (Array.isArray(value)) return value.join(", ");
  if (name === "organisation") return page.organisations.find(({ id }) => id === value)?.name ?? "";
  if (name === "person") return (page.people ?? []).find(({ id }) => id === value)?.name ?? "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {any} mine */
const mineList = (mine) =>
  Object.entries(mine ?? {}).filter(([, value]) => value !== "" && value !== null).flatMap(([name, value]) => [h("dt", {}, t(`field.${name}`)), h("dd", {}, words(name, value))]);

/** @param {Row} before @param {Row} current @param {Fact[]} facts */
const theirList = (before, current, facts) =>
  facts.flatMap(([name, read]) => [h("dt", {}, t(`field.${name}`)),
    h("dd", { class: read(before) === read(current) ? "" : "differs" }, read(current) || "–", read(before) !== read(current) && ` (${t("conflict.was", { words: read(before) || "–" })})`)]);

/**
 * @param {{act: string, mine: any, before: any, current?: any, room: {base: string, facts: Fact[]}}} what
 * @returns {Promise<{choice: "mine" | "theirs" | "back", current: any}>} "mine" means: on top of theirs, on purpose
 */
export async function settleConflict({ act, mine, before, current: told, room }) {
  const current = told ?? (await get(`${room.base}${before.id}/`));
  /** One of its own: the page's may hold what somebody is writing by now. @type {HTMLDialogElement} */
  const dialog = h("dialog.modal", { "aria-labelledby": "conflict-title" });
  document.body.append(dialog);
  return new Promise((resolve) => {
    const choose = (/** @type {any} */ choice) => {
      dialog.onclose = null;
      dialog.close();
      dialog.remove();
      resolve({ choice, current });
    };
    dialog.append(h("div.inside", {},
      h("h2", { id: "conflict-title" }, t("conflict.title")),
      h("p", {}, t("conflict.words")),
      h("div.versus", {},
        h("div.card", {}, h("h3", {}, t("conflict.mine", { act: t(`act.${act}`) })), h("dl.facts", {}, mineList(mine))),
        h("div.card", {}, h("h3", {}, t("conflict.theirs")), h("dl.facts", {}, theirList(before, current, room.facts)))),
      h("div.acts", {},
        h("button.btn.main", { type: "button", onclick: () => choose("back") }, t("conflict.back")),
        h("button.btn", { type: "button", onclick: () => choose("mine") }, t("conflict.apply")),
        h("button.btn.quiet", { type: "button", onclick: () => choose("theirs") }, t("conflict.drop")))));
    dialog.onclose = () => choose("back");
    dialog.showModal();
  });
}
