/** A text field with a list of matches (ARIA combobox): type, arrows, Enter; the mouse works too. */
import { fill, h, settle } from "./dom.js";

/** @typedef {{key: string, label: string, detail?: string, value: any}} Option */
/**
 * @typedef {object} Settings
 * @property {HTMLInputElement} input
 * @property {HTMLUListElement} list
 * @property {(text: string) => Option[] | Promise<Option[]>} search
 * @property {(option: Option) => void} choose
 * @property {() => void} [cleared] the text was changed after a choice
 * @property {number} [wait] ms of rest before searching
 */

let serial = 0;

/** Give behaviour to an input and its list. @param {Settings} settings */
export function combo({ input, list, search, choose, cleared, wait = 0 }) {
  const base = `option-${(serial += 1)}`;
  /** @type {Option[]} */
  let options = [];
  let at = -1;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const mark = (/** @type {number} */ next) => {
    at = next;
    [...list.children].forEach((li, index) => li.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) {
      input.setAttribute("aria-activedescendant", `${base}-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (/** @type {number} */ index) => {
    const option = options[index];
    if (!option) return;
    input.value = option.label;
    close();
    choose(option);
  };
  const show = () => {
    fill(list, options.map((option, index) =>
      h("li", { role: "option", id: `${base}-${index}`, "aria-selected": "false", onpointerdown: (/** @type {Event} */ event) => {
        event.preventDefault();
        take(index);
      } }, h("span", {}, option.label), option.detail && h("span.soft", {}, option.detail))));
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    mark(options.length ? 0 : -1);
  };
  const look = settle(async () => {
    const turn = (asked += 1);
    const found = await search(input.value.trim());
    if (turn !== asked || document.activeElement !== input) return;
    options = found;
    show();
  }, wait);

  input.addEventListener("input", () => {
    cleared?.();
    look();
  });
  input.addEventListener("focus", () => input.value && !list.hidden && show());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" && !open) look();
    else if (event.key === "ArrowDown") mark((at + 1) % options.length);
    else if (event.key === "ArrowUp" && open) mark((at - 1 + options.length) % options.length);
    else if (event.key === "Enter" && open && !event.ctrlKey) take(at);
    else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close();
    } else return;
    event.preventDefault();
  });
  return { close };
}

/** The two elements of a combobox, for forms made by script. @param {string} id @param {string} label @param {Record<string, any>} [attributes] */
export function comboElements(id, label, attributes = {}) {
  const list = h("ul.options", { id: `${id}-list`, role: "listbox", "aria-label": label, hidden: true });
  const input = h("input", { id, role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id, ...attributes });
  return { input, list };
}
