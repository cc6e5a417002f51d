/** Logging out on the phone. */
import { h } from "../dom.js";
import { t } from "../labels.js";
import { open } from "./sheets.js";
import * as store from "./store.js";

/** Leaving takes the missions off this phone; what waits to be sent stays for whoever said it. @param {import("./app.js").App} app */
export function leaving(app) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('#about form[action*="logout"]'));
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const waiting = app.queue.waiting.length;
    if (waiting && !(await open(t("leave.title"), [h("p", {}, t("leave.waiting", { n: waiting }))], [{ words: t("leave.yes"), value: "yes", kind: "danger" }]))) return;
    await Promise.all([caches.delete("field-page"), store.forget(`picture:${app.me}`), store.forget(`notices:${app.me}`)]);
    form.submit();
  });
}
