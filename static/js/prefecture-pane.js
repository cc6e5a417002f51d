/**
 * The link as a pane of another page: all of the link's page for one crisis.
 * `const pane = mount(element, {crisis, picture, ground, toast, say}); pane.apply(entries)` with what the page hears of the journal.
 */
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { t } from "./labels.js";
import { wording } from "./link-chip.js";
import { actsOn, countDown, drawDrafts, drawing, tell } from "./prefecture-acts.js";
import { button, instruction, message, nothing } from "./prefecture-parts.js";
import { LinkStore } from "./prefecture-store.js";
import { when } from "./time.js";

/**
 * @param {HTMLElement} element
 * @param {{crisis: string, picture: import("./prefecture-store.js").Picture, ground: import("./prefecture-acts.js").Ground, toast: import("./prefecture-acts.js").Toast, say: (words: string) => void}} options
 */
export function mount(element, { crisis, picture, ground, toast, say }) {
  const store = new LinkStore(picture);
  const [compose, drafts, instructions] = [h("div"), h("div"), h("div")];
  const words = { state: h("b"), since: h("span.muted.small"), phone: h("span.mono.small"), waiting: h("p.esc") };
  const state = h("div.lnk", {}, h("span.big", {}, h("i", { "aria-hidden": "true" }), words.state), words.since, h("span.grow"), words.phone,
    ground.rights.send && button(t("pref.write"), () => write("measure_taken"), "btn small"));
  const messages = h("ol.msgs");
  fill(element, state, words.waiting, compose, drafts, instructions, messages);
  const { acts, write } = actsOn({ store, ground, compose, crisis: () => crisis, toast });
  const open = () => store.toDo(crisis).filter(({ status }) => status === "open");
  const draw = drawing(element, () => {
    const link = store.state;
    const [said, waiting] = [store.said(crisis), store.waiting().filter((one) => one.crisis === crisis)];
    state.dataset.state = link.state;
    fill(words.state, t(`pref.link.${wording(link)}`));
    fill(words.since, link.state === "off" ? "" : t("pref.since", { time: when(link.since) }));
    fill(words.phone, link.phone ? t("pref.phone", { phone: link.phone }) : "");
    words.waiting.hidden = link.state !== "down" || !waiting.length;
    fill(words.waiting, words.waiting.hidden ? "" : t("pref.down.words", { time: when(waiting[waiting.length - 1].sent_at), phone: link.phone || "—" }));
    drawDrafts(drafts, store.toApprove().filter((one) => one.crisis === crisis), toast, true);
    fill(instructions, open().map((one) => instruction(one, acts)));
    fill(messages, said.length ? said.map((one) => message(one, acts)) : h("li", {}, nothing(t("pref.none"))));
  });
  store.addEventListener("change", draw);
  countDown(instructions, open, acts);
  draw();
  return {
    store,
    /** @param {any[]} entries */
    apply: (entries) => {
      store.apply(entries);
      tell(entries, { toast, say, crisis });
    },
    reload: async () => store.load(await get(`/api/v1/prefecture/?crisis=${crisis}`)),
  };
}
