/** The change of shift: signs through the API, keeps what was typed until it is signed. */
import { call, explain, fieldErrors, newKey, Problem } from "./api.js";
import { $ } from "./dom.js";

const DRAFT = "ondijon.handover";
const key = newKey();

/** @param {string} path @param {any} body @param {any} button @param {any} error */
async function sign(path, body, button, error) {
  button.disabled = true;
  error.textContent = "";
  try {
    await call("POST", path, { body, key });
    sessionStorage.removeItem(DRAFT);
    location.reload();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    error.textContent = Object.values(fieldErrors(problem)).join(" ") || explain(problem);
    button.disabled = false;
    button.focus();
  }
}

const notes = $("notes");
if (notes) {
  notes.value = sessionStorage.getItem(DRAFT) ?? "";
  notes.addEventListener("input", () => sessionStorage.setItem(DRAFT, notes.value));
}
$("leave")?.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  void sign("/api/v1/handovers/", { notes: notes.value }, event.submitter ?? $("leave").querySelector("button"), $("leave-error"));
});
$("take")?.addEventListener("click", () => void sign(`/api/v1/handovers/${$("waiting").dataset.id}/take/`, {}, $("take"), $("take-error")));
