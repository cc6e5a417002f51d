/** Decisions and actions: the register above, the board by function below, red when late. */
import { call, explain, Problem } from "./api.js";
import { actionTag, functionKeys, functionName, isLateAction, isOpenAction, isSoonAction } from "./cell-words.js";
import { $, fill, h, setText } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { toast } from "./news.js";
import { everySecond, full, now, when } from "./time.js";

/** @typedef {import("./cell-store.js").Action} Action */
/** @typedef {import("./cell-store.js").Decision} Decision */

const RECENT_MS = 30 * 60_000;

export class WorkPane {
  /** @param {import("./cell-store.js").CellStore} store @param {{open: (what: string, fill?: any) => void, reveal: (number: number) => void}} room */
  constructor(store, room) {
    this.store = store;
    this.room = room;
    this.only = "";
    store.on(["decisions", "actions", "cell"], () => this.#render());
    $("board-chips").addEventListener("click", (/** @type {any} */ event) => {
      const chip = event.target.closest("button");
      if (!chip) return;
      this.only = this.only === chip.value ? "" : chip.value;
      this.#render();
    });
    everySecond(() => this.#board());
    this.#render();
  }

  #render() {
    const decisions = /** @type {Decision[]} */ (this.store.all("decisions")).sort((a, b) => b.number - a.number);
    const actions = /** @type {Action[]} */ (this.store.all("actions"));
    const open = actions.filter(isOpenAction).length;
    setText($("work-count"), `${t("count.decisions", { n: decisions.length })} · ${t("count.actions", { n: open })}`);
    keeping($("decisions"), () => fill($("decisions"), decisions.map((one) => this.#decision(one, actions.filter(({ decision }) => decision === one.id)))));
    $("decisions-empty").hidden = decisions.length > 0;
    this.boardMark = "";
    this.#board();
  }

  /** @param {Decision} one @param {Action[]} follows */
  #decision(one, follows) {
    const late = one.check_due && !one.checked_at && Date.parse(one.check_due) < now();
    const outcome = one.checked_at
      ? h(one.achieved ? "span.good" : "span.bad", { title: one.outcome }, t(one.achieved ? "decision.achieved" : "decision.failed", { time: when(one.checked_at) }))
      : one.check_due && h("button.lk", { type: "button", class: late ? "lk late" : "lk warn", onclick: () => this.room.open("check", { decision: one }) }, t("decision.check", { time: when(one.check_due) }));
    return h("tr", { data: { id: one.id } },
      h("td.mono", {}, one.reference), h("td", {}, h("b", {}, one.what)),
      h("td", {}, one.authority, h("span.sub", { title: full(one.at) }, `${one.by.name} · ${when(one.at)}`)),
      h("td", {}, one.grounds, one.rejected && h("span.sub", {}, t("decision.rejected", { words: one.rejected }))),
      h("td", {}, t("count.follows", { n: follows.length }), h("span.sub", {}, outcome)));
  }

  #board() {
    const actions = /** @type {Action[]} */ (this.store.all("actions")).filter((one) => one.state !== "dropped");
    const late = actions.filter(isLateAction);
    const soon = actions.filter(isSoonAction);
    const mark = JSON.stringify([this.only, actions.map((one) => [one.id, one.version, actionTag(one).words, one.due_at && when(one.due_at)])]);
    if (mark === this.boardMark) return;
    this.boardMark = mark;
    const done = actions.filter(({ state }) => state === "done").length;
    setText($("board-count"), t("board.count", { open: actions.length - done, done }));
    keeping($("board-chips"), () => fill($("board-chips"), this.#chip("late", late.length, "late"), this.#chip("soon", soon.length, "soon")));
    const shown = this.only === "late" ? late : this.only === "soon" ? soon : actions.filter((one) => isOpenAction(one) || Date.parse(one.ended_at ?? "") > now() - RECENT_MS);
    const columns = functionKeys.map((key) => ({ key, list: shown.filter((one) => one.function === key) })).filter(({ list }) => list.length);
    columns.sort((a, b) => urgency(a.list) - urgency(b.list));
    keeping($("board"), () => fill($("board"), columns.map(({ key, list }) => this.#column(key, list))));
    $("board-empty").hidden = columns.length > 0;
  }

  /** @param {string} value @param {number} n @param {string} kind */
  #chip(value, n, kind) {
    return n > 0 && h(`button.chip.${kind}`, { type: "button", value, "aria-pressed": String(this.only === value) }, t(`board.${value}`, { n }));
  }

  /** @param {string} key @param {Action[]} list */
  #column(key, list) {
    const order = [...list].sort((a, b) => Number(isOpenAction(b)) - Number(isOpenAction(a)) || (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
    const open = list.filter(isOpenAction).length;
    return h("section.column", { "aria-label": functionName(key) },
      h("h4", {}, functionName(key), h("span", {}, t("count.open", { n: open }))), order.map((one) => this.#card(one)));
  }

  /** @param {Action} one */
  #card(one) {
    const { kind, words } = actionTag(one);
    const decision = this.store.tables.decisions.get(one.decision ?? "");
    const who = [one.owner?.name ?? one.owner_name, decision?.reference ?? one.reference].filter(Boolean).join(" · ");
    return h(`button.task.${kind || "plain"}`, { type: "button", data: { id: one.id }, title: one.progress || undefined, onclick: () => this.room.open("action", { action: one }) },
      h("b", {}, one.text), h("span.who", {}, who), h("span.under", {}, h("span.mono", {}, one.due_at ? when(one.due_at) : ""), h(`span.tag.${kind || "plain"}`, {}, words)));
  }

  /** Move an action on. @param {Action} one @param {any} change */
  async advance(one, change) {
    try {
      const row = await call("POST", `/api/v1/crisis/cells/${this.store.cell.id}/actions/${one.id}/`, { body: change, version: one.version });
      this.store.take("actions", row);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
    }
  }
}

/** Columns with something late come first, then by what is due next. @param {Action[]} list */
function urgency(list) {
  if (list.some(isLateAction)) return 0;
  const due = list.filter(isOpenAction).map((one) => Date.parse(one.due_at ?? "")).filter((at) => at > 0);
  return due.length ? Math.min(...due) : Number.MAX_SAFE_INTEGER;
}
