/** What was written in a cell and has not reached the record yet: kept on this computer, sent in order, once, with its own time. */
import { call, explain, fieldErrors, newKey, Problem } from "./api.js";
import { memory } from "./dom.js";

const RETRY_MS = 4000;

/** @typedef {{id: string, key: string, at: string, path: string, body: any, words: string, table: string, refused?: string}} Item */

export class Outbox extends EventTarget {
  /** @param {string} cell id @param {(table: string, row: any) => void} sent what the post answered */
  constructor(cell, sent) {
    super();
    this.base = `/api/v1/crisis/cells/${cell}/`;
    this.place = `ondijon.cell.${cell}.outbox`;
    this.sent = sent;
    this.busy = false;
    /** @type {Item[]} */
    this.items = memory.get(this.place, []);
    addEventListener("online", () => void this.flush());
    addEventListener("storage", (event) => event.key === this.place && this.#reread());
    setInterval(() => void this.flush(), RETRY_MS);
    void this.flush();
  }

  get waiting() {
    return this.items.filter((item) => !item.refused).length;
  }

  /** @param {Omit<Item, "id" | "key">} item */
  add(item) {
    const id = newKey();
    const body = item.table === "lines" ? { ...item.body, id } : item.body; // the line has the same id: it is made once
    this.items.push({ key: newKey(), ...item, id, body });
    this.#keep();
    void this.flush();
  }

  /** @param {string} id */
  drop(id) {
    this.items = this.items.filter((item) => item.id !== id);
    this.#keep();
  }

  /** Try a refused one again, under a new key: its content may have been the trouble. @param {string} id */
  again(id) {
    this.items = this.items.map((item) => (item.id === id ? { ...item, key: newKey(), refused: undefined } : item));
    this.#keep();
    void this.flush();
  }

  #reread() {
    this.items = memory.get(this.place, []);
    this.dispatchEvent(new Event("change"));
  }

  #keep() {
    memory.set(this.place, this.items);
    this.dispatchEvent(new Event("change"));
  }

  /** One tab at a time, oldest first; a refusal stays to be seen, a dead network stops the round. */
  async flush() {
    if (this.busy || !this.waiting) return;
    this.busy = true;
    try {
      if (navigator.locks) await navigator.locks.request(this.place, () => this.#round());
      else await this.#round();
    } finally {
      this.busy = false;
    }
  }

  async #round() {
    this.items = memory.get(this.place, this.items);
    for (const item of this.items.filter((one) => !one.refused)) {
      try {
        const row = await call("POST", `${this.base}${item.path}/`, { body: item.body, key: item.key, once: true });
        this.sent(item.table, row);
        this.drop(item.id);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status === 0 || error.status >= 500 || error.status === 401 || error.status === 429) return;
        item.refused = [explain(error), ...Object.values(fieldErrors(error))].join(" ");
        this.#keep();
      }
    }
  }
}
