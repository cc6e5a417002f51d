/** Web push: this browser is asked to be notified, and its address and keys are given to the post. */
import { call } from "./api.js";
import { $ } from "./dom.js";

const box = $("push");
const button = /** @type {HTMLButtonElement} */ ($("push-on"));

/** @param {string} text base64url @returns {Uint8Array} */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

/** What to call this browser in the list: Firefox, Linux. */
function device() {
  const agent = navigator.userAgent;
  const name = /(Firefox|Edg|OPR|Chrome|Safari)/.exec(agent)?.[1] ?? "";
  const system = /(Android|iPhone|iPad|Windows|Mac|Linux)/.exec(agent)?.[1] ?? "";
  return [name.replace("Edg", "Edge"), system].filter(Boolean).join(", ");
}

async function subscribe() {
  const worker = await navigator.serviceWorker.register("/push-worker.js");
  await navigator.serviceWorker.ready;
  const found = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) });
  const { endpoint, keys } = found.toJSON();
  await call("POST", "/api/v1/push-subscriptions/", { body: { endpoint, public: keys.p256dh, auth: keys.auth, device: device() } });
  location.reload();
}

/** @param {string} kind */
function complain(kind) {
  $("push-problem").textContent = $("push-problem").dataset[kind];
}

async function ask() {
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) === "granted") await subscribe();
    else complain("denied");
  } catch {
    complain("failed");
  } finally {
    button.disabled = false;
  }
}

const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
button.hidden = !able;
$("push-none").hidden = able;
button.addEventListener("click", () => void ask());
