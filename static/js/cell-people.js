/** Roster: each function the plan foresees, who holds it and where they are; what is missing at this level; my own answer. */
import { call, explain, Problem } from "./api.js";
import { functionName, lasting, LEVELS } from "./cell-words.js";
import { $, fill, h, setText } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { toast } from "./news.js";
import { page } from "./page.js";
import { everySecond, full, now } from "./time.js";

/** @typedef {import("./cell-store.js").Member} Member */

export class PeoplePane {
  /** @param {import("./cell-store.js").CellStore} store @param {{open: (what: string, fill?: any) => void}} room */
  constructor(store, room) {
    this.store = store;
    this.room = room;
    /** @type {Set<string>} ids of people with this cell on a screen */
    this.here = new Set();
    store.on(["members", "cell"], () => this.render());
    everySecond(() => this.#ticks());
    this.render();
  }

  /** @param {{id: string, name: string, doing: string}[]} people */
  present(people) {
    this.here = new Set(people.map((one) => one.id));
    const writers = people.filter((one) => one.doing === "editing" && one.id !== page.me.id).map((one) => one.name);
    setText($("writing"), writers.length ? t("writing", { names: writers.join(", "), n: writers.length }) : "");
    this.render();
  }

  /** Functions required at the present level, or an earlier one, that nobody holds. */
  missing() {
    const reached = LEVELS.slice(0, LEVELS.indexOf(this.store.cell.level) + 1);
    if (!reached.length || this.store.cell.level === "recovery") return [];
    const held = new Set(this.store.members.map((one) => one.function));
    return this.store.plan.functions.filter((/** @type {any} */ one) => reached.includes(one.required_from) && !held.has(one.function)).map((/** @type {any} */ one) => one.function);
  }

  render() {
    keeping($("pane-people"), () => this.#draw());
  }

  #draw() {
    const members = this.store.members;
    const missing = this.missing();
    const foreseen = this.store.plan.functions.map((/** @type {any} */ one) => one.function);
    const rest = members.map((one) => one.function).filter((key) => !foreseen.includes(key));
    const rows = [...new Set([...foreseen, ...rest])].flatMap((key) => this.#function(key, members.filter((one) => one.function === key), missing.includes(key)));
    fill($("roster"), rows);
    this.#contacts();
    const states = (/** @type {string[]} */ ...wanted) => members.filter((one) => wanted.includes(one.state)).length;
    setText($("people-count"), [t("people.present", { n: states("present", "remote") }), states("coming") > 0 && t("people.coming", { n: states("coming") }), states("called") > 0 && t("people.called", { n: states("called") }), missing.length > 0 && t("people.missing", { n: missing.length })].filter(Boolean).join(" · "));
    this.#foot(missing);
    this.#mine(members.filter((one) => one.person === page.me.id));
  }

  /** @param {string} key @param {Member[]} holders @param {boolean} missing */
  #function(key, holders, missing) {
    if (!holders.length) {
      const call = missing && this.store.allowed.has("call");
      return h("li.fn", { data: { id: key, state: missing ? "missing" : "vacant" } }, h("i", { "aria-hidden": "true" }), h("div", {}, h("b", {}, functionName(key)),
        h("span", {}, call ? h("button.lk.warn", { type: "button", onclick: () => this.room.open("call", { function: key }) }, t("fn.fill")) : t(missing ? "fn.missing" : "fn.vacant"))));
    }
    return holders.map((one) => this.#holder(key, one));
  }

  /** @param {string} key @param {Member} one */
  #holder(key, one) {
    const online = one.person !== null && this.here.has(one.person);
    const where = h("span.where", { data: { member: one.id } }, this.#where(one));
    const take = this.store.allowed.has("remove") && one.person !== this.store.cell.director.id;
    return h("li.fn", { data: { id: one.id, state: one.state }, title: one.note || undefined }, h("i", { "aria-hidden": "true" }),
      h("div", {}, h("b", { title: functionName(key) }, functionName(key)), h("span", {}, `${one.name} · `, where, online && h("span.screen", { title: t("fn.screen") }, " ▪", h("span.unseen", {}, t("fn.screen"))))),
      take && h("button.lk.quiet.end", { type: "button", "aria-label": t("fn.end", { name: one.name }), title: t("fn.end", { name: one.name }), onclick: () => this.room.open("remove", { member: one }) }, "✕"));
  }

  /** @param {Member} one */
  #where(one) {
    if (one.until) return t("fn.until", { time: full(one.until) });
    const left = one.expected_at ? Date.parse(one.expected_at) - now() : 0;
    if (one.state === "coming" && one.expected_at) return left > 0 ? t("fn.coming", { time: lasting(left) }) : t("fn.expected");
    return t(`member.${one.state}`);
  }

  #ticks() {
    for (const spot of document.querySelectorAll("#roster [data-member]")) {
      const one = this.store.tables.members.get(/** @type {HTMLElement} */ (spot).dataset.member ?? "");
      if (one) setText(spot, this.#where(one));
    }
  }

  /** Whom the plan names, with their numbers, for those who may write here. */
  #contacts() {
    const contacts = /** @type {any[]} */ (/** @type {any} */ (page).contacts ?? []);
    $("contacts").hidden = contacts.length === 0;
    if ($("contacts-list").children.length !== contacts.length)
      fill($("contacts-list"), contacts.map((one) => h("li", {}, h("b", {}, one.name), h("span.muted", {}, one.role), one.phone && h("a.mono", { href: `tel:${one.phone.replaceAll(" ", "")}` }, one.phone), one.email && h("a", { href: `mailto:${one.email}` }, one.email))));
  }

  /** @param {string[]} missing */
  #foot(missing) {
    const may = this.store.allowed.has("call");
    $("roster-foot").hidden = !missing.length && !may;
    fill($("roster-foot"),
      missing.length > 0 && h("p.grow", {}, h("span.warn", { "aria-hidden": "true" }, "▲ "), h("b", { title: missing.map(functionName).join(", ") }, missing.length > 2 ? t("people.several", { names: missing.slice(0, 2).map(functionName).join(", "), n: missing.length - 2 }) : missing.map(functionName).join(", ")), ` ${t("people.required", { n: missing.length })}`),
      !missing.length && h("span.grow"),
      may && h("button.btn", { type: "button", onclick: () => this.room.open("call", { function: missing[0] ?? "" }) }, t("people.call")),
      this.store.allowed.has("invite") && h("button.btn", { type: "button", onclick: () => this.room.open("invite") }, t("people.invite")));
  }

  /** Called and not answered, or not there yet: say so with one click. @param {Member[]} mine */
  #mine(mine) {
    const box = $("my-answer");
    const waiting = mine.some((one) => one.state === "called" || one.state === "coming");
    box.hidden = !waiting || !this.store.allowed.has("answer");
    if (box.hidden) return;
    const say = (/** @type {string} */ words, /** @type {any} */ body) => h("button.btn", { type: "button", onclick: () => void this.#answer(body) }, words);
    fill(box, h("b.grow", {}, t("answer.asked", { functions: mine.map((one) => functionName(one.function)).join(", ") })),
      say(t("member.present"), { state: "present" }), [10, 20, 45].map((minutes) => say(t("answer.in", { n: minutes }), { state: "coming", minutes })),
      say(t("member.remote"), { state: "remote" }), say(t("member.declined"), { state: "declined" }));
  }

  /** @param {any} body */
  async #answer(body) {
    try {
      const answer = await call("POST", `/api/v1/crisis/cells/${this.store.cell.id}/answer/`, { body });
      for (const row of answer.results) this.store.take("members", row);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
    }
  }
}
