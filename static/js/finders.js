/** What comboboxes search in: categories in the page, places by the API, incidents held or found. */
import { get } from "./api.js";
import { fold } from "./dom.js";
import { communeName, nameOf } from "./incident.js";
import { t } from "./labels.js";
import { categories, family, page } from "./page.js";

/** @typedef {import("./combo.js").Option} Option */

const MOST = 12;
const leaves = page.categories.filter((category) => category.parent);
const words = new Map(leaves.map((category) => [category.key, fold([category.label, familyName(category.key), ...category.keywords].join(" "))]));

/** @param {string} key */
function familyName(key) {
  return categories.get(family(key))?.label ?? "";
}

/** How well a category matches: every word must begin some word of it; its own name counts more. @param {string} key @param {string} label @param {string[]} asked */
function score(key, label, asked) {
  const own = ` ${fold(label)}`;
  const all = ` ${words.get(key)}`;
  if (!asked.every((word) => all.includes(` ${word}`) || (word.length > 3 && all.includes(word)))) return 0;
  return 1 + asked.filter((word) => own.includes(` ${word}`)).length;
}

/** @param {string} text @returns {Option[]} */
export function findCategories(text) {
  const asked = fold(text).split(/[\s,.]+/).filter(Boolean);
  return leaves
    .map((category) => ({ category, points: score(category.key, category.label, asked) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, asked.length ? MOST : leaves.length)
    .map(({ category }) => ({ key: category.key, label: category.label, detail: `${familyName(category.key)} · ${category.priority}`, value: category }));
}

/** @param {string} text @returns {Promise<Option[]>} */
export async function findPlaces(text) {
  if (text.length < 2) return [];
  const answer = await get("/api/v1/places/", { q: text, limit: 8 }, { once: true }).catch(() => ({ results: [] }));
  const asked = fold(text);
  const whole = page.communes.filter(({ name }) => fold(name).startsWith(asked)).slice(0, 3)
    .map((commune) => ({ key: commune.insee, label: commune.name, detail: t("place.commune"), value: { lat: commune.lat, lon: commune.lon, address: "" } }));
  return [...whole, ...(answer.results ?? answer).map((/** @type {any} */ place) => ({
    key: `${place.lat},${place.lon}`,
    label: place.label ?? place.name,
    detail: communeName(place.commune?.insee ?? place.commune ?? ""),
    value: { ...place, address: place.label ?? place.name },
  }))];
}

/** Open incidents by reference or words, without the one in hand. @param {import("./store.js").Store} store @param {string} except @returns {(text: string) => Option[]} */
export const findIncidents = (store, except) => (text) => {
  const asked = fold(text).split(/\s+/).filter(Boolean);
  const fits = (/** @type {import("./store.js").Row} */ row) => {
    const hay = fold(`${row.reference} ${nameOf(row)} ${communeName(row.commune)}`);
    return row.id !== except && row.status !== "merged" && row.status !== "cancelled" && asked.every((word) => hay.includes(word));
  };
  return [...store.rows.values()].filter(fits).slice(0, MOST)
    .map((row) => ({ key: row.id, label: `${row.reference} · ${nameOf(row)}`, detail: communeName(row.commune), value: row }));
};

/** @param {{id: string, name: string, organisation: string}[]} people @returns {(text: string) => Option[]} */
export const findPeople = (people) => (text) =>
  people.filter(({ name }) => fold(name).includes(fold(text))).slice(0, MOST)
    .map((person) => ({ key: person.id, label: person.name, detail: page.organisations.find(({ id }) => id === person.organisation)?.name, value: person }));
