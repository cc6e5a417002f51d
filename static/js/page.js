/** What the server put in the page: the first list, who is here, categories, communes, addresses of things. */
import { arrived, setClock } from "./time.js";

/** @typedef {{key: string, parent: string | null, label: string, priority: string, organisation: string, response: number, resolution: number, keywords: string[]}} Category */
/** @typedef {{insee: string, name: string, lat: number, lon: number, outline: [number, number][][]}} Commune */
/** @typedef {{id: string, name: string, organisations: string[], sources: string[], permissions: string[]}} Me */
/**
 * @typedef {object} Page
 * @property {string} now
 * @property {string} zone
 * @property {string} cursor
 * @property {string} live
 * @property {{url: string, attribution: string}} tiles
 * @property {import("./store.js").Row[]} rows
 * @property {string | null} next
 * @property {Record<string, number>} counts
 * @property {Me} me
 * @property {{id: string, name: string, organisation: string}[]} people colleagues, for those who assign or name people
 * @property {{id: string, name: string, query: string}[]} filters kept by name
 * @property {Category[]} categories
 * @property {Commune[]} communes
 * @property {{id: string, name: string}[]} organisations
 */

/** @type {Page} */
export const page = JSON.parse(document.getElementById("desk-data")?.textContent || "{}");
setClock(page.now, page.zone, arrived());

/** @type {Map<string, Category>} */
export const categories = new Map(page.categories.map((category) => [category.key, category]));
/** @type {Map<string, Commune>} */
export const communes = new Map(page.communes.map((commune) => [commune.insee, commune]));

/** The top of the category tree above this key. @param {string} key */
export const family = (key) => key.split(".")[0];
