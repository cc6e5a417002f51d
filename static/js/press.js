/**
 * News draws parts of a page again, also while a finger is down on one of them: browsers then see no click at all. To the
 * person it is the same button, so the press counts for what stands in its place and says the same.
 */
import { face } from "./focus.js";

const BUTTONS = "button, a[href], summary, [role=option]";

/** @param {EventTarget | null} target */
const buttonAt = (target) => /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest(BUTTONS) : null);

export function keepPresses() {
  /** @type {{button: HTMLElement, face: string} | null} */
  let down = null;
  addEventListener("pointerdown", (event) => {
    const button = event.isPrimary && event.button === 0 ? buttonAt(event.target) : null;
    down = button && { button, face: face(button) };
  }, true);
  addEventListener("pointerup", (event) => {
    const before = down;
    down = null;
    if (!before || before.button.isConnected) return;
    const now = buttonAt(document.elementFromPoint(event.clientX, event.clientY));
    if (now && face(now) === before.face) now.click();
  }, true);
}
