/** The head of the list: chips with counts, search, narrowing, filters kept by name. */
import { call, explain, get, Problem } from "./api.js";
import { $, fill, h, setText, settle } from "./dom.js";
import { CHIPS, count, EVERYTHING, fromQuery, question, toQuery } from "./filters.js";
import { t } from "./labels.js";
import { toast } from "./news.js";
import { page } from "./page.js";

/** @typedef {import("./filters.js").Filter} Filter */

const SAVED = "/api/v1/saved-filters/";
const NOW = "ondijon.filter";

export class Tools {
  /** @param {import("./store.js").Store} store @param {import("./list.js").List} list @param {any} map */
  constructor(store, list, map) {
    this.store = store;
    this.list = list;
    this.map = map;
    /** @type {{id: string, name: string, query: string}[]} */
    this.kept = page.filters;
    this.ask = settle(() => void this.#ask(), 250);
    this.#wire();
    this.#drawKept();
    const before = JSON.parse(sessionStorage.getItem(NOW) ?? "null");
    if (before) this.set(before);
  }

  #wire() {
    $("chips").addEventListener("click", (/** @type {any} */ event) => {
      const key = event.target.closest("button.chip")?.value;
      if (key in CHIPS) this.set({ chip: key });
    });
    $("search").addEventListener("input", () => this.set({ text: $("search").value }, true));
    $("search").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") this.list.step(1);
      if (event.key !== "Escape") return;
      this.set({ text: "" });
      $("search").blur();
      event.stopPropagation();
    });
    for (const [id, name] of [["by-commune", "commune"], ["by-category", "category"], ["order", "order"]]) {
      $(id).addEventListener("change", () => this.set({ [name]: $(id).value }));
    }
    $("save-filter").addEventListener("click", () => this.#keep());
    $("empty-clear")?.addEventListener("click", () => this.set({ ...EVERYTHING }));
    $("rows").addEventListener("listed", (/** @type {any} */ event) => this.#listed(event.detail));
  }

  /** @param {Partial<Filter>} change @param {boolean} [typed] the search field has it already */
  set(change, typed = false) {
    const filter = { ...this.list.filter, ...change };
    if (!typed) $("search").value = filter.text;
    for (const chip of $("chips").querySelectorAll("button.chip")) {
      if (chip.value in CHIPS) chip.setAttribute("aria-pressed", String(chip.value === filter.chip));
    }
    $("by-commune").value = filter.commune;
    $("by-category").value = filter.category;
    $("order").value = filter.order;
    $("save-filter").hidden = this.#same(filter, EVERYTHING) || this.kept.some((one) => one.query === toQuery(filter));
    sessionStorage.setItem(NOW, JSON.stringify(filter));
    this.list.found.clear();
    this.list.narrow(filter);
    this.map.narrow(filter.commune);
    this.ask();
  }

  /** @param {Filter} a @param {Filter} b */
  #same(a, b) {
    return Object.keys(EVERYTHING).every((key) => /** @type {any} */ (a)[key] === /** @type {any} */ (b)[key]);
  }

  /** What is not held here (finished incidents, words in reports) comes from the server. */
  async #ask() {
    const asked = { ...this.list.filter };
    const query = question(asked);
    if (!query) return;
    try {
      const answer = await get("/api/v1/incidents/", query, { once: true });
      if (!this.#same(asked, this.list.filter)) return;
      if (asked.text) for (const row of answer.results) this.list.found.add(row.id);
      this.store.load(answer.results);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // What is held here is still searched; the connection words say the rest.
    }
  }

  /** @param {number} shown */
  #listed(shown) {
    const counts = this.store.complete ? count(this.store.rows.values()) : page.counts;
    for (const spot of document.querySelectorAll("[data-count]")) {
      const number = counts[/** @type {HTMLElement} */ (spot).dataset.count ?? ""];
      if (number !== undefined && spot.textContent !== "") setText(spot, String(number));
    }
    $("empty").hidden = shown > 0;
    $("rows").hidden = shown === 0;
    const filtered = !this.#same(this.list.filter, EVERYTHING);
    if ($("empty-title")) setText($("empty-title"), t(filtered ? "empty.filtered" : "empty.none"));
    if ($("empty-clear")) $("empty-clear").hidden = !filtered;
  }

  /** Ask for a name in place, then keep the filter with the person's own, on every desk. */
  #keep() {
    const box = h("input", { type: "text", maxlength: 40, "aria-label": t("filter.name"), placeholder: t("filter.name") });
    const done = async (/** @type {boolean} */ yes) => {
      const name = box.value.trim();
      box.remove();
      if (yes && name) await this.#send(() => this.#save(name));
      this.set({});
    };
    box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.stopPropagation();
      void done(event.key === "Enter");
    });
    $("save-filter").before(box);
    $("save-filter").hidden = true;
    box.focus();
  }

  /** @param {string} name */
  async #save(name) {
    const saved = await call("POST", SAVED, { body: { name, query: toQuery(this.list.filter) } });
    this.kept = [...this.kept.filter((one) => one.id !== saved.id), saved];
  }

  /** @param {{id: string}} dropped */
  async #drop(dropped) {
    await call("DELETE", `${SAVED}${dropped.id}/`);
    this.kept = this.kept.filter((one) => one.id !== dropped.id);
  }

  /** @param {() => Promise<void>} work */
  async #send(work) {
    try {
      await work();
      this.#drawKept();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
    }
  }

  #drawKept() {
    fill($("saved"), this.kept.map((one) => [
      h("button.chip", { type: "button", onclick: () => this.set(fromQuery(one.query)) }, `★ ${one.name}`),
      h("button.chip", { type: "button", "aria-label": t("filter.drop", { name: one.name }), title: t("filter.drop", { name: one.name }),
        onclick: () => this.#send(() => this.#drop(one)) }, "✕"),
    ]));
  }
}
