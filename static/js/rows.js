/** A list of keyed rows: lines that change in place, a window that grows as one scrolls, one picked row. */
import { h, perFrame, setText } from "./dom.js";
import { t } from "./labels.js";
import { everySecond } from "./time.js";

const STEP = 60;

/**
 * A page's list says which rows it wants in which order, and how one looks: `wanted`, `make`, `paint`, `fresh`.
 * @template {{id: string, version: number}} R
 */
export class Rows {
  /** @param {HTMLUListElement} box @param {import("./store.js").Store<R>} store @param {(id: string) => void} pick */
  constructor(box, store, pick) {
    this.box = box;
    this.store = store;
    this.pick = pick;
    /** @type {R[]} */
    this.visible = [];
    this.picked = "";
    this.shown = STEP;
    /** @type {Map<string, HTMLLIElement>} */
    this.nodes = new Map([...this.box.querySelectorAll("li")].map((li) => [li.dataset.id ?? "", li]));
    this.more = h("li.row.more", {}, h("button.open", { type: "button", onclick: () => this.#grow() }));
    this.box.addEventListener("click", (event) => this.#clicked(event));
    this.render = perFrame(() => this.#render());
    new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.#grow(), { root: this.box, rootMargin: "600px" }).observe(this.more);
    store.addEventListener("change", this.render);
    everySecond(() => this.refresh());
  }

  /** The rows to show, in order. @returns {R[]} */
  wanted() {
    return [...this.store.rows.values()];
  }

  /** An empty line for this row. @param {R} _row @returns {HTMLLIElement} */
  make(_row) {
    return h("li.row");
  }

  /** What the row says. @param {HTMLLIElement} _li @param {R} _row */
  paint(_li, _row) {}

  /** What changes with the time alone. @param {HTMLLIElement} _li @param {R} _row */
  fresh(_li, _row) {}

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

  /** Begin again at the top, with other rows. */
  restart() {
    this.shown = STEP;
    this.box.scrollTop = 0;
    this.render();
  }

  #render() {
    this.visible = this.wanted();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(`#${this.box.id} li`));
    this.#place(this.visible.slice(0, this.shown));
    if (focused?.isConnected && !focused.contains(document.activeElement)) focused.querySelector("button")?.focus({ preventScroll: true });
    this.#tail();
    this.dispatch();
  }

  /** Put these rows in this order, touching only what differs. @param {R[]} rows */
  #place(rows) {
    const kept = new Set(rows.map((row) => row.id));
    for (const [id, li] of this.nodes) {
      if (kept.has(id)) continue;
      li.remove();
      this.nodes.delete(id);
    }
    let next = this.box.firstElementChild;
    for (const row of rows) {
      const li = this.nodes.get(row.id) ?? this.#made(row);
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

  /** @param {R} row */
  #made(row) {
    const li = this.make(row);
    this.nodes.set(row.id, li);
    return li;
  }

  /** @param {HTMLLIElement} li @param {R} row */
  #update(li, row) {
    const mark = `${row.version}/${row.id === this.picked}`;
    if (li.dataset.mark === mark) return;
    li.dataset.mark = mark;
    li.querySelector(".open")?.setAttribute("aria-current", String(row.id === this.picked));
    this.paint(li, row);
    this.fresh(li, row);
  }

  /** Every second. */
  refresh() {
    for (const [id, li] of this.nodes) {
      const row = this.store.rows.get(id);
      if (row) this.fresh(li, row);
    }
    this.#beat();
  }

  /** The first vital line that waits beats with the clock. An animation would make the browser paint the page in layers, sixty times a second. */
  #beat() {
    const first = this.box.querySelector(".row.p1.waiting");
    for (const li of this.box.querySelectorAll(".beat")) if (li !== first) li.classList.remove("beat");
    first?.classList.toggle("beat");
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

/** Tags that change each second: their elements stay. @param {HTMLElement} box @param {{kind: string, text: string}[]} tags @param {() => any} build */
export function freshTags(box, tags, build) {
  const words = tags.map((tag) => tag.kind + tag.text).join("|");
  if (box.dataset.words === words) return;
  box.dataset.words = words;
  const same = box.children.length === tags.length && tags.every(({ kind }, at) => box.children[at].className === `tag ${kind}`);
  if (!same) return void box.replaceChildren(...build());
  tags.forEach(({ text }, at) => {
    const last = box.children[at].lastChild;
    if (last) last.textContent = text;
  });
}
