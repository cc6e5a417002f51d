/** The map: Leaflet moves it, we draw it. Shows what the list shows; the list is its equivalent for the keyboard. */
import { $, fill, h, perFrame, settle, shape } from "./dom.js";
import { nameOf, priorityName } from "./incident.js";
import { t } from "./labels.js";
import { canvasLayer, drawLands, frame, lands, palette, stamp, unit } from "./map-layers.js";
import { communes, page } from "./page.js";
import { isWaiting } from "./store.js";
import { everySecond } from "./time.js";

/* global L */
/** @typedef {import("./store.js").Row} Row */

const PRIORITIES = ["P4", "P3", "P2", "P1"];
const REACH_PX = 15;
const TWINS_PX = 3;
const MOST_RINGS = 50;
const VIEW_KEY = `ondijon.map${location.pathname}`;

export class DeskMap extends EventTarget {
  /** @param {(id: string) => void} pick */
  constructor(pick) {
    super();
    this.pick = pick;
    /** @type {Row[]} */
    this.rows = [];
    this.at = new Float64Array(0);
    this.picked = "";
    this.hidden = new Set();
    this.commune = "";
    /** @type {((point: {lat: number, lon: number}) => void) | null} */
    this.picking = null;
    this.ringKey = "";
    this.box = $("map");
    this.map = this.#make();
    this.colours = palette();
    this.stamps = this.#stamps();
    this.land = lands(page.communes);
    this.ground = canvasLayer((pen, map) => drawLands(pen, map, this.land, this.colours, this.commune)).addTo(this.map);
    this.marks = canvasLayer((pen, map, size) => this.#drawMarks(pen, map, size)).addTo(this.map);
    this.rings = L.layerGroup().addTo(this.map);
    this.tip = h("div.map-tip", { hidden: true, "aria-hidden": "true" });
    this.box.parentElement.append(this.tip);
    this.#legend();
    this.#listen();
    everySecond(() => this.box.classList.toggle("beat")); // the rings: see Rows for why by the clock
  }

  #make() {
    const map = L.map(this.box, {
      zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, zoomSnap: 0.5,
      attributionControl: false, zoomControl: false, minZoom: 9, maxZoom: 19, hasTiles: Boolean(page.tiles.url),
    });
    L.control.zoom({ position: "topleft", zoomInTitle: t("map.in"), zoomOutTitle: t("map.out") }).addTo(map);
    if (page.tiles.url) {
      L.control.attribution({ prefix: false }).addTo(map);
      L.tileLayer(page.tiles.url, { attribution: page.tiles.attribution, maxZoom: 19 }).addTo(map);
    }
    const kept = sessionStorage.getItem(VIEW_KEY)?.split(",").map(Number);
    if (kept?.length === 3) map.setView([kept[0], kept[1]], kept[2]);
    else map.fitBounds(this.#bounds([...communes.values()]), { padding: [8, 8] });
    return map;
  }

  /** @param {import("./page.js").Commune[]} some */
  #bounds(some) {
    const points = some.flatMap(({ outline }) => outline.flat().map(([lon, lat]) => [lat, lon]));
    return L.latLngBounds(points.length ? points : [[47.22, 4.85], [47.42, 5.2]]);
  }

  #stamps() {
    const scale = Number(this.colours.size) / 16;
    return Object.fromEntries(PRIORITIES.map((key) => [key, stamp(key, this.colours, (key < "P3" ? 8 : 6.5) * scale)]));
  }

  #listen() {
    this.map.on("click", (/** @type {any} */ event) => this.#clicked(event));
    this.map.on("mousemove", (/** @type {any} */ event) => this.#hover(event.containerPoint));
    this.map.on("mouseout", () => { this.tip.hidden = true; });
    this.map.on("moveend", settle(() => {
      const { lat, lng } = this.map.getCenter();
      sessionStorage.setItem(VIEW_KEY, [lat.toFixed(5), lng.toFixed(5), this.map.getZoom()].join());
    }, 300));
    new ResizeObserver(perFrame(() => this.map.invalidateSize({ animate: false, pan: false }))).observe(this.box);
    document.addEventListener("theme", () => this.#repaint());
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.#repaint());
  }

  #repaint() {
    this.colours = palette();
    this.stamps = this.#stamps();
    this.ground.redraw();
    this.marks.redraw();
  }

  #legend() {
    if (!$("legend")) return;
    const button = (/** @type {string} */ key) => h("button.chip", {
      type: "button", "aria-pressed": "true", value: key,
      onclick: (/** @type {any} */ event) => this.#toggle(key, event.currentTarget),
    }, h(`span.prio.${key.toLowerCase()}`, {}, shape(key), priorityName(key)));
    fill($("legend"), [...PRIORITIES].reverse().map(button));
  }

  /** @param {string} key @param {HTMLElement} button */
  #toggle(key, button) {
    if (!this.hidden.delete(key)) this.hidden.add(key);
    button.setAttribute("aria-pressed", String(!this.hidden.has(key)));
    this.marks.redraw();
    this.#placeRings();
  }

  /** Show these rows. @param {Row[]} rows */
  show(rows) {
    this.rows = [...rows].sort((a, b) => (a.priority < b.priority ? 1 : a.priority > b.priority ? -1 : 0));
    this.at = new Float64Array(this.rows.length * 2);
    this.rows.forEach((row, index) => {
      const { x, y } = unit(row.lat, row.lon);
      this.at[2 * index] = x;
      this.at[2 * index + 1] = y;
    });
    this.marks.redraw();
    this.#placeRings();
  }

  /** Only an unacknowledged P1 pulses. */
  #placeRings() {
    const waiting = this.hidden.has("P1") ? [] : this.rows.filter((row) => row.priority === "P1" && isWaiting(row)).slice(-MOST_RINGS);
    const key = waiting.map((row) => `${row.id}@${row.lat},${row.lon}`).join();
    if (key === this.ringKey) return;
    this.ringKey = key;
    this.rings.clearLayers();
    const icon = L.divIcon({ className: "ring", iconSize: [34, 34] });
    for (const row of waiting) this.rings.addLayer(L.marker([row.lat, row.lon], { icon, interactive: false, keyboard: false }));
  }

  /** @param {CanvasRenderingContext2D} pen @param {any} map @param {{x: number, y: number}} size */
  #drawMarks(pen, map, size) {
    const { scale, x, y } = frame(map);
    const ratio = window.devicePixelRatio || 1;
    const drawn = new Set();
    /** @type {[Row, number, number][]} */
    const named = [];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    for (let index = 0; index < this.rows.length; index += 1) {
      const [left, top] = [this.at[2 * index] * scale - x, this.at[2 * index + 1] * scale - y];
      if (left < -20 || top < -20 || left > size.x + 20 || top > size.y + 20) continue;
      const row = this.rows[index];
      if (this.hidden.has(row.priority)) continue;
      if (row.id === this.picked) named.push([row, left, top]);
      // Twins that would lie on the same spot are drawn once: thousands of markers stay cheap.
      const spot = `${row.priority}${(left / TWINS_PX) | 0},${(top / TWINS_PX) | 0}`;
      if (drawn.has(spot)) continue;
      drawn.add(spot);
      this.#stamp(pen, row, left, top, ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const [row, left, top] of named) this.#drawPicked(pen, row, left, top);
  }

  /** Unscaled and on whole device pixels, which is what makes it fast. @param {CanvasRenderingContext2D} pen @param {Row} row @param {number} left @param {number} top @param {number} ratio */
  #stamp(pen, row, left, top, ratio) {
    const { canvas, half } = this.stamps[row.priority];
    pen.drawImage(canvas, Math.round(left * ratio - half), Math.round(top * ratio - half));
  }

  /** @param {CanvasRenderingContext2D} pen @param {Row} row @param {number} x @param {number} y */
  #drawPicked(pen, row, x, y) {
    const rem = Number(this.colours.size);
    const ratio = window.devicePixelRatio || 1;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    this.#stamp(pen, row, x, y, ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.beginPath();
    pen.arc(x, y, rem, 0, 7);
    pen.lineWidth = 2;
    pen.strokeStyle = this.colours.focus;
    pen.stroke();
    pen.font = `600 ${rem * 0.78}px ${this.colours.font}`;
    pen.textAlign = "left";
    pen.lineWidth = 3;
    pen.strokeStyle = this.colours.ground;
    pen.fillStyle = this.colours.ink;
    pen.strokeText(row.reference, x + rem * 1.3, y + rem * 0.28);
    pen.fillText(row.reference, x + rem * 1.3, y + rem * 0.28);
  }

  /** The most urgent of the rows nearest to this point, if any is near enough. @param {{x: number, y: number}} point */
  #near(point) {
    const { scale, x, y } = frame(this.map);
    let best = null;
    let least = REACH_PX;
    for (let index = this.rows.length - 1; index >= 0; index -= 1) {
      if (this.hidden.has(this.rows[index].priority)) continue;
      const gap = Math.hypot(this.at[2 * index] * scale - x - point.x, this.at[2 * index + 1] * scale - y - point.y);
      if (gap < least - 1) [best, least] = [this.rows[index], gap];
    }
    return best;
  }

  /** @param {any} event */
  #clicked(event) {
    if (this.picking) return this.picking({ lat: event.latlng.lat, lon: event.latlng.lng });
    const row = this.#near(event.containerPoint);
    if (row) this.pick(row.id);
  }

  /** @param {{x: number, y: number}} point */
  #hover(point) {
    const row = this.picking ? null : this.#near(point);
    this.box.style.cursor = row ? "pointer" : "";
    this.tip.hidden = !row;
    if (!row) return;
    fill(this.tip, h(`span.prio.${row.priority.toLowerCase()}`, {}, shape(row.priority), row.priority), " ", nameOf(row));
    this.tip.style.transform = `translate(${Math.round(point.x + 14)}px, ${Math.round(point.y + 14)}px)`;
  }

  /** Mark one row and bring it into the part of the map that nothing covers. @param {Row | undefined} row */
  focus(row) {
    this.picked = row?.id ?? "";
    this.marks.redraw();
    if (row) this.reveal(row.lat, row.lon);
  }

  /** @param {number} lat @param {number} lon */
  reveal(lat, lon) {
    const covered = [$("drawer"), $("declare")].reduce((most, box) => Math.max(most, box?.offsetWidth ?? 0), 0);
    const size = this.map.getSize();
    if (covered >= size.x) return;
    const point = this.map.latLngToContainerPoint([lat, lon]);
    const right = size.x - covered;
    const inside = point.x > 40 && point.x < right - 40 && point.y > 40 && point.y < size.y - 80;
    if (!inside) this.map.panBy([point.x - right / 2, point.y - size.y / 2], { animate: false });
  }

  /** @param {string} insee "" for all */
  narrow(insee) {
    if (insee === this.commune) return;
    this.commune = insee;
    this.ground.redraw();
    const one = communes.get(insee);
    this.map.fitBounds(this.#bounds(one ? [one] : [...communes.values()]), { animate: false, padding: [24, 24] });
  }

  /** Let the next clicks choose a point; null ends it. @param {((point: {lat: number, lon: number}) => void) | null} chosen */
  choose(chosen) {
    this.picking = chosen;
    this.box.classList.toggle("picking", Boolean(chosen));
  }

  /** Show where the draft is; null takes it away. @param {{lat: number, lon: number} | null} point */
  pin(point) {
    this.pinned?.remove();
    this.pinned = null;
    if (!point) return;
    const icon = L.divIcon({ className: "pin", iconSize: [22, 22] });
    this.pinned = L.marker([point.lat, point.lon], { icon, interactive: false, keyboard: false }).addTo(this.map);
    this.reveal(point.lat, point.lon);
  }
}
