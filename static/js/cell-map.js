/** The cell's shared map: zones with their dates, incidents, crews at work, sensitive sites. Leaflet moves it, we draw it. */
import { $, fill, h, memory, perFrame, setText } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { canvasLayer, drawLands, frame, lands, palette, stamp, unit } from "./map-layers.js";
import { communes, page } from "./page.js";
import { isOpen } from "./store.js";
import { drawCross } from "./zone-cross.js";
import { drawCrew, drawSite, drawZone, figures, label, sitesInside } from "./zones.js";

/* global L */
/** A rounded number of people in the reader's way of writing. @param {number} n */
export const many = (n) => (n >= 100 ? Math.round(n / 10) * 10 : n).toLocaleString(document.documentElement.lang);

const LAYERS = ["zones", "incidents", "crews", "sites"];
const NAMED_FROM_ZOOM = 12.5;

export class CellMap {
  /** @param {import("./cell-store.js").CellStore} store @param {{scale?: number, wall?: boolean}} [options] */
  constructor(store, { scale = 1, wall = false } = {}) {
    this.store = store;
    this.wall = wall;
    this.scale = scale;
    this.hidden = new Set(wall ? [] : memory.get("ondijon.cell.layers", []));
    this.box = $("map");
    this.land = lands(page.communes);
    this.map = this.#make();
    this.#paint();
    this.ground = canvasLayer((pen, map) => drawLands(pen, map, this.land, this.colours, "")).addTo(this.map);
    this.marks = canvasLayer((pen, map, size) => this.#draw(pen, map, size)).addTo(this.map);
    const again = () => { this.marks.redraw(); this.#chips(); };
    store.on(["zones", "incidents", "missions"], again);
    new ResizeObserver(perFrame(() => this.map.invalidateSize({ animate: false, pan: false }))).observe(this.box);
    document.addEventListener("theme", () => { this.#paint(); this.ground.redraw(); this.marks.redraw(); });
    $("map-layers")?.addEventListener("click", (/** @type {any} */ event) => this.#toggle(event.target.closest("button")?.value));
    this.map.on("click", (/** @type {any} */ event) => this.picking?.({ lat: event.latlng.lat, lon: event.latlng.lng }));
    this.#chips();
  }

  #make() {
    const map = L.map(this.box, {
      zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, zoomSnap: 0.25, attributionControl: false, zoomControl: false,
      minZoom: 9, maxZoom: 19, hasTiles: Boolean(page.tiles.url), ...(this.wall ? { dragging: false, scrollWheelZoom: false, doubleClickZoom: false, keyboard: false } : {}),
    });
    if (!this.wall) L.control.zoom({ position: "bottomright", zoomInTitle: t("map.in"), zoomOutTitle: t("map.out") }).addTo(map);
    if (page.tiles.url) L.tileLayer(page.tiles.url, { attribution: page.tiles.attribution, maxZoom: 19 }).addTo(map);
    map.fitBounds(this.#bounds(), { padding: [10, 10] });
    return map;
  }

  /** Bring what is drawn into view. */
  reframe() {
    this.map.fitBounds(this.#bounds(), { padding: [10, 10], animate: false });
  }

  /** The zones when there are some, else the cell's commune, else the metropolis. */
  #bounds() {
    const drawn = this.zones.flatMap((zone) => figures(zone).points);
    if (drawn.length) return L.latLngBounds(drawn).pad(0.25);
    const one = communes.get(this.store.cell?.commune ?? "");
    const points = (one ? [one] : [...communes.values()]).flatMap(({ outline }) => outline.flat().map(([lon, lat]) => [lat, lon]));
    return L.latLngBounds(points.length ? points : [[47.22, 4.85], [47.42, 5.2]]);
  }

  #paint() {
    this.colours = palette();
    const probe = h("i");
    document.body.append(probe);
    for (const name of ["ok", "warn", "bad", "line-strong", "panel", "raised", "p4"]) {
      probe.style.color = `var(--${name})`;
      this.colours[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    const rem = Number(this.colours.size) / 16;
    this.rem = rem * this.scale;
    this.colours.size = String(Number(this.colours.size) * this.scale); // of the communes' names
    this.stamps = Object.fromEntries(["P1", "P2", "P3", "P4"].map((key) => [key, stamp(key, this.colours, (key < "P3" ? 9 : 7) * this.rem)]));
  }

  /** @returns {any[]} */
  get zones() {
    return this.store.all("zones").filter((zone) => !zone.removed);
  }

  get crews() {
    return [...this.store.missions.values()].filter((one) => one.crew && !one.ended_at && ["en_route", "on_site", "accepted"].includes(one.status));
  }

  get incidents() {
    return [...this.store.incidents.values()].filter(isOpen);
  }

  /** @returns {any[]} */
  get sites() {
    return /** @type {any} */ (page).sites ?? [];
  }

  #chips() {
    const box = $("map-layers");
    if (!box) return;
    const counts = { zones: this.zones.length, incidents: this.incidents.length, crews: this.crews.length, sites: this.sites.length };
    keeping(box, () => fill(box, LAYERS.map((key) => h("button.chip", { type: "button", value: key, "aria-pressed": String(!this.hidden.has(key)) }, `${t(`layer.${key}`)} `, h("b", {}, String(counts[/** @type {"zones"} */ (key)]))))));
    if ($("map-side")) keeping($("map-side"), () => this.#side());
  }

  /** @param {string | undefined} key */
  #toggle(key) {
    if (!key) return;
    if (!this.hidden.delete(key)) this.hidden.add(key);
    memory.set("ondijon.cell.layers", [...this.hidden]);
    this.#chips();
    this.marks.redraw();
  }

  /** Where something lies over the map, so that no words are written under it: left, top, width, height. @returns {number[][]} */
  #covered() {
    const { left, top } = this.box.getBoundingClientRect();
    return [...document.querySelectorAll("#map-layers, #inset")].filter((one) => one.getClientRects().length).map((one) => {
      const rect = one.getBoundingClientRect();
      return [rect.left - left, rect.top - top, rect.width, rect.height];
    });
  }

  /** @param {CanvasRenderingContext2D} pen @param {any} map @param {{x: number, y: number}} size */
  #draw(pen, map, size) {
    const view = { ...frame(map), rem: this.rem, colours: this.colours, size, named: map.getZoom() >= NAMED_FROM_ZOOM && !this.wall, taken: this.#covered(), boxes: 0, later: /** @type {(() => void)[]} */ ([]) };
    const at = (/** @type {{lat: number, lon: number}} */ one) => {
      const { x, y } = unit(one.lat, one.lon);
      return { x: x * view.scale - view.x, y: y * view.scale - view.y };
    };
    if (!this.hidden.has("zones")) for (const zone of this.zones) drawZone(pen, zone, view, at);
    if (this.sketch) drawZone(pen, this.sketch, view, at);
    const inside = this.inside;
    const named = this.hidden.has("zones") ? [] : this.zones.map((zone) => label(pen, zone, view, at)); // they choose their places first
    view.boxes = view.taken.length;
    if (!this.hidden.has("sites")) for (const site of this.sites) drawSite(pen, site, view, at(site), inside.has(site.key));
    if (!this.hidden.has("crews")) for (const one of this.crews) drawCrew(pen, one, view, at(one));
    if (!this.hidden.has("incidents")) this.#incidents(pen, view, at);
    for (const draw of [...view.later, ...named]) draw();
    if (this.cross) drawCross(pen, this.cross, view, at);
  }

  /** @param {CanvasRenderingContext2D} pen @param {any} view @param {any} at */
  #incidents(pen, view, at) {
    const ratio = window.devicePixelRatio || 1;
    const rows = this.incidents.sort((a, b) => (a.priority < b.priority ? 1 : -1));
    rows.forEach((row) => {
      const { x, y } = at(row);
      const { canvas, half } = this.stamps[row.priority];
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.drawImage(canvas, Math.round(x * ratio - half), Math.round(y * ratio - half));
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      const number = this.numbers?.get(row.id);
      if (number) this.#number(pen, number, x, y, row.priority);
    });
  }

  /** The number that the wall's list gives it. @param {CanvasRenderingContext2D} pen @param {number} number @param {number} x @param {number} y @param {string} priority */
  #number(pen, number, x, y, priority) {
    pen.font = `800 ${10 * this.rem}px ${this.colours.font}`;
    pen.textAlign = "center";
    pen.fillStyle = this.colours.ground;
    pen.fillText(String(number), x, y + (priority === "P2" ? 5 : 3.5) * this.rem);
  }

  /** Sensitive sites inside a zone that calls for thought. */
  get inside() {
    return sitesInside(this.zones);
  }

  /** The drawn extent with most people in it. */
  get crowded() {
    return this.zones.filter((zone) => zone.inside?.people.estimate).sort((a, b) => b.inside.people.estimate - a.inside.people.estimate)[0];
  }

  /** What lies in the gravest drawn extent, beside the map. */
  #side() {
    const first = this.crowded;
    const inside = [...this.inside].map((key) => this.sites.find((site) => site.key === key)).filter(Boolean);
    $("map-side").hidden = !this.zones.length;
    if (!this.zones.length) return;
    const { estimate, low, high } = first?.inside.people ?? {};
    fill($("map-side"), first && h("div", {}, h("h3", {}, first.label), h("p.big", {}, `≈ ${many(estimate)} `, h("small", {}, t("map.people"))), h("p.small.muted", {}, t("map.between", { low: many(low), high: many(high) }), h("br"), t("map.estimate"))),
      h("div", {}, h("h3", {}, t("map.sites")), inside.length ? h("ul.pl", {}, inside.map((site) => h("li", {}, h("b", {}, site.label), site.people ? ` · ${site.people}` : ""))) : h("p.small.muted", {}, t("map.sites.none"))),
      h("div", {}, h("h3", {}, t("map.zones")), h("ul.pl", {}, this.zones.map((zone) => h("li", {}, $("zone-tools") ? h("button.lk.zone", { type: "button", data: { id: zone.id, zone: zone.id } }, zone.label) : h("b", {}, zone.label), h("span.sub", {}, figures(zone).dated))))));
  }

  /** @param {string} words */
  hint(words) {
    $("map-hint").hidden = !words;
    setText($("map-hint"), words);
  }
}
