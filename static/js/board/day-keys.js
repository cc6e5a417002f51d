/** One tab stop, the day, for all its bars: arrows go from bar to bar, up and down from crew to crew. */

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {HTMLElement} box @param {KeyboardEvent} event @param {(li: Element | null) => void} show what is far away cannot be focused */
export function walk(box, event, show) {
  const bars = /** @type {HTMLElement[]} */ ([...box.querySelectorAll(".job[data-id]")]);
  const at = bars.indexOf(/** @type {any} */ (document.activeElement));
  const step = STEPS[event.key];
  if (!step || !bars.length) return;
  event.preventDefault();
  const row = at >= 0 ? bars[at].closest("li") : null;
  let next = at < 0 ? 0 : at + step;
  if (at >= 0 && /Up|Down/.test(event.key)) while (bars[next]?.closest("li") === row && bars[next]) next += step;
  show(bars[next]?.closest("li") ?? null);
  bars[next]?.focus();
  bars[next]?.scrollIntoView({ block: "nearest" });
}
