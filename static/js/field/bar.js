/** The strip on top: is there a network, what waits, what has left; and the list of it all. */
import { $, h, setText } from "../dom.js";
import { t } from "../labels.js";
import { now, short } from "../time.js";
import { button, icon } from "./parts.js";
import { open } from "./sheets.js";

const RECENT_MS = 90_000;
const SHOWN = 60;

/** @typedef {import("./app.js").App} App */
/** @typedef {{state: string, sign: string, words: string, more: string}} Said */

/** @param {App} app */
export function showBar(app) {
  const said = words(app);
  $("net").dataset.state = said.state;
  $("net-icon").setAttribute("href", `#i-${said.sign}`);
  if ($("net-words").textContent !== said.words) {
    setText($("net-words"), said.words);
    setText($("say"), said.words);
  }
  setText($("net-more"), said.more);
}

/** @param {App} app @returns {Said} */
function words(app) {
  const waiting = app.queue.waiting.length;
  if (app.queue.blocked) return { state: "bad", sign: "warn", words: t(`net.${app.queue.blocked}`), more: t(waiting ? "net.kept" : "net.press", { n: waiting }) };
  if (!app.net.ok) {
    const since = short(app.net.since + now() - Date.now());
    return { state: "off", sign: "off", words: waiting ? t("net.offWaiting", { n: waiting }) : t("net.off"), more: t("net.since", { time: since }) };
  }
  if (waiting) return { state: "on", sign: "wait", words: t("net.sending", { n: waiting }), more: t("net.inOrder") };
  const sent = app.queue.items.filter((one) => one.settled_at && now() - Date.parse(one.settled_at) < RECENT_MS);
  const last = sent[sent.length - 1]?.settled_at;
  if (last) return { state: "on", sign: "check", words: t("net.sent", { n: sent.length }), more: t("net.once", { time: short(last) }) };
  return { state: "on", sign: "check", words: t("net.on"), more: t("net.fresh", { time: short(app.picture.now) }) };
}

/** Everything said today with its own time and how it ended. @param {App} app */
export function openQueue(app) {
  const lines = app.queue.items.slice(-SHOWN).reverse().map((one) => h("li", { class: one.state, "data-state": one.state },
    icon({ waiting: "wait", sent: "check", conflict: "warn", refused: "no" }[one.state]),
    h("span", {}, h("b", {}, t(`said.${one.act || "consent"}`)), h("small", {}, [one.what, one.title].filter(Boolean).join(" · "))),
    h("small", {}, short(one.at), h("br"), ended(one))));
  const list = lines.length ? h("ul.sends", {}, lines) : h("p.empty", {}, t("sends.none"));
  const login = app.queue.blocked === "out" && h("a.btn.tap.main", { href: `/login/?next=${encodeURIComponent(location.pathname)}` }, t("net.login"));
  const again = app.queue.waiting.length > 0 && !app.queue.blocked && button(t("sends.again"), () => void app.queue.send(), {});
  void open(t("sends.title"), [login, again, list], []);
}

/** @param {import("./queue.js").Item} one */
const ended = (one) => one.state === "waiting" || !one.settled_at ? t("sends.waiting") : t(`sends.${one.state}`, { time: short(one.settled_at) });
