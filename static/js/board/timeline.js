/** The middle: crews and their day. Rows stay; only the lanes that something happened to are drawn again. */
import { $, fill, h, memory, perFrame, setText } from "../dom.js";
import { t } from "../labels.js";
import { clock, day, everySecond, now, short } from "../time.js";
import { isThere, loadOf, missing, skillsOf, stateOf } from "./crews.js";
import { lineOf } from "./crew-line.js";
import { walk } from "./day-keys.js";
import { keeping } from "../focus.js";
import { ageWords } from "./fleet.js";
import { ghost, job, put, refusal, shifts } from "./lane.js";
import { Near } from "./near.js";
import { icon, isHeld, slotOf } from "./work.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {import("./crews.js").Crew} Crew */
/** @typedef {import("./crew-line.js").Line} Line */

const HOUR = 3_600_000;
const [BEFORE, HOURS] = [5, 13];
const STEP_HOURS = 4;
const EARLIEST = 12;
const LATEST = 36;
const MANY = 40;
const TAB_KEY = "ondijon.board.crews";

export class Timeline {
  /**
   * @param {Map<string, Crew>} crews @param {import("../store.js").Store<Work>} store @param {import("./fleet.js").Fleet} fleet
   * @param {(id: string) => void} pick @param {(crew: Crew) => boolean} passes the page's filters
   */
  constructor(crews, store, fleet, pick, passes) {
    this.crews = crews;
    this.store = store;
    this.fleet = fleet;
    this.passes = passes;
    this.box = $("crew-rows");
    this.near = new Near($("day"), "li.crew", (li) => [...li.querySelectorAll(".cell b, .st")].map((one) => one.textContent).join(", "));
    this.shift = 0;
    this.tab = memory.get(TAB_KEY, "there");
    this.picked = "";
    /** @type {Map<string, Work[]>} missions by crew */
    this.held = new Map();
    /** @type {Map<string, Line>} */
    this.lines = new Map();
    /** @type {Map<string, any>} headings by organisation */
    this.groups = new Map();
    /** @type {{crew: string, ghost: import("./lane.js").Ghost} | null} */
    this.shadow = null;
    /** @type {Map<string, import("./lane.js").Refusal>} */
    this.refusals = new Map();
    this.render = perFrame(() => this.#render());
    this.box.addEventListener("click", (/** @type {any} */ event) => {
      const id = event.target.closest(".job[data-id]")?.dataset.id;
      if (id) pick(id);
    });
    $("day").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => walk(this.box, event, (li) => this.near.show(li)));
    $("crew-tabs").addEventListener("click", (/** @type {any} */ event) => this.#tab(event.target.closest("button")?.value));
    for (const [id, step] of /** @type {[string, number][]} */ ([["day-back", -STEP_HOURS], ["day-on", STEP_HOURS], ["day-now", 0]])) $(id).addEventListener("click", () => this.#travel(step));
    store.addEventListener("change", (event) => this.#changed(/** @type {any} */ (event).detail));
    fleet.addEventListener("moved", perFrame(() => this.#ages()));
    everySecond(() => this.#tick());
    this.#index();
    this.#tab(this.tab);
  }

  /** What is on the screen, in ms. @returns {import("./lane.js").View} */
  get view() {
    const from = Math.floor(now() / HOUR) * HOUR + (this.shift - BEFORE) * HOUR;
    return { from, to: from + HOURS * HOUR };
  }

  /** Missions of each crew in order, finished ones of the day as well. */
  #index() {
    this.held = new Map();
    for (const row of this.store.rows.values()) {
      if (!row.crew || !slotOf(row)) continue;
      const list = this.held.get(row.crew.id);
      if (list) list.push(row);
      else this.held.set(row.crew.id, [row]);
    }
  }

  /** @param {string} crew id */
  missions(crew) {
    return this.held.get(crew) ?? [];
  }

  /** @param {import("../store.js").Change} change */
  #changed({ changed, gone }) {
    const before = this.held;
    this.#index();
    if (changed.size > MANY || gone.size) {
      for (const line of this.lines.values()) line.drawn = "";
      return this.render();
    }
    const touched = new Set([...changed].map((id) => this.store.rows.get(id)?.crew?.id));
    for (const [crew, rows] of before) if (rows.some(({ id }) => changed.has(id))) touched.add(crew);
    for (const id of touched) if (id) this.redraw(id);
    this.#counts();
  }

  /** @param {string | undefined} tab */
  #tab(tab) {
    if (!tab) return;
    this.tab = tab;
    memory.set(TAB_KEY, tab);
    for (const chip of $("crew-tabs").querySelectorAll("button")) chip.setAttribute("aria-pressed", String(chip.value === tab));
    this.render();
  }

  /** @param {number} step hours; 0: back to now */
  #travel(step) {
    this.shift = step ? Math.min(LATEST - HOURS, Math.max(BEFORE - EARLIEST, this.shift + step)) : 0;
    this.render();
  }

  /** @param {Crew} crew @param {string} tab */
  #belongs(crew, tab) {
    const working = this.missions(crew.id).some(isHeld);
    if (tab === "there") return working || isThere(crew);
    if (tab === "able") {
      const row = this.store.rows.get(this.picked);
      return !row || row.crew?.id === crew.id || missing(crew, row.skills).length === 0;
    }
    return true;
  }

  #counts() {
    const all = [...this.crews.values()].filter(this.passes);
    for (const chip of $("crew-tabs").querySelectorAll("button")) {
      const count = chip.querySelector("b");
      if (count) setText(count, String(all.filter((crew) => this.#belongs(crew, chip.value)).length));
    }
    this.box.dispatchEvent(new Event("counted"));
  }

  #render() {
    const shown = [...this.crews.values()].filter((crew) => this.passes(crew) && (this.#belongs(crew, this.tab) || this.refusals.has(crew.id)));
    shown.sort((a, b) => a.organisation.name.localeCompare(b.organisation.name) || a.name.localeCompare(b.name, undefined, { numeric: true }));
    this.#axis();
    const nodes = [];
    let owner = "";
    for (const crew of shown) {
      if (crew.organisation.id !== owner) {
        owner = crew.organisation.id;
        const mates = shown.filter(({ organisation }) => organisation.id === owner);
        nodes.push(this.#group(crew.organisation, t("group.crews", { n: mates.length, there: mates.filter((mate) => isThere(mate)).length })));
      }
      nodes.push(this.#line(crew).li);
    }
    this.near.arrange(this.box, nodes);
    const stale = shown.filter((crew) => this.lines.get(crew.id)?.drawn !== this.#mark(crew));
    this.near.draw(stale.map((crew) => ({ li: this.#line(crew).li, draw: () => this.redraw(crew.id) })));
    $("crews-empty").hidden = shown.length > 0;
    this.#counts();
  }

  /** @param {import("./work.js").Named} owner @param {string} words */
  #group(owner, words) {
    const li = this.groups.get(owner.id) ?? h("li.grp", {}, h("b", {}, owner.name), h("span"));
    this.groups.set(owner.id, li);
    setText(li.lastElementChild, words);
    return li;
  }

  /** @param {Crew} crew @returns {Line} */
  #line(crew) {
    const known = this.lines.get(crew.id);
    if (known) return known;
    const line = lineOf(crew.id);
    this.lines.set(crew.id, line);
    return line;
  }

  /** What a drawn line was drawn from, the missions apart: those draw it anew themselves. @param {Crew} crew */
  #mark(crew) {
    return `${this.view.from}/${crew.version}/${this.refusals.has(crew.id)}`;
  }

  /** Draw one crew again. @param {string} id */
  redraw(id) {
    const [crew, line] = [this.crews.get(id), this.lines.get(id)];
    if (!crew || !line) return;
    const missions = this.missions(id);
    line.drawn = this.#mark(crew);
    setText(line.name, crew.name);
    line.name.title = [crew.name, crew.leader?.name, crew.vehicle_code].filter(Boolean).join(" · ");
    const state = stateOf(crew, missions);
    line.state.className = `st ${state.key}`;
    fill(line.state, icon(state.icon), state.words);
    setText(line.skills, skillsOf(crew));
    line.skills.title = skillsOf(crew);
    const load = loadOf(crew, missions);
    setText(line.load, load === null ? "" : t("crew.load", { n: load }));
    line.meter.hidden = load === null;
    line.meter.style.setProperty("--share", String((load ?? 0) / 100));
    this.#age(crew, line);
    this.#lane(crew, line, missions);
    this.near.name(line.li);
  }

  /** @param {Crew} crew @param {Line} line @param {Work[]} missions */
  #lane(crew, line, missions) {
    const { view } = this;
    const refused = this.refusals.get(crew.id);
    line.li.classList.toggle("two", Boolean(refused));
    keeping(line.lane, () => fill(line.lane, shifts(crew, view), missions.map((row) => job(row, view, row.id === this.picked)), refused && refusal(refused, view)));
    this.#shade(line, crew.id);
  }

  /** Only the shadow comes and goes: what lies under the pointer while dragging stays. @param {Line | undefined} line @param {string | undefined} crew */
  #shade(line, crew) {
    const here = this.shadow && this.shadow.crew === crew ? ghost(this.shadow.ghost, this.view) : null;
    line?.lane.querySelector(".ghost")?.remove();
    line?.li.classList.toggle("hot", Boolean(here));
    if (here) line?.lane.append(here);
  }

  /** @param {Crew} crew @param {Line} line */
  #age(crew, line) {
    const { age, stale } = this.fleet.of(crew);
    const words = ageWords(age);
    if (line.age.lastChild?.textContent === words && line.age.classList.contains("stale") === stale) return;
    if (line.age.childElementCount && line.age.classList.contains("stale") === stale) {
      if (line.age.lastChild) line.age.lastChild.textContent = words;
      return;
    }
    line.age.classList.toggle("stale", stale);
    line.age.title = stale ? t("position.stale") : t("position.fresh");
    fill(line.age, icon(stale ? "warn" : "place"), words);
  }

  #ages() {
    for (const [id, line] of this.lines) if (line.li.isConnected) this.#age(/** @type {Crew} */ (this.crews.get(id)), line);
  }

  #tick() {
    this.#ages();
    const { view } = this;
    if (view.from !== this.drawnFrom) return this.render();
    this.#now();
    const second = Math.floor(now() / 1000);
    if (second % 30 === 0) this.near.draw([...this.lines].filter(([, { li }]) => li.isConnected).map(([id, { li }]) => ({ li, draw: () => this.redraw(id) })));
  }

  #axis() {
    const { view } = this;
    this.drawnFrom = view.from;
    const hours = Array.from({ length: HOURS + 1 }, (_, index) => view.from + index * HOUR);
    fill($("axis-hours"), hours.map((hour, index) => {
      const mark = h("em", {}, t("axis.hour", { h: short(hour).slice(0, 2) }));
      mark.style.left = `${(100 * index) / HOURS}%`;
      return mark;
    }));
    setText($("day-name"), day(view.from + BEFORE * HOUR));
    $("day-now").hidden = this.shift === 0;
    this.#now();
  }

  #now() {
    const line = $("now-line");
    const place = put(line, now(), now() + 1, this.view);
    line.hidden = place === null;
    line.style.width = "";
    setText(line.firstElementChild, short(now()));
    line.title = clock(now());
  }

  /** @param {string} id the picked mission, "" for none */
  mark(id) {
    const touched = [this.picked, id].map((one) => this.store.rows.get(one)?.crew?.id);
    this.picked = id;
    if (this.tab === "able") this.render();
    else this.#counts();
    for (const crew of touched) if (crew) this.redraw(crew);
  }

  /** Show where a mission would lie; null takes it away. @param {{crew: string, ghost: import("./lane.js").Ghost} | null} shadow */
  cast(shadow) {
    const before = this.shadow?.crew;
    this.shadow = shadow;
    for (const crew of new Set([before, shadow?.crew])) this.#shade(this.lines.get(crew ?? ""), crew);
  }

  /** @param {string} crew id */
  reveal(crew) {
    this.near.reveal(this.lines.get(crew)?.li);
  }

  /** @param {string} crew id @param {import("./lane.js").Refusal | null} refused */
  refuse(crew, refused) {
    if (refused) this.refusals.set(crew, refused);
    else this.refusals.delete(crew);
    if (refused && !this.lines.get(crew)?.li.isConnected) return this.render();
    this.redraw(crew);
    if (refused) this.reveal(crew);
  }
}
