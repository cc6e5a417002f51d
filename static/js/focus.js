/**
 * News and answers draw parts of a page again while a person stands on a button there, or writes. They go on standing where
 * they stood, or on the part itself: never on another button, where Enter would do another act.
 */
const STOPS = "button, a[href], summary, select, input, textarea";

/** What a person takes it for: its own name or words, and of which thing. @param {HTMLElement} stop */
export function face(stop) {
  const { key, act, id } = stop.dataset;
  const value = stop instanceof HTMLButtonElement ? stop.value : "";
  const words = key ?? act ?? (id ? "" : value || stop.getAttribute("aria-label") || stop.textContent);
  return JSON.stringify([stop.tagName, words, stop.closest("[data-id]")?.getAttribute("data-id")]);
}

/** Whether the person is in this part, or nowhere: then the focus may be led. @param {Element | null} part */
export function isFree(part) {
  const at = document.activeElement;
  return !at || at === document.body || Boolean(part?.contains(at));
}

/** @param {HTMLElement | undefined} stop @returns {boolean} whether it took the focus */
function lead(stop) {
  stop?.focus({ preventScroll: true });
  return Boolean(stop) && document.activeElement === stop;
}

/** Draw this part again and leave the person where they stand in it. @param {HTMLElement} part @param {() => void} draw */
export function keeping(part, draw) {
  const at = /** @type {HTMLElement} */ (document.activeElement);
  const inside = at !== part && part.contains(at);
  const before = inside && face(at);
  draw();
  if (!inside || document.activeElement === at || !isFree(null)) return;
  const stops = /** @type {HTMLElement[]} */ ([...part.querySelectorAll(STOPS)]);
  if (lead(at.isConnected ? at : stops.find((one) => face(one) === before))) return;
  if (!part.hasAttribute("tabindex")) part.tabIndex = -1;
  lead(part);
}
