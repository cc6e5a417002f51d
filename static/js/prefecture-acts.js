/** What a person does on the link, on its page and in a pane elsewhere: read, write, answer, prove, decide on a draft. */
import { explain, get, Problem } from "./api.js";
import { fill, h, perFrame } from "./dom.js";
import { keeping } from "./focus.js";
import { t } from "./labels.js";
import { actOnMessage, carriedOut, decide, form, sendMessage, WRITABLE } from "./prefecture-forms.js";
import { button, instruction, nothing } from "./prefecture-parts.js";
import { everySecond } from "./time.js";

const CONFLICTS = [409, 412];

/**
 * @typedef {{authority: string, read_minutes: number, communes: [string, string][], rights: Record<string, boolean>, zones?: () => [string, string][]}} Ground
 * @typedef {(words: string, kind?: string) => void} Toast
 */

/**
 * @param {{store: import("./prefecture-store.js").LinkStore, ground: Ground, compose: HTMLElement, crisis: () => string | null | undefined, toast: Toast}} options
 *   `compose`: where forms open; `crisis`: the conversation that is shown (undefined: all)
 */
export function actsOn({ store, ground, compose, crisis, toast }) {
  const dialog = h("dialog.modal.pref-parts", { "aria-labelledby": "pref-modal-title" });
  document.body.append(dialog);

  /** @param {() => Promise<any>} work @param {string} words */
  async function act(work, words) {
    try {
      await work();
      toast(words, "ok");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(CONFLICTS.includes(error.status) ? t("pref.conflict") : explain(error), "bad");
    }
  }

  /** The bytes that travelled, what signs them, and the receipt. @param {import("./prefecture-store.js").Message} one */
  async function prove(one) {
    try {
      const found = await get(`/api/v1/prefecture/messages/${one.id}/`);
      const code = (/** @type {any} */ value) => h("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 1));
      fill(dialog, h("div.inside", {}, h("h2", { id: "pref-modal-title" }, one.title), found.text && h("p.said", {}, found.text),
        h("dl.proof", {}, [["sha", found.sha256], ["signature", found.signature], ["receipt", found.receipt], ["body", JSON.parse(found.body)]]
          .map(([key, value]) => [h("dt", {}, t(`pref.proof.${key}`)), h("dd", {}, code(value))])),
        h("div.acts", {}, button(t("pref.close"), () => dialog.close(), "btn main"))));
      dialog.showModal();
    } catch (error) {
      toast(explain(error), "bad");
    }
  }

  /** Write to the prefecture, in the conversation shown or as an answer. @param {string} kind @param {import("./prefecture-store.js").Message} [about] */
  function write(kind, about) {
    const talk = about ? about.crisis : crisis() ?? null;
    const { fields, payload, send = sendMessage } = WRITABLE[kind];
    const close = () => box.remove(); // not another one, begun before the answer came
    const choice = h("select.chip", { "aria-label": t("pref.kind"), onchange: () => write(choice.value, about) },
      Object.keys(WRITABLE).map((key) => h("option", { value: key }, t(`pref.kind.${key}`))));
    choice.value = kind;
    const box = form({
      title: about ? `${t("pref.answer")} · ${about.title}` : t(`pref.kind.${kind}`), choice: about ? null : choice,
      draft: `ondijon.pref.${kind}.${about?.id ?? talk ?? ""}`,
      fields: fields(ground), submit: t("pref.send"), gone: close,
      send: (values, key) => send(kind, { ...payload(values, ground), ...(about ? { answers: about.message_id } : {}) }, { crisis: talk, key }),
      done: () => {
        close();
        toast(t("pref.gone"), "ok");
      },
    });
    fill(compose, box);
    compose.scrollIntoView({ block: "nearest" });
    box.querySelector(".field input, .field textarea")?.focus();
  }

  /** @type {import("./prefecture-parts.js").Acts} */
  const acts = {
    rights: ground.rights, minutes: ground.read_minutes, phone: store.link.phone,
    read: (one) => void act(() => actOnMessage(one.id, "read"), t("pref.said.read")),
    again: (one) => void act(() => actOnMessage(one.id, "again"), t("pref.said.again")),
    done: (one) => void act(() => carriedOut(one), t("pref.said.done")),
    answer: (one) => write("measure_taken", one),
    reply: (one) => {
      const message = store.messages.get(one.message);
      return message ? () => write("measure_taken", message) : null;
    },
    prove: (one) => void prove(one),
    whole: async (one) => (await get(`/api/v1/prefecture/messages/${one.id}/`)).text,
  };
  return { acts, write };
}

/** @param {import("./prefecture-store.js").Draft} one @param {Toast} toast */
function draftCard(one, toast) {
  const box = form({
    title: t(`pref.criterion.${one.criterion}`), draft: `ondijon.pref.draft.${one.id}`, submit: t("pref.approve"),
    fields: [{ name: "title", label: t("pref.title"), value: one.title }, { name: "text", label: t("pref.text"), rows: 3, value: one.text, max: 4000 }],
    send: (values, key) => decide(one, "accept", values, key), done: () => toast(t("pref.said.approved"), "ok"),
    more: button(t("pref.dismiss"), () => dismissal(one, box, toast), "btn quiet"),
  });
  box.dataset.id = one.id;
  for (const element of box.querySelectorAll("[id]")) element.id = `${element.id}-${one.id.slice(0, 8)}`;
  for (const label of box.querySelectorAll("label")) label.setAttribute("for", `${label.getAttribute("for")}-${one.id.slice(0, 8)}`);
  return box;
}

/** @param {import("./prefecture-store.js").Draft} one @param {HTMLElement} card @param {Toast} toast */
function dismissal(one, card, toast) {
  const box = form({
    title: t("pref.dismiss"), draft: `ondijon.pref.dismiss.${one.id}`, submit: t("pref.dismiss"),
    fields: [{ name: "reason", label: t("pref.why"), max: 500 }],
    send: (values, key) => decide(one, "discard", values, key), done: () => toast(t("pref.said.dismissed"), "ok"),
    gone: () => box.replaceWith(card),
  });
  box.dataset.id = one.id;
  card.replaceWith(box);
  box.querySelector("input")?.focus();
}

/** Drafts to approve; cards that a person may be typing in are left alone. @param {HTMLElement} box @param {import("./prefecture-store.js").Draft[]} waiting @param {Toast} toast @param {boolean} [quiet] say nothing where there is none */
export function drawDrafts(box, waiting, toast, quiet = false) {
  const ids = new Set(waiting.map(({ id }) => id));
  for (const card of [...box.children]) if (!ids.has(/** @type {any} */ (card).dataset.id)) card.remove();
  for (const one of waiting) if (!box.querySelector(`[data-id="${one.id}"]`)) box.append(draftCard(one, toast));
  if (!waiting.length && !quiet) fill(box, nothing(t("pref.no.drafts")));
}

/** Draw when asked, once a frame; whoever stood on a button of a message stands on it again. @param {HTMLElement} root @param {() => void} draw */
export function drawing(root, draw) {
  return perFrame(() => keeping(root, draw));
}

/** Countdowns go on by themselves. @param {Element} root @param {() => import("./prefecture-store.js").Instruction[]} shown @param {import("./prefecture-parts.js").Acts} acts */
export function countDown(root, shown, acts) {
  everySecond(() => {
    for (const one of shown()) {
      const spot = root.querySelector(`.ins[data-id="${one.id}"].open`);
      if (spot && !spot.contains(document.activeElement)) spot.replaceWith(instruction(one, acts));
    }
  });
}

/**
 * What the journal told of the link, said in words: an instruction, an alarm and a cut loudly, the rest quietly.
 * @param {any[]} entries @param {{toast: Toast, say: (words: string) => void, crisis?: string}} options `crisis`: of this one alone
 */
export function tell(entries, { toast, say, crisis }) {
  for (const { kind, data } of entries) {
    const row = data?.row;
    if (!row || !kind.startsWith("prefecture.")) continue;
    if (kind === "prefecture.link_changed") {
      if (row.state === "down") toast(t("pref.cut", { phone: row.phone || "—" }), "bad");
      else say(t(`pref.link.${row.state}`));
    } else if (crisis && row.crisis !== crisis) continue;
    else if (kind === "prefecture.instructed") toast(t("pref.instruction.came", { title: row.number }), "bad");
    else if (kind === "prefecture.alarmed") toast(t(`pref.said.${row.alarm}`, { title: row.title, phone: data.phone || "—" }), "bad");
    else if (kind === "prefecture.received" && row.kind !== "instruction") say(t("pref.message.came", { title: row.title }));
  }
}
