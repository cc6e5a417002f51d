/** Asking for planned work, without an incident: a dialogue with the same fields as a correction, a place and a category. */
import { $, fill, h } from "../dom.js";
import * as fields from "../fields.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { askForm } from "./ask-form.js";
import { wanted } from "./wanted.js";

/** @param {(row: import("./work.js").Work) => void} asked */
export function startAsking(asked) {
  $("ask-open")?.addEventListener("click", () => openForm(asked));
}

/** @param {(row: import("./work.js").Work) => void} asked */
function openForm(asked) {
  const dialog = $("modal");
  const nowhere = { choose: () => {}, pin: () => {} };
  const list = [fields.category(""), fields.place(nowhere), ...wanted({})];
  const form = askForm(list, {
    title: h("h2", { id: "modal-title" }, t("ask.title")), close: () => dialog.close(),
    done: (row) => {
      dialog.close();
      toast(t("ask.done", { reference: row.reference }), { kind: "ok" });
      asked(row);
    },
  });
  fill(dialog, h("div.inside", {}, form));
  dialog.onclose = null;
  dialog.showModal();
  list[0].control.focus();
}
