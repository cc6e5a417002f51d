/** What this screen knows of one cell, kept up to date by journal entries alone: each carries the row of what changed. */

/** @typedef {{id: string, name: string}} Named */
/** @typedef {{id: string, reference: string, title: string, plan: string, commune: string | null, level: string, level_since: string, level_by: Named, direction: string, director: Named, opened_at: string, closed_at: string | null, next_briefing_at: string | null, briefing_minutes: number, lines: number, version: number}} Cell */
/** @typedef {{id: string, number: number, occurred_at: string, entered_at: string, by: Named | null, function: string, kind: string, text: string, source: string, reliability: string, credibility: number, importance: string, supersedes: number | null, refers_to: string | null, reference: string, incidents: string[], mentions: string[], files: any[]}} Line */
/** @typedef {{id: string, number: number, reference: string, function: string, text: string, owner: Named | null, owner_name: string, state: string, progress: string, due_at: string | null, decision: string | null, card: string, at: string, ended_at: string | null, version: number}} Action */
/** @typedef {{id: string, number: number, reference: string, what: string, authority: string, by: Named, grounds: string, rejected: string, at: string, check_due: string | null, checked_at: string | null, outcome: string, achieved: boolean | null, version: number}} Decision */
/** @typedef {{id: string, person: string | null, name: string, function: string, state: string, expected_at: string | null, note: string, until: string | null, ended_at: string | null, version: number}} Member */
/** @typedef {import("./store.js").Entry} Entry */

/** Which table a member of an entry's data belongs to. */
const TABLES = {
  line: "lines", member: "members", decision: "decisions", action: "actions", loan: "loans", request: "requests",
  transfer: "transfers", suggestion: "suggestions", zone: "zones", report: "reports", message: "messages",
};

export class CellStore extends EventTarget {
  /** @param {any} detail */
  constructor(detail) {
    super();
    /** @type {Record<string, Map<string, any>>} */
    this.tables = {};
    this.load(detail);
  }

  /** Put what an answer holds in place of everything. @param {any} detail */
  load(detail) {
    /** @type {Cell} */
    this.cell = detail.cell;
    this.plan = detail.plan;
    /** @type {Record<string, string[]>} by level */
    this.acts = detail.acts ?? {};
    for (const name of Object.values(TABLES)) this.tables[name] = new Map((detail[name] ?? []).map((/** @type {any} */ row) => [row.id, row]));
    this.incidents = new Map((detail.incidents ?? []).map((/** @type {any} */ row) => [row.id, row]));
    this.linked = new Set(detail.linked_incidents ?? []);
    this.missions = new Map((detail.missions ?? []).map((/** @type {any} */ row) => [row.id, row]));
    this.#tell(new Set([...Object.values(TABLES), "cell", "incidents", "missions"]), []);
  }

  /** The acts open to this person at the cell's level. @returns {Set<string>} */
  get allowed() {
    return new Set(this.acts[this.cell.level] ?? []);
  }

  /** @param {string} name @returns {any[]} */
  all(name) {
    return [...this.tables[name].values()];
  }

  /** Lines in their order. @returns {Line[]} */
  get lines() {
    return this.all("lines").sort((a, b) => a.number - b.number);
  }

  /** Those who take part now. @returns {Member[]} */
  get members() {
    return this.all("members").filter((one) => !one.ended_at);
  }

  /** Apply entries in journal order. @param {Entry[]} entries */
  apply(entries) {
    const parts = new Set();
    /** @type {Line[]} */
    const fresh = [];
    for (const entry of entries) {
      if (entry.kind.startsWith("crisis.") && entry.about === this.cell.id) this.#ours(entry, parts, fresh);
      else if (entry.kind.startsWith("incidents.")) this.#incident(entry, parts);
      else if (entry.kind.startsWith("interventions.") && entry.data.row) {
        this.missions.set(entry.data.row.id, entry.data.row);
        parts.add("missions");
      }
    }
    if (parts.size) this.#tell(parts, fresh);
  }

  /** @param {Entry} entry @param {Set<string>} parts @param {Line[]} fresh */
  #ours({ data, kind }, parts, fresh) {
    if (data.cell?.version >= this.cell.version) {
      this.cell = data.cell;
      parts.add("cell");
    }
    for (const [member, name] of Object.entries(TABLES)) {
      const row = data[member];
      if (!row?.id || !this.#newer(this.tables[name].get(row.id), row)) continue;
      if (member === "line" && !this.tables.lines.has(row.id)) fresh.push(row);
      this.tables[name].set(row.id, row);
      parts.add(name);
    }
    if (kind === "crisis.incident_linked") {
      this.linked.add(data.incident);
      parts.add("incidents");
    }
  }

  /** An answer may come before its entry, and be newer. @param {any} known @param {any} row */
  #newer(known, row) {
    return !known || known.version === undefined || row.version >= known.version;
  }

  /** @param {Entry} entry @param {Set<string>} parts */
  #incident({ kind, about, data }, parts) {
    if (!about || !this.linked.has(about)) return;
    if (kind === "incidents.withdrawn") this.incidents.delete(about);
    else if (data.row) this.incidents.set(about, data.row);
    parts.add("incidents");
  }

  /** A row that came as an answer to this screen's own act. @param {string} table @param {any} row */
  take(table, row) {
    if (!row?.id || !this.#newer(this.tables[table].get(row.id), row)) return;
    const fresh = table === "lines" && !this.tables.lines.has(row.id) ? [row] : [];
    this.tables[table].set(row.id, row);
    this.#tell(new Set([table]), fresh);
  }

  /** @param {any} row */
  takeIncident(row) {
    this.linked.add(row.id);
    this.incidents.set(row.id, row);
    this.#tell(new Set(["incidents"]), []);
  }

  /** @param {Cell} cell */
  takeCell(cell) {
    if (cell.version < this.cell.version) return;
    this.cell = cell;
    this.#tell(new Set(["cell"]), []);
  }

  /** @param {Set<string>} parts @param {Line[]} fresh */
  #tell(parts, fresh) {
    this.dispatchEvent(new CustomEvent("change", { detail: { parts, fresh } }));
  }

  /** Do this whenever one of these parts changed, at most once a frame. @param {string[]} parts @param {() => void} work */
  on(parts, work) {
    let asked = false;
    this.addEventListener("change", (event) => {
      if (asked || !parts.some((part) => /** @type {CustomEvent} */ (event).detail.parts.has(part))) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        work();
      });
    });
  }
}
