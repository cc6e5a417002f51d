/** The cell's own bar: its name, its level among those of its plan, who directs, since when, and the next briefing. */
import { lasting, LEVELS, levelName, stopwatch, TONE } from "./cell-words.js";
import { $, fill, h, setText } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { communeName } from "./incident.js";
import { everySecond, full, now, when } from "./time.js";

const SIGN = { calm: "", watch: "", warn: "▲", bad: "◆", ok: "" };

export class Head {
  /** @param {import("./cell-store.js").CellStore} store @param {{open: (what: string, fill?: any) => void}} room */
  constructor(store, room) {
    this.store = store;
    this.room = room;
    store.on(["cell", "suggestions"], () => keeping($("cell-bar"), () => this.#render()));
    everySecond(() => this.#tick());
    this.#render();
    this.#tick();
  }

  #render() {
    const { cell, plan } = this.store;
    $("cell-bar").dataset.tone = TONE[/** @type {"alert"} */ (cell.level)];
    setText($("cell-title"), cell.title);
    setText($("cell-plan"), [plan.label, cell.commune && communeName(cell.commune), t("cell.reference", { reference: cell.reference })].filter(Boolean).join(" · "));
    const waiting = this.store.all("suggestions").filter((one) => !one.settled_at && one.level !== cell.level).at(-1);
    fill($("level-words"), t("level.since", { time: when(cell.level_since), name: cell.level_by.name }),
      waiting && [" · ", h("button.lk.warn", { type: "button", title: waiting.why, onclick: () => this.room.open("level", { level: waiting.level, suggestion: waiting }) }, t("level.suggested", { source: t(`suggested.${waiting.source}`), level: levelName(waiting.level) }))]);
    $("level-words").title = full(cell.level_since);
    const levels = LEVELS.filter((level) => plan.levels.includes(level) || level === cell.level);
    const at = levels.indexOf(cell.level);
    fill($("levels"), levels.map((level, index) => this.#level(level, index, at)));
    setText($("director"), cell.director.name);
    setText($("director-words"), t(cell.direction === "prefect" ? "director.prefect" : "director.cell"));
    $("closed").hidden = !cell.closed_at;
  }

  /** @param {string} level @param {number} index @param {number} at */
  #level(level, index, at) {
    const state = index === at ? "now" : index < at ? "past" : "ahead";
    const words = [index === at && h("span", { "aria-hidden": "true" }, SIGN[/** @type {"warn"} */ (TONE[/** @type {"alert"} */ (level)])]), ` ${levelName(level)}`];
    const may = this.store.allowed.has("level") && index !== at && !this.store.cell.closed_at;
    return h("li", { data: { state, tone: TONE[/** @type {"alert"} */ (level)] } }, may
      ? h("button", { type: "button", onclick: () => this.room.open("level", { level }) }, words)
      : h("span", { "aria-current": index === at ? "step" : undefined }, words));
  }

  #tick() {
    const { cell } = this.store;
    setText($("open-since"), stopwatch((cell.closed_at ? Date.parse(cell.closed_at) : now()) - Date.parse(cell.opened_at)));
    const left = cell.next_briefing_at ? Date.parse(cell.next_briefing_at) - now() : null;
    setText($("briefing-words"), cell.next_briefing_at ? t("briefing.next", { time: when(cell.next_briefing_at) }) : t("briefing.none"));
    setText($("briefing"), left === null ? "–" : left < 0 ? t("briefing.late", { time: lasting(-left) }) : left < 3_600_000 ? stopwatch(left).slice(3) : stopwatch(left));
    $("briefing").dataset.hot = String(left !== null && left < 15 * 60_000);
  }
}
