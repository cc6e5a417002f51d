/** Small pieces of the phone's page. */
import { h, shape } from "../dom.js";
import { t } from "../labels.js";
import { short } from "../time.js";

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name of a symbol in the page, without its "i-" */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "i");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A big button. @param {string} words @param {() => void} act @param {{kind?: string, sign?: string, key?: string, small?: string}} [more] */
export function button(words, act, { kind = "", sign, key, small } = {}) {
  return h("button", { type: "button", class: `btn tap ${kind}`, "data-key": key ?? null, onclick: act },
    sign && icon(sign), h("span", {}, words, small && h("small", {}, small)));
}

/** @param {any} row */
export const priority = (row) => h("span", { class: `prio ${row.priority.toLowerCase()}` }, shape(row.priority), t(`priority.${row.priority}`));

/** When the state began, in the field's time. @param {any} row */
const BEGAN = { on_site: "arrived_at", en_route: "departed_at", accepted: "accepted_at", done: "done_at", verified: "verified_at" };

/** The state in words with its time. @param {any} row */
export function status(row) {
  const began = row[/** @type {any} */ (BEGAN)[row.status] ?? "ended_at"];
  const late = ["failed", "cancelled", "refused"].includes(row.status);
  return h("span", { class: `tag ${late ? "soon" : row.status === "assigned" ? "" : "ok"}` }, t(`status.${row.status}`), began && ` ${short(began)}`);
}

/** Where it is, in one line. @param {any} mission */
export const place = (mission) => [mission.row.address, mission.row.address.includes(mission.commune) ? "" : mission.commune].filter(Boolean).join(", ");

/** The phone's own map program. @param {any} row */
export function directions(row) {
  const spot = `${row.lat.toFixed(6)},${row.lon.toFixed(6)}`;
  return `geo:${spot}?q=${spot}(${encodeURIComponent(row.title)})`;
}

/** Call the post. @param {string} phone @param {string} words @param {string} [kind] */
export const telephone = (phone, words, kind = "") => phone && h("a", { class: `btn tap ${kind}`, href: `tel:${phone}` }, icon("phone"), words);
