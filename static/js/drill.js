/** A drill that runs is looked at again every two seconds, until its time is over. */
import { $ } from "./dom.js";

const PAUSE_MS = 2000;
const box = $("drill");

const running = () => box.querySelector("[data-running]")?.dataset.running === "yes";

async function look() {
  try {
    const answer = await fetch("?part=lines", { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.body.textContent !== box.textContent) box.replaceChildren(...page.body.children);
    }
  } catch {
    // Not reachable just now: the next look says more.
  }
  if (running()) setTimeout(look, PAUSE_MS);
}

if (running()) setTimeout(look, PAUSE_MS);
