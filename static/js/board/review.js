/** A plan line by line before it is accepted: which mission, which crew, when; and what it leaves. */
import { $, fill, h, setText } from "../dom.js";
import { t } from "../labels.js";
import { short } from "../time.js";
import { icon, priorityMark } from "./work.js";

/** @typedef {{intervention: string, reference: string, priority: string, crew: string, start: string, end: string, travel_s: number, late: boolean}} Visit */

/**
 * @param {{plan: any, visits: Visit[], unserved: {intervention: string, reference: string, priority: string, why: string}[], applied: string[], refused: string[]}} detail
 * @param {Map<string, import("./work.js").Work>} rows @param {Map<string, import("./crews.js").Crew>} crews @param {(chosen: string[]) => void} apply
 */
export function review(detail, rows, crews, apply) {
  const dialog = $("modal");
  const title = (/** @type {any} */ one) => rows.get(one.intervention)?.title ?? one.reference;
  const over = new Set([...detail.applied, ...detail.refused]);
  const waiting = detail.visits.filter(({ intervention }) => !over.has(intervention)).sort((a, b) => (a.start < b.start ? -1 : 1));
  const send = h("button.btn.main", { type: "button" });
  const boxes = waiting.map((visit) => {
    const box = h("input", { type: "checkbox", value: visit.intervention, "aria-label": t("plan.take", { title: title(visit) }), onchange: () => count() });
    box.checked = true;
    return box;
  });
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const count = () => {
    setText(send, t("plan.apply", { n: chosen().length }));
    send.disabled = chosen().length === 0;
  };
  send.addEventListener("click", () => {
    dialog.close();
    apply(chosen());
  });
  const line = (/** @type {Visit} */ visit, /** @type {number} */ at) => h("tr", {}, h("td", {}, boxes[at]), h("td", {}, priorityMark(visit.priority)), h("th", { scope: "row" }, title(visit)),
    h("td", {}, crews.get(visit.crew)?.name ?? "–"), h("td", {}, `${short(visit.start)}–${short(visit.end)}`), h("td", {}, t("lasting.minutes", { n: Math.round(visit.travel_s / 60) })),
    h("td", {}, visit.late && h("span.tag.late", {}, icon("warn"), t("plan.late"))));
  const left = detail.unserved.map((one) => h("li", {}, priorityMark(one.priority), h("span", {}, `${title(one)} · ${t(`plan.why.${one.why}`)}`)));
  fill(dialog, h("div.inside", {},
    h("h2", { id: "modal-title" }, t("plan.review")), h("p.soft", {}, t("plan.nothing")),
    h("table.review", {}, h("thead", {}, h("tr", {}, ["take", "priority", "mission", "crew", "slot", "travel", "note"].map((name) => h("th", { scope: "col" }, t(`plan.column.${name}`))))), h("tbody", {}, waiting.map(line))),
    left.length > 0 && h("section", {}, h("h3", {}, t("plan.left", { n: left.length })), h("ul.items", {}, left)),
    h("div.acts", {}, send, h("button.btn.quiet", { type: "button", onclick: () => dialog.close() }, t("form.cancel")))));
  count();
  dialog.onclose = null;
  dialog.showModal();
}
