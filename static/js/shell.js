/** What every page with a bar has: theme, language that keeps the page, the person's menu. */
import { $ } from "./dom.js";
import { startChip } from "./link-chip.js";
import { keepPresses } from "./press.js";

const YEAR_S = 31_536_000;
const root = document.documentElement;

function theme() {
  const box = $("theme");
  if (!box) return;
  const press = () => {
    for (const button of box.children) button.setAttribute("aria-pressed", String(button.value === root.dataset.theme));
  };
  box.addEventListener("click", (/** @type {any} */ event) => {
    const chosen = event.target.closest("button")?.value;
    if (!chosen) return;
    root.dataset.theme = chosen;
    // A cookie, so that the next page arrives in the right colours.
    document.cookie = `theme=${chosen}; path=/; max-age=${YEAR_S}; samesite=lax`;
    press();
    document.dispatchEvent(new Event("theme"));
  });
  press();
}

function language() {
  $("language")?.addEventListener("submit", (/** @type {any} */ event) => {
    event.target.elements.next.value = location.pathname + location.search;
  });
}

function menus() {
  const open = () => /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.menu[open], details.more-acts[open]")]);
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.stopImmediatePropagation();
    }
  });
}

theme();
language();
menus();
keepPresses();
startChip();
