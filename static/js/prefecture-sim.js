/** Keeps the simulated inbox fresh; what somebody types beside it is left alone. */
const EVERY_MS = 2000;
const inbox = document.getElementById("inbox");

async function refresh() {
  try {
    const answer = await fetch("/inbox", { cache: "no-store" });
    const text = await answer.text();
    if (answer.ok && inbox && !inbox.contains(document.activeElement) && inbox.dataset.last !== text) {
      const fresh = new DOMParser().parseFromString(text, "text/html");
      inbox.replaceChildren(...fresh.body.childNodes);
      inbox.dataset.last = text;
    }
  } catch {
    // The simulator restarts: the next turn asks again.
  }
}

setInterval(() => document.hidden || void refresh(), EVERY_MS);
