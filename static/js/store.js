/** The rows that this screen knows, by id, kept up to date by journal entries. */

/**
 * @typedef {object} Row One incident as lists, markers and journal entries carry it (incidents.rows).
 * @property {string} id
 * @property {string} reference
 * @property {string} title
 * @property {string} status
 * @property {string} priority
 * @property {string} sensitivity
 * @property {string} category
 * @property {string} commune
 * @property {{id: string, name: string} | null} organisation
 * @property {{id: string, name: string} | null} assignee
 * @property {string} source
 * @property {number} lat
 * @property {number} lon
 * @property {string} address
 * @property {string} occurred_at
 * @property {string} declared_at
 * @property {string | null} acknowledged_at
 * @property {string | null} response_due
 * @property {string | null} resolution_due
 * @property {number} reports
 * @property {string | null} merged_into
 * @property {number} version
 */

/** @typedef {{seq: number, at: string, kind: string, about: string | null, by: string | null, data: any}} Entry */
/** @typedef {{changed: Set<string>, gone: Set<string>, entries: Entry[]}} Change */

const OPEN = new Set(["declared", "qualified", "in_progress"]);
const KEPT_FINISHED = 1000;

/** @param {Row} row */
export const isOpen = (row) => OPEN.has(row.status);
/** A P1 that nobody has acknowledged yet: the only thing that may pulse. @param {Row} row */
export const isWaiting = (row) => isOpen(row) && !row.acknowledged_at;

/** @typedef {{room: string, isOpen: (row: any) => boolean, age: (row: any) => string}} Kind */
/** @type {Kind} */
const INCIDENTS = { room: "incidents", isOpen, age: (row) => row.declared_at };

/** @template {{id: string, version: number}} [R=Row] */
export class Store extends EventTarget {
  /** @param {Kind} [kind] whose entries carry the rows, and which of them may leave one day */
  constructor(kind = INCIDENTS) {
    super();
    this.kind = kind;
    /** @type {Map<string, R>} */
    this.rows = new Map();
    /** Whether every open one that this person may see is here. */
    this.complete = false;
  }

  /** Take rows that came with an answer. @param {R[]} rows */
  load(rows) {
    const changed = new Set(rows.filter((row) => this.#keep(row)).map((row) => row.id));
    this.#tell({ changed, gone: new Set(), entries: [] });
  }

  /** Put these rows in place of everything. @param {R[]} rows */
  replace(rows) {
    const gone = new Set(this.rows.keys());
    this.rows.clear();
    this.complete = false;
    for (const row of rows) {
      this.rows.set(row.id, row);
      gone.delete(row.id);
    }
    this.#tell({ changed: new Set(this.rows.keys()), gone, entries: [] });
  }

  /** Every open one is here now. */
  finish() {
    this.complete = true;
    this.#tell({ changed: new Set(), gone: new Set(), entries: [] });
  }

  /** Apply journal entries in their order. @param {Entry[]} entries */
  apply(entries) {
    /** @type {Change} */
    const change = { changed: new Set(), gone: new Set(), entries };
    for (const { kind, about, data } of entries) {
      if (!kind.startsWith(`${this.kind.room}.`)) continue;
      if (kind === `${this.kind.room}.withdrawn`) {
        if (about && this.rows.delete(about)) change.gone.add(about);
        change.changed.delete(about ?? "");
      } else if (data.row && this.#keep(data.row)) {
        change.changed.add(data.row.id);
        change.gone.delete(data.row.id);
      }
    }
    this.#forgetOldest();
    this.#tell(change);
  }

  /** An answer may be older than an entry that came first: the higher version wins. @param {R} row */
  #keep(row) {
    const known = this.rows.get(row.id);
    if (known && known.version > row.version) return false;
    this.rows.set(row.id, row);
    return true;
  }

  /** A screen open for weeks must not grow for ever: the oldest finished rows leave. */
  #forgetOldest() {
    const { isOpen: stays, age } = this.kind;
    const finished = [...this.rows.values()].filter((row) => !stays(row));
    if (finished.length <= KEPT_FINISHED) return;
    finished.sort((a, b) => (age(a) < age(b) ? -1 : 1));
    for (const row of finished.slice(0, finished.length - KEPT_FINISHED)) this.rows.delete(row.id);
  }

  /** @param {Change} change */
  #tell(change) {
    this.dispatchEvent(new CustomEvent("change", { detail: change }));
  }
}
