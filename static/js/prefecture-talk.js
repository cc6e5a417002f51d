/** How a page without a desk speaks: connection in words, toasts, one polite region. */
import { $, h, setText } from "./dom.js";
import { t } from "./labels.js";

const TOAST_MS = 7000;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

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

/** The live server's address under the name by which this page was reached, so that its cookie goes along. @param {string} address */
export function socketUrl(address) {
  const url = new URL(address || "/ws/live/", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (LOOPBACK.has(url.hostname) && LOOPBACK.has(location.hostname)) url.hostname = location.hostname;
  return url.href;
}
