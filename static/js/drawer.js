/** The open incident beside the map: opens at once with what the list knows, then fills with the rest. */
import { arrange, ACTS } from "./acts.js";
import { explain, get, newKey, Problem } from "./api.js";
import { $, fill, h, setText } from "./dom.js";
import * as talk from "./drawer-talk.js";
import * as parts from "./drawer-parts.js";
import { isFree, keeping } from "./focus.js";
import { ActForm, send } from "./form.js";
import { nameOf, priorityMark, tagElements, tagsOf } from "./incident.js";
import { t } from "./labels.js";
import { page } from "./page.js";
import { panels } from "./panels.js";
import { everySecond } from "./time.js";

/** @typedef {import("./store.js").Row} Row */

/** The answer of the API as one row and what hangs on it. @param {any} answer */
function unpack(answer) {
  const row = answer.row ?? { ...answer, reports: Array.isArray(answer.reports) ? answer.reports.length : answer.reports };
  return { ...answer, row, reports: answer.reports ?? [], comments: answer.comments ?? [], attachments: answer.attachments ?? [], history: answer.history ?? [], allowed: answer.allowed ?? [] };
}

export class Drawer extends EventTarget {
  /**
   * @param {import("./store.js").Store} store @param {any} map
   * @param {{look: (about: string, doing: any) => void}} live
   * @param {(words: string, options?: any) => void} toast
   */
  constructor(store, map, live, toast) {
    super();
    this.store = store;
    this.map = map;
    this.live = live;
    this.toast = toast;
    /** @type {HTMLElement} */
    this.box = $("drawer");
    this.id = "";
    /** @type {any} */
    this.detail = null;
    /** @type {any[] | null} */
    this.near = null;
    /** Parts that keep their element when the rest is drawn again. @type {Record<string, any>} */
    this.kept = {};
    /** Pieces of the head. @type {Record<string, any>} */
    this.piece = {};
    /** @type {import("./panels.js").Panel[]} */
    this.panels = [];
    /** @type {ActForm | null} */
    this.form = null;
    /** @type {{id: string, name: string, doing: string}[]} */
    this.people = [];
    store.addEventListener("change", (event) => this.#changed(/** @type {any} */ (event).detail));
    everySecond(() => this.#tick());
  }

  get row() {
    return this.store.rows.get(this.id) ?? this.detail?.row;
  }

  /** @param {string} id */
  async open(id) {
    if (this.id === id && !this.box.hidden) return;
    if (this.id) this.live.look(this.id, "left");
    this.form?.close();
    Object.assign(this, { id, detail: null, form: null, people: [], near: null, kept: {}, panels: panels(id) });
    this.box.hidden = false;
    this.#frame();
    this.live.look(id, "viewing");
    this.dispatchEvent(new CustomEvent("opened", { detail: id }));
    await this.load();
  }

  close() {
    if (!this.id) return;
    this.live.look(this.id, "left");
    this.form?.close();
    Object.assign(this, { id: "", detail: null, form: null });
    this.box.hidden = true;
    this.dispatchEvent(new CustomEvent("opened", { detail: "" }));
  }

  /** Ask for everything about the open incident again. */
  load() {
    this.loading = this.#load(this.id);
    return this.loading;
  }

  /** @param {string} id */
  async #load(id) {
    try {
      const detail = unpack(await get(`/api/v1/incidents/${id}/`));
      if (id !== this.id) return;
      this.detail = detail;
      this.store.load([detail.row]);
      this.#draw();
      for (const panel of this.panels) void panel.load(detail);
      void this.#look(id);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (id === this.id) this.#failed(error);
    }
  }

  /** @param {string} id */
  async #look(id) {
    const { lat, lon, category, occurred_at, title } = this.row;
    const found = await get("/api/v1/incidents/nearby/", { lat, lon, category, occurred_at, q: title, except: id }, { once: true }).catch(() => []);
    if (id !== this.id) return;
    this.near = (found.results ?? found).filter((/** @type {any} */ near) => near.row.id !== id);
    if (this.nearBox) keeping(this.box, () => this.nearBox?.replaceWith(this.#nearby()));
  }

  /** @param {Problem} error */
  #failed(error) {
    const gone = error.status === 404;
    if (this.detail && !gone) return this.toast(explain(error), { kind: "bad" }); // what is shown, and written in it, stays
    fill(this.body, h("section", {}, h("p", { role: "alert" }, gone ? t("drawer.gone") : explain(error)),
      !gone && h("p", {}, h("button.btn", { type: "button", onclick: () => this.load() }, t("drawer.again")))));
  }

  /** The parts that stay while their content changes. */
  #frame() {
    this.top = h("div.top");
    this.slot = h("div", { id: "form-slot" });
    this.body = h("div", {}, h("section", {}, parts.bones()));
    fill(this.box, this.top, this.slot, this.body);
    this.box.scrollTop = 0;
    this.#drawTop();
    if (this.row) fill(this.body, parts.facts(this.row), h("section", {}, parts.bones()));
  }

  #draw() {
    const { detail } = this;
    const row = this.row;
    if (!detail || !row) return;
    const may = (/** @type {string} */ act) => detail.allowed.includes(act);
    const again = () => this.load();
    this.factsBox = h("div", {}, parts.facts(row));
    this.nextBox = h("div", {}, parts.next(row));
    const add = may("report") && h("button.btn", { type: "button", onclick: () => this.act("report") }, t("act.report"));
    keeping(this.box, () => fill(this.body,
      this.factsBox, this.nextBox, this.panels.map((panel) => panel.element),
      parts.section(t("section.reports", { n: detail.reports.length }), h("ul.cards", {}, detail.reports.map(parts.report)), add && h("div.acts", {}, add)),
      talk.comments(this.id, detail, may("comment"), again, this.kept), talk.files(this.id, detail, may("attach"), again, this.kept),
      this.#nearby(), parts.thread(detail.history)));
    this.#drawTop();
  }

  #nearby() {
    const open = (/** @type {string} */ id) => () => this.dispatchEvent(new CustomEvent("pick", { detail: id }));
    this.nearBox = h("div", {}, Boolean(this.near?.length) && parts.section(t("section.near"), h("ul.cards", {}, this.near?.map((near) => parts.neighbour(near, t("near.open"), open(near.row.id))))));
    return this.nearBox;
  }

  /** The head, piece by piece and only where something differs: a menu stays open, a click is not lost. */
  #drawTop() {
    const row = this.row;
    if (!row) return fill(this.top, this.#closer());
    if (!this.piece.head?.isConnected) {
      this.piece = { head: h("div.head"), title: h("h2.title", { id: "drawer-title" }), here: h("div"), acts: h("div") };
      fill(this.top, this.piece.head, this.#closer(), this.piece.title, this.piece.here, this.piece.acts);
    }
    const { head, title, here, acts } = this.piece;
    this.tags = h("span.acts", {}, tagElements(tagsOf(row)));
    fill(head, priorityMark(row.priority), this.tags, h("span.mono.small.muted", {}, row.reference));
    setText(title, nameOf(row));
    fill(here, this.#presence());
    const arranged = this.detail && arrange(row, this.detail.allowed, this.detail.watching);
    const key = JSON.stringify(arranged);
    if (acts.dataset.key === key) return;
    acts.dataset.key = key;
    const open = acts.querySelector("details")?.open;
    keeping(this.box, () => fill(acts, this.#buttons(arranged, open)));
  }

  #closer() {
    return h("button.btn.quiet.closer", { type: "button", "aria-label": t("drawer.close"), data: { act: "close-drawer" }, onclick: () => this.close() }, "✕");
  }

  #presence() {
    const others = this.people.filter(({ id }) => id !== page.me.id);
    if (!others.length) return null;
    const editing = others.some(({ doing }) => doing === "editing");
    const names = others.map(({ name, doing }) => (doing === "editing" ? t("presence.editing", { name }) : name)).join(", ");
    return h("p.presence", { data: { doing: editing ? "editing" : "viewing" } }, t("presence.here", { names }));
  }

  /** @param {{first: string[], more: string[]} | null} arranged @param {boolean} [open] the menu */
  #buttons(arranged, open) {
    if (!arranged) return h("div.acts", { "aria-hidden": "true" }, h("button.btn", { type: "button", disabled: true }, "…"));
    const { first, more } = arranged;
    const button = (/** @type {string} */ act, /** @type {string} */ look) =>
      h("button", { class: look, type: "button", data: { act }, onclick: () => this.act(act) }, t(`act.${act}`), ACTS[act].key && h("kbd", { "aria-hidden": "true" }, ACTS[act].key));
    return h("div.acts", {}, first.map((act, index) => button(act, index ? "btn" : "btn main")),
      more.length > 0 && h("details.more-acts", { open }, h("summary.btn", {}, t("act.more")), h("div.sheet.panel", {}, more.map((act) => button(act, "btn")))));
  }

  /** Do an act, or open its form. @param {string} act */
  async act(act) {
    this.top.querySelector("details")?.removeAttribute("open");
    // What is allowed may be on its way: a quick hand is not refused for it.
    await this.loading;
    if (!this.row) return;
    if (!this.detail?.allowed.includes(act === "unwatch" ? "watch" : act)) return this.toast(t("act.refused", { act: t(`act.${act}`) }));
    if (ACTS[act].fields) return this.#openForm(act);
    try {
      this.#done(act, await send(act, this.row, {}, newKey()));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.toast(explain(error), { kind: "bad" });
      void this.load();
    }
  }

  /** @param {string} act */
  #openForm(act) {
    if (this.form?.act === act) return this.form.focus();
    this.form?.close();
    const context = { row: this.row, detail: this.detail, map: this.map, store: this.store };
    /** @type {ActForm} */
    const form = new ActForm(act, context, { done: (done, answer) => this.#done(done, answer, form), close: () => this.#closeForm(form) });
    this.form = form;
    fill(this.slot, h("section", {}, this.form.element));
    this.box.scrollTop = 0;
    this.form.focus();
    this.live.look(this.id, "editing");
  }

  /** @param {ActForm} form */
  #closeForm(form) {
    if (this.form !== form) return; // an answer may come when another one is open
    const led = isFree(this.slot);
    this.form = null;
    fill(this.slot);
    if (!this.id) return;
    this.live.look(this.id, "viewing");
    if (led) this.box.focus();
  }

  /** @param {string} act @param {any} answer @param {ActForm} [form] */
  #done(act, answer, form) {
    if (form) this.#closeForm(form);
    if (answer?.id && answer.version) this.store.load([unpack(answer).row]);
    const undo = act === "merge" ? { label: t("toast.undo"), act: () => this.act("unmerge") } : undefined;
    this.toast(t(`done.${act}`), { kind: "ok", undo });
    void this.load();
  }

  /** @param {import("./store.js").Change} change */
  #changed(change) {
    if (!this.id) return;
    if (change.gone.has(this.id) && change.entries.length) { // a reload brings the first page alone, and asks for this one after
      this.toast(t("drawer.gone"), { kind: "bad" });
      return this.close();
    }
    for (const panel of this.panels) panel.hear?.(change.entries);
    const entries = change.entries.filter((entry) => entry.about === this.id);
    if (!entries.length) return;
    const others = entries.filter((entry) => entry.by !== page.me.id);
    if (this.form && others.length) this.form.warn(others.map((entry) => parts.told(entry)).join(", "));
    else if (this.form && this.row) this.form.row = this.row; // one's own other act is no conflict
    this.#drawTop();
    if (this.factsBox && this.row) fill(this.factsBox, parts.facts(this.row)); // what the list knows already, before the rest is asked for
    void this.load();
  }

  /** @param {{about: string, people: any[]}} presence */
  present(presence) {
    if (presence.about !== this.id) return;
    this.people = presence.people;
    this.#drawTop();
  }

  #tick() {
    const row = this.row;
    if (!row || this.box.hidden) return;
    if (this.tags) fill(this.tags, tagElements(tagsOf(row)));
    if (this.nextBox) fill(this.nextBox, parts.next(row));
    for (const panel of this.panels) panel.tick();
  }
}
