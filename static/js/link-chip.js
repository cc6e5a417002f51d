/**
 * The state of the prefecture link in the bar: kept fresh by whatever the page hears of the journal, and honest about its
 * age. A test every minute is no news while the state stays, so the page asks from time to time; when no test has been made
 * for three minutes, because every worker is dead or the server is out of reach, it says by itself that nobody knows.
 * Whoever shows the link elsewhere hears of it by the document's "link" event.
 */

/** @typedef {{state: string, since: string, tested_at: string | null, phone: string}} Link */

const TICK_MS = 5_000;
const ASK_MS = 75_000; // with the spread below, twice before a test is stale
const SPREAD_MS = 25_000;

/** As it is known at an instant: stale when its last test is older than that. @template {Link} T @param {T} link @param {number} at @param {number} stale milliseconds @returns {T} */
export function known(link, at, stale) {
  if (!link.tested_at || link.state === "off" || at - Date.parse(link.tested_at) <= stale) return link;
  return { ...link, state: "unknown", since: link.tested_at };
}

/** Its state for words: "stale" when it was tested once, too long ago. @param {Link} link */
export const wording = (link) => (link.state === "unknown" && link.tested_at ? "stale" : link.state);

class Chip {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    const { link, words, now, stale_s, ask, zone } = JSON.parse(document.getElementById("pref-chip-data")?.textContent || "{}");
    /** @type {Link} */
    this.link = link;
    /** @type {Record<string, string>} */
    this.words = words;
    this.told = 0; // a late answer to an earlier question takes the place of no newer one
    this.offset = Date.parse(now) - Date.now();
    this.stale = stale_s * 1000;
    this.url = ask;
    this.next = this.now() + ASK_MS + Math.random() * SPREAD_MS;
    this.time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  }

  now() {
    return Date.now() + this.offset;
  }

  /** @param {string} words @param {Record<string, string | null>} times */
  #fill(words, times) {
    return words.replace(/\{(\w+)\}/g, (_all, name) => (times[name] ? this.time.format(Date.parse(times[name] ?? "")) : "–"));
  }

  draw() {
    const shown = known(this.link, this.now(), this.stale);
    const said = this.box.querySelector("span");
    const words = this.#fill(this.words[wording(shown)] ?? "", { time: shown.tested_at });
    this.box.dataset.state = shown.state;
    this.box.title = this.#fill(this.words.tested ?? "", { since: shown.since, time: shown.tested_at });
    const full = shown.state === "down" && shown.phone ? `${words} · ${shown.phone}` : words;
    if (said && words && said.textContent !== full) said.textContent = full;
  }

  /** @param {Link} row */
  hear(row) {
    this.told += 1;
    this.link = row;
    this.draw();
    document.dispatchEvent(new CustomEvent("link", { detail: row }));
  }

  tick() {
    this.draw();
    if (!document.hidden && this.now() >= this.next) void this.ask();
  }

  /** When nobody answers, what is known grows old by itself. */
  async ask() {
    this.next = this.now() + ASK_MS + Math.random() * SPREAD_MS;
    const turn = (this.told += 1);
    try {
      const answer = await fetch(this.url, { headers: { Accept: "application/json" }, cache: "no-store" });
      const row = answer.ok && (await answer.json());
      if (row && turn === this.told) this.hear(row);
    } catch {
      this.draw();
    }
  }
}

export function startChip() {
  const box = document.getElementById("pref-chip");
  if (!box) return;
  const chip = new Chip(box);
  document.addEventListener("journal", (event) => {
    for (const { kind, data } of /** @type {CustomEvent} */ (event).detail) if (kind === "prefecture.link_changed") chip.hear(data.row);
  });
  document.addEventListener("visibilitychange", () => chip.tick());
  setInterval(() => chip.tick(), TICK_MS);
}
