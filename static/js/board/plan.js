/** Planning everything at once: asked for, followed on the stream, called off, reviewed, and applied whole or in part. */
import { call, explain, get, newKey, Problem } from "../api.js";
import { $, fill, h, setText } from "../dom.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { everySecond, now, short } from "../time.js";
import { review } from "./review.js";

/** @typedef {{id: string, state: string, progress: number, asked_at: string, ended_at: string | null, served: number, unserved: number, crews: number, travel_s: number, method: string, failure: string, version: number, open: number, applied: number, until: string | null}} PlanRow */

const BASE = "/api/v1/plans/";
const RUNNING = new Set(["queued", "solving"]);
const LOST_MS = 30_000;

/** Something of it can still be accepted: nothing can once its times are past. @param {PlanRow | null} row */
const isOpen = (row) => row?.state === "solved" && row.open > 0 && (!row.until || Date.parse(row.until) >= now());
/** A plan that found nothing is shown as well: that is its result. @param {PlanRow | null} row */
const isReady = (row) => isOpen(row) || (row?.state === "solved" && row.served === 0);

export class Plan {
  /** @param {import("../store.js").Store<any>} store @param {Map<string, import("./crews.js").Crew>} crews @param {PlanRow | null | undefined} known the last one asked for */
  constructor(store, crews, known) {
    this.store = store;
    this.crews = crews;
    /** @type {PlanRow | null} */
    this.row = known && known.state !== "applied" && known.state !== "cancelled" ? known : null;
    this.box = $("plan");
    this.heard = 0;
    this.ready = false;
    $("plan-start").addEventListener("click", () => void this.start());
    $("plan-cancel").addEventListener("click", () => void this.stop());
    $("plan-review").addEventListener("click", () => void this.look());
    everySecond(() => this.#tick());
    this.draw();
  }

  /** @param {number} missions @param {number} crews */
  sizes(missions, crews) {
    setText($("plan-size"), t("plan.size", { n: missions, crews }));
    $("plan-start").disabled = !missions || !crews;
  }

  /** @param {PlanRow} row */
  hear(row) {
    this.heard = now();
    if (this.row && (row.id === this.row.id ? row.version < this.row.version : row.asked_at < this.row.asked_at)) return;
    const before = this.row?.state;
    this.row = row;
    if (row.state === "failed" && before !== "failed") toast(t("plan.failed", { why: row.failure }), { kind: "bad" });
    this.draw();
  }

  async start() {
    if (this.box.hidden || $("plan-start").disabled || (this.row && RUNNING.has(this.row.state))) return;
    await this.#ask(async () => this.hear(await call("POST", BASE, { body: {}, key: newKey() })));
  }

  async stop() {
    const { row } = this;
    if (!row) return;
    await this.#ask(async () => this.hear(await call("POST", `${BASE}${row.id}/stop/`, { body: {}, key: newKey(), version: row.version })));
  }

  /** Every visit with its crew and time; nothing is given to anybody before a person accepts. */
  async look() {
    const { row } = this;
    if (!row) return;
    await this.#ask(async () => {
      const detail = await get(`${BASE}${row.id}/`);
      if ($("modal").open) return; // something is being written there by now
      review(detail, this.store.rows, this.crews, (chosen) => void this.#apply(detail.plan, chosen));
    });
  }

  /** @param {PlanRow} plan @param {string[]} chosen ids of missions */
  async #apply(plan, chosen) {
    await this.#ask(async () => {
      const done = await call("POST", `${BASE}${plan.id}/apply/`, { body: { interventions: chosen }, key: newKey(), version: plan.version });
      this.store.load(done.assigned);
      this.hear(done.plan);
      const words = t("plan.applied", { n: done.assigned.length });
      toast(done.refused.length ? `${words} ${t("plan.refused", { n: done.refused.length })}` : words, { kind: done.refused.length ? "bad" : "ok", stays: done.refused.length > 0 });
    });
  }

  /** @param {() => Promise<void>} work */
  async #ask(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
      await this.#again();
    }
  }

  /** What the server knows of it, when something did not fit. */
  async #again() {
    if (!this.row) return;
    try {
      this.row = (await get(`${BASE}${this.row.id}/`, {}, { once: true })).plan;
    } catch {
      this.row = null;
    }
    this.draw();
  }

  draw() {
    const { row } = this;
    const running = row !== null && RUNNING.has(row.state);
    const solved = isReady(row);
    this.ready = solved;
    $("plan-progress").hidden = !running && !solved;
    $("plan-cancel").hidden = !running && !solved;
    $("plan-review").hidden = !solved;
    $("plan-start").hidden = running || solved;
    $("plan-best").hidden = !solved;
    if (!row || (!running && !solved)) return;
    fill($("plan-words"), h("b", {}, t("crew.load", { n: row.progress })), ` · ${t(`plan.${row.state}`)}`);
    $("plan-track").setAttribute("aria-valuenow", String(row.progress));
    $("plan-track").style.setProperty("--share", String(row.progress / 100));
    if (solved && row.applied) fill($("plan-best"), h("b", {}, t("plan.rest", { n: row.open, done: row.applied, left: row.unserved })), h("br"), t("plan.nothing"));
    else if (solved) fill($("plan-best"), h("b", {}, t("plan.best", { n: row.served, left: row.unserved })), ` · ${t("plan.travel", { n: Math.round(row.travel_s / 60) })} `, row.method === "estimation" && h("span.est", {}, t("est")), h("br"), t("plan.nothing"));
    this.#tick();
  }

  /** The time it takes; a worker's word that never came is asked for once in a while. */
  #tick() {
    const { row } = this;
    if (!row || this.box.hidden) return;
    if (this.ready && !isReady(row)) return this.draw(); // its times are past
    const until = row.ended_at ? Date.parse(row.ended_at) : now();
    setText($("plan-time"), row.state === "solved" ? short(row.ended_at ?? row.asked_at) : t("age.seconds", { n: Math.max(0, Math.round((until - Date.parse(row.asked_at)) / 1000)) }));
    if (RUNNING.has(row.state) && now() - Math.max(this.heard, Date.parse(row.asked_at)) > LOST_MS) {
      this.heard = now();
      void this.#again();
    }
  }
}
