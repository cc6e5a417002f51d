/** The prefecture pane: what was asked of others and what became of it, the situation reports, whom to telephone. */
import { functionName } from "./cell-words.js";
import { $, fill, h, setText } from "./dom.js";
import { t } from "./labels.js";
import { page } from "./page.js";
import { full, short } from "./time.js";

export class LinkPane {
  /** @param {import("./cell-store.js").CellStore} store @param {{open: (what: string, fill?: any) => void}} room */
  constructor(store, room) {
    this.store = store;
    this.room = room;
    store.on(["reports", "requests", "messages", "transfers", "cell"], () => this.#render());
    this.#render();
  }

  #render() {
    const reports = this.store.all("reports").map((one) => ({ at: one.sent_at ?? one.approved_at ?? one.at ?? one.started_at, node: this.#report(one) }));
    const requests = this.store.all("requests").map((one) => ({ at: one.at, node: this.#request(one) }));
    const transfers = this.store.all("transfers").map((one) => ({ at: one.asked_at, node: this.#transfer(one) }));
    const rows = [...reports, ...requests, ...transfers].sort((a, b) => String(b.at).localeCompare(String(a.at)));
    const open = this.store.all("requests").filter((one) => !one.answered_at).length;
    setText($("link-count"), open ? t("link.requests", { n: open }) : "");
    fill($("exchanges"), rows.map(({ node }) => node));
    $("exchanges-empty").hidden = rows.length > 0;
    const help = /** @type {any[]} */ (/** @type {any} */ (page).contacts ?? []).find((one) => one.function === "prefecture_liaison");
    setText($("link-help"), help ? t("link.help", { name: help.name, phone: help.phone }) : "");
  }

  /** @param {string} way @param {string} title @param {string | null} at @param {any[]} rest */
  #row(way, title, at, ...rest) {
    return h("li.exchange", {}, h("span.way", {}, t(`way.${way}`)), h("div", {}, h("p.head", {}, h("b", {}, title), at && h("span.mono", { title: full(at) }, short(at))), rest));
  }

  /** @param {any} one */
  #report(one) {
    const state = one.sent_at ? t("report.sent", { time: short(one.sent_at) }) : one.approved_at ? t("report.approved", { name: one.approved_by?.name ?? "", time: short(one.approved_at) }) : t("report.draft");
    return this.#row(one.sent_at ? "sent" : "draft", t(one.kind === "situation" ? "report.title" : "report.after", { n: one.number }), one.approved_at ?? one.at ?? null,
      h("p.steps", {}, h(`span.${one.approved_at ? "good" : "open"}`, {}, state)),
      h("p", {}, h("button.lk", { type: "button", onclick: () => this.room.open("report", { report: one }) }, t(one.approved_at ? "report.read" : "report.edit"))));
  }

  /** @param {any} one */
  #request(one) {
    return this.#row("sent", `${t("request.title")} · ${functionName(one.function)}`, one.at, h("p", {}, `${one.quantity > 1 ? `${one.quantity} × ` : ""}${one.what}${one.where ? `, ${one.where}` : ""}`),
      h("p.steps", {}, h(`span.${one.answered_at ? "good" : "open"}`, {}, one.answered_at ? t("request.answered", { answer: one.answer || one.state }) : t("request.waits"))));
  }

  /** @param {any} one */
  #transfer(one) {
    const to = one.to_prefect ? t("transfer.prefect") : (one.to_person?.name ?? "");
    const state = one.answered_at ? t(one.accepted ? "transfer.accepted" : "transfer.refused", { time: short(one.answered_at) }) : t("transfer.waits");
    return this.#row("sent", t("transfer.title", { to }), one.asked_at, h("p", {}, one.reason), h("p.steps", {}, h(`span.${one.accepted ? "good" : "open"}`, {}, state)));
  }
}
