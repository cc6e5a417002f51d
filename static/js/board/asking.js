/** Asking for planned work, without an incident: a dialogue with the same fields as a correction, a place and a category. */
import { $, fill, h } from "../dom.js";
import * as fields from "../fields.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { askForm } from "./ask-form.js";
import { repeating, running } from "./series.js";
import { wanted } from "./wanted.js";

/** @param {(row: import("./work.js").Work) => void} asked */
export function startAsking(asked) {
  $("ask-open")?.addEventListener("click", () => openForm(asked));
}

/** @param {(row: import("./work.js").Work) => void} asked */
function openForm(asked) {
  const dialog = $("modal");
  const nowhere = { choose: () => {}, pin: () => {} };
  const again = repeating();
  const list = [fields.category(""), fields.place(nowhere), ...wanted({}), ...again.list];
  const form = askForm(list, {
    title: h("h2", { id: "modal-title" }, t("ask.title")), close: () => dialog.close(), request: again.request,
    done: (made) => {
      if (form.isConnected) dialog.close();
      if (!made.reference) return toast(t("series.started", { title: made.title }), { kind: "ok" });
      toast(t("ask.done", { reference: made.reference }), { kind: "ok" });
      asked(made);
    },
  });
  const inside = h("div.inside", {}, form);
  fill(dialog, inside);
  void running().then((box) => box && inside.append(box));
  dialog.onclose = null;
  dialog.showModal();
  list[0].control.focus();
}
