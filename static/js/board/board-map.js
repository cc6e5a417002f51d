/** The board's map: the desk's map of missions, and over it the crews, each with the age of its position. */
import { $, perFrame, setText } from "../dom.js";
import { t } from "../labels.js";
import { DeskMap } from "../map.js";
import { canvasLayer, frame, unit } from "../map-layers.js";
import { everySecond } from "../time.js";
import { ageWords } from "./fleet.js";

/** @typedef {import("./crews.js").Crew} Crew */

const BOX = 8;

export class BoardMap extends DeskMap {
  /** @param {(id: string) => void} pick @param {() => Crew[]} crews those to show @param {import("./fleet.js").Fleet} fleet */
  constructor(pick, crews, fleet) {
    super(pick);
    this.crewsShown = crews;
    this.fleet = fleet;
    /** The crew proposed for the picked mission. */
    this.chosen = "";
    this.means = canvasLayer((pen, map) => this.#drawCrews(pen, map)).addTo(this.map);
    this.again = perFrame(() => this.means.redraw());
    fleet.addEventListener("moved", this.again);
    document.addEventListener("theme", this.again);
    let second = 0;
    everySecond(() => {
      second += 1;
      if (second % 10 === 0) this.again();
    });
  }

  /** @param {string} crew id, "" for none */
  propose(crew) {
    this.chosen = crew;
    this.again?.();
  }

  /** @param {CanvasRenderingContext2D} pen @param {any} map */
  #drawCrews(pen, map) {
    const view = frame(map);
    const scale = Number(this.colours.size) / 16;
    const spots = this.crewsShown().map((crew) => {
      const known = this.fleet.of(crew);
      const at = unit(known.lat, known.lon);
      return { crew, ...known, x: at.x * view.scale - view.x, y: at.y * view.scale - view.y };
    });
    const first = spots.filter(({ crew }) => crew.id === this.chosen);
    if (first[0]) this.#link(pen, first[0], view);
    /** @type {{x: number, y: number, half: number}[]} */
    const taken = [];
    const rest = [...spots.filter(({ crew }) => crew.id !== this.chosen), ...first];
    for (const spot of rest) this.#box(pen, spot, scale);
    for (const { x, y } of spots) taken.push({ x, y, half: BOX * scale });
    for (const spot of rest.reverse()) this.#name(pen, spot, scale, taken);
    const ages = spots.map(({ age }) => age).filter((age) => age !== null);
    setText($("positions-age"), ages.length ? t("map.ages", { least: ageWords(Math.min(...ages)), most: ageWords(Math.max(...ages)) }) : t("map.noPositions"));
  }

  /** A rounded square with two lines; dashed and grey when its position is old. @param {CanvasRenderingContext2D} pen @param {any} spot @param {number} scale */
  #box(pen, { x, y, stale, crew }, scale) {
    const half = BOX * scale;
    pen.beginPath();
    pen.roundRect(x - half, y - half, 2 * half, 2 * half, 3 * scale);
    pen.fillStyle = stale ? this.colours.ground : this.colours.raised;
    pen.fill();
    pen.lineWidth = 2 * scale;
    pen.strokeStyle = crew.id === this.chosen ? this.colours.focus : stale ? this.colours["ink-3"] : this.colours.ok;
    pen.setLineDash(stale ? [3 * scale, 2.5 * scale] : []);
    pen.stroke();
    pen.setLineDash([]);
    pen.beginPath();
    for (const row of [-0.3, 0.3]) {
      pen.moveTo(x - half * 0.5, y + half * row);
      pen.lineTo(x + half * 0.5, y + half * row);
    }
    pen.stroke();
  }

  /** Name and age; those that would lie over an earlier one are left out. @param {CanvasRenderingContext2D} pen @param {any} spot @param {number} scale @param {any[]} taken */
  #name(pen, { x, y, stale, age, crew }, scale, taken) {
    const size = 12 * scale;
    pen.font = `600 ${size}px ${this.colours.font}`;
    const words = `${crew.name} · ${ageWords(age)}`;
    const half = pen.measureText(words).width / 2 + 8;
    const middle = x + half + BOX * scale;
    if (taken.some((other) => Math.abs(other.x - middle) < other.half + half && Math.abs(other.y - y) < size * 1.4)) return;
    taken.push({ x: middle, y, half });
    pen.textAlign = "left";
    pen.lineWidth = 3;
    pen.strokeStyle = this.colours.ground;
    pen.fillStyle = stale ? this.colours["ink-2"] : this.colours.ink;
    pen.strokeText(words, x + (BOX + 5) * scale, y + size * 0.36);
    pen.fillText(words, x + (BOX + 5) * scale, y + size * 0.36);
  }

  /** From the proposed crew to the mission. @param {CanvasRenderingContext2D} pen @param {any} spot @param {any} view */
  #link(pen, { x, y }, view) {
    const row = this.rows.find(({ id }) => id === this.picked);
    if (!row) return;
    const at = unit(row.lat, row.lon);
    const [toX, toY] = [at.x * view.scale - view.x, at.y * view.scale - view.y];
    pen.beginPath();
    pen.moveTo(x, y);
    pen.quadraticCurveTo((x + toX) / 2, Math.min(y, toY) - Math.abs(toX - x) / 6, toX, toY);
    pen.strokeStyle = this.colours.accent;
    pen.lineWidth = 2;
    pen.setLineDash([2, 5]);
    pen.stroke();
    pen.setLineDash([]);
  }
}
