/**
 * The journal's stream to this page. A socket while there is one, polling when there is none, and words for both.
 * Used by every page: give it where to start and what to do with what comes.
 */
import { call, Problem } from "./api.js";

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 20_000;
const POLL_MS = 4_000;
const CATCH_UP_MS = 1_500;
const CLOSED = { notLoggedIn: 4401, rightLost: 4403 };
const JOURNAL = "/api/v1/journal/";
const HEALTH = "/health/live";
const FEEL_MS = 5_000;
const SILENT_MS = 15_000;
const ANSWER_MS = 5_000;

/** @typedef {"connecting" | "live" | "polling" | "lost" | "out"} State */
/** @typedef {{about: string, people: {id: string, name: string, doing: string}[]}} Presence */
/** @typedef {{topic: string, items: {id: string, lat: number, lon: number, at: string, source: string}[]}} Latest */
/**
 * @typedef {object} Listener
 * @property {(entries: import("./store.js").Entry[]) => void} entries in journal order, each once
 * @property {() => Promise<string>} reset the cursor is worth nothing: load everything again, give the new cursor
 * @property {(presence: Presence) => void} presence
 * @property {(latest: Latest) => void} [latest] where moving things are now; older ones are skipped, nothing is repeated
 * @property {(state: State, since: number) => void} state `since`: last instant (ms) the server was heard
 * @property {(missed: number) => void} back how many changes came in while nothing could be heard
 */

export class Live {
  /** @param {{url: string, cursor: string}} start @param {Listener} listener */
  constructor(start, listener) {
    this.url = start.url;
    this.cursor = start.cursor;
    this.listener = listener;
    /** @type {State} */
    this.state = "connecting";
    this.heard = Date.now();
    this.failures = 0;
    this.away = false;
    this.missed = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {{about: string, doing: string} | null} */
    this.looking = null;
    this.polling = 0;
    this.resetting = false;
  }

  start() {
    addEventListener("offline", () => this.#drop());
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    setInterval(() => void this.#feel(), FEEL_MS);
    this.#open();
  }

  /** A dead network closes no socket for minutes: after a silence, ask whether the house still answers. */
  async #feel() {
    if (this.state !== "live" || Date.now() - this.heard < SILENT_MS) return;
    try {
      const answer = await fetch(HEALTH, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
      if (!answer.ok) return this.#drop();
      this.heard = Date.now();
    } catch {
      this.#drop();
    }
  }

  /** Tell the others what this person looks at. @param {string} about @param {"viewing" | "editing" | "left"} doing */
  look(about, doing) {
    this.looking = doing === "left" ? null : { about, doing };
    this.#send({ type: "look", about, doing });
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  #open() {
    const separator = this.url.includes("?") ? "&" : "?";
    const socket = new WebSocket(`${this.url}${separator}cursor=${encodeURIComponent(this.cursor)}`);
    this.socket = socket;
    socket.onmessage = (event) => this.socket === socket && this.#take(JSON.parse(event.data));
    socket.onclose = (event) => this.socket === socket && this.#closed(event.code);
  }

  /** @param {any} frame */
  #take(frame) {
    this.#hear("live");
    if (frame.type === "hello") {
      this.failures = 0;
      clearTimeout(this.polling);
      this.polling = 0;
      if (this.looking) this.#send({ type: "look", ...this.looking });
    } else if (frame.type === "entries") this.#entries(frame.entries, frame.cursor);
    else if (frame.type === "presence") this.listener.presence(frame);
    else if (frame.type === "latest") this.listener.latest?.(frame);
    else if (frame.type === "reset") void this.#reset();
  }

  /** @param {import("./store.js").Entry[]} entries @param {string} cursor */
  #entries(entries, cursor) {
    const at = Number(this.cursor.split(".")[0]);
    const fresh = entries.filter((entry) => entry.seq > at);
    this.cursor = cursor;
    this.missed += this.away ? fresh.length : 0;
    if (!fresh.length) return;
    document.dispatchEvent(new CustomEvent("journal", { detail: fresh })); // for what stands on every page
    this.listener.entries(fresh);
  }

  async #reset() {
    if (this.resetting) return;
    this.resetting = true;
    try {
      this.cursor = await this.listener.reset();
      this.#reopen();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#closed(error.status === 401 ? CLOSED.notLoggedIn : 1006);
    } finally {
      this.resetting = false;
    }
  }

  #reopen() {
    const old = this.socket;
    this.socket = null;
    old?.close();
    this.#open();
  }

  /** The browser knows that there is no network: a socket would notice only much later. */
  #drop() {
    this.#lose();
    const old = this.socket;
    if (old) this.#closed(1006);
    old?.close();
  }

  /** @param {number} code */
  #closed(code) {
    this.socket = null;
    if (code === CLOSED.notLoggedIn) return this.#say("out");
    if (code === CLOSED.rightLost) return void this.#reset();
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures) * (0.5 + Math.random());
    this.failures += 1;
    this.retry = setTimeout(() => this.#open(), wait);
    if (!this.polling) this.#poll();
  }

  #poll() {
    this.polling = setTimeout(async () => {
      try {
        const answer = await call("GET", `${JOURNAL}?after=${encodeURIComponent(this.cursor)}`, { once: true });
        if (this.state === "live") return;
        this.#hear("polling");
        if (answer.reset) this.cursor = await this.listener.reset();
        else this.#entries(answer.entries, answer.cursor);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status === 401 || error.status === 403) return this.#say("out");
        this.#lose();
      }
      if (this.polling) this.#poll();
    }, (this.polling ? POLL_MS : FIRST_RETRY_MS) * (0.75 + Math.random() / 2));
  }

  /** The server was heard. @param {State} state */
  #hear(state) {
    this.heard = Date.now();
    if (this.away && this.state === "lost") {
      setTimeout(() => {
        this.away = false;
        this.listener.back(this.missed);
      }, CATCH_UP_MS);
    }
    this.#say(state);
  }

  #lose() {
    if (!this.away) this.missed = 0;
    this.away = true;
    this.#say("lost");
  }

  /** Do not wait for the timer when the network or the person comes back. */
  #hurry() {
    if (this.socket || this.state === "out" || this.state === "connecting") return;
    clearTimeout(this.retry);
    this.#open();
  }

  /** @param {State} state */
  #say(state) {
    if (state === this.state && state === "live") return;
    this.state = state;
    this.listener.state(state, this.heard);
  }
}
