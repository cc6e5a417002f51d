/** The local gateway's page: looks again every two seconds; what somebody is typing stays. */
const PAUSE_MS = 2000;
const box = /** @type {HTMLElement} */ (document.getElementById("threads"));

/** The words being typed, by receiver. */
function typed() {
  return new Map([...box.querySelectorAll(".phone")].map((phone) => [phone.dataset.to, phone.querySelector(".write input[name=text]")?.value ?? ""]));
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
    if (input && phone.dataset.to === active) input.focus();
    const talk = phone.querySelector(".talk");
    talk.scrollTop = talk.scrollHeight;
  }
}

async function look() {
  try {
    const answer = await fetch(`/threads?language=${box.dataset.language}`);
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The gateway is not there just now.
  }
  setTimeout(look, PAUSE_MS);
}

setTimeout(look, PAUSE_MS);
