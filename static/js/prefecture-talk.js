/** How a page without a desk speaks: connection in words, toasts, one polite region. */
import { $, h, setText } from "./dom.js";
import { t } from "./labels.js";

const TOAST_MS = 7000;

/** @param {string} words @param {string} [kind] "ok" or "bad" */
export function toast(words, kind = "") {
  const box = h("div", { class: `toast ${kind}` }, h("span.grow", {}, words),
    h("button.btn.quiet.icon", { type: "button", "aria-label": t("pref.close"), onclick: () => box.remove() }, "✕"));
  $("toasts").append(box);
  say(words);
  setTimeout(() => box.remove(), TOAST_MS);
}

/** @param {string} words */
export function say(words) {
  setText($("say"), "");
  requestAnimationFrame(() => setText($("say"), words));
}

/** @param {import("./live.js").State} state */
export function connection(state) {
  $("link").dataset.state = state;
  setText($("link-words"), t(`link.${state}`));
}
