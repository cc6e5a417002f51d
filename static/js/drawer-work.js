/** The work asked for an open incident: its states, and asking for more. One question at opening; entries do the rest. */
import { get, Problem } from "./api.js";
import { askForm } from "./board/ask-form.js";
import { wanted } from "./board/wanted.js";
import { icon, isOpen as isUnderWay, lasting, statusName, tagIcon, tagsOf } from "./board/work.js";
import { section } from "./drawer-parts.js";
import { fill, h } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { page } from "./page.js";
import { isOpen } from "./store.js";
import { short } from "./time.js";

/** @typedef {import("./board/work.js").Work} Work */

const may = (/** @type {string} */ permission) => page.me.permissions.includes(permission);

export class WorkPanel {
  /** @param {string} id of the incident */
  constructor(id) {
    this.id = id;
    this.element = h("div", { id: "work-panel" });
    this.list = h("ul.cards");
    this.slot = h("div");
    /** @type {Map<string, Work>} */
    this.rows = new Map();
    this.asked = false;
  }

  /** @param {any} detail */
  async load(detail) {
    this.row = detail.row;
    if (!may("interventions.view")) return;
    try {
      if (!this.asked) for (const row of (await get("/api/v1/interventions/", { incident: this.id, limit: 50 })).results) this.#keep(row);
      this.asked = true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return fill(this.element);
    }
    this.#draw();
  }

  /** @param {import("./store.js").Entry[]} entries */
  hear(entries) {
    let news = false;
    for (const { kind, about, data } of entries) {
      if (kind === "interventions.withdrawn" && about) news = this.rows.delete(about) || news;
      else if (kind.startsWith("interventions.") && data.row?.incident?.id === this.id) news = this.#keep(data.row) || news;
    }
    if (news && this.asked) this.#draw();
  }

  /** @param {Work} row */
  #keep(row) {
    const known = this.rows.get(row.id);
    if (known && known.version >= row.version) return false;
    this.rows.set(row.id, row);
    return true;
  }

  /** The oldest first. */
  #rows() {
    return [...this.rows.values()].sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  }

  #draw() {
    const rows = this.#rows();
    const ask = may("interventions.plan") && this.row && isOpen(this.row);
    const writing = this.slot.childElementCount > 0; // what is being written stays, whatever became of the incident
    if (!rows.length && !ask && !writing) return fill(this.element);
    const button = ask && !writing && h("button.btn", { type: "button", data: { act: "ask" }, onclick: () => this.#open() }, t("ask.open"));
    keeping(this.element, () => {
      fill(this.list, rows.map((row) => this.#card(row)));
      fill(this.element, section(t("section.work", { n: rows.length }), rows.length ? this.list : h("p.soft", {}, t("work.none")), this.slot, button && h("div.acts", {}, button)));
    });
  }

  /** @param {Work} row */
  #card(row) {
    const tags = isUnderWay(row) ? tagsOf(row) : [];
    return h("li.card", { data: { id: row.id } },
      h("div.line", {}, h("b", {}, statusName(row.status)), tags.map(({ kind, text }) => h("span", { class: `tag ${kind}` }, icon(tagIcon(kind)), text)), h("span.grow"), h("a", { href: `/interventions/?intervention=${row.id}` }, row.reference)),
      h("span.small.soft", {}, [row.crew?.name ?? t("view.waiting"), row.slot_start && `${short(row.slot_start)}–${short(row.slot_end ?? row.slot_start)}`, lasting(row.duration_minutes)].filter(Boolean).join(" · ")),
      row.outcome || row.reason ? h("blockquote.small", {}, t("quote", { text: row.outcome || row.reason })) : null);
  }

  #open() {
    const close = () => {
      form.remove(); // not another one, begun before the answer came
      this.#draw();
    };
    const fields = wanted({ priority: this.row.priority, title: this.row.title });
    const needs = fields.filter(({ name }) => name !== "address");
    const form = askForm(needs, {
      title: h("strong", {}, t("ask.open")), fixed: { incident: this.id, address: "" }, close,
      done: (row) => {
        this.#keep(row);
        close();
      },
    });
    fill(this.slot, form);
    this.#draw();
    needs[0].control.focus();
  }

  tick() {
    if (this.list.isConnected) keeping(this.list, () => fill(this.list, this.#rows().map((row) => this.#card(row))));
  }
}
