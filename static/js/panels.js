/** What other subjects show inside the open incident: each panel asks by its own address and keeps its element. */
import { CrisisPanel } from "./drawer-crisis.js";
import { EscalationPanel } from "./drawer-escalation.js";
import { ProceduresPanel } from "./drawer-procedures.js";
import { WorkPanel } from "./drawer-work.js";

/**
 * @typedef {object} Panel
 * @property {HTMLElement} element
 * @property {(detail: any) => Promise<void>} load ask again and draw
 * @property {() => void} tick every second
 * @property {(entries: import("./store.js").Entry[]) => void} [hear] what came on the stream
 */

/** @param {string} id of the incident @returns {Panel[]} */
export const panels = (id) => [new WorkPanel(id), new EscalationPanel(id), new CrisisPanel(id), new ProceduresPanel(id)];
