/** Which lines of the day are on the screen: those are drawn at once, the others when nobody waits for them. */
import { afterPaint } from "../dom.js";

const AT_ONCE = 8;

export class Near {
  /** @param {HTMLElement} box what scrolls */
  constructor(box) {
    this.box = box;
    /** @type {Set<Element>} */
    this.seen = new Set();
    this.watch = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) this.seen[isIntersecting ? "add" : "delete"](target);
    }, { root: box });
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.rest = afterPaint(() => this.#some());
  }

  /** Draw what is seen now, the rest after the next paint, a few at a time. @param {{li: HTMLElement, draw: () => void}[]} lines */
  draw(lines) {
    const blank = this.seen.size === 0;
    this.waiting = [];
    for (const { li, draw } of lines) {
      if (blank || this.seen.has(li)) draw();
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
