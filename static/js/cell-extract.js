/** Taking the record out: the printed log, the entries that prove themselves, the whole archive. */
import { call, explain, newKey, Problem } from "./api.js";
import { $, fill, h } from "./dom.js";
import { t } from "./labels.js";

/** @param {import("./cell-store.js").CellStore} store */
export function openExtract(store) {
  const dialog = $("modal");
  const key = newKey();
  const found = h("div.extract", { "aria-live": "polite" });
  const error = h("p.error-text", { role: "alert" });
  const make = h("button.btn.main", { type: "submit" }, t("extract.make"));
  const form = h("form.inside", { "aria-labelledby": "modal-title" }, h("h2", { id: "modal-title" }, t("extract")), h("p.soft", {}, t("extract.says")), found, error,
    h("div.acts", {}, make, h("button.btn.quiet", { type: "button", onclick: () => dialog.close() }, t("help.close"))));
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    make.disabled = true;
    error.textContent = "";
    try {
      const made = await call("POST", `/api/v1/crisis/cells/${store.cell.id}/extracts/`, { key });
      const link = (/** @type {string} */ form, /** @type {string} */ words) => h("a.btn", { href: made[form], download: "" }, words);
      fill(found, h("p", {}, t("extract.made", { n: made.entries, last: made.last })), h("div.acts", {}, link("pdf", t("extract.pdf")), link("jsonl", t("extract.jsonl")), link("zip", t("extract.zip"))),
        h("dl.hashes", {}, [["extract.ends", made.ends_with], ["extract.key", made.key]].map(([words, value]) => [h("dt", {}, t(words)), h("dd.mono", {}, value)])), h("p.small.muted", {}, t("extract.prove")));
      make.hidden = true;
      /** @type {HTMLElement | null} */ (found.querySelector("a"))?.focus();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      error.textContent = explain(problem);
    } finally {
      make.disabled = false;
    }
  });
  fill(dialog, form);
  dialog.showModal();
  make.focus();
}
