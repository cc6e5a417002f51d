/** The right column: one mission. Opens at once with what the board knows, then fills; entries change it in place. */
import { explain, get, newKey, Problem } from "../api.js";
import { $, fill, h, setText } from "../dom.js";
import { bones, thread, told } from "../drawer-parts.js";
import { isFree, keeping } from "../focus.js";
import { ActForm, send } from "../form.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { page } from "../page.js";
import { everySecond } from "../time.js";
import { ACTS, arrange, dispatches, likely, ROOM } from "./acts.js";
import * as parts from "./sheet-parts.js";
import { isHeld, isWaiting, priorityMark, statusName } from "./work.js";

/** @typedef {import("./work.js").Work} Work */

export class Sheet extends EventTarget {
  /**
   * @param {import("../store.js").Store<Work>} store @param {Map<string, import("./crews.js").Crew>} crews
   * @param {import("../live.js").Live} live @param {any} chooser proposals of crews
   */
  constructor(store, crews, live, chooser) {
    super();
    this.store = store;
    this.crews = crews;
    this.live = live;
    this.chooser = chooser;
    this.box = $("sheet");
    this.id = "";
    /** @type {any} */
    this.detail = null;
    /** The version that `allowed` was said for. */
    this.judged = 0;
    /** @type {ActForm | null} */
    this.form = null;
    /** @type {{id: string, name: string, doing: string}[]} */
    this.people = [];
    store.addEventListener("change", (event) => this.#changed(/** @type {any} */ (event).detail));
    everySecond(() => this.row && this.clocks?.tick(this.row));
    parts.nothing(this.box);
  }

  /** @returns {Work | undefined} */
  get row() {
    return this.store.rows.get(this.id) ?? this.detail;
  }

  /** @param {string} id */
  open(id) {
    if (this.id === id) return;
    this.close();
    this.id = id;
    this.#frame();
    this.live.look(id, "viewing");
    this.dispatchEvent(new CustomEvent("opened", { detail: id }));
    this.loading = this.#load(id);
  }

  close() {
    if (!this.id) return;
    this.live.look(this.id, "left");
    this.form?.close();
    Object.assign(this, { id: "", detail: null, form: null, people: [], clocks: null });
    this.chooser.show(null);
    parts.nothing(this.box);
    this.dispatchEvent(new CustomEvent("opened", { detail: "" }));
  }

  /** @param {string} id */
  async #load(id) {
    try {
      const detail = await get(`/api/v1/interventions/${id}/`);
      if (id !== this.id) return;
      this.detail = detail;
      this.judged = detail.version;
      if ((this.store.rows.get(id)?.version ?? 0) < detail.version) this.store.load([{ ...detail, photos: detail.photos.length, checklist_items: detail.checklist.length }]);
      this.#draw();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (id !== this.id) return;
      fill(this.more, h("section", {}, h("p", { role: "alert" }, error.status === 404 ? t("sheet.gone") : explain(error)),
        error.status !== 404 && h("p", {}, h("button.btn", { type: "button", onclick: () => { this.loading = this.#load(id); } }, t("drawer.again")))));
    }
  }

  /** The parts that stay while their content changes. */
  #frame() {
    this.top = h("div.top");
    this.slot = h("div", { id: "form-slot" });
    this.first = h("div");
    this.more = h("div", {}, h("section", {}, bones()));
    this.box.scrollTop = 0; // before anything changes: after it, the page would have to be laid out to know
    fill(this.box, this.top, this.slot, this.first, this.chooser.element, this.more);
    this.#drawFirst();
  }

  #drawFirst() {
    const { row } = this;
    if (!row) return;
    const open = dispatches && (isWaiting(row) || row.status === "assigned" || row.status === "accepted");
    this.clocks = parts.clocks(row);
    keeping(this.box, () => {
      fill(this.first, parts.facts(row, this.crews.get(row.crew?.id ?? "")), this.clocks?.element);
      this.chooser.show(open ? row : null);
    });
    this.#drawTop(row);
  }

  #draw() {
    this.#drawFirst();
    const { detail } = this;
    if (!detail) return;
    keeping(this.box, () => fill(this.more, parts.proof(detail), parts.checklist(detail), parts.photos(detail), parts.notes(detail), parts.pauses(detail), thread(detail.history)));
  }

  /** @param {string} act */
  may(act) {
    const { row, detail } = this;
    if (!row) return false;
    return detail && this.judged === row.version ? detail.allowed.includes(act) : likely(row, act);
  }

  /** @param {Work} row */
  #drawTop(row) {
    const arranged = arrange(row, (act) => this.may(act));
    const key = JSON.stringify([arranged, row.priority, row.status, row.title, row.paused_since, this.people]);
    if (this.top?.dataset.key === key) return;
    this.top.dataset.key = key;
    const open = this.top.querySelector("details")?.open;
    const others = this.people.filter(({ id }) => id !== page.me.id).map(({ name, doing }) => (doing === "editing" ? t("presence.editing", { name }) : name));
    keeping(this.box, () => fill(this.top,
      h("div.head", {}, priorityMark(row.priority), h("span.tag", {}, statusName(row.status)), row.paused_since && h("span.tag.soon", {}, t("sheet.paused")), h("span.mono.small.muted", {}, row.reference)),
      h("button.btn.quiet.closer", { type: "button", "aria-label": t("sheet.close"), onclick: () => this.close() }, "✕"),
      h("h2.title", { id: "sheet-title" }, row.title), others.length ? h("p.presence", {}, t("presence.here", { names: others.join(", ") })) : null, this.#buttons(arranged, open)));
  }

  /** @param {{first: string[], more: string[], crew: string[]}} arranged @param {boolean} [open] the menu */
  #buttons({ first, more, crew }, open) {
    const proposals = first[0] === "assign" && dispatches;
    const button = (/** @type {string} */ act, /** @type {string} */ look) =>
      h("button", { class: look, type: "button", data: { act }, onclick: () => this.act(act) }, t(`do.${act}`), ACTS[act].key && !(act === "assign") && h("kbd", { "aria-hidden": "true" }, ACTS[act].key));
    if (!first.length && !more.length && !crew.length) return null;
    return h("div.acts", {}, first.map((act, index) => button(act, index || proposals ? "btn" : "btn main")),
      more.length + crew.length > 0 && h("details.more-acts", { open }, h("summary.btn", {}, t("do.more")), h("div.sheet.panel", {}, more.map((act) => button(act, "btn")),
        crew.length > 0 && h("h3", {}, t("do.for_the_crew")), crew.map((act) => button(act, "btn")))));
  }

  /** Do an act, or open its form; `told` fills the form in. @param {string} act @param {Record<string, any>} [told] */
  async act(act, told = {}) {
    this.top?.querySelector("details")?.removeAttribute("open");
    await this.loading;
    const { row } = this;
    if (!row) return;
    if (!this.may(act)) return toast(t("do.refused", { act: t(`do.${act}`) }));
    if (ACTS[act].fields) return this.#openForm(act, told);
    try {
      this.#done(act, await send(act, row, {}, newKey(), ROOM));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
      this.loading = this.#load(this.id);
    }
  }

  /** @param {string} act @param {Record<string, any>} told */
  #openForm(act, told) {
    this.form?.close();
    const context = /** @type {any} */ ({ row: this.row, crews: this.crews, ...told });
    /** @type {ActForm} */
    const form = new ActForm(act, context, {
      done: (done, answer) => this.#done(done, answer, form),
      close: () => this.#closeForm(form),
      refused: (error, body) => this.dispatchEvent(new CustomEvent("refused", { detail: { error, body, row: this.row } })),
    }, ROOM);
    this.form = form;
    fill(this.slot, h("section", {}, told.words && h("ul.against", {}, told.words.map((/** @type {string} */ one) => h("li", {}, one))), this.form.element));
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
    if (answer?.version) this.store.load([answer]);
    this.dispatchEvent(new CustomEvent("done", { detail: { act, row: answer } }));
    if (act !== "assign") toast(t(`said.${act}`), { kind: "ok" });
    this.loading = this.#load(this.id);
  }

  /** @param {import("../store.js").Change} change */
  #changed({ changed, gone, entries }) {
    if (!this.id) return;
    if (gone.has(this.id) && !this.store.rows.has(this.id)) {
      toast(t("sheet.gone"), { kind: "bad" });
      return this.close();
    }
    const mine = entries.filter((entry) => entry.about === this.id);
    if (!mine.length && !changed.has(this.id)) return;
    const others = mine.filter((entry) => entry.by !== page.me.id);
    if (this.form && others.length) this.form.warn(others.map((entry) => told(entry)).join(", "));
    else if (this.form && this.row) this.form.row = /** @type {any} */ (this.row);
    for (const entry of mine) this.#learn(entry);
    this.#draw();
  }

  /** What an entry adds to the detail: nothing is asked of the server. @param {import("../store.js").Entry} entry */
  #learn({ seq, at, kind, by, data }) {
    const { detail } = this;
    if (!detail || detail.history.some((/** @type {any} */ known) => known.seq === seq)) return;
    detail.history.push({ seq, at, kind, by, data });
    const { photos: _photos, ...row } = data.row ?? {};
    Object.assign(detail, row);
    const told = { id: data.note ?? data.photo, at: data.at, by: { name: "" } };
    if (kind === "interventions.noted") detail.notes.push({ ...told, text: data.text });
    if (kind === "interventions.photographed") detail.photos.push({ ...told, stage: data.stage, url: `/api/v1/photos/${data.photo}/` });
    if (kind === "interventions.material_used") detail.materials.push({ ...told, label: data.label, quantity: data.quantity, unit: data.unit });
    if (kind === "interventions.ticked") for (const item of detail.checklist) if (item.key === data.item) Object.assign(item, { done: data.done, done_at: data.at });
    if (kind === "interventions.paused") detail.pauses.push({ reason: data.row.paused_reason, from_at: data.at, to_at: null });
    if (kind === "interventions.resumed") for (const one of detail.pauses) one.to_at ??= data.at;
  }

  /** @param {{about: string, people: any[]}} presence */
  present({ about, people }) {
    if (about !== this.id || !this.row) return;
    this.people = people;
    this.#drawTop(this.row);
  }

  /** Whether a crew has it and it has begun. */
  get underWay() {
    return this.row ? isHeld(this.row) : false;
  }
}
