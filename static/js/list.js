/** The desk's live list of incidents. */
import { $, fill, h, setText, shape } from "./dom.js";
import { EVERYTHING, ORDERS, passes } from "./filters.js";
import { isLate, metaOf, nameOf, priorityName, tagElements, tagsOf } from "./incident.js";
import { freshTags, Rows } from "./rows.js";
import { isOpen, isWaiting } from "./store.js";
import { ago, full } from "./time.js";

/** @typedef {import("./store.js").Row} Row */

/** @extends {Rows<Row>} */
export class List extends Rows {
  /** @param {import("./store.js").Store} store @param {(id: string) => void} pick */
  constructor(store, pick) {
    super($("rows"), store, pick);
    this.filter = { ...EVERYTHING };
    /** @type {Set<string>} */
    this.found = new Set();
    this.late = 0;
  }

  /** @param {Partial<import("./filters.js").Filter>} change */
  narrow(change) {
    Object.assign(this.filter, change);
    this.restart();
  }

  wanted() {
    const order = ORDERS[this.filter.order] ?? ORDERS.urgency;
    return super.wanted().filter(passes(this.filter, this.found)).sort(order);
  }

  /** @param {Row} row @returns {HTMLLIElement} */
  make(row) {
    return h("li.row", { data: { id: row.id } },
      h("button.open", { type: "button" }, h("span.prio"), h("time.age"), h("b.name"), h("span.meta"), h("span.tags")));
  }

  /** @param {HTMLLIElement} li @param {Row} row */
  paint(li, row) {
    const level = row.priority.toLowerCase();
    const waiting = row.priority === "P1" && isWaiting(row);
    li.className = ["row", level, row.id === this.picked && "picked", waiting && "waiting", !isOpen(row) && "gone"].filter(Boolean).join(" ");
    const [prio, age, name, meta] = /** @type {HTMLElement[]} */ ([...(li.querySelector(".open")?.children ?? [])]);
    prio.className = `prio ${level}`;
    fill(prio, shape(row.priority), priorityName(row.priority));
    age.setAttribute("datetime", row.declared_at);
    age.title = full(row.declared_at);
    setText(name, nameOf(row));
    setText(meta, metaOf(row));
    meta.title = metaOf(row);
  }

  /** @param {HTMLLIElement} li @param {Row} row */
  fresh(li, row) {
    const age = li.querySelector(".age");
    const box = /** @type {HTMLElement | null} */ (li.querySelector(".tags"));
    if (age) setText(age, ago(row.declared_at));
    const tags = tagsOf(row);
    if (box) freshTags(box, tags, () => tagElements(tags));
  }

  refresh() {
    super.refresh();
    const late = [...this.store.rows.values()].filter(isLate).length;
    if (late !== this.late) this.dispatch();
    this.late = late;
  }
}
