/** What our map draws by itself on canvas: commune outlines and names, incidents as shapes. No network, no GPU. */

/* global L */
const TWO_PI = 2 * Math.PI;
const LABELS_FROM_ZOOM = 11;

/** Colours as the theme resolves them now. */
export function palette() {
  const probe = document.createElement("i");
  document.body.append(probe);
  const read = (/** @type {string} */ name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["p1", "p2", "p3", "p4", "land", "edge", "ground", "raised", "ink", "ink-2", "ink-3", "focus", "accent", "ok"];
  const colours = Object.fromEntries(names.map((name) => [name, read(name)]));
  colours.font = getComputedStyle(document.body).fontFamily;
  colours.size = String(parseFloat(getComputedStyle(document.documentElement).fontSize));
  probe.remove();
  return colours;
}

/**
 * A canvas that covers the map and is drawn again at each move.
 * @param {(pen: CanvasRenderingContext2D, map: any, size: {x: number, y: number}) => void} draw
 */
export function canvasLayer(draw) {
  const Layer = L.Layer.extend({
    onAdd(/** @type {any} */ map) {
      this.map = map;
      this.canvas = L.DomUtil.create("canvas", "", map.getPanes().overlayPane);
      this.canvas.setAttribute("aria-hidden", "true");
      map.on("move zoom viewreset resize", this.redraw, this);
      this.redraw();
    },
    onRemove(/** @type {any} */ map) {
      map.off("move zoom viewreset resize", this.redraw, this);
      this.canvas.remove();
    },
    redraw() {
      if (this.asked) return;
      this.asked = requestAnimationFrame(() => {
        this.asked = 0;
        this.paint();
      });
    },
    paint() {
      const size = this.map.getSize();
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
      if (this.canvas.width !== width || this.canvas.height !== height) {
        Object.assign(this.canvas, { width, height });
        Object.assign(this.canvas.style, { width: `${size.x}px`, height: `${size.y}px` });
      }
      L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
      const pen = this.canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, size.x, size.y);
      draw(pen, this.map, size);
    },
  });
  return new Layer();
}

/** Unit square of the web Mercator projection. @param {number} lat @param {number} lon */
export function unit(lat, lon) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: (lon + 180) / 360, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

/** How unit coordinates become pixels of the map's container. @param {any} map */
export function frame(map) {
  const scale = 256 * 2 ** map.getZoom();
  const corner = map.getPixelOrigin().add(map.containerPointToLayerPoint([0, 0]));
  return { scale, x: corner.x, y: corner.y };
}

/** @typedef {{name: string, insee: string, at: {x: number, y: number}, rings: {x: number, y: number}[][]}} Land */

/** Commune outlines once, in unit coordinates. @param {import("./page.js").Commune[]} communes @returns {Land[]} */
export const lands = (communes) =>
  communes.map(({ name, insee, lat, lon, outline }) => ({
    name, insee, at: unit(lat, lon), rings: outline.map((ring) => ring.map(([ringLon, ringLat]) => unit(ringLat, ringLon))),
  }));

/** @param {CanvasRenderingContext2D} pen @param {any} map @param {Land[]} all @param {Record<string, string>} colours @param {string} chosen INSEE code */
export function drawLands(pen, map, all, colours, chosen) {
  const { scale, x, y } = frame(map);
  for (const land of [...all.filter(({ insee }) => insee !== chosen), ...all.filter(({ insee }) => insee === chosen)]) {
    pen.beginPath();
    for (const ring of land.rings) {
      ring.forEach((point, at) => pen[at ? "lineTo" : "moveTo"](point.x * scale - x, point.y * scale - y));
      pen.closePath();
    }
    if (!map.options.hasTiles) {
      pen.fillStyle = colours.land;
      pen.fill("evenodd");
    }
    pen.strokeStyle = land.insee === chosen ? colours.accent : colours.edge;
    pen.lineWidth = land.insee === chosen ? 2 : 1.2;
    pen.stroke();
  }
  if (map.getZoom() >= LABELS_FROM_ZOOM) drawNames(pen, all, { scale, x, y }, colours);
}

/** Names that would lie over an earlier one are left out. @param {CanvasRenderingContext2D} pen @param {Land[]} all @param {{scale: number, x: number, y: number}} view @param {Record<string, string>} colours */
function drawNames(pen, all, view, colours) {
  const size = Number(colours.size) * 0.78;
  pen.font = `${size}px ${colours.font}`;
  pen.textAlign = "center";
  pen.fillStyle = colours["ink-3"];
  /** @type {{x: number, y: number, half: number}[]} */
  const taken = [];
  for (const { name, at } of all) {
    const [x, y] = [at.x * view.scale - view.x, at.y * view.scale - view.y];
    const half = pen.measureText(name).width / 2 + 6;
    if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < size * 1.3)) continue;
    taken.push({ x, y, half });
    pen.fillText(name, x, y);
  }
}

/** Trace a priority's shape around a point. @param {CanvasRenderingContext2D} pen @param {string} priority @param {number} x @param {number} y @param {number} r */
function trace(pen, priority, x, y, r) {
  pen.beginPath();
  if (priority === "P1") {
    pen.moveTo(x, y - r * 1.25);
    pen.lineTo(x + r * 1.25, y);
    pen.lineTo(x, y + r * 1.25);
    pen.lineTo(x - r * 1.25, y);
    pen.closePath();
  } else if (priority === "P2") {
    pen.moveTo(x, y - r * 1.1);
    pen.lineTo(x + r * 1.15, y + r * 0.9);
    pen.lineTo(x - r * 1.15, y + r * 0.9);
    pen.closePath();
  } else pen.arc(x, y, r, 0, TWO_PI);
}

/** One marker as a picture, so that thousands cost one copy each. @param {string} priority @param {Record<string, string>} colours @param {number} radius */
export function stamp(priority, colours, radius) {
  const ratio = window.devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  const half = radius * 1.25 + 3;
  canvas.width = canvas.height = 2 * Math.ceil(half * ratio);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, canvas.width / 2 - half * ratio, canvas.width / 2 - half * ratio);
  trace(pen, priority, half, half, radius);
  pen.lineWidth = 2;
  pen.strokeStyle = colours.ground;
  pen.fillStyle = pen.strokeStyle;
  pen.stroke();
  pen.fill();
  pen.fillStyle = pen.strokeStyle = colours[priority.toLowerCase()];
  if (priority === "P4") {
    trace(pen, priority, half, half, radius * 0.77);
    pen.lineWidth = radius * 0.46;
    pen.stroke();
  } else pen.fill();
  return { canvas, half: canvas.width / 2 };
}
