/** The head of the list: chips with counts, search, narrowing, filters kept by name. */
import { get, Problem } from "./api.js";
import { $, fill, h, memory, setText, settle } from "./dom.js";
import { CHIPS, count, EVERYTHING, question } from "./filters.js";
import { t } from "./labels.js";
import { page } from "./page.js";

/** @typedef {import("./filters.js").Filter} Filter */

const KEPT = `ondijon.filters.${page.me.id}`;
const NOW = "ondijon.filter";

export class Tools {
  /** @param {import("./store.js").Store} store @param {import("./list.js").List} list @param {any} map */
  constructor(store, list, map) {
    Object.assign(this, { store, list, map });
    /** @type {{name: string, filter: Filter}[]} */
    this.kept = memory.get(KEPT, []);
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
    $("save-filter").hidden = this.#same(filter, EVERYTHING) || this.kept.some((one) => this.#same(one.filter, filter));
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

  #keep() {
    const box = h("input", { type: "text", maxlength: 40, "aria-label": t("filter.name"), placeholder: t("filter.name") });
    const done = (/** @type {boolean} */ yes) => {
      const name = box.value.trim();
      if (yes && name) this.kept = [...this.kept.filter((one) => one.name !== name), { name, filter: { ...this.list.filter } }];
      memory.set(KEPT, this.kept);
      this.#drawKept();
      box.remove();
      this.set({});
    };
    box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.stopPropagation();
      done(event.key === "Enter");
    });
    $("save-filter").before(box);
    $("save-filter").hidden = true;
    box.focus();
  }

  #drawKept() {
    fill($("saved"), this.kept.map(({ name, filter }) => [
      h("button.chip", { type: "button", onclick: () => this.set({ ...EVERYTHING, ...filter }) }, `★ ${name}`),
      h("button.chip", { type: "button", "aria-label": t("filter.drop", { name }), title: t("filter.drop", { name }), onclick: () => {
        this.kept = this.kept.filter((one) => one.name !== name);
        memory.set(KEPT, this.kept);
        this.#drawKept();
      } }, "✕"),
    ]));
  }
}
