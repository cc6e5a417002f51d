/** The crew leader's phone. Everything is done here first, kept, and told to the post as soon as it can be reached. */
import { call, Problem } from "../api.js";
import { $, fill, h, perFrame, setText } from "../dom.js";
import { t } from "../labels.js";
import { Live } from "../live.js";
import { arrived, everySecond, now, short } from "../time.js";
import { openQueue, showBar } from "./bar.js";
import { learnClock, rememberClock } from "./clock.js";
import { leaving } from "./leave.js";
import { listView } from "./list.js";
import { Lone } from "./lone.js";
import { dock, missionView } from "./mission.js";
import { Net } from "./net.js";
import { missions, patch } from "./overlay.js";
import { takePhoto } from "./photo.js";
import { Position } from "./position.js";
import { Queue } from "./queue.js";
import { ask, open } from "./sheets.js";
import * as store from "./store.js";

const FIELD = "/api/v1/field/";
const DOUBLE_TAP_MS = 600;
const HELD = ["assigned", "accepted", "en_route", "on_site"];
const data = JSON.parse($("field-data").textContent);

export class App {
  constructor() {
    this.picture = data.picture;
    this.me = data.picture.person.id;
    /** @type {any[]} missions taken back or cancelled that the person has not read of yet */
    this.notices = [];
    /** @type {any[]} */
    this.missions = [];
    /** @type {Set<string>} missions with an act just being kept: a thumb that hits twice says it once */
    this.busy = new Set();
    this.render = perFrame(() => this.#render());
    this.net = new Net((ok) => this.#turned(ok));
    this.queue = new Queue(this.me, this.net, { changed: () => this.render(), answered: (item) => this.#answered(item) });
    this.lone = new Lone(this);
    this.where = h("div.share", { id: "share" });
    this.position = new Position(this, this.where);
  }

  /** @param {boolean} cached whether the page itself is an old copy */
  async start(cached) {
    const kept = await store.kept(`picture:${this.me}`);
    this.notices = (await store.kept(`notices:${this.me}`)) ?? [];
    await this.queue.load();
    if (kept && Date.parse(kept.now) >= Date.parse(this.picture.now)) this.picture = kept;
    else await this.#replace(this.picture, kept);
    addEventListener("hashchange", () => this.render());
    document.addEventListener("theme", () => this.render());
    $("net").addEventListener("click", () => openQueue(this));
    everySecond(() => this.#second());
    this.render();
    this.position.tick();
    this.live = new Live({ url: data.live || `${location.origin.replace("http", "ws")}/ws/live/`, cursor: this.picture.cursor }, this.#listener());
    this.live.start();
    void this.queue.send();
    if (cached) await this.refresh();
  }

  // What the post says -----------------------------------------------------------------------------------------------

  /** @returns {import("../live.js").Listener} */
  #listener() {
    return {
      entries: (entries) => this.#entries(entries),
      reset: async () => {
        await this.#fetch();
        return this.picture.cursor;
      },
      presence: () => undefined,
      state: (state) => {
        if (state === "live" || state === "polling") this.net.heard();
        else if (state === "lost") this.net.lost();
        if (state === "out") this.queue.blocked = "out";
        this.render();
      },
      back: () => undefined,
    };
  }

  /** @param {any[]} entries */
  #entries(entries) {
    let unknown = false;
    for (const { kind, about, data: news } of entries) {
      if (!kind.startsWith("interventions.")) continue;
      const mine = this.picture.crews.some((/** @type {any} */ one) => one.id === news.row?.crew?.id);
      const known = this.picture.missions.find((/** @type {any} */ one) => one.row.id === about);
      if (known && (!news.row || !mine)) unknown = true; // withdrawn, or given to others
      else if (known && kind === "interventions.ticked") this.#ticked(known, news);
      else if (mine && !known && HELD.includes(news.row.status)) unknown = true; // with a checklist that no entry carries
      if (news.row && known && mine) this.#took(known.row, news.row);
    }
    if (unknown) void this.refresh();
    this.render();
  }

  /** @param {any} known @param {any} news */
  #ticked(known, news) {
    for (const one of known.checklist) if (one.key === news.item) Object.assign(one, { done: news.done, done_at: news.at });
  }

  /** @param {any} before @param {any} row */
  #took(before, row) {
    if (row.version > before.version && row.status === "cancelled" && HELD.includes(before.status)) this.#note(before, row);
    patch(this.picture, row);
    void store.keep(`picture:${this.me}`, this.picture);
  }

  /** @param {any} before @param {any} row null when it is gone without a word */
  #note(before, row) {
    const gone = { id: before.id, title: before.title, status: row?.status ?? "gone", reason: row?.reason ?? "", ended_at: row?.ended_at ?? null };
    this.notices = [...this.notices.filter((one) => one.id !== before.id), gone];
    void store.keep(`notices:${this.me}`, this.notices);
    this.render();
  }

  /** Take the whole picture again; without network the present one stays. */
  async refresh() {
    try {
      await this.#fetch();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 0) this.net.lost();
      if (error.status === 401) this.queue.blocked = "out";
    }
    this.render();
  }

  async #fetch() {
    const before = this.picture;
    const picture = await call("GET", FIELD, { once: true });
    this.net.heard();
    learnClock(picture.now, data.zone);
    await this.#replace(picture, before);
    this.position.tick();
  }

  /** @param {any} picture @param {any} before */
  async #replace(picture, before) {
    this.picture = picture;
    await store.keep(`picture:${this.me}`, picture);
    for (const { row } of before?.missions ?? []) {
      const after = picture.missions.find((/** @type {any} */ one) => one.row.id === row.id)?.row;
      if (!HELD.includes(row.status) || this.#ownDoing(row)) continue;
      if (after?.status === "cancelled") this.#note(row, after);
      else if (!after) void this.#vanished(row);
    }
  }

  /** Finished by a colleague on an earlier day, or taken back: the post knows. @param {any} row */
  async #vanished(row) {
    try {
      const found = await call("GET", `/api/v1/interventions/${row.id}/`, { once: true });
      const mine = this.picture.crews.some((/** @type {any} */ one) => one.id === found.crew?.id);
      if (!mine || found.status === "cancelled") this.#note(row, mine ? found : null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404) this.#note(row, null);
    }
  }

  /** Whether the crew itself gave it back. @param {any} row */
  #ownDoing(row) {
    return this.queue.items.some((one) => one.intervention === row.id && one.act === "refuse" && one.state === "sent");
  }

  /** @param {import("./queue.js").Item} item */
  #answered(item) {
    if (item.row && item.state === "sent") patch(this.picture, item.row);
    if (!this.queue.waiting.length) void this.refresh();
  }

  /** @param {boolean} ok */
  #turned(ok) {
    if (ok) void this.queue.send().then(() => this.refresh());
    this.render();
  }

  // What the crew does -------------------------------------------------------------------------------------------------

  get consent() {
    const said = this.queue.items.filter((one) => one.kind === "consent" && (one.state === "waiting" || Date.parse(one.settled_at ?? "") > Date.parse(this.picture.now)));
    return said.length ? said[said.length - 1].body.given : Boolean(this.picture.consent);
  }

  /** The shift under way, if any. */
  shift() {
    const on = (/** @type {any} */ one) => Date.parse(one.starts_at) <= now() && now() < Date.parse(one.ends_at);
    const shifts = this.picture.crews.flatMap((/** @type {any} */ one) => (one.shifts.some((/** @type {any} */ each) => each.kind === "absent" && on(each)) ? [] : one.shifts));
    return shifts.find((/** @type {any} */ one) => one.kind !== "absent" && on(one));
  }

  /** @param {string} act @param {any} mission @param {any} [body] */
  async act(act, mission, body = {}) {
    const { id, title, assigned_at } = mission.row;
    const move = data.moves[act];
    const present = missions(this.picture, this.queue.items, data.moves).find((one) => one.row.id === id);
    if (move.to && (this.busy.has(id) || !move.from.includes(present?.row.status))) return;
    const order = ["accept", "refuse"].includes(act) ? assigned_at : null;
    const item = mission.checklist.find((/** @type {any} */ one) => one.key === body.item);
    const what = item?.text ?? body.text ?? body.label ?? body.outcome ?? "";
    this.busy.add(id);
    if (move.to) calmDock();
    try {
      await this.queue.add({ kind: "act", act, intervention: id, title: title || mission.category, what, assigned_at: order, body });
    } finally {
      this.busy.delete(id);
    }
  }

  /** @param {string} act @param {any} mission */
  async ask(act, mission) {
    const words = await ask(act, mission);
    if (!words) return;
    await this.act(act, mission, words);
    if (["refuse", "fail", "finish"].includes(act)) this.go("");
  }

  /** Tick an item, or take it back; one that wants a photo asks for it first. @param {any} mission @param {any} item */
  async check(mission, item) {
    if (item.photo && !item.done && !(await this.photo(mission, item.key))) return;
    await this.act("tick", mission, { item: item.key, done: !item.done });
  }

  /** @param {any} mission @param {string | null} item @returns {Promise<boolean>} whether there is one */
  async photo(mission, item) {
    const begun = mission.checklist.some((/** @type {any} */ one) => one.done) || mission.row.photos > 0;
    try {
      const taken = await takePhoto({ begun });
      if (!taken) return false;
      const { id, title } = mission.row;
      await this.queue.add({ kind: "photo", act: "photo", intervention: id, title, photo: taken.photo, body: { stage: taken.stage, item: item ?? "" } });
      return true;
    } catch {
      setText($("cry"), t("photo.bad"));
      await open(t("photo.title"), [h("p", {}, t("photo.bad"))], []);
      return false;
    }
  }

  /** @param {boolean} given */
  async share(given) {
    await this.queue.add({ kind: "consent", act: given ? "share" : "unshare", body: { given } });
    this.position.tick();
  }

  /** The person has read what went otherwise. @param {import("./list.js").Trouble} trouble */
  async seen(trouble) {
    this.notices = this.notices.filter((one) => one.id !== trouble.id);
    await store.keep(`notices:${this.me}`, this.notices);
    await this.queue.see(trouble.items);
  }

  /** @param {string} id of a mission, or "" for the day */
  go(id) {
    location.hash = id;
    $("screen").scrollTop = 0;
    $("screen").focus({ preventScroll: true });
  }

  // What is shown ------------------------------------------------------------------------------------------------------

  #render() {
    this.missions = missions(this.picture, this.queue.items, data.moves);
    const mission = this.missions.find((one) => one.row.id === location.hash.slice(1));
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
    fill($("screen"), mission ? missionView(this, mission) : listView(this), this.where);
    const acts = mission ? dock(this, mission).filter(Boolean) : [];
    fill($("dock"), acts);
    $("dock").hidden = acts.length === 0;
    $("about").hidden = Boolean(mission);
    if (focused) /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
    this.#second();
  }

  #second() {
    setText($("clock"), short(now()));
    showBar(this);
    this.lone.show();
  }
}

/** The next step's button comes where this one's was: a second tap of the same thumb is not meant for it. */
function calmDock() {
  $("dock").inert = true;
  setTimeout(() => ($("dock").inert = false), DOUBLE_TAP_MS);
}

const cached = document.documentElement.dataset.kept === "yes"; // the worker says so
if (cached) rememberClock(data.zone);
else learnClock(data.picture.now, data.zone, arrived());
const app = new App();
leaving(app);
void app.start(cached);
void navigator.serviceWorker?.register("/field/sw.js", { scope: "/field/" });
