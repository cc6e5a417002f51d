/** The elements of one crew's line: they stay, their content changes. */
import { h } from "../dom.js";

/** @typedef {{li: HTMLElement, lane: HTMLElement, state: HTMLElement, skills: HTMLElement, load: HTMLElement, meter: HTMLElement, age: HTMLElement, name: HTMLElement, drawn: string}} Line */

/** @param {string} crew id @returns {Line} */
export function lineOf(crew) {
  const [name, state, skills, meter, load, age, lane] = [h("b"), h("span.st"), h("span.sk"), h("i.meter", { "aria-hidden": "true" }), h("span.pc"), h("span.pos"), h("div.lane")];
  const li = h("li.crew", { hidden: "until-found", data: { crew } },
    h("div.cell", {}, h("div", {}, name, state), h("div", {}, skills, h("span.ld", {}, meter, load, age))), lane);
  return { li, lane, state, skills, load, meter, age, name, drawn: "" };
}
