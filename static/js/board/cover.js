/** Which sectors help would reach within so many minutes, by skill; and what an assignment has just cost. */
import { get, Problem } from "../api.js";
import { $, fill, h } from "../dom.js";
import { keeping } from "../focus.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { page } from "../page.js";
import { clock, everySecond, short } from "../time.js";
import { sectorName } from "./reasons.js";
import { icon, skillName } from "./work.js";

/** @typedef {{skill: string, minutes: number | null, crew: string | null, covered: boolean}} Reach */
/** @typedef {{sector: string, skill: string, before: number | null, after: number | null, until: string | null}} Loss */
/** @typedef {{minutes: number, now: string, method: string, sectors: {key: string, label: string, reach: Reach[]}[], lost: Loss[]}} Picture */

const AGAIN_S = 60;
const COLUMNS = 5;
const NEAR_SHARE = 0.8;
const USUAL = ["lighting", "signals", "roads", "water", "tree_felling", "police"];

export class Cover extends EventTarget {
  constructor() {
    super();
    this.box = $("cover");
    /** @type {Picture | null} */
    this.picture = /** @type {any} */ (page).cover ?? null;
    /** What the last assignment cost. @type {{row: import("./work.js").Work, lost: Loss[]} | null} */
    this.cost = null;
    let second = 0;
    everySecond(() => {
      second += 1;
      if (second % AGAIN_S === 0 && this.picture && document.body.dataset.link !== "lost") void this.load();
    });
    this.draw();
  }

  /** @param {Record<string, string>} [asked] @returns {Promise<Picture | null>} */
  async load(asked = {}) {
    try {
      const picture = await get("/api/v1/cover/", asked, { once: true });
      if (!asked.crew) this.picture = picture;
      this.draw();
      return picture;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return null;
    }
  }

  /** A crew was sent, or called back: what that changes. @param {import("./work.js").Work | undefined} row */
  async changed(row) {
    if (!this.picture || !row) return;
    this.cost = null;
    await this.load();
    if (!row.crew) return;
    const picture = await this.load({ crew: row.crew.id, intervention: row.id });
    if (!picture?.lost.length) return;
    this.cost = { row, lost: picture.lost };
    this.draw();
  }

  draw() {
    const { picture } = this;
    if (!picture) return fill(this.box, h("p.soft", {}, t("cover.none")));
    const skills = this.#skills(picture);
    const est = picture.method === "estimation" && h("span.est", {}, t("est"));
    keeping(this.box, () => fill(this.box, this.cost && this.#notice(this.cost, picture.minutes),
      h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("cover.title"), " ", est), skills.map((key) => h("th", { scope: "col" }, skillName(key))))),
        h("tbody", {}, picture.sectors.map((sector) => h("tr", {}, h("th", { scope: "row" }, sector.label), skills.map((key) => this.#cell(sector, key, picture)))))),
      h("p.small.muted", {}, t("cover.words", { n: picture.minutes, time: clock(picture.now) }))));
  }

  /** Columns: what is lacking somewhere after an assignment, then the usual ones. @param {Picture} picture */
  #skills(picture) {
    const known = new Set(picture.sectors[0]?.reach.map(({ skill }) => skill));
    const lost = (this.cost?.lost ?? []).map(({ skill }) => skill);
    return [...new Set([...lost, ...USUAL, ...known])].filter((key) => known.has(key)).slice(0, COLUMNS);
  }

  /** @param {Picture["sectors"][0]} sector @param {string} key @param {Picture} picture */
  #cell(sector, key, picture) {
    const reach = sector.reach.find(({ skill }) => skill === key);
    const loss = this.cost?.lost.find((one) => one.sector === sector.key && one.skill === key);
    const words = (/** @type {number | null | undefined} */ minutes) => (minutes === null || minutes === undefined ? t("cover.nobody") : String(minutes));
    if (loss) return h("td.bad", {}, icon("warn"), h("s", {}, words(loss.before)), words(loss.after));
    if (!reach?.covered) return h("td", {}, h("span.soon", {}, icon("warn"), words(reach?.minutes)));
    const near = (reach.minutes ?? 0) >= picture.minutes * NEAR_SHARE;
    return h("td", {}, near ? h("span.soon", {}, icon("clock"), words(reach.minutes)) : words(reach.minutes));
  }

  /** @param {{row: import("./work.js").Work, lost: Loss[]}} cost @param {number} minutes */
  #notice({ row, lost }, minutes) {
    const said = lost.slice(0, 3).map((one) => t("cover.lost", { sector: sectorName(one.sector), skill: skillName(one.skill), n: minutes, until: one.until ? short(one.until) : t("until.unknown") }));
    const more = lost.length - said.length;
    return h("div.notice-card", { role: "status", data: { id: row.id } }, icon("warn"),
      h("span", {}, h("b", {}, t("cover.sent", { crew: row.crew?.name ?? "", time: short(this.picture?.now ?? Date.now()) })), " ", said.join(" "), more > 0 && ` ${t("choose.more", { n: more })}`),
      h("span.acts", {},
        h("button.btn", { type: "button", onclick: () => this.#answer(true, row) }, t("toast.undo")),
        h("button.btn.quiet", { type: "button", onclick: () => this.#answer(false, row) }, t("cover.accept"))));
  }

  /** @param {boolean} undo @param {import("./work.js").Work} row */
  #answer(undo, row) {
    this.cost = null;
    this.draw();
    if (undo) this.dispatchEvent(new CustomEvent("undo", { detail: row.id }));
    else toast(t("cover.accepted"), { kind: "ok" });
  }
}
