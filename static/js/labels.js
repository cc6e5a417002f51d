/** The page's own words, gettext'ed by the server and carried in the page as JSON. */

/** @type {Record<string, string | Record<string, string>>} */
const table = JSON.parse(document.getElementById("labels")?.textContent || "{}");

export const language = document.documentElement.lang || "fr";
const plural = new Intl.PluralRules(language);

/**
 * The label of `key` with its {names} filled in; a label with plural forms follows `values.n`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const entry = table[key];
  if (entry === undefined) return key;
  const text = typeof entry === "string" ? entry : (entry[plural.select(Number(values.n))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether there is a label of this key. @param {string} key */
export const knows = (key) => key in table;
