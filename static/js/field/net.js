/** Whether the post can be reached: told by every call, asked for again while it cannot. */

const HEALTH = "/health/live";
const FIRST_MS = 2_000;
const LONGEST_MS = 20_000;
const ANSWER_MS = 5_000;

export class Net {
  /** @param {(ok: boolean) => void} changed called when the state turns, and each time a hold-up may be over */
  constructor(changed) {
    this.changed = changed;
    this.ok = navigator.onLine;
    this.since = Date.now();
    this.pause = FIRST_MS;
    this.timer = 0;
    addEventListener("offline", () => this.lost());
    addEventListener("online", () => this.#ask());
    document.addEventListener("visibilitychange", () => document.hidden || this.ok || this.#ask());
    if (!this.ok) this.#later();
  }

  /** The post answered. */
  heard() {
    clearTimeout(this.timer);
    this.pause = FIRST_MS;
    if (!this.ok) this.#turn(true);
  }

  /** It did not. */
  lost() {
    if (this.ok) this.#turn(false);
    this.#later();
  }

  /** @param {boolean} ok */
  #turn(ok) {
    this.ok = ok;
    this.since = Date.now();
    this.changed(ok);
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#ask(), this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(LONGEST_MS, this.pause * 1.6);
  }

  async #ask() {
    try {
      const answer = await fetch(HEALTH, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.ok) return this.heard();
    } catch {
      // Still nothing: said by `lost`.
    }
    this.lost();
  }
}
