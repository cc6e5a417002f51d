/**
 * Which lines of a long list are on the screen, and which are close to it. The others are neither styled, laid out nor
 * painted: `content-visibility: auto` would keep one and a half screens beyond, which on the board is nearly everything.
 * Searching in the page still finds them, and their place in the list still says what they are.
 */
import { afterPaint, arrange, perFrame } from "../dom.js";

const AT_ONCE = 8;
/** How far beyond the box a line is kept ready, in shares of its height. */
const BEYOND = 0.5;

export class Near {
  /** @param {HTMLElement} box what scrolls @param {string} lines selector @param {(li: Element) => string} words what a line far away is called */
  constructor(box, lines, words) {
    this.box = box;
    this.lines = lines;
    this.words = words;
    /** @type {Set<Element>} */
    this.seen = new Set();
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.rest = afterPaint(() => this.#some());
    this.later = afterPaint(() => this.look(true));
    const again = perFrame(() => this.look(true));
    box.addEventListener("scroll", again, { passive: true });
    box.addEventListener("beforematch", (event) => this.show(/** @type {Element} */ (event.target)));
    new ResizeObserver(again).observe(box);
  }

  /**
   * See where the lines are now: all is read first, then written, so that the page is laid out once.
   * @param {boolean} ahead whether those close by are made ready as well; else that is done after the next paint
   */
  look(ahead) {
    const { top, bottom } = this.box.getBoundingClientRect();
    const beyond = (bottom - top) * BEYOND;
    const found = [...this.box.querySelectorAll(this.lines)].map((li) => ({ li, place: li.getBoundingClientRect() }));
    this.seen.clear();
    for (const { li, place } of found) {
      const seen = place.bottom > top && place.top < bottom;
      if (seen) this.seen.add(li);
      if (place.bottom <= top - beyond || place.top >= bottom + beyond) this.leave(li);
      else if (seen || ahead) this.show(li);
    }
    if (!ahead) this.later();
  }

  /** Have this line ready, wherever it is. @param {Element | null | undefined} li */
  show(li) {
    if (!li?.hasAttribute("hidden")) return;
    li.removeAttribute("hidden");
    li.removeAttribute("aria-label");
  }

  /** Have these children in this order; what comes back is made ready by `look`, once it is known to be seen. @param {Element} list @param {Element[]} children */
  arrange(list, children) {
    for (const li of children) if (!li.isConnected && li.matches(this.lines)) this.leave(li);
    arrange(list, children);
  }

  /** What has the focus keeps it. @param {Element} li */
  leave(li) {
    if (li.hasAttribute("hidden") || li.contains(document.activeElement)) return;
    li.setAttribute("hidden", "until-found");
    this.name(li);
  }

  /** A line far away is called by what it says now: to be told whenever that changed. @param {Element} li */
  name(li) {
    if (li.hasAttribute("hidden")) li.setAttribute("aria-label", this.words(li));
  }

  /** Draw what is seen now, the rest after the next paint, a few at a time. @param {{li: HTMLElement, draw: () => void}[]} lines */
  draw(lines) {
    this.look(false);
    this.waiting = [];
    for (const { li, draw } of lines) {
      if (this.seen.has(li)) draw();
      else this.waiting.push(draw);
    }
    if (this.waiting.length) this.rest();
  }

  #some() {
    for (const draw of this.waiting.splice(0, AT_ONCE)) draw();
    if (this.waiting.length) this.rest();
  }

  /** Bring a line into view, without taking the day elsewhere than needed. @param {HTMLElement | undefined} li */
  reveal(li) {
    if (!li?.isConnected) return;
    const [line, box] = [li.getBoundingClientRect(), this.box.getBoundingClientRect()];
    if (line.top < box.top + 40) this.box.scrollTop -= box.top + 60 - line.top;
    else if (line.bottom > box.bottom) this.box.scrollTop += line.bottom - box.bottom + 20;
  }
}
