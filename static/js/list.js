/** The live list: keyed rows that change in place, a window that grows as one scrolls, one picked row. */
import { $, fill, h, perFrame, setText, shape } from "./dom.js";
import { EVERYTHING, ORDERS, passes } from "./filters.js";
import { isLate, metaOf, nameOf, priorityName, tagElements, tagsOf } from "./incident.js";
import { t } from "./labels.js";
import { isOpen, isWaiting } from "./store.js";
import { ago, everySecond, full } from "./time.js";

/** @typedef {import("./store.js").Row} Row */

const STEP = 60;

export class List {
  /** @param {import("./store.js").Store} store @param {(id: string) => void} pick */
  constructor(store, pick) {
    this.store = store;
    this.pick = pick;
    this.filter = { ...EVERYTHING };
    /** @type {Set<string>} */
    this.found = new Set();
    /** @type {Row[]} */
    this.visible = [];
    this.picked = "";
    this.late = 0;
    this.shown = STEP;
    /** @type {HTMLUListElement} */
    this.box = $("rows");
    /** @type {Map<string, HTMLLIElement>} */
    this.nodes = new Map([...this.box.querySelectorAll("li")].map((li) => [li.dataset.id ?? "", li]));
    this.more = h("li.row.more", {}, h("button.open", { type: "button", onclick: () => this.#grow() }));
    this.box.addEventListener("click", (event) => this.#clicked(event));
    this.render = perFrame(() => this.#render());
    new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.#grow(), { root: this.box, rootMargin: "600px" }).observe(this.more);
    store.addEventListener("change", this.render);
    everySecond(() => this.#refresh());
  }

  /** @param {Event} event */
  #clicked(event) {
    const li = /** @type {Element} */ (event.target).closest("li[data-id]");
    if (li) this.pick(/** @type {HTMLElement} */ (li).dataset.id ?? "");
  }

  #grow() {
    if (this.shown >= this.visible.length) return;
    this.shown += STEP;
    this.render();
  }

  /** @param {Partial<import("./filters.js").Filter>} change */
  narrow(change) {
    Object.assign(this.filter, change);
    this.shown = STEP;
    this.box.scrollTop = 0;
    this.render();
  }

  #render() {
    const test = passes(this.filter, this.found);
    const order = ORDERS[this.filter.order] ?? ORDERS.urgency;
    this.visible = [...this.store.rows.values()].filter(test).sort(order);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest("#rows li"));
    this.#place(this.visible.slice(0, this.shown));
    if (focused?.isConnected && !focused.contains(document.activeElement)) focused.querySelector("button")?.focus({ preventScroll: true });
    this.#tail();
    this.dispatch();
  }

  /** Put these rows in this order, touching only what differs. @param {Row[]} rows */
  #place(rows) {
    const kept = new Set(rows.map((row) => row.id));
    for (const [id, li] of this.nodes) {
      if (kept.has(id)) continue;
      li.remove();
      this.nodes.delete(id);
    }
    let next = this.box.firstElementChild;
    for (const row of rows) {
      const li = this.nodes.get(row.id) ?? this.#make(row);
      this.#update(li, row);
      if (li === next) next = next.nextElementSibling;
      else this.box.insertBefore(li, next);
    }
  }

  #tail() {
    const left = this.visible.length - this.shown;
    if (left > 0) setText(this.more.firstElementChild, t("list.more", { n: left }));
    if (left > 0) this.box.append(this.more);
    else this.more.remove();
  }

  /** @param {Row} row @returns {HTMLLIElement} */
  #make(row) {
    const li = h("li.row", { data: { id: row.id } },
      h("button.open", { type: "button" }, h("span.prio"), h("time.age"), h("b.name"), h("span.meta"), h("span.tags")));
    this.nodes.set(row.id, li);
    return li;
  }

  /** @param {HTMLLIElement} li @param {Row} row */
  #update(li, row) {
    const mark = `${row.version}/${row.id === this.picked}`;
    if (li.dataset.mark === mark) return;
    const level = row.priority.toLowerCase();
    const waiting = row.priority === "P1" && isWaiting(row);
    li.dataset.mark = mark;
    li.className = ["row", level, row.id === this.picked && "picked", waiting && "waiting", !isOpen(row) && "gone"].filter(Boolean).join(" ");
    const [prio, age, name, meta] = /** @type {HTMLElement[]} */ ([...(li.querySelector(".open")?.children ?? [])]);
    li.querySelector(".open")?.setAttribute("aria-current", String(row.id === this.picked));
    prio.className = `prio ${level}`;
    fill(prio, shape(row.priority), priorityName(row.priority));
    age.setAttribute("datetime", row.declared_at);
    age.title = full(row.declared_at);
    setText(name, nameOf(row));
    setText(meta, metaOf(row));
    meta.title = metaOf(row);
    this.#fresh(li, row);
  }

  /** What changes with the time alone. @param {HTMLLIElement} li @param {Row} row */
  #fresh(li, row) {
    const age = li.querySelector(".age");
    const tags = li.querySelector(".tags");
    if (age) setText(age, ago(row.declared_at));
    const due = tagsOf(row);
    const words = due.map((tag) => tag.kind + tag.text).join("|");
    if (!tags || li.dataset.tags === words) return;
    li.dataset.tags = words;
    if (tags.children.length === due.length) due.forEach((tag, at) => {
      tags.children[at].className = `tag ${tag.kind}`;
      setText(tags.children[at], tag.text);
    });
    else fill(tags, tagElements(due));
  }

  #refresh() {
    for (const [id, li] of this.nodes) {
      const row = this.store.rows.get(id);
      if (row) this.#fresh(li, row);
    }
    const late = [...this.store.rows.values()].filter(isLate).length;
    if (late !== this.late) this.dispatch();
    this.late = late;
  }

  /** Tell whoever shows counts and empty states. */
  dispatch() {
    this.box.dispatchEvent(new CustomEvent("listed", { detail: this.visible.length }));
  }

  /** @param {string} id "" for none */
  mark(id) {
    const before = this.store.rows.get(this.picked);
    this.picked = id;
    for (const row of [before, this.store.rows.get(id)]) {
      const li = row && this.nodes.get(row.id);
      if (row && li) this.#update(li, row);
    }
  }

  /** Pick the row after (1) or before (-1) the picked one. @param {1 | -1} step */
  step(step) {
    const at = this.visible.findIndex((row) => row.id === this.picked);
    const row = this.visible[at < 0 ? (step > 0 ? 0 : this.visible.length - 1) : at + step];
    if (!row) return;
    if (at + step >= this.shown) this.#grow();
    this.pick(row.id);
    requestAnimationFrame(() => {
      const button = this.nodes.get(row.id)?.querySelector("button");
      button?.focus({ preventScroll: true });
      button?.scrollIntoView({ block: "nearest" });
    });
  }
}
