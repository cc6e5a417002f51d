/** The left column: what waits for a crew, by priority and age, with its clock; or what waits to be looked at. */
import { $, fill, h, setText, shape } from "../dom.js";
import { priorityName } from "../incident.js";
import { t } from "../labels.js";
import { freshTags, Rows } from "../rows.js";
import { ago, full } from "../time.js";
import { Near } from "./near.js";
import { byUrgency, icon, isOpen, isToCheck, isWaiting, metaOf, tagIcon, tagsOf, urgencyOf } from "./work.js";

/** @typedef {import("./work.js").Work} Work */

/** What each chip shows. @type {Record<string, (row: Work) => boolean>} */
export const VIEWS = {
  waiting: isWaiting,
  late: (row) => isOpen(row) && urgencyOf(row)?.state === "late",
  refused: (row) => row.status === "refused",
  planned: (row) => isWaiting(row) && row.incident === null,
  check: isToCheck,
};

/** @param {string} kind @param {string} text */
const tag = (kind, text) => h("span", { class: `tag ${kind}` }, icon(tagIcon(kind)), text);

/** @extends {Rows<Work>} */
export class Queue extends Rows {
  /** @param {import("../store.js").Store<Work>} store @param {(id: string) => void} pick @param {(row: Work) => boolean} passes the page's filters */
  constructor(store, pick, passes) {
    super($("rows"), store, pick);
    this.passes = passes;
    this.view = "waiting";
    this.near = new Near(this.box, "li[data-id]", (li) => li.querySelector(".name")?.textContent ?? "");
    $("views").addEventListener("click", (/** @type {any} */ event) => {
      const chosen = event.target.closest("button")?.value;
      if (chosen) this.show(chosen === this.view ? "waiting" : chosen);
    });
  }

  /** @param {string} view */
  show(view) {
    this.view = view;
    for (const chip of $("views").querySelectorAll("button")) chip.setAttribute("aria-pressed", String(chip.value === view));
    setText($("queue-title"), t(`view.${view}`));
    this.restart();
  }

  wanted() {
    return super.wanted().filter((row) => VIEWS[this.view](row) && this.passes(row)).sort(byUrgency);
  }

  /** @param {Work} row @returns {HTMLLIElement} */
  make(row) {
    return h("li.row", { hidden: "until-found", data: { id: row.id } },
      h("button.open", { type: "button" }, h("span.prio"), h("time.age"), h("b.name"), h("span.meta"), h("span.tags")),
      h("i.burn", { "aria-hidden": "true" }));
  }

  /** @param {HTMLLIElement} li @param {Work} row */
  paint(li, row) {
    const level = row.priority.toLowerCase();
    const vital = row.priority === "P1" && isWaiting(row);
    li.className = ["row", level, row.id === this.picked && "picked", vital && "waiting"].filter(Boolean).join(" ");
    li.draggable = isWaiting(row);
    if (!li.querySelector(".burn")) li.append(h("i.burn", { "aria-hidden": "true" }));
    const [prio, age, name, meta] = /** @type {HTMLElement[]} */ ([...(li.querySelector(".open")?.children ?? [])]);
    prio.className = `prio ${level}`;
    fill(prio, shape(row.priority), priorityName(row.priority));
    age.setAttribute("datetime", row.created_at);
    age.title = full(row.created_at);
    setText(name, row.title);
    setText(meta, metaOf(row));
    meta.title = [metaOf(row), row.address].filter(Boolean).join(" · ");
    this.near.name(li);
  }

  /** @param {HTMLLIElement} li @param {Work} row */
  fresh(li, row) {
    const [age, box, burn] = /** @type {(HTMLElement | null)[]} */ ([li.querySelector(".age"), li.querySelector(".tags"), li.querySelector(".burn")]);
    if (age) setText(age, ago(row.created_at));
    const tags = tagsOf(row);
    if (box) freshTags(box, tags, () => tags.map(({ kind, text }) => tag(kind, text)));
    const stands = urgencyOf(row);
    if (!burn) return;
    burn.dataset.state = stands?.state ?? "none";
    burn.style.setProperty("--share", String(Math.round((stands?.share ?? 0) * 200) / 200));
  }

  dispatch() {
    this.near.look(false);
    super.dispatch();
  }

  /** @param {string} id "" for none */
  mark(id) {
    this.near.show(this.nodes.get(id));
    super.mark(id);
  }

  /** How many each chip would show, filters applied. @returns {Record<string, number>} */
  counts() {
    const rows = super.wanted().filter(this.passes);
    return Object.fromEntries(Object.entries(VIEWS).map(([view, test]) => [view, rows.filter(test).length]));
  }
}
