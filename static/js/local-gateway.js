/** The local gateway's page: looks again every two seconds; what somebody is typing stays, and answers leave in place. */
const PAUSE_MS = 2000;
const box = /** @type {HTMLElement} */ (document.getElementById("threads"));
const news = /** @type {HTMLElement} */ (document.getElementById("news"));

/** The words being typed, by receiver. */
function typed() {
  return new Map([...box.querySelectorAll(".phone")].map((phone) => [phone.dataset.to, phone.querySelector(".write input[name=text]")?.value ?? ""]));
}

/** The newest message of every telephone is in view. */
function toTheEnd() {
  for (const talk of box.querySelectorAll(".talk")) talk.scrollTop = talk.scrollHeight;
}

/** @param {Document} page */
function take(page) {
  if (page.body.textContent.replace(/\s+/g, "") === box.textContent.replace(/\s+/g, "")) return;
  const words = typed();
  const active = document.activeElement?.closest(".phone")?.dataset.to;
  box.replaceChildren(...page.body.children);
  for (const phone of box.querySelectorAll(".phone")) {
    const input = phone.querySelector(".write input[name=text]");
    if (input) input.value = words.get(phone.dataset.to) ?? "";
    if (input && phone.dataset.to === active) input.focus({ preventScroll: true });
  }
  toTheEnd();
  news.textContent = `${news.dataset.words}: ${box.querySelector(".phone h2")?.textContent.replace(/\s+/g, " ").trim() ?? ""}`;
}

async function look() {
  try {
    const answer = await fetch(`/threads?language=${box.dataset.language}`);
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The gateway is not there just now.
  }
}

async function lookForEver() {
  await look();
  setTimeout(lookForEver, PAUSE_MS);
}

box.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form, event.submitter)));
  const input = form.querySelector("input[name=text]");
  if (input) input.value = "";
  await fetch("/reply", { method: "POST", body, redirect: "manual" }).catch(() => null);
  await look();
});
toTheEnd();
setTimeout(lookForEver, PAUSE_MS);
