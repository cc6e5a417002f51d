/** The editor of policies: each step shows only what its kind needs. Without this script all fields stand there. */

/** @type {Record<string, string>} */
const NEEDS = { duty: "role", rota: "rota", person: "person", organisation: "organisation", priority: "priority", assign: "organisation", policy: "other" };
const TARGETS = [...new Set(Object.values(NEEDS))];

/** @param {Element} step */
function show(step) {
  const act = /** @type {HTMLSelectElement | null} */ (step.querySelector("select[name$='-act']"))?.value ?? "";
  for (const name of TARGETS) {
    const box = step.querySelector(`.field-${name}:not(.form-row)`);
    box?.classList.toggle("hidden", NEEDS[act] !== name);
  }
  for (const row of step.querySelectorAll(".form-row")) {
    const boxes = [...row.querySelectorAll(".fieldBox")];
    row.classList.toggle("hidden", boxes.length > 0 && boxes.every((box) => box.classList.contains("hidden")));
  }
}

const showAll = () => document.querySelectorAll(".inline-related").forEach(show);
document.addEventListener("change", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const step = target.matches("select[name$='-act']") && target.closest(".inline-related");
  if (step) show(step);
});
document.addEventListener("formset:added", showAll);
showAll();
