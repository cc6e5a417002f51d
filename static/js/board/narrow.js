/** The board's filters: organisation, commune, skill. They narrow the queue, the crews, the map and the figures alike. */
import { $, memory } from "../dom.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {import("./crews.js").Crew} Crew */

const KEY = "ondijon.board.filters";

export class Narrow {
  /** @param {() => void} changed */
  constructor(changed) {
    this.boxes = /** @type {Record<string, HTMLSelectElement>} */ ({ organisation: $("by-organisation"), commune: $("by-commune"), skill: $("by-skill") });
    const kept = memory.get(KEY, {});
    for (const [name, box] of Object.entries(this.boxes)) {
      box.value = kept[name] ?? "";
      if (!box.value) box.value = "";
      box.addEventListener("change", () => {
        this.#keep();
        changed();
      });
      box.dataset.on = String(Boolean(box.value));
    }
    $("empty-clear").addEventListener("click", () => {
      for (const box of Object.values(this.boxes)) box.value = "";
      this.#keep();
      changed();
    });
    this.#keep();
  }

  #keep() {
    const values = Object.fromEntries(Object.entries(this.boxes).map(([name, box]) => [name, box.value]));
    for (const box of Object.values(this.boxes)) box.dataset.on = String(Boolean(box.value));
    memory.set(KEY, values);
    $("empty-clear").hidden = !this.active;
  }

  get active() {
    return Object.values(this.boxes).some((box) => box.value);
  }

  /** A mission without a crew belongs to nobody yet: the organisation leaves it in. @param {Work} row */
  work(row) {
    const { organisation, commune, skill } = this.boxes;
    return (!organisation.value || !row.organisation || row.organisation.id === organisation.value)
      && (!commune.value || row.commune === commune.value) && (!skill.value || row.skills.includes(skill.value));
  }

  /** @param {Crew} crew */
  crew(crew) {
    const { organisation, skill } = this.boxes;
    return (!organisation.value || crew.organisation.id === organisation.value) && (!skill.value || crew.skills.includes(skill.value));
  }
}
