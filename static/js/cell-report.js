/** The situation report: drafted from the record, written together section by section, approved by name, sent. */
import { call, explain, newKey, Problem } from "./api.js";
import { $, fill, h, memory, setText, settle } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { full, short, when } from "./time.js";

const SAVE_MS = 1500;
const STALE = 412;

/** @typedef {{key: string, id: string, title: string, text: string, version: number, by: {id: string, name: string} | null, at: string}} Section */
/** @typedef {{id: string, number: number, kind: string, state: string, sections: Section[], version: number, approved_by: {name: string} | null, approved_at: string | null, sent_at: string | null}} Report */

/** The open editor, so that news of its report reach it. @type {Editor | null} */
let editor = null;

/** Open the running draft, or this report, or draft the next one. @param {import("./cell-store.js").CellStore} store @param {Report} [wanted] @param {string} [kind] */
export async function openReport(store, wanted, kind = "situation") {
  const dialog = $("report");
  const draft = wanted ?? store.all("reports").find((one) => one.state === "draft" && one.kind === kind);
  editor = new Editor(store, draft ?? null);
  dialog.onclose = () => { editor = null; };
  dialog.showModal();
  if (!draft) await editor.draft(kind);
}

/** @param {import("./cell-store.js").CellStore} store */
export function watchReports(store) {
  store.on(["reports"], () => editor?.refresh());
}

class Editor {
  /** @param {import("./cell-store.js").CellStore} store @param {Report | null} report */
  constructor(store, report) {
    this.store = store;
    this.id = report?.id ?? "";
    this.base = `/api/v1/crisis/cells/${store.cell.id}/reports/`;
    /** Sections as they stood when this person began to change them. @type {Map<string, Section>} */
    this.begun = new Map();
    this.error = h("p.error-text", { role: "alert" });
    this.body = h("div.sections");
    this.acts = h("div.acts");
    this.title = h("h2", { id: "report-title" });
    this.state = h("p.soft.small");
    fill($("report"), h("div.inside", {}, h("header.report-head", {}, h("div", {}, this.title, this.state), h("button.btn.quiet", { type: "button", onclick: () => $("report").close() }, t("help.close"))), this.error, this.body, this.acts));
    if (report) this.#build();
  }

  /** @returns {Report} */
  get report() {
    return this.store.tables.reports.get(this.id);
  }

  /** @param {string} kind */
  async draft(kind) {
    setText(this.title, t("report.drafting"));
    await this.#do(async () => {
      const made = await call("POST", this.base, { body: { kind }, key: newKey() });
      this.id = made.id;
      this.store.take("reports", made);
      this.#build();
    });
  }

  #build() {
    fill(this.body, this.report.sections.map((section) => this.#section(section)));
    this.refresh();
  }

  /** @param {Section} section */
  #section(section) {
    const frozen = this.report.state !== "draft" || !this.store.allowed.has("draft");
    const id = `section-${section.key}`;
    if (frozen) return h("section.section", {}, h("h3", {}, section.title), h("p.read", {}, section.text || "–"));
    const field = h("textarea", { id, rows: Math.min(12, Math.max(2, section.text.split("\n").length + 1)), maxlength: 20000, value: memory.get(this.#place(section.key), null) ?? section.text });
    const note = h("p.hint", { data: { note: section.key }, "aria-live": "polite" });
    const save = settle(() => void this.#save(section.key, field, note), SAVE_MS);
    field.addEventListener("input", () => {
      if (!this.begun.has(section.key)) this.begun.set(section.key, this.#now(section.key));
      memory.set(this.#place(section.key), field.value);
      setText(note, t("report.writing"));
      save();
    });
    return h("section.section.field", { data: { section: section.key } }, h("label", { for: id }, section.title), field, note);
  }

  /** @param {string} key */
  #place(key) {
    return `ondijon.report.${this.id}.${key}`;
  }

  /** @param {string} key @returns {Section} */
  #now(key) {
    return /** @type {Section} */ (this.report.sections.find((one) => one.key === key));
  }

  /** Save a section against the version it was begun from: whoever was slower sees both, and nothing is overwritten. @param {string} key @param {any} field @param {Element} note */
  async #save(key, field, note) {
    const from = this.begun.get(key);
    if (!from || field.value === this.#now(key).text) return;
    const text = field.value;
    try {
      const section = await call("PUT", `${this.base}${this.id}/sections/${key}/`, { body: { text }, version: from.version });
      if (field.value === text) memory.set(this.#place(key), null); // else more was written meanwhile
      this.begun.set(key, section);
      setText(note, t("report.saved", { time: short(section.at) }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === STALE) this.#conflict(key, field, note, error.body.current);
      else setText(note, explain(error));
    }
  }

  /** @param {string} key @param {any} field @param {Element} note @param {Section} theirs */
  #conflict(key, field, note, theirs) {
    const keepMine = h("button.btn", { type: "button", onclick: () => { this.begun.set(key, theirs); void this.#save(key, field, note); } }, t("report.keep.mine"));
    const takeTheirs = h("button.btn", { type: "button", onclick: () => { field.value = theirs.text; memory.set(this.#place(key), null); this.begun.delete(key); fill(note); } }, t("report.take.theirs"));
    const both = h("button.btn.main", { type: "button", onclick: () => { field.value = `${theirs.text}\n${field.value}`; this.begun.set(key, theirs); void this.#save(key, field, note); } }, t("report.keep.both"));
    fill(note, h("span.versus", {}, h("b", {}, t("report.conflict", { name: theirs.by?.name ?? "" })), h("blockquote", {}, theirs.text), h("span.acts", {}, both, keepMine, takeTheirs)));
  }

  /** What others wrote, into the sections that this person is not changing. */
  refresh() {
    const report = this.report;
    if (!report) return;
    setText(this.title, t(report.kind === "situation" ? "report.title" : "report.after", { n: report.number }));
    setText(this.state, report.sent_at ? t("report.sent", { time: full(report.sent_at) }) : report.approved_at ? t("report.approved", { name: report.approved_by?.name ?? "", time: when(report.approved_at) }) : t("report.draft.words"));
    if (report.state !== "draft" && this.body.querySelector("textarea")) return this.#build();
    for (const section of report.sections) {
      const box = this.body.querySelector(`[data-section="${section.key}"]`);
      const field = /** @type {any} */ (box?.querySelector("textarea"));
      if (!field || this.begun.has(section.key) && field.value !== section.text && document.activeElement === field) continue;
      if (field.value === section.text || memory.get(this.#place(section.key), null) !== null) continue;
      field.value = section.text;
      setText(/** @type {Element} */ (box?.querySelector("[data-note]")), section.by ? t("report.by", { name: section.by.name, time: when(section.at) }) : "");
    }
    this.#buttons(report);
  }

  /** @param {Report} report */
  #buttons(report) {
    const may = this.store.allowed.has("approve");
    const act = (/** @type {string} */ path, /** @type {boolean} */ versioned) => this.#do(async () => {
      this.store.take("reports", await call("POST", `${this.base}${report.id}/${path}/`, { body: {}, version: versioned ? this.report.version : undefined, key: newKey() }));
      this.refresh();
    });
    keeping(this.acts, () => fill(this.acts,
      report.state === "draft" && may && h("button.btn.main", { type: "button", onclick: () => void act("approve", true) }, t("report.approve")),
      report.state === "draft" && !may && h("span.small.muted", {}, t("report.approve.who")),
      report.state === "approved" && report.kind === "situation" && may && h("button.btn.main", { type: "button", onclick: () => void act("send", false) }, t("report.send")),
      report.state !== "draft" && h("a.btn", { href: `${this.base}${report.id}/report.pdf`, target: "_blank", rel: "noopener" }, t("report.pdf"))));
  }

  /** @param {() => Promise<void>} work */
  async #do(work) {
    setText(this.error, "");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setText(this.error, explain(error));
    }
  }
}
