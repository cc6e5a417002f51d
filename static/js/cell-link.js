/** The prefecture pane: what left the cell and what became of it. Reports, requests, loans, words for the public, direction. */
import { call, explain, newKey, Problem } from "./api.js";
import { functionName } from "./cell-words.js";
import { $, fill, h, setText } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { say, toast } from "./news.js";
import { page } from "./page.js";
import { mount } from "./prefecture-pane.js";
import { full, when } from "./time.js";

const AREAS = new Set(["polygon", "circle"]);

/** The same buttons stand in many rows: whoever is on one is on that row's. @param {{id: string}} row @param {HTMLElement} node */
const named = ({ id }, node) => Object.assign(node.dataset, { id }) && node;

export class LinkPane {
  /** @param {import("./cell-store.js").CellStore} store @param {{open: (what: string, fill?: any) => void}} room */
  constructor(store, room) {
    this.store = store;
    this.room = room;
    store.on(["reports", "requests", "messages", "transfers", "loans", "cell"], () => this.#render());
    this.#link();
    this.#render();
  }

  /** The link's own pane, when this person's duty opens it. */
  #link() {
    const picture = /** @type {any} */ (page).prefecture;
    $("pref-pane").hidden = !picture;
    if (!picture) return;
    const said = (/** @type {string} */ words, kind = "") => toast(words, { kind });
    const zones = () => this.store.all("zones").filter(({ shape, removed }) => !removed && AREAS.has(shape.type)).map((one) => /** @type {[string, string]} */ ([one.id, one.label]));
    this.pane = mount($("pref-pane"), { crisis: this.store.cell.id, picture, ground: { ...picture, zones }, toast: said, say });
  }

  /** @param {import("./store.js").Entry[]} entries */
  apply(entries) {
    if (entries.some(({ kind }) => kind.startsWith("prefecture."))) this.pane?.apply(entries);
  }

  /** Everything of the link again. */
  async reload() {
    await this.pane?.reload();
  }

  #render() {
    const times = { reports: (/** @type {any} */ one) => one.sent_at ?? one.approved_at ?? one.at, requests: (/** @type {any} */ one) => one.at, transfers: (/** @type {any} */ one) => one.asked_at, messages: (/** @type {any} */ one) => one.approved_at ?? one.at, loans: (/** @type {any} */ one) => one.lent_at };
    const draw = { reports: this.#report, requests: this.#request, transfers: this.#transfer, messages: this.#message, loans: this.#loan };
    const rows = Object.entries(draw).flatMap(([table, one]) => this.store.all(table).map((row) => ({ at: times[/** @type {"loans"} */ (table)](row), node: named(row, one.call(this, row)) })));
    rows.sort((a, b) => String(b.at).localeCompare(String(a.at)));
    const open = this.store.all("requests").filter((one) => !one.answered_at).length;
    const lent = this.store.all("loans").filter((one) => !one.returned_at).length;
    setText($("link-count"), [open && t("link.open", { n: open }), lent && t("link.lent", { n: lent })].filter(Boolean).join(" · "));
    keeping($("exchanges"), () => fill($("exchanges"), rows.map(({ node }) => node)));
    $("exchanges-empty").hidden = rows.length > 0;
    const help = /** @type {any[]} */ (/** @type {any} */ (page).contacts ?? []).find((one) => one.function === "prefecture_liaison");
    setText($("link-help"), help ? t("link.help", { name: help.name, phone: help.phone }) : "");
  }

  /** @param {string} way @param {string} title @param {string | null} at @param {any[]} rest */
  #row(way, title, at, ...rest) {
    return h("li.exchange", {}, h("span.way", {}, t(`way.${way}`)), h("div", {}, h("p.head", {}, h("b", {}, title), at && h("span.mono", { title: full(at) }, when(at))), rest));
  }

  /** @param {boolean} good @param {string} words */
  #state(good, words) {
    return h("p.steps", {}, h(`span.${good ? "good" : "open"}`, {}, words));
  }

  /** @param {string} right @param {string} words @param {() => void} act */
  #button(right, words, act) {
    return this.store.allowed.has(right) && h("button.lk", { type: "button", onclick: act }, words);
  }

  /** @param {string} path @param {string} table @param {number} [version] */
  async #do(path, table, version, body = {}) {
    try {
      this.store.take(table, await call("POST", path, { body, version, key: newKey() }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
    }
  }

  /** @param {any} one */
  #report(one) {
    const state = one.sent_at ? t("report.sent", { time: when(one.sent_at) }) : one.approved_at ? t("report.approved", { name: one.approved_by?.name ?? "", time: when(one.approved_at) }) : t("report.draft");
    return this.#row(one.sent_at ? "sent" : "draft", t(one.kind === "situation" ? "report.title" : "report.after", { n: one.number }), one.sent_at ?? one.approved_at ?? one.at, this.#state(Boolean(one.approved_at), state),
      h("p", {}, h("button.lk", { type: "button", onclick: () => this.room.open("report", { report: one }) }, t(one.approved_at ? "report.read" : "report.edit"))));
  }

  /** @param {any} one */
  #request(one) {
    const words = `${one.quantity > 1 ? `${one.quantity} × ` : ""}${one.what}${one.where ? `, ${one.where}` : ""}`;
    const state = one.answered_at ? t("request.answered", { answer: [t(`request.${one.state}`), one.answer].filter(Boolean).join(", ") }) : t("request.waits");
    return this.#row("sent", `${t("request.title")} · ${functionName(one.function)}`, one.at, h("p", {}, words), h("p.sub", {}, one.organisation?.name ?? t(`via.${one.via}`)), this.#state(Boolean(one.answered_at), state),
      !one.answered_at && h("p", {}, this.#button("request", t("request.enter"), () => this.room.open("answer", { request: one }))));
  }

  /** @param {any} one */
  #message(one) {
    const path = `/api/v1/crisis/cells/${this.store.cell.id}/messages/${one.id}/`;
    const words = { draft: t("message.draft"), approved: t("report.approved", { name: one.approved_by?.name ?? "", time: one.approved_at ? when(one.approved_at) : "" }), withdrawn: t("message.withdrawn") };
    return this.#row(one.state === "draft" ? "draft" : "public", one.channel, one.approved_at ?? one.at, h("p", {}, one.text), this.#state(one.state === "approved", words[/** @type {"draft"} */ (one.state)] ?? one.state),
      h("p", {}, one.state === "draft" && this.#button("approve", t("report.approve"), () => void this.#do(`${path}approve/`, "messages", one.version)), one.state === "draft" && this.#button("draft", t("message.edit"), () => this.room.open("message", { message: one })), one.state === "approved" && this.#button("approve", t("message.withdraw"), () => void this.#do(`${path}withdraw/`, "messages", one.version))));
  }

  /** @param {any} one */
  #loan(one) {
    const state = one.returned_at ? t("loan.back", { time: when(one.returned_at) }) : one.due_back ? t("loan.due", { time: full(one.due_back) }) : t("loan.out");
    return this.#row("received", `${one.quantity} × ${one.what}`, one.lent_at, h("p.sub", {}, t("loan.by", { name: one.lender.name, agreed: one.agreed_by })), this.#state(Boolean(one.returned_at), state),
      !one.returned_at && h("p", {}, this.#button("lend", t("loan.return"), () => this.room.open("back", { loan: one }))));
  }

  /** @param {any} one */
  #transfer(one) {
    const to = one.to_prefect ? t("transfer.prefect") : (one.to_person?.name ?? "");
    const state = one.answered_at ? t(one.accepted ? "transfer.accepted" : "transfer.refused", { time: when(one.answered_at) }) : t("transfer.waits");
    const mine = !one.answered_at && one.to_person?.id === page.me.id;
    const say = (/** @type {boolean} */ accept) => void this.#do(`/api/v1/crisis/offers/${one.id}/reply/`, "transfers", undefined, { accept });
    return this.#row("sent", t("transfer.title", { to }), one.asked_at, h("p", {}, one.reason), this.#state(Boolean(one.accepted), state),
      mine && h("p.acts", {}, h("button.btn.small.main", { type: "button", onclick: () => say(true) }, t("offer.accept")), h("button.btn.small", { type: "button", onclick: () => say(false) }, t("offer.refuse"))));
  }
}
