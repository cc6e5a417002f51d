/** The list of scenarios: take one up. */
import { call, explain } from "./api.js";
import { $ } from "./dom.js";

document.addEventListener("click", async (/** @type {any} */ event) => {
  const button = event.target.closest("[data-open]");
  if (!button) return;
  button.disabled = true;
  try {
    const row = await call("POST", "/api/v1/exercises/", { body: { scenario: button.dataset.open } });
    location.assign(`/exercise/${row.id}/`);
  } catch (error) {
    $("error").textContent = explain(error);
    button.disabled = false;
  }
});
