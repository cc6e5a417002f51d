/** The entry bar: one field for everything, its draft kept at each key, commands completed while typing. */
import { call, explain, newKey, Problem } from "./api.js";
import { commandOf, completions, instantAt, read } from "./cell-commands.js";
import { $, fill, h, memory, setText } from "./dom.js";
import { nameOf } from "./incident.js";
import { t } from "./labels.js";
import { page } from "./page.js";
import { everySecond, now, short } from "./time.js";

const WRITING_MS = 6000;
const BLANK = "…";
const MARKS = ["source", "reliability", "credibility", "importance"];

export class Entry {
  /**
   * @param {import("./cell-store.js").CellStore} store
   * @param {import("./cell-outbox.js").Outbox} outbox
   * @param {{open: (what: string, fill?: any) => void, writing: (on: boolean) => void, sent: () => void}} room
   */
  constructor(store, outbox, room) {
    this.store = store;
    /** Lines written beforehand, for this plan. @type {{name: string, text: string}[]} */
    this.templates = /** @type {any} */ (page).templates ?? [];
    this.outbox = outbox;
    this.room = room;
    this.place = `ondijon.cell.${store.cell.id}.draft`;
    this.field = $("entry-text");
    this.list = $("entry-list");
    /** @type {ReturnType<typeof completions>} */
    this.options = [];
    this.at = -1;
    this.quiet = 0;
    /** @type {{id: string, name: string}[]} files brought in for the next line */
    this.files = [];
    this.base = `/api/v1/crisis/cells/${store.cell.id}/`;
    $("entry-file").addEventListener("change", () => void this.#attach($("entry-file").files[0]));
    const draft = memory.get(this.place, null);
    if (draft) this.#restore(draft);
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.field.addEventListener("blur", () => this.#close());
    $("entry").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.send();
    });
    for (const name of [...MARKS, "time"]) $(`entry-${name}`).addEventListener("input", () => this.#keep());
    $("entry-hints").addEventListener("click", (/** @type {any} */ event) => {
      const hint = event.target.closest("button")?.value;
      if (hint) this.start(`${hint} `);
    });
    everySecond(() => this.#clock());
    this.#clock();
    this.#say();
  }

  /** Put the cursor in the field, with a beginning. @param {string} [text] */
  start(text) {
    if (text !== undefined && !this.field.value.trim()) this.field.value = text;
    else if (text !== undefined) this.field.value = text;
    this.field.focus();
    this.#typed();
  }

  /** Correct a line: its own words to begin with. @param {import("./cell-store.js").Line} line */
  correct(line) {
    this.#restore({ text: `${t("command.correct")} ${line.number} ${line.text}`, source: line.source, reliability: line.reliability, credibility: String(line.credibility), importance: line.importance, time: short(line.occurred_at) });
    this.start();
  }

  /** @param {any} draft */
  #restore(draft) {
    this.field.value = draft.text ?? "";
    for (const name of [...MARKS, "time"]) if (draft[name]) $(`entry-${name}`).value = draft[name];
  }

  #clock() {
    $("entry-time").placeholder = short(now());
  }

  #typed() {
    this.#keep();
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, 160)}px`;
    this.options = completions(this.field.value, { incidents: [...this.store.incidents.values()].map((row) => ({ reference: row.reference, name: nameOf(row) })), templates: this.templates });
    this.at = this.options.length ? 0 : -1;
    this.#show();
    this.#say();
    this.room.writing(this.field.value.trim() !== "");
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.room.writing(false), WRITING_MS);
  }

  #keep() {
    const kept = Object.fromEntries([...MARKS, "time"].map((name) => [name, $(`entry-${name}`).value]));
    memory.set(this.place, this.field.value ? { ...kept, text: this.field.value } : null);
    setText($("entry-state"), this.field.value ? t("entry.kept") : "");
  }

  #say() {
    const name = commandOf(this.field.value)?.command?.key;
    for (const hint of $("entry-hints").querySelectorAll("button")) hint.toggleAttribute("data-on", hint.dataset.key === name);
    setText($("entry-error"), "");
  }

  #show() {
    this.list.hidden = this.options.length === 0;
    this.field.setAttribute("aria-expanded", String(this.options.length > 0));
    fill(this.list, this.options.map((option, index) => h("li", { role: "option", id: `entry-${index}`, "aria-selected": String(index === this.at),
      onpointerdown: (/** @type {Event} */ event) => { event.preventDefault(); this.#take(index); } }, h("b", {}, option.label), h("span.soft", {}, option.detail))));
    if (this.at >= 0) this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
    if (this.at >= 0) this.field.setAttribute("aria-activedescendant", `entry-${this.at}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #close() {
    this.options = [];
    this.at = -1;
    this.#show();
  }

  /** @param {number} index */
  #take(index) {
    this.field.value = this.options[index].text;
    this.#typed();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
    this.#blank(0);
  }

  /** Go to the next "…" that a prepared line leaves open: what is typed stands for it. @param {number} from @returns {boolean} */
  #blank(from) {
    const at = this.field.value.indexOf(BLANK, from);
    if (at >= 0) this.field.setSelectionRange(at, at + 1);
    return at >= 0;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Tab" && !event.shiftKey && !this.options.length && this.#blank(this.field.selectionEnd)) return event.preventDefault();
    const open = this.options.length > 0;
    const exact = open && this.options.some((option) => option.text.trim() === this.field.value.trim());
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : this.options.length - 1)) % this.options.length;
      this.#show();
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && !exact)) && !event.shiftKey && !event.ctrlKey) this.#take(this.at);
    else if (open && event.key === "Escape") this.#close();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.send();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What the fields beside say; what is left alone is left out. */
  #marks() {
    /** @type {Record<string, any>} */
    const marks = {};
    for (const name of MARKS) if ($(`entry-${name}`).value) marks[name] = $(`entry-${name}`).value;
    if (marks.credibility) marks.credibility = Number(marks.credibility);
    return marks;
  }

  send() {
    const intent = read(this.field.value, this.#marks());
    if (intent.kind === "empty") return;
    if (intent.error) return setText($("entry-error"), intent.error);
    const clock = intent.clock ?? $("entry-time").value.trim();
    const at = clock ? instantAt(clock, "last") : new Date(now()).toISOString();
    if (!at) return setText($("entry-error"), t("entry.time.wrong"));
    if (intent.open) this.room.open(intent.open, intent.fill);
    else this.#post(intent, at);
    this.#clear();
  }

  /** Bring a photo or PDF into the cell at once; the next line takes it along. @param {File | undefined} file */
  async #attach(file) {
    if (!file) return;
    const form = new FormData();
    form.append("file", file, file.name);
    setText($("entry-state"), t("file.sending", { name: file.name }));
    try {
      this.files.push(await call("POST", `${this.base}files/`, { body: form, key: newKey() }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setText($("entry-error"), explain(error));
    }
    $("entry-file").value = "";
    setText($("entry-state"), "");
    this.#held();
  }

  #held() {
    $("entry-files").hidden = this.files.length === 0;
    fill($("entry-files"), this.files.map((one) => h("button.chip", { type: "button", title: t("file.drop", { name: one.name }), onclick: () => { this.files = this.files.filter((other) => other !== one); this.#held(); } }, `${one.name} ✕`)));
  }

  /** @param {import("./cell-commands.js").Intent} intent @param {string} at */
  #post(intent, at) {
    const isLine = intent.path === "lines" || intent.path === "corrections";
    const table = isLine ? "lines" : /** @type {string} */ (intent.path);
    const files = isLine ? this.files.splice(0).map(({ id }) => id) : [];
    this.#held();
    const body = isLine ? { ...intent.body, occurred_at: at, ...(files.length ? { files } : {}) } : { ...intent.body, occurred_at: at };
    this.outbox.add({ at, path: /** @type {string} */ (intent.path), body, words: intent.words, table });
    this.room.sent();
  }

  #clear() {
    this.field.value = "";
    for (const name of [...MARKS, "time"]) $(`entry-${name}`).value = "";
    this.#typed();
    this.room.writing(false);
  }
}
