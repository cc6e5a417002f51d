/** The cross that draws without a pointer: arrows move it over the map, Enter sets a point, and what it stands on is said. */
import { settle } from "./dom.js";
import { t } from "./labels.js";
import { say } from "./news.js";
import { communeAt } from "./where.js";

const STEP_PX = 24;
const FINE_PX = 3;
const EDGE_PX = 40;
const SAY_MS = 500;
const ROSE = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
const RADIANS = Math.PI / 180;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @typedef {{lat: number, lon: number}} Spot */

/** How far b lies from a: metres to the east and to the north. @param {Spot} a @param {Spot} b */
function apart(a, b) {
  const east = (b.lon - a.lon) * Math.cos(a.lat * RADIANS);
  return [east, b.lat - a.lat].map((degrees) => 6_371_008.8 * RADIANS * degrees);
}

/** @param {Spot} a @param {Spot} b metres between them */
export const metres = (a, b) => Math.round(Math.hypot(...apart(a, b)));

/** Where the cross stands: from the last point, or on the ground when there is none. @param {Spot} at @param {Spot[]} spots */
function place(at, spots) {
  const commune = communeAt(at.lat, at.lon)?.name ?? t("cross.outside");
  const last = spots.at(-1);
  if (!last) return `${commune}, ${at.lat.toFixed(4)}, ${at.lon.toFixed(4)}`;
  const [east, north] = apart(last, at);
  const turn = ROSE[(Math.round(Math.atan2(east, north) / (Math.PI / 4)) + 8) % 8];
  return t("cross.from", { n: metres(last, at).toLocaleString(document.documentElement.lang), direction: t(`cross.${turn}`), point: spots.length, commune });
}

export class Cross {
  /**
   * @param {import("./cell-map.js").CellMap} map
   * @param {import("./zone-tools.js").ZoneTools} tools
   */
  constructor(map, tools) {
    this.map = map;
    this.tools = tools;
    /** @type {Spot | null} */
    this.at = null;
    this.on = false;
    this.turn = 0; // what was done since makes the place old news
    this.tell = settle((turn) => this.at && turn === this.turn && say(place(this.at, tools.spots)), SAY_MS);
    map.box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
  }

  /** A tool was chosen, or put away. @param {boolean} on */
  ready(on) {
    this.on = on;
    const { box } = this.map;
    if (on) return box.setAttribute("aria-describedby", "map-hint");
    box.removeAttribute("aria-describedby");
    this.#show(null);
  }

  /** To the middle of the map, and the keyboard with it. */
  start() {
    const { lat, lng } = this.map.map.getCenter();
    this.map.box.focus();
    this.#show({ lat, lon: lng });
    this.map.hint(t("cross.hint"));
    say(`${t("cross.hint")} ${place({ lat, lon: lng }, this.tools.spots)}`);
  }

  /** @param {Spot | null} spot */
  #show(spot) {
    this.at = spot;
    this.map.cross = spot && { spot, from: this.tools.spots.at(-1) ?? null };
    this.map.marks.redraw();
  }

  /** The cross stays; its line starts at another point. */
  again() {
    if (this.at) this.#show(this.at);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.on || event.altKey || event.metaKey || !this.#does(event)) return;
    event.preventDefault();
    event.stopPropagation(); // neither Leaflet nor the room's own keys
  }

  /** Whether this key meant something here. @param {KeyboardEvent} event */
  #does({ key, shiftKey, ctrlKey }) {
    const set = () => (ctrlKey ? this.tools.finish() : this.at ? this.tools.set(this.at) : this.start());
    /** @type {Record<string, () => void>} */
    const acts = { Enter: set, " ": set, Backspace: () => this.tools.back(), Escape: () => this.tools.stop(), "+": () => this.#zoom(1), "=": () => this.#zoom(1), "-": () => this.#zoom(-1) };
    this.turn += 1;
    const act = ARROWS[key] ? () => this.#move(ARROWS[key], shiftKey ? FINE_PX : STEP_PX) : acts[key];
    act?.();
    return Boolean(act);
  }

  /** The map comes along before the cross leaves it. @param {[number, number]} way @param {number} pixels */
  #move([right, down], pixels) {
    if (!this.at) return this.start();
    const { map, rem } = this.map;
    const { x, y } = map.project([this.at.lat, this.at.lon]);
    const { lat, lng } = map.unproject([x + right * pixels * rem, y + down * pixels * rem]); // not rounded: straight stays straight
    const to = map.latLngToContainerPoint([lat, lng]);
    const size = map.getSize();
    const over = (/** @type {number} */ n, /** @type {number} */ most) => (n < EDGE_PX ? n - EDGE_PX : Math.max(0, n - most + EDGE_PX));
    map.panBy([over(to.x, size.x), over(to.y, size.y)], { animate: false });
    this.#show({ lat, lon: lng });
    this.tell(this.turn);
  }

  /** @param {number} steps */
  #zoom(steps) {
    if (!this.at) return;
    const { map } = this.map;
    map.setZoomAround([this.at.lat, this.at.lon], map.getZoom() + steps, { animate: false });
    say(t(steps > 0 ? "map.in" : "map.out"));
  }
}

/** Draw it, and the line from the last point to it. @param {CanvasRenderingContext2D} pen @param {{spot: Spot, from: Spot | null}} cross @param {any} view @param {(spot: Spot) => {x: number, y: number}} at */
export function drawCross(pen, { spot, from }, view, at) {
  const { x, y } = at(spot);
  const [arm, gap] = [24 * view.rem, 6 * view.rem];
  const path = new Path2D();
  for (const [dx, dy] of Object.values(ARROWS)) {
    path.moveTo(x + dx * gap, y + dy * gap);
    path.lineTo(x + dx * arm, y + dy * arm);
  }
  path.moveTo(x + 2 * view.rem, y);
  path.arc(x, y, 2 * view.rem, 0, 7);
  pen.save();
  for (const [ink, width] of [[view.colours.ground, 7], [view.colours.focus, 3]]) {
    pen.strokeStyle = ink;
    pen.lineWidth = width * view.rem;
    pen.stroke(path);
  }
  if (from) {
    const start = at(from);
    pen.setLineDash([4 * view.rem, 4 * view.rem]);
    pen.lineWidth = 1.5 * view.rem;
    pen.beginPath();
    pen.moveTo(start.x, start.y);
    pen.lineTo(x, y);
    pen.stroke();
  }
  pen.restore();
}
