/** How zones, crews and sites are drawn on a map's canvas, and what can be measured of a zone. */
import { t } from "./labels.js";
import { now, short, day } from "./time.js";

const EARTH_M = 6_371_008.8;
const HATCH_PX = 7;
const WATER = new Set(["flooded", "forecast"]);
const GRAVE = new Set(["flooded", "forecast", "danger", "evacuation"]);
const RADIANS = Math.PI / 180;

/** @typedef {{lat: number, lon: number}} Spot */
/** @typedef {{x: number, y: number}} Point */

/** A zone's ring or line as spots: a circle becomes a ring of 48. @param {any} zone @returns {{kind: "area" | "line" | "point", ring: Spot[]}} */
export function outline(zone) {
  const { type, points, radius_m: radius } = zone.shape;
  const ring = points.map((/** @type {[number, number]} */ [lat, lon]) => ({ lat, lon }));
  if (type === "circle") return { kind: "area", ring: circle(ring[0], radius) };
  return { kind: type === "polygon" ? "area" : type, ring };
}

/** @param {Spot} centre @param {number} radius metres @returns {Spot[]} */
export function circle(centre, radius) {
  const north = radius / EARTH_M / RADIANS;
  const east = north / Math.cos(centre.lat * RADIANS);
  return Array.from({ length: 48 }, (_none, at) => ({ lat: centre.lat + north * Math.sin((at / 24) * Math.PI), lon: centre.lon + east * Math.cos((at / 24) * Math.PI) }));
}

/** What is to be said of a zone. @param {any} zone */
export function figures(zone) {
  const { ring } = outline(zone);
  const area = zone.inside?.hectares ?? 0;
  const today = day(zone.dated_at) === day(now());
  const time = today ? short(zone.dated_at) : `${day(zone.dated_at)} ${short(zone.dated_at)}`;
  const size = area ? t("zone.hectares", { n: area < 10 ? area.toFixed(1) : Math.round(area) }) : "";
  return { points: ring.map(({ lat, lon }) => [lat, lon]), title: [zone.label, size].filter(Boolean).join(" · "), dated: [t(zone.observed ? "zone.observed" : "zone.foreseen", { time }), zone.source].filter(Boolean).join(", ") };
}

/** @param {any} zone @param {Record<string, string>} colours */
const colour = (zone, colours) => (WATER.has(zone.kind) ? colours.accent : zone.kind === "evacuation" || zone.kind === "closed_road" ? colours.warn : zone.kind === "danger" ? colours.bad : colours["line-strong"]);

/** Observed: solid and hatched. Foreseen: dashed. @param {CanvasRenderingContext2D} pen @param {any} zone @param {any} view @param {(spot: Spot) => Point} at */
export function drawZone(pen, zone, view, at) {
  const { kind, ring } = outline(zone);
  pen.save();
  pen.strokeStyle = pen.fillStyle = colour(zone, view.colours);
  pen.lineWidth = 2 * view.rem;
  pen.setLineDash(zone.observed ? [] : [7 * view.rem, 5 * view.rem]);
  if (kind === "point") dot(pen, at(ring[0]), view);
  else {
    pen.beginPath();
    ring.forEach((spot, index) => { const { x, y } = at(spot); pen[index ? "lineTo" : "moveTo"](x, y); });
    if (kind === "area") pen.closePath();
    if (kind === "area") hatch(pen, zone, view);
    if (kind === "line") pen.lineWidth = 5 * view.rem;
    pen.stroke();
  }
  pen.restore();
}

/** @param {CanvasRenderingContext2D} pen @param {Point} point @param {any} view */
function dot(pen, { x, y }, view) {
  pen.beginPath();
  pen.arc(x, y, 6 * view.rem, 0, 7);
  pen.globalAlpha = 0.35;
  pen.fill();
  pen.globalAlpha = 1;
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {any} zone @param {any} view */
function hatch(pen, zone, view) {
  pen.globalAlpha = zone.observed ? 0.3 : 0.1;
  pen.fill("evenodd");
  pen.globalAlpha = 1;
  if (!zone.observed) return;
  pen.save();
  pen.clip("evenodd");
  pen.lineWidth = view.rem;
  pen.globalAlpha = 0.5;
  const lines = new Path2D();
  const step = HATCH_PX * view.rem;
  for (let x = -view.size.y; x < view.size.x; x += step) {
    lines.moveTo(x, view.size.y);
    lines.lineTo(x + view.size.y, 0);
  }
  pen.stroke(lines);
  pen.restore();
}

/** A box with the zone's name, size and date, tied to it; the first place beside it that is free is taken, and drawn later,
 * over all the rest. @param {CanvasRenderingContext2D} pen @param {any} zone @param {any} view @param {(spot: Spot) => Point} at @returns {() => void} */
export function label(pen, zone, view, at) {
  const { kind, ring } = outline(zone);
  const { title, dated } = figures(zone);
  const points = ring.map(at);
  const middle = points.reduce((sum, point) => ({ x: sum.x + point.x / points.length, y: sum.y + point.y / points.length }), { x: 0, y: 0 });
  if (middle.x < 0 || middle.y < 0 || middle.x > view.size.x || middle.y > view.size.y) return () => undefined;
  const big = 13 * view.rem;
  pen.font = `650 ${big}px ${view.colours.font}`;
  const width = Math.max(pen.measureText(title).width, dated.length * big * 0.47) + 20 * view.rem;
  const height = 40 * view.rem;
  const right = Math.max(...points.map(({ x }) => x));
  const left = Math.min(...points.map(({ x }) => x));
  const gap = kind === "point" ? 14 * view.rem : 22 * view.rem;
  const places = [[right + gap, middle.y - height / 2], [left - gap - width, middle.y - height / 2], [middle.x - width / 2, Math.min(...points.map(({ y }) => y)) - height - gap], [middle.x - width / 2, Math.max(...points.map(({ y }) => y)) + gap]];
  const free = places.find(([x, y]) => x > 4 && y > 4 && x + width < view.size.x - 4 && y + height < view.size.y - 4 && view.taken.every((/** @type {number[]} */ [a, b, w, k]) => x > a + w || x + width < a || y > b + k || y + height < b));
  if (!free) return () => undefined;
  const [x, y] = free;
  view.taken.push([x, y, width, height]);
  return () => box(pen, zone, view, { x, y, width, height }, { title, dated, middle });
}

/** @param {CanvasRenderingContext2D} pen @param {any} zone @param {any} view @param {{x: number, y: number, width: number, height: number}} place @param {{title: string, dated: string, middle: Point}} words */
function box(pen, zone, view, { x, y, width, height }, { title, dated, middle }) {
  pen.save();
  pen.strokeStyle = colour(zone, view.colours);
  pen.lineWidth = 1.3 * view.rem;
  pen.beginPath();
  pen.moveTo(middle.x, middle.y);
  pen.lineTo(Math.min(Math.max(middle.x, x), x + width), Math.min(Math.max(middle.y, y), y + height));
  pen.stroke();
  pen.setLineDash(zone.observed ? [] : [5 * view.rem, 3 * view.rem]);
  pen.beginPath();
  pen.roundRect(x, y, width, height, 5 * view.rem);
  pen.fillStyle = view.colours.panel;
  pen.fill();
  pen.stroke();
  pen.textAlign = "left";
  pen.fillStyle = view.colours.ink;
  pen.font = `650 ${13 * view.rem}px ${view.colours.font}`;
  pen.fillText(title, x + 10 * view.rem, y + 17 * view.rem);
  pen.fillStyle = view.colours["ink-3"];
  pen.font = `${11.5 * view.rem}px ${view.colours.font}`;
  pen.fillText(dated, x + 10 * view.rem, y + 32 * view.rem);
  pen.restore();
}

/** Words beside a mark, with a rim that any ground leaves readable, drawn over all marks: on its right or left, where it
 * fits into the map; none where other words stand. @param {CanvasRenderingContext2D} pen @param {string} words @param {Point} point @param {any} view @param {string} ink */
function beside(pen, words, { x, y }, view, ink) {
  pen.font = `600 ${12 * view.rem}px ${view.colours.font}`;
  const width = pen.measureText(words).width;
  if (view.taken.slice(0, view.boxes).some((/** @type {number[]} */ [a, b, w, k]) => x > a && x < a + w && y > b && y < b + k)) return; // its mark lies under a box
  const top = y - 8 * view.rem;
  const free = (/** @type {number} */ left) => left > 2 && left + width < view.size.x - 2 && top > 2 && top + 16 * view.rem < view.size.y - 2 && view.taken.every((/** @type {number[]} */ [a, b, w, k]) => left >= a + w || left + width <= a || top >= b + k || top + 16 * view.rem <= b);
  const left = [x + 12 * view.rem, x - 12 * view.rem - width].find(free);
  if (left === undefined) return;
  view.taken.push([left, top, width, 16 * view.rem]);
  view.later.push(() => {
    pen.font = `600 ${12 * view.rem}px ${view.colours.font}`;
    pen.textAlign = "left";
    pen.lineWidth = 3.5 * view.rem;
    pen.strokeStyle = view.colours.ground;
    pen.fillStyle = ink;
    pen.strokeText(words, left, y + 4 * view.rem);
    pen.fillText(words, left, y + 4 * view.rem);
  });
}

/** A house; filled and in warning colour when it lies in a zone; green for a reception place. @param {CanvasRenderingContext2D} pen @param {any} site @param {any} view @param {Point} point @param {boolean} inside */
export function drawSite(pen, site, view, point, inside) {
  const r = 6.5 * view.rem;
  const { x, y } = point;
  const shelter = site.kind === "shelter";
  const ink = shelter ? view.colours.ok : inside ? view.colours.warn : view.colours["ink-3"];
  if (!inside && !shelter && !view.named) return;
  pen.beginPath();
  [[-r, r * 0.9], [-r, -r * 0.2], [0, -r], [r, -r * 0.2], [r, r * 0.9]].forEach(([dx, dy], at) => pen[at ? "lineTo" : "moveTo"](x + dx, y + dy));
  pen.closePath();
  pen.lineWidth = 1.8 * view.rem;
  pen.fillStyle = inside && !shelter ? ink : view.colours.ground;
  pen.strokeStyle = inside && !shelter ? view.colours.ground : ink;
  pen.fill();
  pen.stroke();
  if (inside || view.named) beside(pen, site.label, point, view, inside ? view.colours.warn : view.colours.ink);
}

/** @param {CanvasRenderingContext2D} pen @param {any} mission @param {any} view @param {Point} point */
export function drawCrew(pen, mission, view, point) {
  const r = 6.5 * view.rem;
  const { x, y } = point;
  const there = mission.status === "on_site";
  pen.beginPath();
  pen.roundRect(x - r, y - r, 2 * r, 2 * r, 3 * view.rem);
  pen.fillStyle = view.colours.raised;
  pen.strokeStyle = there ? view.colours.ok : view.colours.p4;
  pen.lineWidth = 2 * view.rem;
  pen.setLineDash(there ? [] : [3 * view.rem, 2 * view.rem]);
  pen.fill();
  pen.stroke();
  pen.setLineDash([]);
  beside(pen, `${mission.crew.name} · ${t(`crew.${mission.status}`)}`, point, view, view.colours.ink);
}

/** Keys of the sites that lie in a grave zone, as the post found them. @param {any[]} zones @returns {Set<string>} */
export const sitesInside = (zones) => new Set(zones.filter((zone) => GRAVE.has(zone.kind)).flatMap((zone) => zone.inside?.sites ?? []));
