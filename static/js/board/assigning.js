/** Giving a mission to a crew, from wherever it is asked: what is refused is shown where it was put. */
import { explain, newKey, Problem } from "../api.js";
import { settleConflict } from "../conflict.js";
import { send } from "../form.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { notBefore, short } from "../time.js";
import { ROOM } from "./acts.js";
import { against } from "./crews.js";
import { because } from "./reasons.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {{crew: string, start?: number, override?: string}} Choice start in ms */

const STALE = 412;
const MINUTE = 60_000;

export class Assigning extends EventTarget {
  /**
   * @param {import("../store.js").Store<Work>} store @param {Map<string, import("./crews.js").Crew>} crews
   * @param {import("./timeline.js").Timeline} timeline @param {import("./sheet.js").Sheet} sheet
   */
  constructor(store, crews, timeline, sheet) {
    super();
    this.store = store;
    this.crews = crews;
    this.timeline = timeline;
    this.sheet = sheet;
    this.busy = false;
    sheet.addEventListener("refused", (event) => {
      const { error, body, row } = /** @type {CustomEvent} */ (event).detail;
      if (body?.crew) this.#overlaps(error, row, { crew: body.crew, start: body.start && Date.parse(body.start), override: body.override });
    });
    sheet.addEventListener("done", (event) => {
      const { act, row } = /** @type {CustomEvent} */ (event).detail;
      if (act === "assign") this.#done(row);
    });
  }

  /** Dropped on a crew's day: at once when nothing speaks against it, else the form asks for a reason. @param {Work} row @param {string} crewId @param {number} start */
  drop(row, crewId, start) {
    const crew = this.crews.get(crewId);
    if (!crew) return;
    const words = against(crew, row, start);
    if (!words.length) return void this.assign(row, { crew: crewId, start });
    this.sheet.open(row.id);
    void this.sheet.act("assign", { crew: crewId, start, override: true, words });
  }

  /** @param {Work} row @param {Choice} choice */
  async assign(row, choice) {
    if (this.busy) return;
    this.busy = true;
    const body = { crew: choice.crew, override: choice.override ?? "", ...(choice.start ? { start: new Date(choice.start).toISOString() } : {}) };
    try {
      await this.#send(row, body, choice);
    } finally {
      this.busy = false;
    }
  }

  /** @param {Work} row @param {any} body @param {Choice} choice */
  async #send(row, body, choice) {
    try {
      const answer = await send("assign", row, body, newKey(), ROOM);
      this.store.load([answer]);
      this.#done(answer);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === STALE) return this.#conflict(error, row, body, choice);
      if (!this.#overlaps(error, row, choice) && !this.#objected(error, row, choice)) toast(explain(error), { kind: "bad" });
    }
  }

  /** Somebody was quicker: both versions, and the person decides. @param {Problem} error @param {Work} row @param {any} body @param {Choice} choice */
  async #conflict(error, row, body, choice) {
    const mine = { crew: this.crews.get(body.crew)?.name ?? "", start: choice.start ? short(choice.start) : "" };
    const { choice: wish, current } = await settleConflict({ act: "assign", mine, before: row, current: error.body.current, room: ROOM });
    this.store.load([current]);
    if (wish === "mine") await this.#send(current, body, choice);
  }

  /** Two missions at once: shown in the crew's day with the cause and the next free slot. @param {Problem} error @param {Work} row @param {Choice} choice */
  #overlaps(error, row, choice) {
    if (error.slug !== "overlap") return false;
    const { mission, next_free: next } = error.body;
    const start = choice.start ?? Date.parse(mission?.slot_start ?? new Date().toISOString());
    const free = next ? notBefore(next) : null;
    const forget = () => this.timeline.refuse(choice.crew, null);
    this.timeline.refuse(choice.crew, {
      row, start, end: start + row.duration_minutes * MINUTE, why: t("refused.why"), free,
      detail: mission?.reference ? inTheWay(mission) : explain(error),
      place: () => {
        forget();
        const fresh = this.store.rows.get(row.id) ?? row;
        void this.assign(fresh, { ...choice, start: free ?? undefined });
      },
      forget,
    });
    return true;
  }

  /** Something forbids this crew: the form asks why it is sent all the same. @param {Problem} error @param {Work} row @param {Choice} choice */
  #objected(error, row, choice) {
    if (error.slug !== "objections") return false;
    this.sheet.open(row.id);
    void this.sheet.act("assign", { ...choice, override: true, words: (error.body.objections ?? []).map(because) });
    return true;
  }

  /** @param {Work} row */
  #done(row) {
    this.timeline.refuse(row.crew?.id ?? "", null);
    const words = t("said.assign", { crew: row.crew?.name ?? "", time: row.slot_start ? short(row.slot_start) : "" });
    toast(words, { kind: "ok", undo: { label: t("toast.undo"), act: () => void this.undo(row.id) } });
    this.dispatchEvent(new CustomEvent("assigned", { detail: row }));
  }

  /** @param {string} id */
  async undo(id) {
    const row = this.store.rows.get(id);
    if (!row) return;
    try {
      this.store.load([await send("unassign", row, { reason: t("undo.reason") }, newKey(), ROOM)]);
      toast(t("said.unassign"), { kind: "ok" });
      this.dispatchEvent(new CustomEvent("assigned", { detail: this.store.rows.get(id) }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
    }
  }
}

/** What lies there already and who put it there. @param {any} mission */
function inTheWay(mission) {
  const { title, reference, slot_end: end, assigned_by: who, assigned_at: at } = mission;
  const given = who && at ? [t("refused.given", { name: who.name, time: short(at) })] : [];
  return [t("refused.by", { title, reference, time: short(end) }), ...given].join(" · ");
}
