/** The log pane: lines in their order, the newest below; superseded ones struck through and tied to their correction. */
import { get, Problem } from "./api.js";
import { functionKeys, functionName, isByAct, isOpenQuestion, trust } from "./cell-words.js";
import { $, fill, fold, h, perFrame, setText, settle } from "./dom.js";
import { keeping } from "./focus.js";
import { nameOf } from "./incident.js";
import { t } from "./labels.js";
import { day, everySecond, full, short, when } from "./time.js";

/** @typedef {import("./cell-store.js").Line} Line */

const SHOWN = 250;
const OLDER = 200;
const NEAR_END_PX = 90;
const ASK_MS = 300;
/** What a filter is called by the API, for lines that are not on this screen. @type {Record<string, any>} */
const ASKED = { all: {}, decisions: { kind: "decision,level" }, open: { unverified: "1" }, fixed: { corrected: "1" } };

export class LogPane {
  /** @param {import("./cell-store.js").CellStore} store @param {{correct: (line: Line) => void, outbox: import("./cell-outbox.js").Outbox}} tools */
  constructor(store, { correct, outbox }) {
    this.store = store;
    this.outbox = outbox;
    this.correct = correct;
    this.filter = "all";
    this.words = "";
    this.function = "";
    /** Older lines that fit what is looked for, from the post: not part of what this screen follows. @type {Map<string, Line>} */
    this.found = new Map();
    this.shown = SHOWN;
    /** @type {Map<string, HTMLElement>} */
    this.nodes = new Map();
    this.box = $("log");
    this.seen = Math.max(0, ...store.lines.map((line) => line.number));
    this.render = perFrame(() => this.#render());
    store.on(["lines"], () => this.#render());
    outbox.addEventListener("change", this.render);
    $("log-chips").addEventListener("click", (/** @type {any} */ event) => this.#choose(event.target.closest("button")?.value));
    $("log-search").addEventListener("input", () => {
      this.words = fold($("log-search").value.trim());
      this.#look();
    });
    $("log-function").append(...functionKeys.map((key) => h("option", { value: key }, functionName(key))));
    $("log-function").addEventListener("change", () => {
      this.function = $("log-function").value;
      this.#look();
    });
    this.ask = settle(() => void this.#ask(), ASK_MS);
    this.box.addEventListener("click", (/** @type {any} */ event) => this.#clicked(event.target));
    $("log-older").addEventListener("click", () => void this.#older());
    everySecond(() => this.#fresh());
    this.#render();
    this.toEnd();
  }

  /** Lines after this number are new to this person. @param {number} number */
  mark(number) {
    this.seen = number;
    for (const node of this.nodes.values()) node.dataset.mark = "";
    this.#render();
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  /** @param {string | undefined} value */
  #choose(value) {
    if (!value) return;
    this.filter = value;
    this.#look();
    for (const chip of $("log-chips").querySelectorAll("button")) chip.setAttribute("aria-pressed", String(chip.value === value));
    this.#render();
    this.toEnd();
  }

  /** @param {any} target */
  #clicked(target) {
    const link = target.closest("[data-goto]");
    if (link) return this.reveal(Number(link.dataset.goto));
    const fix = target.closest("[data-fix]");
    const line = fix && this.store.tables.lines.get(fix.dataset.fix);
    if (line) this.correct(line);
  }

  /** Bring a line into view and say which one. @param {number} number */
  reveal(number) {
    const line = this.store.lines.find((one) => one.number === number);
    if (!line) return;
    if (!this.nodes.has(line.id)) this.#choose("all");
    const node = this.nodes.get(line.id);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 2500);
  }

  get narrowed() {
    return this.filter !== "all" || this.words !== "" || this.function !== "";
  }

  /** What is looked for changed: what is here at once, the rest of the record a moment later. */
  #look() {
    this.found.clear();
    this.render();
    if (this.narrowed && (this.store.lines[0]?.number ?? 1) > 1) this.ask();
  }

  async #ask() {
    const asked = JSON.stringify([this.filter, this.words, this.function]);
    const query = { ...ASKED[this.filter], q: this.words || undefined, function: this.function || undefined, before: this.store.lines[0]?.number, limit: OLDER };
    const answer = await get(`/api/v1/crisis/cells/${this.store.cell.id}/lines/`, query).catch((error) => {
      if (error instanceof Problem) return null; // what is here is shown
      throw error;
    });
    if (!answer || asked !== JSON.stringify([this.filter, this.words, this.function])) return;
    this.found = new Map(answer.results.map((/** @type {Line} */ line) => [line.id, line]));
    this.#render();
  }

  async #older() {
    const first = this.store.lines[0];
    if (this.store.lines.length > this.shown) this.shown += OLDER;
    else if (first && first.number > 1) {
      const answer = await get(`/api/v1/crisis/cells/${this.store.cell.id}/lines/`, { before: first.number, limit: OLDER });
      this.shown += OLDER;
      for (const line of answer.results) this.store.tables.lines.set(line.id, line);
    }
    const before = this.box.scrollHeight;
    this.#render();
    this.box.scrollTop += this.box.scrollHeight - before;
  }

  #render() {
    const own = this.store.lines;
    const lines = this.narrowed ? [...this.found.values()].filter(({ id }) => !this.store.tables.lines.has(id)).sort((a, b) => a.number - b.number).concat(own) : own;
    const later = new Map(lines.filter((line) => line.supersedes).map((line) => [line.supersedes, line.number]));
    this.#counts(own, later);
    const wanted = lines.filter((line) => this.#passes(line, later));
    const first = own[0]?.number ?? 1;
    $("log-older").hidden = !(wanted.length > this.shown || (first > 1 && !this.narrowed));
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END_PX;
    this.#place(wanted.slice(-this.shown), later);
    this.#pending();
    if (atEnd) this.toEnd();
    $("log-empty").hidden = wanted.length > 0 || this.outbox.items.length > 0;
    this.#below(atEnd, own);
  }

  /** @param {Line} line @param {Map<number | null, number>} later */
  #passes(line, later) {
    if (this.words && !fold(`${line.number} ${line.text} ${line.source} ${line.reference} ${functionName(line.function)}`).includes(this.words)) return false;
    if (this.function && line.function !== this.function && !line.mentions.includes(this.function)) return false;
    if (this.filter === "decisions") return line.kind === "decision" || line.kind === "level";
    if (this.filter === "open") return isOpenQuestion(line) && !later.has(line.number);
    if (this.filter === "fixed") return line.supersedes !== null || later.has(line.number);
    return true;
  }

  /** @param {Line[]} lines @param {Map<number | null, number>} later */
  #counts(lines, later) {
    const count = (/** @type {(line: Line) => boolean} */ test) => String(lines.filter(test).length);
    setText($("count-all"), String(this.store.cell.lines > lines.length ? this.store.cell.lines : lines.length));
    setText($("count-decisions"), count((line) => line.kind === "decision" || line.kind === "level"));
    setText($("count-open"), count((line) => isOpenQuestion(line) && !later.has(line.number)));
    setText($("count-fixed"), String(later.size));
    setText($("log-count"), t("log.count", { n: Math.max(this.store.cell.lines, lines.length) }));
  }

  /** @param {Line[]} lines @param {Map<number | null, number>} later */
  #place(lines, later) {
    const kept = new Set(lines.map((line) => line.id));
    for (const [id, node] of this.nodes) {
      if (kept.has(id)) continue;
      node.remove();
      this.nodes.delete(id);
    }
    let next = $("log-lines").firstElementChild;
    let date = "";
    lines.forEach((line, at) => {
      let node = this.nodes.get(line.id);
      const by = later.get(line.number) ?? 0;
      const tied = by === line.number + 1 && lines[at + 1]?.number === by;
      const mark = `${by}/${tied}/${date !== day(line.occurred_at)}`;
      if (!node) {
        node = h("li.line", { data: { id: line.id } });
        this.nodes.set(line.id, node);
      }
      if (node.dataset.mark !== mark) {
        const newDay = date !== day(line.occurred_at) && at > 0;
        keeping(node, () => this.#draw(/** @type {HTMLElement} */ (node), line, by, tied, newDay));
        node.dataset.mark = mark;
      }
      date = day(line.occurred_at);
      if (node === next) next = next.nextElementSibling;
      else $("log-lines").insertBefore(node, next);
    });
  }

  /** @param {HTMLElement} node @param {Line} line @param {number} by @param {boolean} tied @param {boolean} newDay */
  #draw(node, line, by, tied, newDay) {
    const fresh = line.number > this.seen;
    node.className = ["line", by && "old", tied && "tied", line.supersedes && "fix", line.importance !== "normal" && line.importance, isByAct(line) && "act", fresh && "fresh"].filter(Boolean).join(" ");
    const late = Math.abs(Date.parse(line.entered_at) - Date.parse(line.occurred_at)) > 60_000;
    fill(node, newDay && h("p.day", {}, day(line.occurred_at)),
      h("span.no", {}, String(line.number)),
      h("span.tm", { title: full(line.occurred_at) }, h("b", {}, short(line.occurred_at)), late && h("i", { title: full(line.entered_at) }, t("log.entered", { time: short(line.entered_at) }))),
      h("div.tx", {},
        h("p", {}, by ? h("s", {}, line.text) : line.text, line.reference && h("span.ref", {}, line.reference), line.mentions.map((key) => h("span.mention", {}, `@${functionName(key)}`))),
        h("p.mt", {}, line.importance === "vital" && h("b.vital", {}, t("importance.vital")), line.importance === "important" && h("b.important", {}, t("importance.important")),
          h("b", { title: line.by?.name }, line.function ? functionName(line.function) : (line.by?.name ?? t("house"))), line.source && h("span.source", {}, line.source), !by && !isByAct(line) && line.source && trust(line), this.#ends(line, by))));
  }

  /** @param {Line} line @param {number} by */
  #ends(line, by) {
    const incidents = (line.incidents ?? []).map((id) => this.store.incidents.get(id)).filter(Boolean);
    const missions = (/** @type {any} */ (line).interventions ?? []).map((/** @type {string} */ id) => this.store.missions.get(id)).filter(Boolean);
    return [
      incidents.map((row) => h("a.lk", { href: `/?incident=${row.id}`, title: nameOf(row) }, row.reference)),
      missions.map((/** @type {any} */ row) => h("a.lk", { href: `/interventions/?intervention=${row.id}` }, row.reference)),
      line.files.map((one) => h("a.lk", { href: `/api/v1/crisis/cells/${this.store.cell.id}/files/${one.id}/`, target: "_blank", rel: "noopener", title: one.sha256 }, one.name)),
      line.supersedes !== null && h("button.lk", { type: "button", data: { goto: line.supersedes } }, t("log.fixes", { n: line.supersedes })),
      by > 0 && h("button.lk", { type: "button", data: { goto: by } }, h("span", { "aria-hidden": "true" }, "× "), t("log.fixed", { n: by })),
      !by && !isByAct(line) && this.store.allowed.has("supersede") && h("button.lk.quiet", { type: "button", data: { fix: line.id } }, t("log.fix")),
    ];
  }

  /** What is written here and not yet in the record. */
  #pending() {
    keeping($("log-pending"), () => fill($("log-pending"), this.outbox.items.map((item) => h("li.line.pending", { data: { id: item.id, refused: item.refused ? "1" : "" } },
      h("span.no", {}, "…"), h("span.tm", {}, h("b", {}, when(item.at)), h("i", {}, t(item.refused ? "outbox.refused" : "outbox.waits"))),
      h("div.tx", {}, h("p", {}, item.words), item.refused && h("p.error-text", {}, item.refused),
        item.refused && h("p.mt", {}, h("button.lk", { type: "button", onclick: () => this.outbox.again(item.id) }, t("outbox.again")),
          h("button.lk", { type: "button", onclick: () => this.outbox.drop(item.id) }, t("outbox.drop"))))))));
  }

  /** Say that newer lines lie below when the person reads further up. @param {boolean} atEnd @param {Line[]} lines */
  #below(atEnd, lines) {
    const last = lines.at(-1)?.number ?? 0;
    if (atEnd && !document.hidden) this.seen = last;
    const missed = last - this.seen;
    $("log-below").hidden = missed <= 0;
    setText($("log-below"), t("log.below", { n: missed }));
  }

  #fresh() {
    if (this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END_PX && !$("log-below").hidden) this.#render();
  }
}
