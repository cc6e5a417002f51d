/** Keys of a page. Single letters can be turned off, for people who dictate (WCAG 2.1.4). */
import { $, fill, h, memory } from "./dom.js";
import { t } from "./labels.js";

const KEY = "ondijon.letters";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const PAUSE_MS = 1000;

/**
 * Whether a key belongs to a sentence whose field news or an answer took away meanwhile: the hand does not know yet, and its
 * letters are no commands until it rests. @returns {() => boolean} of the key pressed last
 */
function sentences() {
  /** @type {{field: Element, at: number} | null} */
  let last = null;
  let goesOn = false;
  addEventListener("pointerdown", () => (last = null), true);
  addEventListener("keydown", ({ target, key, ctrlKey, metaKey, timeStamp: at }) => {
    const field = target instanceof Element ? target.closest(TYPING) : null;
    const ends = key === "Escape" || key === "Tab" || (key === "Enter" && (ctrlKey || metaKey || field?.tagName !== "TEXTAREA"));
    goesOn = !field && !ends && last !== null && at - last.at < PAUSE_MS && !last.field.checkVisibility();
    if (ends || !(field || goesOn)) last = null;
    else last = { field: field ?? /** @type {any} */ (last).field, at };
  }, true);
  return () => goesOn;
}

/**
 * @param {Record<string, () => void>} actions by key, such as {"n": …, "/": …}
 * @param {[string, string][]} lines of the help: keys, label
 */
export function startKeyboard(actions, lines) {
  let letters = memory.get(KEY, true);
  const help = () => showHelp([...lines, ["?", "help.help"], ["Esc", "help.escape"]], letters, (on) => {
    letters = on;
    memory.set(KEY, on);
  });
  const sentence = sentences();
  $("help-open")?.addEventListener("click", help);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const target = /** @type {Element} */ (event.target);
    if (document.querySelector("dialog.modal[open]")) return; // its own keys close it, and nothing behind it
    if (event.key === "Escape") return void actions.Escape?.();
    if (!letters || target.closest(TYPING) || sentence()) return;
    const action = event.key === "?" ? help : actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** @param {[string, string][]} lines @param {boolean} letters @param {(on: boolean) => void} changed */
function showHelp(lines, letters, changed) {
  const dialog = $("modal");
  const line = (/** @type {string} */ keys, /** @type {string} */ label) => [h("dt", {}, keys.split(" ").map((key) => [h("kbd", {}, key), " "])), h("dd", {}, t(label))];
  const box = h("input", { type: "checkbox", onchange: () => changed(box.checked) });
  box.checked = letters;
  fill(dialog, h("div.inside", {},
    h("h2", { id: "modal-title" }, t("help.title")),
    h("dl.helplist", {}, lines.map(([keys, label]) => line(keys, label))),
    h("label.check", {}, box, t("help.letters")),
    h("div.acts", {}, h("button.btn.main", { type: "button", onclick: () => dialog.close() }, t("help.close")))));
  dialog.onclose = null;
  dialog.showModal();
}
