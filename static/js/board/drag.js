/** Dragging a mission onto a crew's day. What is dragged shows where it would lie; dropping asks to assign it there. */
import { $ } from "../dom.js";
import { instantAt } from "./lane.js";

/** @typedef {import("./work.js").Work} Work */

const MINUTE = 60_000;

/**
 * @param {import("../store.js").Store<Work>} store @param {import("./timeline.js").Timeline} timeline
 * @param {(row: Work, crew: string, start: number) => void} drop
 */
export function startDragging(store, timeline, drop) {
  /** @type {Work | null} */
  let row = null;
  /** Where in the bar it was taken, in ms. */
  let grip = 0;

  const begin = (/** @type {any} */ event) => {
    const from = event.target.closest("[draggable=true][data-id]");
    row = (from && store.rows.get(from.dataset.id)) ?? null;
    if (!row) return;
    const bar = from.closest(".lane");
    grip = bar && row.slot_start ? Math.max(0, instantAt(bar, event.clientX, timeline.view) - Date.parse(row.slot_start)) : 0;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.reference);
    document.body.classList.add("dragging");
  };
  const over = (/** @type {any} */ event) => {
    const li = event.target.closest?.("li.crew");
    if (!row || !li) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    const start = place(li, event);
    const shown = timeline.shadow;
    if (shown?.crew === li.dataset.crew && shown?.ghost.start === start) return;
    timeline.cast({ crew: li.dataset.crew, ghost: { row, start, end: start + row.duration_minutes * MINUTE } });
  };
  const place = (/** @type {any} */ li, /** @type {any} */ event) => instantAt(li.querySelector(".lane"), event.clientX, timeline.view) - Math.round(grip / (5 * MINUTE)) * 5 * MINUTE;
  const end = () => {
    row = null;
    document.body.classList.remove("dragging");
    timeline.cast(null);
  };

  $("main").addEventListener("dragstart", begin);
  $("crew-rows").addEventListener("dragover", over);
  $("crew-rows").addEventListener("drop", (/** @type {any} */ event) => {
    const li = event.target.closest?.("li.crew");
    if (!row || !li) return;
    event.preventDefault();
    const [taken, start] = [row, place(li, event)];
    end();
    drop(taken, li.dataset.crew, start);
  });
  document.addEventListener("dragend", end);
}
