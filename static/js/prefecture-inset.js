/** The link's pane inside a cell's page; it hears of the journal what that page hears. */
import { $ } from "./dom.js";
import { toast } from "./news.js";
import { mount } from "./prefecture-pane.js";

const data = JSON.parse($("pref-data").textContent);
const pane = mount($("pref-inset"), {
  crisis: data.crisis, picture: data, rights: data.rights, minutes: data.read_minutes,
  toast: (words, kind = "") => toast(words, { kind }),
});
document.addEventListener("journal", (event) => pane.apply(/** @type {CustomEvent} */ (event).detail));
