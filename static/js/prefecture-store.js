/** What the page knows of the link: messages, instructions, drafts and the link's state, kept fresh by the journal. */
import { known } from "./link-chip.js";
import { everySecond, now } from "./time.js";

/** @typedef {{id: string, message_id: string, direction: "in" | "out", kind: string, crisis: string | null, sequence: number | null, supersedes: string | null, answers: string | null, about: string | null, state: string, title: string, text: string, created_at: string, sent_at: string, expires_at: string, due_at: string | null, attempts: number, failure: string, received_at: string | null, integrated_at: string | null, read_at: string | null, reader: string, alarm: string, version: number}} Message */
/** @typedef {{id: string, message: string, crisis: string | null, number: string, text: string, authority: string, due_at: string, status: string, late: boolean, action: string | null, done_at: string | null, version: number}} Instruction */
/** @typedef {{id: string, criterion: string, kind: string, crisis: string | null, about: string, title: string, text: string, status: string, made_at: string, version: number}} Draft */
/** @typedef {{state: string, since: string, tested_at: string | null, latency_ms: number | null, heard_at: string | null, failure: string, reconciled_at: string | null, differences: number | null, phone: string, peer: string, waiting: number, waiting_since: string | null}} Link */
/** @typedef {{crisis: string | null, title: string, messages: number, last_at: string}} Talk */
/** @typedef {{link: Link, conversations: Talk[], messages: Message[], instructions: Instruction[], drafts: Draft[]}} Picture */

const STALE_MS = 180_000; // as on the server: prefecture.selectors.STALE
const LOST = new Set(["dead", "refused", "expired"]);

export class LinkStore extends EventTarget {
  /** @param {Picture} picture */
  constructor(picture) {
    super();
    this.load(picture);
    let shown = this.state.state;
    document.addEventListener("link", (event) => {
      this.link = /** @type {CustomEvent} */ (event).detail;
      this.changed();
    });
    everySecond(() => {
      if (shown === this.state.state) return;
      shown = this.state.state;
      this.changed();
    });
  }

  /** The link as far as that is known now. */
  get state() {
    return known(this.link, now(), STALE_MS);
  }

  /** @param {Picture} picture */
  load(picture) {
    this.link = picture.link;
    /** @type {Map<string, Talk>} */
    this.talks = new Map(picture.conversations.map((talk) => [talk.crisis ?? "", talk]));
    this.messages = new Map(picture.messages.map((one) => [one.id, one]));
    this.instructions = new Map(picture.instructions.map((one) => [one.id, one]));
    this.drafts = new Map(picture.drafts.map((one) => [one.id, one]));
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** @param {{kind: string, data: any, at: string}[]} entries */
  apply(entries) {
    for (const { kind, data } of entries) this.#one(kind, data);
    this.changed();
  }

  /** @param {string} kind @param {any} data */
  #one(kind, data) {
    if (!kind.startsWith("prefecture.") || !data.row) return;
    if (kind === "prefecture.link_changed") this.link = data.row;
    else if (/instruct/.test(kind)) newer(this.instructions, data.row);
    else if (/draft/.test(kind)) newer(this.drafts, data.row);
    else this.#message(data.row);
  }

  /** @param {Message} row */
  #message(row) {
    const known = this.messages.has(row.id);
    newer(this.messages, row);
    const key = row.crisis ?? "";
    const talk = this.talks.get(key) ?? { crisis: row.crisis, title: "", messages: 0, last_at: row.created_at };
    const title = row.kind === "crisis_activation" && row.direction === "out" ? row.title.split(" : ")[1] ?? row.title : talk.title;
    this.talks.set(key, { ...talk, title, messages: talk.messages + (known ? 0 : 1), last_at: known ? talk.last_at : row.created_at });
  }

  /** Messages of a talk, newest first as this room took them: two senders' clocks do not agree. @param {string | null | undefined} crisis undefined: of all */
  said(crisis) {
    const all = [...this.messages.values()].filter((one) => crisis === undefined || one.crisis === crisis);
    return all.sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at) || (b.id < a.id ? -1 : 1));
  }

  /** Talks, the last one first, with what waits in each. */
  overview() {
    const talks = [...this.talks.values()].map((talk) => {
      const said = this.said(talk.crisis);
      return {
        ...talk,
        messages: Math.max(talk.messages, said.length),
        unread: said.filter(isUnread).length,
        waiting: said.filter((one) => one.state === "queued" || one.state === "dead").length,
        alarms: said.filter((one) => one.alarm === "not_integrated" || one.alarm === "not_read").length,
      };
    });
    return talks.sort((a, b) => Date.parse(b.last_at) - Date.parse(a.last_at));
  }

  /** Instructions to carry out, the most urgent first; then those of the last hours. @param {string | null | undefined} crisis */
  toDo(crisis) {
    const all = [...this.instructions.values()].filter((one) => crisis === undefined || one.crisis === crisis);
    return all.sort((a, b) => Number(a.status !== "open") - Number(b.status !== "open") || Date.parse(a.due_at) - Date.parse(b.due_at));
  }

  toApprove() {
    return [...this.drafts.values()].filter((one) => one.status === "waiting").sort((a, b) => Date.parse(a.made_at) - Date.parse(b.made_at));
  }

  lost() {
    return this.said(undefined).filter((one) => one.direction === "out" && LOST.has(one.state) && one.alarm !== "replaced");
  }

  /** Ours that have not left yet. */
  waiting() {
    return this.said(undefined).filter((one) => one.state === "queued" && one.direction === "out");
  }
}

/** @param {Map<string, any>} rows @param {any} row */
function newer(rows, row) {
  const known = rows.get(row.id);
  if (!known || known.version <= row.version) rows.set(row.id, row);
}

/** Theirs that nobody here has read. @param {Message} one */
export const isUnread = (one) => one.direction === "in" && one.state === "accepted" && !one.read_at;
/** @param {Message} one */
export const isLost = (one) => one.direction === "out" && LOST.has(one.state);
