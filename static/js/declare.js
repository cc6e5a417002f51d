/** The declare form: where, what, how urgent, who says so, and "is it the same one?" while typing. */
import { call, explain, fieldErrors, get, newKey, Problem } from "./api.js";
import { combo } from "./combo.js";
import { $, fill, h, settle } from "./dom.js";
import { neighbour } from "./drawer-parts.js";
import { isFree, keeping } from "./focus.js";
import { priorityButtons } from "./fields.js";
import { findCategories, findPlaces } from "./finders.js";
import { categoryName } from "./incident.js";
import { t } from "./labels.js";
import { categories, page } from "./page.js";
import { fromLocalInput, localInput, now } from "./time.js";
import { communeAt } from "./where.js";

const DRAFT = "ondijon.draft";
const PLAIN = ["description", "source", "occurred_at", "reporter_name", "reporter_phone", "reporter_email"];
const SPOTS = { lat: "place", lon: "place", address: "place", category: "category", description: "description", occurred_at: "occurred_at", reporter_name: "reporter", reporter_phone: "reporter", reporter_email: "reporter" };

/** A draft carries its own key: sent twice, it is declared once. */
const blank = () => ({ id: newKey(), key: newKey(), point: null, place: "", category: "", priority: "", touched: false });

export class Declare extends EventTarget {
  /** @param {any} map @param {(words: string, options?: any) => void} toast */
  constructor(map, toast) {
    super();
    this.map = map;
    this.toast = toast;
    /** @type {HTMLDialogElement} */
    this.dialog = $("declare");
    /** @type {any} */
    this.draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null") ?? blank();
    this.priorities = priorityButtons("", (key) => this.#change({ priority: key, touched: true }));
    $("priorities").replaceWith(this.priorities.box);
    fill($("source"), page.me.sources.map((key) => h("option", { value: key }, t(`source.${key}`))));
    this.lookAround = settle(() => this.#lookAround(), 300);
    this.#wire();
    this.#show();
    if (sessionStorage.getItem(`${DRAFT}.open`)) this.open();
  }

  #wire() {
    combo({ input: $("place"), list: $("place-list"), search: findPlaces, wait: 150,
      cleared: () => this.#point(null, $("place").value), choose: ({ value, label }) => this.#point(value, label) });
    combo({ input: $("category"), list: $("category-list"), search: findCategories,
      cleared: () => this.#change({ category: "" }), choose: ({ value }) => this.#categorise(value) });
    $("declare-form").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.#send("/api/v1/incidents/", this.#body());
    });
    for (const name of PLAIN) $(name).addEventListener("input", () => this.#change({ [name]: $(name).value }));
    $("restricted")?.addEventListener("input", () => this.#change({ restricted: $("restricted").checked }));
    this.dialog.addEventListener("keydown", (event) => this.#keys(event));
    $("declare-close").addEventListener("click", () => this.close());
    $("declare-discard").addEventListener("click", () => this.discard());
    $("pick-on-map").addEventListener("click", () => this.#pickOnPhone());
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("declare-form").requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  open() {
    if (!this.dialog.open) this.dialog.show();
    sessionStorage.setItem(`${DRAFT}.open`, "1");
    this.map.choose((/** @type {any} */ point) => this.#picked(point));
    this.map.pin(this.draft.point);
    if (!$("occurred_at").value) $("occurred_at").value = localInput(now());
    $(this.draft.point ? "category" : "place").focus();
  }

  close() {
    sessionStorage.removeItem(`${DRAFT}.open`);
    this.map.choose(null);
    this.map.pin(null);
    const led = isFree(this.dialog); // who writes elsewhere when the answer comes stays there
    this.dialog.close();
    if (led) ($("declare-open") ?? $("list")).focus();
  }

  discard() {
    this.draft = blank();
    sessionStorage.removeItem(DRAFT);
    $("declare-form").reset();
    this.#errors({});
    fill($("same"));
    $("same").hidden = true;
    this.#show();
    this.close();
  }

  /** @param {any} change */
  #change(change) {
    // The intended write is another one now, so it gets another key.
    Object.assign(this.draft, change, { key: newKey() });
    sessionStorage.setItem(DRAFT, JSON.stringify(this.draft));
    $("draft-state").textContent = t("draft.kept");
    this.lookAround();
  }

  #show() {
    const { draft } = this;
    $("place").value = draft.place;
    $("category").value = draft.category ? categoryName(draft.category) : "";
    for (const name of PLAIN) if (draft[name]) $(name).value = draft[name];
    $("reporter").open = Boolean(draft.reporter_name || draft.reporter_phone || draft.reporter_email);
    this.priorities.press(draft.priority);
    if ($("restricted")) $("restricted").checked = Boolean(draft.restricted);
    if (draft.point) this.lookAround();
  }

  /** @param {{lat: number, lon: number, address?: string} | null} point @param {string} words */
  #point(point, words) {
    const kept = point && { lat: point.lat, lon: point.lon, address: point.address ?? "" };
    this.#change({ point: kept, place: words });
    this.map.pin(kept);
    $("place-error").textContent = kept && !communeAt(kept.lat, kept.lon) ? t("place.outside") : "";
  }

  /** A click on the map. @param {{lat: number, lon: number}} at */
  #picked(at) {
    const commune = communeAt(at.lat, at.lon);
    const words = `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}${commune ? ` · ${commune.name}` : ""}`;
    $("place").value = words;
    this.#point(at, words);
    if (!this.dialog.open) this.open();
    $("category").focus();
  }

  #pickOnPhone() {
    this.dialog.close();
    this.dispatchEvent(new Event("pick-on-map"));
  }

  /** @param {import("./page.js").Category} category */
  #categorise(category) {
    const priority = this.draft.touched ? this.draft.priority : category.priority;
    this.priorities.press(priority);
    this.#change({ category: category.key, priority });
  }

  async #lookAround() {
    const { point, category, description } = this.draft;
    if (!point) return void ($("same").hidden = true);
    const found = await get("/api/v1/incidents/nearby/", { lat: point.lat, lon: point.lon, category, q: description, occurred_at: this.#occurred() }, { once: true })
      .catch(() => []);
    if (point !== this.draft.point) return;
    const near = (found.results ?? found).slice(0, 4);
    $("same").hidden = near.length === 0;
    keeping(this.dialog, () => fill($("same"), h("h3", {}, t("same.title", { n: near.length })), h("ul.cards", {}, near.map((/** @type {any} */ one) => neighbour(one, t("same.attach"), () => this.#attach(one.row))))));
  }

  #occurred() {
    return $("occurred_at").value ? fromLocalInput($("occurred_at").value) : undefined;
  }

  #told() {
    const { id, point } = this.draft;
    const plain = Object.fromEntries(PLAIN.map((name) => [name, $(name).value.trim()]));
    return { ...plain, id, lat: point?.lat, lon: point?.lon, address: point?.address ?? "", occurred_at: this.#occurred() };
  }

  #body() {
    return { ...this.#told(), category: this.draft.category, priority: this.draft.priority || undefined, sensitivity: this.draft.restricted ? "restricted" : "normal" };
  }

  /** The report belongs to an incident that is already open. @param {import("./store.js").Row} row */
  #attach(row) {
    void this.#send(`/api/v1/incidents/${row.id}/reports/`, this.#told(), row);
  }

  #missing() {
    return {
      ...(this.draft.point ? {} : { lat: t("declare.noPlace") }),
      ...(categories.has(this.draft.category) ? {} : { category: t("declare.noCategory") }),
    };
  }

  /** @param {string} path @param {any} body @param {import("./store.js").Row} [row] the incident it is attached to */
  async #send(path, body, row) {
    const missing = row ? {} : this.#missing();
    this.#errors(missing);
    if (Object.keys(missing).length) return;
    $("declare-send").disabled = true;
    $("draft-state").textContent = t("declare.sending");
    try {
      const answer = await call("POST", path, { body, key: this.draft.key });
      this.discard();
      const sent = row ?? answer.row ?? answer;
      this.toast(t(row ? "declare.attached" : "declare.done", { reference: sent.reference }), { kind: "ok" });
      this.dispatchEvent(new CustomEvent("declared", { detail: sent }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      $("draft-state").textContent = t("draft.kept");
      this.#errors(fieldErrors(error), explain(error));
    } finally {
      $("declare-send").disabled = false;
    }
  }

  /** @param {Record<string, string>} errors @param {string} [whole] */
  #errors(errors, whole = "") {
    const spots = new Map([...new Set(Object.values(SPOTS))].map((spot) => [spot, ""]));
    const rest = [];
    for (const [name, words] of Object.entries(errors)) {
      const spot = /** @type {Record<string, string>} */ (SPOTS)[name];
      if (spot) spots.set(spot, words);
      else rest.push(words);
    }
    for (const [spot, words] of spots) {
      $(`${spot}-error`).textContent = words;
      $(spot).toggleAttribute("aria-invalid", false);
      if (words) $(spot).setAttribute("aria-invalid", "true");
    }
    const first = [...spots].find(([, words]) => words);
    $("declare-error").textContent = rest.join(" ") || (first ? "" : whole);
    if (first) $(first[0]).focus();
  }
}
