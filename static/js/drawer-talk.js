/** The two places in the drawer where one adds without changing the incident: comments and files. */
import { call, explain, newKey, Problem } from "./api.js";
import { h } from "./dom.js";
import { t } from "./labels.js";
import * as parts from "./drawer-parts.js";

const MAX_BYTES = 12 * 1024 * 1024;

/** @param {string} id of the incident @param {any} detail @param {boolean} may @param {() => void} done @param {Record<string, any>} kept what must survive a redraw */
export function comments(id, detail, may, done, kept) {
  const list = h("ul.cards", {}, detail.comments.map(parts.comment));
  return parts.section(t("section.comments", { n: detail.comments.length }), detail.comments.length > 0 && list, may && (kept.comment ??= commentForm(id, done)));
}

/** @param {string} id @param {() => void} done */
function commentForm(id, done) {
  const draft = `ondijon.comment.${id}`;
  const text = h("textarea", { id: "comment-text", rows: 2, maxlength: 4000, "aria-label": t("comment.text"), value: sessionStorage.getItem(draft) ?? "" });
  const kind = h("select", { "aria-label": t("comment.to") }, ["internal", "reporters"].map((key) => h("option", { value: key }, t(`comment.${key}`))));
  const error = h("p.error-text", { role: "alert" });
  let key = newKey();
  text.addEventListener("input", () => sessionStorage.setItem(draft, text.value));
  // Other words or other readers are another comment: it gets another key.
  for (const control of [text, kind]) control.addEventListener("input", () => (key = newKey()));
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!text.value.trim()) return text.focus();
    error.textContent = "";
    try {
      const said = text.value;
      await call("POST", `/api/v1/incidents/${id}/comments/`, { body: { text: said.trim(), kind: kind.value }, key });
      if (text.value === said) { // else the next one is begun
        sessionStorage.removeItem(draft);
        text.value = "";
      }
      done();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      error.textContent = explain(problem);
    }
  };
  return h("form.field", { onsubmit: send, novalidate: true }, text, error, h("div.acts", {}, kind, h("button.btn", { type: "submit" }, t("act.comment"))));
}

/** @param {string} id @param {any} detail @param {boolean} may @param {() => void} done @param {Record<string, any>} kept */
export function files(id, detail, may, done, kept) {
  if (!detail.attachments.length && !may) return null;
  const list = h("ul.files", {}, detail.attachments.map(parts.attachment));
  return parts.section(t("section.files", { n: detail.attachments.length }), detail.attachments.length > 0 && list, may && (kept.upload ??= upload(id, done)));
}

/** @param {string} id @param {() => void} done */
function upload(id, done) {
  const error = h("p.error-text", { role: "alert" });
  const progress = h("span.small.muted", { "aria-live": "polite" });
  const input = h("input", { type: "file", id: "attach-file", class: "unseen", tabindex: -1, "aria-label": t("act.attach"), accept: "image/*,application/pdf", onchange: async () => {
    const file = input.files?.[0];
    if (!file) return;
    error.textContent = file.size > MAX_BYTES ? t("file.tooBig") : "";
    if (file.size > MAX_BYTES) return;
    progress.textContent = t("file.sending", { name: file.name });
    const body = new FormData();
    body.append("file", file);
    try {
      await call("POST", `/api/v1/incidents/${id}/attachments/`, { body, key: newKey() });
      done();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      error.textContent = explain(problem);
    } finally {
      progress.textContent = "";
      input.value = "";
    }
  } });
  return h("div.acts", {}, input, h("button.btn", { type: "button", onclick: () => input.click() }, t("act.attach")), progress, error);
}
