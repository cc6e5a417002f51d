/** Small helpers to build and change the page without markup strings, so that no text can become code. */

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * Build an element. Properties starting with "on" are listeners, "data" is a dict, the rest are attributes;
 * `false`, `null` and `undefined` leave an attribute out, `true` sets it empty.
 * @param {string} name Tag, with optional classes: "li.row.p1".
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {any} the element
 */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(element.dataset, value);
    else if (key === "value" && "value" in element) element.value = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} parent @param {Child[]} children */
function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child !== null && child !== undefined && child !== false) parent.append(/** @type {any} */ (child));
  }
}

/** Put these children in place of what the element holds. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/** Have these children in this order, moving only what is elsewhere. @param {Element} parent @param {Element[]} children */
export function arrange(parent, children) {
  const kept = new Set(children);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of children) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

/** Change a text only when it differs, so that nothing is laid out again for nothing. */
export function setText(/** @type {Element} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {string} id @returns {any} the element with this id, or null */
export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

/** @type {Map<string, SVGElement>} */
const drawings = new Map();

/** A copy of one of the page's symbols: `<use>` would have a tree of its own behind each. @param {string} symbol id @returns {any} */
export function drawing(symbol) {
  const known = drawings.get(symbol) ?? document.createElementNS(SVG, "svg");
  if (!drawings.has(symbol)) {
    const from = $(symbol);
    known.setAttribute("viewBox", from?.getAttribute("viewBox") ?? "0 0 16 16");
    known.setAttribute("aria-hidden", "true");
    known.append(...[...(from?.children ?? [])].map((part) => part.cloneNode(true)));
    drawings.set(symbol, known);
  }
  return known.cloneNode(true);
}

/** The shape of a priority ("P1".."P4"). @param {string} priority */
export const shape = (priority) => drawing(`shape-${priority.toLowerCase()}`);

/** Run at most once a frame, however often it is asked. @param {() => void} work */
export function perFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

/** Run once what is on the screen now has been painted: what the person does not wait for. @param {() => void} work */
export function afterPaint(work) {
  let asked = 0;
  return () => {
    const turn = (asked += 1);
    requestAnimationFrame(() => setTimeout(() => turn === asked && work(), 0));
  };
}

/** Run when nothing was asked for `ms`. @param {(...args: any[]) => void} work @param {number} ms */
export function settle(work, ms) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (/** @type {any[]} */ ...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), ms);
  };
}

/** Text without case or accents, for comparing what people type. @param {string} text */
export const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().replace(/[’']/g, " ");

/** Remembered on this computer only; a browser that refuses storage just forgets. */
export const memory = {
  /** @param {string} key @param {any} fallback */
  get(key, fallback) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "") ?? fallback;
    } catch {
      return fallback;
    }
  },
  /** @param {string} key @param {any} value */
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Private windows may refuse: the choice then lasts as long as the page.
    }
  },
};
