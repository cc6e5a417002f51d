/**
 * The link as a pane of another page: state, instructions, messages of one crisis.
 * `const pane = mount(element, {crisis, picture, rights}); pane.apply(entries)` with what the page hears of the journal.
 */
import { explain, get, Problem } from "./api.js";
import { fill, h, perFrame } from "./dom.js";
import { t } from "./labels.js";
import { actOnMessage, carriedOut } from "./prefecture-forms.js";
import { instruction, message, nothing } from "./prefecture-parts.js";
import { LinkStore } from "./prefecture-store.js";
import { everySecond, short } from "./time.js";

/**
 * @param {HTMLElement} element
 * @param {{crisis: string, picture: import("./prefecture-store.js").Picture, rights: Record<string, boolean>, minutes: number, toast: (words: string, kind?: string) => void}} options
 */
export function mount(element, { crisis, picture, rights, minutes, toast }) {
  const store = new LinkStore(picture);
  const go = async (/** @type {() => Promise<any>} */ work, /** @type {string} */ words) => {
    try {
      await work();
      toast(words, "ok");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), "bad");
    }
  };
  const open = () => location.assign("/prefecture/");
  /** @type {import("./prefecture-parts.js").Acts} */
  const acts = {
    rights, minutes, phone: picture.link.phone, answer: open, prove: open,
    read: (one) => void go(() => actOnMessage(one.id, "read"), t("pref.said.read")),
    again: (one) => void go(() => actOnMessage(one.id, "again"), t("pref.said.again")),
    done: (one) => void go(() => carriedOut(one), t("pref.said.done")),
  };
  const draw = perFrame(() => {
    const { link } = store;
    const said = store.said(crisis);
    fill(element, h("div.lnk", { data: { state: link.state } }, h("span.big", {}, h("i", { "aria-hidden": "true" }), h("b", {}, t(`pref.link.${link.state}`))),
      h("span.muted.small", {}, t("pref.since", { time: short(link.since) })), h("span.grow", {}), link.phone && h("span.mono.small", {}, t("pref.phone", { phone: link.phone }))),
      store.toDo(crisis).filter(({ status }) => status === "open").map((one) => instruction(one, acts)),
      said.length ? h("ol.msgs", {}, said.map((one) => message(one, acts))) : nothing(t("pref.none")));
  });
  store.addEventListener("change", draw);
  everySecond(() => element.contains(document.activeElement) || draw());
  draw();
  return {
    store,
    /** @param {any[]} entries */
    apply: (entries) => store.apply(entries),
    reload: async () => store.load(await get("/api/v1/prefecture/")),
  };
}
