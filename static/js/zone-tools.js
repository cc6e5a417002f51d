/** Drawing on the cell's map: points by clicks, then its name, its kind and its date; everyone sees it at once. */
import { call, explain, fieldErrors, newKey, Problem } from "./api.js";
import { $, fill, h } from "./dom.js";
import { choice, text } from "./fields.js";
import { t } from "./labels.js";
import { fromLocalInput, localInput, now } from "./time.js";

const KINDS = ["flooded", "forecast", "danger", "perimeter", "evacuation", "closed_road", "power_cut", "point", "other"];
const TOOLS = ["polygon", "circle", "line", "point"];
const ENOUGH = { polygon: 3, circle: 2, line: 2, point: 1 };

/** @typedef {{lat: number, lon: number}} Spot */

/** @param {Spot} a @param {Spot} b metres between them */
function metres(a, b) {
  const radians = Math.PI / 180;
  const east = (b.lon - a.lon) * Math.cos(a.lat * radians);
  return Math.round(6_371_008.8 * radians * Math.hypot(b.lat - a.lat, east));
}

/** The shape of these clicks, as the API takes it. @param {string} tool @param {Spot[]} spots */
function shapeOf(tool, spots) {
  const points = spots.map(({ lat, lon }) => [Number(lat.toFixed(6)), Number(lon.toFixed(6))]);
  if (tool === "point") return { type: "point", points: points.slice(0, 1) };
  if (tool === "circle") return { type: "circle", points: points.slice(0, 1), radius_m: Math.max(10, metres(spots[0], spots[1] ?? spots[0])) };
  return { type: tool, points };
}

/** @param {import("./cell-store.js").CellStore} store @param {import("./cell-map.js").CellMap} map */
export function zoneTools(store, map) {
  /** @type {Spot[]} */
  let spots = [];
  let tool = "";
  const select = h("select.chip", { "aria-label": t("draw"), onchange: () => begin(select.value) }, h("option", { value: "" }, t("draw")), TOOLS.map((one) => h("option", { value: one }, t(`draw.${one}`))));
  const done = h("button.btn.small.main", { type: "button", hidden: true, onclick: () => finish() }, t("draw.done"));
  const undo = h("button.btn.small", { type: "button", hidden: true, onclick: () => { spots.pop(); sketch(); } }, t("draw.undo"));
  const drop = h("button.btn.small", { type: "button", hidden: true, onclick: () => begin("") }, t("form.cancel"));
  fill($("zone-tools"), select, undo, done, drop);

  function sketch() {
    const ready = spots.length >= (ENOUGH[/** @type {"polygon"} */ (tool)] ?? 99);
    map.sketch = spots.length ? { kind: "other", observed: false, label: "", dated_at: new Date(now()).toISOString(), shape: shapeOf(spots.length < 2 ? "point" : tool === "polygon" && spots.length < 3 ? "line" : tool, spots) } : null;
    done.hidden = !ready;
    undo.hidden = drop.hidden = !tool;
    map.marks.redraw();
    if (ready && (tool === "point" || tool === "circle")) finish();
  }

  /** @param {string} which */
  function begin(which) {
    tool = which;
    spots = [];
    select.value = which;
    map.box.classList.toggle("picking", Boolean(which));
    map.hint(which ? t(`draw.${which}.hint`) : "");
    map.picking = which ? (/** @type {Spot} */ spot) => { spots.push(spot); sketch(); } : null;
    sketch();
  }

  function finish() {
    const shape = shapeOf(tool, spots);
    ask(store, { shape }, () => begin(""));
  }

  $("map-side")?.addEventListener("click", (/** @type {any} */ event) => {
    const zone = store.tables.zones.get(event.target.closest("[data-zone]")?.dataset.zone);
    if (zone) ask(store, zone, () => begin(""));
  });
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
      dialog.close();
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
