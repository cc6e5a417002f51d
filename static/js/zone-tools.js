/** Drawing on the cell's map: points by clicks or with the keyboard's cross, then its name, kind and date; everyone sees it at once. */
import { call, explain, fieldErrors, newKey, Problem } from "./api.js";
import { $, fill, h } from "./dom.js";
import { choice, text } from "./fields.js";
import { t } from "./labels.js";
import { say } from "./news.js";
import { Cross, metres } from "./zone-cross.js";
import { fromLocalInput, localInput, now } from "./time.js";

const KINDS = ["flooded", "forecast", "danger", "perimeter", "evacuation", "closed_road", "power_cut", "point", "other"];
const TOOLS = ["polygon", "circle", "line", "point"];
const ENOUGH = { polygon: 3, circle: 2, line: 2, point: 1 };

/** @typedef {{lat: number, lon: number}} Spot */

/** The shape of these clicks, as the API takes it. @param {string} tool @param {Spot[]} spots */
function shapeOf(tool, spots) {
  const points = spots.map(({ lat, lon }) => [Number(lat.toFixed(6)), Number(lon.toFixed(6))]);
  if (tool === "point") return { type: "point", points: points.slice(0, 1) };
  if (tool === "circle") return { type: "circle", points: points.slice(0, 1), radius_m: Math.max(10, metres(spots[0], spots[1] ?? spots[0])) };
  return { type: tool, points };
}

export class ZoneTools {
  /** @param {import("./cell-store.js").CellStore} store @param {import("./cell-map.js").CellMap} map */
  constructor(store, map) {
    this.store = store;
    this.map = map;
    /** @type {Spot[]} */
    this.spots = [];
    this.tool = "";
    this.select = h("select.chip", { "aria-label": t("draw"), onchange: () => this.begin(this.select.value) }, h("option", { value: "" }, t("draw")), TOOLS.map((one) => h("option", { value: one }, t(`draw.${one}`))));
    this.done = h("button.btn.small.main", { type: "button", hidden: true, onclick: () => this.finish() }, t("draw.done"));
    this.undo = h("button.btn.small", { type: "button", hidden: true, onclick: () => this.back() }, t("draw.undo"));
    this.drop = h("button.btn.small", { type: "button", hidden: true, onclick: () => this.stop() }, t("form.cancel"));
    this.cross = new Cross(map, this);
    fill($("zone-tools"), this.select, this.undo, this.done, this.drop);
    this.select.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" || !this.tool) return;
      event.preventDefault();
      this.cross.start();
    });
    $("map-side")?.addEventListener("click", (/** @type {any} */ event) => {
      const zone = store.tables.zones.get(event.target.closest("[data-zone]")?.dataset.zone);
      if (zone) ask(store, zone, () => this.begin(""));
    });
  }

  focus() {
    this.select.focus();
  }

  get enough() {
    return this.spots.length >= (ENOUGH[/** @type {"polygon"} */ (this.tool)] ?? 99);
  }

  /** @param {string} which of the tools; none ends drawing */
  begin(which) {
    this.tool = which;
    this.spots = [];
    this.select.value = which;
    this.map.box.classList.toggle("picking", Boolean(which));
    this.map.hint(which ? `${t(`draw.${which}.hint`)} ${t("cross.enter")}` : "");
    this.map.picking = which ? (/** @type {Spot} */ spot) => this.add(spot) : null;
    this.cross.ready(Boolean(which));
    this.#sketch();
  }

  /** @param {Spot} spot */
  add(spot) {
    this.spots.push(spot);
    this.#sketch();
  }

  /** A point at the keyboard's cross; the same one twice ends an area or a line. @param {Spot} spot */
  set(spot) {
    const last = this.spots.at(-1);
    if (last && metres(last, spot) === 0) return this.finish();
    this.add(spot);
    if (this.spots.length) say([t("cross.set", { point: this.spots.length }), this.enough && t("cross.enough")].filter(Boolean).join(" "));
  }

  back() {
    say(this.spots.pop() ? t("cross.back", { point: this.spots.length }) : t("cross.none"));
    this.#sketch();
  }

  stop() {
    this.begin("");
    this.focus();
    say(t("cross.stopped"));
  }

  finish() {
    if (!this.enough) return say(t("cross.more"));
    ask(this.store, { shape: shapeOf(this.tool, this.spots) }, () => { this.begin(""); this.focus(); });
  }

  #sketch() {
    const { spots, tool, enough } = this;
    this.map.sketch = spots.length ? { kind: "other", observed: false, label: "", dated_at: new Date(now()).toISOString(), shape: shapeOf(spots.length < 2 ? "point" : tool === "polygon" && spots.length < 3 ? "line" : tool, spots) } : null;
    this.done.hidden = !enough;
    this.undo.hidden = this.drop.hidden = !tool;
    this.cross.again();
    this.map.marks.redraw();
    if (enough && (tool === "point" || tool === "circle")) this.finish();
  }
}

/** Name, kind, seen or foreseen, and the date of what it shows; again for a new version of a zone. @param {import("./cell-store.js").CellStore} store @param {any} zone @param {() => void} after */
function ask(store, zone, after) {
  const fields = [
    text("label", t("field.label"), { value: zone.label ?? "", max: 120, required: true }), choice("kind", t("field.kind"), KINDS.map((key) => [key, t(`zone.kind.${key}`)]), zone.kind ?? "danger"),
    choice("observed", t("field.observed"), [["yes", t("field.observed.yes")], ["no", t("field.observed.no")]], zone.observed === false ? "no" : "yes"),
    text("dated_at", t("field.dated"), { type: "datetime-local", value: localInput(zone.dated_at ? Date.parse(zone.dated_at) : now()) }), text("source", t("field.source"), { value: zone.source ?? "", max: 120 }),
  ];
  const dialog = $("modal");
  const key = newKey();
  const error = h("p.error-text", { role: "alert" });
  const values = () => {
    const told = Object.fromEntries(fields.map((field) => [field.name, field.read()]));
    return { ...told, observed: told.observed === "yes", dated_at: fromLocalInput(told.dated_at), shape: zone.shape };
  };
  const send = async (/** @type {string} */ method, /** @type {any} */ body) => {
    const path = zone.id ? `zones/${zone.id}/` : "zones/";
    try {
      store.take("zones", await call(method, `/api/v1/crisis/cells/${store.cell.id}/${path}`, { body, key, version: zone.id ? zone.version : undefined }));
      if (form.isConnected) dialog.close();
      say(t(method === "DELETE" ? "draw.removed" : "draw.saved", { label: String(body?.label ?? zone.label) }));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      error.textContent = [explain(problem), ...Object.values(fieldErrors(problem))].join(" ");
    }
  };
  const form = h("form.inside", { novalidate: true }, h("h2", { id: "modal-title" }, t(zone.id ? "draw.again" : "draw.name")), fields.map((field) => field.element), error,
    h("div.acts", {}, h("button.btn.main", { type: "submit" }, t("form.save")), zone.id && h("button.btn.danger", { type: "button", onclick: () => void send("DELETE", undefined) }, t("draw.remove")),
      h("button.btn.quiet", { type: "button", onclick: () => dialog.close() }, t("form.cancel"))));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!fields[0].read()) return fields[0].control.focus();
    void send(zone.id ? "PUT" : "POST", values());
  });
  fill(dialog, form);
  dialog.showModal();
  fields[0].control.focus();
  dialog.onclose = after;
}
