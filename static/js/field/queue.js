/**
 * Everything said on this phone, in order, until the post has acknowledged it: exactly once (the item's own UUID is its
 * Idempotency-Key), one sender at a time (a Web Lock shared by all tabs). What came too late or was refused stays and is
 * shown; nothing is thrown away by a machine.
 */
import { call, explain, newKey, Problem } from "../api.js";
import { now } from "../time.js";
import * as store from "./store.js";

const LOCK = "ondijon-field-send";
const KEPT_MS = 7 * 86_400_000;
const AGAIN_MS = { "": 5_000, out: 30_000, barred: 300_000 }; // being turned away is put on record each time
const ANSWER_MS = { act: 30_000, consent: 30_000, photo: 180_000 }; // a dead network says nothing for minutes
const FIELD = "/api/v1/field/";

/** @typedef {"waiting" | "sent" | "conflict" | "refused"} State */
/**
 * @typedef {object} Item
 * @property {number} seq its place in the order
 * @property {string} id
 * @property {string} person who said it
 * @property {"act" | "photo" | "consent"} kind
 * @property {string} intervention
 * @property {string} title of the mission, for when it is gone
 * @property {string} what its words in short, for the person
 * @property {string} act
 * @property {string} at when it was said
 * @property {any} body
 * @property {string | null} assigned_at
 * @property {Blob} [photo]
 * @property {State} state
 * @property {string} [why] of a conflict: a word; of a refusal: a sentence
 * @property {any} [row] the mission as it was found
 * @property {string} [settled_at] when the post answered
 * @property {boolean} [seen] the person has read how it ended
 */

/** @typedef {"" | "out" | "barred"} Blocked the post answers, but not this person: logged out, or without the right */

export class Queue {
  /** @param {string} me @param {import("./net.js").Net} net @param {{changed: () => void, answered: (item: Item) => void}} listener */
  constructor(me, net, listener) {
    this.me = me;
    this.net = net;
    this.listener = listener;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Blocked} */
    this.blocked = "";
    this.sending = false;
    this.timer = 0;
    this.others = new BroadcastChannel(LOCK);
    this.others.onmessage = () => void this.load();
  }

  /** Read what is kept; what was acknowledged more than a week ago is forgotten. */
  async load() {
    const all = await store.items();
    const old = all.filter((one) => one.state === "sent" && now() - Date.parse(one.at) > KEPT_MS);
    await Promise.all(old.map((one) => store.drop(one.seq)));
    this.foreign = all.filter((one) => one.person !== this.me && one.state === "waiting").length;
    this.items = all.filter((one) => one.person === this.me && !old.includes(one));
    this.listener.changed();
  }

  get waiting() {
    return this.items.filter((one) => one.state === "waiting");
  }

  /**
   * Keep something said now, then try to send. On the disk before this returns.
   * @param {Pick<Item, "kind" | "act" | "body"> & Partial<Item>} said
   */
  async add(said) {
    const item = { intervention: "", title: "", what: "", assigned_at: null, ...said, id: newKey(), person: this.me, at: new Date(now()).toISOString(), state: "waiting" };
    await store.add(item);
    store.persist();
    await this.#tell();
    void this.send();
    return item;
  }

  /** The person has read how these ended. @param {Item[]} items */
  async see(items) {
    for (const one of items) await store.put({ ...one, seen: true });
    await this.#tell();
  }

  async #tell() {
    await this.load();
    this.others.postMessage("changed");
  }

  /** Send what waits, in order, until it is all acknowledged or the post cannot be reached. */
  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    let done = false;
    try {
      const lock = navigator.locks;
      await (lock ? lock.request(LOCK, () => this.#drain()) : this.#drain());
      done = true;
    } catch (error) {
      this.#stopped(error);
    } finally {
      this.sending = false;
      this.listener.changed();
    }
    if (done && this.waiting.length) void this.send(); // said between the last look and the end
  }

  async #drain() {
    for (;;) {
      await this.load();
      const item = this.waiting[0];
      if (!item) return;
      await store.put({ ...item, ...(await this.#deliver(item)), settled_at: new Date(now()).toISOString() });
      this.net.heard();
      this.blocked = "";
      await this.#tell();
      const settled = this.items.find((one) => one.id === item.id);
      if (settled) this.listener.answered(settled);
    }
  }

  /** How it ended. Raises Problem when it has not: it is tried again. @param {Item} item @returns {Promise<Partial<Item>>} */
  async #deliver(item) {
    try {
      const answer = await this.#post(item);
      if (answer.result !== "conflict") return { state: "sent", row: answer.row, photo: undefined };
      return { state: "conflict", why: answer.why, row: answer.row, photo: undefined };
    } catch (error) {
      if (!(error instanceof Problem) || tryAgain(error.status)) throw error;
      return { state: "refused", why: explain(error) };
    }
  }

  /** @param {Item} item */
  async #post(item) {
    const { path, body } = request(item);
    const once = () => call("POST", path, { body: body(), key: item.id, once: true, signal: AbortSignal.timeout(ANSWER_MS[item.kind]) });
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof Problem) || error.slug !== "csrf") throw error;
      await renewToken();
      return await once();
    }
  }

  /** @param {unknown} error */
  #stopped(error) {
    if (!(error instanceof Problem)) throw error;
    this.blocked = error.status === 401 ? "out" : error.status === 403 ? "barred" : "";
    if (this.blocked) this.net.heard();
    else if (error.status === 0) this.net.lost();
    this.timer = setTimeout(() => void this.send(), AGAIN_MS[this.blocked] * (0.75 + Math.random() / 2));
  }
}

/** Not settled: no network, logged out, without the right just now, too many calls, the post in trouble. @param {number} status */
const tryAgain = (status) => status === 0 || status === 401 || status === 403 || status === 408 || status === 429 || status >= 500;

/** @param {Item} item */
function request(item) {
  const { intervention, act, at, person, assigned_at, body } = item;
  if (item.kind === "consent") return { path: `${FIELD}consent/`, body: () => ({ ...body, at, person }) };
  if (item.kind === "act") {
    const own = ["tick", "note", "material"].includes(act) ? { ...body, id: item.id } : body;
    return { path: FIELD, body: () => ({ intervention, act, at, person, assigned_at, body: own }) };
  }
  const form = () => {
    const parts = new FormData();
    for (const [name, value] of Object.entries({ intervention, at, person, id: item.id, ...body })) parts.append(name, String(value));
    parts.append("file", /** @type {Blob} */ (item.photo), `${item.id}.jpg`);
    return parts;
  };
  return { path: `${FIELD}photos/`, body: form };
}

/** A page kept from before the last login has an old token: take a fresh one. Raises Problem when logged out. */
async function renewToken() {
  const answer = await fetch("/field/", { cache: "no-store" }).catch(() => {
    throw new Problem({ type: "network" }, 0);
  });
  if (answer.redirected) throw new Problem({ type: "not-signed-in" }, 401);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    /** @type {HTMLInputElement} */ (field).value = /** @type {HTMLInputElement | null} */ (fresh)?.value ?? "";
  }
}
